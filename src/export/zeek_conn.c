#include "config.h"

#include "export/flow_log.h"

#include <string.h>

#include "util/attr.h"

#define S UINT64_C(1000000000)

#define IP_PROTO_ICMP   1
#define IP_PROTO_TCP    6
#define IP_PROTO_UDP    17
#define IP_PROTO_ICMPV6 58

#define ATTEMPT   (5 * S) /* tcp_attempt_delay */
#define LINGER    (5 * S) /* tcp_close_delay */
#define QUIET_TCP (300 * S)
#define QUIET     (60 * S) /* udp_inactivity_timeout, icmp_inactivity_timeout */

#define FAR (INT32_C(1) << 20) /* a number further away needs confirmation */

/* Letters of the history: some only once per end, some again if the sequence number differs. */
enum letter { AT_SYN, AT_FIN, AT_RST, LETTER_DATA, LETTER_ACK, LETTER_MANY, LETTER_ODD };

static bool
zeek_conn_is_tcp(const struct zeek_conn *c)
{
	return c->proto == IP_PROTO_TCP;
}

/* True if flags and ports show that the responder sent p. */
static bool
zeek_conn_is_from_responder(const struct pkt *p, uint8_t proto)
{
	bool syn = (p->tcp_flags & TCP_SYN) != 0;

	if (proto != IP_PROTO_TCP && proto != IP_PROTO_UDP)
		return false;
	if (proto == IP_PROTO_TCP && syn && !(p->tcp_flags & TCP_ACK))
		return false;
	/* A group address is never a client. */
	if (!port_is_of_server(p->sport, proto) || addr_is_group(p->kind, &p->dst))
		return false;
	if (!port_is_of_server(p->dport, proto))
		return true;
	return proto == IP_PROTO_TCP && !syn && p->sport < p->dport;
}

static void
zeek_conn_add_history(struct zeek_conn *c, const struct zeek_conn_end *e, char letter)
{
	bool resp = e != &c->end[c->orig];

	if (c->n_history + 1u < sizeof(c->history))
		c->history[c->n_history++] = (char)(resp ? letter + ('a' - 'A') : letter);
}

void
zeek_conn_init(struct zeek_conn *c, const struct pkt *p, int way)
{
	bool ip = p->kind == ADDR_IP4 || p->kind == ADDR_IP6;

	memset(c, 0, sizeof(*c));
	c->proto = ip ? (uint8_t)p->proto : 0;
	c->swapped = zeek_conn_is_from_responder(p, c->proto);
	c->orig = (uint8_t)(c->swapped ? !way : way);
	if (c->swapped)
		c->history[c->n_history++] = '^';
}

void
zeek_conn_swap_ends(struct zeek_conn *c)
{
	struct zeek_conn_end end = c->end[0];

	c->end[0] = c->end[1];
	c->end[1] = end;
	c->orig = !c->orig;
}

bool
zeek_conn_is_closed(const struct zeek_conn *c)
{
	return zeek_conn_is_tcp(c) && c->end[0].state == CONN_CLOSED &&
	    c->end[1].state == CONN_CLOSED;
}

bool
zeek_conn_is_reset(const struct zeek_conn *c)
{
	return zeek_conn_is_tcp(c) &&
	    (c->end[0].state == CONN_RESET || c->end[1].state == CONN_RESET);
}

static bool
zeek_conn_is_attempt(const struct zeek_conn *c)
{
	uint8_t orig = c->end[c->orig].state;

	return (orig == CONN_SYN_SENT || orig == CONN_SYN_ACK_SENT) &&
	    c->end[!c->orig].state == CONN_INACTIVE;
}

uint64_t
zeek_conn_deadline(const struct zeek_conn *c)
{
	uint64_t until = c->last + (zeek_conn_is_tcp(c) ? QUIET_TCP : QUIET);

	if (c->attempt_until != 0 && zeek_conn_is_attempt(c) && c->attempt_until < until)
		until = c->attempt_until;
	if (c->linger_until != 0 && c->linger_until < until)
		until = c->linger_until;
	return until;
}

/*
 * A SYN starts another connection unless it is a retransmission. If the originator was not seen
 * yet, a SYN/ACK does, too.
 */
