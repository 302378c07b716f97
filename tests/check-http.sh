#!/bin/sh
# What is asked over HTTP: routes, tables, errors, access, and clients that are slow or rude.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
need curl python3

make_folder
port=$((20000 + $$ % 20000))
url=http://127.0.0.1:$port

serve() { # serve OPTION...
	"$PKTTOP" --headless --listen="127.0.0.1:$port" --delay=0.2 "$@" 2>"$folder/error" &
	pid=$!
	tries=0
	until curl -s -o /dev/null "$url/healthz"; do
		tries=$((tries + 1))
		if [ $tries -gt 100 ] || ! kill -0 $pid 2>/dev/null; then
			grep -q 'built without libmicrohttpd' "$folder/error" &&
			    { echo "skipped: built without libmicrohttpd"; exit 77; }
			cat "$folder/error"
			exit 1
		fi
		sleep 0.1
	done
}

end() {
	kill "$pid"
	wait "$pid" || fail "it ended with $?: $(cat "$folder/error")"
	pid=
	[ ! -s "$folder/error" ] || fail "it complains: $(cat "$folder/error")"
}

says() { # says TEXT: waits until it is in the log
	tries=0
	until grep -q -- "$1" "$folder/error"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { fail "it does not say \"$1\": $(cat "$folder/error")"; return; }
		sleep 0.1
	done
}

is() { # is STATUS CURL-ARGUMENT...
	wanted=$1
	shift
	got=$(curl -s -o "$folder/body" -D "$folder/head" -w '%{http_code}' "$@")
	[ "$got" = "$wanted" ] || fail "curl $*: $got instead of $wanted: $(cat "$folder/body")"
}

has() { # has TEXT: the last answer
	grep -q -- "$1" "$folder/body" || fail "no \"$1\" in: $(head -c 300 "$folder/body")"
}

has_header() {
	tr -d '\r' <"$folder/head" | grep -qi "^$1" || fail "no header $1: $(cat "$folder/head")"
}

json() { # json EXPRESSION: true of the object d of the last answer
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' \
	    "$folder/body" "$1" || fail "not true: $1: $(head -c 300 "$folder/body")"
}

