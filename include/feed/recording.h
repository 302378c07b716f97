/*
 * Recording: files of packets and flows.
 */
#ifndef FEED_RECORDING_H
#define FEED_RECORDING_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "core/ledger.h"
#include "dissect/frame.h"
#include "export/flow_log.h"
#include "export/influx.h"
#include "export/ipfix.h"
#include "export/writer.h"
#include "ext/http_client.h"
#include "platform/event_command.h"
#include "util/buf.h"
#include "view/filter.h"
#include "view/history_store.h"

/*
 * Turns frames into the bytes of a capture file that is being written.  A pcapng file has an
 * interface for each source and link type, described before its first frame, and its counters at
 * the end; a pcap file has one link type, and frames of another are left out.
 */

#define RECORD_LINKS (4 * LEDGER_SOURCES)

struct feed;
struct async_writer;

struct capture_record {
	bool ng;
	uint16_t linktype; /* of pcap, DLT_ */
	struct capture_link {
		uint16_t source, linktype;
	} link[RECORD_LINKS]; /* the interfaces of pcapng */
	unsigned n_links;
	size_t n_names;            /* bytes of the feed's names that were written */
	size_t unreported;         /* bytes since the counters were last written */
	uint16_t refused_linktype; /* a link type that pcap has no place for ... */
	bool error_pending;        /* ... is still to be reported */
	bool refused_any;          /* one was: later ones are not reported */
};

/*
 * Writes the head of a file with that name; pcap cannot store the comment. False with one sentence
 * in err if it is pcap and the sources have several link types.
 */
bool capture_record_begin(struct capture_record *c, const struct feed *f, const char *path,
    const char *comment, struct buf *head, struct buf *err);

/* Adds the frame's record to b.  False if the file has no place for it. */
bool capture_record_frame(struct capture_record *c, const struct feed *f, struct async_writer *w,
    const struct frame *frame, struct buf *b);

/* Keeps a name of an address, from a file, for all pcapng files that are written. */
void feed_keep_name(struct feed *f, const uint8_t *address, unsigned bytes, const char *name);

/* Notes that so many bytes were written, and from time to time updates the counters at the end
 * of the file. SIZE_MAX: updates them at once. */
void capture_record_written(
    struct capture_record *c, const struct feed *f, struct async_writer *w, size_t bytes);

/* True, once, if frames were left out: then said has the sentence. */
bool capture_record_take_error(struct capture_record *c, struct buf *said);

/*
 * Sends the flow records to collectors, as IPFIX or NetFlow 9: --ipfix, --netflow9.
 *
 * Every packet is in exactly one exported record. A flow that lasts longer than the active timeout,
 * or pauses longer than the inactive one, is exported in portions (see flow_log.h).
 *
 *	flow_export_open(x, o)		before the sandbox, which allows no name look-up
 *	flow_export_start(x, feed)
 *	...				the recorder calls the rest
 *	flow_export_end(x)
 */

struct flow_target {
	struct collector collector;
	struct ipfix flows, status;
	struct flow_export *owner;
};

struct flow_export {
	const struct options *o;
	struct feed *feed; /* NULL: not started */
	struct flow_portions portions;
	struct flow_target target[OPTIONS_EXPORTS];
	unsigned n;         /* 0: nothing is exported */
	uint64_t status_at; /* ns since the epoch: when to report drops and sampling */
	bool unflushed;     /* the last tick's records are in incomplete messages */
	struct buf said;    /* changes of state while it waited */
	char said_text[256];
};

/* Opens the sockets. Exits with one line if that fails. */
void flow_export_open(struct flow_export *x, const struct options *o);

void flow_export_start(struct flow_export *x, struct feed *f);

/* Exports what is left, and waits until it is sent; prints what could not be sent. False if there
 * is any. */
bool flow_export_end(struct flow_export *x);

/* See recording_tick() and the like. */
void flow_export_tick(struct flow_export *x);
bool flow_export_step(struct flow_export *x, uint32_t steps);
void flow_export_flush_flows(struct flow_export *x);
bool flow_export_is_flushing(const struct flow_export *x);
unsigned flow_export_poll_fds(const struct flow_export *x, struct pollfd *fds);

/* ms until flow_export_service() must be called without its descriptors; -1: none. */
int flow_export_timeout(const struct flow_export *x, uint64_t now);

/* Sends; appends changes of state to said. now: ns, monotonic. */
void flow_export_service(struct flow_export *x, uint64_t now, struct buf *said);

