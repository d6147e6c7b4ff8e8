// All amplitudes of a stabilizer state of few qubits: those of one basis state in it, carried on by
// the stabilizers that flip bits. The global phase makes that first amplitude positive.
#include "base/memory.h"
#include "linalg/pauli.h"
#include "simulate/stabilizer/stabilizer_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MAX_QUBITS = 64 };

typedef struct signed_string {
    qhm_pauli_masks pauli;
    bool is_negative;
} signed_string;

static signed_string read_stabilizer(const qhm_tableau *t, size_t row)
{
    signed_string string = {.is_negative = t->signs[row / 64] >> row % 64 & 1};
    for (size_t q = 0; q < t->qubit_count; q++) {
        const size_t word = q * 2 * t->words + row / 64;
        string.pauli.x |= (t->x[word] >> row % 64 & 1) << q;
        string.pauli.z |= (t->z[word] >> row % 64 & 1) << q;
    }
    return string;
}

// Stabilizers whose flips are independent of each other, so that they generate all basis states of
// the state from one.
static size_t find_independent(const qhm_tableau *t, signed_string *strings)
{
    uint64_t reduced[MAX_QUBITS]; // flips, each with a lowest bit of its own
    size_t count = 0;
    for (size_t row = 0; row < t->qubit_count; row++) {
        const signed_string string = read_stabilizer(t, row);
        uint64_t flips = string.pauli.x;
        for (size_t i = 0; i < count; i++)
            if (flips & (reduced[i] & (~reduced[i] + 1)))
                flips ^= reduced[i];
        if (flips == 0)
            continue;
        reduced[count] = flips;
        strings[count++] = string;
    }
    return count;
}

// A basis state with an amplitude: measurements whose random outcomes are 0.
static qhm_status find_basis_state(const qhm_tableau *t, uint64_t *basis)
{
    qhm_tableau *copy;
    QHM_TRY(qhm_tableau_create(t->qubit_count, &copy));
    qhm_status status = qhm_tableau_copy(copy, t);
    *basis = 0;
    for (uint32_t q = 0; status == QHM_OK && q < t->qubit_count; q++) {
        const long pivot = qhm_tableau_find_pivot(copy, q);
        if (pivot >= 0)
            qhm_tableau_collapse(copy, q, pivot, false);
        else
            *basis |= (uint64_t)qhm_tableau_outcome(copy, q) << q;
    }
    qhm_tableau_destroy(copy);
    return status;
}

qhm_status qhm_stabilizer_amplitudes(void *state, qhm_complex *amplitudes)
{
    const qhm_tableau *t = ((const qhm_stabilizer_state *)state)->tableau;
    assert(t->variable_count == 0 && t->qubit_count < MAX_QUBITS);
    signed_string strings[MAX_QUBITS];
    const size_t count = find_independent(t, strings);
    uint64_t first;
    QHM_TRY(find_basis_state(t, &first));
    memset(amplitudes, 0, ((size_t)1 << t->qubit_count) * sizeof *amplitudes);
    amplitudes[first].re = 1 / sqrt(ldexp(1, (int)count));
    for (size_t g = 0; g < count; g++)
        for (uint64_t i = 0; i < (uint64_t)1 << g; i++) {
            uint64_t basis = first;
            for (size_t b = 0; b < g; b++)
                basis ^= i >> b & 1 ? strings[b].pauli.x : 0;
            const unsigned phase =
                qhm_pauli_phase(strings[g].pauli, basis) + 2 * strings[g].is_negative;
            amplitudes[basis ^ strings[g].pauli.x] =
                qhm_complex_times_i(amplitudes[basis], phase % 4);
        }
    return QHM_OK;
}
