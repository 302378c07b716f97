#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/flow.h"
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
	case OP_BETWEEN:
		return x >= n->number && x <= n->upper;
	case OP_PRESENT:
		return x > 0;
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

static bool
filter_term_test_group(const struct filter_node *n, const struct value *cell)
{
	(void)n;
	return cell->type == V_ADDR && addr_is_group(cell->kind, &cell->addr);
}

/* 255.255.255.255, or the MAC address with all bits set. */
static bool
filter_term_test_broadcast(const struct filter_node *n, const struct value *cell)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	(void)n;
	return cell->type == V_ADDR && (cell->kind == ADDR_IP4 || cell->kind == ADDR_MAC) &&
	    memcmp(cell->addr.b, all, cell->kind == ADDR_IP4 ? 4 : 6) == 0;
}

/* A context has the word, with any number. */
static bool
filter_term_test_word(const struct filter_node *n, const struct value *cell)
{
	return cell->type == V_TEXT && strstr(cell->text, n->words[0]) != NULL;
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

static const char *const layer_columns[] = { "path", "protocol", "app", NULL };
static const char *const name_columns[] = { "name", "a_name", "b_name", "server_name", "peer_name",
	"attacker_name", "victim_name", NULL };

/* True if a leaf without a column of its own tests this one. */
static bool
filter_term_uses(const struct filter_node *n, const struct column *c)
{
	if (n->type_mask & TYPE(c->type))
		return true;
	for (size_t i = 0; n->columns != NULL && n->columns[i] != NULL; i++)
		if (strcmp(c->name, n->columns[i]) == 0)
			return true;
	return false;
}

static struct value
filter_term_cell(const struct filter_row *r, const struct column *c)
{
	return r->cells != NULL ? r->cells[c - r->view->cols] : column_value(c, r->scope, r->row);
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
filter_term_column_matches(
    const struct filter_node *n, const struct column *c, const struct filter_row *r)
{
	struct value cell;

	if (c == NULL)
		return false;
	cell = filter_term_cell(r, c);
	return n->test(n, &cell);
}

static bool
filter_term_match(const struct filter_node *n, const struct filter_row *r)
{
	struct value cell;

	if (n->col != NULL) {
		bool matches = filter_term_column_matches(n, n->col, r) ||
		    filter_term_column_matches(n, n->twin, r);

		return (matches && filter_term_zone_matches(n, r)) != n->negate;
	}
	for (unsigned i = 0; i < r->view->n_cols; i++) {
		const struct column *c = &r->view->cols[i];

		if (!filter_term_uses(n, c))
			continue;
		cell = filter_term_cell(r, c);
		if (n->test(n, &cell) && filter_term_zone_matches(n, r))
			return !n->negate;
	}
	return n->negate;
}

/* The keywords that are a term by themselves. */
enum filter_keyword_kind { KEYWORD_PROTOCOL, KEYWORD_FAMILY, KEYWORD_GROUP, KEYWORD_BROADCAST };

static const struct filter_keyword {
	const char *word;
	enum filter_keyword_kind term_kind;
	const char *name[3]; /* of layers */
	uint8_t kind;
} filter_keyword[] = {
	{ "tcp", KEYWORD_PROTOCOL, { "tcp", NULL }, 0 },
	{ "udp", KEYWORD_PROTOCOL, { "udp", NULL }, 0 },
	{ "sctp", KEYWORD_PROTOCOL, { "sctp", NULL }, 0 },
	{ "icmp", KEYWORD_PROTOCOL, { "icmp", "icmpv6", NULL }, 0 },
	{ "icmp6", KEYWORD_PROTOCOL, { "icmpv6", NULL }, 0 },
	{ "igmp", KEYWORD_PROTOCOL, { "igmp", NULL }, 0 },
	{ "esp", KEYWORD_PROTOCOL, { "esp", NULL }, 0 },
	{ "ah", KEYWORD_PROTOCOL, { "ah", NULL }, 0 },
	{ "arp", KEYWORD_PROTOCOL, { "arp", NULL }, 0 },
	{ "ip", KEYWORD_FAMILY, { "ip", NULL }, ADDR_IP4 },
	{ "ipv4", KEYWORD_FAMILY, { "ip", NULL }, ADDR_IP4 },
	{ "ip6", KEYWORD_FAMILY, { "ipv6", NULL }, ADDR_IP6 },
	{ "ipv6", KEYWORD_FAMILY, { "ipv6", NULL }, ADDR_IP6 },
	{ "multicast", KEYWORD_GROUP, { NULL }, 0 },
	{ "broadcast", KEYWORD_BROADCAST, { NULL }, 0 },
};

static const struct filter_keyword *
filter_term_find_keyword(const struct filter_word *w)
{
	for (unsigned i = 0; i < NITEMS(filter_keyword); i++)
		if (filter_word_is(w, filter_keyword[i].word))
			return &filter_keyword[i];
	return NULL;
}

bool
filter_term_is_named(const struct filter_word *w)
{
	return filter_term_find_keyword(w) != NULL;
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

/* The name of a host, if the view has names. */
static bool
filter_term_parse_host_name(
    struct filter_node *n, const struct view *v, const struct filter_word *w)
{
	bool named = false;

	for (size_t i = 0; name_columns[i] != NULL; i++)
		named |= view_find_column(v, name_columns[i]) != NULL;
	if (!named || n->op != OP_EQ || filter_value_is_address(w) ||
	    strpbrk(n->text, "0123456789.") == n->text || strchr(n->text, ':') != NULL)
		return false;
	n->columns = name_columns;
	n->type_mask = 0;
	n->test = filter_term_test_contains;
	return true;
}

static bool
filter_term_parse_address(struct filter_node *n, const struct view *v, const struct filter_word *w,
    struct filter_error *e)
{
	if (n->op != OP_EQ)
		return filter_fail(
		    e, w->at, "an address is not a number: use = != or ~, with a network");
	filter_term_split_zone(n);
	if (filter_value_net(n->text, &n->net))
		n->test = filter_term_test_net;
	else if (filter_term_is_link_address(n->text))
		n->test = filter_term_test_text;
	else if (n->col != NULL || !filter_term_parse_host_name(n, v, w))
		return filter_fail(e, w->at, "\"%.40s\" is not an address or network", n->text);
	return true;
}

static bool
filter_term_is_port_number(long double x)
{
	return x <= UINT16_MAX && x == (uint16_t)x;
}

/* "1-1024", or "1..1024". */
static bool
filter_term_parse_port_range(struct filter_node *n)
{
	char *upper = n->text + strcspn(n->text, "-.");
	char separator = *upper;

	if (separator == '\0' || n->op != OP_EQ)
		return false;
	*upper++ = '\0';
	if (separator == '.' && *upper == '.')
		upper++;
	if (filter_value_number(n->text, V_PORT, &n->number) &&
	    filter_value_number(upper, V_PORT, &n->upper)) {
		n->op = OP_BETWEEN;
		return true;
	}
	n->text[strlen(n->text)] = separator;
	return false;
}

/* A port number, a range or a service name; in the view of ports, services have a column of their
 * own. */
static bool
filter_term_parse_port(struct filter_node *n, const struct view *v, const struct filter_word *w,
    struct filter_error *e)
{
	const struct column *service =
	    view_find_column(v, "port") != NULL ? view_find_column(v, "service") : NULL;

	if (filter_value_number(n->text, V_PORT, &n->number) || filter_term_parse_port_range(n)) {
		if (!filter_term_is_port_number(n->number) || !filter_term_is_port_number(n->upper))
			return filter_fail(e, w->at, "port out of range (0 to %d)", UINT16_MAX);
		n->test = filter_term_test_number;
		return true;
	}
	if (n->op != OP_EQ || !service_exists(n->text))
		return filter_fail(e, w->at, "\"%.40s\" is not a port or service", n->text);
	n->test = filter_term_test_text;
	if (service != NULL && (n->col == NULL || strcmp(n->col->name, "port") == 0))
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

/* Makes n test the columns with names of layers. */
static bool
filter_term_use_layer_columns(struct filter_node *n, const struct view *v,
    const struct filter_word *word, struct filter_error *e)
{
	n->columns = layer_columns;
	for (size_t i = 0; layer_columns[i] != NULL; i++)
		if (view_find_column(v, layer_columns[i]) != NULL)
			return true;
	return filter_fail(e, word->at, "view %s has no protocol: see %s", v->name,
	    filter_term_find_view("protocol", V_NONE)->name);
}

/* Names of layers are in lower case; "\tcp" is tcpdump's, and a number is that of IP. */
static void
filter_term_normalize_layer(struct filter_node *n)
{
	char scratch[16];
	const char *name = n->text + (*n->text == '\\');
	char *text;

	if (n->text[strspn(n->text, "0123456789")] == '\0' && *n->text != '\0' &&
	    strlen(n->text) <= 3)
		name = flow_proto_name(ADDR_IP4, (uint16_t)strtoul(n->text, NULL, 10), scratch);
	text = xstrdup(name);
	for (char *c = text; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	free(n->text);
	n->text = text;
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
filter_term_use_context(struct filter_node *n, const struct view *v, const struct filter_subject *s,
    const struct filter_word *value, struct filter_error *e)
{
	n->col = view_find_column(v, "context");
	if (n->col == NULL)
		return filter_fail(e, s->word.at, "view %s has no context: see %s", v->name,
		    filter_term_find_view("context", V_NONE)->name);
	n->test = filter_term_test_contains;
	if (s->kind == SUBJECT_CONTEXT)
		return true;
	n->one[0] = s->name;
	n->words = n->one;
	n->test = n->op == OP_PRESENT ? filter_term_test_word : filter_term_test_number_word;
	if (n->op == OP_PRESENT || n->text[strspn(n->text, "0123456789")] == '\0')
		return n->op == OP_PRESENT || n->op == OP_EQ ||
		    filter_fail(e, value->at, "%s: use = or !=", s->name);
	return filter_fail(e, value->at, "\"%.40s\" is not a number", n->text);
}

/* Makes n test the address or the port of one end, or of both. */
static bool
filter_term_use_end(struct filter_node *n, const struct view *v, const struct filter_subject *s,
    struct filter_error *e)
{
	static const char *const names[2][2] = { { "a", "b" }, { "a_port", "b_port" } };
	bool port = s->kind == SUBJECT_PORT, destination = s->end == END_DESTINATION;

	if (s->end == END_ANY)
		return filter_term_use_type(n, v, port ? V_PORT : V_ADDR, s->word.at, e);
	n->col = view_find_column(v, names[port][destination]);
	if (n->col != NULL)
		return true;
	return filter_fail(e, s->word.at, "view %s has no %s: see %s", v->name,
	    destination ? "destination" : "source",
	    filter_term_find_view(names[port][destination], V_NONE)->name);
}

static bool
filter_term_use_column(struct filter_node *n, const struct view *v, const struct filter_subject *s,
    struct filter_error *e)
{
	const struct view *other;

	n->col = s->col;
	n->twin = s->twin;
	if (n->col != NULL)
		return true;
	other = s->name != NULL ? filter_term_find_view(s->name, V_NONE) : NULL;
	return filter_fail(e, s->word.at, "view %s has no column \"%s\": see %s", v->name, s->name,
	    other != NULL ? other->name : "the manual");
}

static bool
filter_term_compare_column(struct filter_node *n, const struct view *v,
    const struct filter_word *value, struct filter_error *e)
{
	if (n->op == OP_PRESENT) {
		n->test = filter_term_test_number;
		return true;
	}
	if (n->col->type == V_PORT)
		return filter_term_parse_port(n, v, value, e);
	if (n->col->type != V_TEXT && n->col->type != V_ADDR)
		return filter_term_parse_number(n, value, e);
	if (n->op != OP_EQ)
		return filter_fail(e, value->at, "%s is not a number: use = != or ~", n->col->name);
	if (n->col->type == V_ADDR)
		return filter_term_parse_address(n, v, value, e);
	n->test = filter_term_test_text;
	return true;
}

/* Texts can be searched in any cell. */
static bool
filter_term_search(struct filter_node *n, enum filter_op op, const struct filter_word *value,
    struct filter_error *e)
{
	char pattern[FILTER_REGEX_MAX + 1];
	struct buf b;

	if (op == OP_CONTAINS) {
		n->test = filter_term_test_contains;
		return true;
	}
	if (op == OP_PATTERN) {
		buf_init(&b, pattern, sizeof(pattern));
		filter_value_pattern(&b, n->text);
		free(n->text);
		n->text = xstrdup(pattern);
	}
	return filter_term_parse_regex(n, value, e);
}

static bool
filter_term_use_subject(struct filter_node *n, const struct view *v, const struct filter_subject *s,
    const struct filter_word *value, struct filter_error *e)
{
	switch (s->kind) {
	case SUBJECT_COLUMN:
		return filter_term_use_column(n, v, s, e);
	case SUBJECT_ADDRESS:
	case SUBJECT_PORT:
		return filter_term_use_end(n, v, s, e);
	case SUBJECT_LAYER:
		return filter_term_use_layer_columns(n, v, &s->word, e);
	default:
		return filter_term_use_context(n, v, s, value, e);
	}
}

static bool
filter_term_compare_layer(struct filter_node *n, const struct filter_subject *s,
    const struct filter_word *value, struct filter_error *e)
{
	if (n->op != OP_EQ)
		return filter_fail(e, value->at, "%.*s is not a number: use = != or ~",
		    (int)s->word.len, s->word.s);
	filter_term_normalize_layer(n);
	n->one[0] = n->text;
	n->words = n->one;
	n->test = filter_term_test_layer;
	return true;
}

bool
filter_term_compare(struct filter_node *n, const struct view *v, const struct filter_subject *s,
    enum filter_op op, const struct filter_word *value, struct filter_error *e)
{
	filter_term_init(n, value);
	if (v == NULL)
		return true;
	if (strcasecmp(n->text, "null") == 0) /* as in SQL: an empty cell */
		n->text[0] = '\0';
	n->negate = op == OP_NE || op == OP_NOT_LIKE;
	n->op = op == OP_NE ? OP_EQ : op;
	if (!filter_term_use_subject(n, v, s, value, e))
		return false;
	if (op == OP_LIKE || op == OP_NOT_LIKE || op == OP_CONTAINS || op == OP_PATTERN)
		return filter_term_search(n, op, value, e);
	switch (s->kind) {
	case SUBJECT_COLUMN:
		return filter_term_compare_column(n, v, value, e);
	case SUBJECT_ADDRESS:
		return filter_term_parse_address(n, v, value, e);
	case SUBJECT_PORT:
		return filter_term_parse_port(n, v, value, e);
	case SUBJECT_LAYER:
		return filter_term_compare_layer(n, s, value, e);
	default:
		return true;
	}
}

bool
filter_term_named(struct filter_node *n, const struct view *v, const struct filter_word *word,
    struct filter_error *e)
{
	const struct filter_keyword *nd = filter_term_find_keyword(word);

	assert(nd != NULL);
	filter_term_init(n, word);
	if (v == NULL)
		return true;
	n->words = nd->name;
	n->kind = nd->kind;
	n->test = filter_term_test_kind;
	switch (nd->term_kind) {
	case KEYWORD_GROUP:
		n->test = filter_term_test_group;
		return filter_term_use_type(n, v, V_ADDR, word->at, e);
	case KEYWORD_BROADCAST:
		n->test = filter_term_test_broadcast;
		return filter_term_use_type(n, v, V_ADDR, word->at, e);
	case KEYWORD_FAMILY:
		if (view_find_column(v, "path") == NULL)
			return filter_term_use_type(n, v, V_ADDR, word->at, e);
		break;
	case KEYWORD_PROTOCOL:
		break;
	}
	return filter_term_use_layers(n, v, word->at, e);
}
