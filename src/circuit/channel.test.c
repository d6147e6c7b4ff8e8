// Kinds of channels against their closed forms, and what no channel is.
#include "support/channels.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/channel.h>
#include <qhm/random.h>

#include <complex.h>

// What a channel of one qubit does to a matrix: |0> goes up, |1> down, coherences shrink.
static void require_relaxation(qhm_channel *channel, double up, double down, double coherence)
{
    const qhm_complex rho[4] = {{0.4, 0.1}, {0.3, -0.7}, {-0.2, 0.5}, {0.9, -0.3}};
    qhm_complex out[4];
    qhm_channel_apply(channel, rho, out);
    const double complex r[4] = {number(rho[0]), number(rho[1]), number(rho[2]), number(rho[3])};
    const double complex expected[4] = {(1 - up) * r[0] + down * r[3], coherence * r[1],
                                        coherence * r[2], up * r[0] + (1 - down) * r[3]};
    for (int i = 0; i < 4; i++)
        REQUIRE_NEAR(cabs(number(out[i]) - expected[i]), 0, 1e-14);
    qhm_channel_destroy(channel);
}

static void relaxations_move_populations_and_shrink_coherences(void **state)
{
    (void)state;
    qhm_channel *channel;
    for (double gamma = 0; gamma <= 1; gamma += 0.125)
        for (double excited = 0; excited <= 1; excited += 0.25) {
            REQUIRE_OK(qhm_channel_create_amplitude_damping(gamma, excited, &channel));
            require_relaxation(channel, gamma * excited, gamma * (1 - excited), sqrt(1 - gamma));
        }
    for (double lambda = 0; lambda <= 1; lambda += 0.125) {
        REQUIRE_OK(qhm_channel_create_phase_damping(lambda, &channel));
        require_relaxation(channel, 0, 0, sqrt(1 - lambda));
    }
    for (double excited = 0; excited <= 1; excited += 0.25) {
        REQUIRE_OK(qhm_channel_create_reset(excited, &channel));
        require_relaxation(channel, excited, 1 - excited, 0);
    }
}

static void thermal_relaxation_holds_t1_and_t2_on_either_side(void **state)
{
    (void)state;
    const double t1 = 68e3, ratios[] = {0.1, 0.5, 0.72, 1, 1.3, 1.999, 2};
    const double times[] = {0, 1e-6, 25, 1e3, 68e3, 1e7};
    qhm_channel *channel;
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++)
        for (size_t t = 0; t < sizeof times / sizeof *times; t++)
            for (double excited = 0; excited <= 1; excited += 0.25) {
                const double t2 = ratios[r] * t1, moved = 1 - exp(-times[t] / t1);
                REQUIRE_OK(
                    qhm_channel_create_thermal_relaxation(times[t], t1, t2, excited, &channel));
                // As few operators as the map has: none for what does not happen.
                if (times[t] == 0)
                    assert_int_equal(channel->kraus_count, 1);
                else if (excited == 0)
                    assert_int_equal(channel->kraus_count, ratios[r] == 2 ? 2 : 3);
                require_relaxation(channel, moved * excited, moved * (1 - excited),
                                   exp(-times[t] / t2));
            }
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(100, INFINITY, 50, 0, &channel));
    require_relaxation(channel, 0, 0, exp(-2.0));
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(100, INFINITY, INFINITY, 0, &channel));
    assert_int_equal(channel->kraus_count, 1);
    require_relaxation(channel, 0, 0, 1);
}

// Where T2 <= T1 the same map is a mixture of nothing, Z and resets.
static void thermal_relaxation_is_a_mixture_of_resets_where_t2_is_short(void **state)
{
    (void)state;
    const double t = 7e3, t1 = 60e3, t2 = 45e3, excited = 0.03;
    const double reset = 1 - exp(-t / t1);
    const double z = (1 - reset) * (1 - exp(-t * (1 / t2 - 1 / t1))) / 2;
    const double identity = 1 - reset - z;
    qhm_channel *thermal;
    const qhm_complex rho[4] = {{0.3, 0}, {0.2, 0.1}, {0.2, -0.1}, {0.7, 0}};
    qhm_complex out[4];
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(t, t1, t2, excited, &thermal));
    qhm_channel_apply(thermal, rho, out);
    REQUIRE_NEAR(out[0].re, (identity + z) * 0.3 + reset * (1 - excited), 1e-15);
    REQUIRE_NEAR(out[3].re, (identity + z) * 0.7 + reset * excited, 1e-15);
    REQUIRE_NEAR(out[1].re, (identity - z) * 0.2, 1e-15);
    REQUIRE_NEAR(out[1].im, (identity - z) * 0.1, 1e-15);
    qhm_channel_destroy(thermal);
}

