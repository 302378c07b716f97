/* The moments of a recording: what each row of the tables has sent since the last one. */
#include "config.h"

#include "feed/recording.h"

#include <stdlib.h>
#include <string.h>

#include "export/writer.h"
#include "feed/feed.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/sort.h"
#include "view/view.h"

#define NS_PER_S UINT64_C(1000000000)

/* Rows that may be examined each second, on average. If there are more, moments are longer. */
#define MOMENT_WORK 500000

static const struct {
	const char *view;
	enum record_table_id table;
} recorded[MOMENT_TABLES] = {
	{ "talkers", RECORD_HOST },
	{ "flows", RECORD_FLOW },
	{ "ports", RECORD_PORT },
	{ "protocols", RECORD_PROTOCOL },
};

static void
moments_table_init(struct moment_table *t, unsigned i)
{
	const struct record_table *to = &record_table[recorded[i].table];
	unsigned n_keys = record_table_keys(to);

	t->id = recorded[i].table;
	t->view = view_by_name(recorded[i].view);
	for (unsigned c = 0; c < t->view->n_cols && t->traffic == NULL; c++)
		t->traffic = t->view->cols[c].traffic;
	t->n_columns = n_keys + record_table_facts(to);
	for (unsigned c = 0; c < t->n_columns; c++)
		t->column[c] =
		    view_find_column(t->view, c < n_keys ? to->key[c] : to->fact[c - n_keys]);
}

void
moments_init(struct moments *m, struct feed *f)
{
	*m = (struct moments){ .feed = f };
	hashkey_init(&m->key);
	buf_new(&m->record);
	for (unsigned i = 0; i < MOMENT_TABLES; i++)
		moments_table_init(&m->table[i], i);
}

void
moments_fini(struct moments *m)
{
	for (unsigned i = 0; i < MOMENT_TABLES; i++)
		free(m->table[i].seen);
	buf_del(&m->record);
}

/* Everything counted from now on is new: the ledger was cleared. */
static void
moments_forget(struct moments *m)
{
	for (unsigned i = 0; i < MOMENT_TABLES; i++) {
		struct moment_table *t = &m->table[i];

		memset(t->seen, 0, t->n_seen * sizeof(*t->seen));
		memset(t->recorded, 0, sizeof(t->recorded));
	}
	m->total = (struct moment_totals){ .dropped = 0 };
}

static struct scope
moments_scope(const struct moments *m)
{
	return scope_of_all(m->feed->ledger, false);
}

static struct moment_totals
moments_count_totals(const struct moments *m)
{
	const struct ledger *l = m->feed->ledger;
	struct moment_totals t = { .all = l->totals.all,
		.in = l->way_total[WAY_IN],
		.out = l->way_total[WAY_OUT],
		.dropped = m->feed->drops };

	return t;
}

