// Optimizers: rules in one switch, arithmetic in optimizer_kernels.c.
#include <qhm/optimizer.h>

#include "base/cpu.h"
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"
#include "optimize/optimizer_internal.h"

#include <math.h>

enum { SLOTS = 2, BLOCK = 1 << 14 };

struct qhm_optimizer {
    qhm_optimizer_options options;
    const qhm_optimizer_kernels *kernels;
    qhm_parameter **parameters;
    qhm_tensor *(*slots)[SLOTS];
    size_t count;
    uint64_t step_count;
    double gradient_norm;
};

static const char *const kinds[] = {"adamw", "adam", "sgd", NULL};

static const qhm_option_info table[] = {
    {.name = "kind",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_optimizer_options, kind),
     .default_text = "adamw",
     .choices = kinds,
     .help = "the rule: AdamW (decay apart from the gradient), Adam or SGD"},
    {.name = "learning_rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, learning_rate),
     .default_text = "0.001",
     .minimum = 1e-12,
     .maximum = 1e3,
     .help = "how far a step goes"},
    {.name = "weight_decay",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, weight_decay),
     .maximum = 1e3,
     .help = "pull of weights towards 0; biases, gains and angles are left alone"},
    {.name = "clip_norm",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, clip_norm),
     .maximum = 1e30,
     .help = "largest norm of all gradients together; 0 is no limit"},
    {.name = "momentum",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, momentum),
     .maximum = 0.999999,
     .help = "share of its speed that SGD keeps from step to step"},
    {.name = "beta1",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, beta1),
     .default_text = "0.9",
     .minimum = 1e-9,
     .maximum = 0.999999,
     .help = "share that Adam keeps of its mean of gradients"},
    {.name = "beta2",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, beta2),
     .default_text = "0.999",
     .minimum = 1e-9,
     .maximum = 0.999999999,
     .help = "share that Adam keeps of its mean of squared gradients"},
    {.name = "epsilon",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_optimizer_options, epsilon),
     .default_text = "1e-8",
     .minimum = 1e-30,
     .maximum = 1,
     .help = "added to Adam's divisor"},
    {0},
};

const qhm_option_info *qhm_optimizer_option_table(void)
{
    return table;
}

#if defined(__x86_64__)
extern const qhm_optimizer_kernels qhm_optimizer_kernels_avx2_double,
    qhm_optimizer_kernels_avx2_float, qhm_optimizer_kernels_avx512_double,
    qhm_optimizer_kernels_avx512_float;
#endif
extern const qhm_optimizer_kernels qhm_optimizer_kernels_baseline_double,
    qhm_optimizer_kernels_baseline_float;

static const qhm_optimizer_kernels *const kernel_tables[QHM_ISA_COUNT][2] = {
    {&qhm_optimizer_kernels_baseline_double, &qhm_optimizer_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_optimizer_kernels_avx2_double, &qhm_optimizer_kernels_avx2_float},
    {&qhm_optimizer_kernels_avx512_double, &qhm_optimizer_kernels_avx512_float},
#endif
};

static qhm_status add_slots(qhm_optimizer *optimizer, size_t index)
{
    qhm_tensor *value = qhm_parameter_value(optimizer->parameters[index]);
    for (size_t slot = 0; slot < qhm_optimizer_slot_count(optimizer); slot++)
        QHM_TRY(qhm_tensor_create(qhm_tensor_precision(value), qhm_tensor_shape(value),
                                  &optimizer->slots[index][slot]));
    return QHM_OK;
}

static qhm_status fill(qhm_optimizer *optimizer, qhm_parameter *const *parameters, size_t count)
{
    QHM_TRY(qhm_options_resolve(table, &optimizer->options));
    QHM_TRY(qhm_copy_bytes(parameters, count, sizeof *parameters, &optimizer->parameters));
    QHM_TRY(qhm_allocate(count, sizeof *optimizer->slots, &optimizer->slots));
    optimizer->count = count;
    qhm_precision precision = QHM_FLOAT64;
    for (size_t i = 0; i < count; i++) {
        qhm_precision own = qhm_tensor_precision(qhm_parameter_value(parameters[i]));
        QHM_REQUIRE(i == 0 || own == precision, "parameters \"%s\" and \"%s\" differ in precision",
                    qhm_parameter_name(parameters[0]), qhm_parameter_name(parameters[i]));
        precision = own;
        if (qhm_parameter_gradient(parameters[i]))
            QHM_TRY(add_slots(optimizer, i));
    }
    optimizer->kernels = kernel_tables[qhm_cpu_isa()][precision];
    return QHM_OK;
}

qhm_status qhm_optimizer_create(qhm_parameter *const *parameters, size_t parameter_count,
                                const qhm_optimizer_options *options, qhm_optimizer **out)
{
    QHM_REQUIRE(parameters && out, "parameters or out is NULL");
    QHM_REQUIRE(parameter_count > 0, "there is no parameter to optimize");
    qhm_optimizer *optimizer;
    QHM_TRY(qhm_allocate(1, sizeof *optimizer, &optimizer));
    if (options)
        optimizer->options = *options;
    qhm_status status = fill(optimizer, parameters, parameter_count);
    if (status != QHM_OK) {
        qhm_optimizer_destroy(optimizer);
        return status;
    }
    *out = optimizer;
    return QHM_OK;
}

