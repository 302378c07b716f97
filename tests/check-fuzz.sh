#!/bin/sh
# The fuzzers run on their corpora, and on other files, without a crash.
set -u
: "${FUZZERS:?names the fuzzers, which take files}"
srcdir=${srcdir:-.}
failed=0
for fuzzer in $FUZZERS; do
	corpus=$srcdir/tests/fuzz/corpus/${fuzzer##*/fuzz_}
	set -- "$srcdir"/tests/cases/*.case "$srcdir"/tests/cases/*.txt "$srcdir"/include/*/*.h \
	    "$srcdir"/src/*/*.c
	[ -d "$corpus" ] && set -- "$@" "$corpus"/*
	"./$fuzzer" "$@" || { echo "$fuzzer: failed with $?"; failed=1; }
done
exit $failed
