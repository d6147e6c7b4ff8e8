// The gate table: names, matrices, inverses, decompositions and texts of all gates.
#include "circuit/gate_table.h"

#include "base/status_internal.h"
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define SQRT_HALF 0.70710678118654752440
#define STEPS(array) .steps = (array), .step_count = sizeof(array) / sizeof((array)[0])

static const qhm_complex h_matrix[] = {
    {SQRT_HALF, 0}, {SQRT_HALF, 0}, {SQRT_HALF, 0}, {-SQRT_HALF, 0}};
static const qhm_complex x_matrix[] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
static const qhm_complex y_matrix[] = {{0, 0}, {0, -1}, {0, 1}, {0, 0}};
static const qhm_complex z_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {-1, 0}};
static const qhm_complex s_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {0, 1}};
static const qhm_complex sdg_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {0, -1}};
static const qhm_complex t_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {SQRT_HALF, SQRT_HALF}};
static const qhm_complex tdg_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {SQRT_HALF, -SQRT_HALF}};
static const qhm_complex sx_matrix[] = {{0.5, 0.5}, {0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}};
static const qhm_complex sxdg_matrix[] = {{0.5, -0.5}, {0.5, 0.5}, {0.5, 0.5}, {0.5, -0.5}};
static const qhm_complex swap_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0},
                                          {1, 0}, {0, 0}, {0, 0}, {1, 0}, {0, 0}, {0, 0},
                                          {0, 0}, {0, 0}, {0, 0}, {1, 0}};
static const qhm_complex iswap_matrix[] = {{1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0},
                                           {0, 1}, {0, 0}, {0, 0}, {0, 1}, {0, 0}, {0, 0},
                                           {0, 0}, {0, 0}, {0, 0}, {1, 0}};
static const qhm_complex iswapdg_matrix[] = {{1, 0},  {0, 0}, {0, 0}, {0, 0},  {0, 0}, {0, 0},
                                             {0, -1}, {0, 0}, {0, 0}, {0, -1}, {0, 0}, {0, 0},
                                             {0, 0},  {0, 0}, {0, 0}, {1, 0}};
static const qhm_complex ecr_matrix[] = {
    {0, 0},          {SQRT_HALF, 0}, {0, 0},         {0, SQRT_HALF}, {SQRT_HALF, 0}, {0, 0},
    {0, -SQRT_HALF}, {0, 0},         {0, 0},         {0, SQRT_HALF}, {0, 0},         {SQRT_HALF, 0},
    {0, -SQRT_HALF}, {0, 0},         {SQRT_HALF, 0}, {0, 0}};

static void p_matrix(const double *angles, qhm_complex *out)
{
    out[0] = (qhm_complex){1, 0};
    out[1] = out[2] = (qhm_complex){0, 0};
    out[3] = (qhm_complex){cos(angles[0]), sin(angles[0])};
}

static void p_derivative(unsigned which, const double *angles, qhm_complex *out)
{
    (void)which;
    out[0] = out[1] = out[2] = (qhm_complex){0, 0};
    out[3] = (qhm_complex){-sin(angles[0]), cos(angles[0])};
}

// U = P(b) RY(a) P(c).
static void u_matrix(const double *angles, qhm_complex *out)
{
    double c = cos(angles[0] / 2), s = sin(angles[0] / 2);
    double sum = angles[1] + angles[2];
    out[0] = (qhm_complex){c, 0};
    out[1] = (qhm_complex){-s * cos(angles[2]), -s * sin(angles[2])};
    out[2] = (qhm_complex){s * cos(angles[1]), s * sin(angles[1])};
    out[3] = (qhm_complex){c * cos(sum), c * sin(sum)};
}

static void u_derivative(unsigned which, const double *angles, qhm_complex *out)
{
    if (which == 0) { // a rotation: half the matrix half a turn further
        double turned[3] = {angles[0] + M_PI, angles[1], angles[2]};
        u_matrix(turned, out);
        for (int i = 0; i < 4; i++)
            out[i] = (qhm_complex){out[i].re / 2, out[i].im / 2};
        return;
    }
    u_matrix(angles, out); // a phase: i times the entries that hold it
    int other = which == 1 ? 2 : 1;
    out[0] = out[3 - other] = (qhm_complex){0, 0};
    out[other] = qhm_complex_times_i(out[other], 1);
    out[3] = qhm_complex_times_i(out[3], 1);
}

