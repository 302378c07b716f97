/*
 * Prints the rows for shell completions from the tables of the program, one per line, with tabs
 * between the fields. NAME.awk converts them to a shell's completions.
 *
 *	option  LONG  LETTER or -  KIND  CHOICES  HELP
 *	view    NAME
 *	column  VIEW  NAME
 *	term    NAME                      of the display filter
 *
 * KIND is the type of the argument: none, optional, text, file, folder, choice, interface, view,
 * column, user or term.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/options.h"
#include "util/attr.h"
#include "view/filter.h"
#include "view/view.h"

/* Options whose argument has a special type; the type of others follows from the form of the
 * argument. */
static const struct {
	const char *option, *kind;
} kinds[] = {
	{ "interface", "interface" },
	{ "view", "view" },
	{ "table", "view" },
	{ "sort", "column" },
	{ "show", "term" },
	{ "user", "user" },
};

/* True for "text|json|csv", but not for the examples "100M|1h". */
static bool
has_choices(const char *arg)
{
	return strchr(arg, '|') != NULL && strpbrk(arg, "0123456789") == NULL;
}

static const char *
arg_kind(const struct opt_row *r)
{
	if (r->arg == NULL)
		return "none";
	for (unsigned i = 0; i < NITEMS(kinds); i++)
		if (strcmp(r->name, kinds[i].option) == 0)
			return kinds[i].kind;
	if (r->arg[0] == '[')
		return "optional";
	if (strcmp(r->arg, "FILE") == 0)
		return "file";
	if (strcmp(r->arg, "DIR") == 0)
		return "folder";
	return has_choices(r->arg) ? "choice" : "text";
}

static void
print_option(const struct opt_row *r)
{
	const char *kind = arg_kind(r);

	printf("option\t%s\t%c\t%s\t", r->name, r->letter != 0 ? r->letter : '-', kind);
	if (strcmp(kind, "choice") == 0)
		for (const char *c = r->arg; *c != '\0'; c++)
			putchar(*c == '|' ? ' ' : *c);
	printf("\t%s\n", r->help);
}

int
main(void)
{
	for (unsigned i = 0; i < n_opt_rows; i++)
		print_option(&opt_rows[i]);
	for (unsigned i = 0; i < n_views; i++) {
		printf("view\t%s\n", views[i]->name);
		for (unsigned k = 0; k < views[i]->n_cols; k++)
			printf("column\t%s\t%s\n", views[i]->name, views[i]->cols[k].name);
	}
	for (unsigned i = 0; filter_words[i] != NULL; i++)
		printf("term\t%s\n", filter_words[i]);
	return 0;
}
