#!/bin/sh
# System calls fail, descriptors run out, clocks jump: see check-faults.py.
set -u
[ "$(uname)" = Linux ] || { echo "skipped: calls are made to fail only on Linux"; exit 77; }
[ -z "${SANITIZED-}" ] || { echo "skipped: the sanitizers want to be loaded first"; exit 77; }
[ -e "${FAULTS-}" ] || { echo "skipped: the library of faults needs glibc"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-faults.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
make_pair
python3 -B "${srcdir:-.}/tests/check-faults.py" "$PKTTOP" "$FAULTS" "$SEND" "$folder"
