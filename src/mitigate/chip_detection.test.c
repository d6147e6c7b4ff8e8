#include "mitigate/chip_detection.h"

#include "support/checks.h"
#include "support/chip_subject.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/ansatz.h>
#include <qhm/chip_plan.h>
#include <qhm/unary_loader.h>

enum { N = 4, INPUTS = N - 1, WEIGHTS = N - 1, BATCH = 2 };

static const double inputs[BATCH * INPUTS] = {0.4, 1.1, -0.7, 2.0, 0.3, 0.9};
static const double weights[WEIGHTS] = {0.5, -0.8, 1.2};

static qhm_circuit *create_circuit(bool keeps_ones)
{
    qhm_circuit *circuit, *layer;
    REQUIRE_OK(qhm_unary_loader_create(N, &circuit));
    REQUIRE_OK(qhm_ansatz_create(keeps_ones ? QHM_ANSATZ_GIVENS : QHM_ANSATZ_HARDWARE_EFFICIENT, N,
                                 NULL, &layer));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, layer, NULL, NULL, 0, 0));
    qhm_circuit_destroy(layer);
    return circuit;
}

static int setup(void **state)
{
    static fixture f;
    f.circuit = create_circuit(true);
    REQUIRE_OK(qhm_observable_parse("Z0", &f.observables[0]));
    REQUIRE_OK(qhm_observable_parse("Z1 Z3 - 0.5 Z2 + 0.25", &f.observables[1]));
    REQUIRE_OK(qhm_device_load("willow", NULL, &f.device));
    *state = &f;
    return 0;
}

static qhm_request request_for(double *values, size_t shots)
{
    return (qhm_request){.batch_count = BATCH,
                         .inputs = inputs,
                         .weights = weights,
                         .shots = shots,
                         .seed = 5,
                         .expectations = values};
}

// A plan of joint observables whose every qubit is read wrong with a probability.
typedef struct bench {
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_detection detection;
} bench;

static bench create_bench(const fixture *f, size_t ones, double flip)
{
    bench b = {.detection = {.observable_count = 2, .ones = ones}};
    qhm_observable *joint[3];
    double flips[N][2];
    for (int q = 0; q < N; q++)
        flips[q][0] = flips[q][1] = flip;
    REQUIRE_OK(qhm_detection_observables(list(f), 2, N, ones, joint));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &b.backend));
    REQUIRE_OK(qhm_plan_create(b.backend, f->circuit, (const qhm_observable *const *)joint, 3,
                               &(qhm_plan_options){.readout_flips = (const double(*)[2])flips},
                               &b.plan));
    for (int k = 0; k < 3; k++)
        qhm_observable_destroy(joint[k]);
    return b;
}

static void destroy_bench(bench *b)
{
    qhm_plan_destroy(b->plan);
    qhm_backend_destroy(b->backend);
    qhm_detection_release(&b->detection);
}

static void find_ideal(const fixture *f, double *values)
{
    qhm_chip_plan *plan;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, NULL, NULL, &plan));
    const qhm_request request = request_for(values, 0);
    REQUIRE_OK(qhm_chip_plan_run(plan, &request));
    qhm_chip_plan_destroy(plan);
}

static void the_number_of_ones_is_found(void **state)
{
    const fixture *f = *state;
    size_t ones = 99;
    REQUIRE_OK(qhm_detection_find_ones(f->circuit, &ones));
    assert_int_equal(ones, 1);
    REQUIRE_OK(qhm_circuit_append(f->circuit, QHM_GATE_X, (uint32_t[]){2}, NULL)); // 0 or 2 ones
    REQUIRE_FAILS(qhm_detection_find_ones(f->circuit, &ones), QHM_ERROR_UNSUPPORTED,
                  "needs a circuit that keeps its number of ones");
    REQUIRE_OK(qhm_circuit_append(f->circuit, QHM_GATE_X, (uint32_t[]){2}, NULL));
    qhm_circuit *other = create_circuit(false);
    REQUIRE_FAILS(qhm_detection_find_ones(other, &ones), QHM_ERROR_UNSUPPORTED,
                  "needs a circuit that keeps its number of ones");
    qhm_circuit_destroy(other);
    assert_int_equal(ones, 1);
}

