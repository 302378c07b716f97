#!/bin/sh
# An error in the command line or of a source is reported in one line that names it, with the right
# exit status and no other output.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-errors.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
echo "no capture" >"$folder/text"
: >"$folder/empty"

raw() { # raw FILE: something in it acts upon a terminal
	sed 's/\r$//' "$1" | LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]\|\342\200\256')"
}

wrong() { # wrong STATUS PATTERN ARGUMENT...
	wanted=$1
	pattern=$2
	shift 2
	"$PKTTOP" "$@" </dev/null >"$folder/out" 2>"$folder/err"
	status=$?
	why=
	[ $status -eq "$wanted" ] || why="exit status $status, not $wanted"
	[ "$(wc -l <"$folder/err")" -eq 1 ] || why="not one line"
	grep -qE "^pkttop: .*$pattern" "$folder/err" || why="no \"$pattern\""
	[ ! -s "$folder/out" ] || why="something on standard output"
	raw "$folder/err" && why="a raw byte"
	[ -z "$why" ] && return
	echo "pkttop $*: $why"
	sed 's/^/	/' "$folder/err"
	failed=1
}

# The command line: 2.
wrong 2 '--nonsense: no such option' --nonsense
wrong 2 '-y: no such option' -y
wrong 2 '-v: no such option' --read="$folder/text" -nve
wrong 2 '-i: requires an argument' --demo -ni
wrong 2 '--batch: does not take an argument' --batch=yes
wrong 2 '--nonsense: no such option' --nonsense=yes
wrong 2 '--read.*requires an argument' --read
wrong 2 '-i.*requires an argument' -i
wrong 2 '--delay: "0\.01".*0\.1' --delay=0.01
wrong 2 '--delay: "fast"' --delay=fast
wrong 2 '--delay: "nan"' --delay=nan
wrong 2 '--count: "0"' --count=0
wrong 2 '--top: "-1"' --top=-1
wrong 2 '--format: "xml".*text.*csv' --format=xml
wrong 2 '--view: "nowhere".*talkers' --view=nowhere
wrong 2 '--sort: "nothing".*column' --sort=nothing
wrong 2 '--sort: "state".*talkers' --sort=state --view=talkers
wrong 2 '--sort: "state".*talkers' --demo --format=csv --sort=state
wrong 2 '--sort: ""' --sort=
wrong 2 '--sort: "state".*talkers' --view=talkers --sort=state
wrong 2 '--units: "furlongs".*bits' --units=furlongs
wrong 2 '--color: "blue".*auto' --color=blue
wrong 2 '--local: "everywhere"' --local=everywhere
wrong 2 '--memory: "none"' --memory=none
wrong 2 '--snaplen: "3"' --snaplen=3
wrong 2 '--dump: "80"' --demo --dump=80
wrong 2 '--keys: "<Nope>"' --demo --keys='<Nope>' --dump=80x24
wrong 2 '--filter-file: .*no-such-file' --filter-file="$folder/no-such-file"
wrong 2 '--show.*\(' --demo --batch --show='(port 53'
wrong 2 '--demo' --demo --read="$folder/text"
wrong 2 '--replay' --replay
wrong 2 '--table: "nowhere".*talkers' --table=nowhere
wrong 2 '--rotate: "1x".*100M' --rotate=1x
wrong 2 '--rotate: "M".*100M' --rotate=M
wrong 2 '--keep.*--rotate' --demo --batch --packet-log="$folder/log" --keep=3
wrong 2 '--keep: "0"' --keep=0
wrong 2 '--flow-log-format: "xml".*csv' --flow-log-format=xml
wrong 2 'standard output.*--batch' --demo --packet-log=-
wrong 2 'only one' --demo --batch --packet-log=- --write=-
wrong 2 '--write-shown.*--write' --demo --batch --write-shown
wrong 2 '--write-shown.*--show' --demo --batch --write="$folder/log" --write-shown
wrong 2 '--dump' --demo --dump=80x24 --flow-log="$folder/log"
wrong 2 'zebra: neither a capture file nor' -i lo zebra stripes
wrong 2 'zebra.pcap: neither a capture file nor' --demo --batch zebra.pcap
wrong 2 'porrt: neither a capture file nor' --demo --batch 'porrt 80'
wrong 2 'lo: neither .* -i lo ' --demo --batch lo
wrong 2 '.' --demo --batch 'port ((('

