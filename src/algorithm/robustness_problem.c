// The problem "robustness": three algorithms under the same noise, by what is left of their answer.
#include "algorithm/algorithm_internal.h"
#include "algorithm/append_at.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/linear_solver.h>
#include <qhm/noise_model.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>
#include <stdio.h>

enum { RING = 6, CLOCK = 4, HIT = 5, MOST_ERRORS = 32 };

typedef struct robustness_options {
    const qhm_node *errors;
    double one_qubit_share;
    size_t shots;
} robustness_options;

static const qhm_option_info fields[] = {
    {.name = "errors",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(robustness_options, errors),
     .help = "probabilities that a two-qubit gate loses its qubits' state, ascending, above 0 and "
             "up to 1; required"},
    {.name = "one_qubit_share",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(robustness_options, one_qubit_share),
     .default_text = "0.1",
     .minimum = 0,
     .maximum = 1,
     .help = "of that, for each one-qubit gate"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(robustness_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e9,
     .help = "for which standard errors are told, and which are charged"},
    {0},
};

// What an algorithm's outcomes say: a mean of values over those that are kept.
typedef struct subject {
    const char *name, *answer;
    qhm_status (*create)(qhm_circuit **circuit);
    double (*value)(uint64_t bits); // NaN: the run is discarded
    double chance;                  // the mean when all outcomes are as likely
} subject;

static qhm_status finish(qhm_status status, qhm_circuit *made, qhm_circuit **circuit)
{
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// One layer on a ring, with the angles that are best on a tree of degree 2.
static qhm_status create_qaoa(qhm_circuit **circuit)
{
    double angles[2];
    qhm_ising *ring;
    qhm_circuit *open = NULL;
    QHM_TRY(qhm_qaoa_tree_angles(2, 1, angles));
    QHM_TRY(qhm_ising_create(RING, &ring));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < RING && status == QHM_OK; i++)
        status = qhm_ising_append_coupling(ring, i, (i + 1) % RING, 0.5);
    if (status == QHM_OK)
        status = qhm_qaoa_circuit_create(
            ring, &(qhm_qaoa_circuit_options){.layers = 1, .measures = true}, &open);
    if (status == QHM_OK)
        status = qhm_circuit_bind(open, NULL, angles, circuit);
    qhm_circuit_destroy(open);
    qhm_ising_destroy(ring);
    return status;
}

static double cut(uint64_t bits)
{
    double edges = 0;
    for (size_t i = 0; i < RING; i++)
        edges += (bits >> i & 1) != (bits >> (i + 1) % RING & 1);
    return edges;
}

static qhm_status append_estimation(qhm_circuit *circuit)
{
    const uint32_t system = CLOCK;
    qhm_circuit *transform;
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &system, NULL));
    for (uint32_t q = 0; q < CLOCK; q++) {
        const qhm_angle turn = qhm_angle_constant(2 * M_PI * HIT / (1 << CLOCK) * (double)(1 << q));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CP, (uint32_t[]){q, system}, &turn));
    }
    QHM_TRY(qhm_fourier_create(CLOCK, &(qhm_fourier_options){.is_inverse = true}, &transform));
    const qhm_status status = qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0);
    qhm_circuit_destroy(transform);
    QHM_TRY(status);
    return qhm_append_measures(circuit, "c", qhm_circuit_qubit_count(circuit));
}

// The phase 5/16 of a phase gate, which four bits hold.
static qhm_status create_estimation(qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(CLOCK + 1, 0, &made));
    return finish(append_estimation(made), made, circuit);
}

static double is_hit(uint64_t bits)
{
    return (bits & ((1 << CLOCK) - 1)) == HIT;
}

// Two equations whose solution has 1/10 and 9/10 of its square in its entries.
static qhm_status create_solver(qhm_circuit **circuit)
{
    static const double matrix[] = {1, -1.0 / 3, -1.0 / 3, 1}, b[] = {0, 1};
    const qhm_linear_solver_options options = {2, 2 * M_PI * 3 / 8, 2.0 / 3, false};
    qhm_circuit *made;
    QHM_TRY(qhm_linear_solver_create(1, matrix, b, &options, &made));
    return finish(qhm_append_measures(made, "c", qhm_circuit_qubit_count(made)), made, circuit);
}

