#!/bin/sh
# Draws the pictures of the README out of real screens of made-up traffic: make pictures.
#
#	pictures.sh FOLDER
set -u
: "${PKTTOP:?names the program}"
here=$(dirname "$0")
folder=${1:?names the folder that they go to}

draw() { # draw NAME COLSxROWS KEYS TITLE
	"$PKTTOP" --demo --dump="$2" --color=always --keys="$3" >"$folder/$1.screen" &&
	    python3 -B "$here/picture.py" "$4" <"$folder/$1.screen" >"$folder/$1.svg"
	status=$?
	rm -f "$folder/$1.screen"
	return $status
}

mkdir -p "$folder" || exit 1
draw talkers 100x28 '' 'pkttop: who talks most' &&
    draw wide 160x50 '2' 'pkttop on a wide screen: flows, and what all traffic is made of' &&
    draw detail 120x40 '8j<Enter>' 'pkttop: the detail of a host whose connections fail' &&
    draw traffic 120x32 '0' 'pkttop: traffic over time'
