// Recognises Clifford gates and takes them apart.
//
// A gate is Clifford if U P U^dagger is plus or minus a Pauli string for P = X and Z on each of
// its qubits. Gates that turn those images back into X and Z, one qubit after the other, are the
// inverse of the gate.
#include "simulate/stabilizer/clifford.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "linalg/pauli.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MAX_DIMENSION = 1 << QHM_CLIFFORD_MAX_QUBITS };

// A signed Pauli string on the gate's own qubits.
typedef struct image {
    qhm_pauli_masks pauli;
    bool is_negative;
} image;

// The images of X and Z of each qubit.
typedef struct images {
    image x[QHM_CLIFFORD_MAX_QUBITS], z[QHM_CLIFFORD_MAX_QUBITS];
} images;

static qhm_complex multiply(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static double distance(qhm_complex a, qhm_complex b)
{
    return hypot(a.re - b.re, a.im - b.im);
}

// The base matrix under the instruction's controls; qubit i of the instruction is bit i.
static void embed(const qhm_instruction *instruction, const qhm_complex *base, qhm_complex *out)
{
    const uint32_t controls = qhm_instruction_control_count(instruction);
    const size_t all = (size_t)1 << instruction->qubit_count;
    const size_t ones = ((size_t)1 << controls) - 1, dimension = all >> controls;
    memset(out, 0, all * all * sizeof *out);
    for (size_t column = 0; column < all; column++) {
        if ((column & ones) != ones) {
            out[column * all + column].re = 1;
            continue;
        }
        for (size_t row = 0; row < dimension; row++)
            out[(row << controls | ones) * all + column] =
                base[row * dimension + (column >> controls)];
    }
}

// out = u P u^dagger.
static void conjugate(size_t n, const qhm_complex *u, qhm_pauli_masks pauli, qhm_complex *out)
{
    memset(out, 0, n * n * sizeof *out);
    for (size_t k = 0; k < n; k++) { // P has one entry in column k: row k ^ x
        const unsigned phase = qhm_pauli_phase(pauli, k);
        for (size_t row = 0; row < n; row++) {
            const qhm_complex left = qhm_complex_times_i(u[row * n + (k ^ (size_t)pauli.x)], phase);
            if (left.re == 0 && left.im == 0)
                continue;
            for (size_t column = 0; column < n; column++) {
                const qhm_complex right = u[column * n + k];
                const qhm_complex term = multiply(left, (qhm_complex){right.re, -right.im});
                out[row * n + column].re += term.re;
                out[row * n + column].im += term.im;
            }
        }
    }
}

// The signed Pauli string that a matrix is, if it is one.
static bool find_pauli(size_t n, const qhm_complex *m, image *found)
{
    const qhm_complex zero = {0, 0};
    image guess = {0};
    while (guess.pauli.x + 1 < n && distance(m[guess.pauli.x * n], zero) < 0.5)
        guess.pauli.x++;
    const qhm_complex first = m[guess.pauli.x * n];
    for (size_t bit = 1; bit < n; bit *= 2) // z decides whether column `bit` has the other sign
        if (distance(m[(guess.pauli.x ^ bit) * n + bit], first) > 1)
            guess.pauli.z |= bit;
    guess.is_negative = distance(first, qhm_complex_times_i((qhm_complex){1, 0},
                                                            qhm_pauli_phase(guess.pauli, 0))) > 1;
    const qhm_complex sign = {guess.is_negative ? -1 : 1, 0};
    for (size_t column = 0; column < n; column++)
        for (size_t row = 0; row < n; row++) {
            qhm_complex expected = zero;
            if (row == (column ^ guess.pauli.x))
                expected = qhm_complex_times_i(sign, qhm_pauli_phase(guess.pauli, column));
            if (!(distance(m[row * n + column], expected) <= QHM_CLIFFORD_TOLERANCE))
                return false;
        }
    *found = guess;
    return true;
}

static bool find_images(unsigned qubits, const qhm_complex *u, images *found)
{
    qhm_complex conjugated[MAX_DIMENSION * MAX_DIMENSION];
    const size_t n = (size_t)1 << qubits;
    for (unsigned q = 0; q < qubits; q++) {
        conjugate(n, u, (qhm_pauli_masks){.x = (uint64_t)1 << q}, conjugated);
        if (!find_pauli(n, conjugated, &found->x[q]))
            return false;
        conjugate(n, u, (qhm_pauli_masks){.z = (uint64_t)1 << q}, conjugated);
        if (!find_pauli(n, conjugated, &found->z[q]))
            return false;
    }
    return true;
}

static uint64_t all_ones(bool condition)
{
    return condition ? UINT64_MAX : 0;
}

static qhm_clifford_turn turn_of(const image *x, const image *z)
{
    // Y = i X Z; its image is i times the product of the images.
    qhm_pauli_masks product;
    const unsigned power = qhm_pauli_multiply(x->pauli, z->pauli, &product) + 1;
    assert(power % 2 == 0);
    return (qhm_clifford_turn){
        .x_to_x = all_ones(x->pauli.x),
        .x_to_z = all_ones(x->pauli.z),
        .x_sign = all_ones(x->is_negative),
        .z_to_x = all_ones(z->pauli.x),
        .z_to_z = all_ones(z->pauli.z),
        .z_sign = all_ones(z->is_negative),
        .y_sign = all_ones((x->is_negative != z->is_negative) != (power % 4 == 2)),
    };
}

// The gates that taking apart uses: each one's own images, on one qubit.
static const images hadamard = {.x = {{{0, 1}, false}}, .z = {{{1, 0}, false}}};
static const images s_gate = {.x = {{{1, 1}, false}}, .z = {{{0, 1}, false}}};
static const images s_inverse = {.x = {{{1, 1}, true}}, .z = {{{0, 1}, false}}};
static const images root_x = {.x = {{{1, 0}, false}}, .z = {{{1, 1}, true}}};
static const images root_x_inverse = {.x = {{{1, 0}, false}}, .z = {{{1, 1}, false}}};
static const images pauli_x = {.x = {{{1, 0}, false}}, .z = {{{0, 1}, true}}};
static const images pauli_z = {.x = {{{1, 0}, true}}, .z = {{{0, 1}, false}}};

// What is left of the images while gates turn them back, and the inverse gates.
typedef struct reduction {
    images left;
    unsigned qubits;
    qhm_clifford_op ops[QHM_CLIFFORD_MAX_OPS]; // to be run from the last to the first
    size_t count;
} reduction;

static void push(reduction *r, qhm_clifford_op op)
{
    assert(r->count < QHM_CLIFFORD_MAX_OPS);
    r->ops[r->count++] = op;
}

static void turn_image(image *p, unsigned q, const qhm_clifford_turn *turn)
{
    const uint64_t bit = (uint64_t)1 << q;
    const uint64_t x = all_ones(p->pauli.x & bit), z = all_ones(p->pauli.z & bit);
    const uint64_t sign =
        (x & ~z & turn->x_sign) | (z & ~x & turn->z_sign) | (x & z & turn->y_sign);
    const uint64_t new_x = (x & turn->x_to_x) ^ (z & turn->z_to_x);
    const uint64_t new_z = (x & turn->x_to_z) ^ (z & turn->z_to_z);
    p->pauli.x = (p->pauli.x & ~bit) | (new_x & bit);
    p->pauli.z = (p->pauli.z & ~bit) | (new_z & bit);
    p->is_negative ^= sign != 0;
}

// Runs a gate on qubit q of what is left, and notes its inverse.
static void turn_back(reduction *r, unsigned q, const images *gate, const images *inverse)
{
    const qhm_clifford_turn turn = turn_of(&gate->x[0], &gate->z[0]);
    for (unsigned i = 0; i < r->qubits; i++) {
        turn_image(&r->left.x[i], q, &turn);
        turn_image(&r->left.z[i], q, &turn);
    }
    push(r, (qhm_clifford_op){.kind = QHM_CLIFFORD_TURN,
                              .a = q,
                              .turn = turn_of(&inverse->x[0], &inverse->z[0])});
}

static void run_cx_on(image *p, unsigned control, unsigned target)
{
    const bool xc = p->pauli.x >> control & 1, zc = p->pauli.z >> control & 1;
    const bool xt = p->pauli.x >> target & 1, zt = p->pauli.z >> target & 1;
    p->is_negative ^= xc && zt && xt == zc;
    p->pauli.x ^= (uint64_t)xc << target;
    p->pauli.z ^= (uint64_t)zt << control;
}

static void cx_back(reduction *r, unsigned control, unsigned target)
{
    for (unsigned i = 0; i < r->qubits; i++) {
        run_cx_on(&r->left.x[i], control, target);
        run_cx_on(&r->left.z[i], control, target);
    }
    push(r, (qhm_clifford_op){.kind = QHM_CLIFFORD_CX, .a = control, .b = target});
}

// Makes the image of X on qubit j plus or minus X_j. Qubits before j are done: no image that is
// left touches them.
static void turn_x_back(reduction *r, unsigned j)
{
    const image *p = &r->left.x[j];
    for (unsigned q = j; q < r->qubits; q++) {
        if (!(p->pauli.z >> q & 1))
            continue;
        if (p->pauli.x >> q & 1)
            turn_back(r, q, &s_gate, &s_inverse);
        else
            turn_back(r, q, &hadamard, &hadamard);
    }
    unsigned first = j;
    while (!(p->pauli.x >> first & 1))
        first++;
    if (first != j)
        cx_back(r, first, j);
    for (unsigned q = j + 1; q < r->qubits; q++)
        if (p->pauli.x >> q & 1)
            cx_back(r, j, q);
}

// Makes the image of Z on qubit j plus or minus Z_j, by gates that leave X_j as it is.
static void turn_z_back(reduction *r, unsigned j)
{
    const image *p = &r->left.z[j];
    for (unsigned q = j; q < r->qubits; q++) {
        if (!(p->pauli.x >> q & 1))
            continue;
        if (p->pauli.z >> q & 1)
            turn_back(r, q, &root_x, &root_x_inverse);
        else
            turn_back(r, q, &hadamard, &hadamard);
    }
    for (unsigned q = j + 1; q < r->qubits; q++)
        if (p->pauli.z >> q & 1)
            cx_back(r, q, j);
    if (r->left.x[j].is_negative)
        turn_back(r, j, &pauli_z, &pauli_z);
    if (r->left.z[j].is_negative)
        turn_back(r, j, &pauli_x, &pauli_x);
}

static qhm_status append_ops(qhm_clifford_list *list, const qhm_clifford_op *ops, size_t count,
                             const uint32_t *qubits)
{
    QHM_TRY(qhm_reserve(list->count + count, &list->capacity, sizeof *list->ops, &list->ops));
    for (size_t i = count; i-- > 0;) {
        qhm_clifford_op op = ops[i];
        op.a = qubits[op.a];
        op.b = qubits[op.b];
        list->ops[list->count++] = op;
    }
    return QHM_OK;
}

static bool is_identity(size_t n, const qhm_complex *m)
{
    for (size_t i = 0; i < n * n; i++)
        if (!(distance(m[i], (qhm_complex){i % (n + 1) == 0, 0}) <= QHM_CLIFFORD_TOLERANCE))
            return false;
    return true;
}

static bool find_kind(const qhm_instruction *instruction, qhm_clifford_kind *kind)
{
    *kind = instruction->gate == QHM_GATE_CX   ? QHM_CLIFFORD_CX
            : instruction->gate == QHM_GATE_CZ ? QHM_CLIFFORD_CZ
                                               : QHM_CLIFFORD_SWAP;
    return instruction->control_count == 0 &&
           (*kind != QHM_CLIFFORD_SWAP || instruction->gate == QHM_GATE_SWAP);
}

qhm_status qhm_clifford_append(qhm_clifford_list *list, const qhm_instruction *instruction,
                               const double *angles, bool *is_clifford)
{
    qhm_clifford_kind kind;
    *is_clifford = true;
    if (find_kind(instruction, &kind))
        return append_ops(list, &(qhm_clifford_op){.kind = kind, .a = 0, .b = 1}, 1,
                          instruction->qubits);
    qhm_complex base[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    const uint32_t targets = qhm_instruction_target_count(instruction);
    if (instruction->gate == QHM_GATE_UNITARY)
        memcpy(base, instruction->matrix, ((size_t)1 << 2 * targets) * sizeof *base);
    else
        qhm_gate_matrix(instruction->gate, angles, base);
    if (is_identity((size_t)1 << targets, base))
        return QHM_OK;
    reduction r = {.qubits = instruction->qubit_count};
    qhm_complex whole[MAX_DIMENSION * MAX_DIMENSION];
    *is_clifford = instruction->qubit_count <= QHM_CLIFFORD_MAX_QUBITS;
    if (*is_clifford) {
        embed(instruction, base, whole);
        *is_clifford = find_images(r.qubits, whole, &r.left);
    }
    if (!*is_clifford)
        return QHM_OK;
    if (r.qubits == 1)
        push(&r, (qhm_clifford_op){.turn = turn_of(&r.left.x[0], &r.left.z[0])});
    for (unsigned j = 0; r.qubits > 1 && j < r.qubits; j++) {
        turn_x_back(&r, j);
        turn_z_back(&r, j);
    }
    return append_ops(list, r.ops, r.count, instruction->qubits);
}