static double second_entry(uint64_t bits)
{
    return bits >> 1 == 4 ? (double)(bits & 1) : NAN;
}

static const subject subjects[] = {
    {"qaoa", "mean edges cut of a ring of six, one layer", create_qaoa, cut, RING / 2.0},
    {"phase_estimation", "probability of the phase 5/16, four bits", create_estimation, is_hit,
     1.0 / (1 << CLOCK)},
    {"linear_solver", "second entry's share of x'x, two equations", create_solver, second_entry,
     0.5},
};

static qhm_status apply_noise(const qhm_circuit *circuit, double error, double one_qubit,
                              qhm_circuit **noisy)
{
    char text[256];
    const int length = snprintf(text, sizeof text,
                                "one_qubit: {depolarizing: %.17g}\n"
                                "two_qubit: {depolarizing: %.17g}\n",
                                one_qubit, error);
    qhm_noise_model *model;
    QHM_TRY(qhm_noise_model_parse(text, (size_t)length, "noise", NULL, &model));
    const qhm_status status = qhm_noise_model_apply(model, circuit, noisy);
    qhm_noise_model_destroy(model);
    return status;
}

// The exact distribution of the bits.
static qhm_status find_outcomes(const qhm_circuit *circuit, qhm_distribution **outcomes)
{
    qhm_backend *backend;
    qhm_plan *plan = NULL;
    QHM_TRY(qhm_backend_create("density_matrix", NULL, &backend));
    qhm_status status =
        qhm_plan_create(backend, circuit, NULL, 0,
                        &(qhm_plan_options){.max_batch = 1, .forward_only = true}, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){.max_outcomes = 0}, outcomes);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

typedef struct reading {
    double mean, deviation, kept;
} reading;

static reading read_outcomes(const subject *s, const qhm_distribution *outcomes)
{
    reading r = {0};
    double square = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const double value = s->value(bits[0]);
        if (isnan(value))
            continue;
        r.kept += weight;
        r.mean += weight * value;
        square += weight * value * value;
    }
    r.mean /= r.kept;
    r.deviation = sqrt(fmax(0, square / r.kept - r.mean * r.mean));
    return r;
}

typedef struct sweep {
    const robustness_options *options;
    const double *errors; // [count]
    size_t count;
} sweep;

// Where the signal falls to half, on a line over the logarithm of the error; NaN: not in the sweep.
static double find_half(const sweep *w, const double *signals)
{
    for (size_t i = 1; i < w->count; i++)
        if (signals[i - 1] >= 0.5 && signals[i] < 0.5) {
            const double part = (signals[i - 1] - 0.5) / (signals[i - 1] - signals[i]);
            return exp(log(w->errors[i - 1]) + part * log(w->errors[i] / w->errors[i - 1]));
        }
    return NAN;
}

static qhm_status charge(const sweep *w, const qhm_circuit *circuit, qhm_ledger *ledger,
                         double *two_qubit_gates)
{
    qhm_ledger one;
    QHM_TRY(
        qhm_circuit_count_ledger(circuit, &(qhm_ledger_options){.shots = w->options->shots}, &one));
    *two_qubit_gates = (double)qhm_ledger_total(&one).two_qubit_gates / (double)w->options->shots;
    for (size_t i = 0; i < w->count; i++)
        qhm_ledger_add(ledger, &one);
    return QHM_OK;
}

