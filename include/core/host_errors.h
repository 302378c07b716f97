/*
 * What fails, told to the hosts that it fails for.  Each is rare beside packets, so that its
 * host is looked up at once.
 */
#ifndef CORE_HOST_ERRORS_H
#define CORE_HOST_ERRORS_H

struct flow;
struct ledger;
struct pkt;
struct pkt_meta;

/*
 * What a TCP packet that goes that way, with those of enum tcp_event, says; also to be called for
 * each packet of a flow with FLOW_UNANSWERED.  A SYN that has to be sent again is unanswered until
 * an answer comes; a reset in its place is a refusal.
 */
void host_errors_note_tcp(
    struct ledger *l, struct flow *f, const struct pkt *p, int way, unsigned events);

/* A packet that was seen before. */
void host_errors_note_duplicate(struct ledger *l, struct flow *f, int way);

/* An ICMP message: what its receiver sent could not be delivered, if it says so. */
void host_errors_note_icmp(struct ledger *l, struct flow *f, const struct pkt *p, int way);

/* An answer of DNS that is none. */
void host_errors_note_dns(struct ledger *l, struct flow *f, const struct pkt_meta *s, int way);

#endif
