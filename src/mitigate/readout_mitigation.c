// Readout mitigation: each outcome's value replaced by what the inverse confusion matrix makes of
// it.
#include "base/memory.h"
#include "mitigate/confusion.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>

enum { CALIBRATION_SHOTS = 8192 };

// One estimate.
struct correction {
    qhm_readout_options options; // with flips or confusion filled in
    size_t qubits;
    double (*flips)[2];   // [qubits] measured
    double *confusion;    // [2^qubits][2^qubits] measured
    qhm_confusion solver; // subspace: of the present setting; correlated: of all
    double *tables;       // correlated: [terms][2^qubits] values of outcomes
    double gamma;         // the largest so far
};

static void release(struct correction *c)
{
    qhm_release(c->flips);
    qhm_release(c->confusion);
    qhm_confusion_release(&c->solver);
    qhm_release(c->tables);
}

static qhm_status check(const qhm_mitigation_options *options)
{
    const qhm_readout_options *o = &options->readout;
    QHM_REQUIRE(o->method <= QHM_READOUT_CORRELATED,
                "readout: method is %d, not one of qhm_readout_method", (int)o->method);
    return o->flips ? qhm_flips_check(o->flip_count, o->flips) : QHM_OK;
}

// Outcomes of the states |mask>.
static qhm_status read_state(qhm_executor *executor, size_t qubits, const uint64_t *mask,
                             size_t shots, uint64_t seed, qhm_distribution **outcomes,
                             qhm_overhead *overhead)
{
    qhm_circuit *empty;
    QHM_TRY(qhm_circuit_create(qubits, 0, &empty));
    const qhm_sampling sampling = {.circuit = empty, .flips = mask, .shots = shots, .seed = seed};
    const qhm_status status = qhm_executor_draw(executor, &sampling, outcomes, overhead);
    qhm_circuit_destroy(empty);
    return status;
}

static qhm_status read_flips(qhm_executor *executor, size_t qubits, int value, size_t shots,
                             uint64_t seed, double (*flips)[2], qhm_overhead *overhead)
{
    uint64_t *mask;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_allocate((qubits + 63) / 64, sizeof *mask, &mask));
    for (size_t q = 0; value && q < qubits; q++)
        mask[q / 64] |= (uint64_t)1 << q % 64;
    const qhm_status status = read_state(executor, qubits, mask, shots, seed, &outcomes, overhead);
    for (size_t i = 0; status == QHM_OK && i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        for (size_t q = 0; q < qubits; q++)
            if ((bits[q / 64] >> q % 64 & 1) != (uint64_t)value)
                flips[q][value] += weight / qhm_distribution_total(outcomes);
    }
    qhm_distribution_destroy(outcomes);
    qhm_release(mask);
    return status;
}

qhm_status qhm_readout_calibrate(qhm_executor *executor, size_t qubit_count, size_t shots,
                                 uint64_t seed, double (*flips)[2], qhm_overhead *overhead)
{
    QHM_REQUIRE(executor && flips && qubit_count > 0,
                "calibration needs an executor, qubits and a place for flips");
    double(*found)[2];
    qhm_overhead total = qhm_overhead_none();
    QHM_TRY(qhm_allocate(qubit_count, sizeof *found, &found));
    qhm_status status = QHM_OK;
    for (int value = 0; value < 2 && status == QHM_OK; value++)
        status =
            read_flips(executor, qubit_count, value, shots,
                       qhm_seed_of(seed, QHM_STREAM_CALIBRATION, (size_t)value), found, &total);
    for (size_t q = 0; status == QHM_OK && q < qubit_count; q++) {
        flips[q][0] = found[q][0];
        flips[q][1] = found[q][1];
    }
    qhm_release(found);
    if (status == QHM_OK && overhead)
        *overhead = total;
    return status;
}

static size_t calibration_shots(const qhm_readout_options *o, const qhm_execution *e)
{
    if (e->shots == 0)
        return 0;
    return o->calibration_shots > 0 ? o->calibration_shots : CALIBRATION_SHOTS;
}

// Every state of the computational basis: a column of the confusion matrix each.
static qhm_status measure_confusion(qhm_executor *inner, const qhm_execution *e,
                                    struct correction *c)
{
    const size_t count = (size_t)1 << c->qubits;
    QHM_TRY(qhm_allocate(count * count, sizeof *c->confusion, &c->confusion));
    for (size_t truth = 0; truth < count; truth++) {
        const uint64_t mask = truth;
        qhm_distribution *outcomes;
        QHM_TRY(read_state(inner, c->qubits, &mask, calibration_shots(&c->options, e),
                           qhm_seed_of(e->seed, QHM_STREAM_CALIBRATION, truth), &outcomes,
                           e->overhead));
        const double total = qhm_distribution_total(outcomes);
        for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
            const uint64_t *bits;
            double weight;
            qhm_distribution_outcome(outcomes, i, &bits, &weight);
            c->confusion[bits[0] * count + truth] = weight / total;
        }
        qhm_distribution_destroy(outcomes);
    }
    c->options.confusion = c->confusion;
    return QHM_OK;
}

