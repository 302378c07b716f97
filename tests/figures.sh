#!/bin/sh
# Prints figures of the sources, each with its limit, and fails if one is beyond it.
set -u
cd "${srcdir:-.}" || exit 99

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-figures.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

figure() { # figure VALUE at-most|at-least LIMIT WHAT
	printf '%8s  (%s %s)  %s\n' "$1" "$2" "$3" "$4"
	awk "BEGIN { exit !($1 $([ "$2" = at-most ] && echo '<=' || echo '>=') $3) }" && return
	echo "          beyond its limit"
	failed=1
}

find src -name '*.c' | LC_ALL=C sort >"$folder/sources"
find include -name '*.h' | LC_ALL=C sort >"$folder/headers"
find src include -name '*.[ch]' | LC_ALL=C sort >"$folder/all"
sources=$(cat "$folder/sources")

# The functions: name, file, lines of the body.
# shellcheck disable=SC2086 # names without blanks
awk '
FNR == 1 { name = "" }
/^[a-z_][A-Za-z0-9_]*\(/ { name = $0; sub(/\(.*/, "", name) }
/;$/ && name != "" && begin == 0 { name = "" }
/^{/ && name != "" { begin = FNR }
/^}/ && begin > 0 { print name, FILENAME, FNR - begin - 1; name = ""; begin = 0 }
' $sources >"$folder/functions"
[ -s "$folder/functions" ] || { echo "no functions were found"; exit 1; }

# Names of functions that two files define, in percent.
figure "$(awk '!(($1, $2) in seen) { seen[$1, $2] = 1; files[$1]++ }
    END { for (name in files) { all++; twice += files[name] > 1 } printf "%.1f", 100 * twice / all }' \
    "$folder/functions")" at-most 2 "% of the names of functions stand in two files"

sort -n -k3 "$folder/functions" | awk '{ n[NR] = $3 }
    END { print n[int((NR + 1) / 2)], n[int(NR * 0.9 + 0.5)], n[NR] }' >"$folder/lengths"
read -r median p90 most <"$folder/lengths"
figure "$median" at-most 10 "lines in a function: median"
figure "$p90" at-most 22 "lines in a function: 90th percentile"
figure "$most" at-most 60 "lines in a function: most"

# The headers that at most one file includes, besides the source of the same name.
figure "$(wc -l <"$folder/headers" | tr -d ' ')" at-most 111 "headers"
xargs grep -H '^#include "' <"$folder/all" | awk -F'[:"]' '
NR == FNR { header[substr($0, 9)] = 0; next }
{
	own = "src/" $3
	sub(/\.h$/, ".c", own)
	if ($3 in header && $1 != own)
		header[$3]++
}
END { for (h in header) if (header[h] <= 1) print h }
' "$folder/headers" - >"$folder/few"
figure "$(wc -l <"$folder/few" | tr -d ' ')" at-most 12 "headers that at most one other file includes"

# A ?: within an operand of another one, per 1,000 lines.
xargs cat <"$folder/all" | awk '
{
	lines++
	gsub(/"([^"\\]|\\.)*"/, "\"\"")
	gsub(/\047([^\047\\]|\\.)+\047/, "0")
	gsub(/\/\*[^*]*\*\//, "")
	if (comment && sub(/.*\*\//, ""))
		comment = 0
	if (comment)
		next
	if (sub(/\/\*.*/, ""))
		comment = 1
	text = text " " $0
	if (text !~ /[;{}] *$/)
		next
	n = gsub(/\?/, "?", text)
	depth = open = 0
	for (i = 1; n > 1 && i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(" || c == "[")
			depth++
		else if (c == ")" || c == "]")
			depth--
		else if (c == "?") {
			nested += open > 0
			at[++open] = depth
		}
		while (open > 0 && (depth < at[open] || (c ~ /[,;{}]/ && depth == at[open])))
			open--
	}
	text = ""
}
END { printf "%.2f", 1000 * nested / lines }' >"$folder/nested"
figure "$(cat "$folder/nested")" at-most 0.2 "nested ?: per 1,000 lines"

figure "$(cat src/core/*.c | awk '/(^|[^_])assert\(/ { n++ } END { printf "%.1f", 1000 * n / NR }')" \
    at-least 5 "assertions per 1,000 lines of src/core"
figure "$(cat Makefile.am ./*/local.mk ./*/*/local.mk | wc -l | tr -d ' ')" at-most 450 \
    "lines in Makefile.am and its fragments"
exit $failed
