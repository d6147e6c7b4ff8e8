// The rows of the table of sources, each defined in <name>_source.c, and their readers of memory,
// which tests and fuzzers call.
#ifndef QHM_DATA_SOURCES_H
#define QHM_DATA_SOURCES_H

#include <qhm/data_source.h>
#include <qhm/types.h>

extern const qhm_data_source qhm_data_source_emoji;
extern const qhm_data_source qhm_data_source_pairs;
extern const qhm_data_source qhm_data_source_idx;
extern const qhm_data_source qhm_data_source_csv;
extern const qhm_data_source qhm_data_source_sentences;
extern const qhm_data_source qhm_data_source_havlicek;
extern const qhm_data_source qhm_data_source_separable;

// The state [2^qubits] of the ZZ feature map with two repetitions: per repetition Hadamards,
// P(2x_i), and for every pair CX P(2(π-x_i)(π-x_j)) CX. Qubit 0 is the least significant bit.
void qhm_zz_feature_state(const double *x, size_t qubits, qhm_complex *state);

// A table to a dataset; takes over text [count + 1], which ends in NUL. options->path only tells
// the default separator.
QHM_MUST_CHECK qhm_status qhm_csv_read(char *text, size_t count, const qhm_csv_options *options,
                                       qhm_dataset **out_dataset);

// Called for each pair of a list; label and group may be NULL.
typedef qhm_status qhm_pair_visit(const char *image, const char *text, const char *label,
                                  const char *group, size_t line, void *context);

// A list of pairs, one JSON object a line. bytes [count] are followed by a NUL.
QHM_MUST_CHECK qhm_status qhm_pairs_read_jsonl(const char *bytes, size_t count,
                                               qhm_pair_visit *visit, void *context);

// A list of pairs as a table; takes over text [count + 1], which ends in NUL.
QHM_MUST_CHECK qhm_status qhm_pairs_read_csv(char *text, size_t count, qhm_pair_visit *visit,
                                             void *context);

// Lines "label<tab>sentence" to items; text [count + 1] ends in NUL and is overwritten.
QHM_MUST_CHECK qhm_status qhm_sentences_read(char *text, size_t count, qhm_dataset *dataset);

#endif
