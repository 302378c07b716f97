/*
 * What the fuzzers share: the function that libFuzzer, AFL++ and standalone.c call, a reader of
 * the bytes that choose what is done, and checks of what is always true.
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

/* Aborts, so that a fuzzer keeps its input, unless right. */
void require(bool right);

/* The bytes of an input that are not used yet. */
struct input {
	const uint8_t *p;
	size_t left;
};

/* The next byte, or the next two as a number; 0 behind the end. */
uint8_t input_byte(struct input *in);
uint16_t input_number(struct input *in);

/* The next n bytes, or those that are left, as a text of just that size on the heap. */
char *input_text(struct input *in, size_t n);

/* Hides nothing, so that fuzzers reach what is behind it. */
extern const struct cipher plain_cipher;

/* What a packet tells of names is clean and complete. */
void check_said(const struct pkt *p);

/* Dissects f in the short way and in the long way, and checks that both say the same, and what is
 * true of every packet. */
void check_frame(struct dissector *d, const struct frame *f);

#endif
