#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"
#include "view/filter_node.h"

#define TYPE(t) (1u << (t))

/* Text of a cell, which is at most VALUE_TEXT long, and of an address. */
#define CELL_TEXT (VALUE_TEXT + 1)

/* The text of a cell as shown, without indentation. */
static const char *
cell_text(const struct value *cell, bool numeric, char array[CELL_TEXT])
{
	struct buf b;

	if (cell->type == V_TEXT)
		return cell->text + strspn(cell->text, " ");
	buf_init(&b, array, CELL_TEXT);
	value_text(&b, cell, &(struct units){ .numeric = numeric });
	return array;
}

static bool
test_number(const struct filter_node *n, const struct value *cell)
{
	bool real =
	    cell->type == V_BYTE_RATE || cell->type == V_PACKET_RATE || cell->type == V_SHARE;
	long double x;

	if (cell->type == V_NONE || cell->type == V_TEXT || cell->type == V_ADDR)
		return false;
	x = real ? (long double)cell->x : (long double)cell->n;
	switch (n->op) {
	case OP_GT:
		return x > n->number;
	case OP_GE:
		return x >= n->number;
	case OP_LT:
		return x < n->number;
	case OP_LE:
		return x <= n->number;
	default:
		return !(x < n->number) && !(x > n->number);
	}
}

static bool
test_text(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	return strcasecmp(cell_text(cell, false, array), n->text) == 0;
}

static bool
test_contains(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	if (strcasestr(cell_text(cell, false, array), n->text) != NULL)
		return true;
	return cell->type == V_PORT && strcasestr(cell_text(cell, true, array), n->text) != NULL;
}

static bool
test_regex(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	return regexec(n->regex, cell_text(cell, false, array), 0, NULL, 0) == 0;
}

/* A cell that is a network matches if one of the two contains the other. */
static bool
test_net(const struct filter_node *n, const struct value *cell)
{
	struct net net = n->net;

	if (cell->type != V_ADDR)
		return false;
	if (cell->bits != 0 && cell->bits < net.bits)
		net.bits = cell->bits;
	return net_contains(&net, cell->kind, &cell->addr);
}

static bool
test_kind(const struct filter_node *n, const struct value *cell)
{
	return cell->type == V_ADDR && cell->kind == n->kind;
}

static bool
is_one_of(const char *const *names, const char *s, size_t len)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == len && strncmp(*names, s, len) == 0)
			return true;
	return false;
}

/* True if some layer of a path ("eth/ip/tcp"), or a single name, is one of the names. */
static bool
test_layer(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];
	const char *s = cell_text(cell, false, array);
	size_t len;

	for (;; s += len + 1) {
		len = strcspn(s, "/");
		if (is_one_of(n->name, s, len))
			return true;
		if (s[len] == '\0')
			return false;
	}
}

/* A context has the word with that number: "vlan 10" of "vni 100 vlan 10". */
static bool
test_fact(const struct filter_node *n, const struct value *cell)
{
	size_t word = strlen(n->name[0]), number = strlen(n->text);

	if (cell->type != V_TEXT)
		return false;
	for (const char *s = cell->text; (s = strstr(s, n->name[0])) != NULL; s += word)
		if (s[word] == ' ' && strncmp(s + word + 1, n->text, number) == 0 &&
		    (s[word + 1 + number] == ' ' || s[word + 1 + number] == '\0'))
			return true;
	return false;
}

static const char *const layer_columns[] = { "path", "protocol", "app" };

static bool
names_layers(const struct column *c)
{
	for (size_t i = 0; i < NITEMS(layer_columns); i++)
		if (strcmp(c->name, layer_columns[i]) == 0)
			return true;
	return false;
}

static struct value
cell_of(const struct filter_row *r, const struct column *c)
{
	return r->cells != NULL ? r->cells[c - r->view->cols] : c->get(r->scope, r->row);
}

/* The zone is the row's source, or the zone of its context, if the row has either. */
static bool
zone_fits(const struct filter_node *n, const struct filter_row *r)
{
	static const char front[] = "zone ";
	const struct column *source = view_column(r->view, "source");
	const struct column *context = view_column(r->view, "context");
	struct value cell;
	size_t len;

	if (n->zone == NULL || (source == NULL && context == NULL))
		return true;
	cell = cell_of(r, source != NULL ? source : context);
	if (source != NULL)
		return cell.type == V_TEXT && strcmp(cell.text, n->zone) == 0;
	if (cell.type != V_TEXT || strncmp(cell.text, front, strlen(front)) != 0)
		return true;
	len = strcspn(cell.text + strlen(front), " ");
	return strlen(n->zone) == len && memcmp(cell.text + strlen(front), n->zone, len) == 0;
}

