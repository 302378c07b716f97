/* The history: decoded screens equal the encoded ones, however old they are, in memory of a
 * fixed size. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "screen/screen.h"
#include "util/attr.h"
#include "util/number.h"
#include "view/filter.h"
#include "view/history_store.h"
#include "view/private.h"
#include "view/row_list.h"

#include "traffic.h"

#define NS TRAFFIC_NS

static void
packed_bytes_come_back(void **state)
{
	static uint8_t before[5000], s[5000], packed[12000], out[5000];
	uint32_t x = 1;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		size_t n_before = round * 25, n = 5000 - round * 20, got;

		for (size_t i = 0; i < sizeof(s); i++) {
			x = x * 1664525 + 1013904223;
			before[i] = (uint8_t)(x >> 28);
			/* Some rounds are similar to the previous one, some are not. */
			s[i] = x >> 16 & 7 && round % 3 ? before[i] : (uint8_t)(x >> 24);
		}
		got = delta_encode(before, n_before, s, n, packed, sizeof(packed));
		assert_true(got > 0);
		memset(out, 0xee, sizeof(out));
		assert_int_equal(delta_decode(before, n_before, packed, got, out, sizeof(out)), n);
		assert_memory_equal(out, s, n);
		/* If there is no room, nothing is written past the end. */
		assert_int_equal(delta_decode(before, n_before, packed, got, out, n - 1), 0);
		assert_int_equal(delta_encode(before, n_before, s, n, packed, got / 2), 0);
	}
}

static void
what_is_alike_takes_little(void **state)
{
	static uint8_t before[40000], s[40000], packed[50000];
	size_t got;

	(void)state;
	for (size_t i = 0; i < sizeof(s); i++)
		before[i] = s[i] = (uint8_t)(i * i >> 7);
	for (size_t i = 100; i < sizeof(s); i += 400)
		s[i]++;
	got = delta_encode(before, sizeof(before), s, sizeof(s), packed, sizeof(packed));
	assert_in_range(got, 100, 600);
}

/* Bytes that are not valid encodings do no harm. */
static void
wrong_bytes_are_refused(void **state)
{
	static uint8_t before[300], packed[64], out[1000];
	static struct value cells[20];
	static struct table_row row[4];
	uint32_t x = 7;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(packed); i++) {
			x = x * 1664525 + 1013904223;
			packed[i] = (uint8_t)(x >> (round % 2 ? 24 : 28));
		}
		assert_true(delta_decode(before, sizeof(before), packed, round % 64, out,
				sizeof(out)) <= sizeof(out));
		history_rows_decode(packed, round % 64, row, cells, round % 5, 5);
	}
}

