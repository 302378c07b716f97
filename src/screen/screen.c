#include "config.h"

#include "screen/screen.h"

#include "control/keymap.h"
#include "screen/paint.h"

void
screen_paint(
    struct canvas *c, struct state *st, const struct ledger *l, const struct screen_info *f)
{
	struct painter p = { .c = c, .st = st, .l = l, .f = f };

	st->cols = c->cols;
	st->rows = c->rows;
	p.lo = state_layout(st);
	canvas_clear(c);
	if (st->help) {
		help_paint(&p);
	} else {
		header_paint(&p);
		if (views[st->view]->is_graph)
			traffic_graph_paint(&p);
		else
			table_paint(&p);
		panel_paint(&p);
		if (p.lo.detail >= 0)
			detail_paint(&p);
		if (st->menu.kind != MENU_NONE)
			menu_paint(&p);
	}
	footer_paint(&p);
}

unsigned
screen_mouse(const struct canvas *c, struct state *st, uint32_t key)
{
	return mouse_key(st, canvas_zone_at(c, mouse_x(key), mouse_y(key)), key);
}
