// Random circuits of cycles on a grid.
#include <qhm/random_circuit.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

// Which pairs of the grid are joined in a cycle: the pattern ABCDCDAB, where A and B join columns
// and C and D rows.
static bool is_joined(size_t cycle, size_t row, size_t column, bool is_across)
{
    static const char pattern[] = "ABCDCDAB";
    const char letter = pattern[cycle % 8];
    const bool joins_columns = letter == 'A' || letter == 'B';
    const size_t parity = letter == 'B' || letter == 'D';
    return joins_columns == is_across && (row + column) % 2 == parity;
}

static qhm_status append_pair(qhm_circuit *circuit, size_t first, size_t second)
{
    return qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){(uint32_t)first, (uint32_t)second},
                              NULL);
}

static qhm_status append_pairs(qhm_circuit *circuit, size_t cycle, size_t rows)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    for (size_t q = 0; q < qubits; q++) {
        const size_t row = q % rows, column = q / rows;
        if (q + rows < qubits && is_joined(cycle, row, column, true))
            QHM_TRY(append_pair(circuit, q, q + rows));
        if (row + 1 < rows && q + 1 < qubits && is_joined(cycle, row, column, false))
            QHM_TRY(append_pair(circuit, q, q + 1));
    }
    return QHM_OK;
}

// last [qubits]: the root of the cycle before, 0 to 2; 3 before the first.
static qhm_status append_roots(qhm_circuit *circuit, size_t *last, qhm_random *random)
{
    static const double turns[3] = {M_PI / 2, 0, M_PI / 4}; // of the square roots of X, Y and W
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(circuit); q++) {
        const size_t gate = last[q] == 3 ? (size_t)qhm_random_below(random, 3)
                                         : (last[q] + 1 + (size_t)qhm_random_below(random, 2)) % 3;
        last[q] = gate;
        const qhm_angle angles[3] = {qhm_angle_constant(M_PI / 2), qhm_angle_constant(-turns[gate]),
                                     qhm_angle_constant(turns[gate])};
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_U, &q, angles));
    }
    return QHM_OK;
}

qhm_status qhm_random_circuit_append(qhm_circuit *circuit,
                                     const qhm_random_circuit_options *options, qhm_random *random)
{
    static const qhm_random_circuit_options defaults;
    size_t *last;
    QHM_REQUIRE(circuit && random, "circuit or random is NULL");
    options = options ? options : &defaults;
    const size_t cycles = options->cycles ? options->cycles : 20;
    const size_t rows = options->rows ? options->rows : 4;
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(circuit), sizeof *last, &last));
    for (size_t q = 0; q < qhm_circuit_qubit_count(circuit); q++)
        last[q] = 3;
    qhm_status status = QHM_OK;
    for (size_t cycle = 0; cycle < cycles && status == QHM_OK; cycle++) {
        status = append_roots(circuit, last, random);
        if (status == QHM_OK)
            status = append_pairs(circuit, cycle, rows);
    }
    if (status == QHM_OK && options->is_closed)
        status = append_roots(circuit, last, random);
    qhm_release(last);
    return status;
}
