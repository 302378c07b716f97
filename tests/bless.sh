#!/bin/sh
# Accepts the current output as the expected one, of all cases or of those named. Run by "make
# bless" or "make bless CASES=tests/cases/vlan.case". It prints the files that it changed; read
# their difference before committing.

set -u
here=$(dirname "$0")
[ $# -gt 0 ] || set -- "$here"/cases/*.case "$here"/screens/*.case
exec sh "$here/run-case.sh" --bless "$@"
