// Pauli noise on stabilizer states against closed forms and the branches of a plain simulator.
#include "simulate/backend_internal.h"

#include "simulate/trajectories/channel_split.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/channel.h>
#include <qhm/threads.h>

typedef struct subject {
    qhm_backend *backend;
    qhm_plan *plan;
} subject;

static subject create(const qhm_circuit *circuit, const char *observable,
                      const qhm_plan_options *options)
{
    subject s;
    qhm_observable *parsed;
    REQUIRE_OK(qhm_observable_parse(observable, &parsed));
    REQUIRE_OK(qhm_backend_create("stabilizer", NULL, &s.backend));
    REQUIRE_OK(qhm_plan_create(s.backend, circuit, (const qhm_observable *const *)&parsed, 1,
                               options, &s.plan));
    qhm_observable_destroy(parsed);
    return s;
}

static void destroy(subject s)
{
    qhm_plan_destroy(s.plan);
    qhm_backend_destroy(s.backend);
}

static qhm_circuit *circuit_of(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t first, uint32_t second)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){first, second}, NULL));
}

static void append_channel(qhm_circuit *circuit, const qhm_channel *channel, const uint32_t *qubits)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                    .qubits = qubits,
                                    .qubit_count = (uint32_t)channel->qubit_count,
                                    .matrix = channel->kraus,
                                    .kraus_count = (uint32_t)channel->kraus_count}));
}

static void append_depolarizing(qhm_circuit *circuit, const uint32_t *qubits, size_t count,
                                double probability)
{
    qhm_channel *channel;
    REQUIRE_OK(qhm_channel_create_depolarizing(count, probability, &channel));
    append_channel(circuit, channel, qubits);
    qhm_channel_destroy(channel);
}

static void append_measure(qhm_circuit *circuit, uint32_t qubit, uint32_t bit, double wrong_zero,
                           double wrong_one)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                    .qubits = &qubit,
                                    .bit = bit,
                                    .flips = {wrong_zero, wrong_one}}));
}

// Clifford gates with Pauli noise of uneven probabilities between them.
static void append_noisy_gates(qhm_circuit *circuit, qhm_random *random, size_t rounds)
{
    static const qhm_gate ones[6] = {QHM_GATE_H, QHM_GATE_S,   QHM_GATE_SX,
                                     QHM_GATE_Y, QHM_GATE_SDG, QHM_GATE_SXDG};
    static const qhm_gate twos[4] = {QHM_GATE_CX, QHM_GATE_CZ, QHM_GATE_ISWAP, QHM_GATE_SWAP};
    for (size_t round = 0; round < rounds; round++) {
        for (uint32_t q = 0; q < 3; q++) {
            append(circuit, ones[qhm_random_below(random, 6)], q, 0);
            append(circuit, ones[qhm_random_below(random, 3)], q, 0);
        }
        const uint32_t a = (uint32_t)qhm_random_below(random, 3);
        const uint32_t b = (a + 1 + (uint32_t)qhm_random_below(random, 2)) % 3;
        append(circuit, twos[qhm_random_below(random, 4)], a, b);
        double p[16] = {0.6};
        p[1 + qhm_random_below(random, 5)] = 0.2;
        p[6 + qhm_random_below(random, 10)] = 0.2;
        qhm_channel *channel;
        REQUIRE_OK(qhm_channel_create_pauli(2, p, &channel));
        append_channel(circuit, channel, (uint32_t[]){b, a});
        qhm_channel_destroy(channel);
        REQUIRE_OK(qhm_channel_create_pauli(1, (double[]){0.8, 0.05, 0.15, 0}, &channel));
        append_channel(circuit, channel, &a);
        qhm_channel_destroy(channel);
    }
}

typedef struct branches {
    qhm_observable *observable;
    size_t qubits, bits;
    double expectation;
    double outcomes[64];
} branches;

