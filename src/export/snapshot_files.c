/* What a snapshot says: the files and their columns. */
#include "config.h"

#include <string.h>

#include "core/ledger.h"
#include "export/chart.h"
#include "export/charts.h"
#include "export/csv.h"
#include "export/private.h"
#include "export/report_rows.h"
#include "export/snapshot.h"

#define OTHER      "(other)"
#define ADDR_TEXT  48
#define PATH_TEXT  256
#define PROTO_TEXT 16

static void
put_tally(struct csv *c, struct tally t)
{
	csv_u64(c, t.packets);
	csv_u64(c, t.bytes);
}

/* An empty cell where the frame named no ends. */
static void
put_addr(struct csv *c, uint8_t kind, const struct addr *a)
{
	char text[ADDR_TEXT];
	struct buf b;

	if (!addr_is_present(kind, a)) {
		csv_none(c);
		return;
	}
	buf_init(&b, text, sizeof(text));
	addr_text(&b, kind, a);
	csv_str(c, text);
}

static void
put_port(struct csv *c, bool known, uint16_t port)
{
	if (known)
		csv_u64(c, port);
	else
		csv_none(c);
}

static void
put_drops(struct csv *c, bool known, uint64_t n)
{
	if (known)
		csv_u64(c, n);
	else
		csv_none(c);
}

static void
put_metrics(struct csv *c, const struct source_stats *src)
{
	const struct totals *t = &src->totals;

	csv_str(c, src->name);
	put_tally(c, t->all);
	if (t->all.packets > 0) {
		csv_u64(c, t->smallest);
		csv_u64(c, t->largest);
	} else {
		csv_none(c);
		csv_none(c);
	}
	csv_average(c, t->all.bytes, t->all.packets);
	put_drops(c, src->drops_known, src->kernel_dropped);
	put_drops(c, src->drops_known, src->interface_dropped);
	csv_time(c, t->first);
	csv_time(c, t->last);
	csv_end(c);
}

static bool
write_metrics(struct csv *c, const struct ledger *l)
{
	struct source_stats total = {
		.name = "total", .totals = l->totals, .drops_known = ledger_knows_drops(l)
	};

	for (unsigned i = 0; i < l->n_sources; i++) {
		put_metrics(c, &l->source[i]);
		total.kernel_dropped += l->source[i].kernel_dropped;
		total.interface_dropped += l->source[i].interface_dropped;
	}
	put_metrics(c, &total);
	return true;
}

static void
put_flow(struct csv *c, const struct flow *f)
{
	const struct flowkey *k = &f->key;
	bool ports = flow_has_ports(f);
	char scratch[PROTO_TEXT];

	put_addr(c, k->kind, &k->a);
	put_port(c, ports, k->a_port);
	put_addr(c, k->kind, &k->b);
	put_port(c, ports, k->b_port);
	csv_str(c, flow_proto_name(k->kind, k->proto, scratch));
	put_tally(c, f->meter.t[0]);
	put_tally(c, f->meter.t[1]);
	csv_time(c, f->first);
	csv_time(c, f->last);
	csv_end(c);
}

static void
put_other_flows(struct csv *c, const struct ledger *l)
{
	if (meter_sum(&l->flows.other).packets == 0)
		return;
	csv_str(c, OTHER);
	for (int i = 0; i < 4; i++)
		csv_none(c);
	put_tally(c, l->flows.other.t[0]);
	put_tally(c, l->flows.other.t[1]);
	csv_none(c);
	csv_none(c);
	csv_end(c);
}

