#!/bin/sh
# The rights of the running pkttop: see check-sandbox.py.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
[ "$(uname)" = Linux ] || skip "the sandbox is Linux's"
[ -z "${SANITIZED-}" ] || skip "built without a sandbox, for the sanitizers"
[ "$(id -u)" -eq 0 ] || skip "needs root, to see what is left of it"
id nobody >/dev/null 2>&1 || skip "there is no user nobody"
need python3
enter_namespace "${1-}"
make_folder

# shellcheck disable=SC2086 # a command with its flags
$COMPILE -D_GNU_SOURCE -fPIC -shared -o "$folder/probe.so" "${srcdir:-.}/tests/probe.c" || exit 1
python3 "${srcdir:-.}/tests/check-sandbox.py" "$PKTTOP" "$folder"
