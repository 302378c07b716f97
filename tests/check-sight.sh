#!/bin/sh
# The coverage that pkttop reports: whether it captured all that the interface counted.
#
# Runs in a network namespace of the test's own, with a veth pair: packets sent into one end come
# out of the other.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}" "${MKCAP:?names the maker of captures}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-sight.XXXXXX") || exit 99
pid=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

fail() {
	echo "$*"
	tail -n 3 "$folder/out" "$folder/error" | cut -c 1-400
	exit 1
}

# A number of the first source in the last report; empty if it is missing.
value() {
	tail -n 1 "$folder/out" | sed -n "s/^[^]]*\"$1\":\\([0-9]*\\).*/\\1/p"
}

start() { # start OPTIONS ...: returns once it captures
	"$PKTTOP" --batch --format=json --delay=1 "$@" >"$folder/out" 2>"$folder/error" &
	pid=$!
	tries=0
	until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt 1 ]; do
		tries=$((tries + 1))
		if [ $tries -gt 50 ] || ! kill -0 "$pid" 2>/dev/null; then
			fail "it does not capture"
		fi
		sleep 0.1
	done
	sleep 0.2
}

stop() {
	kill -TERM "$pid"
	wait "$pid" || fail "exit status $?"
	pid=
}

send() { # send PACKETS [PER_SECOND]
	"$SEND" pkttop-a "$folder/some.pcap" "$@" >/dev/null || exit 99
}

make_pair
ip link set dev lo up || exit 99
"$MKTRACE" 1000 10 "$folder/some.pcap" small || exit 99

# Packets sent before the capture do not count.
send 100
start --interface=pkttop-b
send 20000 20000
sleep 1.5
stop
[ "$(value interface_packets)" = 20000 ] || fail "counted by the interface: $(value interface_packets)"
[ "$(value missing)" = 0 ] || fail "all was captured, yet missing: $(value missing)"

# Packets bypass the sender's taps, so packets sent at this end are not captured; this is reported.
start --interface=pkttop-a
send 3000 6000
sleep 2.5
stop
[ "$(value interface_packets)" = 3000 ] || fail "sent, by the interface: $(value interface_packets)"
[ "$(value missing)" = 3000 ] || fail "nothing was captured, yet missing: $(value missing)"

# A loopback sends and receives the same packets.
if command -v ping >/dev/null; then
	start --interface=lo
	ping -q -c 20 -i 0.02 127.0.0.1 >/dev/null || exit 99
	sleep 1.5
	stop
	[ "$(value interface_packets)" = 40 ] || fail "a loopback's: $(value interface_packets)"
	[ "$(value missing)" = 0 ] || fail "missing on a loopback: $(value missing)"
fi

# While it is stopped the kernel's buffer overflows.
start --interface=pkttop-b --buffer=1
kill -STOP "$pid"
send 60000
kill -CONT "$pid"
sleep 1.5
stop
dropped=$(value kernel_dropped)
[ "$(value interface_packets)" = 60000 ] || fail "counted: $(value interface_packets)"
[ "${dropped:-0}" -gt 0 ] || fail "nothing was dropped, so this shows nothing"
[ "$(value missing)" = "$dropped" ] || fail "dropped $dropped, missing: $(value missing)"

# With a filter, without promiscuous mode, and on all interfaces there is no comparison.
for options in "--interface=pkttop-b ip" "--interface=pkttop-b -p" --interface=any; do
	# shellcheck disable=SC2086 # several words
	start $options
	send 2000
	sleep 1.5
	stop
	[ -z "$(value missing)" ] || fail "$options: it claims to know that $(value missing) are missing"
	[ -n "$(value packets)" ] || fail "$options: no packets"
done

# The screen shows it in words.
"$PKTTOP" --interface=pkttop-b --dump=80x24 --duration=2 >"$folder/out" 2>"$folder/error" &
pid=$!
sleep 0.7
send 1000
wait "$pid" || fail "no screen"
pid=
grep -q 'saw 100 %  dropped 0' "$folder/out" || fail "the screen does not say that it saw all"

# An SSH session that only a parent's environment has, as under sudo, is not among the rows, unless
# they are requested.
cat >"$folder/session.case" <<EOF
0.000 eth / ip 10.9.0.1 10.9.0.2 / tcp 51234 22 PA 100 200 / data 30
0.010 eth / ip 10.9.0.2 10.9.0.1 / tcp 22 51234 PA 200 130 / data 300
0.020 eth / ip 10.9.0.1 10.9.0.2 / tcp 51235 22 PA 100 200 / data 70
0.030 eth / ip 10.9.0.2 10.9.0.3 / udp 4000 53 / data 30
EOF
"$MKCAP" "$folder/session.case" "$folder/session.pcap" || exit 99
screen() { # screen OPTIONS ...
	# shellcheck disable=SC2016 # the inner shell reads them
	SSH_CONNECTION="10.9.0.1 51234 10.9.0.2 22" sh -c \
	    'env -u SSH_CONNECTION "$PKTTOP" --interface=pkttop-b --duration=2 "$@"; exit $?' \
	    sh "$@" >"$folder/out" 2>"$folder/error" &
	pid=$!
	sleep 0.7
	"$SEND" pkttop-a "$folder/session.pcap" 400 >/dev/null || exit 99
	wait "$pid" || fail "no screen"
	pid=
}
screen --dump=100x24 --view=flows --numeric
grep -q '51235' "$folder/out" || fail "another connection is hidden too"
grep -q '51234' "$folder/out" && fail "the own session is shown"
grep -q 'own ssh hidden' "$folder/out" || fail "it is not said that something is hidden"
grep -q 'total .* 400 packets' "$folder/out" || fail "what is hidden is not counted"
screen --dump=100x24 --view=flows --numeric --keys=O
grep -q '51234' "$folder/out" || fail "the own session cannot be shown"
grep -q 'own ssh hidden' "$folder/out" && fail "what is shown is called hidden"
screen --batch --format=json --reports=1
grep -q '"a_port":51234' "$folder/out" || fail "a report hides something"

