// Writing noise into a circuit. Two walks: the first finds runs of one-qubit gates and decides
// which instruction carries the noise of what; the second writes.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "device/noise_crosstalk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// What follows an instruction.
typedef struct decision {
    const qhm_noise_entry *entry; // NULL: nothing
    uint8_t times;
} decision;

// A run of one-qubit gates on a qubit that may still grow.
typedef struct run {
    bool is_open, has_own_rules; // every gate that takes time has a rule
    bool takes_time;
    const qhm_condition *condition;
    size_t last;
} run;

typedef struct walk {
    const qhm_noise_model *model;
    const qhm_circuit *circuit;
    decision *decisions;  // [instructions]
    run *runs;            // [qubits]
    size_t *previous;     // [instructions]: the gate of the run before this one, or SIZE_MAX
    double *durations_ns; // [instructions], with crosstalk
    qhm_noise_crosstalk crosstalk; // empty without
} walk;

static bool is_same_condition(const qhm_condition *a, const qhm_condition *b)
{
    return a->relation == b->relation &&
           (a->relation == QHM_RELATION_NONE ||
            (a->first_bit == b->first_bit && a->bit_count == b->bit_count &&
             memcmp(a->value, b->value, qhm_bit_words(a->bit_count) * sizeof *a->value) == 0));
}

// Rules that a run as a whole falls under: the device's one-qubit gate, or its sx.
static const qhm_noise_entry *find_run_entry(const qhm_noise_model *model, uint32_t qubit)
{
    const qhm_angle angles[3] = {{0}};
    const qhm_instruction gate = {.gate =
                                      model->runs == QHM_NOISE_RUNS_TWO ? QHM_GATE_SX : QHM_GATE_U,
                                  .qubit_count = 1,
                                  .qubits = &qubit,
                                  .angles = angles};
    return qhm_noise_find(model, &gate);
}

static void close_run(walk *w, uint32_t qubit)
{
    run *r = &w->runs[qubit];
    if (!r->is_open)
        return;
    r->is_open = false;
    if (!r->takes_time || r->has_own_rules)
        return;
    for (size_t i = r->last; i != SIZE_MAX; i = w->previous[i])
        w->decisions[i] = (decision){NULL, 0};
    const uint8_t times = w->model->runs == QHM_NOISE_RUNS_TWO ? 2 : 1;
    w->decisions[r->last] = (decision){find_run_entry(w->model, qubit), times};
}

static void close_conditioned(walk *w)
{
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(w->circuit); q++)
        if (w->runs[q].is_open && w->runs[q].condition->relation != QHM_RELATION_NONE)
            close_run(w, q);
}

static void close_all(walk *w)
{
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(w->circuit); q++)
        close_run(w, q);
}

static qhm_status fail_native(const walk *w, size_t index)
{
    const qhm_instruction *instruction = qhm_circuit_instruction(w->circuit, index);
    const char *name = qhm_gate_information(instruction->gate)->name;
    char where[64];
    if (instruction->qubit_count == 2)
        snprintf(where, sizeof where, " on qubits %u and %u", instruction->qubits[0],
                 instruction->qubits[1]);
    else if (instruction->qubit_count == 1)
        snprintf(where, sizeof where, " on qubit %u", instruction->qubits[0]);
    else
        snprintf(where, sizeof where, " on %u qubits", instruction->qubit_count);
    if (!w->model->is_device)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "instruction %zu, %s%s, has no rule in the noise model %s", index, name,
                        where, w->model->name);
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                    "instruction %zu, %s%s, is not native to %s there: compile the circuit first",
                    index, name, where, w->model->name);
}

static bool is_plain_gate(const qhm_instruction *instruction)
{
    return qhm_gate_information(instruction->gate)->is_unitary && instruction->qubit_count == 1;
}

