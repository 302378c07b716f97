/*
 * The display filter: which rows of a view are shown.
 *
 *	expr    = and { "or" and }               "||" likewise
 *	and     = not { ["and"] not }            "&&" likewise
 *	not     = ("!" | "not") not | "(" expr ")" | term
 *	term    = subject op VALUE               op: = == != <> > >= < <= ~ =~ !~ eq ne gt ge lt le
 *is | subject ":" VALUE              contains matches like | subject ["not"] "in" "(" VALUE { ","
 *VALUE } ")"     or within braces | subject ["not"] "between" VALUE "and" VALUE | keyword VALUE
 *"host" NET, "dst port" N, "src net" NET, "proto" NAME ... | "tcp" | "udp" | "ip6" | "multicast"
 *... | NET | ADDRESS ":" PORT | PROTOCOL "/" PORT | WORD                           some text of the
 *row contains it, in any case subject = COLUMN | TITLE | keyword | a field of Wireshark
 *
 * A VALUE behind "and" or "or" without a subject has the latest one, as in "port 80 or 443". "src"
 * and "dst" are the initiator and the responder of a flow, the ends of a packet. "proto" is some
 * layer of the row. What looks like a condition but is none is an error, and not searched for.
 *
 * VALUE may be quoted, by " or '; within quotes nothing is special.  Numbers take k M G T (1000) or
 * Ki Mi Gi Ti (1024), shares a percent sign, spans a unit from ns us ms s m h d; a rate of bytes is
 * in bits a second, or with B/s in bytes; a blank may stand before a unit; a time is UTC as RFC
 *3339 writes it, or cut after its minute or its date. `~` is a regular expression (POSIX extended,
 *case ignored) over the cell as people see it. Addresses compare with networks, by = and != only.
 *A cell that is not known is not equal to, above or below anything.
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

/* The first view that text is valid for; NULL if there is none. */
const struct view *filter_find_view(const char *text);

/*
 * The offset where the last top-level term of text starts, without the word that joins it; 0 if it
 * is the only one.  *either: some of them are joined by "or".  Terms are those of the view; a text
 * that is not valid there is read as far as it can be without columns (v may be NULL), and counts
 * as one term if it has a syntax error.
 */
size_t filter_last_term_start(const struct view *v, const char *text, bool *either);

/* True if it matches all rows; NULL does. */
bool filter_matches_all(const struct filter *f);

bool filter_matches(const struct filter *f, const struct scope *s, const void *row);

/* The same for a row of v that is given as its cells. */
bool filter_matches_cells(const struct filter *f, const struct view *v, const struct value *cells);

/* The keywords of the language, for help and the man page; NULL at the end. */
extern const char *const filter_words[];

#endif
