// Symmetry verification: what breaks a symmetry that the ideal state has was an error.
#include "base/memory.h"
#include "base/text.h"
#include "linalg/pauli.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <string.h>

enum { MOST_SYMMETRIES = 6, MOST_QUBITS = 64 };

#define LEAST_KEPT 1e-6

// Symmetries that have been read.
struct symmetries {
    size_t count;
    qhm_observable *items[MOST_SYMMETRIES]; // a term each, with the sign
};

static void release(struct symmetries *s)
{
    for (size_t i = 0; i < s->count; i++)
        qhm_observable_destroy(s->items[i]);
}

static const qhm_pauli_term *term_of(const struct symmetries *s, size_t index)
{
    return qhm_observable_term(s->items[index], 0);
}

static qhm_pauli_masks masks_of(const qhm_pauli_term *term)
{
    qhm_pauli_masks masks = {0, 0};
    for (size_t f = 0; f < term->factor_count; f++) {
        const uint64_t bit = (uint64_t)1 << term->factors[f].qubit;
        masks.x |= term->factors[f].pauli != QHM_PAULI_Z ? bit : 0;
        masks.z |= term->factors[f].pauli != QHM_PAULI_X ? bit : 0;
    }
    return masks;
}

static qhm_status add_symmetry(struct symmetries *s, const char *text)
{
    QHM_REQUIRE(s->count < MOST_SYMMETRIES, "symmetry: more than %d symmetries", MOST_SYMMETRIES);
    qhm_observable **item = &s->items[s->count];
    QHM_TRY(qhm_observable_parse(text, item));
    s->count++;
    QHM_REQUIRE(qhm_observable_term_count(*item) == 1 &&
                    fabs(fabs(qhm_observable_term(*item, 0)->coefficient) - 1) == 0 &&
                    qhm_observable_term(*item, 0)->factor_count > 0,
                "symmetry: \"%s\" is not one Pauli string with the sign 1 or -1", text);
    QHM_REQUIRE(qhm_observable_qubit_count(*item) <= MOST_QUBITS,
                "symmetry: \"%s\" is on qubit %zu, not 0 to %d", text,
                qhm_observable_qubit_count(*item) - 1, MOST_QUBITS - 1);
    for (size_t i = 0; i + 1 < s->count; i++)
        QHM_REQUIRE(qhm_pauli_commute(masks_of(term_of(s, i)), masks_of(term_of(s, s->count - 1))),
                    "symmetry: \"%s\" does not commute with symmetry %zu", text, i);
    return QHM_OK;
}

static qhm_status read_parts(struct symmetries *s, char *text)
{
    for (char *part = text; part;) {
        char *comma = strchr(part, ',');
        if (comma)
            *comma = 0;
        const qhm_status status = add_symmetry(s, part);
        if (status != QHM_OK) {
            if (status == QHM_ERROR_BAD_INPUT)
                qhm_prefix_error_message("symmetry %zu", s->count);
            return status;
        }
        part = comma ? comma + 1 : NULL;
    }
    return QHM_OK;
}

static qhm_status read_symmetries(const qhm_symmetry_options *o, struct symmetries *s)
{
    char *text;
    QHM_REQUIRE(o->method <= QHM_SYMMETRY_EXPANSION,
                "symmetry: method is %d, not one of qhm_symmetry_method", (int)o->method);
    QHM_REQUIRE(o->symmetries && o->symmetries[0],
                "symmetry: no symmetries are given, such as \"Z0 Z1\"");
    *s = (struct symmetries){0};
    QHM_TRY(qhm_copy_text(o->symmetries, &text));
    const qhm_status status = read_parts(s, text);
    qhm_release(text);
    if (status != QHM_OK)
        release(s);
    return status;
}

static qhm_status check(const qhm_mitigation_options *options)
{
    struct symmetries s;
    QHM_TRY(read_symmetries(&options->symmetry, &s));
    release(&s);
    return QHM_OK;
}

