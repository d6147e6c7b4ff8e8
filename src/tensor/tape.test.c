// The tape: recording, memory, errors and the custom operation.
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/tape.h>

static void multiply_adds_up_gradients_of_both_sides(void **state)
{
    (void)state;
    qhm_tape *tape;
    qhm_tensor *x;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){1, {1}}, &x));
    REQUIRE_OK(qhm_tensor_set(x, 0, 1, (double[]){3}));
    qhm_value v, square;
    REQUIRE_OK(qhm_tape_variable(tape, x, &v));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){v, v}, 2, NULL, &square));
    REQUIRE_OK(qhm_tape_backward(tape, square));
    REQUIRE_NEAR(qhm_tape_item(tape, square, 0), 9, 0);
    REQUIRE_NEAR(*(double *)qhm_tape_gradient(tape, v), 6, 0);
    qhm_tensor_destroy(x);
    qhm_tape_destroy(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiply_adds_up_gradients_of_both_sides),
    };
    return cmocka_run_group_tests_name("tensor/tape", tests, NULL, NULL);
}
