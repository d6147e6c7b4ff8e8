// What every backend must do: the same circuits on each give the results of full matrices.
#include "simulate/backend_internal.h"

#include "circuit/circuit_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/observables.h"
#include "support/reference_simulator.h"

#include <qhm/threads.h>

enum { QUBITS = 4, BITS = 3 };

// A backend made with its name alone, and a plan on it.
typedef struct subject {
    qhm_backend *backend;
    qhm_plan *plan;
} subject;

static subject create(size_t backend, const qhm_circuit *circuit,
                      const qhm_observable *const *observables, size_t count)
{
    subject made;
    REQUIRE_OK(qhm_backend_create(qhm_backend_information(backend)->name, NULL, &made.backend));
    REQUIRE_OK(qhm_plan_create(made.backend, circuit, observables, count, NULL, &made.plan));
    return made;
}

static void destroy(subject made)
{
    qhm_plan_destroy(made.plan);
    qhm_backend_destroy(made.backend);
}

static bool runs_clifford_only(size_t backend)
{
    return qhm_backend_information(backend)->is_clifford_only;
}

static bool is_statevector(size_t backend)
{
    return strcmp(qhm_backend_information(backend)->name, "statevector") == 0;
}

static void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits, double radians,
                   const qhm_condition *condition)
{
    const qhm_angle angles[3] = {qhm_angle_constant(radians), qhm_angle_constant(radians),
                                 qhm_angle_constant(radians)};
    qhm_instruction instruction = {.gate = gate, .qubits = qubits, .angles = angles};
    if (condition)
        instruction.condition = *condition;
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
}

static qhm_condition random_condition(qhm_random *random)
{
    static const uint64_t values[4] = {0, 1, 2, 3};
    const uint32_t count = 1 + (uint32_t)qhm_random_below(random, 2);
    return (qhm_condition){
        .relation = (qhm_relation)(1 + qhm_random_below(random, 6)),
        .first_bit = (uint32_t)qhm_random_below(random, BITS + 1 - count),
        .bit_count = count,
        .value = &values[qhm_random_below(random, (uint64_t)1 << count)],
    };
}

// What else than gates a circuit has on the way.
typedef enum on_the_way { NOTHING, ANYTHING, PAULI_CONDITIONS } on_the_way;

// Gates, and also measurements, resets, classical bits and conditions; or conditions on one bit for
// Pauli gates only, which a stabilizer state describes by one run.
static qhm_circuit *random_circuit(qhm_random *random, size_t count, bool is_clifford,
                                   on_the_way also)
{
    const bool is_dynamic = also != NOTHING;
    static const qhm_gate gates[] = {QHM_GATE_H,     QHM_GATE_S,   QHM_GATE_X,   QHM_GATE_Y,
                                     QHM_GATE_SX,    QHM_GATE_RZ,  QHM_GATE_RY,  QHM_GATE_CX,
                                     QHM_GATE_CY,    QHM_GATE_CZ,  QHM_GATE_RXX, QHM_GATE_SWAP,
                                     QHM_GATE_ISWAP, QHM_GATE_ECR, QHM_GATE_H,   QHM_GATE_CX,
                                     QHM_GATE_CCX,   QHM_GATE_U,   QHM_GATE_CH};
    const size_t choices = sizeof gates / sizeof gates[0] - (is_clifford ? 3 : 0);
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, BITS, &circuit));
    for (size_t i = 0; i < count; i++) {
        uint32_t qubits[3];
        for (size_t q = 0; q < 3; q++)
            qubits[q] = (uint32_t)qhm_random_below(random, QUBITS);
        qubits[1] = (qubits[0] + 1 + qubits[1] % (QUBITS - 1)) % QUBITS;
        while (qubits[2] == qubits[0] || qubits[2] == qubits[1])
            qubits[2] = (qubits[2] + 1) % QUBITS;
        const uint64_t kind = qhm_random_below(random, 10);
        const bool has_condition = is_dynamic && kind < 4;
        qhm_condition condition = random_condition(random);
        const double radians = is_clifford ? (double)qhm_random_below(random, 4) * M_PI / 2
                                           : 6 * qhm_random_uniform(random);
        if (also == PAULI_CONDITIONS && has_condition) {
            static const qhm_gate paulis[3] = {QHM_GATE_X, QHM_GATE_Y, QHM_GATE_Z};
            condition = qhm_condition_bit(qubits[2] % BITS, qubits[1] % 2);
            append(circuit, paulis[kind % 3], qubits, 0, &condition);
            continue;
        }
        if (also == PAULI_CONDITIONS && kind == 7)
            continue;
        if (also == PAULI_CONDITIONS)
            condition = (qhm_condition){0};
        if (is_dynamic && kind >= 8)
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit,
                &(qhm_instruction){.gate = kind == 8 ? QHM_GATE_MEASURE : QHM_GATE_RESET,
                                   .qubits = qubits,
                                   .bit = (uint32_t)qhm_random_below(random, BITS),
                                   .condition = qubits[2] == 0 ? condition : (qhm_condition){0}}));
        else if (is_dynamic && kind == 7)
            REQUIRE_OK(qhm_circuit_append_instruction(circuit,
                                                      &(qhm_instruction){.gate = QHM_GATE_SET,
                                                                         .bit = qubits[0] % BITS,
                                                                         .bit_value = qubits[1] % 2,
                                                                         .condition = condition}));
        else
            append(circuit, gates[qhm_random_below(random, choices)], qubits, radians,
                   has_condition ? &condition : NULL);
    }
    for (uint32_t b = 0; b < BITS; b++)
        if (!is_dynamic || b != 1)
            REQUIRE_OK(qhm_circuit_append_measure(circuit, (b + 1) % QUBITS, b));
    return circuit;
}

