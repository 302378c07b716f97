#include "config.h"

#include "view/row_filter.h"

#include <inttypes.h>
#include <string.h>

#include "core/size_histogram.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

static const struct units exact = { .numeric = true };

const struct value *
rowterm_cell_of(const struct view *v, const struct list_row *row, const char *name)
{
	const struct column *c = view_column(v, name);

	return c != NULL ? &row->cell[c - v->cols] : NULL;
}

/* True if what was added to b after `before` bytes was not cut; else removes it. */
static bool
whole(struct buf *b, size_t before)
{
	if (!b->truncated && b->len > before)
		return true;
	b->len = before;
	b->s[before] = '\0';
	b->truncated = false;
	return false;
}

static const struct value *
cell_of_type(const struct view *v, const struct list_row *row, const char *name, enum vtype type)
{
	const struct value *cell = rowterm_cell_of(v, row, name);

	return cell != NULL && cell->type == type ? cell : NULL;
}

/* A row without an address shows "-" and is found by that. */
static bool
add_address(struct buf *b, const struct value *address)
{
	if (address == NULL || !addr_is_present(address->kind, &address->addr))
		return false;
	buf_adds(b, address->bits != 0 ? "net " : "host ");
	value_text(b, address, &exact);
	return true;
}

/* Quotes texts with special characters; a text with both kinds of quotes has no term. */
static bool
add_text(struct buf *b, const char *column, const char *text)
{
	char quote = strchr(text, '"') != NULL ? '\'' : '"';

	text += strspn(text, " ");
	if (*text == '\0' || strchr(text, quote) != NULL)
		return false;
	if (strpbrk(text, " \t\r\n()=!<>~&|\"'") != NULL)
		buf_addf(b, "%s = %c%s%c", column, quote, text, quote);
	else
		buf_addf(b, "%s = %s", column, text);
	return true;
}

/* Layers that have a keyword in the filter language. */
static void
add_layer(struct buf *b, const char *name, size_t n)
{
	static const struct {
		const char *layer, *word;
	} words[] = { { "tcp", "tcp" }, { "udp", "udp" }, { "arp", "arp" }, { "ip", "ip" },
		{ "ipv6", "ip6" } };

	for (size_t i = 0; i < NITEMS(words); i++) {
		if (strlen(words[i].layer) == n && memcmp(words[i].layer, name, n) == 0) {
			buf_adds(b, words[i].word);
			return;
		}
	}
	buf_addf(b, "proto %.*s", (int)n, name);
}

/* Tells networks with the same addresses apart.  A flow with different contexts per direction has
 * no term. */
static void
add_context(struct buf *b, const struct view *v, const struct list_row *row)
{
	const struct value *context = cell_of_type(v, row, "context", V_TEXT);
	size_t before = b->len;

	if (context == NULL || strchr(context->text, '/') != NULL)
		return;
	buf_addc(b, ' ');
	if (!add_text(b, "context", context->text)) {
		b->len = before;
		b->s[before] = '\0';
	}
}

static bool
add_ends(struct buf *b, const struct view *v, const struct list_row *row)
{
	static const struct {
		const char *address, *port;
	} ends[] = { { "a", "a_port" }, { "b", "b_port" } };
	const struct value *protocol = cell_of_type(v, row, "protocol", V_TEXT);

	if (protocol == NULL)
		return false;
	add_layer(b, protocol->text, strlen(protocol->text));
	for (unsigned i = 0; i < NITEMS(ends); i++) {
		const struct value *address = cell_of_type(v, row, ends[i].address, V_ADDR);
		const struct value *port = cell_of_type(v, row, ends[i].port, V_PORT);

		if (address == NULL || !addr_is_present(address->kind, &address->addr))
			continue;
		buf_addc(b, ' ');
		add_address(b, address);
		if (port != NULL)
			buf_addf(b, " port %u", (unsigned)port->n);
	}
	add_context(b, v, row);
	return true;
}

static bool
add_service(struct buf *b, const struct view *v, const struct list_row *row)
{
	const struct value *protocol = cell_of_type(v, row, "protocol", V_TEXT);
	const struct value *port = cell_of_type(v, row, "port", V_PORT);

	if (protocol == NULL)
		return false;
	add_layer(b, protocol->text, strlen(protocol->text));
	if (port != NULL)
		buf_addf(b, " port %u", (unsigned)port->n);
	return true;
}

/* Terms that mean the same in this view and in that of flows. */
static bool
add_shared(struct buf *b, const struct view *v, const struct list_row *row)
{
	if (add_address(b, cell_of_type(v, row, "address", V_ADDR)) ||
	    add_address(b, cell_of_type(v, row, "network", V_ADDR)))
		return true;
	if (view_column(v, "a") != NULL)
		return add_ends(b, v, row);
	return add_service(b, v, row);
}

