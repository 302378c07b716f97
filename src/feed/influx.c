/* When the counters are written, and what is done if that fails. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ext/http_client.h"
#include "feed/feed.h"
#include "feed/private.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "util/die.h"

#define S           UINT64_C(1000000000)
#define MS          UINT64_C(1000000)
#define RETRY_FIRST S
#define RETRY_MOST  (30 * S)
#define LAST_WAIT   (5 * S) /* at the end */
#define BEHIND      (5 * S) /* a delay that is shown */
#define WAIT_MS     50
#define CA_MOST     (4u << 20) /* bytes of certificates */

#define STORED_POINTS 100 /* of each measurement that are read back */

enum { SLOT_WRITE, SLOT_QUERY };

/* Stores "HOST:PORT:ADDRESS". False if the host is an address itself. */
static bool
influx_resolve(struct influx *x, const struct influx_url *u, struct buf *b)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	char address[64];
	int error = getaddrinfo(u->host, u->port, &hints, &found);

	if (error != 0)
		die("--influx: %s:%s: %s", u->host, u->port, gai_strerror(error));
	x->port = (uint16_t)strtonum(u->port, 1, 65535, &(const char *){ NULL });
	error = getnameinfo(
	    found->ai_addr, found->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST);
	freeaddrinfo(found);
	if (error != 0 || strcmp(address, u->host) == 0)
		return false;
	buf_addf(b, "%s:%s:%s", u->host, u->port, address);
	return true;
}

/* Of version 2 a token; of version 1 user and password, or a token. */
static void
influx_set_access(struct http_client_config *c, const struct influx_url *u, const char *secret,
    char *text, size_t size)
{
	struct buf b;

	buf_init(&b, text, size);
	if (*u->user != '\0') {
		buf_addf(&b, "%s:%s", u->user, secret);
		c->credentials = text;
	} else if (*secret != '\0' && !u->v2 && strchr(secret, ':') != NULL) {
		buf_adds(&b, secret);
		c->credentials = text;
	} else if (*secret != '\0') {
		buf_addf(&b, "Authorization: Token %s", secret);
		c->header = text;
	}
}

static void
influx_set_urls(struct influx *x, const struct influx_url *u)
{
	struct buf b;

	buf_init(&b, x->server, sizeof(x->server));
	buf_addf(&b, "http%s://%s%s%s:%s", u->tls ? "s" : "", u->bracket ? "[" : "", u->host,
	    u->bracket ? "]" : "", u->port);
	buf_init(&b, x->write_url, sizeof(x->write_url));
	buf_addf(&b, "%s%s%s?%s&precision=ns", x->server, u->path,
	    u->v2 ? "/api/v2/write" : "/write", u->query);
	buf_init(&b, x->query_url, sizeof(x->query_url));
	buf_addf(&b, "%s%s/query", x->server, u->path);
	strlcpy(x->database, u->database, sizeof(x->database));
	x->v2 = u->v2;
}

/* Before the sandbox, in which no file can be opened. */
static void
influx_read_ca(struct buf *ca, const char *named)
{
	const char *path = named != NULL ? named : http_client_ca_file();
	int fd = path != NULL ? file_ops_open(path) : -1;
	char bytes[4096];
	ssize_t n = fd == -1 ? -1 : 1;

	while (n > 0 && ca->len < CA_MOST && (n = fd_read(fd, bytes, sizeof(bytes))) > 0)
		buf_add(ca, bytes, (size_t)n);
	if (n == -1)
		die("--influx-ca: %s: %s; give a file of certificates",
		    path != NULL ? path : "no file is known", file_ops_error(errno));
	close(fd);
}

static void influx_on_answer(void *arg, unsigned slot, long status, const char *text);

static void
influx_open_client(struct influx *x, const struct influx_url *u)
{
	char secret[INFLUX_SECRET], access[INFLUX_SECRET + 128], resolve[512], text[512];
	struct buf b, err, ca;
	struct http_client_config c = { .ca = &ca };

	buf_new(&ca);
	if (u->tls)
		influx_read_ca(&ca, x->o->influx_ca);
	buf_init(&err, text, sizeof(text));
	if (!influx_secret_read(x->o->influx_token_file, secret, &err))
		die("%s", err.s);
	buf_init(&b, resolve, sizeof(resolve));
	if (influx_resolve(x, u, &b))
		c.resolve = resolve;
	influx_set_access(&c, u, secret, access, sizeof(access));
	x->http = http_client_new(&c, influx_on_answer, x);
	buf_del(&ca);
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(access, sizeof(access));
	if (x->http == NULL)
		die("--influx: libcurl cannot be started");
}