static bool
takes_leaf(const struct filter_node *n, const struct filter_row *r)
{
	struct value cell;

	if (n->col != NULL) {
		cell = cell_of(r, n->col);
		return (n->test(n, &cell) && zone_fits(n, r)) != n->negate;
	}
	for (unsigned i = 0; i < r->view->n_cols; i++) {
		const struct column *c = &r->view->cols[i];

		if (n->layers ? !names_layers(c) : !(n->types & TYPE(c->type)))
			continue;
		cell = cell_of(r, c);
		if (n->test(n, &cell) && zone_fits(n, r))
			return !n->negate;
	}
	return n->negate;
}

/* The keywords that start a term, and what each tests. */
enum ask { /* the first ones take an argument */
	ASK_ADDRESS,
	ASK_PORT,
	ASK_LAYER,
	ASK_CONTEXT,
	ASK_FACT, /* a number in a context */
	ASK_PROTOCOL,
	ASK_FAMILY
};

static const struct named {
	const char *word;
	enum ask ask;
	const char *name[3]; /* of layers */
	uint8_t kind;
} named[] = {
	{ "host", ASK_ADDRESS, { NULL }, 0 },
	{ "net", ASK_ADDRESS, { NULL }, 0 },
	{ "port", ASK_PORT, { NULL }, 0 },
	{ "proto", ASK_LAYER, { NULL }, 0 },
	{ "context", ASK_CONTEXT, { NULL }, 0 },
	{ "vlan", ASK_FACT, { "vlan", NULL }, 0 },
	{ "vni", ASK_FACT, { "vni", NULL }, 0 },
	{ "gre_key", ASK_FACT, { "gre_key", NULL }, 0 },
	{ "teid", ASK_FACT, { "teid", NULL }, 0 },
	{ "label", ASK_FACT, { "label", NULL }, 0 },
	{ "session", ASK_FACT, { "session", NULL }, 0 },
	{ "tcp", ASK_PROTOCOL, { "tcp", NULL }, 0 },
	{ "udp", ASK_PROTOCOL, { "udp", NULL }, 0 },
	{ "icmp", ASK_PROTOCOL, { "icmp", "icmpv6", NULL }, 0 },
	{ "arp", ASK_PROTOCOL, { "arp", NULL }, 0 },
	{ "ip", ASK_FAMILY, { "ip", NULL }, ADDR_IP4 },
	{ "ip6", ASK_FAMILY, { "ipv6", NULL }, ADDR_IP6 },
};

static const struct named *
find_named(const struct filter_word *w)
{
	for (unsigned i = 0; i < NITEMS(named); i++)
		if (strlen(named[i].word) == w->len &&
		    strncasecmp(named[i].word, w->s, w->len) == 0)
			return &named[i];
	return NULL;
}

bool
term_is_named(const struct filter_word *w, bool *has_argument)
{
	const struct named *nd = find_named(w);

	*has_argument = nd != NULL && nd->ask <= ASK_FACT;
	return nd != NULL;
}

static void
leaf(struct filter_node *n, const struct filter_word *text)
{
	n->takes = takes_leaf;
	n->text = xcalloc(text->len + 1, 1);
	memcpy(n->text, text->s, text->len);
}

void
term_fini(struct filter_node *n)
{
	free(n->text);
	if (n->regex != NULL)
		regfree(n->regex);
	free(n->regex);
}

bool
term_contains(struct filter_node *n, const struct filter_word *word)
{
	leaf(n, word);
	n->test = test_contains;
	n->types = TYPE(V_TEXT) | TYPE(V_ADDR) | TYPE(V_PORT);
	return true;
}

/* What addr_text() writes for other kinds of address: hexadecimal bytes with colons, or "-". */
static bool
is_link_address(const char *s)
{
	size_t len = strlen(s);

	return strcmp(s, "-") == 0 ||
	    (len >= 17 && len % 3 == 2 && s[2] == ':' &&
		strspn(s, "0123456789abcdefABCDEF:") == len);
}

/* "fe80::1%eth0", RFC 4007, 11. */
static void
split_zone(struct filter_node *n)
{
	char *percent = strchr(n->text, '%');

	if (percent == NULL || percent[1] == '\0')
		return;
	*percent = '\0';
	n->zone = percent + 1;
}

static bool
want_address(struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	split_zone(n);
	if (net_parse(n->text, &n->net))
		n->test = test_net;
	else if (is_link_address(n->text))
		n->test = test_text;
	else
		return filter_fail(e, w->at, "\"%.40s\" is no address and no network", n->text);
	return true;
}

