#include "config.h"

#include "platform/process_owner.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#endif

#include "util/attr.h"
#include "util/text.h"

#define IP_PROTO_TCP 6

struct socket_ends
socket_ends_of(const struct flowkey *k, int end)
{
	return (struct socket_ends){
		.local = end == 0 ? k->a : k->b,
		.remote = end == 0 ? k->b : k->a,
		.local_port = end == 0 ? k->a_port : k->b_port,
		.remote_port = end == 0 ? k->b_port : k->a_port,
		.kind = k->kind,
	};
}

static bool
inet_diag_addr_is_any(const struct addr *a)
{
	static const struct addr any;

	return addr_equal(a, &any);
}

bool
inet_diag_match(const struct socket_ends *s, const struct socket_ends *e, bool connected)
{
	if (s->local_port != e->local_port)
		return false;
	if (!connected && inet_diag_addr_is_any(&s->local) && inet_diag_addr_is_any(&s->remote))
		return true;
	if (s->kind != e->kind ||
	    !(addr_equal(&s->local, &e->local) || inet_diag_addr_is_any(&s->local)))
		return false;
	if (!connected && inet_diag_addr_is_any(&s->remote))
		return true;
	return s->remote_port == e->remote_port && addr_equal(&s->remote, &e->remote);
}

#ifdef __linux__

#define STATE_LISTEN 10 /* TCP_LISTEN of <linux/tcp.h> */
#define ANSWER_MAX   1024

#define ATTRIBUTE_HEAD sizeof(struct nlattr)

#define SSTHRESH_NONE 0x7fffffff /* TCP_INFINITE_SSTHRESH */

int
inet_diag_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
}

/* An IPv6 socket with IPv4 traffic has addresses like ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2). */
static bool
inet_diag_unmap_v4(struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct addr in = { .w = { 0, 0 } };

	if (memcmp(a->b, mapped, sizeof(mapped)) != 0)
		return false;
	memcpy(in.b, a->b + sizeof(mapped), 4);
	*a = in;
	return true;
}

static void
inet_diag_read_ends(const struct inet_diag_msg *m, struct socket_ends *e)
{
	const size_t n = m->idiag_family == AF_INET ? 4 : sizeof(e->local.b);

	*e = (struct socket_ends){ .kind = m->idiag_family == AF_INET ? ADDR_IP4 : ADDR_IP6 };
	memcpy(e->local.b, m->id.idiag_src, n);
	memcpy(e->remote.b, m->id.idiag_dst, n);
	e->local_port = ntohs(m->id.idiag_sport);
	e->remote_port = ntohs(m->id.idiag_dport);
	if (e->kind == ADDR_IP6 && inet_diag_unmap_v4(&e->local)) {
		e->kind = ADDR_IP4;
		if (!inet_diag_unmap_v4(&e->remote))
			e->remote = (struct addr){ .w = { 0, 0 } };
	}
}

bool
inet_diag_answer(const void *bytes, size_t n, uint32_t sequence, struct socket_owner *found)
{
	struct nlmsghdr head;
	struct inet_diag_msg m;

	if (n < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (head.nlmsg_type != SOCK_DIAG_BY_FAMILY || head.nlmsg_seq != sequence ||
	    head.nlmsg_len > n || head.nlmsg_len < NLMSG_HDRLEN + sizeof(m))
		return false;
	memcpy(&m, (const char *)bytes + NLMSG_HDRLEN, sizeof(m));
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return false;
	*found = (struct socket_owner){
		.inode = m.idiag_inode, .uid = m.idiag_uid, .listens = m.idiag_state == STATE_LISTEN
	};
	inet_diag_read_ends(&m, &found->ends);
	return true;
}

/*
 * For UDP the kernel looks up the receiver of a packet from source to destination, so the local end
 * is the destination.
 */
static void
inet_diag_write_ends(struct inet_diag_sockid *id, uint16_t proto, const struct socket_ends *e)
{
	const bool tcp = proto == IP_PROTO_TCP;
	const size_t n = e->kind == ADDR_IP4 ? 4 : sizeof(e->local.b);

	memcpy(id->idiag_src, tcp ? e->local.b : e->remote.b, n);
	memcpy(id->idiag_dst, tcp ? e->remote.b : e->local.b, n);
	id->idiag_sport = htons(tcp ? e->local_port : e->remote_port);
	id->idiag_dport = htons(tcp ? e->remote_port : e->local_port);
	id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static bool
inet_diag_send_query(
    int fd, uint16_t proto, const struct socket_ends *e, uint8_t wanted, uint32_t sequence)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 req;
	} q = {
		.head = { .nlmsg_len = sizeof(q),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST,
		    .nlmsg_seq = sequence },
		.req = { .sdiag_family = e->kind == ADDR_IP4 ? AF_INET : AF_INET6,
		    .sdiag_protocol = (uint8_t)proto,
		    .idiag_ext = wanted,
		    .idiag_states = UINT32_MAX },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	inet_diag_write_ends(&q.req.id, proto, e);
	return sendto(fd, &q, sizeof(q), 0, (const struct sockaddr *)&kernel, sizeof(kernel)) ==
	    (ssize_t)sizeof(q);
}

static uint32_t inet_diag_sequence;

/* The size of the kernel's answer, 0 if there is none. */
static size_t
inet_diag_ask(int fd, uint16_t proto, const struct socket_ends *e, uint8_t wanted, char *answer,
    struct socket_owner *found)
{
	ssize_t n;

	if (e->kind != ADDR_IP4 && e->kind != ADDR_IP6)
		return 0;
	if (!inet_diag_send_query(fd, proto, e, wanted, ++inet_diag_sequence))
		return 0;
	/* A late reply to an earlier request has another number. */
	while ((n = recv(fd, answer, ANSWER_MAX, MSG_DONTWAIT)) > 0)
		if (inet_diag_answer(answer, (size_t)n, inet_diag_sequence, found))
			return inet_diag_match(
				   &found->ends, e, proto == IP_PROTO_TCP && !found->listens)
			    ? (size_t)n
			    : 0;
	return 0;
}

bool
inet_diag_find(int fd, uint16_t proto, const struct socket_ends *e, struct socket_owner *found)
{
	char answer[ANSWER_MAX];

	return inet_diag_ask(fd, proto, e, 0, answer, found) > 0;
}

bool
inet_diag_find_figures(int fd, const struct socket_ends *e, struct kernel_tcp *k)
{
	const uint8_t wanted = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_CONG - 1);
	struct socket_owner found;
	char answer[ANSWER_MAX];
	size_t n = inet_diag_ask(fd, IP_PROTO_TCP, e, wanted, answer, &found);

	return n > 0 && !found.listens && found.inode != 0 && inet_diag_figures(answer, n, k);
}

