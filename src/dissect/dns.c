/*
 * DNS (RFC 1035), mDNS (RFC 6762) and LLMNR (RFC 4795): the names of addresses.
 *
 *	id (2)  flags (2)  questions (2)  answers (2)  authorities (2)  additionals (2)
 *	question: name, type (2), class (2)
 *	record: name, type (2), class (2), time to live (4), length (2), data
 *
 * Addresses are stored under the name of the question, even if the answer has CNAMEs: it is the
 * name that was asked for.
 */
#include "config.h"

#include "dissect/classify.h"
#include "dissect/private.h"
#include "util/buf.h"
#include "util/text.h"

#define HEADER    12
#define QUESTION  4 /* type and class */
#define RECORD    10
#define WIRE_MAX  255            /* RFC 1035, 2.3.4 */
#define TEXT_MOST (WIRE_MAX - 2) /* without the first length and the root */

#define RESPONSE    0x8000
#define OPCODE      0x7800
#define RESERVED    0x0040
#define RCODE       0x000f
#define OPCODE_MOST 6

#define DNS_PORT      53
#define MDNS_PORT     5353
#define LLMNR_PORT    5355
#define COUNTRY       2 /* letters of a country's domain */
#define COUNTRY_LABEL 4 /* of one below it that is not registered, such as "co", with the dot */
#define SERVER_FAILED 2
#define NO_SUCH_NAME  3
#define REFUSED       5

#define TYPE_A          1
#define TYPE_AAAA       28
#define TYPE_MOST       258
#define CLASS_IN        1
#define CLASS_ANY       255
#define FLUSH           0x8000 /* mDNS uses the top bit of the class */
#define POINTER         0xc0
#define DNS_RECORDS_MAX 1000 /* of each section, in a plausible message */

/* Limits per message: labels and pointers of all names, pointers of one name, and records. */
#define DNS_STEPS_MAX        150
#define DNS_POINTERS_MAX     127
#define DNS_RECORDS_READ_MAX 40

struct dns_name {
	uint8_t b[TEXT_MOST];
	size_t n;
};

/* Skips a name: labels, then a zero or a pointer, which is not followed. */
static bool
dns_skip_name(struct cursor *c)
{
	for (size_t sum = 0; sum < WIRE_MAX;) {
		uint8_t length = cur_u8(c);

		if (c->overrun)
			return false;
		if (length == 0)
			return true;
		if (length >= POINTER) {
			cur_skip(c, 1);
			return !c->overrun;
		}
		if (length > 63)
			return false;
		cur_skip(c, length);
		sum += 1u + length;
	}
	return false;
}

static bool
dns_add_label(struct dns_name *name, struct cursor *c, uint8_t length)
{
	const uint8_t *label = cur_take(c, length);

	if (label == NULL || name->n + length + 1 > sizeof(name->b))
		return false;
	if (name->n > 0)
		name->b[name->n++] = '.';
	memcpy(name->b + name->n, label, length);
	name->n += length;
	return true;
}

/*
 * Reads the name at `at`, with dots between labels.  A pointer must lead to bytes before all those
 * read so far, so loops are impossible.  *steps is the remaining limit for all names of the
 * message.
 */
static bool
dns_read_name(
    const struct cursor *message, struct cursor at, unsigned *steps, struct dns_name *name)
{
	const uint8_t *before = at.p;
	unsigned jumps = 0;

	name->n = 0;
	for (; *steps > 0; --*steps) {
		uint8_t length = cur_u8(&at);
		size_t to;

		if (at.overrun)
			return false;
		if (length == 0)
			return name->n > 0;
		if (length < POINTER) {
			if (length > 63 || !dns_add_label(name, &at, length))
				return false;
			continue;
		}
		to = (size_t)(length & ~POINTER) << 8 | cur_u8(&at);
		if (at.overrun || to >= (size_t)(before - message->p) || ++jumps > DNS_POINTERS_MAX)
			return false;
		at.p = message->p + to;
		before = at.p;
	}
	return false;
}

static void
dns_add_addr(struct pkt_meta *s, uint16_t type, uint16_t length, const uint8_t *data)
{
	enum addr_kind kind = type == TYPE_A ? ADDR_IP4 : ADDR_IP6;

	if (length != (type == TYPE_A ? 4 : 16) || s->n_addrs == META_ADDRS_MAX)
		return;
	s->kind[s->n_addrs] = (uint8_t)kind;
	s->addr[s->n_addrs] = (struct addr){ .b = { 0 } };
	memcpy(s->addr[s->n_addrs].b, data, length);
	s->n_addrs++;
}

