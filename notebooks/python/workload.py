"""The work that the three programs beside this one share."""

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


def took(start):
    print(f"Took {time.perf_counter() - start:.3f} seconds")
