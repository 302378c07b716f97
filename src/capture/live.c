/*
 * Captures on an interface.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/pcap_records.h"
#include "capture/private.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/number.h"

/*
 * Ethernet, tags, an IPv6 header with extensions, TCP with options, and the first bytes of the
 * payload. A longer one only costs copies.
 */

#define DEFAULT_MIB 16
#define MOST_MIB    2047

/*
 * ms after which the kernel delivers a block of its ring that is not full. With little traffic each
 * block is used for that long only, and the ring covers that time multiplied by its number of
 * blocks (libpcap's have 256 KiB): nothing is lost if the program is stopped for 10 s. A ring of
 * less than 6 MiB covers 2 s for each MiB, so that the display is not delayed.
 */
#define LASTS_MS       12800
#define BLOCKS_OF_MIB  4
#define LEAST_BLOCK_MS 100
#define MOST_BLOCK_MS  500
#define LATE_MS        50

/* ms between reads of a device that poll(2) cannot wait for. */
#define LOOK_MS 200

#define MOST_SNAPLEN 262144 /* bytes, the maximum of libpcap */

#define NAME_MOST 64 /* bytes of a device's name: longer than on any system */

/* The counters of pcap_stats(). */
enum { RECEIVED, KERNEL_DROPPED, INTERFACE_DROPPED, COUNTERS };

struct live {
	struct source source;
	int block_ms;
	uint64_t last[COUNTERS]; /* last values from libpcap; it has 32 bits */
	uint64_t sum[COUNTERS];
};

static struct live *
live_as_live(const struct source *s)
{
	return (struct live *)(uintptr_t)s;
}

static void
live_on_packet(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	struct source *s = (struct source *)(void *)user;
	struct frame f = pcap_frame(s, h, data);

	source_deliver(s, &f);
}

/*
 * Some versions of libpcap report a removed interface like one that is down: the caller checks the
 * interface.
 */
static enum source_outcome
live_failed(const struct live *l, struct buf *err)
{
	const char *why = pcap_geterr(l->source.pcap);

	if (strstr(why, "disappeared") != NULL || strstr(why, "went down") != NULL)
		return SOURCE_LOST;
	/* For some devices, such as nflog, libpcap returns an error if nothing has arrived yet. */
	if (strstr(why, strerror(EAGAIN)) != NULL)
		return SOURCE_READ;
	buf_setf(err, "%s: %s", text_clean_copy(l->source.name).s, text_clean_copy(why).s);
	return SOURCE_ERROR;
}

static enum source_outcome
live_read(struct source *s, unsigned max, struct buf *err)
{
	int n = pcap_dispatch(s->pcap, (int)max, live_on_packet, (u_char *)s);

	return n < 0 ? live_failed(live_as_live(s), err) : SOURCE_READ;
}

static int
live_fd(const struct source *s)
{
	return pcap_get_selectable_fd(s->pcap);
}

/* libpcap polls every ms whether an interface that is down has come up. */
static int
live_timeout(const struct source *s)
{
	bool look = pcap_get_required_select_timeout(s->pcap) != NULL;

	return look || pcap_get_selectable_fd(s->pcap) < 0 ? LOOK_MS : -1;
}

/* The kernel checks its blocks with some delay. */
static unsigned
live_lag(const struct source *s)
{
	return (unsigned)((const struct live *)s)->block_ms + LATE_MS;
}

static void
live_accumulate(struct live *l, unsigned counter, uint32_t now)
{
	uint64_t more;

	counter_step(now, &l->last[counter], &more);
	l->sum[counter] += more;
}

static void
live_counts(struct source *s, uint16_t number, struct source_counts *c)
{
	struct live *l = live_as_live(s);
	struct pcap_stat st;

	if (number != s->number)
		return;
	c->known = pcap_stats(s->pcap, &st) == 0;
	if (c->known) {
		live_accumulate(l, RECEIVED, st.ps_recv);
		live_accumulate(l, KERNEL_DROPPED, st.ps_drop);
		live_accumulate(l, INTERFACE_DROPPED, st.ps_ifdrop);
	}
	c->received = l->sum[RECEIVED];
	c->kernel_dropped = l->sum[KERNEL_DROPPED];
	c->interface_dropped = l->sum[INTERFACE_DROPPED];
}

static bool
live_filter_is_equal(const struct bpf_program *a, const struct bpf_program *b)
{
	return a->bf_len == b->bf_len &&
	    memcmp(a->bf_insns, b->bf_insns, a->bf_len * sizeof(*a->bf_insns)) == 0;
}

/*
 * libpcap lets no packet pass while it exchanges the filters: these packets are neither counted nor
 * reported as dropped. Hence it must not do so for the same filter.
 */
static bool
live_install(struct source *s, struct bpf_program *filter, struct buf *err)
{
	if (s->filter != NULL && live_filter_is_equal(s->filter, filter))
		return true;
	if (pcap_setfilter(s->pcap, filter) == 0)
		return true;
	buf_setf(err, "%s: cannot set the capture filter: %s", text_clean_copy(s->name).s,
	    text_clean_copy(pcap_geterr(s->pcap)).s);
	/* libpcap may have closed the old one already. */
	if (s->filter != NULL)
		(void)pcap_setfilter(s->pcap, s->filter);
	return false;
}

static void
live_del(struct source *s)
{
	free(live_as_live(s));
}

static const struct source_ops live_ops = {
	.read = live_read,
	.timeout = live_timeout,
	.del = live_del,
	.fd = live_fd,
	.lag = live_lag,
	.counts = live_counts,
	.install = live_install,
};