void
influx_open(struct influx *x, const struct options *o)
{
	char text[1024];
	struct influx_url u;
	struct buf err;

	*x = (struct influx){ .o = o, .retry_delay = RETRY_FIRST };
	if (o->influx == NULL)
		return;
	if (!http_client_is_available())
		die("--influx: this pkttop is built without libcurl");
	buf_init(&err, text, sizeof(text));
	if (!influx_url_parse(&u, o->influx, &err))
		die_usage("--influx: %s", err.s);
	if (u.v2 && o->influx_create)
		die_usage("--influx-create: only for version 1; create the bucket with: influx "
			  "bucket create");
	influx_set_urls(x, &u);
	influx_open_client(x, &u);
	if (!influx_queue_open(&x->queue, o->spool, &err))
		die("%s", err.s);
	if (gethostname(x->site, sizeof(x->site) - 1) == -1)
		strlcpy(x->site, "unknown", sizeof(x->site));
	buf_init(&x->said, x->said_text, sizeof(x->said_text));
	buf_new(&x->stored);
}

void
influx_start(struct influx *x, struct feed *f)
{
	if (x->http == NULL)
		return;
	x->feed = f;
	x->interval = f->ledger->intervals.current;
	x->creating = x->o->influx_create;
}

static void
influx_say(struct influx *x, const char *what, const char *why)
{
	buf_addf(
	    &x->said, "%sinflux: %s: %s%.200s", x->said.len > 0 ? "\n" : "", x->server, what, why);
}

/* The oldest batch is written, if it is still the one that was sent. */
static void
influx_remove_sent(struct influx *x)
{
	const struct influx_batch *sent = influx_queue_first(&x->queue);

	if (sent != NULL && sent->time == x->sent_time && sent->lines.len == x->sent_size)
		influx_queue_remove(&x->queue);
}

static void
influx_succeeded(struct influx *x)
{
	if (x->creating) {
		x->creating = false;
	} else {
		influx_remove_sent(x);
		x->written_batches++;
	}
	if (x->failing)
		influx_say(x, "writing again", "");
	x->failing = false;
	x->retry_delay = RETRY_FIRST;
}

static void
influx_retry(struct influx *x, long status, const char *text)
{
	char what[64] = "";
	struct buf b;

	buf_init(&b, what, sizeof(what));
	if (status != 0)
		buf_addf(&b, "HTTP status %ld, retrying: ", status);
	else
		buf_adds(&b, "retrying: ");
	if (!x->failing)
		influx_say(x, b.s, text);
	x->failing = true;
	x->retry_at = clock_monotonic() + x->retry_delay;
	x->retry_delay = x->retry_delay < RETRY_MOST / 2 ? 2 * x->retry_delay : RETRY_MOST;
}

/* Lines that the server will never take. */
static bool
influx_is_rejection(long status)
{
	return status == 400 || status == 413 || status == 422;
}

static void
influx_on_write(struct influx *x, long status, const char *text)
{
	if (status >= 200 && status < 300) {
		influx_succeeded(x);
	} else if (influx_is_rejection(status) && !x->creating) {
		influx_say(x, "lines are refused: ", text);
		x->rejected_batches++;
		influx_remove_sent(x);
	} else {
		influx_retry(x, status, text);
	}
}

static void
influx_on_stored(struct influx *x, long status, const char *text)
{
	size_t n = strcspn(text, "\n");

	buf_clear(&x->stored);
	if (status == 200)
		buf_add(&x->stored, text, n);
}

static void
influx_on_answer(void *arg, unsigned slot, long status, const char *text)
{
	if (slot == SLOT_WRITE)
		influx_on_write(arg, status, text);
	else
		influx_on_stored(arg, status, text);
}

