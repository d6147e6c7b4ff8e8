// Optimizers against closed forms and an independent recurrence; schedules at their corners.
#include "base/cpu.h"
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/optimizer.h>
#include <qhm/random.h>
#include <qhm/schedule.h>
#include <qhm/threads.h>

static qhm_parameter *make(const char *name, qhm_precision precision, size_t count, unsigned flags)
{
    qhm_parameter *parameter;
    REQUIRE_OK(qhm_parameter_create(name, precision, (qhm_shape){1, {count}}, flags, &parameter));
    return parameter;
}

static void set(qhm_tensor *tensor, size_t index, double value)
{
    REQUIRE_OK(qhm_tensor_set(tensor, index, 1, &value));
}

static double value_of(const qhm_parameter *parameter, size_t index)
{
    return qhm_tensor_item(qhm_parameter_value(parameter), index);
}

// One step from w = 2 with gradient g.
static double first_step(const qhm_optimizer_options *options, double g, unsigned flags)
{
    qhm_parameter *w = make("w", QHM_FLOAT64, 1, flags);
    qhm_optimizer *optimizer;
    set(qhm_parameter_value(w), 0, 2);
    set(qhm_parameter_gradient(w), 0, g);
    REQUIRE_OK(qhm_optimizer_create(&w, 1, options, &optimizer));
    REQUIRE_OK(qhm_optimizer_step(optimizer, 0.5));
    double value = value_of(w, 0);
    assert_true(qhm_tensor_item(qhm_parameter_gradient(w), 0) == 0);
    REQUIRE_NEAR(qhm_optimizer_gradient_norm(optimizer), fabs(g), 1e-15);
    assert_int_equal(qhm_optimizer_step_count(optimizer), 1);
    qhm_optimizer_destroy(optimizer);
    qhm_parameter_destroy(w);
    return value;
}

static void first_steps_have_their_closed_forms(void **state)
{
    (void)state;
    // Adam's first step is rate g / (|g| + epsilon), whatever the betas.
    qhm_optimizer_options o = {.learning_rate = 0.2, .epsilon = 0.01, .kind = QHM_OPTIMIZER_ADAM};
    REQUIRE_NEAR(first_step(&o, -3, 0), 2 + 0.1 * 3 / 3.01, 1e-15);
    o.weight_decay = 0.5; // added to the gradient: -3 + 0.5 2 = -2
    REQUIRE_NEAR(first_step(&o, -3, 0), 2 + 0.1 * 2 / 2.01, 1e-15);
    REQUIRE_NEAR(first_step(&o, -3, QHM_PARAMETER_NO_DECAY), 2 + 0.1 * 3 / 3.01, 1e-15);
    o.kind = QHM_OPTIMIZER_ADAMW; // apart: w (1 - rate decay)
    REQUIRE_NEAR(first_step(&o, -3, 0), 2 * (1 - 0.1 * 0.5) + 0.1 * 3 / 3.01, 1e-15);
    REQUIRE_NEAR(first_step(&o, -3, QHM_PARAMETER_NO_DECAY), 2 + 0.1 * 3 / 3.01, 1e-15);
    o.kind = QHM_OPTIMIZER_SGD;
    REQUIRE_NEAR(first_step(&o, -3, 0), 2 + 0.1 * 2, 1e-15);
    o.weight_decay = 0;
    o.clip_norm = 0.3;
    REQUIRE_NEAR(first_step(&o, -3, 0), 2 + 0.1 * 0.3, 1e-15);
    REQUIRE_NEAR(first_step(&o, -0.2, 0), 2 + 0.1 * 0.2, 1e-15);
    REQUIRE_NEAR(first_step(NULL, 5, 0), 2 - 0.0005, 1e-10); // AdamW, 0.001
}

// The textbook forms, with their own bias correction, on f(w) = w'Dw / 2 - b'w.
static void steps_follow_an_independent_recurrence(void **state)
{
    (void)state;
    enum { N = 37, STEPS = 50 };
    for (int kind = QHM_OPTIMIZER_ADAMW; kind <= QHM_OPTIMIZER_SGD; kind++) {
        const qhm_optimizer_options o = {
            .kind = kind, .learning_rate = 0.01, .weight_decay = 0.1, .momentum = 0.9};
        qhm_parameter *w = make("w", QHM_FLOAT64, N, 0);
        qhm_optimizer *optimizer;
        REQUIRE_OK(qhm_optimizer_create(&w, 1, &o, &optimizer));
        double x[N], m[N] = {0}, v[N] = {0};
        for (size_t i = 0; i < N; i++) {
            x[i] = (double)i / 7 - 1;
            set(qhm_parameter_value(w), i, x[i]);
        }
        for (int step = 1; step <= STEPS; step++) {
            for (size_t i = 0; i < N; i++) {
                double slope = (double)(i + 1) * 0.1 * value_of(w, i) - 1;
                set(qhm_parameter_gradient(w), i, slope);
                double g = (double)(i + 1) * 0.1 * x[i] - 1;
                if (kind != QHM_OPTIMIZER_ADAMW)
                    g += 0.1 * x[i];
                else
                    x[i] -= 0.01 * 0.1 * x[i];
                if (kind == QHM_OPTIMIZER_SGD) {
                    m[i] = 0.9 * m[i] + g;
                    x[i] -= 0.01 * m[i];
                    continue;
                }
                m[i] += (1 - 0.9) * (g - m[i]);
                v[i] += (1 - 0.999) * (g * g - v[i]);
                double mean = m[i] / (1 - pow(0.9, step));
                x[i] -= 0.01 * mean / (sqrt(v[i] / (1 - pow(0.999, step))) + 1e-8);
            }
            REQUIRE_OK(qhm_optimizer_step(optimizer, 1));
        }
        for (size_t i = 0; i < N; i++)
            REQUIRE_NEAR(value_of(w, i), x[i], 1e-12);
        qhm_optimizer_destroy(optimizer);
        qhm_parameter_destroy(w);
    }
}

