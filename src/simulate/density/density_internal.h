// The density-matrix simulator's plan and work space.
#ifndef QHM_SIMULATE_DENSITY_INTERNAL_H
#define QHM_SIMULATE_DENSITY_INTERNAL_H

#include "simulate/backend_internal.h"
#include "simulate/density/density_schedule.h"
#include "simulate/readout.h"
#include "simulate/statevector/statevector_kernels.h"

#include <qhm/random.h>
#include <stdatomic.h>

typedef struct qhm_density_outcomes qhm_density_outcomes;

enum { QHM_DENSITY_TILE_BLOCKS = 64 }; // whose gradients are added up apart

// Values of turns: matrices, and the cosines and sines of their rotations.
typedef struct qhm_density_values {
    double *arguments, *cosines, *sines; // [rotations][lanes]
    char *turns;                         // [turns][12][register or lanes] reals
} qhm_density_values;

// States that a thread works on, or all threads share; made at once.
typedef struct qhm_density_work {
    atomic_bool is_taken;
    char *state;
    qhm_density_values values;
    double *matrices; // [longest turn + 1][12][lanes] products of a turn
    double *scratch;  // [12 + 1][lanes]
    double *outcomes; // [2^n]
    // of gradients, made when first needed
    char *lambda;
    char *checkpoints;      // [checkpoint_count] states
    double *sums, *reduced; // [2][12][lanes], and the same added up
    double *tile_sums;      // tiled: [tile blocks][steps of a pass][2][12]
} qhm_density_work;

// What a thread holds tiles in: one going forward, all of a pass and one more for gradients.
typedef struct qhm_density_tiles {
    atomic_bool is_taken;
    char *memory;
    size_t count;
} qhm_density_tiles;

typedef struct qhm_density {
    const qhm_circuit *circuit; // the plan's
    const qhm_density_kernels *kernels;
    const qhm_statevector_kernels *sincos; // in doubles
    qhm_backend_options options;
    size_t limit_bytes;
    size_t qubit_count, bit_count, bit_words, input_count, weight_count, observable_count;
    bool needs_outcomes;            // conditions: each run follows outcomes of its own
    bool has_early_bits;            // a bit measured before its qubit's last operation
    qhm_density_outcomes *outcomes; // runs what follows outcomes; NULL: not needed
    uint32_t *deferred; // [bit_count] the qubit whose last measurement a bit is, or UINT32_MAX
    double (*flips)[2]; // [bit_count] of those measurements
    double (*readout_flips)[2]; // [qubit_count]; NULL: perfect
    qhm_readout readout, exact; // as measured with shots, and with flips folded in

    qhm_density_program program;
    qhm_density_shape shape;
    qhm_density_schedule schedule;
    bool is_wide;    // lanes are the lowest qubits
    size_t lanes;    // of a row
    size_t elements; // of a state, all lanes
    size_t tile_elements;
    uint8_t places[QHM_DENSITY_MAX_QUBITS]; // digits of the circuit's qubits at the end
    void *map_values;                       // reals of all sparse maps, and of factors
    size_t *map_offsets;                    // [ops][2] where those of an op are
    size_t *rotations;                      // [turns + 1] their first rotation
    size_t segment;                         // checkpoints of gradients are so many passes apart

    qhm_density_values shared; // of turns that all samples share
    double *shared_matrices;
    qhm_density_work *works;
    size_t work_count;
    qhm_density_tiles *tiles;
    size_t tiles_count;
    double *partial_gradients; // [blocks][weight_count]
    size_t partial_capacity;
    int64_t *sums; // [batch][terms] signs of shots
    size_t sum_capacity;
    bool has_gradients; // memory for them is there
    size_t bytes;
    uint64_t flops;
} qhm_density;

// One request on its way.
typedef struct qhm_density_run {
    qhm_density *plan;
    const qhm_request *request;
    bool shares_weights; // turns of weights alone have one value for all samples
    bool wants_adjoint;
} qhm_density_run;

// Samples that one work space holds.
typedef struct qhm_density_block {
    const qhm_density_run *run;
    qhm_density_work *work;
    size_t index, first, count;
} qhm_density_block;

// density_memory.c
QHM_MUST_CHECK qhm_status qhm_density_check_memory(const qhm_density *plan);
QHM_MUST_CHECK qhm_status qhm_density_reserve(qhm_density *plan, size_t batch_count,
                                              bool wants_adjoint, bool wants_signs);
