// The state-vector simulator's plan, work space and steps.
//
// Two layouts (README.md draws them): batched, where a row is an amplitude and a lane a sample;
// and wide, where one sample's lowest qubits are the lanes. Positions are qubits as stored: a
// swap only renames them.
#ifndef QHM_SIMULATE_STATEVECTOR_INTERNAL_H
#define QHM_SIMULATE_STATEVECTOR_INTERNAL_H

#include "linalg/pauli.h"
#include "simulate/backend_internal.h"
#include "simulate/statevector/batch.h"
#include "simulate/statevector/reduce.h"
#include "simulate/statevector/statevector_kernels.h"
#include "simulate/statevector/wide.h"
#include "simulate/trajectories/channel_split.h"

#include <qhm/random.h>
#include <stdatomic.h>
#include <stdio.h>

enum {
    QHM_STATEVECTOR_MAX_QUBITS = 48,
    QHM_STATEVECTOR_PREFIX_QUBITS = 16, // sampling: prefix sums over at most 2^16 stretches
    QHM_STATEVECTOR_MAX_ROW_BLOCKS = 256,
    QHM_STATEVECTOR_FEW_LANES = 32, // a block has more only where blocks are many
    QHM_TERM_CHUNK = 64,
    QHM_AMPLITUDE_CHUNK = 256,
    QHM_NO_ANGLE = UINT32_MAX
};

typedef enum qhm_step_kind {
    QHM_STEP_ROTATE_X,
    QHM_STEP_ROTATE_Y,
    QHM_STEP_PHASE,  // times c + i s where all bits of `controls` are 1
    QHM_STEP_PARITY, // exp(-i a/2 Z...Z)
    QHM_STEP_EXCHANGE,
    QHM_STEP_MATRIX, // a constant 2 x 2 matrix
    QHM_STEP_DENSE,  // a constant matrix on several targets
    QHM_STEP_MEASURE,
    QHM_STEP_RESET,
    QHM_STEP_CHANNEL, // does what each state's noise says
    QHM_STEP_SET,     // from here on, of classical bits alone
    QHM_STEP_WHILE,
    QHM_STEP_END
} qhm_step_kind;

// One step of the plan: masks are of positions.
typedef struct qhm_step {
    qhm_step_kind kind;
    uint64_t controls;                       // positions that must be 1
    uint64_t parity;                         // PARITY: positions
    uint32_t targets[QHM_DENSE_MAX_TARGETS]; // positions
    uint32_t target_count;

    uint32_t angle;  // occurrence in circuit order, or QHM_NO_ANGLE: constant
    double scale;    // the argument of sin and cos is scale * angle
    size_t argument; // number among the steps with angles

    bool is_conditional;            // it has a condition, or is in a loop
    const qhm_condition *condition; // NULL: none
    uint32_t written_bit;
    bool written_value; // SET
    double flips[2];    // MEASURE: probabilities of writing the wrong value, of 0 and of 1
    const qhm_channel_split *split; // CHANNEL
    size_t partner;                 // WHILE and END: the step of the other

    // How it is executed.
    qhm_row_kernel *kernel;
    qhm_row_gate gate;
    size_t walk_count;        // rows of its walk
    size_t coefficient_count; // k of coefficients [k] or [k][lanes]
    size_t identity_stride;   // the identity has a 1 at coefficients 0, stride, 2 stride, ...
    size_t identity_count;    // ... this many, and 0 elsewhere
    size_t coefficients;      // offset, in reals: of the constants, or of a coefficient set
    size_t inverse;           // offset of the inverse's constants
    bool is_pattern;          // wide: coefficients = p0 + c p1 + s p2, per lane
    size_t patterns;          // offset of p0, p1, p2 [3][k][lanes] in the constants
    bool uses_input, uses_weight;
} qhm_step;

// A distinct Pauli string of the observables.
typedef struct qhm_term {
    qhm_pauli_masks qubits;    // as the user numbers them
    qhm_pauli_masks positions; // as the steps leave them
    qhm_pauli_masks stored;    // as the engine leaves them, by its frame
    size_t setting;            // the group that measures it, from 0
} qhm_term;

typedef struct qhm_term_use {
    size_t observable, term;
    double coefficient;
} qhm_term_use;

// Values of all angles, and what kernels make of them.
typedef struct qhm_coefficient_set {
    double *arguments;     // [angle steps, padded] or [lanes]
    void *cosines, *sines; // the same shape
    void *coefficients;
} qhm_coefficient_set;