bool
zeek_conn_is_reused(const struct zeek_conn *c, const struct pkt *p)
{
	const struct zeek_conn_end *orig = &c->end[c->orig], *resp = &c->end[!c->orig], *e = orig;
	bool ack = (p->tcp_flags & TCP_ACK) != 0;

	if (!zeek_conn_is_tcp(c) || !(p->tcp_flags & TCP_SYN))
		return false;
	if (ack && orig->state != CONN_INACTIVE)
		return false;
	if (ack)
		e = resp;
	if (orig->closed && resp->closed)
		return true;
	/* A SYN that arrived after its answer. */
	if (!ack && orig->state == CONN_SYN_ACK_SENT && resp->state == CONN_INACTIVE &&
	    p->seq == resp->start)
		return false;
	return p->seq != e->start;
}

static bool
zeek_conn_is_far(int32_t distance)
{
	return distance > FAR || distance < -FAR;
}

/* One past the highest byte that was seen or acknowledged. */
static int64_t
zeek_conn_end_reached(const struct zeek_conn_end *e)
{
	return e->last > e->ack ? e->last : e->ack;
}

static int32_t
zeek_conn_seq_distance(uint32_t seq, const struct zeek_conn_end *e, int64_t from)
{
	return (int32_t)(seq - (e->start + (uint32_t)from));
}

static void
zeek_conn_start_seq_at(struct zeek_conn_end *e, uint32_t seq, int64_t last)
{
	e->start = seq;
	e->ack = 0;
	e->last = last;
}

/* Without a SYN, numbers are counted as if there had been one. */
static void
zeek_conn_init_end(struct zeek_conn_end *e, const struct pkt *p, uint32_t length)
{
	bool syn = (p->tcp_flags & TCP_SYN) != 0;

	switch (e->state) {
	case CONN_INACTIVE:
		zeek_conn_start_seq_at(e, syn ? p->seq : p->seq - 1, syn ? length : 1);
		break;
	case CONN_SYN_SENT:
	case CONN_SYN_ACK_SENT:
		if (syn && p->seq != e->start)
			zeek_conn_start_seq_at(e, p->seq, length);
		break;
	case CONN_ESTABLISHED:
	case CONN_PARTIAL:
		/* A number that the other end has acknowledged stays. */
		if (syn && e->ack == 0)
			zeek_conn_start_seq_at(e, p->seq, length);
		break;
	case CONN_RESET:
		if (syn && e->before == CONN_INACTIVE)
			zeek_conn_start_seq_at(e, p->seq, length);
		break;
	default:
		break;
	}
}

/* True if the letter is already in the end's history. */
static bool
zeek_conn_first_of(struct zeek_conn *c, struct zeek_conn_end *e, enum letter l, char letter)
{
	bool had = (e->seen & 1u << l) != 0;

	e->seen |= (uint8_t)(1u << l);
	if (!had)
		zeek_conn_add_history(c, e, letter);
	return had;
}

static void
zeek_conn_first_at(
    struct zeek_conn *c, struct zeek_conn_end *e, enum letter l, char letter, int64_t at)
{
	if (zeek_conn_first_of(c, e, l, letter) && e->at[l] != at)
		zeek_conn_add_history(c, e, letter);
	e->at[l] = at;
}

/* Adds a letter for the first one, the tenth, the hundredth ... */
static void
zeek_conn_note_power(struct zeek_conn *c, struct zeek_conn_end *e, uint32_t *count, char letter)
{
	uint32_t power = 1;

	++*count;
	while (power < *count && power <= UINT32_MAX / 10)
		power *= 10;
	if (power == *count)
		zeek_conn_add_history(c, e, letter);
}

static void
zeek_conn_note_history(struct zeek_conn *c, struct zeek_conn_end *e, const struct pkt *p)
{
	int64_t at = e->last + zeek_conn_seq_distance(p->seq, e, e->last);
	uint8_t f = p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST);

	switch (f) {
	case 0:
		if (p->payload > 0)
			zeek_conn_first_of(c, e, LETTER_DATA, 'D');
		else if (p->tcp_flags & TCP_ACK)
			zeek_conn_first_of(c, e, LETTER_ACK, 'A');
		break;
	case TCP_SYN:
		zeek_conn_first_at(c, e, AT_SYN, p->tcp_flags & TCP_ACK ? 'H' : 'S', at);
		break;
	case TCP_FIN:
		zeek_conn_first_at(c, e, AT_FIN, 'F', at + p->payload);
		break;
	case TCP_RST:
		zeek_conn_first_at(c, e, AT_RST, 'R', at);
		break;
	default:
		if ((f & TCP_FIN) && (f & TCP_RST))
			zeek_conn_first_of(c, e, LETTER_ODD, 'I');
		else
			zeek_conn_first_of(c, e, LETTER_MANY, 'Q');
	}
}