/* All kinds of cells in the columns of a view with enough columns. */
static void
cells_come_back(void **state)
{
	static uint8_t bytes[4000];
	const struct view *v = view_by_name("flows");
	struct addr a = { .b = { 192, 0, 2, 1 } };
	struct value cells[VIEW_COLUMNS] = { value_none(), value_textf("%s", ""),
		value_textf("web → 1"), value_addr(ADDR_IP4, &a), value_n(V_COUNT, UINT64_MAX),
		value_n(V_BYTES, 0), value_x(V_BYTE_RATE, 1234567.0), value_x(V_SHARE, 1),
		value_n(V_TIME, UINT64_C(1767225600123456789)), value_n(V_DURATION, 123456789),
		value_n(V_PORT, 443) };
	struct value back[3 * VIEW_COLUMNS];
	struct table_row row = { .cell = cells, .slot = 77 }, got[3];
	struct row_list *l = row_list_new();
	uint32_t rows;
	size_t n;

	(void)state;
	row_list_load_begin(l, v, 3);
	for (unsigned i = 0; i < 3; i++) {
		row.key.b[3] = (uint8_t)(9 + i);
		row_list_load_row(l, &row);
	}
	row_list_load_end(l, -1, false);
	n = history_rows_encode(bytes, sizeof(bytes), l, v->n_cols, &rows);
	assert_int_equal(rows, 3);
	assert_true(n <= sizeof(bytes));
	for (size_t i = 0; i < n; i++)
		assert_false(history_rows_decode(bytes, i, got, back, rows, v->n_cols));
	assert_true(history_rows_decode(bytes, n, got, back, rows, v->n_cols));
	assert_int_equal(got[2].key.b[3], 11);
	assert_int_equal(got[2].slot, 77);
	for (unsigned i = 0; i < v->n_cols; i++)
		assert_int_equal(got[2].cell[i].type, cells[i].type);
	assert_string_equal(got[1].cell[2].text, "web → 1");
	assert_memory_equal(&got[1].cell[3].addr, &a, sizeof(a));
	assert_true(got[1].cell[4].n == UINT64_MAX);
	assert_true(got[1].cell[6].x > 1234500 && got[1].cell[6].x < 1234620);
	assert_true(got[1].cell[7].x == 1);
	assert_true(got[1].cell[8].n == UINT64_C(1767225600123000000));
	assert_int_equal(got[1].cell[9].n, 123456000);
	/* As many rows as there is room for, and no byte more. */
	n = history_rows_encode(bytes, n - 1, l, v->n_cols, &rows);
	assert_int_equal(rows, 2);
	assert_true(history_rows_decode(bytes, n, got, back, rows, v->n_cols));
	row_list_del(l);
}

/* A state with its ledger and a clock. */
struct stage {
	struct ledger *l;
	struct state st;
	uint64_t at;
	unsigned seconds;
};

static void
rank(struct stage *s)
{
	refresh_begin(&s->st, s->l);
	while (refresh_step(&s->st, 1000))
		;
	refresh_finish(&s->st);
}

/* A second passes, in which 10.0.0.HOST sends n packets of 1000 bytes. */
static void
second(struct stage *s, unsigned host, unsigned n)
{
	char address[32];
	struct traffic t = { ADDR_IP4, address, 50000, "192.0.2.1", 443, 6, PROTO_TCP, PROTO_TLS,
		1000, n };

	snprintf(address, sizeof(address), "10.0.0.%u", host);
	traffic_count(s->l, &t, TRAFFIC_START + (s->seconds + 1) * NS);
	traffic_tick(s->l, (s->seconds + 2) * NS);
	s->seconds++;
	history_record(&s->st, s->l);
	while (history_record_step(&s->st, s->l, 3))
		;
	if (!history_is_shown(&s->st))
		rank(s);
}

static int
set_up(void **state)
{
	static struct stage s;

	memset(&s, 0, sizeof(s));
	s.l = traffic_none();
	traffic_tick(s.l, NS);
	state_init(&s.st);
	history_start(&s.st);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	state_fini(&s->st);
	ledger_del(s->l);
	return 0;
}

static void
key(struct stage *s, uint32_t code)
{
	if (input_key(&s->st, code) & REQ_RANK)
		rank(s);
}

static const char *
first_row(struct stage *s)
{
	static char text[64];
	struct units u = { .numeric = true };
	struct buf b;

	buf_init(&b, text, sizeof(text));
	assert_true(state_row_count(&s->st) > 0);
	value_text(&b, &state_row(&s->st, 0)->cell[0], &u);
	return text;
}

static void
a_second_back_shows_who_was_there(void **state)
{
	struct stage *s = *state;

	second(s, 1, 50);
	second(s, 2, 500);
	second(s, 3, 5000);
	key(s, '[');
	assert_true(history_is_shown(&s->st));
	assert_int_equal(s->st.ranked_at, TRAFFIC_START + 3 * NS);
	assert_true(s->st.summary.byte_rate[WAY_OTHER] > 499000);
	assert_true(s->st.summary.byte_rate[WAY_OTHER] < 501000);
	key(s, '[');
	assert_true(s->st.summary.packet_rate > 49.9 && s->st.summary.packet_rate < 50.1);
	assert_int_equal(s->st.summary.total.packets, 50);
	/* Views that were not displayed are stored, too. */
	key(s, '2');
	assert_int_equal(state_row_count(&s->st), 1);
	key(s, ']');
	assert_int_equal(state_row_count(&s->st), 2);
	key(s, ']');
	assert_int_equal(state_row_count(&s->st), 3);
	assert_true(history_is_shown(&s->st));
	key(s, ']');
	assert_false(history_is_shown(&s->st));
}

