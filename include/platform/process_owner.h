/*
 * Processes that own sockets.
 */
#ifndef PLATFORM_PROCESS_OWNER_H
#define PLATFORM_PROCESS_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/flow.h"
#include "core/process.h"
#include "platform/net.h"
#include "util/buf.h"

struct identity;

/*
 * A child process finds the processes that own the sockets of flows. It stays outside of Landlock,
 * which would hide them, and keeps the privileges for that, so that pkttop itself needs neither.
 *
 *	owners_start(&o, &config, &err)		before privileges are dropped
 *	owners_ask(&o, asks, n)			false: it is busy, try later
 *	while (owners_read(&o, &answer))	as they come
 *	owners_stop(&o)
 *
 * The child has a closed list of requests, which is one: whose are the ends of this flow? It needs
 * no name and no path. It sees each TCP connection and DNS query begin at a packet socket of its
 * own, so that sockets that live for a few ms are found, although pkttop reads packets later.
 */

#define OWNER_ASKS 64 /* in one message */

struct owner_ask {
	struct flowkey key;
	uint32_t row, generation; /* of the flow; returned as they are */
	bool again;   /* it was asked for before: a listening socket is not enough any more */
	bool figures; /* of TCP are wanted, see struct kernel_tcp */
};

struct owner_answer {
	uint32_t row, generation;
	bool known[2];   /* the end a (0) or b (1) is a process, or a user, of this machine */
	bool listens[2]; /* it is known only that the process accepts connections there */
	bool final;      /* nothing more will be found */
	bool has_figures;
	struct kernel_tcp figures; /* of the end that is local; of a if both are */
	struct process_facts facts[2];
};

struct owners_config {
	const struct identity *identity;
	bool namespaces; /* sockets in other network namespaces too; needs CAP_SYS_ADMIN */
	bool (*confine)(void *arg); /* enters a sandbox, false: the child exits; or NULL */
	void *arg;
};

struct owners {
	int fd; /* readable: answers have come; -1: there is no child */
	pid_t pid;
	bool sees_all;   /* the processes of all users */
	bool namespaces; /* and the sockets in all network namespaces */
	unsigned n_open; /* questions without an answer yet */
};

/* False with one sentence in err: this system cannot do it, or the child cannot be made. */
bool owners_start(struct owners *o, const struct owners_config *c, struct buf *err);
void owners_stop(struct owners *o);

/* Sends at most OWNER_ASKS questions; each is answered once. False if the child has to catch up. */
bool owners_ask(struct owners *o, const struct owner_ask *asks, unsigned n);

/* The next answer; false if there is none yet. */
bool owners_read(struct owners *o, struct owner_answer *a);

/*
 * What a process is: files of /proc/PID.
 */

/* Parses a link in /proc/PID/fd: false if it is not a socket. */
bool owners_link(const char *target, size_t n, uint32_t *inode);

/*
 * The unit of systemd, and the runtime and ID of the container, of a line "0::/..." of
 * /proc/PID/cgroup; "" if there is none.
 */
struct cgroup_facts {
	char unit[PROCESS_UNIT];
	char runtime[16]; /* "docker", "podman", "containerd", "k8s" ... */
	char id[72];
};

void cgroup_parse(const char *path, struct cgroup_facts *f);

/* The string of a key in JSON of a container's runtime, found by its text; cleaned. */
bool json_find_string(const char *json, const char *key, struct buf *value);

/* Reads what is known of a process. False if it has exited. */
bool process_facts_read(struct process_facts *f, uint32_t pid);

/* Only the user is known. */
void process_facts_of_user(struct process_facts *f, uint32_t uid);

/*
 * Asks the kernel for the socket of a flow: sock_diag(7), which needs no privileges. Only on Linux;
 * elsewhere nothing is found.
 */

/* The endpoints of a socket on its own host: TCP or UDP over IPv4 or IPv6. */
struct socket_ends {
	struct addr local, remote; /* all zeros: any */
	uint16_t local_port, remote_port;
	uint8_t kind; /* enum addr_kind */
};

struct socket_owner {
	struct socket_ends ends;
	uint32_t inode; /* as in /proc/PID/fd; 0: no process has the socket any more */
	uint32_t uid;
	bool listens;
};

