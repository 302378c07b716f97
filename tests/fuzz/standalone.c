/*
 * Runs a fuzz target on each file of the command line once, so that its corpus is a test without
 * libFuzzer.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX ((size_t)1 << 20)

/* In memory of exactly the file's size, so that a sanitizer detects a read past its end. */
static int
feed(const char *name, uint8_t *room)
{
	FILE *file = fopen(name, "rb");
	size_t n = 0;
	uint8_t *input;

	if (file == NULL) {
		perror(name);
		return 1;
	}
	n = fread(room, 1, INPUT_MAX, file);
	fclose(file);
	input = malloc(n > 0 ? n : 1);
	if (input == NULL)
		return 1;
	memcpy(input, room, n);
	LLVMFuzzerTestOneInput(input, n);
	free(input);
	return 0;
}

int
main(int argc, char **argv)
{
	uint8_t *room = malloc(INPUT_MAX);
	int failed = room == NULL;

	for (int i = 1; i < argc && room != NULL; i++)
		failed |= feed(argv[i], room);
	free(room);
	return failed;
}
