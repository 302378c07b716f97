#include "config.h"

#include "view/view.h"

#include <string.h>
#include <strings.h>

const char *
view_column_key(const struct column *c)
{
	return c->key != NULL ? c->key : c->name;
}

const struct column *
view_find_column(const struct view *v, const char *name)
{
	for (unsigned i = 0; i < v->n_cols; i++)
		if (strcmp(v->cols[i].name, name) == 0 ||
		    strcmp(view_column_key(&v->cols[i]), name) == 0)
			return &v->cols[i];
	return NULL;
}

const struct column *
view_find_title(const struct view *v, const char *title)
{
	for (unsigned i = 0; i < v->n_cols; i++)
		if (strcasecmp(v->cols[i].title, title) == 0)
			return &v->cols[i];
	return NULL;
}

const struct column *
view_find_names(const struct view *v, const struct column *c)
{
	for (unsigned i = 0; c->type == V_ADDR && i < v->n_cols; i++)
		if (v->cols[i].names != NULL && strcmp(v->cols[i].names, c->name) == 0)
			return &v->cols[i];
	return NULL;
}

const struct column *
view_match_column(const struct view *v, const char *word)
{
	const struct column *c = view_find_column(v, word);

	return c != NULL ? c : view_find_title(v, word);
}
