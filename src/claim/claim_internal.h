// A claim as a row: what the paper says, and a function that tries it.
#ifndef QHM_CLAIM_CLAIM_INTERNAL_H
#define QHM_CLAIM_CLAIM_INTERNAL_H

#include "base/status_internal.h"

#include <jansson.h>
#include <qhm/claim.h>

typedef enum qhm_claim_verdict {
    QHM_CLAIM_UNCHECKED = 0, // cannot be checked here
    QHM_CLAIM_HOLDS,
    QHM_CLAIM_HOLDS_IF, // with a condition, which the finding names
    QHM_CLAIM_FAILS
} qhm_claim_verdict;

// What a run fills; objects are there already.
typedef struct qhm_claim_result {
    qhm_claim_verdict verdict;
    char finding[640]; // one or two sentences, from the numbers
    json_t *numbers;   // object
    json_t *notes;     // array of sentences
    json_t *plot;      // object of qhm_plot_begin; empty: none
} qhm_claim_result;

typedef struct qhm_claim {
    qhm_claim_info info;
    qhm_status (*run)(const qhm_claim_options *options, qhm_claim_result *result);
} qhm_claim;

extern const qhm_claim qhm_claim_chip_sizes;
extern const qhm_claim qhm_claim_few_hundred_gates;
extern const qhm_claim qhm_claim_fifteen_qubits;
extern const qhm_claim qhm_claim_fourier;
extern const qhm_claim qhm_claim_graceful_noise;
extern const qhm_claim qhm_claim_inner_product;
extern const qhm_claim qhm_claim_less_data;
extern const qhm_claim qhm_claim_matrix_vector;
extern const qhm_claim qhm_claim_ocelot;
extern const qhm_claim qhm_claim_one_step_sampling;
extern const qhm_claim qhm_claim_physical_qubits;
extern const qhm_claim qhm_claim_qram;
extern const qhm_claim qhm_claim_shallow_circuits;
extern const qhm_claim qhm_claim_sixty_four_dimensions;
extern const qhm_claim qhm_claim_softmax_state;
extern const qhm_claim qhm_claim_sorted_search;
extern const qhm_claim qhm_claim_ten_times;
extern const qhm_claim qhm_claim_theorem_a1;
extern const qhm_claim qhm_claim_thirty_qubits;
extern const qhm_claim qhm_claim_two_decimals;
extern const qhm_claim qhm_claim_unsorted_search;
extern const qhm_claim qhm_claim_willow;

// Says what decided.
void qhm_claim_find_that(qhm_claim_result *result, qhm_claim_verdict verdict, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));
void qhm_claim_note(qhm_claim_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// QHM_ERROR_CANCELLED if the caller asks to stop.
QHM_MUST_CHECK qhm_status qhm_claim_go_on(const qhm_claim_options *options);

// Seconds of a clock that only goes forward.
double qhm_claim_clock(void);

// Members of results: a number that is not finite becomes null.
void qhm_claim_number(json_t *object, const char *name, double value);
void qhm_claim_text(json_t *object, const char *name, const char *value);
void qhm_claim_truth(json_t *object, const char *name, bool value);

// A new row at the end of a list.
json_t *qhm_claim_row(json_t *list);

// JSON as the library hands it out.
QHM_MUST_CHECK qhm_status qhm_claim_print(const json_t *object, char **json);

#endif
