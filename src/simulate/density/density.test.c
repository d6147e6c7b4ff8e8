// The density-matrix backend against closed forms, plain density matrices and the state vector.
#include "simulate/backend_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/observables.h"
#include "support/reference_density.h"
#include "support/reference_simulator.h"

#include <qhm/channel.h>
#include <qhm/threads.h>

enum { BATCH = 11, INPUTS = 2, WEIGHTS = 3 };

// Appends a channel and frees it.
static void append_channel(qhm_circuit *circuit, const uint32_t *qubits, qhm_channel *channel)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                    .qubit_count = (uint32_t)channel->qubit_count,
                                    .qubits = qubits,
                                    .kraus_count = (uint32_t)channel->kraus_count,
                                    .matrix = channel->kraus}));
    qhm_channel_destroy(channel);
}

typedef struct subject {
    qhm_backend *backend;
    qhm_plan *plan;
} subject;

static subject create_with(const char *isa, const qhm_circuit *circuit,
                           const qhm_observable *const *observables, size_t count,
                           const qhm_plan_options *options)
{
    subject made;
    REQUIRE_OK(qhm_backend_create("density_matrix", &(qhm_backend_options){.instruction_set = isa},
                                  &made.backend));
    REQUIRE_OK(qhm_plan_create(made.backend, circuit, observables, count, options, &made.plan));
    return made;
}

static subject create(const qhm_circuit *circuit, const qhm_observable *const *observables,
                      size_t count, const qhm_plan_options *options)
{
    return create_with(NULL, circuit, observables, count, options);
}

static void destroy(subject made)
{
    qhm_plan_destroy(made.plan);
    qhm_backend_destroy(made.backend);
}

static double value_of(const qhm_circuit *circuit, const char *observable)
{
    qhm_observable *o = parse_observable(observable);
    subject s = create(circuit, (const qhm_observable *const[]){o}, 1, NULL);
    double value;
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
    destroy(s);
    qhm_observable_destroy(o);
    return value;
}

static qhm_circuit *one_qubit(double polar, double azimuth)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    const qhm_angle angles[2] = {qhm_angle_constant(polar), qhm_angle_constant(azimuth)};
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angles[0]));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){0}, &angles[1]));
    return circuit;
}

static void require_bloch(qhm_circuit *circuit, double x, double y, double z)
{
    REQUIRE_NEAR(value_of(circuit, "X0"), x, 1e-13);
    REQUIRE_NEAR(value_of(circuit, "Y0"), y, 1e-13);
    REQUIRE_NEAR(value_of(circuit, "Z0"), z, 1e-13);
    qhm_circuit_destroy(circuit);
}

static void channels_of_one_qubit_move_the_bloch_vector_as_they_should(void **state)
{
    (void)state;
    const double x = sin(1.1) * cos(0.7), y = sin(1.1) * sin(0.7), z = cos(1.1);
    const uint32_t q = 0;
    qhm_channel *channel;
    for (double t = 0; t < 300e3; t += 60e3) { // T1 = 68 us, T2 = 90 us, 3 % excited
        qhm_circuit *circuit = one_qubit(1.1, 0.7);
        REQUIRE_OK(qhm_channel_create_thermal_relaxation(t, 68e3, 90e3, 0.03, &channel));
        append_channel(circuit, &q, channel);
        const double left = exp(-t / 68e3), coherence = exp(-t / 90e3);
        require_bloch(circuit, x * coherence, y * coherence, z * left + 0.94 * (1 - left));
    }
    qhm_circuit *circuit = one_qubit(1.1, 0.7);
    REQUIRE_OK(qhm_channel_create_depolarizing(1, 0.2, &channel));
    append_channel(circuit, &q, channel);
    require_bloch(circuit, 0.8 * x, 0.8 * y, 0.8 * z);
    circuit = one_qubit(1.1, 0.7);
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.3, 0, &channel));
    append_channel(circuit, &q, channel);
    require_bloch(circuit, sqrt(0.7) * x, sqrt(0.7) * y, 0.3 + 0.7 * z);
    circuit = one_qubit(1.1, 0.7);
    REQUIRE_OK(qhm_channel_create_pauli(1, (const double[]){0.7, 0.1, 0.15, 0.05}, &channel));
    append_channel(circuit, &q, channel);
    require_bloch(circuit, 0.6 * x, 0.7 * y, 0.5 * z);
    circuit = one_qubit(1.1, 0.7);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RESET, &q, NULL));
    require_bloch(circuit, 0, 0, 1);
}

