// What the rows that estimate a share have in common: how it is done, and what is told of it.
#ifndef QHM_ALGORITHM_AMPLITUDE_ROW_H
#define QHM_ALGORITHM_AMPLITUDE_ROW_H

#include "algorithm/algorithm_internal.h"

#include <qhm/amplitude_rounds.h>

typedef struct qhm_amplitude_settings {
    int method, schedule;
    size_t bits, shots, rounds;
    double error, confidence;
} qhm_amplitude_settings;

enum { QHM_AMPLITUDE_CANONICAL = 1, QHM_AMPLITUDE_ITERATIVE, QHM_AMPLITUDE_LIKELIHOOD };

extern const char *const qhm_amplitude_method_choices[], *const qhm_amplitude_schedule_choices[];

// The rows of an options table whose struct has a qhm_amplitude_settings called `amplitude`.
#define QHM_AMPLITUDE_FIELDS(options)                                                              \
    {.name = "method",                                                                             \
     .type = QHM_OPTION_CHOICE,                                                                    \
     .offset = offsetof(options, amplitude.method),                                                \
     .default_text = "canonical",                                                                  \
     .choices = qhm_amplitude_method_choices,                                                      \
     .help = "phase estimation with a clock; or rounds of shots, each after so many uses of the "  \
             "operator: as many as the last rounds allow, or as a schedule says"},                 \
        {.name = "bits",                                                                           \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, amplitude.bits),                                              \
         .default_text = "6",                                                                      \
         .minimum = 1,                                                                             \
         .maximum = 10,                                                                            \
         .help = "of the canonical clock: the operator is used 2^bits - 1 times in a run",         \
         .used_with = "method=canonical"},                                                         \
        {.name = "shots",                                                                          \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, amplitude.shots),                                             \
         .default_text = "0",                                                                      \
         .minimum = 0,                                                                             \
         .maximum = 1e6,                                                                           \
         .help = "canonical runs, of whose values the median is the answer, or shots of a round; " \
                 "0: 11, or 100"},                                                                 \
        {.name = "error",                                                                          \
         .type = QHM_OPTION_DOUBLE,                                                                \
         .offset = offsetof(options, amplitude.error),                                             \
         .default_text = "0.01",                                                                   \
         .minimum = 5e-4,                                                                          \
         .maximum = 0.4,                                                                           \
         .help = "of the share, at which the iterative method ends",                               \
         .used_with = "method=iterative"},                                                         \
        {.name = "confidence",                                                                     \
         .type = QHM_OPTION_DOUBLE,                                                                \
         .offset = offsetof(options, amplitude.confidence),                                        \
         .default_text = "0.95",                                                                   \
         .minimum = 0.5,                                                                           \
         .maximum = 0.999999,                                                                      \
         .help = "of the interval that rounds give",                                               \
         .used_with = "method=iterative,maximum_likelihood"},                                      \
        {.name = "schedule",                                                                       \
         .type = QHM_OPTION_CHOICE,                                                                \
         .offset = offsetof(options, amplitude.schedule),                                          \
         .default_text = "exponential",                                                            \
         .choices = qhm_amplitude_schedule_choices,                                                \
         .help = "of maximum likelihood: the operator 0, 1, 2, 4, ... or 0, 1, 2, 3, ... times",   \
         .used_with = "method=maximum_likelihood"},                                                \
    {                                                                                              \
        .name = "rounds", .type = QHM_OPTION_SIZE, .offset = offsetof(options, amplitude.rounds),  \
        .default_text = "6", .minimum = 1, .maximum = 12, .help = "of maximum likelihood",         \
        .used_with = "method=maximum_likelihood"                                                   \
    }

// Whether the basis state that was measured is marked.
typedef qhm_status (*qhm_amplitude_check)(const void *context, uint64_t state, bool *is_marked);

// Estimates the share with circuits and adds them to the result's ledger; what method it was, its
// interval and its price go to the answer. An interval of the canonical method is the error bound
// of one run.
QHM_MUST_CHECK qhm_status qhm_amplitude_row_estimate(const qhm_amplitude_problem *problem,
                                                     const qhm_amplitude_settings *settings,
                                                     qhm_amplitude_check check, const void *context,
                                                     uint64_t seed, qhm_result *result,
                                                     qhm_amplitude_estimate *estimate);

// Tells how many samples of the prepared state itself have such an interval.
void qhm_amplitude_row_compare(const qhm_amplitude_settings *settings,
                               const qhm_amplitude_estimate *estimate, qhm_result *result);

#endif
