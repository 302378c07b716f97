#!/bin/sh
# The flow log compared with one calculated from tshark's output: see check-flowlog.py.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
for tool in python3 tshark; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
exec python3 -B "${srcdir:-.}/tests/check-flowlog.py" "$PKTTOP" "$PKTTOP_CORPUS"
