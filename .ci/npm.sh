#!/bin/sh
# Runs npm: the machine's own, or else the one in a hash-locked Python wheel, put into the environment VENV.
# usage: .ci/npm.sh VENV ARGUMENT...
set -eu
venv=$1
shift

if command -v npm >/dev/null; then
    exec npm "$@"
fi
if [ ! -x "$venv/bin/npm" ]; then
    echo "npm is not installed; fetching a Node.js wheel for the set-up (about 60 MB)"
    "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-node.txt
fi
# npm starts node by its name.
PATH="$(cd "$venv/bin" && pwd):$PATH" exec "$venv/bin/npm" "$@"
