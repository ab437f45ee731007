"""All pairs in two processes, each an interpreter with a lock of its own."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from workload import PAIRS, gcd, took

if __name__ == "__main__":
    start = time.perf_counter()
    spawn = multiprocessing.get_context("spawn")  # what every platform has
    with ProcessPoolExecutor(max_workers=2, mp_context=spawn) as pool:
        results = list(pool.map(gcd, PAIRS))
    took(start)
