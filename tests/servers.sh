# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the script that sources this
# For scripts that start servers of other projects: at the end it removes $folder and ends the
# processes in $pids; how to skip and to fail.

skip() {
	echo "skipped: $*"
	exit 77
}

chmod 755 "$folder"
pids=
# shellcheck disable=SC2317,SC2329 # it is called by trap
clean() {
	for pid in $pids; do
		kill -9 "$pid" 2>/dev/null
	done
	rm -rf "$folder"
}
trap clean EXIT
trap 'exit 99' HUP INT TERM

fail() {
	echo "$*"
	failed=1
}
