/*
 * Shared by the files of the views (v_*.c): the views themselves, and functions for row keys and
 * values.
 */
#ifndef VIEW_COLUMNS_H
#define VIEW_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "view/view.h"

struct buf;
struct table_row;

#define VIEW(name, ...) extern const struct view view_##name;
#include "view/views.def"
#undef VIEW

/* The first cell of the row that sums up evicted rows. */
#define OTHER_TEXT "(other)"

/* True when nothing is hidden. */
bool scope_shows_all(const struct scope *s);

/* True when traffic of that kind (enum addr_kind) and protocol is shown. */
bool scope_shows_kind(const struct scope *s, uint8_t kind);
bool scope_shows(const struct scope *s, uint8_t kind, uint16_t proto);

/* Everything that the scope counts, including hidden traffic: all of it; packets of a size; a
 * source. */
struct tally scope_all_traffic(const struct scope *s);
uint64_t scope_packets_of_size(const struct scope *s, const struct size_range *r);
struct baseline_source scope_source_counts(const struct scope *s, const struct source_stats *src);

/* Losses and errors in the time that the scope counts. */
struct scope_losses {
	uint64_t dropped; /* packets, by kernels and interfaces */
	uint64_t malformed, truncated;
	uint64_t duplicates;
	uint64_t evicted; /* flows */
};

struct scope_losses scope_losses_get(const struct scope *s);

/* Errors of a host, and of a flow's ends, in the time that the scope counts. */
struct host_errors scope_host_errors(const struct scope *s, const struct host *h);
struct baseline_tcp scope_tcp_counts(const struct scope *s, const struct flow *f);

/* The name to be shown of an address, and of an end (0: a) of a flow. */
struct host_name scope_host_name(const struct scope *s, uint8_t kind, const struct addr *a);
struct host_name scope_flow_name(const struct scope *s, const struct flow *f, int end);

/* How bad a cell is, for its colour: by the rule of its column and the other cells of its row. */
enum trouble { TROUBLE_NONE, TROUBLE_WARN, TROUBLE_BAD };

enum trouble trouble_of_cell(const struct view *v, const struct table_row *row, unsigned column);

/* What is wrong with a flow, as text, or nothing; and a number that sorts failures first, then the
 * newest. */
struct value flow_problem(const struct scope *s, const struct flow *f);
struct value flow_problem_rank(const struct scope *s, const struct flow *f);

/* How bad a problem with that text is. */
enum trouble flow_problem_trouble(const char *problem);

/* True if n of the packets are more than what occurs without a problem. */
bool retransmissions_are_many(uint64_t n, uint64_t packets);

/* A column with the names of another one's addresses. */
#define NAMES_OF(column, head, words)                                                              \
	.names = column, .title = head, .help = words, .type = V_TEXT, .min = 12, .max = 40,       \
	.drop = 8, .left = true, .when_used = true

/* n of scope_rate_tally() as a rate of type V_BYTE_RATE or V_PACKET_RATE. */
struct value scope_rate(const struct scope *s, enum value_type type, uint64_t n);

/*
 * Bytes a second over a window, and the highest of any interval: of one meter, and of the meters of
 * the classes shown.  Known for live traffic only; the peak of several classes together is not
 * known.
 */
struct value scope_window(const struct scope *s, const struct meter *m, enum meter_window w);
struct value scope_peak(const struct scope *s, const struct meter *m);
struct tally scope_class_count(const struct scope *s, const struct meter meter[CLASSES], int way);
struct tally scope_class_interval(
    const struct scope *s, const struct meter meter[CLASSES], int way);
struct value scope_class_window(
    const struct scope *s, const struct meter meter[CLASSES], enum meter_window w);
struct value scope_class_peak(
    const struct scope *s, const struct meter meter[CLASSES], const struct peak *all);

/* A rate that was computed elsewhere; known for live traffic only. */
struct value scope_live_rate(const struct scope *s, double bytes);

/*
 * The columns of traffic.  They have the same names, titles and widths in all tables:
 *
 *	{ TRAFFIC_BPS(traffic), .drop = 1, .help = "Bits per second, both directions." },
 */
typedef struct value traffic_getter(
    const struct row_traffic *t, const struct scope *s, const void *row);
traffic_getter traffic_get_bps_in, traffic_get_bps_out, traffic_get_bps, traffic_get_bps_10s,
    traffic_get_bps_60s, traffic_get_bps_peak, traffic_get_pps, traffic_get_bytes_in,
    traffic_get_bytes_out, traffic_get_bytes, traffic_get_packets_in, traffic_get_packets_out,
    traffic_get_packets, traffic_get_share;

#define TRAFFIC_CELL(kind, cells, t, getter)                                                       \
	.type = kind, .min = cells, .max = cells, .desc = true, .traffic = &(t),                   \
	.get_traffic = getter

#define TRAFFIC_BPS_IN(t)                                                                          \
	.name = "bps_in", .title = "IN", TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps_in)
#define TRAFFIC_BPS_OUT(t)                                                                         \
	.name = "bps_out", .title = "OUT", TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps_out)
#define TRAFFIC_BPS(t)                                                                             \
	.name = "bps", .title = "RATE", TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps)
