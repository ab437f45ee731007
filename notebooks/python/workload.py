"""The work that the programs beside this one share, and their stopwatch."""

import time

PAIRS = [
    (1963309, 2265973), (2030677, 3814172),
    (1551645, 2229620), (2039045, 2020802),
]


def gcd(pair):
    """Count down from the smaller number until it divides both."""
    a, b = pair
    for i in range(min(a, b), 0, -1):
        if a % i == 0 and b % i == 0:
            return i
    return 0


def took(work):
    """Do the work five times and print the shortest time, as the notebook does."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(f"Took {min(times):.3f} seconds")
