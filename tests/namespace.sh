# shellcheck shell=sh
# Sourced by checks that make interfaces: all of it runs in a network namespace of its own.

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
enter_namespace "${1-}"

# Packets sent into one end come out of the other.
make_pair() { # make_pair [END OTHER]
	ip link add "${1-pkttop-a}" type veth peer name "${2-pkttop-b}" || exit 99
	for end in "${1-pkttop-a}" "${2-pkttop-b}"; do
		# Neighbour discovery would send packets at any time.
		ip link set dev "$end" addrgenmode none 2>/dev/null
		ip link set dev "$end" up || exit 99
	done
}
