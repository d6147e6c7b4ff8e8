// tests/qasm: small programs as other tools write them, against their known outcomes.
#include "support/checks.h"
#include "support/reference_simulator.h"

#include <qhm/diagnostics.h>
#include <qhm/qasm.h>

enum { MOST_BITS = 128 };

typedef struct outcomes {
    const char *expected[9]; // the last bit first; all equally likely; others never come
    uint32_t first, count;
    size_t dimension;
    double found[8], other;
} outcomes;

static void add_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    outcomes *sum = context;
    char text[MOST_BITS + 1] = "";
    double weight = 0;
    for (size_t i = 0; i < sum->dimension; i++)
        weight += state[i].re * state[i].re + state[i].im * state[i].im;
    for (uint32_t i = 0; i < sum->count; i++)
        text[sum->count - 1 - i] = bits[sum->first + i] ? '1' : '0';
    for (size_t k = 0; sum->expected[k]; k++)
        if (strcmp(sum->expected[k], text) == 0) {
            sum->found[k] += weight;
            return;
        }
    sum->other += weight;
}

static qhm_circuit *load(const char *name)
{
    char path[512];
    qhm_circuit *circuit = NULL;
    snprintf(path, sizeof path, QHM_SOURCE_DIR "/tests/qasm/%s.qasm", name);
    REQUIRE_OK(qhm_qasm_load(path, NULL, &circuit, NULL));
    return circuit;
}

static void programs_of_every_dialect_have_their_outcomes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bits; // the register that is looked at
        const char *expected[9];
    } rows[] = {
        {"qasmbench_teleportation", "c2", {"0"}},
        {"qasmbench_adder", "ans", {"101"}},
        {"qasmbench_wide", "out", {"01"}},
        {"mqt_native_2", "meas", {"01", "00", "10", "11"}},
        {"qiskit_export_3", "c", {"10", "01"}},
        {"braket", "b", {"100", "011"}},
        {"ibm_rest_guide", "c", {"00", "11"}},
        {"hardware_qubits", "meas", {"00", "11"}},
        {"quantinuum", "c", {"00", "11"}},
        {"quantinuum_gates", "c", {"00"}},
        {"spec_adder", "ans", {"100"}},
        {"spec_inverse_qft", "c", {"000"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_circuit *circuit = load(rows[i].name);
        outcomes sum = {.dimension = (size_t)1 << qhm_circuit_qubit_count(circuit)};
        memcpy(sum.expected, rows[i].expected, sizeof sum.expected);
        for (size_t k = 0; k < qhm_circuit_bit_register_count(circuit); k++)
            if (strcmp(qhm_circuit_bit_register(circuit, k)->name, rows[i].bits) == 0) {
                sum.first = qhm_circuit_bit_register(circuit, k)->first;
                sum.count = qhm_circuit_bit_register(circuit, k)->count;
            }
        assert_true(sum.count > 0 && qhm_circuit_bit_count(circuit) <= MOST_BITS);
        reference_run_branches(circuit, NULL, NULL, add_branch, &sum);
        size_t count = 0;
        while (sum.expected[count])
            count++;
        for (size_t k = 0; k < count; k++)
            if (!(fabs(sum.found[k] - 1.0 / (double)count) < 1e-12))
                fail_msg("%s: %s has probability %g, not 1/%zu", rows[i].name, sum.expected[k],
                         sum.found[k], count);
        qhm_circuit_destroy(circuit);
    }
}

static void a_loop_until_success_has_its_instructions(void **state)
{
    (void)state;
    qhm_circuit *circuit = load("spec_repeat_until_success");
    size_t loops = 0, measurements = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        loops += instruction->gate == QHM_GATE_WHILE;
        measurements += instruction->gate == QHM_GATE_MEASURE;
        if (instruction->gate == QHM_GATE_WHILE) { // on the register itself
            assert_int_equal(instruction->condition.relation, QHM_RELATION_NOT_EQUAL);
            assert_int_equal(instruction->condition.bit_count, 2);
            assert_int_equal(instruction->condition.first_bit, 0);
        }
    }
    assert_int_equal(loops, 1);
    assert_int_equal(measurements, 3);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_of_every_dialect_have_their_outcomes),
        cmocka_unit_test(a_loop_until_success_has_its_instructions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
