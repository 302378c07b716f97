/* The display filter: any text is either refused with a position, or can be applied to any row. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../unit/traffic.h"
#include "fuzz.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/filter.h"

static struct ledger *ledger;

/* A filter without its last term is a valid filter, too. */
static void
drop_terms(const struct view *v, const char *text)
{
	char *rest = strdup(text);
	struct filter *f;
	bool either;
	size_t n;

	while (rest != NULL && (n = filter_last_term_start(v, rest, &either)) > 0) {
		require(n < strlen(rest));
		rest[n] = '\0';
		f = filter_new(v, rest, NULL, NULL);
		require(f != NULL);
		filter_del(f);
	}
	free(rest);
}

static void
try_on(const struct view *v, const char *text)
{
	struct scope s = traffic_scope(ledger);
	char array[TEXT_MAX + 1];
	struct buf err;
	size_t at = SIZE_MAX;
	struct filter *f;

	buf_init(&err, array, sizeof(array));
	f = filter_new(v, text, &err, &at);
	if (f == NULL) {
		require(err.len > 0 && text_is_clean(array) && at <= strlen(text));
		return;
	}
	s.share_total = ledger->totals.all.bytes;
	for (uint32_t i = 0; i < v->slots(ledger); i++) {
		const void *row = v->row(&s, i);

		if (row != NULL)
			filter_matches(f, &s, row);
	}
	filter_del(f);
	drop_terms(v, text);
}

/* A ledger with rows in every view. */
static struct ledger *
full_ledger(void)
{
	struct ledger *l = traffic_new();

	while (ledger_enable(l, LEDGER_NETWORKS | LEDGER_PACKETS, 24, 64))
		ledger_fold(l, UINT32_MAX);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	return l;
}

/* The first byte selects the view. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const struct view *v = views[input_byte(&in) % n_views];
	char *text = input_text(&in, in.left);

	if (ledger == NULL)
		ledger = full_ledger();
	try_on(v, text);
	free(text);
	return 0;
}