static void see_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    branches *b = context;
    double norm = 0;
    for (size_t i = 0; i < (size_t)1 << b->qubits; i++)
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    b->expectation += reference_expectation(b->observable, b->qubits, state);
    size_t outcome = 0;
    for (size_t i = 0; i < b->bits; i++)
        outcome |= (size_t)bits[i] << i;
    b->outcomes[outcome] += norm;
}

static branches follow(const qhm_circuit *circuit, const char *observable)
{
    branches b = {.qubits = qhm_circuit_qubit_count(circuit),
                  .bits = qhm_circuit_bit_count(circuit)};
    REQUIRE_OK(qhm_observable_parse(observable, &b.observable));
    reference_run_branches(circuit, NULL, NULL, see_branch, &b);
    qhm_observable_destroy(b.observable);
    return b;
}

static void require_counts(const uint64_t *outcomes, size_t shots, size_t count,
                           const double *probabilities)
{
    for (size_t outcome = 0; outcome < count; outcome++) {
        size_t found = 0;
        for (size_t i = 0; i < shots; i++)
            found += outcomes[i] == outcome;
        const double p = probabilities[outcome], n = (double)shots;
        REQUIRE_NEAR((double)found, n * p, 5 * sqrt(fabs(n * p * (1 - p))) + 1e-6);
    }
}

static void exact_values_are_damped_as_they_should_be(void **state)
{
    (void)state;
    const char *text = "Z0 + X1 Y2 + 0.5 Z0 Z1 Z2 - X0 X1 + 0.7 Y1 + Z2 X0 + 0.25";
    const double flips[3][2] = {{0, 0}, {0, 0}, {0, 0}};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    size_t damped = 0;
    for (int round = 0; round < 40; round++) {
        qhm_circuit *circuit = circuit_of(3, 0);
        append_noisy_gates(circuit, &random, 2);
        const double wanted = follow(circuit, text).expectation;
        const qhm_plan_options options = {.readout_flips = round % 2 ? flips : NULL};
        subject s = create(circuit, text, &options);
        double value;
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
        REQUIRE_NEAR(value, wanted, 1e-12);
        damped += fabs(remainder(4 * wanted, 1)) > 1e-6;
        destroy(s);
        qhm_circuit_destroy(circuit);
    }
    assert_true(damped > 10);
}

// By frames, and with conditions shot by shot.
static void shots_agree_with_all_branches(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static uint64_t bits[SHOTS];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    for (int round = 0; round < 8; round++) {
        const uint32_t zero = 0;
        qhm_circuit *circuit = circuit_of(3, 5);
        append_noisy_gates(circuit, &random, 1);
        append_measure(circuit, 0, 0, 0.02, 0.2);
        append_measure(circuit, 1, 1, 0, 0);
        if (round % 2) {
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_RESET, .qubits = &zero}));
            append_depolarizing(circuit, (uint32_t[]){1, 0}, 2, 0.3);
        }
        if (round % 4 >= 2)
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_X,
                                            .qubits = &zero,
                                            .condition = qhm_condition_bit(1, true)}));
        for (uint32_t q = 0; q < 3; q++)
            append(circuit, q == 1 ? QHM_GATE_S : QHM_GATE_H, q, 0);
        for (uint32_t q = 0; q < 3; q++)
            append_measure(circuit, q, 2 + q, 0.1 * q, 0);
        const branches wanted = follow(circuit, "Z0 X1 + Y2");
        subject s = create(circuit, "Z0 X1 + Y2", NULL);
        double value;
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                       .shots = SHOTS,
                                                       .seed = test_seed(),
                                                       .expectations = &value,
                                                       .bits = bits}));
        require_counts(bits, SHOTS, 32, wanted.outcomes);
        REQUIRE_NEAR(value, wanted.expectation, 5 * sqrt(2.0 / SHOTS));
        destroy(s);
        qhm_circuit_destroy(circuit);
    }
}

