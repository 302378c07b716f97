#!/bin/sh
# A row's capture filter takes just the row's packets: see check-bpf.py.
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
command -v tcpdump >/dev/null || { echo "skipped: tcpdump is not installed"; exit 77; }
here=${srcdir:-.}/tests
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for case in contexts contexts-filter fragments links-flows not-ip web-csv; do
	"$MKCAP" "$here/cases/$case.case" "$made/$case.pcap" || exit 1
done
set -- "$made"/*.pcap
if [ -n "${PKTTOP_CORPUS-}" ]; then
	set -- "$@" "$PKTTOP_CORPUS"/../cases/captures/*vlan.pcap \
	    "$PKTTOP_CORPUS"/../cases/captures/frag*.pcap "$PKTTOP_CORPUS"/../cases/enc/*.pcap
fi
python3 "$here/check-bpf.py" "$PKTTOP" "$@"
