#!/bin/sh
# The expected screens of all views waste no room, and no two rows of a screen are equal.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
srcdir=${srcdir:-.}
: "${TABLES:?names the program that prints the tables}"
for view in talkers flows pairs protocols ports packets sizes sources health networks use dns events; do
	set -- "$@" "$srcdir/tests/screens/all-$view.txt"
done
exec python3 "$srcdir/tests/check-columns.py" "$@"
