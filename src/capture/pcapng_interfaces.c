#include "config.h"

#include "capture/pcapng_interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "capture/pcap_records.h"
#include "capture/private.h"
#include "capture/source.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

#define INTERFACES_MOST  65536
#define INTERFACES_FIRST 8

/* Options of a description. */
enum {
	OPTION_NAME = 2,
	OPTION_DESCRIPTION = 3,
	OPTION_RESOLUTION = 9,
	OPTION_OFFSET = 14,
};

/* Options of statistics. */
enum { OPTION_RECEIVED = 4, OPTION_INTERFACE_DROPPED = 5, OPTION_KERNEL_DROPPED = 7 };

#define COUNT_UNKNOWN UINT64_MAX /* writers store it for unknown counts */

/* Windows names an interface by a GUID; its description has the displayed name. */
#define WINDOWS_NAME "\\Device\\NPF_"

#define NUMBER_MOST " #63" /* suffix of a name */

#define RESOLUTION_BINARY 0x80
#define RESOLUTION_NS     9
#define RESOLUTION_US     6

/*
 *	code (2)  length (2)  value, padded to 4 bytes
 */
bool
pcapng_next_option(struct pcapng_options *os, struct pcapng_option *o)
{
	size_t left = (size_t)(os->end - os->p), padded;

	if (left < 4)
		return false;
	o->code = bytes_16(os->p, os->big);
	o->len = bytes_16(os->p + 2, os->big);
	o->value = os->p + 4;
	os->overrun = o->code != OPTION_END && o->len > left - 4;
	if (o->code == OPTION_END || os->overrun)
		return false;
	padded = ((size_t)o->len + 3) / 4 * 4;
	os->p = padded < left - 4 ? o->value + padded : os->end;
	return true;
}