static qhm_status prepare_correlated(qhm_executor *inner, const qhm_execution *e,
                                     struct correction *c)
{
    if (c->qubits > QHM_CORRELATED_MAX_QUBITS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "readout: %zu qubits, more than the %d of the method correlated: take "
                        "subspace",
                        c->qubits, QHM_CORRELATED_MAX_QUBITS);
    QHM_REQUIRE(!c->options.confusion || c->options.flip_count == c->qubits,
                "readout: the confusion matrix is of %zu qubits, the circuit of %zu",
                c->options.flip_count, c->qubits);
    if (!c->options.confusion)
        QHM_TRY(measure_confusion(inner, e, c));
    QHM_TRY(qhm_confusion_create_whole((size_t)1 << c->qubits, c->options.confusion, &c->solver));
    return qhm_confusion_inverse_norm(&c->solver, &c->gamma);
}

static qhm_status prepare(qhm_executor *inner, const qhm_execution *e, struct correction *c)
{
    if (c->options.method == QHM_READOUT_CORRELATED)
        return prepare_correlated(inner, e, c);
    if (c->options.flips) {
        QHM_REQUIRE(c->options.flip_count >= c->qubits,
                    "readout: flips are of %zu qubits, the circuit has %zu", c->options.flip_count,
                    c->qubits);
        return QHM_OK;
    }
    qhm_overhead overhead = qhm_overhead_none();
    QHM_TRY(qhm_allocate(c->qubits, sizeof *c->flips, &c->flips));
    QHM_TRY(qhm_readout_calibrate(inner, c->qubits, calibration_shots(&c->options, e), e->seed,
                                  c->flips, &overhead));
    qhm_overhead_add(e->overhead, &overhead);
    c->options.flips = (const double(*)[2])c->flips;
    return qhm_flips_check(c->qubits, c->options.flips);
}

// Tensored: a product over the qubits of the string.
static double recover_term(void *context, const qhm_readout *readout, const qhm_readout_term *term,
                           const uint64_t *outcome)
{
    struct correction *c = context;
    double value = 1, norm = 1;
    for (size_t f = 0; f < term->factor_count; f++) {
        const uint32_t qubit = readout->factors[term->first_factor + f].qubit;
        double values[2];
        qhm_flips_recover(c->options.flips[qubit], values);
        value *= values[outcome[qubit / 64] >> qubit % 64 & 1];
        norm *= fmax(fabs(values[0]), fabs(values[1]));
    }
    c->gamma = fmax(c->gamma, norm);
    return value;
}

static qhm_status begin_subspace(void *context, const qhm_readout *readout,
                                 const qhm_distribution *outcomes)
{
    (void)readout;
    struct correction *c = context;
    double norm;
    qhm_confusion_release(&c->solver);
    QHM_TRY(qhm_confusion_create_subspace(&c->options, outcomes, &c->solver));
    QHM_TRY(qhm_confusion_inverse_norm(&c->solver, &norm));
    c->gamma = fmax(c->gamma, norm);
    return QHM_OK;
}

static qhm_status change_subspace(void *context, size_t count, double *values)
{
    (void)count;
    struct correction *c = context;
    return qhm_confusion_solve(&c->solver, true, values);
}

static qhm_status begin_correlated(void *context, const qhm_readout *readout,
                                   const qhm_distribution *outcomes)
{
    (void)outcomes;
    struct correction *c = context;
    const size_t count = (size_t)1 << c->qubits;
    if (c->tables)
        return QHM_OK; // by the first setting, for all
    QHM_TRY(qhm_allocate(readout->term_count * count, sizeof *c->tables, &c->tables));
    for (size_t t = 0; t < readout->term_count; t++) {
        double *table = c->tables + t * count;
        for (uint64_t string = 0; string < count; string++)
            table[string] = qhm_readout_sign(readout, &readout->terms[t], &string);
        QHM_TRY(qhm_confusion_solve(&c->solver, true, table));
    }
    return QHM_OK;
}

static double look_up(void *context, const qhm_readout *readout, const qhm_readout_term *term,
                      const uint64_t *outcome)
{
    const struct correction *c = context;
    const size_t index = (size_t)(term - readout->terms);
    return c->tables[(index << c->qubits) + outcome[0]];
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    static const char *const names[] = {"tensored", "subspace", "correlated"};
    struct correction c = {
        .options = options->readout, .qubits = qhm_circuit_qubit_count(e->circuit), .gamma = 1};
    const qhm_setting_hooks hooks[] = {
        [QHM_READOUT_TENSORED] = {.context = &c, .term_value = recover_term},
        [QHM_READOUT_SUBSPACE] = {.context = &c,
                                  .begin = begin_subspace,
                                  .change = change_subspace},
        [QHM_READOUT_CORRELATED] = {
            .context = &c, .begin = begin_correlated, .term_value = look_up}};
    qhm_status status = prepare(inner, e, &c);
    if (status == QHM_OK)
        status = qhm_executor_measure(inner, e, &hooks[c.options.method]);
    if (status == QHM_OK) {
        e->overhead->sampling *= c.gamma * c.gamma;
        qhm_overhead_say(e->overhead, "readout: %s, gamma %.4g", names[c.options.method], c.gamma);
    }
    release(&c);
    return status;
}

const qhm_technique qhm_readout_technique = {
    .information = {.name = "readout",
                    .title = "readout mitigation",
                    .help = "inverts the confusion matrix of the readout, which calibration "
                            "circuits measure or flips give",
                    .cost = "2 calibration circuits, or 2^n for correlated readout; error bars "
                            "grow with the 1-norm of the inverse",
                    .needs_samples = true},
    .check = check,
    .estimate = estimate,
};
