#include "config.h"

#include "core/event.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"

#define CIRCA         30    /* counts of different things are exact up to this */
#define CIRCA_MOST    1000u /* and are not known beyond this */
#define VERDICT_SHOWN 2     /* events in the verdict; the others are counted */

const struct event_rule_row event_rules[EVENT_RULES] = {
#define RULE(id, name, severity, threshold, unit, sentence, next)                                  \
	[RULE_##id] = { name, EVENT_##severity, threshold, unit, sentence, next },
#include "core/event_rules.def"
#undef RULE
};

void
events_clear(struct events *es)
{
	uint64_t changes = es->changes;

	memset(es, 0, sizeof(*es));
	es->changes = changes + 1;
}

const struct event *
events_get(const struct events *es, uint64_t number)
{
	const struct event *e = &es->row[number % EVENTS_KEPT];

	return number != 0 && e->number == number ? e : NULL;
}

struct event *
events_find(struct events *es, uint64_t number)
{
	struct event *e = &es->row[number % EVENTS_KEPT];

	return number != 0 && e->number == number ? e : NULL;
}

uint32_t
events_used(const struct events *es)
{
	return es->newest < EVENTS_KEPT ? (uint32_t)es->newest : EVENTS_KEPT;
}

const struct event *
events_newest(const struct events *es, uint32_t i)
{
	assert(i < events_used(es));
	return &es->row[(es->newest - i) % EVENTS_KEPT];
}

const struct event *
events_next_change(const struct events *es, uint64_t *seen)
{
	const struct event *first = NULL;

	if (*seen == es->changes)
		return NULL;
	for (uint32_t i = 0; i < events_used(es); i++) {
		const struct event *e = events_newest(es, i);

		if (e->change > *seen && (first == NULL || e->change < first->change))
			first = e;
	}
	*seen = first != NULL ? first->change : es->changes;
	return first;
}

static bool
event_same_end(const struct event_end *x, const struct event_end *y)
{
	return x->kind == y->kind && addr_equal(&x->addr, &y->addr);
}

static bool
event_is_same(const struct event *x, const struct event *y)
{
	return x->rule == y->rule && x->port == y->port && x->proto == y->proto &&
	    event_same_end(&x->a, &y->a) && event_same_end(&x->b, &y->b);
}

static struct event *
events_find_same(struct events *es, const struct event *what)
{
	for (uint32_t i = 0; i < events_used(es); i++) {
		struct event *e = &es->row[(es->newest - i) % EVENTS_KEPT];

		if (event_is_same(e, what))
			return e;
	}
	return NULL;
}

/* The newest event of a rule, of any subject or of one, if there are at least `most`; else NULL. */
static struct event *
events_find_full(struct events *es, const struct event *what, bool any, uint32_t most)
{
	struct event *newest = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < events_used(es); i++) {
		struct event *e = &es->row[(es->newest - i) % EVENTS_KEPT];

		if (e->rule != what->rule || (!any && !event_same_end(&e->a, &what->a)))
			continue;
		newest = newest != NULL ? newest : e;
		n++;
	}
	return n >= most ? newest : NULL;
}

/* The event that takes in further ones of a rule or of a subject that has very many, or NULL. */
static struct event *
events_find_overflow(struct events *es, const struct event *what)
{
	struct event_quota *q = &es->quota[what->rule];

	if (q->n == 0 || what->end - q->since > EVENT_PAUSE_NS)
		*q = (struct event_quota){ .since = what->end };
	if (++q->n > EVENT_FLOOD)
		return events_find_full(es, what, true, 1);
	return what->a.kind != ADDR_NONE ? events_find_full(es, what, false, EVENT_SUBJECT) : NULL;
}

static void
event_update(struct event *e, const struct event *what)
{
	e->n = what->n > e->n ? what->n : e->n;
	e->m = what->m > e->m ? what->m : e->m;
	memcpy(e->detail, what->detail, sizeof(e->detail));
}

/* Adds it to the ring. */
static struct event *
events_add(struct events *es, const struct event *what)
{
	struct event *e = &es->row[++es->newest % EVENTS_KEPT];

	*e = *what;
	e->number = es->newest;
	e->count = 1;
	e->more = 0;
	es->total[what->rule]++;
	e->change = ++es->changes;
	return e;
}

/* The same was noticed again. */
static void
events_repeat(struct events *es, struct event *e, const struct event *what)
{
	if (what->end > e->end + EVENT_PAUSE_NS) {
		e->count++;
		e->n = e->m = 0;
		es->total[what->rule]++;
		e->change = ++es->changes;
	}
	event_update(e, what);
}

uint64_t
events_raise(struct events *es, const struct event *what)
{
	struct event *e = events_find_same(es, what);

	assert(what->rule < EVENT_RULES);
	if (e != NULL) {
		events_repeat(es, e, what);
	} else {
		/* A tracker knows the event that it was added to. */
		e = events_find(es, what->number);
		if (e == NULL || e->rule != what->rule) {
			e = events_find_overflow(es, what);
			if (e != NULL)
				e->more++;
			else
				e = events_add(es, what);
		}
	}
	e->end = what->end > e->end ? what->end : e->end;
	return e->number;
}

