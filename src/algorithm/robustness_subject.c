// Three small algorithms whose answers are known, and what outcomes leave of these.
#include "algorithm/robustness_subject.h"

#include "algorithm/append_at.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/linear_solver.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>

enum { RING = 6, CLOCK = 4, HIT = 5 };

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

const qhm_robustness_subject qhm_robustness_subjects[QHM_ROBUSTNESS_SUBJECTS] = {
    {"qaoa", "mean edges cut of a ring of six, one layer", create_qaoa, cut, RING / 2.0, 4.5},
    {"phase_estimation", "probability of the phase 5/16, four bits", create_estimation, is_hit,
     1.0 / (1 << CLOCK), 1},
    {"linear_solver", "second entry's share of x'x, two equations", create_solver, second_entry,
     0.5, 0.9},
};

qhm_status qhm_robustness_circuit(const qhm_robustness_subject *subject, qhm_circuit **circuit)
{
    static const qhm_gate allowed[] = {QHM_GATE_U, QHM_GATE_CX};
    qhm_circuit *made;
    QHM_TRY(subject->create(&made));
    const qhm_status status =
        qhm_circuit_expand(made, &(qhm_expand_options){.gates = allowed, .gate_count = 2}, circuit);
    qhm_circuit_destroy(made);
    return status;
}

qhm_status qhm_robustness_outcomes(const qhm_circuit *circuit, qhm_distribution **outcomes)
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

// The values of the runs that are kept.
typedef struct moments {
    double mean, deviation, kept;
} moments;

static moments find_moments(const qhm_robustness_subject *s, const qhm_distribution *outcomes)
{
    moments r = {0};
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

qhm_robustness_reading qhm_robustness_read(const qhm_robustness_subject *subject,
                                           const qhm_distribution *ideal,
                                           const qhm_distribution *outcomes, size_t shots)
{
    const moments m = find_moments(subject, outcomes);
    const double range = subject->known - subject->chance;
    return (qhm_robustness_reading){
        .mean = m.mean,
        .signal = (m.mean - subject->chance) / range,
        .standard_error = m.deviation / sqrt(m.kept * (double)shots) / fabs(range),
        .distance = qhm_distribution_variation_distance(ideal, outcomes),
        .kept = m.kept};
}
