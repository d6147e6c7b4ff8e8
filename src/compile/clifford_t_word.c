// The normal form of Clifford+T operators, read off their rotation of the Bloch sphere.
//
// Its entries are in Z[sqrt 2] / sqrt2^m with m the T count; exactly one of the syllables T, HT,
// SHT taken off from the left makes m smaller by one [giles2013].
#include "compile/clifford_t_word.h"

enum { X = 0, Y = 1, Z = 2 };

typedef struct bloch_rotation {
    qhm_sqrt2_integer entries[3][3]; // row: component of the image; column: axis
    unsigned exponent;               // all over sqrt2^exponent
} bloch_rotation;

// sqrt 2 times the real and imaginary parts.
static qhm_sqrt2_integer real_part(qhm_omega_integer x)
{
    return (qhm_sqrt2_integer){x.c[1] - x.c[3], x.c[0]};
}

static qhm_sqrt2_integer imaginary_part(qhm_omega_integer x)
{
    return (qhm_sqrt2_integer){x.c[1] + x.c[3], x.c[2]};
}

static qhm_sqrt2_integer times(qhm_sqrt2_integer x, int factor)
{
    return (qhm_sqrt2_integer){factor * x.a, factor * x.b};
}

static void reduce(bloch_rotation *r)
{
    while (r->exponent > 0) {
        for (int i = 0; i < 9; i++)
            if (r->entries[i / 3][i % 3].a % 2 != 0)
                return;
        for (int i = 0; i < 9; i++) { // (a + b sqrt 2) / sqrt 2 = b + (a / 2) sqrt 2
            qhm_sqrt2_integer *entry = &r->entries[i / 3][i % 3];
            *entry = (qhm_sqrt2_integer){entry->b, entry->a / 2};
        }
        r->exponent--;
    }
}

static qhm_omega_integer product(qhm_omega_integer x, qhm_omega_integer y)
{
    return qhm_omega_multiply(x, qhm_omega_adjoint(y));
}

// Column `axis`: the image of a Pauli operator is (d, o; o*, -d), with d and o over 2^exponent.
static void set_column(bloch_rotation *r, int axis, qhm_sqrt2_integer diagonal,
                       qhm_omega_integer corner)
{
    r->entries[X][axis] = real_part(corner);
    r->entries[Y][axis] = times(imaginary_part(corner), -1);
    r->entries[Z][axis] = diagonal;
}

static bloch_rotation rotation_of(const qhm_clifford_t_operator *matrix)
{
    qhm_omega_integer p = matrix->u, r = matrix->t;
    qhm_omega_integer q = qhm_omega_rotate(qhm_omega_adjoint(r), matrix->phase + 4); // omega^4 = -1
    qhm_omega_integer s = qhm_omega_rotate(qhm_omega_adjoint(p), matrix->phase);
    bloch_rotation result = {.exponent = 2 * matrix->exponent + 1}; // parts come with a sqrt 2
    qhm_omega_integer pq = product(p, q), ps = product(p, s), qr = product(q, r);
    set_column(&result, X, times(real_part(pq), 2), qhm_omega_add(ps, qr));
    set_column(&result, Y, times(imaginary_part(pq), 2),
               qhm_omega_rotate(qhm_omega_subtract(qr, ps), 2)); // omega^2 = i
    set_column(&result, Z, real_part(qhm_omega_subtract(product(p, p), product(q, q))),
               qhm_omega_subtract(product(p, r), product(q, s)));
    reduce(&result);
    return result;
}