/* Without a question, as in mDNS, the owner of the first address record gives the name. */
static bool
dns_is_owner(const struct cursor *message, struct cursor at, unsigned *steps, struct dns_name *name)
{
	struct dns_name owner;

	if (!dns_read_name(message, at, steps, &owner))
		return false;
	if (name->n == 0)
		*name = owner;
	return owner.n == name->n && memcmp(owner.b, name->b, owner.n) == 0;
}

static void
dns_read_record(const struct cursor *message, struct cursor *at, unsigned *steps, bool asked,
    struct dns_name *name, struct pkt_meta *s)
{
	struct cursor owner = *at;
	const uint8_t *h, *data;
	uint16_t type;

	if (!dns_skip_name(at)) {
		at->overrun = true;
		return;
	}
	h = cur_take(at, RECORD);
	data = h != NULL ? cur_take(at, be16(h + 8)) : NULL;
	if (data == NULL)
		return;
	type = be16(h);
	if ((type != TYPE_A && type != TYPE_AAAA) || (be16(h + 2) & ~FLUSH) != CLASS_IN)
		return;
	if (asked || dns_is_owner(message, owner, steps, name))
		dns_add_addr(s, type, be16(h + 8), data);
}

static enum name_origin
dns_origin(const struct pkt *p)
{
	if (p->sport == MDNS_PORT || p->dport == MDNS_PORT)
		return NAME_MDNS;
	return p->sport == LLMNR_PORT || p->dport == LLMNR_PORT ? NAME_LLMNR : NAME_DNS;
}

/* Reads the addresses of the answers, or without a question, as in mDNS, of all records. */
static void
dns_read_answers(const struct cursor *message, struct pkt_meta *s)
{
	struct cursor at = *message;
	const uint8_t *h = cur_take(&at, HEADER);
	struct dns_name name = { .n = 0 };
	unsigned records, steps = DNS_STEPS_MAX;
	bool asked;

	if (h == NULL || (be16(h + 2) & (RESPONSE | OPCODE | RCODE)) != RESPONSE || be16(h + 4) > 1)
		return;
	asked = be16(h + 4) == 1;
	if (asked) {
		if (!dns_read_name(message, at, &steps, &name) || !dns_skip_name(&at))
			return;
		cur_skip(&at, QUESTION);
	}
	records = be16(h + 6) + (asked ? 0u : (unsigned)be16(h + 8) + be16(h + 10));
	if (records > DNS_RECORDS_READ_MAX)
		records = DNS_RECORDS_READ_MAX;
	for (s->n_addrs = 0; records > 0 && !at.overrun && s->n_addrs < META_ADDRS_MAX; records--)
		dns_read_record(message, &at, &steps, asked, &name, s);
	if (s->n_addrs > 0)
		pkt_meta_set_name(s, META_DNS_ANSWER, name.b, name.n);
}

/* Reads the error code of a response.  Only unicast DNS has one (RFC 6762, 18.11). */
static bool
dns_read_error(const struct cursor *message, const struct pkt *p, struct pkt_meta *s)
{
	struct cursor at = *message;
	const uint8_t *h = cur_take(&at, HEADER);
	unsigned flags = h != NULL ? be16(h + 2) : 0, rcode = flags & RCODE;

	if (p->sport != DNS_PORT || (flags & (RESPONSE | OPCODE)) != RESPONSE || be16(h + 4) != 1)
		return false;
	if (rcode != SERVER_FAILED && rcode != NO_SUCH_NAME && rcode != REFUSED)
		return false;
	pkt_meta_set_dns_error(s, (uint8_t)rcode);
	return true;
}

/* Where the registered domain begins: the last two labels, or three as in "example.co.uk". */
static size_t
dns_find_domain(const struct dns_name *name)
{
	size_t dot[3] = { 0, 0, 0 }; /* behind the last dots, the last one first */

	for (size_t i = 0; i < name->n; i++) {
		if (name->b[i] != '.')
			continue;
		dot[2] = dot[1];
		dot[1] = dot[0];
		dot[0] = i + 1;
	}
	if (name->n - dot[0] == COUNTRY && dot[0] > 0 && dot[0] - dot[1] <= COUNTRY_LABEL)
		return dot[2];
	return dot[1];
}

static uint32_t
dns_hash(const uint8_t *bytes, size_t n)
{
	uint32_t hash = 0x811c9dc5; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ bytes[i]) * 0x01000193;
	return hash;
}

/* Clients may ask with random capitals, to recognise answers (draft-vixie-dnsext-dns0x20). */
static void
dns_to_lower(struct dns_name *name)
{
	for (size_t i = 0; i < name->n; i++)
		if (name->b[i] >= 'A' && name->b[i] <= 'Z')
			name->b[i] |= 0x20;
}

