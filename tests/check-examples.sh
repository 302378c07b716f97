#!/bin/sh
# Every example command of the manual and of README.md runs, with captures made here, or is named
# below with the reason why it cannot.
#
# Under sudo a live capture becomes --demo, and a screen becomes a --dump of it, so that the check
# needs neither privileges nor a terminal.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"
source=$(cd "${srcdir:-.}" && pwd) || exit 99

# shellcheck source=tests/checks.sh disable=SC1091
. "$source/tests/checks.sh"
make_folder
ran=0
mkdir "$folder/tools" "$folder/work" "$folder/captures"

# The text after "$ ", with its continuation lines.
manual_examples() {
	awk '
	function flush() {
		gsub(/\\-/, "-", line)
		if (line != "")
			print line
		line = ""
	}
	sub(/^(\.Dl )?\$ /, "") { flush(); line = $0; next }
	line != "" && sub(/^    */, "") { line = line " " $0; next }
	{ flush() }
	END { flush() }' "$source/man/pkttop.1"
}

# All indented lines, without their comments.
readme_examples() {
	sed -n 's/^    //p' "$source/README.md" | sed 's/  *#.*//'
}

# Says why a command is not run; false if it can be.
cannot_run() { # cannot_run COMMAND
	case $1 in
	./bootstrap* | autoreconf* | mkdir* | ../configure* | make | *make*install)
		echo "builds or installs the program; see check-bootstrap.sh" ;;
	systemctl* | setcap*) echo "changes this machine" ;;
	alias* | ask*) echo "needs an interface; see check-streams.sh" ;;
	*curl*/streams*) echo "needs an interface; see check-streams.sh" ;;
	*curl*) command -v curl >/dev/null && [ -n "$pid" ] && return 1
		echo "there is no curl, or no server" ;;
	*jq*) command -v jq >/dev/null && return 1
		echo "there is no jq" ;;
	sqlite3*) command -v sqlite3 >/dev/null && [ -s traffic.db ] && return 1
		echo "there is no sqlite3, or no recording" ;;
	*traffic.db*) [ -s traffic.db ] && return 1
		echo "built without libsqlite3" ;;
	*--headless*) "$PKTTOP" --version | grep -q '^libmicrohttpd  *yes' && return 1
		echo "built without libmicrohttpd" ;;
	*) return 1 ;;
	esac
}

cat >"$folder/tools/pkttop" <<'END'
#!/bin/sh
# The program, with a screen that is printed.
for word; do
	case $word in
	-b | --batch | --format* | --dump* | -D | --headless | --hash-password*) exec "$PKTTOP" "$@" ;;
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
"$PKTTOP" -b -r trace.pcap --record=traffic.db >/dev/null 2>&1 || rm -f traffic.db
port=$((20000 + $$ % 20000))

stop_server() {
	[ -z "$pid" ] || { kill "$pid"; wait "$pid" 2>/dev/null; }
	pid=
}

# A server runs on until the next one, or to the end.
serve() { # serve COMMAND
	stop_server
	sh -c "exec $(printf '%s\n' "$1" | sed 's/^pkttop/pkttop --demo/; s/-i eth0//')" >"$folder/out" 2>"$folder/err" &
	pid=$!
	for _ in $(seq 200); do
		curl -s -o /dev/null "127.0.0.1:$port/healthz" && return
		sleep 0.1
	done
	return 1
}

# It prints something, and no error; what goes to a file, and a question about addresses that
# are not there, has no answer.
run_once() { # run_once COMMAND
	timeout 60 sh -c "set -e; $1" >"$folder/out" 2>"$folder/err" </dev/null || return 1
	case $1 in
	sqlite3* | *">passwords") ;;
	*) [ -s "$folder/out" ] || return 1 ;;
	esac
	[ ! -s "$folder/err" ]
}

run_command() { # run_command COMMAND
	case $1 in
	*--headless*) serve "$1" ;;
	*) run_once "$1" ;;
	esac
}

run() { # run WHERE COMMAND
	if cannot_run "$2" >"$folder/why"; then
		echo "not run: $2: $(cat "$folder/why")"
		return
	fi
	command=$(printf '%s\n' "$2" |
	    sed "s|/var/captures|$folder/captures|; s|127.0.0.1:8080|127.0.0.1:$port|; s|^curl |curl -s |")
	rm -f https.pcapng ring* flows*
	run_command "$command" || {
		echo "$1: $2"
		sed 's/^/	/' "$folder/err" "$folder/out" | head -n 5
		failed=1
	}
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
stop_server
echo "$ran examples ran"
[ "$ran" -ge 25 ] || { echo "fewer than 25 examples ran"; failed=1; }
exit "$failed"