bool
rowterm_row(struct buf *b, const struct view *v, const struct list_row *row)
{
	static const char *const names[] = { "name", "range", "address", "network" };
	const struct value *path = cell_of_type(v, row, "path", V_TEXT), *cell;
	size_t before = b->len;
	const char *slash;

	if (row->other)
		return false;
	if (path != NULL) {
		slash = strrchr(path->text, '/');
		slash = slash != NULL ? slash + 1 : path->text;
		add_layer(b, slash, strlen(slash));
		return whole(b, before);
	}
	if (add_shared(b, v, row))
		return whole(b, before);
	for (size_t i = 0; i < NITEMS(names); i++) {
		cell = rowterm_cell_of(v, row, names[i]);
		if (cell != NULL && cell->type == V_TEXT && add_text(b, names[i], cell->text))
			return whole(b, before);
		if (cell != NULL && cell->type == V_ADDR) {
			buf_addf(b, "%s = -", names[i]);
			return whole(b, before);
		}
	}
	return false;
}

/* Numbers that are identifiers, not measurements. */
static bool
is_name(const struct column *c)
{
	static const char *const names[] = { "vlan", "ttl" };

	for (size_t i = 0; i < NITEMS(names); i++)
		if (strcmp(c->name, names[i]) == 0)
			return true;
	return false;
}

bool
rowterm_cell(struct buf *b, const struct view *v, const struct list_row *row, unsigned column)
{
	const struct column *c = &v->cols[column];
	const struct value *cell = &row->cell[column];
	size_t before = b->len;

	if (row->other)
		return false;
	if (cell->type == V_ADDR && add_address(b, cell))
		return whole(b, before);
	if (cell->type == V_PORT) {
		buf_addf(b, "port %u", (unsigned)cell->n);
		return whole(b, before);
	}
	if (cell->type == V_ID && is_name(c)) {
		buf_addf(b, "%s = %u", c->name, (unsigned)cell->n);
		return whole(b, before);
	}
	if (cell->type == V_TEXT && view_column(v, "path") == NULL &&
	    add_text(b, c->name, cell->text))
		return whole(b, before);
	return rowterm_row(b, v, row);
}

static bool
is_layer(const char *name, size_t n, const char *layer)
{
	return strlen(layer) == n && memcmp(layer, name, n) == 0;
}

/*
 * eth/ip/udp/dns becomes "ip udp proto dns".  Layers inside a tunnel belong to the tunnel's flow;
 * layers below IP alone have no term.
 */
static bool
add_path(struct buf *b, const char *path)
{
	bool ip = false;
	size_t n;

	for (const char *s = path;; s += n + 1) {
		bool family;

		n = strcspn(s, "/");
		family = is_layer(s, n, "ip") || is_layer(s, n, "ipv6");
		if (ip && (family || is_layer(s, n, "eth")))
			return true;
		ip |= family;
		if (family) {
			add_layer(b, s, n);
		} else if (ip && (is_layer(s, n, "tcp") || is_layer(s, n, "udp"))) {
			buf_addc(b, ' ');
			add_layer(b, s, n);
		} else if (s[n] == '\0' && s != path) {
			if (ip)
				buf_addc(b, ' ');
			add_layer(b, s, n);
			return true;
		}
		if (s[n] == '\0')
			return ip;
	}
}

bool
rowterm_flows(struct buf *b, const struct view *v, const struct list_row *row)
{
	const struct value *path = cell_of_type(v, row, "path", V_TEXT);
	const struct value *name = cell_of_type(v, row, "name", V_TEXT);
	size_t before = b->len;

	if (row->other)
		return false;
	if (path != NULL)
		return add_path(b, path->text) && whole(b, before);
	if (add_shared(b, v, row))
		return whole(b, before);
	/* Otherwise the row is a source, which has a name. */
	return name != NULL && view_column(v, "address") == NULL &&
	    add_text(b, "source", name->text) && whole(b, before);
}

/* Adds the bounds of a range of packet lengths. */
static void
add_range(struct buf *b, const struct size_range *r)
{
	buf_addf(b, "length >= %" PRIu32, r->from);
	if (r->to != UINT32_MAX)
		buf_addf(b, " length <= %" PRIu32, r->to);
}

bool
rowterm_packets(struct buf *b, const struct view *v, const struct list_row *row)
{
	if (row->other || v != &view_sizes)
		return rowterm_flows(b, v, row);
	add_range(b, &size_ranges[row->key.b[0]]);
	return true;
}
