// Grover's search and amplitude amplification: plain, exact, fixed point.
#include <qhm/grover.h>

#include "algorithm/append_at.h"
#include "algorithm/phase_pattern.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

size_t qhm_grover_iterations(double share)
{
    if (!(share > 0 && share <= 1))
        return 0;
    const double best = round(M_PI / (4 * asin(sqrt(share))) - 0.5);
    return best > 0 ? (size_t)best : 0;
}

double qhm_grover_probability(double share, size_t iterations)
{
    const double theta = asin(sqrt(fmin(1, fmax(0, share))));
    return pow(sin((2.0 * (double)iterations + 1) * theta), 2);
}

// T_L(x) for any real L and x >= 0.
static double chebyshev(double degree, double x)
{
    return x <= 1 ? cos(degree * acos(x)) : cosh(degree * acosh(x));
}

static double delta_of(const qhm_grover_options *options)
{
    return options->delta > 0 ? options->delta : sqrt(0.1);
}

double qhm_grover_fixed_point_probability(double share, double delta, size_t length)
{
    const double gamma_inverse = chebyshev(1 / (double)length, 1 / delta);
    const double value = chebyshev((double)length, gamma_inverse * sqrt(1 - share));
    return 1 - delta * delta * value * value;
}

static qhm_status plan_fixed_point(const qhm_grover_options *options, qhm_grover_plan *plan)
{
    const double delta = delta_of(options);
    QHM_REQUIRE(delta > 0 && delta < 1, "delta is %g, not in (0, 1)", options->delta);
    size_t length = options->length;
    if (length == 0) { // gamma^2 <= share, the least odd length with it
        length = 1;
        while (1 - pow(chebyshev(1 / (double)length, 1 / delta), -2) > options->share)
            length += 2;
    }
    QHM_REQUIRE(length % 2 == 1, "length is %zu, not odd", length);
    plan->length = length;
    plan->iterations = (length - 1) / 2;
    plan->gamma_inverse = chebyshev(1 / (double)length, 1 / delta);
    return QHM_OK;
}

qhm_status qhm_grover_find_plan(const qhm_grover_options *options, qhm_grover_plan *plan)
{
    QHM_REQUIRE(options && plan, "options or plan is NULL");
    QHM_REQUIRE(options->kind >= 0 && options->kind < QHM_GROVER_KIND_COUNT,
                "kind is %d, not below %d", (int)options->kind, QHM_GROVER_KIND_COUNT);
    qhm_grover_plan made = {.iterations = options->iterations, .damping = 1};
    if (options->kind != QHM_GROVER_PLAIN && options->length == 0)
        QHM_REQUIRE(options->share >= 1e-12 && options->share <= 1,
                    "share is %g, not from 1e-12 to 1", options->share);
    if (options->kind == QHM_GROVER_EXACT) {
        const double theta = asin(sqrt(options->share));
        made.iterations = (size_t)fmax(0, ceil(M_PI / (4 * theta) - 0.5 - 1e-12));
        made.target = pow(sin(M_PI / (4 * (double)made.iterations + 2)), 2);
        made.damping = fmin(1, made.target / options->share);
    }
    if (options->kind == QHM_GROVER_FIXED_POINT)
        QHM_TRY(plan_fixed_point(options, &made));
    *plan = made;
    return QHM_OK;
}

// What a search is made of; qubits: search, preparation's work, oracle's work, exact.
typedef struct search {
    const qhm_oracle *oracle;
    const qhm_grover_options *options;
    qhm_grover_plan plan;
    size_t search_count, prepared_count, exact;
    qhm_circuit *prepare, *unprepare; // with the exact kind's rotation
    qhm_circuit *call;                // the oracle with a sign
    uint32_t *oracle_qubits;          // where the oracle's go
} search;

static qhm_status append_uniform(qhm_circuit *circuit, size_t count)
{
    for (uint32_t q = 0; q < count; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    return QHM_OK;
}

static qhm_status create_preparation(search *s, size_t qubit_count)
{
    const qhm_circuit *given = s->options->preparation;
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &s->prepare));
    QHM_TRY(given ? qhm_circuit_append_circuit(s->prepare, given, NULL, NULL, 0, 0)
                  : append_uniform(s->prepare, s->search_count));
    if (s->options->kind == QHM_GROVER_EXACT) {
        const qhm_angle angle = qhm_angle_constant(2 * asin(sqrt(s->plan.damping)));
        QHM_TRY(
            qhm_circuit_append(s->prepare, QHM_GATE_RY, (uint32_t[]){(uint32_t)s->exact}, &angle));
    }
    return qhm_circuit_invert(s->prepare, &s->unprepare);
}

static qhm_status create_call(const search *s, double angle, qhm_circuit **call)
{
    return qhm_oracle_circuit_create(s->oracle, angle, s->options->kind == QHM_GROVER_EXACT, call);
}

static qhm_status append_oracle(qhm_circuit *circuit, const search *s, const qhm_circuit *call)
{
    return qhm_circuit_append_circuit(circuit, call, s->oracle_qubits, NULL, 0, 0);
}

