#!/bin/sh
# A database of places that is replaced by renaming is read again at SIGHUP, also in the sandbox.
set -u
: "${PKTTOP:?names the program}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
for library in libmicrohttpd libmaxminddb; do
	"$PKTTOP" --version | grep -q "^$library  *yes" || { echo "skipped: built without $library"; exit 77; }
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-places.XXXXXX") || exit 99
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
python3 "$(dirname "$0")/check-places.py" "$PKTTOP" "$folder"
