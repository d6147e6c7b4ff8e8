// Arrays and parameters.
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <limits.h>
#include <qhm/parameter.h>

static void elements_are_set_read_and_rounded(void **state)
{
    (void)state;
    qhm_tensor *narrow, *wide;
    double values[2];
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT32, (qhm_shape){2, {2, 3}}, &narrow));
    REQUIRE_OK(qhm_tensor_set(narrow, 1, 2, (double[]){0.1, 2}));
    assert_true(qhm_tensor_item(narrow, 0) == 0 && qhm_tensor_item(narrow, 1) == (double)0.1f);
    REQUIRE_OK(qhm_tensor_read(narrow, 1, 2, values));
    assert_true(values[0] == (double)0.1f && values[1] == 2);
    assert_true(isnan(qhm_tensor_item(narrow, 6)));
    REQUIRE_OK(qhm_tensor_copy(narrow, QHM_FLOAT64, &wide));
    assert_int_equal(qhm_tensor_precision(wide), QHM_FLOAT64);
    assert_true(qhm_shape_is_equal(qhm_tensor_shape(wide), (qhm_shape){2, {2, 3}}));
    assert_true(((const double *)qhm_tensor_view(wide))[1] == (double)0.1f);
    assert_true(qhm_tensor_bytes(wide) >= 6 * sizeof(double));
    assert_int_equal((uintptr_t)qhm_tensor_data(wide) % 64, 0);
    REQUIRE_FAILS(qhm_tensor_set(narrow, 5, 2, values), QHM_ERROR_INVALID_ARGUMENT,
                  "elements 5 to 7 are asked for, but there are 6");
    REQUIRE_FAILS(qhm_tensor_read(narrow, SIZE_MAX, 2, values), QHM_ERROR_INVALID_ARGUMENT,
                  "but there are 6");
    qhm_tensor_destroy(narrow);
    qhm_tensor_destroy(wide);
    qhm_tensor_destroy(NULL);
}

static void shapes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    qhm_tensor *tensor = NULL;
    REQUIRE_FAILS(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){5, {1, 1, 1, 1}}, &tensor),
                  QHM_ERROR_INVALID_ARGUMENT, "rank is 5, not 0 to 4");
    REQUIRE_FAILS(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){2, {3, 0}}, &tensor),
                  QHM_ERROR_INVALID_ARGUMENT, "axis 1 has size 0, not 1 to");
    const size_t much = INT_MAX;
    REQUIRE_FAILS(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){4, {much, much, much, much}}, &tensor),
                  QHM_ERROR_INVALID_ARGUMENT, "too many elements");
    REQUIRE_FAILS(qhm_tensor_create((qhm_precision)2, (qhm_shape){0}, &tensor),
                  QHM_ERROR_INVALID_ARGUMENT, "precision is 2");
    assert_null(tensor);
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){0}, &tensor));
    assert_int_equal(qhm_tensor_count(tensor), 1);
    qhm_tensor_destroy(tensor);
    assert_false(qhm_shape_is_equal((qhm_shape){1, {1}}, (qhm_shape){0}));
    assert_false(qhm_shape_is_equal((qhm_shape){2, {1, 2}}, (qhm_shape){2, {2, 1}}));
}

static void a_fixed_parameter_has_no_gradient(void **state)
{
    (void)state;
    qhm_parameter *plain, *fixed;
    const qhm_shape shape = {1, {3}};
    REQUIRE_OK(qhm_parameter_create("w", QHM_FLOAT32, shape, QHM_PARAMETER_NO_DECAY, &plain));
    REQUIRE_OK(qhm_parameter_create("f", QHM_FLOAT32, shape, QHM_PARAMETER_FIXED, &fixed));
    assert_string_equal(qhm_parameter_name(plain), "w");
    assert_int_equal(qhm_parameter_flags(plain), QHM_PARAMETER_NO_DECAY);
    assert_non_null(qhm_parameter_gradient(plain));
    assert_null(qhm_parameter_gradient(fixed));
    qhm_parameter_clear_gradients((qhm_parameter *[]){plain, fixed}, 2);
    REQUIRE_FAILS(qhm_parameter_create("", QHM_FLOAT32, shape, 0, &plain),
                  QHM_ERROR_INVALID_ARGUMENT, "name is empty");
    qhm_parameter_destroy(plain);
    qhm_parameter_destroy(fixed);
    qhm_parameter_destroy(NULL);
}

static qhm_status attempt_parameter(void *context)
{
    (void)context;
    qhm_parameter *parameter;
    QHM_TRY(qhm_parameter_create("w", QHM_FLOAT64, (qhm_shape){1, {3}}, 0, &parameter));
    qhm_parameter_destroy(parameter);
    return QHM_OK;
}

static void a_parameter_survives_every_refused_allocation(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt_parameter, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_set_read_and_rounded),
        cmocka_unit_test(shapes_that_cannot_be_are_refused),
        cmocka_unit_test(a_fixed_parameter_has_no_gradient),
        cmocka_unit_test(a_parameter_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests_name("tensor/tensor", tests, NULL, NULL);
}
