#!/bin/sh
# The process that owns a flow's socket is named, for a process and a connection of the test's own
# in a network namespace of its own.
# shellcheck disable=SC2154 # folder and failed are of tests/checks.sh
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
[ "$(uname)" = Linux ] || skip "only Linux tells whose a socket is"
need python3
enter_namespace "${1-}"
make_folder

fail() {
	echo "$*"
	cut -c 1-200 "$folder/out" "$folder/error"
	exit 1
}

cat >"$folder/talk.py" <<'PY'
# Talks to itself on port 7001, under a name with an escape sequence; until it is killed.
import socket, time
with open("/proc/self/comm", "w") as f:
    f.write("talk\033[2J")
far = socket.create_server(("127.0.0.1", 7001))
near = socket.create_connection(("127.0.0.1", 7001))
peer, _ = far.accept()
end = time.time() + 60
while time.time() < end:
    near.send(b"x" * 500)
    peer.recv(1000)
    time.sleep(0.05)
PY
python3 "$folder/talk.py" &
pid=$!
sleep 0.7
kill -0 "$pid" 2>/dev/null || exit 99

show() { # show VIEW OPTIONS ...
	view=$1
	shift
	"$PKTTOP" --no-config --interface=lo --numeric --view="$view" --duration=1 --dump=240x24 "$@" \
	    >"$folder/out" 2>"$folder/error" || fail "exit status $?"
}

dump() { # dump OPTIONS ...
	show flows "$@"
	grep -q 7001 "$folder/out" || fail "the connection was not captured"
}

# The column is not shown without the option.
dump
grep -q "talk" "$folder/out" && fail "a process is named that was not asked for"

# Sanitised, with the process number; both ends are its own, which is shown once.
wanted="talk\\\\x1b\\[2J\\[$pid\\]"
dump --processes
grep -q "$wanted" "$folder/out" || fail "the process $pid is not named"
dump --processes --keys='/process~talk<Enter>'
grep -q "$wanted" "$folder/out" || fail "the filter does not find it"
dump --processes --keys='<Enter>'
grep -q "PROCESS.*$wanted\|process.*$wanted" "$folder/out" || fail "the detail does not name it"

# The view has totals without an option; grouped, and by a filter.
show processes
grep -q "$wanted" "$folder/out" || fail "the view does not name the process"
show processes --keys=a
grep "talk" "$folder/out" | grep -q "\[$pid\]" && fail "processes are not grouped by command"
grep -q "talk" "$folder/out" || fail "the command is not shown"
show processes --keys='<Enter><Enter>'
grep -q "7001" "$folder/out" || fail "Enter does not show the flows"

# In reports, the rows are all traffic.
"$PKTTOP" --no-config --interface=lo --batch --format=csv --view=processes --duration=1 >"$folder/out" 2>"$folder/error" ||
    fail "exit status $?"
grep -q "$wanted" "$folder/out" || fail "the report does not name the process"
# Without the capabilities, another user's process is shown by its user, with the reason.
raw="setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw"
if [ "$(id -u)" = 0 ] && $raw "$PKTTOP" --version >/dev/null 2>&1 &&
    [ "$(sed -n 's/ *0 *0 *//p' /proc/self/uid_map)" = 4294967295 ]; then
	$raw "$PKTTOP" --no-config --interface=lo --numeric --view=processes --duration=1 --dump=240x24 \
	    --keys='@' >"$folder/out" 2>"$folder/error" || fail "exit status $?"
	grep -q "uid 0" "$folder/out" || fail "the user is not told"
	grep -q "talk" "$folder/out" && fail "it sees what it cannot see"
	grep -q "CAP_SYS_PTRACE" "$folder/out" || fail "what is missing is not said"
fi

# Synthetic flows have no process.
"$PKTTOP" --no-config --demo --dump=100x24 --keys=':processes on<Enter>' >"$folder/out" 2>"$folder/error" ||
    fail "exit status $?"
grep -q "live traffic only" "$folder/out" || fail "it is not said that this is not live"
