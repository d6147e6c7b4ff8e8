// The wide engine: one large state, run in few passes over memory.
//
// The circuit becomes exponentials of Pauli strings alone: X and CX are never run, they change
// what the bits of an amplitude's number mean (strings.c). A pass visits tiles, cosets of a
// subspace of those numbers, and runs in each tile all that can be run there (wide_schedule.c).
// Within a pass, commuting rotations are run together, and diagonal ones as one product of
// phases (wide_pass.c, wide_diagonal.c).
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_H

#include "simulate/statevector/statevector_kernels.h"
#include "simulate/statevector/strings.h"
#include "simulate/statevector/wide_adjoint_kernels.h"
#include "simulate/statevector/wide_kernels.h"
#include "simulate/statevector/wide_readout_kernels.h"

#include <stdatomic.h>

enum {
    QHM_WIDE_MAX_TILE_BITS = 28, // rows of a tile fit below QHM_WIDE_SIGN_SHIFT
    QHM_WIDE_MAX_SECTION_BITS = 4
};

typedef enum qhm_wide_kind {
    QHM_WIDE_ROTATE,
    QHM_WIDE_ROTATE_LANES,
    QHM_WIDE_DIAGONAL,
    QHM_WIDE_PARITIES
} qhm_wide_kind;

// A product of parities that have the same signs in the tile.
typedef struct qhm_wide_product {
    uint32_t signs;      // of a phase's number in its side
    uint32_t lane_signs; // of lanes
    size_t item, item_count;
} qhm_wide_product;

// One of the two sides of a diagonal. The products that are the same in all tiles come first.
typedef struct qhm_wide_side {
    unsigned bits; // it has 2^bits phases
    size_t rows;   // offset in the plan's rows: of the phases without sections
    size_t product, fixed_count, product_count;
    size_t fixed;     // offset, in reals, of the fixed products' phases
    bool is_constant; // the fixed products' angles are
} qhm_wide_side;

// A diagonal as phases outer[section, o] inner[section, i] table[row], the row being the XOR of
// those of o, i and the section: strings that cross between o and i are the table's, or are run
// by themselves.
typedef struct qhm_wide_split {
    unsigned section_bits;
    size_t section_rows; // offset in the plan's rows
    qhm_wide_side sides[2];
    size_t table_product, table_count; // their signs are of the number in the tile
    size_t table;                      // offset, in reals
    bool is_table_constant;
    // Of the rotations that it takes along: see qhm_wide_diagonal.
    uint32_t outer_flips[QHM_WIDE_TAKEN], inner_flips[QHM_WIDE_TAKEN], skipped;
    double constant_norm; // what rounding took from the fixed phases that are constant
} qhm_wide_split;

typedef struct qhm_wide_op {
    qhm_wide_kind kind;
    size_t items[QHM_WIDE_GROUP]; // of rotations and parities: rotations.count
    qhm_wide_rotations rotations; // without rows and tangents; of parities the lane signs
    uint32_t row_signs[QHM_WIDE_GROUP];
    size_t rows;            // offset in the plan's rows
    size_t split;           // DIAGONAL
    bool is_first, is_last; // of its pass
    bool takes_next;        // DIAGONAL: the next operation is run in its visit
} qhm_wide_op;

typedef struct qhm_wide_pass {
    size_t item, item_count;
    unsigned low_bits;  // the subspace has all of the lowest bits,
    unsigned high_bits; // and these directions, none of which has a low bit
    uint64_t directions[QHM_WIDE_MAX_TILE_BITS];
    unsigned base_bits; // tile number b starts at `first` XOR bases[i] over its bits i
    uint64_t first, bases[QHM_STRINGS_MAX_QUBITS];
    size_t places; // offset in the plan's places: of the runs of 2^low_bits amplitudes
    size_t op, op_count;
} qhm_wide_pass;

// What a thread works in while it has a tile.
typedef struct qhm_wide_buffer {
    char *memory;
    atomic_bool is_taken;
    qhm_wide_tile psi, lambda;
    void *phases[2], *sums[2]; // of the two sides
    qhm_wide_factor *factors;  // [factor_count]
} qhm_wide_buffer;

