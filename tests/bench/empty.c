/*
 * Reads a capture, or an interface until it is interrupted, and ignores the packets: the cost of
 * libpcap itself.
 */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

/* As in src/capture/live.c. */
#define SNAPLEN    256
#define BLOCK_MS   100
#define BUFFER_MIB 16

static pcap_t *p;

static void
ignore(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	(void)h;
	(void)bytes;
	++*(unsigned long *)(void *)user;
}

static void
on_signal(int number)
{
	(void)number;
	pcap_breakloop(p);
}

static pcap_t *
open_interface(const char *name, char *error)
{
	struct bpf_program all; /* truncates packets to the snap length */

	p = pcap_create(name, error);
	if (p == NULL)
		return NULL;
	pcap_set_snaplen(p, SNAPLEN);
	pcap_set_promisc(p, 1);
	pcap_set_timeout(p, BLOCK_MS);
	pcap_set_buffer_size(p, BUFFER_MIB << 20);
	pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
	if (pcap_activate(p) == 0 && pcap_compile(p, &all, "", 1, PCAP_NETMASK_UNKNOWN) == 0 &&
	    pcap_setfilter(p, &all) == 0) {
		pcap_freecode(&all);
		return p;
	}
	snprintf(error, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(p));
	return NULL;
}

/* Without SA_RESTART a signal ends the wait for packets. */
static void
end_when_interrupted(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
}

int
main(int argc, char **argv)
{
	bool live = argc == 3 && strcmp(argv[1], "-i") == 0;
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_stat st = { 0 };
	unsigned long packets = 0;
	int status;

	if (argc != 2 && !live) {
		fputs("usage: empty CAPTURE | -i INTERFACE\n", stderr);
		return 2;
	}
	p = live
	    ? open_interface(argv[2], error)
	    : pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO, error);
	if (p == NULL) {
		fprintf(stderr, "empty: %s\n", error);
		return 1;
	}
	end_when_interrupted();
	status = pcap_loop(p, -1, ignore, (u_char *)&packets);
	if (live)
		pcap_stats(p, &st);
	printf("%lu packets, %u dropped\n", packets, st.ps_drop);
	pcap_close(p);
	return status != 0 && status != PCAP_ERROR_BREAK;
}
