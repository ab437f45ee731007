#!/bin/sh
# Sets up what the tests need and runs them all. Each step's output is kept in
# artifacts/; a failed one is shown. With arguments, only the steps so named.
set -u

cd -- "$(dirname -- "$0")"
mkdir -p artifacts

lesson=notebooks/better_way_41.ipynb
steps="set-up build gofmt vet vet-windows vet-darwin staticcheck go-test lesson lesson-ko python lab"

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

step() {
	case $1 in
	set-up) set_up ;;
	build) ./install.sh --prefix artifacts/prefix ;;
	gofmt) run_gofmt ;;
	vet) go vet ./... ;;
	vet-windows) GOOS=windows go vet ./... ;;
	vet-darwin) GOOS=darwin go vet ./... ;;
	staticcheck) go tool staticcheck ./... ;;
	go-test) go test -race ./... ;;
	lesson) bin/paracell run --check "$lesson" ;;
	lesson-ko) bin/paracell run --check "${lesson%.ipynb}_ko.ipynb" ;;
	python) .venv/bin/python -m pytest -ra tests/python ;;
	lab) node tests/lab/lab.mjs --notebook "$lesson" ;;
	*)
		echo "test.sh: there is no step $1; the steps are: $steps"
		return 2
		;;
	esac
}

passed=0
failed=0
[ $# -gt 0 ] || set -- $steps
for name in "$@"; do
	began=$(date +%s)
	if step "$name" >"artifacts/$name.log" 2>&1; then
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
