// The forms of a channel against each other: transfer matrices, products, canonical, Choi, twirl,
// splits.
#include "support/channels.h"
#include "support/checks.h"

#include <qhm/channel.h>
#include <qhm/random.h>

#include <complex.h>

static void the_pauli_transfer_matrix_is_made_of_traces(void **state)
{
    (void)state;
    qhm_random random = stream(3);
    for (size_t qubits = 1; qubits <= 2; qubits++) {
        const size_t d = (size_t)1 << qubits, n = d * d;
        qhm_channel *channel = random_channel(&random, qubits, 3);
        double matrix[256];
        REQUIRE_OK(qhm_channel_pauli_transfer_matrix(channel, matrix));
        for (size_t j = 0; j < n; j++) {
            qhm_complex pauli[16], out[16];
            for (size_t e = 0; e < n; e++) {
                const double complex entry = pauli_entry(j, qubits, e / d, e % d);
                pauli[e] = (qhm_complex){creal(entry), cimag(entry)};
            }
            qhm_channel_apply(channel, pauli, out);
            for (size_t i = 0; i < n; i++) {
                double complex trace = 0;
                for (size_t a = 0; a < d; a++)
                    for (size_t b = 0; b < d; b++)
                        trace += pauli_entry(i, qubits, a, b) * number(out[b * d + a]);
                REQUIRE_NEAR(cabs(matrix[i * n + j] - trace / (double)d), 0, 1e-14);
            }
        }
        qhm_channel_destroy(channel);
    }
    qhm_channel *damping; // known by heart: 1, sqrt(1-g), sqrt(1-g), 1-g and the shift of Z
    double matrix[16];
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.19, 0, &damping));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(damping, matrix));
    const double expected[16] = {1, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0.9, 0, 0.19, 0, 0, 0.81};
    for (int i = 0; i < 16; i++)
        REQUIRE_NEAR(matrix[i], expected[i], 1e-15);
    qhm_channel_destroy(damping);
}

static void composition_multiplies_transfer_matrices(void **state)
{
    (void)state;
    qhm_random random = stream(4);
    for (size_t qubits = 1; qubits <= 2; qubits++) {
        const size_t n = (size_t)1 << 2 * qubits;
        qhm_channel *first = random_channel(&random, qubits, 2);
        qhm_channel *second = random_channel(&random, qubits, 3), *both;
        double a[256], b[256], c[256];
        REQUIRE_OK(qhm_channel_compose(first, second, &both));
        REQUIRE_OK(qhm_channel_pauli_transfer_matrix(first, a));
        REQUIRE_OK(qhm_channel_pauli_transfer_matrix(second, b));
        REQUIRE_OK(qhm_channel_pauli_transfer_matrix(both, c));
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double sum = 0;
                for (size_t k = 0; k < n; k++)
                    sum += b[i * n + k] * a[k * n + j];
                REQUIRE_NEAR(c[i * n + j], sum, 1e-13);
            }
        assert_true(both->kraus_count <= 6);
        qhm_channel_destroy(first);
        qhm_channel_destroy(second);
        qhm_channel_destroy(both);
    }
}

static void a_product_acts_on_each_side(void **state)
{
    (void)state;
    qhm_random random = stream(5);
    qhm_channel *low = random_channel(&random, 1, 2), *high = random_channel(&random, 2, 3), *both;
    REQUIRE_OK(qhm_channel_tensor(low, high, &both));
    double a[16], b[256], c[4096];
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(low, a));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(high, b));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(both, c));
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j < 64; j++)
            REQUIRE_NEAR(c[i * 64 + j], a[i % 4 * 4 + j % 4] * b[i / 4 * 16 + j / 4], 1e-14);
    qhm_channel_destroy(low);
    qhm_channel_destroy(high);
    qhm_channel_destroy(both);
}

