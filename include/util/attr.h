/* Compiler attributes, the only place where they are spelled. */
#ifndef UTIL_ATTR_H
#define UTIL_ATTR_H

#if defined(__GNUC__) || defined(__clang__)
#define ATTR_NORETURN     __attribute__((noreturn))
#define ATTR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define ATTR_UNUSED       __attribute__((unused))
#define ATTR_ALIGNED(n)   __attribute__((aligned(n)))
#define ATTR_INLINE       inline __attribute__((always_inline)) /* on the packet path */
#define TYPE_OF(x)        __typeof__(x)
#define ATTR_NOINLINE     __attribute__((noinline))       /* off the packet path */
#define ATTR_COLD         __attribute__((cold, noinline)) /* rarely called, from the packet path */
#define LIKELY(x)         __builtin_expect(!!(x), 1)
#define UNLIKELY(x)       __builtin_expect(!!(x), 0)
/* A function that only prefetches must be ATTR_INLINE: gcc would remove the call as one without
 * effect. */
#define PREFETCH(p)       __builtin_prefetch(p)
#define PREFETCH_WRITE(p) __builtin_prefetch(p, 1)
#define LOG2(n)           (63 - __builtin_clzll(n)) /* of n > 0, rounded down */
#else
#define ATTR_NORETURN
#define ATTR_PRINTF(f, a)
#define ATTR_UNUSED
#define ATTR_ALIGNED(n)
#define ATTR_INLINE inline
#define ATTR_NOINLINE
#define ATTR_COLD
#define LIKELY(x)         (x)
#define UNLIKELY(x)       (x)
#define PREFETCH(p)       ((void)(p))
#define PREFETCH_WRITE(p) ((void)(p))
#endif

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

#endif
