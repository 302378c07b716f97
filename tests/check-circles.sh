#!/bin/sh
# No modules need one another in a circle, and none needs a higher layer.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
exec python3 "${srcdir:-.}/tests/check-circles.py" .
