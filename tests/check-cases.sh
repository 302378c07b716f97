#!/bin/sh
# Small captures of difficult cases, and the correct result for each: see check-cases.py.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
cases=$PKTTOP_CORPUS/../cases
[ -d "$cases" ] || { echo "skipped: there is no folder $cases"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
exec python3 "${srcdir:-.}/tests/check-cases.py" "$PKTTOP" "$cases"
