/*
 * Sends the packets of a capture to an interface, repeatedly and as fast as possible: send
 * INTERFACE CAPTURE PACKETS [PER_SECOND]
 *
 * Bytes that were not captured are sent as zeros, so that every packet has its original length. At
 * the end it prints the number of packets and the seconds. Linux only.
 */
#include "config.h"

#include <stdio.h>

#ifdef __linux__

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <pcap/pcap.h>

#define BATCH   64 /* packets in a system call */
#define LONGEST 65536
#define NS      INT64_C(1000000000)
#define MAX     INT64_C(1000000000000)

struct packet {
	const uint8_t *data;
	uint32_t caplen, len;
};

struct trace {
	struct packet *packet;
	size_t n, room;
};

static int
fail(const char *what)
{
	fprintf(stderr, "send: %s: %s\n", what, strerror(errno));
	return -1;
}

static void
keep(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct trace *t = (struct trace *)(void *)user;
	uint8_t *copy = malloc(h->caplen + 1);

	if (t->n == t->room) {
		t->room = t->room * 2 + 1024;
		t->packet = realloc(t->packet, t->room * sizeof(*t->packet));
	}
	if (copy == NULL || t->packet == NULL)
		abort();
	memcpy(copy, bytes, h->caplen);
	t->packet[t->n++] =
	    (struct packet){ copy, h->caplen, h->len < LONGEST ? h->len : h->caplen };
}

static int
load(struct trace *t, const char *path)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline(path, why);

	if (p == NULL) {
		fprintf(stderr, "send: %s\n", why);
		return -1;
	}
	pcap_loop(p, -1, keep, (u_char *)t);
	pcap_close(p);
	return t->n > 0 ? 0 : -1;
}

static void
unload(struct trace *t)
{
	for (size_t i = 0; i < t->n; i++)
		free((void *)(uintptr_t)t->packet[i].data);
	free(t->packet);
}

/* Packets must not be queued, and nothing is received. */
static int
open_interface(const char *name)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	a.sll_ifindex = (int)if_nametoindex(name);
	if (fd < 0 || a.sll_ifindex == 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)) != 0 ||
	    bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
		return fail(name);
	return fd;
}

static int64_t
monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

static void
sleep_until(int64_t at)
{
	struct timespec t = { .tv_sec = at / NS, .tv_nsec = at % NS };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* Sends n packets from number `first` of the trace on; returns how many were sent, -1 on
 * failure. */
static int
send_batch(int fd, const struct trace *t, int64_t first, unsigned n)
{
	static uint8_t zeros[LONGEST];
	struct mmsghdr message[BATCH] = { 0 };
	struct iovec part[BATCH][2];
	int sent;

	for (unsigned i = 0; i < n; i++) {
		const struct packet *p = &t->packet[(size_t)(first + i) % t->n];

		part[i][0] = (struct iovec){ (void *)(uintptr_t)p->data, p->caplen };
		part[i][1] = (struct iovec){ zeros, p->len - p->caplen };
		message[i].msg_hdr.msg_iov = part[i];
		message[i].msg_hdr.msg_iovlen = p->len > p->caplen ? 2 : 1;
	}
	sent = sendmmsg(fd, message, n, 0);
	if (sent < 0 && (errno == ENOBUFS || errno == EAGAIN || errno == EINTR))
		return 0;
	return sent;
}

static int
send_all(int fd, const struct trace *t, int64_t packets, int64_t per_second)
{
	int64_t began = monotonic(), done = 0;

	while (done < packets) {
		unsigned n = packets - done < BATCH ? (unsigned)(packets - done) : BATCH;
		int sent = send_batch(fd, t, done, n);

		if (sent < 0)
			return fail("sending");
		done += sent;
		if (per_second > 0)
			sleep_until(began + (int64_t)((double)done / (double)per_second * 1e9));
	}
	printf("%lld packets in %.3f s\n", (long long)done, (double)(monotonic() - began) / 1e9);
	return 0;
}

int
main(int argc, char **argv)
{
	bool right = argc == 4 || argc == 5;
	int64_t packets = right ? strtonum(argv[3], 1, MAX, NULL) : 0;
	int64_t per_second = argc == 5 ? strtonum(argv[4], 1, MAX, NULL) : 0;
	struct trace trace = { 0 };
	int fd, status;

	if (packets == 0 || (argc == 5 && per_second == 0)) {
		fputs("usage: send INTERFACE CAPTURE PACKETS [PER_SECOND]\n", stderr);
		return 2;
	}
	fd = open_interface(argv[1]);
	if (fd < 0 || load(&trace, argv[2]) != 0)
		return 1;
	/* Packets are some us apart, and the default slack would wake us 50 us late. */
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	status = send_all(fd, &trace, packets, per_second);
	unload(&trace);
	return status != 0;
}

#else

int
main(void)
{
	fputs("send: only Linux has packet sockets\n", stderr);
	return 77;
}

#endif
