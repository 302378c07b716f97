/*
 * Loaded into pkttop before the C library (LD_PRELOAD). Makes calls fail as set in the environment:
 *
 *	FAULT=CALL=ERROR/EVERY[@START][,...]	poll=EINTR/1,malloc=ENOMEM/7@1000
 *	WALL_STEP=SECONDS[@START]		sets the wall clock forward, or back
 *	NO_EPOLL=1				has libmicrohttpd work without epoll
 *	FAULT_COUNT=FILE			counts the failed calls, in 8 bytes of that file
 *
 * Every EVERY-th call fails, after START calls that succeed. Only with glibc on Linux. Allocations
 * by some libraries always succeed, because these crash, hang or exit silently without memory.
 */
#include "config.h"

#include <sys/mman.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

enum call {
	MALLOC,
	CALLOC,
	REALLOC,
	POLL,
	READ,
	WRITE,
	RENAME,
	FSYNC,
	OPEN,
	FORK,
	PIPE,
	MMAP,
	CALLS
};

/* Every 0: the call does not fail. */
static struct fault {
	const char *name;
	int error;
	unsigned long every, start, calls;
} faults[CALLS] = {
	[MALLOC] = { .name = "malloc" },
	[CALLOC] = { .name = "calloc" },
	[REALLOC] = { .name = "realloc" },
	[POLL] = { .name = "poll" },
	[READ] = { .name = "read" },
	[WRITE] = { .name = "write" },
	[RENAME] = { .name = "rename" },
	[FSYNC] = { .name = "fsync" },
	[OPEN] = { .name = "open" },
	[FORK] = { .name = "fork" },
	[PIPE] = { .name = "pipe" },
	[MMAP] = { .name = "mmap" },
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EACCES", EACCES },
	{ "EAGAIN", EAGAIN },
	{ "EINTR", EINTR },
	{ "EIO", EIO },
	{ "EMFILE", EMFILE },
	{ "ENOMEM", ENOMEM },
	{ "ENOSPC", ENOSPC },
};

/* Used by dlopen(3), getpwnam(3), seccomp_load(3), arc4random(3), EVP_MD_fetch(3), FcInit(3). */
static const char *const fragile[] = {
	"/ld-linux",
	"/libc.so",
	"/libseccomp.so",
	"/libbsd.so",
	"/libcrypto.so",
	"/libfontconfig.so",
	"/libndpi.so",
	"/libgcrypt.so",
};

static struct {
	time_t seconds;
	unsigned long start, calls;
} step;

/* Shared with forked children. */
static uint64_t unshared_count;
static uint64_t *failed = &unshared_count;

/* The function that this library overrides. */
#define NEXT(function) ((__typeof__(&(function)))(uintptr_t)dlsym(RTLD_NEXT, #function))

static void
refuse(const char *text)
{
	dprintf(STDERR_FILENO, "faults: cannot read \"%s\"\n", text);
	_exit(99);
}

static struct fault *
fault_named(const char *name, size_t n)
{
	for (size_t i = 0; i < N(faults); i++)
		if (strlen(faults[i].name) == n && strncmp(faults[i].name, name, n) == 0)
			return &faults[i];
	return NULL;
}

static int
error_named(const char *name, size_t n)
{
	for (size_t i = 0; i < N(errors); i++)
		if (strlen(errors[i].name) == n && strncmp(errors[i].name, name, n) == 0)
			return errors[i].number;
	return 0;
}

/* Parses CALL=ERROR/EVERY[@START]; returns the rest. */
static const char *
read_fault(const char *text)
{
	const char *error = strchr(text, '='), *every = strchr(text, '/');
	struct fault *f = error != NULL ? fault_named(text, (size_t)(error - text)) : NULL;
	char *end;

	if (f == NULL || every == NULL)
		refuse(text);
	f->error = error_named(error + 1, (size_t)(every - error - 1));
	f->every = strtoul(every + 1, &end, 10);
	if (*end == '@')
		f->start = strtoul(end + 1, &end, 10);
	if (f->error == 0 || f->every == 0 || (*end != '\0' && *end != ','))
		refuse(text);
	return end + (*end == ',');
}

static void
read_step(const char *text)
{
	char *end;

	step.seconds = strtol(text, &end, 10);
	if (*end == '@')
		step.start = strtoul(end + 1, &end, 10);
	if (*end != '\0')
		refuse(text);
}

