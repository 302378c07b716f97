#include "config.h"

#include "dissect/classify.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"

struct row {
	content_fn *fn;   /* or NULL: the text is enough */
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

static const struct row rows[] = {
	{ .fn = NULL }, /* no row has the number 0 */
#include "dissect/classify.def"
};
/* clang-format on */

#undef STARTS
#undef LOOKS

static_assert(NITEMS(rows) <= 255, "the number of a row fits a byte");

static void
add_candidate(struct content *t, unsigned byte, uint8_t number)
{
	uint8_t *list = t->candidate[rows[number].over][byte];
	unsigned n = 0;

	while (list[n] != 0)
		n++;
	assert(n < CONTENT_CANDIDATES - 1);
	list[n] = number;
}

/* As much of the text as is within the first bytes. */
static void
add_bits(struct content *t, uint8_t number)
{
	const struct row *r = &rows[number];
	size_t n = r->length < CONTENT_HEAD - r->at ? r->length : CONTENT_HEAD - r->at;

	assert(r->at < CONTENT_HEAD);
	memset((uint8_t *)&t->head[number].mask + r->at, 0xff, n);
	memcpy((uint8_t *)&t->head[number].bits + r->at, r->text, n);
	/* See content_is_silent(). */
	assert(r->first > 0 || t->head[number].bits != 0 || r->traits & CONTENT_OWN);
}

/* A segment may be any part of a stream, so a port is only doubted there; a datagram is a whole. */
static struct content_found
refuse(const struct row *r)
{
	if (r->over == OVER_TCP)
		return (struct content_found){ r->proto, APP_DOUBTED };
	return (struct content_found){ PROTO_NONE, APP_UNKNOWN };
}

static void
add_row(struct content *t, uint8_t number)
{
	const struct row *r = &rows[number];

	add_bits(t, number);
	t->has_row[r->proto] = true;
	t->begins[r->proto] |= (r->traits & CONTENT_BEGINS) != 0;
	if (r->traits & CONTENT_STRICT)
		t->silent[r->over][r->proto] = refuse(r);
	if (r->traits & CONTENT_OWN) {
		t->own[r->over][r->proto] = number;
		return;
	}
	for (unsigned byte = r->first; byte <= r->last; byte++)
		add_candidate(t, byte, number);
}

void
content_init(struct content *t)
{
	for (unsigned over = 0; over < CONTENT_OVERS; over++)
		for (unsigned proto = 0; proto < PROTO_MAX; proto++)
			t->silent[over][proto] = content_by_port((uint8_t)proto);
	for (unsigned i = 1; i < NITEMS(rows); i++)
		add_row(t, (uint8_t)i);
}

/* A beginning of the text that is cut off, or that the next segment of a stream may complete, is a
 * maybe. */
static enum content_verdict
has_text(const struct cursor *c, const struct row *r)
{
	size_t left = cur_left(c), n = 0;

	if (left > r->at)
		n = left - r->at < r->length ? left - r->at : r->length;
	if (n > 0 && memcmp(c->p + r->at, r->text, n) != 0)
		return CONTENT_NO;
	if (n == r->length)
		return CONTENT_YES;
	return r->over == OVER_TCP || c->cut > 0 ? CONTENT_MAYBE : CONTENT_NO;
}

static enum content_verdict
ask(const struct row *r, const struct cursor *c, const struct content_place *at)
{
	struct cursor copy = *c;
	enum content_verdict verdict = has_text(c, r);

	if (verdict != CONTENT_YES || r->fn == NULL)
		return verdict;
	verdict = r->fn(&copy, at);
	if (LIKELY(!copy.bad))
		return verdict;
	return r->over == OVER_TCP || !copy.wrong ? CONTENT_MAYBE : CONTENT_NO;
}

static bool
may_be(const struct content *t, uint8_t number, const uint8_t *head)
{
	uint64_t bits;

	if (UNLIKELY(head == NULL))
		return true;
	memcpy(&bits, head, CONTENT_HEAD);
	return (bits & t->head[number].mask) == t->head[number].bits;
}

/* The first row that says yes, or NULL; *maybe: whether one of the port's own did not say no. */
static const struct row *
ask_candidates(
    const struct content *t, const struct cursor *c, const struct content_place *at, bool *maybe)
{
	const uint8_t *head = cur_peek(c, CONTENT_HEAD);

	for (const uint8_t *i = t->candidate[at->over][*c->p]; *i != 0; i++) {
		const struct row *r = &rows[*i];
		enum content_verdict verdict;

		if (LIKELY(!may_be(t, *i, head)))
			continue;
		if (r->traits & CONTENT_WEAK && at->by_port != PROTO_NONE)
			continue;
		verdict = ask(r, c, at);
		if (verdict == CONTENT_YES)
			return r;
		*maybe |= verdict == CONTENT_MAYBE && r->proto == at->by_port;
	}
	return NULL;
}

struct content_found
content_ask(const struct content *t, const struct cursor *c, struct content_place at)
{
	uint8_t own = t->own[at.over][at.by_port];
	enum content_verdict verdict;
	const struct row *r;
	bool maybe = false;

	if (UNLIKELY(cur_left(c) == 0))
		return content_by_port(at.by_port);
	if (own != 0) {
		verdict = ask(&rows[own], c, &at);
		if (verdict == CONTENT_YES)
			return (struct content_found){ at.by_port, APP_BY_CONTENT };
		maybe = verdict == CONTENT_MAYBE;
	}
	r = ask_candidates(t, c, &at, &maybe);
	if (LIKELY(r == NULL))
		return maybe ? content_by_port(at.by_port) : t->silent[at.over][at.by_port];
	return (struct content_found){ r->proto,
		r->traits & CONTENT_WEAK ? APP_GUESSED : APP_BY_CONTENT };
}
