/*
 * Shared by the fuzzers: the function that libFuzzer, AFL++ and standalone.c call, a reader of the
 * bytes that select actions, and checks of invariants.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cipher;
struct dissector;
struct frame;
struct pkt;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts if right is false, so that a fuzzer keeps its input. */
void require(bool right);

/* The unused bytes of an input. */
struct input {
	const uint8_t *p;
	size_t left;
};

/* The next byte, or the next two as a number; 0 after the end. */
uint8_t input_byte(struct input *in);
uint16_t input_number(struct input *in);

/* The next n bytes, or the remaining ones, as a string of exactly that size on the heap. */
char *input_text(struct input *in, size_t n);

/* Does not encrypt, so that fuzzers reach the code behind it. */
extern const struct cipher plain_cipher;

/* Checks that the names in a packet are sanitised and complete. */
void check_said(const struct pkt *p);

/* Dissects f by the fast path and by the full one, and checks that both agree, and the
 * invariants of every packet. */
void check_frame(struct dissector *d, const struct frame *f);

#endif
