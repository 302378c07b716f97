#include "config.h"

#include "platform/net.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __linux__
#include <netpacket/packet.h>
#else
#include <net/if_dl.h>
#endif

#include "util/text.h"

#define ROUTE_UP     0x0001u /* RTF_UP and RTF_REJECT of <linux/route.h> */
#define ROUTE_REJECT 0x0200u
#define MAC_BITS     48

/* True for a printable name that is safe as a part of a path. */
static bool
netif_name_is_safe(const char *s)
{
	return s[0] != '\0' && strnlen(s, NETIF_NAME) < NETIF_NAME && strchr(s, '/') == NULL &&
	    strcmp(s, ".") != 0 && strcmp(s, "..") != 0 && text_is_clean(s);
}

/* An IPv4 address may have a label, appended to the interface's name: "eth0:1". */
static bool
netif_label_matches(const char *label, const char *name)
{
	size_t n = strlen(name);

	return strncmp(label, name, n) == 0 && (label[n] == '\0' || label[n] == ':');
}

static bool
netif_label_is_wanted(const char *label, const char *const *names, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (strcmp(names[i], "any") == 0 || netif_label_matches(label, names[i]))
			return true;
	return n == 0;
}

#ifdef __linux__
#define FAMILY_LINK AF_PACKET

static bool
netif_net_of_link(const struct sockaddr *sa, struct net *net)
{
	struct sockaddr_ll ll;

	memcpy(&ll, sa, sizeof(ll));
	if (ll.sll_halen != MAC_BITS / 8)
		return false;
	memcpy(net->addr.b, ll.sll_addr, MAC_BITS / 8);
	return true;
}
#else
#define FAMILY_LINK AF_LINK

static bool
netif_net_of_link(const struct sockaddr *sa, struct net *net)
{
	const struct sockaddr_dl *dl = (const void *)sa; /* may be longer than its type */

	if (dl->sdl_alen != MAC_BITS / 8)
		return false;
	memcpy(net->addr.b, LLADDR(dl), MAC_BITS / 8);
	return true;
}
#endif

static struct net
netif_net_of(const struct sockaddr *sa)
{
	static const struct addr unset;
	struct net net = { .kind = ADDR_NONE };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (sa == NULL) {
		return net;
	} else if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		memcpy(net.addr.b, &in.sin_addr, 4);
		net.kind = ADDR_IP4;
		net.bits = 32;
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		memcpy(net.addr.b, &in6.sin6_addr, 16);
		net.kind = ADDR_IP6;
		net.bits = 128;
	} else if (sa->sa_family == FAMILY_LINK && netif_net_of_link(sa, &net)) {
		net.kind = ADDR_MAC;
		net.bits = MAC_BITS;
	}
	/* A loopback's MAC address is all zeros, and belongs to no host. */
	if (addr_equal(&net.addr, &unset))
		net.kind = ADDR_NONE;
	return net;
}

static bool
netif_has_net(const struct net *nets, unsigned n, const struct net *net)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (nets[i].kind == net->kind && addr_equal(&nets[i].addr, &net->addr))
			return true;
	return false;
}

/* Adds the address if it is new. */
static unsigned
netif_add_net(struct net *nets, unsigned n, unsigned max, const struct net *net)
{
	if (net->kind == ADDR_NONE || n == max || netif_has_net(nets, n, net))
		return n;
	nets[n] = *net;
	return n + 1;
}

#define LEAST_HOSTS 3 /* host bits of a network that has a broadcast address */

/* The last address of a network; none if it has only one or two. */
static struct net
netif_last_of(const struct net *own, const struct net *mask)
{
	struct net last = { .kind = ADDR_NONE };

	if (mask->kind != ADDR_IP4 || (mask->addr.b[3] & LEAST_HOSTS) != 0)
		return last;
	last = *own;
	for (unsigned i = 0; i < 4; i++)
		last.addr.b[i] |= (uint8_t)~mask->addr.b[i];
	return last;
}

/* The broadcast address. If none is set, systems use the last one of the network; its field may
 * hold the interface's own address then. */
static struct net
netif_broadcast_of(const struct ifaddrs *a)
{
	struct net net = { .kind = ADDR_NONE };

	if ((a->ifa_flags & IFF_BROADCAST) != 0 && a->ifa_addr != NULL &&
	    a->ifa_addr->sa_family == AF_INET) {
		const struct net own = netif_net_of(a->ifa_addr),
				 mask = netif_net_of(a->ifa_netmask);

		net = netif_net_of(a->ifa_broadaddr);
		if (net.kind == ADDR_NONE || addr_equal(&net.addr, &own.addr))
			net = netif_last_of(&own, &mask);
	}
	net.is_broadcast = true;
	return net;
}

unsigned
netif_addresses(const char *const *names, unsigned n, struct net *nets, unsigned max)
{
	struct ifaddrs *all, *a;
	unsigned stored = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (a = all; a != NULL; a = a->ifa_next) {
		const struct net net = netif_net_of(a->ifa_addr), broadcast = netif_broadcast_of(a);

		if (!netif_label_is_wanted(a->ifa_name, names, n))
			continue;
		stored = netif_add_net(nets, stored, max, &net);
		stored = netif_add_net(nets, stored, max, &broadcast);
	}
	freeifaddrs(all);
	return stored;
}

