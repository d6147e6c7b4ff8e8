// The method "variational" of the problem "solve".
#include "algorithm/counted_run.h"
#include "algorithm/solve_internal.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/variational_solver.h>

// |x| = |b| / |A x^|, from the mean of A^2.
static qhm_status read_length(const qhm_linear_system *s, qhm_solve_state *state, uint64_t seed,
                              qhm_result *result)
{
    const size_t wide = (size_t)1 << s->qubits;
    double square[QHM_MOST_SIZE * QHM_MOST_SIZE] = {0};
    qhm_solve_reading reading;
    for (size_t i = 0; i < wide; i++)
        for (size_t j = 0; j < wide; j++)
            for (size_t k = 0; k < wide; k++)
                square[i * wide + j] += s->padded[i * wide + k] * s->padded[k * wide + j];
    const qhm_random random =
        qhm_random_stream(seed, QHM_RANDOM_SHOTS, QHM_SOLVE_STREAM, QHM_SOLVE_LENGTH, 0);
    QHM_TRY(qhm_solve_read(s, state, square, random, &result->ledger, &reading));
    if (!(reading.value > 0))
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "the length of A x came out as %g: more shots are needed", reading.value);
    state->scale = s->length / sqrt(reading.value);
    state->scale_error = state->scale * reading.standard_error / (2 * reading.value);
    qhm_result_number(result->answer, "norm", state->scale);
    qhm_result_number(result->answer, "norm_standard_error", state->scale_error);
    return QHM_OK;
}

static qhm_status read_squares(const qhm_linear_system *s, const qhm_solve_state *state,
                               uint64_t seed, qhm_result *result)
{
    const double shots = (double)s->options->shots;
    double squares[QHM_MOST_SIZE], errors[QHM_MOST_SIZE];
    const qhm_random random =
        qhm_random_stream(seed, QHM_RANDOM_SHOTS, QHM_SOLVE_STREAM, QHM_SOLVE_SQUARES, 0);
    for (size_t i = 0; i < s->size; i++) {
        double one[QHM_MOST_SIZE * QHM_MOST_SIZE] = {0};
        one[(s->first + i) * (((size_t)1 << s->qubits) + 1)] = 1;
        qhm_solve_reading reading;
        qhm_ledger once = {0}; // all entries are read from the same runs
        QHM_TRY(qhm_solve_read(s, state, one, random, i == 0 ? &result->ledger : &once, &reading));
        squares[i] = state->scale * state->scale * reading.value;
        errors[i] = hypot(state->scale * state->scale * sqrt(reading.variance / shots),
                          2 * state->scale * state->scale_error * reading.value);
    }
    qhm_result_numbers(result->answer, "squares", squares, s->size);
    qhm_result_numbers(result->answer, "squares_standard_errors", errors, s->size);
    return QHM_OK;
}

// What only a simulator sees.
static qhm_status compare(const qhm_linear_system *s, const qhm_circuit *circuit,
                          qhm_result *result)
{
    qhm_complex *state;
    double overlap = 0, norm = 0;
    QHM_TRY(qhm_counted_state(circuit, NULL, &state));
    for (size_t i = 0; i < s->size; i++) {
        overlap += s->x[i] * state[s->first + i].re;
        norm += s->x[i] * s->x[i];
    }
    qhm_release(state);
    qhm_result_number(result->answer, "fidelity_of_circuit", overlap * overlap / norm);
    return QHM_OK;
}

static void describe(const qhm_linear_system *s, const qhm_variational_solved *solved,
                     qhm_result *result)
{
    const double error = s->options->error;
    json_object_set_new(result->answer, "proved", json_boolean(solved->is_proved));
    qhm_result_number(result->answer, "cost_value", solved->cost);
    qhm_result_number(result->answer, "cost_threshold", solved->threshold);
    qhm_result_number(result->answer, "error_bound", solved->error_bound);
    qhm_result_number(result->answer, "condition_number", solved->condition_number);
    qhm_result_count(result->answer, "strings", solved->strings);
    qhm_result_count(result->answer, "tests_per_cost", solved->tests);
    qhm_result_count(result->answer, "gradients", solved->evaluations);
    qhm_result_number(result->answer, "runs_for_whole_vector",
                      ceil((double)s->size / (error * error)));
    if (!solved->is_proved)
        qhm_result_note(result,
                        "The cost stayed above what proves an error of %g: this may be no "
                        "solution. More layers may help.",
                        error);
    qhm_result_note(result, "Costs and gradients are exact; the ledger has their Hadamard tests "
                            "with the shots of each. To tell a cost from 0 at the threshold takes "
                            "about 1 / threshold^2 shots.");
}

qhm_status qhm_solve_by_variation(const qhm_problem *problem, qhm_linear_system *s,
                                  qhm_result *result)
{
    const qhm_solve_options *o = s->options;
    const qhm_variational_solver_options options = {.layers = o->layers,
                                                    .cost = o->cost == 2 ? QHM_SOLVER_COST_GLOBAL
                                                                         : QHM_SOLVER_COST_LOCAL,
                                                    .error = o->error,
                                                    .shots = o->shots,
                                                    .seed = problem->seed};
    qhm_variational_solved solved;
    double *angles;
    qhm_circuit *open = NULL, *circuit = NULL;
    qhm_solve_state state = {.scale = 1};
    QHM_TRY(qhm_allocate((o->layers + 1) * s->qubits, sizeof *angles, &angles));
    qhm_status status = qhm_variational_solve(s->qubits, s->padded, s->right, &options, angles,
                                              &result->ledger, &solved);
    if (status == QHM_OK)
        status = qhm_variational_ansatz_create(s->qubits, o->layers, &open);
    if (status == QHM_OK)
        status = qhm_circuit_bind(open, NULL, angles, &circuit);
    if (status == QHM_OK) {
        describe(s, &solved, result);
        state.circuit = circuit;
        status = compare(s, circuit, result);
    }
    if (status == QHM_OK)
        status = read_length(s, &state, problem->seed, result);
    if (status == QHM_OK)
        status = read_squares(s, &state, problem->seed, result);
    if (status == QHM_OK)
        status = qhm_solve_property(s, &state, problem->seed, result);
    qhm_circuit_destroy(open);
    qhm_circuit_destroy(circuit);
    qhm_release(angles);
    return status;
}
