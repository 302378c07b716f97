/* Words that are a condition by their form: 192.0.2.1:443, tcp/443, state:closed. */
#include "config.h"

#include <string.h>

#include "dissect/dissect.h"
#include "view/private.h"

static const struct filter_subject filter_any_host = { .kind = SUBJECT_ADDRESS };
static const struct filter_subject filter_any_port = { .kind = SUBJECT_PORT };

bool
filter_is_number(const struct filter_word *w)
{
	size_t n = 0;

	while (n < w->len && strchr("0123456789-", w->s[n]) != NULL)
		n++;
	return n > 0 && n == w->len;
}

bool
filter_is_port(const struct filter_word *w)
{
	char name[32];

	return filter_is_number(w) ||
	    (filter_word_copy(w, name, sizeof(name)) && service_exists(name));
}

/* "192.0.2.1:443", "[2001:db8::1]:443", "example.org:https", ":443". */
static struct filter_node *
filter_parse_host_port(struct filter_parser *p, struct filter_word host, struct filter_word port)
{
	struct filter_node *n;

	filter_lex_next(&p->lex);
	if (host.len == 0)
		return filter_leaf(p, &filter_any_port, OP_EQ, &port);
	if (host.len > 2 && host.s[0] == '[' && host.s[host.len - 1] == ']')
		host = filter_word_part(&host, 1, host.len - 2);
	n = filter_leaf(p, &filter_any_host, OP_EQ, &host);
	return n != NULL ? filter_both(p, n, filter_leaf(p, &filter_any_port, OP_EQ, &port)) : NULL;
}

/* "tcp:443", "tcp/443", "443/tcp". */
static struct filter_node *
filter_parse_protocol_port(
    struct filter_parser *p, const struct filter_word *protocol, const struct filter_word *port)
{
	struct filter_node *n = filter_flag(p, protocol);

	filter_lex_next(&p->lex);
	return n != NULL ? filter_both(p, n, filter_leaf(p, &filter_any_port, OP_EQ, port)) : NULL;
}

/* "state:established", and "bps:>1M". */
static struct filter_node *
filter_parse_key_value(
    struct filter_parser *p, const struct filter_subject *s, const struct filter_word *value)
{
	filter_lex_next(&p->lex);
	if (value->len == 0)
		return filter_parse_condition(p, s);
	return filter_with_layer(p, s, filter_compare(p, s, OP_EQ, value));
}

/* Only digits and colons, so part of an address. */
static bool
filter_is_hexadecimal(const struct filter_word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (strchr("0123456789abcdefABCDEF:", w->s[i]) == NULL)
			return false;
	return true;
}

static struct filter_node *
filter_parse_colon(struct filter_parser *p, struct filter_word word)
{
	size_t first = 0, last = word.len - 1;
	struct filter_word key, value, host, port;
	struct filter_subject s;

	while (word.s[first] != ':')
		first++;
	while (word.s[last] != ':')
		last--;
	key = filter_word_part(&word, 0, first);
	value = filter_word_part(&word, first + 1, word.len - first - 1);
	host = filter_word_part(&word, 0, last);
	port = filter_word_part(&word, last + 1, word.len - last - 1);
	if (filter_subject_find(p->filter->view, &key, &s))
		return filter_parse_key_value(p, &s, &value);
	if (filter_term_is_named(&key) && filter_is_port(&value))
		return filter_parse_protocol_port(p, &key, &value);
	if (filter_is_port(&port))
		return filter_parse_host_port(p, host, port);
	filter_fail(p->error, word.at, "no column \"%.*s\": quote the text to search for it",
	    (int)(key.len < 40 ? key.len : 40), key.s);
	return NULL;
}

static struct filter_node *
filter_parse_slash(struct filter_parser *p, struct filter_word word, bool *is_form)
{
	const char *slash = memchr(word.s, '/', word.len);
	struct filter_word left = filter_word_part(&word, 0, (size_t)(slash - word.s));
	struct filter_word right = filter_word_part(&word, left.len + 1, word.len - left.len - 1);

	*is_form = true;
	if (filter_term_is_named(&left) && filter_is_number(&right))
		return filter_parse_protocol_port(p, &left, &right);
	if (filter_term_is_named(&right) && filter_is_number(&left))
		return filter_parse_protocol_port(p, &right, &left);
	*is_form = false;
	return NULL;
}

struct filter_node *
filter_parse_form(struct filter_parser *p, bool *is_form)
{
	struct filter_word word = p->lex.word;

	*is_form = true;
	if (filter_value_is_address(&word)) {
		filter_lex_next(&p->lex);
		return filter_leaf(p, &filter_any_host, OP_EQ, &word);
	}
	if (*word.s == ':' && word.len > 1 &&
	    filter_is_number(&(struct filter_word){ word.s + 1, word.len - 1, 0 }))
		return filter_parse_colon(p, word);
	if (memchr(word.s, ':', word.len) != NULL && !filter_is_hexadecimal(&word))
		return filter_parse_colon(p, word);
	if (memchr(word.s, '/', word.len) != NULL)
		return filter_parse_slash(p, word, is_form);
	*is_form = false;
	return NULL;
}