// What full matrices say: the distribution of bits, and expectation values over all branches.
typedef struct expected {
    double probabilities[1 << BITS];
    const qhm_observable *observable;
    double value;
} expected;

static void visit(const unsigned char *bits, const qhm_complex *state, void *context)
{
    expected *e = context;
    double norm = 0;
    for (size_t i = 0; i < 1 << QUBITS; i++)
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    e->probabilities[bits[0] | bits[1] << 1 | bits[2] << 2] += norm;
    e->value += reference_expectation(e->observable, QUBITS, state);
}

static void exact_distributions_are_those_of_all_branches(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 20, 0, 0);
    qhm_observable *observable = parse_observable("0.5 Z0 Z3 + X1 Y2 - 0.25 Y0 + 2");
    for (int round = 0; round < 80; round++) {
        const bool is_clifford = round % 3 != 0;
        const on_the_way also[4] = {NOTHING, ANYTHING, PAULI_CONDITIONS, PAULI_CONDITIONS};
        qhm_circuit *circuit = random_circuit(&random, 22, is_clifford, also[round % 4]);
        expected e = {.observable = observable};
        reference_run_branches(circuit, NULL, NULL, visit, &e);
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            if (runs_clifford_only(b) && !is_clifford)
                continue;
            subject s = create(b, circuit, (const qhm_observable *const[]){observable}, 1);
            qhm_distribution *found;
            double value, lost;
            REQUIRE_OK(qhm_plan_run_exact(
                s.plan, &(qhm_exact_request){.expectations = &value, .lost_probability = &lost},
                &found));
            for (uint64_t i = 0; i < 1 << BITS; i++)
                REQUIRE_NEAR(qhm_distribution_weight(found, &i), e.probabilities[i], 1e-12);
            REQUIRE_NEAR(qhm_distribution_total(found), 1, 1e-12);
            REQUIRE_NEAR(lost, 0, 1e-12);
            REQUIRE_NEAR(value, e.value, 1e-11);
            double again; // without the distribution
            REQUIRE_OK(
                qhm_plan_run_exact(s.plan, &(qhm_exact_request){.expectations = &again}, NULL));
            REQUIRE_NEAR(again, value, 1e-13);
            qhm_distribution_destroy(found);
            destroy(s);
        }
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(observable);
}

static void require_frequencies(const uint64_t *values, size_t shots, size_t outcomes,
                                const double *probabilities)
{
    double counts[1 << QUBITS] = {0};
    for (size_t i = 0; i < shots; i++) {
        assert_true(values[i] < outcomes);
        counts[values[i]]++;
    }
    for (size_t i = 0; i < outcomes; i++) {
        const double p = probabilities[i], n = (double)shots;
        REQUIRE_NEAR(counts[i] / n, p, 5 * sqrt(fmax(0, p * (1 - p)) / n) + 1e-9);
    }
}

