#!/bin/sh
# Recorded data is never lost, and no other file is changed: full and read-only disks, planted links
# and pipes, a program that is killed while it writes.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
# shellcheck disable=SC2317,SC2329 # it is called by clean
tidy() {
	umount "$folder/small" 2>/dev/null
	chmod -R u+w "$folder" 2>/dev/null
}
make_folder

# Every line of a CSV file, the last one too, ends in a newline and has as many cells as the first.
whole_lines() { # whole_lines FILE
	awk -F, 'BEGIN { RS = "\r\n" } NR == 1 { n = NF } NF != n { bad = 1; print FILENAME ": " $0 }
	    END { exit bad || NR == 0 }' "$1" || fail "$1: a line is not whole"
	[ "$(tail -c 2 "$1" | od -An -tx1 | tr -d ' ')" = 0d0a ] || fail "$1: it ends within a line"
}

# A capture gives the same report if it is read again, in both formats.
"$PKTTOP" --demo --count=5000 --batch --write="$folder/a.pcap" >/dev/null || fail "no a.pcap"
"$PKTTOP" --demo --count=5000 --batch --write="$folder/a.pcapng" >/dev/null || fail "no a.pcapng"
for name in a.pcap a.pcapng; do
	# pcap cannot store that nothing was dropped.
	"$PKTTOP" --read="$folder/$name" --format=json >"$folder/out"
	sed "s/$name/same/g; s/\"kernel_dropped\":0,\"interface_dropped\":0,//" "$folder/out" \
	    >"$folder/$name.json"
	if command -v tshark >/dev/null; then
		n=$(tshark -r "$folder/$name" 2>/dev/null | wc -l)
		[ "$n" -eq 5000 ] || fail "$name: tshark reads $n packets"
	fi
done
"$PKTTOP" --read="$folder/a.pcap" --batch --write="$folder/again.pcap" >/dev/null
cmp "$folder/a.pcap" "$folder/again.pcap" || fail "read and written again it differs"
cmp "$folder/a.pcap.json" "$folder/a.pcapng.json" || fail "pcap and pcapng tell different things"
grep -q '"packets":5000' "$folder/a.pcap.json" || fail "5000 packets were not read back"

# A pcapng file describes its source, with stamps to the nanosecond.
"$PKTTOP" --demo --count=5000 --batch --write="$folder/c.pcapng" --write-shown --show='port 53' \
    --filter=udp --comment='before the upgrade' >/dev/null || fail "no c.pcapng"
if command -v capinfos >/dev/null; then
	capinfos "$folder/c.pcapng" >"$folder/out" 2>&1
	for text in 'before the upgrade' 'capture filter at the start: udp' \
	    'only packets of flows that match: port 53' 'Name = demo' 'nanoseconds (9)'; do
		grep -qF "$text" "$folder/out" || fail "c.pcapng does not say: $text"
	done
fi
"$PKTTOP" --demo --count=10 --batch --write="$folder/c.pcap" --comment=x >"$folder/out" 2>&1
[ $? -eq 2 ] || fail "pcap takes a comment"

# Each pcapng file ends with its counters, a rotated one too.
mkdir "$folder/counts"
"$PKTTOP" --demo --count=5000 --batch --write="$folder/counts/c.pcapng" --rotate=1M >/dev/null
for name in "$folder"/counts/c*.pcapng; do
	"$PKTTOP" --read="$name" --format=json >"$folder/out"
	grep -q '"kernel_dropped":0,"interface_dropped":0,' "$folder/out" || fail "$name: nothing is counted"
	[ "$(wc -c <"$name")" -le 1000000 ] || fail "$name is larger than 1 MB"
done
[ "$(find "$folder/counts" -type f | wc -l)" -gt 1 ] || fail "no pcapng file was rotated"

