/*
 * The table of protocols: the path of a sample of each layer, and the order of the table.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/dissect.h"
#include "packets.h"
#include "util/attr.h"
#include "util/buf.h"

/* Headers as digits; IGMP stands for any protocol over IP without a dissector. */
#define IP4(total, proto) "4500" total "0000 0000 40" proto "0000 c0000201 c0000202 "
#define IP6(len, next)    "60000000" len next "40" A6 B6
#define A6                "20010db8000000000000000000000001"
#define B6                "20010db8000000000000000000000002 "
#define IGMP              IP4("0014", "02")
/* With the correct checksum. */
#define PACKET   "45000014 00000000 4002f6e4 c0000201 c0000202 "
#define IGMP6    IP6("0000", "02")
#define ETH      "020000000002 020000000001 "
#define OVER_UDP ETH "0800" IP4("0000", "11") "d431 "

static const struct {
	uint16_t link;
	const char *hex, *path;
} samples[] = {
	{ 1, ETH "0800" IGMP, "eth/ip/igmp" },
	{ 1, ETH "86dd" IGMP6, "eth/ipv6/igmp" },
	{ 1, ETH "8100 0005 0003 4242 03", "eth/vlan/llc/stp" },
	{ 1, ETH "0003 4242 03 00000000", "eth/llc/stp" },
	{ 1, ETH "0008 aaaa03 00000c 2000", "eth/llc/cdp" },
	{ 1, ETH "001c aaaa03 000000 0800" IGMP, "eth/llc/ip/igmp" },
	{ 1, ETH "0004 fefe03 83", "eth/llc/osi/isis" },
	{ 1, ETH "0004 f0f0 0102", "eth/llc/netbios" },
	{ 1, ETH "0004 ffff 0022", "eth/ipx" },
	{ 1, ETH "88cc", "eth/lldp" },
	{ 1, ETH "888e", "eth/eapol" },
	{ 1, ETH "1234", "eth" },
	{ 1, ETH "6003", "eth/dec_dna" },
	{ 1, ETH "809a 4188", "eth/wpan" },
	{ 1, ETH "886f", "eth/msnlb" },
	{ 1, ETH "8847 00001040 000021ff" IGMP, "eth/mpls/ip/igmp" },
	{ 1, ETH "8847 000021ff" IGMP6, "eth/mpls/ipv6/igmp" },
	{ 1, ETH "8847 000021ff 00000000" ETH "0800" IGMP, "eth/mpls/pwethcw/eth/ip/igmp" },
	{ 1, ETH "8847 000021ff" ETH "0800" IGMP, "eth/mpls/eth/ip/igmp" },
	{ 1, ETH "8847 000021ff 1000 0021 00000000", "eth/mpls/pwach" },
	{ 1, ETH "8864 1100 0001 0016 0021" IGMP "0000", "eth/pppoes/ppp/ip/igmp" },
	{ 1, ETH "8864 1100 0001 0002 c021", "eth/pppoes/ppp/lcp" },
	{ 1, ETH "8903 0120" ETH "0800" IGMP, "eth/cfp/eth/ip/igmp" },
	{ 1, ETH "8909 0101 0001 0000 0800" IGMP, "eth/cmd/ip/igmp" },
	{ 1, ETH "893f e000 0001 0000 0800" IGMP, "eth/etag/ip/igmp" },
	{ 1, "01000c000000 020000000001 0032 aaaa03 00000c 0014 0000 0000" ETH "0800" IGMP,
	    "eth/isl/eth/ip/igmp" },
	{ 1, "01000c000000 020000000001 0800" IGMP, "eth/ip/igmp" },
	{ 1, ETH "8926 00000000 0800" IGMP, "eth/vntag/ip/igmp" },
	{ 1, ETH "d28b 0001 0010 0000000000000000 0800" IGMP, "eth/avsp/ip/igmp" },
	{ 1, ETH "d28b 0001 0120 000000000000 8100 0005 0806", "eth/avsp/vlan/arp" },
	{ 1, ETH "d28b 0003 0010 0000000000000000 0800" IGMP, "eth/avsp" },
	{ 1, ETH "88e7 00000000" ETH "0806", "eth/ieee8021ah/eth/arp" },
	{ 1, ETH "8870 aaaa03 000000 0800" IGMP, "eth/llc/ip/igmp" },
	{ 1, ETH "001c aaaa03 0080c2 0007 0000" ETH "0806", "eth/llc/eth/arp" },
	{ 1, ETH "0019 fefe03 cc" IGMP, "eth/llc/osi/ip/igmp" },
	{ 1, ETH "892f 001a 0001 0800" IGMP, "eth/hsr/ip/igmp" },
	{ 1, ETH "f1c1 0000 0001 0800" IGMP, "eth/ieee8021cb/ip/igmp" },
	{ 1, ETH "88e5 00 00 00000001 0800" IGMP, "eth/macsec/ip/igmp" },
	{ 1, ETH "88e5 20 00 00000001 0000000000000001 0800" IGMP, "eth/macsec/ip/igmp" },
	{ 1, ETH "88e5 2c 00 00000001 0000000000000001 0800", "eth/macsec" },
	{ 1, ETH "22f3 0005 0001 0002" ETH "0806", "eth/trill/eth/arp" },
	{ 1, ETH "22f3 0045 0001 0002 00000000" ETH "0806", "eth/trill/eth/arp" },
	{ 1, ETH "4305 40 0f 3201 020000000005" ETH "0806", "eth/batadv/eth/arp" },
	{ 1, ETH "4305 01 0f 3200 00000001 020000000005" ETH "0806", "eth/batadv/eth/arp" },
	{ 1, ETH "4305 00 0f 3200 00000001", "eth/batadv" },
	{ 1, ETH "894f 0fc2 0201 0000 01ff" IGMP, "eth/nsh/ip/igmp" },
	{ 1, ETH "894f 0fc3 0203 0000 01ff 00000000" ETH "0806", "eth/nsh/eth/arp" },
	{ 1, ETH "894f 0fc1 0201 0000 01ff" IGMP, "eth/nsh" },
	{ 1, ETH "0800" IP4("0000", "8f") ETH "0806", "eth/ip/eth/arp" },
	{ 1, ETH "0800" IP4("0000", "2f") "2001 6400 0022 0500" ETH "0806", "eth/ip/gre/eth/arp" },
	{ 1, OVER_UDP "1292 0000 0000 0000 0800" IGMP, "eth/ip/udp/gre/ip/igmp" },
	{ 1, OVER_UDP "12b6 0000 0000 0c00 0002 0000 0100" IGMP6,
	    "eth/ip/udp/vxlan-gpe/ipv6/igmp" },
	{ 1, OVER_UDP "12b6 0000 0000 0800 0000 0000 0100" ETH "0806",
	    "eth/ip/udp/vxlan-gpe/eth/arp" },
	{ 1, OVER_UDP "10f5 0000 0000 88000001 00000001" IGMP, "eth/ip/udp/lisp-data/ip/igmp" },
	{ 1, OVER_UDP "9090 0000 0000 0100 0001 00 0a0111 01" ETH "0806",
	    "eth/ip/udp/tzsp/eth/arp" },
	{ 1, OVER_UDP "9090 0000 0000 0104 0001 01" ETH "0806", "eth/ip/udp/tzsp" },
	{ 1,
	    OVER_UDP "0868 0000 0000 30ff 002a 00000001" ETH "0806"
		     "00000000000000000000000000000000000000000000000000000000",
	    "eth/ip/udp/gtp/eth/arp" },
	{ 1, OVER_UDP "147f 0000 0000 00104200 00000000" ETH "0806",
	    "eth/ip/udp/capwap.data/eth/arp" },
	{ 1,
	    OVER_UDP "147f 0000 0000 00104300 00000000 0801 0000 020000000003 020000000001"
		     "020000000002 0000 aaaa03 000000 0800" IGMP,
	    "eth/ip/udp/capwap.data/wlan/llc/ip/igmp" },
	{ 1,
	    OVER_UDP "147f 0000 0000 00204310 00000000 0601020304050600 0108 0000 020000000003"
		     "020000000001 020000000002 0000 aaaa03 000000 0800" IGMP,
	    "eth/ip/udp/capwap.data/wlan/llc/ip/igmp" },
	{ 1, OVER_UDP "147f 0000 0000 00104280 00010008" ETH "0806", "eth/ip/udp/capwap.data" },
	{ 1, OVER_UDP "147f 0000 0000 00104208 00000000 0014", "eth/ip/udp/capwap.data" },
	{ 1, OVER_UDP "147f 0000 0000 01000000 17feff", "eth/ip/udp/capwap.data" },
	{ 1,
	    OVER_UDP "2fbe 0000 0000 0000 0034 0000 0801 0000 020000000003 020000000001"
		     "020000000002 0000 aaaa03 000000 0800" IGMP,
	    "eth/ip/udp/lwapp/wlan/llc/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "04") IGMP, "eth/ip/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "29") IGMP6, "eth/ip/ipv6/igmp" },
	{ 1, ETH "0800" IP4("0000", "61") "3000" ETH "0806", "eth/ip/etherip/eth/arp" },
	{ 1, ETH "0800" IP4("0000", "67") "2100 0000 00000000" IGMP, "eth/ip/pim/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "67") "2000 0000 00000000" IGMP, "eth/ip/pim" },
	{ 1, ETH "0800" IP4("0000", "33") "0101 0000 00000000", "eth/ip/ah" },
	{ 1, ETH "0800" IP4("0000", "2f") "0000 0800" IGMP, "eth/ip/gre/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "2f") "b000 0800 00000000 00000001 00000002" IGMP,
	    "eth/ip/gre/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "2f") "4000 0800 00000000 08000004 c0000201 00000000" IGMP,
	    "eth/ip/gre/ip/igmp" },
	{ 1,
	    ETH "0800" IP4("0000", "2f") "0000 8230 0801 0000 020000000003 020000000001"
					 "020000000002 0000 aaaa03 000000 0800" IGMP,
	    "eth/ip/gre/wlan/llc/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "2f") "0000 6559 1841 0800" IGMP, "eth/ip/gre/fr/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "2f") "0000 00fe 83 14", "eth/ip/gre/osi/isis" },
	{ 1, ETH "0800" IP4("0000", "2f") "0000 8231", "eth/ip/gre" },
	{ 1, ETH "0800" IP4("0000", "2f") "2000 6558 00000000" ETH "0806", "eth/ip/gre/eth/arp" },
	{ 1, ETH "0800" IP4("0000", "2f") "3081 880b 0018 0001 00000001 00000001 ff03 0021" IGMP,
	    "eth/ip/gre/ppp/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "2f") "2081 880b 0000 0001 00000001", "eth/ip/gre" },
	{ 1, ETH "0800" IP4("0000", "2f") "1000 88be 00000001 1000000000000000" ETH "0806",
	    "eth/ip/gre/erspan/eth/arp" },
	{ 1, ETH "0800" IP4("0000", "2f") "0000 88be" ETH "0806", "eth/ip/gre/eth/arp" },
	{ 1,
	    ETH "0800" IP4("0000", "2f") "1000 22eb 00000001 2000000000000000 00000001"
					 "0000000000000000" ETH "0806",
	    "eth/ip/gre/erspan/eth/arp" },
	{ 1, OVER_UDP "12b5 0000 0000 0800000000000100" ETH "0806", "eth/ip/udp/vxlan/eth/arp" },
	{ 1, OVER_UDP "12b5 0000 0000 0000000000000100" ETH "0806", "eth/ip/udp/vxlan" },
	{ 1, OVER_UDP "17c1 0000 0000 0100 6558 00000100 00000000" ETH "0806",
	    "eth/ip/udp/geneve/eth/arp" },
	{ 1, OVER_UDP "0868 0000 0000 30ff 0014 00000001" IGMP, "eth/ip/udp/gtp/ip/igmp" },
	{ 1, OVER_UDP "0868 0000 0000 34ff 001c 00000001 00000085 01000000" IGMP,
	    "eth/ip/udp/gtp/ip/igmp" },
	{ 1, OVER_UDP "0868 0000 0000 3001 0000 00000000", "eth/ip/udp/gtp" },
	{ 1, OVER_UDP "0dd8 0000 0000" IGMP6, "eth/ip/udp/teredo/ipv6/igmp" },
	{ 1, OVER_UDP "0dd8 0000 0000 0001 0000 000000000000000000 0000 d431 c0000201" IGMP6,
	    "eth/ip/udp/teredo/ipv6/igmp" },
	{ 1,
	    OVER_UDP "13d0 0000 0000 4152 1129 00000000 00112233445566778899aabbccddeeff"
		     "0000000000000000000000000000000000000000" IGMP6,
	    "eth/ip/udp/ayiya/ipv6/igmp" },
	{ 1, OVER_UDP "13d0 0000 0000 0000 0004 00000000 00" IGMP, "eth/ip/udp/ayiya" },
	{ 1, OVER_UDP "06a5 0000 0000 0002 0001 0001 ff03 0021" IGMP,
	    "eth/ip/udp/l2tp/ppp/ip/igmp" },
	{ 1, OVER_UDP "06a5 0000 0000 4a02 0026 0001 0001 00000000 0002 0000 0021" IGMP,
	    "eth/ip/udp/l2tp/ppp/ip/igmp" },
	{ 1, OVER_UDP "06a5 0000 0000 c802 000c 0001 0001 00000000", "eth/ip/udp/l2tp" },
	{ 1, ETH "0800" IP4("0000", "73") "0002 0001 0001 0001 ff03 0021" IGMP,
	    "eth/ip/l2tp/ppp/ip/igmp" },
	{ 1, OVER_UDP "1194 0000 0000 00000000 01", "eth/ip/udp/udpencap/isakmp" },
	{ 1, OVER_UDP "1194 0000 0000 00000001 00", "eth/ip/udp/udpencap/esp" },
	{ 1, OVER_UDP "1194 0000 0000 ff", "eth/ip/udp/udpencap" },
	{ 1, OVER_UDP "ca6c 0000 0000 01", "eth/ip/udp/wg" },
	{ 1, OVER_UDP "19eb 0000 0000 000021ff" IGMP, "eth/ip/udp/mpls/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "84") "d431 0b59 00000000 00000000 01", "eth/ip/sctp/m3ua" },
	{ 0, "02000000" IGMP, "null/ip/igmp" },
	{ 0, "00000002" IGMP, "null/ip/igmp" },
	{ 108, "0000001e" IGMP6, "null/ipv6/igmp" },
	{ 0, "00000800" IGMP, "null/ip/igmp" },
	{ 0, "0f000800" IGMP, "null/ip/igmp" },
	{ 6, "1040 020000000002 020000000001 aaaa03 000000 0800" IGMP, "tr/llc/ip/igmp" },
	{ 6, "1040 020000000002 820000000001 06301234 5670 aaaa03 000000 0806", "tr/llc/arp" },
	{ 7, "0102 d4 00 0001" IGMP, "arcnet/ip/igmp" },
	{ 9, "ff03 0021" IGMP, "ppp/ip/igmp" },
	{ 9, "21" IGMP, "ppp/ip/igmp" },
	{ 9, "0f00 0800" IGMP, "ppp/chdlc/ip/igmp" },
	{ 10, "50 020000000002 020000000001 aaaa03 000000 0800" IGMP, "fddi/llc/ip/igmp" },
	{ 11, "aaaa03 0080c2 0007 0000" ETH "0806", "llc/eth/arp" },
	{ 12, IGMP, "raw/ip/igmp" },
	{ 19, IGMP, "raw/ip/igmp" },
	{ 51, "1100 0001 0016 0021" IGMP, "pppoes/ppp/ip/igmp" },
	{ 101, IGMP6, "raw/ipv6/igmp" },
	{ 104, "0f00 0800" IGMP, "chdlc/ip/igmp" },
	{ 104, "8f00 8035 00", "chdlc/slarp" },
	{ 104, "8f00 2000 00", "chdlc/cdp" },
	{ 104, "8f00 fefe 03 83 14", "chdlc/osi/isis" },
	{ 104, "8f00 fefe 82 15", "chdlc/osi/esis" },
	{ 105, "0801 0000 020000000003 020000000001 020000000002 0000 aaaa03 000000 0800" IGMP,
	    "wlan/llc/ip/igmp" },
	{ 105, "0801 0000 020000000003 020000000001 020000000002 0100 aaaa03 000000 0800", "wlan" },
	{ 105, "0841 0000 020000000003 020000000001 020000000002 0000 aaaa03 000000 0800", "wlan" },
	{ 105, "8000 0000 ffffffffffff 020000000001 020000000001 0000 00", "wlan" },
	{ 105, "d400 0000 020000000001", "wlan" },
	{ 107, "1841 03 cc" IGMP, "fr/ip/igmp" },
	{ 107, "1841 03 00 80 000000 0800" IGMP, "fr/ip/igmp" },
	{ 107, "1841 0800" IGMP, "fr/ip/igmp" },
	{ 107, "1841 03 00 80 0080c2 0007" ETH "0806", "fr/eth/arp" },
	{ 109, "02000000 00000001 00000000" IGMP, "enc/ip/igmp" },
	{ 113, "0000 0001 0006 020000000001 0000 0800" IGMP, "sll/ip/igmp" },
	{ 113, "0000 0001 0006 020000000001 0000 0004 4242 03", "sll/llc/stp" },
	{ 117, "04020000" IGMP, "pflog/ip/igmp" },
	{ 119, "44000000 0c000000 00000000 d400 0000 020000000001", "prism/wlan" },
	{ 122, "0000020000000002 0000020000000001 aaaa03 000000 0800" IGMP, "ipfc/llc/ip/igmp" },
	{ 123, "02000005 aaaa03 000000 0800" IGMP, "sunatm/llc/ip/igmp" },
	{ 123, "01000005 aaaa03 000000 0800" IGMP, "sunatm" },
	{ 127,
	    "0000 0900 00000000 00 8801 0000 020000000003 020000000001 020000000002 0000 0000"
	    "0000 aaaa03 000000 0800" IGMP,
	    "radiotap/wlan/llc/ip/igmp" },
	{ 127, "0000 0700 00000000", "radiotap" },
	{ 129, "0102 0000 d4 00 0001" IGMP, "arcnet/ip/igmp" },
	{ 138, "0100000000000000 0200000000000000 0800" IGMP, "ap1394/ip/igmp" },
	{ 163, "80211001 00000008 d400 0000 020000000001", "prism/wlan" },
	{ 178, "4d474301" ETH "0800" IGMP, "juniper/eth/ip/igmp" },
	{ 178, "4d474302 00000002" IGMP, "juniper/ip/igmp" },
	{ 178, "4d474380 0002 0101" ETH "0800" IGMP, "juniper/eth/ip/igmp" },
	{ 179, "4d474301 ff03 0021" IGMP, "juniper/ppp/ip/igmp" },
	{ 192, "0000 0800 69000000 d400 0000 020000000001", "ppi/wlan" },
	{ 204, "01 ff03 0021" IGMP, "serial/ppp/ip/igmp" },
	{ 205, "00 0f00 0800" IGMP, "serial/ppp/chdlc/ip/igmp" },
	{ 219, "000021ff" IGMP, "mpls/ip/igmp" },
	{ 226, "0102 0000 00000014 00000001 00000000 00000000 00000000" IGMP, "ipnet/ip/igmp" },
	{ 228, IGMP, "ip/igmp" },
	{ 228, IGMP6, "ip/ipv6/igmp" },
	{ 228, "6500001c 00014000 40060000 c0000201 c6336401 00000000 00000000 00000000", "ip" },
	{ 229, IGMP6, "ipv6/igmp" },
	{ 230, "0308", "wpan" },
	{ 242,
	    "0000000000000000000000000000000000000000 0000000000000000000000000000000000000000"
	    "0800 0000" IGMP,
	    "ipoib/ip/igmp" },
	{ 258,
	    "28000000 01000000 01000000 000000000000000000000000000000000000000000000000"
	    "01000000" ETH "0806",
	    "pktap/eth/arp" },
	{ 271, "0200000000000000", "vsock" },
	{ 276, "0800 0000 00000001 0001 00 06 020000000001 0000" IGMP, "sll2/ip/igmp" },
	{ 281, "020000000002 020000000001 00000001 0800" IGMP, "dsa/ip/igmp" },
	{ 284, "020000000002 020000000001 c0000005 0800" IGMP, "dsa/ip/igmp" },
	{ 1, ETH "8988 000000000000 0800" IGMP, "eth/ttag/ip/igmp" },
	{ 1, ETH "8899 a001 0800" IGMP, "eth/realtek/ip/igmp" },
	{ 1, ETH "8899 04 00 0001 0002 0800" IGMP, "eth/realtek/ip/igmp" },
	{ 1, ETH "8899 2300 0000 0000 0000", "eth/realtek" },
	{ 1, ETH "dada 0000 c0000005 0800" IGMP, "eth/dsa/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "88") "03e8 07d0 0008 0000", "eth/ip/udplite" },
	{ 1, ETH "0800" IP4("0000", "21") "03e8 07d0 0400 0000 00000000 00000000", "eth/ip/dccp" },
	{ 1, ETH "0800" IP4("0000", "32") "00000001 00000001" PACKET "0102 0204",
	    "eth/ip/esp/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "32") "00000001 00000001" IGMP "0102 0204", "eth/ip/esp" },
	{ 1, ETH "0800" IP4("0000", "73") "00000007" ETH "0800" IGMP, "eth/ip/l2tp/eth/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "73") "00000007 11223344" ETH "0800" IGMP,
	    "eth/ip/l2tp/eth/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "73") "00000007 1122334455667788 40000001" ETH "0800" IGMP,
	    "eth/ip/l2tp/eth/ip/igmp" },
	{ 1, ETH "0800" IP4("0000", "73") "00000000 c8030000", "eth/ip/l2tp" },
	{ 1, OVER_UDP "06a5 0000 0000 0003 0000 00000007" ETH "0800" IGMP,
	    "eth/ip/udp/l2tp/eth/ip/igmp" },
	{ 1, OVER_UDP "17c0 0000 0000 0004 0000" IGMP, "eth/ip/udp/fou/ip/igmp" },
	{ 1, OVER_UDP "17c0 0000 0000 0129 0000 00000000" IGMP6, "eth/ip/udp/fou/ipv6/igmp" },
	{ 1, OVER_UDP "17c0 0000 0000 2001 0000", "eth/ip/udp/fou" },
	{ 1, OVER_UDP "15b3 0000 0000" PACKET, "eth/ip/udp/fou/ip/igmp" },
	{ 1, OVER_UDP "15b3 0000 0000" IP6("0000", "3b"), "eth/ip/udp/fou/ipv6" },
	{ 1, OVER_UDP "15b3 0000 0000 0000 0800" PACKET, "eth/ip/udp/fou/gre/ip/igmp" },
	{ 1, OVER_UDP "15b3 0000 0000 0004 0000" PACKET, "eth/ip/udp/fou/ip/igmp" },
	{ 7, "01 02 f0" IGMP, "arcnet/ip/igmp" },
	{ 8, "01 40 0000000000000000000000000000" IGMP, "serial/ip/igmp" },
	{ 143, "0001 0022 0000" ETH "0800" IGMP, "capture/eth/ip/igmp" },
	{ 143, "c200 0004 0000 00000000", "capture" },
	{ 149,
	    "28000000 01000000 01000000 000000000000000000000000000000000000000000000000"
	    "01000000" ETH "0806",
	    "pktap/eth/arp" },
	{ 166, "00 03 0021" IGMP, "ppp/ip/igmp" },
	{ 197, "0000000000000000 02 04 0064 0000 0022 0000" ETH "0800" IGMP,
	    "capture/eth/ip/igmp" },
	{ 197, "0000000000000000 82 04 0064 0000 0022 0300000000000000 0000" ETH "0806",
	    "capture/eth/arp" },
	{ 197, "0000000000000000 01 04 0064 0000 0022 ff03 0021" IGMP, "capture/ppp/ip/igmp" },
	{ 197, "0000000000000000 04 04 0064 0000 0022 00000010 aaaa03 000000 0800" IGMP,
	    "capture/llc/ip/igmp" },
	{ 197, "0000000000000000 09 04 0064 0000 0022 00000001 00000010 aaaa03 000000 0800" IGMP,
	    "capture/llc/ip/igmp" },
	{ 197, "0000000000000000 30 04 0064 0000 0022", "capture" },
	{ 206, "01 1841 03 cc" IGMP, "serial/fr/ip/igmp" },
	{ 240, "00000000" ETH "0800" IGMP, "capture/eth/ip/igmp" },
	{ 241, "00000000 55555555555555d5" ETH "0800" IGMP, "capture/eth/ip/igmp" },
	{ 259, "5555d55500010000" ETH "0800" IGMP, "capture/eth/ip/igmp" },
	{ 274, "55555555555555d5" ETH "0800" IGMP, "capture/eth/ip/igmp" },
	{ 274, "555555555555ff61 00", "capture" },
	{ 282, "20000001" ETH "0800" IGMP, "dsa/eth/ip/igmp" },
	{ 285, "020000000002 020000000001 dada 0000 c0000005 0800" IGMP, "dsa/ip/igmp" },
};

static void
run(const struct dissector *d, uint16_t link, const char *hex, struct pkt *p)
{
	struct packet k;
	struct frame f;

	packet_new(&k);
	packet_hex(&k, hex);
	f = packet_frame(&k, link);
	dissect(d, &f, p);
}

static void
test_paths(void **state)
{
	struct dissector *d = dissector_new();
	char text[256];
	struct buf b;
	struct pkt p;

	(void)state;
	for (size_t i = 0; i < NITEMS(samples); i++) {
		run(d, samples[i].link, samples[i].hex, &p);
		buf_init(&b, text, sizeof(text));
		for (unsigned n = 0; n < p.depth; n++)
			buf_addf(&b, n > 0 ? "/%s" : "%s", proto_name(p.stack[n]));
		assert_string_equal(samples[i].path, text);
	}
	dissector_del(d);
}

/* Bytes are those of the frame on its link: headers added by the capture do not count, the link
 * header that a cooked capture omits does. */
static void
test_bytes(void **state)
{
	static const struct {
		uint16_t link;
		const char *hex;
		unsigned bytes;
	} table[] = {
		{ 0, "02000000" IGMP, 20 },
		{ 1, ETH "0800" IGMP, 34 },
		{ 1, ETH "8100 0005 0800" IGMP, 38 },
		{ 9, "ff03 0021" IGMP, 24 },
		{ 101, IGMP, 20 },
		{ 104, "0f00 0800" IGMP, 24 },
		{ 109, "02000000 00000001 00000000" IGMP, 20 },
		{ 113, "0000 0001 0006 020000000001 0000 0800" IGMP, 34 },
		{ 113, "0000 0001 0006 020000000001 0000 8100 0005 0800" IGMP, 38 },
		{ 113, "0000 0304 0006 000000000000 0000 0800" IGMP, 34 },
		{ 113, "0000 fffe 0000 000000000000 0000 0800" IGMP, 20 },
		{ 113, "0000 0200 0000 000000000000 0000 0800" IGMP, 20 },
		{ 113, "0000 0001 0006 020000000001 0000 0003" ETH "0800" IGMP, 34 },
		{ 113, "0000 0001 0006 020000000001", 12 }, /* the header is cut */
		{ 117, "04020000" IGMP, 20 },
		{ 127, "0000 0900 00000000 00 d400 0000 020000000001", 10 },
		{ 192, "0000 0800 01000000" ETH "0800" IGMP, 34 },
		{ 192, "0000 0800 00000000 02000000" IGMP, 20 },
		{ 166, "01 03 0021" IGMP, 24 },
		{ 197, "0000000000000000 02 04 0064 0000 0022 0000" ETH "0800" IGMP, 34 },
		{ 204, "01 ff03 0021" IGMP, 24 },
		{ 241, "00000000 55555555555555d5" ETH "0800" IGMP, 34 },
		{ 276, "0800 0000 00000001 0001 00 06 020000000001 0000" IGMP, 34 },
		{ 276, "0800 0000 00000001 fffe 00 00 000000000000 0000" IGMP, 20 },
		{ 281, "020000000002 020000000001 00000001 0800" IGMP, 38 },
	};
	struct dissector *d = dissector_new();
	struct pkt p;

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		run(d, table[i].link, table[i].hex, &p);
		assert_int_equal(table[i].bytes, p.len);
	}
	dissector_del(d);
}

/* NFLOG's attributes are in this machine's byte order. */
static void
test_nflog(void **state)
{
	struct dissector *d = dissector_new();
	uint16_t header[4] = { 8, 1, 0, 3 }, payload[2] = { 4 + 20, 9 };
	struct packet k;
	struct frame f;
	struct pkt p;

	(void)state;
	packet_new(&k);
	packet_hex(&k, "02000000");
	packet_bytes(&k, header, 4);
	packet_hex(&k, "0800 03 00");
	packet_bytes(&k, payload, sizeof(payload));
	packet_hex(&k, IGMP);
	f = packet_frame(&k, 239);
	dissect(d, &f, &p);
	assert_int_equal(3, p.depth);
	assert_int_equal(PROTO_IGMP, p.stack[2]);
	assert_int_equal(DIR_OUT, p.dir);
	assert_int_equal(0, p.flags);
	dissector_del(d);
}

/* A frame inside an aggregate may be longer than Ethernet allows. */
static void
test_long_unit(void **state)
{
	struct dissector *d = dissector_new();
	struct packet k;
	struct frame f;
	struct pkt p;

	(void)state;
	packet_new(&k);
	packet_hex(&k, "8802 0000 020000000001 020000000002 020000000003 0000 8000");
	packet_hex(&k, "020000000001 020000000003");
	packet_be16(&k, 1508);
	packet_hex(&k, "aaaa03 000000 0800" IGMP);
	packet_zeros(&k, 1480);
	f = packet_frame(&k, 105);
	dissect(d, &f, &p);
	assert_int_equal(4, p.depth);
	assert_int_equal(PROTO_IGMP, p.stack[3]);
	assert_int_equal(0, p.flags);
	f.caplen = f.len -= 1;
	dissect(d, &f, &p);
	assert_int_equal(PKT_MALFORMED, p.flags);
	dissector_del(d);
}

static void
test_directions(void **state)
{
	static const struct {
		uint16_t link;
		const char *hex;
		uint8_t dir;
	} table[] = {
		{ 113, "0000 0001 0006 020000000001 0000 0806", DIR_IN },
		{ 113, "0001 0001 0006 020000000001 0000 0806", DIR_IN },
		{ 113, "0003 0001 0006 020000000001 0000 0806", DIR_UNKNOWN },
		{ 113, "0004 0001 0006 020000000001 0000 0806", DIR_OUT },
		{ 276, "0806 0000 00000001 0001 04 06 020000000001 0000", DIR_OUT },
		{ 276, "0806 0000 00000001 0001 02 06 020000000001 0000", DIR_IN },
	};
	struct dissector *d = dissector_new();
	struct pkt p;

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		run(d, table[i].link, table[i].hex, &p);
		assert_int_equal(table[i].dir, p.dir);
		assert_int_equal(ADDR_MAC, p.kind);
		assert_int_equal(1, p.src.b[5]);
		assert_int_equal(0x0806, p.proto);
	}
	dissector_del(d);
}

/* Without IP the link names its payload: ethertype, DSAP, SNAP protocol, or PPP protocol. */
static void
test_numbers(void **state)
{
	static const struct {
		uint16_t link;
		const char *hex;
		uint16_t proto;
		uint8_t kind;
	} table[] = {
		{ 1, ETH "88cc", 0x88cc, ADDR_MAC },
		{ 1, ETH "8100 0001 88cc", 0x88cc, ADDR_MAC },
		{ 1, ETH "0003 4242 03", 0x42, ADDR_MAC },
		{ 1, ETH "0008 aaaa03 00000c 2000", 0x2000, ADDR_MAC },
		{ 1, ETH "8864 1100 0001 0002 c021", 0x8864, ADDR_MAC },
		{ 9, "ff03 c021", 0xc021, ADDR_NONE },
		{ 105, "d400 0000 020000000001", 0, ADDR_MAC },
	};
	struct dissector *d = dissector_new();
	struct pkt p;

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		run(d, table[i].link, table[i].hex, &p);
		assert_int_equal(table[i].proto, p.proto);
		assert_int_equal(table[i].kind, p.kind);
	}
	dissector_del(d);
}