static bool
write_flows(struct csv *c, const struct ledger *l)
{
	struct rows rows;

	if (!rows_flows(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		put_flow(c, rows.at[i].row);
	put_other_flows(c, l);
	rows_fini(&rows);
	return true;
}

static void
put_host(struct csv *c, const struct host *h)
{
	if (h->other)
		csv_str(c, OTHER);
	else
		put_addr(c, h->kind, &h->addr);
	put_tally(c, rows_host_tally(h, 0));
	put_tally(c, rows_host_tally(h, 1));
	csv_u64(c, h->flows);
	csv_end(c);
}

static bool
write_hosts(struct csv *c, const struct ledger *l)
{
	const struct host *other = &l->hosts.other;
	struct rows rows;

	if (!rows_hosts(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		put_host(c, rows.at[i].row);
	if (rows_host_tally(other, 0).packets + rows_host_tally(other, 1).packets > 0)
		put_host(c, other);
	rows_fini(&rows);
	return true;
}

static void
put_path(struct csv *c, const struct ledger *l, const struct proto_node *p)
{
	char text[PATH_TEXT];
	const char *slash;
	struct buf b;

	buf_init(&b, text, sizeof(text));
	proto_tree_path_text(&b, &l->proto_tree, rows_path_number(l, p));
	slash = strrchr(text, '/');
	csv_str(c, text);
	csv_str(c, slash != NULL ? slash + 1 : text);
	put_tally(c, p->meter.t[0]);
	csv_end(c);
}

static bool
write_paths(struct csv *c, const struct ledger *l)
{
	struct rows rows;

	if (!rows_paths(&rows, l, 0))
		return false;
	for (uint32_t i = 0; i < rows.n; i++)
		put_path(c, l, rows.at[i].row);
	rows_fini(&rows);
	return true;
}

/* clang-format off */
#define TABLE(name_, columns_, write_) { .name = name_, .columns = columns_, .write = write_ }
#define PICTURE(name_, form_, draw_)   { .name = name_, .form = form_, .draw = draw_ }

const struct snapshot_file snapshot_file[] = {
	TABLE("packet_metrics.csv",
	    "source,packets,bytes,smallest,largest,average,"
	    "kernel_dropped,interface_dropped,first,last",
	    write_metrics),
	TABLE("packet_flows.csv",
	    "source,source_port,destination,destination_port,protocol,"
	    "packets_to_destination,bytes_to_destination,"
	    "packets_to_source,bytes_to_source,first,last",
	    write_flows),
	TABLE("ip_flows.csv", "address,packets_out,bytes_out,packets_in,bytes_in,flows", write_hosts),
	TABLE("protocols.csv", "path,protocol,packets,bytes", write_paths),
	TABLE("packet_size_distribution.csv", "from,to,packets", picture_sizes_csv),
	PICTURE("packet_size_distribution.svg", SKETCH_SVG, picture_sizes),
	PICTURE("packet_size_distribution.png", SKETCH_PNG, picture_sizes),
	TABLE("traffic_over_time.csv",
	    "time,seconds,packets_in,bytes_in,packets_out,bytes_out,packets_other,bytes_other",
	    picture_traffic_csv),
	PICTURE("traffic_over_time.svg", SKETCH_SVG, picture_traffic),
	PICTURE("traffic_over_time.png", SKETCH_PNG, picture_traffic),
};
/* clang-format on */
const unsigned n_snapshot_files = NITEMS(snapshot_file);

/* Into the file's text; it must begin where the text does. */
static bool
draw(const struct snapshot_file *file, const struct ledger *l, struct buf *out)
{
	struct sketch s;

	if (!sketch_init(&s, file->form, CHART_WIDTH, CHART_HEIGHT, out))
		return false;
	file->draw(&s, l);
	return sketch_fini(&s);
}

static bool
write_file(const struct folder *folder, const struct snapshot_file *file, const struct ledger *l,
    struct buf *err)
{
	struct csv c;
	bool enough;

	csv_open(&c, folder, file->name, file->columns);
	enough = file->draw != NULL ? draw(file, l, &c.b) : file->write(&c, l);
	if (!csv_close(&c, err))
		return false;
	if (!enough)
		buf_setf(err, "%s cannot be written: no memory to make it", file->name);
	return enough;
}

bool
snapshot_files(const struct folder *folder, const struct ledger *l, struct buf *err)
{
	for (unsigned i = 0; i < n_snapshot_files; i++)
		if ((snapshot_file[i].form != SKETCH_PNG || sketch_has_png()) &&
		    !write_file(folder, &snapshot_file[i], l, err))
			return false;
	return true;
}