// Of every string of the GHZ state's stabilizer all of what noise leaves.
static void a_ghz_state_loses_fidelity_as_depolarizing_says(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= 10; n++) {
        qhm_circuit *circuit;
        qhm_channel *channel;
        REQUIRE_OK(qhm_circuit_create(n, 0, &circuit));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
        for (uint32_t q = 1; q < n; q++)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL));
        const double p = 0.03;
        for (uint32_t q = 0; q < n; q++) {
            REQUIRE_OK(qhm_channel_create_depolarizing(1, p, &channel));
            append_channel(circuit, &q, channel);
        }
        // F = (average over 2^n strings of (1-p)^weight): even sets of Z, and n letters X or Y.
        const double even = (pow(2 - p, n) + pow(p, n)) / 2, full = pow(2, n - 1.0) * pow(1 - p, n);
        qhm_observable *fidelity;
        REQUIRE_OK(qhm_observable_create(&fidelity));
        for (uint32_t s = 0; s < 1U << n; s++) {
            qhm_pauli_factor factors[2][10];
            const int ones = __builtin_popcount(s);
            size_t count = 0;
            for (uint32_t q = 0; q < n; q++) {
                factors[1][q] = (qhm_pauli_factor){q, s >> q & 1 ? QHM_PAULI_Y : QHM_PAULI_X};
                if (s >> q & 1)
                    factors[0][count++] = (qhm_pauli_factor){q, QHM_PAULI_Z};
            }
            if (ones % 2 != 0)
                continue;
            REQUIRE_OK(qhm_observable_append(fidelity, 1 / pow(2, n), factors[0], count));
            REQUIRE_OK(qhm_observable_append(fidelity, (ones % 4 == 0 ? 1 : -1) / pow(2, n),
                                             factors[1], n));
        }
        subject s = create(circuit, (const qhm_observable *const[]){fidelity}, 1, NULL);
        double value;
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
        REQUIRE_NEAR(value, (even + full) / pow(2, n), 1e-12);
        destroy(s);
        qhm_observable_destroy(fidelity);
        qhm_circuit_destroy(circuit);
    }
}

typedef struct samples {
    double inputs[BATCH][INPUTS], weights[BATCH][WEIGHTS];
} samples;

static samples random_samples(qhm_random *random)
{
    samples s;
    for (size_t i = 0; i < BATCH; i++) {
        for (size_t k = 0; k < INPUTS; k++)
            s.inputs[i][k] = 6 * qhm_random_uniform(random) - 3;
        for (size_t k = 0; k < WEIGHTS; k++)
            s.weights[i][k] = 6 * qhm_random_uniform(random) - 3;
    }
    return s;
}

// Precisions, instruction sets, and both layouts.
typedef struct variant {
    qhm_precision precision;
    const char *isa;
    size_t max_batch;
} variant;

static size_t list_variants(variant *variants)
{
    size_t count = 0;
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++)
            for (size_t batch = 0; batch < 2; batch++)
                variants[count++] = (variant){precision ? QHM_FLOAT32 : QHM_FLOAT64,
                                              qhm_isa_text((qhm_isa)isa), batch};
    return count;
}

