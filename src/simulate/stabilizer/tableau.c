// The stabilizer tableau: gates, measurements and expectation values.
#include "simulate/stabilizer/tableau.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

qhm_status qhm_tableau_create(size_t qubit_count, qhm_tableau **tableau)
{
    qhm_tableau *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    made->words = (qubit_count + 63) / 64;
    const size_t row = 2 * made->words;
    size_t all;
    qhm_status status = QHM_OK;
    if (!qhm_multiply_size(qubit_count, row, &all))
        status =
            QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "a tableau of %zu qubits is too large", qubit_count);
    if (status == QHM_OK)
        status = qhm_allocate(all, sizeof *made->x, &made->x);
    if (status == QHM_OK)
        status = qhm_allocate(all, sizeof *made->z, &made->z);
    if (status == QHM_OK)
        status = qhm_reserve(made->words, &made->sign_capacity, sizeof *made->signs, &made->signs);
    if (status == QHM_OK)
        status = qhm_allocate(row, sizeof *made->mask, &made->mask);
    if (status == QHM_OK)
        status = qhm_allocate(row, sizeof *made->ones, &made->ones);
    if (status == QHM_OK)
        status = qhm_allocate(row, sizeof *made->twos, &made->twos);
    if (status != QHM_OK) {
        qhm_tableau_destroy(made);
        return status;
    }
    qhm_tableau_reset(made);
    *tableau = made;
    return QHM_OK;
}

