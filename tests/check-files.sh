#!/bin/sh
# Several capture files are read as one capture ordered by time, however they are named.
set -u
: "${PKTTOP:?names the program}" "${MKCAP:?names the maker of captures}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-files.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
cd "$folder" || exit 99

say() {
	echo "$*"
	failed=1
}

# A connection, split into three files; another one three days later.
cat >whole.case <<'END'
0   eth / ip 192.0.2.1 192.0.2.2 / tcp 40000 80 S 100 0
0.1 eth / ip 192.0.2.2 192.0.2.1 / tcp 80 40000 SA 500 101
0.2 eth / ip 192.0.2.1 192.0.2.2 / tcp 40000 80 A 101 501
1   eth / ip 192.0.2.1 192.0.2.2 / tcp 40000 80 PA 101 501 / data 100
1.1 eth / ip 192.0.2.2 192.0.2.1 / tcp 80 40000 A 501 201
2   eth / ip 192.0.2.1 192.0.2.2 / tcp 40000 80 FA 201 501
2.1 eth / ip 192.0.2.2 192.0.2.1 / tcp 80 40000 FA 501 202
2.2 eth / ip 192.0.2.1 192.0.2.2 / tcp 40000 80 A 202 502
259200 eth / ip 192.0.2.3 192.0.2.4 / udp 5000 5001 / data 100
END
mkdir pieces
grep '^0' whole.case >1.case
grep '^1' whole.case >2.case
grep '^2' whole.case >3.case
"$MKCAP" whole.case whole.pcap || exit 99
for i in 1 2 3; do
	"$MKCAP" $i.case pieces/$i.pcap || exit 99
done
echo "no capture" >pieces/notes.txt
cp pieces/2.pcap udp
: >empty.case
"$MKCAP" empty.case empty.pcap || exit 99

# Without the fields about the files themselves.
report() {
	"$PKTTOP" --batch --no-config --format=json "$@" 2>err | sed -e 's/"sources":\[[^]]*\],//' \
	    -e 's/"source":"[^"]*",//g'
}

same() { # same ARGUMENT... : the report is that of the whole
	report "$@" >got
	cmp -s want got || say "pkttop $*: another report than of the whole: $(cat err)"
}

report -r whole.pcap >want
grep -q '"state":"closed"' want || say "the connection is not closed: $(cat want)"
same -r pieces/1.pcap -r pieces/2.pcap -r pieces/3.pcap
same -r pieces/3.pcap -r pieces/1.pcap -r pieces/2.pcap
same -r pieces/2.pcap pieces/3.pcap pieces/1.pcap
same pieces/*.pcap
same -r pieces
grep -q 'skipped, not capture files: notes.txt' err || say "what was skipped is not said: $(cat err)"
same -r empty.pcap pieces/1.pcap pieces/2.pcap pieces/3.pcap
same -r - <whole.pcap
"$PKTTOP" --batch --no-config -r whole.pcap -w copy.pcapng >/dev/null || say "no copy"
same copy.pcapng
report -r pieces port 5000 >got
grep -q '"total":{"packets":1,' got || say "a filter is not for all files"

# One packet with a stamp of another century changes neither the duration nor a rate, and is
# reported.
sed 's/^1.1 /2500000000 /' whole.case >wild.case
grep -v '^259200' wild.case >one.case
"$MKCAP" one.case wild.pcap || exit 99
report -r wild.pcap >got
grep -q '"elapsed":2.2' got || say "a wild stamp spoils the time: $(cut -c1-120 got)"
"$PKTTOP" --batch --no-config -r wild.pcap >got || say "no report"
grep -q 'stamps_wild  *1' got || say "a wild stamp is not told"
"$PKTTOP" --batch --no-config -r wild.pcap -w wild-copy.pcap >/dev/null || say "no copy"
cmp -s wild.pcap wild-copy.pcap || [ "$(report -r wild.pcap)" = "$(report -r wild-copy.pcap)" ] ||
	say "the copy has another stamp"

# What a word on the command line is.
wrong() { # wrong PATTERN ARGUMENT...
	pattern=$1
	shift
	"$PKTTOP" --batch --no-config "$@" >/dev/null 2>err && say "pkttop $*: no error"
	grep -q "$pattern" err || say "pkttop $*: no \"$pattern\" in: $(cat err)"
}
wrong 'udp: both a capture file and a capture filter' udp
wrong 'notes.txt: not a capture file' pieces/notes.txt
wrong 'pieces/: a directory; -r' pieces/
mkdir none
wrong 'none: no capture files' -r none
report ./udp >got
grep -q '"total":{"packets":2,' got || say "./udp is not read"

# Sources show the number of implausible stamps, in tables too, and replaying changes no stamp.
"$PKTTOP" --batch --no-config -r wild.pcap --table=sources --format=csv |
	tr -d '\r' >got || say "no sources"
[ "$(sed -n '1,2s/.*,//p' got | tr '\n' ' ')" = 'stamps_wild 1 ' ] ||
	say "sources do not tell of the wild stamp: $(cat got)"
play() {
	"$PKTTOP" --batch --no-config --format=json -r one.pcap "$@" 2>/dev/null | tail -n 1 |
	    grep -o '"\(first\|last\)":"[^"]*"'
}
[ "$(play)" = "$(play --replay=1000 --delay=60)" ] || say "stamps of a play: $(play --replay=1000 --delay=60)"

# Unreadable files are named, and the others are reported.
mkdir mixed
cp pieces/*.pcap mixed
"$MKCAP" whole.case mixed/3.pcap
: >mixed/4.pcap
head -c 20 mixed/1.pcap >mixed/5.pcap
echo "no capture, however it is named" >mixed/6.pcap
rest() { # rest ARGUMENT... : the sound files are read, the others named
	"$PKTTOP" --batch --no-config --format=json "$@" >got 2>err
	[ $? = 1 ] || say "pkttop $*: not exit code 1"
	grep -q '"total":{"packets":14,' got || say "pkttop $*: the rest is not reported"
	for i in 4 5 6; do
		grep -q "mixed/$i.pcap: .*; skipped" err || say "pkttop $*: $i.pcap is not named: $(cat err)"
	done
}
rest mixed/*.pcap
rest -r mixed/*.pcap
rest -r mixed/6.pcap mixed/1.pcap mixed/2.pcap mixed/3.pcap mixed/4.pcap mixed/5.pcap
rest -r mixed/1.pcap -r mixed/2.pcap -r mixed/3.pcap -r mixed/4.pcap -r mixed/5.pcap -r mixed/6.pcap
rest -r mixed/*.pcap -r missing.pcap
grep -q 'missing.pcap: .*; skipped' err || say "a file that is missing is not named"
wrong 'none of the files' -r mixed/4.pcap -r mixed/6.pcap

# An empty capture has no time.
for format in text json csv; do
	"$PKTTOP" --batch --no-config --format=$format -r empty.pcap >got || say "an empty capture fails"
	grep -q 1970 got && say "--format=$format of an empty capture tells of 1970"
done
"$PKTTOP" --no-config --dump=132x43 -r empty.pcap >got || say "an empty capture fails"
grep -q 1970 got && say "a screen of an empty capture tells of 1970"
exit $failed
