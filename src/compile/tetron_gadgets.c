// Sequences of [aasen2025], with outcomes 0 for +1 and 1 for -1; the first measurement prepares the
// ancilla. XX needs a horizontal pair of neighbours, ZZ a vertical one.
#include "compile/tetron_gadgets.h"

#define A QHM_TETRON_ANCILLA
#define D QHM_TETRON_FIRST
#define E QHM_TETRON_SECOND
#define X QHM_PAULI_X
#define Y QHM_PAULI_Y
#define Z QHM_PAULI_Z

const qhm_tetron_gadget qhm_tetron_gadgets[QHM_TETRON_GADGET_COUNT] = {
    // X_a, Z_a Z_d, Y_a: S up to Z^(m0 + m1 + m2 + 1).
    [QHM_TETRON_S] = {.name = "s",
                      .gate = QHM_GATE_S,
                      .couplers = {"zz", NULL},
                      .step_count = 3,
                      .steps = {{1, {A}, {X}, 0}, {2, {A, D}, {Z, Z}, 1}, {1, {A}, {Y}, 2}},
                      .byproducts = {{D, Z, 7, true}}},
    // Z_a, X_a X_d, Y_a: the square root of X up to X^(m0 + m1 + m2).
    [QHM_TETRON_SX] = {.name = "sx",
                       .gate = QHM_GATE_SX,
                       .couplers = {"xx", NULL},
                       .step_count = 3,
                       .steps = {{1, {A}, {Z}, 0}, {2, {A, D}, {X, X}, 1}, {1, {A}, {Y}, 2}},
                       .byproducts = {{D, X, 7, false}}},
    // X_a, Z_a Z_c, X_a X_t, Z_a: CX up to Z_c^(m0 + m2) X_t^(m1 + m3).
    [QHM_TETRON_CX] = {.name = "cx",
                       .gate = QHM_GATE_CX,
                       .couplers = {"zz", "xx"},
                       .step_count = 4,
                       .steps = {{1, {A}, {X}, 0},
                                 {2, {A, D}, {Z, Z}, 1},
                                 {2, {A, E}, {X, X}, 2},
                                 {1, {A}, {Z}, 3}},
                       .byproducts = {{D, Z, 5, false}, {E, X, 10, false}}},
    // X_a and T_a make the magic state, Z_a Z_d, X_a: T up to Z^(m0 + m2), T* before S if m3.
    [QHM_TETRON_T] = {.name = "t",
                      .gate = QHM_GATE_T,
                      .couplers = {"zz", NULL},
                      .step_count = 4,
                      .steps = {{1, {A}, {X}, 0}, {0}, {2, {A, D}, {Z, Z}, 3}, {1, {A}, {X}, 2}},
                      .byproducts = {{D, Z, 5, false}},
                      .has_correction = true},
    // X_a, Z_a Z_d, X_d: from d to a up to Z^(m0 + m2) X^m1.
    [QHM_TETRON_MOVE_ZZ] = {.name = "move_zz",
                            .gate = QHM_GATE_BARRIER,
                            .couplers = {"zz", NULL},
                            .step_count = 3,
                            .steps = {{1, {A}, {X}, 0}, {2, {A, D}, {Z, Z}, 1}, {1, {D}, {X}, 2}},
                            .byproducts = {{A, Z, 5, false}, {A, X, 2, false}},
                            .is_move = true},
    // Z_a, X_a X_d, Z_d: from d to a up to X^(m0 + m2) Z^m1.
    [QHM_TETRON_MOVE_XX] = {.name = "move_xx",
                            .gate = QHM_GATE_BARRIER,
                            .couplers = {"xx", NULL},
                            .step_count = 3,
                            .steps = {{1, {A}, {Z}, 0}, {2, {A, D}, {X, X}, 1}, {1, {D}, {Z}, 2}},
                            .byproducts = {{A, X, 5, false}, {A, Z, 2, false}},
                            .is_move = true},
};
