/* Pictures of files, which may be hostile: nothing in them is believed. */
#include "config.h"

#include "view/private.h"

#include <stddef.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/history_store.h"
#include "view/summary.h"

#define FORMAT_VERSION 1
#define NUMBER_MOST    1e18

/* FNV-1a. */
static uint32_t
history_picture_mix(uint32_t hash, const void *bytes, size_t n)
{
	const uint8_t *s = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ s[i]) * UINT32_C(16777619);
	return hash;
}

uint32_t
history_picture_format(void)
{
	const size_t sizes[] = { FORMAT_VERSION, SUMMARY_BYTES, sizeof(struct panel), n_views };
	uint32_t hash = history_picture_mix(UINT32_C(2166136261), sizes, sizeof(sizes));

	for (unsigned i = 0; i < n_views; i++)
		for (unsigned c = 0; c < views[i]->n_cols; c++)
			hash = history_picture_mix(
			    hash, views[i]->cols[c].name, strlen(views[i]->cols[c].name) + 1);
	return hash;
}

static uint8_t *
history_picture_name_at(uint8_t *panel, unsigned i)
{
	return panel + offsetof(struct panel, proto) + i * sizeof(struct panel_proto) +
	    offsetof(struct panel_proto, name);
}

/* Where a name's address is in memory. */
void
history_picture_number_protocols(uint8_t *panel)
{
	for (unsigned i = 0; i < PANEL_PROTOS; i++) {
		uint8_t *at = history_picture_name_at(panel, i);
		const char *name;
		uint16_t number = 0;

		memcpy(&name, at, sizeof(name));
		while (name != NULL && number + 1 < PROTO_MAX && proto_name(number) != name)
			number++;
		memset(at, 0, sizeof(name));
		memcpy(at, &number, sizeof(number));
	}
}

void
history_picture_name_protocols(struct panel *p)
{
	for (unsigned i = 0; i < PANEL_PROTOS; i++) {
		uint16_t number;

		memcpy(&number, &p->proto[i].name, sizeof(number));
		p->proto[i].name = proto_name(number < PROTO_MAX ? number : 0);
	}
}

/* To read a byte that is neither 0 nor 1 as a bool is undefined. */
static void
history_picture_fix_bool(uint8_t *at)
{
	*at = *at != 0;
}

static double
history_picture_sane(double x)
{
	return x >= 0 && x < NUMBER_MOST ? x : 0;
}

static void
history_picture_fix_doubles(double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = history_picture_sane(x[i]);
}

static void
history_picture_fix_summary(uint8_t *s)
{
	struct summary m = { .n_samples = 0 };

	history_picture_fix_bool(s + offsetof(struct summary, rates_known));
	history_picture_fix_bool(s + offsetof(struct summary, has_direction));
	history_picture_fix_bool(s + offsetof(struct summary, has_other));
	memcpy(&m, s, SUMMARY_BYTES);
	history_picture_fix_doubles(m.byte_rate, SERIES_WAYS);
	history_picture_fix_doubles(&m.packet_rate, 1);
	history_picture_fix_doubles(&m.burst_rate, 1);
	memcpy(s, &m, SUMMARY_BYTES);
}

static void
history_picture_fix_source(struct panel_source *src)
{
	char name[PANEL_NAME];
	struct buf b;

	buf_init(&b, name, sizeof(name));
	text_clean(&b, src->name, strnlen(src->name, sizeof(src->name)));
	memcpy(src->name, name, sizeof(name));
	/* Negative: not known. */
	src->byte_rate = src->byte_rate < 0 ? -1 : history_picture_sane(src->byte_rate);
	src->link_share = src->link_share < 0 ? -1 : history_picture_sane(src->link_share);
	if (src->state > SOURCE_DOWN)
		src->state = SOURCE_ENDED;
}

static void
history_picture_fix_panel(uint8_t *s)
{
	struct panel p;

	history_picture_fix_bool(s + offsetof(struct panel, known));
	history_picture_fix_bool(s + offsetof(struct panel, has_tcp));
	history_picture_fix_bool(s + offsetof(struct panel, has_rtt));
	for (unsigned i = 0; i < PANEL_SOURCES; i++)
		history_picture_fix_bool(s + offsetof(struct panel, source) +
		    i * sizeof(struct panel_source) + offsetof(struct panel_source, drops_known));
	memcpy(&p, s, sizeof(p));
	history_picture_fix_doubles(p.class, CLASSES);
	history_picture_fix_doubles(p.size, PANEL_SIZES);
	history_picture_fix_doubles(p.tcp, TCP_STATS_KINDS);
	for (unsigned i = 0; i < PANEL_PROTOS; i++)
		p.proto[i].share = history_picture_sane(p.proto[i].share);
	for (unsigned i = 0; i < PANEL_SOURCES; i++)
		history_picture_fix_source(&p.source[i]);
	if (p.n_protos > PANEL_PROTOS)
		p.n_protos = PANEL_PROTOS;
	if (p.n_sources > LEDGER_SOURCES)
		p.n_sources = LEDGER_SOURCES;
	memcpy(s, &p, sizeof(p));
}

bool
history_picture_check(uint8_t *s, size_t n)
{
	if (n < NUMBERS_BYTES)
		return false;
	history_picture_fix_summary(s);
	history_picture_fix_panel(s + SUMMARY_BYTES);
	return true;
}

static bool
history_picture_check_value(struct value *v)
{
	char text[VALUE_TEXT] = "";
	struct buf b;

	switch (v->type) {
	case V_TEXT:
		buf_init(&b, text, sizeof(text));
		text_clean(&b, v->text, strnlen(v->text, VALUE_TEXT));
		memcpy(v->text, text, sizeof(text));
		return v->kind < NAME_ORIGINS;
	case V_BYTE_RATE:
	case V_PACKET_RATE:
	case V_SHARE:
		v->x = history_picture_sane(v->x);
		return true;
	case V_ADDR:
		return v->kind <= ADDR_MAC && v->bits <= 128;
	case V_PORT:
		return v->kind < SPACE_MAX;
	case V_TIME:
		return v->kind <= VALUE_DAY_TIME;
	default:
		return true;
	}
}

/* In a tree, parents are before their children. */
bool
history_picture_check_row(const struct view *v, struct table_row *row, struct value *cells)
{
	for (unsigned c = 0; c < v->n_cols; c++)
		if (!history_picture_check_value(&cells[c]))
			return false;
	if (v->parent_slot == NULL) {
		row->slot = 0;
		return true;
	}
	return row->slot < PROTO_TREE_MAX &&
	    (v->parent_slot(&row->key) == UINT32_MAX || v->parent_slot(&row->key) < row->slot);
}
