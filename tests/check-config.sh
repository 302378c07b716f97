#!/bin/sh
# Settings are read from their file, options override them, and reports ignore them.
set -u
: "${PKTTOP:?names the program}"

XDG_CONFIG_HOME=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-config.XXXXXX") || exit 99
export XDG_CONFIG_HOME
trap 'rm -rf "$XDG_CONFIG_HOME"' EXIT
trap 'exit 99' HUP INT TERM
rc=$XDG_CONFIG_HOME/pkttop/pkttoprc
mkdir "${rc%/*}"
failed=0

screen() { # options...
	"$PKTTOP" --demo --dump=80x24 "$@" 2>"$XDG_CONFIG_HOME/error"
}

has() { # what it is, pattern, options...
	what=$1 pattern=$2
	shift 2
	screen "$@" | grep -q -- "$pattern" && return
	echo "$what: no \"$pattern\" with: $*"
	failed=1
}

said() {
	grep -q -- "$1" "$XDG_CONFIG_HOME/error" && return
	echo "standard error does not say \"$1\":"
	cat "$XDG_CONFIG_HOME/error"
	failed=1
}

printf 'delay 5\nunits bytes\nview flows\nsort nonsense\ncolumns -app\n' >"$rc"
chmod 600 "$rc"
has "the delay of the file" 'DEMO, every 5s'
said 'pkttoprc:4: sort: "nonsense" is not a column of this view'
has "the error on the screen" '^ pkttoprc:4: sort'
has "the units of the file" 'kB/s'
has "the view of the file" '\[2 Flows\]'
has "an option wins" 'DEMO, every 2s' --delay=2
has "an option wins" 'kb/s' --units=bits
has "an option wins" '\[1 Talkers\]' --view=talkers
has "the file is left aside" 'DEMO, every 1s' --no-config
has "the file is left aside" '\[1 Talkers\]' --no-config
if "$PKTTOP" --demo --batch --table=ports --top=1 2>&1 | grep -q pkttoprc; then
	echo "a report heeds the settings"
	failed=1
fi

chmod 620 "$rc"
has "a file that others may write to is left aside" 'DEMO, every 1s'
said 'writable by others'
exit $failed
