// Noise of cat qubits: photon loss flips phases, all else is exponentially rare in the photons.
#include "device/noise_internal.h"

#include <math.h>

// Phases flip at photon_number * kappa_1. A bit flip is X or Y with equal rates; while gates act
// they come at a rate of their own, since then the ancilla's decay is in it.
void qhm_noise_fill_cat(const qhm_noise_builder *builder, size_t qubit)
{
    const qhm_device *device = builder->device;
    const double phase = qhm_noise_figure_or(device, "phase_flip_rate_per_second", 0);
    const double idle_bit = 1e6 / qhm_noise_figure_or(device, "bit_flip_time_us", INFINITY);
    const double active_bit =
        qhm_noise_figure_or(device, "active_bit_flip_rate_per_second", idle_bit);
    qhm_noise_idle *idle = &builder->model->idle[qubit], *active = &builder->active[qubit];
    idle->t1_ns = idle->t2_ns = active->t1_ns = active->t2_ns = INFINITY;
    idle->rates[QHM_PAULI_Z] = active->rates[QHM_PAULI_Z] = phase;
    idle->rates[QHM_PAULI_X] = idle->rates[QHM_PAULI_Y] = idle_bit / 2;
    active->rates[QHM_PAULI_X] = active->rates[QHM_PAULI_Y] = active_bit / 2;
}
