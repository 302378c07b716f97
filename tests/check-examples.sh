#!/bin/sh
# The examples of the manual and of README.md run, with captures made here.
#
# Under sudo a live capture becomes --demo, and a screen becomes a --dump of it, so that the check
# needs neither privileges nor a terminal.
set -u
: "${PKTTOP:?names the program}"
source=$(cd "${srcdir:-.}" && pwd) || exit 99

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-examples.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
ran=0
mkdir "$folder/tools" "$folder/work" "$folder/captures"

# The text after "$ ", with its continuation lines.
manual_examples() {
	awk '
	$1 == ".Sh" { section = $2 }
	section == "EXAMPLES" && sub(/^(\.Dl )?\$ /, "") {
		line = $0
		while (line ~ /\|$/ && getline > 0) {
			sub(/^ */, "")
			line = line " " $0
		}
		gsub(/\\-/, "-", line)
		print line
	}' "$source/man/pkttop.1"
}

# The indented lines of the section "Use", without their comments.
readme_examples() {
	sed -n '/^## Use/,/^## /p' "$source/README.md" | sed -n 's/^    //p' | sed 's/  *#.*//'
}

cat >"$folder/tools/pkttop" <<'END'
#!/bin/sh
# The program, with a screen that is printed.
for word; do
	case $word in
	-b | --batch | --format* | --dump* | -D) exec "$PKTTOP" "$@" ;;
	esac
done
exec "$PKTTOP" --dump=80x24 "$@"
END
cat >"$folder/tools/sudo" <<'END'
#!/bin/sh
# Runs pkttop, the first word, without privileges: on synthetic traffic instead of interfaces.
shift
count=$#
while [ "$count" -gt 0 ]; do
	word=$1
	shift
	count=$((count - 1))
	case $word in
	-i)
		shift
		count=$((count - 1))
		;;
	--processes | --reports=* | --delay=*) ;;
	*) set -- "$@" "$word" ;;
	esac
done
exec pkttop --demo "$@"
END
cat >"$folder/tools/ssh" <<'END'
#!/bin/sh
exec cat trace.pcap
END
chmod +x "$folder"/tools/*
PATH=$folder/tools:$PATH
export PKTTOP PATH

cd "$folder/work" || exit 99
"$PKTTOP" --demo -b -c 20000 -w trace.pcap >/dev/null || exit 1
cp trace.pcap "$folder/captures"
gzip -k trace.pcap || exit 99

run() { # run WHERE COMMAND
	command=$(printf '%s\n' "$2" | sed "s|/var/captures|$folder/captures|")
	case $command in
	*jq*) command -v jq >/dev/null || { echo "not run, for there is no jq: $2"; return; } ;;
	esac
	rm -f https.pcapng ring* flows*
	if ! timeout 60 sh -c "set -e; $command" >"$folder/out" 2>"$folder/err" </dev/null ||
	    [ ! -s "$folder/out" ] || [ -s "$folder/err" ]; then
		echo "$1: $2"
		sed 's/^/	/' "$folder/err" "$folder/out" | head -n 5
		failed=1
	fi
	ran=$((ran + 1))
}

manual_examples >"$folder/manual"
readme_examples >"$folder/readme"
while read -r line; do
	run manual "$line"
done <"$folder/manual"
while read -r line; do
	run README.md "$line"
done <"$folder/readme"
echo "$ran examples ran"
[ "$(wc -l <"$folder/manual")" -ge 15 ] || { echo "fewer than 15 examples in the manual"; failed=1; }
[ "$(wc -l <"$folder/readme")" -ge 5 ] || { echo "fewer than 5 examples in README.md"; failed=1; }
exit $failed
