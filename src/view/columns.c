/* What the files of the views share: row keys, and values made of counts. */
#include "config.h"

#include "view/columns.h"

#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"

struct value
value_mean(enum value_type type, uint64_t sum, uint64_t n)
{
	return n != 0 ? value_n(type, sum / n + (sum % n >= n - n / 2)) : value_none();
}

struct value
value_wait(const struct wait_histogram *h, unsigned percent)
{
	uint32_t us;

	return wait_histogram_get(h, percent, &us) ? value_n(V_DURATION, us * UINT64_C(1000))
						   : value_none();
}

struct value
value_share(uint64_t part, uint64_t all)
{
	if (all == 0)
		return value_none();
	return value_x(V_SHARE, part < all ? (double)part / (double)all : 1);
}

struct value
value_name(struct host_name name)
{
	struct value v;

	if (name.text == NULL)
		return value_none();
	v = value_textf("%s", name.text);
	v.kind = name.origin;
	v.bits = name.more;
	return v;
}

/* Addresses that are administered locally are random, or of a program; those of IANA are of
 * protocols and of documentation (RFC 7042).  No vendor has them. */
#define MAC_LOCAL 0x02
#define MAC_BYTES 6

static bool
value_has_vendor(const uint8_t *mac)
{
	static const uint8_t iana[] = { 0x00, 0x00, 0x5e };

	return (mac[0] & MAC_LOCAL) == 0 && memcmp(mac, iana, sizeof(iana)) != 0;
}

struct value
value_vendor(const struct scope *s, uint8_t kind, const struct addr *a)
{
	const struct vendor_db *db = s->ledger->vendors;
	char text[TEXT_MAX + 1];
	uint8_t mac[MAC_BYTES];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (db == NULL || !ledger_find_mac(s->ledger, kind, a, mac) || !value_has_vendor(mac) ||
	    !db->find(db, mac, &b))
		return value_none();
	return value_textf("%s", text);
}

struct value
value_time(uint64_t ns)
{
	return ns == 0 ? value_none() : value_n(V_TIME, ns);
}

struct value
value_packet_time(const struct scope *s, uint64_t ns)
{
	return s->ledger->totals.last == 0 ? value_none() : value_n(V_TIME, ns);
}

struct value
value_place(const struct scope *s, enum place_fact fact, uint8_t kind, const struct addr *a)
{
	const char *text[] = { [PLACE_COUNTRY] = NULL, [PLACE_AS_NAME] = NULL };
	struct place p;

	place_find(s->ledger->places, kind, a, &p);
	if (fact == PLACE_ASN)
		return p.asn != 0 ? value_n(V_ID, p.asn) : value_none();
	text[PLACE_COUNTRY] = p.country;
	text[PLACE_CITY] = p.city;
	text[PLACE_AS_NAME] = p.as_name;
	return *text[fact] != '\0' ? value_textf("%s", text[fact]) : value_none();
}

uint8_t
port_space(uint8_t kind, uint16_t proto)
{
	static const struct {
		uint8_t proto, space;
	} spaces[] = { { 6, SPACE_TCP }, { 17, SPACE_UDP }, { 132, SPACE_SCTP },
		{ 136, SPACE_UDP } };

	if (kind != ADDR_IP4 && kind != ADDR_IP6)
		return SPACE_END;
	for (unsigned i = 0; i < NITEMS(spaces); i++)
		if (spaces[i].proto == proto)
			return spaces[i].space;
	return SPACE_END;
}

struct value
column_text_value(const struct column *c, const struct scope *s, const void *row)
{
	char text[COLUMN_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	c->text(&b, s, row);
	return b.len > 0 ? value_textf("%s", text) : value_none();
}

unsigned
row_key_put(struct row_key *k, unsigned at, uint64_t n, unsigned bytes)
{
	while (bytes-- > 0)
		k->b[at++] = (uint8_t)(n >> (8 * bytes));
	return at;
}

unsigned
row_key_put_addr(struct row_key *k, unsigned at, const struct addr *a)
{
	memcpy(k->b + at, a->b, sizeof(a->b));
	return at + (unsigned)sizeof(a->b);
}

/* Hosts with the same address in several networks are sorted by their first packet. */
void
row_key_put_host(struct row_key *k, const struct host *h)
{
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put_addr(k, row_key_put(k, 0, h->kind, 1), &h->addr);
	if (host_context(h) == 0)
		return;
	row_key_put(k, at, h->first, 8);
	row_key_put(k, ROW_KEY_SORTED, h->context, 4);
}

void
host_context_cell(struct buf *b, const struct scope *s, const void *row)
{
	host_context_text(b, s->ledger, row);
}

void
tcp_flags_text(struct buf *b, uint8_t flags)
{
	static const char letters[] = "FSRPAUEC"; /* from bit 0 on */

	for (unsigned i = 0; letters[i] != '\0'; i++)
		if (flags & (1u << i))
			buf_addc(b, letters[i]);
}