/* The table again, for its numbers alone. */
/* clang-format off */
#define LEAF
#define FN(function)
#define NOWHERE                         { SPACE_END, 0 }
#define ON(space, id)                   { SPACE_##space, id }
#define PROTO(id, name, title, fn, ...) { PROTO_##id, { __VA_ARGS__ } },
/* clang-format on */

static const struct {
	enum proto proto;
	struct {
		unsigned space, id;
	} on[17];
} rows[] = {
#include "dissect/protos.def"
};

#undef PROTO
#undef ON
#undef NOWHERE
#undef FN
#undef LEAF

/* If a number were in two rows, one of them would not be found. */
static void
test_numbers_are_found_once(void **state)
{
	struct dissector *d = dissector_new();

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		for (unsigned n = 0; rows[i].on[n].space != SPACE_END; n++) {
			enum proto found = dissector_find(
			    d, (enum proto_space)rows[i].on[n].space, (uint16_t)rows[i].on[n].id);

			assert_string_equal(proto_name(rows[i].proto), proto_name(found));
		}
	}
	dissector_del(d);
}

static void
test_names_are_unique(void **state)
{
	(void)state;
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++) {
		assert_true(strlen(proto_name(i)) > 0 && strlen(proto_title(i)) > 0);
		assert_null(strchr(proto_name(i), '/'));
		for (unsigned j = i + 1; j < PROTO_MAX; j++)
			assert_string_not_equal(proto_name(i), proto_name(j));
	}
}