static void
influx_send_create(struct influx *x)
{
	char text[512];
	struct buf b;
	struct http_request r = { .slot = SLOT_WRITE,
		.url = x->query_url,
		.body = text,
		.type = "application/x-www-form-urlencoded" };

	buf_init(&b, text, sizeof(text));
	buf_addf(&b, "q=CREATE+DATABASE+%%22%s%%22", x->database);
	r.size = b.len;
	http_client_start(x->http, &r);
}

static void
influx_send_batch(struct influx *x)
{
	const struct influx_batch *first = influx_queue_first(&x->queue);
	struct http_request r = { .slot = SLOT_WRITE,
		.url = x->write_url,
		.compress = true,
		.type = "text/plain; charset=utf-8" };

	if (first == NULL)
		return;
	r.body = first->lines.s;
	r.size = x->sent_size = first->lines.len;
	x->sent_time = first->time;
	http_client_start(x->http, &r);
}

void
influx_service(struct influx *x, uint64_t now, struct buf *said)
{
	if (x->feed == NULL)
		return;
	http_client_step(x->http);
	if (!http_client_is_busy(x->http, SLOT_WRITE) && now >= x->retry_at) {
		if (x->creating)
			influx_send_create(x);
		else
			influx_send_batch(x);
	}
	if (x->said.len > 0)
		buf_addf(said, "%s%s", said->len > 0 ? "\n" : "", x->said.s);
	buf_clear(&x->said);
}

static void
influx_add_point(struct influx *x)
{
	struct influx_point p = {
		.ledger = x->feed->ledger, .site = x->site, .time = x->point_time, .top = &x->top
	};
	struct buf b;

	buf_new(&b);
	influx_lines(&b, &p);
	influx_queue_add(&x->queue, b.s, b.len, x->point_time, clock_monotonic(), &x->said);
	buf_del(&b);
	x->collecting = false;
}

/* Points have the time of the report: that of the last packet if files are read at once. */
static uint64_t
influx_now(const struct influx *x)
{
	return feed_is_offline(x->feed) ? x->feed->ledger->totals.last : clock_wall();
}

/* An interval has ended, and all of it is folded. */
static void
influx_begin_point(struct influx *x)
{
	x->interval = x->feed->ledger->intervals.current;
	x->point_time = influx_now(x);
	influx_top_begin(&x->top, (unsigned)x->o->influx_top);
	x->collecting = true;
}

bool
influx_step(struct influx *x, uint32_t steps)
{
	const struct ledger *l;

	if (x->feed == NULL)
		return false;
	l = x->feed->ledger;
	if (!x->collecting && l->intervals.current != x->interval && !l->is_folding)
		influx_begin_point(x);
	if (!x->collecting)
		return false;
	if (influx_top_step(&x->top, l, steps))
		return true;
	influx_add_point(x);
	return false;
}

unsigned
influx_poll_fds(const struct influx *x, struct pollfd *fds)
{
	return http_client_poll(x->http, fds);
}

int
influx_timeout(const struct influx *x, uint64_t now)
{
	int ms = http_client_timeout(x->http), again;

	if (x->feed == NULL || http_client_is_busy(x->http, SLOT_WRITE) || !x->failing)
		return ms;
	again = x->retry_at > now ? (int)((x->retry_at - now) / MS) + 1 : 0;
	return ms >= 0 && ms < again ? ms : again;
}

uint64_t
influx_delay(const struct influx *x)
{
	const struct influx_batch *first = x->queue.n > 0 ? &x->queue.batch[x->queue.first] : NULL;
	uint64_t now = influx_now(x);

	return first != NULL && now > first->time ? now - first->time : 0;
}

void
influx_text(struct buf *b, const struct influx *x)
{
	uint64_t delay;

	if (x->feed == NULL)
		return;
	delay = influx_delay(x);
	buf_addf(b, "%sinflux", b->len > 0 ? " " : "");
	if (delay >= BEHIND)
		buf_addf(b, " %" PRIu64 " s behind", delay / S);
	if (x->queue.dropped_lines > 0)
		buf_addf(b, " %" PRIu64 " lines lost", x->queue.dropped_lines);
}

