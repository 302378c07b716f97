#!/bin/sh
# Captures from other sources, compared with results of other programs: see check-corpus.py.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
tests=${srcdir:-.}/tests
exec python3 -B "$tests/check-corpus.py" "$PKTTOP" "$PKTTOP_CORPUS" "$tests/corpus-differences.txt"
