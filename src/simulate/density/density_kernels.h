// Kernels over rows of Pauli coefficients, one table per precision and instruction set.
//
// A tile is rows x lanes, lanes innermost. A row's number in base 4 has a digit for each qubit: I,
// X, Y, Z. Lanes are samples, or the lowest qubits of one sample; kernels treat them alike, but for
// exchange.
#ifndef QHM_SIMULATE_DENSITY_KERNELS_H
#define QHM_SIMULATE_DENSITY_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QHM_TURN_ENTRIES = 12, // rows X, Y, Z of a trace-preserving 4 x 4 matrix; row I is 1 0 0 0
    QHM_DENSITY_MAP_QUBITS = 4
};

// A sparse 4^k x 4^k matrix: row i has the entries [starts[i], starts[i + 1]).
typedef struct qhm_sparse_map {
    const uint32_t *starts;
    const uint8_t *columns;
    const void *values; // reals
} qhm_sparse_map;

// One operation on all rows of a tile. `from` may be `to`.
typedef struct qhm_density_visit {
    const void *from;
    void *to;
    size_t row_count, lanes;
    unsigned places[QHM_DENSITY_MAP_QUBITS]; // digits of the qubits
    // pair, turn: matrices of the first and second qubit [12][lanes], or where all lanes share one
    // [12][one register]; NULL: none
    const void *turns[2];
    bool is_shared[2];
    // pair, after the turns: row k of the 16 goes to row targets[k], times factors[k]; NULL: stays
    const uint8_t *targets;
    const void *factors; // [16] reals
    // sparse
    unsigned qubit_count;
    const qhm_sparse_map *map;
    // exchange: this digit of the lanes with places[0]
    unsigned lane_digit;
} qhm_density_visit;

typedef struct qhm_density_kernels {
    size_t real_bytes; // of one real number
    size_t lanes;      // of one register

    void (*pair)(const qhm_density_visit *visit);
    void (*turn)(const qhm_density_visit *visit);
    void (*sparse)(const qhm_density_visit *visit);
    void (*exchange)(const qhm_density_visit *visit);

    // The transposes, from cotangents after to cotangents before. `state` is what the visit found;
    // sums[turn][12][lanes] = the derivatives by the entries of the turns that there are.
    void (*pair_back)(const qhm_density_visit *visit, const void *state, double *sums);
    void (*turn_back)(const qhm_density_visit *visit, const void *state, double *sums);

    // out[count][lanes] reals of doubles
    void (*from_double)(size_t count, const double *from, void *to);

    // Products of turns, in doubles: matrix [12][lanes] = a rotation by angles of these cosines and
    // sines [lanes] about axis 1 to 3 times matrix; = constant [12] times matrix.
    void (*rotate)(size_t lanes, unsigned axis, const double *cosines, const double *sines,
                   double *matrix);
    void (*multiply)(size_t lanes, const double *constant, double *matrix);
    // The same backward on derivatives by the entries of a product: those by its right factor.
    void (*multiply_back)(size_t lanes, const double *constant, double *derivatives);
    // out[lanes] = the derivative by the angle: of the product after the rotation.
    void (*angle_derivative)(size_t lanes, unsigned axis, const double *derivatives,
                             const double *product, double *out);
} qhm_density_kernels;

extern const qhm_density_kernels qhm_density_kernels_baseline_float;
extern const qhm_density_kernels qhm_density_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_density_kernels qhm_density_kernels_avx2_float;
extern const qhm_density_kernels qhm_density_kernels_avx2_double;
extern const qhm_density_kernels qhm_density_kernels_avx512_float;
extern const qhm_density_kernels qhm_density_kernels_avx512_double;
#endif

#endif
