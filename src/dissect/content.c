#include "config.h"

#include "dissect/content.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"

struct row {
	content_fn *fn;   /* or NULL, and then: */
	const char *text; /* length bytes to begin with */
	uint8_t length;
	uint8_t over, proto, traits;
	uint8_t first, last; /* of the first byte */
};

/* clang-format off */
#define STARTS(over_, id, traits_, text_) \
	{ .text = text_, .length = sizeof(text_) - 1, .over = OVER_##over_, \
	  .proto = PROTO_##id, .traits = traits_, \
	  .first = (uint8_t)text_[0], .last = (uint8_t)text_[0] },
#define LOOKS(over_, id, traits_, fn_, first_, last_) \
	{ .fn = fn_, .over = OVER_##over_, .proto = PROTO_##id, .traits = traits_, \
	  .first = first_, .last = last_ },

static const struct row rows[] = {
	{ .fn = NULL }, /* no row has the number 0 */
#include "dissect/content.def"
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

void
content_init(struct content *t)
{
	for (unsigned i = 1; i < NITEMS(rows); i++) {
		const struct row *r = &rows[i];

		t->has_row[r->proto] = true;
		if (r->traits & CONTENT_STRICT)
			t->strict[r->over][r->proto] = true;
		if (r->traits & CONTENT_OWN)
			t->own[r->over][r->proto] = (uint8_t)i;
		else
			for (unsigned byte = r->first; byte <= r->last; byte++)
				add_candidate(t, byte, (uint8_t)i);
	}
}

/* A beginning of the text that is cut off, or that the next segment of a stream may complete, is a
 * maybe. */
static enum content_verdict
starts_with(const struct cursor *c, const struct row *r)
{
	size_t n = cur_left(c) < r->length ? cur_left(c) : r->length;

	if (memcmp(c->p, r->text, n) != 0)
		return CONTENT_NO;
	if (n == r->length)
		return CONTENT_YES;
	return r->over == OVER_TCP || c->cut > 0 ? CONTENT_MAYBE : CONTENT_NO;
}

static enum content_verdict
ask(const struct row *r, const struct cursor *c, const struct content_place *at)
{
	struct cursor copy = *c;
	enum content_verdict verdict;

	if (r->fn == NULL)
		return starts_with(c, r);
	verdict = r->fn(&copy, at);
	if (LIKELY(!copy.bad))
		return verdict;
	return r->over == OVER_TCP || !copy.wrong ? CONTENT_MAYBE : CONTENT_NO;
}

/* The first row that says yes, or NULL; *maybe: whether one of the port's own did not say no. */
static const struct row *
ask_candidates(const uint8_t *list, const struct cursor *c, const struct content_place *at,
    bool *maybe)
{
	for (; *list != 0; list++) {
		const struct row *r = &rows[*list];
		enum content_verdict verdict;

		if (r->traits & CONTENT_WEAK && at->by_port != PROTO_NONE)
			continue;
		verdict = ask(r, c, at);
		if (verdict == CONTENT_YES)
			return r;
		*maybe |= verdict == CONTENT_MAYBE && r->proto == at->by_port;
	}
	return NULL;
}

/* Nothing was recognised: what the port says stands, unless it should have been. */
static uint8_t
fall_back(const struct content *t, const struct content_place *at, bool maybe, enum app_by *by)
{
	*by = APP_BY_PORT;
	if (at->by_port == PROTO_NONE)
		*by = APP_UNKNOWN;
	if (maybe || !t->strict[at->over][at->by_port])
		return at->by_port;
	/* A segment may be any part of a stream; a datagram is a whole. */
	*by = at->over == OVER_TCP ? APP_DOUBTED : APP_UNKNOWN;
	return at->over == OVER_TCP ? at->by_port : PROTO_NONE;
}

uint8_t
content_find(const struct content *t, const struct cursor *c, const struct content_place *at,
    enum app_by *by)
{
	const uint8_t *byte = cur_peek(c, 1);
	uint8_t own = t->own[at->over][at->by_port];
	enum content_verdict verdict = CONTENT_NO;
	const struct row *r;
	bool maybe;

	if (UNLIKELY(byte == NULL))
		return fall_back(t, at, true, by);
	if (own != 0) {
		verdict = ask(&rows[own], c, at);
		*by = APP_BY_CONTENT;
		if (verdict == CONTENT_YES)
			return at->by_port;
	}
	maybe = verdict == CONTENT_MAYBE;
	r = ask_candidates(t->candidate[at->over][*byte], c, at, &maybe);
	if (r == NULL)
		return fall_back(t, at, maybe, by);
	*by = r->traits & CONTENT_WEAK ? APP_GUESSED : APP_BY_CONTENT;
	return r->proto;
}
