/* Scans: a source tries many ports or hosts, and few of them answer usefully. */
#include "config.h"

#include "core/flow_lookup.h"
#include "core/private.h"

#define SCAN_WINDOW       (60 * DETECT_S)
#define SCAN_PATIENCE     DETECT_S /* for answers */
#define SCAN_USEFUL       30       /* percent of the tries that may be useful */
#define SCAN_ANSWERED     75       /* percent of the hosts that answer those who look after them */
#define SCAN_SUSPECT      5        /* tries that may be open at any time */
#define SCAN_ALIKE        3        /* consecutive tries of one host or port */
#define SCAN_VERY_SUSPECT 30       /* open tries */
#define SCAN_PEERS        200      /* hosts of a peer-to-peer network */
#define ICMP_ECHO         8
#define ICMP_REPLY        0
#define ICMP6_ECHO        128
#define ICMP6_REPLY       129
#define TRACEROUTE        33434 /* its first port (traceroute(8)) */
#define TRACEROUTE_END    33700

enum { TRIES, USEFUL, BEFORE, ANSWERED }; /* of a tracker's counters */

static bool
scan_is_useful(const struct tracker *t)
{
	return (uint64_t)t->n[USEFUL] * 100 >= (uint64_t)t->n[TRIES] * SCAN_USEFUL;
}

static void
scan_judge(struct detect *d, struct tracker *t, enum event_rule r, uint16_t proto)
{
	uint32_t found = sketch_count(&t->seen) + t->n[BEFORE];

	found = found < t->n[TRIES] ? found : t->n[TRIES];
	if (detect_reaches(d, r, found) && !scan_is_useful(t))
		detect_raise(
		    d, t, r, proto, (struct event_numbers){ .n = t->n[TRIES], .m = found });
}

static void
scan_judge_ports(struct detect *d, struct tracker *t)
{
	scan_judge(d, t, RULE_PORT_SCAN, DETECT_TCP);
}

/* Peers of these networks are often gone. */
static bool
scan_is_peer_port(uint16_t port)
{
	return port == 6346 || port == 6347 || port == 4662 || port == 51413 ||
	    (port >= 6881 && port <= 6999);
}

/* Monitoring systems and load balancers only try whether their hosts answer, and most do. */
static bool
scan_is_watch(const struct tracker *t)
{
	return (uint64_t)t->n[ANSWERED] * 100 >= (uint64_t)t->n[TRIES] * SCAN_ANSWERED;
}

static void
scan_judge_hosts(struct detect *d, struct tracker *t)
{
	if (scan_is_watch(t))
		return;
	if (!scan_is_peer_port(t->key.port) || sketch_count(&t->seen) >= SCAN_PEERS)
		scan_judge(d, t, RULE_HOST_SCAN, DETECT_TCP);
}

static void
scan_judge_udp_ports(struct detect *d, struct tracker *t)
{
	scan_judge(d, t, RULE_UDP_SCAN, DETECT_UDP);
}

static void
scan_judge_udp_hosts(struct detect *d, struct tracker *t)
{
	if (!scan_is_peer_port(t->key.port) || sketch_count(&t->seen) >= SCAN_PEERS)
		scan_judge(d, t, RULE_HOST_SCAN, DETECT_UDP);
}

static void
scan_judge_pings(struct detect *d, struct tracker *t)
{
	scan_judge(d, t, RULE_PING_SWEEP, 0);
}

/* Counts a try; judges it later if there are enough different ones.  before: tries that were made
 * when the source was not suspect yet. */
static void
scan_try(struct detect *d, const struct tracker_key *k, enum event_rule r, uint32_t hash,
    uint32_t before, detect_judge_fn *judge)
{
	struct tracker *t = tracker_get(d, k, SCAN_WINDOW);
	bool fresh = sketch_add(&t->seen, hash);

	if (t->n[TRIES] == 0)
		t->n[TRIES] = t->n[BEFORE] = before;
	t->n[TRIES]++;
	if (fresh && !t->waits && detect_reaches(d, r, t->n[TRIES]) &&
	    detect_reaches(d, r, sketch_count(&t->seen) + t->n[BEFORE]))
		detect_judge_later(d, t, SCAN_PATIENCE, judge);
}

