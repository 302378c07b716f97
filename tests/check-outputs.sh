#!/bin/sh
# All outputs for a capture agree on its packets: see check-outputs.py.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
for tool in python3 sqlite3 capinfos; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
exec python3 -B "${srcdir:-.}/tests/check-outputs.py" "$PKTTOP" "$PKTTOP_CORPUS"
