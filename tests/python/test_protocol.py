"""What Jupyter's own suite leaves out: interrupt, shutdown, stdin, the abort
queue, hostile messages, floods, and cells that take their process down."""

import json
import os
import signal
import socket
import subprocess
import time

import psutil
import pytest
import zmq
from conftest import BINARY, TIMEOUT, Kernel

# ---- order -----------------------------------------------------------------


def test_order_of_a_cell(kernel):
    outcome = kernel.ok('import "fmt"\nfmt.Println("one")\n40 + 2')
    assert outcome.types == ["busy", "execute_input", "stream", "execute_result", "idle"]
    assert outcome.text() == "one\n"
    assert outcome.result == "42"
    assert outcome.message["metadata"]["started"]


def test_order_of_a_failing_cell(kernel):
    outcome = kernel.run('panic("so it goes")')
    assert outcome.status == "error"
    assert outcome.types == ["busy", "execute_input", "error", "idle"]
    assert "so it goes" in outcome.reply["evalue"]
    assert outcome.reply["traceback"] and all(isinstance(line, str) for line in outcome.reply["traceback"])
    assert isinstance(outcome.reply["execution_count"], int)
    assert outcome.reply["payload"] == []


@pytest.mark.parametrize("channel", ["shell", "control"])
@pytest.mark.parametrize(
    "kind, content",
    [
        ("kernel_info_request", {}),
        ("complete_request", {"code": "le", "cursor_pos": 2}),
        ("inspect_request", {"code": "len", "cursor_pos": 3, "detail_level": 0}),
        ("is_complete_request", {"code": "x := 1"}),
        ("history_request", {"hist_access_type": "tail", "n": 3, "raw": True, "output": False}),
        ("comm_info_request", {}),
    ],
)
def test_every_request_is_framed(kernel, kind, content, channel):
    outcome = kernel.ask(kind, content, channel)
    assert outcome.message["msg_type"] == kind.replace("_request", "_reply")
    assert outcome.status == ("complete" if kind == "is_complete_request" else "ok")
    assert outcome.types == ["busy", "idle"]


def test_unknown_request(kernel):
    assert kernel.idle(kernel.request("no_such_request", {})) == ["busy", "idle"]
    kernel.ok("1")


def test_header_of_messages(kernel):
    outcome = kernel.ok("1")
    for m in [outcome.message, *outcome.messages]:
        header = m["header"]
        assert header["session"] != kernel.kc.session.session
        assert header["version"].startswith("5.")
        assert header["date"] and header["username"] and header["msg_id"]


def test_output_comes_before_idle_by_any_means(kernel):
    outcome = kernel.ok(
        "import (\"fmt\"; \"os\"; \"os/exec\")\n"
        'fmt.Println("a")\n'
        'os.Stdout.WriteString("b\\n")\n'
        'cmd := exec.Command("echo", "c")\n'
        "cmd.Stdout = os.Stdout\n"
        "if err := cmd.Run(); err != nil { panic(err) }\n"
        'fmt.Print("d\\n")\n'
        'println("e")'
    )
    assert outcome.text() == "a\nb\nc\nd\n"
    assert outcome.text("stderr") == "e\n"
    assert outcome.types[-1] == "idle"


def test_a_hundred_thousand_lines(kernel):
    outcome = kernel.ok('import "fmt"\nfor i := 0; i < 100000; i++ { fmt.Println("line", i) }')
    assert outcome.text() == "".join(f"line {i}\n" for i in range(100000))
    assert outcome.types == ["busy", "execute_input", "stream", "idle"]


# ---- state -----------------------------------------------------------------


def test_state_is_kept(kernel):
    kernel.ok("kept := 40")
    kernel.ok("func bump(n int) int { return n + 2 }")
    assert kernel.ok("bump(kept)").result == "42"
    kernel.ok("func bump(n int) string { return \"other\" }")
    assert "other" in kernel.ok("bump(kept)").result


def test_a_failed_cell_changes_nothing(kernel):
    kernel.ok("steady := 1")
    outcome = kernel.run("steady := 2\nundefinedName()")
    assert outcome.status == "error"
    assert "undefinedName" in outcome.said
    assert kernel.ok("steady").result == "1"


