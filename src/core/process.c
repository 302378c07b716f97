/* The table of processes, and how its rows are grouped. */
#include "config.h"

#include "core/process.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"
#include "util/alloc.h"
#include "util/buf.h"

#define GROUP_BUCKETS 1024

/* The id of a row names the row, and changes when another process gets it. */
static uint32_t
processes_row_of(uint32_t id)
{
	return id % PROCESSES_MAX;
}

/* The rows without a process come first, and are never evicted. */
static void
processes_add_rests(struct processes *ps)
{
	for (uint32_t i = 0; i < PROCESS_RESTS; i++) {
		ps->row[i] = (struct process){
			.facts.kind = (uint8_t)i, .id = i, .next = INDEX_NONE, .leads = true
		};
		table_put(&ps->table, i, i, UINT32_MAX);
	}
	ps->table.used = PROCESS_RESTS;
	ps->other = (struct process){ .other = true, .next = INDEX_NONE, .leads = true };
	memset(&ps->other_sums, 0, sizeof(ps->other_sums));
}

static void
processes_alloc_beside(struct processes *ps)
{
	ps->account = pages_new(ps->flows * sizeof(*ps->account));
	ps->kernel = pages_new(ps->flows * sizeof(*ps->kernel));
}

void
processes_init(struct processes *ps, const struct table_room *room)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = table_init(&ps->table, sizeof(*ps->row), PROCESSES_MAX, PROCESSES_MAX, room->key);
	ps->flows = room->rows;
	processes_alloc_beside(ps);
	processes_add_rests(ps);
}

void
processes_fini(struct processes *ps)
{
	table_fini(&ps->table);
	pages_del(ps->account);
	pages_del(ps->kernel);
}

void
processes_clear(struct processes *ps)
{
	ps->row = table_clear(&ps->table);
	table_clear_index(&ps->table);
	pages_del(ps->account);
	pages_del(ps->kernel);
	processes_alloc_beside(ps);
	processes_add_rests(ps);
}

void
processes_start(struct processes *ps)
{
	ps->enabled = true;
}

struct process *
processes_at(struct processes *ps, uint32_t id)
{
	struct process *p = &ps->row[processes_row_of(id)];

	return p->id == id ? p : &ps->other;
}

static uint32_t
processes_lru_score(const void *table, uint32_t row)
{
	const struct processes *ps = table;
	const struct process *p = &ps->row[row];
	struct tally sum = meter_sum(&p->meter);

	if (row < PROCESS_RESTS)
		return UINT32_MAX;
	return lru_score(p->score_time, lru_log2(sum.packets)) + tally_heavy_bonus(&sum, ps->total);
}

static uint32_t
processes_evict(struct processes *ps, const struct intervals *b)
{
	uint32_t row = table_evict(&ps->table, ps, processes_lru_score);
	struct process *p = &ps->row[row];

	overflow_meter_add_meter(&ps->other.meter, &ps->other_sums, b, &p->meter);
	baseline_move(ps->baseline, &p->meter, &ps->other.meter, 1);
	ps->other.flows += p->flows;
	return row;
}

static bool
processes_is_same(const struct process_facts *x, const struct process_facts *y)
{
	return x->kind == y->kind && x->pid == y->pid && x->uid == y->uid &&
	    x->started == y->started;
}

static uint32_t
processes_find_row(const struct processes *ps, uint32_t hash, const struct process_facts *f)
{
	INDEX_EACH (&ps->table.index, hash, row)
		if (processes_is_same(&ps->row[row].facts, f))
			return row;
	return INDEX_NONE;
}

static uint32_t
processes_add_row(struct processes *ps, uint32_t hash, const struct process_facts *f,
    const struct intervals *b, uint32_t seen)
{
	bool fits = table_has_room(&ps->table);
	uint32_t row = fits ? ps->table.used++ : processes_evict(ps, b);
	uint32_t id = fits ? row : ps->row[row].id + PROCESSES_MAX;

	ps->row[row] = (struct process){
		.facts = *f, .score_time = seen, .id = id, .next = INDEX_NONE, .leads = true
	};
	table_put(&ps->table, row, hash, lru_score(seen, 0));
	if (!fits && ps->level != PROCESS_BY_PID)
		processes_group(ps, (enum process_level)ps->level);
	return row;
}

