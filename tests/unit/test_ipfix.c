/* IPFIX and NetFlow 9: messages are decoded again, by their templates alone. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/ipfix.h"

#define S  UINT64_C(1000000000)
#define T0 (UINT64_C(1700000000) * S)

#define TEMPLATES 32
#define FIELDS    64
#define REVERSE   0x10000u /* added to the number of a reverse element */

static const struct hashkey fixed_key = { 1, 2 };

/* A collector of its own: it knows nothing but the two RFCs. */
struct reader {
	bool nine;
	struct reader_template {
		unsigned id, n, scopes;
		uint32_t field[FIELDS];
		unsigned size[FIELDS];
	} template[TEMPLATES];
	unsigned n_templates, messages, records, with_templates;
	uint32_t sequence, domain, time;
	size_t longest;
	/* the newest data record */
	unsigned id, n;
	uint32_t field[FIELDS];
	char value[FIELDS][64];
	unsigned size[FIELDS];
	uint64_t packets, octets, frame_bytes; /* sums */
};

static uint64_t
number(const char *p, unsigned size)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < size; i++)
		n = n << 8 | (uint8_t)p[i];
	return n;
}

static bool
has(const struct reader *r, uint32_t field)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->field[i] == field)
			return true;
	return false;
}

static uint64_t
value(const struct reader *r, uint32_t field)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->field[i] == field)
			return number(r->value[i], r->size[i]);
	fail_msg("there is no element %u", field);
	return 0;
}

static const char *
text(const struct reader *r, uint32_t field)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->field[i] == field)
			return r->value[i];
	return "missing";
}

static size_t
read_field(struct reader *r, const char *p, uint32_t *field, unsigned *size)
{
	*field = (uint32_t)number(p, 2);
	*size = (unsigned)number(p + 2, 2);
	if (r->nine || !(*field & 0x8000))
		return 4;
	assert_int_equal(number(p + 4, 4), 29305);
	*field = (*field & 0x7fff) | REVERSE;
	return 8;
}

static size_t
read_template(struct reader *r, const char *p, bool options)
{
	struct reader_template *t = &r->template[r->n_templates++];
	size_t at = 4;

	assert_in_range(r->n_templates, 1, TEMPLATES);
	t->id = (unsigned)number(p, 2);
	t->n = (unsigned)number(p + 2, 2);
	if (options && r->nine) {
		t->n = (unsigned)(number(p + 2, 2) + number(p + 4, 2)) / 4;
		at = 6;
	} else if (options) {
		t->scopes = (unsigned)number(p + 4, 2);
		assert_int_equal(t->scopes, 1);
		at = 6;
	}
	assert_in_range(t->n, 1, FIELDS);
	for (unsigned i = 0; i < t->n; i++)
		at += read_field(r, p + at, &t->field[i], &t->size[i]);
	return at;
}

static size_t
read_record(struct reader *r, const char *p, const struct reader_template *t)
{
	size_t at = 0;

	r->id = t->id;
	r->n = t->n;
	memset(r->value, 0, sizeof(r->value));
	for (unsigned i = 0; i < t->n; i++) {
		r->field[i] = t->field[i];
		r->size[i] = t->size[i];
		if (t->size[i] == 0xffff)
			r->size[i] = (unsigned)number(p + at++, 1);
		assert_in_range(r->size[i], 0, sizeof(r->value[0]));
		memcpy(r->value[i], p + at, r->size[i]);
		at += r->size[i];
	}
	r->records++;
	r->packets += has(r, 2) ? value(r, 2) : 0;
	r->octets += has(r, 1) ? value(r, 1) : 0;
	r->frame_bytes += has(r, 352) ? value(r, 352) : 0;
	return at;
}

static const struct reader_template *
find_template(const struct reader *r, unsigned id)
{
	for (unsigned i = 0; i < r->n_templates; i++)
		if (r->template[i].id == id)
			return &r->template[i];
	fail_msg("data before template %u", id);
	return NULL;
}

static unsigned
read_set(struct reader *r, const char *p, size_t size)
{
	unsigned id = (unsigned)number(p, 2), n = 0;
	bool options = id == (r->nine ? 1 : 3), templates = id == (r->nine ? 0 : 2) || options;

	for (size_t at = 4; at + 4 <= size; n++) {
		if (templates)
			at += read_template(r, p + at, options);
		else
			at += read_record(r, p + at, find_template(r, id));
		assert_in_range(at, 0, size);
	}
	return n;
}