static void clipping_takes_the_norm_of_all_gradients_together(void **state)
{
    (void)state;
    qhm_parameter *p[3] = {make("a", QHM_FLOAT32, 1, 0), make("b", QHM_FLOAT32, 2, 0),
                           make("f", QHM_FLOAT32, 1, QHM_PARAMETER_FIXED)};
    set(qhm_parameter_gradient(p[0]), 0, 3);
    set(qhm_parameter_gradient(p[1]), 1, 4);
    qhm_optimizer *optimizer;
    const qhm_optimizer_options o = {.kind = QHM_OPTIMIZER_SGD, .learning_rate = 1, .clip_norm = 1};
    REQUIRE_OK(qhm_optimizer_create(p, 3, &o, &optimizer));
    REQUIRE_OK(qhm_optimizer_step(optimizer, 1));
    REQUIRE_NEAR(qhm_optimizer_gradient_norm(optimizer), 5, 1e-15);
    REQUIRE_NEAR(value_of(p[0], 0), -0.6, 1e-7);
    REQUIRE_NEAR(value_of(p[1], 1), -0.8, 1e-7);
    assert_null(qhm_optimizer_slot(optimizer, 2, 0));
    assert_non_null(qhm_optimizer_slot(optimizer, 1, 0));
    assert_null(qhm_optimizer_slot(optimizer, 1, 1));
    assert_null(qhm_optimizer_slot(optimizer, 3, 0));
    qhm_optimizer_destroy(optimizer);
    for (int i = 0; i < 3; i++)
        qhm_parameter_destroy(p[i]);
}

static void a_gradient_that_is_not_finite_changes_nothing(void **state)
{
    (void)state;
    qhm_parameter *w = make("layer.weight", QHM_FLOAT64, 2, 0);
    qhm_optimizer *optimizer;
    REQUIRE_OK(qhm_optimizer_create(&w, 1, NULL, &optimizer));
    set(qhm_parameter_value(w), 0, 7);
    set(qhm_parameter_gradient(w), 1, NAN);
    REQUIRE_FAILS(qhm_optimizer_step(optimizer, 1), QHM_ERROR_NUMERIC,
                  "the gradient of \"layer.weight\" is not finite");
    assert_true(value_of(w, 0) == 7 && value_of(w, 1) == 0);
    assert_int_equal(qhm_optimizer_step_count(optimizer), 0);
    REQUIRE_FAILS(qhm_optimizer_step(optimizer, -1), QHM_ERROR_INVALID_ARGUMENT,
                  "rate factor is -1");
    qhm_optimizer_destroy(optimizer);
    qhm_parameter_destroy(w);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    qhm_parameter *w[2] = {make("w", QHM_FLOAT64, 2, 0), make("x", QHM_FLOAT32, 2, 0)};
    qhm_optimizer *optimizer;
    REQUIRE_FAILS(qhm_optimizer_create(w, 2, NULL, &optimizer), QHM_ERROR_INVALID_ARGUMENT,
                  "\"w\" and \"x\" differ in precision");
    REQUIRE_FAILS(qhm_optimizer_create(w, 0, NULL, &optimizer), QHM_ERROR_INVALID_ARGUMENT,
                  "no parameter");
    const qhm_optimizer_options negative = {.learning_rate = -1}, much = {.beta1 = 1},
                                unknown = {.kind = 4};
    REQUIRE_FAILS(qhm_optimizer_create(w, 1, &negative, &optimizer), QHM_ERROR_INVALID_ARGUMENT,
                  "learning_rate");
    REQUIRE_FAILS(qhm_optimizer_create(w, 1, &much, &optimizer), QHM_ERROR_INVALID_ARGUMENT,
                  "beta1");
    REQUIRE_FAILS(qhm_optimizer_create(w, 1, &unknown, &optimizer), QHM_ERROR_INVALID_ARGUMENT,
                  "kind");
    REQUIRE_OK(qhm_options_check_table(qhm_optimizer_option_table()));
    REQUIRE_OK(qhm_options_check_table(qhm_schedule_option_table()));
    qhm_parameter_destroy(w[0]);
    qhm_parameter_destroy(w[1]);
}

