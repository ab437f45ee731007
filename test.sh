#!/bin/sh
# Sets up what the tests need and runs them all, the cheap ones first. Each
# step's output is kept in artifacts/; a failed one is shown. With arguments,
# only the steps so named. A step that takes too long is ended and has failed.
set -u

cd -- "$(dirname -- "$0")"
mkdir -p artifacts

steps="gofmt set-up build vet lessons python lab staticcheck vet-windows vet-darwin go-test"

limit() { # in seconds, of a step on a slow machine
	case $1 in
	gofmt) echo 60 ;;
	go-test) echo 1200 ;;
	*) echo 600 ;;
	esac
}

# Debian's packages are fetched where root may; elsewhere the missing program is
# named. Go is the user's to choose.
set_up() {
	missing=
	for need in python3:python3 node:nodejs npm:npm chromium:chromium git:git gcc:gcc; do
		command -v "${need%%:*}" >/dev/null 2>&1 || missing="$missing ${need#*:}"
	done
	python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
	if [ -n "$missing" ]; then
		if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
			echo "please install:$missing"
			return 1
		fi
		# shellcheck disable=SC2086 # one argument for each package
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing || return 1
	fi
	sh tests/python/venv.sh &&
		npm --prefix tests/lab ci --no-audit --no-fund
}

run_gofmt() {
	unformatted=$(gofmt -l .) || return 1
	[ -z "$unformatted" ] || {
		echo "not formatted: $unformatted"
		return 1
	}
}

run_lessons() {
	for lesson in notebooks/*.ipynb; do
		bin/paracell run --check "$lesson" || return 1
	done
}

step() {
	case $1 in
	set-up) set_up ;;
	build) ./install.sh --prefix artifacts/prefix ;;
	gofmt) run_gofmt ;;
	vet) go vet ./... ;;
	vet-windows) GOOS=windows go vet ./... ;;
	vet-darwin) GOOS=darwin go vet ./... ;;
	staticcheck) go tool staticcheck ./... ;;
	# The lessons have steps of their own. Each of the many processes would wait a
	# second for races at its end.
	go-test) GORACE=atexit_sleep_ms=0 go test -race -short -timeout 15m ./... ;;
	lessons) run_lessons ;;
	python) .venv/bin/python -m pytest -ra tests/python ;;
	lab) node tests/lab/lab.mjs --notebook notebooks/better_way_41.ipynb ;;
	*)
		echo "test.sh: there is no step $1; the steps are: $steps"
		return 2
		;;
	esac
}

if [ "${1-}" = --step ]; then
	step "$2"
	exit
fi

# Ends the step's whole process group when it is late, where coreutils are. In
# the background, so that the terminal's interrupt is heard; there the shell
# ignores it for the step, whose programs must not begin so.
limited() {
	if ! timeout 1 env --default-signal=INT,QUIT true 2>/dev/null; then
		./test.sh --step "$1"
		return
	fi
	timeout -k 10 "$(limit "$1")" env --default-signal=INT,QUIT ./test.sh --step "$1" &
	running=$!
	wait $running
	status=$?
	running=
	[ $status != 124 ] || echo "$1 took longer than $(limit "$1") seconds and was ended"
	return $status
}
running=
trap '[ -z "$running" ] || kill "$running"; exit 130' INT TERM

passed=0
failed=0
[ $# -gt 0 ] || set -- $steps
for name in "$@"; do
	began=$(date +%s)
	if limited "$name" >"artifacts/$name.log" 2>&1; then
		passed=$((passed + 1)) verdict='ok    '
	else
		failed=$((failed + 1)) verdict='FAILED'
	fi
	printf '%s  %-12s %4d s\n' "$verdict" "$name" $(($(date +%s) - began))
	if [ "$verdict" = FAILED ]; then
		tail -n 100 "artifacts/$name.log" | sed 's/^/        /'
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