static void shots_have_the_frequencies_of_the_distribution(void **state)
{
    (void)state;
    enum { SHOTS = 1500 };
    static uint64_t bits[SHOTS], samples[SHOTS];
    qhm_random random = qhm_random_stream(20240607, QHM_RANDOM_USER, 21, 0, 0);
    qhm_observable *observable = parse_observable("0.5 Z0 Z3 + X1 Y2 - 0.25 Y0 + 2");
    for (int round = 0; round < 10; round++) {
        const bool is_clifford = round % 3 != 0;
        const on_the_way also[3] = {NOTHING, ANYTHING, PAULI_CONDITIONS};
        qhm_circuit *circuit =
            random_circuit(&random, 22, is_clifford, also[(round + round / 3) % 3]);
        expected e = {.observable = observable};
        reference_run_branches(circuit, NULL, NULL, visit, &e);
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            if (runs_clifford_only(b) && !is_clifford)
                continue;
            subject s = create(b, circuit, (const qhm_observable *const[]){observable}, 1);
            double value;
            REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                           .shots = SHOTS,
                                                           .seed = 5,
                                                           .bits = bits,
                                                           .samples = samples,
                                                           .expectations = &value}));
            require_frequencies(bits, SHOTS, 1 << BITS, e.probabilities);
            // |0.5| + |1| + |0.25| bounds one shot's deviation.
            REQUIRE_NEAR(value, e.value, 5 * 1.75 / sqrt(SHOTS));
            for (size_t i = 0; i < SHOTS; i++) // bit 2 is the last measurement, of qubit 3
                assert_int_equal(bits[i] >> 2 & 1, samples[i] >> 3 & 1);
            destroy(s);
        }
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(observable);
}

static void states_are_those_of_full_matrices(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 22, 0, 0);
    for (int round = 0; round < 20; round++) {
        const bool is_clifford = round % 2 == 0;
        qhm_circuit *circuit = random_circuit(&random, 25, is_clifford, NOTHING), *gates;
        REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &gates));
        for (size_t i = 0; i + BITS < qhm_circuit_instruction_count(circuit); i++)
            REQUIRE_OK(qhm_circuit_append_instruction(gates, qhm_circuit_instruction(circuit, i)));
        qhm_complex *wanted = reference_run(gates, NULL, NULL), found[1 << QUBITS];
        double probabilities[1 << QUBITS];
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            if (runs_clifford_only(b) && !is_clifford)
                continue;
            const bool is_mixed = qhm_backend_information(b)->is_mixed;
            subject s = create(b, circuit, NULL, 0);
            qhm_request request = {
                .batch_count = 1, .states = found, .probabilities = probabilities};
            if (is_mixed) {
                REQUIRE_FAILS(qhm_plan_run(s.plan, &request), QHM_ERROR_UNSUPPORTED,
                              "states are wanted, but a density matrix has no amplitudes");
                request.states = NULL;
            }
            REQUIRE_OK(qhm_plan_run(s.plan, &request));
            if (!is_mixed)
                REQUIRE_NEAR(reference_fidelity(found, wanted, 1 << QUBITS), 1, 1e-12);
            for (size_t i = 0; i < 1 << QUBITS; i++)
                REQUIRE_NEAR(probabilities[i],
                             wanted[i].re * wanted[i].re + wanted[i].im * wanted[i].im, 1e-12);
            destroy(s);
        }
        free(wanted);
        qhm_circuit_destroy(gates);
        qhm_circuit_destroy(circuit);
    }
}

// Weights that are multiples of pi/2 keep every backend able to run; shifts do too.
static qhm_circuit *trainable_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    const qhm_angle angles[4] = {qhm_angle_weight(0), qhm_angle_input(0, 1), qhm_angle_weight(1),
                                 qhm_angle_weight(0)};
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angles[0]));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 2}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){2}, &angles[1]));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZZ, (uint32_t[]){1, 2}, &angles[2]));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &angles[3]));
    return circuit;
}

