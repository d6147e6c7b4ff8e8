// Training of Born machines by discrepancy, divergence, or against a network.
#include "algorithm/descent.h"
#include "algorithm/discriminator.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/bit_target.h>
#include <qhm/born_machine.h>

enum { DISCRIMINATOR_STEPS = 5 };
static const double discriminator_rate = 0.05, least_probability = 1e-12;

typedef struct training {
    qhm_born_machine *machine;
    const double *target;
    qhm_born_train_options options;
    size_t size;
    double *model, *slopes; // [size]
    qhm_descent descent;
    qhm_discriminator network; // of the adversarial loss
} training;

static qhm_status open_training(training *t)
{
    const size_t count = qhm_born_machine_weight_count(t->machine);
    qhm_random random = qhm_random_stream(t->options.seed, QHM_RANDOM_INITIALISE, 0x626f726e, 0, 0);
    QHM_TRY(qhm_allocate(t->size, sizeof *t->model, &t->model));
    QHM_TRY(qhm_allocate(t->size, sizeof *t->slopes, &t->slopes));
    QHM_TRY(qhm_descent_open(count, t->options.learning_rate, &t->descent));
    for (size_t w = 0; w < count; w++)
        t->descent.values[w] = qhm_random_normal(&random) / 2;
    if (t->options.loss != QHM_BORN_ADVERSARIAL)
        return QHM_OK;
    return qhm_discriminator_open(qhm_born_machine_bit_count(t->machine), t->options.hidden_units,
                                  discriminator_rate, &random, &t->network);
}

static void close_training(training *t)
{
    qhm_release(t->model);
    qhm_release(t->slopes);
    qhm_descent_close(&t->descent);
    qhm_discriminator_close(&t->network);
}

static double find_slope(const training *t, size_t x)
{
    switch (t->options.loss) {
    case QHM_BORN_DISCREPANCY:
        return 2 * t->slopes[x];
    case QHM_BORN_DIVERGENCE:
        return -t->target[x] / fmax(t->model[x], least_probability);
    case QHM_BORN_ADVERSARIAL: // -ln sigmoid(logit)
        return fmax(-t->slopes[x], 0) + log1p(exp(-fabs(t->slopes[x])));
    case QHM_BORN_LOSS_COUNT:
        break;
    }
    return 0;
}

// What the loss needs before its slopes, in their place.
static qhm_status prepare_slopes(training *t)
{
    double loss;
    if (t->options.loss == QHM_BORN_DISCREPANCY) {
        for (size_t x = 0; x < t->size; x++)
            t->slopes[x] = t->model[x] - t->target[x];
        qhm_bit_target_smooth(qhm_born_machine_bit_count(t->machine), t->slopes);
    } else if (t->options.loss == QHM_BORN_ADVERSARIAL) {
        for (size_t i = 0; i < DISCRIMINATOR_STEPS; i++)
            QHM_TRY(qhm_discriminator_step(&t->network, t->target, t->model, &loss));
        qhm_discriminator_logits(&t->network, t->slopes);
    }
    return QHM_OK;
}

static qhm_status run_step(training *t, size_t step)
{
    const qhm_born_run run = {t->options.shots, t->options.seed, step};
    QHM_TRY(qhm_born_machine_probabilities(t->machine, t->descent.values, &run, t->model));
    QHM_TRY(prepare_slopes(t));
    for (size_t x = 0; x < t->size; x++)
        t->slopes[x] = find_slope(t, x);
    QHM_TRY(qhm_born_machine_gradient(t->machine, t->descent.values, &run, t->slopes,
                                      t->descent.gradient));
    return qhm_descent_step(&t->descent);
}

// Exact, by the machine's own amplitudes.
static qhm_status judge(training *t, double *divergence, double *discrepancy)
{
    const size_t n = qhm_born_machine_bit_count(t->machine);
    QHM_TRY(qhm_born_machine_probabilities(t->machine, t->descent.values, NULL, t->model));
    *divergence = qhm_bit_target_divergence(n, t->target, t->model);
    return qhm_bit_target_discrepancy(n, t->target, t->model, discrepancy);
}

static qhm_status run_training(training *t, qhm_born_train_result *result)
{
    result->steps = t->options.steps;
    QHM_TRY(judge(t, &result->first_divergence, &result->first_discrepancy));
    for (size_t step = 0; step < t->options.steps; step++)
        QHM_TRY(run_step(t, step));
    return judge(t, &result->divergence, &result->discrepancy);
}

qhm_status qhm_born_machine_train(qhm_born_machine *machine, const double *target,
                                  const qhm_born_train_options *options, double *weights,
                                  qhm_born_train_result *result)
{
    qhm_born_train_result made;
    QHM_REQUIRE(machine && target && weights && result,
                "machine, target, weights or result is NULL");
    training t = {.machine = machine, .target = target};
    t.options = options ? *options : (qhm_born_train_options){0};
    t.options.steps = t.options.steps ? t.options.steps : 100;
    t.options.learning_rate = t.options.learning_rate > 0 ? t.options.learning_rate : 0.1;
    t.options.hidden_units = t.options.hidden_units ? t.options.hidden_units : 16;
    t.size = (size_t)1 << qhm_born_machine_bit_count(machine);
    QHM_REQUIRE(t.options.loss < QHM_BORN_LOSS_COUNT, "loss is %u, not below %d",
                (unsigned)t.options.loss, QHM_BORN_LOSS_COUNT);
    QHM_REQUIRE(t.options.loss != QHM_BORN_DIVERGENCE || t.options.shots == 0,
                "the divergence needs probabilities, which %zu shots do not give", t.options.shots);
    QHM_TRY(qhm_bit_target_check(qhm_born_machine_bit_count(machine), target));
    qhm_status status = open_training(&t);
    if (status == QHM_OK)
        status = run_training(&t, &made);
    for (size_t w = 0; w < qhm_born_machine_weight_count(machine) && status == QHM_OK; w++)
        weights[w] = t.descent.values[w];
    if (status == QHM_OK)
        *result = made;
    close_training(&t);
    return status;
}
