#!/bin/sh
# Collectors of other projects receive the flows of captures; their totals are those of the report.
# All on loopback, in a folder of their own.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-ipfix.XXXXXX") || exit 99
failed=0
tested=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"

command -v python3 >/dev/null || skip "python3 is not installed"

# Waits until a process has bound the port, 10 s at most.
wait_port() { # wait_port udp|tcp PORT
	hex=$(printf '0100007F:%04X' "$2")
	for _ in $(seq 100); do
		grep -q " $hex " "/proc/net/$1" 2>/dev/null && return
		sleep 0.1
	done
	fail "no collector listens on port $2"
}

total() { # total PACKETS|BYTES: of the report
	sed -n 's/.*"total":{\("packets":[0-9]*,"bytes":[0-9]*\),.*/\1/p' "$folder/report" |
	    sed "s/.*\"$1\":\([0-9]*\).*/\1/"
}

# Runs pkttop with the sandbox, and stores its report.
export_flows() { # export_flows PKTTOP-ARGUMENT...
	"$PKTTOP" --format=json "$@" >"$folder/report" 2>"$folder/messages" ||
	    fail "pkttop $*: $(cat "$folder/messages")"
	[ ! -s "$folder/messages" ] || fail "pkttop $*: $(cat "$folder/messages")"
}

same() { # same WHAT PACKETS BYTES
	[ "$2" = "$(total packets)" ] || fail "$1: $2 packets, and the report has $(total packets)"
	[ "$3" = "$(total bytes)" ] || fail "$1: $3 bytes, and the report has $(total bytes)"
}

captures=$(three_captures)

# nfdump: each capture in each encoding, without a sequence error.
nfcapd_receives() { # nfcapd_receives FILE ipfix|netflow9 PKTTOP-ARGUMENT...
	port=$(free_port udp)
	file=$1
	option=--$2
	shift 2
	rm -rf "$folder/nf"
	mkdir "$folder/nf"
	nfcapd -b 127.0.0.1 -p "$port" -w "$folder/nf" -t 60 >"$folder/nfcapd" 2>&1 &
	pid=$!
	pids="$pids $pid"
	wait_port udp "$port"
	export_flows --read="$file" "$option=127.0.0.1:$port" --sandbox-strict "$@"
	sleep 0.5
	kill -TERM "$pid"
	wait "$pid"
	nfdump -R "$folder/nf" -I >"$folder/nfdump" 2>&1
	same "nfcapd, $(basename "$file") $option $*" "$(sed -n 's/^Packets: //p' "$folder/nfdump")" \
	    "$(sed -n 's/^Bytes: //p' "$folder/nfdump")"
	grep -q 'Sequence Errors: 0' "$folder/nfcapd" || fail "$(grep 'Sequence Errors' "$folder/nfcapd")"
	tested=$((tested + 1))
}

if [ -n "${SANITIZED-}" ]; then
	echo "built without a sandbox: nfcapd was not tested"
elif command -v nfcapd >/dev/null && command -v nfdump >/dev/null; then
	for capture in $captures; do
		nfcapd_receives "$capture" ipfix
		nfcapd_receives "$capture" ipfix --biflow
		nfcapd_receives "$capture" netflow9
	done
	# A timeout splits records, and changes no sum.
	# shellcheck disable=SC2086 # the first of the list
	set -- $captures
	nfcapd_receives "$1" ipfix --active-timeout=1 --inactive-timeout=1
else
	echo "nfdump is not installed: nfcapd was not tested"
fi

# A reader of TCP that closes after a number of bytes, and then accepts again; it stores each
# connection in a file.
cat >"$folder/receive.py" <<'END'
import socket, sys
port, name, close_after = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("127.0.0.1", port))
l.listen()
for i in range(2 if close_after else 1):
    c = l.accept()[0]
    with open(f"{name}.{i}", "wb") as out:
        while not (i == 0 and 0 < close_after <= out.tell()):
            data = c.recv(65536)
            if not data:
                break
            out.write(data)
    c.close()
END

# The sum of an element over the data records, by libfixbuf.
sum_of() { # sum_of ELEMENT FILE
	ipfixDump --in "$2" --out - 2>"$folder/dump" |
	    awk -v name="$1" 'index($0, name) && $0 !~ /type:/ { n += $NF } END { printf "%.0f", n }'
	[ ! -s "$folder/dump" ] || fail "ipfixDump: $(cat "$folder/dump")"
}

