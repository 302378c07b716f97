#!/bin/sh
# The page of the server, used in a headless Chromium: its numbers are those of /report; sorting,
# filters, details, downloads, streams, zoom, themes, a phone's width and the keyboard.
#
# Runs in a network namespace of the test's own: no request can leave it. Pictures of all tabs are
# left in tests/page/ of the build, for people to look at.
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

command -v python3 >/dev/null || skip "python3 is not installed"
command -v node >/dev/null || skip "node is not installed"
chromium=$(command -v chromium || command -v chromium-browser) || skip "Chromium is not installed"
"$PKTTOP" --version | grep -q '^libmicrohttpd *yes' || skip "this build has no server: no libmicrohttpd"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || skip "node is older than 18"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-browser.XXXXXX") || exit 99
failed=0
# shellcheck source=tests/servers.sh disable=SC1091
. "${srcdir:-.}/tests/servers.sh"
ip link set dev lo up || exit 99
"$PKTTOP" --demo -b -w "$folder/demo.pcap" >/dev/null || exit 99
python3 -B - "${srcdir:-.}/tests" "$folder/places.mmdb" <<'END' || exit 99
import importlib, sys
sys.path.insert(0, sys.argv[1])
with open(sys.argv[2], "wb") as file:
    file.write(importlib.import_module("check-places").database("DE"))
END

# Without InfluxDB, all but the tab for what it has stored is used.
influx=
if command -v influxd >/dev/null; then
	start_influxd 8086 8088
	influx=http://127.0.0.1:8086
else
	echo "InfluxDB is not installed: the tab for what it has stored was not used"
fi
mkdir -p tests/page || exit 99
HOME=$folder node "${srcdir:-.}/tests/page/check.mjs" "$PKTTOP" "$chromium" "$folder" tests/page $influx || failed=1
exit $failed
