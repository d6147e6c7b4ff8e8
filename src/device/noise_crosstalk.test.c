// Crosstalk: turns of neighbours that wait, errors of gates beside others, by closed forms.
#include "device/noise_crosstalk.h"

#include "support/failing_memory.h"
#include "support/reference_density.h"

#include <qhm/backend.h>
#include <qhm/plan.h>

static const double pi = 3.14159265358979323846;

static qhm_noise_model *parse(const char *text, const qhm_noise_options *options)
{
    qhm_noise_model *model;
    REQUIRE_OK(qhm_noise_model_parse(text, strlen(text), "lab.yaml", options, &model));
    return model;
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, NULL));
}

static qhm_circuit *circuit_of(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

// Waits on a qubit with X between them: the times, ended by 0.
static void append_waits(qhm_circuit *circuit, uint32_t qubit, const double *times_ns)
{
    for (size_t i = 0; times_ns[i] > 0; i++) {
        if (i > 0)
            append(circuit, QHM_GATE_X, qubit, 0);
        REQUIRE_OK(qhm_circuit_append_delay(circuit, qubit, times_ns[i]));
    }
}

// <X> and <Y> of qubit 0, which waits in |+> while qubit 1 waits in |0> or |1>.
static void spectate(const qhm_noise_model *model, bool one, const double *own, const double *other,
                     double bloch[2])
{
    qhm_circuit *circuit = circuit_of(2, 0), *noisy;
    append(circuit, QHM_GATE_H, 0, 0);
    if (one)
        append(circuit, QHM_GATE_X, 1, 0);
    append_waits(circuit, 0, own);
    append_waits(circuit, 1, other);
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    qhm_complex *rho = reference_density(noisy, NULL, NULL); // of index 2 b + a
    bloch[0] = 2 * (rho[1].re + rho[4 * 2 + 3].re);
    bloch[1] = -2 * (rho[1].im + rho[4 * 2 + 3].im);
    free(rho);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
}

// By exp(-i pi zeta t ZZ / 2) the spectator turns about Z by plus or minus pi zeta t, for the time
// in which both wait: an echo on either undoes it, echoes on both at once do not.
static void a_spectator_turns_by_its_neighbour_while_both_wait(void **state)
{
    (void)state;
    static const struct {
        double own[4], other[4]; // waits with X between, all of 1000 ns
        double net_ns;           // with signs
    } cases[] = {
        {{1000}, {1000}, 1000},         {{1000}, {400}, 400},
        {{1000}, {500, 500}, 0},        {{500, 500}, {1000}, 0},
        {{500, 500}, {500, 500}, 1000}, {{500, 500}, {250, 500, 250}, 0},
        {{300, 700}, {600, 400}, 400}, // signs + until 300, - until 600, + until 1000
        {{1000}, {300, 700}, 400},     // the neighbour ends in what it was not at first
    };
    qhm_noise_model *model = parse("crosstalk: {couplers: [[0, 1], [1, 2]], zz_khz: 120}\n", NULL);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (int one = 0; one < 2; one++) {
            double bloch[2];
            size_t pulses = 0, mine = 0;
            for (size_t i = 1; i < 4; i++) {
                pulses += cases[c].other[i] > 0;
                mine += cases[c].own[i] > 0;
            }
            spectate(model, one, cases[c].own, cases[c].other, bloch);
            // In the frame of the end: each pulse of either changes the sign of what was before.
            const double last = (one + pulses) % 2 ? -1 : 1;
            const double turn = last * pi * 120e3 * 1e-9 * cases[c].net_ns;
            REQUIRE_NEAR(bloch[0], cos(turn), 1e-12);
            if (pulses + mine == 0 || cases[c].net_ns == 0)
                REQUIRE_NEAR(bloch[1], sin(turn), 1e-12);
            REQUIRE_NEAR(fabs(bloch[1]), fabs(sin(turn)), 1e-12);
        }
    qhm_noise_model_destroy(model);
}

static void turns_follow_scale_twirl_and_places(void **state)
{
    (void)state;
    const char *const text = "crosstalk: {couplers: [[2, 1], {qubits: [0, 1], zz_khz: 50}]}\n";
    const double wait[2] = {1000};
    double bloch[2];
    qhm_noise_model *model = parse(text, &(qhm_noise_options){.scale = 2});
    spectate(model, false, wait, wait, bloch);
    REQUIRE_NEAR(bloch[1], sin(2 * pi * 0.05), 1e-12);
    qhm_noise_model_destroy(model);
    model = parse(text, &(qhm_noise_options){.is_twirled = true});
    spectate(model, false, wait, wait, bloch); // ZZ with sin^2(pi 0.05 / 2)
    REQUIRE_NEAR(bloch[0], 1 - 2 * pow(sin(pi * 0.05 / 2), 2), 1e-12);
    REQUIRE_NEAR(bloch[1], 0, 1e-12);
    qhm_noise_model_destroy(model);
    model = parse(text, &(qhm_noise_options){.without_idle = true});
    spectate(model, false, wait, wait, bloch);
    REQUIRE_NEAR(bloch[0], 1, 1e-12);
    qhm_noise_model_destroy(model);
}

// The average infidelity of all channels on exactly these two qubits.
static double error_on(const qhm_circuit *noisy, uint32_t a, uint32_t b)
{
    qhm_channel *total, *next;
    REQUIRE_OK(qhm_channel_create_identity(2, &total));
    for (size_t i = 0; i < qhm_circuit_instruction_count(noisy); i++) {
        const qhm_instruction *in = qhm_circuit_instruction(noisy, i);
        if (in->gate != QHM_GATE_CHANNEL)
            continue;
        if (in->qubit_count == 2 && in->qubits[0] == a && in->qubits[1] == b) {
            const qhm_channel part = {2, in->kraus_count, in->matrix};
            REQUIRE_OK(qhm_channel_compose(total, &part, &next));
        } else if (in->qubit_count == 1 && (in->qubits[0] == a || in->qubits[0] == b)) {
            const qhm_channel part = {1, in->kraus_count, in->matrix};
            qhm_channel *identity, *both;
            REQUIRE_OK(qhm_channel_create_identity(1, &identity));
            if (in->qubits[0] == a)
                REQUIRE_OK(qhm_channel_tensor(&part, identity, &both));
            else
                REQUIRE_OK(qhm_channel_tensor(identity, &part, &both));
            REQUIRE_OK(qhm_channel_compose(total, both, &next));
            qhm_channel_destroy(identity);
            qhm_channel_destroy(both);
        } else {
            continue;
        }
        qhm_channel_destroy(total);
        total = next;
    }
    const double error = 1 - qhm_channel_average_fidelity(total, NULL);
    qhm_channel_destroy(total);
    return error;
}

// CZ on two pairs, the first of which ends `early_ns` before the end; errors of both.
static void run_pairs(const qhm_noise_model *model, const uint32_t *pairs, double early_ns,
                      double errors[2])
{
    qhm_circuit *circuit = circuit_of(5, 0), *noisy;
    append(circuit, QHM_GATE_CZ, pairs[0], pairs[1]);
    if (early_ns > 0)
        REQUIRE_OK(qhm_circuit_append_delay(circuit, pairs[0], early_ns));
    append(circuit, QHM_GATE_CZ, pairs[2], pairs[3]);
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    for (int p = 0; p < 2; p++)
        errors[p] = error_on(noisy, pairs[2 * p], pairs[2 * p + 1]);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
}

static void gates_at_the_same_time_have_exactly_the_given_error_more(void **state)
{
    (void)state;
    qhm_noise_model *model =
        parse("gates: {cz: {duration_ns: 40, average_error: 0.01, amplitude_damping: 0.002}}\n"
              "crosstalk: {couplers: [[0, 1], [1, 2], [2, 3], [3, 4]], parallel_error: 0.004}\n",
              NULL);
    const qhm_instruction cz = {
        .gate = QHM_GATE_CZ, .qubit_count = 2, .qubits = (uint32_t[]){0, 1}};
    qhm_channel *channel;
    double errors[2];
    REQUIRE_OK(qhm_noise_model_channel(model, &cz, &channel));
    const double alone = 1 - qhm_channel_average_fidelity(channel, NULL);
    qhm_channel_destroy(channel);
    assert_true(alone > 0.01 && alone < 0.013);
    static const struct {
        uint32_t pairs[4];
        double early_ns;
        bool is_beside;
    } cases[] = {
        {{0, 1, 2, 3}, 0, true},  {{0, 1, 3, 2}, 39.9, true}, {{0, 1, 2, 3}, 40, false},
        {{2, 3, 1, 0}, 20, true}, {{0, 1, 3, 4}, 0, false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        run_pairs(model, cases[c].pairs, cases[c].early_ns, errors);
        for (int p = 0; p < 2; p++)
            REQUIRE_NEAR(errors[p], alone + (cases[c].is_beside ? 0.004 : 0), 1e-14);
    }
    qhm_noise_model_destroy(model);
}

// The spec sheet's error is that of simultaneous gates: what a chip has beside others. Alone it
// has less by the figure of crosstalk, exactly.
static void willows_gates_are_better_alone(void **state)
{
    (void)state;
    qhm_device *device;
    uint32_t chain[4];
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    for (uint32_t q = 0; q < qhm_device_qubit_count(device); q++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, q);
        if (qubit->y == 6 && qubit->x >= 5 && qubit->x < 9)
            chain[(size_t)qubit->x - 5] = q;
    }
    const uint32_t pairs[4] = {0, 1, 2, 3};
    double errors[2];
    for (int has = 0; has < 2; has++) {
        qhm_noise_model *model;
        REQUIRE_OK(qhm_noise_model_create_from_device(
            device, chain, 4, &(qhm_noise_options){.has_crosstalk = has}, &model));
        qhm_circuit *circuit = circuit_of(4, 0), *noisy;
        append(circuit, QHM_GATE_CZ, 0, 1);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        REQUIRE_NEAR(error_on(noisy, 0, 1), 3.3e-3 - (has ? 4.4e-4 : 0), 1e-12);
        qhm_circuit_destroy(noisy);
        append(circuit, QHM_GATE_CZ, pairs[2], pairs[3]);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        for (int p = 0; p < 2; p++)
            errors[p] = error_on(noisy, pairs[2 * p], pairs[2 * p + 1]);
        REQUIRE_NEAR(errors[0], 3.3e-3, 1e-12);
        REQUIRE_NEAR(errors[1], 3.3e-3, 1e-12);
        char *text;
        REQUIRE_OK(qhm_noise_model_print(model, &text));
        assert_true((strstr(text, "crosstalk on 3 couplers: average error up to 0.00044 more") !=
                     NULL) == has);
        qhm_string_destroy(text);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
        qhm_noise_model_destroy(model);
    }
    qhm_device_destroy(device);
}

static bool share_anything(const qhm_instruction *a, const qhm_instruction *b)
{
    for (uint32_t i = 0; i < a->qubit_count; i++)
        for (uint32_t k = 0; k < b->qubit_count; k++)
            if (a->qubits[i] == b->qubits[k])
                return true;
    const bool writes[2] = {a->gate == QHM_GATE_MEASURE, b->gate == QHM_GATE_MEASURE};
    const bool reads[2] = {a->condition.relation != QHM_RELATION_NONE,
                           b->condition.relation != QHM_RELATION_NONE};
    return (writes[0] && writes[1] && a->bit == b->bit) ||
           (writes[0] && reads[1] && b->condition.first_bit == a->bit) ||
           (reads[0] && writes[1] && a->condition.first_bit == b->bit);
}

static void append_random(qhm_circuit *circuit, qhm_random *random)
{
    const uint32_t a = (uint32_t)qhm_random_below(random, 4);
    const uint32_t b = (a + 1 + (uint32_t)qhm_random_below(random, 3)) % 4;
    switch (qhm_random_below(random, 6)) {
    case 0:
        REQUIRE_OK(qhm_circuit_append_measure(circuit, a, b % 2));
        break;
    case 1: {
        const qhm_instruction x = {.gate = QHM_GATE_X,
                                   .qubits = (uint32_t[]){a},
                                   .condition = qhm_condition_bit(b % 2, true)};
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &x));
        break;
    }
    case 2:
        REQUIRE_OK(qhm_circuit_append_delay(circuit, a, 10 * (double)b));
        break;
    case 3:
        append(circuit, QHM_GATE_H, a, 0);
        break;
    default:
        append(circuit, QHM_GATE_CZ, a, b);
    }
}

