// Serial kernels of the wide engine: operations on one tile of a state, one table per precision
// and instruction set.
//
// A tile is [rows][lanes], real and imaginary parts apart; the lowest bits of an amplitude's
// number in the tile are its lane, the others its row. Operations are exponentials of Pauli
// strings: X flips bits, so that row r meets row r ^ mask and lane l meets lane l ^ flip; Z gives
// the sign (-1)^parity(number & bits).
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QHM_WIDE_GROUP = 3,      // rotations in one visit
    QHM_WIDE_TAKEN = 2,      // and in that of a diagonal
    QHM_WIDE_SIGN_SHIFT = 29 // rows have fewer bits; above them are signs, one a rotation
};

typedef struct qhm_wide_tile {
    void *re, *im; // [rows][lanes], 64-byte aligned
} qhm_wide_tile;

// Up to three commuting real rotations x' = x - t s x_partner in tangent form, s the sign: what
// is left out, the product of the cosines, is a `scale` of this or a later operation.
typedef struct qhm_wide_rotations {
    unsigned count;
    // [row_count] a row of every set that the masks connect; its signs above. Not of rotate_lanes
    // without signs: all rows in order.
    const uint32_t *rows;
    size_t row_count;
    uint32_t masks[QHM_WIDE_GROUP];      // of rows
    unsigned flips[QHM_WIDE_GROUP];      // of lanes
    unsigned lane_signs[QHM_WIDE_GROUP]; // bits of lanes that make the sign
    double tangents[QHM_WIDE_GROUP];
    double scale;   // multiplies the state
    bool has_flips; // of lanes: partners must be shuffled
    bool has_signs; // some rows have signs
} qhm_wide_rotations;

// Phases by row = outer[o] ^ inner[i] ^ row: outer_phases[o] inner_phases[i] table[row]. Phases
// are [n][2][lanes], cosines and sines.
typedef struct qhm_wide_diagonal {
    const uint32_t *outer, *inner;
    size_t outer_count, inner_count;
    uint32_t row;
    const void *outer_phases, *inner_phases; // NULL: 1
    const void *table_cosines, *table_sines; // [rows][lanes]; NULL: 1
    double scale;                            // multiplies the state
    bool is_inverse;                         // the conjugate
    // Of rotations that are run in the same visit, up to QHM_WIDE_TAKEN: the partner's phases are
    // those of o ^ outer_flips and i ^ inner_flips. Of connected rows one has no bit of `skipped`
    // in o.
    uint32_t outer_flips[QHM_WIDE_TAKEN], inner_flips[QHM_WIDE_TAKEN], skipped;
} qhm_wide_diagonal;

// exp(-i a Z...Z) for a few strings, in tangent form.
typedef struct qhm_wide_parities {
    unsigned count;
    uint32_t row_signs[QHM_WIDE_GROUP], lane_signs[QHM_WIDE_GROUP]; // bits
    double tangents[QHM_WIDE_GROUP];
    double scale;
} qhm_wide_parities;

// A factor cos - i s sin of phases, s the sign of the phase's number and the lane.
typedef struct qhm_wide_factor {
    uint32_t signs;      // bits of the phase's number
    uint32_t lane_signs; // bits of lanes
    double cosine, sine;
} qhm_wide_factor;

// Between a state and a tile in pieces of `count` rows: piece p lies at amplitude
// `first ^ places[p]` of the state and in rows rows[p] ^ [0, count) of the tile.
typedef struct qhm_wide_copy {
    void *re, *im; // of the state
    uint64_t first;
    const uint64_t *places;
    const uint32_t *rows;
    size_t piece_count, count;
} qhm_wide_copy;

typedef struct qhm_wide_kernels {
    size_t real_bytes;
    size_t lanes;
    void (*rotate)(const qhm_wide_tile *tile, const qhm_wide_rotations *rotations);
    // The same where all masks are 0: partners are in the same row.
    void (*rotate_lanes)(const qhm_wide_tile *tile, const qhm_wide_rotations *rotations);
    // Then, if not NULL, rotations as of rotate_lanes whose flips are 1, 2, 4 as far as they go,
    // without signs; the phases are then without table.
    void (*diagonal)(const qhm_wide_tile *tile, const qhm_wide_diagonal *diagonal,
                     const qhm_wide_rotations *lanes);
    // The same with rotations as of `rotate`, without flips and signs.
    void (*diagonal_rotate)(const qhm_wide_tile *tile, const qhm_wide_diagonal *diagonal,
                            const qhm_wide_rotations *rotations);
    void (*parities)(const qhm_wide_tile *tile, size_t row_count,
                     const qhm_wide_parities *parities);
    // phases[2^bits][2][lanes] = fixed (NULL: 1) times all factors, which come in ascending order
    // of their highest sign bit.
    void (*phases)(unsigned bits, size_t factor_count, const qhm_wide_factor *factors,
                   const void *fixed, void *phases);
    void (*gather)(const qhm_wide_copy *from, const qhm_wide_tile *to);
    void (*scatter)(const qhm_wide_tile *from, const qhm_wide_copy *to);
    // In place, over 2^bits numbers: out[i] = sum_j (-1)^parity(i & j) in[j].
    void (*walsh_hadamard)(unsigned bits, double *numbers);
} qhm_wide_kernels;

extern const qhm_wide_kernels qhm_wide_kernels_baseline_float;
extern const qhm_wide_kernels qhm_wide_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_wide_kernels qhm_wide_kernels_avx2_float;
extern const qhm_wide_kernels qhm_wide_kernels_avx2_double;
extern const qhm_wide_kernels qhm_wide_kernels_avx512_float;
extern const qhm_wide_kernels qhm_wide_kernels_avx512_double;
#endif

#endif
