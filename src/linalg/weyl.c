// In the magic basis one-qubit gates are real orthogonal and XX, YY, ZZ are diagonal, so that u =
// K1 D K2 there, and u^T u = K2^T D^2 K2 is diagonalised by a real rotation.
#include "linalg/weyl.h"

#include "linalg/complex_matrix.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_SWEEPS = 60 };

static const double unitary_tolerance = 1e-8;

static qhm_complex times(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static void adjoint(size_t n, const qhm_complex *a, qhm_complex *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            out[j * n + i] = (qhm_complex){a[i * n + j].re, -a[i * n + j].im};
}

void qhm_product_2(const qhm_complex *a, const qhm_complex *b, qhm_complex *c)
{
    qhm_complex product[4];
    qhm_complex_product(2, a, b, product);
    memcpy(c, product, sizeof product);
}

double qhm_euler_angles(const qhm_complex *u, double angles[3])
{
    const double cosine = hypot(u[0].re, u[0].im), sine = hypot(u[2].re, u[2].im);
    double phase, b, c;
    if (cosine < 1e-14) { // only the difference of b and c counts
        phase = atan2(u[2].im, u[2].re);
        b = 0;
        c = atan2(-u[1].im, -u[1].re) - phase;
    } else {
        phase = atan2(u[0].im, u[0].re);
        b = sine < 1e-14 ? 0 : atan2(u[2].im, u[2].re) - phase;
        c = atan2(u[3].im, u[3].re) - phase - b;
    }
    angles[0] = 2 * atan2(sine, cosine);
    angles[1] = remainder(b, 2 * M_PI);
    angles[2] = remainder(c, 2 * M_PI);
    return phase;
}

// The columns are (|00> + |11>), i(|01> + |10>), (|01> - |10>), i(|00> - |11>) over sqrt 2.
#define H M_SQRT1_2
static const qhm_complex magic[16] = {{H, 0}, {0, 0}, {0, 0}, {0, H}, {0, 0},  {0, H},
                                      {H, 0}, {0, 0}, {0, 0}, {0, H}, {-H, 0}, {0, 0},
                                      {H, 0}, {0, 0}, {0, 0}, {0, -H}};
#undef H

static void to_magic_basis(const qhm_complex *u, qhm_complex *out)
{
    qhm_complex inverse[16], half[16];
    adjoint(4, magic, inverse);
    qhm_complex_product(4, u, magic, half);
    qhm_complex_product(4, inverse, half, out);
}

static void from_magic_basis(const double *rotation, qhm_complex *out)
{
    qhm_complex inverse[16], half[16], real[16];
    for (int i = 0; i < 16; i++)
        real[i] = (qhm_complex){rotation[i], 0};
    adjoint(4, magic, inverse);
    qhm_complex_product(4, real, inverse, half);
    qhm_complex_product(4, magic, half, out);
}

// Turns rows and columns p, q of a symmetric a [4][4].
static void turn(double *a, int p, int q, double c, double s)
{
    for (int i = 0; i < 4; i++) {
        const double x = a[i * 4 + p], y = a[i * 4 + q];
        a[i * 4 + p] = c * x + s * y;
        a[i * 4 + q] = c * y - s * x;
    }
    for (int i = 0; i < 4; i++) {
        const double x = a[p * 4 + i], y = a[q * 4 + i];
        a[p * 4 + i] = c * x + s * y;
        a[q * 4 + i] = c * y - s * x;
    }
}

// One Jacobi rotation that makes entry (p, q) of both matrices as small as can be; false if there
// was nothing to do.
static bool rotate_pair(double *a, double *b, double *vectors, int p, int q)
{
    double on = 0, off = 0;
    double *both[2] = {a, b};
    for (int m = 0; m < 2; m++) {
        const double difference = both[m][p * 5] - both[m][q * 5], twice = 2 * both[m][p * 4 + q];
        on += difference * difference - twice * twice;
        off += 2 * difference * twice;
    }
    const double angle = 0.25 * atan2(off, on);
    if (hypot(on, off) < 1e-30 || fabs(angle) < 1e-15) // rounding alone
        return false;
    const double c = cos(angle), s = sin(angle);
    turn(a, p, q, c, s);
    turn(b, p, q, c, s);
    for (int i = 0; i < 4; i++) {
        const double x = vectors[i * 4 + p], y = vectors[i * 4 + q];
        vectors[i * 4 + p] = c * x + s * y;
        vectors[i * 4 + q] = c * y - s * x;
    }
    return true;
}

// The columns of `vectors` become the common eigenvectors of two commuting symmetric matrices,
// which become diagonal: Jacobi's rotations for both at once [cardoso1996].
static void diagonalise_both(double *a, double *b, double *vectors)
{
    for (int i = 0; i < 16; i++)
        vectors[i] = i % 5 == 0 ? 1 : 0;
    bool has_turned = true;
    for (int sweep = 0; sweep < MOST_SWEEPS && has_turned; sweep++) {
        has_turned = false;
        for (int p = 0; p < 3; p++)
            for (int q = p + 1; q < 4; q++)
                has_turned |= rotate_pair(a, b, vectors, p, q);
    }
}

static double determinant_sign(const double *m)
{
    double a[16], sign = 1;
    memcpy(a, m, sizeof a);
    for (int column = 0; column < 4; column++) {
        int pivot = column;
        for (int row = column + 1; row < 4; row++)
            if (fabs(a[row * 4 + column]) > fabs(a[pivot * 4 + column]))
                pivot = row;
        if (pivot != column) {
            sign = -sign;
            for (int i = 0; i < 4; i++) {
                const double kept = a[column * 4 + i];
                a[column * 4 + i] = a[pivot * 4 + i];
                a[pivot * 4 + i] = kept;
            }
        }
        sign = a[column * 5] < 0 ? -sign : sign;
        for (int row = column + 1; row < 4; row++) {
            const double factor = a[row * 4 + column] / a[column * 5];
            for (int i = column; i < 4; i++)
                a[row * 4 + i] -= factor * a[column * 4 + i];
        }
    }
    return sign;
}

// matrix [4][4] = e^{i phase} (factors[1] x factors[0]), each of determinant 1.
static double split_product(const qhm_complex *matrix, qhm_complex factors[2][4])
{
    int largest = 0;
    double size = -1;
    for (int i = 0; i < 16; i++) {
        const double here = hypot(matrix[i].re, matrix[i].im);
        if (here > size * (1 + 1e-9)) {
            size = here;
            largest = i;
        }
    }
    const int row = largest / 4, column = largest % 4;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            factors[0][i * 2 + j] = matrix[((row & 2) | i) * 4 + ((column & 2) | j)];
            factors[1][i * 2 + j] = matrix[((row & 1) | i * 2) * 4 + ((column & 1) | j * 2)];
        }
    for (int q = 0; q < 2; q++) {
        qhm_complex *m = factors[q];
        const qhm_complex ad = times(m[0], m[3]), bc = times(m[1], m[2]);
        const qhm_complex determinant = {ad.re - bc.re, ad.im - bc.im};
        const double length = sqrt(hypot(determinant.re, determinant.im)),
                     half = -0.5 * atan2(determinant.im, determinant.re);
        const qhm_complex scale = {cos(half) / length, sin(half) / length};
        for (int i = 0; i < 4; i++)
            m[i] = times(m[i], scale);
    }
    const qhm_complex made =
        times(factors[0][(row & 1) * 2 + (column & 1)], factors[1][(row >> 1) * 2 + (column >> 1)]);
    return atan2(matrix[largest].im, matrix[largest].re) - atan2(made.im, made.re);
}

