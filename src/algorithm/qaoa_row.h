// What the rows of problems that QAOA solves have in common.
#ifndef QHM_ALGORITHM_QAOA_ROW_H
#define QHM_ALGORITHM_QAOA_ROW_H

#include "algorithm/algorithm_internal.h"

#include <qhm/ising.h>
#include <qhm/qaoa.h>

typedef struct qhm_qaoa_settings {
    size_t layers, shots;
    int angles, objective, warm_start; // 0 of a row without the field: the first choice
    double share, epsilon;
    bool recursive;
} qhm_qaoa_settings;

enum { QHM_QAOA_FITTED = 1, QHM_QAOA_TREE = 2, QHM_QAOA_PUBLISHED = 3 }; // of `angles`
enum { QHM_QAOA_MEAN = 1, QHM_QAOA_LOWEST = 2 };                         // of `objective`
enum { QHM_QAOA_COLD = 1, QHM_QAOA_RELAXED = 2, QHM_QAOA_ROUNDED = 3, QHM_QAOA_GREEDY = 4 };

extern const char *const qhm_qaoa_angle_choices[], *const qhm_qaoa_objective_choices[],
                                                       *const qhm_qaoa_start_choices[];

// The rows of an options table whose struct has a qhm_qaoa_settings called `qaoa`, for problems
// with mixers of their own. objective_with: what makes the objective count, NULL: always.
#define QHM_QAOA_RUN_FIELDS(options, layers_text, objective_with)                                  \
    {.name = "layers",                                                                             \
     .type = QHM_OPTION_SIZE,                                                                      \
     .offset = offsetof(options, qaoa.layers),                                                     \
     .default_text = (layers_text),                                                                \
     .minimum = 1,                                                                                 \
     .maximum = 20,                                                                                \
     .help = "of QAOA"},                                                                           \
        {.name = "shots",                                                                          \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, qaoa.shots),                                                  \
         .default_text = "1000",                                                                   \
         .minimum = 2,                                                                             \
         .maximum = 1e8,                                                                           \
         .help = "of the circuit with the angles found; the best of them is the answer"},          \
        {.name = "objective",                                                                      \
         .type = QHM_OPTION_CHOICE,                                                                \
         .offset = offsetof(options, qaoa.objective),                                              \
         .default_text = "mean",                                                                   \
         .choices = qhm_qaoa_objective_choices,                                                    \
         .help = "what angles are fitted to: the mean cost, or the mean of the lowest share",      \
         .used_with = (objective_with)},                                                           \
    {                                                                                              \
        .name = "share", .type = QHM_OPTION_DOUBLE, .offset = offsetof(options, qaoa.share),       \
        .default_text = "0.1", .minimum = 1e-6, .maximum = 1,                                      \
        .help = "of the lowest costs, whose mean is told: the conditional value at risk"           \
    }

// The same, and what there is for the mixer X on each qubit.
#define QHM_QAOA_FIELDS(options)                                                                   \
    QHM_QAOA_RUN_FIELDS(options, "2", "angles=fitted"),                                            \
        {.name = "angles",                                                                         \
         .type = QHM_OPTION_CHOICE,                                                                \
         .offset = offsetof(options, qaoa.angles),                                                 \
         .default_text = "fitted",                                                                 \
         .choices = qhm_qaoa_angle_choices,                                                        \
         .help = "fitted layer by layer; those of a tree of the same mean degree, or published "   \
                 "ones for graphs of degree 3: both without an optimiser"},                        \
        {.name = "warm_start",                                                                     \
         .type = QHM_OPTION_CHOICE,                                                                \
         .offset = offsetof(options, qaoa.warm_start),                                             \
         .default_text = "none",                                                                   \
         .choices = qhm_qaoa_start_choices,                                                        \
         .help = "from the convex relaxation's chances, or near the bits of the semidefinite "     \
                 "relaxation's best rounding or of greed, which the mixer can return"},            \
        {.name = "epsilon",                                                                        \
         .type = QHM_OPTION_DOUBLE,                                                                \
         .offset = offsetof(options, qaoa.epsilon),                                                \
         .default_text = "0.25",                                                                   \
         .minimum = 1e-6,                                                                          \
         .maximum = 0.5,                                                                           \
         .help = "of a warm start: chances are kept from epsilon to 1 - epsilon",                  \
         .used_with = "warm_start=relaxed,rounded,greedy"},                                        \
    {                                                                                              \
        .name = "recursive", .type = QHM_OPTION_BOOL, .offset = offsetof(options, qaoa.recursive), \
        .help = "also by recursive QAOA, from exact correlations"                                  \
    }

// What is solved.
typedef struct qhm_qaoa_task {
    const qhm_ising *ising;
    qhm_qaoa_circuit_options shape; // mixer, block and ones
    // What a bit string costs in the problem's own terms, infinity where it is no solution; NULL:
    // its energy, whatever it is.
    double (*judge)(const void *context, uint64_t bits);
    // The energy where the problem knows it better than sums of couplings do; NULL: those.
    double (*energy)(const void *context, uint64_t bits);
    const void *context;
    double optimum;  // by the judge: told about, never used to stop
    double rounding; // costs this close to it are the same; 0: qhm_ising_rounding
} qhm_qaoa_task;

// The best shot.
typedef struct qhm_qaoa_best {
    uint64_t bits;
    double cost; // infinity: no shot was a solution
} qhm_qaoa_best;

// What classical methods find; `best` is exact where `is_proven`.
typedef struct qhm_qaoa_rivals {
    qhm_ising_solution best, annealed;
    qhm_ising_relaxation relaxed;
    double best_seconds, annealed_seconds, relaxed_seconds;
} qhm_qaoa_rivals;

// Branch and bound, simulated annealing and the relaxation, timed, told under `opponent`.
QHM_MUST_CHECK qhm_status qhm_qaoa_run_rivals(const qhm_ising *ising, uint64_t seed,
                                              qhm_result *result, qhm_qaoa_rivals *rivals);

// Its parts: branch and bound as it is told from rivals->best, and the others with the energies of
// a task.
void qhm_qaoa_tell_best(const qhm_qaoa_rivals *rivals, size_t count, json_t *opponent);
QHM_MUST_CHECK qhm_status qhm_qaoa_run_heuristics(const qhm_qaoa_task *task, uint64_t seed,
                                                  json_t *opponent, qhm_qaoa_rivals *rivals);

// Runs QAOA and tells what came out under `answer`: "cost" and "bits" are the best shot's that is a
// solution, or "none".
QHM_MUST_CHECK qhm_status qhm_qaoa_run_task(const qhm_qaoa_task *task,
                                            const qhm_qaoa_settings *settings,
                                            const qhm_problem *problem, qhm_result *result,
                                            qhm_qaoa_best *best);

// Bits of a problem as text, bit 0 rightmost.
void qhm_result_bits(json_t *object, const char *name, uint64_t bits, size_t count);

#endif
