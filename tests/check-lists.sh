#!/bin/sh
# Each source is built, each test run and each helper shipped: a fragment of the Makefile names it.
set -u
cd "${srcdir:-.}" || exit 99
failed=0

for file in $(find src completions tests web \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \
    -o -name '*.tap' -o -name '*.js' -o -name '*.mjs' \) ! -path 'tests/screens/*' | LC_ALL=C sort); do
	# A program with one source is named after it.
	names=$(echo "${file##*/} $(basename "$file" .c)" | sed 's/\./\\./g; s/ /|/')
	grep -qE "/($names)([[:space:]]|\$)" Makefile.am "${file%/*}/local.mk" \
	    "${file%/*}/../local.mk" 2>/dev/null && continue
	echo "$file is in no list"
	failed=1
done
for text in tests/cases/*.txt tests/screens/*.txt; do
	[ -f "$text" ] || continue
	[ -f "${text%.txt}.case" ] || { echo "$text is of no case"; failed=1; }
done
exit $failed