static const qhm_complex paulis[3][4] = {{{0, 0}, {1, 0}, {1, 0}, {0, 0}},
                                         {{0, 0}, {0, -1}, {0, 1}, {0, 0}},
                                         {{1, 0}, {0, 0}, {0, 0}, {-1, 0}}};

// exp(-i angle P / 2)
static void rotation(int pauli, double angle, qhm_complex *out)
{
    const double c = cos(angle / 2), s = sin(angle / 2);
    for (int i = 0; i < 4; i++)
        out[i] =
            (qhm_complex){(i % 3 == 0 ? c : 0) + s * paulis[pauli][i].im, -s * paulis[pauli][i].re};
}

// Exchanges two coordinates by a quarter turn about the third axis on both qubits.
static void exchange_axes(qhm_weyl *weyl, int j, int k)
{
    qhm_complex to[4], from[4];
    rotation(3 - j - k, M_PI / 2, to);
    rotation(3 - j - k, -M_PI / 2, from);
    for (int q = 0; q < 2; q++) {
        qhm_product_2(weyl->left[q], from, weyl->left[q]);
        qhm_product_2(to, weyl->right[q], weyl->right[q]);
    }
    const double kept = weyl->coordinates[j];
    weyl->coordinates[j] = weyl->coordinates[k];
    weyl->coordinates[k] = kept;
}

// Changes the signs of two coordinates by the third Pauli matrix on qubit 0.
static void flip_signs(qhm_weyl *weyl, int j, int k)
{
    const qhm_complex *pauli = paulis[3 - j - k];
    qhm_product_2(weyl->left[0], pauli, weyl->left[0]);
    qhm_product_2(pauli, weyl->right[0], weyl->right[0]);
    weyl->coordinates[j] = -weyl->coordinates[j];
    weyl->coordinates[k] = -weyl->coordinates[k];
}

