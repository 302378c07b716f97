/* Finds the route of a request, and checks its parameters. */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "serve/private.h"
#include "util/text.h"

/* clang-format off */
const struct route_param route_params[] = {
	{ "top", "Rows of a table, 0: all (100).", offsetof(struct exchange, top) },
	{ "show", "A display filter.", offsetof(struct exchange, show) },
	{ "view", "Only this view, under \"tables\".", offsetof(struct exchange, view) },
	{ "sort", "[-]COLUMN to sort by; - reverses the order.", offsetof(struct exchange, sort) },
	{ "span", "1m, 10m, 1h or 1d (10m).", offsetof(struct exchange, span) },
};
const unsigned n_route_params = NITEMS(route_params);
/* clang-format on */

/* Compares a path with a pattern, and takes its {names}. n: bytes of the path. */
static bool
route_matches(struct exchange *x, const char *pattern, const char *path, size_t n)
{
	const char *end = path + n;
	unsigned names = 0;

	while (*pattern != '\0') {
		size_t part = strcspn(pattern, "{"), word;

		if ((size_t)(end - path) < part || memcmp(pattern, path, part) != 0)
			return false;
		pattern += part;
		path += part;
		if (*pattern == '\0')
			break;
		word = strcspn(path, "/");
		word = word < (size_t)(end - path) ? word : (size_t)(end - path);
		if (word == 0 || word >= ROUTE_NAME_MAX)
			return false;
		snprintf(x->name[names++], ROUTE_NAME_MAX, "%.*s", (int)word, path);
		path += word;
		pattern = strchr(pattern, '}') + 1;
	}
	return path == end;
}

/* The suffix .csv belongs to tables only. */
static bool
route_matches_path(struct exchange *x, const struct route *r)
{
	const char *path = x->q->path;
	size_t n = strlen(path);
	bool csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;

	if ((r->flags & ROUTE_PAGE) && !page_has(path))
		return false;
	if (route_matches(x, r->pattern, path, n))
		return true;
	return (r->flags & ROUTE_TABLE) && csv && route_matches(x, r->pattern, path, n - 4) &&
	    (x->csv = true);
}

static bool
route_matches_method(const struct route *r, const char *method)
{
	return strcmp(r->method, method) == 0 ||
	    (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

static void
route_refuse(struct exchange *x, struct buf *allow)
{
	if (allow->len == 0) {
		exchange_fail(x, 404, "no such route; /openapi.json lists them");
		return;
	}
	exchange_fail(x, 405, "%s is not possible here, only %s", x->q->method, allow->s);
	strlcpy(x->a->text, allow->s, sizeof(x->a->text));
	http_answer_add_header(x->a, "Allow", x->a->text);
}

static const struct route *
route_search(struct exchange *x)
{
	char text[64];
	struct buf allow;

	buf_init(&allow, text, sizeof(text));
	for (unsigned i = 0; i < x->server->n_routes; i++) {
		const struct route *r = &x->server->routes[i];

		if (!route_matches_path(x, r))
			continue;
		if (route_matches_method(r, x->q->method))
			return r;
		buf_addf(&allow, "%s%s", allow.len > 0 ? ", " : "", r->method);
	}
	route_refuse(x, &allow);
	return NULL;
}

static const char **
route_param_place(struct exchange *x, const char *name)
{
	size_t n = strlen(name);

	for (unsigned i = 0; i < n_route_params; i++)
		if (strcmp(route_params[i].name, name) == 0 &&
		    text_has_word(x->route->params, name, n))
			return (const char **)(void *)((char *)x + route_params[i].at);
	return NULL;
}

static bool
route_take_params(struct exchange *x)
{
	if (x->q->n_params > HTTP_PARAMS) {
		exchange_fail(x, 400, "too many parameters");
		return false;
	}
	for (unsigned i = 0; i < x->q->n_params && !(x->route->flags & ROUTE_ANY); i++) {
		const struct http_param *p = &x->q->param[i];
		const char **place = route_param_place(x, p->name);

		if (place == NULL || *place != NULL) {
			exchange_fail(x, 400, "\"%.40s\": %s", p->name,
			    place == NULL ? "no such parameter" : "given twice");
			return false;
		}
		*place = p->value;
	}
	return true;
}

bool
route_find(struct exchange *x)
{
	x->route = route_search(x);
	if (x->route == NULL || !route_take_params(x))
		return false;
	if ((x->route->flags & ROUTE_TABLE) && !x->csv)
		x->csv = exchange_accepts(x, "text/csv");
	return true;
}

void
route_handle(struct exchange *x)
{
	if (route_find(x))
		x->route->fn(x);
}
