# Completions for zsh, from what tables.awk has read.

# Quotes characters that are special in zsh.
function quoted(text) {
	gsub(/[:\\\[\]]/, "\\\\&", text)
	gsub(/'/, "'\\''", text)
	return text
}

function action() {
	if ($4 == "choice")
		return ":" $2 ":(" $5 ")"
	if ($4 == "optional")
		return "::" $2 ": "
	return $4 == "none" ? "" : ":" $4 ":" does[$4]
}

BEGIN {
	does["text"] = " "
	does["file"] = "_files"
	does["folder"] = "_files -/"
	does["user"] = "_users"
	does["interface"] = "_pkttop_interfaces"
	does["view"] = "_pkttop_views"
	does["column"] = "_pkttop_columns"
	does["term"] = "_pkttop_terms"
	argument["optional"] = "=-"
	argument["none"] = ""
}

$1 == "option" {
	help = "[" quoted($6) "]" action()
	if ($3 != "-")
		options = options "\t'*-" $3 ($4 == "none" || $4 == "optional" ? "" : "+") help "' \\\n"
	options = options "\t'*--" $2 ($4 in argument ? argument[$4] : "=") help "' \\\n"
}

END {
	print "#compdef pkttop"
	print "# Completions of pkttop for zsh, made of its tables."
	print "_pkttop_interfaces() {"
	print "\tlocal -a names"
	print "\tnames=(${${(f)\"$(pkttop -D 2>/dev/null)\"}%% *})"
	print "\tcompadd -a names"
	print "}"
	print ""
	print "_pkttop_views() {"
	print "\tlocal -a names"
	print "\tnames=(" views ")"
	print "\tcompadd -a names"
	print "}"
	print ""
	print "# Those of the view that the command line names."
	print "_pkttop_column_names() {"
	print "\tlocal view=talkers word before="
	print "\tfor word in $words[1,CURRENT-1]; do"
	print "\t\tcase $before in"
	print "\t\t(-V|--view|--table) view=$word ;;"
	print "\t\tesac"
	print "\t\tcase $word in"
	print "\t\t(--view=*|--table=*) view=${word#*=} ;;"
	print "\t\t(-V?*) view=${word#-V} ;;"
	print "\t\tesac"
	print "\t\tbefore=$word"
	print "\tdone"
	print "\tcase $view in"
	for (i = 1; i <= n_views; i++)
		print "\t(" view[i] ") names=(" columns[view[i]] ") ;;"
	print "\tesac"
	print "}"
	print ""
	print "_pkttop_columns() {"
	print "\tlocal -a names"
	print "\t_pkttop_column_names"
	print "\tcompset -P -"
	print "\tcompadd -a names"
	print "}"
	print ""
	print "_pkttop_terms() {"
	print "\tlocal -a names"
	print "\t_pkttop_column_names"
	print "\tcompadd -a names"
	print "\tcompadd " terms
	print "}"
	print ""
	print "_pkttop() {"
	print "\t_arguments -s -S \\"
	printf "%s", options
	print "\t'*:capture file:_files'"
	print "}"
	print ""
	print "if [ \"$funcstack[1]\" = _pkttop ]; then"
	print "\t_pkttop \"$@\""
	print "else"
	print "\tcompdef _pkttop pkttop"
	print "fi"
}
