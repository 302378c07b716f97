#!/bin/sh
# The page of the server, used in a headless Chromium: its numbers are those of /report; sorting,
# filters, details, downloads, streams, zoom, themes, a phone's width and the keyboard.
#
# Runs in a network namespace of the test's own: no request can leave it. Pictures of all tabs are
# left in tests/page/ of the build, for people to look at.
set -u
: "${PKTTOP:?names the program}"

# shellcheck source=tests/namespace.sh disable=SC1091
. "${srcdir:-.}/tests/namespace.sh"

command -v node >/dev/null || skip "node is not installed"
chromium=$(command -v chromium || command -v chromium-browser) || skip "Chromium is not installed"
"$PKTTOP" --version | grep -q '^libmicrohttpd *yes' || skip "this build has no server: no libmicrohttpd"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || skip "node is older than 18"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-browser.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
ip link set dev lo up || exit 99
"$PKTTOP" --demo -b -w "$folder/demo.pcap" >/dev/null || exit 99
mkdir -p tests/page || exit 99
HOME=$folder node "${srcdir:-.}/tests/page/check.mjs" "$PKTTOP" "$chromium" "$folder/demo.pcap" tests/page