static qhm_status decide_one_qubit_gate(walk *w, size_t index)
{
    const qhm_noise_model *model = w->model;
    const qhm_instruction *instruction = qhm_circuit_instruction(w->circuit, index);
    const uint32_t qubit = instruction->qubits[0];
    const bool is_free = qhm_noise_is_free(model, instruction);
    const qhm_noise_entry *own = is_free ? NULL : qhm_noise_find(model, instruction);
    const bool has_runs = model->runs == QHM_NOISE_RUNS_ONE || model->runs == QHM_NOISE_RUNS_TWO;
    w->decisions[index] = (decision){own, own != NULL};
    if (!has_runs || !find_run_entry(model, qubit)) // such as a cat beside transmons
        return !own && !is_free && model->is_device ? fail_native(w, index) : QHM_OK;
    run *r = &w->runs[qubit];
    if (r->is_open && !is_same_condition(r->condition, &instruction->condition))
        close_run(w, qubit);
    w->previous[index] = r->is_open ? r->last : SIZE_MAX;
    if (!r->is_open)
        *r = (run){.is_open = true, .has_own_rules = model->runs == QHM_NOISE_RUNS_TWO};
    r->condition = &instruction->condition;
    r->last = index;
    r->takes_time = r->takes_time || !is_free;
    r->has_own_rules = r->has_own_rules && (is_free || own);
    return QHM_OK;
}

static qhm_status decide(walk *w, size_t index)
{
    const qhm_instruction *instruction = qhm_circuit_instruction(w->circuit, index);
    if (is_plain_gate(instruction))
        return decide_one_qubit_gate(w, index);
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        close_run(w, instruction->qubits[i]);
    switch (instruction->gate) {
    case QHM_GATE_WHILE:
    case QHM_GATE_END:
        close_all(w);
        return QHM_OK;
    case QHM_GATE_SET:
        close_conditioned(w);
        return QHM_OK;
    case QHM_GATE_BARRIER:
    case QHM_GATE_DELAY:
    case QHM_GATE_CHANNEL:
        return QHM_OK;
    case QHM_GATE_MEASURE:
    case QHM_GATE_MEASURE_PAULI:
        close_conditioned(w);
        break;
    default:
        break;
    }
    const qhm_noise_entry *entry = qhm_noise_find(w->model, instruction);
    const bool is_gate = qhm_gate_information(instruction->gate)->is_unitary;
    const bool is_large = is_gate && instruction->qubit_count > 2 && w->model->entry_count > 0;
    if (!entry && !w->model->is_ideal && (w->model->is_device || is_large))
        return fail_native(w, index);
    w->decisions[index] = (decision){entry, entry != NULL};
    return QHM_OK;
}

static qhm_status append_noise(const walk *w, const qhm_noise_part *part,
                               const qhm_instruction *instruction, qhm_circuit *noisy)
{
    uint32_t qubits[QHM_NOISE_MOST_QUBITS];
    for (size_t i = 0; i < part->channel->qubit_count; i++)
        qubits[i] = instruction->qubits[part->qubits[i]];
    if (part->has_leak)
        qubits[1] = (uint32_t)qhm_circuit_qubit_count(w->circuit) + qubits[0];
    const qhm_instruction channel = {.gate = QHM_GATE_CHANNEL,
                                     .qubit_count = (uint32_t)part->channel->qubit_count,
                                     .qubits = qubits,
                                     .matrix = part->channel->kraus,
                                     .kraus_count = (uint32_t)part->channel->kraus_count,
                                     .condition = instruction->condition};
    return qhm_circuit_append_instruction(noisy, &channel);
}

static qhm_status append_parts(const walk *w, size_t index, bool is_before, qhm_circuit *noisy)
{
    const decision *d = &w->decisions[index];
    for (uint8_t t = 0; t < d->times; t++)
        for (size_t i = 0; i < d->entry->part_count; i++)
            if (d->entry->parts[i].is_before == is_before)
                QHM_TRY(append_noise(w, &d->entry->parts[i],
                                     qhm_circuit_instruction(w->circuit, index), noisy));
    return QHM_OK;
}

