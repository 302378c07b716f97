#!/bin/sh
# Reverse DNS with servers of all kinds, in namespaces of its own, where this machine's are not asked.
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
need python3
"$PKTTOP" --version | grep -q '^c-ares  *yes' || skip "built without c-ares"
enter_namespace "${1-}" --mount

conf=$(mktemp "${TMPDIR:-/tmp}/pkttop-resolver.XXXXXX") || exit 99
echo "nameserver 127.0.0.1" >"$conf"
chmod 644 "$conf"
mount --bind "$conf" /etc/resolv.conf || { rm -f "$conf"; skip "resolv.conf cannot be replaced"; }
rm -f "$conf"
exec python3 "$(dirname "$0")/check-resolver.py" "$PKTTOP"
