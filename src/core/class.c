#include "config.h"

#include "core/class.h"

#include "dissect/addr.h"

enum class
class_of(uint8_t kind, uint16_t proto)
{
	if (kind != ADDR_IP4 && kind != ADDR_IP6)
		return CLASS_OTHER;
	switch (proto) {
	case 6:
		return CLASS_TCP;
	case 17:
		return CLASS_UDP;
	case 1:
	case 58:
		return CLASS_ICMP;
	default:
		return CLASS_OTHER;
	}
}
