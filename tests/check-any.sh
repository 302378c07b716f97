#!/bin/sh
# The bytes of a cooked capture are those that the kernel counts for the link: 200 empty datagrams
# through a veth pair in a network namespace of the test's own.
set -u
: "${PKTTOP:?names the program}" "${MKCAP:?names the maker of captures}"
: "${SEND:?names the sender of packets}"
packets=200

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-any.XXXXXX") || exit 99
pid=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

tx_bytes() {
	ip -s -s link show dev pkttop-a | awk '/TX:/ { getline; print $1; exit }'
}

wait_until_it_captures() {
	tries=0
	until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt 1 ]; do
		tries=$((tries + 1))
		[ $tries -le 50 ] || { echo "it does not capture:"; cat "$folder/error"; exit 1; }
		sleep 0.1
	done
	sleep 0.2
}

make_pair
echo "0 eth / ip 192.0.2.1 192.0.2.2 / udp 1000 2000" >"$folder/empty"
"$MKCAP" "$folder/empty" "$folder/empty.pcap" || exit 99

"$PKTTOP" --batch --no-config --interface=any --delay=3600 --format=json \
    >"$folder/report" 2>"$folder/error" &
pid=$!
wait_until_it_captures
before=$(tx_bytes)
"$SEND" pkttop-a "$folder/empty.pcap" $packets 1000 >/dev/null || exit 99
sleep 0.5
sent=$(($(tx_bytes) - before))
kill -TERM $pid
wait $pid
pid=
counted=$(sed -n 's/.*"total":{"packets":\([0-9]*\),"bytes":\([0-9]*\).*/\1 \2/p' "$folder/report")
echo "sent $packets packets of $sent bytes, counted $counted"
[ "$counted" = "$packets $sent" ]
