// States of few basis states, merged two by two.
#include <qhm/sparse_state.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_QUBITS = 63, MOST_STATES = 65536 };

// What is left to merge, and the gates that merged so far.
typedef struct merging {
    qhm_circuit *gates;
    size_t qubits, count;
    uint64_t *states;        // [count]
    qhm_complex *amplitudes; // [count]
    size_t *chosen;          // scratch: entries
} merging;

// Qubits that tell two basis states from all others.
typedef struct pattern {
    uint64_t mask, values;
} pattern;

// The qubit that splits the chosen entries most unevenly, both sides holding some.
static uint32_t find_split(const merging *m, size_t chosen_count)
{
    uint32_t best = 0;
    size_t widest = SIZE_MAX;
    for (uint32_t q = 0; q < m->qubits; q++) {
        size_t ones = 0;
        for (size_t i = 0; i < chosen_count; i++)
            ones += m->states[m->chosen[i]] >> q & 1;
        const size_t fewer = ones < chosen_count - ones ? ones : chosen_count - ones;
        if (fewer > 0 && fewer < widest) {
            widest = fewer;
            best = q;
        }
    }
    return best;
}

// Keeps the smaller side of the chosen entries; returns its size and the qubit's value there.
static size_t keep_smaller(const merging *m, size_t chosen_count, uint32_t qubit, uint64_t *value)
{
    size_t ones = 0, kept = 0;
    for (size_t i = 0; i < chosen_count; i++)
        ones += m->states[m->chosen[i]] >> qubit & 1;
    *value = ones <= chosen_count - ones;
    for (size_t i = 0; i < chosen_count; i++)
        if ((m->states[m->chosen[i]] >> qubit & 1) == *value)
            m->chosen[kept++] = m->chosen[i];
    return kept;
}

// Narrows the chosen entries down to one; the pattern gets the qubits that did it, *last the last
// of them.
static size_t narrow(const merging *m, size_t chosen_count, pattern *p, uint32_t *last)
{
    while (chosen_count > 1) {
        uint64_t value;
        *last = find_split(m, chosen_count);
        chosen_count = keep_smaller(m, chosen_count, *last, &value);
        p->mask |= UINT64_C(1) << *last;
        p->values = (p->values & ~(UINT64_C(1) << *last)) | value << *last;
    }
    return m->chosen[0];
}

// Two entries, the qubit in which they will differ, and the controls that no other entry meets.
static void find_pair(const merging *m, size_t *first, size_t *second, uint32_t *qubit, pattern *p)
{
    uint32_t unused;
    for (size_t i = 0; i < m->count; i++)
        m->chosen[i] = i;
    *p = (pattern){0, 0};
    *first = narrow(m, m->count, p, qubit);
    p->mask &= ~(UINT64_C(1) << *qubit);
    p->values &= p->mask;
    size_t chosen_count = 0;
    for (size_t i = 0; i < m->count; i++)
        if (i != *first && (m->states[i] & p->mask) == p->values)
            m->chosen[chosen_count++] = i;
    *second = narrow(m, chosen_count, p, &unused);
}

static qhm_status flip(merging *m, uint32_t qubit)
{
    for (size_t i = 0; i < m->count; i++)
        m->states[i] ^= UINT64_C(1) << qubit;
    return qhm_circuit_append(m->gates, QHM_GATE_X, &qubit, NULL);
}

static qhm_status flip_where(merging *m, uint32_t control, uint32_t target)
{
    for (size_t i = 0; i < m->count; i++)
        m->states[i] ^= (m->states[i] >> control & 1) << target;
    return qhm_circuit_append(m->gates, QHM_GATE_CX, (uint32_t[]){control, target}, NULL);
}

// Turns a |0> + b |1> into |0>, where all controls are 1.
static qhm_status rotate(merging *m, size_t first, size_t second, uint32_t qubit, uint64_t controls)
{
    const qhm_complex a = m->amplitudes[second], b = m->amplitudes[first];
    const double r = hypot(hypot(a.re, a.im), hypot(b.re, b.im));
    const qhm_complex matrix[4] = {
        {a.re / r, -a.im / r}, {b.re / r, -b.im / r}, {-b.re / r, -b.im / r}, {a.re / r, a.im / r}};
    uint32_t qubits[MOST_QUBITS + 1], count = 0;
    for (uint32_t q = 0; q < m->qubits; q++)
        if (controls >> q & 1)
            qubits[count++] = q;
    qubits[count] = qubit;
    m->amplitudes[second] = (qhm_complex){r, 0};
    return qhm_circuit_append_instruction(m->gates, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                                       .control_count = count,
                                                                       .qubit_count = count + 1,
                                                                       .qubits = qubits,
                                                                       .matrix = matrix});
}