/* Counting continues, and the display does not change. */
static void
the_past_stands_still(void **state)
{
	struct stage *s = *state;

	second(s, 1, 10);
	second(s, 1, 20);
	key(s, '[');
	assert_int_equal(s->st.summary.total.packets, 10);
	second(s, 1, 30);
	assert_int_equal(s->st.summary.total.packets, 10);
	key(s, KEYC_END);
	assert_false(history_is_shown(&s->st));
	assert_int_equal(s->st.summary.total.packets, 60);
}

static void
sorting_and_filters_work_on_what_was_kept(void **state)
{
	struct stage *s = *state;

	second(s, 1, 10);
	for (unsigned host = 2; host < 10; host++)
		second(s, host, 100 - host);
	key(s, '[');
	command_run(&s->st, "sort packets asc");
	rank(s);
	assert_string_equal(first_row(s), "10.0.0.1");
	command_run(&s->st, "show host 10.0.0.4");
	rank(s);
	assert_int_equal(state_row_count(&s->st), 1);
	assert_string_equal(first_row(s), "10.0.0.4");
	key(s, KEYC_ESC);
	assert_false(history_is_shown(&s->st));
	assert_string_equal(s->st.filter_text, "host 10.0.0.4");
}

static void
a_mark_is_gone_to(void **state)
{
	struct stage *s = *state;

	second(s, 1, 10);
	second(s, 1, 20);
	key(s, 'm');
	for (int i = 0; i < 100; i++)
		second(s, 1, 1);
	key(s, 'q'); /* is of the note */
	key(s, '\r');
	assert_string_equal(s->st.past.mark[0].note, "q");
	key(s, '\'');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 3 * NS);
	assert_int_equal(s->st.summary.total.packets, 30);
	key(s, '}');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 63 * NS);
	key(s, '{');
	key(s, '{');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 2 * NS);
	assert_non_null(strstr(s->st.message_text, "no older history"));
	key(s, ' ');
	assert_false(history_is_shown(&s->st));
	assert_false(s->st.frozen);
}

/* From a mark to the one before it, and round. */
static void
marks_have_notes(void **state)
{
	struct stage *s = *state;

	second(s, 1, 10);
	assert_true(command_run(&s->st, "mark before the upgrade") & REQ_MARK);
	second(s, 1, 20);
	second(s, 1, 20);
	command_run(&s->st, "mark");
	second(s, 1, 20);
	key(s, '\'');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 4 * NS);
	key(s, '\'');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 2 * NS);
	assert_non_null(strstr(s->st.message_text, "mark: before the upgrade"));
	key(s, '\'');
	assert_int_equal(s->st.past.shown_at, TRAFFIC_START + 4 * NS);
	key(s, 'm');
	key(s, '\033');
	assert_int_equal(s->st.past.n_marks, 2);
	for (unsigned i = 0; i < 2 * HISTORY_MARKS; i++)
		command_run(&s->st, "mark \033[2J");
	assert_int_equal(s->st.past.n_marks, HISTORY_MARKS);
	assert_null(strchr(s->st.past.mark[0].note, '\033'));
}

static void
before_anything_was_there_is_no_past(void **state)
{
	struct stage *s = *state;

	key(s, '[');
	assert_false(history_is_shown(&s->st));
	assert_non_null(strstr(s->st.message_text, "no history yet"));
	key(s, '\'');
	assert_non_null(strstr(s->st.message_text, "no mark set"));
	second(s, 1, 1);
	history_clear(&s->st);
	key(s, '[');
	assert_false(history_is_shown(&s->st));
}

