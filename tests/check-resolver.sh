#!/bin/sh
# Reverse DNS with servers of all kinds, in namespaces of its own, where this machine's are not asked.
set -u
: "${PKTTOP:?names the program}"
skip() {
	echo "skipped: $*"
	exit 77
}
command -v python3 >/dev/null || skip "python3 is not installed"
command -v unshare >/dev/null || skip "unshare is not installed"
"$PKTTOP" --version | grep -q '^c-ares  *yes' || skip "built without c-ares"

if [ "${1-}" != inside ]; then
	unshare --net --mount true 2>/dev/null || skip "no namespaces can be made: not root?"
	exec unshare --net --mount sh "$0" inside
fi
conf=$(mktemp "${TMPDIR:-/tmp}/pkttop-resolver.XXXXXX") || exit 99
echo "nameserver 127.0.0.1" >"$conf"
chmod 644 "$conf"
mount --bind "$conf" /etc/resolv.conf || { rm -f "$conf"; skip "resolv.conf cannot be replaced"; }
rm -f "$conf"
exec python3 "$(dirname "$0")/check-resolver.py" "$PKTTOP"