# An option without effect among the others is reported by name.
capture=$folder/empty.pcap
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$capture"
"$PKTTOP" --batch --read="$capture" >/dev/null || { echo "an empty capture cannot be read"; failed=1; }
wrong 2 '--demo.*--read' --demo --batch --read="$capture"
wrong 2 '--replay requires --read' --batch --replay
wrong 2 '--no-promiscuous.*live' --batch --no-promiscuous --read="$capture"
wrong 2 '--snaplen.*live' --batch -s 100 --read="$capture"
wrong 2 '--buffer.*live' --demo --batch --buffer=4
wrong 2 '--processes.*live' --dump=80x24 --processes --read="$capture"
wrong 2 '--dump.*--format' --demo --dump=80x24 --format=json
wrong 2 '--dump.*--batch' --demo --dump=80x24 --batch
wrong 2 '--top requires --batch' --demo --dump=80x24 --top=3
wrong 2 '--reports requires --batch' --demo --reports=3
wrong 2 '--duration.*--dump' --dump=80x24 --duration=2 --read="$capture"
wrong 2 '--snapshot-dir.*--dump' --demo --dump=80x24 --snapshot-dir="$folder"
wrong 2 '--rotate.*--dump' --demo --dump=80x24 --rotate=1h
wrong 2 '--comment.*--dump' --demo --dump=80x24 --comment=this
wrong 2 '--keys.*--batch' --demo --batch --keys=q
wrong 2 '--theme.*--batch' --demo --batch --theme=light
wrong 2 '--color.*--batch' --demo --batch --color=always
wrong 2 '--units.*CSV' --demo --format=csv --units=bytes
wrong 2 '--rotate requires' --demo --batch --rotate=1h
wrong 2 '--rotate requires' --demo --batch --rotate=1h --packet-log=-
wrong 2 '--flow-log-format requires' --demo --batch --flow-log-format=json
wrong 2 '--comment requires --write' --demo --batch --comment=this
wrong 2 '--comment requires pcapng' --demo --batch --comment=this --write="$folder/x.pcap"
wrong 2 '--batch has no effect: --list' --list-interfaces --batch
wrong 2 '--read has no effect: --list' -r "$capture" -D
wrong 2 '--show=.*port' --demo --format=json --show='(port 53'

# Quoted parts of them contain no escape sequences.
escape=$(printf '\033]0;\037\n\007\342\200\256')
wrong 2 'no such option' "--x$escape"
wrong 2 'no such option' "-$escape"
wrong 2 '--view: "' --view="$escape"
wrong 2 '--show' --demo --batch --show="port $escape"
wrong 2 '--filter-file' --filter-file="$folder/$escape"
wrong 2 '--theme' --theme="$escape"
wrong 2 '--user' --user=
printf 'port \033[31m\n' >"$folder/filter"
wrong 2 '.' --demo --batch --filter-file="$folder/filter"
wrong 1 'standard input|no-such' --batch --read="$folder/no-such$escape"
wrong 1 '.' --batch --interface="$escape"
odd=$folder/odd$escape
mkdir "$odd" && cp "$capture" "$odd/$escape.pcap" && cp "$folder/text" "$odd/$escape" || exit 99
wrong 1 '.' --batch --read="$odd/$escape"
for option in packet-log flow-log write; do
	wrong 1 'already exists' --demo --batch --$option="$odd/$escape"
	wrong 1 '.' --demo --batch --$option="$odd/none$escape/log"
done
"$PKTTOP" --demo --batch --count=9 --snapshot-dir="$odd/none$escape" >/dev/null 2>"$folder/err"
raw "$folder/err" && { echo "no snapshot: a raw byte"; failed=1; }

# Nor does successful output.
clean() { # clean ARGUMENT...
	"$PKTTOP" "$@" </dev/null >"$folder/out" 2>&1 || { echo "pkttop $*"; failed=1; }
	raw "$folder/out" && { echo "pkttop $*: a raw byte"; failed=1; }
}
clean --batch --read="$odd/$escape.pcap"
clean --format=csv --view=sources --read="$odd/$escape.pcap"
clean --format=json --view=sources --read="$odd/$escape.pcap"
clean --dump=100x20 --view=sources --read="$odd/$escape.pcap"
clean --demo --batch --count=9 --snapshot-dir="$odd" --packet-log="$odd/packets$escape"
"$PKTTOP" --batch --read="$odd/$escape.pcap" --write="$folder/named.pcapng" >/dev/null &&
    clean --batch --read="$folder/named.pcapng"

