#!/bin/sh
# Interfaces that go away and come back, and everything with its own clock: with reports a minute
# apart, all else must happen within seconds.
#
# Runs in a network namespace of the test's own, with a veth pair: packets sent into one end come
# out of the other.
set -u
: "${PKTTOP:?names the program}" "${MKCAP:?names the maker of captures}"
: "${SEND:?names the sender of packets}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-return.XXXXXX") || exit 99
pid=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' TERM

fail() {
	echo "$*"
	tail -n 3 "$folder/out" | cut -c 1-400
	cat "$folder/error"
	exit 1
}

# Waits until the kernel lists so many packet sockets.
wait_until_it_captures() { # wait_until_it_captures [SOURCES]
	tries=0
	until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt "${1-1}" ]; do
		tries=$((tries + 1))
		if [ $tries -gt 40 ] || ! kill -0 "$pid" 2>/dev/null; then
			fail "it does not capture"
		fi
		sleep 0.1
	done
	sleep 0.3 # until it is bound, too
}

start() { # start OPTIONS ...
	"$PKTTOP" --batch --format=json --delay=60 "$@" >"$folder/out" 2>"$folder/error" &
	pid=$!
	wait_until_it_captures
}

stop() { # stop STATUS
	sleep 0.7
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	pid=
	[ "$status" = "$1" ] || fail "exit status $status, not $1"
}

send() { # send INTERFACE CASE PACKETS
	"$SEND" "$1" "$folder/$2.pcap" "$3" >/dev/null || exit 99
}

has() { # has TEXT: the last report does
	tail -n 1 "$folder/out" | grep -q -- "$1" || fail "there is no $1"
}

lines() { # lines TEXT NUMBER: so many of them were said
	got=$(grep -c -- "$1" "$folder/error")
	[ "$got" = "$2" ] || fail "\"$1\" was said $got times, not $2"
}

wait_for() { # wait_for TENTHS TEXT FILE [TIMES]
	tries=0
	until [ "$(grep -c -- "$2" "$3")" -ge "${4-1}" ]; do
		tries=$((tries + 1))
		[ $tries -le "$1" ] || fail "no \"$2\" within $1 tenths of a second"
		sleep 0.1
	done
}

make_case() { # make_case NAME: the packets are on standard input
	cat >"$folder/$1.case"
	"$MKCAP" "$folder/$1.case" "$folder/$1.pcap" || exit 99
}

make_case some <<EOF
0.000 eth / ip 10.9.0.1 10.9.0.2 / udp 4000 53 / data 30
EOF
make_case closed <<EOF
0.000 eth / ip 10.9.0.1 10.9.0.2 / tcp 4001 80 S 100 0
0.010 eth / ip 10.9.0.2 10.9.0.1 / tcp 80 4001 SA 200 101
0.020 eth / ip 10.9.0.1 10.9.0.2 / tcp 4001 80 A 101 201
0.030 eth / ip 10.9.0.1 10.9.0.2 / tcp 4001 80 FA 101 201
0.040 eth / ip 10.9.0.2 10.9.0.1 / tcp 80 4001 FA 201 102
0.050 eth / ip 10.9.0.1 10.9.0.2 / tcp 4001 80 A 102 202
EOF

# pkttop keeps running if signals are ignored at its start, as under nohup. The only interface is
# re-created repeatedly; the connection's record is written long before a report.
make_pair
trap '' HUP INT QUIT
start --interface=pkttop-b --flow-log="$folder/flows.csv"
trap - HUP INT QUIT
kill -HUP "$pid"
kill -INT "$pid"
kill -QUIT "$pid"
for n in 1 2 3; do
	ip link del pkttop-a
	[ $n = 1 ] || sleep 1.3 # the first time it is another one before it is missed
	make_pair
	wait_for 20 "pkttop-b is back" "$folder/error" $n
	send pkttop-a some 10
done
lines "pkttop-b: the interface disappeared" 3
send pkttop-a closed 6
wait_for 100 ",4001,.*,closed," "$folder/flows.csv"
stop 0
has '"state":"running","packets":36,'
lines . 6

# An interface that is down is not reported as lost, and costs almost nothing.
switches() {
	awk '/ctxt_switches/ { sum += $2 } END { print sum }' "/proc/$pid/status"
}
start --interface=pkttop-b --packet-log="$folder/packets.csv" --rotate=1s
send pkttop-a some 10
sleep 0.5
ip link set dev pkttop-b down
wait_for 20 "pkttop-b: the interface is down" "$folder/error"
before=$(switches)
sleep 2
woken=$(($(switches) - before))
[ $woken -le 40 ] || fail "in 2 s it was woken $woken times though the interface is down"
stop 0
has '"state":"down"'
[ "$(wc -l <"$folder/packets-1.csv")" = 11 ] || fail "no file was ended when it was time"
ip link set dev pkttop-b up

