#!/bin/sh
# Every file of the tree is in Makefile.am, so that it is built, run and shipped.
set -u
cd "${srcdir:-.}" || exit 99
failed=0

for file in $(find src include tests \( -name '*.[ch]' -o -name '*.def' -o -name '*.sh' \
    -o -name '*.py' -o -name '*.case' -o -name 'seed-*' \) | LC_ALL=C sort); do
	if ! grep -qE "(^|[[:space:]])$(echo "$file" | sed 's/\./\\./g')([[:space:]]|\$)" Makefile.am; then
		# A program with one source is named after it.
		program=$(echo "${file%.c}" | sed 's/\./\\./g')
		grep -qE "(^|[[:space:]])$program([[:space:]]|\$)" Makefile.am && continue
		echo "$file is not in Makefile.am"
		failed=1
	fi
done
for text in tests/cases/*.txt tests/screens/*.txt; do
	[ -f "$text" ] || continue
	[ -f "${text%.txt}.case" ] || { echo "$text is of no case"; failed=1; }
done
exit $failed