void qhm_optimizer_destroy(qhm_optimizer *optimizer)
{
    if (!optimizer)
        return;
    for (size_t i = 0; i < optimizer->count; i++)
        for (size_t slot = 0; slot < SLOTS; slot++)
            qhm_tensor_destroy(optimizer->slots[i][slot]);
    qhm_release(optimizer->slots);
    qhm_release(optimizer->parameters);
    qhm_release(optimizer);
}

static qhm_status measure_gradients(qhm_optimizer *optimizer)
{
    double total = 0;
    for (size_t i = 0; i < optimizer->count; i++) {
        qhm_tensor *gradient = qhm_parameter_gradient(optimizer->parameters[i]);
        if (!gradient)
            continue;
        qhm_optimizer_update update = {.gradient = qhm_tensor_data(gradient)};
        double part = qhm_parallel_sum(qhm_tensor_count(gradient), BLOCK,
                                       optimizer->kernels->squared_norm, &update);
        if (!isfinite(part))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "the gradient of \"%s\" is not finite",
                            qhm_parameter_name(optimizer->parameters[i]));
        total += part;
    }
    optimizer->gradient_norm = sqrt(total);
    return QHM_OK;
}

static qhm_optimizer_update make_update(const qhm_optimizer *optimizer, double rate_factor)
{
    const qhm_optimizer_options *o = &optimizer->options;
    double steps = (double)optimizer->step_count;
    qhm_optimizer_update update = {.gradient_scale = 1,
                                   .rate = o->learning_rate * rate_factor,
                                   .momentum = o->momentum,
                                   .beta1 = o->beta1,
                                   .beta2 = o->beta2,
                                   .epsilon = o->epsilon,
                                   .correction1 = 1 / (1 - pow(o->beta1, steps)),
                                   .correction2 = 1 / (1 - pow(o->beta2, steps))};
    if (o->clip_norm > 0 && optimizer->gradient_norm > o->clip_norm)
        update.gradient_scale = o->clip_norm / optimizer->gradient_norm;
    return update;
}

qhm_status qhm_optimizer_step(qhm_optimizer *optimizer, double rate_factor)
{
    QHM_REQUIRE(optimizer, "optimizer is NULL");
    QHM_REQUIRE(rate_factor >= 0 && isfinite(rate_factor), "rate factor is %g, not 0 or more",
                rate_factor);
    QHM_TRY(measure_gradients(optimizer));
    optimizer->step_count++;
    qhm_optimizer_update update = make_update(optimizer, rate_factor);
    bool is_sgd = optimizer->options.kind == QHM_OPTIMIZER_SGD;
    for (size_t i = 0; i < optimizer->count; i++) {
        qhm_parameter *parameter = optimizer->parameters[i];
        qhm_tensor *value = qhm_parameter_value(parameter);
        qhm_tensor *gradient = qhm_parameter_gradient(parameter);
        if (!gradient)
            continue;
        bool decays = !(qhm_parameter_flags(parameter) & QHM_PARAMETER_NO_DECAY);
        double decay = decays ? optimizer->options.weight_decay : 0;
        bool is_coupled = optimizer->options.kind != QHM_OPTIMIZER_ADAMW;
        update.coupled_decay = is_coupled ? decay : 0;
        update.decoupled_decay = is_coupled ? 0 : decay;
        update.value = qhm_tensor_data(value);
        update.gradient = qhm_tensor_data(gradient);
        for (size_t slot = 0; slot < qhm_optimizer_slot_count(optimizer); slot++)
            update.slots[slot] = qhm_tensor_data(optimizer->slots[i][slot]);
        qhm_parallel_for(qhm_tensor_count(value), BLOCK,
                         is_sgd ? optimizer->kernels->sgd : optimizer->kernels->adam, &update);
    }
    return QHM_OK;
}

double qhm_optimizer_gradient_norm(const qhm_optimizer *optimizer)
{
    return optimizer->gradient_norm;
}

uint64_t qhm_optimizer_step_count(const qhm_optimizer *optimizer)
{
    return optimizer->step_count;
}

void qhm_optimizer_set_step_count(qhm_optimizer *optimizer, uint64_t count)
{
    optimizer->step_count = count;
}

size_t qhm_optimizer_slot_count(const qhm_optimizer *optimizer)
{
    return optimizer->options.kind == QHM_OPTIMIZER_SGD ? 1 : 2;
}

qhm_tensor *qhm_optimizer_slot(const qhm_optimizer *optimizer, size_t index, size_t slot)
{
    return index < optimizer->count && slot < SLOTS ? optimizer->slots[index][slot] : NULL;
}