static void
test_services(void **state)
{
	static const struct {
		enum proto_space space;
		uint16_t port;
		const char *name;
	} table[] = {
		{ SPACE_TCP, 7, "echo" },
		{ SPACE_TCP, 22, "ssh" },
		{ SPACE_TCP, 443, "https" },
		{ SPACE_UDP, 443, "https" },
		{ SPACE_UDP, 53, "domain" },
		{ SPACE_UDP, 5353, "mdns" },
		{ SPACE_SCTP, 38412, "ngap" },
		{ SPACE_UDP, 51820, "wireguard" },
		{ SPACE_UDP, 698, "olsr" },
		{ SPACE_UDP, 30490, "someip-sd" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		const char *name = service_name(table[i].space, table[i].port);

		assert_non_null(name);
		assert_string_equal(table[i].name, name);
	}
	assert_null(service_name(SPACE_TCP, 5353));
	assert_null(service_name(SPACE_TCP, 0));
	assert_null(service_name(SPACE_TCP, 65535));
	assert_null(service_name(SPACE_ETHER, 443));
	assert_true(service_exists("wireguard") && service_exists("Echo"));
	assert_false(service_exists("wireguards") || service_exists(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_nflog),
		cmocka_unit_test(test_long_unit),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_numbers_are_found_once),
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
