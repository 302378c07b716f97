#!/bin/sh
# Completions of bash, zsh and fish: options, views, the columns of a view, interfaces, choices.
set -u
: "${PKTTOP:?names the program}" "${COMPLETIONS:?names the folder of the completions}"

skip() {
	echo "skipped: $*"
	exit 77
}

[ -f "$COMPLETIONS/bash/pkttop" ] || skip "no completions were built"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-completions.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
tried=
ln -s "$PKTTOP" "$folder/pkttop"
PATH=$folder:$PATH
export COMPLETIONS PATH
cd "$folder" || exit 99

# Each prints the candidates for a command line, one per line.
cat >"$folder/bash.sh" <<'END'
complete_line() { # complete_line WORDS OF THE LINE
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_pkttop pkttop "${COMP_WORDS[COMP_CWORD]}"
	printf '%s\n' "${COMPREPLY[@]}"
}
. "$COMPLETIONS/bash/pkttop"
line=$1
# Splits words like readline: "=" is a word of its own.
read -ra words <<<"${line//=/ = }"
[[ $line == *[=\ ] ]] && words+=('')
complete_line "${words[@]}"
END

# zsh completes on a terminal only; its candidates are listed between two marks.
cat >"$folder/zsh.sh" <<'END'
zmodload zsh/zpty || exit 77
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT= zle_bracketed_paste=; unsetopt prompt_cr prompt_sp; stty cols 2000"
zpty -w shell "autoload -Uz compinit; compinit -D -u; . $COMPLETIONS/zsh/_pkttop"
zpty -w shell "zstyle ':completion:*' list-colors 'no=<' 'ec=>' 'lc=' 'rc=' 'fi='"
zpty -w shell "show() { compstate[list]=list; compadd() { builtin compadd -O found \"\$@\"; \
    print -rl -- \"\${found[@]}\" >>$1.found; builtin compadd \"\$@\"; }; _main_complete; print done >>$1.found }"
zpty -w shell "zle -C show list-choices show; bindkey '^X' show"
zpty -w -n shell "$2"$'\C-X'
for ((i = 0; i < 100; i++)); do
	zpty -r -t shell text >/dev/null
	[[ -f $1.found && "$(tail -n 1 $1.found)" == done ]] && break
	sleep 0.1
done
zpty -d shell
grep -vx done $1.found
END

candidates() { # candidates SHELL LINE
	case $1 in
	bash) bash --norc "$folder/bash.sh" "$2" ;;
	zsh) rm -f "$folder/z.found" && zsh -f "$folder/zsh.sh" "$folder/z" "$2" ;;
	fish) HOME=$folder fish --no-config -c ". $COMPLETIONS/fish/pkttop.fish; complete -C '$2'" | cut -f 1 ;;
	esac >"$folder/found" 2>"$folder/error"
}

offers() { # offers LINE WANTED [UNWANTED]
	for shell in $shells; do
		candidates "$shell" "$1"
		# The text before a value differs: --view=flows, flows.
		if ! grep -qE -- "^(--[a-z]*=)?$2=?\$" "$folder/found"; then
			echo "$shell: \"$1\" does not offer \"$2\":"
			sed 's/^/	/' "$folder/found" "$folder/error" | head -n 20
			failed=1
		elif [ -n "${3-}" ] && grep -qE -- "^(--[a-z]*=)?$3=?\$" "$folder/found"; then
			echo "$shell: \"$1\" offers \"$3\""
			failed=1
		fi
	done
}

shells=
for shell in bash zsh fish; do
	if command -v $shell >/dev/null; then
		shells="$shells $shell"
	else
		tried="$tried $shell"
	fi
done
[ -n "$shells" ] || skip "none of bash, zsh and fish is installed"
[ -z "$tried" ] || echo "not installed:$tried"

offers 'pkttop --vi' '--view' '--version'
offers 'pkttop --sandbox' '--sandbox-strict'
offers 'pkttop --view=' health
offers 'pkttop --view=net' networks talkers
offers 'pkttop -V ' flows
offers 'pkttop --view flows --sort=bytes' bytes_ab bytes_in
offers 'pkttop -V health -o ' severity bps_in
offers 'pkttop -o ' bps_in severity
offers 'pkttop --sort=-byte' '-?bytes_out'
offers 'pkttop --format=' json
offers 'pkttop --theme=' safe
offers 'pkttop --show=' host
if "$PKTTOP" -D 2>/dev/null | grep -q '^lo '; then
	offers 'pkttop -i ' lo
	offers 'pkttop --interface=' lo
fi

# The name of an interface is text, whatever it contains.
cat >"$folder/other" <<'END'
#!/bin/sh
echo '$(touch${IFS}x) - up -'
END
chmod +x "$folder/other"
mv "$folder/other" "$folder/pkttop"
for shell in $shells; do
	candidates "$shell" 'pkttop -i '
	grep -q 'touch' "$folder/found" || { echo "$shell: the interface is not offered"; failed=1; }
	[ ! -e x ] || { echo "$shell: the name of an interface was run"; failed=1; rm x; }
done
exit $failed
