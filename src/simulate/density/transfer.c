// Pauli transfer matrices of a circuit's gates and channels.
#include "simulate/density/transfer.h"

#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

#include <math.h>
#include <qhm/channel.h>
#include <string.h>

enum { MAX_DIMENSION = 1 << QHM_TRANSFER_MAX_QUBITS };

// Entries below this are rounding errors of zeros.
#define SMALLEST_ENTRY 1e-15

// The unitary of a gate with its controls, which are its first qubits.
static void fill_unitary(const qhm_instruction *instruction, const double *angles,
                         qhm_complex *full)
{
    qhm_complex base[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    const unsigned controls = qhm_instruction_control_count(instruction),
                   targets = qhm_instruction_target_count(instruction);
    const size_t size = (size_t)1 << (controls + targets), block = (size_t)1 << targets,
                 all_on = ((size_t)1 << controls) - 1;
    const qhm_complex *matrix = instruction->matrix;
    if (instruction->gate != QHM_GATE_UNITARY) {
        qhm_gate_matrix(instruction->gate, angles, base);
        matrix = base;
    }
    memset(full, 0, size * size * sizeof *full);
    for (size_t i = 0; i < size; i++)
        if ((i & all_on) != all_on)
            full[i * size + i].re = 1;
    for (size_t r = 0; r < block; r++)
        for (size_t c = 0; c < block; c++)
            full[(r << controls | all_on) * size + (c << controls | all_on)] =
                matrix[r * block + c];
}

qhm_status qhm_transfer_create(const qhm_instruction *instruction, const double *angles,
                               double *out)
{
    const size_t all = (size_t)1 << 2 * instruction->qubit_count;
    qhm_complex full[MAX_DIMENSION * MAX_DIMENSION];
    qhm_channel channel = {instruction->qubit_count, instruction->kraus_count, instruction->matrix};
    if (instruction->gate != QHM_GATE_CHANNEL) {
        fill_unitary(instruction, angles, full);
        channel = (qhm_channel){instruction->qubit_count, 1, full};
    }
    QHM_TRY(qhm_channel_pauli_transfer_matrix(&channel, out));
    for (size_t i = 0; i < all * all; i++)
        if (i < all || fabs(out[i]) < SMALLEST_ENTRY)
            out[i] = 0;
    out[0] = 1;
    return QHM_OK;
}

void qhm_transfer_swap(const double *matrix, double *out)
{
    for (size_t i = 0; i < 16; i++)
        for (size_t j = 0; j < 16; j++)
            out[(i % 4 * 4 + i / 4) * 16 + j % 4 * 4 + j / 4] = matrix[i * 16 + j];
}