static void relaxing_many_times_is_relaxing_longer(void **state)
{
    (void)state;
    qhm_channel *once, *often, *longer;
    for (double t2 = 30e3; t2 <= 120e3; t2 += 30e3) {
        REQUIRE_OK(qhm_channel_create_thermal_relaxation(100, 60e3, t2, 0.02, &once));
        REQUIRE_OK(qhm_channel_create_thermal_relaxation(137 * 100, 60e3, t2, 0.02, &longer));
        REQUIRE_OK(qhm_channel_repeat(once, 137, &often));
        require_same_map(often, longer, 1e-12);
        qhm_channel_destroy(often);
        REQUIRE_OK(qhm_channel_repeat(once, 0, &often));
        assert_int_equal(often->kraus_count, 1);
        qhm_channel_destroy(once);
        qhm_channel_destroy(often);
        qhm_channel_destroy(longer);
    }
}

static void the_canonical_form_has_as_few_operators_as_the_map(void **state)
{
    (void)state;
    qhm_random random = stream(6);
    for (size_t qubits = 1; qubits <= 3; qubits++)
        for (size_t rank = 1; rank <= 3; rank++) {
            qhm_channel *channel = random_channel(&random, qubits, rank), *canonical;
            // The same map by twice as many operators.
            const size_t entries = rank << 2 * qubits;
            qhm_complex *kraus = calloc(2 * entries, sizeof *kraus);
            for (size_t i = 0; i < 2 * entries; i++) {
                const double scale = i < entries ? 0.6 : 0.8;
                const qhm_complex entry = channel->kraus[i % entries];
                kraus[i] = (qhm_complex){scale * entry.re, scale * entry.im};
            }
            const qhm_channel twice = {qubits, 2 * rank, kraus};
            if (2 * rank <= (size_t)1 << 2 * qubits) {
                REQUIRE_OK(qhm_channel_create_canonical(&twice, &canonical));
                assert_int_equal(canonical->kraus_count, rank);
                require_same_map(canonical, channel, 1e-13);
                qhm_channel_destroy(canonical);
            }
            free(kraus);
            qhm_channel_destroy(channel);
        }
}

static void a_choi_matrix_gives_its_channel_back(void **state)
{
    (void)state;
    qhm_random random = stream(7);
    for (size_t qubits = 1; qubits <= 3; qubits++) {
        const size_t d = (size_t)1 << qubits, n = d * d;
        qhm_channel *channel = random_channel(&random, qubits, 4), *again;
        qhm_complex *choi = calloc(n * n, sizeof *choi);
        qhm_channel_choi(channel, choi);
        double trace = 0;
        for (size_t i = 0; i < n; i++)
            trace += choi[i * n + i].re;
        REQUIRE_NEAR(trace, (double)d, 1e-13);
        // By definition, column by column: what becomes of |i><j|.
        for (size_t i = 0; i < d; i++)
            for (size_t j = 0; j < d; j++) {
                qhm_complex unit[64] = {{0, 0}}, out[64];
                unit[i * d + j].re = 1;
                qhm_channel_apply(channel, unit, out);
                for (size_t e = 0; e < n; e++)
                    REQUIRE_NEAR(
                        cabs(number(out[e]) - number(choi[(i * d + e / d) * n + j * d + e % d])), 0,
                        1e-14);
            }
        REQUIRE_OK(qhm_channel_create_from_choi(qubits, choi, &again));
        require_same_map(again, channel, 1e-13);
        qhm_channel_destroy(again);
        choi[1].re += 0.1;
        REQUIRE_FAILS(qhm_channel_create_from_choi(qubits, choi, &again),
                      QHM_ERROR_INVALID_ARGUMENT, "not hermitian at (1, 0)");
        choi[1].re -= 0.1;
        choi[0].re += 0.5;
        choi[(d + 1) * n + d + 1].re -= 0.5; // the trace of every operator stays, or not
        REQUIRE_FAILS(qhm_channel_create_from_choi(qubits, choi, &again),
                      QHM_ERROR_INVALID_ARGUMENT, "a map ");
        free(choi);
        qhm_channel_destroy(channel);
    }
    // Transposition: hermitian, trace-preserving, not completely positive.
    const qhm_complex swap[16] = {{1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 0}, {0, 0},
                                  {0, 0}, {1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 0}};
    qhm_channel *none;
    REQUIRE_FAILS(qhm_channel_create_from_choi(1, swap, &none), QHM_ERROR_INVALID_ARGUMENT,
                  "not positive");
}

