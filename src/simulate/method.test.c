// The choice of a method, and the sentence that tells why.
#include <qhm/method.h>

#include "simulate/backend_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/channel.h>
#include <qhm/random.h>

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

static void append_channel(qhm_circuit *circuit, qhm_channel *channel)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                    .qubit_count = 1,
                                    .qubits = (uint32_t[]){0},
                                    .kraus_count = (uint32_t)channel->kraus_count,
                                    .matrix = channel->kraus}));
    qhm_channel_destroy(channel);
}

static void noise_is_exact_where_it_is_small(void **state)
{
    (void)state;
    qhm_channel *channel;
    for (size_t qubits = 6; qubits <= 13; qubits++) {
        qhm_circuit *circuit = create(qubits);
        REQUIRE_OK(qhm_channel_create_amplitude_damping(0.1, 0, &channel));
        append_channel(circuit, channel);
        if (qubits == 12)
            require_method(circuit, NULL, "density_matrix",
                           "the density matrix of 12 qubits takes 128 MiB");
        require_method(circuit, NULL, qubits <= 12 ? "density_matrix" : "trajectories", "noise");
        require_method(circuit, &(qhm_method_options){.memory_limit_bytes = 1 << 16},
                       qubits <= 6 ? "density_matrix" : "trajectories", "noise");
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = QHM_GATE_X,
                                        .qubits = (uint32_t[]){0},
                                        .condition = qhm_condition_bit(0, true)}));
        require_method(circuit, NULL, qubits <= 6 ? "density_matrix" : "trajectories", "noise");
        qhm_circuit_destroy(circuit);
    }
    // A measurement that may be wrong is noise, too.
    qhm_circuit *circuit = create(2);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                                                          .qubits = (uint32_t[]){0},
                                                                          .flips = {0.01, 0.02}}));
    require_method(circuit, NULL, "density_matrix", "2 qubits");
    qhm_circuit_destroy(circuit);
}

static void noise_of_pauli_strings_leaves_clifford_circuits_to_the_stabilizer(void **state)
{
    (void)state;
    qhm_channel *channel;
    qhm_circuit *circuit = create(40);
    const char *wide =
        qhm_stabilizer_backend.has_channels ? "stabilizer" : "trajectories"; // see backends.test.c
    REQUIRE_OK(qhm_channel_create_depolarizing(1, 0.1, &channel));
    append_channel(circuit, channel);
    require_method(circuit, NULL, wide, "40 qubits");
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.1, 0, &channel));
    append_channel(circuit, channel);
    require_method(circuit, NULL, "trajectories", "40 qubits");
    qhm_circuit_destroy(circuit);
}

// Layers of turns and of CX between distant qubits.
static qhm_circuit *create_entangled(size_t qubits)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    qhm_circuit *circuit = create(qubits);
    for (int layer = 0; layer < 6; layer++)
        for (uint32_t q = 0; q < qubits; q++) {
            const qhm_angle angle = qhm_angle_constant(qhm_random_normal(&random));
            const uint32_t pair[2] = {q, (q + 7) % (uint32_t)qubits};
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, pair, NULL));
        }
    return circuit;
}

// One excitation that is shared from the last qubit down to the first.
static qhm_circuit *create_w_state(uint32_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){qubits - 1}, NULL));
    for (uint32_t i = qubits - 1; i > 0; i--) {
        const qhm_angle angle = qhm_angle_constant(2 * acos(sqrt(1.0 / (i + 1))));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRY, (uint32_t[]){i, i - 1}, &angle));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){i - 1, i}, NULL));
    }
    return circuit;
}

static void little_entanglement_is_found(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_w_state(20);
    require_method(circuit, NULL, "statevector", "20 qubits");
    qhm_circuit_destroy(circuit);
    circuit = create_w_state(27);
    require_method(circuit, NULL, "mps", "27 qubits need 2 GiB as a state vector");
    require_method(circuit, NULL, "mps", "a bond dimension of 2 suffices");
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    require_method(circuit, NULL, "mps", "suffices");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL)); // an outcome counts
    require_method(circuit, NULL, "statevector", "27 qubits");
    qhm_circuit_destroy(circuit);
    circuit = create_w_state(27);
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){3}, &angle));
    require_method(circuit, NULL, "statevector", "27 qubits");
    qhm_circuit_destroy(circuit);
}

static void memory_decides_between_state_vector_and_mps(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_entangled(22);
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
    circuit = create_w_state(21);
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_circuits_are_state_vectors),
        cmocka_unit_test(wide_clifford_circuits_are_stabilizers),
        cmocka_unit_test(noise_is_exact_where_it_is_small),
        cmocka_unit_test(noise_of_pauli_strings_leaves_clifford_circuits_to_the_stabilizer),
        cmocka_unit_test(little_entanglement_is_found),
        cmocka_unit_test(memory_decides_between_state_vector_and_mps),
        cmocka_unit_test(a_stabilizer_state_must_fit_too),
        cmocka_unit_test(slots_are_not_clifford),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
