#!/bin/sh
# Runs every test, in two halves side by side: what mostly waits for servers, pages and the clock, and the rest.
# usage: .ci/test.sh PYTHON
set -u
python=$1
waiting="tests/browser tests/chaos tests/data tests/demo"
left_out=""
for folder in $waiting; do left_out="$left_out --ignore=$folder"; done

log=$(mktemp)
# shellcheck disable=SC2086  # the lists are meant to fall apart into words
"$python" -m pytest -m "not slow" $waiting >"$log" 2>&1 &
other=$!
trap 'kill "$other" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
# shellcheck disable=SC2086
"$python" -m pytest -m "not slow" $left_out
mine=$?
echo "waiting for the tests of pages, processes and real days"
wait "$other"
theirs=$?
cat "$log"
rm -f "$log"
[ "$mine" -eq 0 ] && [ "$theirs" -eq 0 ]
