// The circuit of the walk on a backtracking tree, under phase estimation.
//
// A vertex at level l is u_0 ... u_(l-1) = 1 and the rest 0, with its values in b. The reflection
// of a level takes a vertex and its children to |00> on (u_l, b_l) and back, so that phase gates
// alone need conditions: the level, the clauses, the phase estimation's control.
#include "algorithm/backtracking_internal.h"
#include "algorithm/boolean_formula_internal.h"
#include "algorithm/phase_pattern.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/oracle.h>
#include <string.h>

typedef struct walk_circuit {
    const qhm_backtracking *tree;
    qhm_backtracking_vertex root;
    qhm_circuit *circuit;
    size_t n, work; // u at 0, b at n, work at 2 n, phase qubits after it
    uint32_t control;
    int *literals; // [tree->count] of one level
} walk_circuit;

static uint32_t u_of(size_t variable)
{
    return (uint32_t)variable;
}

static uint32_t b_of(const walk_circuit *w, size_t variable)
{
    return (uint32_t)(w->n + variable);
}

// A qubit that has to have a value.
typedef struct condition {
    uint32_t qubit;
    bool value;
} condition;

static qhm_status append_flips(walk_circuit *w, const condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!conditions[i].value)
            QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_X, &conditions[i].qubit, NULL));
    return QHM_OK;
}

// The oracle of a level's clauses, satisfied or violated; NULL if there are none.
static qhm_status create_oracle(walk_circuit *w, size_t level, bool is_violation,
                                qhm_oracle **oracle)
{
    const size_t count = level > 0 ? qhm_backtracking_clauses_at(w->tree, level, w->literals) : 0;
    qhm_boolean_formula *formula;
    *oracle = NULL;
    if (count == 0)
        return QHM_OK;
    QHM_TRY(qhm_boolean_formula_create_clauses(level, w->literals, count, &formula));
    formula->nodes[formula->root].is_negated = is_violation;
    const qhm_status status = qhm_oracle_create_formula(formula, oracle);
    qhm_boolean_formula_destroy(formula);
    return status;
}

static qhm_status append_oracle(walk_circuit *w, const qhm_oracle *oracle,
                                const condition *conditions, size_t count)
{
    const size_t work = qhm_oracle_work_count(oracle), values = qhm_oracle_qubit_count(oracle);
    qhm_circuit *call;
    uint32_t *qubits;
    QHM_TRY(qhm_allocate(values + work + count, sizeof *qubits, &qubits));
    for (size_t i = 0; i < values; i++)
        qubits[i] = b_of(w, i);
    for (size_t i = 0; i < work; i++)
        qubits[values + i] = (uint32_t)(2 * w->n + i);
    for (size_t i = 0; i < count; i++)
        qubits[values + work + i] = conditions[i].qubit;
    qhm_status status = append_flips(w, conditions, count);
    if (status == QHM_OK)
        status = qhm_oracle_circuit_create(oracle, M_PI, count, &call);
    if (status == QHM_OK) {
        status = qhm_circuit_append_circuit(w->circuit, call, qubits, NULL, 0, 0);
        qhm_circuit_destroy(call);
    }
    if (status == QHM_OK)
        status = append_flips(w, conditions, count);
    qhm_release(qubits);
    return status;
}

static qhm_status append_pattern(walk_circuit *w, const condition *conditions, size_t count)
{
    qhm_pattern_list pattern = {0};
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_pattern_list_add_bit(&pattern, conditions[i].qubit, conditions[i].value);
    if (status == QHM_OK)
        status = qhm_pattern_list_close(&pattern);
    if (status == QHM_OK)
        status = qhm_pattern_list_append_phase(&pattern, w->circuit, M_PI, 0, 0);
    qhm_pattern_list_release(&pattern);
    return status;
}

