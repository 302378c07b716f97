/*
 * A row's packets as a capture filter in the language of pcap-filter(7), for tcpdump and for
 * recording them.
 */
#ifndef VIEW_BPF_H
#define VIEW_BPF_H

#include <stdbool.h>

#include "view/row_list.h"

struct buf;
struct ledger;

#define BPF_MAX 512 /* most bytes of an expression */

/*
 * Adds the expression that matches the packets of a row of v, "" for all packets.  l has the tags
 * that were seen, because pcap-filter(7) reads the bytes after a tag only if asked to.  False, with
 * one sentence in `why`, which may be NULL, if there is no such expression: applications, for
 * example, are unknown to the language.
 *
 * The expression matches exactly the packets that were counted for the row, else there is none; see
 * view/bpf_exact.h.  For a packet, it matches all packets between its ends and ports, both ways.
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
