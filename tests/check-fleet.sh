#!/bin/sh
# The three questions of the guide for fleets, asked as they stand there of servers that two sites have
# written to: one with a full link, one with losses, and a host that talks most over both of them.
#
# In a network namespace of the test's own.
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

for name in python3 curl influxd victoria-metrics prometheus nfcapd nfdump; do
	command -v $name >/dev/null || skip "$name is not installed"
done
for library in libcurl libmicrohttpd; do
	"$PKTTOP" --version | grep -q "^$library *yes" || skip "built without $library"
done
[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
unshare -mu sh -c 'mount -t sysfs sysfs /sys && hostname site1' 2>/dev/null || skip "no machine of another name can be made"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-fleet.XXXXXX") || exit 99
failed=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"

ip link set lo up
# Each site sends its flows to an address of its own, and so from that.
ip address add 192.0.2.251/32 dev lo
ip address add 192.0.2.252/32 dev lo
mkdir "$folder/flows"

sed -e 's/"127.0.0.1:8080"/"127.0.0.1:8081", "127.0.0.1:8082"/; s/scrape_interval: 15s/scrape_interval: 1s/' \
    "${srcdir:-.}/doc/fleet/prometheus.yml" >"$folder/prometheus.yml"
start_influxd 8086 8088
victoria-metrics -storageDataPath="$folder/vm" -httpListenAddr=127.0.0.1:8428 -search.latencyOffset=0s \
    >"$folder/victoria" 2>&1 &
pids="$pids $!"
prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/prometheus" \
    --web.listen-address=127.0.0.1:9090 >"$folder/log" 2>&1 &
pids="$pids $!"
nfcapd -p 4739 -w "$folder/flows" -t 3600 >"$folder/nfcapd" 2>&1 &
collector=$!
pids="$pids $collector"
for url in http://127.0.0.1:8086/ping http://127.0.0.1:8428/health http://127.0.0.1:9090/-/ready; do
	wait_for $url
done
python3 "${srcdir:-.}/tests/check-fleet.py" "$PKTTOP" "${srcdir:-.}/doc/fleet.md" "$folder" "$collector" || failed=1
exit $failed