static const qhm_gate_step x_steps[] = {
    {.gate = QHM_GATE_H}, {.gate = QHM_GATE_P, .offset = M_PI}, {.gate = QHM_GATE_H}};
static const qhm_gate_step y_steps[] = {
    {.gate = QHM_GATE_SDG}, {.gate = QHM_GATE_X}, {.gate = QHM_GATE_S}};
static const qhm_gate_step z_steps[] = {{.gate = QHM_GATE_P, .offset = M_PI}};
static const qhm_gate_step s_steps[] = {{.gate = QHM_GATE_P, .offset = M_PI / 2}};
static const qhm_gate_step sdg_steps[] = {{.gate = QHM_GATE_P, .offset = -M_PI / 2}};
static const qhm_gate_step t_steps[] = {{.gate = QHM_GATE_P, .offset = M_PI / 4}};
static const qhm_gate_step tdg_steps[] = {{.gate = QHM_GATE_P, .offset = -M_PI / 4}};
static const qhm_gate_step sx_steps[] = {
    {.gate = QHM_GATE_H}, {.gate = QHM_GATE_S}, {.gate = QHM_GATE_H}};
static const qhm_gate_step sxdg_steps[] = {
    {.gate = QHM_GATE_H}, {.gate = QHM_GATE_SDG}, {.gate = QHM_GATE_H}};
static const qhm_gate_step rx_steps[] = {
    {.gate = QHM_GATE_H}, {.gate = QHM_GATE_RZ, .scale = 1}, {.gate = QHM_GATE_H}};
static const qhm_gate_step ry_steps[] = {
    {.gate = QHM_GATE_SDG}, {.gate = QHM_GATE_RX, .scale = 1}, {.gate = QHM_GATE_S}};
static const qhm_gate_step u_steps[] = {{.gate = QHM_GATE_P, .source = 2, .scale = 1},
                                        {.gate = QHM_GATE_RY, .source = 0, .scale = 1},
                                        {.gate = QHM_GATE_P, .source = 1, .scale = 1}};