// A sign under conditions and, if the level has any, its clauses satisfied or violated.
static qhm_status append_sign(walk_circuit *w, size_t level, bool is_violation,
                              const condition *conditions, size_t count)
{
    qhm_oracle *oracle = NULL;
    if (level > w->root.level) // the root itself was found to violate nothing
        QHM_TRY(create_oracle(w, level, is_violation, &oracle));
    if (!oracle)
        return is_violation ? QHM_OK : append_pattern(w, conditions, count);
    const qhm_status status = append_oracle(w, oracle, conditions, count);
    qhm_oracle_destroy(oracle);
    return status;
}

// |00> on (u, b) to (|00> + weight |10> + weight |11>) / norm, u first, or back.
static qhm_status append_children(walk_circuit *w, size_t level, bool is_back)
{
    const double weight = level == w->root.level ? (double)(w->n - level) : 1;
    const double turn = 2 * atan2(sqrt(2 * weight), 1);
    const qhm_angle angle = qhm_angle_constant(is_back ? -turn : turn);
    const uint32_t u = u_of(level), both[2] = {u, b_of(w, level)};
    if (is_back)
        QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_CH, both, NULL));
    QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_RY, &u, &angle));
    return is_back ? QHM_OK : qhm_circuit_append(w->circuit, QHM_GATE_CH, both, NULL);
}

static qhm_status append_level(walk_circuit *w, size_t level)
{
    condition conditions[5] = {{w->control, true}};
    size_t count = 1;
    if (level > w->root.level)
        conditions[count++] = (condition){u_of(level - 1), true};
    if (level < w->n)
        conditions[count++] = (condition){u_of(level), false};
    QHM_TRY(append_sign(w, level, true, conditions, count)); // a leaf by violation
    if (level == w->n)
        return QHM_OK;
    conditions[count++] = (condition){b_of(w, level), false};
    if (level + 1 < w->n)
        conditions[count++] = (condition){u_of(level + 1), false};
    QHM_TRY(append_children(w, level, true));
    QHM_TRY(append_sign(w, level, false, conditions, count));
    return append_children(w, level, false);
}

static qhm_status append_step(walk_circuit *w)
{
    for (size_t parity = 0; parity < 2; parity++)
        for (size_t level = w->root.level + parity; level <= w->n; level += 2)
            QHM_TRY(append_level(w, level));
    return QHM_OK;
}

// Work qubits that the largest level needs.
static qhm_status find_work(walk_circuit *w)
{
    for (size_t level = w->root.level + 1; level <= w->n; level++)
        for (size_t is_violation = 0; is_violation < 2; is_violation++) {
            qhm_oracle *oracle;
            QHM_TRY(create_oracle(w, level, is_violation, &oracle));
            if (oracle && qhm_oracle_work_count(oracle) > w->work)
                w->work = qhm_oracle_work_count(oracle);
            qhm_oracle_destroy(oracle);
        }
    return QHM_OK;
}

static qhm_status append_root(walk_circuit *w)
{
    for (size_t i = 0; i < w->root.level; i++) {
        const uint32_t u = u_of(i), b = b_of(w, i);
        QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_X, &u, NULL));
        if (w->root.bits >> i & 1)
            QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_X, &b, NULL));
    }
    return QHM_OK;
}

// Of the phase qubits, the first `used`.
static qhm_status append_estimation(walk_circuit *w, size_t used)
{
    const size_t first = 2 * w->n + w->work;
    QHM_TRY(append_root(w));
    for (uint32_t t = 0; t < used; t++) {
        w->control = (uint32_t)first + t;
        QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_H, &w->control, NULL));
        for (size_t k = 0; k < (size_t)1 << t; k++)
            QHM_TRY(append_step(w));
        QHM_TRY(qhm_circuit_append(w->circuit, QHM_GATE_H, &w->control, NULL));
    }
    for (uint32_t t = 0; t < used; t++)
        QHM_TRY(qhm_circuit_append_measure(w->circuit, (uint32_t)first + t, t));
    return QHM_OK;
}

