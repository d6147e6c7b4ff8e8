// Runs requests on simulators that go gate by gate: samples and shots over threads.
#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"
#include "simulate/stepper.h"

#include <stdio.h>
#include <string.h>

enum {
    MAX_DENSE_QUBITS = 26,
    SHOTS_A_BLOCK = 64,
    MESSAGE_BYTES = 512,
};

// One request on its way. The failure that is reported is that of the first sample, whatever the
// threads.
typedef struct step_run {
    qhm_stepper *plan;
    const qhm_request *request;
    qhm_status status;
    _Atomic size_t failed_sample; // SIZE_MAX: none
    char message[MESSAGE_BYTES];
    qhm_accuracy accuracy;
} step_run;

void qhm_stepper_angles(const qhm_step_sample *sample, const qhm_instruction *instruction,
                        size_t index, double *angles)
{
    const qhm_stepper *plan = sample->plan;
    const qhm_request *request = sample->request;
    const double *inputs = request->inputs;
    if (inputs)
        inputs += sample->sample * plan->input_count;
    const double *weights = request->weights;
    if (weights && request->weights_per_sample)
        weights += sample->sample * plan->weight_count;
    for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++) {
        angles[a] = qhm_angle_value(&instruction->angles[a], inputs, weights);
        if (request->shifts &&
            request->shifts[sample->sample].angle == plan->walk.first_angles[index] + a)
            angles[a] += request->shifts[sample->sample].radians;
    }
}

// The circuit without its measurements and noise.
static qhm_status run_gates(const qhm_step_sample *sample, qhm_step_worker *worker)
{
    const qhm_stepper *plan = sample->plan;
    const qhm_instruction *instruction;
    size_t index;
    qhm_walk_begin(&plan->walk, &worker->walk);
    for (;;) {
        double angles[QHM_GATE_MAX_ANGLES];
        QHM_TRY(qhm_walk_next(&plan->walk, &worker->walk, &instruction, &index));
        if (!instruction)
            return QHM_OK;
        if (instruction->gate == QHM_GATE_MEASURE || instruction->gate == QHM_GATE_CHANNEL)
            continue;
        qhm_stepper_angles(sample, instruction, index, angles);
        QHM_TRY(plan->ops->apply(worker->state, instruction, index, angles));
    }
}

qhm_status qhm_stepper_run_once(const qhm_step_sample *sample, qhm_step_worker *worker,
                                bool *is_described)
{
    const qhm_stepper *plan = sample->plan;
    plan->ops->reset(worker->state);
    *is_described = !plan->is_random;
    if (!plan->is_random)
        return run_gates(sample, worker);
    return plan->ops->describe && !plan->is_noisy
               ? plan->ops->describe(worker->state, sample, is_described)
               : QHM_OK;
}

// values [observables] with noise's factors of all terms, or NULL.
static qhm_status add_expectations(const qhm_stepper *plan, const qhm_readout *readout, void *state,
                                   const double *factors, double *values)
{
    memcpy(values, readout->constants, readout->observable_count * sizeof *values);
    for (size_t t = 0; t < readout->term_count; t++) {
        const qhm_readout_term *term = &readout->terms[t];
        double value;
        QHM_TRY(plan->ops->expectation(state, readout->factors + term->first_factor,
                                       term->factor_count, &value));
        values[term->observable] += term->coefficient * value * (factors ? factors[t] : 1);
    }
    return QHM_OK;
}

qhm_status qhm_stepper_expectations(const qhm_step_sample *sample, void *state, double *values)
{
    const qhm_stepper *plan = sample->plan;
    if (!plan->is_noisy)
        return add_expectations(plan, &plan->readout, state, NULL, values);
    const qhm_readout *readout = plan->readout_flips ? &plan->exact_readout : &plan->readout;
    double *factors;
    QHM_TRY(qhm_allocate(readout->term_count, sizeof *factors, &factors));
    qhm_status status = plan->ops->damping(sample, readout, factors);
    if (status == QHM_OK)
        status = add_expectations(plan, readout, state, factors, values);
    qhm_release(factors);
    return status;
}

static const bool *wanted_in(const qhm_stepper *plan, size_t setting)
{
    return plan->is_wanted + setting * plan->qubit_count;
}

