#!/bin/sh
# Recordings: the sums are those of reports, other databases are refused, a stalled or killed writer
# does no harm, and the size is bounded.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"
: "${MKCAP:?names the maker of captures}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
"$PKTTOP" --version | grep -q '^libsqlite3  *yes' || skip "built without libsqlite3"
need sqlite3

make_folder

ask() { # ask DATABASE QUERY
	sqlite3 -cmd '.timeout 5000' "$1" "$2"
}

expect() { # expect WHAT FOUND WANTED
	[ "$2" = "$3" ] || fail "$1: $2 instead of $3"
}

# A host has three seconds in which it sends, and one minute later another one.
cat >"$folder/words" <<'END'
repeat 300 0.01
0  eth / ip 192.0.2.1 198.51.100.9 / tcp 40000 443 PA / data 300
end
65  eth / ip 192.0.2.2 198.51.100.9 / udp 5000 53 / data 60
66  eth / arp 192.0.2.1 192.0.2.2
END
"$MKCAP" "$folder/words" "$folder/a.pcap" || exit 99
db=$folder/traffic.db
"$PKTTOP" -r "$folder/a.pcap" -b --record="$db" --format=json >"$folder/report" || fail "no recording"
expect "packets" "$(ask "$db" 'SELECT sum(packets) FROM traffic')" 302
bytes=$(sed 's/.*"total":{"packets":302,"bytes":\([0-9]*\),.*/\1/' "$folder/report")
for of in traffic:bytes host:bytes_out host:bytes_in flow:bytes_ab+bytes_ba port:bytes; do
	expect "$of" "$(ask "$db" "SELECT sum(${of#*:}) FROM ${of%:*}")" "$bytes"
done
expect "protocols" "$(ask "$db" "SELECT sum(bytes) FROM protocol WHERE path = 'eth'")" "$bytes"
expect "moments" "$(ask "$db" 'SELECT time, seconds FROM traffic')" "1767225600|1
1767225601|1
1767225602|1
1767225665|1
1767225666|1"
expect "a host" "$(ask "$db" "SELECT sum(packets_out), sum(bytes_in) FROM host WHERE address = '192.0.2.1'")" "300|0"
expect "a flow" "$(ask "$db" "SELECT protocol, a, a_port, b, b_port, app FROM flow WHERE a_port = 5000")" \
    "udp|192.0.2.2|5000|198.51.100.9|53|dns"
mode=$(stat -c %a "$db" 2>/dev/null) && expect "mode" "$mode" 600

# Events are recorded.
cat >"$folder/words" <<'END'
repeat 100 0.01
0  eth / ip 192.0.2.66 192.0.2.7 / tcp 40000 {1000} S
0  eth / ip 192.0.2.7 192.0.2.66 / tcp {1000} 40000 RA
end
END
"$MKCAP" "$folder/words" "$folder/scan.pcap" || exit 99
"$PKTTOP" -r "$folder/scan.pcap" -b --record="$folder/scan.db" >/dev/null || fail "no recording of a scan"
expect "events" "$(ask "$folder/scan.db" 'SELECT DISTINCT rule, severity, attacker, victim FROM events')" \
    "port_scan|attack|192.0.2.66|192.0.2.7"

# It is continued.
"$PKTTOP" -r "$folder/a.pcap" -b --record="$db" >/dev/null || fail "not continued"
expect "twice the packets" "$(ask "$db" 'SELECT sum(packets) FROM traffic')" 604

# The queries of the manual run.
awk '/^\.Sh/ { on = $2 == "RECORDINGS" }
    on && /^\$ sqlite3/ { print ""; sub(/^\$ /, "") ; take = 1 }
    on && take && /^\./ { take = 0 }
    on && take { printf "%s ", $0 }
    END { print "" }' "${srcdir:-.}/man/pkttop.1" >"$folder/queries"
(
	cd "$folder" || exit 99
	while read -r query; do
		[ -z "$query" ] || sh -c "$query" >"$folder/out" 2>&1 || fail "$query: $(cat "$folder/out")"
		[ -z "$query" ] || [ -s "$folder/out" ] || case $query in *BETWEEN* | *192.0.2.1*) ;; *) fail "$query: no row" ;; esac
	done <"$folder/queries"
	exit "$failed"
) || failed=1
expect "queries of the manual" "$(grep -c sqlite3 "$folder/queries")" 5

