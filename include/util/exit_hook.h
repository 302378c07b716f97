/* What must run before a fatal error is printed: main() sets a hook that restores the terminal. */
#ifndef UTIL_EXIT_HOOK_H
#define UTIL_EXIT_HOOK_H

/* NULL removes the hook. */
void exit_hook_set(void (*hook)(void *arg), void *arg);

/* Runs the hook, at most once. */
void exit_hook_run(void);

#endif