// What one thread works in.
typedef struct qhm_workspace {
    char *memory;
    atomic_bool is_taken;
    qhm_rows psi, lambda;
    qhm_coefficient_set own;
    qhm_wide_values values;  // with a plan of the wide engine
    void *blended;           // coefficients under a condition, or of a measurement
    double *sums;            // [QHM_TERM_CHUNK][lanes]
    double *partial_sums;    // the same for each block of rows
    double *term_values;     // [terms][samples of a block]
    double *weights;         // [terms][lanes] of lambda
    void *real_weights;      // the same as reals
    double *angle_gradients; // [lanes]
    double *prefix;          // [2^min(n, 16) + 1]
    double *amplitudes;      // [2][CHUNK]
    qhm_batch_work batch;
    qhm_random *streams; // [samples of a block]
    // With noise, of each state: its stream, and how much hazard is left until something happens.
    qhm_random *noise_streams;
    double *hazards;
    double *picks;  // [most operators of a rest][samples of a block]
    uint64_t *bits; // [samples of a block][bit words]
    bool *live;     // [loop depth + 1][samples of a block]: has not left the loops
    size_t depth;   // of the loops that the run is in
    size_t turns;   // of loops, since the block began
} qhm_workspace;

// States of a batch of the batched engine, and what they came from.
typedef struct qhm_kept {
    double *memory;
    size_t capacity;    // doubles
    size_t batch_count; // 0: nothing is kept
    bool weights_per_sample;
    double *numbers; // inputs, then weights
    char *states;    // [blocks][2][rows][lanes]
} qhm_kept;

// The noise of a circuit that runs in trajectories.
typedef struct qhm_statevector_noise {
    qhm_channel_splits splits;
    double (*readout_flips)[2]; // [qubits]; NULL: none
    size_t shift_count;         // terms of parameter shift a sample; 0: no angles to shift
    size_t most_operators;      // of a split's rest
    size_t trajectories;        // of a sample whose expectation values are averaged
    bool is_shared; // the wide engine plans the circuit, and trajectories share its runs
} qhm_statevector_noise;

typedef struct qhm_statevector {
    const qhm_circuit *circuit; // the plan's
    const qhm_statevector_kernels *kernels;
    qhm_isa isa;
    const qhm_statevector_noise *noise; // NULL: none
    qhm_batch *batch;                   // NULL: another engine
    size_t qubit_count, bit_words;
    bool is_gate_by_gate, is_wide, is_random, has_lambda;
    bool is_row_parallel; // threads share one state; otherwise each has its own
    unsigned lane_qubits; // log2 of lanes if wide, else 0
    size_t lanes;         // of a row; a block of few samples uses fewer
    size_t block_samples; // samples that a work space holds: lanes, or 1 if wide
    size_t row_count;
    size_t row_block;    // rows that a thread takes at once
    size_t sum_block;    // rows that are added up before doubles take over
    size_t stretch;      // amplitudes between two prefix sums
    uint32_t *positions; // [qubits] at the end of the circuit
    bool is_permuted;

    qhm_angle *angles; // [angle_count]
    size_t angle_count, input_count, weight_count, observable_count, bit_count;
    qhm_step *steps; // the circuit's, then the basis changes of the settings
    size_t step_count, step_capacity;
    size_t circuit_step_count;
    size_t angle_step_count;
    size_t loop_depth;       // the most loops within one another
    atomic_bool is_endless;  // a loop of this request did not end in time
    qhm_reduction reduction; // of the circuit; gone when the engines have planned
    qhm_wide *wide;          // NULL: another engine
    const qhm_frame *frame;  // of the engine; NULL: states are stored by positions
    char *constants;         // reals
    size_t constant_count, constant_capacity;
    size_t set_count; // reals of a coefficient set of one sample
    size_t blended_count;

    // Final measurements that wait until the end: bit b is qubit deferred[b], or none.
    uint32_t *deferred; // [bit_count]

    qhm_term *terms; // Z-only ones first
    size_t term_count, diagonal_count;
    size_t *diagonal_rows; // [2][diagonal_count] masks of row bits: positions, and stored
    qhm_term_use *uses;
    size_t use_count;
    double *constant_values; // [observables] the identity's part
    size_t *setting_steps;   // [setting_count + 1] basis changes: ranges of steps
    size_t setting_count;
    size_t renaming_first, renaming_last; // steps from stored bits to positions

    // Work space, made at once and grown when more threads or samples come.
    char *shared_memory;
    qhm_coefficient_set shared; // of angles that all samples of a request share
    qhm_batch_values shared_values;
    qhm_workspace *workspaces;
    size_t workspace_count;
    double *partial_gradients; // [blocks][weight_count]
    size_t partial_capacity;
    qhm_kept kept;
    int64_t *outcome_sums; // [batch][terms]
    size_t outcome_capacity;
    uint64_t flops; // of one forward sample
    size_t bytes;
} qhm_statevector;

