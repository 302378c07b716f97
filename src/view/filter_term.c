#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dissect/dissect.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/private.h"

#define TYPE(t) (1u << (t))

/* Text of a cell, which is at most VALUE_TEXT long, and of an address. */
#define CELL_TEXT (VALUE_TEXT + 1)

/* The text of a cell as shown, without indentation. */
static const char *
filter_term_cell_text(const struct value *cell, bool numeric, char array[CELL_TEXT])
{
	struct buf b;

	if (cell->type == V_TEXT)
		return cell->text + strspn(cell->text, " ");
	buf_init(&b, array, CELL_TEXT);
	value_text(&b, cell, &(struct units){ .numeric = numeric });
	return array;
}

static bool
filter_term_test_number(const struct filter_node *n, const struct value *cell)
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
filter_term_test_text(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	return strcasecmp(filter_term_cell_text(cell, false, array), n->text) == 0;
}

static bool
filter_term_test_contains(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	if (strcasestr(filter_term_cell_text(cell, false, array), n->text) != NULL)
		return true;
	return cell->type == V_PORT &&
	    strcasestr(filter_term_cell_text(cell, true, array), n->text) != NULL;
}

static bool
filter_term_test_regex(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];

	return regexec(n->regex, filter_term_cell_text(cell, false, array), 0, NULL, 0) == 0;
}

/* A cell that is a network matches if one of the two contains the other. */
static bool
filter_term_test_net(const struct filter_node *n, const struct value *cell)
{
	struct net net = n->net;

	if (cell->type != V_ADDR)
		return false;
	if (cell->bits != 0 && cell->bits < net.bits)
		net.bits = cell->bits;
	return net_contains(&net, cell->kind, &cell->addr);
}

static bool
filter_term_test_kind(const struct filter_node *n, const struct value *cell)
{
	return cell->type == V_ADDR && cell->kind == n->kind;
}

static bool
filter_term_is_one_of(const char *const *names, const char *s, size_t len)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == len && strncmp(*names, s, len) == 0)
			return true;
	return false;
}

/* True if some layer of a path ("eth/ip/tcp"), or a single name, is one of the names. */
static bool
filter_term_test_layer(const struct filter_node *n, const struct value *cell)
{
	char array[CELL_TEXT];
	const char *s = filter_term_cell_text(cell, false, array);
	size_t len;

	for (;; s += len + 1) {
		len = strcspn(s, "/");
		if (filter_term_is_one_of(n->words, s, len))
			return true;
		if (s[len] == '\0')
			return false;
	}
}

/* A context has the word with that number: "vlan 10" of "vni 100 vlan 10". */
static bool
filter_term_test_number_word(const struct filter_node *n, const struct value *cell)
{
	size_t word = strlen(n->words[0]), number = strlen(n->text);

	if (cell->type != V_TEXT)
		return false;
	for (const char *s = cell->text; (s = strstr(s, n->words[0])) != NULL; s += word)
		if (s[word] == ' ' && strncmp(s + word + 1, n->text, number) == 0 &&
		    (s[word + 1 + number] == ' ' || s[word + 1 + number] == '\0'))
			return true;
	return false;
}

static const char *const layer_columns[] = { "path", "protocol", "app" };

static bool
filter_term_is_layer_column(const struct column *c)
{
	for (size_t i = 0; i < NITEMS(layer_columns); i++)
		if (strcmp(c->name, layer_columns[i]) == 0)
			return true;
	return false;
}

static struct value
filter_term_cell(const struct filter_row *r, const struct column *c)
{
	return r->cells != NULL ? r->cells[c - r->view->cols] : c->get(r->scope, r->row);
}

/* The zone is the row's source, or the zone of its context, if the row has either. */
static bool
filter_term_zone_matches(const struct filter_node *n, const struct filter_row *r)
{
	static const char front[] = "zone ";
	const struct column *source = view_find_column(r->view, "source");
	const struct column *context = view_find_column(r->view, "context");
	struct value cell;
	size_t len;

	if (n->zone == NULL || (source == NULL && context == NULL))
		return true;
	cell = filter_term_cell(r, source != NULL ? source : context);
	if (source != NULL)
		return cell.type == V_TEXT && strcmp(cell.text, n->zone) == 0;
	if (cell.type != V_TEXT || strncmp(cell.text, front, strlen(front)) != 0)
		return true;
	len = strcspn(cell.text + strlen(front), " ");
	return strlen(n->zone) == len && memcmp(cell.text + strlen(front), n->zone, len) == 0;
}

