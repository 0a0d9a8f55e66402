#!/bin/sh
# Installs those of the named Debian packages that are missing; through sudo where we are not root.
# usage: .ci/apt.sh PACKAGE...
set -eu

missing=""
for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing:$missing. There is no apt-get here; install what these Debian packages hold, by hand." >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -v; then
        echo "Missing:$missing. Installing them needs root: run 'apt-get install$missing' as root, then try again." >&2
        exit 1
    fi
    as_root="sudo"
fi
echo "installing$missing (Debian packages)"
$as_root apt-get -qq update || echo "the package lists could not be refreshed; trying with those at hand" >&2
# A log file keeps the screen quiet and is shown where it matters.
log=$(mktemp)
if ! $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends install $missing >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "apt-get could not install$missing." >&2
    exit 1
fi
rm -f "$log"