/* All views, on screens of all sizes. */
static void
every_view_is_painted(void **state)
{
	struct stage *s = *state;
	struct screen_info f = { .source = "eth0", .mode = "LIVE" };
	struct canvas c;

	for (unsigned i = 0; i < 20; i++)
		second(s, i, i * 10 + 1);
	canvas_init(&c, false);
	key(s, '[');
	for (unsigned v = 0; v < n_views; v++) {
		state_show_view(&s->st, v);
		rank(s);
		assert_true(history_is_shown(&s->st));
		for (int cols = 1; cols < 240; cols += 17) {
			canvas_resize(&c, cols, cols / 3 + 1);
			screen_paint(&c, &s->st, s->l, &f);
		}
	}
	canvas_fini(&c);
}

/* The oldest are dropped, and the rest is readable; old ones are one in ten seconds. */
static void
memory_is_fixed(void **state)
{
	struct stage *s = *state;
	struct history_store *p = history_store_new(HISTORY_MIN_MEMORY);
	struct history_store_extent e;
	struct row_list *l = row_list_new();
	struct history_query w = { .view = 0, .keep_order = true };
	struct summary m;
	struct panel pane;
	uint64_t found, at;
	uint32_t x = 1;

	second(s, 1, 10);
	for (unsigned i = 0; i < 30000; i++) {
		m = s->st.summary;
		m.packet_rate = i * 1.5;
		pane = s->st.panel;
		for (unsigned k = 0; k < PANEL_SIZES; k++)
			pane.size[k] = (double)(x = x * 1664525 + 1013904223) / 3;
		history_store_begin(p, (i + 1) * NS, &m, &pane);
		history_store_add(p, 0, s->st.list);
		history_store_end(p);
	}
	e = history_store_extent(p);
	assert_true(e.bytes <= HISTORY_MIN_MEMORY);
	assert_int_equal(e.last, 30000 * NS);
	assert_true(e.first > NS);
	for (at = e.first; history_store_find(p, at, &found) && found < e.last; at += NS) {
		assert_true(found <= at);
		/* Old ones are one in ten seconds, new ones each second. */
		assert_true(at - found < 10 * NS);
		assert_true(at + 60 * NS < e.last || found == at);
		assert_true(history_store_load(p, found, &w, l, &m, &pane));
		assert_true(m.packet_rate == (double)(found / NS - 1) * 1.5);
		assert_int_equal(row_list_count(l), state_row_count(&s->st));
	}
	history_store_clear(p);
	assert_false(history_store_find(p, at, &found));
	row_list_del(l);
	history_store_del(p);
}

/* Whether the rows in "(other)" match is unknown. */
static void
the_rest_passes_no_filter(void **state)
{
	struct stage *s = *state;
	struct history_store *p = history_store_new(HISTORY_MIN_MEMORY);
	struct row_list *kept = row_list_new(), *l = row_list_new();
	struct history_query w = { .keep_order = true };
	struct filter *all = filter_new(views[0], "not ip6", NULL, NULL);
	struct value cells[VIEW_COLUMNS] = { { .type = V_NONE } };
	struct table_row row = { .cell = cells };
	struct summary m;
	struct panel pane;

	row_list_load_begin(kept, views[0], 2);
	row_list_load_row(kept, &row);
	row.other = true;
	row_list_load_row(kept, &row);
	row_list_load_end(kept, -1, false);
	history_store_begin(p, NS, &s->st.summary, &s->st.panel);
	history_store_add(p, 0, kept);
	history_store_end(p);
	assert_true(history_store_load(p, NS, &w, l, &m, &pane));
	assert_int_equal(row_list_count(l), 2);
	w.filter = all;
	assert_true(history_store_load(p, NS, &w, l, &m, &pane));
	assert_int_equal(row_list_count(l), 1);
	assert_false(row_list_get(l, 0)->other);
	filter_del(all);
	row_list_del(kept);
	row_list_del(l);
	history_store_del(p);
}

