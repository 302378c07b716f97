#include "config.h"

#include "platform/net.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#else
#include <ifaddrs.h>
#include <net/if_dl.h>
#endif

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

#ifdef __linux__

#define ANSWER 32768 /* maximum bytes of a kernel message */

struct attribute {
	unsigned type;
	const char *value;
	size_t n; /* bytes */
};

/* Returns the attribute at *at, of *left bytes, and advances. False at the end. */
static bool
links_next_attribute(const char **at, size_t *left, struct attribute *a)
{
	struct rtattr head;
	size_t step;

	if (*left < sizeof(head))
		return false;
	memcpy(&head, *at, sizeof(head));
	if (head.rta_len < sizeof(head) || head.rta_len > *left)
		return false;
	a->type = head.rta_type;
	a->value = *at + sizeof(head);
	a->n = head.rta_len - sizeof(head);
	step = (head.rta_len + RTA_ALIGNTO - 1) / RTA_ALIGNTO * RTA_ALIGNTO;
	step = step < *left ? step : *left;
	*at += step;
	*left -= step;
	return true;
}

static uint32_t
links_attribute_u32(const struct attribute *a)
{
	uint32_t n = 0;

	if (a->n >= sizeof(n))
		memcpy(&n, a->value, sizeof(n));
	return n;
}

static void
links_attribute_text(const struct attribute *a, char to[NETIF_NAME])
{
	struct buf b;

	buf_init(&b, to, NETIF_NAME);
	text_clean(&b, a->value, strnlen(a->value, a->n));
}

static void
links_parse_name(struct link *l, const struct attribute *a)
{
	links_attribute_text(a, l->name);
}

static void
links_parse_mtu(struct link *l, const struct attribute *a)
{
	l->mtu = links_attribute_u32(a);
}

static void
links_parse_master(struct link *l, const struct attribute *a)
{
	l->master = links_attribute_u32(a);
}

static void
links_parse_lower(struct link *l, const struct attribute *a)
{
	l->lower = links_attribute_u32(a);
}

static void
links_parse_netns(struct link *l, const struct attribute *a)
{
	l->lower_netns = (int)links_attribute_u32(a);
}

/* The kernel's struct grows at its end with versions. */
static void
links_parse_stats(struct link *l, const struct attribute *a)
{
	struct rtnl_link_stats64 s = { 0 };

	memcpy(&s, a->value, a->n < sizeof(s) ? a->n : sizeof(s));
	l->received = (struct tally){ s.rx_packets, s.rx_bytes };
	l->sent = (struct tally){ s.tx_packets, s.tx_bytes };
}

static void
links_parse_info(struct link *l, const struct attribute *a)
{
	const char *at = a->value;
	struct attribute in;
	size_t left = a->n;

	while (links_next_attribute(&at, &left, &in))
		if (in.type == IFLA_INFO_KIND)
			links_attribute_text(&in, l->kind);
}

static const struct {
	unsigned type;
	void (*take)(struct link *l, const struct attribute *a);
} attributes[] = {
	{ IFLA_IFNAME, links_parse_name },
	{ IFLA_MTU, links_parse_mtu },
	{ IFLA_MASTER, links_parse_master },
	{ IFLA_LINK, links_parse_lower },
	{ IFLA_LINK_NETNSID, links_parse_netns },
	{ IFLA_STATS64, links_parse_stats },
	{ IFLA_LINKINFO, links_parse_info },
};

bool
links_parse(struct link *l, const void *message, size_t n)
{
	const char *at = message;
	struct attribute a;
	struct nlmsghdr head;
	struct ifinfomsg info;
	size_t left;

	if (n < NLMSG_LENGTH(sizeof(info)))
		return false;
	memcpy(&head, at, sizeof(head));
	if (head.nlmsg_len < NLMSG_LENGTH(sizeof(info)) || head.nlmsg_len > n ||
	    head.nlmsg_type != RTM_NEWLINK)
		return false;
	memcpy(&info, at + NLMSG_HDRLEN, sizeof(info));
	*l = (struct link){
		.index = (unsigned)info.ifi_index,
		.loopback = (info.ifi_flags & IFF_LOOPBACK) != 0,
		.up = (info.ifi_flags & IFF_UP) != 0,
		.lower_netns = LINKS_NO_NETNS,
	};
	at += NLMSG_LENGTH(sizeof(info));
	left = head.nlmsg_len - NLMSG_LENGTH(sizeof(info));
	while (links_next_attribute(&at, &left, &a))
		for (unsigned i = 0; i < NITEMS(attributes); i++)
			if (attributes[i].type == a.type)
				attributes[i].take(l, &a);
	return l->index != 0;
}

