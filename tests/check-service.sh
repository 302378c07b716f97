#!/bin/sh
# A service: its unit for systemd, without mistakes and with a sandbox of exposure 2.0 or better; SIGHUP.
set -u
: "${PKTTOP:?names the program}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-service.XXXXXX") || exit 99
failed=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"

if ! systemd-analyze --help 2>/dev/null | grep -q -e --offline; then
	echo "systemd-analyze is not installed, or older than 250: the unit was not checked"
else
	sed -e "s|@bindir@|$(dirname "$PKTTOP")|; s|@RECORD_OPTION@|--record=traffic.db|" \
	    "${srcdir:-.}/service/pkttop.service.in" >"$folder/pkttop.service"
	cp "${srcdir:-.}/service/pkttop.socket" "$folder"
	systemd-analyze security --offline=true --threshold=20 --no-pager "$folder/pkttop.service" >"$folder/said" 2>&1 ||
	    fail "$(grep -E '^(✗|→)' "$folder/said")"
	# It has nothing to say about units without mistakes; those of the machine are not ours.
	systemd-analyze --man=no verify "$folder/pkttop.service" "$folder/pkttop.socket" 2>&1 | grep pkttop && failed=1
fi

# SIGHUP: another password is valid at once, and a log that was renamed begins again.
command -v curl >/dev/null || skip "curl is not installed"
command -v python3 >/dev/null || skip "python3 is not installed"
echo first | "$PKTTOP" --hash-password=admin >"$folder/passwords" 2>"$folder/log" || skip "$(cat "$folder/log")"
chmod 644 "$folder/passwords"
mkdir "$folder/flows"
port=$(free_port tcp)
# nohup may have started this test
python3 -c 'import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
    "$PKTTOP" --headless --demo --delay=0.2 --listen="127.0.0.1:$port" --auth-file="$folder/passwords" \
    --flow-log="$folder/flows/log" 2>"$folder/log" &
pid=$!
pids="$pids $pid"
grep -q 'built without libmicrohttpd' "$folder/log" && skip "built without libmicrohttpd"
wait_for "http://127.0.0.1:$port/healthz"

code() { # code PASSWORD: the status code of an answer
	curl -s -o "$folder/answer" -w '%{http_code}' -u "admin:$1" "http://127.0.0.1:$port/report?top=1"
}

# shellcheck disable=SC2317,SC2329 # it is an argument
accepts() {
	[ "$(code "$1")" = 200 ]
}

until_true() { # until_true WHAT COMMAND...: 20 s at most
	what=$1
	shift
	for _ in $(seq 200); do
		"$@" && return
		sleep 0.1
	done
	fail "$what: $(cat "$folder/log")"
}

until_true "the first password" accepts first
until_true "a flow log" test -s "$folder/flows/log"
echo second | "$PKTTOP" --hash-password=admin >"$folder/passwords"
mv "$folder/flows/log" "$folder/flows/old"
kill -HUP $pid
until_true "the second password" accepts second
[ "$(code first)" = 401 ] || fail "the first password is still valid"
until_true "a new flow log" test -s "$folder/flows/log"
grep -q 'were read again' "$folder/log" || fail "$(cat "$folder/log")"
kill $pid
wait $pid || fail "it ended with $?"
exit $failed
