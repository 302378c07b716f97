#!/bin/sh
# Rates and times of replayed files and of live pipes: see check-time.py.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
exec python3 -B "${srcdir:-.}/tests/check-time.py"
