"""All pairs in two processes, each an interpreter with a lock of its own."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from workload import PAIRS, gcd, took


def work():
    spawn = multiprocessing.get_context("spawn")  # what every platform has
    with ProcessPoolExecutor(max_workers=2, mp_context=spawn) as pool:
        list(pool.map(gcd, PAIRS))


if __name__ == "__main__":
    took(work)
