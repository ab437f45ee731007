"""Measures two kernels side by side and writes a table of it.

Rounds alternate between the kernels, so that what else the machine does falls
on both alike; a figure is the median of the rounds, a ratio that of the rounds'
ratios, and its spread the range of the middle half. Only what a Jupyter client
sees is measured.
"""

import argparse
import datetime
import os
import pathlib
import platform
import queue
import statistics
import subprocess
import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

CELLS = {
    # a trivial cell, 100,000 printed lines
    "paracell": ("1 + 1", 'import "fmt"\nfor i := range 100000 {\n\tfmt.Println(i)\n}'),
    "python3": ("1 + 1", "for i in range(100000):\n    print(i)"),
}
TRIPS = 50  # round trips in a round; the round counts their median


def main():
    args = arguments()
    specs = KernelSpecManager()
    specs.kernel_dirs.insert(0, str(pathlib.Path(args.prefix, "share/jupyter/kernels").resolve()))
    rounds = {kernel: [] for kernel in CELLS}
    loads = [load()]
    for n in range(args.rounds):
        order = list(CELLS) if n % 2 == 0 else list(CELLS)[::-1]
        for kernel in order:
            rounds[kernel].append(measure(kernel, specs))
        print(f"round {n + 1} of {args.rounds}", file=sys.stderr)
    loads.append(load())
    table = report(rounds, args.rounds, loads)
    print(table)
    if args.out:
        out = pathlib.Path(args.out)
        old = out.read_text() if out.exists() else ""
        others = old[old.index("\n## "):] if "\n## " in old else ""  # other measurements' sections
        new = pathlib.Path(args.out + ".new")
        new.write_text(table.rstrip("\n") + "\n" + others)
        new.replace(out)


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--prefix", required=True, help="where paracell is installed")
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--out", help="the file to write")
    args = p.parse_args()
    if args.rounds < 1:
        p.error("--rounds needs a number from 1")
    return args


def measure(kernel, specs):
    """One kernel's life: start, round trips, memory, a flood, memory."""
    trivial, flood = CELLS[kernel]
    began = time.perf_counter()
    km = KernelManager(kernel_name=kernel, kernel_spec_manager=specs)
    km.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = km.client()
    try:
        # Not wait_for_ready, which polls: the reply itself ends the wait.
        client.start_channels()
        client.kernel_info()
        client.get_shell_msg(timeout=60)
        start = time.perf_counter() - began
        until_idle_is_heard(client)
        first, _ = trip(client, trivial)
        trips = [trip(client, trivial)[0] for _ in range(TRIPS)]
        resting = pss(km.provisioner.pid)
        took, text = trip(client, flood)
        lines = text.count("\n")
        if lines != 100_000:
            raise SystemExit(f"{kernel}: {lines} of 100000 printed lines arrived")
        memory = pss(km.provisioner.pid)
    finally:
        client.stop_channels()
        km.shutdown_kernel(now=False)
    return {
        "start": start, "first": first, "trip": statistics.median(trips),
        "resting": resting, "flood": took, "flooded": memory,
    }


def until_idle_is_heard(client):
    """A subscription takes a moment; cells are run until their idle arrives."""
    for _ in range(100):
        ident = client.execute("")
        try:
            while True:
                msg = client.get_iopub_msg(timeout=0.2)
                if idle(msg, ident):
                    client.get_shell_msg(timeout=60)
                    return
        except queue.Empty:
            client.get_shell_msg(timeout=60)
    raise SystemExit("no idle status arrives")


def trip(client, code):
    """Seconds from execute_request to idle, and the text that was printed."""
    text = []
    began = time.perf_counter()
    ident = client.execute(code)
    while True:
        msg = client.get_iopub_msg(timeout=120)
        if msg["msg_type"] == "stream":
            text.append(msg["content"]["text"])
        elif msg["msg_type"] == "error":
            raise SystemExit(f"{code!r} failed: {msg['content']['evalue']}")
        elif idle(msg, ident):
            took = time.perf_counter() - began
            break
    reply = client.get_shell_msg(timeout=60)
    if reply["content"]["status"] != "ok":
        raise SystemExit(f"{code!r} failed: {reply['content']}")
    return took, "".join(text)


def idle(msg, ident):
    return (
        msg["msg_type"] == "status"
        and msg["content"]["execution_state"] == "idle"
        and msg["parent_header"].get("msg_id") == ident
    )


def pss(root):
    """MiB of all the processes of a kernel, shared pages counted once; None
    where the system doesn't tell."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        return None
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        for task in os.listdir(f"/proc/{pid}/task"):
            todo += pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


ROWS = [
    # key, title, unit, factor, bar on the ratio, bar on paracell's own figure
    ("start", "start → kernel_info reply", "ms", 1000, 0.2, None),
    ("first", "first cell → idle", "ms", 1000, None, None),
    ("trip", "trivial cell → idle", "ms", 1000, 0.25, None),
    ("resting", f"memory of all processes (PSS), idle after {TRIPS} cells", "MiB", 1, None, 60),
    ("flood", "100,000 printed lines → idle", "ms", 1000, None, None),
    ("flooded", "memory of all processes (PSS), after that", "MiB", 1, None, None),
]


def report(rounds, count, loads):
    ours, theirs = rounds["paracell"], rounds["python3"]
    lines = [
        "# Paracell beside ipykernel",
        "",
        f"`bench/run.sh {count}` on {datetime.date.today()}: {machine()}.",
        f"Load average before and after: {' and '.join(loads)}; the measurement itself is a load of about one.",
        "",
        f"{count} rounds, alternating; medians, the range of the middle half in brackets.",
        f"A ratio is the median of the rounds' ratios; a round's figure for the trivial cell is the median of {TRIPS}.",
        "",
        "| | Paracell | ipykernel | ratio | bar |",
        "|---|---|---|---|---|",
    ]
    for key, title, unit, factor, ratio_bar, own_bar in ROWS:
        a = [r[key] for r in ours]
        b = [r[key] for r in theirs]
        if None in a or None in b:
            lines.append(f"| {title} | not measured on this system | | | |")
            continue
        ratios = [x / y for x, y in zip(a, b)]
        ratio = statistics.median(ratios)
        bar = ""
        if ratio_bar:
            bar = f"ratio ≤ {ratio_bar}: {'met' if ratio <= ratio_bar else 'missed'}"
        if own_bar:
            bar = f"≤ {own_bar} {unit}: {'met' if statistics.median(a) * factor <= own_bar else 'missed'}"
        lines.append(f"| {title} | {figure(a, factor, unit)} | {figure(b, factor, unit)} | {figure(ratios)} | {bar} |")
    return "\n".join(lines) + "\n"


def figure(values, factor=1, unit=""):
    low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    middle, low, high = (plain(v * factor) for v in (statistics.median(values), low, high))
    return f"{middle} {unit} [{low}–{high}]".replace("  ", " ")


def plain(v):
    """Three digits, without an exponent."""
    return f"{v:,.0f}" if v >= 100 else f"{v:.3g}" if v >= 1 else f"{v:.2f}"


def load():
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def machine():
    import ipykernel

    model = platform.machine()
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()}, {cores} cores, {model}; ipykernel {ipykernel.__version__}, CPython {platform.python_version()}"


if __name__ == "__main__":
    main()