/* A port number or a service name; services may have a column of their own. */
static bool
want_port(struct filter_node *n, const struct view *v, const struct filter_word *w,
    struct filter_error *e)
{
	const struct column *service = view_column(v, "service");

	if (filter_number(n->text, V_PORT, &n->number)) {
		if (n->number > UINT16_MAX || n->number != (uint16_t)n->number)
			return filter_fail(e, w->at, "ports are 0 to %d", UINT16_MAX);
		n->test = test_number;
		return true;
	}
	if (n->op != OP_EQ || !service_exists(n->text))
		return filter_fail(e, w->at, "\"%.40s\" is no port and no service", n->text);
	n->test = test_text;
	if (service != NULL)
		n->col = service;
	return true;
}

/*
 * Compiles text so that it matches anywhere.  The leading ^.* avoids quadratic time in matchers
 * that try each start in turn.  The text is compiled alone first, so that its parentheses cannot
 * match the added ones.
 */
static int
compile_regex(regex_t *regex, const char *text)
{
	const int flags = REG_EXTENDED | REG_ICASE | REG_NOSUB;
	char anchored[FILTER_REGEX_MAX + sizeof("^.*()")];
	int rc = regcomp(regex, text, flags);

	if (rc != 0)
		return rc;
	regfree(regex);
	snprintf(anchored, sizeof(anchored), "^.*(%s)", text);
	return regcomp(regex, anchored, flags);
}

static bool
want_regex(struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	const char *objection = filter_regex_objection(n->text);
	char why[128];
	int rc;

	if (objection != NULL)
		return filter_fail(e, w->at, "%s", objection);
	n->regex = xcalloc(1, sizeof(*n->regex));
	rc = compile_regex(n->regex, n->text);
	if (rc != 0) {
		regerror(rc, n->regex, why, sizeof(why));
		free(n->regex);
		n->regex = NULL;
		return filter_fail(e, w->at, "regular expression: %s", why);
	}
	n->test = test_regex;
	return true;
}

static bool
want_number(struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	static const char *const what[] = {
		[V_COUNT] = "number, as 12k",
		[V_BYTES] = "number of bytes, as 10M",
		[V_BYTE_RATE] = "number of bits a second, as 1.5M",
		[V_PACKET_RATE] = "number of packets a second, as 2k",
		[V_SHARE] = "share, as 5% or 0.05",
		[V_TIME] = "time in UTC, as 2026-01-31 or 2026-01-31T12:00",
		[V_SPAN] = "span, as 90s or 5m",
		[V_ID] = "number",
	};

	if (!filter_number(n->text, n->col->type, &n->number))
		return filter_fail(e, w->at, "\"%.40s\" is no %s", n->text, what[n->col->type]);
	n->test = test_number;
	return true;
}

/* The first view with such a column: by name, or by type if name is NULL. */
static const struct view *
view_that_has(const char *name, enum vtype type)
{
	for (unsigned i = 0; i < n_views; i++)
		for (unsigned c = 0; c < views[i]->n_cols; c++) {
			const struct column *col = &views[i]->cols[c];

			if (name != NULL ? strcmp(col->name, name) == 0 : col->type == type)
				return views[i];
		}
	return NULL;
}

static const struct column *
column_of(const struct view *v, const struct filter_word *w, struct filter_error *e)
{
	const struct column *col;
	const struct view *other;
	char name[32];

	for (size_t i = 0; i < w->len && i < sizeof(name) - 1; i++)
		name[i] = w->s[i] >= 'A' && w->s[i] <= 'Z' ? (char)(w->s[i] | 0x20) : w->s[i];
	name[w->len < sizeof(name) - 1 ? w->len : sizeof(name) - 1] = '\0';
	col = view_column(v, name);
	if (col != NULL)
		return col;
	other = view_that_has(name, V_NONE);
	if (other != NULL)
		filter_fail(e, w->at, "%s has no \"%s\": see %s", v->name, name, other->name);
	else
		filter_fail(e, w->at, "%s has no \"%s\"", v->name, name);
	return NULL;
}

static bool
is_word(const struct filter_word *w, const char *s)
{
	return strlen(s) == w->len && strncasecmp(s, w->s, w->len) == 0;
}

/* True for "proto", and for "protocol" if the view has no column of that name. */
static bool
asks_for_layers(const struct view *v, const struct filter_word *w)
{
	return is_word(w, "proto") ||
	    (is_word(w, "protocol") && view_column(v, "protocol") == NULL);
}

