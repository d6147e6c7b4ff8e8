// Crosstalk: what operations and waiting qubits do to their neighbours at the same time.
//
// When an instruction runs is found as the compiler schedules: as late as possible, times counted
// back from the end. In the order in which instructions begin, whatever overlaps in time stands
// next to each other, so that a channel on two waiting qubits has a place between them.
#include "device/noise_crosstalk.h"
#include "base/memory.h"
#include "circuit/circuit_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double shortest_ns = 1e-6; // below it is rounding

// Times in ns before the end of the circuit.
typedef struct moment {
    double begin, end;
    size_t index;
} moment;

typedef struct search {
    const qhm_noise_model *model;
    const qhm_circuit *circuit;
    const double *durations_ns;
    size_t qubits, bits;
    moment *moments;                // [instructions]
    double *qubit_free;             // [qubits] the begin of the next instruction
    double *bit_written, *bit_read; // [bits] the same of the next that writes it, the first to read
    size_t *first, *neighbours;     // [qubits + 1], [twice the couplings] couplings of each qubit
    size_t *waiting, *acting;       // [qubits] its latest delay and two-qubit gate, or SIZE_MAX
} search;

static double join_all(const search *s)
{
    double time = 0;
    for (size_t q = 0; q < s->qubits; q++)
        time = fmax(time, s->qubit_free[q]);
    for (size_t b = 0; b < s->bits; b++)
        time = fmax(time, fmax(s->bit_written[b], s->bit_read[b]));
    for (size_t q = 0; q < s->qubits; q++)
        s->qubit_free[q] = time;
    for (size_t b = 0; b < s->bits; b++)
        s->bit_written[b] = s->bit_read[b] = time;
    return time;
}

static bool is_for_all(const qhm_instruction *instruction)
{
    return instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END ||
           instruction->gate == QHM_GATE_SET ||
           (instruction->gate == QHM_GATE_BARRIER && instruction->qubit_count == 0);
}

static bool is_measurement(const qhm_instruction *instruction)
{
    return instruction->gate == QHM_GATE_MEASURE || instruction->gate == QHM_GATE_MEASURE_PAULI;
}

static void place(search *s, size_t index)
{
    const qhm_instruction *instruction = qhm_circuit_instruction(s->circuit, index);
    moment *m = &s->moments[index];
    m->index = index;
    if (is_for_all(instruction)) {
        m->begin = m->end = join_all(s);
        return;
    }
    const qhm_condition *condition = &instruction->condition;
    const uint32_t read = condition->relation == QHM_RELATION_NONE ? 0 : condition->bit_count;
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        m->end = fmax(m->end, s->qubit_free[instruction->qubits[i]]);
    for (uint32_t b = 0; b < read; b++)
        m->end = fmax(m->end, s->bit_written[condition->first_bit + b]);
    if (is_measurement(instruction))
        m->end =
            fmax(m->end, fmax(s->bit_written[instruction->bit], s->bit_read[instruction->bit]));
    m->begin = m->end + s->durations_ns[index];
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        s->qubit_free[instruction->qubits[i]] = m->begin;
    for (uint32_t b = 0; b < read; b++)
        s->bit_read[condition->first_bit + b] =
            fmax(m->begin, s->bit_read[condition->first_bit + b]);
    if (is_measurement(instruction))
        s->bit_written[instruction->bit] = m->begin;
}

static int compare_moments(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin > y->begin ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

// The couplings of each qubit of the circuit, one qubit after the other.
static void find_neighbours(search *s)
{
    const qhm_noise_model *model = s->model;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < model->coupling_count; c++)
            for (int side = 0; side < 2; side++) {
                const uint32_t *pair = model->couplings[c].qubits;
                if (pair[0] >= s->qubits || pair[1] >= s->qubits)
                    continue;
                if (pass == 0)
                    s->first[pair[side] + 1]++;
                else
                    s->neighbours[s->acting[pair[side]]++] = c;
            }
        for (size_t q = 0; q < s->qubits && pass == 0; q++) {
            s->first[q + 1] += s->first[q];
            s->acting[q] = s->first[q]; // where its next neighbour goes
        }
    }
}

static uint32_t other_of(const qhm_noise_coupling *coupling, uint32_t qubit)
{
    return coupling->qubits[coupling->qubits[0] == qubit];
}

// A delay beside one that has begun before it and is not over.
static qhm_status join_delays(const search *s, const moment *m, qhm_noise_crosstalk *plan)
{
    const uint32_t qubit = qhm_circuit_instruction(s->circuit, m->index)->qubits[0];
    for (size_t n = s->first[qubit]; n < s->first[qubit + 1]; n++) {
        const qhm_noise_coupling *coupling = &s->model->couplings[s->neighbours[n]];
        const uint32_t other = other_of(coupling, qubit);
        if (s->waiting[other] == SIZE_MAX || coupling->zz_hz == 0)
            continue;
        const double overlap = m->begin - fmax(m->end, s->moments[s->waiting[other]].end);
        if (overlap < shortest_ns)
            continue;
        QHM_TRY(qhm_reserve(plan->turn_count + 1, &plan->turn_capacity, sizeof *plan->turns,
                            &plan->turns));
        plan->turns[plan->turn_count++] =
            (qhm_noise_turn){.after = m->index,
                             .qubits = {coupling->qubits[0], coupling->qubits[1]},
                             .radians = 3.14159265358979323846 * coupling->zz_hz * 1e-9 * overlap};
    }
    s->waiting[qubit] = (size_t)(m - s->moments);
    return QHM_OK;
}