static void random_circuits_give_what_plain_density_matrices_give(void **state)
{
    (void)state;
    static const char *const texts[] = {"Z0 - 0.5 Y0 + X0", "Z0 X1 + Y0 Y1 - 2", "X2 + Z0 Z1 Z2",
                                        "Y3 X0 + Z1 Z2 + X3"};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 60, 0, 0);
    variant variants[16];
    const size_t variant_count = list_variants(variants);
    // Three rounds of four qubits, which are slow, share the variants.
    for (size_t round = 0; round < 18; round++) {
        const size_t n = round < 3 ? 4 : 1 + round % 3;
        qhm_circuit *circuit =
            reference_random_noisy_circuit(&random, n, n == 4 ? 12 : 16, 4, INPUTS, WEIGHTS);
        const samples s = random_samples(&random);
        qhm_observable *observable = parse_observable(texts[n - 1]);
        double wanted[BATCH], outcomes[BATCH][16];
        for (size_t i = 0; i < BATCH; i += n == 4 ? 5 : 1) {
            qhm_complex *rho = reference_density(circuit, s.inputs[i], s.weights[0]);
            wanted[i] = reference_density_expectation(observable, n, rho);
            for (size_t k = 0; k < 1U << n; k++)
                outcomes[i][k] = rho[k * (1U << n) + k].re;
            free(rho);
        }
        for (size_t v = n == 4 ? round : 0; v < variant_count; v += n == 4 ? 3 : 1) {
            subject made = create_with(variants[v].isa, circuit,
                                       (const qhm_observable *const[]){observable}, 1,
                                       &(qhm_plan_options){.precision = variants[v].precision,
                                                           .max_batch = variants[v].max_batch});
            double values[BATCH], probabilities[BATCH << 4];
            const double tolerance = variants[v].precision == QHM_FLOAT32 ? 2e-5 : 1e-12;
            REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = BATCH,
                                                              .inputs = s.inputs[0],
                                                              .weights = s.weights[0],
                                                              .expectations = values,
                                                              .probabilities = probabilities}));
            for (size_t i = 0; i < BATCH; i += n == 4 ? 5 : 1) {
                REQUIRE_NEAR(values[i], wanted[i], 3 * tolerance);
                for (size_t k = 0; k < 1U << n; k++)
                    REQUIRE_NEAR(probabilities[(i << n) + k], outcomes[i][k], tolerance);
            }
            destroy(made);
        }
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
    }
}

// From 9 qubits on states are worked on in tiles.
static void noiseless_circuits_give_what_state_vectors_give(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 61, 0, 0);
    for (size_t n = 2; n <= 10; n++) {
        qhm_circuit *circuit = reference_random_circuit(&random, n, n < 9 ? 60 : 40, 0, WEIGHTS);
        const samples s = random_samples(&random);
        qhm_observable *observable;
        REQUIRE_OK(qhm_observable_create(&observable));
        for (size_t t = 0; t < 12; t++) {
            qhm_pauli_factor factors[10];
            for (uint32_t q = 0; q < n; q++)
                factors[q] = (qhm_pauli_factor){q, (qhm_pauli)qhm_random_below(&random, 4)};
            REQUIRE_OK(qhm_observable_append(observable, qhm_random_normal(&random), factors, n));
        }
        qhm_backend *vector;
        qhm_plan *plan;
        static double wanted[1024], found[1024];
        double value, values[2];
        qhm_request request = {.batch_count = 1,
                               .weights = s.weights[0],
                               .expectations = &value,
                               .probabilities = wanted};
        REQUIRE_OK(qhm_backend_create("statevector", NULL, &vector));
        REQUIRE_OK(qhm_plan_create(vector, circuit, (const qhm_observable *const[]){observable}, 1,
                                   NULL, &plan));
        REQUIRE_OK(qhm_plan_run(plan, &request));
        for (int single = 0; single < 2; single++) {
            subject made =
                create(circuit, (const qhm_observable *const[]){observable}, 1,
                       &(qhm_plan_options){.precision = single ? QHM_FLOAT32 : QHM_FLOAT64});
            request.expectations = &values[single];
            request.probabilities = found;
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            REQUIRE_NEAR(values[single], value, single ? 1e-4 : 1e-11);
            for (size_t i = 0; i < 1U << n; i++)
                REQUIRE_NEAR(found[i], wanted[i], single ? 1e-5 : 1e-12);
            destroy(made);
        }
        qhm_plan_destroy(plan);
        qhm_backend_destroy(vector);
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
    }
}

