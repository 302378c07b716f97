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
#endif

#include "util/attr.h"

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
inet_diag_send_query(int fd, uint16_t proto, const struct socket_ends *e, uint32_t sequence)
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
		    .idiag_states = UINT32_MAX },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	inet_diag_write_ends(&q.req.id, proto, e);
	return sendto(fd, &q, sizeof(q), 0, (const struct sockaddr *)&kernel, sizeof(kernel)) ==
	    (ssize_t)sizeof(q);
}

bool
inet_diag_find(int fd, uint16_t proto, const struct socket_ends *e, struct socket_owner *found)
{
	static uint32_t sequence;
	char answer[ANSWER_MAX];
	ssize_t n;

	if (e->kind != ADDR_IP4 && e->kind != ADDR_IP6)
		return false;
	if (!inet_diag_send_query(fd, proto, e, ++sequence))
		return false;
	/* A late reply to an earlier request has another number. */
	while ((n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT)) > 0)
		if (inet_diag_answer(answer, (size_t)n, sequence, found))
			return inet_diag_match(
			    &found->ends, e, proto == IP_PROTO_TCP && !found->listens);
	return false;
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
inet_diag_answer(const void *bytes ATTR_UNUSED, size_t n ATTR_UNUSED, uint32_t sequence ATTR_UNUSED,
    struct socket_owner *found ATTR_UNUSED)
{
	return false;
}

#endif