static void readout_writes_some_bits_wrong(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static uint64_t samples[SHOTS];
    const double flips[3][2] = {{0.1, 0.3}, {0, 0.2}, {0.05, 0.05}};
    const qhm_plan_options options = {.readout_flips = flips};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    qhm_circuit *circuit = circuit_of(3, 0), *measured = circuit_of(3, 3);
    append_noisy_gates(circuit, &random, 2);
    REQUIRE_OK(qhm_circuit_append_circuit(measured, circuit, NULL, NULL, 0, 0));
    for (uint32_t q = 0; q < 3; q++)
        append_measure(measured, q, q, flips[q][0], flips[q][1]);
    const branches wanted = follow(measured, "Z0");
    double exact = 0, value, by_shots;
    for (size_t i = 0; i < 8; i++)
        exact += (__builtin_parityll(i) ? -1 : 1) * wanted.outcomes[i];
    subject s = create(circuit, "Z0 Z1 Z2", &options);
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
    REQUIRE_NEAR(value, exact, 1e-12);
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                   .shots = SHOTS,
                                                   .seed = test_seed(),
                                                   .expectations = &by_shots,
                                                   .samples = samples}));
    require_counts(samples, SHOTS, 8, wanted.outcomes);
    REQUIRE_NEAR(by_shots, exact, 5 / sqrt(SHOTS));
    destroy(s);
    qhm_circuit_destroy(measured);
    qhm_circuit_destroy(circuit);
}

// A GHZ state of 1,000 qubits: every string of all X is damped by each qubit, and what Z0 Z999
// gives by the frames that shots see.
static void thousand_qubits_take_noise(void **state)
{
    (void)state;
    enum { QUBITS = 1000, SHOTS = 4000, WORDS = (QUBITS + 63) / 64 };
    const double p = 1e-3;
    qhm_circuit *circuit = circuit_of(QUBITS, QUBITS);
    append(circuit, QHM_GATE_H, 0, 0);
    for (uint32_t q = 1; q < QUBITS; q++)
        append(circuit, QHM_GATE_CX, q - 1, q);
    for (uint32_t q = 0; q < QUBITS; q++)
        append_depolarizing(circuit, &q, 1, p);
    for (uint32_t q = 0; q < QUBITS; q++)
        append_measure(circuit, q, q, 0, 0);
    subject s = create(circuit, "Z0 Z999", NULL);
    double exact, by_shots;
    uint64_t *bits = malloc((size_t)SHOTS * WORDS * sizeof *bits);
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &exact}));
    REQUIRE_NEAR(exact, (1 - p) * (1 - p), 1e-12);
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                   .shots = SHOTS,
                                                   .seed = test_seed(),
                                                   .expectations = &by_shots,
                                                   .bits = bits}));
    REQUIRE_NEAR(by_shots, exact, 5 * sqrt((1 - exact * exact) / SHOTS));
    size_t clean = 0, ones = 0, flipped = 0; // all bits equal; of them ones
    for (size_t i = 0; i < SHOTS; i++) {
        size_t count = 0;
        for (size_t w = 0; w < WORDS; w++)
            count += (size_t)__builtin_popcountll(bits[i * WORDS + w]);
        clean += count == 0 || count == QUBITS;
        ones += count > QUBITS / 2;
        flipped += count < QUBITS / 2 ? count : QUBITS - count;
    }
    const double stays = pow(1 - p / 2, QUBITS), n = SHOTS; // X and Y flip a bit
    REQUIRE_NEAR((double)clean, n * stays, 5 * sqrt(n * stays * (1 - stays)));
    REQUIRE_NEAR((double)ones, n / 2, 5 * sqrt(n / 4));
    REQUIRE_NEAR((double)flipped, n * QUBITS * p / 2, 5 * sqrt(n * QUBITS * p / 2));
    free(bits);
    destroy(s);
    qhm_circuit_destroy(circuit);
}

