#!/bin/sh
# A row's capture filter matches exactly the row's packets: libpcap runs it (bpf_rows.c) for rows of
# all views, and tcpdump runs the command that the screen shows (check-bpf.py).
set -u
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
command -v tcpdump >/dev/null || { echo "skipped: tcpdump is not installed"; exit 77; }
here=${srcdir:-.}/tests
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for case in "$here"/cases/*.case; do
	grep -q '^0 ' "$case" || continue
	name=$(basename "$case" .case)
	"$MKCAP" "$case" "$made/$name.pcap" 2>/dev/null || rm -f "$made/$name.pcap"
done
set -- "$made"/*.pcap
shown="$made/contexts.pcap $made/fragments.pcap $made/links-flows.pcap $made/not-ip.pcap"
if [ -n "${PKTTOP_CORPUS-}" ]; then
	shown="$shown $(echo "$PKTTOP_CORPUS"/../cases/captures/*vlan.pcap \
	    "$PKTTOP_CORPUS"/../cases/captures/frag*.pcap)"
	set -- "$@" "$PKTTOP_CORPUS"/real/* "$PKTTOP_CORPUS"/hostile/*.* "$PKTTOP_CORPUS"/hostile/made/* \
	    "$PKTTOP_CORPUS"/../cases/*/*
fi
failed=0
"$BPF_ROWS" "$@" || failed=1
"$BPF_ROWS" -d "$@" || failed=1
# shellcheck disable=SC2086 # names without blanks
python3 "$here/check-bpf.py" "$PKTTOP" $shown || failed=1
exit "$failed"