/* An ACK far beyond the data seen is accepted if a second one confirms it. */
static bool
zeek_conn_ack_is_doubtful(struct zeek_conn_end *peer, const struct pkt *p)
{
	bool repeated = p->ack - peer->doubted <= FAR;

	if (peer->packets == 0 ||
	    zeek_conn_seq_distance(p->ack, peer, zeek_conn_end_reached(peer)) <= FAR)
		return false;
	peer->doubted = p->ack;
	return !repeated || p->ack == 0;
}

/* If there are two SYN/ACKs with different numbers, the first ACK decides which one is valid. */
static bool
zeek_conn_ack_is_of_other_syn(const struct zeek_conn_end *peer, const struct pkt *p)
{
	return (peer->seen & 1u << AT_SYN) && peer->last == 1 && peer->ack == 0 && p->ack != 0 &&
	    zeek_conn_is_far(zeek_conn_seq_distance(p->ack, peer, 1));
}

/* Uses the ACK for the number of bytes that the other end has sent. */
static void
zeek_conn_note_ack(struct zeek_conn_end *peer, const struct pkt *p)
{
	int32_t more;

	if (peer->state == CONN_INACTIVE) {
		zeek_conn_start_seq_at(peer, p->ack - 1, 0);
		return;
	}
	if (!(p->tcp_flags & TCP_RST) && zeek_conn_ack_is_of_other_syn(peer, p))
		zeek_conn_start_seq_at(peer, p->ack - 1, 1);
	if ((p->tcp_flags & TCP_RST) || zeek_conn_ack_is_doubtful(peer, p))
		return;
	more = zeek_conn_seq_distance(p->ack, peer, peer->ack);
	/* Everything is acknowledged, however much it was. */
	if (p->ack == peer->start + (uint32_t)peer->last)
		peer->ack = zeek_conn_end_reached(peer);
	else if (more > 0)
		peer->ack += more;
}

/* Sequence numbers jump over packets that were not captured, but a jump counts only after the
 * other end has acknowledged data beyond it. */
static void
zeek_conn_advance_end(struct zeek_conn_end *e, int64_t more, uint32_t length)
{
	int64_t leap = e->last + more - length - zeek_conn_end_reached(e);

	if (leap > FAR) {
		e->leaps += leap;
		e->landed = e->last + more - length;
	}
	e->last += more;
}

/* True if only SYN and FIN of an end were captured: their numbers give the bytes in between. */
static bool
zeek_conn_has_only_flags(const struct zeek_conn_end *e)
{
	return e->last == 1 && (e->seen & (1u << LETTER_DATA | 1u << LETTER_ACK)) == 0;
}

static void
zeek_conn_note_seq(
    struct zeek_conn *c, struct zeek_conn_end *e, const struct pkt *p, uint32_t length)
{
	uint32_t behind = p->seq + length;
	int32_t more = zeek_conn_seq_distance(behind, e, e->last);

	if ((p->tcp_flags & TCP_RST) || ((p->tcp_flags & TCP_SYN) && p->seq != e->start))
		return;
	/* It may have been more than 2 GiB. */
	if ((p->tcp_flags & TCP_FIN) && zeek_conn_has_only_flags(e))
		e->last += (uint32_t)more;
	else if (e->state == CONN_RESET)
		return;
	else if (more > 0)
		zeek_conn_advance_end(e, more, length);
	else if (p->payload > 0)
		zeek_conn_note_power(c, e, &e->again, 'T');
}

static void
zeek_conn_set_state(struct zeek_conn_end *e, enum conn_end_state s)
{
	if (e->state == s)
		return;
	e->before = e->state;
	e->state = (uint8_t)s;
}

/* Marks e as closed; if the other end is too, the connection lingers. */
static void
zeek_conn_close_end(struct zeek_conn *c, struct zeek_conn_end *e, const struct zeek_conn_end *peer)
{
	if (e->closed)
		return;
	e->closed = true;
	if (e->state == CONN_RESET || peer->closed || peer->state == CONN_INACTIVE) {
		c->linger_until = c->last + LINGER;
		c->attempt_until = 0;
	}
}

static void
zeek_conn_orig_syn(struct zeek_conn *c, struct zeek_conn_end *e, const struct pkt *p)
{
	zeek_conn_set_state(e, p->tcp_flags & TCP_ACK ? CONN_SYN_ACK_SENT : CONN_SYN_SENT);
	c->attempt_until = p->ts + ATTEMPT;
}

