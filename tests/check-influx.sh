#!/bin/sh
# InfluxDB and VictoriaMetrics receive the counters, and have those of the report. Each server runs on
# loopback in a folder of its own, and is restarted while pkttop writes.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-influx.XXXXXX") || exit 99
failed=0
tested=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"

command -v python3 >/dev/null || skip "python3 is not installed"
command -v curl >/dev/null || skip "curl is not installed"
"$PKTTOP" --version | grep -q 'libcurl *yes' || skip "built without libcurl"

total() { # total KEY FILE: of the last report
	tail -n 1 "$2" | sed -n 's/.*"total":{\("packets":[0-9]*,"bytes":[0-9]*\),.*/\1/p' |
	    sed "s/.*\"$1\":\([0-9]*\).*/\1/"
}

captures=$(three_captures)
strict=
[ -n "${SANITIZED-}" ] || strict=--sandbox-strict
port=$(free_port tcp)

# What is refused, and what cannot be reached.
"$PKTTOP" --demo --count=9 -b --influx="http://me:secret@127.0.0.1:$port/?db=x" >"$folder/out" 2>&1
[ $? -eq 2 ] || fail "a password in the URL is taken: $(cat "$folder/out")"
grep -q secret "$folder/out" && fail "the password is printed"
echo token >"$folder/token"
chmod 644 "$folder/token"
"$PKTTOP" --demo --count=9 -b --influx="http://127.0.0.1:$port/?db=x" --influx-token-file="$folder/token" \
    >"$folder/out" 2>&1
[ $? -eq 1 ] || fail "a token is taken that all can read: $(cat "$folder/out")"
mkdir "$folder/spool"
chmod 700 "$folder/spool"
for capture in $captures; do
	"$PKTTOP" --read="$capture" --batch --spool="$folder/spool/" $strict \
	    --influx="http://localhost:$port/?db=spooled" >"$folder/out" 2>"$folder/messages" ||
	    fail "status $?: $(cat "$folder/messages")"
	grep -q 'bytes are kept in' "$folder/messages" || fail "nothing is kept: $(cat "$folder/messages")"
done
"$PKTTOP" --demo --count=9 -b --influx="http://127.0.0.1:$port/?db=x" >"$folder/out" 2>"$folder/messages" &&
    fail "lines are lost, and the status is 0"
grep -q 'lines were not written' "$folder/messages" || fail "lost: $(cat "$folder/messages")"

# TLS: a server whose certificate is in the given file, and no other one.
if command -v openssl >/dev/null && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key" -out "$folder/cert" 2>/dev/null; then
	python3 - "$folder" >"$folder/tls" <<'END' &
