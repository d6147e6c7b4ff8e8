// Ctrl-C: once asks the work to stop at its next step, twice ends the process at once.
#ifndef QHM_CLI_INTERRUPT_H
#define QHM_CLI_INTERRUPT_H

#include <stdbool.h>

// From now on SIGINT, SIGTERM and SIGHUP ask to stop, unless the caller had them ignored. The first
// one says so on stderr if is_told.
void qhm_interrupt_catch(bool is_told);

// True once one has come; may be called from any thread. The context is not used.
bool qhm_interrupt_is_requested(void *context);

#endif