static struct text_clean_copy
live_own_path(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return text_clean_copy("$(command -v pkttop)");
	path[n] = '\0';
	return text_clean_copy(path);
}

#define WITHOUT_PRIVILEGES "without privileges: pkttop --demo"

static void
live_explain_permission(const char *name, struct buf *err)
{
#ifdef __linux__
	buf_setf(err,
	    "%s: no permission to capture; run pkttop with sudo, or allow it permanently: setcap "
	    "cap_net_raw,cap_net_admin=eip %s; " WITHOUT_PRIVILEGES,
	    name, live_own_path().s);
#else
	buf_setf(
	    err, "%s: no permission to capture; run pkttop as root; " WITHOUT_PRIVILEGES, name);
	(void)live_own_path;
#endif
}

static void
live_explain_unknown(const char *name, struct buf *err)
{
	buf_setf(err, "%s: no such interface; available: ", name);
	devices_add(err);
}

static void
live_explain_down(const char *name, struct buf *err)
{
	buf_setf(err, "%s: the interface is down; try: ip link set %s up", name, name);
}

/* Advice for errors of pcap_activate() whose own text is not enough. */
static const struct {
	int status;
	void (*explain)(const char *name, struct buf *err);
} failures[] = {
	{ PCAP_ERROR_PERM_DENIED, live_explain_permission },
	{ PCAP_ERROR_PROMISC_PERM_DENIED, live_explain_permission },
	{ PCAP_ERROR_NO_SUCH_DEVICE, live_explain_unknown },
	{ PCAP_ERROR_IFACE_NOT_UP, live_explain_down },
};

static void
live_explain(const char *name, int status, const char *why, struct buf *err)
{
	struct text_clean_copy clean = text_clean_copy(name);

	for (unsigned i = 0; i < NITEMS(failures); i++)
		if (failures[i].status == status) {
			failures[i].explain(clean.s, err);
			return;
		}
	if (*why == '\0')
		why = pcap_statustostr(status);
	buf_setf(err, "%s: cannot capture: %s", clean.s, text_clean_copy(why).s);
}

/* Only valid names reach libpcap, which has had security holes there. */
static bool
live_check_name(const char *name, struct buf *err)
{
	size_t n = strlen(name);

	if (n == 0 || n > NAME_MOST) {
		buf_setf(err,
		    "the name of an interface must have 1 to %d bytes, not %zu; -D lists the "
		    "interfaces",
		    NAME_MOST, n);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f || name[i] == '/') {
			buf_setf(err,
			    "\"%s\" is not a valid name of an interface; -D lists the interfaces",
			    text_clean_copy(name).s);
			return false;
		}
	if (devices_has(name))
		return true;
	live_explain_unknown(text_clean_copy(name).s, err);
	return false;
}

static int
live_ring_mib(const struct source_config *c)
{
	int mib = c->buffer_mib > 0 ? c->buffer_mib : DEFAULT_MIB;

	return mib < MOST_MIB ? mib : MOST_MIB;
}

static int
live_block_ms(const struct source_config *c)
{
	int ms = LASTS_MS / (live_ring_mib(c) * BLOCKS_OF_MIB);

	if (ms > MOST_BLOCK_MS)
		return MOST_BLOCK_MS;
	return ms < LEAST_BLOCK_MS ? LEAST_BLOCK_MS : ms;
}

/*
 * For a device without an interface (nflog, bluetooth-monitor) libpcap reads messages of several
 * packets into a buffer little larger than the snap length.
 */
static int
live_snap_length(const struct source_config *c)
{
	if (strcmp(c->name, "any") != 0 && if_nametoindex(c->name) == 0)
		return MOST_SNAPLEN;
	return c->snaplen > 0 ? c->snaplen : SOURCE_SNAPLEN;
}

static void
live_configure(pcap_t *p, const struct source_config *c)
{
	pcap_set_snaplen(p, live_snap_length(c));
	pcap_set_promisc(p, c->promiscuous);
	pcap_set_timeout(p, live_block_ms(c));
	pcap_set_buffer_size(p, live_ring_mib(c) << 20);
	/* If ns are not available the stamps are in us; source.c asks for the unit. */
	(void)pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
}

static pcap_t *
live_open_device(const struct source_config *c, struct buf *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = pcap_create(c->name, why);
	int status;

	if (p == NULL) {
		live_explain(c->name, PCAP_ERROR, why, err);
		return NULL;
	}
	live_configure(p, c);
	/* A status above 0 is a warning: some option is not available, but it captures. */
	status = pcap_activate(p);
#ifdef DLT_LINUX_SLL2
	/* SLL2 has the interface of each packet. */
	if (status >= 0 && strcmp(c->name, "any") == 0)
		(void)pcap_set_datalink(p, DLT_LINUX_SLL2);
#endif
	if (status >= 0 && pcap_setnonblock(p, 1, why) == 0)
		return p;
	live_explain(c->name, status, status < 0 ? pcap_geterr(p) : why, err);
	pcap_close(p);
	return NULL;
}

struct source *
live_open(const struct source_config *c, struct buf *err)
{
	struct live *l;
	pcap_t *p;

	if (!live_check_name(c->name, err))
		return NULL;
	p = live_open_device(c, err);
	if (p == NULL)
		return NULL;
	l = xcalloc(1, sizeof(*l));
	l->source.ops = &live_ops;
	l->source.pcap = p;
	l->block_ms = live_block_ms(c);
	return &l->source;
}
