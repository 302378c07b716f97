/* The first packets of connections: a packet socket that the kernel filters. */
#include "config.h"

#include "platform/process_owner.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#endif

#include "util/attr.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17
#define PORT_DNS     53

#define FLAG_SYN 0x02
#define FLAG_ACK 0x10

#define HEAD4     20
#define HEAD6     40
#define FRAGMENT4 0x1fff

static uint16_t
owner_births_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* Reads addresses and protocol. The offset of the next header, 0 if the packet has no ports. */
static size_t
owner_births_parse_ip(const uint8_t *p, size_t n, struct flowkey *k)
{
	size_t next = 0;

	memset(k, 0, sizeof(*k));
	if (n >= HEAD4 && p[0] >> 4 == 4) {
		k->kind = ADDR_IP4;
		k->proto = p[9];
		memcpy(k->a.b, p + 12, 4);
		memcpy(k->b.b, p + 16, 4);
		next = (size_t)(p[0] & 15) * 4;
		if ((owner_births_be16(p + 6) & FRAGMENT4) != 0 || next < HEAD4)
			return 0;
	} else if (n >= HEAD6 && p[0] >> 4 == 6) {
		k->kind = ADDR_IP6;
		k->proto = p[6];
		memcpy(k->a.b, p + 8, 16);
		memcpy(k->b.b, p + 24, 16);
		next = HEAD6;
	}
	return next;
}

bool
owner_births_parse(const uint8_t *packet, size_t n, struct flowkey *k)
{
	size_t at = owner_births_parse_ip(packet, n, k);

	if (at == 0 || n < at + 4)
		return false;
	k->a_port = owner_births_be16(packet + at);
	k->b_port = owner_births_be16(packet + at + 2);
	if (k->proto == IP_PROTO_UDP)
		return k->b_port == PORT_DNS;
	return k->proto == IP_PROTO_TCP && n >= at + 14 &&
	    (packet[at + 13] & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN;
}

#ifdef __linux__

#define SNAP        128
#define BUFFER_SIZE (1 << 20)

#define LOAD(size, offset)         BPF_STMT(BPF_LD | (size) | BPF_ABS, offset)
#define LOAD_AT_X(size, above)     BPF_STMT(BPF_LD | (size) | BPF_IND, above)
#define MASK(bits)                 BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)
#define JUMP(kind, value, yes, no) BPF_JUMP(BPF_JMP | (kind) | BPF_K, value, yes, no)

/* Offset 0 is the network header, and X the offset of the next one. */
static struct sock_filter owner_births_filter[] = {
	/* 0 */ LOAD(BPF_B, 0),
	/* 1 */ MASK(0xf0),
	/* 2 */ JUMP(BPF_JEQ, 0x60, 6, 0),
	/* 3 */ JUMP(BPF_JEQ, 0x40, 0, 15),
	/* 4 */ LOAD(BPF_H, 6),
	/* 5 */ JUMP(BPF_JSET, FRAGMENT4, 13, 0),
	/* 6 */ BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	/* 7 */ LOAD(BPF_B, 9),
	/* 8 */ JUMP(BPF_JA, 2, 0, 0),
	/* 9: IPv6 */ BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, HEAD6),
	/* 10 */ LOAD(BPF_B, 6),
	/* 11 */ JUMP(BPF_JEQ, IP_PROTO_TCP, 0, 3),
	/* 12 */ LOAD_AT_X(BPF_B, 13),
	/* 13 */ MASK(FLAG_SYN | FLAG_ACK),
	/* 14 */ JUMP(BPF_JEQ, FLAG_SYN, 3, 4),
	/* 15 */ JUMP(BPF_JEQ, IP_PROTO_UDP, 0, 3),
	/* 16 */ LOAD_AT_X(BPF_H, 2),
	/* 17 */ JUMP(BPF_JEQ, PORT_DNS, 0, 1),
	/* 18 */ BPF_STMT(BPF_RET | BPF_K, SNAP),
	/* 19 */ BPF_STMT(BPF_RET | BPF_K, 0),
};

int
owner_births_open(void)
{
	const struct sock_fprog program = { .len = NITEMS(owner_births_filter),
		.filter = owner_births_filter };
	const int size = BUFFER_SIZE;
	/* No packets come before the filter is set. */
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const struct sockaddr_ll all = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0 ||
	    bind(fd, (const struct sockaddr *)&all, sizeof(all)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
owner_births_read(int fd, struct flowkey *k)
{
	uint8_t packet[SNAP];
	ssize_t n;

	while (fd >= 0 && (n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT)) >= 0)
		if (owner_births_parse(packet, (size_t)n, k))
			return true;
	return false;
}

#else

int
owner_births_open(void)
{
	return -1;
}

bool
owner_births_read(int fd ATTR_UNUSED, struct flowkey *k ATTR_UNUSED)
{
	return false;
}

#endif
