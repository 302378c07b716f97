# Reads the rows of completions/rows.c, except the options, for the completions of all shells.
BEGIN { FS = "\t" }

function add(list, word) {
	return list == "" ? word : list " " word
}

$1 == "view" {
	view[++n_views] = $2
	views = add(views, $2)
}
$1 == "column" { columns[$2] = add(columns[$2], $3) }
$1 == "term" { terms = add(terms, $2) }