/* Adds "export" to b, or "export down 12 lost", if flows are exported. */
void flow_export_text(struct buf *b, const struct flow_export *x);

/* The ports of TCP connections; returns their number. */
unsigned flow_export_tcp_ports(const struct flow_export *x, uint16_t *ports);

/*
 * Writes the counters of each interval to InfluxDB: --influx.
 *
 *	influx_open(x, o)		before the sandbox: resolves the name, reads the secret
 *	influx_start(x, feed)
 *	...				the recorder calls the rest
 *	influx_end(x)
 */

struct influx {
	const struct options *o;
	struct feed *feed; /* NULL: not started */
	struct http_client *http;
	struct influx_queue queue;
	struct influx_top top;
	char site[128];   /* the tag "host" */
	char server[256]; /* "http://db.example:8086", for messages */
	char write_url[1024], query_url[1024], database[256];
	uint16_t port;
	bool v2;
	bool creating, created; /* --influx-create */
	bool collecting;        /* the most active hosts are searched */
	uint32_t interval;      /* the last one that was collected */
	uint64_t point_time;    /* ns since the epoch */
	uint64_t sent_time;     /* of the batch on its way */
	size_t sent_size;
	uint64_t retry_at, retry_delay; /* ns, monotonic */
	bool failing;
	struct buf said; /* changes of state */
	char said_text[512];
	uint64_t written_batches, rejected_batches;
	struct buf stored; /* the answer for influx_stored() */
	char stored_span[16];
};

/* Exits with one line if an option is wrong. */
void influx_open(struct influx *x, const struct options *o);

void influx_start(struct influx *x, struct feed *f);

/* Writes what is left, for some seconds at most. False if lines are lost; prints it. */
bool influx_end(struct influx *x);

/* See recording_step() and the like. */
bool influx_step(struct influx *x, uint32_t steps);
unsigned influx_poll_fds(const struct influx *x, struct pollfd *fds);
int influx_timeout(const struct influx *x, uint64_t now);
void influx_service(struct influx *x, uint64_t now, struct buf *said);

/* ns since the oldest lines that are not written yet. */
uint64_t influx_delay(const struct influx *x);

/* Adds "influx 40 s behind" to b, or "influx". */
void influx_text(struct buf *b, const struct influx *x);

/*
 * Adds the last values that the server has stored in the span ("10m", "1h"), as JSON. It is asked
 * in the background: false with one sentence in err until it has answered.
 */
bool influx_stored(struct influx *x, const char *span, struct buf *json, struct buf *err);

/* All that is sent to other machines. */
struct exports {
	struct flow_export flows;
	struct influx influx;
};

/* The ports of TCP connections, at most EXPORTS_PORTS; returns their number. */
#define EXPORTS_PORTS (OPTIONS_EXPORTS + 1)
unsigned exports_tcp_ports(const struct exports *x, uint16_t *ports);

/* Opens both. Exits with one line if that fails. */
void exports_open(struct exports *x, const struct options *o);

/*
 * The files that are written during a capture: the packet log, the flow log and the capture file;
 * and what is exported.  feed.c passes frames and packets; the loop calls the rest.
 */

enum record_kind {
	RECORD_PACKETS,
	RECORD_FLOWS,
	RECORD_CAPTURE,
	RECORD_EVENTS,
	RECORD_MOMENTS,
	RECORD_KINDS
};

#define RECORDING_FDS (2 * RECORD_KINDS + OPTIONS_EXPORTS + HTTP_CLIENT_FDS)

struct feed;

struct recording {
	struct async_writer *writer;   /* NULL: it is off */
	bool ending;                   /* stopped, but its last records are still being written */
	struct filter *filter;         /* NULL: record all */
	struct buf head;               /* the head of its files */
	bool json;                     /* RECORD_FLOWS, RECORD_EVENTS */
	uint64_t seen;                 /* RECORD_EVENTS: the newest change that was written */
	struct capture_record capture; /* RECORD_CAPTURE */
};

/*
 * The process that writes or reads a recording (ext/sqlite.h), as the user who ran pkttop. It is
 * started before privileges are dropped, and gets moments or queries through a pipe.
 */
struct record_process {
	pid_t pid; /* 0: there is none */
	bool reads;
	int to, from;
};

/* Reads the reply of a process that was started: false with one sentence in err. */
bool record_process_wait(const struct record_process *p, struct buf *err);

