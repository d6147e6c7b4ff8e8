// Feature maps against published kernels and states.
#include "circuit/entanglement_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/ansatz.h>
#include <qhm/feature_map.h>

static qhm_circuit *create(qhm_feature_map map, size_t features,
                           const qhm_feature_map_options *options)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_feature_map_create(map, features, options, &circuit));
    return circuit;
}

static double kernel(const qhm_circuit *circuit, const double *x, const double *y)
{
    qhm_complex *a = reference_run(circuit, x, NULL), *b = reference_run(circuit, y, NULL);
    double fidelity = reference_fidelity(a, b, (size_t)1 << qhm_circuit_qubit_count(circuit));
    free(a);
    free(b);
    return fidelity;
}

// Four samples whose Z and ZZ kernels with two repetitions are known from Qiskit Machine Learning.
static void kernels_of_the_qiskit_samples_are_known(void **state)
{
    (void)state;
    static const double samples[4][2] = {{3.07876080, 1.75929189},
                                         {6.03185789, 5.27787566},
                                         {6.22035345, 2.70176968},
                                         {0.18849556, 2.82743339}};
    static const double expected[2][6] = {
        {0.78883982, 0.15984355, 0.06203766, 0.49363215, 0.32128356, 0.91953051},
        {0.81376617, 0.05102078, 0.06033439, 0.14750292, 0.09980414, 0.26196463}};
    for (int m = 0; m < 2; m++) {
        qhm_circuit *circuit = create(m == 0 ? QHM_FEATURE_MAP_Z : QHM_FEATURE_MAP_ZZ, 2, NULL);
        size_t at = 0;
        for (size_t i = 0; i < 4; i++)
            for (size_t j = i + 1; j < 4; j++)
                REQUIRE_NEAR(kernel(circuit, samples[i], samples[j]), expected[m][at++], 2e-8);
        qhm_circuit_destroy(circuit);
    }
}

static void zz_kernels_are_known(void **state)
{
    (void)state;
    static const struct {
        double x[2], y[2], once, twice;
    } cases[] = {
        {{0.1, 0.2}, {0.3, 0.4}, 0.150716478753, 0.103484104662},
        {{1, 2}, {2, 1}, 0.085221129118, 0.784072969343},
        {{0.5, -0.5}, {0.25, 0.75}, 0.086481864468, 0.696273500492},
        {{3, 0.5}, {1, 2}, 0.633790666095, 0.322642567044},
    };
    qhm_circuit *once = create(QHM_FEATURE_MAP_ZZ, 2, &(qhm_feature_map_options){.repetitions = 1});
    qhm_circuit *twice = create(QHM_FEATURE_MAP_ZZ, 2, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        REQUIRE_NEAR(kernel(once, cases[i].x, cases[i].y), cases[i].once, 1e-11);
        REQUIRE_NEAR(kernel(twice, cases[i].x, cases[i].y), cases[i].twice, 1e-11);
    }
    qhm_circuit_destroy(once);
    qhm_circuit_destroy(twice);
}

static void linear_entanglement_is_not_full(void **state)
{
    (void)state;
    double x[] = {0.1, 0.2, 0.3}, y[] = {0.4, 0.5, 0.6};
    qhm_circuit *full = create(QHM_FEATURE_MAP_ZZ, 3, NULL);
    qhm_circuit *linear = create(
        QHM_FEATURE_MAP_ZZ, 3, &(qhm_feature_map_options){.entanglement = QHM_ENTANGLEMENT_LINEAR});
    qhm_circuit *ring = create(QHM_FEATURE_MAP_ZZ, 3,
                               &(qhm_feature_map_options){.entanglement = QHM_ENTANGLEMENT_RING});
    REQUIRE_NEAR(kernel(full, x, y), 0.493544482116, 1e-11);
    REQUIRE_NEAR(kernel(linear, x, y), 0.094247238154, 1e-11);
    REQUIRE_NEAR(kernel(ring, x, y), 0.493544482116, 1e-11); // three qubits: all pairs
    qhm_circuit_destroy(full);
    qhm_circuit_destroy(linear);
    qhm_circuit_destroy(ring);
}

static void the_zz_state_is_known(void **state)
{
    (void)state;
    static const qhm_complex expected[4] = {{0.85078514, -0.16201679},
                                            {-0.01569755, -0.12474543},
                                            {-0.08402862, -0.16056403},
                                            {-0.19981816, 0.40166958}};
    qhm_circuit *circuit = create(QHM_FEATURE_MAP_ZZ, 2, NULL);
    qhm_complex *found = reference_run(circuit, (double[]){0.1, 0.2}, NULL);
    REQUIRE_NEAR(reference_distance(found, expected, 4), 0, 1e-8);
    free(found);
    qhm_circuit_destroy(circuit);
}

