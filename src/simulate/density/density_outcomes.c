// Circuits in which something follows outcomes: a run for each shot, or all branches.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/running_sums.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"
#include "simulate/density/density_state.h"
#include "simulate/walk.h"

#include <qhm/threads.h>
#include <stdio.h>
#include <string.h>

enum { SHOTS_A_BLOCK = 8, MESSAGE_BYTES = 512, MOST_WAITING = 1024, WAITING_BYTES = 1 << 28 };

// A state on its way through the circuit; made when first needed.
typedef struct outcome_worker {
    atomic_bool is_taken;
    qhm_density_state *state;
    qhm_walk walk;
} outcome_worker;

struct qhm_density_outcomes {
    const qhm_density *plan;
    qhm_density_parts *parts;
    qhm_walk_plan walk;
    outcome_worker *workers;
    size_t worker_count;
    int64_t *sums; // [terms]
};

// One sample of a request.
typedef struct outcome_run {
    qhm_density_outcomes *outcomes;
    const qhm_request *request;
    size_t sample, setting;
    uint64_t *live; // exactly: [instructions + 1][bit words] of qhm_walk_find_live_bits
    qhm_status status;
    char message[MESSAGE_BYTES];
    atomic_bool has_failed;
} outcome_run;

static void find_angles(const outcome_run *run, const qhm_instruction *instruction, size_t index,
                        double *angles)
{
    const qhm_density *plan = run->outcomes->plan;
    const qhm_request *request = run->request;
    const double *inputs =
        request->inputs ? request->inputs + run->sample * plan->input_count : NULL;
    const double *weights = request->weights;
    if (weights && request->weights_per_sample)
        weights += run->sample * plan->weight_count;
    for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++) {
        angles[a] = qhm_angle_value(&instruction->angles[a], inputs, weights);
        if (request->shifts &&
            request->shifts[run->sample].angle == run->outcomes->walk.first_angles[index] + a)
            angles[a] += request->shifts[run->sample].radians;
    }
}

// Runs on to the next measurement, or (NULL) to the end.
static qhm_status advance(const outcome_run *run, qhm_density_state *state, qhm_walk *walk,
                          const qhm_instruction **measurement)
{
    size_t index;
    for (;;) {
        double angles[QHM_GATE_MAX_ANGLES];
        QHM_TRY(qhm_walk_next(&run->outcomes->walk, walk, measurement, &index));
        if (!*measurement || (*measurement)->gate == QHM_GATE_MEASURE)
            return QHM_OK;
        if ((*measurement)->gate == QHM_GATE_RESET) {
            qhm_density_state_discard(state, (*measurement)->qubits[0]);
            continue;
        }
        find_angles(run, *measurement, index, angles);
        qhm_density_state_apply(state, index, angles);
    }
}

static qhm_status run_shot(const outcome_run *run, outcome_worker *worker, qhm_random *stream)
{
    const qhm_instruction *measurement;
    qhm_density_state_reset(worker->state);
    qhm_walk_begin(&run->outcomes->walk, &worker->walk);
    for (;;) {
        QHM_TRY(advance(run, worker->state, &worker->walk, &measurement));
        if (!measurement)
            return QHM_OK;
        const uint32_t qubit = measurement->qubits[0];
        const bool outcome =
            qhm_random_uniform(stream) <
            qhm_density_state_one_probability(worker->state, qubit, measurement->flips);
        qhm_density_state_collapse(worker->state, qubit, measurement->flips, outcome);
        qhm_walk_write(&worker->walk, measurement->bit, outcome);
    }
}

