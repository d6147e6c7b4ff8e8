// Phase estimation: textbook, iterative with one ancilla, by Hadamard tests.
#include <qhm/phase_estimation.h>

#include "algorithm/append_at.h"
#include "algorithm/phase_estimation_internal.h"
#include "base/memory.h"

#include <math.h>

enum { MOST_BITS = 16 };

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, size_t qubit)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)qubit}, NULL);
}

// The operator `power` times under the qubit `control`.
static qhm_status append_power(qhm_circuit *circuit, const qhm_circuit *controlled, size_t control,
                               uint64_t power)
{
    uint32_t *map;
    const size_t n = qhm_circuit_qubit_count(controlled) - 1;
    qhm_status status = QHM_OK;
    QHM_TRY(qhm_allocate(n + 1, sizeof *map, &map));
    for (size_t q = 0; q < n; q++)
        map[q] = (uint32_t)q;
    map[n] = (uint32_t)control;
    for (uint64_t k = 0; k < power && status == QHM_OK; k++)
        status = qhm_circuit_append_circuit(circuit, controlled, map, NULL, 0, 0);
    qhm_release(map);
    return status;
}

static qhm_status append_textbook(qhm_circuit *circuit, const qhm_circuit *preparation,
                                  const qhm_circuit *controlled, size_t bit_count, bool is_measured)
{
    const size_t n = qhm_circuit_qubit_count(controlled) - 1;
    QHM_TRY(qhm_circuit_append_qubits(circuit, "state", n));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "clock", bit_count));
    if (preparation)
        QHM_TRY(qhm_circuit_append_circuit(circuit, preparation, NULL, NULL, 0, 0));
    for (size_t j = 0; j < bit_count; j++)
        QHM_TRY(append(circuit, QHM_GATE_H, n + j));
    for (size_t j = 0; j < bit_count; j++)
        QHM_TRY(append_power(circuit, controlled, n + j, (uint64_t)1 << j));
    QHM_TRY(qhm_append_fourier_at(circuit, n, bit_count, true));
    if (!is_measured)
        return QHM_OK;
    QHM_TRY(qhm_circuit_append_bits(circuit, "y", bit_count));
    for (size_t j = 0; j < bit_count; j++)
        QHM_TRY(qhm_circuit_append_measure(circuit, (uint32_t)(n + j), (uint32_t)j));
    return QHM_OK;
}

qhm_status qhm_phase_estimation_create_controlled(const qhm_circuit *preparation,
                                                  const qhm_circuit *controlled, size_t bit_count,
                                                  bool is_measured, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    const qhm_status status =
        append_textbook(made, preparation, controlled, bit_count, is_measured);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_status require_problem(const qhm_phase_problem *problem)
{
    QHM_REQUIRE(problem && problem->unitary, "problem or its unitary is NULL");
    const size_t n = qhm_circuit_qubit_count(problem->unitary);
    const struct {
        const char *name;
        const qhm_circuit *circuit;
        size_t qubits;
    } parts[] = {{"unitary", problem->unitary, n},
                 {"preparation", problem->preparation, n},
                 {"controlled unitary", problem->controlled, n + 1}};
    QHM_REQUIRE(n >= 1, "the unitary has no qubits");
    for (size_t i = 0; i < 3; i++) {
        const qhm_circuit *part = parts[i].circuit;
        if (!part)
            continue;
        QHM_REQUIRE(qhm_circuit_qubit_count(part) == parts[i].qubits,
                    "the %s has %zu qubits, not %zu", parts[i].name, qhm_circuit_qubit_count(part),
                    parts[i].qubits);
        QHM_REQUIRE(qhm_circuit_input_count(part) + qhm_circuit_weight_count(part) == 0,
                    "the %s has slots: bind them", parts[i].name);
        QHM_REQUIRE(qhm_circuit_bit_count(part) == 0, "the %s has classical bits", parts[i].name);
    }
    return QHM_OK;
}

static qhm_status create_control(const qhm_phase_problem *problem, qhm_circuit **controlled)
{
    return problem->controlled ? qhm_circuit_copy(problem->controlled, controlled)
                               : qhm_circuit_control(problem->unitary, 1, controlled);
}

qhm_status qhm_phase_estimation_create(const qhm_phase_problem *problem, size_t bit_count,
                                       bool is_measured, qhm_circuit **circuit)
{
    qhm_circuit *controlled;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    QHM_TRY(require_problem(problem));
    QHM_TRY(create_control(problem, &controlled));
    const qhm_status status = qhm_phase_estimation_create_controlled(
        problem->preparation, controlled, bit_count, is_measured, circuit);
    qhm_circuit_destroy(controlled);
    return status;
}

// The last round's angle is pi times its bit, plus what lower bits turned: that is taken back.
static qhm_status append_feedback(qhm_circuit *circuit, size_t ancilla, size_t round)
{
    for (size_t i = 0; i < round; i++) {
        const qhm_angle angle = qhm_angle_constant(-ldexp(M_PI, -(int)(round - i)));
        const qhm_instruction turn = {.gate = QHM_GATE_P,
                                      .qubits = (uint32_t[]){(uint32_t)ancilla},
                                      .angles = &angle,
                                      .condition = qhm_condition_bit((uint32_t)i, true)};
        QHM_TRY(qhm_circuit_append_instruction(circuit, &turn));
    }
    return QHM_OK;
}

static qhm_status append_rounds(qhm_circuit *circuit, const qhm_circuit *controlled,
                                size_t bit_count)
{
    const size_t ancilla = qhm_circuit_qubit_count(controlled) - 1;
    for (size_t round = 0; round < bit_count; round++) {
        if (round > 0)
            QHM_TRY(append(circuit, QHM_GATE_RESET, ancilla));
        QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
        QHM_TRY(append_power(circuit, controlled, ancilla, (uint64_t)1 << (bit_count - 1 - round)));
        QHM_TRY(append_feedback(circuit, ancilla, round));
        QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
        QHM_TRY(qhm_circuit_append_measure(circuit, (uint32_t)ancilla, (uint32_t)round));
    }
    return QHM_OK;
}

static qhm_status append_test(qhm_circuit *circuit, const qhm_circuit *controlled,
                              size_t generation, bool is_sine)
{
    const size_t ancilla = qhm_circuit_qubit_count(controlled) - 1;
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
    QHM_TRY(append_power(circuit, controlled, ancilla, (uint64_t)1 << generation));
    if (is_sine)
        QHM_TRY(append(circuit, QHM_GATE_SDG, ancilla));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
    return qhm_circuit_append_measure(circuit, (uint32_t)ancilla, 0);
}

static qhm_status append_turned(qhm_circuit *circuit, const qhm_circuit *controlled, uint64_t power,
                                double angle)
{
    const uint32_t ancilla = (uint32_t)qhm_circuit_qubit_count(controlled) - 1;
    const qhm_angle back = qhm_angle_constant(-2 * M_PI * (angle - round(angle)));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
    QHM_TRY(append_power(circuit, controlled, ancilla, power));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_P, &ancilla, &back));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla));
    return qhm_circuit_append_measure(circuit, ancilla, 0);
}