static void pauli_strings_act_with_their_probabilities(void **state)
{
    (void)state;
    qhm_random random = stream(1);
    for (size_t qubits = 1; qubits <= 3; qubits++) {
        const size_t n = (size_t)1 << 2 * qubits, d = (size_t)1 << qubits;
        double probabilities[64], read[64], sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += probabilities[i] = i % 5 == 3 ? 0 : qhm_random_uniform(&random);
        for (size_t i = 0; i < n; i++)
            probabilities[i] /= sum;
        qhm_channel *channel;
        bool is_pauli = false;
        REQUIRE_OK(qhm_channel_create_pauli(qubits, probabilities, &channel));
        REQUIRE_OK(qhm_channel_pauli_probabilities(channel, read, &is_pauli));
        assert_true(is_pauli);
        assert_true(qhm_channel_is_unitary_mixture(channel, NULL));
        for (size_t i = 0; i < n; i++)
            REQUIRE_NEAR(read[i], probabilities[i], 1e-15);
        qhm_complex rho[64], out[64];
        for (size_t e = 0; e < d * d; e++)
            rho[e] = (qhm_complex){qhm_random_normal(&random), qhm_random_normal(&random)};
        qhm_channel_apply(channel, rho, out);
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++) {
                double complex expected = 0;
                for (size_t i = 0; i < n; i++)
                    for (size_t c = 0; c < d; c++)
                        for (size_t e = 0; e < d; e++)
                            expected += probabilities[i] * pauli_entry(i, qubits, a, c) *
                                        number(rho[c * d + e]) * pauli_entry(i, qubits, e, b);
                REQUIRE_NEAR(cabs(number(out[a * d + b]) - expected), 0, 1e-14);
            }
        qhm_channel_destroy(channel);
    }
    qhm_channel *flip;
    double read[4];
    REQUIRE_OK(qhm_channel_create_bit_flip(0.25, &flip));
    REQUIRE_OK(qhm_channel_pauli_probabilities(flip, read, NULL));
    REQUIRE_NEAR(read[1], 0.25, 1e-15);
    qhm_channel_destroy(flip);
    REQUIRE_OK(qhm_channel_create_phase_flip(0.25, &flip));
    require_relaxation(flip, 0, 0, 0.5);
}

// Many short steps of small probability against the closed form; the single rate by heart.
static void errors_at_rates_add_up_to_their_probabilities(void **state)
{
    (void)state;
    const double rates[16] = {5, 1e6, 2e6, 0, 3e5, 0, 0, 7e5, 0, 0, 0, 0, 0, 0, 4e5, 0};
    double step[16], sum = 0;
    for (int i = 1; i < 16; i++)
        sum += step[i] = rates[i] * 500e-9 / 65536;
    step[0] = 1 - sum;
    qhm_channel *exact, *once, *often;
    REQUIRE_OK(qhm_channel_create_pauli_rates(2, rates, 500, &exact));
    REQUIRE_OK(qhm_channel_create_pauli(2, step, &once));
    REQUIRE_OK(qhm_channel_repeat(once, 65536, &often));
    require_same_map(exact, often, 2e-4);
    qhm_channel_destroy(exact);
    qhm_channel_destroy(once);
    qhm_channel_destroy(often);
    const double single[4] = {0, 0, 0, 1 / 14.5e-6};
    double p[4];
    REQUIRE_OK(qhm_channel_create_pauli_rates(1, single, 2000, &exact));
    REQUIRE_OK(qhm_channel_pauli_probabilities(exact, p, NULL));
    REQUIRE_NEAR(p[3], (1 - exp(-2 * 2 / 14.5)) / 2, 1e-15);
    assert_true(p[1] == 0 && p[2] == 0);
    qhm_channel_destroy(exact);
    const double negative[4] = {0, -1, 0, 0};
    REQUIRE_FAILS(qhm_channel_create_pauli_rates(1, negative, 1, &exact),
                  QHM_ERROR_INVALID_ARGUMENT, "-1, not finite and at least 0");
    REQUIRE_FAILS(qhm_channel_create_pauli_rates(1, single, -1, &exact), QHM_ERROR_INVALID_ARGUMENT,
                  "-1 ns");
}