static void iqp_and_z_kernels_are_known(void **state)
{
    (void)state;
    double x[] = {0.1, 0.2}, y[] = {0.3, 0.4};
    qhm_circuit *iqp = create(QHM_FEATURE_MAP_IQP, 2, NULL);
    REQUIRE_NEAR(kernel(iqp, x, y), 0.891952164453, 1e-11);
    qhm_circuit *z = create(QHM_FEATURE_MAP_Z, 2, &(qhm_feature_map_options){.repetitions = 1});
    REQUIRE_NEAR(kernel(z, x, y), pow(cos(0.2), 4), 1e-14); // prod cos^2(x_i - y_i)
    qhm_circuit_destroy(iqp);
    qhm_circuit_destroy(z);
}

static void the_angle_kernel_is_a_product_of_cosines(void **state)
{
    (void)state;
    double x[] = {0.3, -1.2, 2.2}, y[] = {1, 0.4, -0.1}, expected = 1;
    for (int i = 0; i < 3; i++)
        expected *= pow(cos((x[i] - y[i]) / 2), 2);
    static const qhm_gate rotations[] = {0, QHM_GATE_RX, QHM_GATE_RY, QHM_GATE_RZ};
    for (int r = 0; r < 4; r++) {
        qhm_circuit *circuit =
            create(QHM_FEATURE_MAP_ANGLE, 3, &(qhm_feature_map_options){.rotation = rotations[r]});
        REQUIRE_NEAR(kernel(circuit, x, y), expected, 1e-14);
        qhm_circuit_destroy(circuit);
    }
}

static void basis_encoding_is_the_basis_state(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(QHM_FEATURE_MAP_BASIS, 3, NULL);
    qhm_complex *found = reference_run(circuit, (double[]){0, 1, 1}, NULL), expected[8] = {{0, 0}};
    expected[6].re = 1; // qubit 0 is the least significant bit
    REQUIRE_NEAR(reference_distance(found, expected, 8), 0, 1e-15);
    free(found);
    qhm_circuit_destroy(circuit);
}

static void scale_multiplies_the_features(void **state)
{
    (void)state;
    double x[] = {0.3, -1.2}, scaled[] = {0.3 * 0.7, -1.2 * 0.7};
    for (unsigned map = 0; map < QHM_FEATURE_MAP_COUNT; map++) {
        qhm_circuit *plain = create((qhm_feature_map)map, 2, NULL);
        qhm_circuit *with_scale =
            create((qhm_feature_map)map, 2, &(qhm_feature_map_options){.scale = 0.7});
        qhm_complex *a = reference_run(plain, scaled, NULL);
        qhm_complex *b = reference_run(with_scale, x, NULL);
        REQUIRE_NEAR(reference_distance(a, b, 4), 0, 1e-14);
        free(a);
        free(b);
        qhm_circuit_destroy(plain);
        qhm_circuit_destroy(with_scale);
    }
}

