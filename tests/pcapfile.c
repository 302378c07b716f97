#include "config.h"

#include "pcapfile.h"

#define MAGIC_NS  0xa1b23c4du
#define NS_PER_S  UINT64_C(1000000000)
#define HEAD_SIZE 24
#define RECORD    16

void
pcapfile_put(uint8_t *p, uint64_t n, unsigned bytes)
{
	while (bytes-- > 0) {
		p[bytes] = (uint8_t)n;
		n >>= 8;
	}
}

void
pcapfile_begin(FILE *file, uint32_t linktype, uint32_t snaplen)
{
	uint8_t head[HEAD_SIZE] = { 0 };

	pcapfile_put(head, MAGIC_NS, 4);
	pcapfile_put(head + 4, 2, 2);
	pcapfile_put(head + 6, 4, 2);
	pcapfile_put(head + 16, snaplen, 4);
	pcapfile_put(head + 20, linktype, 4);
	fwrite(head, sizeof(head), 1, file);
}

void
pcapfile_packet(FILE *file, uint64_t ns, const uint8_t *data, uint32_t caplen, uint32_t len)
{
	uint8_t record[RECORD];

	pcapfile_put(record, ns / NS_PER_S, 4);
	pcapfile_put(record + 4, ns % NS_PER_S, 4);
	pcapfile_put(record + 8, caplen, 4);
	pcapfile_put(record + 12, len, 4);
	fwrite(record, sizeof(record), 1, file);
	fwrite(data, caplen, 1, file);
}