static qhm_status append_all(walk_circuit *w, size_t phase_qubits, size_t used)
{
    QHM_TRY(qhm_allocate(w->tree->count, sizeof *w->literals, &w->literals));
    QHM_TRY(find_work(w));
    QHM_TRY(qhm_circuit_append_qubits(w->circuit, "used", w->n));
    QHM_TRY(qhm_circuit_append_qubits(w->circuit, "value", w->n));
    if (w->work > 0)
        QHM_TRY(qhm_circuit_append_qubits(w->circuit, "work", w->work));
    QHM_TRY(qhm_circuit_append_qubits(w->circuit, "phase", phase_qubits));
    QHM_TRY(qhm_circuit_append_bits(w->circuit, "phase", phase_qubits));
    return append_estimation(w, used);
}

static qhm_status create(const qhm_backtracking *tree, qhm_backtracking_vertex root,
                         size_t phase_qubits, size_t used, qhm_circuit **circuit)
{
    walk_circuit w = {.tree = tree, .root = root, .n = tree->variable_count};
    QHM_TRY(qhm_circuit_create(0, 0, &w.circuit));
    const qhm_status status = append_all(&w, phase_qubits, used);
    qhm_release(w.literals);
    if (status != QHM_OK) {
        qhm_circuit_destroy(w.circuit);
        return status;
    }
    *circuit = w.circuit;
    return QHM_OK;
}

qhm_status qhm_backtracking_circuit_create(const qhm_backtracking *tree,
                                           qhm_backtracking_vertex root, size_t phase_qubits,
                                           qhm_circuit **circuit)
{
    QHM_REQUIRE(tree && circuit, "tree or circuit is NULL");
    QHM_REQUIRE(phase_qubits >= 1 && phase_qubits <= 16, "phase_qubits is %zu, not 1 to 16",
                phase_qubits);
    QHM_TRY(qhm_backtracking_check_root(tree, root));
    return create(tree, root, phase_qubits, phase_qubits, circuit);
}

enum { COUNTS = sizeof(qhm_ledger) / sizeof(uint64_t) };
_Static_assert(sizeof(qhm_ledger) == COUNTS * sizeof(uint64_t), "a ledger is counts alone");

// Counts of the circuit with t phase qubits are a + b t + c 2^t: three circuits of few steps tell.
// All have the same qubits, since spare ones make controls cheaper.
static void extrapolate(uint64_t counts[3][COUNTS], size_t phase_qubits, qhm_ledger *ledger)
{
    uint64_t result[COUNTS] = {0};
    for (size_t i = 0; i < COUNTS; i++) {
        const uint64_t first = counts[1][i] - counts[0][i], second = counts[2][i] - counts[1][i];
        const uint64_t step = (second - first) / 2;
        result[i] = counts[0][i] + (phase_qubits - 1) * (first - 2 * step) +
                    (((uint64_t)1 << phase_qubits) - 2) * step;
    }
    memcpy(ledger, result, sizeof result);
}

qhm_status qhm_backtracking_price(const qhm_backtracking *tree, qhm_backtracking_vertex root,
                                  size_t phase_qubits, qhm_ledger *ledger)
{
    uint64_t counts[3][COUNTS];
    for (size_t used = phase_qubits < 3 ? phase_qubits : 1; used <= phase_qubits && used <= 3;
         used++) {
        qhm_circuit *circuit;
        QHM_TRY(create(tree, root, phase_qubits, used, &circuit));
        const qhm_status status = qhm_circuit_count_ledger(circuit, NULL, ledger);
        qhm_circuit_destroy(circuit);
        QHM_TRY(status);
        memcpy(counts[used - 1], ledger, sizeof *ledger);
    }
    if (phase_qubits > 3)
        extrapolate(counts, phase_qubits, ledger);
    ledger->oracle_calls = ((uint64_t)1 << phase_qubits) - 1;
    return QHM_OK;
}