// The inverse of a gate times a rotation.
static void take_off(bloch_rotation *rotation, qhm_gate gate)
{
    for (int axis = 0; axis < 3; axis++) {
        qhm_sqrt2_integer x = rotation->entries[X][axis], y = rotation->entries[Y][axis];
        qhm_sqrt2_integer z = rotation->entries[Z][axis];
        if (gate == QHM_GATE_T) { // everything times sqrt 2
            rotation->entries[X][axis] = (qhm_sqrt2_integer){x.a + y.a, x.b + y.b};
            rotation->entries[Y][axis] = (qhm_sqrt2_integer){y.a - x.a, y.b - x.b};
            rotation->entries[Z][axis] = (qhm_sqrt2_integer){2 * z.b, z.a};
        } else if (gate == QHM_GATE_S) {
            rotation->entries[X][axis] = y;
            rotation->entries[Y][axis] = times(x, -1);
        } else if (gate == QHM_GATE_H) {
            rotation->entries[X][axis] = z;
            rotation->entries[Y][axis] = times(y, -1);
            rotation->entries[Z][axis] = x;
        } else { // a Pauli gate keeps its axis
            rotation->entries[X][axis] = times(x, gate == QHM_GATE_X ? 1 : -1);
            rotation->entries[Y][axis] = times(y, gate == QHM_GATE_Y ? 1 : -1);
            rotation->entries[Z][axis] = times(z, gate == QHM_GATE_Z ? 1 : -1);
        }
    }
    if (gate == QHM_GATE_T) {
        rotation->exponent++;
        reduce(rotation);
    }
}

static bool is_identity(const bloch_rotation *r)
{
    for (int i = 0; i < 9; i++) {
        qhm_sqrt2_integer entry = r->entries[i / 3][i % 3];
        if (entry.a != (i / 3 == i % 3) || entry.b != 0)
            return false;
    }
    return r->exponent == 0;
}

typedef struct word_syllable {
    uint8_t length;
    uint8_t gates[4];
} word_syllable;

// Takes a syllable off the rotation and puts it into the word; false if there is no room.
static bool move(const word_syllable *syllable, bloch_rotation *rotation, qhm_clifford_t_word *word)
{
    if (word->length + syllable->length > QHM_CLIFFORD_T_MAX_WORD)
        return false;
    for (unsigned i = 0; i < syllable->length; i++) {
        take_off(rotation, syllable->gates[i]);
        word->gates[word->length++] = syllable->gates[i];
        word->t_count += syllable->gates[i] == QHM_GATE_T;
    }
    return true;
}

static bool move_clifford(bloch_rotation *rotation, qhm_clifford_t_word *word)
{
    enum { H = QHM_GATE_H, S = QHM_GATE_S };
    static const word_syllable cosets[6] = {{0},         {1, {S}},    {1, {H}},
                                            {2, {H, S}}, {2, {S, H}}, {3, {S, H, S}}};
    static const word_syllable paulis[4] = {
        {0}, {1, {QHM_GATE_X}}, {1, {QHM_GATE_Y}}, {1, {QHM_GATE_Z}}};
    for (int i = 0; i < 24; i++) {
        bloch_rotation rest = *rotation;
        qhm_clifford_t_word longer = *word;
        if (move(&cosets[i / 4], &rest, &longer) && move(&paulis[i % 4], &rest, &longer) &&
            is_identity(&rest)) {
            *word = longer;
            return true;
        }
    }
    return false;
}

bool qhm_clifford_t_synthesize(const qhm_clifford_t_operator *matrix, qhm_clifford_t_word *word)
{
    enum { H = QHM_GATE_H, S = QHM_GATE_S, T = QHM_GATE_T };
    static const word_syllable syllables[3] = {{1, {T}}, {2, {H, T}}, {3, {S, H, T}}};
    bloch_rotation r = rotation_of(matrix);
    qhm_clifford_t_word result = {0};
    while (r.exponent > 0) {
        int which = 0;
        for (; which < 3; which++) {
            bloch_rotation rest = r;
            qhm_clifford_t_word longer = result;
            if (move(&syllables[which], &rest, &longer) && rest.exponent < r.exponent) {
                r = rest;
                result = longer;
                break;
            }
        }
        if (which == 3)
            return false;
    }
    if (!move_clifford(&r, &result))
        return false;
    *word = result;
    return true;
}
