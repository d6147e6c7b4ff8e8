// Two-qubit unitaries up to one-qubit gates: Cartan (KAK) decomposition and circuits of 0 to 3 CX.
#ifndef QHM_LINALG_WEYL_H
#define QHM_LINALG_WEYL_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stdint.h>

// Coordinates and angles nearer than this to a special value count as it.
#define QHM_WEYL_TOLERANCE 1e-10

// u = e^{i phase} (left[1] x left[0]) exp(i (c0 XX + c1 YY + c2 ZZ)) (right[1] x right[0]) with
// matrices [2][2], [0] on qubit 0, the lowest bit of a row of u. The coordinates lie in the Weyl
// chamber pi/4 >= c0 >= c1 >= |c2|, c2 >= 0 where c0 = pi/4: equal for equivalent gates.
typedef struct qhm_weyl {
    double coordinates[3], phase;
    qhm_complex left[2][4], right[2][4];
} qhm_weyl;

// Decomposes u [4][4], rows first, unitary within 1e-9 [kraus2001]. QHM_ERROR_NUMERIC when it is
// not.
QHM_MUST_CHECK qhm_status qhm_weyl_find(const qhm_complex *u, qhm_weyl *weyl);

// How many CX a gate with these coordinates needs: 0 to 3 [vidal2004].
unsigned qhm_weyl_cx_count(const double coordinates[3]);

// u = e^{i phase} layers[count] CX ... CX layers[0]: one-qubit matrices layers[i][qubit] [2][2],
// and CX number i from qubit controls[i] to the other.
typedef struct qhm_two_qubit_circuit {
    unsigned count; // 0 to 3
    uint8_t controls[3];
    qhm_complex layers[4][2][4];
} qhm_two_qubit_circuit;

// The circuit with the fewest CX [vatan2004]; exact up to a phase and QHM_WEYL_TOLERANCE.
void qhm_weyl_synthesise(const qhm_weyl *weyl, qhm_two_qubit_circuit *circuit);

// c = a b for matrices [2][2]; c may overlap both.
void qhm_product_2(const qhm_complex *a, const qhm_complex *b, qhm_complex *c);

// u = e^{i phase} U(angles) with angles[0] in 0 to pi: see QHM_GATE_U. Returns the phase.
double qhm_euler_angles(const qhm_complex *u, double angles[3]);

#endif