struct qhm_block;

// One request on its way through the blocks.
typedef struct qhm_statevector_run {
    qhm_statevector *plan;
    const qhm_request *request;
    bool is_shared_input, is_shared_weight; // angles of these are one value for all samples
    size_t lanes_per_sample;                // shots if each has a state of its own, else 1
    size_t lanes;                           // of a block's rows
    size_t setting;      // random states: being measured; setting_count: the computational basis
    bool has_own_angles; // some angles differ from sample to sample
    bool wants_adjoint;
    bool uses_wide;        // the wide engine runs it
    bool keeps, uses_kept; // states, for gradients that may follow
    void (*visit)(const struct qhm_block *block,
                  void *context); // sees the final states; NULL: none
    void *visit_context;
} qhm_statevector_run;

// A block: the samples that a work space holds at once.
typedef struct qhm_block {
    const qhm_statevector_run *run;
    qhm_workspace *work;
    size_t first, count; // states [first, first + count) of batch_count * lanes_per_sample
    size_t index;
    size_t lanes;   // of its rows
    size_t samples; // that are computed: count and padding
} qhm_block;

// statevector.c: a plan that runs a circuit with noise, which must outlive it, in trajectories;
// noise NULL: the backend's plan.
QHM_MUST_CHECK qhm_status qhm_statevector_create(
    const qhm_backend *backend, const qhm_statevector_noise *noise, const qhm_circuit *circuit,
    const qhm_observable *const *observables, size_t observable_count,
    const qhm_plan_options *options, qhm_plan_info *information, void **state);
void qhm_statevector_release(void *state);
size_t qhm_statevector_bytes(const void *state);
// statevector_lower.c: the circuit's steps, to the reduction; or to the plan, to run gate by gate.
QHM_MUST_CHECK qhm_status qhm_statevector_reduce(qhm_statevector *plan, const qhm_circuit *circuit,
                                                 uint64_t *flops);
QHM_MUST_CHECK qhm_status qhm_statevector_lower(qhm_statevector *plan, const qhm_circuit *circuit,
                                                uint64_t *flops);
// statevector_place.c: decides kernel, masks and coefficients of a step and appends it.
QHM_MUST_CHECK qhm_status qhm_statevector_place(qhm_statevector *plan, const qhm_step *step,
                                                const qhm_complex *matrix);
// statevector_observables.c
QHM_MUST_CHECK qhm_status qhm_statevector_collect_terms(qhm_statevector *plan,
                                                        const qhm_observable *const *observables,
                                                        size_t count);
void qhm_statevector_expectations(const qhm_block *block);
void qhm_statevector_apply_observables(const qhm_block *block);
// statevector_memory.c
QHM_MUST_CHECK qhm_status qhm_statevector_reserve(qhm_statevector *plan, size_t batch_count,
                                                  size_t shots);
double qhm_statevector_state_bytes(const qhm_statevector *plan);
double qhm_statevector_needed_bytes(const qhm_statevector *plan, size_t batch_count);
// Refuses what does not fit; limit_bytes 0: what the machine can give.
QHM_MUST_CHECK qhm_status qhm_statevector_check_memory(const qhm_statevector *plan, double bytes,
                                                       size_t limit_bytes);
// statevector_kept.c
size_t qhm_statevector_kept_bytes(const qhm_statevector *plan, size_t batch_count); // 0: none kept
// Decides whether the run keeps its states or takes those that are kept.
void qhm_statevector_find_kept(qhm_statevector_run *run);
void qhm_statevector_keep(const qhm_block *block);
void qhm_statevector_restore(const qhm_block *block);
// statevector_run.c: a work space until its is_taken is false again.
qhm_workspace *qhm_statevector_take_workspace(const qhm_statevector *plan);
qhm_status qhm_statevector_submit(void *state, const qhm_request *request, void **job);
// Lanes of a block's rows: a power of two; fewer where blocks are few, so that several threads have
// work. Wide rows are one register.
size_t qhm_statevector_choose_lanes(const qhm_statevector *plan, size_t states);
// Runs a request that was checked.
QHM_MUST_CHECK qhm_status qhm_statevector_run_request(qhm_statevector_run *run);
// statevector_exact.c
qhm_status qhm_statevector_run_exact(void *state, const qhm_exact_request *request,
                                     qhm_distribution *distribution);