static void
receive(void *arg, const void *bytes, size_t n, unsigned flows)
{
	struct reader *r = arg;
	const char *p = bytes;
	unsigned head = r->nine ? 20 : 16, all = 0, records = r->records, known = r->n_templates;

	(void)flows;
	assert_in_range(n, head, IPFIX_MESSAGE);
	assert_int_equal(number(p, 2), r->nine ? 9 : 10);
	/* Templates that come again replace the known ones. */
	r->n_templates = 0;
	for (size_t at = head; at < n; at += number(p + at + 2, 2)) {
		assert_in_range(number(p + at + 2, 2), 4, n - at);
		if (number(p + at, 2) >= 256 && r->n_templates == 0)
			r->n_templates = known;
		all += read_set(r, p + at, number(p + at + 2, 2));
	}
	r->with_templates += number(p + head, 2) < 256;
	assert_int_equal(number(p + 2, 2), r->nine ? all : n);
	assert_int_equal(number(p + head - 8, 4), r->sequence);
	r->time = (uint32_t)number(p + head - 12, 4);
	r->domain = (uint32_t)number(p + head - 4, 4);
	r->sequence += r->nine ? 1 : r->records - records;
	r->messages++;
	r->longest = n > r->longest ? n : r->longest;
}

struct fixture {
	struct ledger *ledger;
	struct ipfix x;
	struct reader reader;
	struct flow_portion portion;
};

static struct fixture *
start(const struct ipfix_config *c)
{
	struct ledger_config lc = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct fixture *f = calloc(1, sizeof(*f));

	f->ledger = ledger_new(&lc);
	ledger_add_source(f->ledger, "eth0", 1, 0);
	f->reader.nine = c->netflow9;
	ipfix_init(&f->x, c, receive, &f->reader);
	f->portion = (struct flow_portion){
		.t = { { UINT64_C(0x123456789a), UINT64_C(0xfedcba9876543210) }, { 2, 2000 } },
		.ip_bytes = { 700, 1972 },
		.first = { T0 - S, T0 - S / 2 },
		.last = { T0, T0 + S / 4 },
		.flags = { TCP_SYN | TCP_ACK, TCP_FIN },
	};
	return f;
}

static void
stop(struct fixture *f)
{
	ledger_del(f->ledger);
	free(f);
}

static struct flow
flow_between(uint8_t kind)
{
	return (struct flow){
		.key = { .a = { .b = { 192, 0, 2, 1, [15] = 1 } },
		    .b = { .b = { 192, 0, 2, 2, [15] = 2 } },
		    .a_port = 40000,
		    .b_port = 443,
		    .proto = kind == ADDR_MAC ? 0x0806 : 6,
		    .kind = kind },
		.app = kind == ADDR_MAC ? PROTO_NONE : PROTO_TLS,
		.bits = FLOW_SYN_SEEN,
	};
}

static void
add(struct fixture *f, const struct flow *flow, enum flow_end end)
{
	struct ipfix_report r = {
		.ledger = f->ledger, .flow = flow, .portion = &f->portion, .end = end
	};

	ipfix_add_flow(&f->x, &r, T0 + S);
}

/* Both directions, with all of their numbers. */
static void
check_two_records(const struct ipfix_config *c)
{
	struct fixture *f = start(c);
	struct reader *r = &f->reader;
	struct flow flow = flow_between(ADDR_IP4);

	add(f, &flow, FLOW_END_ACTIVE);
	ipfix_flush(&f->x, T0 + S);
	assert_int_equal(r->messages, 1);
	assert_int_equal(r->records, 2);
	assert_int_equal(r->time, (T0 + S) / S);
	assert_int_equal(r->domain, c->domain);
	assert_int_equal(value(r, 8), 0xc0000202);
	assert_int_equal(value(r, 12), 0xc0000201);
	assert_int_equal(value(r, 7), 443);
	assert_int_equal(value(r, 11), 40000);
	assert_int_equal(value(r, 4), 6);
	assert_int_equal(value(r, 60), 4);
	assert_int_equal(value(r, 10), 1);
	assert_int_equal(value(r, 2), 2);
	assert_int_equal(value(r, 1), c->ip_bytes ? 1972 : 2000);
	assert_int_equal(value(r, 352), 2000);
	assert_int_equal(value(r, 152), T0 / 1000000 - 500);
	assert_int_equal(value(r, 153), T0 / 1000000 + 250);
	assert_int_equal(value(r, 136), 2);
	assert_int_equal(value(r, 6), TCP_FIN);
	assert_string_equal(text(r, 96), "tls");
	assert_int_equal(r->packets, UINT64_C(0x123456789a) + 2);
	assert_int_equal(r->frame_bytes, UINT64_C(0xfedcba9876543210) + 2000);
	assert_false(has(r, 2 | REVERSE));
	/* The times since boot of NetFlow 9 differ as the other ones do. */
	assert_int_equal(has(r, 21), c->netflow9);
	if (c->netflow9)
		assert_int_equal(value(r, 21) - value(r, 22), 750);
	stop(f);
}

