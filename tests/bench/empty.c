/* Reads a capture and does nothing with it: what libpcap itself takes for each packet. */
#include "config.h"

#include <stdio.h>

#include <pcap/pcap.h>

static void
ignore(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	(void)user;
	(void)h;
	(void)bytes;
}

int
main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *p;
	int status;

	if (argc != 2) {
		fputs("usage: empty CAPTURE\n", stderr);
		return 2;
	}
	p = pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO, error);
	if (p == NULL) {
		fprintf(stderr, "empty: %s\n", error);
		return 1;
	}
	status = pcap_loop(p, -1, ignore, NULL);
	pcap_close(p);
	return status != 0;
}
