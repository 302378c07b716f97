#!/bin/sh
# Renamed addresses and shifted stamps change nothing else: see check-same.py. Runs on the captures
# of the cases, and on those in the directory PKTTOP_CORPUS.
set -u
: "${PKTTOP:?names the program}" "${MKCAP:?names the maker of captures}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
tests=${srcdir:-.}/tests

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-same.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM

for case in "$tests"/cases/*.case; do
	name=${case##*/}
	"$MKCAP" "$case" "$folder/${name%.case}.pcap" || exit 99
done
PKTTOP_SEEDS=3 python3 "$tests/check-same.py" "$PKTTOP" "$folder"/*.pcap || exit 1
[ -n "${PKTTOP_CORPUS-}" ] || { echo "PKTTOP_CORPUS names no folder of captures"; exit 0; }
exec python3 "$tests/check-same.py" "$PKTTOP" "$PKTTOP_CORPUS"/real/*