void qhm_density_release_memory(qhm_density *plan);
qhm_density_work *qhm_density_take_work(const qhm_density *plan);
void qhm_density_give_back_work(qhm_density_work *work);
qhm_density_tiles *qhm_density_take_tiles(const qhm_density *plan);
void qhm_density_give_back_tiles(qhm_density_tiles *tiles);
// Whether all threads share one state, in tiles; else each has its own.
static inline bool qhm_density_is_tiled(const qhm_density *plan)
{
    return plan->schedule.tile_runs > 0;
}

// density_values.c: values of the turns, and derivatives by their angles.
void qhm_density_prepare_shared(const qhm_density_run *run);
void qhm_density_prepare_own(const qhm_density_block *block);
// Adds the derivatives by a turn's angles. sums [12][lanes] by its entries.
void qhm_density_add_turn_gradients(const qhm_density_block *block, size_t turn,
                                    const double *sums);
const void *qhm_density_turn_values(const qhm_density_block *block, size_t turn, bool *is_shared);

// density_run.c
qhm_status qhm_density_submit(void *state, const qhm_request *request, void **job);
qhm_status qhm_density_run_exact(void *state, const qhm_exact_request *request,
                                 qhm_distribution *distribution);
// density_forward.c: leaves the final state in work->state. Keeps checkpoints if gradients are
// wanted.
void qhm_density_forward(const qhm_density_block *block);
// The kernel's view of a step between two tiles.
qhm_density_visit qhm_density_visit_of(const qhm_density_block *block, const qhm_density_step *step,
                                       const void *from, void *to);
void qhm_density_apply(const qhm_density_block *block, const qhm_density_step *step,
                       const void *from, void *to);
// Moves a tile of a pass out of a state and back.
size_t qhm_density_tile_base(const qhm_density *plan, const qhm_density_pass *pass, size_t tile);
void qhm_density_gather(const qhm_density *plan, const qhm_density_pass *pass, const void *state,
                        size_t tile, void *to);
void qhm_density_scatter(const qhm_density *plan, const qhm_density_pass *pass, void *state,
                         size_t tile, const void *from);
// Runs a pass from a state to another, or itself.
void qhm_density_run_pass(const qhm_density_block *block, size_t pass, const void *from, void *to);
// density_adjoint.c
void qhm_density_adjoint(const qhm_density_block *block);
// density_readout.c
// Coefficients of one sample: coefficient e is real number e * stride + lane of the state.
typedef struct qhm_density_view {
    const void *state;
    size_t real_bytes, stride, lane;
} qhm_density_view;

qhm_density_view qhm_density_view_of(const qhm_density *plan, const void *state, size_t lane);

static inline double qhm_density_coefficient(const qhm_density_view *view, size_t element)
{
    const size_t place = element * view->stride + view->lane;
    return view->real_bytes == sizeof(float) ? (double)((const float *)view->state)[place]
                                             : ((const double *)view->state)[place];
}
// The number of a string's coefficient.
size_t qhm_density_element(const qhm_density *plan, const qhm_pauli_factor *factors, size_t count);
void qhm_density_read_out(const qhm_density_block *block);
// Probabilities of all outcomes of qubits in the bases of letters [qubit_count], Z where NULL or I.
// places [qubit_count]: their digits.
void qhm_density_probabilities(const qhm_density_view *view, size_t qubit_count,
                               const uint8_t *places, const uint8_t *letters, double *out);

// density.c
const qhm_density_kernels *qhm_density_kernels_find(qhm_isa isa, qhm_precision precision);

// What is read of an outcome where qubits may be read wrong; nothing is drawn where none can be.
uint64_t qhm_density_read_wrong(const qhm_density *plan, uint64_t outcome, qhm_random *stream);

// density_outcomes.c: circuits that follow outcomes. The plan outlives them.
QHM_MUST_CHECK qhm_status qhm_density_outcomes_create(const qhm_density *plan,
                                                      qhm_density_outcomes **outcomes);
void qhm_density_outcomes_destroy(qhm_density_outcomes *outcomes);
size_t qhm_density_outcomes_bytes(const qhm_density_outcomes *outcomes);
QHM_MUST_CHECK qhm_status qhm_density_outcomes_submit(qhm_density_outcomes *outcomes,
                                                      const qhm_request *request);
QHM_MUST_CHECK qhm_status qhm_density_outcomes_run_exact(qhm_density_outcomes *outcomes,
                                                         const qhm_exact_request *request,
                                                         qhm_distribution *distribution);

#endif
