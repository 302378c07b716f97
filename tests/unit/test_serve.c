/* HTTP requests without a network: JSON bodies, hosts, origins, credentials, routes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/private.h"

static char why[256];

static bool
parse(struct body *b, const char *text)
{
	static char copy[512];
	struct buf err;

	buf_init(&err, why, sizeof(why));
	strlcpy(copy, text, sizeof(copy));
	return body_parse(b, copy, strlen(copy), "name interface n", &err);
}

static void
test_a_flat_object_is_decoded(void **state)
{
	struct body b;

	(void)state;
	assert_true(parse(&b, " {\"name\" : \"a\\n\\u00e9\\ud83d\\ude00\\/\", \"n\":12} "));
	assert_string_equal(body_text(&b, "name"), "a\n\xc3\xa9\xf0\x9f\x98\x80/");
	assert_null(body_text(&b, "n"));
	assert_int_equal(b.n, 2);
	assert_string_equal(b.member[1].text, "12");
	assert_true(parse(&b, "{}"));
	assert_int_equal(b.n, 0);
	assert_true(parse(&b, "{\"name\":null,\"interface\":true}"));
	assert_null(body_text(&b, "name"));
}

static void
test_whatever_is_not_a_flat_object_is_refused(void **state)
{
	static const char *const wrong[] = { "", "[]", "{", "{\"name\"}", "{\"name\":}",
		"{\"name\":\"a\"", "{\"name\":\"a\",}", "{\"name\":\"a\"} x", "{\"other\":1}",
		"{\"name\":1,\"name\":2}", "{\"name\":{}}", "{\"name\":[1]}", "{\"name\":-1}",
		"{\"name\":1.5}", "{\"name\":1e9}", "{\"name\":01}", "{\"name\":\"\\u0000\"}",
		"{\"name\":\"\\ud800\"}", "{\"name\":\"\\ud800\\u0041\"}", "{\"name\":\"\\udc00\"}",
		"{\"name\":\"\\x\"}", "{\"name\":\"\\u12\"}", "{\"name\":\"\t\"}", "{\"name\":\"a",
		"{\"name\":\"\\", "{\"name\":1000000000000000000}", "{name:1}", "{\"name\" 1}" };
	struct body b;

	(void)state;
	for (unsigned i = 0; i < NITEMS(wrong); i++) {
		assert_false(parse(&b, wrong[i]));
		assert_true(strlen(why) > 0);
	}
	assert_true(parse(&b, "{\"name\":999999999999999999}"));
}

static void
test_only_names_of_this_machine_are_answered(void **state)
{
	static const char *const more[] = { "proxy.example" };
	struct access a = { .hosts = more, .n_hosts = 1, .own_name = "here" };
	static const char *const ours[] = { "localhost", "LOCALHOST:8080", "127.0.0.1",
		"127.1.2.3:80", "[::1]", "[::1]:8080", "192.0.2.7:80", "here", "Here:1",
		"proxy.example:443" };
	static const char *const foreign[] = { "", "evil.example", "localhost.evil.example",
		"192.0.2.8", "[::2]", "127.0.0.1.evil.example", "localhost:80x", "[::1", "[::1]x",
		":80", "here.evil", "128.0.0.1" };

	(void)state;
	for (unsigned i = 0; i < NITEMS(ours); i++)
		assert_true(access_host_is_ours(&a, ours[i], "192.0.2.7"));
	for (unsigned i = 0; i < NITEMS(foreign); i++)
		assert_false(access_host_is_ours(&a, foreign[i], "192.0.2.7"));
	assert_false(access_host_is_ours(&a, NULL, "192.0.2.7"));
	a.own_name[0] = '\0';
	assert_false(access_host_is_ours(&a, "here", ""));
}

static void
test_pages_of_other_sites_are_refused(void **state)
{
	struct http_request q = { .header = { [HTTP_HOST] = "localhost:8080" } };

	(void)state;
	assert_true(access_is_same_site(&q));
	q.header[HTTP_ORIGIN] = "http://localhost:8080";
	assert_true(access_is_same_site(&q));
	q.header[HTTP_FETCH_SITE] = "same-origin";
	assert_true(access_is_same_site(&q));
	q.header[HTTP_FETCH_SITE] = "cross-site";
	assert_false(access_is_same_site(&q));
	q.header[HTTP_FETCH_SITE] = NULL;
	q.header[HTTP_ORIGIN] = "http://localhost:8081";
	assert_false(access_is_same_site(&q));
	q.header[HTTP_ORIGIN] = "https://localhost:8080";
	assert_false(access_is_same_site(&q));
	q.tls = true;
	assert_true(access_is_same_site(&q));
	q.header[HTTP_ORIGIN] = "null";
	assert_false(access_is_same_site(&q));
}

static void
test_only_the_media_type_of_json_is_json(void **state)
{
	(void)state;
	assert_true(access_is_json("application/json"));
	assert_true(access_is_json("Application/JSON; charset=utf-8"));
	assert_false(access_is_json("application/jsonp"));
	assert_false(access_is_json("text/plain"));
	assert_false(access_is_json(NULL));
}

static void
test_credentials_are_decoded_and_found(void **state)
{
	char text[64];
	struct access a = { .n_hosts = 0 };
	size_t n;

	(void)state;
	assert_true(secrets_decode_basic("YWRtaW46c2VjcmV0", text, sizeof(text)));
	assert_string_equal(text, "admin:secret");
	assert_true(secrets_decode_basic("YTo=", text, sizeof(text)));
	assert_string_equal(text, "a:");
	assert_false(secrets_decode_basic("YWRtaW4=", text, sizeof(text)));
	assert_false(secrets_decode_basic("YQA6", text, sizeof(text)));
	assert_false(secrets_decode_basic("!!!!", text, sizeof(text)));
	assert_false(secrets_decode_basic("YWRtaW46c2VjcmV0", text, 12));

	buf_new(&a.tokens);
	buf_new(&a.passwords);
	buf_adds(&a.tokens, "# comment\nabc\r\n\ndef");
	buf_adds(&a.passwords, "admin:$6$x\nroot:$5$y\n");
	assert_true(secrets_have_token(&a, "abc"));
	assert_true(secrets_have_token(&a, "def"));
	assert_false(secrets_have_token(&a, "ab"));
	assert_false(secrets_have_token(&a, "abcd"));
	assert_false(secrets_have_token(&a, ""));
	assert_false(secrets_have_token(&a, "# comment"));
	assert_memory_equal(secrets_find_hash(&a, "root", &n), "$5$y", 4);
	assert_int_equal(n, 4);
	assert_null(secrets_find_hash(&a, "roo", &n));
	assert_null(secrets_find_hash(&a, "", &n));
	buf_del(&a.tokens);
	buf_del(&a.passwords);
}

static struct server server;

/* The status of the answer, 0: the route was found. */
static unsigned
route(const char *method, const char *path, struct exchange *x)
{
	static struct http_request q;
	static struct http_answer a;
	unsigned status;

	q = (struct http_request){ .method = method, .path = path };
	a = (struct http_answer){ .status = 0 };
	server.routes = routes;
	server.n_routes = n_routes;
	buf_new(&a.body);
	*x = (struct exchange){ .server = &server, .q = &q, .a = &a };
	route_find(x);
	status = a.status;
	buf_del(&a.body);
	return status;
}