// Turns the letters of a setting into Z.
static qhm_status change_basis(const qhm_stepper *plan, void *state, size_t setting)
{
    const uint8_t *letters = plan->readout.letters + setting * plan->qubit_count;
    for (uint32_t q = 0; q < plan->qubit_count; q++) {
        qhm_instruction gate = {.gate = QHM_GATE_SDG, .qubit_count = 1, .qubits = &q};
        if (letters[q] == QHM_PAULI_Y)
            QHM_TRY(plan->ops->apply(state, &gate, QHM_NO_INSTRUCTION, NULL));
        gate.gate = QHM_GATE_H;
        if (letters[q] == QHM_PAULI_X || letters[q] == QHM_PAULI_Y)
            QHM_TRY(plan->ops->apply(state, &gate, QHM_NO_INSTRUCTION, NULL));
    }
    return QHM_OK;
}

// The stream of a shot: how samples are put into batches, and which thread draws them, changes
// nothing.
static qhm_random stream_for(const step_run *run, qhm_random_purpose purpose, size_t sample,
                             size_t setting, size_t shot)
{
    return qhm_random_stream(run->request->seed, purpose, run->request->step,
                             run->request->first_sample + sample,
                             (uint64_t)setting << 40 | (1 + shot));
}

static qhm_random stream_of(const step_run *run, size_t sample, size_t setting, size_t shot)
{
    return stream_for(run, QHM_RANDOM_SHOTS, sample, setting, shot);
}

static void note_accuracy(step_run *run, const void *state)
{
    qhm_accuracy now = {0};
    if (!run->plan->ops->accuracy)
        return;
    run->plan->ops->accuracy(state, &now);
    if (now.largest_bond > run->accuracy.largest_bond)
        run->accuracy.largest_bond = now.largest_bond;
    if (now.truncation_error > run->accuracy.truncation_error)
        run->accuracy.truncation_error = now.truncation_error;
}

// Whether what a sample still has to do is in vain: it, or one before it, has failed.
static bool has_failed(const step_run *run, size_t sample)
{
    return atomic_load_explicit(&run->failed_sample, memory_order_relaxed) <= sample;
}

// What a thread has to tell the run.
typedef struct step_news {
    step_run *run;
    const void *state;
    size_t sample;
    qhm_status status;
} step_news;

static void tell(void *context)
{
    const step_news *news = context;
    step_run *run = news->run;
    if (news->state)
        note_accuracy(run, news->state);
    if (news->status == QHM_OK || has_failed(run, news->sample))
        return;
    run->status = news->status;
    atomic_store_explicit(&run->failed_sample, news->sample, memory_order_relaxed);
    snprintf(run->message, sizeof run->message, "%s", qhm_error_message());
}

// Adds the signs of an outcome to its sample's sums. Integers: the order does not matter.
static void add_signs(const step_run *run, size_t sample, size_t setting, const uint64_t *outcome)
{
    const qhm_readout *readout = &run->plan->readout;
    int64_t *sums = run->plan->sums + sample * readout->term_count;
    for (size_t t = 0; t < readout->term_count; t++)
        if (readout->terms[t].setting == setting)
            __atomic_fetch_add(&sums[t], qhm_readout_sign(readout, &readout->terms[t], outcome),
                               __ATOMIC_RELAXED);
}

// Shots of one sample in one setting, or (setting_count) in the computational basis.
typedef struct shots_context {
    step_run *run;
    size_t sample, setting;
    const void *state; // to draw from; NULL: each shot runs the circuit
} shots_context;

static qhm_status reserve_scratch(const qhm_stepper *plan, qhm_step_worker *worker,
                                  const void *state)
{
    return qhm_reserve(plan->ops->scratch_bytes(state), &worker->scratch_bytes, 1,
                       &worker->scratch);
}

static void write_shot(const shots_context *c, size_t shot, const uint64_t *qubits,
                       const uint64_t *bits)
{
    const step_run *run = c->run;
    const qhm_stepper *plan = run->plan;
    const qhm_request *request = run->request;
    if (c->setting < plan->readout.setting_count) {
        add_signs(run, c->sample, c->setting, qubits);
        return;
    }
    const size_t place = c->sample * request->shots + shot;
    if (request->samples)
        memcpy(request->samples + place * plan->qubit_words, qubits,
               plan->qubit_words * sizeof *qubits);
    if (!request->bits)
        return;
    uint64_t *out = request->bits + place * plan->bit_words;
    if (plan->is_random || plan->is_noisy) {
        memcpy(out, bits, plan->bit_words * sizeof *bits);
        return;
    }
    memset(out, 0, plan->bit_words * sizeof *out);
    for (size_t b = 0; b < plan->bit_count; b++) {
        const uint32_t qubit = plan->deferred[b];
        if (qubit != UINT32_MAX)
            out[b / 64] |= (qubits[qubit / 64] >> qubit % 64 & 1) << b % 64;
    }
}