static void without_noise_nothing_is_discarded(void **state)
{
    const fixture *f = *state;
    double expected[4], values[4];
    find_ideal(f, expected);
    for (size_t shots = 0; shots <= 300; shots += 300) {
        bench b = create_bench(f, 1, 0);
        const qhm_request request = request_for(values, shots);
        REQUIRE_OK(qhm_detection_run(&b.detection, b.plan, &request));
        REQUIRE_NEAR(qhm_detection_kept_share(&b.detection), 1, 1e-12);
        for (int i = 0; i < 4; i++)
            REQUIRE_NEAR(values[i], expected[i], shots ? 0.3 : 1e-12);
        destroy_bench(&b);
    }
}

static void a_wrong_number_of_ones_keeps_nothing(void **state)
{
    const fixture *f = *state;
    double values[4];
    bench b = create_bench(f, 2, 0);
    qhm_request request = request_for(values, 0);
    REQUIRE_FAILS(qhm_detection_run(&b.detection, b.plan, &request), QHM_ERROR_NUMERIC,
                  "detection keeps no run of sample 0: none has 2 ones");
    request = request_for(values, 100);
    REQUIRE_OK(qhm_detection_run(&b.detection, b.plan, &request));
    REQUIRE_NEAR(qhm_detection_kept_share(&b.detection), 0, 0);
    for (int i = 0; i < 4; i++)
        REQUIRE_NEAR(values[i], 0, 0);
    destroy_bench(&b);
}

// Each of n bits flips with p. A string of one 1 stays in (1-p)^n, moves its 1 to a given other
// qubit in p^2 (1-p)^(n-2): two flips are not seen, all else is.
static void flips_are_detected_in_closed_form(void **state)
{
    const fixture *f = *state;
    const double p = 0.07, stay = pow(1 - p, N), move = p * p * pow(1 - p, N - 2);
    const double kept = stay + (N - 1) * move;
    double ideal[4], values[4];
    find_ideal(f, ideal);
    bench b = create_bench(f, 1, p);
    qhm_request request = request_for(values, 0);
    REQUIRE_OK(qhm_detection_run(&b.detection, b.plan, &request));
    REQUIRE_NEAR(qhm_detection_kept_share(&b.detection), kept, 1e-12);
    for (int s = 0; s < BATCH; s++) {
        const double one = (1 - ideal[2 * s]) / 2; // the probability that qubit 0 has the 1
        const double read = (one * stay + (1 - one) * move) / kept;
        REQUIRE_NEAR(values[2 * s], 1 - 2 * read, 1e-12);
        assert_true(fabs(values[2 * s] - ideal[2 * s]) > 1e-3); // what is not detected
    }
    // The same from shots: within five standard errors.
    double sampled[4];
    request = request_for(sampled, 20000);
    b.detection.runs = b.detection.kept = 0;
    REQUIRE_OK(qhm_detection_run(&b.detection, b.plan, &request));
    REQUIRE_NEAR(qhm_detection_kept_share(&b.detection), kept,
                 5 * sqrt(kept * (1 - kept) / (BATCH * 20000)));
    for (int i = 0; i < 4; i++)
        REQUIRE_NEAR(sampled[i], values[i], 5 * 1.5 / sqrt(20000 * kept));
    destroy_bench(&b);
}