/* The open tries of a source; NULL: there are none. */
static struct detect_open *
scan_find_open(struct detect *d, const struct addr *source, uint16_t proto)
{
	uint32_t hash = detect_hash(d, source, proto);
	struct detect_open *set = d->open[hash % DETECT_SLOTS];

	for (unsigned i = 0; i < DETECT_OPEN_WAYS; i++)
		if (set[i].source == hash && set[i].n > 0)
			return &set[i];
	return NULL;
}

/*
 * The same, made if needed.  A source takes the place of one without open tries, or else weakens
 * the one with the fewest and gets NULL: very many sources, which may be made up, take turns at one
 * place, and leave the others to those that try more.
 */
static struct detect_open *
scan_get_open(struct detect *d, const struct addr *source, uint16_t proto)
{
	uint32_t hash = detect_hash(d, source, proto);
	struct detect_open *set = d->open[hash % DETECT_SLOTS], *least = set;

	for (unsigned i = 0; i < DETECT_OPEN_WAYS; i++) {
		if (set[i].source == hash)
			return &set[i];
		if (set[i].n < least->n)
			least = &set[i];
	}
	if (least->n > 0) {
		least->n--;
		return NULL;
	}
	*least = (struct detect_open){ .source = hash };
	return least;
}

static bool
scan_has_open(struct detect *d, const struct addr *source, uint16_t proto)
{
	const struct detect_open *o = scan_find_open(d, source, proto);

	return o != NULL && o->n > SCAN_SUSPECT;
}

/* Notes a try of a source.  True if many of its tries have not been useful yet: only then it is
 * tracked. */
static bool
scan_is_suspect(struct detect *d, const struct pkt *p, struct detect_open *before)
{
	struct detect_open *o = scan_get_open(d, &p->src, p->proto);
	uint32_t host = detect_hash(d, &p->dst, 0);

	if (o == NULL)
		return false;
	o->same_host = host == o->host ? o->same_host : 0;
	o->same_port = p->dport == o->port ? o->same_port : 0;
	*before = *o;
	if (o->same_host < SCAN_SUSPECT)
		o->same_host++;
	if (o->same_port < SCAN_SUSPECT)
		o->same_port++;
	o->host = host;
	o->port = p->dport;
	if (o->n < UINT16_MAX)
		o->n++;
	return o->n > SCAN_SUSPECT;
}

static void
scan_close(struct detect *d, const struct addr *source, uint16_t proto)
{
	struct detect_open *o = scan_find_open(d, source, proto);

	if (o != NULL)
		o->n--;
}

/* FIN, NULL, Xmas and the like: no connection begins with them. */
static const char *
scan_stealth_name(const struct pkt *p)
{
	const unsigned control = TCP_SYN | TCP_ACK | TCP_RST;

	if ((p->tcp_flags & (TCP_SYN | TCP_FIN)) == (TCP_SYN | TCP_FIN))
		return "SYN FIN";
	if ((p->tcp_flags & control) != 0 || (p->flags & (PKT_TRUNCATED | PKT_FRAGMENT)))
		return NULL;
	if (p->tcp_flags == 0)
		return p->payload == 0 ? "NULL" : NULL;
	return p->tcp_flags == TCP_FIN ? "FIN" : "Xmas";
}

static void
scan_count_stealth(struct detect *d, const struct tracker_key *k, uint32_t hash, const char *name)
{
	struct tracker *t = tracker_get(d, k, SCAN_WINDOW);
	uint32_t found;

	t->n[TRIES]++;
	(void)sketch_add(&t->seen, hash);
	found = sketch_count(&t->seen);
	if (detect_reaches(d, RULE_STEALTH_SCAN, found))
		detect_raise(d, t, RULE_STEALTH_SCAN, DETECT_TCP,
		    (struct event_numbers){ .n = t->n[TRIES], .m = found, .detail = name });
}

