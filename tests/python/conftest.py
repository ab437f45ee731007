"""Where the kernel under test comes from, and a client that keeps order.

PARACELL names the binary; bin/paracell in the checkout is the default. The
kernel is installed into a directory of its own, so that the tests meet neither
another kernel nor the user's settings and history.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import zmq
from jupyter_client.manager import KernelManager

CHECKOUT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("PARACELL", CHECKOUT / "bin" / "paracell")).resolve()

# How long anything may take. Far more than it does: the machine may be busy.
TIMEOUT = 60


def pytest_configure(config):
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is not there: build it, or set PARACELL to a paracell binary")
    home = tempfile.TemporaryDirectory(prefix="paracell-tests-")
    config.add_cleanup(home.cleanup)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(Path(home.name, name.lower()))
    os.environ["JUPYTER_PATH"] = str(Path(home.name, "share", "jupyter"))
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    subprocess.run([BINARY, "install", "--prefix", home.name, "--name", "paracell"], check=True)


class Outcome:
    """How a request ended: its reply's content and what iopub said about it."""

    def __init__(self, reply, messages):
        self.message = reply
        self.reply = reply["content"]
        self.messages = messages

    @property
    def status(self):
        return self.reply["status"]

    @property
    def types(self):
        """Message types in order, status as its state; streams that follow each other as one."""
        types = []
        for m in self.messages:
            kind = m["content"]["execution_state"] if m["msg_type"] == "status" else m["msg_type"]
            if not (kind == "stream" and types and types[-1] == "stream"):
                types.append(kind)
        return types

    def text(self, name="stdout"):
        return "".join(
            m["content"]["text"] for m in self.messages if m["msg_type"] == "stream" and m["content"]["name"] == name
        )

    @property
    def result(self):
        results = [m["content"]["data"]["text/plain"] for m in self.messages if m["msg_type"] == "execute_result"]
        assert len(results) <= 1
        return results[0] if results else None

    @property
    def said(self):
        """All that a user could read of a failure."""
        return "\n".join([self.reply.get("ename", ""), self.reply.get("evalue", ""), *self.reply.get("traceback", [])])


class Kernel:
    """A kernel and a client that files every message under the request it answers."""

    def __init__(self, cwd=None):
        self.km = KernelManager(kernel_name="paracell")
        self.km.start_kernel(cwd=cwd)
        self.kc = None
        try:
            self.connect()
        except BaseException:
            self.close()
            raise

    def connect(self):
        """Connects a client; one that comes after another has its identity."""
        if self.kc:
            self.kc.stop_channels()
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=TIMEOUT)
        self.replies, self.published, self.questions = {}, {}, []
        self.channels = {
            c.socket: c for c in (self.kc.shell_channel, self.kc.control_channel, self.kc.iopub_channel, self.kc.stdin_channel)
        }

    def close(self):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def pump(self, until, timeout=TIMEOUT, what="an answer"):
        """Reads all channels until the condition holds."""
        poller = zmq.Poller()
        for socket in self.channels:
            poller.register(socket, zmq.POLLIN)
        deadline = time.monotonic() + timeout
        while not until():
            left = deadline - time.monotonic()
            assert left > 0, f"{what} did not come within {timeout} s"
            for socket, _ in poller.poll(min(left, 1) * 1000):
                self.file(self.channels[socket])

    def file(self, channel):
        message = channel.get_msg(timeout=1)
        parent = message["parent_header"].get("msg_id")
        if channel is self.kc.iopub_channel:
            self.published.setdefault(parent, []).append(message)
        elif channel is self.kc.stdin_channel:
            self.questions.append(message)
        else:
            self.replies.setdefault(parent, []).append(message)

    def request(self, kind, content, channel="shell"):
        message = self.kc.session.msg(kind, content)
        (self.kc.shell_channel if channel == "shell" else self.kc.control_channel).send(message)
        return message["header"]["msg_id"]

    def is_idle(self, request):
        return any(
            m["msg_type"] == "status" and m["content"]["execution_state"] == "idle" for m in self.published.get(request, [])
        )

    def finish(self, request, timeout=TIMEOUT):
        """Waits for the reply to a request and for its idle."""
        self.pump(lambda: request in self.replies and self.is_idle(request), timeout)
        (reply,) = self.replies.pop(request)
        return Outcome(reply, self.published.pop(request))

    def idle(self, request):
        """Waits for the idle of a request that has no reply."""
        self.pump(lambda: self.is_idle(request), what="idle")
        assert request not in self.replies
        return [m["content"].get("execution_state", m["msg_type"]) for m in self.published.pop(request)]

    def ask(self, kind, content=None, channel="shell"):
        return self.finish(self.request(kind, content or {}, channel))

    def run(self, code, **options):
        return self.finish(self.kc.execute(code, **options))

    def ok(self, code, **options):
        outcome = self.run(code, **options)
        assert outcome.status == "ok", outcome.said
        return outcome

    def wait_for_text(self, request, text):
        """Waits until the cell has printed text."""
        def printed():
            assert request not in self.replies, f"the cell ended: {self.replies[request][0]['content']}"
            return text in "".join(m["content"]["text"] for m in self.published.get(request, []) if m["msg_type"] == "stream")
        self.pump(printed, what=repr(text))

    def question(self):
        """Waits for an input_request."""
        self.pump(lambda: self.questions, what="an input_request")
        return self.questions.pop(0)

    def answer(self, line):
        self.kc.input(line)

    @property
    def pid(self):
        return self.km.provisioner.pid


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture(scope="session")
def shared():
    """Holds the kernel that tests share."""
    kernels = []
    yield kernels
    for k in kernels:
        k.close()


@pytest.fixture
def kernel(request, shared):
    """A kernel that must be as good after a test as before. A failed test takes it along."""
    if not shared:
        shared.append(Kernel())
    yield shared[0]
    if getattr(request.node, "failed", True):
        shared.pop().close()


@pytest.fixture
def fresh():
    """A kernel for a test that ends it or counts on its beginning."""
    with Kernel() as k:
        yield k
