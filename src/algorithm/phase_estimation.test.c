// Phase estimation against its closed form, known distributions, and one way against another.
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/phase_estimation.h>
#include <qhm/plan.h>

static void append_angle(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, &constant));
}

// diag(1, e^{2 pi i phi}), and |1>.
static qhm_phase_problem create_phase(double phase)
{
    qhm_circuit *one, *u;
    REQUIRE_OK(qhm_circuit_create(1, 0, &one));
    REQUIRE_OK(qhm_circuit_append(one, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_create(1, 0, &u));
    append_angle(u, QHM_GATE_P, 0, 0, 2 * M_PI * phase);
    return (qhm_phase_problem){.preparation = one, .unitary = u};
}

// Phases 0, a, b, a + b + c on two qubits, in a state of unequal weights.
static qhm_phase_problem create_mixture(void)
{
    qhm_circuit *state, *u;
    REQUIRE_OK(qhm_circuit_create(2, 0, &state));
    append_angle(state, QHM_GATE_RY, 0, 0, 0.7);
    append_angle(state, QHM_GATE_RY, 1, 0, 1.9);
    REQUIRE_OK(qhm_circuit_create(2, 0, &u));
    append_angle(u, QHM_GATE_P, 0, 0, 0.9);
    append_angle(u, QHM_GATE_P, 1, 0, 2.3);
    append_angle(u, QHM_GATE_CP, 0, 1, 1.1);
    return (qhm_phase_problem){.preparation = state, .unitary = u};
}

static void destroy(const qhm_phase_problem *problem)
{
    qhm_circuit_destroy((qhm_circuit *)problem->preparation);
    qhm_circuit_destroy((qhm_circuit *)problem->unitary);
}

// Probabilities of the textbook clock, [2^bits].
static void run_clock(const qhm_phase_problem *problem, size_t bits, double *clock)
{
    const size_t n = qhm_circuit_qubit_count(problem->unitary);
    qhm_circuit *circuit;
    qhm_complex *state;
    REQUIRE_OK(qhm_phase_estimation_create(problem, bits, false, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    for (size_t y = 0; y < (size_t)1 << bits; y++)
        clock[y] = 0;
    for (size_t i = 0; i < (size_t)1 << (n + bits); i++)
        clock[i >> n] += state[i].re * state[i].re + state[i].im * state[i].im;
    qhm_release(state);
    qhm_circuit_destroy(circuit);
}

// The exact distribution of a circuit's bits, [2^bits].
static void run_bits(const qhm_circuit *circuit, size_t bits, double *probabilities)
{
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *found;
    const qhm_plan_options options = {
        .precision = QHM_FLOAT64, .max_batch = 1, .forward_only = true};
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan));
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &found));
    for (uint64_t y = 0; y < (uint64_t)1 << bits; y++)
        probabilities[y] = qhm_distribution_weight(found, &y);
    qhm_distribution_destroy(found);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
}

static void the_known_distributions_come_out(void **state)
{
    static const double third[] = {.015625, .031622, .174940, .687838,
                                   .046875, .018619, .012560, .011922};
    static const struct {
        size_t bits;
        double phase;
        size_t y;
        double probability;
    } known[] = {{3, 1.0 / 3, 3, .687837662590},  {4, 1.0 / 3, 5, .684895389312},
                 {3, .3, 2, .577521018070},       {4, .3, 5, .875590197593},
                 {3, 1.0 / 16, 0, .410533474517}, {3, 1.0 / 16, 1, .410533474517}};
    double clock[16];
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const qhm_phase_problem problem = create_phase(known[i].phase);
        run_clock(&problem, known[i].bits, clock);
        REQUIRE_NEAR(clock[known[i].y], known[i].probability, 1e-11);
        for (size_t y = 0; y < (size_t)1 << known[i].bits; y++)
            REQUIRE_NEAR(clock[y],
                         qhm_phase_estimation_probability(known[i].phase, known[i].bits, y), 1e-12);
        for (size_t y = 0; y < 8 && i == 0; y++)
            REQUIRE_NEAR(clock[y], third[y], 6e-7);
        destroy(&problem);
    }
}

// The Fourier transform on the clock in the other order of bits: 5 comes out as something else.
static void a_clock_read_backwards_shows_another_phase(void **state)
{
    const qhm_phase_problem problem = create_phase(.3);
    double clock[16];
    (void)state;
    run_clock(&problem, 4, clock);
    assert_true(clock[10] < 0.01); // 0101 backwards
    assert_true(clock[5] > 0.87);
    destroy(&problem);
}

