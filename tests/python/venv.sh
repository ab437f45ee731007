#!/bin/sh
# Makes .venv/ in the checkout with what requirements.txt names. Runs again only
# when requirements.txt has changed. PYTHON chooses the interpreter.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
venv=$(CDPATH='' cd -- "$here/../.." && pwd)/.venv
wanted=$(cksum < "$here/requirements.txt")

if [ "$(cat "$venv/.requirements" 2>/dev/null)" = "$wanted" ]; then
	exit 0
fi

python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null 2>&1; then
	echo "venv.sh: $python is not there: install Python 3.10 or newer, or set PYTHON" >&2
	exit 1
fi
if ! "$python" -m venv "$venv"; then
	echo "venv.sh: $python cannot make a virtual environment: install its venv module (python3-venv on Debian)" >&2
	exit 1
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade -r "$here/requirements.txt"
printf '%s\n' "$wanted" > "$venv/.requirements"
