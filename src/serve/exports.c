/* What is sent to other machines: its counters in /metrics, and /stored. */
#include "config.h"

#include "feed/recording.h"
#include "serve/server.h"

static void
serve_exports_flow_metrics(struct metrics *m, const struct flow_export *x)
{
	static const struct {
		const char *name, *help;
		size_t at;
	} rows[] = {
		{ "pkttop_export_messages", "Messages sent to flow collectors.",
		    offsetof(struct collector, sent_messages) },
		{ "pkttop_export_bytes", "Bytes sent to flow collectors.",
		    offsetof(struct collector, sent_bytes) },
		{ "pkttop_export_lost_records", "Flow records that were not sent.",
		    offsetof(struct collector, dropped_records) },
		{ "pkttop_export_refused_messages", "Messages that no collector received.",
		    offsetof(struct collector, refused) },
	};

	for (unsigned i = 0; i < NITEMS(rows) && x->n > 0; i++) {
		metrics_family(m, rows[i].name, "counter", NULL, rows[i].help);
		for (unsigned k = 0; k < x->n; k++) {
			const struct collector *c = &x->target[k].collector;
			const void *count = (const char *)c + rows[i].at;
			char text[256];
			struct buf label;

			buf_init(&label, text, sizeof(text));
			metrics_label(&label, "collector", c->name);
			metrics_count(m, label.s, *(const uint64_t *)count);
		}
	}
}

static void
serve_exports_influx_metrics(struct metrics *m, const struct influx *x)
{
	if (x->feed == NULL)
		return;
	metrics_family(m, "pkttop_influx_behind_seconds", "gauge", "seconds",
	    "Age of the oldest report that InfluxDB has not taken.");
	metrics_value(m, NULL, (double)influx_delay(x) / 1e9);
	metrics_family(m, "pkttop_influx_queue_bytes", "gauge", "bytes",
	    "Bytes that wait for InfluxDB, in memory and on disk.");
	metrics_count(m, NULL, influx_queue_bytes(&x->queue));
	metrics_family(m, "pkttop_influx_written_batches", "counter", NULL,
	    "Batches of lines that InfluxDB has taken.");
	metrics_count(m, NULL, x->written_batches);
	metrics_family(m, "pkttop_influx_rejected_batches", "counter", NULL,
	    "Batches of lines that InfluxDB has refused.");
	metrics_count(m, NULL, x->rejected_batches);
	metrics_family(m, "pkttop_influx_lost_lines", "counter", NULL,
	    "Lines that had no room while InfluxDB did not answer.");
	metrics_count(m, NULL, x->queue.dropped_lines);
}

static void
serve_exports_metrics(void *arg, struct metrics *m)
{
	const struct exports *x = arg;

	serve_exports_flow_metrics(m, &x->flows);
	serve_exports_influx_metrics(m, &x->influx);
}

static bool
serve_exports_stored(void *arg, const char *span, struct buf *json, struct buf *err)
{
	return influx_stored(arg, span, json, err);
}

void
server_set_exports(struct server *s, struct exports *x)
{
	server_add_metrics(s, serve_exports_metrics, x);
	if (x->influx.feed != NULL)
		server_set_stored(s, serve_exports_stored, &x->influx);
}