static void run_steps(qhm_precision precision, double *values, size_t count)
{
    qhm_parameter *w = make("w", precision, count, 0);
    qhm_optimizer *optimizer;
    const qhm_optimizer_options o = {.clip_norm = 0.5, .weight_decay = 0.01};
    REQUIRE_OK(qhm_optimizer_create(&w, 1, &o, &optimizer));
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, 0, 0, 0);
    for (int step = 0; step < 5; step++) {
        for (size_t i = 0; i < count; i++)
            set(qhm_parameter_gradient(w), i, qhm_random_normal(&random));
        REQUIRE_OK(qhm_optimizer_step(optimizer, 1));
    }
    REQUIRE_OK(qhm_tensor_read(qhm_parameter_value(w), 0, count, values));
    qhm_optimizer_destroy(optimizer);
    qhm_parameter_destroy(w);
}

static void steps_agree_over_threads_precisions_and_instruction_sets(void **state)
{
    (void)state;
    enum { N = 40001 };
    static double one[N], other[N];
    run_steps(QHM_FLOAT64, one, N);
    REQUIRE_OK(qhm_threads_set_count(3));
    run_steps(QHM_FLOAT64, other, N);
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_memory_equal(one, other, sizeof one);
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++) {
            setenv("QHM_ISA", qhm_isa_text((qhm_isa)isa), 1);
            run_steps((qhm_precision)precision, other, N);
            for (size_t i = 0; i < N; i++)
                REQUIRE_NEAR(other[i], one[i], precision == QHM_FLOAT32 ? 1e-6 : 1e-15);
        }
    unsetenv("QHM_ISA");
}

static qhm_status attempt(void *context)
{
    qhm_optimizer *optimizer;
    QHM_TRY(qhm_optimizer_create(context, 1, NULL, &optimizer));
    qhm_optimizer_destroy(optimizer);
    return QHM_OK;
}

static void creation_survives_every_refused_allocation_and_steps_make_none(void **state)
{
    (void)state;
    qhm_parameter *w = make("w", QHM_FLOAT64, 2, 0);
    require_survives_failing_memory(attempt, &w);
    qhm_optimizer *optimizer;
    REQUIRE_OK(qhm_optimizer_create(&w, 1, NULL, &optimizer));
    size_t before = qhm_memory_allocation_count();
    REQUIRE_OK(qhm_optimizer_step(optimizer, 1));
    assert_int_equal(qhm_memory_allocation_count(), before);
    qhm_optimizer_destroy(optimizer);
    qhm_parameter_destroy(w);
}

static void schedules_pass_through_their_corners(void **state)
{
    (void)state;
    REQUIRE_NEAR(qhm_schedule_factor(NULL, 0, 100), 1, 0);
    REQUIRE_NEAR(qhm_schedule_factor(NULL, 50, 100), 0.5, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(NULL, 100, 100), 0, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(NULL, 999, 100), 0, 1e-15);
    const qhm_schedule_options warm = {.warmup = 0.1, .final_factor = 0.2};
    REQUIRE_NEAR(qhm_schedule_factor(&warm, 0, 100), 0.1, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&warm, 8, 100), 0.9, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&warm, 10, 100), 1, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&warm, 55, 100), 0.6, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&warm, 100, 100), 0.2, 1e-15);
    const qhm_schedule_options constant = {.kind = QHM_SCHEDULE_CONSTANT, .warmup = 0.5};
    REQUIRE_NEAR(qhm_schedule_factor(&constant, 0, 4), 0.5, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&constant, 3, 4), 1, 0);
    const qhm_schedule_options steps = {.kind = QHM_SCHEDULE_STEPS};
    REQUIRE_NEAR(qhm_schedule_factor(&steps, 33, 100), 1, 0);
    REQUIRE_NEAR(qhm_schedule_factor(&steps, 34, 100), 0.1, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&steps, 67, 100), 0.01, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&steps, 100, 100), 0.01, 1e-15);
    REQUIRE_NEAR(qhm_schedule_factor(&steps, 0, 0), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_steps_have_their_closed_forms),
        cmocka_unit_test(steps_follow_an_independent_recurrence),
        cmocka_unit_test(clipping_takes_the_norm_of_all_gradients_together),
        cmocka_unit_test(a_gradient_that_is_not_finite_changes_nothing),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(steps_agree_over_threads_precisions_and_instruction_sets),
        cmocka_unit_test(creation_survives_every_refused_allocation_and_steps_make_none),
        cmocka_unit_test(schedules_pass_through_their_corners),
    };
    return cmocka_run_group_tests_name("optimize/optimizer", tests, NULL, NULL);
}
