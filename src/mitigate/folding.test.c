// Folding: what a folded circuit does, how long it gets, what stays where it is.
#include "mitigate/folding.h"
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/mitigation.h>

static size_t count_gates(const qhm_circuit *circuit, bool on_two)
{
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    return counts.two_qubit_gates + counts.larger_gates + (on_two ? 0 : counts.one_qubit_gates);
}

static void require_same_meaning(const qhm_circuit *a, const qhm_circuit *b, const double *x,
                                 const double *w)
{
    const size_t dimension = (size_t)1 << qhm_circuit_qubit_count(a);
    qhm_complex *left = reference_circuit_matrix(a, x, w),
                *right = reference_circuit_matrix(b, x, w);
    REQUIRE_NEAR(reference_distance(left, right, dimension * dimension), 0, 1e-11);
    free(left);
    free(right);
}

// Random circuits with slots: the same unitary for any scale and way of folding.
static void folded_circuits_do_the_same(void **state)
{
    (void)state;
    const double scales[] = {1, 1.4, 2, 3, 3.7, 5};
    for (uint64_t seed = 0; seed < 6; seed++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, seed, 1, 0);
        qhm_circuit *circuit = reference_random_circuit(&random, 3, 12, 2, 3), *folded;
        double *x = reference_random_angles(&random, 2), *w = reference_random_angles(&random, 3);
        for (int way = 0; way < 8; way++)
            for (int s = 0; s < 6; s++) {
                const qhm_fold_options options = {.folding = way < 6 ? QHM_FOLDING_LOCAL
                                                                     : QHM_FOLDING_GLOBAL,
                                                  .two_qubit_only = way % 2 == 1 && way < 6,
                                                  .order = (qhm_folding_order)(way / 2 % 3),
                                                  .seed = seed};
                double reached;
                const qhm_status status =
                    qhm_circuit_fold(circuit, &options, scales[s], &folded, &reached);
                if (options.two_qubit_only && count_gates(circuit, true) == 0) {
                    assert_int_equal(status, QHM_ERROR_UNSUPPORTED);
                    continue;
                }
                REQUIRE_OK(status);
                require_same_meaning(circuit, folded, x, w);
                assert_int_equal(qhm_circuit_input_count(folded), qhm_circuit_input_count(circuit));
                if (options.folding == QHM_FOLDING_GLOBAL || options.two_qubit_only) {
                    const bool two = options.two_qubit_only;
                    REQUIRE_NEAR((double)count_gates(folded, two) /
                                     (double)count_gates(circuit, two),
                                 reached, 1e-12);
                }
                qhm_circuit_destroy(folded);
            }
        free(x);
        free(w);
        qhm_circuit_destroy(circuit);
    }
}

static qhm_circuit *example(void)
{
    qhm_circuit *circuit;
    const qhm_angle input = qhm_angle_input(0, 1), weight = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &input));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_S, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &weight));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    return circuit;
}

static void require_gates(const qhm_circuit *circuit, const char *expected)
{
    char text[512] = "";
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s%u", i > 0 ? " " : "",
                 instruction->gate == QHM_GATE_BARRIER
                     ? "|"
                     : qhm_gate_information(instruction->gate)->name,
                 instruction->qubits[0]);
    }
    assert_string_equal(text, expected);
}

// Two turns on one qubit are one gate; the inverse has them in the other order; nothing moves.
static void folding_keeps_the_order_of_gates(void **state)
{
    (void)state;
    qhm_circuit *circuit = example(), *folded;
    double reached;
    REQUIRE_OK(qhm_circuit_fold(circuit, NULL, 3, &folded, &reached));
    REQUIRE_NEAR(reached, 3, 0);
    require_gates(folded, "ry0 s1 |1 sdg1 |1 s1 rx0 |0 rx0 ry0 |0 ry0 rx0 cx0 |0 cx0 |0 cx0 "
                          "measure0 measure1");
    // The folded run's inverse undoes RX first.
    const qhm_instruction *inverse = qhm_circuit_instruction(folded, 8);
    REQUIRE_NEAR(inverse->angles[0].scale, -1, 0);
    assert_int_equal(inverse->angles[0].factors[0].slot, QHM_SLOT_WEIGHT);
    qhm_circuit_destroy(folded);
    REQUIRE_OK(qhm_circuit_fold(circuit, &(qhm_fold_options){.folding = QHM_FOLDING_GLOBAL}, 1.5,
                                &folded, &reached));
    REQUIRE_NEAR(reached, 1.5, 0);
    require_gates(folded, "ry0 s1 rx0 cx0 |0 cx0 |0 cx0 measure0 measure1");
    qhm_circuit_destroy(folded);
    REQUIRE_OK(qhm_circuit_fold(circuit, &(qhm_fold_options){.folding = QHM_FOLDING_GLOBAL}, 3,
                                &folded, NULL));
    require_gates(folded, "ry0 s1 rx0 cx0 |0 cx0 rx0 sdg1 ry0 |0 ry0 s1 rx0 cx0 measure0 measure1");
    qhm_circuit_destroy(folded);
    REQUIRE_OK(qhm_circuit_fold(circuit, &(qhm_fold_options){.two_qubit_only = true}, 2, &folded,
                                &reached));
    REQUIRE_NEAR(reached, 3, 0); // one gate: the least more than nothing
    require_gates(folded, "ry0 s1 rx0 cx0 |0 cx0 |0 cx0 measure0 measure1");
    qhm_circuit_destroy(folded);
    REQUIRE_OK(qhm_circuit_fold(circuit, &(qhm_fold_options){.order = QHM_FOLDING_FRONT}, 1.6,
                                &folded, &reached));
    REQUIRE_NEAR(reached, 1 + 2. / 3, 1e-15); // of three gates: RY RX, S, CX
    require_gates(folded, "ry0 s1 rx0 |0 rx0 ry0 |0 ry0 rx0 cx0 measure0 measure1");
    qhm_circuit_destroy(folded);
    REQUIRE_OK(qhm_circuit_fold(circuit, &(qhm_fold_options){.order = QHM_FOLDING_BACK}, 1.6,
                                &folded, NULL));
    require_gates(folded, "ry0 s1 rx0 cx0 |0 cx0 |0 cx0 measure0 measure1");
    qhm_circuit_destroy(folded);
    qhm_circuit_destroy(circuit);
}

