/*
 * Runs a program and prints its cost: cost PROGRAM [ARGUMENT...]
 *
 * Prints the CPU seconds, the elapsed seconds, and the maximum resident memory (kB; macOS: bytes).
 * The program's output is discarded; its exit status becomes that of cost. A small parent is needed
 * because a process inherits the maximum memory of its parent.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CANNOT_RUN 127 /* as in the shell */

static double
monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void
become(char **program)
{
	int nothing = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(nothing, fd);
	execvp(program[0], program);
	_exit(CANNOT_RUN);
}

int
main(int argc, char **argv)
{
	double began = monotonic();
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: cost PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	pid = fork();
	if (pid == 0)
		become(argv + 1);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0) {
		perror("cost");
		return CANNOT_RUN;
	}
	printf("%.6f %.6f %ld\n", seconds(&used.ru_utime) + seconds(&used.ru_stime),
	    monotonic() - began, used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT_RUN;
}
