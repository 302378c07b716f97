/* The content of a snapshot: the files and their columns. */
#include "config.h"

#include <string.h>

#include "core/ledger.h"
#include "export/csv_json.h"
#include "export/draw.h"
#include "export/private.h"
#include "export/snapshot.h"

#define OTHER      "(other)"
#define ADDR_TEXT  48
#define PATH_TEXT  256
#define PROTO_TEXT 16

static void
snapshot_put_tally(struct csv *c, struct tally t)
{
	csv_u64(c, t.packets);
	csv_u64(c, t.bytes);
}

/* An empty cell if the frame had no addresses. */
static void
snapshot_put_addr(struct csv *c, uint8_t kind, const struct addr *a)
{
	char text[ADDR_TEXT];
	struct buf b;

	if (!addr_is_present(kind, a)) {
		csv_empty(c);
		return;
	}
	buf_init(&b, text, sizeof(text));
	addr_text(&b, kind, a);
	csv_str(c, text);
}

static void
snapshot_put_port(struct csv *c, bool known, uint16_t port)
{
	if (known)
		csv_u64(c, port);
	else
		csv_empty(c);
}

static void
snapshot_put_drops(struct csv *c, bool known, uint64_t n)
{
	if (known)
		csv_u64(c, n);
	else
		csv_empty(c);
}

static void
snapshot_put_metrics(struct csv *c, const struct source_stats *src)
{
	const struct totals *t = &src->totals;

	csv_str(c, src->name);
	snapshot_put_tally(c, t->all);
	if (t->all.packets > 0) {
		csv_u64(c, t->smallest);
		csv_u64(c, t->largest);
	} else {
		csv_empty(c);
		csv_empty(c);
	}
	csv_average(c, t->all.bytes, t->all.packets);
	snapshot_put_drops(c, src->drops_known, src->kernel_dropped);
	snapshot_put_drops(c, src->drops_known, src->interface_dropped);
	csv_time(c, t->first);
	csv_time(c, t->last);
	csv_end_line(c);
}

static bool
snapshot_write_metrics(struct csv *c, const struct ledger *l)
{
	struct source_stats total = {
		.name = "total", .totals = l->totals, .drops_known = ledger_knows_drops(l)
	};

	for (unsigned i = 0; i < l->n_sources; i++) {
		snapshot_put_metrics(c, &l->source[i]);
		total.kernel_dropped += l->source[i].kernel_dropped;
		total.interface_dropped += l->source[i].interface_dropped;
	}
	snapshot_put_metrics(c, &total);
	return true;
}

static void
snapshot_put_flow(struct csv *c, const struct flow *f)
{
	const struct flowkey *k = &f->key;
	bool ports = flow_has_ports(f);
	char scratch[PROTO_TEXT];

	snapshot_put_addr(c, k->kind, &k->a);
	snapshot_put_port(c, ports, k->a_port);
	snapshot_put_addr(c, k->kind, &k->b);
	snapshot_put_port(c, ports, k->b_port);
	csv_str(c, flow_proto_name(k->kind, k->proto, scratch));
	snapshot_put_tally(c, f->meter.t[0]);
	snapshot_put_tally(c, f->meter.t[1]);
	csv_time(c, f->first);
	csv_time(c, f->last);
	csv_end_line(c);
}

static void
snapshot_put_other_flows(struct csv *c, const struct ledger *l)
{
	if (meter_sum(&l->flows.other).packets == 0)
		return;
	csv_str(c, OTHER);
	for (int i = 0; i < 4; i++)
		csv_empty(c);
	snapshot_put_tally(c, l->flows.other.t[0]);
	snapshot_put_tally(c, l->flows.other.t[1]);
	csv_empty(c);
	csv_empty(c);
	csv_end_line(c);
}

