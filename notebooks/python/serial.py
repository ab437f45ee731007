"""All pairs, one after the other."""

import time

from workload import PAIRS, gcd, took

if __name__ == "__main__":
    start = time.perf_counter()
    results = list(map(gcd, PAIRS))
    took(start)