struct record_process_config {
	const char *path;
	struct record_limits limits;
};

/* What the process runs: fds are those of its pipes, to read and to write. */
void record_process_run(const struct record_process_config *c, const int *fds);
void record_process_answer(const struct record_process_config *c, const int *fds);

/* True if the file looks like a recording. */
bool record_process_can_read(const char *path);

/* The times of its first moment and past its last one, s since the epoch; 0 and 0: it is empty. The
 * second: the sums of the moments in [from, to) as the bytes of one. False with one sentence in
 * err.
 */
bool record_ask_extent(
    const struct record_process *p, uint64_t *first, uint64_t *end, struct buf *err);
bool record_ask_sums(const struct record_process *p, enum record_table_id table, uint64_t from,
    uint64_t to, struct buf *moment, struct buf *err);

/* Finds a picture, see record_db_find_picture(); the bytes of that one, which are in moment, or
 * NULL. */
bool record_ask_find(const struct record_process *p, enum record_find how, uint64_t at,
    uint64_t format, uint64_t *found);
const uint8_t *record_ask_picture(
    const struct record_process *p, uint64_t at, struct buf *moment, size_t *n);

/* Adds the traffic in [from, to) to a time series, for graphs. */
void record_ask_series(
    const struct record_process *p, uint64_t from, uint64_t to, struct time_series *series);

/* The pictures of a recording as a history (control/history.h); p stays in use. */
struct record_pictures {
	const struct record_process *process;
	struct history_source source;
	struct buf moment;
};

struct history_store *record_pictures_open(
    struct record_pictures *p, const struct record_process *process);
void record_pictures_close(struct record_pictures *p);

/* Ends a process that reads. */
void record_process_stop(struct record_process *p);

/*
 * A time in a recording that ends at `end`: "2026-01-01", "2026-01-01 03:00:00", "03:00" (the last
 * one), "yesterday", "today" (of the end), "-90m" (before the end); all in UTC. False if it is
 * none.
 */
bool record_parse_time(const char *text, uint64_t end, uint64_t *at);

/*
 * Prints a report of the moments that --from and --to select, in the format of the options. Returns
 * the exit status.
 */
int record_report_run(const struct options *o, const struct record_process *p);

/*
 * The moments of a recording: each second, the rows of the ledger's tables that sent most since the
 * last one.
 *
 *	moments_advance(m, w, now, leaps);	often
 *	while (moments_step(m, w, 4096))	in slices, packets may come between them
 *		;
 */

#define MOMENT_TABLES 4
#define MOMENT_ROWS   100 /* of a table, at most */

struct moment_totals {
	struct tally all, in, out;
	uint64_t dropped;
};

struct moment_seen { /* of a row, at the last moment */
	uint32_t identity;
	struct tally count[2];
};

struct moment_row { /* that has sent something since */
	uint32_t slot, identity;
	uint64_t bytes;
	struct tally moved[2];
};

struct moment_table {
	enum record_table_id id;
	const struct view *view;
	const struct row_traffic *traffic;
	const struct column *column[RECORD_KEYS + RECORD_FACTS];
	unsigned n_columns;
	struct moment_seen *seen; /* by slot */
	uint32_t n_seen;
	struct tally recorded[2]; /* all that was written */
	/* of the moment that is being made */
	uint32_t slot;       /* the next one to examine */
	struct tally sum[2]; /* of the rows examined */
	struct moment_row row[4 * MOMENT_ROWS];
	uint32_t n_rows;
};

struct moments {
	struct feed *feed;
	struct moment_table table[MOMENT_TABLES];
	struct hashkey key;
	struct moment_totals total; /* at the last moment */
	struct buf record;
	uint64_t second; /* s since the epoch: the start of the next moment; 0: no packet yet */
	bool scanning, folded;
	unsigned at;    /* the table being examined */
	int64_t credit; /* rows that may still be examined */
};

void moments_init(struct moments *m, struct feed *f);
void moments_fini(struct moments *m);

/* The time is now, ns since the epoch. leaps: it is that of the packets of files; then a moment is
 * complete at once. */
void moments_advance(struct moments *m, struct async_writer *w, uint64_t now, bool leaps);

/* Does n more steps. True while there is more to do. */
bool moments_step(struct moments *m, struct async_writer *w, uint32_t n);

/* The last moment. */
void moments_finish(struct moments *m, struct async_writer *w);
void moments_end(struct moments *m, struct async_writer *w);