// A delay stays, so that time is still told, and its noise comes after it.
static qhm_status append_delay(const walk *w, const qhm_instruction *instruction,
                               qhm_circuit *noisy)
{
    const qhm_noise_model *model = w->model;
    QHM_TRY(qhm_circuit_append_instruction(noisy, instruction));
    if (model->options.without_idle || model->is_ideal)
        return QHM_OK;
    const qhm_noise_idle *idle = qhm_noise_idle_of(model, instruction->qubits[0]);
    qhm_noise_part part = {.has_leak = qhm_noise_has_leak(model)};
    const double exposure_ns = model->options.scale * instruction->duration_ns;
    QHM_TRY(part.has_leak ? qhm_noise_create_poisoned_idle(idle, exposure_ns, &part.channel)
                          : qhm_noise_create_idle(model, idle, exposure_ns, true, &part.channel));
    if (!part.channel)
        return QHM_OK;
    qhm_status status = QHM_OK;
    if (model->options.is_twirled) {
        qhm_channel *twirled = NULL;
        status = qhm_channel_twirl(part.channel, &twirled);
        qhm_channel_destroy(part.channel);
        part.channel = twirled;
    }
    if (status == QHM_OK)
        status = append_noise(w, &part, instruction, noisy);
    qhm_channel_destroy(part.channel);
    return status;
}

// A measurement with its flips, and the parity of the tetrons whose other pair it goes through.
static qhm_status append_measurement(const walk *w, size_t index, qhm_circuit *noisy)
{
    const qhm_noise_entry *entry = w->decisions[index].entry;
    qhm_instruction instruction = *qhm_circuit_instruction(w->circuit, index);
    uint32_t qubits[4];
    uint8_t paulis[4];
    for (int i = 0; entry && i < 2; i++) { // two errors undo each other
        const double old = qhm_circuit_instruction(w->circuit, index)->flips[i];
        instruction.flips[i] = old * (1 - entry->flips[1 - i]) + (1 - old) * entry->flips[i];
    }
    if (entry && qhm_noise_has_leak(w->model) && (entry->reads_leak[0] || entry->reads_leak[1])) {
        uint32_t count = instruction.qubit_count;
        memcpy(qubits, instruction.qubits, count * sizeof *qubits);
        memcpy(paulis, instruction.paulis, count);
        for (uint32_t i = 0; i < instruction.qubit_count; i++) {
            if (!entry->reads_leak[i])
                continue;
            qubits[count] = (uint32_t)qhm_circuit_qubit_count(w->circuit) + qubits[i];
            paulis[count++] = QHM_PAULI_Z;
        }
        instruction.qubit_count = count;
        instruction.qubits = qubits;
        instruction.paulis = paulis;
    }
    return qhm_circuit_append_instruction(noisy, &instruction);
}

