#!/bin/sh
# Connections of known processes are found: those that live long and those that live for a few ms, of
# the host, of another network namespace and of a control group like a container's.
set -u
: "${PKTTOP:?names the program}"

skip() {
	echo "skipped: $*"
	exit 77
}

[ "$(uname)" = Linux ] || skip "only Linux tells whose a socket is"
for tool in unshare nsenter ip python3; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
[ "$(id -u)" = 0 ] || skip "not root"
unshare -n ip link set dev lo up 2>/dev/null || skip "no network namespace can be made"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-owners.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
unshare -n python3 "$(dirname "$0")/check-owners.py" "$PKTTOP" "$folder"
