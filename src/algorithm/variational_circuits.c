// Circuits of the variational solver: the ansatz, Hadamard tests, and what they cost.
#include "algorithm/counted_run.h"
#include "algorithm/pauli_sum.h"
#include "algorithm/variational_internal.h"
#include "base/memory.h"

#include <qhm/state_preparation.h>

qhm_status qhm_variational_ansatz_create(size_t qubit_count, size_t layers, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 3, "qubit_count is %zu, not 1 to 3",
                qubit_count);
    QHM_REQUIRE(layers <= 100, "layers is %zu, above 100", layers);
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &made));
    qhm_status status = QHM_OK;
    for (uint32_t layer = 0; layer <= layers && status == QHM_OK; layer++) {
        for (uint32_t q = 0; layer > 0 && q + 1 < qubit_count && status == QHM_OK; q++)
            status = qhm_circuit_append(made, QHM_GATE_CZ, (uint32_t[]){q, q + 1}, NULL);
        for (uint32_t q = 0; q < qubit_count && status == QHM_OK; q++) {
            const qhm_angle angle = qhm_angle_weight(layer * (uint32_t)qubit_count + q);
            status = qhm_circuit_append(made, QHM_GATE_RY, &q, &angle);
        }
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_status create_load(size_t n, const double *b, qhm_circuit **load)
{
    qhm_complex amplitudes[8] = {{0}};
    for (size_t i = 0; i < (size_t)1 << n; i++)
        amplitudes[i].re = b[i];
    return qhm_state_preparation_bind(n, QHM_STATE_REAL, amplitudes, load);
}

qhm_status qhm_variational_load_matrix(size_t qubit_count, const double *b, double *matrix)
{
    const size_t size = (size_t)1 << qubit_count;
    qhm_circuit *load;
    QHM_TRY(create_load(qubit_count, b, &load));
    qhm_status status = QHM_OK;
    for (size_t column = 0; column < size && status == QHM_OK; column++) {
        qhm_circuit *circuit;
        qhm_complex *state = NULL;
        bool bits[3];
        for (size_t q = 0; q < qubit_count; q++)
            bits[q] = column >> q & 1;
        status = qhm_state_preparation_create_basis(qubit_count, bits, &circuit);
        if (status != QHM_OK)
            break;
        status = qhm_circuit_append_circuit(circuit, load, NULL, NULL, 0, 0);
        if (status == QHM_OK)
            status = qhm_counted_state(circuit, NULL, &state);
        for (size_t i = 0; i < size && status == QHM_OK; i++)
            matrix[i * size + column] = state[i].re;
        qhm_release(state);
        qhm_circuit_destroy(circuit);
    }
    qhm_circuit_destroy(load);
    return status;
}

static qhm_status append_inverse(qhm_circuit *circuit, const qhm_circuit *part)
{
    qhm_circuit *inverse;
    QHM_TRY(qhm_circuit_invert(part, &inverse));
    const qhm_status status = qhm_circuit_append_circuit(circuit, inverse, NULL, NULL, 0, 0);
    qhm_circuit_destroy(inverse);
    return status;
}

// Both branches of the ancilla run |x>; only where it is 1 do the strings act, and Z between them.
static qhm_status append_between(qhm_circuit *circuit, const qhm_circuit *ansatz,
                                 const qhm_circuit *load, const qhm_pauli_masks strings[2],
                                 size_t qubit)
{
    const uint32_t ancilla = (uint32_t)qhm_circuit_qubit_count(ansatz);
    QHM_TRY(qhm_circuit_append_circuit(circuit, ansatz, NULL, NULL, 0, 0));
    QHM_TRY(qhm_pauli_append(circuit, strings[0], ancilla));
    if (qubit < ancilla) {
        QHM_TRY(append_inverse(circuit, load));
        QHM_TRY(
            qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){ancilla, (uint32_t)qubit}, NULL));
        QHM_TRY(qhm_circuit_append_circuit(circuit, load, NULL, NULL, 0, 0));
    }
    return qhm_pauli_append(circuit, strings[1], ancilla);
}

// U^-1 A_l V under the ancilla, all of it.
static qhm_status append_overlap(qhm_circuit *circuit, const qhm_circuit *ansatz,
                                 const qhm_circuit *load, qhm_pauli_masks string)
{
    qhm_circuit *whole, *controlled = NULL;
    QHM_TRY(qhm_circuit_copy(ansatz, &whole));
    qhm_status status = qhm_pauli_append(whole, string, UINT32_MAX);
    if (status == QHM_OK)
        status = append_inverse(whole, load);
    if (status == QHM_OK)
        status = qhm_circuit_control(whole, 1, &controlled);
    qhm_circuit_destroy(whole);
    QHM_TRY(status);
    status = qhm_circuit_append_circuit(circuit, controlled, NULL, NULL, 0, 0);
    qhm_circuit_destroy(controlled);
    return status;
}

