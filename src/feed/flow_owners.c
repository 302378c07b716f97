/* Asks whose flows are: new ones, and those of whom nothing was found yet. */
#include "config.h"

#include "feed/feed.h"

#include <poll.h>

#include "platform/clock.h"
#include "platform/file_ops.h"
#include "platform/process_owner.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17

#define TRIES            10   /* questions for a flow at most: one for each interval with packets */
#define ASKS_PER_TICK    8192 /* a flood of flows is not asked for completely */
#define FIGURES_PER_TICK 256
#define SETTLE_MS        100
#define SETTLE_NS        UINT64_C(1000000000)

/* True if a process of this machine can own it, as far as is known. */
static bool
flow_owners_may_have(const struct flow *f)
{
	return (f->key.kind == ADDR_IP4 || f->key.kind == ADDR_IP6) &&
	    (f->key.proto == IP_PROTO_TCP || f->key.proto == IP_PROTO_UDP);
}

/* The kernel's figures are wanted of open connections with a known owner. */
static bool
flow_owners_wants_figures(const struct flow_owners *o, const struct ledger *l, const struct flow *f)
{
	return f->key.proto == IP_PROTO_TCP && !flow_has_ended(f) &&
	    o->n_figures < FIGURES_PER_TICK &&
	    (flow_owner(l, f, 0) != NULL || flow_owner(l, f, 1) != NULL);
}

static bool
flow_owners_send(struct flow_owners *o)
{
	unsigned n = o->n;

	o->n = 0;
	o->n_asked += n;
	return n == 0 || owners_ask(o->child, o->asks, n);
}

/* Adds the flow to the questions; sends them if they are enough. False if they cannot be sent. */
static bool
flow_owners_add(struct flow_owners *o, struct ledger *l, const struct flow *f)
{
	struct flow_account *a;
	bool figures;

	if (!flow_owners_may_have(f))
		return true;
	a = flow_account(l, f);
	figures = flow_owners_wants_figures(o, l, f);
	if (a->asked >= TRIES && !figures)
		return true;
	o->asks[o->n++] = (struct owner_ask){ .key = f->key,
		.row = (uint32_t)(f - l->flows.row),
		.generation = f->generation,
		.again = a->asked > 0,
		.figures = figures };
	o->n_figures += figures;
	if (a->asked < TRIES)
		a->asked++;
	return o->n < OWNER_ASKS || flow_owners_send(o);
}

/*
 * True if the answer says more about that end than is known: the socket may be closed by now.
 * Nobody has accepted a connection that was not established.
 */
static bool
flow_owners_says_more(
    const struct flow *f, const struct owner_answer *a, int end, const struct process *before)
{
	bool accepted = f->state >= FLOW_ESTABLISHED || f->key.proto == IP_PROTO_UDP;

	if (!a->known[end] || (a->listens[end] && !accepted))
		return false;
	return before == NULL ||
	    (a->facts[end].kind == PROCESS_OWNER &&
		(!a->listens[end] || before->facts.kind != PROCESS_OWNER));
}

static void
flow_owners_take(struct ledger *l, struct owner_answer *a)
{
	const struct flow *f = &l->flows.row[a->row];
	const struct process_facts *ends[2] = { NULL, NULL };

	if (a->row >= l->flows.table.used || f->generation != a->generation)
		return;
	for (int end = 0; end < 2; end++) {
		const struct process *before = flow_owner(l, f, end);

		if (flow_owners_says_more(f, a, end, before))
			ends[end] = &a->facts[end];
		else if (before != NULL) {
			a->facts[end] = before->facts;
			ends[end] = &a->facts[end];
		}
	}
	ledger_set_owners(l, a->row, a->generation, ends);
	if (a->has_figures)
		flow_set_kernel(l, f, &a->figures);
	if (a->final)
		flow_account(l, f)->asked = ACCOUNT_FINAL;
}

static void
flow_owners_read(struct flow_owners *o, struct ledger *l)
{
	struct owner_answer a;

	/* It is called in each turn of the loop: without questions it asks the kernel nothing. */
	while (o->child->n_open > 0 && owners_read(o->child, &a))
		flow_owners_take(l, &a);
}

void
feed_set_owners(struct feed *f, struct owners *owners)
{
	f->owners.child = owners;
	processes_start(&f->ledger->processes);
}

/* The list of flows begins again at each tick. */
void
feed_ask_owners(struct feed *f)
{
	struct flow_owners *o = &f->owners;
	struct ledger *l = f->ledger;

	if (o->child == NULL)
		return;
	flow_owners_read(o, l);
	if (o->tick_at != l->tick_at || o->next > l->flows.n_dirty) {
		o->tick_at = l->tick_at;
		o->next = o->n_asked = o->n_figures = 0;
	}
	while (o->next < l->flows.n_dirty && o->n_asked < ASKS_PER_TICK)
		if (!flow_owners_add(o, l, &l->flows.row[l->flows.dirty[o->next++]]))
			break;
	flow_owners_send(o);
}

static void
flow_owners_wait(struct flow_owners *o, struct ledger *l, uint64_t end)
{
	struct pollfd fd;

	while (o->child->n_open > 0 && clock_monotonic() < end) {
		fd = (struct pollfd){ .fd = o->child->fd, .events = POLLIN };
		if (fd_poll(&fd, 1, SETTLE_MS) < 0 || (fd.revents & POLLHUP) != 0)
			return;
		flow_owners_read(o, l);
	}
}

/* The kernel's figures are asked for once the owners are known. */
void
feed_settle_owners(struct feed *f)
{
	struct flow_owners *o = &f->owners;
	uint64_t end = clock_monotonic() + SETTLE_NS;

	if (o->child == NULL)
		return;
	feed_ask_owners(f);
	flow_owners_wait(o, f->ledger, end);
	o->next = 0;
	feed_ask_owners(f);
	flow_owners_wait(o, f->ledger, end);
}
