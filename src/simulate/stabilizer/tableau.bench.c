// The tableau: bytes a second of gates beside those of a plain copy, and measurements.
#include "simulate/stabilizer/tableau.h"

#include "base/memory.h"

#include <qhm/random.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { GATES = 20000 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// A third each of H, S and CX on random qubits.
static qhm_status make_gates(size_t qubits, qhm_clifford_list *list)
{
    const qhm_gate gates[3] = {QHM_GATE_H, QHM_GATE_S, QHM_GATE_CX};
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < GATES; i++) {
        bool is_clifford;
        const uint32_t a = (uint32_t)qhm_random_below(&random, qubits);
        const uint32_t b = (uint32_t)((a + 1 + qhm_random_below(&random, qubits - 1)) % qubits);
        const qhm_instruction gate = {
            .gate = gates[i % 3], .qubit_count = i % 3 == 2 ? 2 : 1, .qubits = (uint32_t[]){a, b}};
        status = qhm_clifford_append(list, &gate, NULL, &is_clifford);
    }
    return status;
}

// GB/s of copying the words of one qubit, read and written.
static double copy_speed(qhm_tableau *t)
{
    const size_t words = 2 * t->words, rounds = 2000;
    double start = seconds();
    for (size_t r = 0; r < rounds; r++)
        for (size_t q = 0; q + 1 < t->qubit_count; q += 2)
            memcpy(t->x + q * words, t->z + q * words, words * sizeof *t->x);
    const double bytes = (double)rounds * (double)(t->qubit_count / 2) * 16 * (double)words;
    return bytes / (seconds() - start) / 1e9;
}

static qhm_status measure_size(size_t qubits)
{
    qhm_tableau *t = NULL;
    qhm_clifford_list list = {0};
    qhm_affine outcome = {0};
    qhm_status status = qhm_tableau_create(qubits, &t);
    if (status == QHM_OK)
        status = make_gates(qubits, &list);
    if (status == QHM_OK) {
        double start = seconds();
        qhm_tableau_apply(t, list.ops, list.count);
        double gates = seconds() - start;
        // H and S read and write two columns, CX four; half of the words have signs too.
        double bytes = GATES * (2 * 2 + 1 * 4) / 3.0 * 16 * 2 * (double)t->words;
        start = seconds();
        for (uint32_t q = 0; status == QHM_OK && q < qubits; q++)
            status = qhm_tableau_measure(t, q, &outcome);
        double measurements = seconds() - start;
        double copies = copy_speed(t);
        printf("tableau %5zu qubits: %6.1f ns a gate, %5.1f GB/s (copies %5.1f), %7.2f us a "
               "measurement\n",
               qubits, 1e9 * gates / GATES, bytes / gates / 1e9, copies,
               1e6 * measurements / (double)qubits);
    }
    qhm_affine_release(&outcome);
    qhm_release(list.ops);
    qhm_tableau_destroy(t);
    return status;
}

int main(void)
{
    const size_t sizes[] = {100, 1000, 4000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (measure_size(sizes[i]) != QHM_OK) {
            fprintf(stderr, "%s\n", qhm_error_message());
            return 1;
        }
    return 0;
}
