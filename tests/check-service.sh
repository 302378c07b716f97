#!/bin/sh
# The unit for systemd: without mistakes, and with a sandbox of exposure 2.0 or better.
set -u
: "${PKTTOP:?names the program}"
command -v systemd-analyze >/dev/null || { echo "skipped: systemd-analyze is not installed"; exit 77; }
systemd-analyze --help | grep -q -e --offline || { echo "skipped: systemd-analyze is older than 250"; exit 77; }
[ -f "${srcdir:-.}/service/pkttop.service.in" ] || { echo "skipped: the unit is not there"; exit 77; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-service.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

sed -e "s|@bindir@|$(dirname "$PKTTOP")|; s|@RECORD_OPTION@|--record=traffic.db|" \
    "${srcdir:-.}/service/pkttop.service.in" >"$folder/pkttop.service"
cp "${srcdir:-.}/service/pkttop.socket" "$folder"
systemd-analyze security --offline=true --threshold=20 --no-pager "$folder/pkttop.service" >"$folder/said" 2>&1 ||
    { grep -E '^(✗|→)' "$folder/said"; failed=1; }
# It has nothing to say about units without mistakes; those of the machine are not ours.
systemd-analyze --man=no verify "$folder/pkttop.service" "$folder/pkttop.socket" 2>&1 | grep pkttop && failed=1
exit $failed
