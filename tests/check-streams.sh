#!/bin/sh
# Streams over HTTP: started, stopped, asked and removed with curl, on two veth pairs in a network
# namespace of the test's own.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"
need curl python3
make_folder
chmod 755 "$folder"
url=http://127.0.0.1:8080

is() { # is STATUS CURL-ARGUMENT...
	wanted=$1
	shift
	got=$(curl -s -u admin:secret -o "$folder/body" -w '%{http_code}' "$@")
	[ "$got" = "$wanted" ] || fail "curl $*: $got instead of $wanted: $(cat "$folder/body")"
}

json() { # json EXPRESSION: true of the object d of the last answer
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' \
	    "$folder/body" "$1" || fail "not true: $1: $(head -c 600 "$folder/body")"
}

post() { # post STATUS PATH [BODY]
	is "$1" -H 'Content-Type: application/json' -X POST "$url$2" ${3+-d "$3"}
}

send() { # send INTERFACE PACKETS: UDP, 100 bytes each with the headers
	python3 - "$1" "$2" <<'END'
import socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 86, 0, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
udp = struct.pack("!HHHH", 1000, 53, 66, 0)
for i in range(int(sys.argv[2])):
    s.send(b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1" + b"\x08\0" + ip + udp + bytes(58))
END
}

settle() { # settle NAME PACKETS: waits until the stream has counted so many
	tries=0
	while [ $tries -lt 300 ]; do
		is 200 "$url/streams/$1"
		grep -q "\"packets\":$2," "$folder/body" && return
		tries=$((tries + 1))
		sleep 0.1
	done
	fail "stream $1 has not $2 packets: $(cat "$folder/body")"
}

await() { # await STATE: waits until the stream "file" has it
	tries=0
	until curl -s -u admin:secret $url/streams/file | grep -q "\"state\":\"\($1\)\""; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { fail "the stream of the file is not $1"; return; }
		sleep 0.1
	done
}

ip link set lo up
for n in 1 2; do
	ip link add veth$n type veth peer name peer$n
	for end in veth$n peer$n; do
		echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6" 2>/dev/null
		ip link set "$end" up
	done
done
echo secret | "$PKTTOP" --hash-password=admin >"$folder/auth" 2>"$folder/error" ||
    skip "$(cat "$folder/error")"
chmod 644 "$folder/auth"
mkdir "$folder/files"
"$PKTTOP" --demo -b -w "$folder/files/demo.pcapng" --format=json >"$folder/demo.json"
"$PKTTOP" --headless --listen=127.0.0.1:8080 --auth-file="$folder/auth" --delay=0.2 \
    --file-streams="$folder/files" 2>"$folder/error" &
pid=$!
tries=0
until curl -s -o /dev/null $url/healthz; do
	tries=$((tries + 1))
	grep -q 'built without libmicrohttpd' "$folder/error" && skip "built without libmicrohttpd"
	if [ $tries -gt 100 ] || ! kill -0 $pid 2>/dev/null; then
		cat "$folder/error"
		exit 1
	fi
	sleep 0.1
done

is 200 $url/streams
json 'd == {"streams": []}'
post 201 /streams '{"name":"one","interface":"peer1"}'
json 'd["name"] == "one" and d["state"] == "running" and d["packets"] == 0'
post 201 /streams '{"name":"two","interface":"peer2","filter":"udp port 53"}'
post 409 /streams '{"name":"two","interface":"peer2"}'
post 404 /streams '{"name":"three","interface":"nothing"}'
post 400 /streams '{"name":"three","interface":"peer1","filter":"no filter"}'
post 400 /streams '{"name":"three","interface":"peer1","filter":"host www.example.com"}'
long=$(printf 'port 1 or %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28)
post 400 /streams "{\"interface\":\"peer1\",\"filter\":\"${long}port 12\"}"
post 400 /streams '{"name":"three/","interface":"peer1"}'
post 400 /streams '{"name":"three"}'
post 400 /streams '{"name":"three","interface":"peer1","file":"demo.pcapng"}'
post 400 /streams '{"name":3'
is 415 -d '{"name":"three","interface":"peer1"}' $url/streams
is 401 -u admin:wrong $url/streams
send veth1 20
send veth2 30
settle one 20
json 'd["bytes"] == 2000 and d["smallest"] == d["largest"] == d["last"] == d["average"] == 100'
json 'd["busiest"]["packets"] == 20 and d["busiest"]["a"] == "192.0.2.1" and d["busiest"]["b_port"] == 53'
json 'd["kernel_dropped"] == 0'
settle two 30
json 'd["filter"] == "udp port 53"'
is 200 $url/report
json 'd["total"]["packets"] == 50 and [s["packets"] for s in d["sources"]] == [20, 30]'

# Both stopped, both asked again; and on.
for stream in one:20 two:30; do
	name=${stream%:*} packets=${stream#*:}
	post 200 "/streams/$name/stop"
	is 200 "$url/streams/$name"
	json "d['state'] == 'stopped' and d['packets'] == d['busiest']['packets'] == $packets"
	json "d['bytes'] == 100 * $packets and d['smallest'] == d['largest'] == d['last'] == d['average'] == 100"
	post 200 "/streams/$name/start"
done

# A stopped stream keeps its counts, while the other one goes on.
post 200 /streams/one/stop
json 'd["state"] == "stopped" and d["packets"] == 20'
send veth1 5
send veth2 5
settle two 35
is 200 $url/streams/one
json 'd["state"] == "stopped" and d["packets"] == 20 and d["busiest"]["packets"] == 20'
post 200 /streams/one/start
post 200 /streams/one/start
json 'd["state"] == "running"'
send veth1 7
settle one 27

# A restarted one begins at zero, with its busiest flow; the totals go on.
post 200 /streams/one/restart
json 'd["packets"] == 0 and "smallest" not in d'
is 200 $url/streams/one
json 'd["packets"] == 0 and "busiest" not in d'
send veth1 3
settle one 3
json 'd["smallest"] == d["last"] == 100 and d["bytes"] == 300 and d["busiest"]["packets"] == 3'
is 200 $url/report
json '[s["packets"] for s in d["sources"]] == [30, 35] and d["total"]["packets"] == 65'

# Two streams of one interface: each has all of its packets, the totals have them once.
post 201 /streams '{"name":"dns","interface":"peer1","filter":"udp port 53"}'
json '"the stream one captures too" in d["note"]'
post 201 /streams '{"name":"all","interface":"peer1"}'
send veth1 8
settle one 11
settle dns 8
json 'd["bytes"] == 800 and d["busiest"]["packets"] == 8'
settle all 8
is 200 $url/report
json 'd["total"]["packets"] == 73 and sum(f["packets_ab"] for f in d["flows"]) == 73'
post 200 /streams/one/stop
send veth1 4
settle dns 12
settle all 12
is 200 $url/report
json '[s["packets"] for s in d["sources"]] == [38, 35, 4, 0] and d["total"]["packets"] == 77'
is 204 -X DELETE $url/streams/dns
send veth1 2
settle all 14
is 200 $url/report
json '[s["packets"] for s in d["sources"]] == [38, 35, 4, 2]'
is 204 -X DELETE $url/streams/all
post 200 /streams/one/start

# Capture files in the directory of --file-streams, and nothing else.
echo text >"$folder/files/text"
gzip -c "$folder/files/demo.pcapng" >"$folder/files/demo.gz"
ln -s demo.pcapng "$folder/files/link"
ln -s "$folder/auth" "$folder/files/outside"
mkfifo "$folder/files/fifo"
mkdir "$folder/files/folder"
for name in text demo.gz link outside fifo folder nothing .. ../auth "$folder/auth" ''; do
	post 400 /streams "{\"name\":\"file\",\"file\":\"$name\"}"
done
post 201 /streams '{"name":"file","file":"demo.pcapng"}'
json 'd["kind"] == "file" and d["file"] == "demo.pcapng"'
await ended
is 200 $url/streams/file
cp "$folder/body" "$folder/file"
json 'd["packets"] > 1000 and d["busiest"]["packets"] > 100'
whole=$(sed -n 's/.*"total":{"packets":\([0-9]*\).*/\1/p' "$folder/demo.json")
json "d['packets'] == $whole"
post 409 /streams/file/start
post 200 /streams/file/restart
json "d['packets'] < $whole"
post 200 /streams/file/stop
await 'stopped\|ended'
curl -s -u admin:secret -X POST $url/streams/file/start -o "$folder/body"
settle file "$whole"
python3 - "$folder/file" "$folder/body" <<'END' || fail "a file that is read again differs"
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
sys.exit(any(a[k] != b[k] for k in a if k not in ("since", "busiest")) or a["busiest"] != b["busiest"])
END
post 201 /streams '{"name":"tcp","file":"demo.pcapng","filter":"tcp"}'
is 204 -X DELETE $url/streams/tcp
is 204 -X DELETE $url/streams/file
is 200 $url/report
json 'sum(s["packets"] for s in d["sources"]) == d["total"]["packets"]'
is 204 -X DELETE $url/streams/one
is 404 $url/streams/one
post 404 /streams/one/start
is 200 $url/streams
json '[s["name"] for s in d["streams"]] == ["two"]'

# A capture of a stream, and of a display filter.
(sleep 0.5; send veth2 6) &
is 200 -H 'Content-Type: application/json' -X POST $url/capture -d '{"stream":"two","seconds":5,"packets":4}'
cp "$folder/body" "$folder/four.pcapng"
"$PKTTOP" --no-config -r "$folder/four.pcapng" --format=json >"$folder/body" || fail "no pcapng file"
json 'd["total"]["packets"] == 4 and d["total"]["bytes"] == 400'
wait $!
(sleep 0.5; send veth2 6) &
is 200 -H 'Content-Type: application/json' -X POST $url/capture -d '{"show":"port 54","seconds":2}'
cp "$folder/body" "$folder/none.pcapng"
"$PKTTOP" --no-config -r "$folder/none.pcapng" --format=json >"$folder/body" || fail "no pcapng file"
json 'd["total"]["packets"] == 0'
post 400 /capture '{"show":"port 53 ("}'
post 400 /capture '{"seconds":601}'
post 400 /capture '{"seconds":"1"}'
post 404 /capture '{"stream":"none"}'

# As often as one likes.
times=20
while [ $times -gt 0 ]; do
	times=$((times - 1))
	post 201 /streams '{"name":"again","interface":"peer1"}'
	is 204 -X DELETE $url/streams/again
done
post 201 /streams '{"name":"again","interface":"peer1"}'
json 'd["packets"] == 0'
send veth1 4
settle again 4
post 200 /streams/again/stop

# Compiling a filter never takes long.
is 200 $url/metrics
longest=$(sed -n 's/^pkttop_http_longest_step_seconds{method="POST",route="\/streams"} //p' "$folder/body")
[ -n "${SANITIZED-}" ] || echo "$longest" | awk '{ exit !($1 > 0 && $1 < 0.05) }' ||
    fail "a stream is added in $longest s of processor time"
ip link del veth2
kill $pid
wait $pid
pid=
grep -v 'disappeared' "$folder/error" && fail "it complains"
exit "$failed"
