# Completions for fish, from what tables.awk has read.

function quoted(text) {
	gsub(/[\\']/, "\\\\&", text)
	return "'" text "'"
}

BEGIN {
	does["none"] = does["optional"] = ""
	does["text"] = " -x"
	does["file"] = " -r -F"
	does["folder"] = " -x -a '(__fish_complete_directories)'"
	does["user"] = " -x -a '(__fish_complete_users)'"
	does["interface"] = " -x -a '(__pkttop_interfaces)'"
	does["column"] = " -x -a '(__pkttop_columns)'"
}

$1 == "option" {
	options = options "complete -c pkttop" ($3 != "-" ? " -s " $3 : "") " -l " $2
	if ($4 == "choice")
		options = options " -x -a '" $5 "'"
	else if ($4 in does)
		options = options does[$4]
	else
		options = options " -x -a '@" $4 "@'"
	options = options " -d " quoted($6) "\n"
}

END {
	gsub(/@view@/, views, options)
	gsub(/@term@/, terms " (__pkttop_columns)", options)
	print "# Completions of pkttop for fish, made of its tables."
	print "function __pkttop_interfaces"
	print "\tpkttop -D 2>/dev/null | string replace -r ' .*' ''"
	print "end"
	print ""
	print "# Those of the view that the command line names."
	print "function __pkttop_columns"
	print "\tset -l view talkers"
	print "\tset -l before ''"
	print "\tfor word in (commandline -opc)"
	print "\t\tcontains -- $before -V --view --table; and set view $word"
	print "\t\tstring match -qr -- '^(--view=|--table=|-V).' $word"
	print "\t\tand set view (string replace -r -- '^(--view=|--table=|-V)' '' $word)"
	print "\t\tset before $word"
	print "\tend"
	print "\tswitch $view"
	for (i = 1; i <= n_views; i++)
		print "\tcase " view[i] "; set -l names " columns[view[i]] "; printf '%s\\n' $names -$names"
	print "\tend"
	print "end"
	print ""
	printf "%s", options
}
