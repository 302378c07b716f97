/*
 * The display filter: which rows of a view are shown.
 *
 *	expr  = and { "or" and }                 "||" likewise
 *	and   = not { ["and"] not }              "&&" likewise
 *	not   = ("!" | "not") not | "(" expr ")" | term
 *	term  = COLUMN op VALUE                  op: = == != > >= < <= ~
 *	      | "host" NET | "net" NET | "port" N | "proto" NAME
 *	      | "context" TEXT | "vlan" N | "vni" N | "gre_key" N | "teid" N | "label" N
 *	      | "session" N | "tcp" | "udp" | "icmp" | "arp" | "ip" | "ip6"
 *	      | WORD                             some text of the row contains it, in any case
 *
 * "proto" is some layer of the row, and may stand as a COLUMN too, for = != and ~.
 *
 * VALUE may be quoted, by " or '; within quotes nothing is special.  Numbers take k M G T (1000) or
 * Ki Mi Gi Ti (1024), shares a percent sign, spans a unit from ns us ms s m h d; a rate of bytes is
 * in bits a second; a time is UTC as RFC 3339 writes it, or cut after its minute or its date. `~`
 * is a regular expression (POSIX extended, case ignored) over the cell as people see it. Addresses
 * compare with networks, by = and != only.  A cell that is not known is not equal to, above or
 * below anything.
 */
#ifndef VIEW_FILTER_H
#define VIEW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "view/view.h"

struct filter;

#define FILTER_MAX 1024 /* bytes of text */

/*
 * Compiles text for v.  On an error returns NULL with one sentence in err and the offset in *at;
 * err may be NULL. An empty text gives a filter that matches all rows.
 */
struct filter *filter_new(const struct view *v, const char *text, struct buf *err, size_t *at);
void filter_del(struct filter *f);

/*
 * The offset where the last top-level term of text starts, without the word that joins it; 0 if it
 * is the only one.  *either: some of them are joined by "or".  Works for any view; a text with a
 * syntax error counts as one term.
 */
size_t filter_last_term_start(const char *text, bool *either);

/* True if it matches all rows; NULL does. */
bool filter_matches_all(const struct filter *f);

bool filter_matches(const struct filter *f, const struct scope *s, const void *row);

/* The same for a row of v that is given as its cells. */
bool filter_matches_cells(const struct filter *f, const struct view *v, const struct value *cells);

/* The keywords of the language, for help and the man page; NULL at the end. */
extern const char *const filter_words[];

#endif