// The prepared state gets the phase exp(i angle), others none.
static qhm_status append_diffusion(qhm_circuit *circuit, const search *s, double angle)
{
    qhm_pattern_list zero = {0};
    QHM_TRY(qhm_circuit_append_circuit(circuit, s->unprepare, NULL, NULL, 0, 0));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < s->prepared_count && status == QHM_OK; q++)
        status = qhm_pattern_list_add_bit(&zero, q, false);
    if (status == QHM_OK && s->options->kind == QHM_GROVER_EXACT)
        status = qhm_pattern_list_add_bit(&zero, (uint32_t)s->exact, false);
    if (status == QHM_OK)
        status = qhm_pattern_list_close(&zero);
    if (status == QHM_OK)
        status = qhm_pattern_list_append_phase(&zero, circuit, angle, 0, 0);
    qhm_pattern_list_release(&zero);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(circuit, s->prepare, NULL, NULL, 0, 0);
    return status;
}

static qhm_status append_signs(qhm_circuit *circuit, const search *s)
{
    for (size_t k = 0; k < s->plan.iterations; k++) {
        QHM_TRY(append_oracle(circuit, s, s->call));
        QHM_TRY(append_diffusion(circuit, s, M_PI));
    }
    return QHM_OK;
}

// alpha_j of the fixed point, j from 1.
static double fixed_point_angle(const qhm_grover_plan *plan, size_t j)
{
    const double gamma = 1 / plan->gamma_inverse;
    const double tangent = tan(2 * M_PI * (double)j / (double)plan->length);
    return 2 * atan2(1, tangent * sqrt((1 - gamma) * (1 + gamma)));
}

static qhm_status append_phases(qhm_circuit *circuit, const search *s)
{
    for (size_t j = 1; j <= s->plan.iterations; j++) {
        qhm_circuit *call;
        const double beta = -fixed_point_angle(&s->plan, s->plan.iterations - j + 1);
        QHM_TRY(create_call(s, beta, &call));
        qhm_status status = append_oracle(circuit, s, call);
        qhm_circuit_destroy(call);
        if (status == QHM_OK)
            status = append_diffusion(circuit, s, -fixed_point_angle(&s->plan, j));
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status append_measurements(qhm_circuit *circuit, const search *s)
{
    const bool is_exact = s->options->kind == QHM_GROVER_EXACT;
    QHM_TRY(qhm_append_measures(circuit, "item", s->search_count));
    if (!is_exact)
        return QHM_OK;
    QHM_TRY(qhm_circuit_append_bits(circuit, "exact", 1));
    return qhm_circuit_append_measure(circuit, (uint32_t)s->exact, (uint32_t)s->search_count);
}

static qhm_status append_registers(qhm_circuit *circuit, const search *s)
{
    const size_t work = qhm_oracle_work_count(s->oracle);
    QHM_TRY(qhm_circuit_append_qubits(circuit, "search", s->search_count));
    if (s->prepared_count > s->search_count)
        QHM_TRY(
            qhm_circuit_append_qubits(circuit, "preparation", s->prepared_count - s->search_count));
    if (work > 0)
        QHM_TRY(qhm_circuit_append_qubits(circuit, "work", work));
    return s->options->kind == QHM_GROVER_EXACT ? qhm_circuit_append_qubits(circuit, "exact", 1)
                                                : QHM_OK;
}

static qhm_status append_search(qhm_circuit *circuit, search *s)
{
    const size_t work = qhm_oracle_work_count(s->oracle);
    QHM_TRY(append_registers(circuit, s));
    QHM_TRY(qhm_allocate(s->search_count + work + 1, sizeof *s->oracle_qubits, &s->oracle_qubits));
    for (size_t q = 0; q < s->search_count; q++)
        s->oracle_qubits[q] = (uint32_t)q;
    for (size_t q = 0; q <= work; q++) // the exact kind's comes right after the work
        s->oracle_qubits[s->search_count + q] = (uint32_t)(s->prepared_count + q);
    QHM_TRY(create_preparation(s, qhm_circuit_qubit_count(circuit)));
    QHM_TRY(create_call(s, M_PI, &s->call));
    QHM_TRY(qhm_circuit_append_circuit(circuit, s->prepare, NULL, NULL, 0, 0));
    QHM_TRY(s->options->kind == QHM_GROVER_FIXED_POINT ? append_phases(circuit, s)
                                                       : append_signs(circuit, s));
    return s->options->is_measured ? append_measurements(circuit, s) : QHM_OK;
}

static void release_search(search *s)
{
    qhm_circuit_destroy(s->prepare);
    qhm_circuit_destroy(s->unprepare);
    qhm_circuit_destroy(s->call);
    qhm_release(s->oracle_qubits);
}

qhm_status qhm_grover_create(const qhm_oracle *oracle, const qhm_grover_options *options,
                             qhm_circuit **circuit)
{
    static const qhm_grover_options defaults;
    qhm_circuit *made;
    QHM_REQUIRE(oracle && circuit, "oracle or circuit is NULL");
    search s = {.oracle = oracle, .options = options ? options : &defaults};
    QHM_TRY(qhm_grover_find_plan(s.options, &s.plan));
    s.search_count = qhm_oracle_qubit_count(oracle);
    s.prepared_count =
        s.options->preparation ? qhm_circuit_qubit_count(s.options->preparation) : s.search_count;
    QHM_REQUIRE(s.prepared_count >= s.search_count,
                "the preparation has %zu qubits, the oracle searches %zu", s.prepared_count,
                s.search_count);
    s.exact = s.prepared_count + qhm_oracle_work_count(oracle);
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    const qhm_status status = append_search(made, &s);
    release_search(&s);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
