#!/bin/sh
# What is wrong with the command line or with a source is said in one line that names it, with
# the right exit status, and nothing else is printed.
set -u
: "${PKTTOP:?names the program}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-errors.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
echo "no capture" >"$folder/text"
: >"$folder/empty"

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
	[ -z "$why" ] && return
	echo "pkttop $*: $why"
	sed 's/^/	/' "$folder/err"
	failed=1
}

# The command line: 2.
wrong 2 '--nonsense: no such option' --nonsense
wrong 2 '-y.*no such option' -y
wrong 2 '--read.*an argument is wanted' --read
wrong 2 '-i.*an argument is wanted' -i
wrong 2 '--delay: "0\.01".*0\.1' --delay=0.01
wrong 2 '--delay: "fast"' --delay=fast
wrong 2 '--delay: "nan"' --delay=nan
wrong 2 '--count: "0"' --count=0
wrong 2 '--top: "-1"' --top=-1
wrong 2 '--format: "xml".*text.*csv' --format=xml
wrong 2 '--view: "nowhere".*talkers' --view=nowhere
wrong 2 '--sort: "nothing".*column' --sort=nothing
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
wrong 2 'zebra' -i lo zebra stripes
wrong 2 '.' --demo --batch 'port ((('

# The sources: 1.
wrong 1 'no-such-interface' --batch --interface=no-such-interface
wrong 1 'no-such-file' --batch --read="$folder/no-such-file"
wrong 1 'text' --batch --read="$folder/text"
wrong 1 'empty' --batch --read="$folder/empty"
wrong 1 'directory|folder' --batch --read="$folder"
wrong 1 'text: it is there already' --demo --batch --packet-log="$folder/text"
wrong 1 'none/log: .*folder' --demo --batch --flow-log="$folder/none/log"

# The screen, where there is no terminal.
wrong 1 'terminal' --demo

if [ $failed -eq 0 ] && [ "$("$PKTTOP" --version | head -n 1 | cut -d' ' -f1)" != pkttop ]; then
	echo "--version does not begin with the name"
	failed=1
fi
[ -n "$("$PKTTOP" --help)" ] || { echo "--help says nothing"; failed=1; }

# A reader that leaves ends the run quietly.
"$PKTTOP" --demo --batch --format=csv --top=0 2>"$folder/err" | head -n 1 >/dev/null
[ ! -s "$folder/err" ] || { echo "a closed pipe:"; cat "$folder/err"; failed=1; }
exit $failed
