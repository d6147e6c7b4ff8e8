// Support vector machines and canonical correlation by known answers.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "data/sources.h"

#include <qhm/canonical_correlation.h>
#include <qhm/random.h>
#include <qhm/svm.h>

// The samples and values that Qiskit Machine Learning's own tests use.
static void the_zz_kernel_classifies_its_published_samples(void **state)
{
    (void)state;
    static const double train[4][2] = {{3.07876080, 1.75929189},
                                       {6.03185789, 5.27787566},
                                       {6.22035345, 2.70176968},
                                       {0.18849556, 2.82743339}};
    static const double test[2][2] = {{2.199114860, 5.15221195}, {0.50265482, 0.06283185}};
    static const double known[6] = {0.81376617, 0.05102078, 0.06033439,
                                    0.14750292, 0.09980414, 0.26196463};
    qhm_complex states[6][4];
    for (size_t i = 0; i < 6; i++)
        qhm_zz_feature_state(i < 4 ? train[i] : test[i - 4], 2, states[i]);
    double kernel[16], test_kernel[8];
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 4; j++) {
            double re = 0, im = 0;
            for (size_t b = 0; b < 4; b++) {
                re += states[i][b].re * states[j][b].re + states[i][b].im * states[j][b].im;
                im += states[i][b].re * states[j][b].im - states[i][b].im * states[j][b].re;
            }
            double value = re * re + im * im;
            if (i < 4)
                kernel[i * 4 + j] = value;
            else
                test_kernel[(i - 4) * 4 + j] = value;
        }
    for (size_t i = 0, k = 0; i < 4; i++)
        for (size_t j = i + 1; j < 4; j++, k++)
            REQUIRE_NEAR(kernel[i * 4 + j], known[k], 1e-7);
    qhm_svm *svm;
    size_t labels[] = {0, 0, 1, 1}, out[2];
    REQUIRE_OK(
        qhm_svm_fit(kernel, labels, 4, 4, &(qhm_svm_options){.kernel = QHM_SVM_PRECOMPUTED}, &svm));
    REQUIRE_OK(qhm_svm_forward(svm, test_kernel, 2, 4, out));
    assert_int_equal((out[0] == 0) + (out[1] == 1), 1); // the published score is 0.5
    qhm_svm_destroy(svm);
}

enum { POINTS = 90 };

// Three rings: no line tells them apart.
static void make_rings(double *rows, size_t *labels)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < POINTS; i++) {
        double angle = 2 * M_PI * qhm_random_uniform(&random), radius = 1 + (double)(i % 3);
        rows[2 * i] = radius * cos(angle);
        rows[2 * i + 1] = radius * sin(angle);
        labels[i] = 10 + i % 3;
    }
}

static size_t count_right(const qhm_svm_options *options, const double *rows, size_t width,
                          const size_t *labels)
{
    qhm_svm *svm;
    size_t out[POINTS], right = 0;
    REQUIRE_OK(qhm_svm_fit(rows, labels, POINTS, width, options, &svm));
    REQUIRE_OK(qhm_svm_forward(svm, rows, POINTS, width, out));
    for (size_t i = 0; i < POINTS; i++)
        right += out[i] == labels[i];
    assert_true(qhm_svm_support_count(svm) > 0);
    qhm_svm_destroy(svm);
    return right;
}

static void rings_need_a_curved_kernel(void **state)
{
    (void)state;
    double rows[2 * POINTS], kernel[POINTS * POINTS];
    size_t labels[POINTS];
    make_rings(rows, labels);
    assert_int_equal(count_right(&(qhm_svm_options){.cost = 100, .gamma = 1}, rows, 2, labels),
                     POINTS);
    assert_true(count_right(&(qhm_svm_options){.kernel = QHM_SVM_LINEAR}, rows, 2, labels) <
                2 * POINTS / 3);
    // The same kernel given as a matrix gives the same answers.
    for (size_t i = 0; i < POINTS; i++)
        for (size_t j = 0; j < POINTS; j++)
            kernel[i * POINTS + j] =
                exp(-pow(rows[2 * i] - rows[2 * j], 2) - pow(rows[2 * i + 1] - rows[2 * j + 1], 2));
    assert_int_equal(count_right(&(qhm_svm_options){.kernel = QHM_SVM_PRECOMPUTED, .cost = 100},
                                 kernel, POINTS, labels),
                     POINTS);
}