# Names of addresses, and the flags of packets (an outbound one here), are stored again.
ip='E\0\0\24\0\0\0\0@\21\0\0\12\0\0\1\12\0\0\2'
block() { # block TYPE LENGTH BODY: the numbers are octal
	# shellcheck disable=SC2059 # the bytes are written as printf(1) has them
	printf "\\$1\\0\\0\\0\\$2\\0\\0\\0$3\\$2\\0\\0\\0"
}
{
	printf '\12\15\15\12\34\0\0\0\115\74\53\32\1\0\0\0\377\377\377\377\377\377\377\377\34\0\0\0'
	block 1 24 '\145\0\0\0\0\0\0\0'
	block 4 34 '\1\0\10\0\12\0\0\1own\0\0\0\0\0'
	block 6 100 '\0\0\0\0\0\0\0\0\1\0\0\0\24\0\0\0\24\0\0\0'"$ip"'\2\0\4\0\2\0\0\0\0\0\0\0'
} >"$folder/named.pcapng"
"$PKTTOP" -r "$folder/named.pcapng" --batch -w "$folder/named2.pcapng" >/dev/null || fail "no named2"
"$PKTTOP" -r "$folder/named2.pcapng" --batch -w "$folder/named3.pcapng" >/dev/null || fail "no named3"
cmp "$folder/named2.pcapng" "$folder/named3.pcapng" || fail "names or flags change each time"
"$PKTTOP" -r "$folder/named3.pcapng" --format=json | grep -q '"own"' || fail "a name is lost"
if command -v tshark >/dev/null; then
	got=$(env -u XDG_CONFIG_HOME HOME="$folder" tshark -r "$folder/named3.pcapng" -T fields \
	    -e frame.packet_flags_direction 2>/dev/null)
	case $got in
	2 | 0x00000002) ;;
	*) fail "a packet's direction is \"$got\"" ;;
	esac
fi

# Two link types: pcapng stores both and is read completely, pcap reports that it stores one.
header='\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0'
packet='\0\361\123\145\0\0\0\0\24\0\0\0\24\0\0\0E\0\0\24\0\0\0\0@\21\0\0\12\0\0\1\12\0\0\2'
# shellcheck disable=SC2059 # the bytes are written as printf(1) has them
printf "$header"'\145\0\0\0'"$packet$packet" >"$folder/raw.pcap"
# shellcheck disable=SC2059 # likewise
printf "$header"'\161\0\0\0'"$packet" >"$folder/sll.pcap"
"$PKTTOP" -r "$folder/raw.pcap" -r "$folder/sll.pcap" --batch -w "$folder/two.pcapng" >/dev/null ||
    fail "no two.pcapng"
"$PKTTOP" -r "$folder/two.pcapng" --batch >"$folder/out" || fail "two.pcapng is not read"
for text in '2 packets  40 bytes  - dropped  ended  RAW  two.pcapng:raw.pcap' \
    'LINUX_SLL  two.pcapng:sll.pcap'; do
	grep -qF "$text" "$folder/out" || fail "two.pcapng is not read back: $text"
done
"$PKTTOP" -r "$folder/two.pcapng" --batch -w "$folder/two.pcap" >"$folder/out" 2>&1 &&
    fail "pcap takes two link types"
grep -q 'packets of link type LINUX_SLL are not written' "$folder/out" || fail "$(cat "$folder/out")"

# Files end near their maximum size, however small, and together have all lines.
mkdir "$folder/rotated"
"$PKTTOP" --demo --count=3000 --batch --packet-log="$folder/rotated/log.csv" --rotate=20k >/dev/null
for name in "$folder"/rotated/log*.csv; do
	whole_lines "$name"
	[ "$(wc -c <"$name")" -le 20000 ] || fail "$name is larger than 20 kB"
done
[ "$(cat "$folder"/rotated/log*.csv | grep -vc ^time,)" -eq 3000 ] || fail "lines are lost by rotation"

# Only matching packets, with each option.
n=$("$PKTTOP" --demo --count=5000 --batch --show='port 53' --packet-log=- | wc -l)
"$PKTTOP" --demo --count=5000 --batch --show='port 53' --write="$folder/dns.pcap" --write-shown >/dev/null
"$PKTTOP" --read="$folder/dns.pcap" --format=json | grep -q "\"total\":{\"packets\":$n," ||
    fail "the packet log has $n packets of DNS, the capture file has not"
[ "$n" -gt 10 ] || fail "there are only $n packets of DNS"

# Existing files are not changed, whatever they are.
echo precious >"$folder/victim"
mkfifo "$folder/pipe"
ln -s victim "$folder/link"
ln -s missing "$folder/nowhere"
for name in victim pipe link nowhere; do
	for option in packet-log write; do
		"$PKTTOP" --demo --batch --count=10 --$option="$folder/$name" >"$folder/out" 2>&1 </dev/null
		status=$?
		if [ $status -ne 1 ] || ! grep -q "$name" "$folder/out"; then
			fail "--$option=$name: status $status"
		fi
	done
done
[ "$(cat "$folder/victim")" = precious ] || fail "a file was overwritten"
[ ! -e "$folder/missing" ] || fail "a link was followed"