// Takes `quarters` times pi/2 off a coordinate: exp(i pi/2 PP) = i PP is local.
static void shift_coordinate(qhm_weyl *weyl, int k, double quarters)
{
    weyl->coordinates[k] -= quarters * (M_PI / 2);
    weyl->phase += quarters * (M_PI / 2);
    if (fmod(quarters, 2) != 0)
        for (int q = 0; q < 2; q++)
            qhm_product_2(weyl->left[q], paulis[k], weyl->left[q]);
}

static void move_into_chamber(qhm_weyl *weyl)
{
    double *c = weyl->coordinates;
    for (int k = 0; k < 3; k++)
        shift_coordinate(weyl, k, ceil(c[k] / (M_PI / 2) - 0.5 - QHM_WEYL_TOLERANCE));
    if (fabs(c[0]) < fabs(c[1]))
        exchange_axes(weyl, 0, 1);
    if (fabs(c[1]) < fabs(c[2]))
        exchange_axes(weyl, 1, 2);
    if (fabs(c[0]) < fabs(c[1]))
        exchange_axes(weyl, 0, 1);
    if (c[0] < 0 && c[1] < 0)
        flip_signs(weyl, 0, 1);
    else if (c[0] < 0)
        flip_signs(weyl, 0, 2);
    else if (c[1] < 0)
        flip_signs(weyl, 1, 2);
    if (c[0] > M_PI / 4 - QHM_WEYL_TOLERANCE && c[2] < 0) {
        shift_coordinate(weyl, 0, 1);
        flip_signs(weyl, 0, 2);
    }
}

// u = K1 D P^T in the magic basis, for the eigenvectors P of u^T u.
static qhm_status find_factors(const qhm_complex *u, const double *vectors, double phases[4],
                               double *first)
{
    double worst = 0;
    qhm_complex columns[16]; // u P
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            columns[i * 4 + j] = (qhm_complex){0, 0};
            for (int k = 0; k < 4; k++) {
                columns[i * 4 + j].re += u[i * 4 + k].re * vectors[k * 4 + j];
                columns[i * 4 + j].im += u[i * 4 + k].im * vectors[k * 4 + j];
            }
        }
    for (int j = 0; j < 4; j++) { // column j is e^{i phase} times a real unit vector
        qhm_complex square = {0, 0};
        for (int i = 0; i < 4; i++) {
            const qhm_complex term = times(columns[i * 4 + j], columns[i * 4 + j]);
            square.re += term.re;
            square.im += term.im;
        }
        phases[j] = 0.5 * atan2(square.im, square.re);
        const qhm_complex back = {cos(phases[j]), -sin(phases[j])};
        for (int i = 0; i < 4; i++) {
            const qhm_complex entry = times(columns[i * 4 + j], back);
            first[i * 4 + j] = entry.re;
            worst = fmax(worst, fabs(entry.im));
        }
    }
    if (!(worst < unitary_tolerance))
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "a 4 by 4 matrix has no Cartan decomposition: it is off by %.3g, more "
                        "than %g",
                        worst, unitary_tolerance);
    return QHM_OK;
}

qhm_status qhm_weyl_find(const qhm_complex *u, qhm_weyl *weyl)
{
    const double error = qhm_unitarity_error(4, u);
    if (!(error <= unitary_tolerance))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "a 4 by 4 matrix is not unitary: it is off by %.3g",
                        error);
    qhm_complex turned[16], square[16], transposed[16], matrix[16];
    to_magic_basis(u, turned);
    for (int i = 0; i < 16; i++)
        transposed[i] = turned[(i % 4) * 4 + i / 4];
    qhm_complex_product(4, transposed, turned, square);
    double real[16], imaginary[16], vectors[16], first[16], phases[4];
    for (int i = 0; i < 16; i++) {
        const qhm_complex mirror = square[(i % 4) * 4 + i / 4];
        real[i] = (square[i].re + mirror.re) / 2;
        imaginary[i] = (square[i].im + mirror.im) / 2;
    }
    diagonalise_both(real, imaginary, vectors);
    if (determinant_sign(vectors) < 0)
        for (int i = 0; i < 4; i++)
            vectors[i * 4] = -vectors[i * 4];
    QHM_TRY(find_factors(turned, vectors, phases, first));
    if (determinant_sign(first) < 0) {
        phases[0] += M_PI;
        for (int i = 0; i < 4; i++)
            first[i * 4] = -first[i * 4];
    }
    double second[16];
    for (int i = 0; i < 16; i++)
        second[i] = vectors[(i % 4) * 4 + i / 4];
    const double *p = phases;
    qhm_weyl found = {.phase = (p[0] + p[1] + p[2] + p[3]) / 4,
                      .coordinates = {(p[0] + p[1] - p[2] - p[3]) / 4,
                                      (-p[0] + p[1] - p[2] + p[3]) / 4,
                                      (p[0] - p[1] - p[2] + p[3]) / 4}};
    from_magic_basis(first, matrix);
    found.phase += split_product(matrix, found.left);
    from_magic_basis(second, matrix);
    found.phase += split_product(matrix, found.right);
    move_into_chamber(&found);
    *weyl = found;
    return QHM_OK;
}

