#!/bin/sh
# SOAK packets, with keys, records and flaps: see soak.py.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-soak.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
make_pair
python3 -B "${srcdir:-.}/tests/soak.py" "$PKTTOP" "$MKTRACE" "$SEND" "$folder" "${SOAK-200000}"
