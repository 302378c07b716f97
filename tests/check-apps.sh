#!/bin/sh
# Applications of flows, compared with those of ndpiReader: see check-apps.py.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
for program in python3 ndpiReader; do
	command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
version=$("$PKTTOP" --version)
echo "$version" | grep '^libndpi *yes' >/dev/null || { echo "skipped: built without libndpi"; exit 77; }
# Nothing else is tested by a slow build.
echo "$version" | grep '^sanitizers *no' >/dev/null || { echo "skipped: built with sanitizers"; exit 77; }
exec python3 -B "${srcdir:-.}/tests/check-apps.py" "$PKTTOP" "$PKTTOP_CORPUS"