/* Reads the name that the message is about. */
static void
dns_read_question(const struct cursor *message, struct pkt_meta *s)
{
	struct cursor at = *message;
	const uint8_t *h = cur_take(&at, HEADER);
	struct pkt_question *q = &s->question;
	unsigned steps = DNS_STEPS_MAX;
	struct dns_name name;
	struct buf b;

	if (h == NULL || (be16(h + 2) & OPCODE) != 0 || be16(h + 4) != 1 ||
	    !dns_read_name(message, at, &steps, &name))
		return;
	dns_to_lower(&name);
	pkt_meta_set_question(s);
	q->known = true;
	q->is_answer = (be16(h + 2) & RESPONSE) != 0;
	q->rcode = be16(h + 2) & RCODE;
	q->id = be16(h);
	q->type = dns_skip_name(&at) ? cur_be16(&at) : 0;
	q->below = (uint16_t)dns_find_domain(&name);
	q->hash = dns_hash(name.b, q->below);
	q->domain_hash = dns_hash(name.b + q->below, name.n - q->below);
	buf_init(&b, q->name, sizeof(q->name));
	text_clean(&b, name.b, q->below);
	q->domain_at = (uint16_t)b.len;
	text_clean(&b, name.b + q->below, name.n - q->below);
}

/* A question or its answer, strict enough for any port. */
enum classify_verdict
dns_is_certain(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_peek(c, HEADER);
	uint16_t flags, type, class;

	(void)at;
	if (h == NULL || be16(h + 8) > DNS_RECORDS_MAX || be16(h + 10) > DNS_RECORDS_MAX)
		return CLASSIFY_NO;
	flags = be16(h + 2);
	if (flags & (OPCODE | RESERVED) ||
	    (flags & RESPONSE ? be16(h + 6) > DNS_RECORDS_MAX : be16(h + 6) > 0 || flags & RCODE))
		return CLASSIFY_NO;
	cur_skip(c, HEADER);
	if (!dns_skip_name(c))
		return CLASSIFY_NO;
	type = cur_be16(c);
	class = cur_be16(c) & (uint16_t)~FLUSH;
	if (type == 0 || type > TYPE_MOST)
		return CLASSIFY_NO;
	return class == CLASS_IN || class == CLASS_ANY ? CLASSIFY_YES : CLASSIFY_NO;
}

/* Over TCP the length of a message comes first (RFC 1035, 4.2.2), or in a segment of its own. */
static void
dns_skip_length(struct cursor *message)
{
	struct cursor whole = *message;

	if (dns_is_certain(&whole, NULL) != CLASSIFY_YES)
		cur_skip(message, 2);
}

/* Names of mDNS and LLMNR are asked of everybody. */
static bool
dns_is_unicast(const struct pkt *p)
{
	return p->depth > 0 && p->stack[p->depth - 1] == PROTO_DNS;
}

struct next
dns_dissect(struct cursor *c, struct pkt *p)
{
	struct cursor message = *c;
	struct pkt_meta *s = pkt_get_meta(p);

	if (s == NULL)
		return NEXT_END;
	if (p->proto == IP_PROTO_TCP)
		dns_skip_length(&message);
	s->question.below = 0;
	s->origin = (uint8_t)dns_origin(p);
	s->question.known = false;
	if (dns_is_unicast(p))
		dns_read_question(&message, s);
	if (!dns_read_error(&message, p, s))
		dns_read_answers(&message, s);
	return NEXT_END;
}

/* True (or maybe) for a plausible message on a DNS port. */
static enum classify_verdict
dns_is_message(struct cursor *c)
{
	const uint8_t *h = cur_take(c, HEADER);

	if (h == NULL || (be16(h + 2) & OPCODE) >> 11 > OPCODE_MOST)
		return CLASSIFY_NO;
	for (unsigned i = 4; i < HEADER; i += 2)
		if (be16(h + i) > DNS_RECORDS_MAX)
			return CLASSIFY_NO;
	if (be16(h + 4) == 0)
		return be16(h + 6) > 0 ? CLASSIFY_YES : CLASSIFY_MAYBE;
	return dns_skip_name(c) ? CLASSIFY_YES : CLASSIFY_NO;
}

enum classify_verdict
dns_is_datagram(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return dns_is_message(c);
}

/* Only a message at the start of a segment is recognised. */
enum classify_verdict
dns_is_stream(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return cur_be16(c) >= HEADER ? dns_is_message(c) : CLASSIFY_NO;
}
