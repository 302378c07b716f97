#!/bin/sh
# Many clients do not disturb capturing: 50 ask for reports, 10 read events slowly, and one asks what
# the page asks, while packets are sent over a veth pair in a network namespace of the test's own.
#
# Other programs on this machine take its processors too. So the rate is a part of what was captured
# without clients and without drops, a round in three must have no drop, and the limit of a step is in
# processor time, with room for cold caches.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}"
[ -z "${SANITIZED-}" ] || { echo "skipped: it is about speed"; exit 77; }
command -v curl >/dev/null || { echo "skipped: curl is not installed"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
part=5         # of the full speed
longest=0.03   # s
packets=200000 # at full speed
flows=20000    # answers about them are written by children

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-load.XXXXXX") || exit 99
url=http://127.0.0.1:8080
pid=
clients=
# shellcheck disable=SC2317,SC2329 # it is called by trap
clean() {
	[ -z "$clients" ] || kill "$clients" 2>/dev/null
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

metric() { # metric NAME
	curl -s "$url/metrics" | sed -n "s/^$1 //p"
}

dropped() {
	metric 'pkttop_source_kernel_dropped_packets_total{source="pkttop-b"}'
}

send() { # send PACKETS [RATE]: sets took, drops
	before=$(dropped)
	# shellcheck disable=SC2086 # no rate is no argument
	"$SEND" pkttop-a "$folder/whole.pcap" "$1" ${2-} >"$folder/sent" || exit 1
	took=$(sed -n 's/.* in \([0-9.]*\) s$/\1/p' "$folder/sent")
	sleep 1.2 # the kernel's counters are read each second
	drops=$(($(dropped) - before))
}

# Neighbour discovery would send packets at any time.
ip link set lo up
make_pair
"$MKTRACE" $packets $flows "$folder/whole.pcap" small || exit 99
"$PKTTOP" --headless --listen=127.0.0.1:8080 --interface=pkttop-b --delay=0.5 2>"$folder/error" &
pid=$!
tries=0
until [ -n "$(dropped)" ]; do
	tries=$((tries + 1))
	grep -q 'built without libmicrohttpd' "$folder/error" && skip "built without libmicrohttpd"
	if [ $tries -gt 100 ] || ! kill -0 $pid 2>/dev/null; then
		cat "$folder/error"
		exit 1
	fi
	sleep 0.1
done

send $packets
rate=$(echo "$packets $took $part" | awk '{ print int($1 / $2 / $3) }')
echo "without clients: $packets packets in $took s, $drops dropped; with clients: $rate packets/s"
python3 "${srcdir:-.}/tests/check-load.py" 8080 >"$folder/clients" &
clients=$!
round=0
until send $((rate * 3)) "$rate"; echo "with clients: $drops of $((rate * 3)) packets dropped"; [ "$drops" = 0 ]; do
	round=$((round + 1))
	[ $round -lt 3 ] || { echo "packets are dropped"; exit 1; }
done
kill $clients
wait $clients || { cat "$folder/clients"; echo "a client got nothing"; exit 1; }
clients=
cat "$folder/clients"
turn=$(metric pkttop_http_longest_turn_seconds)
echo "longest step: $turn s of processor time"
curl -s "$url/metrics" | grep '^pkttop_http_longest_step_seconds'
kill $pid
wait $pid || { echo "it ended with $?: $(cat "$folder/error")"; exit 1; }
pid=
echo "$turn $longest" | awk '{ exit $1 > $2 }' || { echo "a step is longer than $longest s"; exit 1; }
