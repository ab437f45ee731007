"""All pairs in two threads: the GIL lets one of them compute at a time."""

import time
from concurrent.futures import ThreadPoolExecutor

from workload import PAIRS, gcd, took

if __name__ == "__main__":
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(gcd, PAIRS))
    took(start)
