// The wide engine's side towards the rest of the simulator: plans and their runs.
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_RUN_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_RUN_H

#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide.h"

// Of a circuit whose reduction is complete, in a wide layout.
QHM_MUST_CHECK qhm_status qhm_wide_create(const qhm_statevector *plan, qhm_isa isa,
                                          qhm_wide **wide);
void qhm_wide_destroy(qhm_wide *wide);
size_t qhm_wide_bytes(const qhm_wide *wide); // held, the work spaces' values aside
// Buffers for this many threads.
QHM_MUST_CHECK qhm_status qhm_wide_reserve(qhm_wide *wide, size_t threads);
double qhm_wide_buffer_bytes(const qhm_wide *wide, size_t threads);

// wide_values.c
QHM_MUST_CHECK qhm_status qhm_wide_fill_constants(qhm_wide *wide);
void qhm_wide_fill_values(const qhm_block *block);
// The two parts of that, for angles that change from run to run: arguments [items] as the sample
// has them; and what those in `values` come to in one pass.
void qhm_wide_find_arguments(const qhm_block *block, double *arguments);
void qhm_wide_fill_pass(const qhm_wide *wide, const qhm_wide_pass *pass, qhm_wide_values *values);
// As the kernels will have it.
double qhm_wide_rounded(const qhm_wide *wide, double number);
// A product of parities in the tile of this number; *norm is multiplied by what rounding took.
qhm_wide_factor qhm_wide_factor_of(const qhm_wide *wide, const qhm_wide_values *values,
                                   const qhm_wide_product *product, uint64_t number, double *norm);

// wide_run.c
// Operations in one tile.
typedef struct qhm_wide_step {
    const qhm_wide *wide;
    const qhm_wide_values *values;
    qhm_wide_buffer *buffer; // NULL when the tile is the state
    qhm_wide_tile tile;
    uint64_t number; // of the tile
    double sign;     // -1: the inverse
    double pending;  // a factor that the tile lacks: cosines, and what rounding took
} qhm_wide_step;

// What kernels need for an operation here; the step's pending factor goes into their scale, or
// on to later operations.
qhm_wide_rotations qhm_wide_rotations_of(qhm_wide_step *step, const qhm_wide_op *op);
qhm_wide_parities qhm_wide_parities_of(qhm_wide_step *step, const qhm_wide_op *op);
typedef struct qhm_wide_phases {
    const void *sides[2]; // NULL: all are 1
    qhm_wide_diagonal diagonal;
} qhm_wide_phases;
qhm_wide_phases qhm_wide_phases_of(qhm_wide_step *step, const qhm_wide_op *op);
const qhm_wide_diagonal *qhm_wide_section_of(const qhm_wide *wide, const qhm_wide_op *op,
                                             size_t section, qhm_wide_phases *phases);
void qhm_wide_apply_rotations(const qhm_wide *wide, const qhm_wide_tile *tile,
                              const qhm_wide_op *op, const qhm_wide_rotations *rotations);
// What the last operation of a pass could not apply, for it was too small: nearly always 1.
double qhm_wide_take_rest(qhm_wide_step *step);
void qhm_wide_scale(const qhm_wide *wide, const qhm_wide_tile *tile, double scale);
size_t qhm_wide_row_count(const qhm_wide *wide); // of a tile
void *qhm_wide_real_at(const qhm_wide *wide, const void *reals, size_t offset);

qhm_wide_copy qhm_wide_copy_of(const qhm_wide *wide, const qhm_wide_pass *pass, uint64_t number,
                               const qhm_rows *state);
qhm_wide_buffer *qhm_wide_take_buffer(const qhm_wide *wide);
void qhm_wide_return_buffer(qhm_wide_buffer *buffer);
// A pass on the block's psi.
void qhm_wide_run_pass(const qhm_block *block, const qhm_wide_pass *pass);
// |0...0> through the circuit, into the block's psi.
void qhm_wide_forward(const qhm_block *block);

// wide_readout.c: the first `count` terms, which only have Z, as the state holds them.
QHM_MUST_CHECK qhm_status qhm_wide_prepare_readout(qhm_wide *wide, const qhm_term *terms,
                                                   size_t count);
size_t qhm_wide_readout_blocks(const qhm_wide *wide);
void qhm_wide_read_terms(const qhm_block *block);  // into term_values
void qhm_wide_weigh_terms(const qhm_block *block); // lambda = sum of weights times terms on psi

// wide_adjoint.c: with lambda made, the gradients of all angles, added to their slots.
void qhm_wide_adjoint(const qhm_block *block);
// Of a sample's sums over blocks of tiles.
size_t qhm_wide_partial_count(const qhm_wide *wide);

#endif
