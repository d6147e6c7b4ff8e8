/** @file distribution.h
 *  Distributions over the classical bits of a circuit: outcomes with weights, which may be counts
 *  of shots or exact probabilities.
 *
 *  @code
 *  qhm_distribution *d;
 *  qhm_status status = qhm_distribution_create(2, &d);
 *  if (status == QHM_OK)
 *      status = qhm_distribution_append(d, (uint64_t[]){2}, 0.5); // bit 1 is 1, bit 0 is 0
 *  qhm_distribution_destroy(d);
 *  @endcode */
#ifndef QHM_DISTRIBUTION_H
#define QHM_DISTRIBUTION_H

#include <qhm/circuit.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Outcomes of classical bits, each with a weight. */
typedef struct qhm_distribution qhm_distribution;

/** Creates a distribution without outcomes.
 *  @param bit_count  bits of an outcome, 0 to 1,048,576; with 0 there is one outcome, the empty
 *                    one.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_distribution_create(size_t bit_count,
                                                          qhm_distribution **distribution);

/** Frees a distribution; NULL is fine. */
QHM_API void qhm_distribution_destroy(qhm_distribution *distribution);

/** Adds an outcome; one that is there already takes up the weight.
 *  @param bits    [(bit_count + 63) / 64], bit 0 lowest in the first word; what lies above
 *                 bit_count is ignored.
 *  @param weight  finite, 0 or more.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY, with nothing changed.
 *  Cost: amortised linear in the words. */
QHM_API QHM_MUST_CHECK qhm_status qhm_distribution_append(qhm_distribution *distribution,
                                                          const uint64_t *bits, double weight);

/** Bits of an outcome. */
QHM_API size_t qhm_distribution_bit_count(const qhm_distribution *distribution);

/** How many outcomes there are. */
QHM_API size_t qhm_distribution_outcome_count(const qhm_distribution *distribution);

/** Outcome `index`, ascending as unsigned numbers whatever the order of appending.
 *  @param index   less than the count.
 *  @param bits    [(bit_count + 63) / 64], borrowed until the next append; NULL: not wanted.
 *  @param weight  NULL: not wanted.
 *  Cost: the first call after an append sorts, O(count log count); then constant. Until that has
 *  happened, call it from one thread only. */
QHM_API void qhm_distribution_outcome(const qhm_distribution *distribution, size_t index,
                                      const uint64_t **bits, double *weight);

/** The weight of an outcome; 0 for one that is not there. @param bits  as for append. */
QHM_API double qhm_distribution_weight(const qhm_distribution *distribution, const uint64_t *bits);

/** The sum of all weights, added in the order of outcomes. */
QHM_API double qhm_distribution_total(const qhm_distribution *distribution);

/** Sums over the scratch bits of a circuit, those in no register: they are 0 in what is made.
 *  @param circuit  with as many bits as the distribution.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_distribution_drop_scratch(
    const qhm_distribution *distribution, const qhm_circuit *circuit, qhm_distribution **dropped);

/** Prints an outcome as people write it: a field for each bit register, the one declared last on
 *  the left, separated by spaces, and in each field bit 0 on the right. "01 110"
 *  @param bits  [(bits of the circuit + 63) / 64].
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_outcome_print(const qhm_circuit *circuit,
                                                    const uint64_t *bits, char **text);

/** Reads an outcome that qhm_outcome_print made; the spaces may be left out. Scratch bits are 0.
 *  @param bits  [(bits of the circuit + 63) / 64], written on success.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names the column of the mistake. */
QHM_API QHM_MUST_CHECK qhm_status qhm_outcome_parse(const qhm_circuit *circuit, const char *text,
                                                    uint64_t *bits);

/** Memory that the distribution holds, in bytes. */
QHM_API size_t qhm_distribution_bytes(const qhm_distribution *distribution);

/** The variation distance, sum over outcomes of |p - q| / 2, each normalised by its total.
 *  @return 0 (equal) to 1 (nothing in common); NaN if bit counts differ or a total is 0. */
QHM_API double qhm_distribution_variation_distance(const qhm_distribution *a,
                                                   const qhm_distribution *b);

/** The classical fidelity, (sum over outcomes of sqrt(p q))^2, each normalised by its total.
 *  @return 0 (nothing in common) to 1 (equal); NaN if bit counts differ or a total is 0. */
QHM_API double qhm_distribution_fidelity(const qhm_distribution *a, const qhm_distribution *b);

#ifdef __cplusplus
}
#endif
#endif