// RZ(4 pi phi) on |0> has the phase -phi, all of it the gate's own, none of it a P.
static void global_phases_and_negative_ones_are_seen(void **state)
{
    qhm_circuit *u;
    double clock[16];
    (void)state;
    REQUIRE_OK(qhm_circuit_create(1, 0, &u));
    append_angle(u, QHM_GATE_RZ, 0, 0, 4 * M_PI * 3 / 16);
    run_clock(&(qhm_phase_problem){.unitary = u}, 4, clock);
    REQUIRE_NEAR(clock[13], 1, 1e-12);
    REQUIRE_NEAR(qhm_phase_estimation_signed(13.0 / 16), -3.0 / 16, 1e-15);
    REQUIRE_NEAR(qhm_phase_estimation_signed(7.0 / 16), 7.0 / 16, 1e-15);
    REQUIRE_NEAR(qhm_phase_estimation_signed(0.5), -0.5, 0);
    qhm_circuit_destroy(u);
}

static void one_ancilla_gives_the_distribution_of_a_whole_clock(void **state)
{
    const qhm_phase_problem problem = create_mixture();
    qhm_circuit *circuit;
    double clock[32], bits[32];
    (void)state;
    run_clock(&problem, 5, clock);
    REQUIRE_OK(qhm_phase_estimation_create_iterative(&problem, 5, &circuit));
    assert_int_equal(qhm_circuit_qubit_count(circuit), 3);
    run_bits(circuit, 5, bits);
    for (size_t y = 0; y < 32; y++)
        REQUIRE_NEAR(bits[y], clock[y], 1e-12);
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_phase_estimation_create(&problem, 5, true, &circuit));
    run_bits(circuit, 5, bits);
    for (size_t y = 0; y < 32; y++)
        REQUIRE_NEAR(bits[y], clock[y], 1e-12);
    qhm_circuit_destroy(circuit);
    destroy(&problem);
}

static void a_control_of_ones_own_takes_the_place_of_the_made_one(void **state)
{
    qhm_phase_problem problem = create_phase(.3);
    qhm_circuit *controlled;
    double clock[16];
    (void)state;
    REQUIRE_OK(qhm_circuit_create(2, 0, &controlled));
    append_angle(controlled, QHM_GATE_CP, 0, 1, 2 * M_PI * 3 / 16); // not .3, to be seen
    problem.controlled = controlled;
    run_clock(&problem, 4, clock);
    REQUIRE_NEAR(clock[3], 1, 1e-12);
    qhm_circuit_destroy(controlled);
    destroy(&problem);
}

static void the_tests_give_cosine_and_sine_of_each_generation(void **state)
{
    const qhm_phase_problem problem = create_phase(.3);
    (void)state;
    for (size_t j = 0; j < 4; j++)
        for (int is_sine = 0; is_sine < 2; is_sine++) {
            qhm_circuit *circuit;
            double bits[2];
            const double angle = 2 * M_PI * .3 * (double)(1 << j);
            REQUIRE_OK(qhm_phase_estimation_create_test(&problem, j, is_sine, &circuit));
            run_bits(circuit, 1, bits);
            REQUIRE_NEAR(bits[0], (1 + (is_sine ? sin(angle) : cos(angle))) / 2, 1e-12);
            qhm_circuit_destroy(circuit);
        }
    destroy(&problem);
}

// All angles are wrong by almost pi / 3 in turns of sign: the rest is that of the last.
static void robust_estimates_bear_errors_below_their_limit(void **state)
{
    enum { GENERATIONS = 8 };
    double cosines[GENERATIONS], sines[GENERATIONS], found;
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        const double phase = (double)i / 200 + 0.0013;
        for (size_t j = 0; j < GENERATIONS; j++) {
            const double angle =
                2 * M_PI * phase * (double)(1 << j) + ((i + j) % 2 ? 1 : -1) * 0.99 * M_PI / 3;
            cosines[j] = 0.4 * cos(angle);
            sines[j] = 0.4 * sin(angle);
        }
        REQUIRE_OK(qhm_phase_estimation_robust(GENERATIONS, cosines, sines, &found));
        assert_true(found >= 0 && found < 1);
        REQUIRE_NEAR(qhm_phase_estimation_signed(found - phase), 0, 1.0 / 6 / 128);
    }
    // Beyond the limit it goes wrong, and more than the last generation could.
    for (size_t j = 0; j < GENERATIONS; j++) {
        const double angle = 2 * M_PI * .3 * (double)(1 << j) + (j == 2 ? 2.5 : 0);
        cosines[j] = cos(angle);
        sines[j] = sin(angle);
    }
    REQUIRE_OK(qhm_phase_estimation_robust(GENERATIONS, cosines, sines, &found));
    assert_true(fabs(found - .3) > 0.05);
}