/* A socket after a request for one interface, or (index 0) for all; -1 on failure. */
static int
links_open_query(unsigned index)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg info;
	} request = {
		.h = { .nlmsg_len = sizeof(request),
		    .nlmsg_type = RTM_GETLINK,
		    .nlmsg_flags = NLM_F_REQUEST | (index == 0 ? NLM_F_DUMP : 0) },
		.info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)index },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && send(fd, &request, sizeof(request), 0) == (ssize_t)sizeof(request))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Parses the links of one message. False after the last one. */
static bool
links_parse_answer(const void *answer, size_t n, struct link *all, unsigned max, unsigned *got)
{
	const char *at = answer;
	struct nlmsghdr h;

	while (n >= sizeof(h)) {
		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > n)
			return false;
		if (h.nlmsg_type == NLMSG_DONE || h.nlmsg_type == NLMSG_ERROR)
			return false;
		if (*got < max && links_parse(&all[*got], at, n))
			(*got)++;
		if (!(h.nlmsg_flags & NLM_F_MULTI))
			return false;
		at += NLMSG_ALIGN(h.nlmsg_len);
		n = n > NLMSG_ALIGN(h.nlmsg_len) ? n - NLMSG_ALIGN(h.nlmsg_len) : 0;
	}
	return true;
}

/* The kernel answers during the request, so receiving does not block. */
static unsigned
links_query(unsigned index, struct link *all, unsigned max)
{
	static char answer[ANSWER];
	unsigned got = 0;
	int fd = links_open_query(index);
	ssize_t n;

	if (fd < 0)
		return 0;
	do
		n = recv(fd, answer, sizeof(answer), 0);
	while ((n < 0 && errno == EINTR) ||
	    (n > 0 && links_parse_answer(answer, (size_t)n, all, max, &got)));
	close(fd);
	return got;
}

bool
links_find(const char *name, struct link *l)
{
	unsigned index = if_nametoindex(name);

	return index != 0 && links_query(index, l, 1) == 1;
}

unsigned
links_list(struct link *all, unsigned max)
{
	return links_query(0, all, max);
}

#else

bool
links_parse(struct link *l ATTR_UNUSED, const void *message ATTR_UNUSED, size_t n ATTR_UNUSED)
{
	return false;
}

unsigned
links_list(struct link *all, unsigned max)
{
	struct ifaddrs *first, *a;
	unsigned n = 0;

	if (getifaddrs(&first) != 0)
		return 0;
	for (a = first; a != NULL && n < max; a = a->ifa_next) {
		struct if_data data;
		struct buf name;

		if (a->ifa_addr == NULL || a->ifa_addr->sa_family != AF_LINK || a->ifa_data == NULL)
			continue;
		memcpy(&data, a->ifa_data, sizeof(data));
		all[n] = (struct link){
			.index = if_nametoindex(a->ifa_name),
			.lower_netns = LINKS_NO_NETNS,
			.mtu = (unsigned)data.ifi_mtu,
			.loopback = (a->ifa_flags & IFF_LOOPBACK) != 0,
			.up = (a->ifa_flags & IFF_UP) != 0,
			.received = { data.ifi_ipackets, data.ifi_ibytes },
			.sent = { data.ifi_opackets, data.ifi_obytes },
		};
		buf_init(&name, all[n].name, NETIF_NAME);
		text_clean(&name, a->ifa_name, strlen(a->ifa_name));
		n++;
	}
	freeifaddrs(first);
	return n;
}

bool
links_find(const char *name, struct link *l)
{
	static struct link all[256];
	unsigned n = links_list(all, NITEMS(all));

	for (unsigned i = 0; i < n; i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		*l = all[i];
		return true;
	}
	errno = ENODEV;
	return false;
}

#endif