static void
test_paths_find_their_routes(void **state)
{
	struct exchange x;

	(void)state;
	assert_int_equal(route("GET", "/flows", &x), 0);
	assert_string_equal(x.route->pattern, "/flows");
	assert_false(x.csv);
	assert_int_equal(route("HEAD", "/flows.csv", &x), 0);
	assert_true(x.csv);
	assert_int_equal(route("GET", "/report.csv", &x), 404);
	assert_int_equal(route("GET", "/flow", &x), 404);
	assert_int_equal(route("GET", "/flows/", &x), 404);
	assert_int_equal(route("GET", "", &x), 404);
	assert_int_equal(route("POST", "/flows", &x), 405);
	assert_string_equal(x.a->header[0].name, "Allow");
	assert_string_equal(x.a->header[0].value, "GET");
}

/* After some milliseconds the other requests wait for the next turn of the loop. */
static void
test_a_turn_is_short(void **state)
{
	uint64_t began, first;

	(void)state;
	steps_begin_turn(&server);
	assert_true(steps_begin(&server, &first));
	while (steps_begin(&server, &began))
		assert_in_range(began - first, 0, 1000000000);
	assert_true(server.steps.postponed);
	steps_end(&server, &routes[1], first);
	assert_true(server.steps.longest[1] > 1000000);
	steps_end(&server, &routes[1], began);
	assert_true(server.steps.longest[1] > 1000000);
	steps_end_turn(&server, first);
	assert_true(server.steps.longest_turn >= server.steps.longest[1]);
	server.held_at = 1;
	steps_begin_turn(&server);
	assert_int_equal(server.held_at, 0);
	assert_true(steps_begin(&server, &began));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_flat_object_is_decoded),
		cmocka_unit_test(test_whatever_is_not_a_flat_object_is_refused),
		cmocka_unit_test(test_only_names_of_this_machine_are_answered),
		cmocka_unit_test(test_pages_of_other_sites_are_refused),
		cmocka_unit_test(test_only_the_media_type_of_json_is_json),
		cmocka_unit_test(test_credentials_are_decoded_and_found),
		cmocka_unit_test(test_paths_find_their_routes),
		cmocka_unit_test(test_a_turn_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