static qhm_status create_test(const qhm_circuit *ansatz, const qhm_circuit *load,
                              qhm_solver_test test, const qhm_pauli_masks strings[2], size_t qubit,
                              qhm_circuit **circuit)
{
    const size_t n = qhm_circuit_qubit_count(ansatz);
    const uint32_t ancilla = (uint32_t)n;
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(n + 1, 1, &made));
    qhm_status status = qhm_circuit_append(made, QHM_GATE_H, &ancilla, NULL);
    if (status == QHM_OK)
        status = test == QHM_SOLVER_TEST_OVERLAP
                     ? append_overlap(made, ansatz, load, strings[0])
                     : append_between(made, ansatz, load, strings,
                                      test == QHM_SOLVER_TEST_QUBIT ? qubit : n);
    if (status == QHM_OK)
        status = qhm_circuit_append(made, QHM_GATE_H, &ancilla, NULL);
    if (status == QHM_OK)
        status = qhm_circuit_append_measure(made, ancilla, 0);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_variational_test_create(const qhm_circuit *ansatz, const double *matrix,
                                       const double *b, qhm_solver_test test, size_t l, size_t m,
                                       size_t qubit, qhm_circuit **circuit)
{
    qhm_pauli_weight *terms;
    qhm_circuit *load = NULL;
    size_t count;
    QHM_REQUIRE(ansatz && matrix && b && circuit, "ansatz, matrix, b or circuit is NULL");
    const size_t n = qhm_circuit_qubit_count(ansatz);
    QHM_REQUIRE(n >= 1 && n <= 3, "the ansatz has %zu qubits, not 1 to 3", n);
    QHM_REQUIRE(test != QHM_SOLVER_TEST_QUBIT || qubit < n, "qubit is %zu of %zu", qubit, n);
    QHM_TRY(qhm_pauli_sum_find(n, matrix, &terms, &count));
    m = test == QHM_SOLVER_TEST_OVERLAP ? l : m;
    qhm_status status = QHM_OK;
    if (l >= count || m >= count)
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "strings %zu and %zu of %zu", l, m, count);
    if (status == QHM_OK)
        status = create_load(n, b, &load);
    if (status == QHM_OK)
        status = create_test(ansatz, load, test,
                             (const qhm_pauli_masks[]){terms[l].string, terms[m].string}, qubit,
                             circuit);
    qhm_circuit_destroy(load);
    qhm_release(terms);
    return status;
}

typedef struct charge {
    const qhm_circuit *ansatz, *load;
    uint64_t shots;
    size_t tests;
    qhm_ledger ledger;
} charge;

static qhm_status charge_test(charge *c, qhm_solver_test test, const qhm_pauli_masks strings[2],
                              size_t qubit)
{
    qhm_circuit *circuit;
    qhm_ledger one;
    QHM_TRY(create_test(c->ansatz, c->load, test, strings, qubit, &circuit));
    const uint64_t loads = test == QHM_SOLVER_TEST_LENGTH  ? 0
                           : test == QHM_SOLVER_TEST_QUBIT ? 2
                                                           : 1;
    const qhm_status status = qhm_circuit_count_ledger(
        circuit, &(qhm_ledger_options){.shots = c->shots, .state_preparations = loads}, &one);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    qhm_ledger_add(&c->ledger, &one);
    c->tests++;
    return QHM_OK;
}

static qhm_status charge_all(charge *c, qhm_solver_cost cost, const qhm_pauli_weight *terms,
                             size_t count)
{
    const size_t n = qhm_circuit_qubit_count(c->ansatz);
    for (size_t l = 0; l < count; l++) {
        if (cost == QHM_SOLVER_COST_GLOBAL)
            QHM_TRY(charge_test(c, QHM_SOLVER_TEST_OVERLAP,
                                (const qhm_pauli_masks[]){terms[l].string, terms[l].string}, 0));
        for (size_t m = 0; m <= l; m++) {
            const qhm_pauli_masks strings[2] = {terms[l].string, terms[m].string};
            if (m < l) // a string is its own inverse
                QHM_TRY(charge_test(c, QHM_SOLVER_TEST_LENGTH, strings, 0));
            for (size_t j = 0; cost == QHM_SOLVER_COST_LOCAL && j < n; j++)
                QHM_TRY(charge_test(c, QHM_SOLVER_TEST_QUBIT, strings, j));
        }
    }
    return QHM_OK;
}

// A gradient is the cost at two more angles for each weight.
qhm_status qhm_variational_charge(size_t qubit_count, const double *matrix, const double *b,
                                  const qhm_variational_solver_options *options,
                                  qhm_variational_solved *solved, qhm_ledger *ledger)
{
    qhm_pauli_weight *terms = NULL;
    qhm_circuit *ansatz = NULL, *load = NULL;
    size_t count = 0;
    qhm_status status = qhm_pauli_sum_find(qubit_count, matrix, &terms, &count);
    if (status == QHM_OK)
        status = qhm_variational_ansatz_create(qubit_count, options->layers, &ansatz);
    if (status == QHM_OK)
        status = create_load(qubit_count, b, &load);
    charge c = {.ansatz = ansatz, .load = load, .shots = options->shots};
    if (status == QHM_OK)
        status = charge_all(&c, options->cost, terms, count);
    if (status == QHM_OK) {
        const uint64_t weights = (options->layers + 1) * qubit_count;
        qhm_ledger_repeat(&c.ledger, solved->evaluations * (1 + 2 * weights));
        qhm_ledger_add(ledger, &c.ledger);
        solved->strings = count;
        solved->tests = c.tests;
    }
    qhm_circuit_destroy(ansatz);
    qhm_circuit_destroy(load);
    qhm_release(terms);
    return status;
}
