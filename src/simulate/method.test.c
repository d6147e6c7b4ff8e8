// The choice of a method, and the sentence that tells why.
#include <qhm/method.h>

#include "support/checks.h"
#include "support/failing_memory.h"

static qhm_circuit *create(size_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 2, &circuit));
    for (uint32_t q = 0; q < qubits; q++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
        if (q > 0)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL));
    }
    return circuit;
}

static void append_t(qhm_circuit *circuit)
{
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_T, (uint32_t[]){1}, NULL));
}

static void require_method(const qhm_circuit *circuit, const qhm_method_options *options,
                           const char *backend, const char *reason)
{
    qhm_method method;
    REQUIRE_OK(qhm_method_find(circuit, options, &method));
    assert_string_equal(method.backend, backend);
    if (!strstr(method.reason, reason))
        fail_msg("\"%s\" lacks \"%s\"", method.reason, reason);
}

static void small_circuits_are_state_vectors(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(20);
    require_method(circuit, NULL, "statevector", "20 qubits need 16 MiB");
    require_method(circuit, &(qhm_method_options){.precision = QHM_FLOAT32}, "statevector",
                   "20 qubits need 8 MiB");
    append_t(circuit);
    require_method(circuit, NULL, "statevector", "20 qubits need 16 MiB");
    qhm_circuit_destroy(circuit);
    circuit = create(1);
    require_method(circuit, NULL, "statevector", "1 qubit needs 32 bytes");
    qhm_circuit_destroy(circuit);
}

static void wide_clifford_circuits_are_stabilizers(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(1021);
    require_method(circuit, NULL, "stabilizer", "all 2,041 gates are Clifford, on 1,021 qubits");
    append_t(circuit);
    require_method(circuit, NULL, "mps",
                   "1,021 qubits are too many for a state vector (more than 1024 EiB; ");
    require_method(circuit, NULL, "mps", "instruction 2041, t, is not Clifford");
    qhm_circuit_destroy(circuit);
    // With outcomes on the way each shot of a state vector is a run; the tableau runs once.
    circuit = create(15);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    require_method(circuit, NULL, "statevector", "15 qubits");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    require_method(circuit, NULL, "stabilizer", "all 30 gates");
    append_t(circuit);
    require_method(circuit, NULL, "statevector", "15 qubits");
    qhm_circuit_destroy(circuit);
}

static void memory_decides_between_state_vector_and_mps(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(22);
    append_t(circuit);
    const size_t bytes = (size_t)16 << 22;
    require_method(circuit, &(qhm_method_options){.memory_limit_bytes = 2 * bytes}, "statevector",
                   "22 qubits need 64 MiB");
    require_method(circuit, &(qhm_method_options){.memory_limit_bytes = 2 * bytes - 1}, "mps",
                   "(64 MiB; 128 MiB are available)");
    qhm_circuit_destroy(circuit);
}

static void a_stabilizer_state_must_fit_too(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(4000);
    const qhm_method_options little = {.memory_limit_bytes = 1 << 20};
    require_method(circuit, NULL, "stabilizer", "on 4,000 qubits");
    require_method(circuit, &little, "mps", "too many for a state vector and a stabilizer state");
    qhm_circuit_destroy(circuit);
}

static void slots_are_not_clifford(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(100), *bound;
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){3}, &angle));
    require_method(circuit, NULL, "mps", "instruction 199, rz, is not Clifford");
    REQUIRE_OK(qhm_circuit_bind(circuit, (double[]){M_PI / 2}, NULL, &bound));
    require_method(bound, NULL, "stabilizer", "all 200 gates");
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_method method;
    return qhm_method_find(context, NULL, &method);
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(3);
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_circuits_are_state_vectors),
        cmocka_unit_test(wide_clifford_circuits_are_stabilizers),
        cmocka_unit_test(memory_decides_between_state_vector_and_mps),
        cmocka_unit_test(a_stabilizer_state_must_fit_too),
        cmocka_unit_test(slots_are_not_clifford),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
