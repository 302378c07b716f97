/*
 * Prints the tables of the program, one row per line, to check the man page: the kind of row, a
 * tab, its name.  With an argument, the columns of that view instead: the least width, 1 if it is
 * busy, the title, with tabs between them.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "app/options.h"
#include "control/command.h"
#include "control/keymap.h"
#include "dissect/dissect.h"
#include "dissect/private.h"
#include "export/private.h"
#include "serve/private.h"
#include "view/filter.h"
#include "view/view.h"

static void
print_options(void)
{
	for (unsigned i = 0; i < n_opt_rows; i++) {
		if (opt_rows[i].letter != 0)
			printf("option\t-%c\n", opt_rows[i].letter);
		printf("option\t--%s\n", opt_rows[i].name);
	}
}

static void
print_views(void)
{
	for (unsigned i = 0; i < n_views; i++) {
		printf("view\t%s\n", views[i]->name);
		for (unsigned k = 0; k < views[i]->n_cols; k++)
			printf("column\t%s %s\n", views[i]->name, views[i]->cols[k].name);
	}
}

static void
print_links(void)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		if (proto_is_pseudo((enum proto)i))
			printf("link\t%s\n", proto_name((enum proto)i));
	for (unsigned i = 0; i < n_arphrd; i++)
		printf("link\t%u\n", arphrd[i].number);
}

/* Those without a name in them; the old ones are not in the manual. */
static void
print_paths(void)
{
	for (unsigned i = 0; i < n_routes; i++)
		if (strcmp(routes[i].method, "GET") == 0 && (routes[i].flags & ROUTE_ANY) == 0 &&
		    strchr(routes[i].pattern, '{') == NULL)
			printf("path\t%s\n", routes[i].pattern);
}

static int
print_columns(const char *name)
{
	const struct view *v = view_by_name(name);

	for (unsigned i = 0; v != NULL && i < v->n_cols; i++)
		printf(
		    "%u\t%d\t%s\n", v->cols[i].min, column_is_busy(&v->cols[i]), v->cols[i].title);
	return v == NULL;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return print_columns(argv[1]);
	print_options();
	print_views();
	for (unsigned i = 0; i < n_keys; i++)
		printf("key\t%s\n", keys[i].label);
	for (unsigned i = 0; i < n_commands; i++)
		printf("command\t%s\n", commands[i].name);
	for (unsigned i = 0; filter_words[i] != NULL; i++)
		printf("word\t%s\n", filter_words[i]);
	for (unsigned i = 0; i < n_snapshot_files; i++)
		printf("file\t%s\n", snapshot_file[i].name);
	print_links();
	print_paths();
	return 0;
}