/* What took most of the time in which it had something to send. */
static enum kernel_limit
inet_diag_limit(const struct tcp_info *i)
{
	if (i->tcpi_rwnd_limited > i->tcpi_busy_time / 2)
		return KERNEL_LIMIT_RECEIVER;
	if (i->tcpi_sndbuf_limited > i->tcpi_busy_time / 2)
		return KERNEL_LIMIT_BUFFER;
	if (i->tcpi_unacked >= i->tcpi_snd_cwnd)
		return KERNEL_LIMIT_WINDOW;
	return i->tcpi_delivery_rate_app_limited ? KERNEL_LIMIT_APPLICATION : KERNEL_NO_LIMIT;
}

/* Older kernels have a shorter structure; the rest is zeros. */
static void
inet_diag_read_info(const char *bytes, size_t n, struct kernel_tcp *k)
{
	struct tcp_info i;

	memset(&i, 0, sizeof(i));
	memcpy(&i, bytes, n < sizeof(i) ? n : sizeof(i));
	k->rtt_us = i.tcpi_rtt;
	k->cwnd = i.tcpi_snd_cwnd;
	k->ssthresh = i.tcpi_snd_ssthresh < SSTHRESH_NONE ? i.tcpi_snd_ssthresh : 0;
	k->retransmissions = i.tcpi_total_retrans;
	k->delivery_rate = i.tcpi_delivery_rate;
	k->limited = (uint8_t)inet_diag_limit(&i);
	k->used = true;
}

bool
inet_diag_figures(const void *bytes, size_t n, struct kernel_tcp *k)
{
	const char *answer = bytes;
	struct inet_diag_msg m;
	struct nlattr a;
	struct buf b;

	*k = (struct kernel_tcp){ .used = false };
	if (n < NLMSG_HDRLEN + sizeof(m))
		return false;
	memcpy(&m, answer + NLMSG_HDRLEN, sizeof(m));
	k->recv_queue = m.idiag_rqueue;
	k->send_queue = m.idiag_wqueue;
	for (size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(m)); at + ATTRIBUTE_HEAD <= n;
	     at += ((size_t)a.nla_len + 3) / 4 * 4) {
		const char *data = answer + at + ATTRIBUTE_HEAD;

		memcpy(&a, answer + at, sizeof(a));
		if (a.nla_len < ATTRIBUTE_HEAD || a.nla_len > n - at)
			break;
		if (a.nla_type == INET_DIAG_INFO)
			inet_diag_read_info(data, a.nla_len - ATTRIBUTE_HEAD, k);
		if (a.nla_type == INET_DIAG_CONG) {
			buf_init(&b, k->congestion, sizeof(k->congestion));
			text_clean(&b, data, strnlen(data, a.nla_len - ATTRIBUTE_HEAD));
		}
	}
	return k->used;
}

#else

int
inet_diag_open(void)
{
	return -1;
}

bool
inet_diag_find(int fd ATTR_UNUSED, uint16_t proto ATTR_UNUSED,
    const struct socket_ends *e ATTR_UNUSED, struct socket_owner *found ATTR_UNUSED)
{
	return false;
}

bool
inet_diag_find_figures(int fd ATTR_UNUSED, const struct socket_ends *ends ATTR_UNUSED,
    struct kernel_tcp *k ATTR_UNUSED)
{
	return false;
}

bool
inet_diag_figures(
    const void *bytes ATTR_UNUSED, size_t n ATTR_UNUSED, struct kernel_tcp *k ATTR_UNUSED)
{
	return false;
}

bool
inet_diag_answer(const void *bytes ATTR_UNUSED, size_t n ATTR_UNUSED, uint32_t sequence ATTR_UNUSED,
    struct socket_owner *found ATTR_UNUSED)
{
	return false;
}

#endif
