#!/bin/sh
# Runs one case and compares its output with the expected one.
#
#	run-case.sh [--bless] CASE...
#
# A case is a file NAME.case; its expected output is in NAME.txt. Its lines:
#
#	# what the case shows
#	run ARGUMENTS		as the shell reads them; $CAP is the capture made of this case
#	dump SIZE...		runs it for a screen of each size, with UTF-8 and without
#	link NUMBER, or a time and layers: see tests/mkcap.c
#
# The output is standard output, then each line of standard error after "stderr: ", then the exit
# status if it is not 0.

set -u
bless=no
if [ "${1-}" = --bless ]; then
	bless=yes
	shift
fi
: "${PKTTOP:?names the program}" "${MKCAP:?names the maker of captures}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-case.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM

run_once() { # run_once ARGUMENTS
	eval "set -- $1"
	"$PKTTOP" --no-apps "$@" </dev/null >"$folder/out" 2>"$folder/err"
	status=$?
	cat "$folder/out"
	sed 's/^/stderr: /' "$folder/err"
	[ $status -eq 0 ] || echo "exit: $status"
}

run_case() {
	CAP=$folder/capture.pcap
	"$MKCAP" "$1" "$CAP" || return 1
	arguments=$(sed -n 's/^run //p' "$1")
	if [ -z "$arguments" ]; then
		echo "$1: no line begins with \"run \"" >&2
		return 1
	fi
	sizes=$(sed -n 's/^dump //p' "$1")
	if [ -z "$sizes" ]; then
		run_once "$arguments" >"$folder/got"
		return
	fi
	for size in $sizes; do
		for ascii in "" --ascii; do
			echo "=== $size $ascii"
			run_once "$arguments --dump=$size $ascii"
		done
	done >"$folder/got"
}

failed=0
for case in "$@"; do
	expected=${case%.case}.txt
	if ! run_case "$case"; then
		failed=1
	elif [ $bless = yes ]; then
		cmp -s "$folder/got" "$expected" || { cp "$folder/got" "$expected" && echo "$expected"; }
	elif ! [ -f "$expected" ]; then
		echo "$expected is missing: look at this, then make bless"
		cat "$folder/got"
		failed=1
	else
		diff -u "$expected" "$folder/got" || failed=1
	fi
done
exit $failed