// Whatever shares a qubit or a bit keeps its order; every instruction is there once.
static void the_order_in_time_keeps_the_meaning(void **state)
{
    (void)state;
    qhm_noise_model *model = parse("one_qubit: {duration_ns: 20}\ntwo_qubit: {duration_ns: 40}\n"
                                   "crosstalk: {couplers: [[0, 1]]}\n",
                                   NULL);
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 80, 0, 0);
    size_t moved = 0;
    for (int round = 0; round < 40; round++) {
        enum { COUNT = 30 };
        qhm_circuit *circuit = circuit_of(4, 2);
        double durations[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            append_random(circuit, &random);
            durations[i] = 10 * (double)qhm_random_below(&random, 4);
        }
        qhm_noise_crosstalk plan = {0};
        REQUIRE_OK(qhm_noise_find_crosstalk(model, circuit, durations, &plan));
        size_t place[COUNT];
        bool is_there[COUNT] = {false};
        for (size_t i = 0; i < COUNT; i++) {
            assert_false(is_there[plan.order[i]]);
            is_there[plan.order[i]] = true;
            place[plan.order[i]] = i;
            moved += plan.order[i] != i;
        }
        for (size_t i = 0; i < COUNT; i++)
            for (size_t k = i + 1; k < COUNT; k++)
                if (share_anything(qhm_circuit_instruction(circuit, i),
                                   qhm_circuit_instruction(circuit, k)))
                    assert_true(place[i] < place[k]);
        qhm_noise_crosstalk_release(&plan);
        qhm_circuit_destroy(circuit);
    }
    assert_true(moved > 100);
    qhm_noise_model_destroy(model);
}

