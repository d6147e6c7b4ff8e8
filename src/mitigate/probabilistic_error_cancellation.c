// Probabilistic error cancellation: the inverse of every channel drawn at random, with its sign.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/folding.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SAMPLES = 1000, MOST_TERMS = 256 };

// The inverse of one channel of the circuit.
struct place {
    size_t first, count; // of its terms
    double gamma;
};

// A circuit that was drawn, as its number among `draws`.
struct draw {
    const uint16_t *choices; // [places]
    size_t places;
    bool is_negative;
};

struct work {
    qhm_circuit *noisy;
    size_t place_count, place_capacity, term_count, term_capacity;
    struct place *places; // of the channels, in order
    qhm_recovery_term *terms;
    double gamma;
    size_t sample_count;
    uint16_t *choices;  // [samples][places] terms that were drawn
    struct draw *draws; // [samples] sorted, so that equal ones are run once
    double *values;     // [2][observables] of one circuit
    double *sums;       // [2][observables] of x and x^2, over samples
    double *inside;     // [observables] variance from shots
};

static void release(struct work *w)
{
    qhm_circuit_destroy(w->noisy);
    qhm_release(w->places);
    qhm_release(w->terms);
    qhm_release(w->choices);
    qhm_release(w->draws);
    qhm_release(w->values);
}

static qhm_status check(const qhm_mitigation_options *options)
{
    const qhm_cancellation_options *o = &options->cancellation;
    QHM_REQUIRE(o->max_overhead == 0 || (isfinite(o->max_overhead) && o->max_overhead >= 1),
                "pec: max_overhead is %g, not 1 or more", o->max_overhead);
    QHM_REQUIRE(o->samples <= 10000000, "pec: samples is %zu, not 0 to 10000000", o->samples);
    return QHM_OK;
}

static qhm_status add_place(struct work *w, const qhm_instruction *instruction)
{
    const qhm_channel channel = {.qubit_count = instruction->qubit_count,
                                 .kraus_count = instruction->kraus_count,
                                 .kraus = instruction->matrix};
    QHM_TRY(qhm_reserve(w->place_count + 1, &w->place_capacity, sizeof *w->places, &w->places));
    QHM_TRY(
        qhm_reserve(w->term_count + MOST_TERMS, &w->term_capacity, sizeof *w->terms, &w->terms));
    struct place place = {.first = w->term_count};
    QHM_TRY(qhm_channel_recover(&channel, w->terms + place.first, &place.count, &place.gamma));
    w->term_count += place.count;
    w->places[w->place_count++] = place;
    w->gamma *= place.gamma;
    return QHM_OK;
}

static qhm_status find_places(const qhm_cancellation_options *o, struct work *w)
{
    const double most = o->max_overhead > 0 ? o->max_overhead : 100;
    w->gamma = 1;
    for (size_t i = 0; i < qhm_circuit_instruction_count(w->noisy); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(w->noisy, i);
        const qhm_status status =
            instruction->gate == QHM_GATE_CHANNEL
                ? instruction->condition.relation == QHM_RELATION_NONE
                      ? add_place(w, instruction)
                      : QHM_FAIL(QHM_ERROR_UNSUPPORTED, "a channel with a condition")
            : instruction->gate == QHM_GATE_WHILE
                ? QHM_FAIL(QHM_ERROR_UNSUPPORTED, "loops run their channels again")
                : QHM_OK;
        if (status != QHM_OK) {
            qhm_prefix_error_message("pec: instruction %zu", i);
            return status;
        }
    }
    if (w->place_count == 0)
        return QHM_FAIL(
            QHM_ERROR_UNSUPPORTED,
            "pec: the circuit shows no channels: add its noise with `noise` or `before`");
    if (w->gamma * w->gamma > most)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "pec: undoing %zu channels takes gamma^2 = %.3g times the shots, above "
                        "max_overhead %g: take a shorter circuit, less noise or more shots",
                        w->place_count, w->gamma * w->gamma, most);
    return QHM_OK;
}

static int compare_draws(const void *left, const void *right)
{
    const struct draw *a = left, *b = right;
    return memcmp(a->choices, b->choices, a->places * sizeof *a->choices);
}

static void draw_all(struct work *w, uint64_t seed)
{
    for (size_t s = 0; s < w->sample_count; s++) {
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_MITIGATION, QHM_STREAM_QUASI, s, 0);
        uint16_t *choices = w->choices + s * w->place_count;
        w->draws[s] = (struct draw){choices, w->place_count, false};
        for (size_t p = 0; p < w->place_count; p++) {
            const struct place *place = &w->places[p];
            const qhm_recovery_term *terms = w->terms + place->first;
            double left = qhm_random_uniform(&random) * place->gamma;
            size_t t = 0;
            while (t + 1 < place->count && left >= fabs(terms[t].weight))
                left -= fabs(terms[t++].weight);
            choices[p] = (uint16_t)t;
            w->draws[s].is_negative ^= terms[t].weight < 0;
        }
    }
    qsort(w->draws, w->sample_count, sizeof *w->draws, compare_draws);
}