// What the angles of one sample come to.
typedef struct qhm_wide_values {
    double *arguments, *cosines, *sines, *tangents; // [items, padded]
    double *lengths;  // [items, padded] the cosines of the tangents: what rotations leave out
    double *sums;     // [blocks of tiles][items of a pass] of gradients
    double *readouts; // [blocks of tiles][terms] values of strings of Z
    double *norms;    // [splits] what rounding took from the fixed phases
    void *fixed;      // [fixed_count] phases and tables
    double *scratch;  // [2^tile_bits] for tables
    qhm_wide_factor *factors; // [factor_count]
} qhm_wide_values;

typedef struct qhm_wide {
    const qhm_wide_kernels *kernels;
    const qhm_wide_adjoint_kernels *adjoint;
    const qhm_wide_readout_kernels *readout;
    const qhm_statevector_kernels *plain, *exact; // of the state's precision, and in doubles
    size_t qubit_count;
    unsigned lane_bits, tile_bits;
    qhm_frame frame;      // at the end of the circuit
    uint64_t start;       // the amplitude that is 1 at its beginning
    bool is_in_place;     // one tile: the state itself
    bool keeps_gradients; // no tables of angles that gradients may be wanted of

    qhm_string *items; // in order of execution
    size_t item_count;
    qhm_site *sites; // in circuit order
    size_t site_count;
    bool varies; // the angles of all items change, as noise turns their signs
    qhm_wide_pass *passes;
    size_t pass_count, pass_capacity;
    qhm_wide_op *ops;
    size_t op_count, op_capacity;
    qhm_wide_split *splits;
    size_t split_count, split_capacity;
    size_t readout_split;    // the splits from here on are of the terms that only have Z,
    size_t readout_count;    // so many
    uint64_t *readout_signs; // [readout_count] bits of a tile's number
    qhm_wide_product *products;
    size_t product_count, product_capacity;
    uint32_t *rows;
    size_t row_count, row_capacity;
    uint64_t *places;     // of pieces in the state, and
    uint32_t *place_rows; // in the tile
    size_t place_count, place_capacity, place_row_capacity;

    char *constants; // phases and tables of constant angles, in reals
    size_t constant_count;
    size_t fixed_count;  // reals of a sample's phases and tables
    size_t phase_count;  // reals of the larger side's phases
    size_t factor_count; // of the side with most products
    bool has_tables;     // of angles that are not constant
    qhm_wide_buffer *buffers;
    size_t buffer_count;
    size_t buffer_bytes;
} qhm_wide;

// wide_schedule.c
QHM_MUST_CHECK qhm_status qhm_wide_schedule(qhm_wide *wide, unsigned low_bits);
// wide_pass.c: orders the items of a pass and makes its operations.
QHM_MUST_CHECK qhm_status qhm_wide_prepare_pass(qhm_wide *wide, qhm_wide_pass *pass);
// wide_diagonal.c: one operation, or a few, of these commuting parities.
QHM_MUST_CHECK qhm_status qhm_wide_append_diagonal(qhm_wide *wide, const qhm_wide_pass *pass,
                                                   size_t item, size_t count);
// wide_take.c: lets a diagonal, the first of these operations of a level, take one along.
void qhm_wide_take_along(qhm_wide *wide, size_t first_op);
uint32_t qhm_wide_pivots(const uint32_t *masks, unsigned count);
QHM_MUST_CHECK qhm_status qhm_wide_append_op(qhm_wide *wide, const qhm_wide_op *op);
QHM_MUST_CHECK qhm_status qhm_wide_append_rows(qhm_wide *wide, size_t count, size_t *offset);
// Where a row of the natural order lies in a tile, so that rows at strides of pages, which
// rotations visit together, do not fall in the same set of the first cache. Linear and its own
// inverse; qhm_wide_fold_signs is the same for bits of signs.
uint32_t qhm_wide_fold(const qhm_wide *wide, uint32_t number);
uint32_t qhm_wide_fold_signs(const qhm_wide *wide, uint32_t signs);

#endif
