// Exact distributions of simulators that go gate by gate: listed where one run describes all
// outcomes, else by following all branches.
#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"
#include "simulate/stepper.h"

#include <string.h>

// A branch between two random outcomes.
typedef struct step_branch {
    void *state;
    qhm_walk walk;
    const qhm_instruction *waiting; // the measurement or reset whose outcome is to be chosen
} step_branch;

// The context of branches begins with their sample.
typedef struct exact_run {
    qhm_step_sample sample;
    qhm_accuracy worst;
} exact_run;

static void note_accuracy(exact_run *run, const void *state)
{
    qhm_accuracy now = {0};
    if (!run->sample.plan->ops->accuracy)
        return;
    run->sample.plan->ops->accuracy(state, &now);
    if (now.largest_bond > run->worst.largest_bond)
        run->worst.largest_bond = now.largest_bond;
    if (now.truncation_error > run->worst.truncation_error)
        run->worst.truncation_error = now.truncation_error;
}

static void destroy_branch(void *context, void *branch)
{
    const qhm_step_sample *sample = context;
    step_branch *b = branch;
    if (b->state)
        sample->plan->ops->destroy(b->state);
    qhm_release(b->walk.bits);
    qhm_release(b);
}

static qhm_status create_branch(void *context, void **branch)
{
    const qhm_step_sample *sample = context;
    const qhm_stepper *plan = sample->plan;
    step_branch *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = qhm_allocate(plan->bit_words, sizeof *made->walk.bits, &made->walk.bits);
    if (status == QHM_OK)
        status = plan->ops->create(plan, &made->state);
    if (status != QHM_OK) {
        destroy_branch(context, made);
        return status;
    }
    *branch = made;
    return QHM_OK;
}

static qhm_status copy_branch(void *context, void *to, const void *from)
{
    const qhm_step_sample *sample = context;
    const step_branch *source = from;
    step_branch *target = to;
    QHM_TRY(sample->plan->ops->copy(target->state, source->state));
    memcpy(target->walk.bits, source->walk.bits,
           sample->plan->bit_words * sizeof *source->walk.bits);
    target->walk.next = source->walk.next;
    target->walk.turns = source->walk.turns;
    target->waiting = source->waiting;
    return QHM_OK;
}

static qhm_status advance(void *context, void *branch, double *one, bool *is_at_end)
{
    const qhm_step_sample *sample = context;
    const qhm_stepper *plan = sample->plan;
    step_branch *b = branch;
    size_t index;
    for (;;) {
        double angles[QHM_GATE_MAX_ANGLES];
        QHM_TRY(qhm_walk_next(&plan->walk, &b->walk, &b->waiting, &index));
        *is_at_end = !b->waiting;
        if (*is_at_end) {
            note_accuracy(context, b->state);
            return QHM_OK;
        }
        if (b->waiting->gate == QHM_GATE_MEASURE || b->waiting->gate == QHM_GATE_RESET)
            return plan->ops->one_probability(b->state, b->waiting->qubits[0], one);
        qhm_stepper_angles(sample, b->waiting, index, angles);
        QHM_TRY(plan->ops->apply(b->state, b->waiting, index, angles));
    }
}

static qhm_status choose(void *context, void *branch, bool outcome)
{
    const qhm_step_sample *sample = context;
    const qhm_stepper_ops *ops = sample->plan->ops;
    step_branch *b = branch;
    const uint32_t qubit = b->waiting->qubits[0];
    double one; // a copy has not been asked yet
    QHM_TRY(ops->one_probability(b->state, qubit, &one));
    QHM_TRY(ops->collapse(b->state, qubit, outcome));
    if (b->waiting->gate == QHM_GATE_MEASURE) {
        qhm_walk_write(&b->walk, b->waiting->bit, outcome);
        return QHM_OK;
    }
    const qhm_instruction flip = {.gate = QHM_GATE_X, .qubit_count = 1, .qubits = &qubit};
    return outcome ? ops->apply(b->state, &flip, QHM_NO_INSTRUCTION, NULL) : QHM_OK;
}

static const uint64_t *bits_of(const void *branch)
{
    const step_branch *b = branch;
    return b->walk.bits;
}

static qhm_status expectations(void *context, void *branch, double *values)
{
    const qhm_step_sample *sample = context;
    const step_branch *b = branch;
    return qhm_stepper_expectations(sample, b->state, values);
}

static const qhm_branch_ops branch_ops = {.create = create_branch,
                                          .destroy = destroy_branch,
                                          .copy = copy_branch,
                                          .advance = advance,
                                          .choose = choose,
                                          .bits = bits_of,
                                          .expectations = expectations};

static qhm_status follow_branches(exact_run *run, const qhm_exact_request *request,
                                  qhm_distribution *distribution)
{
    const qhm_stepper *plan = run->sample.plan;
    uint64_t *mask;
    QHM_TRY(qhm_allocate(plan->bit_words, sizeof *mask, &mask));
    qhm_circuit_mark_registers(plan->circuit, mask);
    qhm_status status = qhm_branches_run(&branch_ops, run, request, plan->observable_count, mask,
                                         plan->bit_words, distribution);
    qhm_release(mask);
    return status;
}

static qhm_status list(const qhm_step_sample *sample, const qhm_exact_request *request,
                       qhm_step_worker *worker, qhm_distribution *distribution, bool *is_done)
{
    const qhm_stepper *plan = sample->plan;
    QHM_TRY(qhm_stepper_run_once(sample, worker, is_done));
    if (!*is_done)
        return QHM_OK;
    if (request->expectations)
        QHM_TRY(qhm_stepper_expectations(sample, worker->state, request->expectations));
    return distribution ? plan->ops->list(worker->state, request, distribution) : QHM_OK;
}

qhm_status qhm_stepper_run_exact(void *state, const qhm_exact_request *request,
                                 qhm_distribution *distribution)
{
    qhm_stepper *plan = state;
    if (plan->is_noisy && (distribution || plan->is_random))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "stabilizer draws noise, so that it has no exact distribution; use shots, "
                        "or density_matrix");
    const qhm_request slots = {
        .batch_count = 1, .inputs = request->inputs, .weights = request->weights};
    exact_run run = {.sample = {.plan = plan, .request = &slots}};
    qhm_step_worker *worker;
    bool is_done = false;
    int token = qhm_serial_begin();
    qhm_status status = qhm_stepper_take(plan, &worker);
    if (status == QHM_OK) {
        status = list(&run.sample, request, worker, distribution, &is_done);
        if (is_done)
            note_accuracy(&run, worker->state);
        qhm_stepper_give_back(worker);
    }
    if (status == QHM_OK && !is_done)
        status = follow_branches(&run, request, distribution);
    plan->accuracy = run.worst;
    qhm_serial_end(token);
    return status;
}