bool
event_is_active(const struct event *e, uint64_t now)
{
	return event_rules[e->rule].severity > EVENT_NOTICE && now <= e->end + EVENT_ACTIVE_NS;
}

static const struct event_end no_end;

const struct event_end *
event_attacker(const struct event *e)
{
	return event_rules[e->rule].severity == EVENT_ATTACK ? &e->a : &no_end;
}

const struct event_end *
event_victim(const struct event *e)
{
	bool only_a = e->b.kind == ADDR_NONE && event_rules[e->rule].severity != EVENT_ATTACK;

	return only_a ? &e->a : &e->b;
}

const char *
event_severity_name(enum event_severity s)
{
	static const char *const names[EVENT_SEVERITIES] = {
		[EVENT_NOTICE] = "notice",
		[EVENT_WARNING] = "warning",
		[EVENT_ATTACK] = "attack",
	};

	assert(s < EVENT_SEVERITIES);
	return names[s];
}

enum event_rule
event_rule_find(const char *name)
{
	unsigned i = 0;

	while (i < EVENT_RULES && strcmp(event_rules[i].name, name) != 0)
		i++;
	return (enum event_rule)i;
}

static void
event_add_end(struct buf *b, const struct event_end *end, const struct event_names *names)
{
	const char *name = names != NULL && names->fn != NULL
	    ? names->fn(names->arg, end->kind, &end->addr)
	    : NULL;

	if (name != NULL)
		buf_adds(b, name);
	else if (end->kind == ADDR_NONE)
		buf_adds(b, "many hosts");
	else
		addr_text(b, (enum addr_kind)end->kind, &end->addr);
}

static void
event_add_port(struct buf *b, const struct event *e)
{
	enum proto_space space = e->proto == 17 ? SPACE_UDP : SPACE_TCP;
	const char *name = service_name(space, e->port);

	if (name != NULL)
		buf_adds(b, name);
	else
		buf_addu(b, e->port);
}

/* A count of different things is exact if it is small; see sketch_count(). */
static void
event_add_circa(struct buf *b, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 100)
		unit *= 10;
	if (n >= CIRCA_MOST)
		buf_addf(b, "over %u", CIRCA_MOST);
	else if (n >= CIRCA)
		buf_addf(b, "about %llu", (unsigned long long)((n + unit / 2) / unit * unit));
	else
		buf_addu(b, n);
}

/* Adds what a letter stands for. */
static void
event_add_field(struct buf *b, const struct event *e, char c, const struct event_names *names)
{
	if (c == 'a')
		event_add_end(b, &e->a, names);
	else if (c == 'b')
		event_add_end(b, &e->b, names);
	else if (c == 'p')
		event_add_port(b, e);
	else if (c == 'q')
		buf_addu(b, e->port);
	else if (c == 'n')
		buf_addu(b, e->n);
	else if (c == 'm')
		buf_addu(b, e->m);
	else if (c == 'c')
		event_add_circa(b, e->m);
	else if (c == 'd')
		buf_adds(b, e->detail);
}

static void
event_expand(
    struct buf *b, const char *text, const struct event *e, const struct event_names *names)
{
	for (; *text != '\0'; text++) {
		if (text[0] == '{' && text[1] != '\0' && text[2] == '}') {
			event_add_field(b, e, text[1], names);
			text += 2;
		} else {
			buf_addc(b, *text);
		}
	}
}

void
event_text(struct buf *b, const struct event *e, const struct event_names *names)
{
	event_expand(b, event_rules[e->rule].sentence, e, names);
	if (e->more > 0)
		buf_addf(b, ", and %u more", e->more);
}

void
event_filter(struct buf *b, const struct event *e)
{
	if (e->more == 0)
		event_expand(b, event_rules[e->rule].next, e, NULL);
}

void
events_verdict(
    struct buf *b, const struct events *es, uint64_t now, const struct event_names *names)
{
	const struct event *shown[VERDICT_SHOWN];
	unsigned n = 0;

	/* Attacks first, each kind from the newest on. */
	for (int severity = EVENT_ATTACK; severity > EVENT_NOTICE; severity--) {
		for (uint32_t i = 0; i < events_used(es); i++) {
			const struct event *e = events_newest(es, i);

			if (event_rules[e->rule].severity != severity || !event_is_active(e, now))
				continue;
			if (n < VERDICT_SHOWN)
				shown[n] = e;
			n++;
		}
	}
	if (n == 0)
		return;
	buf_addf(b, "%u problem%s: ", n, n > 1 ? "s" : "");
	for (unsigned i = 0; i < n && i < VERDICT_SHOWN; i++) {
		buf_adds(b, i > 0 ? "; " : "");
		event_text(b, shown[i], names);
	}
	if (n > VERDICT_SHOWN)
		buf_addf(b, "; %u more", n - VERDICT_SHOWN);
}
