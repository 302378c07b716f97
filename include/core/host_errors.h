/*
 * Per-host error counters (retransmissions, refusals, DNS failures).  Errors are rare, so the host
 * is looked up for each of them.
 */
#ifndef CORE_HOST_ERRORS_H
#define CORE_HOST_ERRORS_H

struct flow;
struct ledger;
struct pkt;
struct pkt_meta;

/*
 * Counts the TCP events (enum tcp_event) of a packet; `way` is its direction.  Must also be called
 * for each packet of a flow with FLOW_UNANSWERED.  A retransmitted SYN counts as unanswered until
 * an answer comes; a reset instead of the answer is a refusal.
 */
void host_errors_note_tcp(
    struct ledger *l, struct flow *f, const struct pkt *p, int way, unsigned events);

/* Counts a duplicate packet. */
void host_errors_note_duplicate(struct ledger *l, struct flow *f, int way);

/* Counts an ICMP "destination unreachable" for its receiver. */
void host_errors_note_icmp(struct ledger *l, struct flow *f, const struct pkt *p, int way);

/* Counts a DNS response with an error code. */
void host_errors_note_dns(struct ledger *l, struct flow *f, const struct pkt_meta *s, int way);

#endif
