/*
 * A row's packets as a capture filter in the language of pcap-filter(7), for tcpdump and for
 * recording them.
 */
#ifndef VIEW_BPF_H
#define VIEW_BPF_H

#include <stdbool.h>

#include "view/list.h"

struct buf;
struct ledger;

#define BPF_MAX 512 /* most bytes of an expression */

/*
 * Adds the expression that takes the packets of a row of v, "" for all there are.  l tells which
 * tags frames were met with: pcap-filter(7) looks behind a tag only where it is told to.  False
 * with one sentence in `why`, which may be NULL, where the language cannot say it: what an
 * application is, it does not know.
 *
 * How exact: it takes just the packets that were counted for the row, or there is none; see
 * view/bpf_exact.h.  Of a packet, it takes all those between its ends and ports, the way that it
 * went or back.
 */
bool bpf_text(struct buf *b, const struct ledger *l, const struct view *v,
    const struct list_row *row, struct buf *why);

/*
 * Adds the command that shows those packets: tcpdump -ni eth0 'host 192.0.2.1', or tcpdump -nr if
 * file is not NULL. False as above.
 */
bool bpf_command(struct buf *b, const struct ledger *l, const struct view *v,
    const struct list_row *row, const char *file, struct buf *why);

/* Adds s quoted for a shell. */
void bpf_shell_word(struct buf *b, const char *s);

#endif