if command -v ipfixDump >/dev/null; then
	for capture in $captures; do
		for option in --ip-bytes --biflow; do
			port=$(free_port tcp)
			python3 "$folder/receive.py" "$port" "$folder/stream" 0 &
			pid=$!
			pids="$pids $pid"
			wait_port tcp "$port"
			export_flows --read="$capture" $option --ipfix="tcp:127.0.0.1:$port"
			wait "$pid"
			packets=$(sum_of acketDeltaCount "$folder/stream.0")
			bytes=$(sum_of ayer2OctetDeltaCount "$folder/stream.0")
			same "ipfixDump, $(basename "$capture") $option" "$packets" "$bytes"
			tested=$((tested + 1))
		done
	done
else
	echo "libfixbuf-tools is not installed: ipfixDump was not tested"
fi

# A collector that is started late, inside the sandbox: the connection is opened again.
port=$(free_port tcp)
"$PKTTOP" --demo --batch --duration=4 --format=json --ipfix="tcp:127.0.0.1:$port" --ipfix=127.0.0.1:1 \
    --inactive-timeout=1 >"$folder/reports" 2>"$folder/messages" &
pid=$!
pids="$pids $pid"
sleep 1.2
python3 "$folder/receive.py" "$port" "$folder/late" 0 &
receiver=$!
pids="$pids $receiver"
wait "$pid"
wait "$receiver"
tail -n 1 "$folder/reports" >"$folder/report"
grep -q 'Connection refused; retrying' "$folder/messages" || fail "late: $(cat "$folder/messages")"
grep -q 'connected again' "$folder/messages" || fail "late: $(cat "$folder/messages")"
grep -q 'refused: no collector is there' "$folder/messages" || fail "late: $(cat "$folder/messages")"
if command -v ipfixDump >/dev/null; then
	same "a late collector" "$(sum_of acketDeltaCount "$folder/late.0")" \
	    "$(sum_of ayer2OctetDeltaCount "$folder/late.0")"
fi

# pmacct, and Kafka behind it: the broker is the one that librdkafka has for tests.
sum_in_topic() { # sum_in_topic packets|bytes
	sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$folder/topic" | awk '{ n += $1 } END { printf "%.0f", n }'
}

kafka_receives() { # kafka_receives FILE...
	port=$(free_port udp)
	kcat -C -t pkttop.flows -b x -X test.mock.num.brokers=1 -X debug=broker \
	    -X allow.auto.create.topics=true -o beginning -u >"$folder/topic" 2>"$folder/kcat" &
	reader=$!
	pids="$pids $reader"
	for _ in $(seq 100); do
		broker=$(grep -o '127\.0\.0\.1:[0-9]*' "$folder/kcat" | head -n 1)
		[ -z "$broker" ] || break
		sleep 0.1
	done
	sed -e "s/^nfacctd_port:.*/nfacctd_port: $port/; s/^nfacctd_ip:.*/nfacctd_ip: 127.0.0.1/" \
	    -e "s/^kafka_broker_host\(.*\):.*/kafka_broker_host\1: 127.0.0.1/" \
	    -e "s/^kafka_broker_port\(.*\):.*/kafka_broker_port\1: ${broker#*:}/" \
	    -e "s/^kafka_refresh_time\(.*\):.*/kafka_refresh_time\1: 1/" \
	    -e "s|^pidfile:.*|pidfile: $folder/nfacctd.pid|" \
	    "${srcdir:-.}/doc/fleet/nfacctd.conf" >"$folder/nfacctd.conf"
	nfacctd -f "$folder/nfacctd.conf" >"$folder/nfacctd" 2>&1 &
	pid=$!
	pids="$pids $pid"
	wait_port udp "$port"
	packets=0
	bytes=0
	for capture; do
		# pmacct counts no other frames.
		export_flows --read="$capture" --ipfix="127.0.0.1:$port" --filter='ip or ip6'
		packets=$((packets + $(total packets)))
		bytes=$((bytes + $(total bytes)))
	done
	for _ in $(seq 120); do
		[ "$(sum_in_topic packets)" -ge "$packets" ] && break
		sleep 0.5
	done
	[ "$(sum_in_topic packets) $(sum_in_topic bytes)" = "$packets $bytes" ] ||
	    fail "Kafka: $(sum_in_topic packets) packets, $(sum_in_topic bytes) bytes instead of $packets, $bytes"
	grep -i malformed "$folder/nfacctd" && fail "nfacctd finds something malformed"
	kill -INT "$pid"
	wait "$pid"
	kill "$reader"
	tested=$((tested + 1))
}

if command -v nfacctd >/dev/null && command -v kcat >/dev/null; then
	# shellcheck disable=SC2086 # a list
	kafka_receives $captures
else
	echo "pmacct and kcat are not installed: Kafka was not tested"
fi

[ $failed -eq 0 ] || exit 1
[ $tested -gt 0 ] || skip "no collector is installed"
