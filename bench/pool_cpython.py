"""CPython's pools, measured for bench/pool.py: METHOD ROW, where METHOD is a start
method or "threads"; prints the figure in bench/pool's unit."""

import concurrent.futures
import multiprocessing
import os
import signal
import sys
import time


def echo(n):
    return n


def sleep(s):
    time.sleep(s)


def pool(method, n=2):
    if method == "threads":
        return concurrent.futures.ThreadPoolExecutor(n)
    return concurrent.futures.ProcessPoolExecutor(n, mp_context=multiprocessing.get_context(method))


def started(method):
    p = pool(method)
    list(p.map(sleep, [0.05] * 4))  # both workers
    return p


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def start(method):
    """ms until both workers have run something"""
    with pool(method) as p:
        return 1e3 * (seconds(lambda: [f.result() for f in [p.submit(sleep, 0), p.submit(sleep, 0)]]))


def round_(method):
    with started(method) as p:
        return 1e6 / 1000 * seconds(lambda: [p.submit(echo, i).result() for i in range(1000)])


def mapped(method, n, chunksize):
    with started(method) as p:
        args = list(range(n))
        return 1e6 / n * seconds(lambda: list(p.map(echo, args, chunksize=chunksize)))


def bytes_(method):
    with started(method) as p:
        arg = bytes(64 << 20)
        return 1e3 * min(seconds(lambda: p.submit(len, arg).result()) for _ in range(3))


def kill(method):
    p = started(method)
    f = p.submit(sleep, 3600)
    time.sleep(0.1)
    children = list(p._processes)
    start = time.perf_counter()
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    f.exception()
    return 1e3 * (time.perf_counter() - start)


def resident():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:")) << 10


def queued(method):
    p = started(method)
    block = [p.submit(sleep, 3600) for _ in range(2)]
    before = resident()
    fs = [p.submit(echo, i) for i in range(100_000)]
    figure = (resident() - before) / len(fs)
    for pid in list(p._processes):
        os.kill(pid, signal.SIGKILL)
    del block
    return figure


def orphan(method):
    r, w = os.pipe()
    parent = os.fork()
    if parent == 0:
        p = started(method)
        os.write(w, " ".join(map(str, p._processes)).encode() + b"\n")
        time.sleep(3600)
    pids = [int(s) for s in os.read(r, 100).split()]
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    time.sleep(1)
    left = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            left += 1
        except ProcessLookupError:
            pass
    return left


def threads(_):
    n = 100_000
    with concurrent.futures.ThreadPoolExecutor(2) as p:
        return 1e9 / n * seconds(lambda: [f.result() for f in [p.submit(echo, i) for i in range(n)]])


ROWS = {
    "start": start, "round": round_, "bytes": bytes_, "kill": kill, "queued": queued, "orphan": orphan,
    "map1": lambda m: mapped(m, 5_000, 1), "chunks": lambda m: mapped(m, 200_000, 100), "threads": threads,
}

if __name__ == "__main__":
    print(ROWS[sys.argv[2]](sys.argv[1]), flush=True)
    os._exit(0)
