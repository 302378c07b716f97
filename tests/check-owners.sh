#!/bin/sh
# Connections of known processes are found: those that live long and those that live for a few ms, of
# the host, of another network namespace and of a control group like a container's.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
[ "$(uname)" = Linux ] || skip "only Linux tells whose a socket is"
need nsenter python3
[ "$(id -u)" = 0 ] || skip "not root"
enter_namespace "${1-}"
make_folder

python3 "${srcdir:-.}/tests/check-owners.py" "$PKTTOP" "$folder"
