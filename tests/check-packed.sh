#!/bin/sh
# Compressed captures are read like their content, by a program with minimal privileges.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-packed.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$folder"
cd "$folder" || exit 99
failed=0

complain() {
	echo "$*"
	failed=1
}

report() { # report ARGUMENT... without the file's name
	"$PKTTOP" --batch --view=flows --sort=packets --top=0 "$@" 2>&1 | grep -v '^source'
}

"$PKTTOP" --demo --batch --count=5000 --write=plain.pcap >/dev/null || exit 99
"$PKTTOP" --demo --batch --count=5000 --write=plain.pcapng >/dev/null || exit 99
tried=0
for tool in gzip zstd xz bzip2 lz4 lzip; do
	command -v $tool >/dev/null || { echo "not tried: $tool"; continue; }
	for plain in plain.pcap plain.pcapng; do
		report --read=$plain >wanted
		# The name does not show the format.
		$tool -c <$plain >packed.pcap 2>/dev/null || exit 99
		report --read=packed.pcap | cmp - wanted || complain "$tool: $plain"
		report --read=- <packed.pcap | cmp - wanted || complain "$tool: $plain as standard input"
		# shellcheck disable=SC2002 # a pipe is meant
		cat packed.pcap | report --read=- | cmp - wanted || complain "$tool: $plain through a pipe"
	done
	head -c 20000 packed.pcap >short
	"$PKTTOP" --batch --read=short >/dev/null 2>error && complain "$tool: a cut file: exit status 0"
	# Some have written nothing by then, and some everything that is complete.
	grep -q "^pkttop: short: $tool failed: ." error || complain "$tool: $(cat error)"
	PATH=$folder "$PKTTOP" --batch --read=packed.pcap >/dev/null 2>error
	grep -q "^pkttop: packed.pcap: decompressing requires the program $tool, which is not installed" error ||
	    complain "without $tool: $(cat error)"
	tried=$((tried + 1))
done
[ $tried -gt 0 ] || { echo "skipped: nothing here compresses"; exit 77; }

command -v gzip >/dev/null || exit $failed
gzip -c plain.pcap | gzip >twice
"$PKTTOP" --batch --read=twice 2>&1 | grep -q 'twice: compressed by gzip, and within that compressed by gzip' ||
    complain "packed twice"
"$PKTTOP" --batch --read=twice --read=plain.pcap >/dev/null 2>error
[ $? -eq 1 ] || complain "packed twice, with another file: the exit status"
grep -q '^pkttop: twice: compressed by gzip, and .*; skipped$' error ||
    complain "packed twice, with another file: $(cat error)"

# It gets no environment, no privileges, no descriptors; and it ends with its parent.
mkdir tools
real=$(command -v gzip)
cat >tools/gzip <<-END
	#!/bin/sh
	/usr/bin/env >"$folder/environment"
	cat /proc/self/status >"$folder/status" 2>/dev/null
	ls -l /proc/self/fd >"$folder/descriptors" 2>/dev/null
	exec $real "\$@"
END
chmod +x tools/gzip
gzip -c plain.pcap >packed
chmod 644 packed
chmod 777 .
user=
[ "$(id -u)" -ne 0 ] || user=--user=nobody
GZIP=-v SECRET=told PATH=$folder/tools:$PATH "$PKTTOP" --batch --read=packed ${user:+$user} >/dev/null ||
    complain "a program of one's own"
grep -qE '^(GZIP|SECRET|HOME)=' environment && complain "it has an environment: $(cat environment)"
if [ -s status ]; then
	grep -qE '^Cap(Eff|Prm):[[:space:]]*0*[1-9a-f]' status &&
	    complain "it has privileges: $(grep ^Cap status)"
	grep -q '^NoNewPrivs:[[:space:]]*1$' status || complain "it may get privileges"
	[ -z "$user" ] || grep -q "^Uid:[[:space:]]*$(id -u nobody)[[:space:]]" status ||
	    complain "whose it is: $(grep ^Uid status)"
	# Three, and the directory that ls reads.
	[ "$(grep -c -e '->' descriptors)" -le 4 ] || complain "it has $(cat descriptors)"
fi

printf '#!/bin/sh\necho $$ >"%s/pid"\nexec sleep 60\n' "$folder" >tools/gzip
PATH=$folder/tools:$PATH "$PKTTOP" --batch --read=packed >/dev/null 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s pid ] && break
	sleep 0.1
done
kill -9 $pid
wait $pid 2>/dev/null
sleep 0.3
[ -s pid ] || complain "it was not started"
case $(ps -o stat= -p "$(cat pid)" 2>/dev/null) in
'' | Z*) ;;
*) complain "it outlives who started it" ;;
esac

# A finished child is reaped even if its packets are not all displayed yet.
if [ -d /proc/self ]; then
	"$PKTTOP" --batch --replay --read=packed --duration=2 >/dev/null 2>&1 &
	pid=$!
	sleep 1
	for child in $(pgrep -P $pid 2>/dev/null); do
		grep -q '^State:[[:space:]]*Z' "/proc/$child/status" 2>/dev/null && complain "a zombie"
	done
	kill $pid
	wait $pid
fi
exit $failed
