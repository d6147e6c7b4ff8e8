// Restricted Boltzmann machines: exact, by Gibbs sampling, or by samples of an annealer.
#include <qhm/restricted_boltzmann.h>

#include "algorithm/alias_table.h"
#include "algorithm/descent.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/bit_target.h>
#include <qhm/random.h>
#include <qhm/spin_sampling.h>

enum { MOST_HIDDEN = 1000 };

size_t qhm_restricted_parameter_count(size_t visible, size_t hidden)
{
    return visible + hidden + visible * hidden;
}

typedef struct machine {
    size_t visible, hidden;
    const double *b, *c, *w; // [visible], [hidden], [visible][hidden]
} machine;

static machine machine_of(size_t visible, size_t hidden, const double *parameters)
{
    return (machine){visible, hidden, parameters, parameters + visible,
                     parameters + visible + hidden};
}

static qhm_status check_shape(size_t visible, size_t hidden)
{
    QHM_REQUIRE(visible >= 1 && visible <= QHM_BIT_TARGET_MOST_BITS, "visible is %zu, not 1 to %d",
                visible, QHM_BIT_TARGET_MOST_BITS);
    QHM_REQUIRE(hidden >= 1 && hidden <= MOST_HIDDEN, "hidden is %zu, not 1 to %d", hidden,
                MOST_HIDDEN);
    return QHM_OK;
}

static double spin_of(size_t x, size_t i)
{
    return x >> i & 1 ? -1 : 1;
}

// The field on hidden spin j.
static double find_field(const machine *m, size_t x, size_t j)
{
    double sum = m->c[j];
    for (size_t i = 0; i < m->visible; i++)
        sum += m->w[i * m->hidden + j] * spin_of(x, i);
    return sum;
}

static void find_probabilities(const machine *m, double *probabilities)
{
    const size_t size = (size_t)1 << m->visible;
    double largest = -INFINITY, total = 0;
    for (size_t x = 0; x < size; x++) {
        double sum = 0;
        for (size_t i = 0; i < m->visible; i++)
            sum += m->b[i] * spin_of(x, i);
        for (size_t j = 0; j < m->hidden; j++) { // ln(2 cosh field)
            const double field = fabs(find_field(m, x, j));
            sum += field + log1p(exp(-2 * field));
        }
        probabilities[x] = sum;
        largest = fmax(largest, sum);
    }
    for (size_t x = 0; x < size; x++)
        total += probabilities[x] = exp(probabilities[x] - largest);
    for (size_t x = 0; x < size; x++)
        probabilities[x] /= total;
}

qhm_status qhm_restricted_find(size_t visible, size_t hidden, const double *parameters,
                               double *probabilities)
{
    QHM_REQUIRE(parameters && probabilities, "parameters or probabilities is NULL");
    QHM_TRY(check_shape(visible, hidden));
    for (size_t i = 0; i < qhm_restricted_parameter_count(visible, hidden); i++)
        QHM_REQUIRE(isfinite(parameters[i]), "parameter %zu is %g, not finite", i, parameters[i]);
    const machine m = machine_of(visible, hidden, parameters);
    find_probabilities(&m, probabilities);
    return QHM_OK;
}

typedef struct training {
    machine machine; // of what descends
    const double *target;
    qhm_restricted_train_options options;
    qhm_descent descent;
    double *model;  // [2^visible]
    size_t *chains; // [chains]: visible bits
    double *t;      // [hidden]
    int8_t *spins;  // [chains][visible + hidden], of the annealer
    qhm_alias_table data;
    qhm_random random;
} training;

static void close_training(training *t)
{
    qhm_descent_close(&t->descent);
    qhm_alias_table_release(&t->data);
    qhm_release(t->model);
    qhm_release(t->chains);
    qhm_release(t->t);
    qhm_release(t->spins);
}