static void
zeek_conn_resp_syn(
    struct zeek_conn *c, struct zeek_conn_end *e, struct zeek_conn_end *peer, const struct pkt *p)
{
	if (!(p->tcp_flags & TCP_ACK) && peer->state == CONN_SYN_ACK_SENT && p->seq == e->start) {
		/* SYN and answer are in the wrong order. */
		c->orig = !c->orig;
		if (c->n_history + 1u < sizeof(c->history))
			c->history[c->n_history++] = '^';
		zeek_conn_set_state(peer, CONN_ESTABLISHED);
	}
	if (peer->state == CONN_SYN_SENT)
		zeek_conn_set_state(peer, CONN_ESTABLISHED);
	zeek_conn_set_state(e, CONN_ESTABLISHED);
}

/* A segment without SYN, FIN and RST, from an end that was silent until now. */
static void
zeek_conn_midstream(struct zeek_conn *c, struct zeek_conn_end *e, const struct zeek_conn_end *peer,
    const struct pkt *p)
{
	bool orig = e == &c->end[c->orig];

	if (!orig && p->payload == 0 && peer->state == CONN_SYN_SENT)
		return;
	if ((p->tcp_flags & TCP_ACK) && peer->state == CONN_ESTABLISHED)
		zeek_conn_set_state(e, CONN_ESTABLISHED);
	else
		zeek_conn_set_state(e, CONN_PARTIAL);
}

static bool
zeek_conn_step_inactive(
    struct zeek_conn *c, struct zeek_conn_end *e, struct zeek_conn_end *peer, const struct pkt *p)
{
	bool orig = e == &c->end[c->orig];

	if ((p->tcp_flags & TCP_SYN) && orig)
		zeek_conn_orig_syn(c, e, p);
	else if (p->tcp_flags & TCP_SYN)
		zeek_conn_resp_syn(c, e, peer, p);
	if (p->tcp_flags & TCP_FIN)
		zeek_conn_set_state(e, CONN_CLOSED);
	if (p->tcp_flags & TCP_RST)
		zeek_conn_set_state(e, CONN_RESET);
	if (e->state == CONN_INACTIVE)
		zeek_conn_midstream(c, e, peer, p);
	return (p->tcp_flags & (TCP_FIN | TCP_RST)) != 0;
}

static bool
zeek_conn_step_open(struct zeek_conn_end *e, struct zeek_conn_end *peer, const struct pkt *p)
{
	uint8_t f = p->tcp_flags;

	if ((f & TCP_SYN) && !(f & TCP_ACK) && e->state == CONN_PARTIAL &&
	    peer->state == CONN_INACTIVE)
		zeek_conn_set_state(e, CONN_SYN_SENT);
	if ((f & TCP_FIN) && !(f & TCP_RST)) {
		zeek_conn_set_state(e, CONN_CLOSED);
		/* A FIN followed by a RST is a normal close. */
		if (peer->state == CONN_RESET && peer->before == CONN_CLOSED)
			zeek_conn_set_state(peer, CONN_CLOSED);
	}
	if (f & TCP_RST)
		zeek_conn_set_state(e, CONN_RESET);
	return (f & (TCP_FIN | TCP_RST)) != 0;
}

/* Closes e. True if it was open. */
static bool
zeek_conn_step(
    struct zeek_conn *c, struct zeek_conn_end *e, struct zeek_conn_end *peer, const struct pkt *p)
{
	uint8_t f = p->tcp_flags;

	switch (e->state) {
	case CONN_INACTIVE:
		return zeek_conn_step_inactive(c, e, peer, p);
	case CONN_SYN_SENT:
	case CONN_SYN_ACK_SENT:
		if (f & TCP_FIN)
			zeek_conn_set_state(e, CONN_CLOSED);
		if (f & TCP_RST)
			zeek_conn_set_state(e, CONN_RESET);
		return (f & (TCP_FIN | TCP_RST)) != 0;
	case CONN_ESTABLISHED:
	case CONN_PARTIAL:
		return zeek_conn_step_open(e, peer, p);
	case CONN_CLOSED:
		if (!(f & TCP_RST) || peer->state == CONN_CLOSED)
			return false;
		zeek_conn_set_state(e, CONN_RESET);
		return true;
	default:
		return false;
	}
}

