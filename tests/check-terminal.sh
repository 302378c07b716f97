#!/bin/sh
# The error that prevents a screen is reported correctly, and a terminal description made by a user
# is not read with privileges that this user does not have.
set -u
: "${PKTTOP:?names the program}"
for tool in script tic; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
script -qec true /dev/null >/dev/null 2>&1 || { echo "skipped: this script(1) has other options"; exit 77; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-terminal.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$folder"
failed=0

# The messages of a run, without the screen.
said() { # said COMMAND
	script -qec "$1" /dev/null </dev/null 2>&1 | tr -d '\r' | grep -a -o 'pkttop: .*'
}

for n in 5 6 7; do
	text=$(TERM=vt100 said "sh -c 'ulimit -n $n; \"$PKTTOP\" --no-config --demo --duration=0.1'")
	case $text in
	*"Too many open files"*) ;;
	*) echo "$n open files: $text"; failed=1 ;;
	esac
done

mkdir "$folder/home"
infocmp vt100 2>/dev/null | sed 's/^vt100|/pkttop-own|/; s/|dec vt100.*/,/' >"$folder/own"
tic -o "$folder/home/.terminfo" "$folder/own" 2>/dev/null || { echo "skipped: no vt100 here"; exit 77; }
run='--no-config --demo --duration=0.1'
text=$(TERM=pkttop-own TERMINFO=$folder/home/.terminfo said "'$PKTTOP' $run")
[ -z "$text" ] || { echo "one's own description: $text"; failed=1; }
[ $failed -eq 0 ] || exit 1

for tool in setcap setpriv; do
	command -v $tool >/dev/null || { echo "skipped the rest: $tool is not installed"; exit 0; }
done
cp "$PKTTOP" "$folder/pkttop"
if [ "$(id -u)" -ne 0 ] || ! setcap cap_net_raw+ep "$folder/pkttop" 2>/dev/null; then
	echo "skipped the rest: no file capabilities"
	exit 0
fi
chmod -R a+rX "$folder"
as_nobody="setpriv --reuid=nobody --clear-groups"
for variable in TERMINFO="$folder/home/.terminfo" TERMINFO_DIRS="$folder/home/.terminfo" \
    HOME="$folder/home"; do
	text=$(TERM=pkttop-own said "$as_nobody env $variable '$folder/pkttop' $run")
	case $text in
	*"unknown terminal type"*) ;;
	*) echo "$variable is heeded: $text"; failed=1 ;;
	esac
done
exit $failed
