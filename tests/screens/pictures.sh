#!/bin/sh
# Draws the pictures of the README from real screens of synthetic traffic: make pictures.
#
#	pictures.sh FOLDER [SECONDS]
#
# SECONDS (40): age of the screen from the history. Drawing takes longer than that.
set -u
: "${PKTTOP:?names the program}"
here=$(dirname "$0")
folder=${1:?names the folder that they go to}
seconds=${2:-40}

draw() { # draw NAME COLSxROWS KEYS TITLE
	"$PKTTOP" --demo --dump="$2" --color=always --keys="$3" >"$folder/$1.screen" &&
	    python3 -B "$here/picture.py" "$4" <"$folder/$1.screen" >"$folder/$1.svg"
	status=$?
	rm -f "$folder/$1.screen"
	return $status
}

# Only a terminal has a history.
draw_past() { # draw_past NAME COLSxROWS TITLE
	# shellcheck disable=SC2046 # as many arguments as seconds
	keys=$(printf '[%.0s' $(seq "$seconds"))
	python3 -B "$here/watch.py" "$2" $((seconds * 3 / 2 + 3)) "$keys" "$PKTTOP" --demo --no-config \
	    >"$folder/$1.screen" &&
	    python3 -B "$here/picture.py" "$3" <"$folder/$1.screen" >"$folder/$1.svg"
	status=$?
	rm -f "$folder/$1.screen"
	return $status
}

mkdir -p "$folder" || exit 1
draw talkers 100x28 '' 'pkttop: who talks most' &&
    draw who 120x40 '<Enter>' 'pkttop: the host that talks most, and its flows' &&
    draw_past past 100x28 "pkttop: the whole screen as it was $seconds seconds ago" &&
    draw wide 160x50 '2' 'pkttop on a wide screen: flows, and what all traffic is made of' &&
    draw detail 120x40 '8j<Enter>' 'pkttop: the detail of a host whose connections fail' &&
    draw traffic 120x32 '0' 'pkttop: traffic over time'