static bool
filter_term_match(const struct filter_node *n, const struct filter_row *r)
{
	struct value cell;

	if (n->col != NULL) {
		cell = filter_term_cell(r, n->col);
		return (n->test(n, &cell) && filter_term_zone_matches(n, r)) != n->negate;
	}
	for (unsigned i = 0; i < r->view->n_cols; i++) {
		const struct column *c = &r->view->cols[i];

		if (n->any_layer_column ? !filter_term_is_layer_column(c)
					: !(n->type_mask & TYPE(c->type)))
			continue;
		cell = filter_term_cell(r, c);
		if (n->test(n, &cell) && filter_term_zone_matches(n, r))
			return !n->negate;
	}
	return n->negate;
}

/* The keywords that start a term, and what each tests. */
enum filter_keyword_kind { /* the first ones take an argument */
	KEYWORD_ADDRESS,
	KEYWORD_PORT,
	KEYWORD_LAYER,
	KEYWORD_CONTEXT,
	KEYWORD_CONTEXT_NUMBER, /* a number in a context */
	KEYWORD_PROTOCOL,
	KEYWORD_FAMILY
};

static const struct filter_keyword {
	const char *word;
	enum filter_keyword_kind term_kind;
	const char *name[3]; /* of layers */
	uint8_t kind;
} filter_keyword[] = {
	{ "host", KEYWORD_ADDRESS, { NULL }, 0 },
	{ "net", KEYWORD_ADDRESS, { NULL }, 0 },
	{ "port", KEYWORD_PORT, { NULL }, 0 },
	{ "proto", KEYWORD_LAYER, { NULL }, 0 },
	{ "context", KEYWORD_CONTEXT, { NULL }, 0 },
	{ "vlan", KEYWORD_CONTEXT_NUMBER, { "vlan", NULL }, 0 },
	{ "vni", KEYWORD_CONTEXT_NUMBER, { "vni", NULL }, 0 },
	{ "gre_key", KEYWORD_CONTEXT_NUMBER, { "gre_key", NULL }, 0 },
	{ "teid", KEYWORD_CONTEXT_NUMBER, { "teid", NULL }, 0 },
	{ "label", KEYWORD_CONTEXT_NUMBER, { "label", NULL }, 0 },
	{ "session", KEYWORD_CONTEXT_NUMBER, { "session", NULL }, 0 },
	{ "tcp", KEYWORD_PROTOCOL, { "tcp", NULL }, 0 },
	{ "udp", KEYWORD_PROTOCOL, { "udp", NULL }, 0 },
	{ "icmp", KEYWORD_PROTOCOL, { "icmp", "icmpv6", NULL }, 0 },
	{ "arp", KEYWORD_PROTOCOL, { "arp", NULL }, 0 },
	{ "ip", KEYWORD_FAMILY, { "ip", NULL }, ADDR_IP4 },
	{ "ip6", KEYWORD_FAMILY, { "ipv6", NULL }, ADDR_IP6 },
};

static const struct filter_keyword *
filter_term_find_keyword(const struct filter_word *w)
{
	for (unsigned i = 0; i < NITEMS(filter_keyword); i++)
		if (strlen(filter_keyword[i].word) == w->len &&
		    strncasecmp(filter_keyword[i].word, w->s, w->len) == 0)
			return &filter_keyword[i];
	return NULL;
}

bool
filter_term_is_named(const struct filter_word *w, bool *has_argument)
{
	const struct filter_keyword *nd = filter_term_find_keyword(w);

	*has_argument = nd != NULL && nd->term_kind <= KEYWORD_CONTEXT_NUMBER;
	return nd != NULL;
}

static void
filter_term_init(struct filter_node *n, const struct filter_word *text)
{
	n->match = filter_term_match;
	n->text = xcalloc(text->len + 1, 1);
	memcpy(n->text, text->s, text->len);
}

void
filter_term_fini(struct filter_node *n)
{
	free(n->text);
	if (n->regex != NULL)
		regfree(n->regex);
	free(n->regex);
}

bool
filter_term_contains(struct filter_node *n, const struct filter_word *word)
{
	filter_term_init(n, word);
	n->test = filter_term_test_contains;
	n->type_mask = TYPE(V_TEXT) | TYPE(V_ADDR) | TYPE(V_PORT);
	return true;
}

/* What addr_text() writes for other kinds of address: hexadecimal bytes with colons, or "-". */
static bool
filter_term_is_link_address(const char *s)
{
	size_t len = strlen(s);

	return strcmp(s, "-") == 0 ||
	    (len >= 17 && len % 3 == 2 && s[2] == ':' &&
		strspn(s, "0123456789abcdefABCDEF:") == len);
}

/* "fe80::1%eth0", RFC 4007, 11. */
static void
filter_term_split_zone(struct filter_node *n)
{
	char *percent = strchr(n->text, '%');

	if (percent == NULL || percent[1] == '\0')
		return;
	*percent = '\0';
	n->zone = percent + 1;
}