static void gradients_by_parameter_shift_agree(void **state)
{
    (void)state;
    enum { BATCH = 16 };
    qhm_circuit *circuit = trainable_circuit();
    qhm_observable *observables[2] = {parse_observable("Z0 + X1 Z2"),
                                      parse_observable("Y2 - 0.5 Z0 Z1")};
    double inputs[BATCH], weights[BATCH][2], cotangents[BATCH][2];
    double wanted[BATCH][2], wanted_inputs[BATCH], found[BATCH][2], found_inputs[BATCH];
    double values[BATCH][2], wanted_values[BATCH][2], size = 0;
    for (size_t i = 0; i < BATCH; i++) {
        inputs[i] = (double)(i % 4) * M_PI / 2;
        weights[i][0] = (double)(i / 4) * M_PI / 2;
        weights[i][1] = (double)(i * 7 % 4) * M_PI / 2;
        cotangents[i][0] = 1 + (double)i;
        cotangents[i][1] = -0.5;
    }
    for (size_t b = 0; b < qhm_backend_count(); b++) {
        subject s = create(b, circuit, (const qhm_observable *const *)observables, 2);
        const bool is_first = is_statevector(b);
        qhm_request request = {.batch_count = BATCH,
                               .inputs = inputs,
                               .weights = weights[0],
                               .weights_per_sample = true,
                               .expectations = is_first ? wanted_values[0] : values[0],
                               .cotangents = cotangents[0],
                               .input_gradients = is_first ? wanted_inputs : found_inputs,
                               .weight_gradients = is_first ? wanted[0] : found[0]};
        REQUIRE_OK(qhm_plan_run(s.plan, &request)); // the first by the adjoint
        for (size_t i = 0; i < BATCH; i++)
            for (size_t w = 0; w < 2; w++) {
                size += fabs(wanted[i][w]);
                if (is_first)
                    continue;
                REQUIRE_NEAR(values[i][w], wanted_values[i][w], 1e-12);
                REQUIRE_NEAR(found[i][w], wanted[i][w], 1e-11);
                REQUIRE_NEAR(found_inputs[i], wanted_inputs[i], 1e-11);
            }
        destroy(s);
    }
    assert_true(size > 10);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
    qhm_circuit_destroy(circuit);
}

// One sample's shots in any batch, for any number of threads.
static void shots_do_not_depend_on_batch_or_threads(void **state)
{
    (void)state;
    enum { BATCH = 3, SHOTS = 200 };
    static uint64_t bits[3][BATCH * SHOTS], samples[3][BATCH * SHOTS];
    double values[3][BATCH];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 23, 0, 0);
    qhm_observable *observable = parse_observable("Z0 + X1 X2");
    const unsigned threads = qhm_threads_count();
    for (int round = 0; round < 6; round++) {
        qhm_circuit *circuit = random_circuit(&random, 20, true, (on_the_way)(round % 3));
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            for (unsigned variant = 0; variant < 3; variant++) {
                REQUIRE_OK(qhm_threads_set_count(1));
                subject s = create(b, circuit, (const qhm_observable *const[]){observable}, 1);
                REQUIRE_OK(qhm_threads_set_count(variant == 1 ? 3 : 1));
                qhm_request request = {
                    .batch_count = variant < 2 ? BATCH : 1, .shots = SHOTS, .seed = 11, .step = 4};
                for (size_t first = 0; first < BATCH; first += request.batch_count) {
                    request.first_sample = first;
                    request.bits = bits[variant] + first * SHOTS;
                    request.samples = samples[variant] + first * SHOTS;
                    request.expectations = values[variant] + first;
                    REQUIRE_OK(qhm_plan_run(s.plan, &request));
                }
                destroy(s);
            }
            for (unsigned variant = 1; variant < 3; variant++) {
                assert_memory_equal(bits[0], bits[variant], sizeof bits[0]);
                assert_memory_equal(samples[0], samples[variant], sizeof samples[0]);
                assert_memory_equal(values[0], values[variant], sizeof values[0]);
            }
        }
        qhm_circuit_destroy(circuit);
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    qhm_observable_destroy(observable);
}

