// Probabilistic error cancellation: inverses of channels in closed form and by matrices, unbiased
// values, what gamma does to error bars, refusals.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"

#include <qhm/mitigation.h>

static void recover(const qhm_channel *channel, qhm_recovery_term *terms, size_t *count,
                    double *gamma)
{
    REQUIRE_OK(qhm_channel_recover(channel, terms, count, gamma));
}

// Pauli errors of probability p in all: q = 4p/3 of depolarising on one qubit, 16p/15 on two.
static void depolarising_has_its_known_inverse(void **state)
{
    (void)state;
    const double known[2] = {1.020270, 1.020216}, p = 0.01;
    for (size_t qubits = 1; qubits <= 2; qubits++) {
        const double dimension = qubits == 1 ? 4 : 16, e = p * dimension / (dimension - 1);
        qhm_channel *channel;
        qhm_recovery_term terms[256];
        size_t count;
        double gamma;
        REQUIRE_OK(qhm_channel_create_depolarizing(qubits, e, &channel));
        recover(channel, terms, &count, &gamma);
        assert_int_equal(count, dimension);
        REQUIRE_NEAR(gamma, known[qubits - 1], 5e-7);
        REQUIRE_NEAR(gamma, 1 + 2 * (dimension - 1) / dimension * e / (1 - e), 1e-12);
        REQUIRE_NEAR(terms[0].weight, 1 + (dimension - 1) / dimension * e / (1 - e), 1e-12);
        for (size_t i = 1; i < count; i++)
            REQUIRE_NEAR(terms[i].weight, -e / (1 - e) / dimension, 1e-12);
        qhm_channel_destroy(channel);
    }
    REQUIRE_NEAR(1.020270 * 1.020270, 1.040951, 5e-6); // one on each of two qubits
}

static void amplitude_damping_has_its_known_inverse(void **state)
{
    (void)state;
    for (double g = 0.05; g < 0.9; g += 0.2) {
        qhm_channel *channel;
        qhm_recovery_term terms[25];
        size_t count;
        double gamma;
        REQUIRE_OK(qhm_channel_create_amplitude_damping(g, 0, &channel));
        recover(channel, terms, &count, &gamma);
        assert_int_equal(count, 3);
        REQUIRE_NEAR(terms[0].weight, (1 + sqrt(1 - g)) / (2 * (1 - g)), 1e-12);
        assert_int_equal(terms[0].recoveries[0], QHM_RECOVERY_I);
        REQUIRE_NEAR(terms[1].weight, (1 - sqrt(1 - g)) / (2 * (1 - g)), 1e-12);
        assert_int_equal(terms[1].recoveries[0], QHM_RECOVERY_Z);
        REQUIRE_NEAR(terms[2].weight, -g / (1 - g), 1e-12);
        assert_int_equal(terms[2].recoveries[0], QHM_RECOVERY_ZERO);
        REQUIRE_NEAR(gamma, (1 + g) / (1 - g), 1e-12);
        qhm_channel_destroy(channel);
    }
}

// The transfer matrix of an operation on one qubit.
static void operation_matrix(uint8_t recovery, double m[4][4])
{
    static const double signs[4][4] = {
        {1, 1, 1, 1}, {1, 1, -1, -1}, {1, -1, 1, -1}, {1, -1, -1, 1}};
    memset(m, 0, 16 * sizeof m[0][0]);
    if (recovery <= QHM_RECOVERY_Z) {
        for (int i = 0; i < 4; i++)
            m[i][i] = signs[recovery][i];
        return;
    }
    m[0][0] = 1;
    m[3][0] = recovery == QHM_RECOVERY_ZERO ? 1 : -1;
}

// The sum of all operations after the channel is the identity, as matrices.
static void require_inverse(const qhm_channel *channel)
{
    const size_t k = channel->qubit_count, n = (size_t)1 << 2 * k;
    qhm_recovery_term terms[256];
    size_t count;
    double *transfer = calloc(n * n, sizeof *transfer), *sum = calloc(n * n, sizeof *sum), gamma,
           norm = 0, total = 0;
    assert_true(transfer && sum);
    recover(channel, terms, &count, &gamma);
    for (size_t t = 0; t < count; t++) {
        double m[4][4][4];
        norm += fabs(terms[t].weight);
        total += terms[t].weight;
        for (size_t q = 0; q < k; q++)
            operation_matrix(terms[t].recoveries[q], m[q]);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double product = terms[t].weight;
                for (size_t q = 0, a = i, b = j; q < k; q++, a /= 4, b /= 4)
                    product *= m[q][a % 4][b % 4];
                sum[i * n + j] += product;
            }
    }
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(channel, transfer));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double entry = 0;
            for (size_t l = 0; l < n; l++)
                entry += sum[i * n + l] * transfer[l * n + j];
            REQUIRE_NEAR(entry, i == j, 1e-10);
        }
    REQUIRE_NEAR(gamma, norm, 1e-12);
    REQUIRE_NEAR(total, 1, 1e-10);
    free(transfer);
    free(sum);
}

