#!/bin/sh
# Forbidden words in the sources and documents, and the required first lines of each source.
set -u
cd "${srcdir:-.}" || exit 99
failed=0

# Prints a violation, and makes the check fail.
none() { # none REASON FOUND
	[ -z "$2" ] && return
	printf '%s\n' "$2"
	echo "  ... $1"
	failed=1
}

sources=$(find src include tests -name '*.[ch]')
[ -n "$sources" ] || { echo "no sources were found"; exit 1; }

# shellcheck disable=SC2086 # a list of files
{
	none "unbounded, or unable to say that it failed: see libbsd for another" "$(grep -nE \
	    '(^|[^a-zA-Z0-9_.>])(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca|setjmp|longjmp)[[:space:]]*\(' \
	    $sources)"
	none "is left to do: do it" "$(grep -nE '\<(TODO|FIXME|XXX)\>' $sources)"
	none "code that is not compiled" "$(grep -nE '^[[:space:]]*#[[:space:]]*if[[:space:]]+0' $sources)"
	none "headers are included after config.h, and do not include it" \
	    "$(find include -name '*.h' -exec grep -n 'config\.h"' {} +)"
}
none "every .c includes config.h before all else" "$(find src tests -name '*.c' -exec awk '
    FNR == 1 { seen = 0 }
    /^#[ \t]*include/ && !seen++ && !/"config\.h"/ { print FILENAME ":" FNR ": " $0 }' {} +)"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	none "is made by a build, and yet in the repository" \
	    "$(git ls-files | grep -E '(^|/)(Makefile|config\.(h|log|status)|\.deps)(/|$)|\.(o|a|log|trs)$')"
fi

# English that is hard to understand; CONTRIBUTING.md has the words to use instead.
documents='man/pkttop.1 README.md HACKING.md SECURITY.md CONTRIBUTING.md CHANGELOG.md'
decoded='anew|beside|besides|fulfil|fulfils|heed|heeds|heeded|mended|parted|told|turned round|wants|whoever'
decoded="$decoded|(is|are|was|were) no|the other way round|stands? still|takes? away"

# The lines that have one of these words.
hard() { grep -nwE "$@" | grep -vE '[Tt]here (is|are) no( |$)|(is|are) no longer'; }

# The comments in C files, each line with its place.
comments() {
	awk '{
		if (FNR == 1)
			inside = 0
		if (!inside)
			gsub(/"([^"\\]|\\.)*"/, "\"\"")
		text = ""
		for (rest = $0; rest != ""; inside = !inside) {
			end = index(rest, inside ? "*/" : "/*")
			if (inside)
				text = text " " (end ? substr(rest, 1, end - 1) : rest)
			if (!end)
				break
			rest = substr(rest, end + 2)
		}
		if (text != "")
			print FILENAME ":" FNR ":" text
	}' "$@"
}

program=$(find src include -name '*.[ch]' -o -name '*.def')

# The string literals in C files that are sentences: of two words at least.
messages() {
	awk '{
		for (rest = $0; match(rest, /"([^"\\]|\\.)*"/); rest = substr(rest, RSTART + RLENGTH)) {
			text = substr(rest, RSTART + 1, RLENGTH - 2)
			if (text ~ /[a-z] [a-z]/)
				print FILENAME ":" FNR ":" text
		}
	}' "$@"
}
# shellcheck disable=SC2086 # lists of files
{
	none "use the words of the field: show, need, exit, if, not a ..." "$(hard "$decoded" $documents)"
	none "likewise, in a comment" "$(comments $sources | hard -i "$decoded|somebody|left aside|hold up|holds up" |
	    sed 's/^[0-9]*://')"
	none "likewise, in a message" "$(messages $program |
	    hard -i "$decoded|somebody|left aside|hold up|holds up" | sed 's/^[0-9]*://')"
}
exit $failed
