// Noise of cat qubits: photon loss flips phases, all else is exponentially rare in the photons.
#include "device/noise_internal.h"

#include <math.h>
#include <string.h>

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

static bool is_cat(const qhm_noise_builder *builder, uint32_t qubit)
{
    const char *kind = qhm_device_qubit_at(builder->device, builder->physical[qubit])->kind;
    return kind && strcmp(kind, "cat") == 0;
}

bool qhm_noise_is_cat_cx(const qhm_noise_builder *builder, const qhm_noise_entry *entry)
{
    return qhm_device_family_of(builder->device) == QHM_DEVICE_CAT && entry->gate == QHM_GATE_CX &&
           isnan(entry->rule.error) &&
           qhm_device_figure(builder->device, "kappa_2_per_second").value > 0 &&
           is_cat(builder, entry->qubits[0]) && is_cat(builder, entry->qubits[1]);
}

// CX of two cats in a time T [gouzien2023]: photons lost, what is not adiabatic, and bit flips of
// all kinds that touch the target or the control. The control is the first qubit.
qhm_status qhm_noise_add_cat_cx(const qhm_noise_builder *builder, qhm_noise_entry *entry)
{
    enum { X = QHM_PAULI_X, Y = QHM_PAULI_Y, Z = QHM_PAULI_Z, MORE = 4 };
    static const size_t bit_flips[6] = {X, Y, MORE * X, MORE * X + X, MORE * X + Y, MORE * X + Z};
    const qhm_device *device = builder->device;
    const double n = qhm_device_figure(device, "photon_number").value;
    const double time = 1e-9 * entry->rule.duration_ns;
    const double lost = n * qhm_device_figure(device, "kappa_1_per_second").value * time;
    const double kappa_2 = qhm_device_figure(device, "kappa_2_per_second").value;
    const double pi = 3.14159265358979323846, scale = builder->model->options.scale;
    double p[16] = {0}, sum = 0;
    p[Z] = lost + pi * pi / (64 * n * kappa_2 * time);
    p[MORE * Z] = p[MORE * Z + Z] = lost / 2;
    for (int i = 0; i < 6; i++)
        p[bit_flips[i]] = 2631 * lost * exp(-2 * n) / 6;
    for (int i = 1; i < 16; i++)
        sum += p[i] *= scale;
    if (!(sum <= 1))
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                        "errors of cx between cats add up to %g at scale %g: the photon number, "
                        "kappa_1, kappa_2 or the duration is out of its formula's range",
                        sum, scale);
    p[0] = 1 - sum;
    if (builder->model->options.without_gates)
        return QHM_OK;
    qhm_channel *channel;
    QHM_TRY(qhm_channel_create_pauli(2, p, &channel));
    QHM_TRY(qhm_noise_add_part(builder->model, entry, channel, NULL, false));
    return qhm_noise_measure_error(entry);
}
