/* The table of routes as OpenAPI 3.1. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "export/csv_json.h"
#include "serve/private.h"

static void
openapi_add_param(struct json *j, const char *name, const char *in, const char *help)
{
	json_open(j, NULL, '{');
	json_str(j, "name", name);
	json_str(j, "in", in);
	json_bool(j, "required", strcmp(in, "path") == 0);
	if (help != NULL)
		json_str(j, "description", help);
	json_open(j, "schema", '{');
	json_str(j, "type", "string");
	json_close(j, '}');
	json_close(j, '}');
}

static void
openapi_add_path_params(struct json *j, const char *pattern)
{
	char name[32];

	while ((pattern = strchr(pattern, '{')) != NULL) {
		size_t n = strcspn(++pattern, "}");

		snprintf(name, sizeof(name), "%.*s", (int)n, pattern);
		openapi_add_param(j, name, "path", NULL);
	}
}

static void
openapi_add_params(struct json *j, const struct route *r)
{
	json_open(j, "parameters", '[');
	openapi_add_path_params(j, r->pattern);
	for (unsigned i = 0; i < n_route_params; i++)
		if (text_has_word(r->params, route_params[i].name, strlen(route_params[i].name)))
			openapi_add_param(j, route_params[i].name, "query", route_params[i].help);
	json_close(j, ']');
}

/* The members of a body are named only: the manual says what they are. */
static void
openapi_add_body(struct json *j, const struct route *r)
{
	const char *s = r->body;
	char name[32];

	if (s == NULL)
		return;
	json_open(j, "requestBody", '{');
	json_open(j, "content", '{');
	json_open(j, "application/json", '{');
	json_open(j, "schema", '{');
	json_str(j, "type", "object");
	json_open(j, "properties", '{');
	for (; *s != '\0'; s += strcspn(s, " "), s += *s == ' ') {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(s, " "), s);
		json_open(j, name, '{');
		json_close(j, '}');
	}
	for (int i = 0; i < 5; i++)
		json_close(j, '}');
}

static void
openapi_add_route(struct json *j, const struct route *r)
{
	char method[8];
	size_t n = 0;

	for (; r->method[n] != '\0' && n + 1 < sizeof(method); n++)
		method[n] = (char)tolower((unsigned char)r->method[n]);
	method[n] = '\0';
	json_open(j, method, '{');
	json_str(j, "summary", r->help);
	openapi_add_params(j, r);
	openapi_add_body(j, r);
	json_open(j, "responses", '{');
	json_open(j, "default", '{');
	json_str(j, "description", "The answer; an error is {\"error\", \"code\"}.");
	json_close(j, '}');
	json_close(j, '}');
	json_close(j, '}');
}

/* True for the first route of its path. */
static bool
openapi_is_first(const struct server *s, unsigned number)
{
	for (unsigned i = 0; i < number; i++)
		if (strcmp(s->routes[i].pattern, s->routes[number].pattern) == 0)
			return false;
	return true;
}

static void
openapi_add_path(struct json *j, const struct server *s, unsigned number)
{
	const char *pattern = s->routes[number].pattern;

	json_open(j, pattern, '{');
	for (unsigned i = number; i < s->n_routes; i++)
		if (strcmp(s->routes[i].pattern, pattern) == 0)
			openapi_add_route(j, &s->routes[i]);
	json_close(j, '}');
}

void
serve_openapi(struct exchange *x)
{
	const struct server *s = x->server;
	struct json j;

	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_str(&j, "openapi", "3.1.0");
	json_open(&j, "info", '{');
	json_str(&j, "title", "pkttop");
	json_str(&j, "version", PACKAGE_VERSION);
	json_close(&j, '}');
	json_open(&j, "paths", '{');
	for (unsigned i = 0; i < s->n_routes; i++)
		if (openapi_is_first(s, i))
			openapi_add_path(&j, s, i);
	json_close(&j, '}');
	json_close(&j, '}');
	exchange_send_json(x, 200);
}
