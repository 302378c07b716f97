#include "config.h"

#include "view/row_filter.h"

#include <inttypes.h>
#include <string.h>

#include "core/size_histogram.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"

static const struct units exact = { .numeric = true };

const struct value *
row_find_cell(const struct view *v, const struct table_row *row, const char *name)
{
	const struct column *c = view_find_column(v, name);

	return c != NULL ? &row->cell[c - v->cols] : NULL;
}

bool
row_filter_keep_or_undo(struct buf *b, size_t before)
{
	if (!b->truncated && b->len > before)
		return true;
	b->len = before;
	b->s[before] = '\0';
	b->truncated = false;
	return false;
}

const struct value *
row_filter_find_typed_cell(
    const struct view *v, const struct table_row *row, const char *name, enum value_type type)
{
	const struct value *cell = row_find_cell(v, row, name);

	return cell != NULL && cell->type == type ? cell : NULL;
}

bool
row_filter_add_address(struct buf *b, const struct value *address)
{
	if (address == NULL || !addr_is_present(address->kind, &address->addr))
		return false;
	buf_adds(b, address->bits != 0 ? "net " : "host ");
	value_text(b, address, &exact);
	return true;
}

bool
row_filter_add_text(struct buf *b, const char *column, const char *text)
{
	char quote = strchr(text, '"') != NULL ? '\'' : '"';

	text += strspn(text, " ");
	if (*text == '\0' || strchr(text, quote) != NULL)
		return false;
	if (strpbrk(text, " \t\r\n()=!<>~&|\"',") != NULL)
		buf_addf(b, "%s = %c%s%c", column, quote, text, quote);
	else
		buf_addf(b, "%s = %s", column, text);
	return true;
}

/* Layers that have a keyword in the filter language. */
static void
row_filter_add_layer(struct buf *b, const char *name, size_t n)
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
row_filter_add_context(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *context = row_filter_find_typed_cell(v, row, "context", V_TEXT);
	size_t before = b->len;

	if (context == NULL || strchr(context->text, '/') != NULL)
		return;
	buf_addc(b, ' ');
	if (!row_filter_add_text(b, "context", context->text)) {
		b->len = before;
		b->s[before] = '\0';
	}
}

static bool
row_filter_add_ends(struct buf *b, const struct view *v, const struct table_row *row)
{
	static const struct {
		const char *address, *port;
	} ends[] = { { "a", "a_port" }, { "b", "b_port" } };
	const struct value *protocol = row_filter_find_typed_cell(v, row, "protocol", V_TEXT);

	if (protocol == NULL)
		return false;
	row_filter_add_layer(b, protocol->text, strlen(protocol->text));
	for (unsigned i = 0; i < NITEMS(ends); i++) {
		const struct value *address =
		    row_filter_find_typed_cell(v, row, ends[i].address, V_ADDR);
		const struct value *port = row_filter_find_typed_cell(v, row, ends[i].port, V_PORT);

		if (address == NULL || !addr_is_present(address->kind, &address->addr))
			continue;
		buf_addc(b, ' ');
		row_filter_add_address(b, address);
		if (port != NULL)
			buf_addf(b, " port %u", (unsigned)port->n);
	}
	row_filter_add_context(b, v, row);
	return true;
}

static bool
row_filter_add_service(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *protocol = row_filter_find_typed_cell(v, row, "protocol", V_TEXT);
	const struct value *port = row_filter_find_typed_cell(v, row, "port", V_PORT);

	if (protocol == NULL)
		return false;
	row_filter_add_layer(b, protocol->text, strlen(protocol->text));
	if (port != NULL)
		buf_addf(b, " port %u", (unsigned)port->n);
	return true;
}

/* The host of a row, and its peer; if an end has no address, the other one alone. */
static bool
row_filter_add_hosts(struct buf *b, const struct view *v, const struct table_row *row)
{
	bool one = row_filter_add_address(b, row_filter_find_typed_cell(v, row, "address", V_ADDR));
	size_t before = b->len;

	if (one)
		buf_addc(b, ' ');
	if (row_filter_add_address(b, row_filter_find_typed_cell(v, row, "peer", V_ADDR)))
		return true;
	b->len = before;
	b->s[before] = '\0';
	return one;
}

/* Terms that mean the same in this view and in that of flows. */
static bool
row_filter_add_shared(struct buf *b, const struct view *v, const struct table_row *row)
{
	if (row_filter_add_hosts(b, v, row) ||
	    row_filter_add_address(b, row_filter_find_typed_cell(v, row, "network", V_ADDR)))
		return true;
	if (view_find_column(v, "a") != NULL)
		return row_filter_add_ends(b, v, row);
	return row_filter_add_service(b, v, row);
}