static const qhm_gate_step cy_steps[] = {{.gate = QHM_GATE_SDG, .qubits = {1}},
                                         {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                         {.gate = QHM_GATE_S, .qubits = {1}}};
static const qhm_gate_step cz_steps[] = {{.gate = QHM_GATE_H, .qubits = {1}},
                                         {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                         {.gate = QHM_GATE_H, .qubits = {1}}};
// H = RY(pi/4) Z RY(-pi/4).
static const qhm_gate_step ch_steps[] = {{.gate = QHM_GATE_RY, .qubits = {1}, .offset = -M_PI / 4},
                                         {.gate = QHM_GATE_CZ, .qubits = {0, 1}},
                                         {.gate = QHM_GATE_RY, .qubits = {1}, .offset = M_PI / 4}};
static const qhm_gate_step cp_steps[] = {{.gate = QHM_GATE_P, .qubits = {0}, .scale = 0.5},
                                         {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                         {.gate = QHM_GATE_P, .qubits = {1}, .scale = -0.5},
                                         {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                         {.gate = QHM_GATE_P, .qubits = {1}, .scale = 0.5}};
static const qhm_gate_step crx_steps[] = {{.gate = QHM_GATE_H, .qubits = {1}},
                                          {.gate = QHM_GATE_CRZ, .qubits = {0, 1}, .scale = 1},
                                          {.gate = QHM_GATE_H, .qubits = {1}}};
static const qhm_gate_step cry_steps[] = {{.gate = QHM_GATE_RY, .qubits = {1}, .scale = 0.5},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                          {.gate = QHM_GATE_RY, .qubits = {1}, .scale = -0.5},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}}};
static const qhm_gate_step crz_steps[] = {{.gate = QHM_GATE_RZ, .qubits = {1}, .scale = 0.5},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                          {.gate = QHM_GATE_RZ, .qubits = {1}, .scale = -0.5},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}}};
static const qhm_gate_step swap_steps[] = {{.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                           {.gate = QHM_GATE_CX, .qubits = {1, 0}},
                                           {.gate = QHM_GATE_CX, .qubits = {0, 1}}};
static const qhm_gate_step iswap_steps[] = {
    {.gate = QHM_GATE_S, .qubits = {0}},     {.gate = QHM_GATE_S, .qubits = {1}},
    {.gate = QHM_GATE_H, .qubits = {0}},     {.gate = QHM_GATE_CX, .qubits = {0, 1}},
    {.gate = QHM_GATE_CX, .qubits = {1, 0}}, {.gate = QHM_GATE_H, .qubits = {1}}};
static const qhm_gate_step iswapdg_steps[] = {
    {.gate = QHM_GATE_H, .qubits = {1}},     {.gate = QHM_GATE_CX, .qubits = {1, 0}},
    {.gate = QHM_GATE_CX, .qubits = {0, 1}}, {.gate = QHM_GATE_H, .qubits = {0}},
    {.gate = QHM_GATE_SDG, .qubits = {1}},   {.gate = QHM_GATE_SDG, .qubits = {0}}};
// RZ instead of S makes the global phase right.
static const qhm_gate_step ecr_steps[] = {{.gate = QHM_GATE_RZ, .qubits = {0}, .offset = M_PI / 2},
                                          {.gate = QHM_GATE_SX, .qubits = {1}},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                          {.gate = QHM_GATE_X, .qubits = {0}}};
static const qhm_gate_step rzz_steps[] = {{.gate = QHM_GATE_CX, .qubits = {0, 1}},
                                          {.gate = QHM_GATE_RZ, .qubits = {1}, .scale = 1},
                                          {.gate = QHM_GATE_CX, .qubits = {0, 1}}};
static const qhm_gate_step rxx_steps[] = {{.gate = QHM_GATE_H, .qubits = {0}},
                                          {.gate = QHM_GATE_H, .qubits = {1}},
                                          {.gate = QHM_GATE_RZZ, .qubits = {0, 1}, .scale = 1},
                                          {.gate = QHM_GATE_H, .qubits = {0}},
                                          {.gate = QHM_GATE_H, .qubits = {1}}};
static const qhm_gate_step ryy_steps[] = {{.gate = QHM_GATE_SDG, .qubits = {0}},
                                          {.gate = QHM_GATE_SDG, .qubits = {1}},
                                          {.gate = QHM_GATE_RXX, .qubits = {0, 1}, .scale = 1},
                                          {.gate = QHM_GATE_S, .qubits = {0}},
                                          {.gate = QHM_GATE_S, .qubits = {1}}};
static const qhm_gate_step ccx_steps[] = {
    {.gate = QHM_GATE_H, .qubits = {2}},     {.gate = QHM_GATE_CX, .qubits = {1, 2}},
    {.gate = QHM_GATE_TDG, .qubits = {2}},   {.gate = QHM_GATE_CX, .qubits = {0, 2}},
    {.gate = QHM_GATE_T, .qubits = {2}},     {.gate = QHM_GATE_CX, .qubits = {1, 2}},
    {.gate = QHM_GATE_TDG, .qubits = {2}},   {.gate = QHM_GATE_CX, .qubits = {0, 2}},
    {.gate = QHM_GATE_T, .qubits = {1}},     {.gate = QHM_GATE_T, .qubits = {2}},
    {.gate = QHM_GATE_H, .qubits = {2}},     {.gate = QHM_GATE_CX, .qubits = {0, 1}},
    {.gate = QHM_GATE_T, .qubits = {0}},     {.gate = QHM_GATE_TDG, .qubits = {1}},
    {.gate = QHM_GATE_CX, .qubits = {0, 1}},
};
static const qhm_gate_step cswap_steps[] = {{.gate = QHM_GATE_CX, .qubits = {2, 1}},
                                            {.gate = QHM_GATE_CCX, .qubits = {0, 1, 2}},
                                            {.gate = QHM_GATE_CX, .qubits = {2, 1}}};

// information: name, controls, targets, angles, unitary, formula.
static const qhm_gate_row rows[QHM_GATE_COUNT] = {
    [QHM_GATE_H] = {{"h", 0, 1, 0, true, "(X + Z) / sqrt 2"},
                    .label = "H",
                    .base = QHM_GATE_H,
                    .constant = h_matrix,
                    .inverse = QHM_GATE_H},
    [QHM_GATE_X] = {{"x", 0, 1, 0, true, "[[0, 1], [1, 0]]"},
                    .label = "X",
                    .base = QHM_GATE_X,
                    .constant = x_matrix,
                    .inverse = QHM_GATE_X,
                    STEPS(x_steps)},
    [QHM_GATE_Y] = {{"y", 0, 1, 0, true, "[[0, -i], [i, 0]]"},
                    .label = "Y",
                    .base = QHM_GATE_Y,
                    .constant = y_matrix,
                    .inverse = QHM_GATE_Y,
                    STEPS(y_steps)},
    [QHM_GATE_Z] = {{"z", 0, 1, 0, true, "diag(1, -1)"},
                    .label = "Z",
                    .base = QHM_GATE_Z,
                    .constant = z_matrix,
                    .is_diagonal = true,
                    .inverse = QHM_GATE_Z,
                    STEPS(z_steps)},
    [QHM_GATE_S] = {{"s", 0, 1, 0, true, "diag(1, i)"},
                    .label = "S",
                    .base = QHM_GATE_S,
                    .constant = s_matrix,
                    .is_diagonal = true,
                    .inverse = QHM_GATE_SDG,
                    STEPS(s_steps)},
    [QHM_GATE_SDG] = {{"sdg", 0, 1, 0, true, "diag(1, -i)"},
                      .label = "S†",
                      .base = QHM_GATE_SDG,
                      .constant = sdg_matrix,
                      .is_diagonal = true,
                      .inverse = QHM_GATE_S,
                      STEPS(sdg_steps)},
    [QHM_GATE_T] = {{"t", 0, 1, 0, true, "diag(1, e^{i pi/4})"},
                    .label = "T",
                    .base = QHM_GATE_T,
                    .constant = t_matrix,
                    .is_diagonal = true,
                    .inverse = QHM_GATE_TDG,
                    STEPS(t_steps)},
    [QHM_GATE_TDG] = {{"tdg", 0, 1, 0, true, "diag(1, e^{-i pi/4})"},
                      .label = "T†",
                      .base = QHM_GATE_TDG,
                      .constant = tdg_matrix,
                      .is_diagonal = true,
                      .inverse = QHM_GATE_T,
                      STEPS(tdg_steps)},
    [QHM_GATE_SX] = {{"sx", 0, 1, 0, true, "[[1+i, 1-i], [1-i, 1+i]] / 2, the square root of X"},
                     .label = "√X",
                     .base = QHM_GATE_SX,
                     .constant = sx_matrix,
                     .inverse = QHM_GATE_SXDG,
                     STEPS(sx_steps)},
    [QHM_GATE_SXDG] = {{"sxdg", 0, 1, 0, true, "[[1-i, 1+i], [1+i, 1-i]] / 2"},
                       .label = "√X†",
                       .base = QHM_GATE_SXDG,
                       .constant = sxdg_matrix,
                       .inverse = QHM_GATE_SX,
                       STEPS(sxdg_steps)},
    [QHM_GATE_RX] = {{"rx", 0, 1, 1, true, "exp(-i a X / 2)"},
                     .label = "RX",
                     .base = QHM_GATE_RX,
                     .rotation = {1, 0},
                     .inverse = QHM_GATE_RX,
                     STEPS(rx_steps)},
    [QHM_GATE_RY] = {{"ry", 0, 1, 1, true, "exp(-i a Y / 2)"},
                     .label = "RY",
                     .base = QHM_GATE_RY,
                     .rotation = {1, 1},
                     .inverse = QHM_GATE_RY,
                     STEPS(ry_steps)},
    [QHM_GATE_RZ] = {{"rz", 0, 1, 1, true, "exp(-i a Z / 2) = diag(e^{-i a/2}, e^{i a/2})"},
                     .label = "RZ",
                     .base = QHM_GATE_RZ,
                     .rotation = {0, 1},
                     .is_diagonal = true,
                     .inverse = QHM_GATE_RZ},
    [QHM_GATE_P] = {{"p", 0, 1, 1, true, "diag(1, e^{i a})"},
                    .label = "P",
                    .base = QHM_GATE_P,
                    .matrix = p_matrix,
                    .derivative = p_derivative,
                    .is_diagonal = true,
                    .spectra = {QHM_SPECTRUM_PROJECTOR},
                    .inverse = QHM_GATE_P},
    [QHM_GATE_U] = {{"u", 0, 1, 3, true,
                     "[[cos(a/2), -e^{ic} sin(a/2)], [e^{ib} sin(a/2), e^{i(b+c)} cos(a/2)]]"},
                    .label = "U",
                    .base = QHM_GATE_U,
                    .matrix = u_matrix,
                    .derivative = u_derivative,
                    .spectra = {QHM_SPECTRUM_PAULI, QHM_SPECTRUM_PROJECTOR, QHM_SPECTRUM_PROJECTOR},
                    .inverse = QHM_GATE_U,
                    .inverse_angles = {0, 2, 1},
                    STEPS(u_steps)},
    [QHM_GATE_CX] = {{"cx", 1, 1, 0, true, "x under one control"},
                     .label = "X",
                     .base = QHM_GATE_X,
                     .constant = x_matrix,
                     .inverse = QHM_GATE_CX},
    [QHM_GATE_CY] = {{"cy", 1, 1, 0, true, "y under one control"},
                     .label = "Y",
                     .base = QHM_GATE_Y,
                     .constant = y_matrix,
                     .inverse = QHM_GATE_CY,
                     STEPS(cy_steps)},
    [QHM_GATE_CZ] = {{"cz", 1, 1, 0, true, "z under one control: diag(1, 1, 1, -1)"},
                     .label = "Z",
                     .base = QHM_GATE_Z,
                     .constant = z_matrix,
                     .is_diagonal = true,
                     .inverse = QHM_GATE_CZ,
                     STEPS(cz_steps)},
    [QHM_GATE_CH] = {{"ch", 1, 1, 0, true, "h under one control"},
                     .label = "H",
                     .base = QHM_GATE_H,
                     .constant = h_matrix,
                     .inverse = QHM_GATE_CH,
                     STEPS(ch_steps)},
    [QHM_GATE_CP] = {{"cp", 1, 1, 1, true, "p under one control: diag(1, 1, 1, e^{i a})"},
                     .label = "P",
                     .base = QHM_GATE_P,
                     .matrix = p_matrix,
                     .derivative = p_derivative,
                     .is_diagonal = true,
                     .spectra = {QHM_SPECTRUM_PROJECTOR},
                     .inverse = QHM_GATE_CP,
                     STEPS(cp_steps)},
    [QHM_GATE_CRX] = {{"crx", 1, 1, 1, true, "rx under one control"},
                      .label = "RX",
                      .base = QHM_GATE_RX,
                      .rotation = {1, 0},
                      .inverse = QHM_GATE_CRX,
                      STEPS(crx_steps)},
    [QHM_GATE_CRY] = {{"cry", 1, 1, 1, true, "ry under one control"},
                      .label = "RY",
                      .base = QHM_GATE_RY,
                      .rotation = {1, 1},
                      .inverse = QHM_GATE_CRY,
                      STEPS(cry_steps)},
    [QHM_GATE_CRZ] = {{"crz", 1, 1, 1, true, "rz under one control"},
                      .label = "RZ",
                      .base = QHM_GATE_RZ,
                      .rotation = {0, 1},
                      .is_diagonal = true,
                      .inverse = QHM_GATE_CRZ,
                      STEPS(crz_steps)},
    [QHM_GATE_SWAP] = {{"swap", 0, 2, 0, true, "|ab> to |ba>"},
                       .label = "SWAP",
                       .base = QHM_GATE_SWAP,
                       .constant = swap_matrix,
                       .is_symmetric = true,
                       .inverse = QHM_GATE_SWAP,
                       STEPS(swap_steps)},
    [QHM_GATE_ISWAP] = {{"iswap", 0, 2, 0, true, "exp(i pi (XX + YY) / 4)"},
                        .label = "iSWAP",
                        .base = QHM_GATE_ISWAP,
                        .constant = iswap_matrix,
                        .is_symmetric = true,
                        .inverse = QHM_GATE_ISWAPDG,
                        STEPS(iswap_steps)},
    [QHM_GATE_ISWAPDG] = {{"iswapdg", 0, 2, 0, true, "exp(-i pi (XX + YY) / 4)"},
                          .label = "iSWAP†",
                          .base = QHM_GATE_ISWAPDG,
                          .constant = iswapdg_matrix,
                          .is_symmetric = true,
                          .inverse = QHM_GATE_ISWAP,
                          STEPS(iswapdg_steps)},
    [QHM_GATE_ECR] = {{"ecr", 0, 2, 0, true, "(IX - XY) / sqrt 2, the first qubit rightmost"},
                      .label = "ECR",
                      .base = QHM_GATE_ECR,
                      .constant = ecr_matrix,
                      .inverse = QHM_GATE_ECR,
                      STEPS(ecr_steps)},
    [QHM_GATE_RXX] = {{"rxx", 0, 2, 1, true, "exp(-i a XX / 2)"},
                      .label = "RXX",
                      .base = QHM_GATE_RXX,
                      .rotation = {3, 0},
                      .is_symmetric = true,
                      .inverse = QHM_GATE_RXX,
                      STEPS(rxx_steps)},
    [QHM_GATE_RYY] = {{"ryy", 0, 2, 1, true, "exp(-i a YY / 2)"},
                      .label = "RYY",
                      .base = QHM_GATE_RYY,
                      .rotation = {3, 3},
                      .is_symmetric = true,
                      .inverse = QHM_GATE_RYY,
                      STEPS(ryy_steps)},
    [QHM_GATE_RZZ] = {{"rzz", 0, 2, 1, true, "exp(-i a ZZ / 2)"},
                      .label = "RZZ",
                      .base = QHM_GATE_RZZ,
                      .rotation = {0, 3},
                      .is_diagonal = true,
                      .is_symmetric = true,
                      .inverse = QHM_GATE_RZZ,
                      STEPS(rzz_steps)},
    [QHM_GATE_CCX] = {{"ccx", 2, 1, 0, true, "x under two controls"},
                      .label = "X",
                      .base = QHM_GATE_X,
                      .constant = x_matrix,
                      .inverse = QHM_GATE_CCX,
                      STEPS(ccx_steps)},
    [QHM_GATE_CSWAP] = {{"cswap", 1, 2, 0, true, "swap under one control"},
                        .label = "SWAP",
                        .base = QHM_GATE_SWAP,
                        .constant = swap_matrix,
                        .is_symmetric = true,
                        .inverse = QHM_GATE_CSWAP,
                        STEPS(cswap_steps)},
    [QHM_GATE_UNITARY] = {{"unitary", 0, 0, 0, true, "any unitary matrix on 1 to 4 qubits"},
                          .label = "unitary",
                          .base = QHM_GATE_UNITARY,
                          .inverse = QHM_GATE_UNITARY},
    [QHM_GATE_MEASURE] = {{"measure", 0, 1, 0, false, "the computational basis, into a bit"},
                          .label = "M",
                          .base = QHM_GATE_MEASURE,
                          .inverse = QHM_GATE_MEASURE},
    [QHM_GATE_RESET] = {{"reset", 0, 1, 0, false, "to |0>"},
                        .label = "|0⟩",
                        .base = QHM_GATE_RESET,
                        .inverse = QHM_GATE_RESET},
    [QHM_GATE_BARRIER] = {{"barrier", 0, 0, 0, false, "nothing moves across it"},
                          .label = "░",
                          .base = QHM_GATE_BARRIER,
                          .inverse = QHM_GATE_BARRIER},
    [QHM_GATE_SET] = {{"set", 0, 0, 0, false, "a classical bit becomes 0 or 1"},
                      .label = "set",
                      .base = QHM_GATE_SET,
                      .inverse = QHM_GATE_SET},
    [QHM_GATE_WHILE] = {{"while", 0, 0, 0, false,
                         "repeats up to its end while its condition holds"},
                        .label = "while",
                        .base = QHM_GATE_WHILE,
                        .inverse = QHM_GATE_WHILE},
    [QHM_GATE_END] = {{"end", 0, 0, 0, false, "back to the matching while"},
                      .label = "end",
                      .base = QHM_GATE_END,
                      .inverse = QHM_GATE_END},
    [QHM_GATE_DELAY] = {{"delay", 0, 1, 0, false, "waits"},
                        .label = "delay",
                        .base = QHM_GATE_DELAY,
                        .inverse = QHM_GATE_DELAY},
    [QHM_GATE_CHANNEL] = {{"channel", 0, 0, 0, false, "noise, by its Kraus operators"},
                          .label = "noise",
                          .base = QHM_GATE_CHANNEL,
                          .inverse = QHM_GATE_CHANNEL},
    [QHM_GATE_MEASURE_PAULI] = {{"measure_pauli", 0, 0, 0, false,
                                 "the sign of a Pauli string, into a bit"},
                                .label = "M",
                                .base = QHM_GATE_MEASURE_PAULI,
                                .inverse = QHM_GATE_MEASURE_PAULI},
};

const qhm_gate_row *qhm_gate_table_row(qhm_gate gate)
{
    assert((unsigned)gate < QHM_GATE_COUNT);
    return &rows[gate];
}

const qhm_gate_info *qhm_gate_information(qhm_gate gate)
{
    return &qhm_gate_table_row(gate)->information;
}

qhm_status qhm_gate_find(const char *name, qhm_gate *gate)
{
    QHM_REQUIRE(gate, "qhm_gate_find needs a place for the gate");
    const char *names[QHM_GATE_COUNT];
    for (unsigned i = 0; i < QHM_GATE_COUNT; i++)
        names[i] = rows[i].information.name;
    size_t index;
    QHM_TRY(qhm_find_name("gate", name, names, QHM_GATE_COUNT, &index));
    *gate = (qhm_gate)index;
    return QHM_OK;
}

// cos(a/2) - i sin(a/2) P.
static void rotation_matrix(qhm_pauli_masks pauli, unsigned qubit_count, double angle,
                            qhm_complex *out)
{
    size_t dimension = (size_t)1 << qubit_count;
    memset(out, 0, dimension * dimension * sizeof *out);
    qhm_complex turn = {0, -sin(angle / 2)};
    for (size_t column = 0; column < dimension; column++) {
        qhm_complex flip = qhm_complex_times_i(turn, qhm_pauli_phase(pauli, column));
        out[column * dimension + column].re = cos(angle / 2);
        qhm_complex *entry = &out[(column ^ pauli.x) * dimension + column];
        entry->re += flip.re;
        entry->im += flip.im;
    }
}

static bool is_rotation(const qhm_gate_row *row)
{
    return (row->rotation.x | row->rotation.z) != 0;
}

void qhm_gate_matrix(qhm_gate gate, const double *angles, qhm_complex *out)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    unsigned targets = row->information.target_count;
    assert(row->constant || is_rotation(row) || row->matrix);
    if (row->constant)
        memcpy(out, row->constant, ((size_t)1 << (2 * targets)) * sizeof *out);
    else if (is_rotation(row))
        rotation_matrix(row->rotation, targets, angles[0], out);
    else
        row->matrix(angles, out);
}

