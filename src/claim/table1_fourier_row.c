// The row of Table 1 about Fourier transforms: sizes and phases of what comes out.
#include "algorithm/fast_fourier.h"
#include "base/memory.h"
#include "claim/table1_internal.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>
#include <string.h>

qhm_status qhm_table1_transform_create(size_t qubits, const qhm_complex *signal, bool is_imaginary,
                                       qhm_circuit **circuit)
{
    const size_t n = (size_t)1 << qubits;
    const uint32_t ancilla = (uint32_t)qubits;
    qhm_complex *both;
    qhm_circuit *fourier = NULL, *made = NULL;
    double norm = 0;
    QHM_TRY(qhm_allocate(2 * n, sizeof *both, &both));
    for (size_t i = 0; i < n; i++)
        norm = hypot(norm, hypot(signal[i].re, signal[i].im));
    both[0].re = 1; // transformed, it is 1 / sqrt(n) everywhere
    for (size_t i = 0; i < n; i++)
        both[n + i] = (qhm_complex){signal[i].re / norm, signal[i].im / norm};
    qhm_status status = qhm_state_preparation_bind(qubits + 1, QHM_STATE_COMPLEX, both, &made);
    if (status == QHM_OK)
        status = qhm_fourier_create(qubits, NULL, &fourier);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(made, fourier, NULL, NULL, 0, 0);
    if (status == QHM_OK && is_imaginary)
        status = qhm_circuit_append(made, QHM_GATE_SDG, &ancilla, NULL);
    if (status == QHM_OK)
        status = qhm_circuit_append(made, QHM_GATE_H, &ancilla, NULL);
    qhm_circuit_destroy(fourier);
    qhm_release(both);
    if (status == QHM_OK)
        *circuit = made;
    else
        qhm_circuit_destroy(made);
    return status;
}

static qhm_status transform(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    const size_t qubits = index + 2, n = (size_t)1 << qubits;
    qhm_complex *signal;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743111, n, 1);
    qhm_status status = QHM_OK;
    *point = (qhm_table1_quantum){.n = (double)n};
    QHM_TRY(qhm_allocate(n, sizeof *signal, &signal));
    for (size_t i = 0; i < n; i++)
        signal[i] = (qhm_complex){qhm_random_normal(&random), qhm_random_normal(&random)};
    for (int part = 0; part < 2 && status == QHM_OK; part++) {
        qhm_circuit *circuit;
        qhm_table1_quantum half = {.n = (double)n};
        status = qhm_table1_transform_create(qubits, signal, part == 1, &circuit);
        if (status != QHM_OK)
            break;
        status = qhm_table1_charge(circuit, qhm_table1_phase_runs((double)n), 1, &half);
        qhm_circuit_destroy(circuit);
        point->queries += half.queries;
        point->gates += half.gates;
        point->depth += half.depth;
        point->runs += half.runs;
    }
    qhm_release(signal);
    return status;
}

typedef struct signal {
    qhm_fast_fourier fourier;
    qhm_complex *given, *work; // [n]
} signal;

static double transform_here(void *context)
{
    const signal *s = context;
    memcpy(s->work, s->given, s->fourier.size * sizeof *s->work);
    qhm_fast_fourier_run(&s->fourier, s->work);
    return s->work[0].re;
}

static qhm_status time_transform(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t bits = 6 + 2 * index, n = (size_t)1 << bits;
    double *numbers;
    signal s = {.given = NULL};
    QHM_TRY(qhm_allocate(2 * n, sizeof *numbers, &numbers));
    qhm_table1_draw(seed, 11, numbers, 2 * n);
    qhm_status status = qhm_fast_fourier_create(bits, false, &s.fourier);
    if (status == QHM_OK)
        status = qhm_allocate(2 * n, sizeof *s.given, &s.given);
    if (status == QHM_OK) {
        s.work = s.given + n;
        for (size_t k = 0; k < n; k++)
            s.given[k] = (qhm_complex){numbers[2 * k], numbers[2 * k + 1]};
        *point = (qhm_table1_classical){(double)n, qhm_table1_time(transform_here, &s)};
    }
    qhm_fast_fourier_destroy(&s.fourier);
    qhm_release(s.given);
    qhm_release(numbers);
    return status;
}

const qhm_table1_row qhm_table1_fourier = {
    .info = {.name = "fourier",
             .operation = "Fourier transform",
             .classical = "O(N log N) (FFT)",
             .quantum = "O(log N) (quantum FFT, exponential in signal length)",
             .task = "all n complex numbers of the transform of a signal in memory, to a 2-norm of "
                     "0.1, phases by interference with a known state; an FFT on the processor"},
    .query = "transforms",
    .sentence = "The transform itself is of order lg(n)^2 gates on a state that is there, and "
                "gives a state, whose phases take 4 times the runs of its sizes: a gain for what "
                "asks periods of it, such as phase estimation.",
    .quantum_sizes = 8,
    .classical_sizes = 6,
    .first = 3,
    .measure = transform,
    .time = time_transform,
};
