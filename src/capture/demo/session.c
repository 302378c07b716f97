#include "config.h"

#include "capture/demo/session.h"

#define NS_PER_US 1000

struct demo_route
demo_route(const struct demo_session *s, unsigned from)
{
	return (struct demo_route){ &s->end[from], &s->end[!from], s->six, s->kind->vlan };
}

uint64_t
demo_renew(struct demo *d, struct demo_session *s)
{
	demo_place_session(d, s);
	s->step = s->kind->first;
	s->turn = 0;
	s->turns = demo_between(d, s->kind->turns);
	s->left = 0;
	s->seq[0] = (uint32_t)demo_random_word(d);
	s->seq[1] = (uint32_t)demo_random_word(d);
	s->lost = 0;
	s->from = s->unacked = 0;
	s->message_unsent = false;
	return (uint64_t)demo_between(d, s->kind->pause) * NS_PER_US;
}

/* Answers in one frame or several, or none; then the next question. */
static uint64_t
demo_exchange_answer(struct demo *d, struct demo_session *s)
{
	s->from = 1;
	s->kind->make(d, s);
	if (--s->left > 0)
		return demo_about(d, s->kind->gap_us);
	s->step = demo_exchange;
	if (++s->turn == s->turns)
		return demo_renew(d, s);
	return (uint64_t)demo_between(d, s->kind->think) * NS_PER_US;
}

uint64_t
demo_exchange(struct demo *d, struct demo_session *s)
{
	s->from = 0;
	s->kind->make(d, s);
	s->left = demo_between(d, s->kind->answer);
	if (s->left > 0) {
		s->step = demo_exchange_answer;
		return demo_about(d, s->kind->rtt_us);
	}
	if (++s->turn == s->turns)
		return demo_renew(d, s);
	return (uint64_t)demo_between(d, s->kind->think) * NS_PER_US;
}
