/*
 * Private to src/serve/.
 */
#ifndef SERVE_PRIVATE_H
#define SERVE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "core/ledger.h"
#include "export/report.h"
#include "export/snapshot.h"
#include "ext/http_server.h"
#include "feed/feed.h"
#include "platform/service.h"
#include "serve/server.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/hash.h"
#include "util/text.h"
#include "view/view.h"

#define ROUTE_NAMES    2
#define ROUTE_NAME_MAX 128
#define TABLE_ROWS     100 /* of a table, unless top says otherwise */

struct exchange;
struct stream;

/* ---- A request and its answer (exchange.c) ---- */

struct exchange {
	struct server *server;
	struct http_request *q;
	struct http_answer *a;
	const struct route *route;
	char name[ROUTE_NAMES][ROUTE_NAME_MAX];      /* the parts of the path that are {names} */
	bool csv;                                    /* CSV is wanted instead of JSON */
	const char *top, *show, *view, *sort, *span; /* parameters; NULL: not given */
};

/* Answers with one sentence. */
void exchange_fail(struct exchange *x, unsigned status, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Copies what of a text of `all` bytes was not sent yet, at most size bytes. Returns their number.
 */
size_t exchange_copy_rest(const char *from, size_t all, size_t *sent, char *to, size_t size);

/* The answer is the JSON in x->a->body. */
void exchange_send_json(struct exchange *x, unsigned status);

/* A whole number from min to max; false after it was answered with 400. */
bool exchange_number(struct exchange *x, const char *name, const char *text, uint64_t min,
    uint64_t max, uint64_t *n);

/* True if text is a media type that the client accepts by name. */
bool exchange_accepts(const struct exchange *x, const char *type);

/* ---- Routes (routes.c) ---- */

struct route_param {
	const char *name, *help;
	size_t at; /* of its field in struct exchange */
};

typedef void route_fn(struct exchange *x);

enum route_flag {
	ROUTE_OPEN = 1 << 0,  /* needs no credentials */
	ROUTE_TABLE = 1 << 1, /* a table, which can be CSV */
	ROUTE_PAGE = 1 << 3,  /* only the paths of the page's files */
	ROUTE_ANY = 1 << 2,   /* takes any parameters */
};

/* A pattern is a path with {name} for any part. */
struct route {
	const char *method, *pattern;
	route_fn *fn;
	const char *help;
	const char *params; /* names of its parameters, separated by blanks */
	unsigned flags;     /* enum route_flag */
	const char *body;   /* names of the members of the JSON body, or NULL */
};

extern const struct route_param route_params[];
extern const unsigned n_route_params;

/* The table, for the server only: others have it in struct server. */
extern const struct route routes[];
extern const unsigned n_routes;

/* Finds the route, checks the parameters and calls its function. */
void route_handle(struct exchange *x);

/* The same without its function: false after an error was answered. */
bool route_find(struct exchange *x);

/* True if the page has a file of that path. */
bool page_has(const char *path);

/* ---- Steps (steps.c) ---- */

#define STEPS_ROUTES 64

/*
 * The server works in steps between which packets are read: one for each call of a route's
 * function, for as long as a turn of the loop has time left. Their time is processor time, since
 * on a busy machine the clock on the wall tells about other programs.
 */
struct steps {
	uint64_t turn_began; /* ns of processor time; 0: no step in this turn yet */
	bool postponed;      /* a request waits for the next turn */
	uint64_t longest[STEPS_ROUTES]; /* ns: of the route with that number */
	uint64_t longest_turn;          /* ns: of all that is done in one turn of the loop */
};

/* False if this turn has no time left for a further request. *began is for steps_end(). */
void steps_begin_turn(struct server *s);
bool steps_begin(struct server *s, uint64_t *began);
void steps_end(struct server *s, const struct route *r, uint64_t began);
void steps_end_turn(struct server *s, uint64_t began);

/* ---- Access (access.c, secrets.c, password_check.c) ---- */

#define ACCESS_KNOWN 8

struct access {
	const char *const *hosts; /* further names of this machine */
	unsigned n_hosts;
	char own_name[128];           /* of this machine */
	struct buf passwords;         /* lines NAME:HASH */
	struct buf tokens;            /* lines */
	bool has_secrets;             /* credentials are asked for */
	uint64_t failures;            /* wrong credentials */
	struct hashkey key;           /* of `known` */
	uint64_t known[ACCESS_KNOWN]; /* hashes of credentials that were found right, newest last */
	unsigned n_known;
	struct {
		pid_t pid;              /* of the child that checks a password; 0: none */
		int fd;                 /* its answer; -1: none */
		struct http_request *q; /* that it is for; NULL: it has gone */
	} check;
};

/* Reads a whole file that only its owner may change; and read, if it is private. False with one
 * sentence in err. */
bool secrets_read_file(struct buf *b, const char *path, bool private, struct buf *err);

/* Reads the files of --auth-file and --token-file. False with one sentence in err; then nothing
 * has changed. */
bool secrets_read(struct access *a, const struct options *o, struct buf *err);
void access_init(struct access *a, const struct options *o);
void access_fini(struct access *a);

/* True if the Host header names this machine. local: the connection's own address in digits. */
bool access_host_is_ours(const struct access *a, const char *host, const char *local);

/* True unless a page of another site sent the request. */
bool access_is_same_site(const struct http_request *q);

/* True if that is the media type of JSON. */
bool access_is_json(const char *content_type);

/* Checks the host, the origin and the credentials. False after an error was answered, or if the
 * answer has to wait. */
bool access_check(struct exchange *x);

/* True if it is the token of a line; takes the same time for each of them. */
bool secrets_have_token(const struct access *a, const char *token);

/* The hash of that user, NULL: there is none. n: its length. */
const char *secrets_find_hash(const struct access *a, const char *name, size_t *n);

/* Decodes Basic credentials, "NAME:PASSWORD". False if they are none. */
bool secrets_decode_basic(const char *text, char *out, size_t size);

enum access_stage { ACCESS_NEW, ACCESS_CHECKING, ACCESS_REFUSED };

/* Checks the password in a child; the request's stage says when it has ended. False: not now. */
bool password_check_start(struct server *s, struct http_request *q, const char *credentials);
void password_check_finish(struct server *s);
void password_check_forget(struct access *a, const struct http_request *q);

/* ---- JSON bodies (body.c) ---- */

#define BODY_MEMBERS 8

enum body_type { BODY_TEXT, BODY_NUMBER, BODY_BOOL, BODY_NULL };

/* A flat JSON object, decoded in place. */
struct body {
	struct body_member {
		const char *name;
		const char *text; /* of a number its digits */
		uint8_t type;     /* enum body_type */
	} member[BODY_MEMBERS];
	unsigned n;
};

/* Parses the text, and changes it. Only names among `allowed` may occur, each once. False with one
 * sentence in err. */
bool body_parse(struct body *b, char *text, size_t n, const char *allowed, struct buf *err);

/* The text of a member; NULL: absent or of another type. */
const char *body_text(const struct body *b, const char *name);

/* The number in a member, otherwise the given one; false after an error was answered. */
bool exchange_body_number(struct exchange *x, const struct body *b, const char *name, uint64_t min,
    uint64_t max, uint64_t otherwise, uint64_t *n);

/* The body of the exchange; false after an error was answered. Nothing is an empty object. */
bool exchange_body(struct exchange *x, struct body *b);

/* ---- Answers about many rows (job.c) ---- */

#define JOBS 4

/* Writes the answer. False with one sentence in err: the request was wrong. */
typedef bool content_fn(struct exchange *x, struct buf *out, struct buf *err);

/*
 * Answers with what fn writes about a ledger of so many rows: at once if they are few, else from a
 * forked child. An answer that is bounded is shared by all who ask for the same until the next
 * tick.
 */
void job_answer(struct exchange *x, content_fn *fn, const char *type, uint64_t steps, bool bounded);

/* True if so many steps can be done here, after the ledger was settled. */
bool job_is_quick(const struct ledger *l, uint64_t steps);

struct job {
	pid_t pid; /* 0: none, or it has ended */
	int fd;    /* -1: the child has ended, or there is no job */
	bool bounded;
	bool used, done;
	struct http_connection *owner; /* of one that is not bounded; NULL: it has gone */
	char key[512];
	uint64_t tick;
	struct buf text; /* what has come and is not sent yet; the first byte is '+', or '-' for an
			    error */
	size_t sent;
};

/* Starts a child that writes with fn; false with errno. job_end() kills it if it still runs. */
bool job_begin(struct job *j, struct exchange *x, content_fn *fn);
void job_end(struct job *j);

unsigned job_fds(const struct server *s, struct pollfd *fds);
void job_step(struct server *s);
void job_forget(struct server *s, struct http_request *q);
void job_fini(struct server *s);

/* ---- Events (push.c) ---- */

#define PUSH_KEPT    16
#define PUSH_READERS 16
#define PUSH_ROWS    20

struct push_event; /* shared by the list and its readers */

struct push {
	struct push_event *kept[PUSH_KEPT]; /* oldest first */
	unsigned n;
	struct push_reader {
		struct server *server;
		struct http_connection *connection; /* NULL: not used */
		struct push_event *event;           /* that is being sent, or NULL */
		size_t sent;
		uint64_t next; /* number of the next one */
		uint64_t dropped;
		char head[96]; /* sent before the next event */
		size_t head_sent;
	} reader[PUSH_READERS];
	unsigned n_readers;
	uint64_t wanted_until; /* ns, monotonic: there is a reader, or one may come back */
	uint64_t dropped;      /* by all readers */
};

void push_tick(struct server *s);
void push_step(struct server *s);
void push_fini(struct push *e);

/* ---- Captures (captures.c) ---- */

#define CAPTURES      4
#define CAPTURE_LINKS 32
#define CAPTURE_MS    50 /* between looks at what has been captured */

struct capture {
	struct server *server;
	struct http_connection *connection; /* NULL: not used */
	struct filter *filter;              /* NULL: all packets */
	char *show;                         /* its text */
	int source;                         /* in the ledger; -1: any */
	uint64_t until;                     /* ns, monotonic */
	uint64_t packets;                   /* that are still wanted */
	bool done;
	struct buf text; /* that is to be sent */
	size_t sent;
	struct buf staged; /* the frames of the batch that is not counted yet, as records */
	size_t staged_end[LEDGER_BATCH];
	unsigned n_staged;
	struct {
		uint16_t source, linktype;
	} link[CAPTURE_LINKS]; /* the interfaces of the file */
	unsigned n_links;
};

void captures_step(struct server *s);
int captures_timeout(const struct server *s); /* ms; -1: none */

/* ---- Streams (streams.c) ---- */

#define STREAM_NAME 64

struct stream {
	char name[STREAM_NAME];
	bool listed;
	bool deleted;
	uint64_t since; /* ns since the epoch: when it was started, or began again */
	uint64_t kernel_dropped, interface_dropped; /* at that moment */
	char note[160];
};

/* The number in the ledger of the stream with that name; -1: there is none. */
int streams_find_source(struct server *s, const char *name);

/* The ledger of the source with that number alone, or NULL. */
struct ledger *streams_own_counts(const struct server *s, int number);

/* Notices sources that were added elsewhere. */
void streams_update(struct server *s);

/* ---- Snapshots (snapshots.c) ---- */

#define SNAPSHOTS_KEPT 16

struct snapshots {
	struct snapshot snapshot;
	struct http_connection *owner; /* of the request for the one that is being written */
	bool done, ok;
	char said[600];                /* the result */
	char name[SNAPSHOTS_KEPT][64]; /* of those of this run, newest last */
	unsigned n;
};

/* Its child has written something. */
void snapshots_finish(struct server *s);
void snapshots_fini(struct snapshots *all); /* waits for it */
void snapshots_forget(struct snapshots *all, const struct http_connection *c);

/* ---- The server ---- */

#define METRICS_FNS 8

struct server {
	const struct options *o;
	const struct route *routes;
	unsigned n_routes;
	struct feed *feed;
	struct http_server *http; /* NULL: not started yet */
	struct listener listener[LISTENERS];
	unsigned n_listeners;
	struct access access;
	struct steps steps;
	uint64_t now;     /* ns, monotonic */
	uint64_t started; /* ns since the epoch */
	uint64_t ticks;
	uint64_t packets_until; /* ns, monotonic: the log of packets is kept */
	uint64_t pairs_until;   /* and the pairs of hosts */
	struct http_connection *held[HTTP_CONNECTIONS * 2]; /* wait for a job */
	unsigned n_held;
	uint64_t held_at;         /* ns, monotonic: when they were last woken */
	struct job job[JOBS + 1]; /* the last one makes events */
	struct push push;
	struct snapshots snapshots;
	struct capture capture[CAPTURES];
	struct feed_tap tap; /* of the captures */
	uint64_t capture_dropped;
	struct stream stream[OPTIONS_SOURCES]; /* of the feed's source with that number */
	struct {
		metrics_fn *fn;
		void *arg;
	} metrics[METRICS_FNS];
	unsigned n_metrics;
	stored_fn *stored;
	void *stored_arg;
	struct buf tls_cert, tls_key;
};

/* ---- Requests that wait (held.c) ---- */

/* The request is handled again soon: when a job ends, or after a moment. */
void held_add(struct server *s, struct http_connection *c);
void held_remove(struct server *s, const struct http_connection *c);
void held_wake(struct server *s);

/* What a report covers. */
struct report reports_describe_now(const struct server *s, uint32_t top);
struct scope reports_scope(const struct server *s);

/* ---- The functions of routes ---- */

route_fn serve_health, serve_report, serve_table, serve_views, serve_series;
route_fn serve_events, serve_metrics, serve_openapi, serve_page, serve_stored;
route_fn serve_streams, serve_stream, stream_create, stream_start, stream_stop, stream_restart;
route_fn serve_snapshots, serve_snapshot, serve_snapshot_file, snapshot_create;
route_fn serve_capture, stream_remove, serve_old_start, serve_old_stop, serve_old_status;

/* The files of the page, compressed and built into the program. The table is generated. */
struct page_file {
	const char *path;         /* "/", "/app.js": as in the URL */
	const char *content_type; /* "text/html; charset=utf-8" */
	const char *etag;         /* with its quotes */
	const unsigned char *gzip;
	size_t size;
};

extern const struct page_file page_files[];
extern const unsigned n_page_files;

#endif
