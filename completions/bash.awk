# Completions for bash, from what tables.awk has read. They need only bash.

$1 == "option" {
	takes = $4 != "none" && $4 != "optional"
	options = add(options, "--" $2 (takes ? "=" : ""))
	names = ($3 != "-" ? "-" $3 "|" : "") "--" $2
	if ($4 == "choice")
		arms = arms "\t" names ") words='" $5 "' ;;\n"
	else if (takes)
		of[$4] = of[$4] (of[$4] == "" ? "" : "|") names
}

END {
	print "# Completions of pkttop for bash, made of its tables."
	print "_pkttop_columns() {"
	print "\tlocal view=talkers word before="
	print "\tfor word in \"${COMP_WORDS[@]:0:COMP_CWORD}\"; do"
	print "\t\tcase $before in"
	print "\t\t-V | --view | --table) [[ $word == '=' ]] && continue; view=$word ;;"
	print "\t\tesac"
	print "\t\tcase $word in"
	print "\t\t--view=* | --table=*) view=${word#*=} ;;"
	print "\t\t-V?*) view=${word#-V} ;;"
	print "\t\tesac"
	print "\t\tbefore=$word"
	print "\tdone"
	print "\tcase $view in"
	for (i = 1; i <= n_views; i++)
		print "\t" view[i] ") echo '" columns[view[i]] "' ;;"
	print "\tesac"
	print "}"
	print ""
	print "_pkttop() {"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option= prefix= words= word= list= at=$((COMP_CWORD - 1))"
	print "\tCOMPREPLY=()"
	print "\tif [[ $cur == --*=* ]]; then"
	print "\t\toption=${cur%%=*} prefix=$option= cur=${cur#*=}"
	print "\telif [[ $cur == '=' ]]; then"
	print "\t\toption=${COMP_WORDS[at]} cur="
	print "\telif [[ ${COMP_WORDS[at]} == '=' ]]; then"
	print "\t\toption=${COMP_WORDS[at - 1]}"
	print "\telif [[ ${COMP_WORDS[at]} == -* ]]; then"
	print "\t\toption=${COMP_WORDS[at]}"
	print "\tfi"
	print "\tcase $option in"
	printf "%s", arms
	print "\t" of["interface"] ") words=$(pkttop -D 2>/dev/null | cut -d ' ' -f 1) ;;"
	print "\t" of["view"] ") words='" views "' ;;"
	print "\t" of["column"] ")"
	print "\t\t[[ $cur == -* ]] && prefix=$prefix- cur=${cur#-}"
	print "\t\twords=$(_pkttop_columns) ;;"
	print "\t" of["term"] ") words=\"" terms " $(_pkttop_columns)\" ;;"
	print "\t" of["user"] ") words=$(compgen -u) ;;"
	print "\t" of["file"] ") return ;;"
	print "\t" of["folder"] ")"
	print "\t\tcompopt -o filenames 2>/dev/null"
	print "\t\tmapfile -t COMPREPLY < <(compgen -d -P \"$prefix\" -- \"$cur\")"
	print "\t\treturn ;;"
	print "\t" of["text"] ")"
	print "\t\tcompopt +o default +o bashdefault 2>/dev/null"
	print "\t\treturn ;;"
	print "\t*)"
	print "\t\t[[ $cur == -* ]] || return"
	print "\t\twords='" options "' ;;"
	print "\tesac"
	# Unlike compgen -W, this does not expand the names of interfaces.
	print "\tread -rd '' -a list <<<\"$words\""
	print "\tfor word in \"${list[@]}\"; do"
	print "\t\t[[ $word == \"$cur\"* ]] && printf -v word %q \"$word\" && COMPREPLY+=(\"$prefix$word\")"
	print "\tdone"
	print "\t[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null"
	print "\treturn 0"
	print "}"
	print "complete -o bashdefault -o default -F _pkttop pkttop"
}