serve --demo
is 200 "$url/healthz"
json 'd["status"] == "ok"'
has_header 'content-security-policy: default-src '"'self'"
has_header 'x-content-type-options: nosniff'
has_header 'cache-control: no-store'
tries=0
until [ "$(curl -s "$url/flows.csv?top=3" | wc -l)" -eq 4 ] || [ $tries -gt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
is 200 "$url/report?top=3"
json 'd["schema"] == "pkttop.report/1" and len(d["flows"]) == 3 and d["total"]["packets"] > 0'
is 200 "$url/report?show=proto%20udp&view=flows"
json 'all(r["protocol"] == "udp" for r in d["tables"][0]["rows"])'
for table in hosts flows ports protocols networks packets health sizes traffic sources; do
	is 200 "$url/$table?top=2"
	json 'len(d["rows"]) <= 2 and "view" in d'
	is 200 "$url/$table.csv?top=2"
	has_header 'content-type: text/csv'
	is 200 -H 'Accept: text/csv' "$url/$table"
	has_header 'content-type: text/csv'
done
is 200 "$url/flows?sort=-bytes&top=0"
json '[r["bytes"] for r in d["rows"]] == sorted(r["bytes"] for r in d["rows"])'
is 200 "$url/flows?show=port%20443"
json 'd["rows"] and all(443 in (r["a_port"], r["b_port"]) for r in d["rows"])'
is 200 "$url/views"
json '{v["path"] for v in d["views"]} >= {"/hosts", "/flows"}'
is 200 "$url/series?span=1m"
json 'len(d["time"]) == len(d["bps_in"]) and d["step"] == 1'
is 200 "$url/openapi.json"
json '"get" in d["paths"]["/flows"]'
is 200 "$url/metrics"
has '^# EOF$'
has '^pkttop_source_packets_total{source="demo"} '
has '^pkttop_http_longest_step_seconds{method="GET",route="/flows"} [0-9.e-]*$'
has '^pkttop_http_longest_turn_seconds [0-9.e-]*$'

# Errors.
is 404 "$url/nothing"
json 'd["code"] == 404 and d["error"]'
is 400 "$url/flows?nothing=1"
is 400 "$url/flows?top=x"
is 400 "$url/flows?top=-1"
is 400 "$url/flows?top=1&top=2"
is 400 "$url/flows?sort=nothing"
is 400 "$url/flows?show=bps>x"
open=$(printf '%400s' '' | tr ' ' '(')
is 400 "$url/flows?show=${open}tcp$(echo "$open" | tr '(' ')')"
has 'nested too deeply'
is 400 "$url/flows?show=$(printf '%1100s' '' | tr ' ' a)"
has 'too long'
is 200 "$url/flows?show=tcp$(printf '%50s' '' | sed 's/ /+or+port+1/g')"
is 400 "$url/report?view=nothing"
is 400 "$url/series?span=2m"
is 405 -X POST "$url/flows"
has_header 'allow: GET'
is 405 "$url/start?a=lo"
has 'POST /streams'
is 405 -X DELETE "$url/report"

# Access.
is 421 -H 'Host: evil.example' "$url/report"
is 421 -H 'Host: evil.example' -X POST "$url/report"
is 403 -H 'Origin: http://evil.example' -X POST "$url/report"
is 403 -H 'Sec-Fetch-Site: cross-site' -X POST "$url/report"
is 415 -H 'Content-Type: text/plain' -d '{}' "$url/report"
head -c 70000 /dev/zero | tr '\0' a >"$folder/long"
is 413 -H 'Content-Type: application/json' -H 'Expect:' -d @"$folder/long" "$url/report"
is 413 -H 'Content-Type: application/json' -H 'Expect:' -H 'Transfer-Encoding: chunked' \
    -d @"$folder/long" "$url/report"
got=$(curl -s -o /dev/null -w '%{http_code}' -H "X: $(head -c 20000 "$folder/long")" "$url/healthz")
case $got in 4*) ;; *) fail "20 kB of headers: $got" ;; esac

# Events: several, numbered; what was missed comes first.
curl -sN -m 2 "$url/events" >"$folder/events"
[ "$(grep -c '^event: report' "$folder/events")" -ge 5 ] || fail "few events: $(head -c 300 "$folder/events")"
first=$(sed -n 's/^id: //p' "$folder/events" | head -n 1)
curl -sN -m 1 -H "Last-Event-ID: $first" "$url/events" | sed -n 's/^id: //p' >"$folder/ids"
[ "$(head -n 1 "$folder/ids")" = $((first + 1)) ] || fail "after event $first: $(cat "$folder/ids")"

# Slow and rude clients: an honest one is answered at once.
python3 - "$port" <<'END' || fail "slow clients are not handled"
import socket, sys, time, urllib.request
port = int(sys.argv[1])
def connect():
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(20)
    return s
# A client that is locked out waits for the deadline of others, 5 s; a busy machine takes a second.
SOON = 4
def honest():
    began = time.time()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as f:
        assert f.status == 200
    return time.time() - began
drips = []
for i in range(200):
    s = connect()
    s.send(b"GET /healthz HTTP/1.1\r\n")
    drips.append(s)
assert honest() < SOON, "with 200 connections"
began = time.time()
open_ = set(drips)
while open_ and time.time() - began < 30:
    for s in list(open_):
        try:
            s.send(b"X")
        except OSError:
            open_.discard(s)
    assert honest() < SOON
    time.sleep(0.3)