#define TRAFFIC_PPS(t)                                                                             \
	.name = "pps", .title = "PPS", TRAFFIC_CELL(V_PACKET_RATE, 6, t, traffic_get_pps)
#define TRAFFIC_BYTES_IN(t)                                                                        \
	.name = "bytes_in", .title = "BYTES IN", TRAFFIC_CELL(V_BYTES, 9, t, traffic_get_bytes_in)
#define TRAFFIC_BYTES_OUT(t)                                                                       \
	.name = "bytes_out", .title = "BYTES OUT",                                                 \
	TRAFFIC_CELL(V_BYTES, 10, t, traffic_get_bytes_out)
#define TRAFFIC_BYTES(t)                                                                           \
	.name = "bytes", .title = "BYTES", TRAFFIC_CELL(V_BYTES, 6, t, traffic_get_bytes)
#define TRAFFIC_PACKETS_IN(t)                                                                      \
	.name = "packets_in", .title = "PKTS IN",                                                  \
	TRAFFIC_CELL(V_COUNT, 8, t, traffic_get_packets_in)
#define TRAFFIC_PACKETS_OUT(t)                                                                     \
	.name = "packets_out", .title = "PKTS OUT",                                                \
	TRAFFIC_CELL(V_COUNT, 9, t, traffic_get_packets_out)
#define TRAFFIC_PACKETS(t)                                                                         \
	.name = "packets", .title = "PACKETS", TRAFFIC_CELL(V_COUNT, 8, t, traffic_get_packets)
#define TRAFFIC_SHARE(t, least)                                                                    \
	.name = "share", .title = "SHARE", .type = V_SHARE, .min = least, .max = 16, .desc = true, \
	.share_bar = true, .traffic = &(t), .get_traffic = traffic_get_share

/* The rows of the rates over time. `ways`: ", both directions" or "". */
#define TRAFFIC_WINDOWS(t, ways)                                                                   \
	{ .name = "bps_10s",                                                                       \
		.title = "10S",                                                                    \
		.drop = DROP_DETAIL + 7,                                                           \
		.help = "Bits per second over the last 10 s" ways ".",                             \
		TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps_10s) },                            \
	    { .name = "bps_60s",                                                                   \
		    .title = "60S",                                                                \
		    .drop = DROP_DETAIL + 7,                                                       \
		    .help = "Bits per second over the last minute" ways ".",                       \
		    TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps_60s) },                        \
	{                                                                                          \
		.name = "bps_peak", .title = "PEAK", .drop = DROP_DETAIL + 7,                      \
		.help = "Highest rate in any interval" ways ".",                                   \
		TRAFFIC_CELL(V_BYTE_RATE, 6, t, traffic_get_bps_peak)                              \
	}

/* The counts of a row, in both directions. */
struct tally traffic_count(const struct row_traffic *t, const struct scope *s, const void *row);

/* bytes of scope_rate_tally() as a share of all traffic shown. */
struct value scope_share(const struct scope *s, uint64_t bytes);

/* sum / n, rounded; not known if n is 0. */
struct value value_mean(enum value_type type, uint64_t sum, uint64_t n);

/* A percentile of a server's answer times; not known if there are none. */
struct value value_wait(const struct wait_histogram *h, unsigned percent);

/* part / all as V_SHARE; not known if all is 0. */
struct value value_share(uint64_t part, uint64_t all);

/* A name of a host, with its origin; not known if it has no text. */
struct value value_name(struct host_name name);

/* The vendor of the network card of an address; not known without a list. */
struct value value_vendor(const struct scope *s, uint8_t kind, const struct addr *a);

/* A time in ns; 0 means not known. */
struct value value_time(uint64_t ns);

/* A packet's time in ns. 0 is a time too, unless all packets have it. */
struct value value_packet_time(const struct scope *s, uint64_t ns);

/* "PA": the letters of TCP flags (enum tcp_flag), in the order FSRPAUEC. */
void tcp_flags_text(struct buf *b, uint8_t flags);

/* The enum proto_space of a protocol's ports; SPACE_END if its ports have no names. */
uint8_t port_space(uint8_t kind, uint16_t proto);

/* Stores the low `bytes` bytes of n in k at `at`, big-endian.  Returns the next place. */
unsigned row_key_put(struct row_key *k, unsigned at, uint64_t n, unsigned bytes);

/* Puts an address. */
unsigned row_key_put_addr(struct row_key *k, unsigned at, const struct addr *a);

/* Where the key of a flow has the number of its protocol, two bytes. */
#define FLOW_KEY_PROTO 9

/* Makes the key of a host. */
void row_key_put_host(struct row_key *k, const struct host *h);

/* A fact about the place of an address; not known without a database. */
enum place_fact { PLACE_COUNTRY, PLACE_CITY, PLACE_ASN, PLACE_AS_NAME };

struct value value_place(
    const struct scope *s, enum place_fact fact, uint8_t kind, const struct addr *a);

/* The text of a column: the network that a host's address is of, see core/packet.h. */
void host_context_cell(struct buf *b, const struct scope *s, const void *row);

#endif
