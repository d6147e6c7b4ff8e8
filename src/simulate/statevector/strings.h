// A circuit as exponentials of Pauli strings, and what is left of its X and CX: a frame.
#ifndef QHM_SIMULATE_STATEVECTOR_STRINGS_H
#define QHM_SIMULATE_STATEVECTOR_STRINGS_H

#include "simulate/statevector/reduce.h"

enum { QHM_STRINGS_MAX_QUBITS = 48 };

// exp(-i a P). A rotation's P is real and odd: x'[y] = cos a x[y] - s sin a x[y ^ mask], with
// the sign s = (-1)^parity(y & signs). A parity, mask 0, multiplies by cos a - i s sin a.
typedef struct qhm_string {
    uint64_t mask, signs;
    uint32_t angle; // occurrence in circuit order, or QHM_NO_ANGLE
    double scale, offset;
    bool uses_input, uses_weight;
    uint32_t source; // its number in circuit order
    // Of the wide engine, in its pass: bits of the number within the tile (not folded), and of the
    // tile's number.
    uint32_t tile_mask, tile_signs;
    uint64_t base_signs;
} qhm_string;

// What qubit q is in the stored state: it is 1 where parity(y & signs[q]) is 1, and flipping it
// is flipping masks[q] of y. Parity(masks[p] & signs[q]) is 1 for p = q only.
typedef struct qhm_frame {
    size_t qubit_count;
    uint64_t masks[QHM_STRINGS_MAX_QUBITS], signs[QHM_STRINGS_MAX_QUBITS];
} qhm_frame;

// Where noise may happen: after `item` of the strings. Its qubit i is 1 where parity(y & signs[i])
// is not is_flipped[i].
typedef struct qhm_site {
    const struct qhm_channel_split *split;
    size_t item;
    uint64_t masks[QHM_CHANNEL_MAX_QUBITS], signs[QHM_CHANNEL_MAX_QUBITS];
    bool is_flipped[QHM_CHANNEL_MAX_QUBITS];
} qhm_site;

typedef struct qhm_strings {
    qhm_string *items; // in circuit order
    size_t count, capacity;
    qhm_site *sites;
    size_t site_count, site_capacity;
    qhm_frame frame; // at the end of the circuit
    uint64_t start;  // the amplitude that is 1 at its beginning
} qhm_strings;

// The strings of a circuit whose reduction is complete; the caller releases items and sites.
QHM_MUST_CHECK qhm_status qhm_strings_create(const qhm_reduction *reduction, size_t qubit_count,
                                             qhm_strings *strings);

uint64_t qhm_frame_flips(const qhm_frame *frame, uint64_t qubits);  // an X string, as stored
uint64_t qhm_frame_signs(const qhm_frame *frame, uint64_t qubits);  // a Z string, as stored
uint64_t qhm_frame_qubits(const qhm_frame *frame, uint64_t stored); // of a basis state

#endif
