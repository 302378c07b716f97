/* A fault is reported with its address, and kills the program all the same. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui/term.h"

/* The output of a child that accesses a forbidden page. */
static int
die_of_fault(volatile char *page, char *said, size_t size)
{
	int ends[2], status;
	ssize_t n, all = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		signal(SIGSEGV, SIG_DFL);
		crash_restore_init();
		*page = 1;
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + all, size - 1 - (size_t)all)) > 0)
		all += n;
	said[all] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
test_it_says_where(void **state)
{
	char said[4096], address[64];
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status = die_of_fault(page, said, sizeof(said));

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	assert_ptr_equal(strstr(said, "pkttop " PACKAGE_VERSION ": SIGSEGV"), said);
	snprintf(address, sizeof(address), ", address 0x%jx", (uintmax_t)(uintptr_t)page);
	assert_non_null(strstr(said, address));
#if defined(__linux__) && defined(__x86_64__)
	assert_non_null(strstr(said, " at pkttop+0x"));
#endif
#ifdef HAVE_LINK_H
	assert_non_null(strstr(said, ", build "));
#endif
	assert_string_equal(said + strlen(said) - 1, "\n");
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	munmap(page, 4096);
}

static void
test_what_was_ignored_stays_so(void **state)
{
	struct sigaction now;

	(void)state;
	signal(SIGALRM, SIG_IGN);
	crash_restore_init();
	sigaction(SIGALRM, NULL, &now);
	assert_true(now.sa_handler == SIG_IGN);
	raise(SIGALRM);
	crash_restore_fini();
	sigaction(SIGUSR2, NULL, &now);
	assert_true(now.sa_handler == SIG_DFL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_says_where),
		cmocka_unit_test(test_what_was_ignored_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