// The basis of each qubit that the symmetries need; letters [qubits].
static qhm_status find_letters(const struct symmetries *s, uint8_t *letters)
{
    for (size_t i = 0; i < s->count; i++)
        for (size_t f = 0; f < term_of(s, i)->factor_count; f++) {
            const qhm_pauli_factor *factor = &term_of(s, i)->factors[f];
            if (letters[factor->qubit] != QHM_PAULI_I && letters[factor->qubit] != factor->pauli)
                return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                                "symmetry: the symmetries need two bases of qubit %u in one shot: "
                                "take the method expansion",
                                factor->qubit);
            letters[factor->qubit] = (uint8_t)factor->pauli;
        }
    return QHM_OK;
}

static qhm_status check_bases(const qhm_execution *e, const uint8_t *letters)
{
    for (size_t k = 0; k < e->observable_count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(e->observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(e->observables[k], t);
            for (size_t f = 0; f < term->factor_count; f++) {
                const qhm_pauli_factor *factor = &term->factors[f];
                const uint8_t letter = letters[factor->qubit];
                if (letter != QHM_PAULI_I && letter != factor->pauli)
                    return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                                    "symmetry: observable %zu and the symmetries need two bases "
                                    "of qubit %u in one shot: take the method expansion",
                                    k, factor->qubit);
            }
        }
    return QHM_OK;
}

static bool keeps(void *context, const uint64_t *outcome)
{
    const struct symmetries *s = context;
    for (size_t i = 0; i < s->count; i++) {
        const qhm_pauli_term *term = term_of(s, i);
        bool is_odd = term->coefficient < 0;
        for (size_t f = 0; f < term->factor_count; f++)
            is_odd ^= outcome[term->factors[f].qubit / 64] >> term->factors[f].qubit % 64 & 1;
        if (is_odd)
            return false;
    }
    return true;
}

static qhm_status post_select(qhm_executor *inner, struct symmetries *s, const qhm_execution *e)
{
    uint8_t *letters;
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(e->circuit), sizeof *letters, &letters));
    const qhm_setting_hooks hooks = {.context = s, .letters = letters, .keeps = keeps};
    qhm_status status = find_letters(s, letters);
    if (status == QHM_OK)
        status = check_bases(e, letters);
    if (status == QHM_OK)
        status = qhm_executor_measure(inner, e, &hooks);
    qhm_release(letters);
    if (status == QHM_OK)
        e->overhead->sampling /= e->overhead->kept;
    return status;
}

// Adds coefficient * term * (product of symmetries in `subset`), with its sign.
static qhm_status append_product(qhm_observable *sum, double coefficient, qhm_pauli_masks masks,
                                 const struct symmetries *s, size_t subset)
{
    qhm_pauli_factor factors[MOST_QUBITS];
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        if (subset >> i & 1) {
            const unsigned k = qhm_pauli_multiply(masks, masks_of(term_of(s, i)), &masks);
            coefficient *= term_of(s, i)->coefficient * (k == 2 ? -1 : 1); // they commute: k even
        }
    for (uint32_t q = 0; q < MOST_QUBITS; q++) {
        const bool x = masks.x >> q & 1, z = masks.z >> q & 1;
        if (x || z)
            factors[count++] = (qhm_pauli_factor){q, x && z ? QHM_PAULI_Y
                                                     : x    ? QHM_PAULI_X
                                                            : QHM_PAULI_Z};
    }
    return qhm_observable_append(sum, coefficient, factors, count);
}

// P (projector on the symmetries) for all terms that commute with them; the others have no value.
static qhm_status project(const qhm_observable *observable, const struct symmetries *s,
                          qhm_observable *projected)
{
    const size_t subsets = (size_t)1 << s->count;
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        bool commutes = true;
        for (size_t i = 0; i < s->count; i++)
            commutes = commutes && qhm_pauli_commute(masks_of(term), masks_of(term_of(s, i)));
        for (size_t subset = 0; commutes && subset < subsets; subset++)
            QHM_TRY(append_product(projected, term->coefficient / (double)subsets, masks_of(term),
                                   s, subset));
    }
    return QHM_OK;
}

