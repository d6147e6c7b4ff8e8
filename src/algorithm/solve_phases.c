// The method "phases" of the problem "solve": that of Harrow, Hassidim and Lloyd.
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "algorithm/solve_internal.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>

// What only a simulator sees: P(kept) and the fidelity of the kept state with x.
static qhm_status compare(const qhm_linear_system *s, const qhm_circuit *circuit, double *kept,
                          double *fidelity)
{
    const size_t wide = (size_t)1 << s->qubits;
    const size_t first = wide << s->solver.clock_qubits;
    qhm_complex *state;
    double re = 0, im = 0, norm = 0;
    QHM_TRY(qhm_counted_state(circuit, NULL, &state));
    *kept = 0;
    for (size_t i = 0; i < wide; i++) {
        const qhm_complex a = state[first + i];
        *kept += a.re * a.re + a.im * a.im;
    }
    for (size_t i = 0; i < s->size; i++) {
        re += s->x[i] * state[first + s->first + i].re;
        im += s->x[i] * state[first + s->first + i].im;
        norm += s->x[i] * s->x[i];
    }
    qhm_release(state);
    *fidelity = (re * re + im * im) / (norm * *kept);
    return QHM_OK;
}

static qhm_status measure(const qhm_linear_system *s, const qhm_circuit *circuit, uint64_t seed,
                          qhm_ledger *ledger, qhm_distribution **outcomes)
{
    const size_t count = qhm_circuit_qubit_count(circuit);
    qhm_circuit *measured;
    QHM_TRY(qhm_circuit_copy(circuit, &measured));
    qhm_status status = qhm_append_measures(measured, "c", count);
    if (status == QHM_OK)
        status = qhm_counted_shots(measured, s->options->shots, seed,
                                   &(qhm_run_counts){.state_preparations = 1}, ledger, outcomes);
    qhm_circuit_destroy(measured);
    return status;
}

static void describe(const qhm_linear_system *s, const qhm_distribution *outcomes,
                     qhm_result *result)
{
    const double shots = (double)s->options->shots, scale = s->length / s->solver.constant;
    const uint64_t wanted = (uint64_t)1 << s->solver.clock_qubits;
    double squares[QHM_MOST_SIZE] = {0}, errors[QHM_MOST_SIZE], hits = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const uint64_t index = bits[0] & (((uint64_t)1 << s->qubits) - 1);
        if (bits[0] >> s->qubits != wanted)
            continue;
        hits += weight;
        if (index >= s->first && index < s->first + s->size)
            squares[index - s->first] += weight;
    }
    for (size_t i = 0; i < s->size; i++) {
        const double p = squares[i] / shots;
        squares[i] = scale * scale * p;
        errors[i] = scale * scale * qhm_statistics_rate_error(p, shots);
    }
    const double p = hits / shots;
    result->ledger.discarded_shots += (uint64_t)(shots - hits);
    qhm_result_number(result->answer, "kept_share", p);
    qhm_result_number(result->answer, "norm", scale * sqrt(p));
    const double error = p > 0 ? qhm_statistics_rate_error(p, shots) / (2 * sqrt(p)) : NAN;
    qhm_result_number(result->answer, "norm_standard_error", scale * error);
    qhm_result_numbers(result->answer, "squares", squares, s->size);
    qhm_result_numbers(result->answer, "squares_standard_errors", errors, s->size);
}

static void price(const qhm_linear_system *s, double kept, double fidelity, qhm_result *result)
{
    const double error = s->options->error, n = (double)s->size;
    qhm_result_number(result->answer, "expected_kept_share", kept);
    qhm_result_number(result->answer, "fidelity_of_circuit", fidelity);
    qhm_result_number(result->answer, "condition_number", s->largest / s->least);
    qhm_result_number(result->answer, "runs_for_whole_vector", ceil(n / (error * error * kept)));
    qhm_result_count(result->answer, "controlled_evolutions",
                     2 * (((uint64_t)1 << s->solver.clock_qubits) - 1));
    qhm_result_note(result,
                    "A run gives one sample of a property of x: squares of entries, not "
                    "their signs. The whole vector within %g of its length takes about "
                    "entries / (error^2 kept share) runs, and a reference for the signs.",
                    error);
    qhm_result_note(result, "Clock and constant were chosen from eigenvalues, and e^{iAt} is made "
                            "of the matrix itself: both cost more here than the solution.");
    if (fidelity < 1 - 1e-9)
        qhm_result_note(result,
                        "Standard errors leave out the clock's rounding of eigenvalues: without "
                        "noise of shots the norm would be %.6g.",
                        s->length / s->solver.constant * sqrt(kept));
    if (s->first > 0)
        qhm_result_note(result, "The matrix is not symmetric: twice as many equations are run.");
}

qhm_status qhm_solve_by_phases(const qhm_problem *problem, qhm_linear_system *s, qhm_result *result)
{
    qhm_circuit *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    double kept, fidelity;
    qhm_status status =
        qhm_linear_solver_create(s->qubits, s->padded, s->right, &s->solver, &circuit);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        status = qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status = compare(s, circuit, &kept, &fidelity);
    if (status == QHM_OK)
        status = measure(s, circuit, problem->seed, &result->ledger, &outcomes);
    if (status == QHM_OK) {
        describe(s, outcomes, result);
        price(s, kept, fidelity, result);
        const qhm_solve_state made = {.circuit = circuit,
                                      .kept = (uint64_t)1 << s->solver.clock_qubits,
                                      .loads = 1,
                                      .scale = s->length / s->solver.constant};
        status = qhm_solve_property(s, &made, problem->seed, result);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}
