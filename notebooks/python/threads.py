"""All pairs in two threads: the GIL lets one of them compute at a time."""

from concurrent.futures import ThreadPoolExecutor

from workload import PAIRS, gcd, took


def work():
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(gcd, PAIRS))


if __name__ == "__main__":
    took(work)
