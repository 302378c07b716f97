#!/bin/sh
# Runs the cases of a folder, or those of them that CASES names, and prints a line for each in the
# Test Anything Protocol.
#
#	tap-cases.sh FOLDER
set -u
here=${srcdir:-.}/tests

[ -n "${CASES-}" ] || CASES=$(cd "$here/$1" && ls ./*.case)
number=0
for case in $CASES; do
	case=$here/$1/${case##*/}
	[ -f "$case" ] || continue
	number=$((number + 1))
	name=${case##*/}
	if difference=$(sh "$here/run-case.sh" "$case" 2>&1); then
		echo "ok $number - ${name%.case}"
	else
		echo "not ok $number - ${name%.case}"
		echo "$difference" | sed 's/^/# /'
	fi
done
echo "1..$number"
