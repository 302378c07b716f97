#include "config.h"

#include "core/traffic_class.h"

#include "dissect/addr.h"

enum traffic_class
traffic_class_of(uint8_t kind, uint16_t proto)
{
	bool is_ip = kind == ADDR_IP4 || kind == ADDR_IP6;

	if (is_ip && proto == 6)
		return CLASS_TCP;
	if (is_ip && proto == 17)
		return CLASS_UDP;
	if (is_ip && (proto == 1 || proto == 58))
		return CLASS_ICMP;
	return CLASS_OTHER;
}
