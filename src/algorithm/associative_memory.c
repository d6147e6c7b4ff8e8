// Quantum associative memory: patterns in superposition, recalled by Hamming distance.
#include <qhm/associative_memory.h>

#include "algorithm/reversible.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

static qhm_status check_patterns(const qhm_memory_patterns *p)
{
    QHM_REQUIRE(p && p->patterns, "patterns is NULL");
    QHM_REQUIRE(p->bit_count >= 1 && p->bit_count <= 60, "bit_count is %zu, not 1 to 60",
                p->bit_count);
    QHM_REQUIRE(p->count >= 1, "there are no patterns");
    for (size_t i = 0; i < p->count; i++) {
        QHM_REQUIRE(p->patterns[i] >> p->bit_count == 0, "pattern %zu does not fit %zu bits", i,
                    p->bit_count);
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(p->patterns[i] != p->patterns[j], "patterns %zu and %zu are equal", j, i);
    }
    return QHM_OK;
}

// In the part of the state that still is to be shared out, which `open` marks, the memory becomes
// the pattern, or 0 again.
static qhm_status write_pattern(qhm_circuit *circuit, size_t n, uint64_t pattern, uint32_t open)
{
    for (uint32_t q = 0; q < n; q++)
        if (pattern >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){open, q}, NULL));
    return QHM_OK;
}

// Splits 1 / left of what is open off: that is stored from now on.
static qhm_status store_pattern(qhm_circuit *circuit, size_t n, uint64_t pattern, size_t left)
{
    const uint32_t flag = (uint32_t)n, open = (uint32_t)n + 1;
    uint32_t memory[62];
    uint8_t values[62];
    for (uint32_t q = 0; q < n; q++) {
        memory[q] = q;
        values[q] = pattern >> q & 1;
    }
    // |1> goes to |0> with the amplitude 1 / sqrt(left), and stays with what is left.
    const qhm_angle angle = qhm_angle_constant(-2 * asin(1 / sqrt((double)left)));
    QHM_TRY(write_pattern(circuit, n, pattern, open));
    QHM_TRY(qhm_append_controlled_x(circuit, n, memory, values, flag));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CRY, (uint32_t[]){flag, open}, &angle));
    QHM_TRY(qhm_append_controlled_x(circuit, n, memory, values, flag));
    return write_pattern(circuit, n, pattern, open);
}

static qhm_status append_storage(qhm_circuit *circuit, const qhm_memory_patterns *p)
{
    const uint32_t open = (uint32_t)p->bit_count + 1;
    QHM_TRY(qhm_circuit_append_qubits(circuit, "memory", p->bit_count));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "work", 2));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &open, NULL));
    for (size_t i = 0; i < p->count; i++)
        QHM_TRY(store_pattern(circuit, p->bit_count, p->patterns[i], p->count - i));
    return QHM_OK;
}

// Amplitude cos(pi d / 2m) of the control's 0: a phase of -pi d / m on its 1, half of that taken
// back on both.
static qhm_status append_control(qhm_circuit *circuit, size_t n, uint64_t known, uint32_t control)
{
    const double turn = M_PI / (double)__builtin_popcountll(known);
    const qhm_angle both = qhm_angle_constant(turn / 2), one = qhm_angle_constant(-turn);
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &control, NULL));
    for (uint32_t q = 0; q < n; q++) {
        if (!(known >> q & 1))
            continue;
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_P, &q, &both));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CP, (uint32_t[]){control, q}, &one));
    }
    return qhm_circuit_append(circuit, QHM_GATE_H, &control, NULL);
}

// X where the query has a 1: then the memory's 1s are the bits that differ.
static qhm_status append_query(qhm_circuit *circuit, size_t n, uint64_t query)
{
    for (uint32_t q = 0; q < n; q++)
        if (query >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
    return QHM_OK;
}

static qhm_status append_recall(qhm_circuit *circuit, const qhm_memory_patterns *p, uint64_t query,
                                uint64_t known, size_t control_count)
{
    const size_t n = p->bit_count;
    QHM_TRY(append_storage(circuit, p));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "control", control_count));
    QHM_TRY(qhm_circuit_append_bits(circuit, "memory", n));
    QHM_TRY(qhm_circuit_append_bits(circuit, "control", control_count));
    QHM_TRY(append_query(circuit, n, query));
    for (size_t c = 0; c < control_count; c++)
        QHM_TRY(append_control(circuit, n, known, (uint32_t)(n + 2 + c)));
    QHM_TRY(append_query(circuit, n, query));
    for (uint32_t q = 0; q < n; q++)
        QHM_TRY(qhm_circuit_append_measure(circuit, q, q));
    for (size_t c = 0; c < control_count; c++)
        QHM_TRY(qhm_circuit_append_measure(circuit, (uint32_t)(n + 2 + c), (uint32_t)(n + c)));
    return QHM_OK;
}

static qhm_status finish(qhm_circuit *made, qhm_status status, qhm_circuit **circuit)
{
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_associative_memory_store(const qhm_memory_patterns *patterns, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(check_patterns(patterns));
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    return finish(made, append_storage(made, patterns), circuit);
}

qhm_status qhm_associative_memory_create(const qhm_memory_patterns *patterns, uint64_t query,
                                         uint64_t known, size_t control_count,
                                         qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(check_patterns(patterns));
    QHM_REQUIRE(known != 0 && (known | query) >> patterns->bit_count == 0,
                "the query's known bits are none, or do not fit %zu bits", patterns->bit_count);
    QHM_REQUIRE(control_count >= 1 && control_count <= 62 - patterns->bit_count,
                "control_count is %zu, not 1 to %zu", control_count, 62 - patterns->bit_count);
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    return finish(made, append_recall(made, patterns, query, known, control_count), circuit);
}

double qhm_associative_memory_probability(const qhm_memory_patterns *patterns, uint64_t query,
                                          uint64_t known, size_t control_count, double *recalled)
{
    const double most = (double)__builtin_popcountll(known);
    double sum = 0;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < patterns->count; i++) {
            const int distance = __builtin_popcountll((patterns->patterns[i] ^ query) & known);
            // cos(pi / 2) is 0: not 1e-17, which would be recalled where nothing else is.
            const double amplitude = distance == (int)most ? 0 : cos(M_PI * distance / (2 * most));
            const double weight = pow(amplitude, 2 * (double)control_count);
            if (pass == 0)
                sum += weight;
            else if (recalled)
                recalled[i] = sum > 0 ? weight / sum : 0;
        }
    return sum / (double)patterns->count;
}
