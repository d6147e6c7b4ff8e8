// What simulators have in common that run a circuit gate by gate on one state: batches, shots,
// settings, random streams, and threads over samples and shots.
//
// Such a simulator is a table of functions on a state of its own. Where one run describes all shots
// (a circuit without random states, or any that `describe` takes), shots are drawn from it; else
// each shot runs the circuit with outcomes of its own.
#ifndef QHM_SIMULATE_STEPPER_H
#define QHM_SIMULATE_STEPPER_H

#include "simulate/backend_internal.h"
#include "simulate/readout.h"
#include "simulate/trajectories/channel_split.h"
#include "simulate/walk.h"

#include <qhm/distribution.h>
#include <qhm/random.h>
#include <stdatomic.h>

typedef struct qhm_stepper qhm_stepper;

// What a run of a circuit needs to know of a sample.
typedef struct qhm_step_sample {
    const qhm_stepper *plan;
    const qhm_request *request;
    size_t sample;
} qhm_step_sample;

typedef struct qhm_stepper_ops {
    // Checks the circuit, and makes what all states share (plan->program).
    qhm_status (*prepare)(qhm_stepper *plan);
    void (*release)(qhm_stepper *plan);

    qhm_status (*create)(const qhm_stepper *plan, void **state);
    void (*destroy)(void *state);
    void (*reset)(void *state); // |0...0>; also after any failure
    qhm_status (*copy)(void *to, const void *from);
    size_t (*bytes)(const void *state);

    // Gates: instruction `index` of the circuit, or QHM_NO_INSTRUCTION.
    qhm_status (*apply)(void *state, const qhm_instruction *instruction, size_t index,
                        const double *angles);
    qhm_status (*one_probability)(void *state, uint32_t qubit, double *one);
    // Right after one_probability of the same qubit, for an outcome that has a probability.
    qhm_status (*collapse)(void *state, uint32_t qubit, bool outcome);

    qhm_status (*expectation)(void *state, const qhm_pauli_factor *factors, size_t count,
                              double *value);
    qhm_status (*amplitudes)(void *state, qhm_complex *amplitudes);

    // Makes ready to draw the wanted qubits [qubit_count] (NULL: all); after that only draw, reset
    // and copy to it are called.
    qhm_status (*prepare_draws)(void *state, const bool *wanted);
    size_t (*scratch_bytes)(const void *state);
    // Draws qubits [words]; and bits [words] after describe. The state stays as it is.
    void (*draw)(const void *state, qhm_random *random, void *scratch, uint64_t *qubits,
                 uint64_t *bits);

    // Appends the distribution of the classical bits, of measurements that waited until the end
    // or after describe; what is left out of it is added to *request->lost_probability. Like
    // prepare_draws, it may spoil the state.
    qhm_status (*list)(void *state, const qhm_exact_request *request,
                       qhm_distribution *distribution);

    // Optional: runs a circuit with random states once for all outcomes, from |0...0>, if it can.
    qhm_status (*describe)(void *state, const qhm_step_sample *sample, bool *is_described);

    // Of backends that have channels, all of which are of Pauli strings:
    // all shots of a sample without conditions and loops; signs are added to sums [terms].
    qhm_status (*run_noisy)(void *state, const qhm_step_sample *sample, int64_t *sums);
    // factors [terms]: what noise leaves of expectation values.
    qhm_status (*damping)(const qhm_step_sample *sample, const qhm_readout *readout,
                          double *factors);

    // Optional: the largest bond and the truncation error since reset.
    void (*accuracy)(const void *state, qhm_accuracy *accuracy);
} qhm_stepper_ops;

#define QHM_NO_INSTRUCTION SIZE_MAX

// What a thread works in; states are made when first needed.
typedef struct qhm_step_worker {
    atomic_bool is_taken;
    void *state, *turned;
    qhm_walk walk;
    uint64_t *qubits; // an outcome
    char *scratch;
    size_t scratch_bytes;
} qhm_step_worker;

struct qhm_stepper {
    const qhm_stepper_ops *ops;
    const qhm_circuit *circuit; // the plan's
    void *program;              // of the ops
    qhm_backend_options options;
    size_t limit_bytes;
    size_t qubit_count, bit_count, input_count, weight_count, observable_count;
    size_t qubit_words, bit_words;
    qhm_walk_plan walk;
    qhm_readout readout;
    uint32_t *deferred; // [bit_count] where measurements that wait find their qubit
    // [setting_count + 1][qubit_count] qubits that a setting reads; the last row: those of
    // measurements that wait
    bool *is_wanted;
    bool is_random;
    bool is_noisy, has_feedback; // conditions or operations on classical bits
    qhm_channel_splits splits;
    double (*readout_flips)[2]; // [qubits]; NULL: none
    qhm_readout exact_readout;  // of what a wrong readout makes of the observables; or empty
    qhm_step_worker *workers;
    size_t worker_count;
    int64_t *sums; // [batch][terms] of signs
    size_t sum_capacity;
    qhm_accuracy accuracy; // of the last request
};

QHM_MUST_CHECK qhm_status qhm_stepper_create(const qhm_stepper_ops *ops, const qhm_backend *backend,
                                             const qhm_circuit *circuit,
                                             const qhm_observable *const *observables,
                                             size_t observable_count,
                                             const qhm_plan_options *options,
                                             qhm_plan_info *information, void **state);
void qhm_stepper_release(void *state);
size_t qhm_stepper_bytes(const void *state);
// stepper_run.c
qhm_status qhm_stepper_submit(void *state, const qhm_request *request, void **job);
// stepper_exact.c
qhm_status qhm_stepper_run_exact(void *state, const qhm_exact_request *request,
                                 qhm_distribution *distribution);
void qhm_stepper_accuracy(const void *state, qhm_accuracy *accuracy);

// Inside: a worker for each thread's sample, and one for the shots that it draws.
QHM_MUST_CHECK qhm_status qhm_stepper_reserve(qhm_stepper *plan);
// A worker with its state, to be given back; the state after the circuit, measurements left
// out; *is_described says whether there is one state for all outcomes.
QHM_MUST_CHECK qhm_status qhm_stepper_take(const qhm_stepper *plan, qhm_step_worker **worker);
void qhm_stepper_give_back(qhm_step_worker *worker);
QHM_MUST_CHECK qhm_status qhm_stepper_run_once(const qhm_step_sample *sample,
                                               qhm_step_worker *worker, bool *is_described);
QHM_MUST_CHECK qhm_status qhm_stepper_expectations(const qhm_step_sample *sample, void *state,
                                                   double *values);

// The values of an instruction's angles for a sample, shifted if its request says so.
void qhm_stepper_angles(const qhm_step_sample *sample, const qhm_instruction *instruction,
                        size_t index, double *angles);

#endif
