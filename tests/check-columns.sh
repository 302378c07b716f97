#!/bin/sh
# The expected screens of all views waste no room, and no two rows of a screen are equal; the same
# of the view of places, which needs a database.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
srcdir=${srcdir:-.}
: "${TABLES:?names the program that prints the tables}" "${PKTTOP:?names the program}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-columns.XXXXXX") || exit 99
chmod 755 "$folder" # pkttop reads it without privileges
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM

dump_places() {
	python3 -B - "$srcdir/tests" "$folder/places.mmdb" <<-'END' || exit 99
	import importlib, sys
	sys.path.insert(0, sys.argv[1])
	with open(sys.argv[2], "wb") as file:
	    file.write(importlib.import_module("check-places").database("DE"))
	END
	for size in 20x5 40x10 80x24 100x30 132x43 200x60 250x70; do
		for ascii in "" --ascii; do
			echo "=== $size $ascii"
			# shellcheck disable=SC2086 # an option, or nothing
			"$PKTTOP" --no-config --demo --view=places --geoip="$folder/places.mmdb" \
			    --dump=$size $ascii || exit 99
		done
	done
}

for view in talkers flows pairs protocols ports packets sizes sources health networks use dns events; do
	set -- "$@" "$srcdir/tests/screens/all-$view.txt"
done
if "$PKTTOP" --version | grep -q '^libmaxminddb *yes'; then
	dump_places >"$folder/all-places.txt"
	set -- "$@" "$folder/all-places.txt"
fi
python3 "$srcdir/tests/check-columns.py" "$@"