// observables [count + 1]: each one projected, and the projector.
static qhm_status project_all(const qhm_execution *e, const struct symmetries *s,
                              qhm_observable **observables)
{
    const size_t count = e->observable_count;
    for (size_t k = 0; k <= count; k++) {
        QHM_TRY(qhm_observable_create(&observables[k]));
        if (k < count)
            QHM_TRY(project(e->observables[k], s, observables[k]));
    }
    for (size_t subset = 0; subset < (size_t)1 << s->count; subset++)
        QHM_TRY(append_product(observables[count], 1 / (double)((size_t)1 << s->count),
                               (qhm_pauli_masks){0, 0}, s, subset));
    return QHM_OK;
}

static qhm_status divide(const qhm_execution *e, const double *values, const double *variances)
{
    const size_t count = e->observable_count;
    const double kept = values[count];
    if (!(kept > LEAST_KEPT))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "symmetry: %g of the state has the symmetries", kept);
    for (size_t k = 0; k < count; k++) {
        e->values[k] = values[k] / kept;
        // As if the two were measured apart.
        e->variances[k] =
            (variances[k] + e->values[k] * e->values[k] * variances[count]) / (kept * kept);
    }
    e->overhead->kept = fmin(e->overhead->kept, kept);
    e->overhead->sampling /= kept * kept;
    return QHM_OK;
}

static qhm_status run_expansion(qhm_executor *inner, const struct symmetries *s,
                                const qhm_execution *e, qhm_observable **observables)
{
    const size_t count = e->observable_count + 1;
    double *room;
    QHM_TRY(qhm_allocate(2 * count, sizeof *room, &room));
    qhm_execution expanded = *e;
    expanded.observables = (const qhm_observable *const *)observables;
    expanded.observable_count = count;
    qhm_status status = project_all(e, s, observables);
    if (status == QHM_OK)
        status = qhm_mitigation_estimate(inner, &expanded, e->circuit, e->shots, e->seed, room,
                                         room + count);
    if (status == QHM_OK)
        status = divide(e, room, room + count);
    qhm_release(room);
    return status;
}

static qhm_status expand(qhm_executor *inner, const struct symmetries *s, const qhm_execution *e)
{
    const size_t count = e->observable_count + 1;
    qhm_observable **observables;
    QHM_REQUIRE(qhm_circuit_qubit_count(e->circuit) <= MOST_QUBITS,
                "symmetry: expansion takes circuits of at most %d qubits, not %zu", MOST_QUBITS,
                qhm_circuit_qubit_count(e->circuit));
    QHM_TRY(qhm_allocate(count, sizeof(qhm_observable *), &observables));
    const qhm_status status = run_expansion(inner, s, e, observables);
    for (size_t k = 0; k < count; k++)
        qhm_observable_destroy(observables[k]);
    qhm_release(observables);
    return status;
}

static qhm_status verify(qhm_executor *inner, const qhm_mitigation_options *options,
                         struct symmetries *s, const qhm_execution *e)
{
    const size_t qubits = qhm_circuit_qubit_count(e->circuit);
    for (size_t i = 0; i < s->count; i++)
        QHM_REQUIRE(qhm_observable_qubit_count(s->items[i]) <= qubits,
                    "symmetry %zu is on qubit %zu, but the circuit has %zu qubits", i,
                    qhm_observable_qubit_count(s->items[i]) - 1, qubits);
    if (options->symmetry.method == QHM_SYMMETRY_EXPANSION)
        return expand(inner, s, e);
    return post_select(inner, s, e);
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    struct symmetries s;
    QHM_TRY(read_symmetries(&options->symmetry, &s));
    const qhm_status status = verify(inner, options, &s, e);
    if (status == QHM_OK)
        qhm_overhead_say(e->overhead, "symmetry: %s of %zu, %.3g kept",
                         options->symmetry.method == QHM_SYMMETRY_EXPANSION ? "expansion"
                                                                            : "post-selection",
                         s.count, e->overhead->kept);
    release(&s);
    return status;
}

const qhm_technique qhm_symmetry_technique = {
    .information = {.name = "symmetry",
                    .title = "symmetry verification",
                    .help = "drops shots, or subtracts their part of values, that break a symmetry "
                            "of the ideal state",
                    .cost = "shots grow by one over the share that is kept; expansion by its "
                            "square, in more settings"},
    .check = check,
    .estimate = estimate,
};