static bool
netif_is_usable_route(const char *name, uint32_t flags)
{
	return netif_name_is_safe(name) && (flags & ROUTE_UP) != 0 && (flags & ROUTE_REJECT) == 0;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ... */
bool
netif_route4(const char *line, struct netif_route *r)
{
	uint32_t destination, flags, mask;

	if (sscanf(line, "%15s %8" SCNx32 " %*8x %4" SCNx32 " %*d %*u %10" SCNu32 " %8" SCNx32,
		r->name, &destination, &flags, &r->metric, &mask) != 5)
		return false;
	return destination == 0 && mask == 0 && netif_is_usable_route(r->name, flags);
}

/* destination bits source bits next-hop metric references uses flags interface */
bool
netif_route6(const char *line, struct netif_route *r)
{
	char destination[33];
	uint32_t bits, flags;

	if (sscanf(line,
		"%32s %2" SCNx32 " %*32s %*2x %*32s %8" SCNx32 " %*8x %*8x %8" SCNx32 " %15s",
		destination, &bits, &r->metric, &flags, r->name) != 5)
		return false;
	return strspn(destination, "0") == 32 && bits == 0 && netif_is_usable_route(r->name, flags);
}

/* The best default route in a file of the kernel; none if the file does not exist. */
static bool
netif_find_route(
    const char *path, bool (*parse)(const char *line, struct netif_route *r), char name[NETIF_NAME])
{
	struct netif_route r, best = { .name = "" };
	char line[256];
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL)
		if (parse(line, &r) && (best.name[0] == '\0' || r.metric < best.metric))
			best = r;
	fclose(f);
	strlcpy(name, best.name, NETIF_NAME);
	return best.name[0] != '\0';
}

/* The interface's rank if there is no default route. */
static int
netif_rank(const struct ifaddrs *a)
{
	if (!netif_name_is_safe(a->ifa_name) || strchr(a->ifa_name, ':') != NULL)
		return 0;
	if ((a->ifa_flags & IFF_LOOPBACK) != 0)
		return 1;
	if ((a->ifa_flags & IFF_UP) == 0)
		return 0;
	return (a->ifa_flags & IFF_RUNNING) != 0 ? 3 : 2;
}

static bool
netif_find_interface(char name[NETIF_NAME])
{
	struct ifaddrs *all, *a;
	int best = 0;

	if (getifaddrs(&all) != 0)
		return false;
	for (a = all; a != NULL; a = a->ifa_next) {
		if (netif_rank(a) <= best)
			continue;
		best = netif_rank(a);
		strlcpy(name, a->ifa_name, NETIF_NAME);
	}
	freeifaddrs(all);
	return best > 0;
}

bool
netif_default(char *name, unsigned size)
{
	char found[NETIF_NAME];

	if (!netif_find_route("/proc/net/route", netif_route4, found) &&
	    !netif_find_route("/proc/net/ipv6_route", netif_route6, found) &&
	    !netif_find_interface(found))
		return false;
	return strlcpy(name, found, size) < size;
}

#ifdef __linux__

/* A number of the interface from /sys; 0 if it is missing or implausible. */
static uint64_t
netif_sys_number(const char *name, const char *file)
{
	char path[64], text[32];
	ssize_t n;
	int fd;

	if (!netif_name_is_safe(name))
		return 0;
	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return (uint64_t)strtonum(text, 0, INT32_MAX, NULL);
}

/* The kernel has it in Mbit/s, -1 if unknown. */
uint64_t
netif_speed(const char *name)
{
	return netif_sys_number(name, "speed") * 1000000;
}

uint64_t
netif_errors(const char *name)
{
	return netif_sys_number(name, "statistics/rx_errors") +
	    netif_sys_number(name, "statistics/tx_errors");
}

unsigned
netif_mtu(const char *name)
{
	return (unsigned)netif_sys_number(name, "mtu");
}

#else

static bool
netif_find_data(const char *name, struct if_data *data)
{
	struct ifaddrs *all, *a;
	bool found = false;

	if (!netif_name_is_safe(name) || getifaddrs(&all) != 0)
		return false;
	for (a = all; a != NULL && !found; a = a->ifa_next) {
		if (a->ifa_addr == NULL || a->ifa_addr->sa_family != AF_LINK ||
		    a->ifa_data == NULL || strcmp(a->ifa_name, name) != 0)
			continue;
		memcpy(data, a->ifa_data, sizeof(*data));
		found = true;
	}
	freeifaddrs(all);
	return found;
}

uint64_t
netif_speed(const char *name)
{
	struct if_data data;

	return netif_find_data(name, &data) ? (uint64_t)data.ifi_baudrate : 0;
}

uint64_t
netif_errors(const char *name)
{
	struct if_data data;

	return netif_find_data(name, &data) ? (uint64_t)data.ifi_ierrors + data.ifi_oerrors : 0;
}

unsigned
netif_mtu(const char *name)
{
	struct if_data data;

	return netif_find_data(name, &data) ? (unsigned)data.ifi_mtu : 0;
}

#endif
