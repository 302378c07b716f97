#!/bin/sh
# Databases of places, such as MaxMind's test data, and damaged copies of them: see check-mmdb.py.
set -u
[ -n "${PKTTOP_MMDB-}" ] || { echo "skipped: PKTTOP_MMDB names no folder of databases"; exit 77; }
for program in python3 mmdblookup; do
	command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
"$PKTTOP" --version | grep '^libmaxminddb *yes' >/dev/null || { echo "skipped: built without libmaxminddb"; exit 77; }
exec python3 -B "${srcdir:-.}/tests/check-mmdb.py" "$PKTTOP" "$PKTTOP_MMDB"