// Of k kept shots j had a 1 at qubit 0: both are whole numbers only if they are of the same shots.
static void values_are_those_of_the_kept_shots(void **state)
{
    const fixture *f = *state;
    enum { SHOTS = 200 };
    double values[4];
    bench b = create_bench(f, 1, 0.2);
    qhm_request request = request_for(values, SHOTS);
    request.batch_count = 1;
    REQUIRE_OK(qhm_detection_run(&b.detection, b.plan, &request));
    const double kept = b.detection.kept, ones = kept * (1 - values[0]) / 2;
    REQUIRE_NEAR(kept, round(kept), 1e-9);
    assert_true(kept > 0.3 * SHOTS && kept < 0.8 * SHOTS);
    REQUIRE_NEAR(ones, round(ones), 1e-9);
    assert_true(ones > 0 && ones < kept);
    destroy_bench(&b);
}

static double loss_at(const fixture *f, qhm_chip_plan *plan, const double *x, const double *w)
{
    static const double cotangents[4] = {0.7, -1.3, 0.4, 0.9};
    double values[4], loss = 0;
    (void)f;
    qhm_request request = request_for(values, 0);
    request.inputs = x;
    request.weights = w;
    REQUIRE_OK(qhm_chip_plan_run(plan, &request));
    for (int i = 0; i < 4; i++)
        loss += cotangents[i] * values[i];
    return loss;
}

static void gradients_are_those_of_the_kept_runs(void **state)
{
    const fixture *f = *state;
    static const double cotangents[4] = {0.7, -1.3, 0.4, 0.9};
    const double h = 1e-5;
    qhm_chip_plan *plan;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                                    &(qhm_chip_plan_options){.mitigation = "detection"}, &plan));
    double of_inputs[BATCH * INPUTS], of_weights[WEIGHTS], x[BATCH * INPUTS], w[WEIGHTS];
    qhm_request request = request_for(NULL, 0);
    request.cotangents = cotangents;
    request.input_gradients = of_inputs;
    request.weight_gradients = of_weights;
    REQUIRE_OK(qhm_chip_plan_run(plan, &request));
    for (int i = 0; i < BATCH * INPUTS + WEIGHTS; i++) {
        double sides[2];
        for (int side = 0; side < 2; side++) {
            memcpy(x, inputs, sizeof x);
            memcpy(w, weights, sizeof w);
            *(i < BATCH * INPUTS ? &x[i] : &w[i - BATCH * INPUTS]) += side ? -h : h;
            sides[side] = loss_at(f, plan, x, w);
        }
        REQUIRE_NEAR(i < BATCH * INPUTS ? of_inputs[i] : of_weights[i - BATCH * INPUTS],
                     (sides[0] - sides[1]) / (2 * h), 1e-7);
    }
    qhm_chip_plan_destroy(plan);
}

// On a chip: detection is nearer to the truth, is charged, and goes with extrapolation.
static void detection_helps_on_a_chip_and_is_charged(void **state)
{
    const fixture *f = *state;
    static const char *const names[] = {NULL, "detection", "zne,detection"};
    double ideal[4], values[3][4], shares[3];
    find_ideal(f, ideal);
    for (int i = 0; i < 3; i++) {
        qhm_chip_plan *plan;
        qhm_ledger ledger;
        const qhm_chip_plan_options options = {.mitigation = names[i]};
        REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device, &options, &plan));
        const qhm_request request = request_for(values[i], 0);
        REQUIRE_OK(qhm_chip_plan_run(plan, &request));
        shares[i] = qhm_chip_plan_information(plan)->kept_share;
        assert_int_equal(qhm_chip_plan_information(plan)->observable_count, 2);
        REQUIRE_OK(qhm_chip_plan_ledger(plan, &ledger));
        assert_int_equal(ledger.discarded_shots, 0); // exact values have no shots
        qhm_chip_plan_destroy(plan);
    }
    REQUIRE_NEAR(shares[0], 1, 0);
    assert_true(shares[1] < 0.98 && shares[1] > 0.8);
    assert_true(shares[2] < shares[1]); // longer circuits lose more
    double errors[3] = {0};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++)
            errors[i] += fabs(values[i][k] - ideal[k]);
    assert_true(errors[1] < errors[0] / 2);
    assert_true(errors[2] < errors[1]);
}