static void depolarising_mixes_with_the_mixed_state(void **state)
{
    (void)state;
    for (size_t qubits = 1; qubits <= 4; qubits++) {
        const size_t d = (size_t)1 << qubits;
        const double most = (double)(d * d) / (double)(d * d - 1);
        for (double p = 0; p < 1.5; p += 0.3) {
            qhm_channel *channel;
            const double probability = p > 1 ? most : p;
            REQUIRE_OK(qhm_channel_create_depolarizing(qubits, probability, &channel));
            qhm_complex rho[256] = {{0, 0}}, out[256];
            rho[1] = (qhm_complex){0.3, 0.4};
            rho[d + 1] = (qhm_complex){1, 0};
            qhm_channel_apply(channel, rho, out);
            for (size_t e = 0; e < d * d; e++) {
                const double complex mixed = e % (d + 1) == 0 ? probability / (double)d : 0;
                REQUIRE_NEAR(cabs(number(out[e]) - (1 - probability) * number(rho[e]) - mixed), 0,
                             1e-14);
            }
            REQUIRE_NEAR(1 - qhm_channel_average_fidelity(channel, NULL),
                         probability * (1 - 1 / (double)d), 1e-14);
            qhm_channel_destroy(channel);
        }
    }
}

// The six eigenstates of Paulis are a 2-design of one qubit.
static void average_fidelity_is_the_mean_over_a_design(void **state)
{
    (void)state;
    const double h = sqrt(0.5);
    const double complex states[6][2] = {{1, 0}, {0, 1}, {h, h}, {h, -h}, {h, I * h}, {h, -I * h}};
    const qhm_complex t[4] = {{1, 0}, {0, 0}, {0, 0}, {h, h}};
    qhm_random random = stream(2);
    for (size_t count = 1; count <= 4; count++) {
        qhm_channel *channel = random_channel(&random, 1, count);
        double mean = 0;
        for (int s = 0; s < 6; s++) {
            const double complex a = states[s][0], b = states[s][1], tb = (h + I * h) * b;
            const double complex rho[4] = {a * conj(a), a * conj(b), b * conj(a), b * conj(b)};
            qhm_complex in[4], out[4];
            for (int e = 0; e < 4; e++)
                in[e] = (qhm_complex){creal(rho[e]), cimag(rho[e])};
            qhm_channel_apply(channel, in, out);
            mean += creal(conj(a) * number(out[0]) * a + conj(a) * number(out[1]) * tb +
                          conj(tb) * number(out[2]) * a + conj(tb) * number(out[3]) * tb) /
                    6;
        }
        REQUIRE_NEAR(qhm_channel_average_fidelity(channel, t), mean, 1e-14);
        qhm_channel_destroy(channel);
    }
}

static void relaxation_has_its_published_fidelity(void **state)
{
    (void)state;
    qhm_channel *channel;
    REQUIRE_OK(qhm_channel_create_thermal_relaxation(42, 68e3, 49e3, 0, &channel));
    REQUIRE_NEAR(qhm_channel_average_fidelity(channel, NULL),
                 0.5 + exp(-42 / 68e3) / 6 + exp(-42 / 49e3) / 3, 1e-15);
    qhm_channel_destroy(channel);
}

