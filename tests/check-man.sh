#!/bin/sh
# The manual names every option, key, command, view, column, filter word, snapshot file, path over
# HTTP and header that a capture adds or omits, and no others. DIAGNOSTICS has only messages that the program
# prints.
set -u
man=${srcdir:-.}/man/pkttop.1
: "${TABLES:?names the program that prints the tables}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-man.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

"$TABLES" | LC_ALL=C sort -u >"$folder/tables"
[ -s "$folder/tables" ] || { echo "there are no tables"; exit 1; }

# The names after Fl, Ic, Cm and Pa in the lists of their sections.
awk '
BEGIN {
	kind["OPTIONS"] = "option"; macro["OPTIONS"] = "Fl"
	kind["VIEWS AND COLUMNS"] = "column"; macro["VIEWS AND COLUMNS"] = "Cm"
	kind["KEYS"] = "key"; macro["KEYS"] = "Ic"
	kind["COMMANDS"] = "command"; macro["COMMANDS"] = "Ic"
	kind["DISPLAY FILTER"] = "word"; macro["DISPLAY FILTER"] = "Cm"
	kind["SNAPSHOTS"] = "file"; macro["SNAPSHOTS"] = "Pa"
	kind["LINK TYPES"] = "link"; macro["LINK TYPES"] = "Cm"
	kind["HTTP"] = "path"; macro["HTTP"] = "Pa"
}
$1 == ".Sh" { section = substr($0, 5); view = "" }
$1 == ".Ss" && section == "VIEWS AND COLUMNS" { view = $2; print "view\t" view }
$1 == ".It" && section in kind {
	wanted = 0
	for (i = 2; i <= NF; i++) {
		name = $i
		gsub(/\\&/, "", name)
		gsub(/\\-/, "-", name)
		if ($i ~ /^[A-Z][a-z]$/) {
			wanted = $i == macro[section]
		} else if (kind[section] == "path" && ($3 != "GET" || name !~ /^\/[a-z.]*$/)) {
			continue
		} else if (wanted && $i != ",") {
			if (kind[section] == "option")
				name = "-" name
			print kind[section] "\t" (view != "" ? view " " : "") name
		}
	}
}
' "$man" | LC_ALL=C sort -u >"$folder/man"

LC_ALL=C comm -23 "$folder/tables" "$folder/man" >"$folder/missing"
LC_ALL=C comm -13 "$folder/tables" "$folder/man" >"$folder/unknown"
if [ -s "$folder/missing" ]; then
	echo "not in $man:"
	cat "$folder/missing"
	failed=1
fi
if [ -s "$folder/unknown" ]; then
	echo "in $man, but the program has none:"
	cat "$folder/unknown"
	failed=1
fi

# The words after Sy that are fixed: before, between and after arguments.
awk '
$1 == ".Sh" { section = substr($0, 5) }
$1 == ".It" && section == "DIAGNOSTICS" {
	fixed = ""
	printed = 0
	for (i = 2; i <= NF; i++) {
		if ($i ~ /^[A-Z][a-z]$/) {
			printed = $i == "Sy"
			if (fixed != "")
				print fixed
			fixed = ""
		} else if (printed && $i ~ /^[;:,]$/) {
			fixed = fixed $i
		} else if (printed) {
			fixed = fixed (fixed == "" ? "" : " ") $i
		}
	}
	if (fixed != "")
		print fixed
}
' "$man" | sed 's/[;:,]*$//; s/[%~]//g; s/ *$//; /^$/d' | LC_ALL=C sort -u >"$folder/words"
[ -s "$folder/words" ] || { echo "DIAGNOSTICS explains nothing"; failed=1; }
while read -r words; do
	grep -rqF -e "$words" "${srcdir:-.}/src" && continue
	echo "DIAGNOSTICS explains \"$words\", which stands nowhere in the sources"
	failed=1
done <"$folder/words"

if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning "$man" || failed=1
else
	echo "mandoc is not installed: the manual's markup was not checked"
fi
exit $failed
