#include "config.h"

#include "counted.h"

#include "core/ledger.h"

static struct ledger *ledger;

void
counted_begin(void)
{
	ledger = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN });
	ledger_add_source(ledger, "test", 1, 0);
}

void
counted_add(struct pkt *p)
{
	p->source = 0;
	ledger_count(ledger, p, 1);
}

void
counted_end(void)
{
	ledger_del(ledger);
}
