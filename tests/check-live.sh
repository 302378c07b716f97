#!/bin/sh
# A live interface: pkttop counts what the kernel counted, and drops nothing, even with packets as
# fast as they can be sent, in many flows, and without a reader of the reports.
#
# Runs in a network namespace of the test's own, with a veth pair: packets sent into one end come
# out of the other.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}"
packets=400000
flows=100000
asleep=10 # seconds that the reader of the reports sleeps
rate=     # packets a second; none: as fast as they can be sent
# A sanitized program is several times as slow.
[ -z "${SANITIZED-}" ] || rate=20000 packets=100000

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-live.XXXXXX") || exit 99
memory=$(mktemp -d /dev/shm/pkttop-live.XXXXXX 2>/dev/null) || memory=$folder/memory
mkdir -p "$memory"
pid=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$folder" "$memory"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

counter() {
	ip -s -s link show dev pkttop-b | awk '/RX:/ { getline; print $2; exit }'
}

value() { # of a number in the last report's total or its only source
	sed -n "s/.*\"$1\":{[^}]*\"$2\":\\([0-9]*\\).*/\\1/p" "$folder/report" | tail -n 1
}

# Waits until the kernel lists its packet socket.
wait_until_it_captures() {
	tries=0
	until [ "$(wc -l </proc/net/packet 2>/dev/null)" -gt 1 ]; do
		tries=$((tries + 1))
		if [ $tries -gt 50 ] || ! kill -0 "$pid" 2>/dev/null; then
			echo "it does not capture:"
			cat "$folder/error"
			exit 1
		fi
		sleep 0.1
	done
	sleep 0.2
}

# Sends everything to a pkttop whose reports are read from $folder/out; sets sent and status.
run() { # run DELAY [OPTION]
	# shellcheck disable=SC2086 # no option is no argument
	"$PKTTOP" --batch --interface=pkttop-b --delay="$1" --format=json --top=100 ${2-} \
	    >"$folder/out" 2>"$folder/error" &
	pid=$!
	wait_until_it_captures
	before=$(counter)
	[ -z "${stopped-}" ] || kill -STOP $pid
	# shellcheck disable=SC2086 # no rate is no argument
	"$SEND" pkttop-a "$folder/whole.pcap" $packets $rate >"$folder/sent" || exit 1
	[ -z "${stopped-}" ] || kill -CONT $pid
	sleep 0.5
	sent=$(($(counter) - before))
	kill -TERM $pid
	wait $pid
	status=$?
	pid=
}

# Its packets and its kernel drops add up to the packets sent; sets dropped.
balances() { # balances NAME
	counted=$(value total packets)
	dropped=$(sed -n 's/.*"kernel_dropped":\([0-9]*\).*/\1/p' "$folder/report" | tail -n 1)
	echo "$1: $(cat "$folder/sent"), received $sent, counted $counted, dropped $dropped"
	[ "$status" = 0 ] || { echo "exit status $status"; cat "$folder/error"; return 1; }
	[ "$sent" = $packets ] && [ "$((counted + dropped))" = "$sent" ]
}

# Other processes may delay the program for longer than the kernel's buffer lasts, so drops are not
# its fault: one round in three must have none.
none_is_dropped() { # none_is_dropped NAME COMMAND
	for round in 1 2 3; do
		$2
		balances "$1, round $round" || return 1
		[ "$dropped" != 0 ] || return 0
	done
	return 1
}

full_speed() {
	: >"$folder/out"
	run 3600
	cp "$folder/out" "$folder/report"
}

# A line for each packet, to a file that needs no disk.
packet_log() {
	: >"$folder/out"
	rm -f "$memory/log.csv"
	run 3600 "--packet-log=$memory/log.csv"
	cp "$folder/out" "$folder/report"
	lines=$(($(wc -l <"$memory/log.csv") - 1))
	[ "$lines" = "$(value total packets)" ] || status="0, but the log has $lines packets"
}

# The reports of each tenth of a second exceed a pipe's capacity, and are not read.
sleeping_reader() {
	rm -f "$folder/out"
	mkfifo "$folder/out"
	{ sleep $asleep; cat; } <"$folder/out" >"$folder/report" &
	reader=$!
	run 0.1
	wait $reader
	rm -f "$folder/out"
}

# Reports of all flows take longer than the kernel's buffer lasts: a child writes them.
all_rows() {
	rm -f "$folder/out"
	mkfifo "$folder/out"
	tail -n 1 <"$folder/out" | cut -c -5000 >"$folder/report" &
	reader=$!
	run 0.5 --top=0
	wait $reader
	rm -f "$folder/out"
}

# While it is stopped the kernel's buffer holds all packets, because they are truncated.
while_stopped() {
	stopped=1
	full_speed
	stopped=
}

make_pair
"$MKTRACE" $packets $flows "$folder/whole.pcap" small || exit 99

none_is_dropped "at full speed" full_speed || exit 1
none_is_dropped "with a packet log" packet_log || exit 1
whole=$packets packets=50000
"$MKTRACE" $packets 1000 "$folder/whole.pcap" imix || exit 99
none_is_dropped "while it is stopped" while_stopped || exit 1
packets=$whole
"$MKTRACE" $packets $flows "$folder/whole.pcap" small || exit 99
rate=${rate:-50000}
none_is_dropped "while the reader sleeps" sleeping_reader || exit 1
none_is_dropped "with all rows in reports" all_rows || exit 1
