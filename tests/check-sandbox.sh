#!/bin/sh
# The rights of the running pkttop: see check-sandbox.py.
set -u
skip() {
	echo "skipped: $*"
	exit 77
}

[ "$(uname)" = Linux ] || skip "the sandbox is Linux's"
[ -z "${SANITIZED-}" ] || skip "built without a sandbox, for the sanitizers"
[ "$(id -u)" -eq 0 ] || skip "needs root, to see what is left of it"
id nobody >/dev/null 2>&1 || skip "there is no user nobody"
command -v python3 >/dev/null || skip "python3 is not installed"
if [ "${1-}" != inside ]; then
	unshare -n true 2>/dev/null || skip "no network namespace can be made"
	exec unshare -n sh "$0" inside
fi
ip link set dev lo up || skip "ip is not installed"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-sandbox.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
# shellcheck disable=SC2086 # a command with its flags
$COMPILE -D_GNU_SOURCE -fPIC -shared -o "$folder/probe.so" "${srcdir:-.}/tests/probe.c" || exit 1
python3 "${srcdir:-.}/tests/check-sandbox.py" "$PKTTOP" "$folder"
