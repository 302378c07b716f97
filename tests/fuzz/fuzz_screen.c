/*
 * Keys, clicks and sizes: the first two bytes are the size of the screen, the others are actions.
 * All painted cells must be on the canvas, and sanitised.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../unit/traffic.h"
#include "control/command.h"
#include "control/keymap.h"
#include "fuzz.h"
#include "screen/screen.h"
#include "util/text.h"

#define MOST 200 /* bytes of an input */
#define COLS 200
#define ROWS 64

/* The action of a byte from there on; lower ones are typed characters. */
enum act {
	ACT_KEY = 0x80,   /* a key without a character */
	ACT_CLICK = 0xa0, /* at the position in the next two bytes */
	ACT_WHEEL = 0xa2,
	ACT_SIZE = 0xa4,    /* the size in the next two bytes */
	ACT_LETTER = 0xa6,  /* beyond ASCII, in the next two bytes */
	ACT_RANK = 0xa8,    /* ranks the list, after some time has passed */
	ACT_COMMAND = 0xaa, /* the next byte selects it; others: as characters */
	ACT_END = 0xac,
};

struct stage {
	struct ledger *l;
	struct state st;
	struct canvas c;
};

static struct stage stage;

static void
check_canvas(const struct canvas *c)
{
	char text[COLS * (CELL_MARKS + 1) * 4 + 1];
	struct buf line;

	for (int y = 0; y < c->rows; y++) {
		buf_init(&line, text, sizeof(text));
		canvas_text(c, y, &line);
		require(text_is_clean(line.s) && text_width(line.s) <= (size_t)c->cols);
	}
	require(c->n_zones <= CANVAS_ZONES);
	require(c->cursor_x < c->cols && c->cursor_y < c->rows);
}

static void
paint(struct stage *s)
{
	static const struct screen_info facts = {
		.source = "eth0", .mode = "LIVE", .recording = "log"
	};

	canvas_resize(&s->c, s->st.cols, s->st.rows);
	s->c.ascii = s->st.ascii;
	screen_paint(&s->c, &s->st, s->l, &facts);
	check_canvas(&s->c);
}

static void
rank(struct stage *s)
{
	if (refresh_watch_extras(&s->st, s->l))
		while (ledger_fold(s->l, UINT32_MAX))
			;
	refresh_begin(&s->st, s->l);
	while (refresh_step(&s->st, UINT32_MAX))
		;
	refresh_finish(&s->st);
}

static void
set_size(struct stage *s, struct input *in)
{
	s->st.cols = input_byte(in) % COLS + 1;
	s->st.rows = input_byte(in) % ROWS + 1;
}

static unsigned
mouse(struct stage *s, struct input *in, enum mouse_kind kind)
{
	int x = input_byte(in), y = input_byte(in);

	paint(s);
	return screen_mouse(&s->c, &s->st, KEYC_MOUSE | mouse_encode(kind, x, y));
}

/* Performs the next action. Returns requests. */
static unsigned
act(struct stage *s, struct input *in)
{
	uint8_t byte = input_byte(in);

	if (byte < ACT_KEY || byte >= ACT_END)
		return input_key(&s->st, byte);
	if (byte < ACT_CLICK)
		return input_key(&s->st, KEYC_FIRST + 1 + byte - ACT_KEY);
	if (byte < ACT_WHEEL)
		return mouse(s, in, MOUSE_CLICK);
	if (byte < ACT_SIZE)
		return mouse(s, in, byte % 2 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN);
	if (byte < ACT_LETTER) {
		set_size(s, in);
		paint(s);
		return 0;
	}
	if (byte < ACT_RANK)
		return input_key(&s->st, input_number(in));
	if (byte < ACT_COMMAND)
		return REQ_RANK;
	return command_run(&s->st, commands[input_byte(in) % n_commands].name);
}

static void
fulfil(struct stage *s, unsigned requests)
{
	if (requests & REQ_ZERO)
		ledger_set_baseline(s->l, s->st.since_baseline);
	if (requests & (REQ_RANK | REQ_ZERO))
		rank(s);
}

/* Traffic with rows in every view. */
static struct ledger *
full_ledger(void)
{
	struct ledger *l = traffic_new();

	while (ledger_enable(l, LEDGER_NETWORKS | LEDGER_PACKETS, STATE_PREFIX4, STATE_PREFIX6))
		ledger_fold(l, UINT32_MAX);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START + 3 * TRAFFIC_NS);
	traffic_tick(l, 4 * TRAFFIC_NS);
	return l;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct stage *s = &stage;

	if (size > MOST)
		return 0;
	if (s->l == NULL) {
		s->l = full_ledger();
		canvas_init(&s->c, false);
	}
	state_init(&s->st);
	set_size(s, &in);
	rank(s);
	paint(s);
	while (in.left > 0)
		fulfil(s, act(s, &in));
	paint(s);
	state_fini(&s->st);
	ledger_set_baseline(s->l, false);
	return 0;
}