static void inverses_undo_their_channels(void **state)
{
    (void)state;
    qhm_channel *a, *b, *both, *error, *after;
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(100, 2000, 1500, 0.02, &a));
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(100, 900, 1100, 0.7, &b));
    require_inverse(a);
    require_inverse(b); // drifts towards |1>
    REQUIRE_OK(qhm_channel_tensor(a, b, &both));
    require_inverse(both);
    REQUIRE_OK(qhm_channel_create_depolarizing(2, 0.03, &error));
    REQUIRE_OK(qhm_channel_compose(error, both, &after));
    require_inverse(after);
    qhm_channel *const made[] = {a, b, both, error, after};
    for (int i = 0; i < 5; i++)
        qhm_channel_destroy(made[i]);
    double p[64] = {0.9, 0.03, 0.01, [17] = 0.02, [40] = 0.04};
    REQUIRE_OK(qhm_channel_create_pauli(3, p, &a));
    require_inverse(a);
    qhm_channel_destroy(a);
    REQUIRE_OK(qhm_channel_create_phase_damping(0.2, &a));
    require_inverse(a);
    qhm_channel_destroy(a);
}

static void what_has_no_inverse_is_refused(void **state)
{
    (void)state;
    qhm_recovery_term terms[256];
    size_t count;
    qhm_channel *channel, *wide;
    REQUIRE_OK(qhm_channel_create_phase_damping(1, &channel));
    REQUIRE_FAILS(qhm_channel_recover(channel, terms, &count, NULL), QHM_ERROR_NUMERIC,
                  "nothing can restore");
    qhm_channel_destroy(channel);
    REQUIRE_OK(qhm_channel_create_reset(0, &channel));
    REQUIRE_FAILS(qhm_channel_recover(channel, terms, &count, NULL), QHM_ERROR_NUMERIC,
                  "nothing can restore");
    qhm_channel_destroy(channel);
    const double c = cos(0.1), s = sin(0.1);
    const qhm_complex turn[4] = {{c, -s}, {0, 0}, {0, 0}, {c, s}};
    REQUIRE_OK(qhm_channel_create(1, 1, turn, &channel));
    REQUIRE_FAILS(qhm_channel_recover(channel, terms, &count, NULL), QHM_ERROR_UNSUPPORTED,
                  "such as a turn");
    qhm_channel_destroy(channel);
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.1, 0, &channel));
    qhm_channel *pair;
    REQUIRE_OK(qhm_channel_tensor(channel, channel, &pair));
    REQUIRE_OK(qhm_channel_tensor(pair, channel, &wide));
    REQUIRE_FAILS(qhm_channel_recover(wide, terms, &count, NULL), QHM_ERROR_UNSUPPORTED,
                  "on 3 qubits");
    qhm_channel_destroy(channel);
    qhm_channel_destroy(pair);
    qhm_channel_destroy(wide);
    REQUIRE_FAILS(qhm_channel_recover(NULL, terms, &count, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a channel");
}

static qhm_executor *cancel(qhm_executor *inner, qhm_cancellation_options o, const double *p)
{
    qhm_executor *pec;
    REQUIRE_OK(qhm_executor_mitigate(inner, "pec",
                                     &(qhm_mitigation_options){.cancellation = o,
                                                               .before = density_depolarize,
                                                               .before_context = p},
                                     &pec));
    return pec;
}

// Within its own error bars of the ideal value, which the noisy value is far from; and the bars are
// those of repetitions, which gamma makes longer.
static void values_are_unbiased(void **state)
{
    (void)state;
    const double p[2] = {0.01, 0.06};
    density_executor plain = {0}, noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *inner = density_executor_create(&plain), *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = layered_circuit(2, 2, 1);
    const double ideal = ideal_value(circuit, "Z0 Z1");
    const double before = executor_value(raw, circuit, "Z0 Z1", 0, 0, NULL, NULL);
    for (size_t shots = 0; shots <= 3000; shots += 3000) {
        qhm_executor *pec = cancel(inner, (qhm_cancellation_options){.samples = 2000}, p);
        enum { REPETITIONS = 24 };
        double sum = 0, squares = 0, told = 0;
        qhm_overhead overhead;
        for (uint64_t r = 0; r < REPETITIONS; r++) {
            double variance;
            const double value =
                executor_value(pec, circuit, "Z0 Z1", shots, r, &variance, &overhead);
            sum += value / REPETITIONS;
            squares += value * value / REPETITIONS;
            told += variance / REPETITIONS;
        }
        const double error = sqrt(told / REPETITIONS);
        REQUIRE_NEAR(sum, ideal, 4 * error);
        assert_true(fabs(before - ideal) > 6 * error);
        REQUIRE_NEAR((squares - sum * sum) / told, 1, 0.9);
        assert_true(squares - sum * sum > told / 3);
        const double gamma =
            pow(1 + 1.5 * p[0] / (1 - p[0]), 8) * pow(1 + 1.875 * p[1] / (1 - p[1]), 2);
        REQUIRE_NEAR(overhead.sampling, gamma * gamma, 1e-9);
        assert_int_equal(overhead.shots, shots);
        if (shots == 0) // equal draws are run once
            assert_true(overhead.circuits < 1500);
        qhm_executor_destroy(pec);
    }
    qhm_executor_destroy(inner);
    qhm_executor_destroy(raw);
    qhm_circuit_destroy(circuit);
}

static void relaxation_cancels_too(void **state)
{
    (void)state;
    qhm_channel *damping;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.15, 0, &damping));
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    const qhm_angle angle = qhm_angle_constant(2);
    for (int i = 0; i < 2; i++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                        .qubit_count = 1,
                                        .qubits = (uint32_t[]){0},
                                        .kraus_count = (uint32_t)damping->kraus_count,
                                        .matrix = damping->kraus}));
    }
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain), *pec;
    REQUIRE_OK(qhm_executor_mitigate(
        inner, "pec", &(qhm_mitigation_options){.cancellation = {.samples = 20000}}, &pec));
    double variance;
    const double value = executor_value(pec, circuit, "Z0", 0, 1, &variance, NULL);
    REQUIRE_NEAR(value, cos(4), 4 * sqrt(variance));
    assert_true(fabs(executor_value(inner, circuit, "Z0", 0, 0, NULL, NULL) - cos(4)) >
                8 * sqrt(variance));
    qhm_executor_destroy(pec);
    qhm_executor_destroy(inner);
    qhm_circuit_destroy(circuit);
    qhm_channel_destroy(damping);
}

