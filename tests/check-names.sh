#!/bin/sh
# Few functions have a name that another file uses too, so that a name leads to one place.
set -u
most=2 # percent
ctags --version 2>/dev/null | grep -q 'Universal Ctags' || {
	echo "skipped: Universal Ctags is not installed"
	exit 77
}
cd "${srcdir:-.}" || exit 99

find src -name '*.c' | LC_ALL=C sort |
    ctags -x --kinds-C=f --languages=C -I ATTR_PRINTF+ --_xformat='%N %F' -L - | LC_ALL=C sort -u |
    awk -v most="$most" '
	{ files[$1]++; where[$1] = where[$1] " " $2 }
	END {
		for (name in files) {
			all++
			if (files[name] > 1) {
				print name ":" where[name]
				several++
			}
		}
		if (all == 0) {
			print "no function was found"
			exit 1
		}
		printf "%d of %d names stand in several files\n", several, all
		exit several * 100 > all * most
	}'
