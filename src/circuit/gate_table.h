// The gate table: one row a gate with all that is true of it. Simulators, compilers, transforms,
// drawings and the table's self-check read it; adding a row is adding a gate.
#ifndef QHM_CIRCUIT_GATE_TABLE_H
#define QHM_CIRCUIT_GATE_TABLE_H

#include "linalg/pauli.h"

#include <qhm/circuit.h>

enum {
    QHM_GATE_MAX_ANGLES = 3,
    QHM_GATE_MAX_QUBITS = 3,    // of the table's gates, controls included
    QHM_GATE_MAX_DIMENSION = 4, // of the table's base matrices
    QHM_UNITARY_MAX_TARGETS = 4,
    QHM_UNITARY_MAX_DIMENSION = 16, // the largest base matrix there is
};

// The eigenvalues of G in U(a) = exp(-i a G), which decide the parameter-shift rule.
typedef enum qhm_spectrum {
    QHM_SPECTRUM_PAULI = 0,    // -1/2 and 1/2; under a control also 0
    QHM_SPECTRUM_PROJECTOR = 1 // 0 and -1, under any controls
} qhm_spectrum;

// One gate of a decomposition; its angle, if any, is scale * angles[source] + offset.
typedef struct qhm_gate_step {
    qhm_gate gate;
    uint8_t qubits[QHM_GATE_MAX_QUBITS]; // among the decomposed gate's own
    uint8_t source;
    double scale, offset;
} qhm_gate_step;

typedef struct qhm_gate_row {
    qhm_gate_info information;
    const char *label; // in drawings; the name in capitals where only ASCII is allowed
    qhm_gate base;     // the gate whose matrix acts on the targets; itself without controls

    // The base matrix: one of these three; none for unitary and what is not a gate.
    const qhm_complex *constant; // [2^k][2^k] row-major, first target = bit 0
    qhm_pauli_masks rotation;    // exp(-i a P / 2)
    void (*matrix)(const double *angles, qhm_complex *out);
    void (*derivative)(unsigned which, const double *angles, qhm_complex *out);

    bool is_diagonal;
    bool is_symmetric; // two targets, and their order does not matter
    qhm_spectrum spectra[QHM_GATE_MAX_ANGLES];

    // Angle i of the inverse is -angles[inverse_angles[i]].
    qhm_gate inverse;
    uint8_t inverse_angles[QHM_GATE_MAX_ANGLES];

    // The same matrix exactly, global phase included, from simpler gates; the simplest are
    // h, p, rz and cx, which have none.
    const qhm_gate_step *steps;
    size_t step_count;
} qhm_gate_row;

const qhm_gate_row *qhm_gate_table_row(qhm_gate gate);

// True for operations on classical bits alone: set, while and end.
static inline bool qhm_gate_is_classical(qhm_gate gate)
{
    return gate == QHM_GATE_SET || gate == QHM_GATE_WHILE || gate == QHM_GATE_END;
}

// True for measurements, of a qubit or of a Pauli string.
static inline bool qhm_gate_is_measurement(qhm_gate gate)
{
    return gate == QHM_GATE_MEASURE || gate == QHM_GATE_MEASURE_PAULI;
}

// True for measurements and set: the instruction's bit is where they write.
static inline bool qhm_gate_writes_bit(qhm_gate gate)
{
    return qhm_gate_is_measurement(gate) || gate == QHM_GATE_SET;
}

// True for barrier and delay, which do nothing to states.
static inline bool qhm_gate_is_idle(qhm_gate gate)
{
    return gate == QHM_GATE_BARRIER || gate == QHM_GATE_DELAY;
}

// The matrix that acts on the targets (X for cx) into out [2^k][2^k]; not for unitary and what is
// not a gate.
void qhm_gate_matrix(qhm_gate gate, const double *angles, qhm_complex *out);

// Its derivative by angle `which`. A controlled gate's derivative is this where all controls
// are 1 and ZERO elsewhere (not the identity).
void qhm_gate_derivative(qhm_gate gate, unsigned which, const double *angles, qhm_complex *out);

// True for gates without angles that turn Pauli strings into Pauli strings, by their matrix.
bool qhm_gate_is_clifford(qhm_gate gate);

// The gate with the same base matrix and one more built-in control; false if there is none.
bool qhm_gate_find_controlled(qhm_gate gate, qhm_gate *controlled);

// df/da = sum_m coefficients[m] * f(a + shifts[m]).
typedef struct qhm_shift_rule {
    size_t count;
    double shifts[4], coefficients[4];
} qhm_shift_rule;

// The exact rule of an expectation value in angle `which`: two terms for one frequency, four for
// a rotation under controls (frequencies 1/2 and 1). extra_controls: the instruction's.
void qhm_gate_shift_rule(qhm_gate gate, unsigned which, uint32_t extra_controls,
                         qhm_shift_rule *rule);

// The rule for frequencies base, 2 base, ..., count * base: 2 count terms into the arrays.
// Wierichs, Izaac, Wang, Lin: General parameter-shift rules [wierichs2022].
void qhm_shift_rule_general(size_t count, double base, double *shifts, double *coefficients);

#endif