unsigned qhm_weyl_cx_count(const double coordinates[3])
{
    if (fabs(coordinates[2]) > QHM_WEYL_TOLERANCE)
        return 3;
    if (coordinates[1] > QHM_WEYL_TOLERANCE)
        return 2;
    if (coordinates[0] <= QHM_WEYL_TOLERANCE)
        return 0;
    return fabs(coordinates[0] - M_PI / 4) <= QHM_WEYL_TOLERANCE ? 1 : 2;
}

// Multiplies a rotation onto one qubit of a layer, after what is there.
static void add_rotation(qhm_two_qubit_circuit *circuit, unsigned layer, unsigned qubit, int pauli,
                         double angle)
{
    qhm_complex turned[4];
    rotation(pauli, angle, turned);
    qhm_product_2(turned, circuit->layers[layer][qubit], circuit->layers[layer][qubit]);
}

static void add_hadamard(qhm_two_qubit_circuit *circuit, unsigned layer, unsigned qubit)
{
    add_rotation(circuit, layer, qubit, 2, M_PI); // up to a phase, H = RY(pi/2) RZ(pi)
    add_rotation(circuit, layer, qubit, 1, M_PI / 2);
}

enum { X = 0, Y = 1, Z = 2 };

// exp(i pi/4 XX)
static void synthesise_one(qhm_two_qubit_circuit *circuit)
{
    add_hadamard(circuit, 0, 0);
    add_rotation(circuit, 1, 0, Z, -M_PI / 2);
    add_rotation(circuit, 1, 1, X, -M_PI / 2);
    add_hadamard(circuit, 1, 0);
}

// exp(i (c0 XX + c1 YY)): CX turns X on its control into XX, Z on its target into ZZ.
static void synthesise_two(qhm_two_qubit_circuit *circuit, const double *c)
{
    for (unsigned q = 0; q < 2; q++)
        add_rotation(circuit, 0, q, X, -M_PI / 2);
    add_rotation(circuit, 1, 0, X, -2 * c[0]);
    add_rotation(circuit, 1, 1, Z, -2 * c[1]);
    for (unsigned q = 0; q < 2; q++)
        add_rotation(circuit, 2, q, X, M_PI / 2);
}

static void synthesise_three(qhm_two_qubit_circuit *circuit, const double *c)
{
    add_rotation(circuit, 0, 0, Z, M_PI / 2);
    add_rotation(circuit, 1, 0, Y, M_PI / 2 - 2 * c[0]);
    add_rotation(circuit, 1, 1, Z, M_PI / 2 - 2 * c[2]);
    circuit->controls[1] = 1;
    add_rotation(circuit, 2, 0, Y, 2 * c[1] - M_PI / 2);
    add_rotation(circuit, 3, 1, Z, -M_PI / 2);
}

void qhm_weyl_synthesise(const qhm_weyl *weyl, qhm_two_qubit_circuit *circuit)
{
    *circuit = (qhm_two_qubit_circuit){.count = qhm_weyl_cx_count(weyl->coordinates)};
    for (unsigned layer = 0; layer <= circuit->count; layer++)
        for (unsigned q = 0; q < 2; q++)
            if (layer == 0)
                memcpy(circuit->layers[0][q], weyl->right[q], sizeof weyl->right[q]);
            else
                circuit->layers[layer][q][0].re = circuit->layers[layer][q][3].re = 1;
    switch (circuit->count) {
    case 0:
        break;
    case 1:
        synthesise_one(circuit);
        break;
    case 2:
        synthesise_two(circuit, weyl->coordinates);
        break;
    default:
        synthesise_three(circuit, weyl->coordinates);
    }
    for (unsigned q = 0; q < 2; q++)
        qhm_product_2(weyl->left[q], circuit->layers[circuit->count][q],
                      circuit->layers[circuit->count][q]);
}
