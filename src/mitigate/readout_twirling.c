// Twirled readout: qubits are turned around at random before they are read and the bits turned
// back, so that wrong readout only shrinks each Pauli string, by a factor that an empty circuit
// shows.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <qhm/random.h>

enum { DEFAULT_RANDOMIZATIONS = 32, MOST_RANDOMIZATIONS = 1000000 };

#define LEAST_FACTOR 1e-3 // of a string that can still be restored

// One estimate.
struct twirl {
    qhm_executor *inner;
    const qhm_execution *execution;
    size_t randomizations, qubits;
    size_t calibration_shots;
    qhm_distribution *calibration; // of |0...0>, turned back
    double gamma;                  // the largest so far
};

static qhm_status check(const qhm_mitigation_options *options)
{
    QHM_REQUIRE(options->readout_twirling.randomizations <= MOST_RANDOMIZATIONS,
                "trex: randomizations is %zu, not 0 to %d",
                options->readout_twirling.randomizations, MOST_RANDOMIZATIONS);
    return QHM_OK;
}

// All masks where there are few qubits, else some by the seed.
static void find_mask(const struct twirl *t, size_t index, uint64_t *mask)
{
    const size_t words = qhm_bit_words(t->qubits);
    if (t->qubits < 20 && (size_t)1 << t->qubits == t->randomizations) {
        mask[0] = index;
        return;
    }
    qhm_random random =
        qhm_random_stream(t->execution->seed, QHM_RANDOM_MITIGATION, QHM_STREAM_MASKS, index, 1);
    for (size_t w = 0; w < words; w++)
        mask[w] = qhm_random_u64(&random);
}

// turned [words] is work space.
static qhm_status add_turned(const qhm_distribution *part, const uint64_t *mask, double factor,
                             uint64_t *turned, qhm_distribution *outcomes)
{
    const size_t words = qhm_bit_words(qhm_distribution_bit_count(part));
    for (size_t i = 0; i < qhm_distribution_outcome_count(part); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(part, i, &bits, &weight);
        for (size_t w = 0; w < words; w++)
            turned[w] = bits[w] ^ mask[w];
        QHM_TRY(qhm_distribution_append(outcomes, turned, factor * weight));
    }
    return QHM_OK;
}

static qhm_status add_masked(const struct twirl *t, const qhm_sampling *sampling, size_t index,
                             size_t parts, uint64_t *masks, qhm_distribution *outcomes,
                             qhm_overhead *overhead)
{
    qhm_distribution *part;
    qhm_sampling one = *sampling;
    find_mask(t, index, masks);
    one.flips = masks;
    one.shots = qhm_share_of(sampling->shots, parts, index);
    one.seed = qhm_seed_of(sampling->seed, QHM_STREAM_MASKS, index);
    QHM_TRY(qhm_executor_draw(t->inner, &one, &part, overhead));
    const qhm_status status = add_turned(part, masks, sampling->shots > 0 ? 1 : 1 / (double)parts,
                                         masks + qhm_bit_words(t->qubits), outcomes);
    qhm_distribution_destroy(part);
    return status;
}

static qhm_status draw_all(const struct twirl *t, const qhm_sampling *sampling,
                           qhm_distribution *outcomes, qhm_overhead *overhead)
{
    const size_t parts = sampling->shots > 0 && sampling->shots < t->randomizations
                             ? sampling->shots
                             : t->randomizations;
    uint64_t *masks; // a mask, and work space
    QHM_TRY(qhm_allocate(2 * qhm_bit_words(t->qubits), sizeof *masks, &masks));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < parts && status == QHM_OK; i++)
        status = add_masked(t, sampling, i, parts, masks, outcomes, overhead);
    qhm_release(masks);
    return status;
}

static qhm_status draw(void *context, const qhm_sampling *sampling, qhm_distribution **outcomes,
                       qhm_overhead *overhead)
{
    const struct twirl *t = context;
    qhm_distribution *made;
    QHM_TRY(qhm_distribution_create(t->qubits, &made));
    const qhm_status status = draw_all(t, sampling, made, overhead);
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    *outcomes = made;
    return QHM_OK;
}