static void draw_shots(size_t first, size_t last, void *context)
{
    const shots_context *c = context;
    const qhm_stepper *plan = c->run->plan;
    qhm_step_worker *worker;
    qhm_status status = qhm_stepper_take(plan, &worker);
    if (status == QHM_OK) {
        status = reserve_scratch(plan, worker, c->state);
        for (size_t shot = first; status == QHM_OK && shot < last; shot++) {
            qhm_random stream = stream_of(c->run, c->sample, c->setting, shot);
            plan->ops->draw(c->state, &stream, worker->scratch, worker->qubits, worker->walk.bits);
            write_shot(c, shot, worker->qubits, worker->walk.bits);
        }
        qhm_stepper_give_back(worker);
    }
    if (status != QHM_OK)
        qhm_parallel_exclusive(tell,
                               &(step_news){.run = c->run, .sample = c->sample, .status = status});
}

static bool is_wrong(qhm_random *noise, const double *flips, bool value)
{
    return (flips[0] != 0 || flips[1] != 0) && qhm_random_uniform(noise) < flips[value];
}

// A channel of Pauli strings on one shot.
static qhm_status run_channel(const qhm_step_sample *sample, qhm_step_worker *worker,
                              const qhm_instruction *channel, size_t index, qhm_random *noise)
{
    static const qhm_gate letters[4] = {QHM_GATE_BARRIER, QHM_GATE_X, QHM_GATE_Z, QHM_GATE_Y};
    const qhm_stepper *plan = sample->plan;
    const qhm_channel_split *split = &plan->splits.splits[plan->splits.of_instruction[index]];
    if (qhm_random_uniform(noise) < split->identity)
        return QHM_OK;
    const qhm_split_string *string = qhm_channel_split_pick(split, qhm_random_uniform(noise));
    for (uint32_t i = 0; i < channel->qubit_count; i++) {
        const unsigned letter = (string->x >> i & 1) | (string->z >> i & 1) << 1;
        const qhm_instruction gate = {
            .gate = letters[letter], .qubit_count = 1, .qubits = &channel->qubits[i]};
        if (letter)
            QHM_TRY(plan->ops->apply(worker->state, &gate, QHM_NO_INSTRUCTION, NULL));
    }
    return QHM_OK;
}

// One shot with outcomes of its own, up to the end of the circuit.
static qhm_status run_shot(const qhm_step_sample *sample, qhm_step_worker *worker,
                           qhm_random *stream, qhm_random *noise)
{
    const qhm_stepper *plan = sample->plan;
    const qhm_stepper_ops *ops = plan->ops;
    const qhm_instruction *instruction;
    size_t index;
    ops->reset(worker->state);
    qhm_walk_begin(&plan->walk, &worker->walk);
    for (;;) {
        double angles[QHM_GATE_MAX_ANGLES], one;
        QHM_TRY(qhm_walk_next(&plan->walk, &worker->walk, &instruction, &index));
        if (!instruction)
            return QHM_OK;
        if (instruction->gate == QHM_GATE_CHANNEL) {
            QHM_TRY(run_channel(sample, worker, instruction, index, noise));
            continue;
        }
        if (instruction->gate != QHM_GATE_MEASURE && instruction->gate != QHM_GATE_RESET) {
            qhm_stepper_angles(sample, instruction, index, angles);
            QHM_TRY(ops->apply(worker->state, instruction, index, angles));
            continue;
        }
        const uint32_t qubit = instruction->qubits[0];
        QHM_TRY(ops->one_probability(worker->state, qubit, &one));
        const bool outcome = qhm_random_uniform(stream) < one;
        QHM_TRY(ops->collapse(worker->state, qubit, outcome));
        if (instruction->gate == QHM_GATE_MEASURE) {
            qhm_walk_write(&worker->walk, instruction->bit,
                           outcome ^ is_wrong(noise, instruction->flips, outcome));
        } else if (outcome) {
            const qhm_instruction flip = {.gate = QHM_GATE_X, .qubit_count = 1, .qubits = &qubit};
            QHM_TRY(ops->apply(worker->state, &flip, QHM_NO_INSTRUCTION, NULL));
        }
    }
}

