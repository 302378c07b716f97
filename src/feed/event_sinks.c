/* Passes events on: to the system log and to a command. */
#include "config.h"

#include <inttypes.h>
#include <unistd.h>

#include "core/ledger.h"
#include "feed/recording.h"
#include "util/die.h"
#include "util/text.h"

#define EVENT_TEXT   400
#define LOG_DAEMON   (3 << 3) /* RFC 5424, 6.2.1 */
#define LOG_WARNING_ 4
#define LOG_ALERT_   1
#define LOG_NOTICE_  5

static const int priority[EVENT_SEVERITIES] = {
	[EVENT_NOTICE] = LOG_DAEMON | LOG_NOTICE_,
	[EVENT_WARNING] = LOG_DAEMON | LOG_WARNING_,
	[EVENT_ATTACK] = LOG_DAEMON | LOG_ALERT_,
};

void
event_sinks_start(struct event_sinks *s, const struct options *o)
{
	char text[512];
	struct buf err;

	*s = (struct event_sinks){ .log_fd = -1, .command = { .fd = -1 } };
	buf_init(&err, text, sizeof(text));
	if (o->on_event != NULL && !event_command_start(&s->command, o->on_event, &err))
		die_usage("%s", err.s);
	if (o->event_syslog && (s->log_fd = system_log_open(&err)) < 0)
		die("%s", err.s);
}

void
event_sinks_stop(struct event_sinks *s)
{
	event_command_stop(&s->command);
	if (s->log_fd >= 0)
		close(s->log_fd);
}

static void
event_sinks_add_var(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "PKTTOP_%s=%s", name, value);
	buf_addc(b, '\0');
}

static void
event_sinks_add_number(struct buf *b, const char *name, uint64_t n)
{
	buf_addf(b, "PKTTOP_%s=%" PRIu64, name, n);
	buf_addc(b, '\0');
}

static void
event_sinks_add_end(struct buf *b, const char *name, const struct event_end *end)
{
	char text[64];
	struct buf addr;

	buf_init(&addr, text, sizeof(text));
	if (end->kind != ADDR_NONE)
		addr_text(&addr, (enum addr_kind)end->kind, &end->addr);
	event_sinks_add_var(b, name, text);
}

static void
event_sinks_run_command(const struct event_sinks *s, const struct event *e, const char *sentence)
{
	const struct event_rule_row *rule = &event_rules[e->rule];
	char vars[EVENT_COMMAND_VARS], time[64];
	struct buf b, t;

	buf_init(&b, vars, sizeof(vars));
	buf_init(&t, time, sizeof(time));
	fmt_rfc3339(&t, e->start, 3);
	event_sinks_add_var(&b, "RULE", rule->name);
	event_sinks_add_var(
	    &b, "SEVERITY", event_severity_name((enum event_severity)rule->severity));
	event_sinks_add_var(&b, "EVENT", sentence);
	event_sinks_add_var(&b, "FIRST", time);
	event_sinks_add_number(&b, "COUNT", e->count);
	event_sinks_add_end(&b, "ATTACKER", event_attacker(e));
	event_sinks_add_end(&b, "VICTIM", event_victim(e));
	event_sinks_add_number(&b, "PORT", e->proto != 0 ? e->port : 0);
	event_command_send(&s->command, b.s, b.len);
}

void
event_sinks_run(struct event_sinks *s, const struct events *es)
{
	const struct event *e;
	char text[EVENT_TEXT];
	struct buf b;

	while ((e = events_next_change(es, &s->seen)) != NULL) {
		buf_init(&b, text, sizeof(text));
		event_text(&b, e, NULL);
		if (s->log_fd >= 0)
			system_log_send(s->log_fd, priority[event_rules[e->rule].severity], text);
		event_sinks_run_command(s, e, text);
	}
}
