/*
 * Processes of this machine: the owners of flows.
 */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"
#include "util/table.h"

struct baseline;
struct baseline_meters;
struct buf;
struct flow;
struct ledger;

/*
 * What each process sent and received, folded together with the flows. t[0] of a meter is out (sent
 * by the process), t[1] is in.
 *
 *	processes_start(l)		before the first packet
 *	ledger_set_owners(l, row, generation, owners)	once they are known; NULL: an end has none
 *
 * Every packet counts in exactly one row, so the sum of the rows and of "(other)" is the total.  If
 * both ends of a flow are local processes, each direction counts for its sender.  A flow whose
 *owner is not known yet counts for one of the rows without a process, and moves when the owner is
 *found.
 */

#define PROCESSES_MAX 1024

#define PROCESS_COMMAND   32
#define PROCESS_USER      32
#define PROCESS_UNIT      48
#define PROCESS_CONTAINER 64

enum process_kind {
	PROCESS_UNKNOWN,   /* nobody is known to own the socket */
	PROCESS_KERNEL,    /* of this machine, but without a socket of a process */
	PROCESS_FORWARDED, /* between other machines */
	PROCESS_RESTS,     /* the kinds before are rows that always exist, in this order */
	PROCESS_OF_USER = PROCESS_RESTS, /* only the user is known */
	PROCESS_OWNER,
};

struct process_facts {    /* all texts are clean; "": not known */
	uint64_t started; /* tells apart processes with the same number */
	uint32_t pid, uid;
	uint8_t kind; /* enum process_kind */
	char command[PROCESS_COMMAND];
	char user[PROCESS_USER];
	char unit[PROCESS_UNIT];           /* of systemd */
	char container[PROCESS_CONTAINER]; /* "docker:web-1" */
};

struct process {
	struct meter meter;
	struct process_facts facts;
	uint64_t flows;
	uint64_t last;
	uint32_t score_time; /* see util/table.h */
	uint32_t id;         /* differs from those of earlier processes in this row */
	uint32_t next;       /* the next row of its group; INDEX_NONE: none */
	bool leads;          /* the first row of its group */
	bool other;
};

/* By what the view groups its rows. */
enum process_level {
	PROCESS_BY_PID,
	PROCESS_BY_COMMAND,
	PROCESS_BY_USER,
	PROCESS_BY_UNIT,
	PROCESS_LEVELS
};

/* Where the packets of a flow count, by direction. */
struct flow_account {
	uint32_t id[2];      /* of the process */
	uint32_t generation; /* of the flow; of another one: nothing is decided yet */
	uint8_t way[2];      /* of the process's meter */
	bool used;
	uint8_t asked; /* how often the owner was asked for; ACCOUNT_FINAL: it is known */
};

#define ACCOUNT_FINAL 255

/* What the kernel knows of a local end of a TCP connection: tcp_info of tcp(7). */
struct kernel_tcp {
	uint64_t delivery_rate;  /* bytes per second; 0: not known */
	uint32_t rtt_us;         /* smoothed */
	uint32_t cwnd, ssthresh; /* segments; ssthresh 0: not known yet */
	uint32_t retransmissions;
	uint32_t recv_queue, send_queue; /* bytes */
	uint32_t generation;             /* of the flow */
	uint8_t limited;                 /* enum kernel_limit */
	bool used;
	char congestion[14]; /* "cubic" */
};

enum kernel_limit { /* what mostly keeps it from sending faster */
	KERNEL_NO_LIMIT,
	KERNEL_LIMIT_WINDOW, /* of congestion */
	KERNEL_LIMIT_RECEIVER,
	KERNEL_LIMIT_BUFFER,
	KERNEL_LIMIT_APPLICATION,
	KERNEL_LIMITS
};

struct processes {
	struct process *row;
	struct table table;
	struct flow_account *account; /* by row of the flow */
	struct kernel_tcp *kernel;    /* likewise; its pages take memory only if they are used */
	uint32_t flows;               /* rows of the table of flows at most */
	const struct tally *total;
	struct process other;
	struct overflow_sums other_sums;
	struct baseline *baseline; /* is notified of evictions; may be NULL */
	uint8_t level;             /* enum process_level */
	bool enabled;
	bool regroup; /* rows have come, gone or changed since they were grouped */
};

void processes_init(struct processes *ps, const struct table_room *room);
void processes_fini(struct processes *ps);
unsigned processes_meters(struct ledger *l, struct baseline_meters *of);

/* Clears the table; it stays enabled. */
void processes_clear(struct processes *ps);

/* Enables it; from now on flows are counted. */
void processes_start(struct processes *ps);

/* Groups the rows; cheap if nothing has changed. */
void processes_group(struct processes *ps, enum process_level level);

/* The word that all rows of a group have: "curl", "alice", "docker:web-1"; "curl[12]" by process.
 */
void process_group_text(struct buf *b, const struct process *p, enum process_level level);

/* "curl[12]", "uid 1000", "(unknown)". */
void process_name(struct buf *b, const struct process_facts *f);

/* Where a flow counts; decides it if that has not been done. */
struct flow_account *flow_account(struct ledger *l, const struct flow *f);

/* The row that the packets of an end of f count for; NULL if there is none (any more). */
const struct process *flow_process(const struct ledger *l, const struct flow *f, int end);

/* The owner of an end of f; NULL if it is not known. */
const struct process *flow_owner(const struct ledger *l, const struct flow *f, int end);

/* The newest figures of the kernel; NULL if there are none. */
const struct kernel_tcp *flow_kernel(const struct ledger *l, const struct flow *f);

/* Stores them, except for the generation. */
void flow_set_kernel(struct ledger *l, const struct flow *f, const struct kernel_tcp *k);

/* Counts the pending packets of f. */
void processes_fold(struct ledger *l, const struct flow *f, bool fresh, uint32_t score_time);

/*
 * The owners of the ends of the flow in that row; NULL: that end has none.  Nothing happens if the
 * row has another flow by now.  All that was counted of the flow moves to them.
 */
void ledger_set_owners(
    struct ledger *l, uint32_t row, uint32_t generation, const struct process_facts *const ends[2]);

#endif
