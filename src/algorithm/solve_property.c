// Properties of a solution that is held as a state: means of a matrix over the runs that are kept.
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "algorithm/pauli_sum.h"
#include "algorithm/solve_internal.h"
#include "base/memory.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <string.h>

// Strings that agree qubit by qubit: those with `setting` equal are read out together.
typedef struct sum {
    qhm_pauli_weight *terms;
    size_t *setting;
    size_t count, settings;
} sum;

static qhm_status group(sum *s)
{
    QHM_TRY(qhm_allocate(s->count, sizeof *s->setting, &s->setting));
    for (size_t i = 0; i < s->count; i++) {
        size_t g = 0;
        for (bool fits = false; !fits && g < s->settings; g += !fits) {
            fits = true;
            for (size_t j = 0; j < i && fits; j++)
                fits = s->setting[j] != g ||
                       qhm_pauli_commute_qubitwise(s->terms[i].string, s->terms[j].string);
        }
        s->setting[i] = g;
        s->settings += g == s->settings;
    }
    return QHM_OK;
}

// Turns X and Y of the setting into Z, and measures all qubits.
static qhm_status append_readout(const sum *s, size_t setting, size_t qubits, qhm_circuit *circuit)
{
    qhm_pauli_masks all = {0, 0};
    const size_t count = qhm_circuit_qubit_count(circuit);
    for (size_t i = 0; i < s->count; i++)
        if (s->setting[i] == setting) {
            all.x |= s->terms[i].string.x;
            all.z |= s->terms[i].string.z;
        }
    for (uint32_t q = 0; q < qubits; q++) {
        if (!(all.x >> q & 1))
            continue;
        if (all.z >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_SDG, &q, NULL));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    }
    return qhm_append_measures(circuit, "c", count);
}

// Adds the setting's mean and the variance of one shot.
static void add_outcomes(const sum *s, size_t setting, size_t qubits, uint64_t kept,
                         const qhm_distribution *outcomes, qhm_ledger *ledger,
                         qhm_solve_reading *reading)
{
    const double shots = qhm_distribution_total(outcomes);
    double mean = 0, square = 0, discarded = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight, value = 0;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        if (bits[0] >> qubits != kept) {
            discarded += weight;
            continue;
        }
        for (size_t t = 0; t < s->count; t++)
            if (s->setting[t] == setting) {
                const uint64_t support = s->terms[t].string.x | s->terms[t].string.z;
                value += (__builtin_parityll(bits[0] & support) ? -1 : 1) * s->terms[t].coefficient;
            }
        mean += weight * value / shots;
        square += weight * value * value / shots;
    }
    ledger->discarded_shots += (uint64_t)discarded;
    reading->value += mean;
    reading->variance += fmax(0, square - mean * mean);
}

static qhm_status read_setting(const sum *s, size_t setting, const qhm_linear_system *system,
                               const qhm_solve_state *state, qhm_random *random, qhm_ledger *ledger,
                               qhm_solve_reading *reading)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_circuit_copy(state->circuit, &circuit));
    qhm_status status = append_readout(s, setting, system->qubits, circuit);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, system->options->shots, qhm_random_u64(random),
                                   &(qhm_run_counts){.state_preparations = state->loads}, ledger,
                                   &outcomes);
    if (status == QHM_OK)
        add_outcomes(s, setting, system->qubits, state->kept, outcomes, ledger, reading);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

qhm_status qhm_solve_read(const qhm_linear_system *system, const qhm_solve_state *state,
                          const double *matrix, qhm_random random, qhm_ledger *ledger,
                          qhm_solve_reading *reading)
{
    sum s = {0};
    qhm_solve_reading made = {0};
    qhm_status status = qhm_pauli_sum_find(system->qubits, matrix, &s.terms, &s.count);
    if (status == QHM_OK && s.count > 0)
        status = group(&s);
    for (size_t g = 0; g < s.settings && status == QHM_OK; g++)
        status = read_setting(&s, g, system, state, &random, ledger, &made);
    made.settings = s.settings;
    made.standard_error = sqrt(made.variance / (double)system->options->shots);
    qhm_release(s.terms);
    qhm_release(s.setting);
    if (status == QHM_OK)
        *reading = made;
    return status;
}

// (M + M') / 2 where x is in the state; its largest |eigenvalue| is its size.
static qhm_status pad(const qhm_linear_system *s, double *padded, double *size)
{
    const size_t n = s->size, wide = (size_t)1 << s->qubits;
    double copy[QHM_MOST_SIZE * QHM_MOST_SIZE], values[QHM_MOST_SIZE];
    double vectors[QHM_MOST_SIZE * QHM_MOST_SIZE];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            padded[(s->first + i) * wide + s->first + j] = copy[i * n + j] =
                (s->property[i * n + j] + s->property[j * n + i]) / 2;
    QHM_TRY(qhm_symmetric_eigen(copy, n, n, values, vectors));
    *size = fmax(fabs(values[0]), fabs(values[n - 1]));
    return QHM_OK;
}

qhm_status qhm_solve_property(const qhm_linear_system *system, const qhm_solve_state *state,
                              uint64_t seed, qhm_result *result)
{
    double padded[QHM_MOST_SIZE * QHM_MOST_SIZE] = {0}, size, exact = 0, square = 0;
    qhm_solve_reading reading;
    const size_t n = system->size;
    if (!system->property)
        return QHM_OK;
    QHM_TRY(pad(system, padded, &size));
    const qhm_random random =
        qhm_random_stream(seed, QHM_RANDOM_SHOTS, QHM_SOLVE_STREAM, QHM_SOLVE_PROPERTY, 0);
    QHM_TRY(qhm_solve_read(system, state, padded, random, &result->ledger, &reading));
    for (size_t i = 0; i < n; i++) {
        square += system->x[i] * system->x[i];
        for (size_t j = 0; j < n; j++)
            exact += system->x[i] * system->property[i * n + j] * system->x[j];
    }
    const double scale = state->scale * state->scale;
    const double allowed = system->options->error * size * square;
    qhm_result_number(result->answer, "property", scale * reading.value);
    qhm_result_number(result->answer, "property_standard_error",
                      hypot(scale * reading.standard_error,
                            2 * state->scale * state->scale_error * reading.value));
    qhm_result_count(result->answer, "property_settings", reading.settings);
    qhm_result_number(result->answer, "runs_for_property",
                      allowed > 0 ? ceil((double)reading.settings * reading.variance * scale *
                                         scale / (allowed * allowed))
                                  : 0);
    qhm_result_number(result->opponent, "property", exact);
    qhm_result_note(result,
                    "The runs for the property are those for a standard error of %g of "
                    "its largest value for any x of this length.",
                    system->options->error);
    return QHM_OK;
}