def test_blank_variables(kernel):
    kernel.ok('import ("fmt"; "sync")\nvar _ sync.Mutex\nvar _ = 7\nvar _ fmt.Stringer = (*named)(nil)\ntype named struct{}\nfunc (*named) String() string { return "" }')


def test_no_result_for_a_print(kernel):
    assert kernel.ok('import "fmt"\nfmt.Println("x")').result is None


# ---- execute_request's fields ------------------------------------------------


def test_silent(kernel):
    before = kernel.ok("1").reply["execution_count"]
    outcome = kernel.ok('import "fmt"\nfmt.Println("quiet")\nquiet := 7\n5', silent=True)
    assert outcome.types == ["busy", "idle"]
    outcome = kernel.ok("quiet")
    assert outcome.result == "7"
    assert outcome.reply["execution_count"] == before + 1


def test_store_history(kernel):
    kernel.ok("111")
    count = kernel.ok("222", store_history=False).reply["execution_count"]
    assert kernel.ok("333").reply["execution_count"] == count + 1
    history = kernel.ask("history_request", {"hist_access_type": "tail", "n": 2, "raw": True, "output": False}).reply["history"]
    assert [entry[2] for entry in history] == ["111", "333"]


def test_user_expressions(kernel):
    outcome = kernel.ok("ue := 20", user_expressions={"good": "ue + 1", "bad": "noSuchName"})
    expressions = outcome.reply["user_expressions"]
    assert expressions["good"]["status"] == "ok"
    assert expressions["good"]["data"]["text/plain"] == "21"
    assert expressions["bad"]["status"] == "error"
    assert "noSuchName" in expressions["bad"]["evalue"]
    assert isinstance(expressions["bad"]["traceback"], list)


def test_queued_cells_are_aborted(kernel):
    failing = kernel.kc.execute('import "time"\ntime.Sleep(300 * time.Millisecond)\npanic("stop here")')
    queued = [kernel.kc.execute(f"queued{i} := {i}") for i in range(3)]
    asked = kernel.request("is_complete_request", {"code": "1"})
    assert kernel.finish(failing).status == "error"
    for request in queued:
        outcome = kernel.finish(request)
        assert outcome.status == "error"
        assert outcome.reply["ename"] and outcome.reply["evalue"] and isinstance(outcome.reply["traceback"], list)
        assert outcome.types[0] == "busy" and outcome.types[-1] == "idle"
    assert kernel.finish(asked).status == "complete"
    assert kernel.run("queued0").status == "error"
    kernel.ok("1")


def test_stop_on_error_off(kernel):
    failing = kernel.kc.execute('import "time"\ntime.Sleep(300 * time.Millisecond)\npanic("go on")', stop_on_error=False)
    queued = kernel.kc.execute("40 + 2")
    assert kernel.finish(failing).status == "error"
    assert kernel.finish(queued).result == "42"


# ---- interrupt -----------------------------------------------------------------

WAITS = {
    "busy loop": "for {}",
    "counting": "n := 0\nfor { n++ }",
    "sleep": "time.Sleep(time.Hour)",
    "channel": "<-make(chan int)",
    "select": "select {}",
    "mutex": "var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
    "waitgroup": "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
    "in a function": "func() { for { time.Sleep(time.Millisecond) } }()",
    "subprocess": 'exec.Command("sleep", "3600").Run()',
    "range over a channel": "for range make(chan int) {}",
    "recursion": "var fib func(int) int\nfib = func(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(80)",
    "recovering": "for { func() { defer func() { recover() }(); for {} }() }",
    "condition": "c := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\nc.Wait()",
    "goroutines that print": "for range 4 { go func() { for { fmt.Println(1); time.Sleep(time.Millisecond) } }() }\nselect {}",
    "flood": "for { fmt.Println(1) }",
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS.keys())
def test_interrupt(kernel, wait):
    kernel.ok('import ("fmt"; "os/exec"; "sync"; "time")\nsurvivor := 41')
    request = kernel.kc.execute(f'fmt.Println("under way")\n{wait}')
    kernel.wait_for_text(request, "under way")
    kernel.km.interrupt_kernel()
    outcome = kernel.finish(request, timeout=20)
    assert outcome.status == "error"
    assert outcome.reply["ename"] == "KeyboardInterrupt"
    assert kernel.ok("survivor + 1").result == "42"


