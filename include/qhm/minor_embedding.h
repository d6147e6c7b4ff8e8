/** @file minor_embedding.h
 *  Minor embedding: problems on annealers, whose qubits have few neighbours.
 *
 *  Each spin becomes a chain of coupled qubits, held together by a ferromagnetic coupling; two
 *  spins that share a term need a coupler between their chains. Long chains break and act as one
 *  heavy spin: what they cost shows when the embedded problem is annealed.
 *
 *  @code
 *  status = qhm_device_load("advantage2", NULL, &device);
 *  if (status == QHM_OK)
 *      status = qhm_minor_embedding_find(problem, device, NULL, &embedding);
 *  if (status == QHM_OK)
 *      status = qhm_minor_embedding_apply(embedding, problem, device, 0, &physical);
 *  @endcode */
#ifndef QHM_MINOR_EMBEDDING_H
#define QHM_MINOR_EMBEDDING_H

#include <qhm/device.h>
#include <qhm/sparse_ising.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Chains of qubits, one for each spin; immutable. */
typedef struct qhm_minor_embedding qhm_minor_embedding;

/** Options of qhm_minor_embedding_find; zero means the default in every field. */
typedef struct qhm_minor_embedding_options {
    size_t rounds; /**< over all spins until no qubit is taken twice, in each try; 0: 16 */
    uint64_t seed;
} qhm_minor_embedding_options;

/** Searches for an embedding as [cai2014]: spins are placed one after another, neighbours after
 *  each other, on the cheapest tree of paths to their neighbours' chains, from which the ends fall
 *  off that only led to where the spin was before. Qubits may be taken several times at a price
 *  that grows with the rounds in which that was so [mcmurchie1995]; each spin is placed again and
 *  again until none is, then until eight rounds make chains no shorter.
 *
 *  Where a quarter of all pairs or more are coupled, spins start on the chains of the complete
 *  graph (qhm_minor_embedding_find_clique), without the ends that no coupling needs. Otherwise, or
 *  where the chip has no such chains, from nothing, on as much of the chip as the problem may need,
 *  from its middle, and more where that fails. Spins without terms get a qubit each, and problems
 *  of several parts are placed beside each other.
 *  @param device     its working qubits and couplers.
 *  @param options    NULL: defaults.
 *  @param embedding  free it with qhm_minor_embedding_destroy.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (the search gave up, which does not prove that there is
 *          none); QHM_ERROR_RESOURCE_LIMIT (more spins than qubits); QHM_ERROR_UNSUPPORTED (a
 *          device without a list of couplers); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: for each end of each coupling in each round, a search as far around a chain as the other
 *  spin's tree cost when it was placed last. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minor_embedding_find(
    const qhm_sparse_ising *problem, const qhm_device *device,
    const qhm_minor_embedding_options *options, qhm_minor_embedding **embedding);

/** Embeds the complete graph in closed form: spin i is a line down column i that meets a line
 *  along row i, each as far as the other spins need it [boothby2020] [boothby2021].
 *
 *  Zephyr Z(m, 4) takes 16 m - 8 spins by chains of at most m + 1 qubits; Pegasus P(m) by this
 *  rule 12 m - 20. The lines are read off the chip's map and the result is checked, so that a chip
 *  where one of them is dead has no such embedding.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (neither kind of chip, too many spins, or a dead qubit);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: O(qubits + couplers + spins^2). */
QHM_API QHM_MUST_CHECK qhm_status qhm_minor_embedding_find_clique(size_t spin_count,
                                                                  const qhm_device *device,
                                                                  qhm_minor_embedding **embedding);

/** Frees an embedding; NULL is fine. */
QHM_API void qhm_minor_embedding_destroy(qhm_minor_embedding *embedding);

QHM_API size_t qhm_minor_embedding_spin_count(const qhm_minor_embedding *embedding); /**< Spins. */
QHM_API size_t
qhm_minor_embedding_qubit_count(const qhm_minor_embedding *embedding); /**< Of all chains. */
QHM_API size_t
qhm_minor_embedding_longest_chain(const qhm_minor_embedding *embedding); /**< Its qubits. */

/** The chain of a spin. @param qubits  [count], borrowed. @return the count. */
QHM_API size_t qhm_minor_embedding_chain(const qhm_minor_embedding *embedding, size_t spin,
                                         const uint32_t **qubits);

/** Creates an embedding from given chains, which qhm_minor_embedding_check may then look at.
 *  @param lengths  [spin_count]
 *  @param qubits   of all chains, one chain after another.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minor_embedding_create(size_t spin_count,
                                                             const size_t *lengths,
                                                             const uint32_t *qubits,
                                                             qhm_minor_embedding **embedding);

/** Checks that chains are not empty, of working qubits, apart from each other and connected, and
 *  that every coupling of the problem has a working coupler.
 *  @param problem  NULL: that of all pairs.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names what is wrong;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minor_embedding_check(const qhm_minor_embedding *embedding,
                                                            const qhm_sparse_ising *problem,
                                                            const qhm_device *device);

/** A strength that holds chains together against what pulls at them: sqrt 2 times the root mean
 *  square of the couplings times the root of the mean number of neighbours; 1 for a problem
 *  without couplings. */
QHM_API double qhm_minor_embedding_find_strength(const qhm_sparse_ising *problem);

/** The problem on the chip: spin k is the k-th qubit of the chains, one chain after another.
 *
 *  Fields are shared by a chain's qubits, a coupling by the couplers between two chains; couplers
 *  within a chain have -strength, and the constant makes costs of unbroken chains those of the
 *  problem.
 *  @param strength  positive; 0: qhm_minor_embedding_find_strength.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_BAD_INPUT as qhm_minor_embedding_check;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minor_embedding_apply(const qhm_minor_embedding *embedding,
                                                            const qhm_sparse_ising *problem,
                                                            const qhm_device *device,
                                                            double strength,
                                                            qhm_sparse_ising **physical);

/** Spins of the problem from those of the chip, by the majority of each chain; of a draw its first
 *  qubit decides.
 *  @param physical  [qubits of all chains] of +1 or -1.
 *  @param spins     [spin_count]
 *  @return how many chains are broken: their qubits do not agree. */
QHM_API size_t qhm_minor_embedding_read_out(const qhm_minor_embedding *embedding,
                                            const int8_t *physical, int8_t *spins);

#ifdef __cplusplus
}
#endif
#endif