// Gates on two qubits of which one is coupled to one of the other's, at the same time.
static void join_gates(const search *s, const moment *m, qhm_noise_crosstalk *plan)
{
    const uint32_t *qubits = qhm_circuit_instruction(s->circuit, m->index)->qubits;
    for (int side = 0; side < 2; side++)
        for (size_t n = s->first[qubits[side]]; n < s->first[qubits[side] + 1]; n++) {
            const uint32_t other = other_of(&s->model->couplings[s->neighbours[n]], qubits[side]);
            if (s->acting[other] == SIZE_MAX)
                continue;
            const moment *neighbour = &s->moments[s->acting[other]];
            if (m->begin - fmax(m->end, neighbour->end) < shortest_ns)
                continue;
            plan->is_beside[m->index] = plan->is_beside[neighbour->index] = true;
        }
    s->acting[qubits[0]] = s->acting[qubits[1]] = (size_t)(m - s->moments);
}

static qhm_status join(search *s, qhm_noise_crosstalk *plan)
{
    const size_t count = qhm_circuit_instruction_count(s->circuit);
    for (size_t i = count; i-- > 0;)
        place(s, i);
    qsort(s->moments, count, sizeof *s->moments, compare_moments);
    find_neighbours(s);
    for (size_t q = 0; q < s->qubits; q++)
        s->waiting[q] = s->acting[q] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const moment *m = &s->moments[i];
        const qhm_instruction *instruction = qhm_circuit_instruction(s->circuit, m->index);
        plan->order[i] = m->index;
        if (instruction->gate == QHM_GATE_DELAY)
            QHM_TRY(join_delays(s, m, plan));
        else if (instruction->qubit_count == 2 &&
                 qhm_gate_information(instruction->gate)->is_unitary)
            join_gates(s, m, plan);
    }
    return QHM_OK;
}

static qhm_status allocate(search *s, qhm_noise_crosstalk *plan)
{
    const size_t count = qhm_circuit_instruction_count(s->circuit);
    QHM_TRY(qhm_allocate(count, sizeof *s->moments, &s->moments));
    QHM_TRY(qhm_allocate(s->qubits, sizeof *s->qubit_free, &s->qubit_free));
    QHM_TRY(qhm_allocate(s->bits, sizeof *s->bit_written, &s->bit_written));
    QHM_TRY(qhm_allocate(s->bits, sizeof *s->bit_read, &s->bit_read));
    QHM_TRY(qhm_allocate(s->qubits + 1, sizeof *s->first, &s->first));
    QHM_TRY(qhm_allocate(2 * s->model->coupling_count, sizeof *s->neighbours, &s->neighbours));
    QHM_TRY(qhm_allocate(s->qubits, sizeof *s->waiting, &s->waiting));
    QHM_TRY(qhm_allocate(s->qubits, sizeof *s->acting, &s->acting));
    QHM_TRY(qhm_allocate(count, sizeof *plan->order, &plan->order));
    return qhm_allocate(count, sizeof *plan->is_beside, &plan->is_beside);
}

qhm_status qhm_noise_find_crosstalk(const qhm_noise_model *model, const qhm_circuit *circuit,
                                    const double *durations_ns, qhm_noise_crosstalk *plan)
{
    assert(model->coupling_count > 0);
    search s = {.model = model,
                .circuit = circuit,
                .durations_ns = durations_ns,
                .qubits = qhm_circuit_qubit_count(circuit),
                .bits = qhm_circuit_bit_count(circuit)};
    qhm_status status = allocate(&s, plan);
    if (status == QHM_OK)
        status = join(&s, plan);
    void *const pointers[] = {s.moments, s.qubit_free, s.bit_written, s.bit_read,
                              s.first,   s.neighbours, s.waiting,     s.acting};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
    return status;
}

void qhm_noise_crosstalk_release(qhm_noise_crosstalk *plan)
{
    qhm_release(plan->order);
    qhm_release(plan->is_beside);
    qhm_release(plan->turns);
}

qhm_status qhm_noise_add_coupling(qhm_noise_model *model, uint32_t a, uint32_t b, double zz_hz)
{
    QHM_TRY(qhm_reserve(model->coupling_count + 1, &model->coupling_capacity,
                        sizeof *model->couplings, &model->couplings));
    model->couplings[model->coupling_count++] = (qhm_noise_coupling){{a, b}, zz_hz};
    return QHM_OK;
}

// exp(-i a ZZ / 2).
qhm_status qhm_noise_create_turn(const qhm_noise_model *model, double radians,
                                 qhm_channel **channel)
{
    const double half = model->options.scale * radians / 2, c = cos(half), s = sin(half);
    const double both = model->options.is_twirled ? s * s : 0;
    const qhm_complex unitary[16] = {[0] = {c, -s}, [5] = {c, s}, [10] = {c, s}, [15] = {c, -s}};
    const double probabilities[16] = {1 - both, [5 * QHM_PAULI_Z] = both};
    return model->options.is_twirled ? qhm_channel_create_pauli(2, probabilities, channel)
                                     : qhm_channel_create(2, 1, unitary, channel);
}

// Depolarising after noise of process fidelity F adds exactly q (F - 1/16) to the process's
// infidelity, 5/4 of the average one.
qhm_status qhm_noise_create_beside(const qhm_noise_model *model, const qhm_noise_entry *entry,
                                   qhm_channel **channel)
{
    const double fidelity = 1 - 1.25 * entry->rule.model_error;
    const double added = model->options.scale * 1.25 * entry->beside_error;
    return qhm_channel_create_depolarizing(2, fmin(added / (fidelity - 1.0 / 16), 16.0 / 15),
                                           channel);
}