// Repeat until a measurement gives 1: branches of ever smaller weight, and every loop ends.
static void loops_end_when_their_branches_are_too_small(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    const qhm_condition zero = qhm_condition_bit(0, false);
    append(circuit, QHM_GATE_WHILE, NULL, 0, &zero);
    append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, 0, NULL);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0, NULL);
    append(circuit, QHM_GATE_X, (uint32_t[]){1}, 0, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    append(circuit, QHM_GATE_END, NULL, 0, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    for (size_t b = 0; b < qhm_backend_count(); b++) {
        subject s = create(b, circuit, NULL, 0);
        qhm_distribution *found;
        double lost;
        REQUIRE_OK(qhm_plan_run_exact(
            s.plan, &(qhm_exact_request){.least_probability = 1e-6, .lost_probability = &lost},
            &found));
        // After an odd number of turns bit 1 is 1: 1/2 + 1/8 + ... = 2/3.
        REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){3}), 2.0 / 3, 1e-5);
        REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){1}), 1.0 / 3, 1e-5);
        assert_true(lost > 0 && lost < 4e-6);
        REQUIRE_NEAR(qhm_distribution_total(found) + lost, 1, 1e-12);
        qhm_distribution_destroy(found);
        uint64_t bits[500];
        REQUIRE_OK(
            qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .shots = 500, .bits = bits}));
        double threes = 0;
        for (size_t i = 0; i < 500; i++)
            threes += bits[i] == 3;
        REQUIRE_NEAR(threes / 500, 2.0 / 3, 0.11);
        destroy(s);
    }
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    append(circuit, QHM_GATE_WHILE, NULL, 0, &zero);
    append(circuit, QHM_GATE_END, NULL, 0, NULL);
    for (size_t b = 0; b < qhm_backend_count(); b++) {
        subject s = create(b, circuit, NULL, 0);
        qhm_distribution *found;
        uint64_t bits[16]; // shots after the first that fails are not tried
        REQUIRE_FAILS(qhm_plan_run_exact(s.plan, &(qhm_exact_request){0}, &found),
                      QHM_ERROR_RESOURCE_LIMIT, "turned more than 1000000 times");
        REQUIRE_FAILS(
            qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .shots = 16, .bits = bits}),
            QHM_ERROR_RESOURCE_LIMIT, "turned more than 1000000 times");
        destroy(s);
    }
    qhm_circuit_destroy(circuit);
}

static void too_many_outcomes_are_refused(void **state)
{
    (void)state;
    for (int is_dynamic = 0; is_dynamic < 2; is_dynamic++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(5, 5, &circuit));
        for (uint32_t q = 0; q < 5; q++) {
            append(circuit, QHM_GATE_H, &q, 0, NULL);
            REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
        }
        if (is_dynamic)
            append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, 0, NULL);
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            subject s = create(b, circuit, NULL, 0);
            qhm_distribution *found;
            REQUIRE_FAILS(
                qhm_plan_run_exact(s.plan, &(qhm_exact_request){.max_outcomes = 31}, &found),
                QHM_ERROR_RESOURCE_LIMIT, "more than 31 outcomes or branches; use shots");
            REQUIRE_OK(
                qhm_plan_run_exact(s.plan, &(qhm_exact_request){.max_outcomes = 32}, &found));
            assert_int_equal(qhm_distribution_outcome_count(found), 32);
            qhm_distribution_destroy(found);
            REQUIRE_FAILS(
                qhm_plan_run_exact(s.plan, &(qhm_exact_request){.least_probability = -1}, &found),
                QHM_ERROR_INVALID_ARGUMENT, "least_probability is -1");
            destroy(s);
        }
        qhm_circuit_destroy(circuit);
    }
}

// Bits in no register are 0 in exact outcomes, whatever was measured into them.
static void scratch_bits_do_not_split_outcomes(void **state)
{
    (void)state;
    for (int is_dynamic = 0; is_dynamic < 2; is_dynamic++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
        REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
        REQUIRE_OK(qhm_circuit_append_bits(circuit, "c", 1));
        for (uint32_t q = 0; q < 3; q++) {
            append(circuit, QHM_GATE_H, &q, 0, NULL);
            REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
        }
        if (is_dynamic)
            append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, 0, NULL);
        for (size_t b = 0; b < qhm_backend_count(); b++) {
            subject s = create(b, circuit, NULL, 0);
            qhm_distribution *found;
            REQUIRE_OK(qhm_plan_run_exact(s.plan, &(qhm_exact_request){0}, &found));
            assert_int_equal(qhm_distribution_outcome_count(found), 2);
            REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){4}), 0.5, 1e-12);
            qhm_distribution_destroy(found);
            destroy(s);
        }
        qhm_circuit_destroy(circuit);
    }
}