// Adjoint, parameter shift and finite differences of one circuit.
static void require_gradients(const qhm_circuit *circuit, size_t n, const samples *s,
                              const qhm_plan_options *options)
{
    qhm_observable *observables[2] = {parse_observable(n == 1 ? "Z0 + X0" : "Z0 X1 + Y1"),
                                      parse_observable("Y0 + 3")};
    const double flips[10][2] = {{0.02, 0.07}, {0.1, 0}};
    qhm_plan_options with = *options;
    with.readout_flips = flips;
    subject made = create(circuit, (const qhm_observable *const *)observables, 2, &with);
    double cotangents[BATCH][2], inputs[2][BATCH][INPUTS], weights[2][BATCH][WEIGHTS];
    double values[2][BATCH][2];
    const bool is_single = options->precision == QHM_FLOAT32;
    for (size_t i = 0; i < BATCH; i++) {
        cotangents[i][0] = 1 - 0.1 * (double)i;
        cotangents[i][1] = 0.5 + 0.05 * (double)i;
    }
    for (int per_sample = 0; per_sample < 2; per_sample++) {
        qhm_request request = {.batch_count = BATCH,
                               .inputs = s->inputs[0],
                               .weights = s->weights[0],
                               .weights_per_sample = per_sample,
                               .cotangents = cotangents[0]};
        const qhm_gradient_method methods[2] = {QHM_GRADIENT_ADJOINT, QHM_GRADIENT_PARAMETER_SHIFT};
        for (int m = 0; m < 2; m++) {
            request.gradient_method = methods[m];
            request.input_gradients = inputs[m][0];
            request.weight_gradients = weights[m][0];
            request.expectations = values[m][0];
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
        }
        const size_t rows = per_sample ? BATCH : 1;
        const double tolerance = is_single ? 2e-3 : 1e-11;
        for (size_t i = 0; i < BATCH; i++)
            for (size_t k = 0; k < INPUTS; k++)
                REQUIRE_NEAR(inputs[0][i][k], inputs[1][i][k], tolerance);
        for (size_t i = 0; i < rows; i++)
            for (size_t k = 0; k < WEIGHTS; k++)
                REQUIRE_NEAR(weights[0][i][k], weights[1][i][k], tolerance);
        if (is_single || per_sample)
            continue;
        for (size_t k = 0; k < WEIGHTS; k++) { // of shared weights, by differences
            double difference = 0, moved[WEIGHTS], found[BATCH][2];
            memcpy(moved, s->weights[0], sizeof moved);
            for (int side = -1; side <= 1; side += 2) {
                moved[k] = s->weights[0][k] + side * 1e-4;
                REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = BATCH,
                                                                  .inputs = s->inputs[0],
                                                                  .weights = moved,
                                                                  .expectations = found[0]}));
                for (size_t i = 0; i < BATCH; i++)
                    difference +=
                        side * (cotangents[i][0] * found[i][0] + cotangents[i][1] * found[i][1]) /
                        2e-4;
            }
            REQUIRE_NEAR(weights[0][0][k], difference, 1e-4);
        }
    }
    destroy(made);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
}

static void gradients_of_noisy_circuits_are_exact(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 62, 0, 0);
    for (size_t round = 0; round < 10; round++) {
        const size_t n = 1 + round % 5;
        qhm_circuit *circuit = reference_random_noisy_circuit(&random, n, 14, 3, INPUTS, WEIGHTS);
        const samples s = random_samples(&random);
        require_gradients(circuit, n, &s, &(qhm_plan_options){0});
        require_gradients(circuit, n, &s, &(qhm_plan_options){.max_batch = 1});
        require_gradients(circuit, n, &s, &(qhm_plan_options){.precision = QHM_FLOAT32});
        qhm_circuit_destroy(circuit);
    }
}

