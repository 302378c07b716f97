#!/bin/sh
# A live interface: what pkttop counts is what the kernel counted, and nothing was dropped.
#
# All of it is in a network namespace of the test's own, with a pair of interfaces: what is
# sent into the one comes out of the other.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
packets=20000

skip() {
	echo "skipped: $*"
	exit 77
}

if [ "${1-}" != inside ]; then
	command -v unshare >/dev/null || skip "unshare is not installed"
	command -v ip >/dev/null || skip "ip is not installed"
	command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"
	for way in -n -rn; do
		unshare $way ip link add pkttop-a type veth peer name pkttop-b 2>/dev/null &&
		    exec unshare $way sh "$0" inside
	done
	skip "no network namespace with interfaces can be made: not root?"
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-live.XXXXXX") || exit 99
pid=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

counter() {
	cat "/sys/class/net/pkttop-b/statistics/rx_packets" 2>/dev/null ||
	    ip -s -s link show dev pkttop-b | awk '/RX:/ { getline; print $2; exit }'
}

# Neighbour discovery would send packets when it pleases.
ip link add pkttop-a type veth peer name pkttop-b || exit 99
for end in pkttop-a pkttop-b; do
	ip link set dev $end addrgenmode none 2>/dev/null
	ip link set dev $end up || exit 99
done
"$MKTRACE" $packets 500 "$folder/whole.pcap" || exit 99

"$PKTTOP" --batch --interface=pkttop-b --delay=3600 --format=json \
    >"$folder/report" 2>"$folder/error" &
pid=$!

# It captures once its socket stands in the kernel's list.
tries=0
until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt 1 ]; do
	tries=$((tries + 1))
	if [ $tries -gt 50 ] || ! kill -0 $pid 2>/dev/null; then
		echo "it does not capture:"
		cat "$folder/error"
		exit 1
	fi
	sleep 0.1
done
sleep 0.2

before=$(counter)
tcpreplay -q -i pkttop-a --pps=20000 "$folder/whole.pcap" >"$folder/replay" 2>&1 ||
    { cat "$folder/replay"; exit 1; }
sleep 0.5
sent=$(($(counter) - before))
kill -INT $pid
wait $pid
status=$?
pid=

value() { # of a number in the report's total or its only source
	sed -n "s/.*\"$1\":{[^}]*\"$2\":\\([0-9]*\\).*/\\1/p" "$folder/report" | tail -n 1
}
counted=$(value total packets)
dropped=$(sed -n 's/.*"kernel_dropped":\([0-9]*\).*/\1/p' "$folder/report" | tail -n 1)
echo "sent $packets, the interface received $sent, pkttop counted $counted, the kernel dropped $dropped"
[ $status -eq 0 ] || { echo "exit status $status"; cat "$folder/error"; exit 1; }
[ "$sent" -gt 0 ] && [ "$counted" = "$sent" ] && [ "$dropped" = 0 ]
