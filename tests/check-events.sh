#!/bin/sh
# Events of captures, hostile and normal: see check-events.py.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
exec python3 -B "${srcdir:-.}/tests/check-events.py" "$PKTTOP" ${PKTTOP_CORPUS:+"$PKTTOP_CORPUS"}