static void gates_are_as_many_as_documented(void **state)
{
    (void)state;
    qhm_circuit_counts counts;
    qhm_circuit *small = create(QHM_FEATURE_MAP_ZZ, 2, NULL);
    REQUIRE_OK(qhm_circuit_count(small, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 4);
    qhm_circuit *large = create(QHM_FEATURE_MAP_ZZ, 10, NULL);
    REQUIRE_OK(qhm_circuit_count(large, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 180);
    qhm_circuit *wide = create(QHM_FEATURE_MAP_ANGLE, 100000, NULL);
    REQUIRE_OK(qhm_circuit_count(wide, &counts));
    assert_int_equal(counts.depth, 1);
    assert_int_equal(counts.inputs, 100000);
    qhm_circuit_destroy(small);
    qhm_circuit_destroy(large);
    qhm_circuit_destroy(wide);
}

static void reuploading_interleaves_layers_with_weights_of_their_own(void **state)
{
    (void)state;
    qhm_circuit *layer,
        *once = create(QHM_FEATURE_MAP_ZZ, 2, &(qhm_feature_map_options){.repetitions = 1});
    REQUIRE_OK(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, 2, NULL, &layer));
    qhm_circuit *circuit =
        create(QHM_FEATURE_MAP_ZZ, 2, &(qhm_feature_map_options){.repetitions = 3, .layer = layer});
    assert_int_equal(qhm_circuit_weight_count(circuit), 12);
    assert_int_equal(qhm_circuit_input_count(circuit), 2);
    double x[2] = {0.4, 1.9}, weights[12];
    for (int i = 0; i < 12; i++)
        weights[i] = 0.3 * i - 1;
    qhm_complex *found = reference_circuit_matrix(circuit, x, weights);
    qhm_complex *encoding = reference_circuit_matrix(once, x, NULL);
    qhm_complex *expected = calloc(16, sizeof *expected);
    for (int i = 0; i < 4; i++)
        expected[5 * i].re = 1;
    for (int r = 0; r < 3; r++) {
        qhm_complex *trained = reference_circuit_matrix(layer, NULL, weights + 4 * r);
        qhm_complex *encoded = reference_multiply(encoding, expected, 4);
        free(expected);
        expected = reference_multiply(trained, encoded, 4);
        free(trained);
        free(encoded);
    }
    REQUIRE_NEAR(reference_distance(found, expected, 16), 0, 1e-14);
    free(found);
    free(encoding);
    free(expected);
    qhm_circuit_destroy(layer);
    qhm_circuit_destroy(once);
    qhm_circuit_destroy(circuit);
}

static void names_are_found(void **state)
{
    (void)state;
    for (unsigned i = 0; i < QHM_FEATURE_MAP_COUNT; i++) {
        qhm_feature_map map;
        REQUIRE_OK(qhm_feature_map_find(qhm_feature_map_name((qhm_feature_map)i), &map));
        assert_int_equal(map, i);
    }
    for (unsigned i = 0; i <= QHM_ENTANGLEMENT_NONE; i++) {
        qhm_entanglement entanglement;
        REQUIRE_OK(
            qhm_entanglement_find(qhm_entanglement_name((qhm_entanglement)i), &entanglement));
        assert_int_equal(entanglement, i);
    }
    qhm_feature_map map;
    REQUIRE_FAILS(qhm_feature_map_find("angel", &map), QHM_ERROR_NOT_FOUND, "\"angle\"");
    qhm_entanglement entanglement;
    REQUIRE_FAILS(qhm_entanglement_find("liner", &entanglement), QHM_ERROR_NOT_FOUND, "\"linear\"");
}

static void patterns_have_their_pairs(void **state)
{
    (void)state;
    static const size_t counts[5][5] = {// qubits 1 to 5
                                        {0, 0, 0, 0, 0},
                                        {0, 1, 2, 3, 4},
                                        {0, 1, 3, 4, 5},
                                        {0, 1, 3, 6, 10},
                                        {0, 0, 0, 0, 0}};
    for (unsigned kind = 0; kind < 5; kind++)
        for (size_t n = 1; n <= 5; n++) {
            qhm_qubit_pair *pairs;
            size_t count;
            REQUIRE_OK(qhm_entanglement_pairs((qhm_entanglement)kind, QHM_ENTANGLEMENT_NONE, n,
                                              &pairs, &count));
            assert_int_equal(count, counts[kind][n - 1]);
            for (size_t p = 0; p < count; p++) {
                assert_true(pairs[p].first < n && pairs[p].second < n);
                assert_true(pairs[p].first != pairs[p].second);
            }
            qhm_release(pairs);
        }
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL, *layer;
    REQUIRE_OK(qhm_circuit_create(3, 0, &layer));
    REQUIRE_FAILS(qhm_feature_map_create(QHM_FEATURE_MAP_ZZ, 0, NULL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 0");
    REQUIRE_FAILS(qhm_feature_map_create(QHM_FEATURE_MAP_COUNT, 1, NULL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "feature map is 5, not 0 to 4");
    REQUIRE_FAILS(qhm_feature_map_create(QHM_FEATURE_MAP_Z, 1,
                                         &(qhm_feature_map_options){.scale = NAN}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "not finite");
    REQUIRE_FAILS(qhm_feature_map_create(QHM_FEATURE_MAP_ANGLE, 1,
                                         &(qhm_feature_map_options){.rotation = QHM_GATE_CX},
                                         &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "not rx, ry or rz");
    REQUIRE_FAILS(qhm_feature_map_create(QHM_FEATURE_MAP_Z, 2,
                                         &(qhm_feature_map_options){.layer = layer}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "has 3 qubits, not 2");
    REQUIRE_FAILS(qhm_feature_map_create(
                      QHM_FEATURE_MAP_ZZ, 2,
                      &(qhm_feature_map_options){.entanglement = (qhm_entanglement)9}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "entanglement is 9, not 0 to 4");
    assert_null(circuit);
    qhm_circuit_destroy(layer);
}

static qhm_status create_one(void *context)
{
    qhm_circuit *circuit;
    qhm_status status = qhm_feature_map_create(
        QHM_FEATURE_MAP_ZZ, 3, &(qhm_feature_map_options){.layer = context}, &circuit);
    if (status == QHM_OK)
        qhm_circuit_destroy(circuit);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *layer;
    REQUIRE_OK(qhm_ansatz_create(QHM_ANSATZ_STRONGLY_ENTANGLING, 3, NULL, &layer));
    require_survives_failing_memory(create_one, layer);
    qhm_circuit_destroy(layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_of_the_qiskit_samples_are_known),
        cmocka_unit_test(zz_kernels_are_known),
        cmocka_unit_test(linear_entanglement_is_not_full),
        cmocka_unit_test(the_zz_state_is_known),
        cmocka_unit_test(iqp_and_z_kernels_are_known),
        cmocka_unit_test(the_angle_kernel_is_a_product_of_cosines),
        cmocka_unit_test(basis_encoding_is_the_basis_state),
        cmocka_unit_test(scale_multiplies_the_features),
        cmocka_unit_test(gates_are_as_many_as_documented),
        cmocka_unit_test(reuploading_interleaves_layers_with_weights_of_their_own),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(patterns_have_their_pairs),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