/* A recording: the pictures of many moments as bytes. */
#define MOMENTS 50

static struct recording {
	uint8_t bytes[MOMENTS][1 << 15];
	size_t n[MOMENTS];
	uint64_t at[MOMENTS];
	unsigned count;
} recording;

static void
record_picture(struct recording *r, struct history_store *p)
{
	const uint8_t *bytes;
	unsigned i = r->count++;

	r->at[i] = history_picture_export(p, &bytes, &r->n[i]);
	assert_in_range(r->n[i], 1, sizeof(r->bytes[i]));
	memcpy(r->bytes[i], bytes, r->n[i]);
}

static bool
recording_find(void *arg, uint64_t at, uint64_t *found)
{
	const struct recording *r = arg;

	*found = r->at[0];
	for (unsigned i = 0; i < r->count && r->at[i] <= at; i++)
		*found = r->at[i];
	return r->count > 0;
}

static bool
recording_next(void *arg, uint64_t at, uint64_t *found)
{
	const struct recording *r = arg;
	unsigned i = 0;

	while (i < r->count && r->at[i] <= at)
		i++;
	*found = i < r->count ? r->at[i] : 0;
	return i < r->count;
}

static void
recording_extent(void *arg, uint64_t *first, uint64_t *last)
{
	const struct recording *r = arg;

	*first = r->at[0];
	*last = r->at[r->count - 1];
}

static const uint8_t *
recording_load(void *arg, uint64_t at, size_t *n)
{
	const struct recording *r = arg;

	for (unsigned i = 0; i < r->count; i++) {
		if (r->at[i] != at)
			continue;
		*n = r->n[i];
		return r->bytes[i];
	}
	return NULL;
}

static const struct history_source recording_source = { recording_find, recording_next,
	recording_extent, recording_load, &recording };

static void
paint_moment(struct state *st, struct ledger *l, struct canvas *c, uint64_t at, unsigned view)
{
	struct screen_info f = { .source = "eth0", .mode = "LIVE" };
	struct stage s = { .l = l };

	state_show_view(st, view);
	st->past.shown_at = at;
	refresh_begin(st, s.l);
	while (refresh_step(st, 1000))
		;
	refresh_finish(st);
	screen_paint(c, st, l, &f);
}

static void
assert_same_screens(const struct canvas *x, const struct canvas *y)
{
	char one[1024], two[1024];
	struct buf a, b;

	for (int row = 0; row < x->rows; row++) {
		buf_init(&a, one, sizeof(one));
		buf_init(&b, two, sizeof(two));
		canvas_text(x, row, &a);
		canvas_text(y, row, &b);
		assert_string_equal(a.s, b.s);
	}
}

/* Records as many moments, and opens the recording in st. */
static void
record_moments(struct stage *s, struct state *st)
{
	recording.count = 0;
	for (unsigned i = 0; i < MOMENTS; i++) {
		second(s, i % 23 + 1, i * i % 97 + 1);
		record_picture(&recording, s->st.past.store);
	}
	state_init(st);
	assert_true(history_open(st, history_store_new_from(&recording_source), UINT64_MAX));
	assert_int_equal(st->past.shown_at, recording.at[MOMENTS - 1]);
}

/* What was live is shown again, in all views. */
static void
a_recording_shows_the_same(void **state)
{
	struct stage *s = *state;
	struct canvas live, later;
	struct state st;

	record_moments(s, &st);
	canvas_init(&live, false);
	canvas_init(&later, false);
	canvas_resize(&live, 150, 40);
	canvas_resize(&later, 150, 40);
	for (unsigned i = 0; i < MOMENTS; i++) {
		for (unsigned v = 0; v < n_views; v++) {
			paint_moment(&s->st, s->l, &live, recording.at[i], v);
			paint_moment(&st, s->l, &later, recording.at[i], v);
			assert_same_screens(&live, &later);
		}
	}
	canvas_fini(&live);
	canvas_fini(&later);
	state_fini(&st);
}

