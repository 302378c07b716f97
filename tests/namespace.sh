# shellcheck shell=sh
# Sourced by checks that make interfaces: runs the script again in a network namespace of its own,
# with the argument "inside", or skips it.

skip() {
	echo "skipped: $*"
	exit 77
}

if [ "${1-}" != inside ]; then
	command -v unshare >/dev/null || skip "unshare is not installed"
	command -v ip >/dev/null || skip "ip is not installed"
	for way in -n -rn; do
		unshare $way ip link add pkttop-a type veth peer name pkttop-b 2>/dev/null &&
		    exec unshare $way sh "$0" inside
	done
	skip "no network namespace with interfaces can be made: not root?"
fi
