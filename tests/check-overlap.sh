#!/bin/sh
# Interfaces that see the same packets and are captured together: each packet is counted once, or
# there is a warning. Runs in a network namespace of the test's own.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}"
packets=100

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-overlap.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
ip link set lo up
ip link add pkttop-a type veth peer name pkttop-b
ip link add pkttop-br type bridge
ip link set pkttop-b master pkttop-br
ip link add link pkttop-a name pkttop-a.5 type vlan id 5 2>/dev/null
for link in pkttop-a pkttop-b pkttop-br; do
	sysctl -qw "net.ipv6.conf.$link.disable_ipv6=1" 2>/dev/null
	ip link set "$link" up
done
"$MKTRACE" $packets 10 "$folder/whole.pcap" small || exit 99

# Packets bypass the sender's taps, so the other end is checked. The packets that a bridge forwards
# depend on its learned addresses; it also sends a few itself.
counts() { # counts once|some WORDS INTERFACE...
	wanted=$1 words=$2
	shift 2
	names=
	for name; do
		names="$names --interface=$name"
	done
	# shellcheck disable=SC2086 # each is a word
	"$PKTTOP" --batch --format=json --delay=60 $names >"$folder/report" 2>"$folder/error" &
	pid=$!
	tries=0
	until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt 1 ] || [ $tries -gt 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	sleep 0.3
	"$SEND" pkttop-a "$folder/whole.pcap" $packets 1000 >/dev/null
	sleep 1
	kill -TERM $pid
	wait $pid
	got=$(sed -n 's/.*"total":{"packets":\([0-9]*\).*/\1/p' "$folder/report" | tail -n 1)
	enough=$([ "$wanted" = once ] && echo $packets || echo 0)
	if [ "$got" -lt "$enough" ] || [ "$got" -ge $((2 * packets)) ] || ! grep -q "$words" "$folder/error"; then
		echo "$*: $got packets, wanted are $packets and a few; or without the words \"$words\":"
		cat "$folder/error"
		failed=1
	fi
}

failed=0
counts once "pkttop-b: its packets are counted on pkttop-b" pkttop-b pkttop-b
counts once "pkttop-a: its packets are counted on pkttop-b" pkttop-b pkttop-a
counts once "pkttop-a: its packets are counted on any" any pkttop-a
! ip link show pkttop-a.5 >/dev/null 2>&1 ||
    counts some "pkttop-a.5: its packets are counted on pkttop-a" pkttop-a.5 pkttop-a
counts some "packets that also pass pkttop-br are counted on both" pkttop-br pkttop-b
exit $failed