typedef struct failing {
    size_t backend;
    const qhm_circuit *circuit;
    const qhm_observable *observable;
} failing;

static qhm_status attempt(void *context)
{
    const failing *f = context;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_distribution *found = NULL;
    uint64_t bits[4];
    double value;
    qhm_status status =
        qhm_backend_create(qhm_backend_information(f->backend)->name, NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, f->circuit, &f->observable, 1, NULL, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run(
            plan,
            &(qhm_request){.batch_count = 1, .shots = 4, .bits = bits, .expectations = &value});
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){.expectations = &value}, &found);
    qhm_distribution_destroy(found);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(20240607, QHM_RANDOM_USER, 24, 0, 0);
    qhm_observable *observable = parse_observable("Z0 + X1 X2");
    const unsigned threads = qhm_threads_count();
    REQUIRE_OK(qhm_threads_set_count(1));
    for (int round = 0; round < 3; round++) {
        qhm_circuit *circuit = random_circuit(&random, 14, true, (on_the_way)round);
        for (size_t b = 0; b < qhm_backend_count(); b++)
            require_survives_failing_memory(attempt, &(failing){b, circuit, observable});
        qhm_circuit_destroy(circuit);
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    qhm_observable_destroy(observable);
}

static void what_a_backend_cannot_run_is_named(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0, NULL);
    append(circuit, QHM_GATE_T, (uint32_t[]){0}, 0, NULL);
    REQUIRE_OK(qhm_backend_create("stabilizer", NULL, &backend));
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan), QHM_ERROR_UNSUPPORTED,
                  "instruction 1, t, is not a Clifford gate");
    qhm_circuit_destroy(circuit);
    // An angle that a slot decides is looked at when it comes.
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    qhm_observable *observable = parse_observable("Z0");
    REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                               NULL, &plan));
    double values[3];
    REQUIRE_FAILS(qhm_plan_run(plan, &(qhm_request){.batch_count = 3,
                                                    .inputs = (double[]){M_PI, 0.25, 0.5},
                                                    .expectations = values}),
                  QHM_ERROR_UNSUPPORTED, "instruction 0, rx of 0.25, is not a Clifford gate");
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 3,
                                                 .inputs = (double[]){M_PI, 0, M_PI / 2},
                                                 .expectations = values}));
    REQUIRE_NEAR(values[0], -1, 0);
    REQUIRE_NEAR(values[1], 1, 0);
    REQUIRE_NEAR(values[2], 0, 0);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(observable);
    REQUIRE_FAILS(qhm_backend_create("mps", &(qhm_backend_options){.max_bond = 70000}, &backend),
                  QHM_ERROR_INVALID_ARGUMENT, "max_bond is 70000, not 1 to 65536");
    REQUIRE_FAILS(
        qhm_backend_create("mps", &(qhm_backend_options){.discarded_weight = 1}, &backend),
        QHM_ERROR_INVALID_ARGUMENT, "discarded_weight is 1, not between 0 and 1");
    REQUIRE_FAILS(
        qhm_backend_create("mps", &(qhm_backend_options){.truncation_bound = -1}, &backend),
        QHM_ERROR_INVALID_ARGUMENT, "truncation_bound is -1, not above 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_distributions_are_those_of_all_branches),
        cmocka_unit_test(shots_have_the_frequencies_of_the_distribution),
        cmocka_unit_test(states_are_those_of_full_matrices),
        cmocka_unit_test(gradients_by_parameter_shift_agree),
        cmocka_unit_test(shots_do_not_depend_on_batch_or_threads),
        cmocka_unit_test(loops_end_when_their_branches_are_too_small),
        cmocka_unit_test(too_many_outcomes_are_refused),
        cmocka_unit_test(scratch_bits_do_not_split_outcomes),
        cmocka_unit_test(failing_memory_is_survived),
        cmocka_unit_test(what_a_backend_cannot_run_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