static void a_twirl_keeps_the_diagonal_and_the_fidelity(void **state)
{
    (void)state;
    qhm_random random = stream(8);
    qhm_channel *thermal, *twirled;
    // pX = pY = (1 - exp(-t/T1)) / 4, pZ = (1 - exp(-t/T2)) / 2 - pX
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(500, 60e3, 45e3, 0, &thermal));
    REQUIRE_OK(qhm_channel_twirl(thermal, &twirled));
    double p[4];
    bool is_pauli = true;
    REQUIRE_OK(qhm_channel_pauli_probabilities(thermal, p, &is_pauli));
    assert_false(is_pauli);
    assert_false(qhm_channel_is_unitary_mixture(thermal, NULL));
    REQUIRE_OK(qhm_channel_pauli_probabilities(twirled, p, &is_pauli));
    assert_true(is_pauli);
    const double x = (1 - exp(-500 / 60e3)) / 4, z = (1 - exp(-500 / 45e3)) / 2 - x;
    const double expected[4] = {1 - 2 * x - z, x, x, z};
    for (int i = 0; i < 4; i++)
        REQUIRE_NEAR(p[i], expected[i], 1e-15);
    qhm_channel_destroy(thermal);
    qhm_channel_destroy(twirled);
    qhm_channel *channel = random_channel(&random, 2, 4);
    REQUIRE_OK(qhm_channel_twirl(channel, &twirled));
    double a[256], b[256];
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(channel, a));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(twirled, b));
    for (size_t i = 0; i < 16; i++)
        for (size_t j = 0; j < 16; j++)
            REQUIRE_NEAR(b[i * 16 + j], i == j ? a[i * 16 + j] : 0, 1e-14);
    REQUIRE_NEAR(qhm_channel_average_fidelity(twirled, NULL),
                 qhm_channel_average_fidelity(channel, NULL), 1e-14);
    qhm_channel_destroy(channel);
    qhm_channel_destroy(twirled);
}

static void require_split(const qhm_channel *channel, double expected)
{
    double weight;
    qhm_channel *rest;
    REQUIRE_OK(qhm_channel_split_identity(channel, &weight, &rest));
    REQUIRE_NEAR(weight, expected, 1e-13);
    const size_t n = (size_t)1 << 4 * channel->qubit_count, d = (size_t)1 << channel->qubit_count;
    qhm_complex *choi = calloc(2 * n, sizeof *choi);
    qhm_channel_choi(channel, choi);
    qhm_channel_choi(rest, choi + n);
    for (size_t i = 0; i < d * d; i++)
        for (size_t j = 0; j < d * d; j++) {
            const bool is_one = i % (d + 1) == 0 && j % (d + 1) == 0;
            const double complex sum =
                (is_one ? weight : 0) + (1 - weight) * number(choi[n + i * d * d + j]);
            REQUIRE_NEAR(cabs(number(choi[i * d * d + j]) - sum), 0, 1e-14);
        }
    free(choi);
    // Nothing of it is left: a second split finds none.
    double again;
    qhm_channel *last;
    REQUIRE_OK(qhm_channel_split_identity(rest, &again, &last));
    if (weight < 1)
        REQUIRE_NEAR(again * (1 - weight), 0, 1e-13);
    qhm_channel_destroy(rest);
    qhm_channel_destroy(last);
}