// What the circuits with one ancilla begin with.
static qhm_status begin(const qhm_phase_problem *problem, size_t bit_count,
                        qhm_circuit **controlled, qhm_circuit **circuit)
{
    *controlled = *circuit = NULL;
    QHM_TRY(require_problem(problem));
    QHM_TRY(create_control(problem, controlled));
    qhm_status status =
        qhm_circuit_create(qhm_circuit_qubit_count(*controlled), bit_count, circuit);
    if (status == QHM_OK && problem->preparation)
        status = qhm_circuit_append_circuit(*circuit, problem->preparation, NULL, NULL, 0, 0);
    if (status != QHM_OK) {
        qhm_circuit_destroy(*controlled);
        qhm_circuit_destroy(*circuit);
    }
    return status;
}

static qhm_status finish(qhm_status status, qhm_circuit *controlled, qhm_circuit *made,
                         qhm_circuit **circuit)
{
    qhm_circuit_destroy(controlled);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_phase_estimation_create_iterative(const qhm_phase_problem *problem, size_t bit_count,
                                                 qhm_circuit **circuit)
{
    qhm_circuit *controlled, *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    QHM_TRY(begin(problem, bit_count, &controlled, &made));
    return finish(append_rounds(made, controlled, bit_count), controlled, made, circuit);
}

qhm_status qhm_phase_estimation_create_test(const qhm_phase_problem *problem, size_t generation,
                                            bool is_sine, qhm_circuit **circuit)
{
    qhm_circuit *controlled, *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(generation < MOST_BITS, "generation is %zu, not 0 to %d", generation,
                MOST_BITS - 1);
    QHM_TRY(begin(problem, 1, &controlled, &made));
    return finish(append_test(made, controlled, generation, is_sine), controlled, made, circuit);
}

qhm_status qhm_phase_estimation_create_turned(const qhm_phase_problem *problem, uint64_t power,
                                              double angle, qhm_circuit **circuit)
{
    qhm_circuit *controlled, *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(power >= 1 && power <= (uint64_t)1 << (MOST_BITS - 1),
                "power is %llu, not 1 to %llu", (unsigned long long)power, 1ULL << (MOST_BITS - 1));
    QHM_REQUIRE(isfinite(angle), "angle is %g, not finite", angle);
    QHM_TRY(begin(problem, 1, &controlled, &made));
    return finish(append_turned(made, controlled, power, angle), controlled, made, circuit);
}

double qhm_phase_estimation_probability(double phase, size_t bit_count, size_t y)
{
    const double count = ldexp(1, (int)bit_count), distance = phase - (double)y / count;
    const double near = distance - round(distance);
    if (fabs(near) < 1e-12 / count)
        return 1;
    const double ratio = sin(count * M_PI * near) / (count * sin(M_PI * near));
    return ratio * ratio;
}

size_t qhm_phase_estimation_bits(size_t bit_count, double failure)
{
    if (!(failure > 0 && failure < 1))
        return 0;
    return bit_count + (size_t)ceil(log2(2 + 1 / (2 * failure)));
}

double qhm_phase_estimation_signed(double phase)
{
    return phase - floor(phase + 0.5);
}

qhm_status qhm_phase_estimation_robust(size_t generation_count, const double *cosines,
                                       const double *sines, double *phase)
{
    double found = 0;
    QHM_REQUIRE(cosines && sines && phase, "cosines, sines or phase is NULL");
    QHM_REQUIRE(generation_count >= 1 && generation_count <= MOST_BITS,
                "generation_count is %zu, not 1 to %d", generation_count, MOST_BITS);
    for (size_t j = 0; j < generation_count; j++) {
        QHM_REQUIRE(isfinite(cosines[j]) && isfinite(sines[j]),
                    "the means of generation %zu are not finite", j);
        const double power = ldexp(1, (int)j), turn = atan2(sines[j], cosines[j]) / (2 * M_PI);
        const double whole = j == 0 ? 0 : round(found * power - turn);
        found = (turn + whole) / power;
    }
    found -= floor(found);
    *phase = found < 1 ? found : 0; // a tiny negative number may round to 1
    return QHM_OK;
}

double qhm_phase_estimation_robust_failure(size_t generation_count, size_t shots)
{
    return fmin(1, 4 * (double)generation_count * exp(-3 * (double)shots / 16));
}