static void
zeek_conn_add_segment(struct zeek_conn *c, const struct pkt *p, int way)
{
	struct zeek_conn_end *e = &c->end[way], *peer = &c->end[!way];
	uint8_t f = p->tcp_flags;
	uint32_t length = f & TCP_RST ? 0 : p->payload;

	length += (f & TCP_SYN ? 1U : 0U) + (f & TCP_FIN ? 1U : 0U);
	zeek_conn_init_end(e, p, length);
	zeek_conn_note_history(c, e, p);
	if (p->window == 0 && !(f & TCP_RST) && peer->state != CONN_CLOSED &&
	    e->state != CONN_RESET)
		zeek_conn_note_power(c, e, &e->zero_windows, 'W');
	if (!(e->closed && peer->closed))
		c->last = p->ts;
	e->fin |= (f & TCP_FIN) != 0;
	if (f & TCP_ACK)
		zeek_conn_note_ack(peer, p);
	zeek_conn_note_seq(c, e, p, length);
	if (zeek_conn_step(c, e, peer, p))
		zeek_conn_close_end(c, e, peer);
}

void
zeek_conn_add(struct zeek_conn *c, const struct pkt *p, int way)
{
	struct zeek_conn_end *e = &c->end[way];

	e->packets++;
	e->ip_bytes += p->net_len;
	if (zeek_conn_is_tcp(c) && !(p->flags & PKT_LATER_FRAGMENT)) {
		zeek_conn_add_segment(c, p, way);
		return;
	}
	e->payload += p->payload;
	c->last = p->ts;
	if (c->proto == IP_PROTO_UDP)
		zeek_conn_first_of(c, e, LETTER_DATA, 'D');
}

uint64_t
zeek_conn_bytes(const struct zeek_conn *c, int end)
{
	const struct zeek_conn_end *e = &c->end[end];
	int64_t size = zeek_conn_end_reached(e);

	if (!zeek_conn_is_tcp(c))
		return e->payload;
	if (e->ack < e->landed)
		size -= e->leaps;
	/* A half-open end that gave up had no chance to send. */
	if (e->before == CONN_SYN_SENT && e->state == CONN_RESET &&
	    c->end[!end].state == CONN_INACTIVE && e->ack > 1)
		return 0;
	/* SYN and FIN take a number each. */
	size -= size > 0;
	size -= e->fin && size > 0;
	return size > 0 ? (uint64_t)size : 0;
}

/* True if the originator sent SYN and RST, but nothing between them as a real connection would. */
static bool
zeek_conn_originator_gave_up(const char *history)
{
	history += *history == '^';
	if (*history++ != 'S')
		return false;
	history += strcspn(history, "HAFGIQR");
	return *history == 'R';
}

static const char *
zeek_conn_tcp_state(const struct zeek_conn *c)
{
	const struct zeek_conn_end *orig = &c->end[c->orig], *resp = &c->end[!c->orig];
	bool o_idle = orig->state == CONN_INACTIVE || orig->state == CONN_PARTIAL;
	bool r_idle = resp->state == CONN_INACTIVE || resp->state == CONN_PARTIAL;

	if (resp->state == CONN_RESET) {
		if (orig->state == CONN_SYN_SENT || orig->state == CONN_SYN_ACK_SENT ||
		    (orig->state == CONN_RESET &&
			zeek_conn_bytes(c, 0) + zeek_conn_bytes(c, 1) == 0))
			return "REJ";
		return o_idle ? "RSTRH" : "RSTR";
	}
	if (orig->state == CONN_RESET) {
		if (r_idle)
			return zeek_conn_originator_gave_up(c->history) ? "RSTOS0" : "OTH";
		return "RSTO";
	}
	if (resp->state == CONN_CLOSED && orig->state == CONN_CLOSED)
		return "SF";
	if (orig->state == CONN_CLOSED)
		return r_idle ? "SH" : "S2";
	if (resp->state == CONN_CLOSED)
		return o_idle ? "SHR" : "S3";
	if (orig->state == CONN_SYN_SENT && resp->state == CONN_INACTIVE)
		return "S0";
	if (orig->state == CONN_ESTABLISHED && resp->state == CONN_ESTABLISHED)
		return "S1";
	return "OTH";
}

const char *
zeek_conn_state(const struct zeek_conn *c)
{
	bool orig = c->end[c->orig].packets > 0, resp = c->end[!c->orig].packets > 0;

	if (zeek_conn_is_tcp(c))
		return zeek_conn_tcp_state(c);
	if (c->proto != IP_PROTO_UDP)
		return "OTH";
	if (!orig)
		return "SHR";
	return resp ? "SF" : "S0";
}
