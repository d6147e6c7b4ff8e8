// The only state that signal handlers reach: two flags.
#include "cli/interrupt.h"

#include "cli/command.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static atomic_bool is_requested;
static atomic_bool is_silent;

static void tell(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

static void handle(int number)
{
    (void)number;
    if (atomic_exchange(&is_requested, true)) {
        tell("\n");
        _exit(QHM_EXIT_INTERRUPTED);
    }
    if (!atomic_load(&is_silent))
        tell("\nqhm: stopping at the next step; Ctrl-C again stops at once\n");
}

void qhm_interrupt_catch(bool is_told)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    atomic_store(&is_silent, !is_told);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction old, action = {.sa_handler = handle, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

bool qhm_interrupt_is_requested(void *context)
{
    (void)context;
    return atomic_load(&is_requested);
}