static qhm_status open_training(training *t, size_t visible, size_t hidden)
{
    const size_t count = qhm_restricted_parameter_count(visible, hidden);
    QHM_TRY(qhm_descent_open(count, t->options.learning_rate, &t->descent));
    t->machine = machine_of(visible, hidden, t->descent.values);
    QHM_TRY(qhm_allocate((size_t)1 << visible, sizeof *t->model, &t->model));
    QHM_TRY(qhm_allocate(t->options.chains, sizeof *t->chains, &t->chains));
    QHM_TRY(qhm_allocate(hidden, sizeof *t->t, &t->t));
    QHM_TRY(qhm_allocate(t->options.chains, visible + hidden, &t->spins));
    QHM_TRY(qhm_alias_table_create(t->target, (size_t)1 << visible, &t->data));
    t->random = qhm_random_stream(t->options.seed, QHM_RANDOM_INITIALISE, 0x72626d, 0, 0);
    for (size_t i = 0; i < count; i++)
        t->descent.values[i] = qhm_random_normal(&t->random) / 10;
    for (size_t k = 0; k < t->options.chains; k++)
        t->chains[k] = qhm_alias_table_draw(&t->data, &t->random);
    return QHM_OK;
}

// Adds factor s, factor t and factor s t to the gradient. t [hidden].
static void add_means(training *t, size_t x, const double *hidden, double factor)
{
    const machine *m = &t->machine;
    double *b = t->descent.gradient, *c = b + m->visible, *w = c + m->hidden;
    for (size_t j = 0; j < m->hidden; j++)
        c[j] += factor * hidden[j];
    for (size_t i = 0; i < m->visible; i++) {
        const double s = factor * spin_of(x, i);
        b[i] += s;
        for (size_t j = 0; j < m->hidden; j++)
            w[i * m->hidden + j] += s * hidden[j];
    }
}

// The same with the hidden spins' means given the visible ones.
static void add_visible(training *t, size_t x, double factor)
{
    for (size_t j = 0; j < t->machine.hidden; j++)
        t->t[j] = tanh(find_field(&t->machine, x, j));
    add_means(t, x, t->t, factor);
}

static void add_all(training *t, const double *probabilities, double factor)
{
    for (size_t x = 0; x < (size_t)1 << t->machine.visible; x++)
        if (probabilities[x] > 0)
            add_visible(t, x, factor * probabilities[x]);
}

// P(+1) = 1 / (1 + e^{-2 field}).
static bool draw_plus(training *t, double field)
{
    return qhm_random_uniform(&t->random) < 1 / (1 + exp(-2 * field));
}

static size_t sweep(training *t, size_t x)
{
    const machine *m = &t->machine;
    for (size_t j = 0; j < m->hidden; j++)
        t->t[j] = draw_plus(t, find_field(m, x, j)) ? 1 : -1;
    size_t drawn = 0;
    for (size_t i = 0; i < m->visible; i++) {
        double field = m->b[i];
        for (size_t j = 0; j < m->hidden; j++)
            field += m->w[i * m->hidden + j] * t->t[j];
        if (!draw_plus(t, field))
            drawn |= (size_t)1 << i;
    }
    return drawn;
}

static void add_chains(training *t, bool begins_at_data)
{
    for (size_t k = 0; k < t->options.chains; k++) {
        if (begins_at_data)
            t->chains[k] = qhm_alias_table_draw(&t->data, &t->random);
        for (size_t s = 0; s < t->options.sweeps; s++)
            t->chains[k] = sweep(t, t->chains[k]);
        add_visible(t, t->chains[k], 1 / (double)t->options.chains);
    }
}

// The machine as a problem of the annealer, which lowers costs: all signs turned.
static qhm_status create_ising(const training *t, qhm_sparse_ising **ising)
{
    const machine *m = &t->machine;
    const size_t n = m->visible + m->hidden;
    qhm_spin_coupling *couplings = NULL;
    double *fields;
    QHM_TRY(qhm_allocate(n, sizeof *fields, &fields));
    qhm_status status = qhm_allocate(m->visible * m->hidden, sizeof *couplings, &couplings);
    for (size_t i = 0; i < n && status == QHM_OK; i++)
        fields[i] = -m->b[i]; // b and c follow each other
    for (size_t k = 0; k < m->visible * m->hidden && status == QHM_OK; k++)
        couplings[k] = (qhm_spin_coupling){
            {(uint32_t)(k / m->hidden), (uint32_t)(m->visible + k % m->hidden)}, -m->w[k]};
    if (status == QHM_OK)
        status = qhm_sparse_ising_create(n, 0, fields, m->visible * m->hidden, couplings, ising);
    qhm_release(fields);
    qhm_release(couplings);
    return status;
}

