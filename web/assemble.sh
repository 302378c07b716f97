#!/bin/sh
# Writes the files of the page as a table in C: assemble.sh SOURCES BUILD OUTPUT, two directories and a file.
# uPlot is taken from the sources (a release archive has it), or else from npm with the lock file's hash.
set -u
sources=$1 build=$2 output=$3
LC_ALL=C
export LC_ALL

parts='uPlot.iife.min.js uPlot.min.css LICENSE'
retry='; the page will say so (install npm, then: make page)'

has_uplot() { # has_uplot DIRECTORY
	for part in $parts; do
		[ -f "$1/$part" ] || return 1
	done
}

# The installation scripts of packages are not run.
fetch_uplot() {
	command -v npm >/dev/null || { echo "page: npm is not installed$retry" >&2; return 1; }
	mkdir -p "$build/fetched" || return 1
	cp "$sources/package.json" "$sources/package-lock.json" "$build/fetched"
	(cd "$build/fetched" && npm ci --ignore-scripts --no-audit --no-fund --silent --prefer-offline \
	    --fetch-retries=0 --fetch-timeout=20000 &&
	    cp node_modules/uplot/dist/uPlot.iife.min.js node_modules/uplot/dist/uPlot.min.css \
		node_modules/uplot/LICENSE . && rm -rf node_modules) >&2 && has_uplot "$build/fetched" && return
	echo "page: npm cannot get uPlot$retry" >&2
	return 1
}

find_uplot() {
	for uplot in "$sources/uplot" "$build/fetched"; do
		has_uplot "$uplot" && return
	done
	fetch_uplot
}

content_type() {
	case $1 in
	*.html) echo 'text/html; charset=utf-8' ;;
	*.css) echo 'text/css; charset=utf-8' ;;
	*.js) echo 'text/javascript; charset=utf-8' ;;
	*.svg) echo 'image/svg+xml' ;;
	*) echo 'text/plain; charset=utf-8' ;;
	esac
}

rows=
add_file() { # add_file PATH FILE
	name=file_$(echo "$1" | tr -c 'a-zA-Z0-9\n' _)
	gzip -9nc "$2" >"$output.gz" || exit 1
	printf 'static const unsigned char %s[] = {\n' "$name"
	od -An -v -tu1 "$output.gz" | tr -s ' ' ',' | sed 's/^,//; s/,*$/,/'
	echo '};'
	rows="$rows	{ \"$1\", \"$(content_type "$2")\", \"\\\"$(cksum <"$output.gz" | tr ' ' -)\\\"\", $name, sizeof($name) },
"
	rm -f "$output.gz"
}

# All files of the page; without uPlot only those that the page without charts needs.
add_files() {
	if find_uplot; then
		add_file / "$sources/index.html"
		for file in "$sources"/*.js; do
			add_file "/${file##*/}" "$file"
		done
		add_file /uPlot.iife.min.js "$uplot/uPlot.iife.min.js"
		add_file /uPlot.min.css "$uplot/uPlot.min.css"
		add_file /uPlot-LICENSE.txt "$uplot/LICENSE"
	else
		add_file / "$sources/missing.html"
	fi
	add_file /style.css "$sources/style.css"
	add_file /icon.svg "$sources/icon.svg"
}

mkdir -p "$build" && {
	printf '#include "config.h"\n\n#include "serve/private.h"\n\n#include "util/attr.h"\n\n'
	add_files
	printf '\nconst struct page_file page_files[] = {\n%s};\n' "$rows"
	echo 'const unsigned n_page_files = NITEMS(page_files);'
} >"$output.new" && mv "$output.new" "$output"
