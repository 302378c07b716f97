#include "config.h"

#include "dissect/classify.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"

struct classify_rule {
	classify_fn *fn;  /* or NULL: matching the text is enough */
	const char *text; /* length bytes that are at offset at */
	uint8_t length, at;
	uint8_t over, proto, traits;
	uint8_t first, last; /* of the first byte */
};

/* clang-format off */
#define STARTS(over_, id, traits_, text_) \
	{ .text = text_, .length = sizeof(text_) - 1, .over = OVER_##over_, \
	  .proto = PROTO_##id, .traits = traits_, \
	  .first = (uint8_t)text_[0], .last = (uint8_t)text_[0] },
#define LOOKS(over_, id, traits_, first_, last_, at_, text_, fn_) \
	{ .fn = fn_, .text = text_, .length = sizeof(text_) - 1, .at = at_, .over = OVER_##over_, \
	  .proto = PROTO_##id, .traits = traits_, .first = first_, .last = last_ },

static const struct classify_rule classify_rules[] = {
	{ .fn = NULL }, /* no row has the number 0 */
#include "dissect/classify.def"
};
/* clang-format on */

#undef STARTS
#undef LOOKS

static_assert(NITEMS(classify_rules) <= 255, "the number of a row fits a byte");

static void
classify_add_candidate(struct classifier *t, unsigned byte, uint8_t number)
{
	uint8_t *list = t->candidate[classify_rules[number].over][byte];
	unsigned n = 0;

	while (list[n] != 0)
		n++;
	assert(n < CLASSIFY_CANDIDATES - 1);
	list[n] = number;
}

/* Sets the mask for the part of the text within the first 8 bytes. */
static void
classify_add_prefix(struct classifier *t, uint8_t number)
{
	const struct classify_rule *r = &classify_rules[number];
	size_t n = r->length < CLASSIFY_PREFIX - r->at ? r->length : CLASSIFY_PREFIX - r->at;

	assert(r->at < CLASSIFY_PREFIX);
	memset((uint8_t *)&t->prefix[number].mask + r->at, 0xff, n);
	memcpy((uint8_t *)&t->prefix[number].bits + r->at, r->text, n);
	/* See classify_has_no_candidates(). */
	assert(r->first > 0 || t->prefix[number].bits != 0 || r->traits & CLASSIFY_OWN_PORT);
}

/* The result if no rule matches.  A TCP segment may be from the middle of a stream, so its port is
 * only doubted; a datagram is complete. */
static struct classify_result
classify_rejected(const struct classify_rule *r)
{
	if (r->over == OVER_TCP)
		return (struct classify_result){ r->proto, APP_DOUBTED };
	return (struct classify_result){ PROTO_NONE, APP_UNKNOWN };
}

static void
classify_add_rule(struct classifier *t, uint8_t number)
{
	const struct classify_rule *r = &classify_rules[number];

	classify_add_prefix(t, number);
	t->has_rule[r->proto] = true;
	t->first_only[r->proto] |= (r->traits & CLASSIFY_FIRST_ONLY) != 0;
	if (r->traits & CLASSIFY_STRICT)
		t->default_result[r->over][r->proto] = classify_rejected(r);
	if (r->traits & CLASSIFY_OWN_PORT) {
		t->own_port[r->over][r->proto] = number;
		return;
	}
	for (unsigned byte = r->first; byte <= r->last; byte++)
		classify_add_candidate(t, byte, number);
}

/* See classify_has_no_candidates(): a rule for zeros that could not be excluded by a few of them
 * would not change the result. */
static void
classify_check_zeros(const struct classifier *t)
{
	for (unsigned over = 0; over < OVERS; over++) {
		for (const uint8_t *i = t->candidate[over][0]; *i != 0; i++) {
			uint8_t proto = classify_rules[*i].proto;
			struct classify_result result = t->default_result[over][proto];

			assert(
			    t->own_port[over][proto] != 0 || result.app_confidence == APP_BY_PORT);
		}
	}
}

void
classify_init(struct classifier *t)
{
	for (unsigned over = 0; over < OVERS; over++)
		for (unsigned proto = 0; proto < PROTO_MAX; proto++)
			t->default_result[over][proto] = classify_by_port((uint8_t)proto);
	for (unsigned i = 1; i < NITEMS(classify_rules); i++)
		classify_add_rule(t, (uint8_t)i);
	classify_check_zeros(t);
}

/* Returns MAYBE if only the start of the text is there, and the rest may be cut off or come in the
 * next segment. */
static enum classify_verdict
classify_match_text(const struct cursor *c, const struct classify_rule *r)
{
	size_t left = cur_captured(c), n = 0;

	if (left > r->at)
		n = left - r->at < r->length ? left - r->at : r->length;
	if (n > 0 && memcmp(c->p + r->at, r->text, n) != 0)
		return CLASSIFY_NO;
	if (n == r->length)
		return CLASSIFY_YES;
	return r->over == OVER_TCP || c->uncaptured > 0 ? CLASSIFY_MAYBE : CLASSIFY_NO;
}

static enum classify_verdict
classify_try(const struct classify_rule *r, const struct cursor *c, const struct classify_hint *at)
{
	struct cursor copy = *c;
	enum classify_verdict verdict = classify_match_text(c, r);

	if (verdict != CLASSIFY_YES || r->fn == NULL)
		return verdict;
	verdict = r->fn(&copy, at);
	if (LIKELY(!copy.overrun))
		return verdict;
	return r->over == OVER_TCP || !copy.impossible ? CLASSIFY_MAYBE : CLASSIFY_NO;
}

/* The first 8 bytes, or as many as there are, and which ones these are. */
static struct classify_prefix
classify_head(const struct cursor *c)
{
	struct classify_prefix head = { .mask = UINT64_MAX, .bits = classify_head_bits(c) };

	if (UNLIKELY(cur_captured(c) < CLASSIFY_PREFIX)) {
		head.mask = 0;
		memset(&head.mask, 0xff, cur_captured(c));
	}
	return head;
}

/* False if the bytes that are there exclude the rule. */
static bool
classify_prefix_matches(
    const struct classifier *t, uint8_t number, const struct classify_prefix *head)
{
	const struct classify_prefix *rule = &t->prefix[number];

	return ((head->bits ^ rule->bits) & rule->mask & head->mask) == 0;
}

/* The first rule that matches, or NULL.  *maybe: a rule of the port's protocol could not be
 * excluded. */
static const struct classify_rule *
classify_try_candidates(
    const struct classifier *t, const struct cursor *c, const struct classify_hint *at, bool *maybe)
{
	const struct classify_prefix head = classify_head(c);

	for (const uint8_t *i = t->candidate[at->over][*c->p]; *i != 0; i++) {
		const struct classify_rule *r = &classify_rules[*i];
		enum classify_verdict verdict;

		if (LIKELY(!classify_prefix_matches(t, *i, &head)))
			continue;
		if (r->traits & CLASSIFY_WEAK && at->by_port != PROTO_NONE)
			continue;
		verdict = classify_try(r, c, at);
		if (verdict == CLASSIFY_YES)
			return r;
		*maybe |= verdict == CLASSIFY_MAYBE && r->proto == at->by_port;
	}
	return NULL;
}

struct classify_result
classify_payload_slow(const struct classifier *t, const struct cursor *c, struct classify_hint at)
{
	uint8_t own = t->own_port[at.over][at.by_port];
	enum classify_verdict verdict;
	const struct classify_rule *r;
	bool maybe = false;

	if (UNLIKELY(cur_captured(c) == 0))
		return classify_by_port(at.by_port);
	if (own != 0) {
		verdict = classify_try(&classify_rules[own], c, &at);
		if (verdict == CLASSIFY_YES)
			return (struct classify_result){ at.by_port, APP_BY_CONTENT };
		maybe = verdict == CLASSIFY_MAYBE;
	}
	r = classify_try_candidates(t, c, &at, &maybe);
	if (LIKELY(r == NULL))
		return maybe ? classify_by_port(at.by_port)
			     : t->default_result[at.over][at.by_port];
	return (struct classify_result){ r->proto,
		r->traits & CLASSIFY_WEAK ? APP_GUESSED : APP_BY_CONTENT };
}