static void machines_refuse_what_they_cannot_learn(void **state)
{
    (void)state;
    qhm_svm *svm;
    double rows[] = {1, 2, 3, 4};
    size_t labels[] = {0, 1}, same[] = {3, 3}, out[1];
    REQUIRE_FAILS(qhm_svm_fit(rows, same, 2, 2, NULL, &svm), QHM_ERROR_INVALID_ARGUMENT,
                  "all 2 labels are class 3");
    REQUIRE_FAILS(
        qhm_svm_fit(rows, labels, 2, 1, &(qhm_svm_options){.kernel = QHM_SVM_PRECOMPUTED}, &svm),
        QHM_ERROR_INVALID_ARGUMENT, "2 rows has 1 columns");
    REQUIRE_FAILS(qhm_svm_fit(rows, labels, 2, 2, &(qhm_svm_options){.cost = -1}, &svm),
                  QHM_ERROR_INVALID_ARGUMENT, "cost is -1");
    REQUIRE_FAILS(qhm_svm_fit(rows, labels, 1, 2, NULL, &svm), QHM_ERROR_INVALID_ARGUMENT,
                  "1 rows");
    REQUIRE_OK(qhm_svm_fit(rows, labels, 2, 2, NULL, &svm));
    REQUIRE_FAILS(qhm_svm_forward(svm, rows, 1, 3, out), QHM_ERROR_INVALID_ARGUMENT,
                  "3 numbers, not the 2");
    rows[3] = NAN;
    REQUIRE_FAILS(qhm_svm_forward(svm, rows, 2, 2, out), QHM_ERROR_NUMERIC, "row 1, column 1");
    qhm_svm_destroy(svm);
    REQUIRE_FAILS(qhm_svm_fit(rows, labels, 2, 2, NULL, &svm), QHM_ERROR_NUMERIC,
                  "row 1, column 1");
}

// x = (u, noise), y = (noise, v) with a known correlation of u and v.
static void canonical_correlation_finds_what_two_views_share(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double x[2 * N], y[3 * N], a[N * 2], b[N * 2];
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < N; i++) {
        double u = qhm_random_normal(&random);
        x[2 * i] = 5 + qhm_random_normal(&random);
        x[2 * i + 1] = 10 * u;
        y[3 * i] = qhm_random_normal(&random);
        y[3 * i + 1] = 0.8 * u + 0.6 * qhm_random_normal(&random);
        y[3 * i + 2] = qhm_random_normal(&random) - 1;
    }
    qhm_cca *cca;
    REQUIRE_OK(qhm_cca_fit(x, 2, y, 3, N, &(qhm_cca_options){.ridge = 1e-9}, &cca));
    assert_int_equal(qhm_cca_components(cca), 2);
    const double *correlations = qhm_cca_correlations(cca);
    REQUIRE_NEAR(correlations[0], 0.8, 5 * 0.36 / sqrt(N)); // sd (1 - r^2) / sqrt n
    assert_true(correlations[1] < 0.1);
    qhm_cca_forward_first(cca, x, N, a);
    qhm_cca_forward_second(cca, y, N, b);
    // The images correlate by exactly these figures, and not across components.
    for (size_t c = 0; c < 2; c++)
        for (size_t e = 0; e < 2; e++) {
            double ab = 0, aa = 0, bb = 0;
            for (size_t i = 0; i < N; i++) {
                ab += a[2 * i + c] * b[2 * i + e];
                aa += a[2 * i + c] * a[2 * i + c];
                bb += b[2 * i + e] * b[2 * i + e];
            }
            REQUIRE_NEAR(ab / sqrt(aa * bb), c == e ? correlations[c] : 0, 1e-6);
        }
    qhm_cca_destroy(cca);
    REQUIRE_FAILS(qhm_cca_fit(x, 2, y, 3, N, &(qhm_cca_options){.components = 3}, &cca),
                  QHM_ERROR_INVALID_ARGUMENT, "components is 3, not 1 to 2");
    double flat[4] = {1, 1, 1, 1};
    REQUIRE_FAILS(qhm_cca_fit(flat, 2, flat, 2, 2, NULL, &cca), QHM_ERROR_NUMERIC, "variance");
    x[7] = NAN;
    REQUIRE_FAILS(qhm_cca_fit(x, 2, y, 3, N, NULL, &cca), QHM_ERROR_NUMERIC, "variance");
}

static qhm_status learn_all(void *context)
{
    (void)context;
    double rows[] = {0, 1, 1, 0, 2, 5};
    size_t labels[] = {0, 1, 1}, out[3];
    qhm_svm *svm;
    QHM_TRY(qhm_svm_fit(rows, labels, 3, 2, NULL, &svm));
    qhm_status status = qhm_svm_forward(svm, rows, 3, 2, out);
    qhm_svm_destroy(svm);
    QHM_TRY(status);
    qhm_cca *cca;
    QHM_TRY(qhm_cca_fit(rows, 2, rows, 2, 3, NULL, &cca));
    qhm_cca_destroy(cca);
    return QHM_OK;
}

static void learning_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(learn_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_zz_kernel_classifies_its_published_samples),
        cmocka_unit_test(rings_need_a_curved_kernel),
        cmocka_unit_test(machines_refuse_what_they_cannot_learn),
        cmocka_unit_test(canonical_correlation_finds_what_two_views_share),
        cmocka_unit_test(learning_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