static void clocks_are_as_long_as_known(void **state)
{
    (void)state;
    assert_int_equal(qhm_phase_estimation_bits(3, 0.1), 6);
    assert_int_equal(qhm_phase_estimation_bits(8, 0.25), 10);
    assert_int_equal(qhm_phase_estimation_bits(8, 0), 0);
    assert_int_equal(qhm_phase_estimation_bits(8, NAN), 0);
    // By its formula with six clock qubits, three bits of 0.3 are right in more than 90 of 100.
    double near = 0;
    for (size_t y = 0; y < 64; y++)
        if (fabs((double)y / 64 - .3) <= 1.0 / 8)
            near += qhm_phase_estimation_probability(.3, 6, y);
    assert_true(near > 0.9);
    REQUIRE_NEAR(qhm_phase_estimation_robust_failure(8, 1), 1, 0);
    REQUIRE_NEAR(qhm_phase_estimation_robust_failure(8, 100), 32 * exp(-18.75), 1e-20);
}

static void parts_are_placed(void **state)
{
    qhm_circuit *circuit, *part;
    (void)state;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    REQUIRE_OK(qhm_circuit_create(2, 0, &part));
    REQUIRE_OK(qhm_circuit_append(part, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_append_at(circuit, part, 1));
    const qhm_instruction *cx = qhm_circuit_instruction(circuit, 0);
    assert_int_equal(cx->qubits[0], 1);
    assert_int_equal(cx->qubits[1], 2);
    REQUIRE_FAILS(qhm_append_at(circuit, part, 2), QHM_ERROR_INVALID_ARGUMENT, "qubit 1 goes to 3");
    qhm_circuit_destroy(part);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_circuit *circuit;
    QHM_TRY(qhm_phase_estimation_create(context, 3, true, &circuit));
    qhm_circuit_destroy(circuit);
    QHM_TRY(qhm_phase_estimation_create_iterative(context, 3, &circuit));
    qhm_circuit_destroy(circuit);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    qhm_phase_problem problem = create_phase(.3);
    (void)state;
    require_survives_failing_memory(attempt, &problem);
    destroy(&problem);
}

static void ill_posed_problems_are_refused(void **state)
{
    const qhm_phase_problem problem = create_phase(.3), mixture = create_mixture();
    const qhm_phase_problem crossed = {.preparation = mixture.preparation,
                                       .unitary = problem.unitary};
    const qhm_angle slot = qhm_angle_input(0, 1);
    qhm_circuit *circuit = NULL, *open;
    double phase;
    (void)state;
    REQUIRE_FAILS(qhm_phase_estimation_create(&problem, 0, true, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "bit_count is 0, not 1 to 16");
    REQUIRE_FAILS(qhm_phase_estimation_create_iterative(&problem, 17, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "bit_count is 17, not 1 to 16");
    REQUIRE_FAILS(qhm_phase_estimation_create_test(&problem, 16, false, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "generation is 16, not 0 to 15");
    REQUIRE_FAILS(qhm_phase_estimation_create(&crossed, 3, true, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "the preparation has 2 qubits, not 1");
    REQUIRE_FAILS(qhm_phase_estimation_create(&(qhm_phase_problem){0}, 3, true, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "NULL");
    REQUIRE_OK(qhm_circuit_create(1, 0, &open));
    REQUIRE_OK(qhm_circuit_append(open, QHM_GATE_P, (uint32_t[]){0}, &slot));
    REQUIRE_FAILS(
        qhm_phase_estimation_create(&(qhm_phase_problem){.unitary = open}, 3, true, &circuit),
        QHM_ERROR_INVALID_ARGUMENT, "the unitary has slots");
    REQUIRE_FAILS(qhm_phase_estimation_robust(1, (double[]){NAN}, (double[]){0}, &phase),
                  QHM_ERROR_INVALID_ARGUMENT, "generation 0 are not finite");
    assert_null(circuit);
    qhm_circuit_destroy(open);
    destroy(&problem);
    destroy(&mixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_distributions_come_out),
        cmocka_unit_test(a_clock_read_backwards_shows_another_phase),
        cmocka_unit_test(global_phases_and_negative_ones_are_seen),
        cmocka_unit_test(one_ancilla_gives_the_distribution_of_a_whole_clock),
        cmocka_unit_test(a_control_of_ones_own_takes_the_place_of_the_made_one),
        cmocka_unit_test(the_tests_give_cosine_and_sine_of_each_generation),
        cmocka_unit_test(robust_estimates_bear_errors_below_their_limit),
        cmocka_unit_test(clocks_are_as_long_as_known),
        cmocka_unit_test(parts_are_placed),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(ill_posed_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