static void
scan_note_stealth_ports(struct detect *d, const struct flowkey *key, const char *name)
{
	struct tracker_key k = detect_key(TRACK_STEALTH, key->kind, &key->a, &key->b, 0);

	scan_count_stealth(d, &k, detect_hash(d, &key->b, key->b_port), name);
}

static void
scan_note_stealth_hosts(struct detect *d, const struct flowkey *key, const char *name)
{
	struct tracker_key k = detect_key(TRACK_STEALTH_HOSTS, key->kind, &key->a, NULL, 0);

	scan_count_stealth(d, &k, detect_hash(d, &key->b, 0), name);
}

/* Segments without a connection that are refused: NULL if there is another reason.  One host that
 * wakes up has many such connections, but not to many ports of another one. */
static const char *
scan_refused_name(const struct flow *f)
{
	if ((f->end[1].flags & ~TCP_ACK) != TCP_RST)
		return NULL;
	if (f->end[0].flags == TCP_ACK)
		return "ACK";
	return f->end[0].flags == (TCP_FIN | TCP_ACK) ? "FIN ACK" : NULL;
}

/* Which trackers a try of a source belongs to; the judges of one protocol. */
static const struct scan_kind {
	uint8_t ports, hosts; /* enum tracker_kind */
	enum event_rule port_rule;
	detect_judge_fn *judge_ports, *judge_hosts;
} scan_tcp = { TRACK_PORTS, TRACK_HOSTS, RULE_PORT_SCAN, scan_judge_ports, scan_judge_hosts },
  scan_udp = { TRACK_UDP_PORTS, TRACK_UDP_HOSTS, RULE_UDP_SCAN, scan_judge_udp_ports,
	  scan_judge_udp_hosts };

/* A try of a source that is suspect counts for the host or for the port if the last ones did, too;
 * of one that is very suspect always. */
static void
scan_note_try(struct detect *d, const struct pkt *p, const struct scan_kind *kind)
{
	struct detect_open before;
	struct tracker_key k;

	if (!scan_is_suspect(d, p, &before))
		return;
	if (before.same_host >= SCAN_ALIKE || before.n > SCAN_VERY_SUSPECT) {
		k = detect_key(kind->ports, p->kind, &p->src, &p->dst, 0);
		scan_try(d, &k, kind->port_rule, detect_hash(d, &p->dst, p->dport),
		    before.same_host, kind->judge_ports);
	}
	if (before.same_port >= SCAN_ALIKE || before.n > SCAN_VERY_SUSPECT) {
		k = detect_key(kind->hosts, p->kind, &p->src, NULL, p->dport);
		scan_try(d, &k, RULE_HOST_SCAN, detect_hash(d, &p->dst, 0), before.same_port,
		    kind->judge_hosts);
	}
}

static void
scan_new_tcp(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	const char *stealth;

	if (pkt_is_syn(p) && !(p->tcp_flags & TCP_FIN)) {
		scan_note_try(d, p, &scan_tcp);
		return;
	}
	stealth = scan_stealth_name(p);
	if (stealth != NULL) {
		scan_note_stealth_ports(d, &n->f->key, stealth);
		scan_note_stealth_hosts(d, &n->f->key, stealth);
	}
}

static bool
scan_is_traceroute(const struct pkt *p)
{
	return p->dport >= TRACEROUTE && p->dport < TRACEROUTE_END;
}

/* Datagrams of a server are answers, not tries. */
static void
scan_new_udp(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;

	if (n->f->server_end == 0 || addr_is_group((enum addr_kind)p->kind, &p->dst) ||
	    scan_is_traceroute(p))
		return;
	scan_note_try(d, p, &scan_udp);
}

static void
scan_new_ping(struct detect *d, const struct pkt *p)
{
	struct tracker_key k = detect_key(TRACK_PING, p->kind, &p->src, NULL, 0);

	if (!addr_is_group((enum addr_kind)p->kind, &p->dst))
		scan_try(d, &k, RULE_PING_SWEEP, detect_hash(d, &p->dst, 0), 0, scan_judge_pings);
}

