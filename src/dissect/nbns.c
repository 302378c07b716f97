/*
 * NetBIOS names (RFC 1002, 4.2): the names that hosts register, and those in answers.
 *
 *	id (2)  flags (2)  questions (2)  answers (2)  authorities (2)  additionals (2)
 *	name: length 32 (1), 16 characters in two letters each, 0; or a pointer (2)
 *	question: name, type (2), class (2)
 *	record: name, type (2), class (2), time to live (4), length (2), then for each address:
 *	flags (2), IPv4 address (4)
 */
#include "config.h"

#include "dissect/private.h"

#define NBNS_RESPONSE 0x8000
#define NBNS_RCODE    0x000f
#define NBNS_OPCODE   0x7800
#define NBNS_QUERY    0
#define NBNS_REGISTER 0x2800
#define NBNS_REFRESH  0x4000

#define NBNS_TYPE_NB 0x0020
#define NBNS_GROUP   0x8000
#define NBNS_POINTER 0xc0
#define NBNS_HEADER  12
#define NBNS_LETTERS 32
#define NBNS_CHARS   15 /* the last of 16 is the kind of service */
#define NBNS_SERVER  0x20

struct nbns_name {
	uint8_t b[NBNS_CHARS];
	size_t n; /* 0: not the name of a host */
};

/* "CACA...": two letters from A to P are the halves of a character.  The names of workstations and
 * of file servers are those of hosts. */
static void
nbns_decode(const uint8_t *letters, struct nbns_name *name)
{
	uint8_t b[NBNS_CHARS + 1];

	name->n = 0;
	for (unsigned i = 0; i < sizeof(b); i++) {
		uint8_t high = (uint8_t)(letters[2 * i] - 'A'),
			low = (uint8_t)(letters[2 * i + 1] - 'A');

		if (high > 15 || low > 15)
			return;
		b[i] = (uint8_t)(high << 4 | low);
	}
	if (b[NBNS_CHARS] != 0 && b[NBNS_CHARS] != NBNS_SERVER)
		return;
	memcpy(name->b, b, NBNS_CHARS);
	name->n = NBNS_CHARS;
	while (name->n > 0 && (name->b[name->n - 1] == ' ' || name->b[name->n - 1] == '\0'))
		name->n--;
}

/* Reads a name; a pointer leads to that of the question, which is kept.  Scopes are not read. */
static bool
nbns_read_name(struct cursor *c, struct nbns_name *name)
{
	uint8_t length = cur_u8(c);
	const uint8_t *letters;

	if (length >= NBNS_POINTER)
		return cur_take(c, 1) != NULL;
	letters = length == NBNS_LETTERS ? cur_take(c, NBNS_LETTERS) : NULL;
	if (letters == NULL || cur_u8(c) != 0 || c->overrun)
		return false;
	nbns_decode(letters, name);
	return true;
}

/* The addresses of a record, unless its name is that of a group. */
static void
nbns_read_record(struct cursor *c, struct nbns_name *name, struct pkt_meta *s)
{
	const uint8_t *h, *data;

	if (!nbns_read_name(c, name))
		return;
	h = cur_take(c, 10);
	data = h != NULL ? cur_take(c, be16(h + 8)) : NULL;
	if (data == NULL || be16(h) != NBNS_TYPE_NB || name->n == 0)
		return;
	for (unsigned at = 0; at + 6 <= be16(h + 8) && s->n_addrs < META_ADDRS_MAX; at += 6) {
		if (be16(data + at) & NBNS_GROUP)
			continue;
		s->kind[s->n_addrs] = ADDR_IP4;
		s->addr[s->n_addrs] = (struct addr){ .b = { 0 } };
		memcpy(s->addr[s->n_addrs++].b, data + at + 2, 4);
	}
}

struct next
nbns_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, NBNS_HEADER);
	struct pkt_meta *s = pkt_get_meta(p);
	struct nbns_name name = { .n = 0 };
	unsigned flags, opcode;

	if (h == NULL || s == NULL)
		return NEXT_END;
	flags = be16(h + 2);
	opcode = flags & NBNS_OPCODE;
	s->n_addrs = 0;
	if (flags & NBNS_RESPONSE) {
		if (opcode == NBNS_QUERY && (flags & NBNS_RCODE) == 0 && be16(h + 6) > 0)
			nbns_read_record(c, &name, s);
	} else if ((opcode == NBNS_REGISTER || opcode == NBNS_REFRESH) && be16(h + 10) > 0 &&
	    nbns_read_name(c, &name) && cur_take(c, 4) != NULL) {
		nbns_read_record(c, &name, s);
	}
	s->origin = NAME_NETBIOS;
	if (s->n_addrs > 0)
		pkt_meta_set_name(s, META_HOST_NAME, name.b, name.n);
	return NEXT_END;
}