/* What is not in a report yet: packets since the last interval. */
static void
influx_add_last_point(struct influx *x)
{
	while (ledger_fold(x->feed->ledger, UINT32_MAX))
		;
	while (influx_step(x, UINT32_MAX))
		;
	if (x->point_time == influx_now(x))
		return;
	x->point_time = influx_now(x);
	influx_top_begin(&x->top, 0);
	influx_add_point(x);
}

static void
influx_write_rest(struct influx *x, struct buf *said)
{
	uint64_t now = clock_monotonic(), until = now + LAST_WAIT;
	struct pollfd fds[HTTP_CLIENT_FDS];

	while (now < until && (x->creating || influx_queue_first(&x->queue) != NULL)) {
		unsigned n = influx_poll_fds(x, fds);
		int ms = influx_timeout(x, now);

		influx_service(x, now, said);
		fd_poll(fds, n, ms >= 0 && ms < WAIT_MS ? ms : WAIT_MS);
		now = clock_monotonic();
	}
}

bool
influx_end(struct influx *x)
{
	char text[1024];
	struct buf said;
	uint64_t kept;
	bool all;

	if (x->feed == NULL)
		return true;
	influx_add_last_point(x);
	buf_init(&said, text, sizeof(text));
	influx_write_rest(x, &said);
	all = influx_queue_close(&x->queue, &kept, &said) && x->rejected_batches == 0;
	warn_lines(said.s);
	if (x->queue.dropped_lines > 0)
		warn_line("influx: %s: %" PRIu64 " lines were not written", x->server,
		    x->queue.dropped_lines);
	else if (kept > 0)
		warn_line("influx: %" PRIu64 " bytes are kept in %s, for the next run", kept,
		    x->o->spool);
	http_client_del(x->http);
	buf_del(&x->stored);
	*x = (struct influx){ .o = x->o };
	return all;
}

static bool
influx_span_is_valid(const char *span)
{
	size_t digits = strspn(span, "0123456789");

	return digits > 0 && digits <= 4 && strchr("smhd", span[digits]) != NULL &&
	    span[digits] != '\0' && span[digits + 1] == '\0';
}

/* The newest points of each measurement. */
static void
influx_add_stored_query(struct buf *b, const char *span)
{
	const char *name;

	for (unsigned i = 0; (name = influx_measurement_name(i)) != NULL; i++)
		buf_addf(b,
		    "%sSELECT+*+FROM+%s+WHERE+time+%%3E+now()+-+%s+ORDER+BY+time+DESC+LIMIT+%d",
		    i > 0 ? "%3B" : "", name, span, STORED_POINTS);
}

static void
influx_ask_stored(struct influx *x, const char *span)
{
	char url[2048];
	struct buf b;
	struct http_request r = { .slot = SLOT_QUERY, .url = url };

	buf_init(&b, url, sizeof(url));
	buf_addf(&b, "%s?db=%s&epoch=s&q=", x->query_url, x->database);
	influx_add_stored_query(&b, span);
	if (http_client_start(x->http, &r))
		strlcpy(x->stored_span, span, sizeof(x->stored_span));
}

bool
influx_stored(struct influx *x, const char *span, struct buf *json, struct buf *err)
{
	bool known;

	if (x->feed == NULL || x->v2) {
		buf_setf(err,
		    x->v2 ? "stored values are read from version 1 only" : "there is no --influx");
		return false;
	}
	if (!influx_span_is_valid(span)) {
		buf_setf(err, "\"%.20s\": must be a time such as 10m or 1h", span);
		return false;
	}
	known = x->stored.len > 0 && strcmp(x->stored_span, span) == 0;
	if (known)
		buf_addf(json, "{\"span\":\"%s\",\"stored\":%s}\n", span, x->stored.s);
	else
		buf_setf(err, "the server is being asked; ask again in a second");
	influx_ask_stored(x, span);
	return known;
}

void
exports_open(struct exports *x, const struct options *o)
{
	flow_export_open(&x->flows, o);
	influx_open(&x->influx, o);
}

unsigned
exports_tcp_ports(const struct exports *x, uint16_t *ports)
{
	unsigned n = flow_export_tcp_ports(&x->flows, ports);

	if (x->influx.http != NULL)
		ports[n++] = x->influx.port;
	return n;
}