static void write_shot(const outcome_run *run, const outcome_worker *worker, size_t shot,
                       qhm_random *stream)
{
    const qhm_density *plan = run->outcomes->plan;
    const qhm_request *request = run->request;
    const size_t place = run->sample * request->shots + shot, all = (size_t)1 << plan->qubit_count;
    const bool is_setting = run->setting < plan->readout.setting_count;
    qhm_density_state *state = worker->state;
    if (!is_setting && request->bits)
        memcpy(request->bits + place * plan->bit_words, worker->walk.bits,
               plan->bit_words * sizeof *request->bits);
    if (!is_setting && request->probabilities)
        qhm_density_state_probabilities(state, NULL, request->probabilities + run->sample * all);
    if (!is_setting && !request->samples)
        return;
    qhm_density_state_probabilities(
        state, is_setting ? plan->readout.letters + run->setting * plan->qubit_count : NULL,
        state->sums);
    for (size_t i = 1; i < all; i++)
        state->sums[i] += state->sums[i - 1];
    const uint64_t read = qhm_density_read_wrong(
        plan, qhm_running_sums_draw(state->sums, (size_t)1 << plan->qubit_count, stream), stream);
    if (!is_setting) {
        request->samples[place] = read;
        return;
    }
    for (size_t t = 0; t < plan->readout.term_count; t++)
        if (plan->readout.terms[t].setting == run->setting)
            __atomic_fetch_add(&run->outcomes->sums[t],
                               qhm_readout_sign(&plan->readout, &plan->readout.terms[t], &read),
                               __ATOMIC_RELAXED);
}

typedef struct failure {
    outcome_run *run;
    qhm_status status;
} failure;

static void note_failure(void *context)
{
    const failure *f = context;
    if (f->run->status != QHM_OK)
        return;
    f->run->status = f->status;
    snprintf(f->run->message, sizeof f->run->message, "%s", qhm_error_message());
    atomic_store_explicit(&f->run->has_failed, true, memory_order_relaxed);
}

static qhm_status take_worker(const qhm_density_outcomes *outcomes, outcome_worker **worker)
{
    outcome_worker *taken;
    for (size_t i = 0;; i = (i + 1) % outcomes->worker_count) {
        taken = &outcomes->workers[i];
        if (!atomic_exchange_explicit(&taken->is_taken, true, memory_order_acquire))
            break;
    }
    const qhm_status status =
        taken->state ? QHM_OK : qhm_density_state_create(outcomes->parts, &taken->state);
    if (status != QHM_OK) {
        atomic_store_explicit(&taken->is_taken, false, memory_order_release);
        return status;
    }
    *worker = taken;
    return QHM_OK;
}

static void run_shots(size_t first, size_t last, void *context)
{
    outcome_run *run = context;
    const qhm_request *request = run->request;
    outcome_worker *worker;
    failure f = {.run = run};
    if (atomic_load_explicit(&run->has_failed, memory_order_relaxed))
        return;
    f.status = take_worker(run->outcomes, &worker);
    if (f.status == QHM_OK) {
        for (size_t shot = first; f.status == QHM_OK && shot < last; shot++) {
            qhm_random stream = qhm_random_stream(request->seed, QHM_RANDOM_SHOTS, request->step,
                                                  request->first_sample + run->sample,
                                                  (uint64_t)run->setting << 40 | (1 + shot));
            f.status = run_shot(run, worker, &stream);
            if (f.status == QHM_OK)
                write_shot(run, worker, shot, &stream);
        }
        atomic_store_explicit(&worker->is_taken, false, memory_order_release);
    }
    if (f.status != QHM_OK)
        qhm_parallel_exclusive(note_failure, &f);
}

static void average_signs(const outcome_run *run)
{
    const qhm_readout *readout = &run->outcomes->plan->readout;
    double *out = run->request->expectations + run->sample * readout->observable_count;
    memcpy(out, readout->constants, readout->observable_count * sizeof *out);
    for (size_t t = 0; t < readout->term_count; t++)
        out[readout->terms[t].observable] += readout->terms[t].coefficient *
                                             (double)run->outcomes->sums[t] /
                                             (double)run->request->shots;
}

static void run_sample(outcome_run *run)
{
    const qhm_readout *readout = &run->outcomes->plan->readout;
    const qhm_request *request = run->request;
    if (request->expectations) {
        memset(run->outcomes->sums, 0, readout->term_count * sizeof *run->outcomes->sums);
        for (run->setting = 0; run->setting < readout->setting_count; run->setting++)
            qhm_parallel_for(request->shots, SHOTS_A_BLOCK, run_shots, run);
        average_signs(run);
    }
    run->setting = readout->setting_count;
    if (request->samples || request->bits || request->probabilities)
        qhm_parallel_for(request->shots, SHOTS_A_BLOCK, run_shots, run);
}