/* The end a (0) or b (1) of a flow. */
struct socket_ends socket_ends_of(const struct flowkey *k, int end);

/* A netlink socket, or -1 with errno. */
int inet_diag_open(void);

/*
 * The socket of that end of a TCP (6) or UDP (17) flow. The kernel answers immediately. False if
 * there is none, or the match is not certain. A listening socket says so. A link-local IPv6
 * address is never found, because the request would have to name its interface.
 */
bool inet_diag_find(
    int fd, uint16_t proto, const struct socket_ends *ends, struct socket_owner *found);

/* The kernel's figures of a TCP socket that has a process. False if there are none. */
bool inet_diag_find_figures(int fd, const struct socket_ends *ends, struct kernel_tcp *k);

/* Parses the attributes of the kernel's reply of n bytes. */
bool inet_diag_figures(const void *bytes, size_t n, struct kernel_tcp *k);

/* Parses the kernel's reply of n bytes. False if it is not a reply, or damaged. */
bool inet_diag_answer(const void *bytes, size_t n, uint32_t sequence, struct socket_owner *found);

/* True if a socket with the endpoints s receives everything that is sent to the flow's end e. */
bool inet_diag_match(const struct socket_ends *s, const struct socket_ends *e, bool connected);

/* Of src/platform/owner_*.c, the parts of the child. */

/*
 * Which process has a socket: a walk through /proc/PID/fd for the wanted inodes, newest processes
 * first, after those that had sockets before.
 */

enum owner_state { OWNER_FREE, OWNER_WANTED, OWNER_FOUND, OWNER_HIDDEN };

struct owner {
	struct socket_ends ends;
	uint32_t inode;
	uint16_t proto;
	uint8_t state;  /* enum owner_state */
	uint64_t since; /* when the state changed */
	uint64_t used;  /* last use */
	struct process_facts facts;
};

struct owner_walk;

/* is_open(arg, o): the kernel still has the socket, so that the walk may find it. */
typedef bool owner_is_open_fn(void *arg, const struct owner *o);

struct owner_walk *owner_walk_new(owner_is_open_fn *is_open, void *arg);
void owner_walk_del(struct owner_walk *w);

/* The entry of a socket; if it is new, it is wanted from now on. */
struct owner *owner_walk_get(
    struct owner_walk *w, uint16_t proto, const struct socket_ends *ends, uint32_t inode);

/* True if there is something to find, and time for it; else *wait_ms is when (-1: nothing). */
bool owner_walk_is_due(struct owner_walk *w, int *wait_ms);

/* Walks for about 2 ms. */
void owner_walk_step(struct owner_walk *w);

/* True if sockets are wanted. */
bool owner_walk_is_busy(const struct owner_walk *w);

/*
 * Network namespaces, each with a netlink socket that was made inside.
 */

struct owner_netns;

/* others: the namespaces of other processes too. */
struct owner_netns *owner_netns_new(bool others);
void owner_netns_del(struct owner_netns *n);

/* The socket of that end, in any of them. *is_local: one of them has the address. */
bool owner_netns_find(struct owner_netns *n, uint16_t proto, const struct socket_ends *ends,
    struct socket_owner *found, bool *is_local);

/* The figures of a TCP socket, in any of them. */
bool owner_netns_find_figures(
    struct owner_netns *n, const struct socket_ends *ends, struct kernel_tcp *k);

/* Looks for new namespaces, if an address was asked for that none has; at most once a second. */
void owner_netns_refresh(struct owner_netns *n, uint64_t now);

/*
 * The first packets of connections, at a packet socket for all interfaces.
 */

/* -1 if it is not allowed. */
int owner_births_open(void);

/* The next one; false if there is none. */
bool owner_births_read(int fd, struct flowkey *k);

/* The first packet of a connection, from its network header on; false if it is none. */
bool owner_births_parse(const uint8_t *packet, size_t n, struct flowkey *k);

/* Monotonic time in ns. */
uint64_t owner_now(void);

/* Serves until the socket's other end is closed. births_fd: of owner_births_open(). */
void owner_child_serve(int socket, int births_fd, bool namespaces);

#endif
