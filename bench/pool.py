#!/usr/bin/env python3
"""Measures futures beside CPython's pools and Go's, in one run, and writes the
section "The pools" of bench/RESULTS.md.

    python3 bench/pool.py [--rounds 5] [--python python3]

Everything alternates: a round runs each row once for each side."""

import argparse
import datetime
import os
import re
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OUT = os.path.join(ROOT, "artifacts", "bench")
METHODS = ["fork", "forkserver", "spawn"]

# row of ours, row of CPython's and its start methods, what it is, unit, bar as a
# share of CPython's best (of spawn, for the start)
CPYTHON = [
    ("start", "start", ["spawn"], "both workers ready", "ms", 1 / 10),
    ("round", "round", METHODS, "submit and result, one by one", "µs", 1 / 5),
    ("map1", "map1", METHODS, "map, chunksize 1, a task", "µs", 1 / 8),
    ("map", "map1", METHODS, "map, adaptive, beside chunksize 1, a task", "µs", 1 / 25),
    ("chunks", "chunks", METHODS, "map, chunks of 100, a task", "µs", 1 / 9),
    ("bytes", "bytes", METHODS, "a 64 MB argument, as bytes", "ms", 1 / 4),
    ("shared", "bytes", METHODS, "a 64 MB argument, shared", "ms", 1 / 25),
    ("kill", "kill", METHODS, "SIGKILL of the workers to a failed future", "ms", 1),
    ("queued", "queued", METHODS, "memory of a queued task, of 100,000", "B", 1 / 4),
]


def run(*command):
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=120, text=True).stdout
    return float(out.rsplit(":", 1)[-1])


def middle(values):
    """median, and the range of the middle half"""
    v = sorted(values)
    return "%s [%s–%s]" % (short(statistics.median(v)), short(v[len(v) // 4]), short(v[-1 - len(v) // 4]))


def short(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default="python3")
    args = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    ours, peers = os.path.join(OUT, "pool"), os.path.join(OUT, "peers")
    subprocess.run(["go", "build", "-o", ours, "./bench/pool"], cwd=ROOT, check=True)
    subprocess.run(["go", "build", "-o", peers, "."], cwd=os.path.join(HERE, "peers"), check=True)

    def cpython(method, row):
        return run(args.python, os.path.join(HERE, "pool_cpython.py"), method, row)

    figures = {}

    def note(key, value):
        figures.setdefault(key, []).append(value)

    before = os.getloadavg()[0]
    for _ in range(args.rounds):
        done = set()
        for row, theirs, methods, *_rest in CPYTHON:
            note(row, run(ours, row))
            for m in methods:
                if (theirs, m) not in done:
                    done.add((theirs, m))
                    note((theirs, m), cpython(m, theirs))
        note("orphan", run(ours, "orphan"))
        for m in METHODS:
            note(("orphan", m), cpython(m, "orphan"))
        for row in ["threads", "threads round"]:
            note(row, run(ours, row))
        for row in ["conc", "pond", "pond round", "ants", "errgroup"]:
            note(row, run(peers, row))
        note("py threads", cpython("threads", "threads"))
        for row in ["serial", "pool", "two", "million", "ten million"]:
            note(row, run(ours, row))
    after = os.getloadavg()[0]

    def median(key):
        return statistics.median(figures[key])

    version = subprocess.run([args.python, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    goversion = subprocess.run(["go", "env", "GOVERSION"], stdout=subprocess.PIPE, text=True).stdout.strip()
    lines = [
        "## The pools",
        "",
        f"`python3 bench/pool.py --rounds {args.rounds}` on {datetime.date.today()}: Linux, {os.cpu_count()} cores, {goversion}, {version}.",
        f"Load average before and after: {before:.1f} and {after:.1f}; the measurement itself is a load of two.",
        "",
        f"{args.rounds} rounds, alternating; medians, the range of the middle half in brackets. Two workers everywhere.",
        "CPython's is its ProcessPoolExecutor with the start method that is best in that row (spawn in the first).",
        "",
        "| | ours | CPython | of it | bar |",
        "|---|---|---|---|---|",
    ]
    for row, theirs, methods, what, unit, bar in CPYTHON:
        best = min(methods, key=lambda m: median((theirs, m)))
        ratio = median(row) / median((theirs, best))
        lines.append(f"| {what} | {middle(figures[row])} {unit} | {middle(figures[theirs, best])} {unit} ({best}) "
                     f"| 1/{1 / ratio:.1f} | 1/{1 / bar:.0f}: {'met' if ratio <= bar else '**missed**'} |")
    left = median("orphan")
    lines.append(f"| workers left 1 s after their parent was killed | {left:.0f} of 2 | "
                 + ", ".join(f"{median(('orphan', m)):.0f} ({m})" for m in METHODS)
                 + f" | | none: {'met' if left == 0 else '**missed**'} |")
    fastest = min(median("conc"), median("pond"))
    lines += [
        "",
        "Goroutines: 100,000 tasks submitted, all results taken, ten times; ns a task. ants and errgroup give no results; the",
        "tasks store them.",
        "",
        "| ThreadPoolExecutor | conc | pond | ants | errgroup | CPython's threads | bar |",
        "|---|---|---|---|---|---|---|",
        "| " + " | ".join(middle(figures[k]) for k in ["threads", "conc", "pond", "ants", "errgroup", "py threads"])
        + f" | faster than conc and pond: {'met' if median('threads') < fastest else '**missed**'} |",
        "",
        f"One by one: ours {middle(figures['threads round'])}, pond {middle(figures['pond round'])}.",
        "",
    ]
    best = {k: min(figures[k]) for k in ["serial", "pool", "two"]}
    ratios = [a / b for a, b in zip(figures["serial"], figures["pool"])]
    twos = [a / b for a, b in zip(figures["serial"], figures["two"])]
    quiet = max(before, after) < 4 and statistics.median(twos) > 1.7
    ok = max(statistics.median(ratios), best["serial"] / best["pool"]) >= 1.9
    lines += [
        f"The lesson's 200 pairs: serial {middle(figures['serial'])} s, a pool of two processes, start included, "
        f"{middle(figures['pool'])} s: {middle(ratios)} times as fast, {best['serial'] / best['pool']:.2f} by the best times. "
        f"Two copies of the serial loop, half of the pairs each, reach {middle(twos)}, {best['serial'] / best['two']:.2f} "
        "by the best. " + (f"Bar: 1.9: {'met' if ok else '**missed**'}." if quiet
                            else "Not to be held against the bar of 1.9 at such a load."),
        "",
        f"Memory while a sequence is mapped with BufferSize(10,000): {median('million'):.1f} MiB at most for a million tasks, "
        f"{median('ten million'):.1f} MiB for ten million.",
    ]
    path = os.path.join(HERE, "RESULTS.md")
    with open(path) as f:
        text = f.read()
    text = re.sub(r"\n## (The pools|Two workers beside one)\n.*?(?=\n## |\Z)", "", text, flags=re.S)
    with open(path + ".new", "w") as f:
        f.write(text.rstrip() + "\n\n" + "\n".join(lines) + "\n")
    os.rename(path + ".new", path)


if __name__ == "__main__":
    main()