// Makes the two alike but for one qubit, and rotates one into the other.
static qhm_status merge_two(merging *m)
{
    size_t first, second;
    uint32_t qubit = 0;
    pattern p;
    find_pair(m, &first, &second, &qubit, &p);
    if (!(m->states[first] >> qubit & 1))
        QHM_TRY(flip(m, qubit));
    for (uint32_t q = 0; q < m->qubits; q++)
        if (q != qubit && ((m->states[first] ^ m->states[second]) >> q & 1))
            QHM_TRY(flip_where(m, qubit, q));
    for (uint32_t q = 0; q < m->qubits; q++)
        if ((p.mask >> q & 1) && !(m->states[second] >> q & 1))
            QHM_TRY(flip(m, q));
    QHM_TRY(rotate(m, first, second, qubit, p.mask));
    m->count--;
    m->states[first] = m->states[m->count];
    m->amplitudes[first] = m->amplitudes[m->count];
    return QHM_OK;
}

static qhm_status merge_all(merging *m)
{
    while (m->count > 1)
        QHM_TRY(merge_two(m));
    for (uint32_t q = 0; q < m->qubits; q++)
        if (m->states[0] >> q & 1)
            QHM_TRY(flip(m, q));
    return QHM_OK;
}

static int compare_states(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static qhm_status check(size_t qubits, const uint64_t *states, const qhm_complex *amplitudes,
                        size_t count)
{
    QHM_REQUIRE(states && amplitudes, "states or amplitudes is NULL");
    QHM_REQUIRE(qubits >= 1 && qubits <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d", qubits,
                MOST_QUBITS);
    QHM_REQUIRE(count >= 1 && count <= MOST_STATES, "count is %zu, not 1 to %d", count,
                MOST_STATES);
    for (size_t i = 0; i < count; i++) {
        const double size = hypot(amplitudes[i].re, amplitudes[i].im);
        QHM_REQUIRE(states[i] >> qubits == 0, "state %zu is %llu, which has more than %zu bits", i,
                    (unsigned long long)states[i], qubits);
        QHM_REQUIRE(isfinite(size) && size > 0, "amplitude %zu is %g, not finite or 0", i, size);
    }
    uint64_t *sorted;
    QHM_TRY(qhm_copy_bytes(states, count, sizeof *states, &sorted));
    qsort(sorted, count, sizeof *sorted, compare_states);
    qhm_status status = QHM_OK;
    for (size_t i = 1; i < count && status == QHM_OK; i++)
        if (sorted[i] == sorted[i - 1])
            status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "state %llu is there twice",
                              (unsigned long long)sorted[i]);
    qhm_release(sorted);
    return status;
}

static qhm_status begin(merging *m, const uint64_t *states, const qhm_complex *amplitudes)
{
    QHM_TRY(qhm_circuit_create(m->qubits, 0, &m->gates));
    QHM_TRY(qhm_copy_bytes(states, m->count, sizeof *states, &m->states));
    QHM_TRY(qhm_copy_bytes(amplitudes, m->count, sizeof *amplitudes, &m->amplitudes));
    return qhm_allocate(m->count, sizeof *m->chosen, &m->chosen);
}

qhm_status qhm_sparse_state_create(size_t qubit_count, const uint64_t *states,
                                   const qhm_complex *amplitudes, size_t count,
                                   qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(check(qubit_count, states, amplitudes, count));
    merging m = {.qubits = qubit_count, .count = count};
    qhm_status status = begin(&m, states, amplitudes);
    if (status == QHM_OK)
        status = merge_all(&m);
    if (status == QHM_OK)
        status = qhm_circuit_invert(m.gates, circuit);
    qhm_circuit_destroy(m.gates);
    qhm_release(m.states);
    qhm_release(m.amplitudes);
    qhm_release(m.chosen);
    return status;
}