# On all interfaces: a packet that crosses a bridge is seen at two of its ports, one that the
# machine sends through it at the bridge and at a port. Each is counted once.
not_tested() {
	echo "not tested: $*"
	exit 0
}
command -v nsenter >/dev/null || not_tested "bridges: nsenter is not installed"
ip link add br0 type bridge forward_delay 0 2>/dev/null || not_tested "bridges: this kernel has none"
far=
# shellcheck disable=SC2329 # it is called by trap
leave() {
	for each in $far; do
		kill "$each" 2>/dev/null
	done
	clean
}
trap leave EXIT
for n in 1 2; do
	unshare -n sleep 60 &
	far="$far $!"
	sleep 0.2
	ip link add port$n type veth peer name end$n || exit 99
	ip link set dev end$n netns $! || exit 99
	ip link set dev port$n master br0 || exit 99
	ip link set dev port$n addrgenmode none 2>/dev/null
	nsenter -t $! -n ip link set dev end$n addrgenmode none 2>/dev/null
	ip link set dev port$n up
	nsenter -t $! -n ip addr add 10.8.0.$n/24 dev end$n || exit 99
	nsenter -t $! -n ip link set dev end$n up
done
ip link set dev br0 addrgenmode none 2>/dev/null
ip link set dev br0 up
ip addr add 10.8.0.3/24 dev br0
first=${far# }
first=${first%% *}
icmp() {
	tail -n 1 "$folder/out" | grep -o '/ip/icmp","name":"icmp","packets":[0-9]*' | sed 's/.*://'
}
cat >"$folder/cross.case" <<CASE
0.000 eth / ip6 fd00::1 fd00::2 / udp 4000 4001 / data 10
CASE
"$MKCAP" "$folder/cross.case" "$folder/cross.pcap" || exit 99
start --interface=any
nsenter -t "$first" -n "$SEND" end1 "$folder/cross.pcap" 20 >/dev/null || exit 99
sleep 1.2
stop
crossed=$(tail -n 1 "$folder/out" | grep -o '/ipv6/udp","name":"udp","packets":[0-9]*' | sed 's/.*://')
[ "$crossed" = 20 ] || fail "twenty packets that cross a bridge are counted as $crossed"
grep -q '"name":"port1","[^}]*"counted":"received"' "$folder/out" || fail "port1 is not told of"
grep -q '"name":"port2","[^}]*"counted":"received","packets":0,' "$folder/out" ||
    fail "port2 has sent what port1 received, and that is counted or not told of"

start --interface=any
send 5000 10000
sleep 1.2
stop
[ "$(tail -n 1 "$folder/out" | sed 's/.*"total":{"packets":\([0-9]*\).*/\1/')" = 5000 ] ||
    fail "what goes through a pair of interfaces is not counted once"

command -v ping >/dev/null || not_tested "what a bridge sends: ping is not installed"
start --interface=any
ping -q -c 10 -i 0.05 10.8.0.1 >/dev/null || exit 99
sleep 1.2
stop
[ "$(icmp)" = 20 ] || fail "ten pings from a bridge and their answers are counted as $(icmp)"

# A VLAN is inside the interface that carries it.
if ip link add link port1 name tag1 type vlan id 5 2>/dev/null; then
	ip link set dev port1 nomaster
	ip addr add 10.7.0.3/24 dev tag1
	ip link set dev tag1 up
	nsenter -t "$first" -n ip link add link end1 name tag1 type vlan id 5
	nsenter -t "$first" -n ip addr add 10.7.0.1/24 dev tag1
	nsenter -t "$first" -n ip link set dev tag1 up
	ping -q -c 1 -W 2 10.7.0.1 >/dev/null
	start --interface=any
	ping -q -c 10 -i 0.05 10.7.0.1 >/dev/null || exit 99
	sleep 1.2
	stop
	[ "$(tail -n 1 "$folder/out" | grep -o '"name":"icmp","packets":[0-9]*' | sed 's/.*://')" = 20 ] ||
	    fail "ten pings on a VLAN and their answers are not counted once"
	grep -q '"name":"tag1","[^}]*"counted":"inside port1"' "$folder/out" || fail "tag1 is not told of"
fi
