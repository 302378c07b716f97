#!/bin/sh
# Each header compiles alone, and twice.
set -u
srcdir=${srcdir:-.}
: "${COMPILE:?names the compiler with its flags}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-headers.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM

# All in one run of the compiler, which names the wrong ones.
n=0
for header in $(find "$srcdir/include" -name '*.h' | LC_ALL=C sort); do
	name=${header#"$srcdir"/include/}
	printf '#include "%s"\n#include "%s"\n' "$name" "$name" \
	    >"$folder/$(echo "${name%.h}" | tr / _).c"
	n=$((n + 1))
done
[ $n -gt 1 ] || { echo "no headers were found"; exit 1; }
# shellcheck disable=SC2086 # a command with its flags
$COMPILE -fsyntax-only "$folder"/*.c
