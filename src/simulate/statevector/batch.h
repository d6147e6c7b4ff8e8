// The batched engine: a circuit on few qubits as rotations and diagonals over a whole state.
//
// X, CX and swaps cost nothing: the strings of the circuit say what the bits of a row mean. A
// rotation pairs row r with r ^ mask; a parity's sign is that of r & signs.
#ifndef QHM_SIMULATE_STATEVECTOR_BATCH_H
#define QHM_SIMULATE_STATEVECTOR_BATCH_H

#include "simulate/statevector/strings.h"
#include "simulate/statevector/tile_kernels.h"
#include "simulate/statevector/value_kernels.h"

struct qhm_block;
struct qhm_statevector;
struct qhm_statevector_run;

// One argument of sine and cosine.
typedef struct qhm_batch_entry {
    uint32_t angle; // or QHM_NO_ANGLE
    double scale, offset;
    bool uses_input, uses_weight;
    bool is_tangent; // else cosine and sine are used: of a diagonal's
    // Where it is input_scale * inputs[input] + input_offset:
    bool is_plain;
    uint32_t input;
    double input_scale, input_offset;
} qhm_batch_entry;

typedef enum qhm_batch_kind {
    QHM_BATCH_ROTATION,
    QHM_BATCH_DIAGONAL,
    QHM_BATCH_PARITIES
} qhm_batch_kind;

typedef struct qhm_batch_op {
    qhm_batch_kind kind;
    bool has_later_diagonal; // forward: a scale can be left to that
    unsigned count;          // directions or parities
    uint32_t masks[QHM_ROTATION_MAX];
    size_t entries[QHM_ROTATION_MAX > QHM_PARITY_MAX ? QHM_ROTATION_MAX : QHM_PARITY_MAX];

    // What is visited, row = outer[o] ^ inner[i] over 2^bits each. ROTATION: the first rows of
    // groups. DIAGONAL: the bits are parities of rows, chosen so that most terms are one bit each.
    unsigned inner_bits, outer_bits;
    uint32_t *inner, *outer;
    uint8_t *inner_signs, *outer_signs; // PARITIES: their XOR is a row's

    size_t *bit_entries;          // [inner_bits + outer_bits] or QHM_BATCH_NO_ENTRY
    struct qhm_batch_term *terms; // parities of several bits of `inner`, or of `outer`
    size_t term_count;
    void *inner_constants, *outer_constants; // [2^bits][2] reals; NULL: 1
    void *table;                             // [outer][inner][2] reals; NULL: 1
    bool is_constant;                        // no entries
} qhm_batch_op;

typedef struct qhm_batch_term {
    size_t entry;
    uint32_t mask; // of the bits of inner or outer
    bool is_outer;
} qhm_batch_term;

#define QHM_BATCH_NO_ENTRY SIZE_MAX

// Forward, and backward with fewer directions a visit, since two states share the registers.
typedef struct qhm_batch_program {
    qhm_batch_op *ops;
    size_t count, capacity;
} qhm_batch_program;

// What a request decides of the order of entries.
typedef struct qhm_batch_sorting {
    bool is_some, has_shifts, is_shared_weight;
} qhm_batch_sorting;

typedef struct qhm_batch {
    const qhm_value_kernels *values;
    const qhm_tile_kernels *kernels;
    const qhm_adjoint_kernels *adjoint;
    qhm_batch_entry *entries;
    size_t entry_count, entry_capacity;
    qhm_batch_program forward, backward;
    qhm_frame frame;
    uint32_t start;                  // the row of |0...0>
    unsigned inner_bits, outer_bits; // of positions, for observables
    uint32_t *inner, *outer;         // rows of their values
    bool has_split_observables;      // every Z-only term lies in inner or in outer bits
    size_t bytes;

    // Of the present request: entries that all samples share, and those of each sample's own.
    qhm_batch_sorting sorting; // what the following was made for
    size_t *slots;             // [entry_count] number among the shared or the own ones
    bool *is_shared;
    size_t *order; // [entry_count] the own ones, then the shared ones
    size_t own_count;
    bool is_contiguous; // own ones are plain, of inputs that follow each other:
    uint32_t first_input;
    double *scales, *offsets; // [entry_count] of plain ones, else 1 and 0
    double *factors;          // [entry_count] of their gradients
} qhm_batch;

// Cosines, sines and tangents of entries.
typedef struct qhm_batch_values {
    double *arguments; // [entries][lanes]
    void *cos_sin;     // [entries][2][lanes]
    void *tangents;    // [entries][lanes]
} qhm_batch_values;

// What a block works in, within its work space.
typedef struct qhm_batch_work {
    double *gathered; // [lanes][entries] arguments of samples
    qhm_batch_values own;
    void *scales;                  // [ops][lanes], of the program that runs
    bool *has_scale;               // [ops]
    void *lacking;                 // [ops][lanes] what both states lack before a backward rotation
    void *pending;                 // [lanes]
    void *inner, *outer;           // [2^bits][2][lanes] phases
    void *inner_sums, *outer_sums; // [2^bits][lanes]
    double *sums;                  // [QHM_PARITY_MAX][lanes]
    double *gradients;             // [entries][lanes] own ones first
} qhm_batch_work;

// Of a circuit whose reduction is complete, in a batched layout.
QHM_MUST_CHECK qhm_status qhm_batch_create(const struct qhm_statevector *plan, qhm_batch **batch);
void qhm_batch_destroy(qhm_batch *batch);
// After the observables are known.
void qhm_batch_split_observables(qhm_batch *batch, const struct qhm_statevector *plan);

void qhm_batch_prepare_shared(struct qhm_statevector_run *run);
void qhm_batch_prepare_own(const struct qhm_block *block);
void qhm_batch_forward(const struct qhm_block *block);
// Fills scales of a program, backward ones with what both states lack.
void qhm_batch_prepare_scales(const struct qhm_block *block, const qhm_batch_program *program);
qhm_tile_rotation qhm_batch_rotation(const struct qhm_block *block, const qhm_batch_op *op,
                                     size_t number);
qhm_tile_parities qhm_batch_parities(const struct qhm_block *block, const qhm_batch_op *op,
                                     size_t number);
// Fills the phase tables of the work space.
qhm_tile_diagonal qhm_batch_diagonal(const struct qhm_block *block, const qhm_batch_op *op,
                                     size_t number);
void qhm_batch_find_terms(const struct qhm_block *block);
// Of a term that is not Z only; y_count: the number of its Y, modulo 4.
void qhm_batch_find_pair_term(const struct qhm_block *block, size_t term, unsigned y_count);
void qhm_batch_apply_observables(const struct qhm_block *block);
void qhm_batch_adjoint(const struct qhm_block *block);

#endif