static void
test_records(void **state)
{
	static const struct ipfix_config configs[] = {
		{ .domain = 7 },
		{ .ip_bytes = true, .domain = 1 },
		{ .netflow9 = true, .domain = 3 },
		{ .netflow9 = true, .biflow = true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		check_two_records(&configs[i]);
}

static void
test_one_direction(void **state)
{
	struct fixture *f = start(&(struct ipfix_config){ .domain = 1 });
	struct flow flow = flow_between(ADDR_IP6);

	(void)state;
	f->portion.t[0] = (struct tally){ 0, 0 };
	add(f, &flow, FLOW_END_EXIT);
	f->portion.t[1] = (struct tally){ 0, 0 };
	add(f, &flow, FLOW_END_EXIT);
	ipfix_flush(&f->x, T0);
	assert_int_equal(f->reader.records, 1);
	assert_int_equal(value(&f->reader, 60), 6);
	assert_memory_equal(text(&f->reader, 27), flow.key.b.b, 16);
	assert_memory_equal(text(&f->reader, 28), flow.key.a.b, 16);
	assert_int_equal(value(&f->reader, 136), 4);
	stop(f);
}

static void
test_biflow(void **state)
{
	struct fixture *f = start(&(struct ipfix_config){ .biflow = true, .domain = 1 });
	struct flow flow = flow_between(ADDR_IP4);
	struct reader *r = &f->reader;

	(void)state;
	add(f, &flow, FLOW_END_CLOSED);
	ipfix_flush(&f->x, T0);
	assert_int_equal(r->records, 1);
	assert_int_equal(value(r, 8), 0xc0000201);
	assert_int_equal(value(r, 2), UINT64_C(0x123456789a));
	assert_int_equal(value(r, 2 | REVERSE), 2);
	assert_int_equal(value(r, 1 | REVERSE), 2000);
	assert_int_equal(value(r, 6), TCP_SYN | TCP_ACK);
	assert_int_equal(value(r, 6 | REVERSE), TCP_FIN);
	assert_int_equal(value(r, 239), 1);
	assert_int_equal(value(r, 136), 3);
	assert_int_equal(value(r, 152), T0 / 1000000 - 1000);
	assert_int_equal(value(r, 153), T0 / 1000000 + 250);
	stop(f);
}

static void
test_not_ip(void **state)
{
	struct fixture *f = start(&(struct ipfix_config){ .domain = 1 });
	struct flow flow = flow_between(ADDR_MAC);

	(void)state;
	add(f, &flow, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0);
	assert_int_equal(f->reader.records, 2);
	assert_int_equal(value(&f->reader, 256), 0x0806);
	assert_memory_equal(text(&f->reader, 80), flow.key.a.b, 6);
	assert_false(has(&f->reader, 4));
	assert_string_equal(text(&f->reader, 96), "");
	stop(f);
}

/* The context of one flow: VLANs or a tunnel. */
static void
check_context(const struct context *c, uint32_t field, uint64_t expected)
{
	struct fixture *f = start(&(struct ipfix_config){ .domain = 1 });
	struct flow flow = flow_between(ADDR_IP4);

	flow.context[0] = flow.context[1] = contexts_id(&f->ledger->contexts, c);
	flow.bits |= FLOW_HAS_CONTEXT;
	contexts_note(&f->ledger->contexts, flow.context[0], c);
	add(f, &flow, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0);
	assert_int_equal(value(&f->reader, field), expected);
	assert_int_equal(has(&f->reader, 351), field != 58);
	stop(f);
}

static void
test_contexts(void **state)
{
	(void)state;
	check_context(&(struct context){ .vlan = { 100 } }, 58, 100);
	check_context(&(struct context){ .vlan = { 100, 200 } }, 245, 200);
	check_context(
	    &(struct context){ .tunnel = TUNNEL_VNI, .id = 5000 }, 351, UINT64_C(1) << 56 | 5000);
	check_context(&(struct context){ .tunnel = TUNNEL_GRE_KEY, .id = 0xffffffff }, 351,
	    UINT64_C(2) << 56 | 0xffffffff);
	check_context(&(struct context){ .tunnel = TUNNEL_TEID, .id = 77 }, 507, 77);
	check_context(&(struct context){ .tunnel = TUNNEL_ISID, .id = 99 }, 412, 99);
}

/* Many records fill messages, none too large; templates come again after a time. */
static void
check_many(const struct ipfix_config *c)
{
	struct fixture *f = start(c);
	struct flow four = flow_between(ADDR_IP4), six = flow_between(ADDR_IP6);

	for (unsigned i = 0; i < 1000; i++)
		add(f, i % 3 == 0 ? &six : &four, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0 + S);
	ipfix_flush(&f->x, T0 + S);
	assert_int_equal(f->reader.records, 2000);
	assert_in_range(f->reader.longest, IPFIX_MESSAGE - 120, IPFIX_MESSAGE);
	assert_int_equal(f->reader.with_templates, 1);
	assert_int_equal(f->x.sent_messages, f->reader.messages);
	assert_int_equal(f->x.sent_flows, 2000);

	add(f, &four, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0 + S + IPFIX_TEMPLATE_NS - 1);
	assert_int_equal(f->reader.with_templates, 1);
	f->x.now = T0 + S + IPFIX_TEMPLATE_NS;
	f->x.templates_at = T0 + S - IPFIX_TEMPLATE_NS;
	add(f, &four, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0 + S);
	assert_int_equal(f->reader.with_templates, 2);
	stop(f);
}

static void
test_many(void **state)
{
	(void)state;
	check_many(&(struct ipfix_config){ .domain = 1 });
	check_many(&(struct ipfix_config){ .netflow9 = true, .domain = 1 });
}

static void
check_status(bool netflow9)
{
	struct fixture *f =
	    start(&(struct ipfix_config){ .netflow9 = netflow9, .status = true, .domain = 9 });
	struct ipfix flows = { .sent_messages = 11, .sent_flows = 22, .sent_octets = 33 };
	struct ipfix_status s = {
		.ledger = f->ledger, .flows = &flows, .dropped = 44, .unsent = 55
	};
	struct reader *r = &f->reader;

	f->ledger->n_sources = 0;
	ipfix_add_status(&f->x, &s, T0);
	ipfix_flush(&f->x, T0);
	assert_int_equal(r->records, 1);
	assert_int_equal(r->domain, 0);
	assert_int_equal(value(r, netflow9 ? 1 : 149), 9);
	assert_int_equal(value(r, 41), 11);
	assert_int_equal(value(r, 42), 22);
	assert_int_equal(value(r, 40), 33);
	assert_int_equal(value(r, 164), 44);
	assert_int_equal(value(r, 166), 55);
	assert_int_equal(value(r, 34), 1);

	f->ledger->n_sources = 1;
	ipfix_add_status(&f->x, &s, T0);
	ipfix_flush(&f->x, T0);
	assert_int_equal(r->records, 3);
	assert_int_equal(value(r, netflow9 ? 2 : 10), 1);
	assert_string_equal(text(r, 82), "eth0");
	stop(f);
}

static void
test_status(void **state)
{
	(void)state;
	check_status(false);
	check_status(true);
}

/* A connection begins with templates, whose number is that of the message that follows. */
static void
test_template_message(void **state)
{
	struct fixture *f = start(&(struct ipfix_config){ .domain = 1 });
	struct flow flow = flow_between(ADDR_IP4);
	char bytes[IPFIX_MESSAGE], other[16] = { 0 };
	size_t n;

	(void)state;
	add(f, &flow, FLOW_END_IDLE);
	ipfix_flush(&f->x, T0);
	memset(&f->reader, 0, sizeof(f->reader));
	n = ipfix_template_message(&f->x, NULL, T0, bytes, sizeof(bytes));
	f->reader.sequence = 2;
	receive(&f->reader, bytes, n, 0);
	assert_int_equal(f->reader.n_templates, 6);
	assert_false(ipfix_is_own(&f->x, other));
	other[15] = 1;
	assert_true(ipfix_is_own(&f->x, other));
	other[11] = 42;
	ipfix_template_message(&f->x, other, T0, bytes, sizeof(bytes));
	assert_int_equal(number(bytes + 8, 4), 42);
	assert_int_equal(ipfix_template_message(&f->x, NULL, T0, bytes, 20), 0);
	stop(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_one_direction),
		cmocka_unit_test(test_biflow),
		cmocka_unit_test(test_not_ip),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_template_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