// Probabilities in place of amplitudes where both are wanted, or into an array of their own.
static qhm_status write_states(const step_run *run, size_t sample, void *state)
{
    const qhm_request *request = run->request;
    if (!request->states && !request->probabilities)
        return QHM_OK;
    const size_t all = (size_t)1 << run->plan->qubit_count;
    if (request->states)
        QHM_TRY(run->plan->ops->amplitudes(state, request->states + sample * all));
    if (!request->probabilities)
        return QHM_OK;
    qhm_complex *amplitudes = NULL, *own = NULL;
    if (request->states) {
        amplitudes = request->states + sample * all;
    } else {
        QHM_TRY(qhm_allocate(all, sizeof *own, &own));
        amplitudes = own;
        qhm_status status = run->plan->ops->amplitudes(state, own);
        if (status != QHM_OK) {
            qhm_release(own);
            return status;
        }
    }
    for (size_t i = 0; i < all; i++)
        request->probabilities[sample * all + i] =
            amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
    qhm_release(own);
    return QHM_OK;
}

static qhm_status finish_shot(const shots_context *c, qhm_step_worker *worker, size_t shot,
                              qhm_random *stream, qhm_random *noise)
{
    const qhm_stepper *plan = c->run->plan;
    const bool is_setting = c->setting < plan->readout.setting_count;
    if (!is_setting)
        QHM_TRY(write_states(c->run, c->sample, worker->state));
    if (is_setting || c->run->request->samples) {
        if (is_setting)
            QHM_TRY(change_basis(plan, worker->state, c->setting));
        QHM_TRY(plan->ops->prepare_draws(worker->state,
                                         is_setting ? wanted_in(plan, c->setting) : NULL));
        QHM_TRY(reserve_scratch(plan, worker, worker->state));
        plan->ops->draw(worker->state, stream, worker->scratch, worker->qubits, NULL);
        for (size_t q = 0; plan->readout_flips && q < plan->qubit_count; q++) {
            const bool value = worker->qubits[q / 64] >> q % 64 & 1;
            worker->qubits[q / 64] ^= (uint64_t)is_wrong(noise, plan->readout_flips[q], value)
                                      << q % 64;
        }
    }
    write_shot(c, shot, worker->qubits, worker->walk.bits);
    return QHM_OK;
}

static void run_shots(size_t first, size_t last, void *context)
{
    const shots_context *c = context;
    step_news news = {.run = c->run, .sample = c->sample};
    const qhm_step_sample sample = {
        .plan = c->run->plan, .request = c->run->request, .sample = c->sample};
    qhm_step_worker *worker;
    if (has_failed(c->run, c->sample))
        return;
    news.status = qhm_stepper_take(sample.plan, &worker);
    if (news.status == QHM_OK) {
        for (size_t shot = first; news.status == QHM_OK && shot < last; shot++) {
            qhm_random stream = stream_of(c->run, c->sample, c->setting, shot);
            qhm_random noise = stream_for(c->run, QHM_RANDOM_NOISE, c->sample, c->setting, shot);
            news.status = run_shot(&sample, worker, &stream, &noise);
            if (news.status == QHM_OK)
                news.status = finish_shot(c, worker, shot, &stream, &noise);
            news.state = worker->state;
            qhm_parallel_exclusive(tell, &news);
        }
        qhm_stepper_give_back(worker);
        return;
    }
    qhm_parallel_exclusive(tell, &news);
}

// A run that describes all shots: exact values, then shots by setting, then those of all qubits.
static qhm_status prepare_setting(const qhm_stepper *plan, qhm_step_worker *worker, size_t setting)
{
    if (!worker->turned)
        QHM_TRY(plan->ops->create(plan, &worker->turned));
    QHM_TRY(plan->ops->copy(worker->turned, worker->state));
    QHM_TRY(change_basis(plan, worker->turned, setting));
    return plan->ops->prepare_draws(worker->turned, wanted_in(plan, setting));
}

static qhm_status read_out(step_run *run, size_t sample, qhm_step_worker *worker)
{
    const qhm_stepper *plan = run->plan;
    const qhm_request *request = run->request;
    shots_context c = {.run = run, .sample = sample};
    QHM_TRY(write_states(run, sample, worker->state));
    if (request->shots == 0 && request->expectations) {
        const qhm_step_sample context = {.plan = plan, .request = request, .sample = sample};
        return qhm_stepper_expectations(&context, worker->state,
                                        request->expectations + sample * plan->observable_count);
    }
    for (; request->expectations && c.setting < plan->readout.setting_count; c.setting++) {
        int token = qhm_serial_begin();
        qhm_status status = prepare_setting(plan, worker, c.setting);
        qhm_serial_end(token);
        QHM_TRY(status);
        c.state = worker->turned;
        qhm_parallel_for(request->shots, SHOTS_A_BLOCK, draw_shots, &c);
    }
    c.setting = plan->readout.setting_count;
    if (!request->samples && !request->bits)
        return QHM_OK;
    int token = qhm_serial_begin();
    qhm_status status = plan->ops->prepare_draws(
        worker->state, request->samples ? NULL : wanted_in(plan, c.setting));
    qhm_serial_end(token);
    QHM_TRY(status);
    c.state = worker->state;
    qhm_parallel_for(request->shots, SHOTS_A_BLOCK, draw_shots, &c);
    return QHM_OK;
}

