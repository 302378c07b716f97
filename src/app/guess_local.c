#include "config.h"

#include "app/run.h"

#include "app/options.h"
#include "core/ledger.h"
#include "feed/feed.h"
#include "util/attr.h"
#include "util/buf.h"

#define PREFIX4 24
#define PREFIX6 64

/* An unspecified, multicast or link-local address: it belongs to no network. */
static bool
guess_local_is_special(const struct network *n)
{
	const uint8_t *b = n->addr.b;

	if (n->kind == ADDR_IP4)
		return b[0] == 0 || b[0] >= 0xe0;
	return b[0] == 0xff || (b[0] == 0xfe && b[1] == 0x80) || (n->addr.w[0] | n->addr.w[1]) == 0;
}

static uint64_t
guess_local_packets(const struct network *n)
{
	uint64_t sum = 0;

	for (int c = 0; c < CLASSES; c++)
		sum += meter_sum(&n->meter[c]).packets;
	return sum;
}

static const struct network *
guess_local_busiest_network(const struct networks *ns, enum addr_kind kind)
{
	const struct network *best = NULL;

	for (uint32_t i = 0; i < ns->table.used; i++) {
		const struct network *n = &ns->row[i];

		if (n->kind == kind && !guess_local_is_special(n) &&
		    (best == NULL || guess_local_packets(n) > guess_local_packets(best)))
			best = n;
	}
	return best;
}

static void
guess_local_read_files(struct feed *f)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	ledger_enable(f->ledger, LEDGER_NETWORKS, PREFIX4, PREFIX6);
	while (feed_read(f, &err))
		;
	ledger_flush(f->ledger);
}

void
guess_local(struct options *o)
{
	static const enum addr_kind kinds[] = { ADDR_IP4, ADDR_IP6 };
	struct options once = *o;
	struct feed f;

	once.replay = 0;
	feed_open_live(&f, &once, false);
	feed_open_files(&f);
	guess_local_read_files(&f);
	for (unsigned i = 0; i < NITEMS(kinds); i++) {
		const struct network *n =
		    guess_local_busiest_network(&f.ledger->networks, kinds[i]);

		if (n != NULL)
			o->local[o->n_local++] =
			    (struct net){ .addr = n->addr, .kind = n->kind, .bits = n->bits };
	}
	feed_close(&f);
}