assert not open_ and time.time() - began < 20, f"{len(open_)} are open"
# Whole headers, and bodies that never end.
slow = [connect() for _ in range(200)]
for s in slow:
    s.send(b"POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           b"Content-Length: 60000\r\n\r\n{")
assert honest() < SOON, "with slow bodies"
for s in slow:
    s.close()
# Those that never read, and leave.
silent = [connect() for _ in range(10)]
for s in silent:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.send(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
for i in range(10):
    assert honest() < SOON, "with silent readers"
    time.sleep(0.2)
for s in silent:
    s.close()
# Several requests at once, and an old one.
s = connect()
s.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
time.sleep(1)
assert s.recv(65536).count(b"HTTP/1.1 200") == 3
s = connect()
s.send(b"GET /healthz\r\n\r\n")
s.recv(1000)
s = connect()
s.send(b"GET /healthz HTTP/1.0\r\n\r\n")
assert b" 421 " in s.recv(1000)
END
grep -q . "/proc/$pid/fd" 2>/dev/null
descriptors=$(find "/proc/$pid/fd" 2>/dev/null | wc -l)
[ "$descriptors" -lt 40 ] || fail "$descriptors descriptors are open"
end

# Thousands of connections leave nothing behind. A sanitizer keeps what was freed for a while.
serve
if [ -r "/proc/$pid/status" ] && [ -z "${SANITIZED-}" ]; then
	python3 - "$port" "$pid" <<'END' || fail "connections leave memory behind"
import socket, sys
port, pid = sys.argv[1:]
requests = [b"GET /report HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            b"POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + bytes(30000),
            b"GET /events"]
def connections(n):
    open_ = []
    for i in range(n):
        s = socket.create_connection(("127.0.0.1", int(port)), timeout=20)
        try:
            s.send(requests[i % len(requests)])
            if i % len(requests) == 0:
                s.recv(65536)
        except OSError:
            pass # it is one of too many
        open_.append(s)
        if len(open_) > 60:
            open_.pop(0).close()
    for s in open_:
        s.close()
    return int(next(line.split()[1] for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS")))
before = connections(1500)
after = connections(1500)
assert after - before < 1000, f"{before} kB, then {after} kB"
END
fi
end

# A file with so many flows that answers are written by children.
if [ -n "${MKTRACE-}" ]; then
	"$MKTRACE" 100000 50000 "$folder/many.pcap" small || fail "mktrace fails"
	chmod 644 "$folder/many.pcap"
	chmod 755 "$folder"
	serve -r "$folder/many.pcap"
	tries=0
	until curl -s "$url/streams" | grep -q '"state":"ended"' || [ $tries -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	is 200 "$url/report?top=0"
	json 'sum(f["packets_ab"] + f["packets_ba"] for f in d["flows"]) == d["total"]["packets"] == 100000'
	is 200 "$url/flows.csv?top=0"
	[ "$(wc -l <"$folder/body")" -gt 30000 ] || fail "$(wc -l <"$folder/body") flows"
	is 200 "$url/streams/many.pcap"
	json 'd["packets"] == 100000 and d["busiest"]["packets"] > 0'
	is 409 -X POST "$url/streams/many.pcap/stop"
	is 400 "$url/flows?top=0&show=("
	curl -s "$url/flows?top=0" | head -c 100 >/dev/null
	others=
	for client in 1 2 3 4 5 6 7 8; do
		curl -s "$url/report" -o "$folder/report$client" &
		others="$others $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $others
	for client in 2 3 4 5 6 7 8; do
		[ -s "$folder/report$client" ] || fail "no report for one of eight clients"
	done
	curl -sN -m 3 "$url/events" | grep -q '^event: report' || fail "no events about many flows"
	end
fi

# Snapshots.
mkdir "$folder/snapshots"
serve --demo --snapshot-dir="$folder/snapshots"
is 201 -X POST "$url/snapshot"
json '"packet_flows.csv" in d["files"]'
name=$(sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$folder/body")
is 200 "$url/snapshots"
json "d['snapshots'] == ['$name']"
is 200 "$url/snapshots/$name"
is 200 "$url/snapshots/$name/packet_flows.csv"
cmp -s "$folder/body" "$folder/snapshots/$name/packet_flows.csv" || fail "another file of a snapshot"
is 404 "$url/snapshots/$name/nothing"
is 404 "$url/snapshots/$name/..%2f..%2fauth"
is 404 "$url/snapshots/nothing/packet_flows.csv"
end
serve --demo
is 409 -X POST "$url/snapshot"
end

# A system without epoll.
if [ -e "${FAULTS-}" ] && [ -z "${SANITIZED-}" ]; then
	export LD_PRELOAD="$FAULTS" NO_EPOLL=1
	serve --demo
	unset LD_PRELOAD NO_EPOLL
	is 200 "$url/report"
	json 'd["total"]["packets"] > 0'
	is 415 -H 'Content-Type: text/plain' -d '{}' "$url/report"
	curl -sN -m 2 "$url/events" >"$folder/events"
	[ "$(grep -c '^event: report' "$folder/events")" -ge 5 ] || fail "without epoll: $(head -c 300 "$folder/events")"
	others=
	for client in 1 2 3 4 5 6 7 8 9 10; do
		curl -s "$url/report" "$url/flows" "$url/views" -o "$folder/a" -o "$folder/b" -o "$folder/report$client" &
		others="$others $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $others
	for client in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '"views"' "$folder/report$client" || fail "without epoll, client $client got nothing"
	done
	end
fi

# Credentials.
command -v htpasswd >/dev/null && htpasswd -Bbn bob other >"$folder/auth" 2>/dev/null
echo secret | "$PKTTOP" --hash-password=admin >>"$folder/auth" || fail "--hash-password fails"
chmod 644 "$folder/auth"
echo 0123456789abcdef >"$folder/tokens"
chmod 755 "$folder"
chmod 644 "$folder/tokens"
"$PKTTOP" --demo --headless --listen="127.0.0.1:$port" --token-file="$folder/tokens" 2>"$folder/error"
grep -q 'others may read it' "$folder/error" || fail "a readable token file: $(cat "$folder/error")"
"$PKTTOP" --demo --headless --listen="0.0.0.0:$port" 2>"$folder/error"
grep -q 'auth-file' "$folder/error" || fail "0.0.0.0 without credentials: $(cat "$folder/error")"
chmod 600 "$folder/tokens"
serve --demo --auth-file="$folder/auth" --token-file="$folder/tokens"
is 401 "$url/report"
has_header 'www-authenticate: Basic'
is 200 -u admin:secret "$url/report"
is 200 -u admin:secret "$url/report"
grep -q '^bob:' "$folder/auth" && is 200 -u bob:other "$url/report"
is 200 -H 'Authorization: Bearer 0123456789abcdef' "$url/report"
is 401 -H 'Authorization: Bearer 0123456789abcdee' "$url/report"
is 401 -u admin:wrong "$url/report"
is 401 -u nobody:secret "$url/report"
is 401 -H 'Authorization: Basic !' "$url/report"
is 200 "$url/healthz"
is 200 -H 'Authorization: Bearer 0123456789abcdef' "$url/metrics"
has '^pkttop_http_refused_credentials_total 4$'
end

# A service: its socket is handed over, and its manager is told when it is ready, reloads and stops.
python3 - "$PKTTOP" "$folder" <<'END' || fail "the service manager is not told"
import os, signal, socket, subprocess, sys, time, urllib.request
program, folder = sys.argv[1:]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(folder + "/notify")
os.chmod(folder + "/notify", 0o777)
manager.settimeout(20)
listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
def become():
    signal.signal(signal.SIGHUP, signal.SIG_DFL) # nohup may have started this test
    os.dup2(listener.fileno(), 3)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=folder + "/notify",
                      JOURNAL_STREAM="1:1")
    os.closerange(4, 64)
    os.execv(program, [program, "--demo", "--headless", "--listen=systemd:", "--no-config",
                       "--pidfile=" + folder + "/pid"])
pid = os.fork()
if pid == 0:
    error = os.open(folder + "/error", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(error, 2)
    become()
assert manager.recv(100) == b"READY=1"
assert int(open(folder + "/pid").read()) == pid
with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as f:
    assert f.status == 200
os.kill(pid, signal.SIGHUP)
assert manager.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
assert manager.recv(100) == b"READY=1"
os.kill(pid, signal.SIGTERM)
assert manager.recv(100) == b"STOPPING=1"
assert os.waitpid(pid, 0)[1] == 0
assert open(folder + "/error").read().startswith("<6>")
END

# On a screen too: what is stopped here is seen to stop there.
python3 - "$PKTTOP" "$port" <<'END' || fail "a screen and HTTP do not agree"
import fcntl, json, os, pty, select, struct, sys, termios, time, urllib.request
program, port = sys.argv[1], sys.argv[2]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
    os.execv(program, [program, "--demo", "--no-config", "--view=sources", "--delay=0.2", "--listen=127.0.0.1:" + port])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
seen = b""
def read(seconds):
    global seen
    end = time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                return
def ask(method, path):
    r = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(r, timeout=5) as f:
        return json.load(f)
read(3)
assert ask("GET", "/streams/demo")["state"] == "running"
seen = b""
ask("POST", "/streams/demo/stop")
read(2)
assert b"stopped" in seen, seen[-800:]
assert ask("GET", "/streams/demo")["packets"] > 0
ask("GET", "/packets")
ask("POST", "/streams/demo/start")
seen = b""
read(2)
assert b"running" in seen, seen[-500:]
assert ask("GET", "/packets")["rows"]
# The other way round: stopped by a key, and started here.
def settle(state):
    end = time.time() + 30
    while ask("GET", "/streams/demo")["state"] != state:
        assert time.time() < end, state
        read(0.1)
for again in range(2):
    os.write(fd, b"H")
    settle("stopped")
    seen = b""
    ask("POST", "/streams/demo/start")
    settle("running")
os.write(fd, b"H")
settle("stopped")
os.write(fd, b"H")
settle("running")
os.write(fd, b"q")
read(2)
assert os.waitpid(pid, 0)[1] == 0
END

# TLS.
if command -v openssl >/dev/null && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -keyout "$folder/key" -out "$folder/cert" 2>/dev/null; then
	chmod 600 "$folder/key"
	"$PKTTOP" --demo --headless --listen="127.0.0.1:$port" --tls-cert="$folder/cert" \
	    --tls-key="$folder/key" 2>"$folder/error" &
	pid=$!
	sleep 1
	is 200 --cacert "$folder/cert" --resolve "localhost:$port:127.0.0.1" "https://localhost:$port/healthz"
	# A reader of events stays connected while the certificate is replaced: it has to connect again.
	curl -skN -m 60 "https://127.0.0.1:$port/events" >"$folder/events" &
	reader=$!
	cp "$folder/cert" "$folder/old"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$folder/key2" \
	    -out "$folder/cert2" 2>/dev/null
	cp "$folder/cert2" "$folder/cert"
	kill -HUP $pid # the key is still the old one: both stay
	says 'the old ones stay'
	is 200 --cacert "$folder/old" --resolve "localhost:$port:127.0.0.1" "https://localhost:$port/healthz"
	chmod 600 "$folder/key2"
	mv "$folder/key2" "$folder/key"
	kill -HUP $pid
	says 'were read again'
	wait $reader
	[ -s "$folder/events" ] || fail "no events with TLS"
	is 200 --cacert "$folder/cert" --resolve "localhost:$port:127.0.0.1" "https://localhost:$port/healthz"
	curl -s --cacert "$folder/old" --resolve "localhost:$port:127.0.0.1" "https://localhost:$port/healthz" &&
	    fail "the old certificate is still used"
	: >"$folder/error"
	end
fi

# Unix sockets, and a file that is read to its end.
cd "$folder" || exit 99
"$PKTTOP" --demo --headless --listen=unix:socket --duration=3 2>"$folder/error" &
pid=$!
sleep 1
is 200 --unix-socket socket http://localhost/healthz
wait $pid
pid=
exit "$failed"