void qhm_gate_derivative(qhm_gate gate, unsigned which, const double *angles, qhm_complex *out)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    unsigned targets = row->information.target_count;
    assert(which < row->information.angle_count);
    if (!is_rotation(row)) {
        row->derivative(which, angles, out);
        return;
    }
    rotation_matrix(row->rotation, targets, angles[0] + M_PI, out); // d/da gives half of it
    for (size_t i = 0; i < (size_t)1 << (2 * targets); i++)
        out[i] = (qhm_complex){out[i].re / 2, out[i].im / 2};
}

bool qhm_gate_find_controlled(qhm_gate gate, qhm_gate *controlled)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    for (unsigned i = 0; i < QHM_GATE_COUNT; i++)
        if (rows[i].base == row->base &&
            rows[i].information.control_count == row->information.control_count + 1) {
            *controlled = (qhm_gate)i;
            return true;
        }
    return false;
}

void qhm_shift_rule_general(size_t count, double base, double *shifts, double *coefficients)
{
    double r = (double)count;
    for (size_t m = 0; m < 2 * count; m++) {
        double point = (2 * (double)m + 1) * M_PI / (2 * r);
        double sine = sin(point / 2);
        coefficients[m] = (m % 2 == 0 ? base : -base) / (4 * r * sine * sine);
        shifts[m] = (m < count ? point : point - 2 * M_PI) / base; // the period is 2 pi / base
    }
}

void qhm_gate_shift_rule(qhm_gate gate, unsigned which, uint32_t extra_controls,
                         qhm_shift_rule *rule)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    assert(which < row->information.angle_count);
    bool is_controlled = extra_controls + row->information.control_count > 0;
    bool has_half = is_controlled && row->spectra[which] == QHM_SPECTRUM_PAULI;
    size_t frequencies = has_half ? 2 : 1;
    rule->count = 2 * frequencies;
    qhm_shift_rule_general(frequencies, has_half ? 0.5 : 1, rule->shifts, rule->coefficients);
}