static uint64_t
moments_since(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static void
moments_put_tally(struct buf *b, struct tally now, struct tally before)
{
	record_number(b, moments_since(now.packets, before.packets));
	record_number(b, moments_since(now.bytes, before.bytes));
}

static void
moments_put_totals(struct moments *m)
{
	struct moment_totals now = moments_count_totals(m);

	record_row(&m->record, RECORD_TRAFFIC);
	moments_put_tally(&m->record, now.all, m->total.all);
	moments_put_tally(&m->record, now.in, m->total.in);
	moments_put_tally(&m->record, now.out, m->total.out);
	record_number(&m->record, moments_since(now.dropped, m->total.dropped));
	m->total = now;
}

/* Starts a moment of that many seconds if packets were counted. */
static void
moments_begin(struct moments *m, uint64_t from, uint64_t seconds)
{
	uint64_t packets = m->feed->ledger->totals.all.packets;

	if (packets < m->total.all.packets)
		moments_forget(m);
	if (packets == m->total.all.packets)
		return;
	record_begin(&m->record, from, seconds);
	moments_put_totals(m);
	m->scanning = true;
	m->folded = false;
	m->at = 0;
}

static uint32_t
moments_identity(const struct moments *m, const struct moment_table *t, const void *row)
{
	struct row_key key;

	t->view->row_key(row, &key);
	return (uint32_t)hash_bytes(&m->key, &key, sizeof(key));
}

static int
moments_compare_rows(const void *a, const void *b)
{
	const struct moment_row *x = a, *y = b;

	return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

/* Keeps the rows that sent most. */
static void
moments_keep_best(struct moment_table *t)
{
	sort_first(t->row, t->n_rows, sizeof(t->row[0]), MOMENT_ROWS, moments_compare_rows);
	if (t->n_rows > MOMENT_ROWS)
		t->n_rows = MOMENT_ROWS;
}

static void
moments_make_room(struct moment_table *t, uint32_t slots)
{
	uint32_t more = slots + slots / 2;

	if (slots <= t->n_seen)
		return;
	t->seen = xreallocarray(t->seen, more, sizeof(*t->seen));
	memset(t->seen + t->n_seen, 0, (more - t->n_seen) * sizeof(*t->seen));
	t->n_seen = more;
}

static struct tally
moments_row_tally(const struct moment_table *t, const struct scope *s, const void *row, int way)
{
	if (t->traffic->one_way && way == TRAFFIC_IN)
		return (struct tally){ 0, 0 };
	return t->traffic->count(s, row, way);
}

/* A row that counts less than before, or is of something else, is new. */
static void
moments_see_row(struct moments *m, struct moment_table *t, uint32_t slot, const void *row,
    const struct tally now[2])
{
	struct moment_seen *seen = &t->seen[slot];
	struct moment_row *r = &t->row[t->n_rows];
	uint32_t identity;

	if (memcmp(seen->count, now, sizeof(seen->count)) == 0)
		return;
	identity = moments_identity(m, t, row);
	if (identity != seen->identity || now[0].packets < seen->count[0].packets ||
	    now[1].packets < seen->count[1].packets)
		*seen = (struct moment_seen){ .identity = identity };
	*r = (struct moment_row){ .slot = slot, .identity = identity };
	for (int way = 0; way < 2; way++)
		r->moved[way] = (struct tally){
			moments_since(now[way].packets, seen->count[way].packets),
			moments_since(now[way].bytes, seen->count[way].bytes),
		};
	r->bytes = r->moved[0].bytes + r->moved[1].bytes;
	memcpy(seen->count, now, sizeof(seen->count));
	if (++t->n_rows == NITEMS(t->row))
		moments_keep_best(t);
}

static void
moments_scan_row(struct moments *m, struct moment_table *t, const struct scope *s, uint32_t slot)
{
	const void *row = t->view->row(s, slot);
	struct tally now[2];

	if (row == NULL)
		return;
	for (int way = 0; way < 2; way++) {
		now[way] = moments_row_tally(t, s, row, way);
		tally_add(&t->sum[way], now[way].packets, now[way].bytes);
	}
	moments_see_row(m, t, slot, row, now);
}

static void
moments_put_value(struct buf *b, const struct value *v)
{
	static const struct units plain = { .numeric = true };
	char text[VALUE_TEXT];
	struct buf shown;

	if (v->type == V_PORT) {
		record_number(b, v->n);
		return;
	}
	buf_init(&shown, text, sizeof(text));
	value_text(&shown, v, &plain);
	record_text(b, text);
}

static void
moments_put_counts(struct moments *m, struct moment_table *t, const struct tally moved[2])
{
	int ways = t->traffic->one_way ? 1 : 2;

	for (int way = 0; way < ways; way++) {
		record_number(&m->record, moved[way].packets);
		record_number(&m->record, moved[way].bytes);
		tally_add(&t->recorded[way], moved[way].packets, moved[way].bytes);
	}
}

/* A row whose place was taken meanwhile is left to "(other)". */
static void
moments_put_row(
    struct moments *m, struct moment_table *t, const struct scope *s, const struct moment_row *r)
{
	const void *row = t->view->row(s, r->slot);

	if (row == NULL || moments_identity(m, t, row) != r->identity)
		return;
	record_row(&m->record, t->id);
	for (unsigned c = 0; c < t->n_columns; c++) {
		struct value v = column_value(t->column[c], s, row);

		moments_put_value(&m->record, &v);
	}
	moments_put_counts(m, t, r->moved);
}

/* All that has no row, so that the sum of the rows is the traffic. */
static void
moments_put_other(struct moments *m, struct moment_table *t, const struct scope *s)
{
	const void *other = t->view->other_row(s);
	struct tally rest[2] = { { 0, 0 }, { 0, 0 } };

	for (int way = 0; way < 2; way++) {
		if (other != NULL) {
			struct tally o = moments_row_tally(t, s, other, way);

			tally_add(&t->sum[way], o.packets, o.bytes);
		}
		rest[way].packets = moments_since(t->sum[way].packets, t->recorded[way].packets);
		rest[way].bytes = moments_since(t->sum[way].bytes, t->recorded[way].bytes);
	}
	if (rest[0].packets + rest[1].packets == 0)
		return;
	record_row(&m->record, t->id);
	for (unsigned c = 0; c < t->n_columns; c++)
		record_text(
		    &m->record, c < record_table_keys(&record_table[t->id]) ? RECORD_OTHER : "");
	moments_put_counts(m, t, rest);
}

/* The rows of a tree include those below them: nothing is left. */
static void
moments_put_table(struct moments *m, struct moment_table *t)
{
	struct scope s = moments_scope(m);

	moments_keep_best(t);
	for (uint32_t i = 0; i < t->n_rows; i++)
		moments_put_row(m, t, &s, &t->row[i]);
	if (t->view->parent_slot == NULL)
		moments_put_other(m, t, &s);
	t->n_rows = 0;
	t->slot = 0;
	memset(t->sum, 0, sizeof(t->sum));
}

/* Examines n more rows of a table. True while there are more. */
static bool
moments_scan(struct moments *m, struct moment_table *t, uint32_t n)
{
	struct scope s = moments_scope(m);
	uint32_t slots = t->view->slots(m->feed->ledger);

	moments_make_room(t, slots);
	m->credit -= n < slots - t->slot ? n : slots - t->slot;
	for (; n > 0 && t->slot < slots; n--)
		moments_scan_row(m, t, &s, t->slot++);
	return t->slot < slots;
}

static bool
moments_fold(struct moments *m, uint32_t n)
{
	struct ledger *l = m->feed->ledger;

	if (!m->folded && !l->is_folding) {
		ledger_flush_begin(l);
		m->folded = true;
	}
	return ledger_fold(l, n) || !m->folded;
}

bool
moments_step(struct moments *m, struct async_writer *w, uint32_t n)
{
	struct moment_table *t = &m->table[m->at];

	if (!m->scanning || m->feed->paused)
		return false;
	if ((!m->folded || m->feed->ledger->is_folding) && moments_fold(m, n))
		return true;
	if (moments_scan(m, t, n))
		return true;
	moments_put_table(m, t);
	if (++m->at < MOMENT_TABLES)
		return true;
	record_end(&m->record);
	async_writer_add(w, m->record.s, m->record.len);
	m->scanning = false;
	return false;
}

void
moments_finish(struct moments *m, struct async_writer *w)
{
	while (moments_step(m, w, UINT32_MAX))
		;
}

/* The time of packets of a file may leap: what was counted is of the second before. */
void
moments_advance(struct moments *m, struct async_writer *w, uint64_t now, bool leaps)
{
	uint64_t second = now / NS_PER_S, from = m->second;

	if (second == from || (second < from && !leaps))
		return;
	if (from == 0) {
		m->second = second;
		return;
	}
	m->credit += (int64_t)MOMENT_WORK;
	if (m->credit > MOMENT_WORK)
		m->credit = MOMENT_WORK;
	if (m->scanning || (m->credit < 0 && !leaps))
		return;
	m->second = second;
	moments_begin(m, from, leaps ? 1 : second - from);
	if (leaps)
		moments_finish(m, w);
}

void
moments_end(struct moments *m, struct async_writer *w)
{
	moments_finish(m, w);
	moments_begin(m, m->second, 1);
	moments_finish(m, w);
}
