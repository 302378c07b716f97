/*
 * Filters made from a row: for the display, and for packets.
 */
#ifndef VIEW_ROW_FILTER_H
#define VIEW_ROW_FILTER_H

#include <stdbool.h>

#include "view/row_list.h"

struct buf;

/*
 * A row, or a cell of it, as a term of the display filter: for keys that filter by what is under
 * the cursor.
 */

/* The cell of a row in the column of that name; NULL if the view has none. */
const struct value *row_find_cell(
    const struct view *v, const struct table_row *row, const char *name);

/*
 * Adds the term that matches the rows of v with the same cell in that column, as "host 192.0.2.1",
 * "port 443" or "state = closed".  For measurements and empty cells, adds the term of
 * row_filter_row(). False, and nothing added, if a row has no such term.
 */
bool row_filter_cell(
    struct buf *b, const struct view *v, const struct table_row *row, unsigned column);

/* Adds the term that identifies a row of v: "tcp port 443", "net 192.0.2.0/24", "proto dns". */
bool row_filter_row(struct buf *b, const struct view *v, const struct table_row *row);

/* Adds the filter for a row's flows in the view of flows. */
bool row_filter_flows(struct buf *b, const struct view *v, const struct table_row *row);

/* Adds the filter for a row's packets in the view of packets. */
bool row_filter_packets(struct buf *b, const struct view *v, const struct table_row *row);

/*
 * A row's packets as a capture filter in the language of pcap-filter(7), for tcpdump and for
 * recording them.
 */

#define BPF_MAX 512 /* most bytes of an expression */

/*
 * Adds the expression that matches the packets of a row of v, "" for all packets.  l has the tags
 * that were seen, because pcap-filter(7) reads the bytes after a tag only if asked to.  False, with
 * one sentence in `why`, which may be NULL, if there is no such expression: applications, for
 * example, are unknown to the language.
 *
 * The expression matches exactly the packets that were counted for the row, else there is none; see
 * view/private.h.  For a packet, it matches all packets between its ends and ports, both ways.
 */
bool bpf_text(struct buf *b, const struct ledger *l, const struct view *v,
    const struct table_row *row, struct buf *why);

/*
 * Adds the command that shows those packets: tcpdump -ni eth0 'host 192.0.2.1', or tcpdump -nr if
 * file is not NULL. False as above.
 */
bool tcpdump_command(struct buf *b, const struct ledger *l, const struct view *v,
    const struct table_row *row, const char *file, struct buf *why);

/* Adds s quoted for a shell. */
void shell_quote_word(struct buf *b, const char *s);

#endif