void
detect_scan_new(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	bool is_ip = p->kind == ADDR_IP4 || p->kind == ADDR_IP6;

	if (!is_ip || !(p->flags & PKT_PORTS)) {
		if ((p->proto == DETECT_ICMP4 && p->icmp_type == ICMP_ECHO) ||
		    (p->proto == DETECT_ICMP6 && p->icmp_type == ICMP6_ECHO))
			scan_new_ping(d, p);
		return;
	}
	if (p->proto == DETECT_TCP)
		scan_new_tcp(d, n);
	else if (p->proto == DETECT_UDP)
		scan_new_udp(d, n);
}

static void
scan_count_useful(struct detect *d, const struct tracker_key *k, int more)
{
	struct tracker *t = tracker_find(d, k);

	if (t != NULL && (more > 0 || t->n[USEFUL] > 0))
		t->n[USEFUL] += (uint32_t)more;
}

/* Changes the number of useful connections of the flow's initiator. */
static void
scan_count_flow(struct detect *d, const struct flow *f, int more)
{
	const struct flowkey *key = &f->key;
	struct tracker_key ports = detect_key(TRACK_PORTS, key->kind, &key->a, &key->b, 0);
	struct tracker_key hosts = detect_key(TRACK_HOSTS, key->kind, &key->a, NULL, key->b_port);

	scan_count_useful(d, &ports, more);
	scan_count_useful(d, &hosts, more);
}

static void
scan_count_answer(struct detect *d, const struct flowkey *key)
{
	struct tracker_key k = detect_key(TRACK_HOSTS, key->kind, &key->a, NULL, key->b_port);
	struct tracker *t = scan_has_open(d, &key->a, DETECT_TCP) ? tracker_find(d, &k) : NULL;

	if (t != NULL)
		t->n[ANSWERED]++;
}

/*
 * A connection is useful unless its initiator closes it without having sent anything: this is what
 * a connect scan does.  FTP's data connections are closed by the server.
 */
void
detect_scan_state(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;
	const char *refused;

	if (!(f->bits & FLOW_SYN_SEEN)) {
		refused = f->state == FLOW_RESET && n->way == 1 ? scan_refused_name(f) : NULL;
		if (refused != NULL)
			scan_note_stealth_ports(d, &f->key, refused);
		return;
	}
	if (f->state == FLOW_SYN_RECEIVED && n->was == FLOW_SYN_SENT)
		scan_count_answer(d, &f->key);
	if (f->state == FLOW_ESTABLISHED) {
		if (scan_has_open(d, &f->key.a, DETECT_TCP))
			scan_count_flow(d, f, 1);
		scan_close(d, &f->key.a, DETECT_TCP);
	} else if (n->was == FLOW_ESTABLISHED && n->way == 0 && detect_sent(f, 0) == 0)
		scan_count_flow(d, f, -1);
}

void
detect_scan_answer(struct detect *d, const struct detect_note *n)
{
	const struct flowkey *key = &n->f->key;
	struct tracker_key ports = detect_key(TRACK_UDP_PORTS, key->kind, &key->a, &key->b, 0);
	struct tracker_key hosts =
	    detect_key(TRACK_UDP_HOSTS, key->kind, &key->a, NULL, key->b_port);

	if (scan_has_open(d, &key->a, DETECT_UDP)) {
		scan_count_useful(d, &ports, 1);
		scan_count_useful(d, &hosts, 1);
	}
	scan_close(d, &key->a, DETECT_UDP);
}

/* A host that answers several pings counts once. */
void
detect_scan_icmp(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	struct tracker_key k = detect_key(TRACK_PING, p->kind, &p->dst, NULL, 0);
	bool reply =
	    p->proto == DETECT_ICMP4 ? p->icmp_type == ICMP_REPLY : p->icmp_type == ICMP6_REPLY;
	struct tracker *t = reply ? tracker_find(d, &k) : NULL;

	if (t != NULL && sketch_add(&t->seen2, detect_hash(d, &p->src, 0)))
		t->n[USEFUL]++;
}