static void
a_recording_is_stepped_and_played(void **state)
{
	struct stage *s = *state;
	struct state st;

	record_moments(s, &st);
	command_run(&st, "time forward");
	assert_non_null(strstr(st.message_text, "the end of the recording"));
	command_run(&st, "time back");
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 2]);
	command_run(&st, "time -40s");
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 41]);
	command_run(&st, "time forward");
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 40]);
	assert_int_equal(history_play(&st, NS), 0);
	command_run(&st, "play 10");
	assert_true(history_play(&st, NS / 2) & REQ_RANK);
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 35]);
	command_run(&st, "freeze");
	assert_int_equal(history_play(&st, NS), 0);
	command_run(&st, "play 0.5");
	assert_int_equal(history_play(&st, NS), 0);
	assert_true(history_play(&st, NS) & REQ_RANK);
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 34]);
	command_run(&st, "play 86400");
	history_play(&st, NS);
	command_run(&st, "time live");
	assert_int_equal(st.past.shown_at, recording.at[MOMENTS - 1]);
	command_run(&st, "play -1");
	assert_non_null(strstr(st.message_text, "a speed from"));
	command_run(&s->st, "play");
	assert_non_null(strstr(s->st.message_text, "only a recording"));
	state_fini(&st);
}

/* Whatever is in a file, it is painted or left out. */
static void
hostile_pictures_do_no_harm(void **state)
{
	static uint8_t plain[DELTA_MAX];
	struct stage *s = *state;
	struct canvas c;
	struct state st;
	uint32_t x = 1;
	size_t n, whole;

	record_moments(s, &st);
	canvas_init(&c, false);
	canvas_resize(&c, 150, 40);
	whole = delta_decode(NULL, 0, recording.bytes[9], recording.n[9], plain, sizeof(plain));
	assert_true(whole > 0);
	for (unsigned round = 0; round < 300; round++) {
		n = delta_decode(
		    NULL, 0, recording.bytes[10], recording.n[10], plain, sizeof(plain));
		for (unsigned i = 0; i < 1 + round % 40; i++) {
			x = x * 1664525 + 1013904223;
			plain[(x >> 8) % n] = (uint8_t)(x >> 24);
		}
		recording.n[9] = delta_encode(NULL, 0, plain, round % 7 == 0 ? round % n : n,
		    recording.bytes[9], sizeof(recording.bytes[9]));
		for (unsigned v = 0; v < n_views; v++)
			paint_moment(&st, s->l, &c, recording.at[9], v);
	}
	canvas_fini(&c);
	state_fini(&st);
}

/* Very large tables are stored less often. */
static void
work_is_bounded(void **state)
{
	struct stage *s = *state;

	s->st.past.maker.credit = -HISTORY_WORK - 1;
	second(s, 1, 1);
	assert_int_equal(history_store_extent(s->st.past.store).n_entries, 0);
	second(s, 1, 1);
	assert_true(history_store_extent(s->st.past.store).n_entries > 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_bytes_come_back),
		cmocka_unit_test(what_is_alike_takes_little),
		cmocka_unit_test(wrong_bytes_are_refused),
		cmocka_unit_test(cells_come_back),
		TEST(a_second_back_shows_who_was_there),
		TEST(the_past_stands_still),
		TEST(sorting_and_filters_work_on_what_was_kept),
		TEST(a_mark_is_gone_to),
		TEST(marks_have_notes),
		TEST(before_anything_was_there_is_no_past),
		TEST(every_view_is_painted),
		TEST(memory_is_fixed),
		TEST(the_rest_passes_no_filter),
		TEST(work_is_bounded),
		TEST(a_recording_shows_the_same),
		TEST(a_recording_is_stepped_and_played),
		TEST(hostile_pictures_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