struct process *
processes_get(
    struct processes *ps, const struct process_facts *f, const struct intervals *b, uint32_t seen)
{
	const uint64_t words[2] = { f->pid | (uint64_t)f->uid << 32, f->started << 3 | f->kind };
	uint32_t hash = hash_pairs(&ps->table.key, words, 2), row;

	assert(f->kind >= PROCESS_RESTS);
	row = processes_find_row(ps, hash, f);
	if (row == INDEX_NONE)
		row = processes_add_row(ps, hash, f, b, seen);
	ps->row[row].facts = *f; /* the command may have changed by exec(2) */
	ps->regroup = true;
	return &ps->row[row];
}

void
process_name(struct buf *b, const struct process_facts *f)
{
	static const char *const rests[PROCESS_RESTS] = {
		[PROCESS_UNKNOWN] = "(unknown)",
		[PROCESS_KERNEL] = "(kernel)",
		[PROCESS_FORWARDED] = "(forwarded)",
	};

	if (f->kind < PROCESS_RESTS)
		buf_adds(b, rests[f->kind]);
	else if (f->kind == PROCESS_OF_USER)
		buf_addf(b, "uid %lu", (unsigned long)f->uid);
	else
		buf_addf(b, "%s[%lu]", f->command, (unsigned long)f->pid);
}

/* A process outside of containers is of its unit. */
void
process_group_text(struct buf *b, const struct process *p, enum process_level level)
{
	const struct process_facts *f = &p->facts;
	const char *const text[PROCESS_LEVELS] = {
		[PROCESS_BY_PID] = "",
		[PROCESS_BY_COMMAND] = f->command,
		[PROCESS_BY_USER] = f->user,
		[PROCESS_BY_UNIT] = *f->container != '\0' ? f->container : f->unit,
	};

	if (*text[level] != '\0')
		buf_adds(b, text[level]);
	else
		process_name(b, f);
}

/* The first row with that text, by the hash of the text; INDEX_NONE: there is none. */
static uint32_t
processes_group_leader(const struct processes *ps, const uint32_t *bucket, uint32_t hash,
    const char *text, enum process_level level)
{
	char array[PROCESS_CONTAINER];
	struct buf b;

	for (uint32_t i = 0; i < GROUP_BUCKETS; i++) {
		uint32_t row = bucket[(hash + i) % GROUP_BUCKETS];

		if (row == INDEX_NONE)
			return INDEX_NONE;
		buf_init(&b, array, sizeof(array));
		process_group_text(&b, &ps->row[row], level);
		if (strcmp(b.s, text) == 0)
			return row;
	}
	return INDEX_NONE;
}

static void
processes_put_in_group(
    struct processes *ps, uint32_t *bucket, uint32_t row, enum process_level level)
{
	static const struct hashkey plain; /* no stranger chooses the texts of many processes */
	struct process *p = &ps->row[row];
	char array[PROCESS_CONTAINER];
	uint32_t hash, leader;
	struct buf b;

	buf_init(&b, array, sizeof(array));
	process_group_text(&b, p, level);
	hash = (uint32_t)hash_bytes(&plain, b.s, b.len) % GROUP_BUCKETS;
	leader = processes_group_leader(ps, bucket, hash, b.s, level);
	if (leader != INDEX_NONE) {
		p->next = ps->row[leader].next;
		ps->row[leader].next = row;
		p->leads = false;
		return;
	}
	while (bucket[hash] != INDEX_NONE)
		hash = (hash + 1) % GROUP_BUCKETS;
	bucket[hash] = row;
}

void
processes_group(struct processes *ps, enum process_level level)
{
	uint32_t bucket[GROUP_BUCKETS];

	assert(level < PROCESS_LEVELS);
	if (ps->level == level && !ps->regroup)
		return;
	ps->level = (uint8_t)level;
	ps->regroup = false;
	memset(bucket, 0xff, sizeof(bucket));
	for (uint32_t i = 0; i < ps->table.used; i++) {
		ps->row[i].next = INDEX_NONE;
		ps->row[i].leads = true;
	}
	for (uint32_t i = 0; i < ps->table.used && level != PROCESS_BY_PID; i++)
		processes_put_in_group(ps, bucket, i, level);
}

unsigned
processes_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->processes, l->processes.row, meter, 1);
	of[0].other = &l->processes.other.meter;
	of[0].owner = &l->processes.baseline;
	return 1;
}