static void impossible_channels_are_refused(void **state)
{
    (void)state;
    qhm_channel *channel;
    const double short_sum[4] = {0.5, 0.4, 0, 0}, negative[4] = {1.1, -0.1, 0, 0};
    const qhm_complex half[4] = {{0.5, 0}, {0, 0}, {0, 0}, {0.5, 0}};
    const qhm_complex unknown[4] = {{NAN, 0}, {0, 0}, {0, 0}, {1, 0}};
    const qhm_status wrong = QHM_ERROR_INVALID_ARGUMENT;
    REQUIRE_FAILS(qhm_channel_create_thermal_relaxation(1, 50, 101, 0, &channel), wrong,
                  "T2 is 101 ns, above twice T1, which is 50 ns");
    REQUIRE_FAILS(qhm_channel_create_thermal_relaxation(1, 50, INFINITY, 0, &channel), wrong,
                  "above twice T1");
    REQUIRE_FAILS(qhm_channel_create_thermal_relaxation(-1, 50, 50, 0, &channel), wrong, "-1 ns");
    REQUIRE_FAILS(qhm_channel_create_thermal_relaxation(1, 0, 50, 0, &channel), wrong, "T1 is 0");
    REQUIRE_FAILS(qhm_channel_create_thermal_relaxation(1, NAN, 50, 0, &channel), wrong, "nan");
    REQUIRE_FAILS(qhm_channel_create_amplitude_damping(1.5, 0, &channel), wrong,
                  "gamma of amplitude damping is 1.5, not 0 to 1");
    REQUIRE_FAILS(qhm_channel_create_phase_damping(NAN, &channel), wrong, "nan");
    REQUIRE_FAILS(qhm_channel_create_bit_flip(-0.1, &channel), wrong, "-0.1");
    REQUIRE_FAILS(qhm_channel_create_reset(2, &channel), wrong, "excited population is 2");
    REQUIRE_FAILS(qhm_channel_create_depolarizing(1, 1.4, &channel), wrong, "not 0 to 1.33333333");
    REQUIRE_FAILS(qhm_channel_create_depolarizing(5, 0.1, &channel), wrong, "5 qubits, not 1 to 4");
    REQUIRE_FAILS(qhm_channel_create_pauli(1, short_sum, &channel), wrong, "add up to 0.9, not 1");
    REQUIRE_FAILS(qhm_channel_create_pauli(1, negative, &channel), wrong, "1.1, not 0 to 1");
    REQUIRE_FAILS(qhm_channel_create(1, 1, half, &channel), wrong, "0.75 from 1");
    REQUIRE_FAILS(qhm_channel_create(1, 1, unknown, &channel), wrong, "nan from 1");
    REQUIRE_FAILS(qhm_channel_create(1, 5, half, &channel), wrong, "5 operators, not 1 to 4");
    REQUIRE_FAILS(qhm_channel_create(0, 1, half, &channel), wrong, "0 qubits, not 1 to 4");
    qhm_channel *one, *three;
    REQUIRE_OK(qhm_channel_create_identity(1, &one));
    REQUIRE_OK(qhm_channel_create_identity(4, &three));
    REQUIRE_FAILS(qhm_channel_compose(one, three, &channel), wrong, "4 qubits after one on 1");
    REQUIRE_FAILS(qhm_channel_tensor(one, three, &channel), wrong, "5 qubits, not 1 to 4");
    qhm_channel_destroy(one);
    qhm_channel_destroy(three);
    qhm_channel_destroy(NULL);
}

static qhm_status build_and_split(void *context)
{
    (void)context;
    qhm_channel *made[6] = {NULL};
    double weight, matrix[256], probabilities[16];
    bool is_pauli;
    qhm_status status = qhm_channel_create_thermal_relaxation(30, 60e3, 45e3, 0.01, &made[0]);
    if (status == QHM_OK)
        status = qhm_channel_tensor(made[0], made[0], &made[1]);
    if (status == QHM_OK)
        status = qhm_channel_create_depolarizing(2, 0.01, &made[2]);
    if (status == QHM_OK)
        status = qhm_channel_compose(made[2], made[1], &made[3]);
    if (status == QHM_OK)
        status = qhm_channel_split_identity(made[3], &weight, &made[4]);
    if (status == QHM_OK)
        status = qhm_channel_repeat(made[0], 5, &made[5]);
    if (status == QHM_OK)
        status = qhm_channel_pauli_transfer_matrix(made[3], matrix);
    if (status == QHM_OK)
        status = qhm_channel_pauli_probabilities(made[3], probabilities, &is_pauli);
    for (int i = 0; i < 6; i++)
        qhm_channel_destroy(made[i]);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    require_survives_failing_memory(build_and_split, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relaxations_move_populations_and_shrink_coherences),
        cmocka_unit_test(thermal_relaxation_holds_t1_and_t2_on_either_side),
        cmocka_unit_test(thermal_relaxation_is_a_mixture_of_resets_where_t2_is_short),
        cmocka_unit_test(pauli_strings_act_with_their_probabilities),
        cmocka_unit_test(errors_at_rates_add_up_to_their_probabilities),
        cmocka_unit_test(depolarising_mixes_with_the_mixed_state),
        cmocka_unit_test(average_fidelity_is_the_mean_over_a_design),
        cmocka_unit_test(relaxation_has_its_published_fidelity),
        cmocka_unit_test(impossible_channels_are_refused),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