// Gates under conditions, between measurements and in loops fold where they are.
static void local_folding_takes_programs(void **state)
{
    (void)state;
    qhm_circuit *circuit, *folded;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    const qhm_instruction conditional = {
        .gate = QHM_GATE_S, .qubits = (uint32_t[]){1}, .condition = qhm_condition_bit(0, true)};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &conditional));
    REQUIRE_OK(qhm_circuit_fold(circuit, NULL, 3, &folded, NULL));
    require_gates(folded, "h0 |0 h0 |0 h0 measure0 s1 |1 sdg1 |1 s1");
    for (size_t i = 6; i < 11; i += 2)
        assert_int_equal(qhm_circuit_instruction(folded, i)->condition.relation,
                         QHM_RELATION_EQUAL);
    qhm_circuit_destroy(folded);
    REQUIRE_FAILS(qhm_circuit_fold(circuit, &(qhm_fold_options){.folding = QHM_FOLDING_GLOBAL}, 3,
                                   &folded, NULL),
                  QHM_ERROR_UNSUPPORTED, "s with a condition, cannot be folded with the whole");
    qhm_circuit_destroy(circuit);
}

static void layers_fold_by_themselves(void **state)
{
    (void)state;
    qhm_circuit *circuit = layered_circuit(2, 2, 5), *folded;
    REQUIRE_OK(qhm_circuit_fold_layers(circuit, 3, (size_t[]){0, 2, 1}, &folded));
    require_same_meaning(circuit, folded, NULL, NULL);
    // 10 gates in parts of 4, 3 and 3.
    assert_int_equal(count_gates(folded, false), 4 + 3 * 5 + 3 * 3);
    qhm_circuit_destroy(folded);
    qhm_circuit_destroy(circuit);
}

static void what_cannot_be_folded_is_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit, *folded;
    const qhm_fold_options global = {.folding = QHM_FOLDING_GLOBAL};
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_FAILS(qhm_circuit_fold(circuit, NULL, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "no gate to fold");
    REQUIRE_FAILS(qhm_circuit_fold(circuit, &global, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "no gate to fold");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_FAILS(
        qhm_circuit_fold(circuit, &(qhm_fold_options){.two_qubit_only = true}, 3, &folded, NULL),
        QHM_ERROR_UNSUPPORTED, "no gate on two qubits to fold");
    REQUIRE_FAILS(qhm_circuit_fold(circuit, NULL, 0.5, &folded, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "scale is 0.5");
    REQUIRE_FAILS(qhm_circuit_fold(circuit, NULL, NAN, &folded, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "scale is nan");
    REQUIRE_FAILS(qhm_circuit_fold(circuit, NULL, 1e4, &folded, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "scale is 10000");
    REQUIRE_FAILS(qhm_circuit_fold(NULL, NULL, 3, &folded, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    REQUIRE_FAILS(
        qhm_circuit_fold(circuit, &(qhm_fold_options){.folding = (qhm_folding)5}, 3, &folded, NULL),
        QHM_ERROR_INVALID_ARGUMENT, "folding is 5");
    REQUIRE_FAILS(qhm_circuit_fold(circuit, &(qhm_fold_options){.order = (qhm_folding_order)5}, 3,
                                   &folded, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "order is 5");
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_FAILS(qhm_circuit_fold(circuit, &global, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "x, is on qubit 0 after its measurement");
    qhm_circuit *noisy;
    const double p[2] = {0.01, 0.01};
    REQUIRE_OK(density_depolarize(p, circuit, &noisy));
    REQUIRE_FAILS(qhm_circuit_fold(noisy, NULL, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "is a channel");
    REQUIRE_FAILS(qhm_circuit_fold(noisy, &global, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "is a channel");
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    REQUIRE_FAILS(qhm_circuit_fold(circuit, &global, 3, &folded, NULL), QHM_ERROR_UNSUPPORTED,
                  "reset, cannot be folded with the whole circuit");
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_circuit *folded;
    qhm_status status = qhm_circuit_fold(context, NULL, 2, &folded, NULL);
    if (status != QHM_OK)
        return status;
    qhm_circuit_destroy(folded);
    status = qhm_circuit_fold(context, &(qhm_fold_options){.folding = QHM_FOLDING_GLOBAL}, 2.5,
                              &folded, NULL);
    if (status == QHM_OK)
        qhm_circuit_destroy(folded);
    return status;
}

static void folding_survives_failing_memory(void **state)
{
    (void)state;
    qhm_circuit *circuit = example();
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folded_circuits_do_the_same),
        cmocka_unit_test(folding_keeps_the_order_of_gates),
        cmocka_unit_test(local_folding_takes_programs),
        cmocka_unit_test(layers_fold_by_themselves),
        cmocka_unit_test(what_cannot_be_folded_is_refused),
        cmocka_unit_test(folding_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