STUBBORN = {
    "a program that ignores it": '%%run\nimport ("fmt"; "os"; "os/signal"; "time")\nfunc main() { signal.Ignore(os.Interrupt); fmt.Println("under way"); time.Sleep(time.Hour) }',
    "a script that ignores it": "%%bash\ntrap '' INT\necho under way\nwhile true; do sleep 1; done",
    "a flood": "!echo under way; yes",
    "python": "%%python\nprint('under way')\nimport time\ntime.sleep(3600)",
    "a magic that times": '%time func() { fmt.Println("under way"); for {} }()',
}


@pytest.mark.parametrize("code", STUBBORN.values(), ids=STUBBORN.keys())
def test_interrupt_of_magics(kernel, code):
    kernel.ok('import "fmt"\nsurvivor := 41')
    before = processes(kernel)
    request = kernel.kc.execute(code)
    kernel.wait_for_text(request, "under way")
    kernel.km.interrupt_kernel()
    outcome = kernel.finish(request, timeout=20)
    assert outcome.status == "error"
    assert outcome.reply["ename"] == "KeyboardInterrupt"
    assert kernel.ok("survivor + 1").result == "42"
    assert request not in kernel.published  # nothing came after its idle
    eventually(lambda: processes(kernel) <= before, "no process of the cell's is left")


def processes(kernel):
    return {p.pid for p in psutil.Process(kernel.pid).children(recursive=True)}


def test_several_interrupts(kernel):
    request = kernel.kc.execute('import "fmt"\nfmt.Println("under way")\nfor {}')
    kernel.wait_for_text(request, "under way")
    interrupts = [kernel.request("interrupt_request", {}, "control") for _ in range(3)]
    assert kernel.finish(request, timeout=20).reply["ename"] == "KeyboardInterrupt"
    for interrupt in interrupts:
        assert kernel.finish(interrupt).status == "ok"
    kernel.ok("1")


def test_interrupt_of_an_idle_kernel(kernel):
    assert kernel.ask("interrupt_request", channel="control").status == "ok"
    kernel.ok("1")


def test_interrupt_of_input(kernel):
    kernel.ok("survivor := 41")
    request = kernel.kc.execute('import "fmt"\nvar line string\nfmt.Scanln(&line)', allow_stdin=True)
    kernel.question()
    kernel.km.interrupt_kernel()
    assert kernel.finish(request, timeout=20).reply["ename"] == "KeyboardInterrupt"
    assert kernel.ok("survivor + 1").result == "42"


def test_interrupt_of_a_program(kernel):
    request = kernel.kc.execute(
        '%%run\npackage main\nimport ("fmt"; "os"; "time")\n'
        'func main() { fmt.Println("pid", os.Getpid()); time.Sleep(time.Hour) }'
    )
    kernel.wait_for_text(request, "\n")
    kernel.wait_for_text(request, "pid")
    text = "".join(m["content"]["text"] for m in kernel.published[request] if m["msg_type"] == "stream")
    pid = int(text.split("pid ")[1].split()[0])
    kernel.km.interrupt_kernel()
    assert kernel.finish(request, timeout=20).status == "error"
    eventually(lambda: not psutil.pid_exists(pid), "the program is gone")
    kernel.ok("1")


def eventually(condition, what, timeout=30):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not yet: {what}"
        time.sleep(0.02)