// What neighbours add to an instruction; *turn is the next of the plan's turns.
static qhm_status append_crosstalk(const walk *w, size_t index, size_t *turn, qhm_circuit *noisy)
{
    const qhm_noise_crosstalk *plan = &w->crosstalk;
    const decision *d = &w->decisions[index];
    qhm_noise_part part = {.qubits = {0, 1}};
    if (plan->is_beside[index] && d->entry && d->entry->beside_error > 0) {
        QHM_TRY(qhm_noise_create_beside(w->model, d->entry, &part.channel));
        const qhm_status status =
            append_noise(w, &part, qhm_circuit_instruction(w->circuit, index), noisy);
        qhm_channel_destroy(part.channel);
        QHM_TRY(status);
    }
    for (; *turn < plan->turn_count && plan->turns[*turn].after == index; ++*turn) {
        const qhm_noise_turn *t = &plan->turns[*turn];
        const qhm_instruction pair = {.qubit_count = 2, .qubits = t->qubits};
        QHM_TRY(qhm_noise_create_turn(w->model, t->radians, &part.channel));
        const qhm_status status = append_noise(w, &part, &pair, noisy);
        qhm_channel_destroy(part.channel);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status write_one(const walk *w, size_t index, qhm_circuit *noisy)
{
    const qhm_instruction *instruction = qhm_circuit_instruction(w->circuit, index);
    QHM_TRY(append_parts(w, index, true, noisy));
    switch (instruction->gate) {
    case QHM_GATE_DELAY:
        QHM_TRY(append_delay(w, instruction, noisy));
        break;
    case QHM_GATE_MEASURE:
    case QHM_GATE_MEASURE_PAULI:
        QHM_TRY(append_measurement(w, index, noisy));
        break;
    default:
        QHM_TRY(qhm_circuit_append_instruction(noisy, instruction));
    }
    return append_parts(w, index, false, noisy);
}

static qhm_status write(const walk *w, qhm_circuit *noisy)
{
    const bool has_crosstalk = w->crosstalk.order != NULL;
    size_t turn = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(w->circuit); i++) {
        const size_t index = has_crosstalk ? w->crosstalk.order[i] : i;
        QHM_TRY(write_one(w, index, noisy));
        if (has_crosstalk)
            QHM_TRY(append_crosstalk(w, index, &turn, noisy));
    }
    return QHM_OK;
}

static qhm_status find_crosstalk(walk *w)
{
    const size_t count = qhm_circuit_instruction_count(w->circuit);
    QHM_TRY(qhm_allocate(count, sizeof *w->durations_ns, &w->durations_ns));
    for (size_t i = 0; i < count; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(w->circuit, i);
        const decision *d = &w->decisions[i];
        if (instruction->gate == QHM_GATE_DELAY)
            w->durations_ns[i] = instruction->duration_ns;
        else if (d->entry && isfinite(d->entry->rule.duration_ns))
            w->durations_ns[i] = d->times * d->entry->rule.duration_ns;
    }
    return qhm_noise_find_crosstalk(w->model, w->circuit, w->durations_ns, &w->crosstalk);
}

static qhm_status create_noisy(const walk *w, qhm_circuit **noisy)
{
    const size_t qubits = qhm_circuit_qubit_count(w->circuit);
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    qhm_status status = qhm_circuit_copy_names(made, w->circuit, true, true);
    if (status == QHM_OK && qhm_noise_has_leak(w->model))
        status = qhm_circuit_append_qubits(made, "leak", qubits);
    if (status == QHM_OK)
        status = write(w, made);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *noisy = made;
    return QHM_OK;
}

static qhm_status apply(walk *w, qhm_circuit **noisy)
{
    const size_t count = qhm_circuit_instruction_count(w->circuit);
    QHM_TRY(qhm_allocate(count, sizeof *w->decisions, &w->decisions));
    QHM_TRY(qhm_allocate(count, sizeof *w->previous, &w->previous));
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(w->circuit), sizeof *w->runs, &w->runs));
    for (size_t i = 0; i < count && !w->model->is_ideal; i++)
        QHM_TRY(decide(w, i));
    close_all(w);
    if (w->model->coupling_count > 0)
        QHM_TRY(find_crosstalk(w));
    return create_noisy(w, noisy);
}

qhm_status qhm_noise_model_apply(const qhm_noise_model *model, const qhm_circuit *circuit,
                                 qhm_circuit **noisy)
{
    QHM_REQUIRE(model && circuit && noisy,
                "qhm_noise_model_apply needs a model, a circuit and a place");
    QHM_REQUIRE(qhm_circuit_qubit_count(circuit) <= model->qubit_count,
                "the circuit has %zu qubits, the noise model %s %zu",
                qhm_circuit_qubit_count(circuit), model->name, model->qubit_count);
    walk w = {.model = model, .circuit = circuit};
    const qhm_status status = apply(&w, noisy);
    qhm_release(w.decisions);
    qhm_release(w.previous);
    qhm_release(w.runs);
    qhm_release(w.durations_ns);
    qhm_noise_crosstalk_release(&w.crosstalk);
    return status;
}
