# shellcheck shell=sh disable=SC2034 # variables are shared with the script that sources this
# Sourced by checks: how to skip and to fail, a folder of their own, a network namespace of their own.

skip() {
	echo "skipped: $*"
	exit 77
}

need() { # need TOOL...
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

failed=0
fail() {
	echo "$*"
	failed=1
}

# What a check has to undo at its end, besides what clean() does.
tidy() {
	:
}

# shellcheck disable=SC2317,SC2329 # it is called by trap
clean() {
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
	tidy
	rm -rf "$folder"
}

# Makes $folder, and removes it at the end; then the process in $pid is killed too.
make_folder() {
	folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-$(basename "$0" .sh).XXXXXX") || exit 99
	pid=
	trap clean EXIT
	trap 'exit 99' HUP INT TERM
}

# Runs the script again in a network namespace of its own with the argument "inside", or skips it.
# lo is up.  OPTION... are further ones of unshare(1).
enter_namespace() { # enter_namespace "${1-}" OPTION...
	[ "$1" != inside ] || return 0
	shift
	need unshare ip
	for way in -n -rn; do
		# shellcheck disable=SC2016 # the inner shell expands it
		unshare $way "$@" ip link add pkttop-a type veth peer name pkttop-b 2>/dev/null &&
		    exec unshare $way "$@" sh -c 'ip link set dev lo up && exec sh "$0" inside' "$0"
	done
	skip "no network namespace with interfaces can be made: not root?"
}
