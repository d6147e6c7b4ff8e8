// Quantum fingerprints of strings by a random linear code.
#include <qhm/fingerprint.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>

enum { MOST_QUBITS = 8 };

// Bit i of the code word: the parity of the string under a random mask.
static bool code_bit(uint64_t string, uint64_t seed, size_t i)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0x66696e67, i, 0);
    const uint64_t low = qhm_random_below(&random, UINT64_C(1) << 32);
    const uint64_t mask = low | qhm_random_below(&random, UINT64_C(1) << 32) << 32;
    return __builtin_parityll(string & mask);
}

qhm_status qhm_fingerprint_create(uint64_t string, size_t code_qubits, uint64_t seed,
                                  qhm_circuit **circuit)
{
    qhm_complex *amplitudes;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(code_qubits >= 1 && code_qubits <= MOST_QUBITS, "code_qubits is %zu, not 1 to %d",
                code_qubits, MOST_QUBITS);
    const size_t size = (size_t)1 << code_qubits;
    QHM_TRY(qhm_allocate(size, sizeof *amplitudes, &amplitudes));
    for (size_t i = 0; i < size; i++)
        amplitudes[i].re = code_bit(string, seed, i) ? -1 : 1;
    const qhm_status status =
        qhm_state_preparation_bind(code_qubits, QHM_STATE_REAL, amplitudes, circuit);
    qhm_release(amplitudes);
    return status;
}

double qhm_fingerprint_overlap(uint64_t a, uint64_t b, size_t code_qubits, uint64_t seed)
{
    if (code_qubits < 1 || code_qubits > MOST_QUBITS)
        return NAN;
    const size_t size = (size_t)1 << code_qubits;
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += code_bit(a, seed, i) == code_bit(b, seed, i) ? 1 : -1;
    return sum / (double)size;
}