import gzip, http.server, ssl, sys
class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print((gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body).decode())
        self.send_response(204)
        self.end_headers()
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Server)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + "/cert", sys.argv[1] + "/key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
END
	tls=$!
	pids="$pids $tls"
	tries=0
	until [ -s "$folder/tls" ] || [ $tries -gt 300 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	url="https://127.0.0.1:$(head -n 1 "$folder/tls")/?db=x"
	chmod 600 "$folder/cert" # the user that pkttop becomes cannot read it
	"$PKTTOP" --demo --count=9 -b $strict --influx="$url" >"$folder/out" 2>"$folder/messages" &&
	    fail "an unknown certificate is trusted"
	grep -qi certificate "$folder/messages" || fail "an unknown certificate: $(cat "$folder/messages")"
	"$PKTTOP" --demo --count=9 -b $strict --influx="$url" --influx-ca="$folder/cert" \
	    >"$folder/out" 2>"$folder/messages" || fail "TLS: $(cat "$folder/messages")"
	"$PKTTOP" --demo --count=9 -b --influx="$url" --influx-ca="$folder/none" >"$folder/out" 2>&1 &&
	    fail "no certificates are read, and the status is 0"
	kill $tls
	wait $tls
	grep -q '^pkttop.*packets=' "$folder/tls" || fail "no lines over TLS: $(head -c 500 "$folder/tls")"
fi

# A file that cannot grow says so.
mkdir "$folder/full"
(
	ulimit -f 1
	"$PKTTOP" --demo --count=9000 -b --influx="http://127.0.0.1:$port/?db=x" --spool="$folder/full" \
	    >/dev/null 2>"$folder/messages"
)
for text in 'File too large' 'lines were not written'; do
	grep -q "$text" "$folder/messages" || fail "a large file: $(cat "$folder/messages")"
done

# A full disk, too, and all reports are there.
for way in -m -rm; do
	unshare $way mount -t tmpfs -o size=4k tmpfs "$folder/full" 2>/dev/null || continue
	# shellcheck disable=SC2016 # the arguments of the inner shell
	unshare $way sh -c 'mount -t tmpfs -o size=4k,mode=700 tmpfs "$1" && exec "$2" --demo --count=9000 --format=json \
	    --spool="$1" --influx="$3"' sh "$folder/full" "$PKTTOP" "http://127.0.0.1:$port/?db=x" \
	    >"$folder/report" 2>"$folder/messages"
	[ $? -eq 1 ] || fail "lines are lost on a full disk, and the status is not 1"
	[ "$(total packets "$folder/report")" = 9000 ] || fail "a full disk stops counting"
	for text in 'No space left on device' 'lines were not written'; do
		grep -q "$text" "$folder/messages" || fail "a full disk: $(cat "$folder/messages")"
	done
	break
done

# InfluxDB 1.
stop_server() {
	kill "$server"
	wait "$server"
}

ask() { # ask DATABASE QUERY: the last number of the answer
	curl -s -u me:secret -G "http://127.0.0.1:$port/query" --data-urlencode "db=$1" --data-urlencode "q=$2" |
	    sed -n 's/.*,\([0-9.e+]*\)\]\]}\]}\]}.*/\1/p'
}

if command -v influxd >/dev/null; then
	start_influxd "$port" "$(free_port tcp)" "auth-enabled = true"
	curl -s -o /dev/null -X POST "http://127.0.0.1:$port/query" \
	    --data-urlencode "q=CREATE USER me WITH PASSWORD 'secret' WITH ALL PRIVILEGES"
	chmod 600 "$folder/token"
	echo secret >"$folder/token"
	n=0
	for capture in $captures; do
		n=$((n + 1))
		"$PKTTOP" --read="$capture" --format=json --influx-create $strict \
		    --influx="http://me@localhost:$port/?db=file$n" --influx-token-file="$folder/token" \
		    >"$folder/report" 2>"$folder/messages" || fail "$(cat "$folder/messages")"
		for key in packets bytes; do
			stored=$(ask "file$n" "SELECT last($key) FROM pkttop_total")
			[ "$stored" = "$(total $key "$folder/report")" ] ||
			    fail "$capture: $stored $key instead of $(total $key "$folder/report")"
		done
	done
	# What was kept for the server that was not there is written now.
	curl -s -o /dev/null -u me:secret -X POST "http://127.0.0.1:$port/query" --data-urlencode "q=CREATE DATABASE spooled"
	PKTTOP_INFLUX_TOKEN=me:secret "$PKTTOP" --demo --count=9 -b --spool="$folder/spool" $strict \
	    --influx="http://127.0.0.1:$port/?db=spooled" >/dev/null 2>"$folder/messages" ||
	    fail "$(cat "$folder/messages")"
	stored=$(ask spooled "SELECT count(bytes) FROM pkttop_total")
	[ "$stored" = 4 ] || fail "$stored of 4 reports were kept"
	rmdir "$folder/spool" || fail "files are left: $(ls "$folder/spool")"

	# While pkttop runs the server is away for some seconds: every interval is there afterwards.
	away=${PKTTOP_INFLUX_AWAY:-3}
	# shellcheck disable=SC2086 # the first of the list
	set -- $captures
	PKTTOP_INFLUX_TOKEN=me:secret "$PKTTOP" --read="$1" --replay=0.02 --format=json --delay=0.5 --duration=$((3 + 2 * away)) $strict \
	    --influx="http://127.0.0.1:$port/?db=restart" --influx-create >"$folder/reports" 2>"$folder/messages" &
	writer=$!
	pids="$pids $writer"
	sleep 2
	stop_server
	sleep "$away"
	run_influxd
	wait "$writer" || fail "$(cat "$folder/messages")"
	grep -q 'writing again' "$folder/messages" || fail "restart: $(cat "$folder/messages")"
	grep -c '"schema"' "$folder/reports" >"$folder/intervals"
	stored=$(ask restart "SELECT count(bytes) FROM pkttop_total")
	[ "$stored" -ge "$(cat "$folder/intervals")" ] ||
	    fail "$stored intervals are stored of $(cat "$folder/intervals")"
	stored=$(ask restart "SELECT last(bytes) FROM pkttop_total")
	[ "$stored" = "$(total bytes "$folder/reports")" ] ||
	    fail "$stored bytes after a restart instead of $(total bytes "$folder/reports")"
	stop_server
	tested=1
else
	echo "InfluxDB is not installed: version 1 was not tested"
fi

# VictoriaMetrics takes what InfluxDB 2 takes.
if command -v victoria-metrics >/dev/null; then
	victoria-metrics -storageDataPath="$folder/vm" -httpListenAddr="127.0.0.1:$port" -retentionPeriod=100y \
	    >"$folder/log" 2>&1 &
	server=$!
	pids="$pids $server"
	wait_for "http://127.0.0.1:$port/health"
	for capture in $captures; do
		name=$(basename "$capture")
		PKTTOP_INFLUX_TOKEN=t0ken "$PKTTOP" --read="$capture" --format=json $strict \
		    --influx="http://127.0.0.1:$port/?org=net&bucket=pkttop" \
		    >"$folder/report" 2>"$folder/messages" || fail "$(cat "$folder/messages")"
		for key in packets bytes; do
			for _ in $(seq 200); do
				stored=$(curl -s -G "http://127.0.0.1:$port/api/v1/export" \
				    --data-urlencode "match[]=pkttop_source_$key{source=\"$name\"}" |
				    sed -n 's/.*"values":\[\([0-9]*\)\].*/\1/p')
				[ -z "$stored" ] || break
				sleep 0.1
			done
			[ "$stored" = "$(total $key "$folder/report")" ] ||
			    fail "VictoriaMetrics: $name: $stored $key instead of $(total $key "$folder/report")"
		done
	done
	stop_server
	tested=1
else
	echo "VictoriaMetrics is not installed: version 2 was not tested"
fi

[ $failed -eq 0 ] || exit 1
[ $tested -gt 0 ] || skip "no server is installed"