static bool
filter_term_parse_address(
    struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	filter_term_split_zone(n);
	if (net_parse(n->text, &n->net))
		n->test = filter_term_test_net;
	else if (filter_term_is_link_address(n->text))
		n->test = filter_term_test_text;
	else
		return filter_fail(e, w->at, "\"%.40s\" is not an address or network", n->text);
	return true;
}

/* A port number or a service name; services may have a column of their own. */
static bool
filter_term_parse_port(struct filter_node *n, const struct view *v, const struct filter_word *w,
    struct filter_error *e)
{
	const struct column *service = view_find_column(v, "service");

	if (filter_value_number(n->text, V_PORT, &n->number)) {
		if (n->number > UINT16_MAX || n->number != (uint16_t)n->number)
			return filter_fail(e, w->at, "port out of range (0 to %d)", UINT16_MAX);
		n->test = filter_term_test_number;
		return true;
	}
	if (n->op != OP_EQ || !service_exists(n->text))
		return filter_fail(e, w->at, "\"%.40s\" is not a port or service", n->text);
	n->test = filter_term_test_text;
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
filter_term_compile_regex(regex_t *regex, const char *text)
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
filter_term_parse_regex(struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	const char *objection = filter_value_regex_error(n->text);
	char why[128];
	int rc;

	if (objection != NULL)
		return filter_fail(e, w->at, "%s", objection);
	n->regex = xcalloc(1, sizeof(*n->regex));
	rc = filter_term_compile_regex(n->regex, n->text);
	if (rc != 0) {
		regerror(rc, n->regex, why, sizeof(why));
		free(n->regex);
		n->regex = NULL;
		return filter_fail(e, w->at, "regular expression: %s", why);
	}
	n->test = filter_term_test_regex;
	return true;
}

static bool
filter_term_parse_number(struct filter_node *n, const struct filter_word *w, struct filter_error *e)
{
	static const char *const what[] = {
		[V_COUNT] = "number, such as 12k",
		[V_BYTES] = "number of bytes, such as 10M",
		[V_BYTE_RATE] = "number of bits per second, such as 1.5M",
		[V_PACKET_RATE] = "number of packets per second, such as 2k",
		[V_SHARE] = "share, such as 5% or 0.05",
		[V_TIME] = "time in UTC, such as 2026-01-31 or 2026-01-31T12:00",
		[V_DURATION] = "duration, such as 90s or 5m",
		[V_ID] = "number",
	};

	if (!filter_value_number(n->text, n->col->type, &n->number))
		return filter_fail(e, w->at, "\"%.40s\" is not a %s", n->text, what[n->col->type]);
	n->test = filter_term_test_number;
	return true;
}

/* The first view with such a column: by name, or by type if name is NULL. */
static const struct view *
filter_term_find_view(const char *name, enum value_type type)
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
filter_term_find_column(const struct view *v, const struct filter_word *w, struct filter_error *e)
{
	const struct column *col;
	const struct view *other;
	char name[32];

	for (size_t i = 0; i < w->len && i < sizeof(name) - 1; i++)
		name[i] = w->s[i] >= 'A' && w->s[i] <= 'Z' ? (char)(w->s[i] | 0x20) : w->s[i];
	name[w->len < sizeof(name) - 1 ? w->len : sizeof(name) - 1] = '\0';
	col = view_find_column(v, name);
	if (col != NULL)
		return col;
	other = filter_term_find_view(name, V_NONE);
	if (other != NULL)
		filter_fail(
		    e, w->at, "view %s has no column \"%s\": see %s", v->name, name, other->name);
	else
		filter_fail(e, w->at, "view %s has no column \"%s\"", v->name, name);
	return NULL;
}

static bool
filter_term_is_word(const struct filter_word *w, const char *s)
{
	return strlen(s) == w->len && strncasecmp(s, w->s, w->len) == 0;
}

/* True for "proto", and for "protocol" if the view has no column of that name. */
static bool
filter_term_is_layer_word(const struct view *v, const struct filter_word *w)
{
	return filter_term_is_word(w, "proto") ||
	    (filter_term_is_word(w, "protocol") && view_find_column(v, "protocol") == NULL);
}

static bool
filter_term_compare_layers(struct filter_node *n, const struct view *v,
    const struct filter_word *column, const struct filter_word *value, struct filter_error *e)
{
	bool any = false;

	for (size_t i = 0; i < NITEMS(layer_columns); i++)
		any |= view_find_column(v, layer_columns[i]) != NULL;
	if (!any)
		return filter_fail(e, column->at, "view %s has no protocol: see %s", v->name,
		    filter_term_find_view("protocol", V_NONE)->name);
	n->any_layer_column = true;
	if (n->op == OP_LIKE)
		return filter_term_parse_regex(n, value, e);
	if (n->op != OP_EQ)
		return filter_fail(e, value->at, "%.*s is not a number: use = != or ~",
		    (int)column->len, column->s);
	n->one[0] = n->text;
	n->words = n->one;
	n->test = filter_term_test_layer;
	return true;
}

bool
filter_term_compare(struct filter_node *n, const struct view *v, const struct filter_word *column,
    enum filter_op op, const struct filter_word *value, struct filter_error *e)
{
	filter_term_init(n, value);
	n->negate = op == OP_NE;
	n->op = op == OP_NE ? OP_EQ : op;
	if (filter_term_is_layer_word(v, column))
		return filter_term_compare_layers(n, v, column, value, e);
	n->col = filter_term_find_column(v, column, e);
	if (n->col == NULL)
		return false;
	if (op == OP_LIKE)
		return filter_term_parse_regex(n, value, e);
	if (n->col->type == V_PORT)
		return filter_term_parse_port(n, v, value, e);
	if (n->col->type != V_TEXT && n->col->type != V_ADDR)
		return filter_term_parse_number(n, value, e);
	if (n->op != OP_EQ)
		return filter_fail(e, value->at, "%s is not a number: use = != or ~", n->col->name);
	if (n->col->type == V_ADDR)
		return filter_term_parse_address(n, value, e);
	n->test = filter_term_test_text;
	return true;
}

static bool
filter_term_has_type(const struct view *v, enum value_type type)
{
	for (unsigned i = 0; i < v->n_cols; i++)
		if (v->cols[i].type == type)
			return true;
	return false;
}

/* Makes n test all columns of a type, which v must have. */
static bool
filter_term_use_type(struct filter_node *n, const struct view *v, enum value_type type, size_t at,
    struct filter_error *e)
{
	n->type_mask = TYPE(type);
	if (filter_term_has_type(v, type))
		return true;
	return filter_fail(e, at, "view %s has no %s: see %s", v->name,
	    type == V_ADDR ? "address" : "port", filter_term_find_view(NULL, type)->name);
}

static bool
filter_term_use_layers(
    struct filter_node *n, const struct view *v, size_t at, struct filter_error *e)
{
	n->test = filter_term_test_layer;
	n->col = view_find_column(v, "path");
	if (n->col == NULL)
		n->col = view_find_column(v, "protocol");
	if (n->col != NULL)
		return true;
	return filter_fail(e, at, "view %s has no protocol: see %s", v->name,
	    filter_term_find_view("protocol", V_NONE)->name);
}

static bool
filter_term_use_context(struct filter_node *n, const struct view *v, enum filter_keyword_kind ask,
    const struct filter_word *word, const struct filter_word *argument, struct filter_error *e)
{
	n->col = view_find_column(v, "context");
	if (n->col == NULL)
		return filter_fail(e, word->at, "view %s has no context: see %s", v->name,
		    filter_term_find_view("context", V_NONE)->name);
	n->test = ask == KEYWORD_CONTEXT_NUMBER ? filter_term_test_number_word
						: filter_term_test_contains;
	if (ask == KEYWORD_CONTEXT || n->text[strspn(n->text, "0123456789")] == '\0')
		return true;
	return filter_fail(e, argument->at, "\"%.40s\" is not a number", n->text);
}

bool
filter_term_named(struct filter_node *n, const struct view *v, const struct filter_word *word,
    const struct filter_word *argument, struct filter_error *e)
{
	const struct filter_keyword *nd = filter_term_find_keyword(word);

	assert(nd != NULL);
	filter_term_init(n, argument != NULL ? argument : word);
	n->words = nd->name;
	n->kind = nd->kind;
	n->test = filter_term_test_kind;
	switch (nd->term_kind) {
	case KEYWORD_ADDRESS:
		return filter_term_use_type(n, v, V_ADDR, word->at, e) &&
		    filter_term_parse_address(n, argument, e);
	case KEYWORD_PORT:
		return filter_term_use_type(n, v, V_PORT, word->at, e) &&
		    filter_term_parse_port(n, v, argument, e);
	case KEYWORD_LAYER:
		return filter_term_compare_layers(n, v, word, argument, e);
	case KEYWORD_CONTEXT:
	case KEYWORD_CONTEXT_NUMBER:
		return filter_term_use_context(n, v, nd->term_kind, word, argument, e);
	case KEYWORD_FAMILY:
		if (view_find_column(v, "path") == NULL)
			return filter_term_use_type(n, v, V_ADDR, word->at, e);
		break;
	case KEYWORD_PROTOCOL:
		break;
	}
	return filter_term_use_layers(n, v, word->at, e);
}
