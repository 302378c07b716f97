/*
 * Common service names: IANA's if there is one.
 */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "dissect/dissect.h"
#include "util/attr.h"

enum service_transport { T = 1, U = 2, S = 4 }; /* TCP, UDP, SCTP */

struct service {
	uint16_t port;
	uint8_t transports;
	const char *name;
};

/* Sorted by port for binary search. */
static const struct service services[] = {
	{ 7, T | U, "echo" },
	{ 9, T | U, "discard" },
	{ 13, T | U, "daytime" },
	{ 19, T | U, "chargen" },
	{ 20, T, "ftp-data" },
	{ 21, T, "ftp" },
	{ 22, T | S, "ssh" },
	{ 23, T, "telnet" },
	{ 25, T, "smtp" },
	{ 37, T | U, "time" },
	{ 43, T, "whois" },
	{ 49, T | U, "tacacs" },
	{ 53, T | U, "domain" },
	{ 67, U, "bootps" },
	{ 68, U, "bootpc" },
	{ 69, U, "tftp" },
	{ 70, T, "gopher" },
	{ 79, T, "finger" },
	{ 80, T | S, "http" },
	{ 88, T | U, "kerberos" },
	{ 102, T, "iso-tsap" },
	{ 110, T, "pop3" },
	{ 111, T | U, "sunrpc" },
	{ 113, T, "auth" },
	{ 119, T, "nntp" },
	{ 123, U, "ntp" },
	{ 135, T | U, "msrpc" },
	{ 137, T | U, "netbios-ns" },
	{ 138, U, "netbios-dgm" },
	{ 139, T, "netbios-ssn" },
	{ 143, T, "imap" },
	{ 161, T | U, "snmp" },
	{ 162, T | U, "snmp-trap" },
	{ 177, U, "xdmcp" },
	{ 179, T | S, "bgp" },
	{ 194, T, "irc" },
	{ 319, U, "ptp-event" },
	{ 320, U, "ptp-general" },
	{ 389, T | U, "ldap" },
	{ 427, T | U, "svrloc" },
	{ 443, T | U | S, "https" },
	{ 445, T, "microsoft-ds" },
	{ 464, T | U, "kpasswd" },
	{ 465, T, "submissions" },
	{ 500, U, "isakmp" },
	{ 502, T, "modbus" },
	{ 514, U, "syslog" },
	{ 515, T, "printer" },
	{ 520, U, "route" },
	{ 521, U, "ripng" },
	{ 546, U, "dhcpv6-client" },
	{ 547, U, "dhcpv6-server" },
	{ 548, T, "afp" },
	{ 554, T | U, "rtsp" },
	{ 563, T, "nntps" },
	{ 587, T, "submission" },
	{ 601, T, "syslog-conn" },
	{ 623, U, "asf-rmcp" },
	{ 631, T | U, "ipp" },
	{ 636, T, "ldaps" },
	{ 646, T | U, "ldp" },
	{ 698, U, "olsr" },
	{ 853, T | U, "domain-s" },
	{ 860, T, "iscsi" },
	{ 873, T, "rsync" },
	{ 989, T, "ftps-data" },
	{ 990, T, "ftps" },
	{ 992, T, "telnets" },
	{ 993, T, "imaps" },
	{ 995, T, "pop3s" },
	{ 1080, T, "socks" },
	{ 1194, T | U, "openvpn" },
	{ 1352, T, "lotusnote" },
	{ 1433, T, "ms-sql-s" },
	{ 1434, U, "ms-sql-m" },
	{ 1521, T, "oracle" },
	{ 1645, U, "radius" },
	{ 1646, U, "radacct" },
	{ 1701, U, "l2tp" },
	{ 1719, U, "h323gatestat" },
	{ 1720, T, "h323hostcall" },
	{ 1723, T, "pptp" },
	{ 1812, U, "radius" },
	{ 1813, U, "radius-acct" },
	{ 1883, T, "mqtt" },
	{ 1900, U, "ssdp" },
	{ 1935, T, "rtmp" },
	{ 1985, U, "hsrp" },
	{ 2000, T, "cisco-sccp" },
	{ 2049, T | U, "nfs" },
	{ 2055, U, "netflow" },
	{ 2123, U, "gtp-control" },
	{ 2152, U, "gtp-user" },
	{ 2181, T, "zookeeper" },
	{ 2222, U, "enip-io" },
	{ 2375, T, "docker" },
	{ 2376, T, "docker-s" },
	{ 2379, T, "etcd-client" },
	{ 2380, T, "etcd-server" },
	{ 2404, T, "iec-104" },
	{ 2427, U, "mgcp-gateway" },
	{ 2775, T, "smpp" },
	{ 2905, S, "m3ua" },
	{ 2944, U, "megaco-h248" },
	{ 3128, T, "squid" },
	{ 3222, U, "glbp" },
	{ 3260, T, "iscsi-target" },
	{ 3268, T, "msft-gc" },
	{ 3269, T, "msft-gc-ssl" },
	{ 3306, T, "mysql" },
	{ 3389, T | U, "ms-wbt-server" },
	{ 3478, T | U, "stun" },
	{ 3503, U, "lsp-ping" },
	{ 3544, U, "teredo" },
	{ 3690, T, "svn" },
	{ 3702, U, "ws-discovery" },
	{ 3784, U, "bfd-control" },
	{ 3799, U, "radius-dynauth" },
	{ 3868, T | S, "diameter" },
	{ 4222, T, "nats" },
	{ 4342, U, "lisp-control" },
	{ 4433, U, "dtls" },
	{ 4460, T, "ntske" },
	{ 4500, U, "ipsec-nat-t" },
	{ 4556, T | U, "dtn-bundle" },
	{ 4569, U, "iax" },
	{ 4739, U, "ipfix" },
	{ 4784, U, "bfd-multi-ctl" },
	{ 4789, U, "vxlan" },
	{ 4791, U, "roce" },
	{ 4840, T, "opcua-tcp" },
	{ 5060, T | U | S, "sip" },
	{ 5061, T | U | S, "sips" },
	{ 5072, U, "ayiya" },
	{ 5222, T, "xmpp-client" },
	{ 5246, U, "capwap-control" },
	{ 5247, U, "capwap-data" },
	{ 5269, T, "xmpp-server" },
	{ 5351, U, "nat-pmp" },
	{ 5353, U, "mdns" },
	{ 5355, T | U, "llmnr" },
	{ 5432, T, "postgresql" },
	{ 5601, T, "kibana" },
	{ 5671, T, "amqps" },
	{ 5672, T, "amqp" },
	{ 5683, T | U, "coap" },
	{ 5684, T | U, "coaps" },
	{ 5900, T, "vnc" },
	{ 5985, T, "wsman" },
	{ 5986, T, "wsmans" },
	{ 6000, T, "x11" },
	{ 6081, U, "geneve" },
	{ 6343, U, "sflow" },
	{ 6379, T, "redis" },
	{ 6443, T, "kube-apiserver" },
	{ 6514, T, "syslog-tls" },
	{ 6633, T, "openflow" },
	{ 6635, U, "mpls-udp" },
	{ 6653, T, "openflow" },
	{ 6667, T, "ircd" },
	{ 6696, U, "babel" },
	{ 6697, T, "ircs" },
	{ 6784, U, "bfd-lag" },
	{ 6789, T, "ceph" },
	{ 6881, T, "bittorrent" },
	{ 7000, U, "afs3-fileserver" },
	{ 7001, U, "afs3-callback" },
	{ 8009, T, "ajp13" },
	{ 8080, T, "http-alt" },
	{ 8333, T, "bitcoin" },
	{ 8443, T, "https-alt" },
	{ 8472, U, "otv" },
	{ 8883, T, "mqtts" },
	{ 9042, T, "cassandra" },
	{ 9090, T, "prometheus" },
	{ 9092, T, "kafka" },
	{ 9100, T, "jetdirect" },
	{ 9200, T, "elasticsearch" },
	{ 9300, T, "elasticsearch-node" },
	{ 9418, T, "git" },
	{ 9995, U, "netflow" },
	{ 10050, T, "zabbix-agent" },
	{ 10051, T, "zabbix-trapper" },
	{ 10250, T, "kubelet" },
	{ 11211, T | U, "memcache" },
	{ 17500, U, "dropbox" },
	{ 20000, T | U, "dnp" },
	{ 25826, U, "collectd" },
	{ 27017, T, "mongodb" },
	{ 30490, U, "someip-sd" },
	{ 36412, S, "s1ap" },
	{ 38412, S, "ngap" },
	{ 44818, T | U, "enip" },
	{ 47808, U, "bacnet" },
	{ 51820, U, "wireguard" },
};

static int
services_compare(const void *key, const void *row)
{
	return *(const uint16_t *)key - ((const struct service *)row)->port;
}

static unsigned
services_transport_of(enum proto_space space)
{
	switch (space) {
	case SPACE_TCP:
		return T;
	case SPACE_UDP:
		return U;
	case SPACE_SCTP:
		return S;
	default:
		return 0;
	}
}

const char *
service_name(enum proto_space space, uint16_t port)
{
	const struct service *s;

	s = bsearch(&port, services, NITEMS(services), sizeof(services[0]), services_compare);
	return s != NULL && s->transports & services_transport_of(space) ? s->name : NULL;
}

const char *
service_listed(size_t i)
{
	return i < NITEMS(services) ? services[i].name : NULL;
}

bool
service_exists(const char *name)
{
	for (size_t i = 0; i < NITEMS(services); i++)
		if (strcasecmp(services[i].name, name) == 0)
			return true;
	return false;
}