static bool
snapshot_write_flows(struct csv *c, const struct ledger *l)
{
	struct report_rows rows;

	if (!report_rows_flows(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		snapshot_put_flow(c, rows.at[i].row);
	snapshot_put_other_flows(c, l);
	report_rows_fini(&rows);
	return true;
}

static void
snapshot_put_host(struct csv *c, const struct host *h)
{
	if (h->other)
		csv_str(c, OTHER);
	else
		snapshot_put_addr(c, h->kind, &h->addr);
	snapshot_put_tally(c, report_rows_host_tally(h, 0));
	snapshot_put_tally(c, report_rows_host_tally(h, 1));
	csv_u64(c, h->flows);
	csv_end_line(c);
}

static bool
snapshot_write_hosts(struct csv *c, const struct ledger *l)
{
	const struct host *other = &l->hosts.other;
	struct report_rows rows;

	if (!report_rows_hosts(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		snapshot_put_host(c, rows.at[i].row);
	if (report_rows_host_tally(other, 0).packets + report_rows_host_tally(other, 1).packets > 0)
		snapshot_put_host(c, other);
	report_rows_fini(&rows);
	return true;
}

static void
snapshot_put_protocol(struct csv *c, const struct ledger *l, const struct proto_node *p)
{
	char text[PATH_TEXT];
	const char *slash;
	struct buf b;

	buf_init(&b, text, sizeof(text));
	proto_tree_path_text(&b, &l->proto_tree, report_rows_protocol_number(l, p));
	slash = strrchr(text, '/');
	csv_str(c, text);
	csv_str(c, slash != NULL ? slash + 1 : text);
	snapshot_put_tally(c, p->meter.t[0]);
	csv_end_line(c);
}

static bool
snapshot_write_protocols(struct csv *c, const struct ledger *l)
{
	struct report_rows rows;

	if (!report_rows_protocols(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		snapshot_put_protocol(c, l, rows.at[i].row);
	report_rows_fini(&rows);
	return true;
}

/* clang-format off */
#define TABLE(name_, columns_, write_) { .name = name_, .columns = columns_, .write = write_ }
#define PICTURE(name_, form_, draw_)   { .name = name_, .form = form_, .draw = draw_ }

const struct snapshot_file snapshot_file[] = {
	TABLE("packet_metrics.csv",
	    "source,packets,bytes,smallest,largest,average,"
	    "kernel_dropped,interface_dropped,first,last",
	    snapshot_write_metrics),
	TABLE("packet_flows.csv",
	    "source,source_port,destination,destination_port,protocol,"
	    "packets_to_destination,bytes_to_destination,"
	    "packets_to_source,bytes_to_source,first,last",
	    snapshot_write_flows),
	TABLE("ip_flows.csv", "address,packets_out,bytes_out,packets_in,bytes_in,flows", snapshot_write_hosts),
	TABLE("protocols.csv", "path,protocol,packets,bytes", snapshot_write_protocols),
	TABLE("packet_size_distribution.csv", "from,to,packets", charts_sizes_csv),
	PICTURE("packet_size_distribution.svg", DRAW_SVG, charts_sizes),
	PICTURE("packet_size_distribution.png", DRAW_PNG, charts_sizes),
	TABLE("traffic_over_time.csv",
	    "time,seconds,packets_in,bytes_in,packets_out,bytes_out,packets_other,bytes_other",
	    charts_traffic_csv),
	PICTURE("traffic_over_time.svg", DRAW_SVG, charts_traffic),
	PICTURE("traffic_over_time.png", DRAW_PNG, charts_traffic),
};
/* clang-format on */
const unsigned n_snapshot_files = NITEMS(snapshot_file);

/* Appends to the file's text; must be called first. */
static bool
snapshot_draw_chart(const struct snapshot_file *file, const struct ledger *l, struct buf *out)
{
	struct drawing s;

	if (!draw_init(&s, file->form, CHART_WIDTH, CHART_HEIGHT, out))
		return false;
	file->draw(&s, l);
	return draw_fini(&s);
}

static bool
snapshot_write_file(const struct safe_dir *folder, const struct snapshot_file *file,
    const struct ledger *l, struct buf *err)
{
	struct csv c;
	bool enough;

	csv_open(&c, folder, file->name, file->columns);
	enough = file->draw != NULL ? snapshot_draw_chart(file, l, &c.b) : file->write(&c, l);
	if (!csv_close(&c, err))
		return false;
	if (!enough)
		buf_setf(err, "cannot write %s: not enough memory", file->name);
	return enough;
}

bool
snapshot_write_files(const struct safe_dir *folder, const struct ledger *l, struct buf *err)
{
	for (unsigned i = 0; i < n_snapshot_files; i++)
		if ((snapshot_file[i].form != DRAW_PNG || draw_has_png()) &&
		    !snapshot_write_file(folder, &snapshot_file[i], l, err))
			return false;
	return true;
}

const char *
snapshot_file_name(unsigned i)
{
	return i < n_snapshot_files ? snapshot_file[i].name : NULL;
}
