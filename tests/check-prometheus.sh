#!/bin/sh
# Prometheus asks pkttops for their metrics, and has the figures of their reports. All on loopback, in
# a folder of their own, with the configuration file of the guide for fleets.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-prometheus.XXXXXX") || exit 99
failed=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"

command -v python3 >/dev/null || skip "python3 is not installed"
command -v curl >/dev/null || skip "curl is not installed"
for name in prometheus promtool; do
	command -v $name >/dev/null || skip "$name is not installed"
done
"$PKTTOP" --version | grep -q 'libmicrohttpd *yes' || skip "built without libmicrohttpd"
captures=$(three_captures)

# A pkttop for each capture.
targets=
for capture in $captures; do
	port=$(free_port tcp)
	"$PKTTOP" --headless --read="$capture" --listen="127.0.0.1:$port" 2>"$folder/messages.$port" &
	pids="$pids $!"
	targets="$targets $port"
done
for port in $targets; do
	wait_for "http://127.0.0.1:$port/healthz"
done

# The configuration of the guide, with these targets and without a wait of 15 s.
list=$(for port in $targets; do printf '"127.0.0.1:%s", ' "$port"; done)
sed -e "s/\"127.0.0.1:8080\"/${list%, }/; s/scrape_interval: 15s/scrape_interval: 1s/" \
    "${srcdir:-.}/doc/fleet/prometheus.yml" >"$folder/prometheus.yml"
promtool check config "$folder/prometheus.yml" >"$folder/said" 2>&1 || fail "$(cat "$folder/said")"
server=$(free_port tcp)
prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" \
    --web.listen-address="127.0.0.1:$server" >"$folder/log" 2>&1 &
pids="$pids $!"
wait_for "http://127.0.0.1:$server/-/ready"

# Each figure of each report, once Prometheus has it: the files are read by then.
# shellcheck disable=SC2086 # a list
python3 - "http://127.0.0.1:$server" $targets <<'END' || fail "Prometheus: $(tail -n 5 "$folder/log")"
import json, sys, time, urllib.parse, urllib.request

def get(url):
    return json.load(urllib.request.urlopen(url))

def ask(query):
    answer = get(sys.argv[1] + "/api/v1/query?" + urllib.parse.urlencode({"query": query}))
    return [float(r["value"][1]) for r in answer["data"]["result"]]

def expected(report):
    for key in "packets", "bytes":
        yield f'sum(pkttop_{key}_total{{%s}})', report["total"][key]
        yield f'sum(pkttop_source_{key}_total{{%s}})', report["total"][key]
        for row in report["protocols"]:
            yield f'pkttop_protocol_{key}_total{{%s,path="{row["path"]}"}}', row[key]
    yield "pkttop_tcp_retransmissions_total{%s}", sum(h["retransmissions"] for h in report["health"])
    yield "pkttop_flows{%s}", len(report["flows"])

def wrong(port):
    report = get(f"http://127.0.0.1:{port}/report?top=0")
    for query, value in expected(report):
        query = query.replace("%s", f'instance="127.0.0.1:{port}"')
        if ask(query) != [value]:
            yield f"{query}: {ask(query)} instead of {value}"

until = time.time() + 60
while any(next(wrong(port), None) for port in sys.argv[2:]) and time.time() < until:
    time.sleep(0.5)
for port in sys.argv[2:]:
    for text in wrong(port):
        print(text)
        until = 0
sys.exit(until == 0)
END

# What promtool says of the text format, now that the files are read; an exit status of 3 is advice on style.
for port in $targets; do
	curl -s "http://127.0.0.1:$port/metrics" >"$folder/text"
	promtool check metrics <"$folder/text" >"$folder/said" 2>&1 || fail "promtool: $(cat "$folder/said")"
	[ ! -s "$folder/said" ] || fail "promtool: $(cat "$folder/said")"
done
curl -s -D "$folder/head" -H 'Accept: application/openmetrics-text; version=1.0.0' \
    "http://127.0.0.1:$port/metrics" >"$folder/open"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0' "$folder/head" || fail "$(cat "$folder/head")"
[ "$(tail -n 1 "$folder/open")" = '# EOF' ] || fail "OpenMetrics: no end"
for line in '# TYPE pkttop_bytes counter' '# UNIT pkttop_bytes bytes' '# TYPE pkttop_build info'; do
	grep -qx "$line" "$folder/open" || fail "OpenMetrics: no \"$line\""
done
[ "$(grep -c '^pkttop' "$folder/open")" = "$(grep -c '^pkttop' "$folder/text")" ] ||
    fail "the formats differ in their number of samples"
grep -i 'error\|warn' "$folder/log" | grep -v 'signal' && fail "Prometheus complains"
exit $failed
