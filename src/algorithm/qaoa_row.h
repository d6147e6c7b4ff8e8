// What the rows of problems that QAOA solves have in common.
#ifndef QHM_ALGORITHM_QAOA_ROW_H
#define QHM_ALGORITHM_QAOA_ROW_H

#include "algorithm/algorithm_internal.h"

#include <qhm/ising.h>

typedef struct qhm_qaoa_settings {
    size_t layers, shots;
    int angles;
    double share;
    bool recursive;
} qhm_qaoa_settings;

enum { QHM_QAOA_FITTED = 1, QHM_QAOA_TREE = 2, QHM_QAOA_PUBLISHED = 3 }; // of `angles`

extern const char *const qhm_qaoa_angle_choices[];

// The rows of an options table whose struct has a qhm_qaoa_settings called `qaoa`.
#define QHM_QAOA_FIELDS(options)                                                                   \
    {.name = "layers",                                                                             \
     .type = QHM_OPTION_SIZE,                                                                      \
     .offset = offsetof(options, qaoa.layers),                                                     \
     .default_text = "2",                                                                          \
     .minimum = 1,                                                                                 \
     .maximum = 20,                                                                                \
     .help = "of QAOA"},                                                                           \
        {.name = "angles",                                                                         \
         .type = QHM_OPTION_CHOICE,                                                                \
         .offset = offsetof(options, qaoa.angles),                                                 \
         .default_text = "fitted",                                                                 \
         .choices = qhm_qaoa_angle_choices,                                                        \
         .help = "fitted layer by layer; those of a tree of the same mean degree, or published "   \
                 "ones for graphs of degree 3: both without an optimiser"},                        \
        {.name = "shots",                                                                          \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, qaoa.shots),                                                  \
         .default_text = "1000",                                                                   \
         .minimum = 2,                                                                             \
         .maximum = 1e8,                                                                           \
         .help = "of the circuit with the angles found; the best of them is the answer"},          \
        {.name = "share",                                                                          \
         .type = QHM_OPTION_DOUBLE,                                                                \
         .offset = offsetof(options, qaoa.share),                                                  \
         .default_text = "0.1",                                                                    \
         .minimum = 1e-6,                                                                          \
         .maximum = 1,                                                                             \
         .help = "of the lowest costs, whose mean is told: the conditional value at risk"},        \
    {                                                                                              \
        .name = "recursive", .type = QHM_OPTION_BOOL, .offset = offsetof(options, qaoa.recursive), \
        .help = "also by recursive QAOA, from exact correlations"                                  \
    }

// What classical methods find; `best` is exact where `is_proven`.
typedef struct qhm_qaoa_rivals {
    qhm_ising_solution best, annealed;
    qhm_ising_relaxation relaxed;
    double best_seconds, annealed_seconds, relaxed_seconds;
} qhm_qaoa_rivals;

// Branch and bound, simulated annealing and the relaxation, timed, told under `opponent`.
QHM_MUST_CHECK qhm_status qhm_qaoa_run_rivals(const qhm_ising *ising, uint64_t seed,
                                              qhm_result *result, qhm_qaoa_rivals *rivals);

// Runs QAOA and tells what came out under `answer`; costs are the problem's. `bits` are those of
// the lowest cost that a shot had. `optimum` is told about, never used to stop.
QHM_MUST_CHECK qhm_status qhm_qaoa_run_row(const qhm_ising *ising,
                                           const qhm_qaoa_settings *settings, uint64_t seed,
                                           double optimum, qhm_result *result, uint64_t *bits);

// Bits of a problem as text, bit 0 rightmost.
void qhm_result_bits(json_t *object, const char *name, uint64_t bits, size_t count);

#endif