static void discarded_shots_are_in_the_ledger(void **state)
{
    const fixture *f = *state;
    double values[4];
    qhm_chip_plan *plan;
    qhm_ledger ledger;
    const qhm_chip_plan_options options = {.mitigation = "detection", .shots = 500};
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device, &options, &plan));
    const qhm_request request = request_for(values, 0);
    REQUIRE_OK(qhm_chip_plan_run(plan, &request));
    REQUIRE_OK(qhm_chip_plan_ledger(plan, &ledger));
    assert_int_equal(ledger.shots, BATCH * 500); // all observables and the check in one setting
    const double kept = qhm_chip_plan_information(plan)->kept_share * BATCH * 500;
    REQUIRE_NEAR(kept, round(kept), 1e-6);
    assert_int_equal(ledger.discarded_shots, BATCH * 500 - (uint64_t)round(kept));
    assert_true(ledger.discarded_shots > 0);
    qhm_chip_plan_destroy(plan);
}

static void what_cannot_be_checked_is_refused(void **state)
{
    const fixture *f = *state;
    qhm_chip_plan *plan = NULL;
    const qhm_chip_plan_options options = {.mitigation = "detection"};
    qhm_circuit *other = create_circuit(false);
    REQUIRE_FAILS(qhm_chip_plan_create(other, list(f), 2, f->device, &options, &plan),
                  QHM_ERROR_UNSUPPORTED, "keeps its number of ones");
    qhm_circuit_destroy(other);
    qhm_observable *x;
    REQUIRE_OK(qhm_observable_parse("Z0 + X2", &x));
    REQUIRE_FAILS(qhm_chip_plan_create(f->circuit, (const qhm_observable *const *)&x, 1, f->device,
                                       &options, &plan),
                  QHM_ERROR_UNSUPPORTED, "observable 0 reads X of qubit 2");
    qhm_observable_destroy(x);
    qhm_observable *joint[3];
    REQUIRE_FAILS(qhm_detection_observables(list(f), 2, 11, 1, joint), QHM_ERROR_UNSUPPORTED,
                  "detection takes up to 10 qubits, not 11");
    REQUIRE_FAILS(qhm_chip_plan_check_mitigation("readout,detection"), QHM_ERROR_INVALID_ARGUMENT,
                  "readout and detection in one mitigation");
    REQUIRE_OK(qhm_chip_plan_check_mitigation("zne_linear,detection"));
    assert_null(plan);
}

static qhm_status create_and_run(void *context)
{
    const fixture *f = context;
    qhm_chip_plan *plan = NULL;
    double values[4];
    const qhm_chip_plan_options options = {.mitigation = "detection"};
    qhm_status status = qhm_chip_plan_create(f->circuit, list(f), 2, f->device, &options, &plan);
    const qhm_request request = request_for(values, 0);
    if (status == QHM_OK)
        status = qhm_chip_plan_run(plan, &request);
    qhm_chip_plan_destroy(plan);
    return status;
}

static void the_projector_survives_failing_memory(void **state)
{
    require_survives_failing_memory(create_and_run, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_ones_is_found),
        cmocka_unit_test(without_noise_nothing_is_discarded),
        cmocka_unit_test(a_wrong_number_of_ones_keeps_nothing),
        cmocka_unit_test(flips_are_detected_in_closed_form),
        cmocka_unit_test(values_are_those_of_the_kept_shots),
        cmocka_unit_test(gradients_are_those_of_the_kept_runs),
        cmocka_unit_test(detection_helps_on_a_chip_and_is_charged),
        cmocka_unit_test(discarded_shots_are_in_the_ledger),
        cmocka_unit_test(what_cannot_be_checked_is_refused),
        cmocka_unit_test(the_projector_survives_failing_memory),
    };
    return cmocka_run_group_tests_name("mitigate/chip_detection", tests, setup, teardown);
}