// Two waits and parallel gates, twirled for the frames of the stabilizer backend.
static qhm_circuit *clifford_example(const qhm_noise_model *model)
{
    qhm_circuit *circuit = circuit_of(4, 0), *noisy;
    for (uint32_t q = 0; q < 4; q++)
        append(circuit, QHM_GATE_H, q, 0);
    for (int layer = 0; layer < 2; layer++) {
        append(circuit, QHM_GATE_CZ, 0, 1);
        append(circuit, QHM_GATE_CZ, 2, 3);
        for (uint32_t q = 0; q < 4; q++)
            REQUIRE_OK(qhm_circuit_append_delay(circuit, q, 700));
    }
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    qhm_circuit_destroy(circuit);
    return noisy;
}

static double value_on(const char *backend_name, const qhm_circuit *circuit,
                       const qhm_observable *observable, size_t shots)
{
    qhm_backend *backend;
    qhm_plan *plan;
    double value;
    REQUIRE_OK(qhm_backend_create(backend_name, NULL, &backend));
    REQUIRE_OK(
        qhm_plan_create(backend, circuit, (const qhm_observable *[]){observable}, 1, NULL, &plan));
    REQUIRE_OK(qhm_plan_run(
        plan, &(qhm_request){
                  .batch_count = 1, .shots = shots, .seed = test_seed(), .expectations = &value}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return value;
}

static void all_backends_run_crosstalk(void **state)
{
    (void)state;
    const char *const text =
        "gates: {cz: {duration_ns: 40, average_error: 0.02}}\n"
        "crosstalk: {couplers: [[0, 1], [1, 2], [2, 3]], zz_khz: 80, parallel_error: 0.05}\n";
    for (int is_twirled = 0; is_twirled < 2; is_twirled++) {
        qhm_noise_model *model = parse(text, &(qhm_noise_options){.is_twirled = is_twirled});
        qhm_circuit *noisy = clifford_example(model);
        qhm_observable *x;
        REQUIRE_OK(qhm_observable_parse("X1 X2", &x));
        qhm_complex *rho = reference_density(noisy, NULL, NULL);
        const double expected = reference_density_expectation(x, 4, rho);
        assert_true(fabs(expected) > 0.1 && fabs(expected) < 0.95);
        enum { SHOTS = 20000 };
        const double interval = 4.5 / sqrt(SHOTS);
        REQUIRE_NEAR(value_on("density_matrix", noisy, x, 0), expected, 1e-12);
        REQUIRE_NEAR(value_on("trajectories", noisy, x, SHOTS), expected, interval);
        if (is_twirled)
            REQUIRE_NEAR(value_on("stabilizer", noisy, x, SHOTS), expected, interval);
        free(rho);
        qhm_observable_destroy(x);
        qhm_circuit_destroy(noisy);
        qhm_noise_model_destroy(model);
    }
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"crosstalk: {zz_khz: 5}\n", "lab.yaml:1: crosstalk needs couplers"},
        {"crosstalk: {couplers: [[0, 1], [1, 0]]}\n", "the coupler of 1 and 0 is there twice"},
        {"crosstalk: {couplers: [[0, 0]]}\n", "a coupler is a pair of qubits"},
        {"crosstalk: {couplers: [[0, 1, 2]]}\n", "a coupler is a pair of qubits"},
        {"crosstalk: {couplers: [{zz_khz: 3}]}\n", "a coupler needs its qubits"},
        {"qubits: 2\ncrosstalk: {couplers: [[0, 2]]}\n", "lab.yaml:2: "},
        {"two_qubit: {average_error: 0.1}\n"
         "crosstalk: {couplers: [[0, 1]], parallel_error: 0.1}\n",
         "lab.yaml:2: parallel_error needs duration_ns of two-qubit gates"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_noise_model *model;
        REQUIRE_FAILS(
            qhm_noise_model_parse(cases[i][0], strlen(cases[i][0]), "lab.yaml", NULL, &model),
            QHM_ERROR_BAD_INPUT, cases[i][1]);
    }
}

static qhm_status apply_example(void *context)
{
    const char *const text =
        "two_qubit: {duration_ns: 40, average_error: 0.02}\n"
        "crosstalk: {couplers: [[0, 1], [1, 2]], zz_khz: 80, parallel_error: 0.05}\n";
    qhm_noise_model *model = NULL;
    qhm_circuit *noisy = NULL;
    qhm_status status = qhm_noise_model_parse(text, strlen(text), "lab.yaml", NULL, &model);
    if (status == QHM_OK)
        status = qhm_noise_model_apply(model, context, &noisy);
    qhm_circuit_destroy(noisy);
    qhm_noise_model_destroy(model);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(4, 1);
    append(circuit, QHM_GATE_CZ, 0, 1);
    append(circuit, QHM_GATE_CZ, 2, 3);
    for (uint32_t q = 0; q < 3; q++)
        REQUIRE_OK(qhm_circuit_append_delay(circuit, q, 100));
    require_survives_failing_memory(apply_example, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spectator_turns_by_its_neighbour_while_both_wait),
        cmocka_unit_test(turns_follow_scale_twirl_and_places),
        cmocka_unit_test(gates_at_the_same_time_have_exactly_the_given_error_more),
        cmocka_unit_test(willows_gates_are_better_alone),
        cmocka_unit_test(the_order_in_time_keeps_the_meaning),
        cmocka_unit_test(all_backends_run_crosstalk),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
