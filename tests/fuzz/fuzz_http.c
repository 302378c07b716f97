/*
 * HTTP requests: method, path, parameters, headers and body as a client may choose them. Each is
 * answered, with a status and, unless it is the page, with a body of its type; nothing is started.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../unit/traffic.h"
#include "fuzz.h"
#include "serve/private.h"

/* No answer contains them. */
#define CONTROLS "\1\2\3\4\5\6\7\10\13\14\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37"

static struct server server;
static struct feed feed;
static struct options options;

static void
prepare(void)
{
	options.headless = true;
	feed.ledger = traffic_new();
	while (ledger_enable(feed.ledger, LEDGER_NETWORKS | LEDGER_PACKETS, 24, 64))
		ledger_fold(feed.ledger, UINT32_MAX);
	traffic_count(feed.ledger, &traffic_rows[0], TRAFFIC_START);
	feed.opts = &options;
	feed.live = true;
	server.o = &options;
	server.feed = &feed;
	server.routes = routes;
	server.n_routes = n_routes;
	for (unsigned i = 0; i < JOBS + 1; i++)
		server.job[i].fd = -1;
	access_init(&server.access, &options);
	/* Requests that would open an interface or fork are refused before. */
	options.demo = true;
}

/* The next line of the text, cut off; "" at its end. */
static char *
next_line(char **text)
{
	char *line = strsep(text, "\n");

	return line != NULL ? line : (char *)"";
}

static void
take_params(struct http_request *q, char *line)
{
	char *word;

	while ((word = strsep(&line, "&")) != NULL && q->n_params <= HTTP_PARAMS) {
		const char *name = strsep(&word, "=");

		if (q->n_params < HTTP_PARAMS)
			q->param[q->n_params] =
			    (struct http_param){ name, word != NULL ? word : "" };
		q->n_params++;
	}
}

static void
check_answer(const struct http_request *q, const struct http_answer *a)
{
	require(a->status == 204 || (a->status >= 200 && a->status < 600 && a->type != NULL));
	if (a->type != NULL && strcmp(a->type, "application/json") == 0)
		require(
		    a->body.len > 2 && a->body.s[0] == '{' && a->body.s[a->body.len - 1] == '\n');
	/* By the C library, since each comparison in this file is traced. */
	require(strcspn(a->body.s, CONTROLS) == a->body.len);
	require(strcmp(q->method, "GET") != 0 || a->status != 201);
}

static void
answer(struct http_request *q)
{
	struct http_answer a = { .status = 0 };
	struct exchange x = { .server = &server, .q = q, .a = &a };
	const char *host = q->header[HTTP_HOST];

	buf_new(&a.body);
	if (host != NULL)
		access_host_is_ours(&server.access, host, "192.0.2.1");
	access_is_same_site(q);
	access_is_json(q->header[HTTP_CONTENT_TYPE]);
	route_handle(&x);
	check_answer(q, &a);
	if (a.stream.read != NULL)
		a.stream.close(a.stream.arg);
	buf_del(&a.body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request q = { .fd = -1 };
	struct input in = { data, size };
	char *text = input_text(&in, size), *rest = text, decoded[256];

	if (feed.ledger == NULL)
		prepare();
	q.method = next_line(&rest);
	q.path = next_line(&rest);
	take_params(&q, next_line(&rest));
	for (int i = 0; i < HTTP_HEADERS; i++)
		q.header[i] = next_line(&rest);
	secrets_decode_basic(q.header[HTTP_AUTHORIZATION], decoded, sizeof(decoded));
	buf_new(&q.body);
	if (rest != NULL)
		buf_add(&q.body, rest, strlen(rest));
	/* The stream of an answer belongs to a connection, which is never woken here. */
	q.connection = (struct http_connection *)(void *)&q;
	answer(&q);
	buf_del(&q.body);
	free(text);
	return 0;
}
