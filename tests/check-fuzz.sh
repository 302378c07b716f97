#!/bin/sh
# The fuzzers take their corpora, and whatever else lies about, without a crash.
set -u
: "${REPLAYS:?names the fuzzers that replay files}"
srcdir=${srcdir:-.}
failed=0
for replay in $REPLAYS; do
	corpus=$srcdir/tests/fuzz/corpus/${replay##*/replay_}
	set -- "$srcdir"/tests/cases/*.case "$srcdir"/tests/cases/*.txt "$srcdir"/include/*/*.h \
	    "$srcdir"/src/*/*.c
	[ -d "$corpus" ] && set -- "$@" "$corpus"/*
	"./$replay" "$@" || { echo "$replay: failed with $?"; failed=1; }
done
exit $failed