def test_busy_kernel_answers_questions(kernel):
    request = kernel.kc.execute('import "fmt"\nfmt.Println("under way")\nfor {}')
    kernel.wait_for_text(request, "under way")
    for channel in ("shell", "control"):
        assert kernel.finish(kernel.request("kernel_info_request", {}, channel), timeout=20).status == "ok"
    complete = kernel.finish(kernel.request("complete_request", {"code": "fallth", "cursor_pos": 6}), timeout=20)
    assert complete.reply["matches"] == ["fallthrough"]
    assert len(complete.reply["metadata"].get("_jupyter_types_experimental", [1])) == 1
    assert kernel.finish(kernel.request("is_complete_request", {"code": "func f() {"}), timeout=20).status == "incomplete"
    assert kernel.finish(kernel.request("inspect_request", {"code": "len", "cursor_pos": 3, "detail_level": 0}), timeout=20).reply["found"]
    kernel.km.interrupt_kernel()
    assert kernel.finish(request, timeout=20).status == "error"


# ---- stdin -----------------------------------------------------------------


def test_input(kernel):
    request = kernel.kc.execute('import "fmt"\nvar name string\nfmt.Print("who? ")\nfmt.Scanln(&name)\nfmt.Println("hello,", name)', allow_stdin=True)
    question = kernel.question()
    assert question["msg_type"] == "input_request"
    assert question["parent_header"]["msg_id"] == request
    assert question["content"]["password"] is False
    kernel.answer("gopher")
    outcome = kernel.finish(request)
    assert outcome.status == "ok", outcome.said
    assert "hello, gopher" in outcome.text()


def test_end_of_input(kernel):
    request = kernel.kc.execute('import "fmt"\nvar word string\n_, err := fmt.Scanln(&word)\nfmt.Println("got", err)', allow_stdin=True)
    kernel.question()
    kernel.answer("\x04")
    outcome = kernel.finish(request)
    assert "EOF" in outcome.text(), outcome.said


def test_input_not_allowed(kernel):
    outcome = kernel.run('import "fmt"\nvar word string\n_, err := fmt.Scanln(&word)\nfmt.Println("got", err)', allow_stdin=False)
    assert not kernel.questions
    assert "stdin" in outcome.said or "EOF" in outcome.text()


def test_stale_input_is_not_an_answer(kernel):
    kernel.answer("too early")
    kernel.ok("1")
    request = kernel.kc.execute('import "fmt"\nvar name string\nfmt.Scanln(&name)\nfmt.Println("hello,", name)', allow_stdin=True)
    kernel.question()
    kernel.answer("gopher")
    assert "hello, gopher" in kernel.finish(request).text()


# ---- comms -----------------------------------------------------------------


def test_comms(kernel):
    request = kernel.request("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
    kernel.pump(lambda: kernel.is_idle(request))
    closed = [m for m in kernel.published[request] if m["msg_type"] == "comm_close"]
    assert [m["content"]["comm_id"] for m in closed] == ["c1"]
    assert kernel.idle(kernel.request("comm_msg", {"comm_id": "c1", "data": {}})) == ["busy", "idle"]
    assert kernel.ask("comm_info_request", {"target_name": "nobody"}).reply["comms"] == {}


# ---- messages that nobody should take ----------------------------------------------


def frames_of(kernel, kind="kernel_info_request", content=None):
    """A proper signed message, as it goes over the wire, and its id."""
    message = kernel.kc.session.msg(kind, content or {})
    return kernel.kc.session.serialize(message), message["header"]["msg_id"]


def signed(kernel, *parts):
    return [b"<IDS|MSG>", kernel.kc.session.sign(list(parts)), *parts]


BAD = {
    "forged": lambda k, f: [f[0], b"0" * 64, *f[2:]],
    "empty signature": lambda k, f: [f[0], b"", *f[2:]],
    "truncated signature": lambda k, f: [f[0], f[1][:10], *f[2:]],
    "long signature": lambda k, f: [f[0], f[1] + b"00", *f[2:]],
    "signature not hex": lambda k, f: [f[0], b"\xff" * 64, *f[2:]],
    "content changed": lambda k, f: [*f[:5], b'{"code": "1"}'],
    "no delimiter": lambda k, f: f[1:],
    "delimiter alone": lambda k, f: f[:1],
    "too few frames": lambda k, f: f[:4],
    "nothing": lambda k, f: [b""],
    "header not JSON": lambda k, f: signed(k, b"{", b"{}", b"{}", b"{}"),
    "header null": lambda k, f: signed(k, b"null", b"{}", b"{}", b"{}"),
    "header of wrong types": lambda k, f: signed(k, b'{"msg_id": 1, "msg_type": []}', b"{}", b"{}", b"{}"),
    "header empty": lambda k, f: signed(k, b"{}", b"{}", b"{}", b"{}"),
    "content a list": lambda k, f: signed(k, f[2], b"{}", b"{}", b"[]"),
    "content not UTF-8": lambda k, f: signed(k, f[2], b"{}", b"{}", b'{"code": "\xff\xfe"}'),
    "deep nesting": lambda k, f: signed(k, f[2], b"{}", b"{}", b'{"a":' * 100000 + b"1" + b"}" * 100000),
}


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD.keys())
def test_bad_messages_are_dropped(kernel, spoil, channel):
    raw = getattr(kernel.kc, f"connect_{channel}")()
    try:
        frames, bad = frames_of(kernel)
        raw.send_multipart(spoil(kernel, frames))
        if channel != "stdin":
            # What follows on the same connection is answered, and nothing else.
            good, request = frames_of(kernel)
            raw.send_multipart(good)
            assert raw.poll(20000), "no answer after a bad message"
            _, parts = kernel.kc.session.feed_identities(raw.recv_multipart())
            assert kernel.kc.session.deserialize(parts)["parent_header"]["msg_id"] == request
            kernel.pump(lambda: kernel.is_idle(request))
        kernel.ok("1")
        assert bad not in kernel.published
    finally:
        raw.close(linger=0)