# Reports of a span have the same sums, in all formats.
report() { # report FILE ARGUMENT...
	"$PKTTOP" -b -r "$@" 2>&1
}
small=$folder/small.db
"$PKTTOP" -r "$folder/a.pcap" -b --record="$small" >/dev/null || fail "no recording"
expect "total" "$(report "$small" --format=json | grep -c "\"total\":{\"packets\":302,\"bytes\":$bytes,")" 1
expect "hosts" "$(report "$small" --format=json --from=00:01 |
    sed 's/.*\("hosts":[^]]*]\).*/\1/')" '"hosts":[{"address":"192.0.2.2","packets_out":1,"bytes_out":102,"packets_in":0,"bytes_in":0},{"address":"198.51.100.9","packets_out":0,"bytes_out":0,"packets_in":1,"bytes_in":102},{"address":"02:00:00:00:00:01","packets_out":1,"bytes_out":42,"packets_in":0,"bytes_in":0},{"address":"02:00:00:00:00:02","packets_out":0,"bytes_out":0,"packets_in":1,"bytes_in":42}]'
for span in '--from=00:01' '--from=-30s' '--from=2026-01-01T00:00:10 --to=2026-01-02' '--from=2026-01-01T00:01Z'; do
	# shellcheck disable=SC2086 # two arguments
	expect "$span" "$(report "$small" $span --view=ports --format=csv | tr -d '\r')" "protocol,port,service,packets,bytes
udp,53,domain,1,102
arp,,,1,42"
done
expect "up to" "$(report "$small" --to=00:00:02 | grep '^packets ')" "packets            200"
expect "top" "$(report "$small" --top=1 --view=talkers | tail -n 1 | cut -d ' ' -f 1)" 198.51.100.9
report "$small" --from=25:00 | grep -q 'must be a time' || fail "25:00 is taken"
report "$folder/a.pcap" --from=03:00 | grep -q 'require a recording' || fail "--from with a capture"
report "$small" --show='port 53' | grep -q 'not possible' || fail "--show is taken"

# Texts of a foreign file cannot control the terminal, and its views are not run.
cp "$small" "$folder/foreign.db"
ask "$folder/foreign.db" "UPDATE host SET name = char(27) || '[2J' WHERE address = '192.0.2.1'"
for format in text json csv; do
	report "$folder/foreign.db" --format=$format >"$folder/out"
	grep -q '2J' "$folder/out" || fail "$format: the name is missing"
	grep -q "$(printf '\033')" "$folder/out" && fail "$format: an escape sequence"
done
ask "$folder/foreign.db" 'ALTER TABLE host RENAME TO host2;
    CREATE VIEW host AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
report "$folder/foreign.db" | grep -q 'not a recording' || fail "a view instead of a table"
head -c 9000 "$small" >"$folder/cut.db"
report "$folder/cut.db" | grep -q 'malformed' || fail "a file that is cut off"

# Other files are left as they are.
refuse() { # refuse FILE PATTERN
	cp "$1" "$folder/before"
	"$PKTTOP" -r "$folder/a.pcap" -b --record="$1" >"$folder/out" 2>&1 && fail "$1: taken"
	grep -q "$2" "$folder/out" || fail "$1: no \"$2\" in: $(cat "$folder/out")"
	cmp -s "$1" "$folder/before" || fail "$1: changed"
}
ask "$folder/other.db" 'CREATE TABLE t(x); INSERT INTO t VALUES(1)'
refuse "$folder/other.db" 'not a recording'
cp "$db" "$folder/newer.db"
ask "$folder/newer.db" 'PRAGMA user_version = 99'
refuse "$folder/newer.db" 'another version'
echo "some text that is no database" >"$folder/text.db"
refuse "$folder/text.db" 'not a database'
ln -s "$folder/not-there.db" "$folder/link.db"
"$PKTTOP" -r "$folder/a.pcap" -b --record="$folder/link.db" >/dev/null 2>&1 && fail "a link was followed"
[ ! -e "$folder/not-there.db" ] || fail "a file was made through a link"
for size in 19M 10x 1h; do
	"$PKTTOP" --demo -b --record="$folder/x.db" --record-size=$size >/dev/null 2>&1 && fail "size $size"