static void the_identity_is_taken_out_as_far_as_it_goes(void **state)
{
    (void)state;
    qhm_channel *channel, *pair;
    REQUIRE_OK(qhm_channel_create_identity(2, &channel));
    require_split(channel, 1);
    qhm_channel_destroy(channel);
    REQUIRE_OK(qhm_channel_create_depolarizing(2, 0.01, &channel));
    require_split(channel, 1 - 0.01 * 15 / 16);
    qhm_channel_destroy(channel);
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.3, 0, &channel));
    require_split(channel, 0);
    qhm_channel_destroy(channel);
    for (double t = 1e-3; t < 1e5; t *= 10) {
        const double t1 = 68e3, t2 = 49e3, moved = -expm1(-t / t1);
        // chi of I and Z is [[i, m], [m, z]]; the largest weight is i - m^2 / z.
        const double shrunk = -expm1(-t / t2); // 1 - c
        const double m = moved / 4, z = (2 * shrunk - moved) / 4;
        const double i = 1 - moved / 4 - shrunk / 2;
        REQUIRE_OK(qhm_channel_create_thermal_relaxation(t, t1, t2, 0, &channel));
        require_split(channel, i - m * m / z);
        REQUIRE_OK(qhm_channel_tensor(channel, channel, &pair));
        double weight;
        qhm_channel *rest;
        REQUIRE_OK(qhm_channel_split_identity(pair, &weight, &rest));
        REQUIRE_NEAR(weight, (i - m * m / z) * (i - m * m / z), 1e-12);
        qhm_channel_destroy(rest);
        qhm_channel_destroy(channel);
        qhm_channel_destroy(pair);
    }
    qhm_random random = stream(9);
    channel = random_channel(&random, 1, 4);
    double weight;
    qhm_channel *rest;
    REQUIRE_OK(qhm_channel_split_identity(channel, &weight, &rest));
    assert_true(weight > 0 && weight < 1);
    require_split(channel, weight);
    qhm_channel_destroy(rest);
    qhm_channel_destroy(channel);
}

static void rotations_are_mixtures_of_unitaries_but_not_of_paulis(void **state)
{
    (void)state;
    const double c = cos(0.2), s = sin(0.2), p = sqrt(0.7), q = sqrt(0.3);
    const qhm_complex kraus[8] = {{p * c, -p * s}, {0, 0}, {0, 0}, {p * c, p * s},
                                  {0, 0},          {q, 0}, {q, 0}, {0, 0}};
    qhm_channel *channel;
    double weights[2], paulis[4];
    bool is_pauli = true;
    REQUIRE_OK(qhm_channel_create(1, 2, kraus, &channel));
    assert_true(qhm_channel_is_unitary_mixture(channel, weights));
    REQUIRE_NEAR(weights[0], 0.7, 1e-15);
    REQUIRE_NEAR(weights[1], 0.3, 1e-15);
    REQUIRE_OK(qhm_channel_pauli_probabilities(channel, paulis, &is_pauli));
    assert_false(is_pauli);
    REQUIRE_NEAR(paulis[0], 0.7 * c * c, 1e-15);
    REQUIRE_NEAR(paulis[1], 0.3, 1e-15);
    REQUIRE_NEAR(paulis[3], 0.7 * s * s, 1e-15);
    qhm_channel_destroy(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pauli_transfer_matrix_is_made_of_traces),
        cmocka_unit_test(composition_multiplies_transfer_matrices),
        cmocka_unit_test(a_product_acts_on_each_side),
        cmocka_unit_test(relaxing_many_times_is_relaxing_longer),
        cmocka_unit_test(the_canonical_form_has_as_few_operators_as_the_map),
        cmocka_unit_test(a_choi_matrix_gives_its_channel_back),
        cmocka_unit_test(a_twirl_keeps_the_diagonal_and_the_fidelity),
        cmocka_unit_test(the_identity_is_taken_out_as_far_as_it_goes),
        cmocka_unit_test(rotations_are_mixtures_of_unitaries_but_not_of_paulis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
