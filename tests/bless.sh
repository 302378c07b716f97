#!/bin/sh
# Accepts the current output as the expected one, of all cases or of those named. Run by "make
# bless" or "make bless CASES=tests/cases/vlan.case". It prints the files that it changed; read
# their difference before committing.

set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- tests/cases/*.case tests/screens/*.case
exec sh tests/run-case.sh --bless "$@"
