/*
 * The devices that libpcap can capture on.
 */
#include "config.h"

#include <net/if.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include <pcap/pcap.h>

#include "capture/private.h"

/* Not every system sets the length of a socket address that libpcap returns. */
static bool
devices_address_text(const struct sockaddr *a, char *text, socklen_t size)
{
	socklen_t n = sizeof(struct sockaddr_in6);

	if (a == NULL || (a->sa_family != AF_INET && a->sa_family != AF_INET6))
		return false;
	if (a->sa_family == AF_INET)
		n = sizeof(struct sockaddr_in);
	return getnameinfo(a, n, text, size, NULL, 0, NI_NUMERICHOST) == 0;
}

static void
devices_add_addresses(struct buf *b, const pcap_if_t *device)
{
	char text[NI_MAXHOST];
	bool any = false;

	for (const pcap_addr_t *a = device->addresses; a != NULL; a = a->next) {
		if (!devices_address_text(a->addr, text, sizeof(text)))
			continue;
		buf_addf(b, "%s%s", any ? "," : "", text_clean_copy(text).s);
		any = true;
	}
	if (!any)
		buf_addc(b, '-');
}

/* A device without an interface index cannot be down. */
static const char *
devices_state_text(const pcap_if_t *d)
{
	if ((d->flags & PCAP_IF_UP) == 0)
		return if_nametoindex(d->name) != 0 ? "down" : "-";
	if ((d->flags & PCAP_IF_CONNECTION_STATUS) == PCAP_IF_CONNECTION_STATUS_DISCONNECTED)
		return "no-carrier";
	return "up";
}

static const char *
devices_description(const pcap_if_t *device)
{
	if (device->description != NULL)
		return device->description;
	return device->flags & PCAP_IF_LOOPBACK ? "loopback" : "-";
}

/* libpcap blocks while it captures on D-Bus, which would stop the loop. */
static bool
devices_is_usable(const pcap_if_t *d)
{
	return strncmp(d->name, "dbus-", sizeof("dbus-") - 1) != 0;
}

/* The first usable device from d on; NULL: none. */
static const pcap_if_t *
devices_next_usable(const pcap_if_t *d)
{
	while (d != NULL && !devices_is_usable(d))
		d = d->next;
	return d;
}

bool
devices_list(struct buf *b, struct buf *err)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;

	if (pcap_findalldevs(&all, why) != 0) {
		buf_setf(err, "cannot list the interfaces: %s", text_clean_copy(why).s);
		return false;
	}
	for (const pcap_if_t *d = devices_next_usable(all); d != NULL;
	     d = devices_next_usable(d->next)) {
		buf_addf(b, "%-16s ", text_clean_copy(d->name).s);
		devices_add_addresses(b, d);
		buf_addf(b, " %s %s\n", devices_state_text(d),
		    text_clean_copy(devices_description(d)).s);
	}
	pcap_freealldevs(all);
	return true;
}

void
devices_add(struct buf *b)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;

	if (pcap_findalldevs(&all, why) != 0)
		return;
	for (const pcap_if_t *d = devices_next_usable(all); d != NULL;
	     d = devices_next_usable(d->next))
		buf_addf(b, "%s%s", d != devices_next_usable(all) ? ", " : "",
		    text_clean_copy(d->name).s);
	pcap_freealldevs(all);
}

/* "nflog:5" is a part of the device "nflog". */
static bool
devices_name_matches(const pcap_if_t *d, const char *name)
{
	size_t n = strlen(d->name);

	return strncmp(d->name, name, n) == 0 && (name[n] == '\0' || name[n] == ':');
}

bool
devices_has(const char *name)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;
	bool found = if_nametoindex(name) != 0;

	if (found || pcap_findalldevs(&all, why) != 0)
		return found;
	for (const pcap_if_t *d = devices_next_usable(all); d != NULL && !found;
	     d = devices_next_usable(d->next))
		found = devices_name_matches(d, name);
	pcap_freealldevs(all);
	return found;
}
