// What stands in the quantum module's place: the module itself, or a substitute with the same
// input and output widths.
#ifndef QHM_EXPERIMENT_SUBSTITUTION_H
#define QHM_EXPERIMENT_SUBSTITUTION_H

#include "experiment/task_kind.h"

// The quantum kinds of modules that run files can give, by the row of the module table.
extern const char *const qhm_layer_kind;     // "quantum": vectors to expectation values
extern const char *const qhm_attention_kind; // "qsann": sequences to sequences

// The options table of a kind of module.
const qhm_option_info *qhm_substitution_table(const char *kind, size_t *bytes);

// Creates the contender's module for input of setting->input; the output is as wide as the quantum
// module's. Equal parameters and FLOPs are those of the quantum module at this very setting.
QHM_MUST_CHECK qhm_status qhm_substitute_create(const qhm_contender *contender, const char *kind,
                                                const qhm_module_setting *setting,
                                                qhm_module **out);

// Refuses a quantum module that its rivals cannot equal: one with fewer weights than the smallest
// MLP of its widths. For run files, before anything is trained.
QHM_MUST_CHECK qhm_status qhm_substitution_check(const qhm_quantum_spec *spec, const char *kind,
                                                 const qhm_module_setting *setting);

#endif
