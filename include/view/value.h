/*
 * A typed value of a cell: it can be compared, and printed for people and for machines.
 */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/attr.h"
#include "util/text.h"

struct buf;

enum value_type {
	V_NONE, /* not known: an empty cell, an absent key */
	V_TEXT, /* clean UTF-8 */
	V_ADDR,
	V_PORT,        /* n, shown as its service where names are on */
	V_COUNT,       /* n things */
	V_BYTES,       /* n bytes */
	V_BYTE_RATE,   /* x bytes a second; for people bits or bytes, for machines bits */
	V_PACKET_RATE, /* x packets a second */
	V_SHARE,       /* x of 1 */
	V_TIME,        /* n ns since the epoch */
	V_DURATION,    /* n ns; for machines seconds */
	V_ID,          /* n, an identifier: never scaled */
};

/* How people see a time: in seconds, or with microseconds. */
enum value_time_form { VALUE_WHOLE_TIME, VALUE_TIME_OF_DAY, VALUE_DAY_TIME };

/* An approximate rate is shown with "~"; one that this machine receives or sends with an arrow in
 * tables. */
enum value_rate_mark { VALUE_EXACT, VALUE_APPROXIMATE, VALUE_RECEIVED, VALUE_SENT };

#define VALUE_TEXT 80

struct value {
	uint8_t type; /* enum value_type */
	uint8_t kind; /* of V_ADDR: enum addr_kind; of V_PORT: enum proto_space of its service; of
			 V_TIME: enum value_time_form; of V_BYTE_RATE: enum value_rate_mark; of
			 V_TEXT: of a host's name, enum name_origin */
	uint8_t bits; /* of V_ADDR: not 0 for a network, the length of its prefix; of a host's
			 name: how many others it has */
	union {
		uint64_t n;
		double x;
		struct addr addr;
		char text[VALUE_TEXT];
	};
};

/* How values are shown to people. */
struct units {
	bool bytes_per_second; /* V_BYTE_RATE in bytes a second instead of bits */
	enum fmt_units scale;
	bool numeric; /* ports as numbers */
};

struct value value_none(void);
/* A longer text is cut between characters. */
struct value value_textf(const char *fmt, ...) ATTR_PRINTF(1, 2);
struct value value_n(enum value_type type, uint64_t n);
struct value value_x(enum value_type type, double x);
struct value value_addr(uint8_t kind, const struct addr *a);
struct value value_net(uint8_t kind, const struct addr *a, uint8_t bits);

/* <0, 0, >0.  V_NONE is less than all; values of two types compare by type. */
int value_compare(const struct value *x, const struct value *y);

/* Adds v to a sum: numbers of things are added, other values that differ are not known any more. */
void value_add(struct value *sum, const struct value *v);

/* For people, unpadded: "12.3M", "192.0.2.1", "443" or "https"; the name of a host with its
 * mark, "www.example.com+2~d". */
void value_text(struct buf *b, const struct value *v, const struct units *u);

/* For machines: a JSON value ("null" for V_NONE), a CSV cell (RFC 4180, raw numbers, RFC 3339
 * times, "" for V_NONE).  Counts are exact; rates have at most 3 decimals, shares 6. */
void value_json(struct buf *b, const struct value *v);
void value_csv(struct buf *b, const struct value *v);

/* Adds s as a JSON string (RFC 8259); as a CSV cell, quoted if needed.  A CSV cell that a
 * spreadsheet could take for a formula gets an apostrophe: those that begin with =, +, -, @, TAB
 * or CR, also after blanks. */
void value_quote_json(struct buf *b, const char *s);
void value_quote_csv(struct buf *b, const char *s);

#endif
