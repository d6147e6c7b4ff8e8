// A task's quantum module in a run file: the kind's own options, and how chips take part while it
// is tuned, trained and finished.
#ifndef QHM_EXPERIMENT_QUANTUM_SECTION_H
#define QHM_EXPERIMENT_QUANTUM_SECTION_H

#include "base/option_use.h"
#include "experiment/task_kind.h"

// Reads `quantum` (is_variant false) or one of `variants` into a zeroed spec, which keeps texts of
// the document. Release it, also after a failure.
QHM_MUST_CHECK qhm_status qhm_quantum_section_read(const qhm_task_kind *kind, const char *name,
                                                   const qhm_node *node, bool is_variant,
                                                   qhm_quantum_spec *spec, qhm_option_notes *notes);
void qhm_quantum_spec_release(qhm_quantum_spec *spec);

// Appends the fields of a kind's quantum sections.
void qhm_quantum_section_print_help(const qhm_task_kind *kind, int indent, qhm_text *out);

#endif
