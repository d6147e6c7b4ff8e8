// Definitions that spell out a gate of the table: tools that write OpenQASM 2 have to define all
// that its library lacks. They are recognised by what they do, at angles that mean nothing else.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

enum { MOST_QUBITS = 3, MOST_DIMENSION = 1 << MOST_QUBITS, MOST_STEPS = 256, MOST_ANGLES = 4 };

#define TOLERANCE 1e-13

typedef struct square {
    qhm_complex entries[MOST_DIMENSION][MOST_DIMENSION]; // [row][column]
} square;

// True if a definition may be tried: short, of unitary gates that are known to the bottom.
static bool is_short(const qasm_gate *gate, size_t *left)
{
    if (gate->meaning != QASM_GATE_STEPS)
        return gate->meaning != QASM_GATE_OPAQUE && (*left)-- > 0;
    for (size_t i = 0; i < gate->step_count; i++) {
        const qasm_step *step = &gate->steps[i];
        if (*left == 0 || step->modifier_count > 0 || !step->gate || !is_short(step->gate, left))
            return false;
    }
    return true;
}

// Bits `qubits` of a number, the first as bit 0.
static size_t gather_bits(size_t number, const uint32_t *qubits, uint32_t count)
{
    size_t bits = 0;
    for (uint32_t i = 0; i < count; i++)
        bits |= (number >> qubits[i] & 1) << i;
    return bits;
}

static void multiply(const qhm_instruction *instruction, size_t dimension, square *product)
{
    qhm_complex matrix[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    const uint32_t controls = qhm_instruction_control_count(instruction),
                   targets = qhm_instruction_target_count(instruction);
    const uint32_t *places = instruction->qubits + controls;
    const size_t all = ((size_t)1 << controls) - 1, size = (size_t)1 << targets;
    const square before = *product;
    qhm_instruction_matrix(instruction, NULL, NULL, matrix);
    for (size_t row = 0; row < dimension; row++) {
        if (gather_bits(row, instruction->qubits, controls) != all)
            continue;
        memset(product->entries[row], 0, sizeof product->entries[row]);
        for (size_t from = 0; from < dimension; from++) {
            size_t others = row ^ from; // only targets may differ
            for (uint32_t t = 0; t < targets; t++)
                others &= ~((size_t)1 << places[t]);
            const qhm_complex factor = matrix[gather_bits(row, places, targets) * size +
                                              gather_bits(from, places, targets)];
            for (size_t column = 0; others == 0 && column < dimension; column++) {
                const qhm_complex entry = before.entries[from][column];
                product->entries[row][column].re += factor.re * entry.re - factor.im * entry.im;
                product->entries[row][column].im += factor.re * entry.im + factor.im * entry.re;
            }
        }
    }
}

// What a gate does on qubits of its own.
static qhm_status find_matrix(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                              square *out)
{
    static const uint32_t qubits[MOST_QUBITS] = {0, 1, 2};
    const size_t dimension = (size_t)1 << gate->qubit_count;
    qhm_circuit *outer = reader->circuit, *alone;
    const qhm_condition path = reader->path;
    QHM_TRY(qhm_circuit_create(gate->qubit_count, 0, &alone));
    reader->circuit = alone;
    reader->path = (qhm_condition){0};
    const qhm_status status =
        qhm_qasm_apply_gate(reader, gate, values, qubits, &(qasm_surroundings){0});
    reader->circuit = outer;
    reader->path = path;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < dimension; i++)
        out->entries[i][i].re = 1;
    for (size_t i = 0; status == QHM_OK && i < qhm_circuit_instruction_count(alone); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(alone, i);
        if (qhm_gate_information(instruction->gate)->is_unitary)
            multiply(instruction, dimension, out);
    }
    qhm_circuit_destroy(alone);
    return status;
}

// Up to the phase of the trace of a^+ b.
static bool are_same(const square *a, const square *b, size_t dimension)
{
    double re = 0, im = 0, largest = 0;
    for (size_t row = 0; row < dimension; row++)
        for (size_t column = 0; column < dimension; column++) {
            const qhm_complex x = a->entries[row][column], y = b->entries[row][column];
            re += x.re * y.re + x.im * y.im;
            im += x.re * y.im - x.im * y.re;
        }
    const double size = hypot(re, im);
    for (size_t row = 0; size > 0 && row < dimension; row++)
        for (size_t column = 0; column < dimension; column++) {
            const qhm_complex x = a->entries[row][column], y = b->entries[row][column];
            largest = fmax(largest, fabs((x.re * re - x.im * im) / size - y.re));
            largest = fmax(largest, fabs((x.re * im + x.im * re) / size - y.im));
        }
    return size > 0 && largest < TOLERANCE;
}

qhm_status qhm_qasm_recognise(qasm_reader *reader, const qasm_gate *gate, const qasm_gate *known,
                              bool *is_same)
{
    static const double angles[2][MOST_ANGLES] = {{0.37, 0.61, 0.83, 0.29},
                                                  {0.91, 0.17, 0.43, 0.71}};
    size_t left = MOST_STEPS;
    *is_same = reader->version == 2 && known->meaning == QASM_GATE_OF_TABLE &&
               gate->qubit_count <= MOST_QUBITS && gate->parameter_count <= MOST_ANGLES &&
               is_short(gate, &left);
    for (int trial = 0; *is_same && trial < (gate->parameter_count > 0 ? 2 : 1); trial++) {
        qasm_value values[MOST_ANGLES];
        square defined, meant;
        for (int i = 0; i < MOST_ANGLES; i++)
            values[i] = qhm_qasm_real(angles[trial][i]);
        QHM_TRY(find_matrix(reader, gate, values, &defined));
        QHM_TRY(find_matrix(reader, known, values, &meant));
        *is_same = are_same(&defined, &meant, (size_t)1 << gate->qubit_count);
    }
    return QHM_OK;
}
