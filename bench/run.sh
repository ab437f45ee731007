#!/bin/sh
# Measures paracell beside ipykernel, in one run, and writes bench/RESULTS.md.
#
#   bench/run.sh [ROUNDS]
set -eu
cd -- "$(dirname -- "$0")/.."
sh tests/python/venv.sh
./install.sh --prefix artifacts/bench
exec .venv/bin/python bench/bench.py --prefix artifacts/bench --out bench/RESULTS.md --rounds "${1:-9}"