static qhm_status add_annealed(training *t)
{
    const machine *m = &t->machine;
    const qhm_spin_sampling_options options = {.method = QHM_SPIN_GIBBS,
                                               .runs = t->options.chains,
                                               .sweeps = t->options.sweeps,
                                               .beta = 1,
                                               .transverse = t->options.transverse,
                                               .seed = qhm_random_u64(&t->random)};
    qhm_sparse_ising *ising;
    QHM_TRY(create_ising(t, &ising));
    const qhm_status status = qhm_spin_sampling_run(ising, &options, t->spins, NULL);
    qhm_sparse_ising_destroy(ising);
    QHM_TRY(status);
    for (size_t k = 0; k < t->options.chains; k++) {
        const int8_t *spins = t->spins + k * (m->visible + m->hidden);
        size_t x = 0;
        for (size_t i = 0; i < m->visible; i++)
            x |= (size_t)(spins[i] < 0) << i;
        for (size_t j = 0; j < m->hidden; j++)
            t->t[j] = spins[m->visible + j];
        add_means(t, x, t->t, 1 / (double)t->options.chains);
    }
    return QHM_OK;
}

static qhm_status run_step(training *t)
{
    add_all(t, t->target, -1);
    switch (t->options.method) {
    case QHM_RESTRICTED_EXACT:
        find_probabilities(&t->machine, t->model);
        add_all(t, t->model, 1);
        break;
    case QHM_RESTRICTED_CONTRASTIVE:
    case QHM_RESTRICTED_PERSISTENT:
        add_chains(t, t->options.method == QHM_RESTRICTED_CONTRASTIVE);
        break;
    case QHM_RESTRICTED_ANNEALER:
        QHM_TRY(add_annealed(t));
        break;
    case QHM_RESTRICTED_METHOD_COUNT:
        break;
    }
    return qhm_descent_step(&t->descent);
}

static qhm_restricted_train_options resolve(const qhm_restricted_train_options *given)
{
    qhm_restricted_train_options o = given ? *given : (qhm_restricted_train_options){0};
    const bool is_annealer = o.method == QHM_RESTRICTED_ANNEALER;
    o.steps = o.steps ? o.steps : 200;
    o.sweeps = o.sweeps ? o.sweeps : is_annealer ? 20 : 1;
    o.chains = o.chains ? o.chains : 100;
    o.learning_rate = o.learning_rate > 0 ? o.learning_rate : 0.05;
    o.transverse = o.transverse > 0 ? o.transverse : 0.1;
    return o;
}

qhm_status qhm_restricted_train(size_t visible, size_t hidden, const double *target,
                                const qhm_restricted_train_options *options, double *parameters)
{
    QHM_REQUIRE(target && parameters, "target or parameters is NULL");
    QHM_TRY(check_shape(visible, hidden));
    QHM_TRY(qhm_bit_target_check(visible, target));
    training t = {.target = target, .options = resolve(options)};
    QHM_REQUIRE(t.options.method < QHM_RESTRICTED_METHOD_COUNT, "method is %u, not below %d",
                (unsigned)t.options.method, QHM_RESTRICTED_METHOD_COUNT);
    qhm_status status = open_training(&t, visible, hidden);
    for (size_t step = 0; step < t.options.steps && status == QHM_OK; step++)
        status = run_step(&t);
    for (size_t i = 0; i < qhm_restricted_parameter_count(visible, hidden) && status == QHM_OK; i++)
        parameters[i] = t.descent.values[i];
    close_training(&t);
    return status;
}
