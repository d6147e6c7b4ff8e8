// Expectation values from outcomes, one measurement setting after the other.
#include "mitigate/executor_internal.h"

#include "base/memory.h"

#include <string.h>

void qhm_weighted_mean(size_t count, const double *weights, const double *values, bool is_counts,
                       double *mean, double *variance)
{
    double total = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        total += weights[i];
        sum += weights[i] * values[i];
    }
    *mean = sum / total;
    for (size_t i = 0; i < count; i++)
        squares += weights[i] * (values[i] - *mean) * (values[i] - *mean);
    // A single shot says nothing of its spread: then as if it were drawn from the same twice.
    *variance = is_counts ? squares / total / (total > 1 ? total - 1 : 1) : 0;
}

// Work space of one execution.
struct measuring {
    const qhm_execution *execution;
    const qhm_setting_hooks *hooks;
    qhm_readout readout;
    size_t capacity; // outcomes that there is room for
    double *weights, *values;
};

static void release(struct measuring *m)
{
    qhm_readout_release(&m->readout);
    qhm_release(m->weights);
    qhm_release(m->values);
}

static double value_of(const struct measuring *m, const qhm_readout_term *term,
                       const uint64_t *outcome)
{
    const qhm_setting_hooks *hooks = m->hooks;
    return hooks->term_value ? hooks->term_value(hooks->context, &m->readout, term, outcome)
                             : qhm_readout_sign(&m->readout, term, outcome);
}

// What each outcome that counts says of an observable; false if the setting says nothing of it.
static bool read_values(struct measuring *m, size_t setting, size_t observable,
                        const qhm_distribution *outcomes, size_t *count)
{
    const qhm_setting_hooks *hooks = m->hooks;
    bool has_terms = false;
    for (size_t t = 0; t < m->readout.term_count && !has_terms; t++)
        has_terms =
            m->readout.terms[t].setting == setting && m->readout.terms[t].observable == observable;
    *count = 0;
    for (size_t i = 0; has_terms && i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight, value = 0;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        if (hooks->keeps && !hooks->keeps(hooks->context, bits))
            continue;
        for (size_t t = 0; t < m->readout.term_count; t++) {
            const qhm_readout_term *term = &m->readout.terms[t];
            if (term->setting == setting && term->observable == observable)
                value += term->coefficient * value_of(m, term, bits);
        }
        m->weights[*count] = weight;
        m->values[(*count)++] = value;
    }
    return has_terms;
}

static qhm_status read_setting(struct measuring *m, size_t setting,
                               const qhm_distribution *outcomes)
{
    const qhm_execution *e = m->execution;
    const qhm_setting_hooks *hooks = m->hooks;
    const size_t all = qhm_distribution_outcome_count(outcomes);
    if (all > m->capacity) {
        QHM_TRY(qhm_reallocate(m->capacity, all, sizeof *m->weights, &m->weights));
        QHM_TRY(qhm_reallocate(m->capacity, all, sizeof *m->values, &m->values));
        m->capacity = all;
    }
    if (hooks->begin)
        QHM_TRY(hooks->begin(hooks->context, &m->readout, outcomes));
    for (size_t k = 0; k < e->observable_count; k++) {
        size_t count;
        double mean, variance, kept = 0;
        if (!read_values(m, setting, k, outcomes, &count))
            continue;
        for (size_t i = 0; i < count; i++)
            kept += m->weights[i];
        if (!(kept > 0))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "no outcome of setting %zu is kept", setting);
        if (hooks->keeps) {
            const double share = kept / qhm_distribution_total(outcomes);
            e->overhead->kept = share < e->overhead->kept ? share : e->overhead->kept;
        }
        if (hooks->change)
            QHM_TRY(hooks->change(hooks->context, count, m->values));
        qhm_weighted_mean(count, m->weights, m->values, e->shots > 0, &mean, &variance);
        e->values[k] += mean;
        e->variances[k] += variance;
    }
    return QHM_OK;
}

static qhm_status run_setting(struct measuring *m, qhm_executor *executor, size_t setting)
{
    const qhm_execution *e = m->execution;
    const qhm_setting_hooks *hooks = m->hooks;
    uint8_t *letters = m->readout.letters + setting * m->readout.qubit_count;
    for (size_t q = 0; hooks->letters && q < m->readout.qubit_count; q++)
        if (letters[q] == QHM_PAULI_I)
            letters[q] = hooks->letters[q];
    const qhm_sampling sampling = {.circuit = e->circuit,
                                   .inputs = e->inputs,
                                   .weights = e->weights,
                                   .letters = letters,
                                   .shots = e->shots,
                                   .seed = qhm_seed_of(e->seed, QHM_STREAM_SETTING, setting)};
    qhm_distribution *outcomes = NULL;
    qhm_status status = hooks->draw
                            ? hooks->draw(hooks->context, &sampling, &outcomes, e->overhead)
                            : qhm_executor_draw(executor, &sampling, &outcomes, e->overhead);
    if (status == QHM_OK)
        status = read_setting(m, setting, outcomes);
    qhm_distribution_destroy(outcomes);
    return status;
}

qhm_status qhm_executor_measure(qhm_executor *executor, const qhm_execution *execution,
                                const qhm_setting_hooks *hooks)
{
    struct measuring m = {.execution = execution, .hooks = hooks};
    qhm_status status =
        qhm_readout_create(qhm_circuit_qubit_count(execution->circuit), execution->observables,
                           execution->observable_count, &m.readout);
    for (size_t k = 0; status == QHM_OK && k < execution->observable_count; k++) {
        execution->values[k] = m.readout.constants[k];
        execution->variances[k] = 0;
    }
    for (size_t s = 0; status == QHM_OK && s < m.readout.setting_count; s++)
        status = run_setting(&m, executor, s);
    release(&m);
    return status;
}