# Full disks, one for each writer, and a read-only one.
full_disk() { # full_disk WHAT OPTION...: runs it until the disk is full; it must say so
	what=$1
	shift
	mount -t tmpfs -o size=64k none "$folder/small"
	"$PKTTOP" --demo --batch "$@" >"${report:-$folder/report}" 2>"$folder/out"
	status=$?
	[ $status -eq 1 ] || fail "a full disk, $what: status $status"
	grep -q 'No space left' "$folder/out" || fail "a full disk, $what, is not said: $(cat "$folder/out")"
}
empty_disk() {
	umount "$folder/small"
}
says_what_is_lost() { # says_what_is_lost NUMBER: of records that were written
	grep -q " lost" "$folder/out" || fail "a full disk, $what: what is missed is not said"
	grep -q ": $1 written" "$folder/out" || fail "a full disk, $what: it says otherwise than $1"
}
mkdir "$folder/small"
if mount -t tmpfs -o size=64k none "$folder/small" 2>/dev/null; then
	umount "$folder/small"
	for option in packet-log flow-log; do
		log=$folder/small/log.csv
		full_disk $option --$option="$log"
		whole_lines "$log"
		says_what_is_lost $(($(wc -l <"$log") - 1))
		empty_disk
	done
	for name in w.pcap w.pcapng; do
		full_disk $name --write="$folder/small/$name"
		"$PKTTOP" --read="$folder/small/$name" --format=json >"$folder/report" 2>&1 ||
		    fail "a full disk: $name is not whole: $(tail -n 1 "$folder/report")"
		says_what_is_lost \
		    "$(sed -n 's/.*"total":{"packets":\([0-9]*\).*/\1/p' "$folder/report")"
		empty_disk
	done
	full_disk snapshot --count=5000 --snapshot-dir="$folder/small"
	[ -z "$(ls "$folder/small")" ] || fail "a full disk: a part of a snapshot is left"
	empty_disk
	report=$folder/small/report full_disk report --count=5000 --top=0 --format=json
	empty_disk
	mount -t tmpfs -o size=64k,ro none "$folder/small"
	for option in packet-log flow-log write snapshot-dir; do
		to=$folder/small/x.pcap
		[ $option != snapshot-dir ] || to=$folder/small
		"$PKTTOP" --demo --batch --count=1000 --$option="$to" >"$folder/out" 2>&1
		status=$?
		[ $status -eq 1 ] || fail "a read-only disk, $option: status $status"
		grep -q 'Read-only' "$folder/out" || fail "a read-only disk, $option: $(cat "$folder/out")"
	done
	umount "$folder/small"
else
	echo "no tmpfs can be mounted: not root? full disks were left out"
fi

# Killed at any moment, each time in another directory.
kills=50
kill_at() { # kill_at SECONDS ARGUMENT...
	after=$1
	shift
	"$PKTTOP" --demo --batch "$@" >/dev/null 2>&1 &
	pid=$!
	sleep "$after"
	# It is stopped first, so that it does not fork unnoticed.
	kill -STOP $pid 2>/dev/null
	children=
	[ -z "$and_children" ] || children=$(pgrep -P $pid 2>/dev/null)
	# shellcheck disable=SC2086 # a list
	kill -9 $pid $children 2>/dev/null
	wait $pid 2>/dev/null
	pid=
}

# Data that has reached the writer is still written, in whole lines only.
and_children=
i=0
while [ $i -lt $kills ]; do
	mkdir "$folder/log$i"
	log=$folder/log$i/log.csv
	kill_at "0.$(printf %03d $((i * 7 % 80)))" --packet-log="$log"
	if [ -s "$log" ]; then
		size=0
		until [ "$(wc -c <"$log")" = "$size" ]; do
			size=$(wc -c <"$log")
			sleep 0.01
		done
		whole_lines "$log"
	fi
	rm -f "$log"
	i=$((i + 1))
done

# A snapshot is complete, or does not exist.
and_children=yes
whole=0
i=0
while [ $i -lt $kills ]; do
	mkdir "$folder/snap$i"
	kill_at "0.$(printf %03d $((i * 37 % 300)))" --count=2000 --snapshot-dir="$folder/snap$i"
	for snapshot in "$folder/snap$i"/pkttop-*; do
		[ -d "$snapshot" ] || continue
		whole=$((whole + 1))
		for name in packet_metrics packet_flows ip_flows protocols traffic_over_time; do
			whole_lines "$snapshot/$name.csv"
		done
		tail -n 1 "$snapshot/traffic_over_time.svg" | grep -q '</svg>' ||
		    fail "a picture is not whole"
	done
	i=$((i + 1))
done
echo "$whole of $kills snapshots were made before the program was killed"
exit "$failed"