bool
row_filter_row(struct buf *b, const struct view *v, const struct table_row *row)
{
	static const char *const names[] = { "name", "range", "address", "network", "use" };
	const struct value *path = row_filter_find_typed_cell(v, row, "path", V_TEXT), *cell;
	size_t before = b->len;
	const char *slash;

	if (row->other)
		return false;
	if (path != NULL) {
		slash = strrchr(path->text, '/');
		slash = slash != NULL ? slash + 1 : path->text;
		row_filter_add_layer(b, slash, strlen(slash));
		return row_filter_keep_or_undo(b, before);
	}
	if (row_filter_add_shared(b, v, row))
		return row_filter_keep_or_undo(b, before);
	for (size_t i = 0; i < NITEMS(names); i++) {
		cell = row_find_cell(v, row, names[i]);
		if (cell != NULL && cell->type == V_TEXT &&
		    row_filter_add_text(b, names[i], cell->text))
			return row_filter_keep_or_undo(b, before);
		if (cell != NULL && cell->type == V_ADDR) {
			buf_addf(b, "%s = -", names[i]);
			return row_filter_keep_or_undo(b, before);
		}
	}
	return false;
}

/* Numbers that are identifiers, not measurements. */
static bool
row_filter_is_identifier(const struct column *c)
{
	static const char *const names[] = { "vlan", "ttl" };

	for (size_t i = 0; i < NITEMS(names); i++)
		if (strcmp(c->name, names[i]) == 0)
			return true;
	return false;
}

bool
row_filter_cell(struct buf *b, const struct view *v, const struct table_row *row, unsigned column)
{
	const struct column *c = &v->cols[column];
	const struct value *cell = &row->cell[column];
	size_t before = b->len;

	if (row->other)
		return false;
	if (cell->type == V_ADDR && row_filter_add_address(b, cell))
		return row_filter_keep_or_undo(b, before);
	if (cell->type == V_PORT) {
		buf_addf(b, "port %u", (unsigned)cell->n);
		return row_filter_keep_or_undo(b, before);
	}
	if (cell->type == V_ID && row_filter_is_identifier(c)) {
		buf_addf(b, "%s = %u", c->name, (unsigned)cell->n);
		return row_filter_keep_or_undo(b, before);
	}
	if (cell->type == V_TEXT && view_find_column(v, "path") == NULL &&
	    row_filter_add_text(b, c->name, cell->text))
		return row_filter_keep_or_undo(b, before);
	return row_filter_row(b, v, row);
}

static bool
row_filter_is_layer(const char *name, size_t n, const char *layer)
{
	return strlen(layer) == n && memcmp(layer, name, n) == 0;
}

/*
 * eth/ip/udp/dns becomes "ip udp proto dns".  Layers inside a tunnel belong to the tunnel's flow;
 * layers below IP alone have no term.
 */
static bool
row_filter_add_path(struct buf *b, const char *path)
{
	bool ip = false;
	size_t n;

	for (const char *s = path;; s += n + 1) {
		bool family;

		n = strcspn(s, "/");
		family = row_filter_is_layer(s, n, "ip") || row_filter_is_layer(s, n, "ipv6");
		if (ip && (family || row_filter_is_layer(s, n, "eth")))
			return true;
		ip |= family;
		if (family) {
			row_filter_add_layer(b, s, n);
		} else if (ip &&
		    (row_filter_is_layer(s, n, "tcp") || row_filter_is_layer(s, n, "udp"))) {
			buf_addc(b, ' ');
			row_filter_add_layer(b, s, n);
		} else if (s[n] == '\0' && s != path) {
			if (ip)
				buf_addc(b, ' ');
			row_filter_add_layer(b, s, n);
			return true;
		}
		if (s[n] == '\0')
			return ip;
	}
}

bool
row_filter_flows(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *path = row_filter_find_typed_cell(v, row, "path", V_TEXT);
	const struct value *name = row_filter_find_typed_cell(v, row, "name", V_TEXT);
	size_t before = b->len;

	if (row->other)
		return false;
	if (v->flows_filter != NULL)
		return v->flows_filter(b, v, row) && row_filter_keep_or_undo(b, before);
	if (path != NULL)
		return row_filter_add_path(b, path->text) && row_filter_keep_or_undo(b, before);
	if (row_filter_add_shared(b, v, row))
		return row_filter_keep_or_undo(b, before);
	/* Otherwise the row is a source, which has a name. */
	return name != NULL && view_find_column(v, "address") == NULL &&
	    row_filter_add_text(b, "source", name->text) && row_filter_keep_or_undo(b, before);
}

bool
row_filter_packets(struct buf *b, const struct view *v, const struct table_row *row)
{
	if (row->other || v->packets_filter == NULL)
		return row_filter_flows(b, v, row);
	return v->packets_filter(b, v, row);
}