static bool
compare_layers(struct filter_node *n, const struct view *v, const struct filter_word *column,
    const struct filter_word *value, struct filter_error *e)
{
	bool any = false;

	for (size_t i = 0; i < NITEMS(layer_columns); i++)
		any |= view_column(v, layer_columns[i]) != NULL;
	if (!any)
		return filter_fail(e, column->at, "%s have no protocol: see %s", v->name,
		    view_that_has("protocol", V_NONE)->name);
	n->layers = true;
	if (n->op == OP_LIKE)
		return want_regex(n, value, e);
	if (n->op != OP_EQ)
		return filter_fail(e, value->at, "%.*s is no number: it takes = != and ~",
		    (int)column->len, column->s);
	n->one[0] = n->text;
	n->name = n->one;
	n->test = test_layer;
	return true;
}

bool
term_compare(struct filter_node *n, const struct view *v, const struct filter_word *column,
    enum filter_op op, const struct filter_word *value, struct filter_error *e)
{
	leaf(n, value);
	n->negate = op == OP_NE;
	n->op = op == OP_NE ? OP_EQ : op;
	if (asks_for_layers(v, column))
		return compare_layers(n, v, column, value, e);
	n->col = column_of(v, column, e);
	if (n->col == NULL)
		return false;
	if (op == OP_LIKE)
		return want_regex(n, value, e);
	if (n->col->type == V_PORT)
		return want_port(n, v, value, e);
	if (n->col->type != V_TEXT && n->col->type != V_ADDR)
		return want_number(n, value, e);
	if (n->op != OP_EQ)
		return filter_fail(
		    e, value->at, "%s is no number: it takes = != and ~", n->col->name);
	if (n->col->type == V_ADDR)
		return want_address(n, value, e);
	n->test = test_text;
	return true;
}

static bool
has_type(const struct view *v, enum vtype type)
{
	for (unsigned i = 0; i < v->n_cols; i++)
		if (v->cols[i].type == type)
			return true;
	return false;
}

/* Makes n test all columns of a type, which v must have. */
static bool
use_type(
    struct filter_node *n, const struct view *v, enum vtype type, size_t at, struct filter_error *e)
{
	n->types = TYPE(type);
	if (has_type(v, type))
		return true;
	return filter_fail(e, at, "%s have no %s: see %s", v->name,
	    type == V_ADDR ? "address" : "port", view_that_has(NULL, type)->name);
}

static bool
use_layers(struct filter_node *n, const struct view *v, size_t at, struct filter_error *e)
{
	n->test = test_layer;
	n->col = view_column(v, "path");
	if (n->col == NULL)
		n->col = view_column(v, "protocol");
	if (n->col != NULL)
		return true;
	return filter_fail(
	    e, at, "%s have no protocol: see %s", v->name, view_that_has("protocol", V_NONE)->name);
}

static bool
use_context(struct filter_node *n, const struct view *v, enum ask ask,
    const struct filter_word *word, const struct filter_word *argument, struct filter_error *e)
{
	n->col = view_column(v, "context");
	if (n->col == NULL)
		return filter_fail(e, word->at, "%s have no context: see %s", v->name,
		    view_that_has("context", V_NONE)->name);
	n->test = ask == ASK_FACT ? test_fact : test_contains;
	if (ask == ASK_CONTEXT || n->text[strspn(n->text, "0123456789")] == '\0')
		return true;
	return filter_fail(e, argument->at, "\"%.40s\" is no number", n->text);
}

bool
term_named(struct filter_node *n, const struct view *v, const struct filter_word *word,
    const struct filter_word *argument, struct filter_error *e)
{
	const struct named *nd = find_named(word);

	assert(nd != NULL);
	leaf(n, argument != NULL ? argument : word);
	n->name = nd->name;
	n->kind = nd->kind;
	n->test = test_kind;
	switch (nd->ask) {
	case ASK_ADDRESS:
		return use_type(n, v, V_ADDR, word->at, e) && want_address(n, argument, e);
	case ASK_PORT:
		return use_type(n, v, V_PORT, word->at, e) && want_port(n, v, argument, e);
	case ASK_LAYER:
		return compare_layers(n, v, word, argument, e);
	case ASK_CONTEXT:
	case ASK_FACT:
		return use_context(n, v, nd->ask, word, argument, e);
	case ASK_FAMILY:
		if (view_column(v, "path") == NULL)
			return use_type(n, v, V_ADDR, word->at, e);
		break;
	case ASK_PROTOCOL:
		break;
	}
	return use_layers(n, v, word->at, e);
}