static void too_much_noise_is_refused(void **state)
{
    (void)state;
    const double p[2] = {0.02, 0.2};
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain), *pec;
    qhm_circuit *circuit = layered_circuit(3, 4, 1);
    qhm_observable *z;
    double value;
    REQUIRE_OK(qhm_observable_parse("Z0", &z));
    const qhm_execution e = {.circuit = circuit,
                             .observables = (const qhm_observable *const *)&z,
                             .observable_count = 1,
                             .values = &value};
    pec = cancel(inner, (qhm_cancellation_options){0}, p);
    REQUIRE_FAILS(qhm_executor_run(pec, &e), QHM_ERROR_RESOURCE_LIMIT, "above max_overhead 100");
    assert_int_equal(plain.circuits, 0);
    qhm_executor_destroy(pec);
    REQUIRE_OK(qhm_executor_mitigate(inner, "pec", NULL, &pec));
    REQUIRE_FAILS(qhm_executor_run(pec, &e), QHM_ERROR_UNSUPPORTED, "shows no channels");
    qhm_executor_destroy(pec);
    REQUIRE_FAILS(
        qhm_executor_mitigate(
            inner, "pec", &(qhm_mitigation_options){.cancellation = {.max_overhead = 0.5}}, &pec),
        QHM_ERROR_INVALID_ARGUMENT, "max_overhead is 0.5");
    REQUIRE_FAILS(
        qhm_executor_mitigate(
            inner, "pec", &(qhm_mitigation_options){.cancellation = {.samples = 20000000}}, &pec),
        QHM_ERROR_INVALID_ARGUMENT, "samples is 20000000");
    qhm_circuit *loop;
    REQUIRE_OK(qhm_circuit_create(1, 1, &loop));
    REQUIRE_OK(qhm_circuit_append_instruction(
        loop, &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
    REQUIRE_OK(qhm_circuit_append_instruction(loop, &(qhm_instruction){.gate = QHM_GATE_END}));
    qhm_execution looped = e;
    looped.circuit = loop;
    pec = cancel(inner, (qhm_cancellation_options){0}, p);
    REQUIRE_FAILS(qhm_executor_run(pec, &looped), QHM_ERROR_UNSUPPORTED,
                  "pec: instruction 0: loops run their channels again");
    qhm_executor_destroy(pec);
    qhm_circuit_destroy(loop);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(inner);
}

static qhm_status attempt(void *context)
{
    qhm_recovery_term terms[256];
    size_t count;
    return qhm_channel_recover(context, terms, &count, NULL);
}

static void inverses_survive_failing_memory(void **state)
{
    (void)state;
    qhm_channel *channel;
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.1, 0.1, &channel));
    require_survives_failing_memory(attempt, channel);
    qhm_channel_destroy(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depolarising_has_its_known_inverse),
        cmocka_unit_test(amplitude_damping_has_its_known_inverse),
        cmocka_unit_test(inverses_undo_their_channels),
        cmocka_unit_test(what_has_no_inverse_is_refused),
        cmocka_unit_test(values_are_unbiased),
        cmocka_unit_test(relaxation_cancels_too),
        cmocka_unit_test(too_much_noise_is_refused),
        cmocka_unit_test(inverses_survive_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