static qhm_status calibrate(struct twirl *t, qhm_overhead *overhead)
{
    qhm_circuit *empty;
    QHM_TRY(qhm_circuit_create(t->qubits, 0, &empty));
    const qhm_sampling sampling = {.circuit = empty,
                                   .shots = t->calibration_shots,
                                   .seed =
                                       qhm_seed_of(t->execution->seed, QHM_STREAM_CALIBRATION, 0)};
    const qhm_status status = draw(t, &sampling, &t->calibration, overhead);
    qhm_circuit_destroy(empty);
    return status;
}

// What is left of the sign of a string.
static double factor_of(const struct twirl *t, const qhm_pauli_factor *factors, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(t->calibration); i++) {
        const uint64_t *bits;
        double weight;
        bool is_odd = false;
        qhm_distribution_outcome(t->calibration, i, &bits, &weight);
        for (size_t f = 0; f < count; f++)
            is_odd ^= bits[factors[f].qubit / 64] >> factors[f].qubit % 64 & 1;
        sum += is_odd ? -weight : weight;
    }
    return sum / qhm_distribution_total(t->calibration);
}

// Refuses strings of which nothing is left, and finds gamma. The calibration's own error goes to
// the variances: exact for a single string, else as if every string had the value 1.
static qhm_status check_factors(struct twirl *t)
{
    const qhm_execution *e = t->execution;
    for (size_t k = 0; k < e->observable_count; k++)
        for (size_t i = 0; i < qhm_observable_term_count(e->observables[k]); i++) {
            const qhm_pauli_term *term = qhm_observable_term(e->observables[k], i);
            const double factor = factor_of(t, term->factors, term->factor_count);
            if (!(factor > LEAST_FACTOR))
                return QHM_FAIL(QHM_ERROR_NUMERIC,
                                "trex: readout leaves %g of term %zu of observable %zu, too little "
                                "to restore",
                                factor, i, k);
            t->gamma = fmax(t->gamma, 1 / factor);
        }
    return QHM_OK;
}

static double recover(void *context, const qhm_readout *readout, const qhm_readout_term *term,
                      const uint64_t *outcome)
{
    const struct twirl *t = context;
    return qhm_readout_sign(readout, term, outcome) /
           factor_of(t, readout->factors + term->first_factor, term->factor_count);
}

static void add_calibration_error(const struct twirl *t)
{
    const qhm_execution *e = t->execution;
    for (size_t k = 0; t->calibration_shots > 0 && k < e->observable_count; k++) {
        const size_t count = qhm_observable_term_count(e->observables[k]);
        for (size_t i = 0; i < count; i++) {
            const qhm_pauli_term *term = qhm_observable_term(e->observables[k], i);
            const double factor = factor_of(t, term->factors, term->factor_count);
            const double relative =
                (1 - factor * factor) / (double)t->calibration_shots / (factor * factor);
            const double value = count == 1 ? e->values[k] : term->coefficient;
            e->variances[k] += value * value * relative;
        }
    }
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    const qhm_readout_twirling_options *o = &options->readout_twirling;
    struct twirl t = {
        .inner = inner, .execution = e, .qubits = qhm_circuit_qubit_count(e->circuit), .gamma = 1};
    t.randomizations = o->randomizations > 0 ? o->randomizations : DEFAULT_RANDOMIZATIONS;
    if (t.qubits < 20 && (size_t)1 << t.qubits < t.randomizations)
        t.randomizations = (size_t)1 << t.qubits;
    if (e->shots > 0)
        t.calibration_shots = o->calibration_shots > 0 ? o->calibration_shots : e->shots;
    const qhm_setting_hooks hooks = {.context = &t, .draw = draw, .term_value = recover};
    qhm_status status = calibrate(&t, e->overhead);
    if (status == QHM_OK)
        status = check_factors(&t);
    if (status == QHM_OK)
        status = qhm_executor_measure(inner, e, &hooks);
    if (status == QHM_OK) {
        add_calibration_error(&t);
        e->overhead->sampling *= t.gamma * t.gamma;
        qhm_overhead_say(e->overhead, "trex: %zu sets of flips, gamma %.4g", t.randomizations,
                         t.gamma);
    }
    qhm_distribution_destroy(t.calibration);
    return status;
}

const qhm_technique qhm_readout_twirling_technique = {
    .information = {.name = "trex",
                    .title = "twirled readout",
                    .help = "turns qubits around at random before they are read, and divides by "
                            "what that leaves of an empty circuit's values",
                    .cost = "as many shots again for the calibration; error bars grow by one over "
                            "what is left",
                    .needs_samples = true},
    .check = check,
    .estimate = estimate,
};