static qhm_status sweep_errors(const sweep *w, const subject *s, const qhm_circuit *circuit,
                               double gates, qhm_result *result)
{
    double signals[MOST_ERRORS], errors[MOST_ERRORS], distances[MOST_ERRORS], kept[MOST_ERRORS];
    qhm_distribution *ideal, *outcomes;
    QHM_TRY(find_outcomes(circuit, &ideal));
    const reading best = read_outcomes(s, ideal);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < w->count && status == QHM_OK; i++) {
        qhm_circuit *noisy;
        status =
            apply_noise(circuit, w->errors[i], w->errors[i] * w->options->one_qubit_share, &noisy);
        if (status != QHM_OK)
            break;
        status = find_outcomes(noisy, &outcomes);
        qhm_circuit_destroy(noisy);
        if (status != QHM_OK)
            break;
        const reading r = read_outcomes(s, outcomes);
        const double range = best.mean - s->chance;
        signals[i] = (r.mean - s->chance) / range;
        errors[i] = r.deviation / sqrt(r.kept * (double)w->options->shots) / fabs(range);
        distances[i] = qhm_distribution_variation_distance(ideal, outcomes);
        kept[i] = r.kept;
        qhm_distribution_destroy(outcomes);
    }
    qhm_distribution_destroy(ideal);
    QHM_TRY(status);
    json_t *object = json_object();
    qhm_result_text(object, "answer", s->answer);
    qhm_result_number(object, "without_noise", best.mean);
    qhm_result_number(object, "by_chance", s->chance);
    qhm_result_number(object, "two_qubit_gates", gates);
    qhm_result_numbers(object, "signal", signals, w->count);
    qhm_result_numbers(object, "signal_standard_error", errors, w->count);
    qhm_result_numbers(object, "distance", distances, w->count);
    qhm_result_numbers(object, "kept_share", kept, w->count);
    const double half = find_half(w, signals);
    qhm_result_number(object, "half_signal_error", half);
    qhm_result_number(object, "half_signal_error_times_gates", half * gates);
    json_object_set_new(result->answer, s->name, object);
    return QHM_OK;
}

static qhm_status run_subject(const sweep *w, const subject *s, qhm_result *result)
{
    static const qhm_gate allowed[] = {QHM_GATE_U, QHM_GATE_CX};
    qhm_circuit *circuit, *expanded = NULL;
    double gates = 0;
    QHM_TRY(s->create(&circuit));
    qhm_status status = qhm_circuit_expand(
        circuit, &(qhm_expand_options){.gates = allowed, .gate_count = 2}, &expanded);
    qhm_circuit_destroy(circuit);
    if (status == QHM_OK)
        status = charge(w, expanded, &result->ledger, &gates);
    if (status == QHM_OK)
        status = sweep_errors(w, s, expanded, gates, result);
    qhm_circuit_destroy(expanded);
    return status;
}

static qhm_status read_errors(const robustness_options *options, const qhm_problem *problem,
                              double **errors, size_t *count)
{
    QHM_TRY(qhm_problem_numbers(problem->node, options->errors, "errors", 1, errors, count));
    qhm_status status = QHM_OK;
    if (*count > MOST_ERRORS)
        status = qhm_node_fail(options->errors, "field 'errors' has %zu entries, more than %d",
                               *count, (int)MOST_ERRORS);
    for (size_t i = 0; i < *count && status == QHM_OK; i++)
        if (!((*errors)[i] > (i > 0 ? (*errors)[i - 1] : 0) && (*errors)[i] <= 1))
            status = qhm_node_fail(options->errors,
                                   "%g in field 'errors' is not above 0, up to 1, ascending",
                                   (*errors)[i]);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const robustness_options *options = given;
    double *errors = NULL;
    size_t count = 0;
    qhm_status status = read_errors(options, problem, &errors, &count);
    const sweep w = {options, errors, count};
    if (status == QHM_OK)
        qhm_result_numbers(result->answer, "errors", errors, count);
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0] && status == QHM_OK; i++)
        status = run_subject(&w, &subjects[i], result);
    qhm_release(errors);
    qhm_result_text(result->opponent, "method", "closed forms, which no noise reaches");
    qhm_result_numbers(result->opponent, "answers", (const double[]){RING, HIT / 16.0, 0.9}, 3);
    qhm_result_note(result,
                    "Signals are exact, from density matrices: 1 without noise, 0 by "
                    "chance. Their standard errors are those of %zu shots.",
                    options->shots);
    return status;
}

const qhm_algorithm qhm_algorithm_robustness = {
    .info = {.name = "robustness",
             .help = "QAOA, phase estimation and a linear solver under the same noise",
             .details = "Depolarises after every gate of the three circuits, made of CX and "
                        "one-qubit gates, and tells how much of each\nanswer is left: the signal, "
                        "1 without noise and 0 by chance, and the variation distance of all "
                        "outcomes.\n",
             .example = "errors: [0.0001, 0.001, 0.01, 0.1]\n",
             .fields = fields},
    .options_size = sizeof(robustness_options),
    .run = run,
};
