#include "config.h"

#include "ui/private.h"

#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#ifdef HAVE_LINK_H
#include <link.h>
#endif

#include "util/attr.h"

#define BUILD_ID 20 /* maximum bytes shown */

/* The program's address range in memory. */
static struct {
	uintptr_t base, end; /* both 0: unknown */
	uint8_t id[BUILD_ID];
	size_t id_size;
} program;

#ifdef HAVE_LINK_H

/* ELF notes: sizes of name and content, type, then both, padded to four bytes. */
static void
crash_find_build_id(const uint8_t *note, size_t left)
{
	ElfW(Nhdr) head;

	while (left >= sizeof(head)) {
		size_t name, content;

		memcpy(&head, note, sizeof(head));
		name = (head.n_namesz + 3u) & ~(size_t)3;
		content = (head.n_descsz + 3u) & ~(size_t)3;
		if (name > left - sizeof(head) || content > left - sizeof(head) - name)
			return;
		if (head.n_type == NT_GNU_BUILD_ID) {
			program.id_size = head.n_descsz < BUILD_ID ? head.n_descsz : BUILD_ID;
			memcpy(program.id, note + sizeof(head) + name, program.id_size);
			return;
		}
		note += sizeof(head) + name + content;
		left -= sizeof(head) + name + content;
	}
}

/* The first object is the program. */
static int
crash_on_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	program.base = (uintptr_t)info->dlpi_addr;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = program.base + (uintptr_t)p->p_vaddr;

		if (p->p_type == PT_LOAD && at + p->p_memsz > program.end)
			program.end = at + p->p_memsz;
		if (p->p_type == PT_NOTE && program.id_size == 0)
			crash_find_build_id((const uint8_t *)at, p->p_memsz);
	}
	return 1;
}

void
crash_init(void)
{
	dl_iterate_phdr(crash_on_object, NULL);
}

#else

void
crash_init(void)
{
}

#endif

/* 0 if the architecture is unknown. */
static uintptr_t
crash_program_counter(const void *context)
{
	const ucontext_t *c = context;

#if defined(__linux__) && defined(__x86_64__)
	return (uintptr_t)c->uc_mcontext.gregs[REG_RIP];
#elif defined(__linux__) && defined(__i386__)
	return (uintptr_t)c->uc_mcontext.gregs[REG_EIP];
#elif defined(__linux__) && defined(__aarch64__)
	return (uintptr_t)c->uc_mcontext.pc;
#elif defined(__linux__) && defined(__riscv)
	return (uintptr_t)c->uc_mcontext.__gregs[REG_PC];
#else
	(void)c;
	return 0;
#endif
}

static const char digits[] = "0123456789abcdef";

static void
crash_add_hex(struct buf *b, uintptr_t n)
{
	int shift = (int)sizeof(n) * 8 - 4;

	while (shift > 0 && n >> shift == 0)
		shift -= 4;
	buf_adds(b, "0x");
	for (; shift >= 0; shift -= 4)
		buf_addc(b, digits[n >> shift & 15]);
}

static void
crash_add_place(struct buf *b, uintptr_t at)
{
	if (at == 0)
		return;
	buf_adds(b, " at ");
	if (at >= program.base && at < program.end) {
		buf_adds(b, "pkttop+");
		at -= program.base;
	}
	crash_add_hex(b, at);
}

void
crash_text(struct buf *b, const char *signal, const siginfo_t *info, const void *context)
{
	buf_adds(b, "pkttop " PACKAGE_VERSION ": ");
	buf_adds(b, signal);
	crash_add_place(b, crash_program_counter(context));
	/* A signal from kill(2) has no fault address. */
	if (info->si_code > 0) {
		buf_adds(b, ", address ");
		crash_add_hex(b, (uintptr_t)info->si_addr);
	}
	for (size_t i = 0; i < program.id_size; i++) {
		if (i == 0)
			buf_adds(b, ", build ");
		buf_addc(b, digits[program.id[i] >> 4]);
		buf_addc(b, digits[program.id[i] & 15]);
	}
	buf_addc(b, '\n');
}