static qhm_status append_recovery(qhm_circuit *made, const qhm_instruction *channel,
                                  const qhm_recovery_term *term)
{
    static const qhm_gate gates[] = {[QHM_RECOVERY_X] = QHM_GATE_X,
                                     [QHM_RECOVERY_Y] = QHM_GATE_Y,
                                     [QHM_RECOVERY_Z] = QHM_GATE_Z,
                                     [QHM_RECOVERY_ZERO] = QHM_GATE_RESET,
                                     [QHM_RECOVERY_ONE] = QHM_GATE_RESET};
    for (uint32_t q = 0; q < channel->qubit_count; q++) {
        const uint8_t recovery = term->recoveries[q];
        if (recovery == QHM_RECOVERY_I)
            continue;
        QHM_TRY(qhm_circuit_append(made, gates[recovery], &channel->qubits[q], NULL));
        if (recovery == QHM_RECOVERY_ONE)
            QHM_TRY(qhm_circuit_append(made, QHM_GATE_X, &channel->qubits[q], NULL));
    }
    return QHM_OK;
}

static qhm_status append_drawn(const struct work *w, const struct draw *draw, qhm_circuit *made)
{
    size_t p = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(w->noisy); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(w->noisy, i);
        QHM_TRY(qhm_circuit_append_instruction(made, instruction));
        if (instruction->gate != QHM_GATE_CHANNEL)
            continue;
        QHM_TRY(
            append_recovery(made, instruction, w->terms + w->places[p].first + draw->choices[p]));
        p++;
    }
    return QHM_OK;
}

// Runs draw `first`, which stands for `times` equal ones that take the samples `first` and on.
static qhm_status run_draw(qhm_executor *inner, const qhm_execution *e, struct work *w,
                           size_t first, size_t times)
{
    qhm_circuit *circuit;
    size_t shots = 0;
    for (size_t i = 0; i < times; i++)
        shots += qhm_share_of(e->shots, w->sample_count, first + i);
    QHM_TRY(qhm_folding_begin(w->noisy, &circuit));
    const size_t count = e->observable_count;
    qhm_status status = append_drawn(w, &w->draws[first], circuit);
    if (status == QHM_OK)
        status = qhm_mitigation_estimate(inner, e, circuit, shots,
                                         qhm_seed_of(e->seed, QHM_STREAM_QUASI, first), w->values,
                                         w->values + count);
    qhm_circuit_destroy(circuit);
    const double m = (double)times, share = m / (double)w->sample_count;
    for (size_t k = 0; status == QHM_OK && k < count; k++) {
        const double x = w->draws[first].is_negative ? -w->values[k] : w->values[k];
        w->sums[k] += m * x;
        w->sums[count + k] += m * x * x;
        w->inside[k] += share * share * w->values[count + k];
    }
    return status;
}

static qhm_status run_draws(qhm_executor *inner, const qhm_execution *e, struct work *w)
{
    for (size_t first = 0, times; first < w->sample_count; first += times) {
        times = 1;
        while (first + times < w->sample_count &&
               compare_draws(&w->draws[first], &w->draws[first + times]) == 0)
            times++;
        QHM_TRY(run_draw(inner, e, w, first, times));
    }
    const double n = (double)w->sample_count, g = w->gamma;
    for (size_t k = 0; k < e->observable_count; k++) {
        const double mean = w->sums[k] / n;
        const double spread = fmax(0, w->sums[e->observable_count + k] / n - mean * mean);
        // Equal draws share their shots, whose spread is then not in that between draws.
        e->values[k] = g * mean;
        e->variances[k] = g * g * (spread / fmax(1, n - 1) + w->inside[k]);
    }
    return QHM_OK;
}

static qhm_status prepare(const qhm_mitigation_options *options, const qhm_execution *e,
                          struct work *w)
{
    const size_t count = e->observable_count;
    QHM_TRY(qhm_mitigation_begin(options, e->circuit, &w->noisy));
    QHM_TRY(find_places(&options->cancellation, w));
    w->sample_count =
        options->cancellation.samples > 0 ? options->cancellation.samples : DEFAULT_SAMPLES;
    if (e->shots > 0 && w->sample_count > e->shots)
        w->sample_count = e->shots;
    QHM_TRY(qhm_allocate(w->sample_count * w->place_count, sizeof *w->choices, &w->choices));
    QHM_TRY(qhm_allocate(w->sample_count, sizeof *w->draws, &w->draws));
    QHM_TRY(qhm_allocate(5 * count, sizeof *w->values, &w->values));
    w->sums = w->values + 2 * count;
    w->inside = w->values + 4 * count;
    return QHM_OK;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    struct work w = {0};
    qhm_status status = prepare(options, e, &w);
    if (status == QHM_OK) {
        draw_all(&w, e->seed);
        status = run_draws(inner, e, &w);
    }
    if (status == QHM_OK) {
        e->overhead->sampling *= w.gamma * w.gamma;
        qhm_overhead_say(e->overhead, "pec: gamma %.4g over %zu channels, %zu samples", w.gamma,
                         w.place_count, w.sample_count);
    }
    release(&w);
    return status;
}

const qhm_technique qhm_cancellation_technique = {
    .information = {.name = "pec",
                    .title = "probabilistic error cancellation",
                    .help = "mixes circuits with signs so that the noise, which must be known, "
                            "cancels on average",
                    .cost = "gamma^2 times the shots, and gamma grows exponentially with the "
                            "number of noisy gates"},
    .check = check,
    .estimate = estimate,
};
