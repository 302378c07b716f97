#!/bin/sh
# The page of the server: its files, and how they are assembled.
set -u
page=${srcdir:-.}/web
failed=0
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

fail() {
	echo "$*"
	failed=1
}

# Prints lines that must not be there.
none() { # none REASON FOUND
	[ -z "$2" ] && return
	printf '%s\n' "$2"
	fail "  ... $1"
}

# Scripts and styles in the document are refused by its content security policy, and text that
# becomes markup would be a hole.
none "no script, style or handler in a document" \
    "$(grep -nE '<script>|<style|[ "]style=|[ "]on[a-z]+=|javascript:' "$page"/*.html)"
none "text is set as text" \
    "$(grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function' "$page"/*.js)"
none "nothing is asked from other machines" \
    "$(grep -nE "(src|href)=\"(https?:)?//|url\\(|@import|[\"'\`]https?://" "$page"/*.html "$page"/*.css "$page"/*.js)"

# Each package has a hash, so another file of the same version is refused.
grep -q '"integrity": "sha512-' "$page/package-lock.json" || fail "no hash in package-lock.json"

# Without npm and without uPlot, the page says what is missing.
mkdir "$scratch/bin" "$scratch/build"
for tool in sh mkdir cp od tr sed gzip cksum rm mv; do
	ln -s "$(command -v $tool)" "$scratch/bin/$tool"
done
cp -R "$page" "$scratch/web" && rm -rf "$scratch/web/uplot" "$scratch/web/fetched"
PATH=$scratch/bin sh "$scratch/web/assemble.sh" "$scratch/web" "$scratch/build" "$scratch/page.c" 2>"$scratch/said"
grep -q 'install npm' "$scratch/said" || fail "does not say that npm is missing"
[ "$(grep -c '^	{ "/' "$scratch/page.c")" -eq 3 ] || fail "the page without uPlot is not 3 files"

# With it, all files are there, and come out of the table as they went in.
mkdir "$scratch/web/uplot"
for file in uPlot.iife.min.js uPlot.min.css LICENSE; do
	echo "of $file" >"$scratch/web/uplot/$file"
done
PATH=$scratch/bin sh "$scratch/web/assemble.sh" "$scratch/web" "$scratch/build" "$scratch/page.c" || fail "assemble.sh"
awk -F, '/^static/ { on = /file__app_js\[/ } on && /^[0-9]/ { for (i = 1; i < NF; i++) printf "\\%03o\n", $i }' \
    "$scratch/page.c" | while read -r byte; do
	# shellcheck disable=SC2059 # an escape sequence
	printf "$byte"
done | gzip -dc | cmp - "$page/app.js" || fail "app.js is not in the table as it is"
for path in / /app.js /style.css /uPlot.iife.min.js /uPlot-LICENSE.txt; do
	grep -qF "{ \"$path\", " "$scratch/page.c" || fail "$path is not in the table"
done
exit $failed