def test_replay_is_refused(kernel):
    kernel.ok("replayed := 0")
    raw = kernel.kc.connect_shell()
    try:
        frames, request = frames_of(kernel, "execute_request", {"code": "replayed++", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False})
        for _ in range(3):
            raw.send_multipart(frames)
        kernel.pump(lambda: kernel.is_idle(request))
        assert kernel.ok("replayed").result == "1"
    finally:
        raw.close(linger=0)


@pytest.mark.parametrize("content", [{}, {"code": 5}, {"code": None}, {"code": "1", "silent": "yes"}, {"code": "1", "user_expressions": []}])
def test_contents_of_the_wrong_shape(kernel, content):
    outcome = kernel.ask("execute_request", content)
    assert outcome.status == "error"
    assert outcome.reply["ename"] and outcome.reply["evalue"]
    kernel.ok("1")


@pytest.mark.parametrize("cursor", [-5, 10**9, 3])
def test_cursors_outside(kernel, cursor):
    for kind in ("complete_request", "inspect_request"):
        assert kernel.ask(kind, {"code": "é€😀", "cursor_pos": cursor, "detail_level": 0}).status == "ok"


def test_offsets_are_code_points(kernel):
    code = 'a := "é€😀"; fallth'
    reply = kernel.ask("complete_request", {"code": code, "cursor_pos": len(code)}).reply
    assert reply["matches"] == ["fallthrough"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (len(code) - 6, len(code))


def test_buffers_are_tolerated(kernel):
    message = kernel.kc.session.msg("kernel_info_request", {})
    kernel.kc.session.send(kernel.kc.shell_channel.socket, message, buffers=[b"\x00\xff", b""])
    assert kernel.finish(message["header"]["msg_id"]).status == "ok"


# ---- sockets -----------------------------------------------------------------


def test_heartbeat_echoes(kernel):
    beat = kernel.kc.context.socket(zmq.REQ)
    try:
        beat.connect(kernel.kc._make_url("hb"))
        for ping in ([b"ping"], [b""], [b"two", b"frames"], [bytes(range(256)) * 10]):
            beat.send_multipart(ping)
            assert beat.poll(20000)
            assert beat.recv_multipart() == ping
    finally:
        beat.close(linger=0)


def test_welcome_for_a_topic(kernel):
    sub = kernel.kc.context.socket(zmq.SUB)
    try:
        sub.connect(kernel.kc._make_url("iopub"))
        sub.subscribe(b"some-topic")
        assert sub.poll(20000)
        identities, parts = kernel.kc.session.feed_identities(sub.recv_multipart())
        message = kernel.kc.session.deserialize(parts)
        assert identities == [b"some-topic"]
        assert message["msg_type"] == "iopub_welcome"
        assert message["content"] == {"subscription": "some-topic"}
        assert message["parent_header"] == {}
    finally:
        sub.close(linger=0)


def test_zmq_heartbeats_of_a_client(kernel):
    """A client that pings its peer keeps its connection."""
    dealer = kernel.kc.context.socket(zmq.DEALER)
    dealer.heartbeat_ivl, dealer.heartbeat_timeout = 50, 500
    monitor = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    try:
        dealer.connect(kernel.kc._make_url("shell"))
        frames, request = frames_of(kernel)
        dealer.send_multipart(frames)
        assert dealer.poll(20000)
        kernel.pump(lambda: kernel.is_idle(request))
        assert not monitor.poll(1500), "the client heard no PONG"
    finally:
        dealer.disable_monitor()
        dealer.close(linger=0)


def test_two_clients(kernel):
    other = kernel.km.client()
    other.session = kernel.kc.session.clone()
    other.session.session = "another-client"
    other.start_channels()
    try:
        request = other.kernel_info()
        reply = other.get_shell_msg(timeout=TIMEOUT)
        assert reply["parent_header"]["msg_id"] == request
        kernel.ok("1")
        assert request not in kernel.replies
    finally:
        other.stop_channels()


def test_reconnecting_with_the_same_identity(kernel):
    """A front end that loses its connection comes back as itself."""
    kernel.ok("back := 1")
    kernel.connect()
    assert kernel.ok("back").result == "1"


# ---- shutdown and restart ----------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("channel", ["control", "shell"])
def test_shutdown(fresh, channel, restart):
    fresh.ok("1")
    children = psutil.Process(fresh.pid).children(recursive=True)
    outcome = fresh.ask("shutdown_request", {"restart": restart}, channel)
    assert outcome.status == "ok"
    assert outcome.reply["restart"] is restart
    assert outcome.types == ["busy", "idle"]
    eventually(lambda: fresh.km.provisioner.process.poll() is not None, "the kernel has ended")
    assert fresh.km.provisioner.process.returncode == 0
    eventually(lambda: not any(alive(c) for c in children), "its children have ended")


def alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_shutdown_while_a_cell_runs(fresh):
    request = fresh.kc.execute('import "fmt"\nfmt.Println("under way")\nfor {}')
    fresh.wait_for_text(request, "under way")
    assert fresh.ask("shutdown_request", {"restart": False}, "control").status == "ok"
    eventually(lambda: fresh.km.provisioner.process.poll() is not None, "the kernel has ended")


def test_restart(fresh):
    fresh.ok("gone := 1")
    fresh.km.restart_kernel(now=False)
    fresh.connect()
    outcome = fresh.run("gone")
    assert outcome.status == "error"
    assert "gone" in outcome.said
    assert fresh.ok("6*7").reply["execution_count"] >= 1


def test_sigterm_ends_the_kernel(fresh):
    fresh.ok("1")
    children = psutil.Process(fresh.pid).children(recursive=True)
    os.kill(fresh.pid, signal.SIGTERM)
    eventually(lambda: fresh.km.provisioner.process.poll() is not None, "the kernel has ended")
    eventually(lambda: not any(alive(c) for c in children), "its children have ended")


def test_a_killed_kernel_leaves_nobody(fresh):
    fresh.ok("1")
    children = psutil.Process(fresh.pid).children(recursive=True)
    assert children
    os.kill(fresh.pid, signal.SIGKILL)
    eventually(lambda: not any(alive(c) for c in children), "its children have ended")


def test_the_key_is_nowhere(kernel):
    kernel.ok("1")
    me = psutil.Process(kernel.pid)
    for process in [me, *me.children(recursive=True)]:
        for name in ("cmdline", "environ"):
            with open(f"/proc/{process.pid}/{name}", "rb") as f:
                assert kernel.kc.session.key not in f.read(), f"{name} of {process.name()}"


# ---- cells that take their process down ----------------------------------------------

DEATHS = {
    "os.Exit": ("os.Exit(3)", ["3"]),
    "endless recursion": ("func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)", ["overflow", "recursion"]),
    "panic in a package's goroutine": (
        'import ("context"; "os/exec")\nctx, cancel := context.WithCancel(context.Background())\n'
        'c := exec.CommandContext(ctx, "sleep", "60")\nc.Cancel = func() error { panic("far away") }\n'
        "c.Start()\ncancel()\nselect {}",
        ["far away"],
    ),
    "concurrent map writes": (
        "m := map[int]int{}\nfor g := 0; g < 8; g++ { go func() { for i := 0; ; i++ { m[i%8] = i } }() }\nselect {}",
        ["concurrent map"],
    ),
    "killed": ("syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", ["kill"]),
    "log.Fatal": ('log.Fatal("no way on")', ["1"]),
}


@pytest.mark.parametrize("code, words", DEATHS.values(), ids=DEATHS.keys())
def test_death_of_the_evaluator(kernel, code, words):
    kernel.ok('import ("log"; "os"; "syscall")')
    kernel.ok("const answer = 42\ntype pair struct{ a, b int }\nfunc double(n int) int { return 2 * n }")
    kernel.ok("lostVariable := 7")
    outcome = kernel.run(code)
    assert outcome.status == "error"
    assert outcome.types[-2:] == ["error", "idle"]
    assert any(w in outcome.said.lower() for w in words), outcome.said
    assert "\n" not in outcome.reply["evalue"].strip()
    # Every definition is there again, and a variable is never lost unsaid.
    assert kernel.ok("double(answer) + pair{1, 2}.b").result == "86"
    after = kernel.run("lostVariable")
    assert after.result == "7" or "lostVariable" in outcome.said


def test_evaluator_killed_from_outside(kernel):
    kernel.ok("func double(n int) int { return 2 * n }")
    kernel.ok("idleVariable := 7")
    for child in psutil.Process(kernel.pid).children():
        child.send_signal(signal.SIGKILL)
        child.wait(TIMEOUT)
    # The next cell runs, and is told of the loss.
    outcome = kernel.ok("double(21)")
    assert outcome.result == "42"
    assert "killed" in outcome.text("stderr") and "idleVariable" in outcome.text("stderr")
    assert "idleVariable" in kernel.run("idleVariable").said
    assert kernel.ok("double(21)").text("stderr") == ""


def test_no_memory_left(kernel):
    kernel.ok("func double(n int) int { return 2 * n }\nlostVariable := 7")
    evaluators = [c for c in psutil.Process(kernel.pid).children() if "evaluator" in c.cmdline()]
    total = psutil.virtual_memory().total
    for child in evaluators:
        # The kernel itself sees to it that a cell leaves something to others ...
        soft, hard = child.rlimit(psutil.RLIMIT_DATA)
        assert 0 < soft < total
        # ... and here to all but a quarter of a gigabyte, to be quick.
        child.rlimit(psutil.RLIMIT_DATA, (child.memory_info().data + 2**28,) * 2)
    outcome = kernel.run("var taken [][]byte\nfor { taken = append(taken, make([]byte, 1<<20)) }")
    assert outcome.status == "error"
    assert outcome.reply["evalue"] == "out of memory" and "lostVariable" in outcome.said
    assert kernel.ok("double(21)").result == "42"


def test_evaluator_killed_while_a_cell_runs(kernel):
    request = kernel.kc.execute('import "fmt"\nfmt.Println("under way")\nfor {}')
    kernel.wait_for_text(request, "under way")
    for child in psutil.Process(kernel.pid).children():
        child.send_signal(signal.SIGKILL)
    outcome = kernel.finish(request)
    assert outcome.status == "error"
    assert "kill" in outcome.said.lower()
    kernel.ok("1")


def test_deaths_in_a_row(kernel):
    kernel.ok('import ("fmt"; "os")\nfunc double(n int) int { return 2 * n }')
    for status in (3, 4):
        outcome = kernel.run(f"os.Exit({status})")
        assert f"status {status}" in outcome.said
    assert kernel.ok("double(21)").result == "42"


def test_death_while_a_program_runs(kernel):
    kernel.ok("func double(n int) int { return 2 * n }\ngoneVariable := 1")
    request = kernel.kc.execute("!echo under way; read answer; echo got $answer", allow_stdin=True)
    kernel.question()
    for child in psutil.Process(kernel.pid).children():
        if "evaluator" in child.cmdline():
            child.kill()
            child.wait(TIMEOUT)
    kernel.answer("42")
    outcome = kernel.finish(request)
    assert outcome.status == "ok" and "got 42" in outcome.text()  # the program does not depend on it
    outcome = kernel.ok("double(21)")
    assert outcome.result == "42" and "goneVariable" in outcome.text("stderr")


def test_interrupt_of_a_restart(kernel):
    kernel.ok('import "os"\nfunc double(n int) int { return 2 * n }')
    request = kernel.kc.execute("os.Exit(3)")
    interrupt = kernel.request("interrupt_request", {}, "control")
    assert kernel.finish(request).status == "error"
    assert kernel.finish(interrupt).status == "ok"
    assert kernel.ok("double(21)").result == "42"


# ---- connection files --------------------------------------------------------------


def start(path, **options):
    return subprocess.run([BINARY, "kernel", str(path)], capture_output=True, text=True, timeout=60, **options)


def free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return dict(zip(("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"), ports))


def connection(**changes):
    content = {"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256", **free_ports(), **changes}
    return {k: v for k, v in content.items() if v is not ...}


BAD_FILES = {
    "not JSON": ("{", ["JSON"]),
    "a list": ("[]", ["JSON object"]),
    "empty": ("", ["JSON"]),
    "unknown scheme": (connection(signature_scheme="hmac-rot13"), ["hmac-rot13"]),
    "unknown transport": (connection(transport="pigeon"), ["pigeon"]),
    "no shell port": (connection(shell_port=...), ["shell_port"]),
    "port of text": (connection(shell_port="many"), ["shell_port"]),
    "port too large": (connection(hb_port=70000), ["hb_port", "70000"]),
    "one port twice": (connection(shell_port=5005, hb_port=5005), ["5005"]),
    "address of nobody": (connection(ip="203.0.113.7"), ["203.0.113.7"]),
}


@pytest.mark.parametrize("content, words", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_connection_file(tmp_path, content, words):
    path = tmp_path / "kernel.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    said_once(start(path), words)


def said_once(done, words):
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_missing_connection_file(tmp_path):
    said_once(start(tmp_path / "nowhere.json"), ["nowhere.json", "no such file"])


def test_connection_file_is_a_directory(tmp_path):
    said_once(start(tmp_path), [str(tmp_path)])


def test_taken_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path = tmp_path / "kernel.json"
        path.write_text(json.dumps(connection(control_port=port)))
        said_once(start(path), ["control", str(port)])


@pytest.mark.parametrize("scheme", ["hmac-sha512", "hmac-md5", "no key"])
def test_other_signatures(tmp_path, scheme):
    from jupyter_client.blocking import BlockingKernelClient

    content = connection(key="") if scheme == "no key" else connection(signature_scheme=scheme)
    talk(tmp_path, content, BlockingKernelClient())


def test_ipc(tmp_path):
    from jupyter_client.blocking import BlockingKernelClient

    ports = dict(zip(("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"), range(1, 6)))
    content = connection(transport="ipc", ip=str(tmp_path / "k"), **ports)
    talk(tmp_path, content, BlockingKernelClient(), lambda: [oct(p.stat().st_mode & 0o777) for p in tmp_path.glob("k-*")] == ["0o600"] * 5)
    assert not list(tmp_path.glob("k-*"))


def talk(tmp_path, content, client, check=lambda: True):
    path = tmp_path / "kernel.json"
    path.write_text(json.dumps(content))
    process = subprocess.Popen([BINARY, "kernel", str(path)])
    try:
        client.load_connection_info(content)
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        assert check()
        client.shutdown(reply=True, timeout=TIMEOUT)
        assert process.wait(timeout=TIMEOUT) == 0
    finally:
        client.stop_channels()
        process.kill()
        process.wait()
