#include "config.h"

#include "matched.h"

#include <string.h>

#include "util/buf.h"
#include "util/die.h"
#include "view/filter.h"
#include "view/view.h"

static struct value cells[VIEW_COLUMNS];
static const struct view *view;
static struct filter *filter;

void
matched_begin(const char *text)
{
	char array[256], name[VALUE_TEXT];
	struct buf err;
	size_t at;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (unsigned i = 0; i < VIEW_COLUMNS; i++)
		cells[i] = value_textf("%s", name);
	buf_init(&err, array, sizeof(array));
	view = view_by_name("flows");
	filter = filter_new(view, text, &err, &at);
	if (filter == NULL)
		die("%s: %s", text, array);
}

bool
matched_takes(void)
{
	return filter_matches_cells(filter, view, cells);
}

void
matched_end(void)
{
	filter_del(filter);
}