// Over several passes, with tiles, and with few checkpoints.
static void gradients_of_large_states_are_those_of_parameter_shift(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 63, 0, 0);
    for (size_t n = 7; n <= 9; n += 2) {
        qhm_circuit *circuit =
            reference_random_noisy_circuit(&random, n, n == 7 ? 100 : 40, 2, 0, WEIGHTS);
        const samples s = random_samples(&random);
        qhm_observable *observable = parse_observable("Z0 X1 + Y6 Z3 + X5");
        double cotangent = 1, found[2][WEIGHTS];
        subject made = create(circuit, (const qhm_observable *const[]){observable}, 1, NULL);
        qhm_request request = {.batch_count = 1, .weights = s.weights[0], .cotangents = &cotangent};
        for (int m = 0; m < 2; m++) {
            request.gradient_method = m ? QHM_GRADIENT_PARAMETER_SHIFT : QHM_GRADIENT_ADJOINT;
            request.weight_gradients = found[m];
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
        }
        for (size_t k = 0; k < WEIGHTS; k++)
            REQUIRE_NEAR(found[0][k], found[1][k], 1e-10);
        destroy(made);
        // Room for few states only: passes are run again.
        const size_t bytes = (n == 7 ? 24 : 28) * ((size_t)8 << 2 * n) + ((size_t)40 << 20);
        made = create(circuit, (const qhm_observable *const[]){observable}, 1,
                      &(qhm_plan_options){.memory_limit_bytes = bytes});
        request.gradient_method = QHM_GRADIENT_ADJOINT;
        request.weight_gradients = found[1];
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
        assert_memory_equal(found[0], found[1], sizeof found[0]);
        destroy(made);
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
    }
}

static void results_have_the_same_bits_in_any_batch_and_for_any_threads(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 64, 0, 0);
    const unsigned threads = qhm_threads_count();
    for (size_t n = 3; n <= 9; n += 3) {
        qhm_circuit *circuit = reference_random_noisy_circuit(&random, n, 20, 2, INPUTS, WEIGHTS);
        const samples s = random_samples(&random);
        qhm_observable *observable = parse_observable("Z0 X1 + Y2");
        double values[3][BATCH], gradients[2][WEIGHTS], cotangents[BATCH];
        uint64_t shots[3][BATCH][20];
        for (size_t i = 0; i < BATCH; i++)
            cotangents[i] = 1;
        for (unsigned v = 0; v < 3; v++) {
            REQUIRE_OK(qhm_threads_set_count(1));
            subject made = create(circuit, (const qhm_observable *const[]){observable}, 1, NULL);
            REQUIRE_OK(qhm_threads_set_count(v == 1 ? 3 : 1));
            qhm_request request = {
                .batch_count = v < 2 ? BATCH : 1, .inputs = s.inputs[0], .weights = s.weights[0]};
            for (size_t first = 0; first < BATCH; first += request.batch_count) {
                request.inputs = s.inputs[first];
                request.first_sample = first;
                request.expectations = values[v] + first;
                request.samples = NULL;
                request.shots = 0;
                REQUIRE_OK(qhm_plan_run(made.plan, &request));
                request.expectations = NULL;
                request.samples = shots[v][first];
                request.shots = 20;
                REQUIRE_OK(qhm_plan_run(made.plan, &request));
            }
            if (v < 2)
                REQUIRE_OK(
                    qhm_plan_run(made.plan, &(qhm_request){.batch_count = BATCH,
                                                           .inputs = s.inputs[0],
                                                           .weights = s.weights[0],
                                                           .cotangents = cotangents,
                                                           .weight_gradients = gradients[v]}));
            destroy(made);
        }
        for (unsigned v = 1; v < 3; v++) {
            assert_memory_equal(values[0], values[v], sizeof values[0]);
            assert_memory_equal(shots[0], shots[v], sizeof shots[0]);
        }
        assert_memory_equal(gradients[0], gradients[1], sizeof gradients[0]);
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_of_one_qubit_move_the_bloch_vector_as_they_should),
        cmocka_unit_test(a_ghz_state_loses_fidelity_as_depolarizing_says),
        cmocka_unit_test(random_circuits_give_what_plain_density_matrices_give),
        cmocka_unit_test(noiseless_circuits_give_what_state_vectors_give),
        cmocka_unit_test(gradients_of_noisy_circuits_are_exact),
        cmocka_unit_test(gradients_of_large_states_are_those_of_parameter_shift),
        cmocka_unit_test(results_have_the_same_bits_in_any_batch_and_for_any_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
