#!/bin/sh
# The program is stopped for STOPPED seconds: afterwards each packet was counted, or is reported as
# dropped. Up to 10 s none is dropped, with a buffer of the least size for that, too; the default
# one lasts for 12 s.
set -u
: "${PKTTOP:?names the program}" "${MKTRACE:?names the writer of captures}"
: "${SEND:?names the sender of packets}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

stopped=${STOPPED-12}
rate=50
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-stopped.XXXXXX") || exit 99
small=
large=
# shellcheck disable=SC2329 # it is called by trap
clean() {
	# shellcheck disable=SC2086 # those that were started
	[ -z "$small$large" ] || kill -KILL $small $large 2>/dev/null
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

fail() {
	echo "$*"
	cat "$folder"/error.*
	exit 1
}

start() { # start NAME OPTION ...
	name=$1
	shift
	"$PKTTOP" --batch --interface=pkttop-b --format=json --delay=3600 "$@" \
	    >"$folder/out.$name" 2>"$folder/error.$name" &
}

# Waits until the kernel lists so many packet sockets.
wait_until_they_capture() {
	tries=0
	until [ "$(wc -l </proc/net/packet)" -gt "$1" ]; do
		tries=$((tries + 1))
		[ $tries -le 50 ] || fail "they do not capture"
		sleep 0.1
	done
	sleep 0.3 # until they are bound, too
}

send() { # send SECONDS
	"$SEND" pkttop-a "$folder/whole.pcap" $(($1 * rate)) $rate >/dev/null || exit 99
}

number() { # number NAME KEY: of the last report's total or its only source
	sed -n "s/.*\"$2\":\\([0-9]*\\).*/\\1/p" "$folder/out.$1" | tail -n 1
}

check() { # check NAME PID
	kill -TERM "$2"
	wait "$2" || fail "$1: exit status $?"
	counted=$(sed -n 's/.*"total":{"packets":\([0-9]*\).*/\1/p' "$folder/out.$1" | tail -n 1)
	dropped=$(number "$1" kernel_dropped)
	echo "$1 buffer: $sent packets sent, $counted counted, $dropped dropped"
	[ $((counted + dropped)) = $sent ] || fail "some are missing"
	[ "$dropped" = 0 ] || [ "$stopped" -gt 12 ] || fail "some are dropped"
}

make_pair
"$MKTRACE" 1000 100 "$folder/whole.pcap" imix || exit 99
start small --buffer=6
small=$!
start default
large=$!
wait_until_they_capture 2
kill -STOP $small $large
send $((stopped - 2))
kill -CONT $small
send 2
kill -CONT $large
sleep 1
sent=$((stopped * rate))
check small $small
small=
check default $large
large=
