// What a backend must do: one const table of functions. Copy statevector/statevector.c.
#ifndef QHM_SIMULATE_BACKEND_INTERNAL_H
#define QHM_SIMULATE_BACKEND_INTERNAL_H

#include "base/cpu.h"

#include <qhm/job.h>
#include <qhm/ledger.h>
#include <qhm/plan.h>

typedef struct qhm_backend_ops {
    qhm_backend_info information;
    bool has_adjoint; // submit serves requests whose gradient_method is QHM_GRADIENT_ADJOINT
    // Takes channels, flips of measurements and readout_flips; plans of others refuse them.
    bool has_channels;

    // Prepares a circuit without delays and Pauli measurements, which is the plan's own and
    // outlives the state. `information` comes with the circuit's own counts; this adds
    // setting_count, has_random_states and flops.
    qhm_status (*prepare)(const qhm_backend *backend, const qhm_circuit *circuit,
                          const qhm_observable *const *observables, size_t observable_count,
                          const qhm_plan_options *options, qhm_plan_info *information,
                          void **state);
    void (*release)(void *state);
    size_t (*bytes)(const void *state);

    // Runs or starts a checked request. *job is NULL when it is done already. Requests for
    // gradients by parameter shift never come here: they arrive as runs with shifts.
    qhm_status (*submit)(void *state, const qhm_request *request, void **job);

    // Of a backend that has_adjoint, whether a plan has; NULL: all have.
    bool (*can_adjoint)(const void *state);

    // Appends the exact distribution of one sample's classical bits to `distribution`, or only
    // computes expectation values where that is NULL; all else in the request is checked, and its
    // pointers are not NULL but for expectations.
    qhm_status (*run_exact)(void *state, const qhm_exact_request *request,
                            qhm_distribution *distribution);

    // What the results of the last request are worth; NULL: exact.
    void (*accuracy)(const void *state, qhm_accuracy *accuracy);

    // Only for backends that hand out jobs; otherwise NULL.
    // poll waits at most timeout_seconds; *outcome is the error of a job that failed.
    qhm_status (*poll)(void *job, double timeout_seconds, qhm_job_state *state,
                       qhm_status *outcome);
    qhm_status (*cancel)(void *job);
    void (*discard)(void *job); // cancels if need be, and frees
} qhm_backend_ops;

// Turns of a circuit's loops in one run of it; more are taken for a loop without end.
enum { QHM_LOOP_MAX_TURNS = 1000000 };

// The error for that.
qhm_status qhm_fail_endless_loop(void);

struct qhm_backend {
    const qhm_backend_ops *ops;
    qhm_isa isa;
    bool is_gate_by_gate;
    qhm_backend_options options; // with defaults filled in
};

// What a plan has run: qhm_plan_ledger makes counts of it. A run is a shot, or an exact one.
typedef struct qhm_plan_record {
    uint64_t value_circuits, value_exact, value_shots; // a sample's expectations in one setting
    uint64_t value_runs;                               // runs in each setting
    uint64_t outcome_circuits, outcome_exact, outcome_shots; // bits, samples, states
    uint64_t bit_runs, sample_runs, outcome_runs;
    uint64_t states_read, adjoint_gradients;
} qhm_plan_record;

struct qhm_plan {
    qhm_backend *backend;
    qhm_circuit *circuit;
    qhm_circuit *given;              // what the circuit was lowered from; NULL: the same
    qhm_phase_counts setting_counts; // of reading out each setting once
    qhm_plan_record record;
    void *state; // the backend's
    qhm_plan_info information;
    struct qhm_parameter_shift *shift; // made when first needed
};

extern const qhm_backend_ops qhm_statevector_backend, qhm_stabilizer_backend, qhm_mps_backend,
    qhm_trajectories_backend, qhm_density_backend;

// Checks counts, pointers and finiteness; the message names the place and value.
QHM_MUST_CHECK qhm_status qhm_request_check(const qhm_plan_info *plan, const qhm_request *request);

static inline bool qhm_request_wants_gradients(const qhm_request *request)
{
    return request->input_gradients || request->weight_gradients;
}

// Checks a request and settles how its gradients, if any, are computed.
QHM_MUST_CHECK qhm_status qhm_plan_settle(const qhm_plan *plan, const qhm_request *request,
                                          qhm_gradient_method *method);

// Runs a request of a plan whose gradient method is settled, and waits for it.
QHM_MUST_CHECK qhm_status qhm_plan_submit_and_wait(qhm_plan *plan, const qhm_request *request);

// Counts what reading out observables takes, one run a setting. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_plan_count_settings(const qhm_observable *const *observables,
                                                  size_t count, qhm_plan *plan);

// Takes down a request that has been run.
void qhm_plan_take_down(qhm_plan *plan, const qhm_request *request);
void qhm_plan_take_down_exact(qhm_plan *plan, bool has_expectations, bool has_distribution);

// Gradients by parameter shift through the backend's submit: the shifted circuits of all samples
// and angles are samples of a few large batches.
QHM_MUST_CHECK qhm_status qhm_parameter_shift_run(qhm_plan *plan, const qhm_request *request);
void qhm_parameter_shift_destroy(struct qhm_parameter_shift *shift);
size_t qhm_parameter_shift_bytes(const struct qhm_parameter_shift *shift);

// d angle / d (factor which): scale times the other factor's value; 0 for an empty factor.
double qhm_angle_derivative(const qhm_angle *angle, unsigned which, const double *inputs,
                            const double *weights);

#endif
