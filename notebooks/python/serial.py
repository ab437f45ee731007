"""All pairs, one after the other."""

from workload import PAIRS, gcd, took

if __name__ == "__main__":
    took(lambda: list(map(gcd, PAIRS)))