static void
share_count(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *page = MAP_FAILED;

	if (fd != -1)
		page = mmap(NULL, sizeof(*failed), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		refuse(path);
	close(fd);
	failed = page;
}

static void __attribute__((constructor)) begin(void)
{
	const char *text = getenv("FAULT"), *clock = getenv("WALL_STEP");
	const char *count = getenv("FAULT_COUNT");

	if (count != NULL)
		share_count(count);
	if (clock != NULL)
		read_step(clock);
	while (text != NULL && *text != '\0')
		text = read_fault(text);
}

/* True if the call has to fail; sets errno. */
static bool
fails(enum call call)
{
	struct fault *f = &faults[call];

	if (f->every == 0 || ++f->calls <= f->start || (f->calls - f->start) % f->every != 0)
		return false;
	__atomic_fetch_add(failed, 1, __ATOMIC_RELAXED);
	errno = f->error;
	return true;
}

static bool
look_up_fragile(const void *caller)
{
	Dl_info library;

	if (dladdr(caller, &library) == 0)
		return false;
	for (size_t i = 0; i < N(fragile); i++)
		if (strstr(library.dli_fname, fragile[i]) != NULL)
			return true;
	return false;
}

/* dladdr(3) is slow, and callers repeat. */
static bool
is_fragile(const void *caller)
{
	static struct {
		const void *caller;
		bool fragile;
	} known[1024];
	size_t at = ((uintptr_t)caller >> 2) % N(known);

	if (known[at].caller != caller) {
		known[at].caller = caller;
		known[at].fragile = look_up_fragile(caller);
	}
	return known[at].fragile;
}

static bool
lacks_memory(enum call call, const void *caller)
{
	return faults[call].every != 0 && !is_fragile(caller) && fails(call);
}

/* Those of glibc, because dlsym() itself allocates. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

void *
malloc(size_t size)
{
	return lacks_memory(MALLOC, __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return lacks_memory(CALLOC, __builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return lacks_memory(REALLOC, __builtin_return_address(0)) ? NULL : __libc_realloc(p, size);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return lacks_memory(REALLOC, __builtin_return_address(0)) ? NULL : __libc_realloc(p, bytes);
}

int
poll(struct pollfd *fds, nfds_t n, int ms)
{
	return fails(POLL) ? -1 : NEXT(poll)(fds, n, ms);
}

/* As _FORTIFY_SOURCE calls it. */
int __poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t size);

int
__poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t size)
{
	return n > size / sizeof(*fds) ? (abort(), -1) : poll(fds, n, ms);
}

ssize_t
read(int fd, void *bytes, size_t n)
{
	return fails(READ) ? -1 : NEXT(read)(fd, bytes, n);
}

ssize_t
pread(int fd, void *bytes, size_t n, off_t at)
{
	return fails(READ) ? -1 : NEXT(pread)(fd, bytes, n, at);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	return fails(WRITE) ? -1 : NEXT(write)(fd, bytes, n);
}

int
rename(const char *from, const char *to)
{
	return fails(RENAME) ? -1 : NEXT(rename)(from, to);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return fails(RENAME) ? -1 : NEXT(renameat)(from_dir, from, to_dir, to);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return fails(RENAME) ? -1 : NEXT(renameat2)(from_dir, from, to_dir, to, flags);
}

int
fsync(int fd)
{
	return fails(FSYNC) ? -1 : NEXT(fsync)(fd);
}

static mode_t
mode_of(int flags, va_list more)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return fails(OPEN) ? -1 : NEXT(open)(path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return fails(OPEN) ? -1 : NEXT(openat)(dir, path, flags, mode);
}

/* As _FORTIFY_SOURCE calls it. */
int __open_2(const char *path, int flags);

int
__open_2(const char *path, int flags)
{
	return open(path, flags);
}

FILE *
fopen(const char *path, const char *mode)
{
	return fails(OPEN) ? NULL : NEXT(fopen)(path, mode);
}

pid_t
fork(void)
{
	return fails(FORK) ? -1 : NEXT(fork)();
}

int
pipe(int fds[2])
{
	return fails(PIPE) ? -1 : NEXT(pipe)(fds);
}

int
pipe2(int fds[2], int flags)
{
	return fails(PIPE) ? -1 : NEXT(pipe2)(fds, flags);
}

void *
mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	return lacks_memory(MMAP, __builtin_return_address(0))
	    ? MAP_FAILED
	    : NEXT(mmap)(at, size, protection, flags, fd, offset);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = NEXT(clock_gettime)(clock, now);

	if (clock == CLOCK_REALTIME && step.seconds != 0 && ++step.calls > step.start)
		now->tv_sec += step.seconds;
	return result;
}

int MHD_is_feature_supported(int feature);

/* As on systems that have none. */
int
MHD_is_feature_supported(int feature)
{
	int (*real)(int) = NULL;

	*(void **)&real = dlsym(RTLD_NEXT, "MHD_is_feature_supported");
	return real != NULL && getenv("NO_EPOLL") == NULL ? real(feature) : 0;
}