done

# A writer that stands still holds nothing up, and misses nothing.
wait_for() { # wait_for COMMAND...
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.1
	done
}
# shellcheck disable=SC2317,SC2329 # it is called by wait_for
moments() { # moments DATABASE LEAST
	[ "$(ask "$1" 'SELECT count(*) FROM traffic')" -ge "$2" ]
}
live=$folder/live.db
"$PKTTOP" --headless --demo --record="$live" 2>"$folder/errors" &
pid=$!
wait_for moments "$live" 2 || fail "nothing is recorded"
writer=$(ps -o pid= --ppid "$pid" | tr -d ' ' | head -n 1)
"$PKTTOP" --demo --headless --record="$live" --duration=1 >"$folder/out" 2>&1 && fail "two writers"
grep -q 'another pkttop' "$folder/out" || fail "two writers: $(cat "$folder/out")"
report "$live" --view=talkers | grep -q "^192" || fail "no report while it is written"
kill -STOP "$writer"
sleep 2
kill -CONT "$writer"
n=$(ask "$live" 'SELECT count(*) FROM traffic')
wait_for moments "$live" $((n + 2)) || fail "it does not go on"
kill "$pid"
wait "$pid" || fail "it ended with $?"
pid=
[ ! -s "$folder/errors" ] || fail "lost: $(cat "$folder/errors")"
expect "gaps" "$(ask "$live" 'SELECT sum(seconds) - max(time + seconds) + min(time) FROM traffic')" 0

# The screen of a moment is shown again.
screen() { # screen ARGUMENT...
	"$PKTTOP" -r "$live" --no-config --dump=100x20 "$@" 2>&1
}
screen | grep -q '^> 192\.0\.2\.' || fail "no screen: $(screen)"
screen --keys=2 | grep -q '^> \(tcp\|udp\)' || fail "no flows: $(screen --keys=2)"
screen --keys=0 | grep -q "peak [0-9.]*[kM]b/s" || fail "no graph: $(screen --keys=0)"
[ "$(screen | sed -n 2p)" != "$(screen --keys='[' | sed -n 2p)" ] || fail "no step back"
expect "back and forward" "$(screen --keys='[]')" "$(screen)"
screen --at=yesterda | grep -q 'must be a time' || fail "--at=yesterda is taken"
"$PKTTOP" -r "$folder/a.pcap" --at=03:00 --dump=80x24 2>&1 | grep -q 'require a recording' || fail "--at with a capture"

# A writer that is killed leaves a whole file.
"$PKTTOP" --headless --demo --record="$live" 2>/dev/null &
pid=$!
wait_for moments "$live" $((n + 5)) || fail "it is not continued"
writer=$(ps -o pid= --ppid "$pid" | tr -d ' ' | head -n 1)
kill -9 "$writer" "$pid"
wait "$pid" 2>/dev/null
pid=
expect "after a kill" "$(ask "$live" 'PRAGMA integrity_check')" ok

# Older moments are merged, old ones deleted; the sums stay.
cat >"$folder/words" <<'END'
repeat 9000 10
0  eth / ip 192.0.2.1 198.51.100.9 / udp 4000 443 / data 300
end
END
"$MKCAP" "$folder/words" "$folder/day.pcap" || exit 99
"$PKTTOP" -r "$folder/day.pcap" -b --record="$folder/day.db" >/dev/null
expect "sum of a day" "$(ask "$folder/day.db" 'SELECT sum(packets) FROM traffic')" 9000
expect "lengths" "$(ask "$folder/day.db" 'SELECT DISTINCT seconds FROM host ORDER BY 1')" "1
10
60"
"$PKTTOP" -r "$folder/day.pcap" -b --record="$folder/hour.db" --record-age=1h >/dev/null
expect "the last hour" "$(ask "$folder/hour.db" 'SELECT sum(packets) FROM traffic')" 360
exit "$failed"
