#include "config.h"

#include "core/host.h"

#include <assert.h>

#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "core/private.h"
#include "dissect/pkt.h"

#define IP_PROTO_ICMP      1
#define UNREACHABLE        3 /* RFC 792 */
#define UNREACHABLE6       1 /* RFC 4443 */
#define DNS_RCODE_NXDOMAIN 3 /* NXDOMAIN, RFC 1035, 4.1.1 */

static struct host *
host_touch_errors(struct ledger *l, struct flow *f, int end)
{
	struct host *h = flow_get_host(l, f, end);

	h->has_errors = true;
	return h;
}

/* The SYN of end 0 was answered, possibly by a refusal. */
static void
host_errors_note_answer(struct ledger *l, struct flow *f)
{
	struct host *client = host_touch_errors(l, f, 0), *server = host_touch_errors(l, f, 1);

	f->bits &= (uint16_t)~FLOW_UNANSWERED;
	if (client->errors.unanswered > 0)
		client->errors.unanswered--;
	if (server->errors.not_answering > 0)
		server->errors.not_answering--;
}

/* It counts for both ends: the client has the problem, the server may be its cause. */
static void
host_errors_note_failure(struct ledger *l, struct flow *f, bool refused)
{
	struct host *client = host_touch_errors(l, f, 0), *server = host_touch_errors(l, f, 1);

	server->errors.failing_port = f->key.b_port;
	client->errors.refused += refused;
	server->errors.refusing += refused;
	client->errors.unanswered += !refused;
	server->errors.not_answering += !refused;
}

/* True if a reset answers a SYN and nothing else came from that end.  A reset of an unexpected
 * SYN/ACK is not a refusal. */
static bool
host_errors_is_refusal(const struct flow *f, const struct pkt *p, int way)
{
	return way == 1 && (p->tcp_flags & TCP_RST) && (f->bits & FLOW_SYN_SEEN) &&
	    !(f->end[1].flags & TCP_SYN) && f->resets == 1;
}

void
host_errors_note_tcp(
    struct ledger *l, struct flow *f, const struct pkt *p, int way, unsigned events)
{
	struct host_errors *h;

	if ((f->bits & FLOW_UNANSWERED) && way == 1)
		host_errors_note_answer(l, f);
	if (events == 0)
		return;
	h = &host_touch_errors(l, f, way)->errors;
	h->retransmissions += (events & TCP_RETRANSMITTED) != 0;
	h->out_of_order += (events & TCP_OUT_OF_ORDER) != 0;
	h->duplicate_acks += (events & TCP_DUPLICATE_ACK) != 0;
	h->zero_windows += (events & TCP_ZERO_WINDOW) != 0;
	h->resets += (events & TCP_WAS_RESET) != 0;
	if ((events & TCP_RETRANSMITTED) && pkt_is_syn(p) && way == 0 &&
	    f->state == FLOW_SYN_SENT && !(f->bits & FLOW_UNANSWERED)) {
		f->bits |= FLOW_UNANSWERED;
		host_errors_note_failure(l, f, false);
	}
	if ((events & TCP_WAS_RESET) && host_errors_is_refusal(f, p, way))
		host_errors_note_failure(l, f, true);
}

void
host_errors_note_duplicate(struct ledger *l, struct flow *f, int way)
{
	assert(way == 0 || way == 1);
	host_touch_errors(l, f, way)->errors.duplicates++;
}

void
host_errors_note_icmp(struct ledger *l, struct flow *f, const struct pkt *p, int way)
{
	uint8_t wanted = p->proto == IP_PROTO_ICMP ? UNREACHABLE : UNREACHABLE6;

	assert(way == 0 || way == 1);
	if (p->icmp_type == wanted)
		host_touch_errors(l, f, !way)->errors.unreachable++;
}

void
host_errors_note_dns(struct ledger *l, struct flow *f, const struct pkt_meta *s, int way)
{
	struct host_errors *h = &host_touch_errors(l, f, !way)->errors;

	assert(way == 0 || way == 1);
	if (s->rcode == DNS_RCODE_NXDOMAIN)
		h->no_such_name++;
	else
		h->dns_failures++;
}

void
host_errors_note_risk(struct ledger *l, struct flow *f)
{
	for (int end = 0; end < 2; end++) {
		struct host_errors *h = &host_touch_errors(l, f, end)->errors;

		if (h->risks < UINT16_MAX)
			h->risks++;
	}
}
