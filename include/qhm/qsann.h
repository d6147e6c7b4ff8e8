/** @file qsann.h
 *  QSANN: self-attention whose queries, keys and values are expectation values of circuits.
 *
 *  G. Li, X. Zhao, X. Wang: Quantum self-attention neural networks for text classification,
 *  arXiv:2205.05625. The kind "qsann" stands wherever classical attention does: a sequence of
 *  words in, one of the same shape out, masked words left out. */
#ifndef QHM_QSANN_H
#define QHM_QSANN_H

#include <qhm/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of the kind "qsann"; zero means the default in every field.
 *
 *  Three circuits a word, each on n qubits: the word's features as angles after H on every qubit
 *  (RX and RY on every qubit, then encoding_layers of a CNOT chain and RY), then weights of its
 *  own (RX and RY, then `layers` of a CNOT chain and RY). With q and k the ⟨Z⟩ of qubit 0 of the
 *  query and the key circuit, a word s attends to a word j by
 *
 *      alpha_sj = exp(-(q_s - k_j)^2) / sum over words j that are not masked
 *
 *  and its output is x_s + sum_j alpha_sj v_j, with v as many expectation values of the value
 *  circuit as a word has features: ⟨Z⟩ of every qubit, then ⟨Y⟩, ⟨X⟩, then ZZ, YY and XX of pairs.
 *
 *  A word has up to n (encoding_layers + 2) features; angles beyond its width are left out. The
 *  weights are 3 n (layers + 2) numbers. (The counts 25, 109, 49, 49 and 61 of the paper add a
 *  linear classifier's n (encoding_layers + 2) + 1 and leave out the word table.)
 *
 *  After H, an RX is a global phase: as published, the first n features of a word move no
 *  expectation value and reach the output through the residual alone. skip_hadamard mends that. */
typedef struct qhm_qsann_options {
    size_t qubits;          /**< n; 0: as few as hold the width */
    size_t encoding_layers; /**< 0: 1 */
    size_t layers;          /**< of each weight circuit; 0: 1 */
    bool ring;              /**< close the CNOT chain, where n is above 2 */
    bool unentangled;       /**< the entanglement-free twin: no CNOT */
    bool skip_hadamard;     /**< begin from |0...0> */
    double weight_range;    /**< first weights uniform in [-range, range); 0: 0.3 */
    size_t shots;           /**< a word, circuit and measurement setting; 0: exact */
    const char *backend;    /**< NULL: "statevector" */
} qhm_qsann_options;

#ifdef __cplusplus
}
#endif
#endif