// Every shot, and every setting's, has a state of its own.
static void run_each_shot(step_run *run, size_t sample)
{
    const qhm_request *request = run->request;
    const size_t settings = run->plan->readout.setting_count;
    shots_context c = {.run = run, .sample = sample};
    for (; request->expectations && c.setting < settings; c.setting++)
        qhm_parallel_for(request->shots, 1, run_shots, &c);
    c.setting = settings;
    if (request->samples || request->bits || request->states || request->probabilities)
        qhm_parallel_for(request->shots, 1, run_shots, &c);
}

static qhm_status run_sample(step_run *run, size_t sample, qhm_step_worker *worker)
{
    const qhm_step_sample context = {.plan = run->plan, .request = run->request, .sample = sample};
    bool is_described = false;
    int token = qhm_serial_begin();
    qhm_status status = QHM_OK;
    if (run->plan->is_noisy
            ? run->request->shots == 0
            : !run->plan->is_random || (!run->request->states && !run->request->probabilities))
        status = qhm_stepper_run_once(&context, worker, &is_described);
    qhm_serial_end(token);
    QHM_TRY(status);
    if (run->plan->is_noisy && run->request->shots > 0 && !run->plan->has_feedback &&
        !run->request->states && !run->request->probabilities)
        return run->plan->ops->run_noisy(worker->state, &context,
                                         run->plan->sums + sample * run->plan->readout.term_count);
    if (!is_described) {
        run_each_shot(run, sample);
        return QHM_OK;
    }
    return read_out(run, sample, worker);
}

static void run_samples(size_t first, size_t last, void *context)
{
    step_run *run = context;
    for (size_t i = first; i < last && !has_failed(run, i); i++) {
        step_news news = {.run = run, .sample = i};
        qhm_step_worker *worker;
        news.status = qhm_stepper_take(run->plan, &worker);
        if (news.status == QHM_OK) {
            news.status = run_sample(run, i, worker);
            news.state = worker->state;
            qhm_parallel_exclusive(tell, &news);
            qhm_stepper_give_back(worker);
        } else {
            qhm_parallel_exclusive(tell, &news);
        }
    }
}

static void average_signs(const step_run *run)
{
    const qhm_stepper *plan = run->plan;
    const qhm_readout *readout = &plan->readout;
    for (size_t i = 0; i < run->request->batch_count; i++) {
        double *out = run->request->expectations + i * plan->observable_count;
        memcpy(out, readout->constants, plan->observable_count * sizeof *out);
        for (size_t t = 0; t < readout->term_count; t++)
            out[readout->terms[t].observable] += readout->terms[t].coefficient *
                                                 (double)plan->sums[i * readout->term_count + t] /
                                                 (double)run->request->shots;
    }
}

qhm_status qhm_stepper_submit(void *state, const qhm_request *request, void **job)
{
    qhm_stepper *plan = state;
    *job = NULL;
    if ((request->states || request->probabilities) && plan->qubit_count > MAX_DENSE_QUBITS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "all amplitudes of %zu qubits are wanted, but at most of %d can be listed",
                        plan->qubit_count, MAX_DENSE_QUBITS);
    if (plan->is_noisy && (request->states || request->probabilities) && request->shots != 1)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the states of %zu shots are wanted, but noise gives each shot a state of "
                        "its own; use shots = 1",
                        request->shots);
    QHM_TRY(qhm_stepper_reserve(plan));
    const bool counts_signs = request->shots > 0 && request->expectations;
    const size_t sums = request->batch_count * plan->readout.term_count;
    if (counts_signs) {
        QHM_TRY(qhm_reserve(sums, &plan->sum_capacity, sizeof *plan->sums, &plan->sums));
        memset(plan->sums, 0, sums * sizeof *plan->sums);
    }
    step_run run = {.plan = plan, .request = request, .status = QHM_OK, .failed_sample = SIZE_MAX};
    if (request->batch_count == 1)
        run_samples(0, 1, &run); // threads share its shots
    else
        qhm_parallel_for(request->batch_count, 1, run_samples, &run);
    plan->accuracy = run.accuracy;
    if (run.status != QHM_OK)
        return QHM_FAIL(run.status, "%s", run.message);
    if (counts_signs)
        average_signs(&run);
    return QHM_OK;
}
