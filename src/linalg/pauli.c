// Pauli strings as bit masks. P = i^|x & z| X^x Z^z, where Z^z acts first.
#include "linalg/pauli.h"

static unsigned count_bits(uint64_t bits)
{
    return (unsigned)__builtin_popcountll(bits);
}

unsigned qhm_pauli_multiply(qhm_pauli_masks a, qhm_pauli_masks b, qhm_pauli_masks *product)
{
    qhm_pauli_masks c = {a.x ^ b.x, a.z ^ b.z};
    // Moving Z^a.z past X^b.x gives a sign for every qubit that both touch.
    unsigned k = count_bits(a.x & a.z) + count_bits(b.x & b.z) + 2 * count_bits(a.z & b.x) -
                 count_bits(c.x & c.z);
    *product = c;
    return k & 3;
}

bool qhm_pauli_commute(qhm_pauli_masks a, qhm_pauli_masks b)
{
    return ((count_bits(a.x & b.z) + count_bits(a.z & b.x)) & 1) == 0;
}

bool qhm_pauli_commute_qubitwise(qhm_pauli_masks a, qhm_pauli_masks b)
{
    uint64_t both = (a.x | a.z) & (b.x | b.z);
    return (((a.x ^ b.x) | (a.z ^ b.z)) & both) == 0;
}

unsigned qhm_pauli_phase(qhm_pauli_masks pauli, uint64_t basis)
{
    return (count_bits(pauli.x & pauli.z) + 2 * count_bits(basis & pauli.z)) & 3;
}

qhm_complex qhm_complex_times_i(qhm_complex value, unsigned k)
{
    qhm_complex turned[4] = {
        value, {-value.im, value.re}, {-value.re, -value.im}, {value.im, -value.re}};
    return turned[k & 3];
}

void qhm_pauli_add_matrix(qhm_pauli_masks pauli, double coefficient, unsigned qubit_count,
                          qhm_complex *matrix)
{
    size_t dimension = (size_t)1 << qubit_count;
    for (size_t column = 0; column < dimension; column++) {
        qhm_complex entry = {coefficient, 0};
        entry = qhm_complex_times_i(entry, qhm_pauli_phase(pauli, column));
        qhm_complex *place = &matrix[(column ^ pauli.x) * dimension + column];
        place->re += entry.re;
        place->im += entry.im;
    }
}
