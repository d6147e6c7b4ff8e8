// An algorithm as a row: its problem's fields, and a function from a problem to a result.
#ifndef QHM_ALGORITHM_ALGORITHM_INTERNAL_H
#define QHM_ALGORITHM_ALGORITHM_INTERNAL_H

#include "base/document.h"
#include "base/status_internal.h"

#include <jansson.h>
#include <qhm/algorithm.h>
#include <qhm/ledger.h>
#include <stdbool.h>

// What an algorithm gets beside its options.
typedef struct qhm_problem {
    const qhm_node *node; // the whole problem, for messages about what is missing in it
    uint64_t seed;
} qhm_problem;

// What it fills; objects are there already.
typedef struct qhm_result {
    json_t *answer; // object: what was asked for, with its standard errors
    json_t
        *opponent; // object: "method", what it answers under the same names, "seconds"; empty: none
    json_t *notes; // array of sentences
    qhm_ledger ledger; // of all quantum executions
} qhm_result;

typedef struct qhm_algorithm {
    qhm_algorithm_info info;
    size_t options_size;
    bool anneals; // an annealer runs it, which runs no circuits
    // `options` are read and resolved by the table in info.fields.
    qhm_status (*run)(const void *options, const qhm_problem *problem, qhm_result *result);
} qhm_algorithm;

extern const qhm_algorithm qhm_algorithm_anneal;
extern const qhm_algorithm qhm_algorithm_assign;
extern const qhm_algorithm qhm_algorithm_backtrack;
extern const qhm_algorithm qhm_algorithm_boltzmann;
extern const qhm_algorithm qhm_algorithm_born;
extern const qhm_algorithm qhm_algorithm_counting;
extern const qhm_algorithm qhm_algorithm_estimate_amplitude;
extern const qhm_algorithm qhm_algorithm_estimate_phase;
extern const qhm_algorithm qhm_algorithm_evolve;
extern const qhm_algorithm qhm_algorithm_fingerprint;
extern const qhm_algorithm qhm_algorithm_fourier;
extern const qhm_algorithm qhm_algorithm_grover;
extern const qhm_algorithm qhm_algorithm_load;
extern const qhm_algorithm qhm_algorithm_lookup;
extern const qhm_algorithm qhm_algorithm_maxcut;
extern const qhm_algorithm qhm_algorithm_minimum;
extern const qhm_algorithm qhm_algorithm_overlap;
extern const qhm_algorithm qhm_algorithm_partition;
extern const qhm_algorithm qhm_algorithm_pca;
extern const qhm_algorithm qhm_algorithm_portfolio;
extern const qhm_algorithm qhm_algorithm_quantise_weights;
extern const qhm_algorithm qhm_algorithm_qubo;
extern const qhm_algorithm qhm_algorithm_recall;
extern const qhm_algorithm qhm_algorithm_robustness;
extern const qhm_algorithm qhm_algorithm_sample_softmax;
extern const qhm_algorithm qhm_algorithm_sat;
extern const qhm_algorithm qhm_algorithm_schedule;
extern const qhm_algorithm qhm_algorithm_select_features;
extern const qhm_algorithm qhm_algorithm_shadows;
extern const qhm_algorithm qhm_algorithm_solve;
extern const qhm_algorithm qhm_algorithm_traffic;
extern const qhm_algorithm qhm_algorithm_transform;
extern const qhm_algorithm qhm_algorithm_tsp;
extern const qhm_algorithm qhm_algorithm_tune;
extern const qhm_algorithm qhm_algorithm_two_level;
extern const qhm_algorithm qhm_algorithm_vqe;
extern const qhm_algorithm qhm_algorithm_xeb;

// Sets a number in a result; null if it is not finite.
void qhm_result_number(json_t *object, const char *name, double value);
void qhm_result_count(json_t *object, const char *name, uint64_t value);
void qhm_result_text(json_t *object, const char *name, const char *value);
void qhm_result_numbers(json_t *object, const char *name, const double *values, size_t count);
void qhm_result_indices(json_t *object, const char *name, const size_t *values, size_t count);

// Adds a sentence to the notes.
void qhm_result_note(qhm_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Seconds of a clock that only goes forward.
double qhm_algorithm_clock(void);

#endif
