#!/bin/sh
# Takes what the cases print now as what they must print: all cases, or those named.
# Run by "make bless" or "make bless CASES=tests/cases/vlan.case". It prints the files that it
# changed; read their difference before it is committed.

set -u
here=$(dirname "$0")
[ $# -gt 0 ] || set -- "$here"/cases/*.case "$here"/screens/*.case
exec sh "$here/run-case.sh" --bless "$@"
