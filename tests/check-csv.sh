#!/bin/sh
# No CSV table has two columns with the same name, and JSON has the tables that the options select.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-csv.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

unique() { # unique WHAT FILE
	twice=$(head -n 1 "$2" | tr -d '\r' | tr ',' '\n' | sort | uniq -d)
	[ -s "$2" ] && [ -z "$twice" ] && return
	echo "$1: no line, or a column twice: $twice"
	failed=1
}

views=$("$PKTTOP" --view=none 2>&1 | sed 's/.*one of//' | tr -d ',')
[ "$(echo "$views" | wc -w)" -ge 10 ] || { echo "which views are there? $views"; failed=1; }
for view in $views; do
	"$PKTTOP" --demo --format=csv --top=1 --view="$view" >"$folder/file" || failed=1
	unique "$view of a file" "$folder/file"
	# Live rows begin with the time of their report. Capturing needs privileges.
	"$PKTTOP" --interface=lo --format=csv --top=1 --duration=0.01 --view="$view" >"$folder/live" \
	    2>/dev/null && unique "$view, live" "$folder/live"
done
"$PKTTOP" --demo --batch --packet-log="$folder/packets.csv" --flow-log="$folder/flows.csv" \
    --snapshot-dir="$folder" --top=1 >/dev/null || failed=1
logs=0
for log in "$folder"/*.csv "$folder"/*/*.csv; do
	unique "${log##*/}" "$log"
	logs=$((logs + 1))
done
[ $logs -ge 5 ] || { echo "only $logs logs and files of a snapshot"; failed=1; }

if command -v python3 >/dev/null; then
	"$PKTTOP" --demo --format=json --view=ports --sort=-packets --show='port>=100' --top=3 |
	    python3 -c '
import json, sys
t, = json.load(sys.stdin)["tables"]
assert t["view"] == "ports", t["view"]
rows = t["rows"]
assert len(rows) == 3, rows
assert all(r["port"] >= 100 for r in rows), rows
sums = [r["packets"] for r in rows]
assert sums == sorted(sums), sums
' || { echo "the table of a JSON report"; failed=1; }
	"$PKTTOP" --demo --format=json --top=1 | python3 -c '
import json, sys
assert "tables" not in json.load(sys.stdin)' || failed=1
	# Only flows have a state.
	"$PKTTOP" --demo --format=json --show='state=established' | python3 -c '
import json, sys
assert [t["view"] for t in json.load(sys.stdin)["tables"]] == ["flows"]' || failed=1
fi
exit $failed
