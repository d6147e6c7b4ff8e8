// A pass of a module of any kind over a batch, for its tests.
#ifndef QHM_TESTS_MODULE_PASSES_H
#define QHM_TESTS_MODULE_PASSES_H

#include "base/status_internal.h"
#include "learn/module_internal.h"
#include "support/checks.h"

#include <qhm/module_kinds.h>

enum { BATCH = 3, VOCABULARY = 6, MAX_ELEMENTS = 4000 };

typedef struct kind_case {
    const char *kind;
    qhm_shape input;
    size_t output_width;
    const void *options;
    bool takes_tokens;
} kind_case;

#define SEQUENCE                                                                                   \
    {                                                                                              \
        2,                                                                                         \
        {                                                                                          \
            4, 6                                                                                   \
        }                                                                                          \
    }
#define ROW                                                                                        \
    {                                                                                              \
        1,                                                                                         \
        {                                                                                          \
            6                                                                                      \
        }                                                                                          \
    }

// One forward and backward pass: the loss is the sum of fixed weights times outputs.
typedef struct pass {
    qhm_module *module;
    qhm_tape *tape;
    qhm_tensor *input;
    double x[MAX_ELEMENTS], mask[BATCH * 4], loss;
    size_t tokens[BATCH * 4];
    double outputs[MAX_ELEMENTS];
    size_t output_count;
    qhm_shape output_shape;
} pass;

static inline qhm_status create(const kind_case *c, qhm_precision precision, qhm_module **out)
{
    qhm_random random = qhm_random_stream(5, QHM_RANDOM_INITIALISE, 0, 0, 0);
    const qhm_module_setting setting = {.precision = precision,
                                        .input = c->input,
                                        .output_width = c->output_width,
                                        .random = &random};
    return qhm_module_create(c->kind, &setting, c->options, out);
}

static inline qhm_shape batch_of(qhm_shape sample)
{
    qhm_shape shape = {sample.rank + 1, {BATCH}};
    for (size_t i = 0; i < sample.rank; i++)
        shape.sizes[i + 1] = sample.sizes[i];
    return shape;
}

static inline void begin(pass *p, const kind_case *c, qhm_precision precision)
{
    *p = (pass){0};
    REQUIRE_OK(create(c, precision, &p->module));
    REQUIRE_OK(qhm_tape_create(precision, &p->tape));
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < MAX_ELEMENTS; i++)
        p->x[i] = qhm_random_normal(&random);
    for (size_t i = 0; i < BATCH * 4; i++) {
        p->mask[i] = i % 4 < 1 + i / 4; // 1, 2 and 3 words
        p->tokens[i] = (size_t)qhm_random_below(&random, VOCABULARY);
    }
    REQUIRE_OK(qhm_tensor_create(precision, batch_of(c->input), &p->input));
    // Parameters that begin at 0 or 1 would hide mistakes.
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(p->module, &count);
    for (size_t i = 0; i < count; i++)
        qhm_initialise_normal(qhm_parameter_value(parameters[i]), 0.7, &random);
}

static inline void end(pass *p)
{
    qhm_module_destroy(p->module);
    qhm_tape_destroy(p->tape);
    qhm_tensor_destroy(p->input);
}

static inline qhm_status run(pass *p, const kind_case *c, qhm_value *input)
{
    qhm_value mask = QHM_NO_VALUE, out, weights, loss;
    static double factors[MAX_ELEMENTS];
    qhm_random random = qhm_random_stream(9, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < MAX_ELEMENTS; i++)
        factors[i] = qhm_random_normal(&random);
    qhm_tape_reset(p->tape);
    qhm_tape_set_training(p->tape, true);
    qhm_tape_set_random(p->tape, random);
    REQUIRE_OK(qhm_tensor_set(p->input, 0, qhm_tensor_count(p->input), p->x));
    if (c->takes_tokens)
        QHM_TRY(qhm_tape_indices(p->tape, batch_of(c->input), p->tokens, input));
    else
        QHM_TRY(qhm_tape_variable(p->tape, p->input, input));
    if (c->takes_tokens || c->input.rank == 2)
        QHM_TRY(qhm_tape_constant(p->tape, (qhm_shape){2, {BATCH, 4}}, p->mask, &mask));
    QHM_TRY(qhm_module_forward(p->module, p->tape, *input, mask, &out));
    p->output_shape = qhm_tape_shape(p->tape, out);
    p->output_count = qhm_shape_count(p->output_shape);
    for (size_t i = 0; i < p->output_count; i++)
        p->outputs[i] = qhm_tape_item(p->tape, out, i);
    QHM_TRY(qhm_tape_constant(p->tape, p->output_shape, factors, &weights));
    QHM_TRY(qhm_tape_apply(p->tape, QHM_OP_MULTIPLY, (qhm_value[]){out, weights}, 2, NULL, &out));
    QHM_TRY(qhm_tape_apply(p->tape, QHM_OP_SUM, &out, 1, NULL, &loss));
    p->loss = qhm_tape_item(p->tape, loss, 0);
    return qhm_tape_wants_gradient(p->tape, loss) ? qhm_tape_backward(p->tape, loss) : QHM_OK;
}

#endif