# A renamed interface is gone, and later returns; also with a second source at the same time, which
# is of another pair: packets of one pair are counted once.
ip link add pkttop-c type veth peer name pkttop-d && ip link set dev pkttop-c up || exit 99
start --interface=pkttop-b --interface=pkttop-c
wait_until_it_captures 2
ip link set dev pkttop-b down
ip link set dev pkttop-b name pkttop-x
wait_for 20 "pkttop-b: the interface disappeared" "$folder/error"
ip link set dev pkttop-x name pkttop-b
ip link set dev pkttop-b mtu 900
ip link set dev pkttop-b up
wait_for 20 "pkttop-b is back" "$folder/error"
send pkttop-a some 10
stop 0
has '"name":"pkttop-b",[^}]*"state":"running","packets":10,'
ip link del pkttop-c

# The name suddenly belongs to another interface, and the first one has another name: then its
# packets are no longer counted.
make_pair pkttop-c pkttop-d
start --interface=pkttop-b
if ip link set dev pkttop-b name pkttop-x 2>/dev/null; then
	ip link set dev pkttop-d name pkttop-b || exit 99
	wait_for 20 "pkttop-b is back" "$folder/error"
	send pkttop-a some 5
	send pkttop-c some 10
	stop 0
	has '"name":"pkttop-b",[^}]*"state":"running","packets":10,'
	ip link set dev pkttop-b name pkttop-d
	ip link set dev pkttop-x name pkttop-b
else
	echo "not tested: this kernel does not rename interfaces that are up"
	stop 0
fi
ip link del pkttop-c

# While all interfaces are gone it waits; the exit status shows the result.
start --interface=pkttop-b
ip link del pkttop-a
wait_for 20 "pkttop-b: the interface disappeared" "$folder/error"
stop 1
has '"state":"gone"'

# An interface that returns with another link type. All packets sent before it disappeared and
# after it is back are counted, also those that were still in the kernel's buffer.
hold_tunnel() { # hold_tunnel FLAGS: it has a carrier only while a process holds it
	python3 -c "import fcntl, struct, time
f = open('/dev/net/tun', 'r+b', buffering=0)
fcntl.ioctl(f, 0x400454ca, struct.pack('16sH', b'pkttop-t', $1 | 0x1000))
time.sleep(60)" &
	holder=$!
	ip addr add 10.7.0.1/24 dev pkttop-t && ip link set dev pkttop-t up || exit 99
	ip neigh add 10.7.0.2 lladdr 02:00:00:00:00:02 dev pkttop-t 2>/dev/null
	until ip link show dev pkttop-t | grep -q LOWER_UP; do
		kill -0 "$holder" || exit 99
		sleep 0.1
	done
}
send_to_tunnel() { # send_to_tunnel PACKETS
	python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range($1):
    s.sendto(bytes(100), ('10.7.0.2', 9))" || exit 99
}
if python3 -c 'open("/dev/net/tun", "r+b", buffering=0)' 2>/dev/null &&
    ip tuntap add pkttop-t mode tun 2>/dev/null; then
	hold_tunnel 1
	start --interface=pkttop-t udp port 9
	send_to_tunnel 20
	kill "$holder"
	ip link del pkttop-t
	ip tuntap add pkttop-t mode tap || exit 99
	hold_tunnel 2
	wait_for 50 "pkttop-t is back" "$folder/error"
	send_to_tunnel 20
	stop 0
	has '"linktype":"EN10MB","state":"running","packets":40,'
	kill "$holder"
	ip link del pkttop-t
else
	echo "not tested: another link type: no tunnel can be made, or python3 is not installed"
fi

# An address that is added later is local within a second, also in known flows.
make_pair
ip addr add 10.8.0.1/24 dev pkttop-b
start --interface=pkttop-b --view=traffic --format=csv
send pkttop-a some 10
sleep 0.5
ip addr add 10.9.0.2/24 dev pkttop-b
sleep 1.5
send pkttop-a some 10
sleep 1 # the second that is not over yet is not reported
stop 0
came=$(awk -F , 'NR == 1 { for (at = 1; $at != "pps_in"; at++); } NR > 1 { sum += $at }
    END { print sum }' "$folder/out")
[ "$came" = 10 ] || fail "of 20 packets $came came in, not the 10 for the new address"

# So are the members of "any".
start --interface=any
send pkttop-a some 10
ip link add pkttop-c type veth peer name pkttop-d && ip link set dev pkttop-c up &&
    ip link set dev pkttop-d up || exit 99
sleep 1.3
send pkttop-c some 10
sleep 0.5
ip link del pkttop-c
sleep 1.3
stop 0
has '"name":"pkttop-b",[^}]*"state":"running"'
has '"name":"pkttop-d",[^}]*"state":"gone",'
lines . 0

# netfilter's log has several packets per message, and is not an interface.
if command -v nft >/dev/null && nft add table netdev pkttop 2>/dev/null && nft add chain netdev \
    pkttop some '{ type filter hook ingress device "pkttop-b" priority 0; }' 2>/dev/null &&
    nft add rule netdev pkttop some log group 5 2>/dev/null; then
	"$PKTTOP" --batch --format=json --delay=60 --interface=nflog:5 >"$folder/out" \
	    2>"$folder/error" &
	pid=$!
	sleep 0.7
	send pkttop-a some 10
	sleep 1 # the kernel keeps them for so long
	stop 0
	has '"linktype":"NFLOG","state":"running","packets":10,'
	lines . 0
else
	echo "not tested: nflog: nft is not installed, or this kernel has none"
fi
