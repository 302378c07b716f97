/* The views, as they are listed in view/views.def. */
#include "config.h"

#include <string.h>

#include "util/attr.h"
#include "view/columns.h"

#define VIEW(name, ...) &view_##name,
const struct view *const views[] = {
#include "view/views.def"
};
#undef VIEW

const unsigned n_views = NITEMS(views);

const struct view *
view_by_name(const char *name)
{
	for (unsigned i = 0; i < n_views; i++)
		if (strcmp(views[i]->name, name) == 0)
			return views[i];
	return NULL;
}
