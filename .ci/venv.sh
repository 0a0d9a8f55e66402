#!/bin/sh
# Makes the Python environment FOLDER, or says in plain words what is missing.
# usage: .ci/venv.sh FOLDER
set -eu
folder=$1

if ! command -v python3 >/dev/null; then
    echo "Tidehall needs Python 3.11 or newer: install the package python3." >&2
    exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Tidehall needs Python 3.11 or newer; python3 here is $(python3 --version)." >&2
    exit 1
fi
# Debian and Ubuntu ship venv and pip's seed apart from python3.
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    "$(dirname "$0")/apt.sh" python3-venv
fi
# --clear would empty whatever a link leads to, for instance an environment that several checkouts share.
if [ -L "$folder" ]; then
    echo "$folder is a link to $(readlink "$folder"); remove the link first if you want an environment here." >&2
    exit 1
fi
echo "making $folder with $(python3 --version)"
python3 -m venv --clear "$folder"