// statevector_apply.c
void qhm_statevector_prepare_shared(qhm_statevector_run *run);
void qhm_statevector_prepare_own(const qhm_block *block);
// The state whose amplitude (of every sample, or the one) at `start` is 1.
void qhm_statevector_reset(const qhm_block *block, size_t start);
// The value of an angle for a sample, shifted if the request says so.
double qhm_statevector_angle(const qhm_statevector_run *run, uint32_t angle, size_t sample);
// The same sine and cosine within QHM_LARGEST_ARGUMENT.
double qhm_statevector_tame(double argument);
void qhm_statevector_forward(const qhm_block *block);
void qhm_statevector_apply(const qhm_block *block, const qhm_rows *rows, const qhm_step *step,
                           double sign);
void qhm_statevector_apply_gate(const qhm_block *block, const qhm_rows *rows,
                                qhm_row_kernel *kernel, const qhm_row_gate *gate,
                                size_t walk_count);
// sums[size] = the sum of work over [0, count) in fixed blocks: the same bits for any threads.
typedef void qhm_row_sums(const qhm_statevector *plan, const void *context, size_t first,
                          size_t last, double *sums);
void qhm_statevector_sum(const qhm_block *block, qhm_row_sums *work, const void *context,
                         size_t count, size_t size, double *sums);
// sums[2][lanes] of the inner kernel over a walk.
void qhm_statevector_inner(const qhm_block *block, const qhm_rows *bra, const qhm_rows *ket,
                           const qhm_row_gate *gate, size_t walk_count, double *sums);
// statevector_channels.c
// The stream of a state's noise; kind 1: of its readout.
qhm_random qhm_statevector_noise_stream(const qhm_statevector *plan, const qhm_request *request,
                                        size_t sample, uint64_t shot, int kind);
void qhm_statevector_begin_noise(const qhm_block *block);
// The hazard until something happens.
double qhm_statevector_draw_hazard(qhm_random *stream);
void qhm_statevector_run_channel(const qhm_block *block, const qhm_step *step);
// Flips of the readout of all qubits, for an outcome of them.
uint64_t qhm_statevector_readout_flips(const qhm_statevector *plan, qhm_random *stream,
                                       uint64_t qubits);
// statevector_adjoint.c
void qhm_statevector_adjoint(const qhm_block *block);
// Chain rule from an angle to its slots, for one sample of the block.
void qhm_statevector_add_slots(const qhm_block *block, uint32_t angle, size_t in_block,
                               double gradient);
// Values of all terms, into term_values.
void qhm_statevector_find_terms(const qhm_block *block);
// Turns the letters of a setting into Z, or back; then amplitudes lie by positions.
void qhm_statevector_turn(const qhm_block *block, size_t setting, double sign);
bool qhm_statevector_changes_basis(const qhm_statevector *plan, size_t setting);
// statevector_shots.c
// True when a state of the block runs a step: its condition holds and it has not left a loop.
bool qhm_statevector_is_running(const qhm_block *block, const qhm_step *step, size_t in_block);
// Runs step `index` on classical bits; returns the index of the step to run next.
size_t qhm_statevector_run_classical(const qhm_block *block, size_t index);
void qhm_statevector_measure(const qhm_block *block, const qhm_step *step);
// The weight of 1 on a measurement's or reset's qubit, and of both, in the first state of a block;
// and the projection of all its states, which are alike, onto an outcome of this weight.
void qhm_statevector_weigh(const qhm_block *block, const qhm_step *step, double *one, double *norm);
void qhm_statevector_choose(const qhm_block *block, const qhm_step *step, bool outcome,
                            double probability);
void qhm_statevector_sample(const qhm_block *block);
qhm_random qhm_statevector_stream(const qhm_block *block, size_t in_block, size_t setting);
// Reads up to QHM_AMPLITUDE_CHUNK amplitudes of a state from `first` into work->amplitudes
// [2][QHM_AMPLITUDE_CHUNK]; returns how many.
size_t qhm_statevector_read(const qhm_block *block, size_t in_block, size_t first);
// A basis state by qubits from the number of its amplitude.
uint64_t qhm_statevector_to_qubits(const qhm_statevector_run *run, uint64_t amplitude);

static inline double qhm_sign(uint64_t bits)
{
    return __builtin_parityll(bits) ? -1 : 1;
}

#endif