static qhm_status reserve(qhm_density_outcomes *outcomes)
{
    const size_t wanted = qhm_parallel_is_nested() ? 1 : (size_t)qhm_threads_count();
    if (wanted <= outcomes->worker_count)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(outcomes->worker_count, wanted, sizeof *outcomes->workers,
                           &outcomes->workers));
    while (outcomes->worker_count < wanted) {
        qhm_walk *walk = &outcomes->workers[outcomes->worker_count].walk;
        QHM_TRY(qhm_allocate(outcomes->plan->bit_words, sizeof *walk->bits, &walk->bits));
        outcomes->worker_count++;
    }
    return QHM_OK;
}

qhm_status qhm_density_outcomes_submit(qhm_density_outcomes *outcomes, const qhm_request *request)
{
    QHM_TRY(reserve(outcomes));
    outcome_run run = {.outcomes = outcomes, .request = request, .status = QHM_OK};
    for (; run.sample < request->batch_count && run.status == QHM_OK; run.sample++)
        run_sample(&run);
    return run.status == QHM_OK ? QHM_OK : QHM_FAIL(run.status, "%s", run.message);
}

// A branch between two random outcomes. The context of branches is their sample's run.
typedef struct outcome_branch {
    qhm_density_state *state;
    qhm_walk walk;
    const qhm_instruction *waiting; // the measurement whose outcome is to be chosen
} outcome_branch;

static void destroy_branch(void *context, void *branch)
{
    (void)context;
    outcome_branch *b = branch;
    qhm_density_state_destroy(b->state);
    qhm_release(b->walk.bits);
    qhm_release(b);
}

static qhm_status create_branch(void *context, void **branch)
{
    const outcome_run *run = context;
    outcome_branch *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status =
        qhm_allocate(run->outcomes->plan->bit_words, sizeof *made->walk.bits, &made->walk.bits);
    if (status == QHM_OK)
        status = qhm_density_state_create(run->outcomes->parts, &made->state);
    if (status != QHM_OK) {
        destroy_branch(context, made);
        return status;
    }
    *branch = made;
    return QHM_OK;
}

static qhm_status copy_branch(void *context, void *to, const void *from)
{
    const outcome_run *run = context;
    const outcome_branch *source = from;
    outcome_branch *target = to;
    qhm_density_state_copy(target->state, source->state);
    memcpy(target->walk.bits, source->walk.bits,
           run->outcomes->plan->bit_words * sizeof *source->walk.bits);
    target->walk.next = source->walk.next;
    target->walk.turns = source->walk.turns;
    target->waiting = source->waiting;
    return QHM_OK;
}

static qhm_status advance_branch(void *context, void *branch, double *one, bool *is_at_end)
{
    outcome_branch *b = branch;
    QHM_TRY(advance(context, b->state, &b->walk, &b->waiting));
    *is_at_end = !b->waiting;
    if (b->waiting)
        *one =
            qhm_density_state_one_probability(b->state, b->waiting->qubits[0], b->waiting->flips);
    return QHM_OK;
}

static qhm_status choose(void *context, void *branch, bool outcome)
{
    (void)context;
    outcome_branch *b = branch;
    qhm_density_state_collapse(b->state, b->waiting->qubits[0], b->waiting->flips, outcome);
    qhm_walk_write(&b->walk, b->waiting->bit, outcome);
    return QHM_OK;
}

static const uint64_t *bits_of(const void *branch)
{
    const outcome_branch *b = branch;
    return b->walk.bits;
}

static qhm_status expectations(void *context, void *branch, double *values)
{
    const outcome_run *run = context;
    const outcome_branch *b = branch;
    const qhm_readout *exact = &run->outcomes->plan->exact;
    memcpy(values, exact->constants, exact->observable_count * sizeof *values);
    for (size_t t = 0; t < exact->term_count; t++)
        values[exact->terms[t].observable] +=
            exact->terms[t].coefficient *
            qhm_density_state_expectation(b->state, exact->factors + exact->terms[t].first_factor,
                                          exact->terms[t].factor_count);
    return QHM_OK;
}

static size_t place_of(const void *branch)
{
    return ((const outcome_branch *)branch)->walk.next;
}