static void shots_do_not_depend_on_batch_or_threads(void **state)
{
    (void)state;
    enum { BATCH = 3, SHOTS = 150 };
    static uint64_t bits[3][BATCH * SHOTS];
    double values[3][BATCH];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 4, 0, 0);
    const unsigned threads = qhm_threads_count();
    qhm_circuit *circuit = circuit_of(3, 3);
    append_noisy_gates(circuit, &random, 3);
    for (uint32_t q = 0; q < 3; q++)
        append_measure(circuit, q, q, 0.1, 0);
    for (int way = 0; way < 3; way++) {
        subject s = create(circuit, "Z0 Z1 + X2", NULL);
        REQUIRE_OK(qhm_threads_set_count(way == 1 ? 3 : 1));
        const size_t at_once = way == 2 ? 1 : BATCH;
        for (size_t first = 0; first < BATCH; first += at_once)
            REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = at_once,
                                                           .shots = SHOTS,
                                                           .seed = 5,
                                                           .first_sample = first,
                                                           .expectations = values[way] + first,
                                                           .bits = bits[way] + first * SHOTS}));
        destroy(s);
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    for (int way = 1; way < 3; way++) {
        assert_memory_equal(values[0], values[way], sizeof values[0]);
        assert_memory_equal(bits[0], bits[way], sizeof bits[0]);
    }
    assert_memory_not_equal(bits[0], bits[0] + SHOTS, SHOTS * sizeof bits[0][0]);
    qhm_circuit_destroy(circuit);
}

// Damping is not a mixture of Pauli strings; twirled it is.
static void other_noise_is_refused(void **state)
{
    (void)state;
    qhm_channel *damping, *twirled;
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.1, 0, &damping));
    REQUIRE_OK(qhm_channel_twirl(damping, &twirled));
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_backend_create("stabilizer", NULL, &backend));
    for (int is_twirled = 0; is_twirled < 2; is_twirled++) {
        const uint32_t qubit = 0;
        qhm_circuit *circuit = circuit_of(1, 0);
        append(circuit, QHM_GATE_X, 0, 0);
        append_channel(circuit, is_twirled ? twirled : damping, &qubit);
        qhm_status status = qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan);
        if (is_twirled) {
            REQUIRE_OK(status);

            double probabilities[2];
            REQUIRE_FAILS(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                            .probabilities = probabilities}),
                          QHM_ERROR_UNSUPPORTED, "shots = 1");
            qhm_plan_destroy(plan);
        } else {
            assert_int_equal(status, QHM_ERROR_UNSUPPORTED);
            assert_non_null(strstr(qhm_error_message(), "instruction 1, channel"));
            assert_non_null(strstr(qhm_error_message(), "twirl"));
        }
        qhm_circuit_destroy(circuit);
    }
    qhm_backend_destroy(backend);
    qhm_channel_destroy(damping);
    qhm_channel_destroy(twirled);
}

static qhm_status attempt(void *context)
{
    const qhm_circuit *circuit = context;
    const double flips[3][2] = {{0.1, 0.2}, {0, 0}, {0.1, 0.1}};
    double value;
    uint64_t samples[8], bits[8];
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_observable *observable = NULL;
    qhm_status status = qhm_observable_parse("Z0 Z1 + X2", &observable);
    if (status == QHM_OK)
        status = qhm_backend_create("stabilizer", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, (const qhm_observable *const *)&observable, 1,
                                 &(qhm_plan_options){.readout_flips = flips}, &plan);
    qhm_request request = {.batch_count = 1, .expectations = &value};
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    request.shots = 8;
    request.samples = samples;
    request.bits = bits;
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    return status;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 5, 0, 0);
    qhm_circuit *circuit = circuit_of(3, 3);
    append_noisy_gates(circuit, &random, 2);
    append_measure(circuit, 1, 1, 0.1, 0.2);
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_values_are_damped_as_they_should_be),
        cmocka_unit_test(shots_agree_with_all_branches),
        cmocka_unit_test(readout_writes_some_bits_wrong),
        cmocka_unit_test(thousand_qubits_take_noise),
        cmocka_unit_test(shots_do_not_depend_on_batch_or_threads),
        cmocka_unit_test(other_noise_is_refused),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