/*
 * Destinations of events other than files.  Started before the sandbox is entered; exits if the
 * command or the system log cannot be used.
 */
struct event_sinks {
	int log_fd; /* -1: none */
	struct event_command command;
	uint64_t seen; /* the newest change that was passed on */
};

void event_sinks_start(struct event_sinks *s, const struct options *o);
void event_sinks_run(struct event_sinks *s, const struct events *es);
void event_sinks_stop(struct event_sinks *s);

struct recorder {
	const struct options *o;
	struct feed *feed;
	struct recording kind[RECORD_KINDS];
	struct packet_lines lines;
	struct flow_log flows;
	struct moments moments;  /* while RECORD_MOMENTS is on ... */
	uint64_t seen_events;    /* the newest change that was recorded */
	uint64_t marks;          /* that users have set */
	char note[EVENT_DETAIL]; /* of a mark, for the next packet of pcapng; "": none */
	struct history_store *pictures;
	struct history_maker maker;
	bool by_packets;    /* ... by the time of packets */
	uint64_t second_ns; /* start of the current second */
	struct exports *exports;
	struct event_sinks *sinks; /* set by the caller */
	/* frames of the batch that is not counted yet, as records of the capture file */
	struct buf staged;
	size_t staged_end[LEDGER_BATCH];
	unsigned n_staged;
	struct buf status; /* reports of records that ended well, for a reader on a terminal */
	char status_text[ROTATING_FILE_PATH + 256];
	bool closed;     /* the reader of standard output has closed */
	bool incomplete; /* an ended record misses something */
};

/* Starts the records of the options, and the exports, which are open. Exits if a file cannot be
 * created. */
void recording_init(
    struct recorder *r, const struct options *o, struct feed *f, struct exports *exports);

/* Records into the process, if there is one. */
void recording_attach(struct recorder *r, const struct record_process *p);

/* Ends all records, and reports missing packets on standard error. */
void recording_fini(struct recorder *r);

/*
 * Starts a record into path, limited to packets that match the display filter show ("": all). False
 * with one sentence in said.
 */
bool recording_start(struct recorder *r, enum record_kind kind, const char *path, const char *show,
    struct buf *said);

/* Stops the record and reports in r->news, or starts it under a generated name in dir. */
bool recording_toggle(struct recorder *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said);

bool recording_is_on(const struct recorder *r, enum record_kind kind);

/* True if frames are recorded. */
static inline bool
recording_wants_frames(const struct recorder *r)
{
	const struct recording *rec = &r->kind[RECORD_CAPTURE];

	return rec->writer != NULL && !rec->ending;
}

/* True if the frame is of another second: then count all frames before it, and call the second. */
static inline bool
recording_is_next_second(const struct recorder *r, uint64_t ts)
{
	return r->by_packets && ts - r->second_ns >= UINT64_C(1000000000);
}

void recording_begin_second(struct recorder *r, uint64_t now);

/* An interval has ended and is folded: takes a picture of the screen. */
void recording_take_picture(struct recorder *r);

/* Call the first for each frame before it is dissected, the second for the batch after it was
 * counted. */
void recording_frame(struct recorder *r, const struct frame *f);
void recording_batch(struct recorder *r, const struct pkt *pkts, unsigned n);

/* An interval has ended: starts to write the records of quiet flows. */
void recording_tick(struct recorder *r);

/* Writes pending flow records, as fast as the disk allows. True if there are more that can be
 * written now. */
bool recording_step(struct recorder *r, uint32_t steps);

/* Before counters are cleared: recording_step() then writes the records of all flows. True until
 * that is done, or until a stopped log has written all of its records. */
void recording_flush_flows(struct recorder *r);
bool recording_is_flushing(const struct recorder *r);

/* Flow records that are still to be written. */
uint32_t recording_flows_left(const struct recorder *r);

/* ms until recording_poll_writers() must be called without its descriptors; -1: none. */
int recording_timeout(const struct recorder *r, uint64_t monotonic);

/* Fills in descriptors to be polled; returns how many, at most RECORDING_FDS. */
unsigned recording_poll_fds(const struct recorder *r, struct pollfd *fds);

/* Passes on buffered records, and appends changes of state to said. */
void recording_poll_writers(struct recorder *r, struct buf *said);

/* True if one of the records goes to standard output. */
bool recording_uses_stdout(const struct options *o);

#endif
