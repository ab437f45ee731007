#!/bin/sh
# Builds paracell and makes it known to Jupyter. Run it again at any time: it
# changes only what has to change.
set -eu

usage() {
	cat <<'END'
usage: ./install.sh [--lab] [--user | --prefix DIR | --sys-prefix] [--uninstall]

  (nothing)      build bin/paracell and install the kernel for this user
  --lab          also make a virtual environment with JupyterLab 4 where there
                 is none, and open the lesson
  --prefix DIR   install the kernel into DIR/share/jupyter/kernels
  --sys-prefix   install the kernel into the active virtual environment
  --uninstall    remove the kernel again (same place), and bin/paracell
END
}

fail() {
	echo "install.sh: $*" >&2
	exit 1
}

from=$(pwd)
cd -- "$(dirname -- "$0")"
here=$(pwd)

lab=no
remove=no
place=--user
prefix=
while [ $# -gt 0 ]; do
	case $1 in
	--lab) lab=yes ;;
	--user | --sys-prefix) place=$1 ;;
	--prefix)
		[ $# -gt 1 ] || fail "--prefix needs a directory"
		place=--prefix prefix=$2
		shift
		;;
	--prefix=*) place=--prefix prefix=${1#--prefix=} ;;
	--uninstall) remove=yes ;;
	-h | --help)
		usage
		exit 0
		;;
	*)
		usage >&2
		fail "does not know $1"
		;;
	esac
	shift
done

case $prefix in
'' | /*) ;;
*) prefix=$from/$prefix ;;
esac

kernel() { # what paracell install is told about the place
	if [ "$place" = --prefix ]; then
		bin/paracell install "$place" "$prefix" "$@"
	else
		bin/paracell install "$place" "$@"
	fi
}

needed=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' go.mod)

check_go() {
	how="install Go $needed or newer from https://go.dev/dl/ and put its bin directory on the PATH"
	command -v go >/dev/null 2>&1 || fail "Go is not on the PATH: $how"
	# A Go since 1.21 fetches the version that go.mod asks for, if it may.
	found=$(go env GOVERSION 2>&1) || fail "go does not work ($found): $how"
	case $found in
	go1.*)
		minor=${found#go1.}
		minor=${minor%%[!0-9]*}
		[ "$minor" -ge "${needed#1.}" ] || fail "$found is too old: $how"
		;;
	esac
}

if [ $remove = yes ]; then
	if [ ! -x bin/paracell ]; then
		check_go
		go build -o bin/paracell .
	fi
	kernel --uninstall
	rm -f bin/paracell
	exit 0
fi

check_go
if [ "$(go env CGO_ENABLED)" != 1 ]; then
	echo "install.sh: Go finds no C compiler, so cells that declare types will not run: install gcc (on Debian: apt-get install gcc), then run this again" >&2
fi
echo "building bin/paracell; the first time takes a minute or two"
# No -trimpath: compiled cells are loaded into this binary's evaluator, and must
# be built with the same flags.
go build -o bin/paracell .

if [ $lab = yes ]; then
	jupyter=$(command -v jupyter || true)
	if [ -z "$jupyter" ] || ! "$jupyter" lab --version >/dev/null 2>&1; then
		jupyter=$here/.venv/bin/jupyter
		if [ ! -x "$jupyter" ] || ! "$jupyter" lab --version >/dev/null 2>&1; then
			python=${PYTHON:-python3}
			command -v "$python" >/dev/null 2>&1 || fail "JupyterLab needs Python 3.10 or newer: install python3, or set PYTHON"
			echo "JupyterLab is not here: it is fetched into $here/.venv, which takes a minute or two"
			"$python" -m venv .venv || fail "$python cannot make a virtual environment: install its venv module (python3-venv on Debian)"
			.venv/bin/python -m pip install --quiet --disable-pip-version-check 'jupyterlab>=4'
		fi
	fi
fi

kernel
echo "preparing the types of the standard library for cells; the first time takes a minute or so"
# A cell works without this, the first one slower.
bin/paracell doctor --warm >/dev/null || echo "something is missing here: bin/paracell doctor tells what"
echo "bin/paracell is built; to run the lesson here: bin/paracell run notebooks/better_way_41.ipynb"

if [ $lab = yes ]; then
	root=
	[ "$(id -u)" != 0 ] || root=--allow-root # or Jupyter refuses; in a container root is who there is
	exec "$jupyter" lab $root notebooks/better_way_41.ipynb
fi
