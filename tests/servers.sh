# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the script that sources this
# For scripts that start servers of other projects: at the end it removes $folder and ends the
# processes in $pids; how to skip and to fail; ports and captures.

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"

chmod 755 "$folder"
pid=
pids=
# shellcheck disable=SC2317,SC2329 # it is called by clean
tidy() {
	# shellcheck disable=SC2086 # several numbers
	[ -z "$pids" ] || kill -9 $pids 2>/dev/null
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

free_port() { # free_port udp|tcp
	python3 - "$1" <<-'END'
	import socket, sys
	s = socket.socket(type=socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM)
	s.bind(("127.0.0.1", 0))
	print(s.getsockname()[1])
	END
}

wait_for() { # wait_for URL: 20 s at most
	for _ in $(seq 200); do
		curl -s -f -o "$folder/answer" "$1" && return
		sleep 0.1
	done
	fail "nothing answers at $1: $(tail -n 3 "$folder/log")"
}

# Starts InfluxDB 1 in $folder; more lines for its file are about [http].
start_influxd() { # start_influxd PORT OTHER-PORT [LINE...]
	cat >"$folder/influxd.conf" <<-END
	reporting-disabled = true
	bind-address = "127.0.0.1:$2"
	[meta]
	  dir = "$folder/meta"
	[data]
	  dir = "$folder/data"
	  wal-dir = "$folder/wal"
	  query-log-enabled = false
	[http]
	  bind-address = "127.0.0.1:$1"
	  log-enabled = false
	END
	influx_url=http://127.0.0.1:$1
	shift 2
	printf '%s\n' "$@" >>"$folder/influxd.conf"
	run_influxd
}

# The same one again, once it has ended.
run_influxd() {
	influxd -config "$folder/influxd.conf" >"$folder/log" 2>&1 &
	server=$!
	pids="$pids $server"
	wait_for "$influx_url/ping"
}

# Prints the names of three captures: of the corpus, if there is one, else of synthetic traffic.
three_captures() {
	if [ -n "${PKTTOP_CORPUS-}" ]; then
		for name in many-protocols 1kxun webex; do
			echo "$PKTTOP_CORPUS/real/$name.pcap"
		done
		return
	fi
	for n in 1000 5000 20000; do
		"$PKTTOP" --demo --count=$n --batch --write="$folder/$n.pcap" >/dev/null
		echo "$folder/$n.pcap"
	done
}