void qhm_tableau_destroy(qhm_tableau *tableau)
{
    if (!tableau)
        return;
    void *pointers[] = {tableau->x,    tableau->z,    tableau->signs, tableau->mask,
                        tableau->ones, tableau->twos, tableau};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

double qhm_tableau_needed_bytes(double qubits)
{
    return qubits * (qubits / 64 + 1) * 4 * sizeof(uint64_t);
}

size_t qhm_tableau_bytes(const qhm_tableau *tableau)
{
    const size_t row = 2 * tableau->words;
    return sizeof *tableau +
           (2 * tableau->qubit_count * row + tableau->sign_capacity + 3 * row) * sizeof(uint64_t);
}

static size_t column_words(const qhm_tableau *t)
{
    return 2 * t->words;
}

void qhm_tableau_reset(qhm_tableau *tableau)
{
    qhm_tableau *t = tableau;
    const size_t row = column_words(t);
    memset(t->x, 0, t->qubit_count * row * sizeof *t->x);
    memset(t->z, 0, t->qubit_count * row * sizeof *t->z);
    memset(t->signs, 0, t->words * sizeof *t->signs);
    t->variable_count = 0;
    for (size_t q = 0; q < t->qubit_count; q++) {
        t->z[q * row + q / 64] |= (uint64_t)1 << q % 64;            // stabilizer Z
        t->x[q * row + t->words + q / 64] |= (uint64_t)1 << q % 64; // destabilizer X
    }
}

static qhm_status reserve_variables(qhm_tableau *t, size_t count)
{
    return qhm_reserve((1 + count) * t->words, &t->sign_capacity, sizeof *t->signs, &t->signs);
}

qhm_status qhm_tableau_copy(qhm_tableau *to, const qhm_tableau *from)
{
    assert(to->qubit_count == from->qubit_count);
    QHM_TRY(reserve_variables(to, from->variable_count));
    const size_t all = from->qubit_count * column_words(from);
    memcpy(to->x, from->x, all * sizeof *to->x);
    memcpy(to->z, from->z, all * sizeof *to->z);
    memcpy(to->signs, from->signs, (1 + from->variable_count) * from->words * sizeof *from->signs);
    to->variable_count = from->variable_count;
    return QHM_OK;
}

// Signs belong to stabilizers, which are the first words of a column.
static void apply_turn(qhm_tableau *t, uint32_t qubit, const qhm_clifford_turn *turn)
{
    const qhm_clifford_turn c = *turn;
    uint64_t *restrict x = t->x + qubit * column_words(t);
    uint64_t *restrict z = t->z + qubit * column_words(t);
    uint64_t *restrict signs = t->signs;
    for (size_t w = 0; w < t->words; w++)
        signs[w] ^=
            (x[w] & ~z[w] & c.x_sign) ^ (z[w] & ~x[w] & c.z_sign) ^ (x[w] & z[w] & c.y_sign);
    for (size_t w = 0; w < 2 * t->words; w++) {
        const uint64_t before_x = x[w], before_z = z[w];
        x[w] = (before_x & c.x_to_x) ^ (before_z & c.z_to_x);
        z[w] = (before_x & c.x_to_z) ^ (before_z & c.z_to_z);
    }
}

static void apply_cx(qhm_tableau *t, uint32_t control, uint32_t target)
{
    uint64_t *restrict xc = t->x + control * column_words(t);
    uint64_t *restrict zc = t->z + control * column_words(t);
    uint64_t *restrict xt = t->x + target * column_words(t);
    uint64_t *restrict zt = t->z + target * column_words(t);
    for (size_t w = 0; w < t->words; w++)
        t->signs[w] ^= xc[w] & zt[w] & ~(xt[w] ^ zc[w]);
    for (size_t w = 0; w < 2 * t->words; w++) {
        xt[w] ^= xc[w];
        zc[w] ^= zt[w];
    }
}

static void apply_cz(qhm_tableau *t, uint32_t a, uint32_t b)
{
    uint64_t *restrict xa = t->x + a * column_words(t), *restrict za = t->z + a * column_words(t);
    uint64_t *restrict xb = t->x + b * column_words(t), *restrict zb = t->z + b * column_words(t);
    for (size_t w = 0; w < t->words; w++)
        t->signs[w] ^= xa[w] & xb[w] & (za[w] ^ zb[w]);
    for (size_t w = 0; w < 2 * t->words; w++) {
        za[w] ^= xb[w];
        zb[w] ^= xa[w];
    }
}

static void exchange(uint64_t *restrict a, uint64_t *restrict b, size_t count)
{
    for (size_t w = 0; w < count; w++) {
        const uint64_t word = a[w];
        a[w] = b[w];
        b[w] = word;
    }
}

void qhm_tableau_apply(qhm_tableau *tableau, const qhm_clifford_op *ops, size_t count)
{
    const size_t row = column_words(tableau);
    for (size_t i = 0; i < count; i++)
        switch (ops[i].kind) {
        case QHM_CLIFFORD_TURN:
            apply_turn(tableau, ops[i].a, &ops[i].turn);
            break;
        case QHM_CLIFFORD_CX:
            apply_cx(tableau, ops[i].a, ops[i].b);
            break;
        case QHM_CLIFFORD_CZ:
            apply_cz(tableau, ops[i].a, ops[i].b);
            break;
        case QHM_CLIFFORD_SWAP:
            exchange(tableau->x + ops[i].a * row, tableau->x + ops[i].b * row, row);
            exchange(tableau->z + ops[i].a * row, tableau->z + ops[i].b * row, row);
            break;
        }
}

void qhm_tableau_flip(qhm_tableau *tableau, uint32_t qubit, bool x, bool z,
                      const qhm_affine *condition)
{
    qhm_tableau *t = tableau;
    const uint64_t *column_x = t->x + qubit * column_words(t);
    const uint64_t *column_z = t->z + qubit * column_words(t);
    for (size_t v = 0; v < 64 * condition->words; v++) {
        if (!(condition->terms[v / 64] >> v % 64 & 1))
            continue;
        uint64_t *signs = t->signs + v * t->words;
        for (size_t w = 0; w < t->words; w++)
            signs[w] ^= (x ? column_z[w] : 0) ^ (z ? column_x[w] : 0);
    }
}

long qhm_tableau_find_pivot(const qhm_tableau *tableau, uint32_t qubit)
{
    const uint64_t *x = tableau->x + qubit * column_words(tableau);
    for (size_t w = 0; w < tableau->words; w++)
        if (x[w])
            return (long)(64 * w) + __builtin_ctzll(x[w]);
    return QHM_NO_PIVOT;
}

// Multiplies the stabilizers of the mask by the pivot in one column, where the pivot has (px, pz),
// and counts the powers of i of each: `ones` and `twos` are its two binary digits.
static void multiply_column(qhm_tableau *t, uint64_t *restrict x, uint64_t *restrict z, bool px,
                            bool pz)
{
    const uint64_t *restrict mask = t->mask;
    uint64_t *restrict ones = t->ones, *restrict twos = t->twos;
    const uint64_t flip_x = px ? UINT64_MAX : 0, flip_z = pz ? UINT64_MAX : 0;
    for (size_t w = 0; w < t->words; w++) {
        // Y·Z and so on give i; the other order -i. Equal letters and the identity give 1.
        const uint64_t power = ((x[w] & flip_z) ^ (z[w] & flip_x)) & mask[w];
        const uint64_t minus =
            ((flip_x & flip_z & x[w] & ~z[w]) | (flip_x & ~flip_z & z[w] & ~x[w]) |
             (~flip_x & flip_z & x[w] & z[w])) &
            mask[w];
        twos[w] ^= (ones[w] & power) ^ minus;
        ones[w] ^= power;
    }
    for (size_t w = 0; w < 2 * t->words; w++) {
        x[w] ^= mask[w] & flip_x;
        z[w] ^= mask[w] & flip_z;
    }
}

static bool bit_of(const uint64_t *words, size_t bit)
{
    return words[bit / 64] >> bit % 64 & 1;
}

static void set_bit(uint64_t *words, size_t bit, bool value)
{
    const uint64_t one = (uint64_t)1 << bit % 64;
    words[bit / 64] = value ? words[bit / 64] | one : words[bit / 64] & ~one;
}

// Multiplies all other rows that anticommute with Z on the qubit by the pivot, which becomes the
// destabilizer of a new stabilizer Z with sign +.
static void replace_pivot(qhm_tableau *t, uint32_t qubit, size_t pivot)
{
    const size_t row = column_words(t), partner = 64 * t->words + pivot;
    memcpy(t->mask, t->x + qubit * row, row * sizeof *t->mask);
    set_bit(t->mask, pivot, false);
    set_bit(t->mask, partner, false);
    memset(t->ones, 0, t->words * sizeof *t->ones);
    memset(t->twos, 0, t->words * sizeof *t->twos);
    for (size_t q = 0; q < t->qubit_count; q++) {
        uint64_t *x = t->x + q * row, *z = t->z + q * row;
        const bool px = bit_of(x, pivot), pz = bit_of(z, pivot);
        if (px || pz)
            multiply_column(t, x, z, px, pz);
        set_bit(x, partner, px);
        set_bit(z, partner, pz);
        set_bit(x, pivot, false);
        set_bit(z, pivot, q == qubit);
    }
    for (size_t w = 0; w < t->words; w++)
        t->signs[w] ^= t->twos[w] & t->mask[w];
    for (size_t v = 0; v <= t->variable_count; v++) {
        uint64_t *signs = t->signs + v * t->words;
        if (!bit_of(signs, pivot))
            continue;
        for (size_t w = 0; w < t->words; w++)
            signs[w] ^= t->mask[w];
        set_bit(signs, pivot, false);
    }
}

void qhm_tableau_collapse(qhm_tableau *tableau, uint32_t qubit, long pivot, bool outcome)
{
    assert(tableau->variable_count == 0 && pivot >= 0);
    replace_pivot(tableau, qubit, (size_t)pivot);
    set_bit(tableau->signs, (size_t)pivot, outcome);
}

qhm_status qhm_tableau_collapse_to_variable(qhm_tableau *tableau, uint32_t qubit, long pivot)
{
    QHM_TRY(reserve_variables(tableau, tableau->variable_count + 1));
    replace_pivot(tableau, qubit, (size_t)pivot);
    uint64_t *signs = tableau->signs + ++tableau->variable_count * tableau->words;
    memset(signs, 0, tableau->words * sizeof *signs);
    set_bit(signs, (size_t)pivot, true);
    return QHM_OK;
}

// Bit i becomes the parity of the bits of the word below i.
static uint64_t parities_below(uint64_t word)
{
    word ^= word << 1;
    word ^= word << 2;
    word ^= word << 4;
    word ^= word << 8;
    word ^= word << 16;
    word ^= word << 32;
    return word << 1;
}

// The power of i that the product of the stabilizers of the mask has in front of X^x Z^z:
// each string is i^(x z) X^x Z^z, and Z^z to the left of a later X^x gives a sign.
static unsigned product_power(const qhm_tableau *t, const uint64_t *mask)
{
    uint64_t swaps = 0;
    unsigned ys = 0;
    for (size_t q = 0; q < t->qubit_count; q++) {
        const uint64_t *x = t->x + q * column_words(t), *z = t->z + q * column_words(t);
        uint64_t before = 0; // all ones: an odd number of Z in the words so far
        for (size_t w = 0; w < t->words; w++) {
            const uint64_t mx = x[w] & mask[w], mz = z[w] & mask[w];
            if (!(mx | mz))
                continue;
            ys += (unsigned)__builtin_popcountll(mx & mz);
            swaps ^= (parities_below(mz) ^ before) & mx;
            before ^= __builtin_parityll(mz) ? UINT64_MAX : 0;
        }
    }
    return (ys + 2 * (unsigned)__builtin_parityll(swaps)) % 4;
}

static bool masked_parity(const uint64_t *words, const uint64_t *mask, size_t count)
{
    uint64_t sum = 0;
    for (size_t w = 0; w < count; w++)
        sum ^= words[w] & mask[w];
    return __builtin_parityll(sum);
}

// Z on a qubit that is not random is the product of the stabilizers whose destabilizers
// anticommute with it.
bool qhm_tableau_outcome(qhm_tableau *tableau, uint32_t qubit)
{
    const uint64_t *partners = tableau->x + qubit * column_words(tableau) + tableau->words;
    const unsigned power = product_power(tableau, partners);
    assert(power % 2 == 0);
    return masked_parity(tableau->signs, partners, tableau->words) != (power == 2);
}

qhm_status qhm_tableau_measure(qhm_tableau *tableau, uint32_t qubit, qhm_affine *outcome)
{
    const long pivot = qhm_tableau_find_pivot(tableau, qubit);
    QHM_TRY(qhm_affine_set(outcome, false));
    const size_t variables = tableau->variable_count + (pivot >= 0), words = variables / 64 + 1;
    QHM_TRY(qhm_reserve(words, &outcome->capacity, sizeof *outcome->terms, &outcome->terms));
    if (words > outcome->words)
        memset(outcome->terms + outcome->words, 0,
               (words - outcome->words) * sizeof *outcome->terms);
    outcome->words = words;
    if (pivot >= 0) {
        set_bit(outcome->terms, variables, true);
        return qhm_tableau_collapse_to_variable(tableau, qubit, pivot);
    }
    set_bit(outcome->terms, 0, qhm_tableau_outcome(tableau, qubit));
    const uint64_t *partners = tableau->x + qubit * column_words(tableau) + tableau->words;
    for (size_t v = 1; v <= variables; v++)
        set_bit(outcome->terms, v,
                masked_parity(tableau->signs + v * tableau->words, partners, tableau->words));
    return QHM_OK;
}

double qhm_tableau_expectation(qhm_tableau *tableau, const qhm_pauli_factor *factors, size_t count)
{
    qhm_tableau *t = tableau;
    uint64_t *mask = t->mask; // rows that anticommute with the string
    memset(mask, 0, column_words(t) * sizeof *mask);
    unsigned ys = 0;
    for (size_t f = 0; f < count; f++) {
        const uint64_t *x = t->x + factors[f].qubit * column_words(t);
        const uint64_t *z = t->z + factors[f].qubit * column_words(t);
        const bool has_x = factors[f].pauli == QHM_PAULI_X || factors[f].pauli == QHM_PAULI_Y;
        const bool has_z = factors[f].pauli == QHM_PAULI_Z || factors[f].pauli == QHM_PAULI_Y;
        ys += has_x && has_z;
        for (size_t w = 0; w < column_words(t); w++)
            mask[w] ^= (has_x ? z[w] : 0) ^ (has_z ? x[w] : 0);
    }
    for (size_t w = 0; w < t->words; w++)
        if (mask[w])
            return 0;
    const uint64_t *partners = mask + t->words;
    for (size_t v = 1; v <= t->variable_count; v++)
        if (masked_parity(t->signs + v * t->words, partners, t->words))
            return 0;
    const unsigned power = (product_power(t, partners) + 4 - ys % 4) % 4;
    assert(power % 2 == 0);
    return masked_parity(t->signs, partners, t->words) != (power == 2) ? -1 : 1;
}

void qhm_affine_release(qhm_affine *sum)
{
    qhm_release(sum->terms);
    *sum = (qhm_affine){0};
}

qhm_status qhm_affine_set(qhm_affine *sum, bool constant)
{
    QHM_TRY(qhm_reserve(1, &sum->capacity, sizeof *sum->terms, &sum->terms));
    sum->words = 1;
    sum->terms[0] = constant;
    return QHM_OK;
}

qhm_status qhm_affine_copy(qhm_affine *to, const qhm_affine *from)
{
    QHM_TRY(qhm_reserve(from->words, &to->capacity, sizeof *to->terms, &to->terms));
    memcpy(to->terms, from->terms, from->words * sizeof *to->terms);
    to->words = from->words;
    return QHM_OK;
}

bool qhm_affine_constant(const qhm_affine *sum)
{
    return sum->words > 0 && (sum->terms[0] & 1);
}

bool qhm_affine_is_constant(const qhm_affine *sum)
{
    for (size_t w = 0; w < sum->words; w++)
        if (w == 0 ? sum->terms[0] >> 1 : sum->terms[w])
            return false;
    return true;
}