static uint64_t
pcapng_power_of_10(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

static struct pcapng_clock
pcapng_make_clock(uint8_t resolution)
{
	struct pcapng_clock c = { .binary = resolution & RESOLUTION_BINARY,
		.power = resolution & (RESOLUTION_BINARY - 1) };

	if (!c.binary && c.power <= RESOLUTION_NS)
		c.ns = (uint32_t)pcapng_power_of_10(RESOLUTION_NS - c.power);
	return c;
}

/* Fraction of a second, in units of 2 to the power of -power. */
static uint64_t
pcapng_binary_fraction(uint64_t units, unsigned power)
{
	/* 32 bits are finer than ns. */
	if (power > 32) {
		units >>= power - 32;
		power = 32;
	}
	return units * PCAP_FRAME_NS >> power;
}

static uint64_t
pcapng_binary_seconds(const struct pcapng_clock *c, uint64_t units, uint64_t *fraction)
{
	if (c->power < 64) {
		*fraction =
		    pcapng_binary_fraction(units & ((UINT64_C(1) << c->power) - 1), c->power);
		return units >> c->power;
	}
	*fraction = c->power < 64 + 32 ? pcapng_binary_fraction(units, c->power) : 0;
	return 0;
}

/* Units smaller than a ns. */
static uint64_t
pcapng_decimal_seconds(const struct pcapng_clock *c, uint64_t units, uint64_t *fraction)
{
	static const unsigned most = 19; /* digits after the first one in a 64-bit number */
	unsigned too_fine = c->power - RESOLUTION_NS;
	uint64_t ns = too_fine <= most ? units / pcapng_power_of_10(too_fine) : 0;

	*fraction = ns % PCAP_FRAME_NS;
	return ns / PCAP_FRAME_NS;
}

static uint64_t
pcapng_seconds_of(const struct pcapng_clock *c, uint64_t units, uint64_t *fraction)
{
	uint64_t in_second;

	if (c->binary)
		return pcapng_binary_seconds(c, units, fraction);
	if (c->ns == 0)
		return pcapng_decimal_seconds(c, units, fraction);
	in_second = PCAP_FRAME_NS / c->ns;
	*fraction = units % in_second * c->ns;
	return units / in_second;
}

uint64_t
pcapng_ns(const struct pcapng_clock *c, uint64_t units)
{
	uint64_t fraction, seconds;

	if (LIKELY(c->ns != 0 && c->offset_s == 0 &&
		units <= HAND_LAST_SECOND * (PCAP_FRAME_NS / c->ns)))
		return units * c->ns;
	seconds = pcapng_seconds_of(c, units, &fraction);
	if (seconds > HAND_LAST_SECOND)
		seconds = HAND_LAST_SECOND;
	if (c->offset_s < 0 && seconds < 0 - (uint64_t)c->offset_s)
		return 0;
	if (c->offset_s > HAND_LAST_SECOND - (int64_t)seconds)
		return HAND_LAST_SECOND * PCAP_FRAME_NS;
	return pcap_time_ns(seconds + (uint64_t)c->offset_s, fraction);
}

void
pcapng_interfaces_init(struct pcapng_interfaces *is)
{
	memset(is, 0, sizeof(*is));
}

void
pcapng_interfaces_fini(struct pcapng_interfaces *is)
{
	for (unsigned i = 0; i < is->n_named; i++)
		free(is->named[i].comment);
	free(is->of);
}

void
pcapng_interfaces_clear(struct pcapng_interfaces *is)
{
	is->n = 0;
}

/* The NUL at the end of an option's string is optional. */
static void
pcapng_add_text(struct buf *b, const struct pcapng_option *o)
{
	text_clean(b, o->value, strnlen((const char *)o->value, o->len));
}

static bool
pcapng_is_windows_number(const char *name)
{
	return strncmp(name, WINDOWS_NAME, sizeof(WINDOWS_NAME) - 1) == 0;
}

static bool
pcapng_is_taken(const struct pcapng_interfaces *is, const char *name)
{
	for (unsigned i = 0; i < is->n_named; i++)
		if (strcmp(is->named[i].name, name) == 0)
			return true;
	return false;
}

/* "eth0"; "interface 1" if it has no name, "eth0 #2" if an earlier one has the same. */
static void
pcapng_choose_name(const struct pcapng_interfaces *is, struct pcapng_named *n, const char *name)
{
	char clean[sizeof(n->name) - (sizeof(NUMBER_MOST) - 1)];
	const char *best = name;
	struct buf b;

	if (n->description[0] != '\0' && (*name == '\0' || pcapng_is_windows_number(name)))
		best = n->description;
	buf_init(&b, clean, sizeof(clean));
	buf_adds(&b, best);
	if (b.len == 0)
		buf_addf(&b, "interface %u", is->n);
	buf_init(&b, n->name, sizeof(n->name));
	buf_adds(&b, clean);
	if (pcapng_is_taken(is, clean))
		buf_addf(&b, " #%u", is->n_named);
}

static void
pcapng_add_named(struct pcapng_interfaces *is, struct pcapng_options os)
{
	struct pcapng_named *n = &is->named[is->n_named];
	char name_text[sizeof(n->name)], comment_text[PCAPNG_COMMENT];
	struct buf name, description, comment;
	struct pcapng_option o;

	buf_init(&name, name_text, sizeof(name_text));
	buf_init(&description, n->description, sizeof(n->description));
	buf_init(&comment, comment_text, sizeof(comment_text));
	while (pcapng_next_option(&os, &o)) {
		if (o.code == OPTION_NAME && name.len == 0)
			pcapng_add_text(&name, &o);
		else if (o.code == OPTION_DESCRIPTION && description.len == 0)
			pcapng_add_text(&description, &o);
		else if (o.code == OPTION_COMMENT && comment.len == 0)
			buf_add(&comment, o.value, o.len);
	}
	pcapng_choose_name(is, n, name.s);
	if (comment.len > 0)
		n->comment = xstrdup(comment.s);
	n->is.name = n->name;
	n->is.description = n->description;
	n->is.comment = n->comment != NULL ? n->comment : "";
	is->n_named++;
}

static struct pcapng_interface *
pcapng_grow_interfaces(struct pcapng_interfaces *is)
{
	if (is->n == is->room) {
		unsigned room = is->room > 0 ? 2 * is->room : INTERFACES_FIRST;
		struct pcapng_interface *of = realloc(is->of, room * sizeof(*of));

		if (of == NULL)
			die("not enough memory for the interfaces of a file");
		is->of = of;
		is->room = room;
	}
	return &is->of[is->n];
}

static struct pcapng_clock
pcapng_read_clock(struct pcapng_options os, bool *overrun)
{
	struct pcapng_clock c = pcapng_make_clock(RESOLUTION_US);
	struct pcapng_option o;
	int64_t offset = 0;

	while (pcapng_next_option(&os, &o)) {
		if (o.code == OPTION_RESOLUTION && o.len >= 1)
			c = pcapng_make_clock(o.value[0]);
		else if (o.code == OPTION_OFFSET && o.len >= 8)
			offset = (int64_t)bytes_64(o.value, os.big);
	}
	c.offset_s = offset;
	*overrun = os.overrun;
	return c;
}

/*
 *	link type (2)  reserved (2)  snap length (4)  options
 */
bool
pcapng_add_interface(
    struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big, struct buf *err)
{
	struct pcapng_options os = { .p = body + 8, .end = body + n, .big = big };
	struct pcapng_interface *i;
	bool overrun;

	if (is->n == INTERFACES_MOST) {
		buf_setf(err, "a section has more than %u interfaces", INTERFACES_MOST);
		return false;
	}
	i = pcapng_grow_interfaces(is);
	*i = (struct pcapng_interface){ .linktype = linktype_from_file(bytes_16(body, big)),
		.snaplen = bytes_32(body + 4, big),
		.clock = pcapng_read_clock(os, &overrun) };
	if (overrun) {
		buf_setf(err, "an option of interface %u extends beyond its block", is->n);
		return false;
	}
	if (is->n_named < PCAPNG_NAMED) {
		pcapng_add_named(is, os);
		is->named[is->n_named - 1].is.linktype = i->linktype;
		is->named[is->n_named - 1].is.snaplen = i->snaplen;
	} else {
		strlcpy(is->named[PCAPNG_NAMED - 1].name, "other interfaces",
		    sizeof(is->named[0].name));
	}
	i->number = (uint16_t)(is->n_named - 1);
	is->n++;
	return true;
}

/* Interfaces that share an entry have summed counts. */
static void
pcapng_set_count(uint64_t *sum, uint64_t *count, uint64_t now)
{
	*sum += now - *count;
	*count = now;
}

void
pcapng_add_drops(struct pcapng_interfaces *is, uint32_t interface, uint64_t drops)
{
	struct source_counts *sum, *c;

	if (interface >= is->n || is->of[interface].summed)
		return;
	sum = &is->named[is->of[interface].number].counts;
	c = &is->of[interface].counts;
	pcapng_set_count(&sum->kernel_dropped, &c->kernel_dropped, c->kernel_dropped + drops);
	sum->known = true;
}

/* Drops reported by packets are included in the statistics block. */
static void
pcapng_begin_drops(struct pcapng_interface *i, struct source_counts *sum)
{
	if (!i->summed)
		pcapng_set_count(&sum->kernel_dropped, &i->counts.kernel_dropped, 0);
	i->summed = sum->known = true;
}

static void
pcapng_add_count(
    struct pcapng_interface *i, struct source_counts *sum, uint16_t code, uint64_t count)
{
	struct source_counts *c = &i->counts;

	if (code == OPTION_INTERFACE_DROPPED || code == OPTION_KERNEL_DROPPED)
		pcapng_begin_drops(i, sum);
	if (code == OPTION_RECEIVED)
		pcapng_set_count(&sum->received, &c->received, count);
	else if (code == OPTION_INTERFACE_DROPPED)
		pcapng_set_count(&sum->interface_dropped, &c->interface_dropped, count);
	else if (code == OPTION_KERNEL_DROPPED)
		pcapng_set_count(&sum->kernel_dropped, &c->kernel_dropped, count);
}

/*
 *	interface (4)  stamp (8)  options: counts since the start of the capture
 */
void
pcapng_add_counts(struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big)
{
	struct pcapng_options os = { .p = body + 12, .end = body + n, .big = big };
	uint32_t interface = bytes_32(body, big);
	struct pcapng_interface *i;
	struct pcapng_option o;

	if (interface >= is->n)
		return;
	i = &is->of[interface];
	while (pcapng_next_option(&os, &o)) {
		uint64_t count = o.len >= 8 ? bytes_64(o.value, big) : COUNT_UNKNOWN;

		if (count != COUNT_UNKNOWN)
			pcapng_add_count(i, &is->named[i->number].counts, o.code, count);
	}
}