// Where a branch waits, its measurement has been passed already.
static const uint64_t *live_bits(void *context, const void *branch)
{
    const outcome_run *run = context;
    const outcome_branch *b = branch;
    return run->live + (b->walk.next - (b->waiting ? 1 : 0)) * run->outcomes->plan->bit_words;
}

static void mix(void *context, void *into, const void *from, double share)
{
    outcome_branch *target = into;
    const outcome_branch *source = from;
    (void)context;
    qhm_density_state_mix(target->state, source->state, share);
    if (source->walk.turns > target->walk.turns)
        target->walk.turns = source->walk.turns;
}

static size_t most_waiting(void *context)
{
    const outcome_run *run = context;
    const size_t fitting = WAITING_BYTES / qhm_density_state_bytes(run->outcomes->parts);
    return fitting < MOST_WAITING ? fitting : MOST_WAITING;
}

static const qhm_branch_ops branch_ops = {.create = create_branch,
                                          .destroy = destroy_branch,
                                          .copy = copy_branch,
                                          .advance = advance_branch,
                                          .choose = choose,
                                          .bits = bits_of,
                                          .expectations = expectations,
                                          .place = place_of,
                                          .live_bits = live_bits,
                                          .mix = mix,
                                          .most_waiting = most_waiting};

qhm_status qhm_density_outcomes_run_exact(qhm_density_outcomes *outcomes,
                                          const qhm_exact_request *request,
                                          qhm_distribution *distribution)
{
    const qhm_density *plan = outcomes->plan;
    const qhm_request slots = {
        .batch_count = 1, .inputs = request->inputs, .weights = request->weights};
    outcome_run run = {.outcomes = outcomes, .request = &slots};
    const size_t places = qhm_circuit_instruction_count(plan->circuit) + 1;
    uint64_t *mask;
    QHM_TRY(qhm_allocate(plan->bit_words, sizeof *mask, &mask));
    qhm_circuit_mark_registers(plan->circuit, mask);
    qhm_status status = qhm_allocate(places * plan->bit_words, sizeof *run.live, &run.live);
    if (status == QHM_OK)
        status = qhm_walk_find_live_bits(&outcomes->walk, mask, run.live);
    if (status == QHM_OK)
        status = qhm_branches_run(&branch_ops, &run, request, plan->observable_count, mask,
                                  plan->bit_words, distribution);
    qhm_release(run.live);
    qhm_release(mask);
    return status;
}

qhm_status qhm_density_outcomes_create(const qhm_density *plan, qhm_density_outcomes **outcomes)
{
    qhm_density_outcomes *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->plan = plan;
    qhm_status status = qhm_density_parts_create(plan->circuit, plan->kernels, &made->parts);
    if (status == QHM_OK)
        status = qhm_walk_plan_create(plan->circuit, &made->walk);
    if (status == QHM_OK)
        status = qhm_allocate(plan->readout.term_count, sizeof *made->sums, &made->sums);
    if (status == QHM_OK)
        status = reserve(made);
    if (status != QHM_OK) {
        qhm_density_outcomes_destroy(made);
        return status;
    }
    *outcomes = made;
    return QHM_OK;
}

void qhm_density_outcomes_destroy(qhm_density_outcomes *outcomes)
{
    if (!outcomes)
        return;
    for (size_t i = 0; i < outcomes->worker_count; i++) {
        qhm_density_state_destroy(outcomes->workers[i].state);
        qhm_release(outcomes->workers[i].walk.bits);
    }
    qhm_release(outcomes->workers);
    qhm_density_parts_destroy(outcomes->parts);
    qhm_walk_plan_release(&outcomes->walk);
    qhm_release(outcomes->sums);
    qhm_release(outcomes);
}

size_t qhm_density_outcomes_bytes(const qhm_density_outcomes *outcomes)
{
    if (!outcomes)
        return 0;
    size_t bytes = sizeof *outcomes + qhm_density_parts_bytes(outcomes->parts) +
                   outcomes->plan->readout.term_count * sizeof *outcomes->sums +
                   outcomes->worker_count *
                       (sizeof *outcomes->workers + outcomes->plan->bit_words * sizeof(uint64_t));
    for (size_t i = 0; i < outcomes->worker_count; i++)
        bytes += outcomes->workers[i].state ? qhm_density_state_bytes(outcomes->parts) : 0;
    return bytes;
}