# The sources: 1.
wrong 1 'no-such-interface' --batch --interface=no-such-interface
wrong 1 'no-such-file' --batch --read="$folder/no-such-file"
wrong 1 'text' --batch --read="$folder/text"
wrong 1 'empty' --batch --read="$folder/empty"
mkdir "$folder/bare"
wrong 1 "directory" --batch --read="$folder/bare"
wrong 1 'text: already exists' --demo --batch --packet-log="$folder/text"
wrong 1 'none/log: cannot open directory' --demo --batch --flow-log="$folder/none/log"

# The screen without a terminal.
wrong 1 'terminal' --demo

if [ $failed -eq 0 ] && [ "$("$PKTTOP" --version | head -n 1 | cut -d' ' -f1)" != pkttop ]; then
	echo "--version does not begin with the name"
	failed=1
fi
[ -n "$("$PKTTOP" --help)" ] || { echo "--help says nothing"; failed=1; }

# Started by root, pkttop has become another user.
if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1; then
	mkdir -m 755 "$folder/roots"
	chmod 755 "$folder"
	# Not for root, whose files are opened as root, but for a user of sudo.
	SUDO_UID=$(id -u nobody) SUDO_GID=$(id -g nobody) SUDO_USER=nobody
	export SUDO_UID SUDO_GID SUDO_USER
	wrong 1 'log: Permission denied for user nobody' --demo --batch --packet-log="$folder/roots/log"
	mkdir -m 700 "$folder/hidden"
	wrong 1 'log: .*denied for user nobody' --demo --batch --write="$folder/hidden/log"
	echo tcp >"$folder/hidden/filter"
	wrong 2 'filter: Permission denied for user nobody' --demo --batch -F "$folder/hidden/filter"
	wrong 1 'Permission denied for user nobody' --batch -r "$folder/hidden/x.pcap"
	wrong 1 'only root itself may stay root' --demo --batch --user=root
	unset SUDO_UID SUDO_GID SUDO_USER
	echo 'port root:x:0' >"$folder/filter"
	wrong 2 'filter: not a capture filter; the language is in pcap-filter.7.$' --demo --batch \
	    -F "$folder/filter"
fi

# An unprivileged user cannot capture: the message says how to, and what works without privileges.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	cp "$PKTTOP" "$folder/pkttop"
	cat >"$folder/refused" <<-END
	#!/bin/sh
	exec setpriv --reuid=65534 --regid=65534 --clear-groups "$folder/pkttop" "\$@"
	END
	chmod 755 "$folder/refused" "$folder"
	program=$PKTTOP
	PKTTOP=$folder/refused
	wrong 1 'lo: no permission.* sudo, .*setcap cap_net_raw.*: pkttop --demo$' --batch -i lo
	PKTTOP=$program
fi

# Errors of standard output are reported in every mode.
full() { # full ARGUMENT...
	"$PKTTOP" "$@" >/dev/full 2>"$folder/err" </dev/null
	status=$?
	[ $status -eq 1 ] && grep -q '^pkttop: standard output: ' "$folder/err" &&
	    [ "$(wc -l <"$folder/err")" -eq 1 ] && return
	echo "pkttop $* into a full device: exit status $status"
	sed 's/^/	/' "$folder/err"
	failed=1
}

if [ -c /dev/full ]; then
	full --version
	full --help
	full --list-interfaces
	full --demo --dump=80x24 --no-config
	full --demo --dump=300x100 --no-config
	full --demo --batch
	full --demo --format=json
	full --demo --format=csv
fi
"$PKTTOP" --version >&- 2>"$folder/err"
status=$?
[ $status -eq 1 ] || { echo "--version without standard output: exit status $status"; failed=1; }
"$PKTTOP" --demo --batch >/dev/null 2>&- <&- || { echo "only standard output is open"; failed=1; }

# A closed pipe ends the run without a message.
"$PKTTOP" --demo --batch --format=csv --top=0 2>"$folder/err" | head -n 1 >/dev/null
[ ! -s "$folder/err" ] || { echo "a closed pipe:"; cat "$folder/err"; failed=1; }
exit $failed
