// Noise of tetrons: pairs inside wires, quasiparticles from outside, and measurements that err.
#include "device/noise_internal.h"

#include <math.h>

// Pairs inside a wire flip phases, pairs across wires flip bits. An idle error
// is depolarising over the time of a measurement, of qubits that take no part in one.
void qhm_noise_fill_tetron(const qhm_noise_builder *builder, size_t qubit)
{
    const qhm_device *device = builder->device;
    qhm_noise_idle *idle = &builder->model->idle[qubit];
    idle->t1_ns = idle->t2_ns = INFINITY;
    const double tau_us = qhm_noise_figure_or(device, "tau_x_us", INFINITY);
    idle->rates[QHM_PAULI_Z] = qhm_noise_figure_or(device, "pair_rate_per_second", 1e6 / tau_us);
    idle->rates[QHM_PAULI_X] = qhm_noise_figure_or(device, "cross_pair_rate_per_second", 0);
    idle->poisoning_rate = qhm_noise_figure_or(device, "poisoning_rate_per_second", 0);
    const double error = qhm_noise_figure_or(device, "idle_error", 0);
    const double time_ns = qhm_noise_figure_or(device, "measure_x_duration_ns", INFINITY);
    builder->active[qubit] = *idle;
    if (error > 0 && isfinite(time_ns)) {
        // 1 - p = (1 + 3 exp(-4 r t)) / 4
        const double rate = -log1p(-4 * fmin(error, 0.74) / 3) / (4e-9 * time_ns);
        for (int letter = 1; letter < 4; letter++)
            idle->rates[letter] += rate;
    }
}

// Joint measurements go through the lower wire of the upper tetron and the upper wire of the lower
// one, or the right ends of the left tetron and the left ends of the right one. Of each pair one
// tetron is read through the modes that its operators are not defined by: the parity then enters
// the sign. Those are the lower wire and the left ends.
static void set_leaks(const qhm_noise_builder *builder, qhm_noise_entry *entry)
{
    if (entry->qubit_count != 2)
        return;
    const qhm_device_qubit *ends[2];
    for (int i = 0; i < 2; i++)
        ends[i] = qhm_device_qubit_at(builder->device, builder->physical[entry->qubits[i]]);
    for (int i = 0; i < 2; i++) {
        const qhm_device_qubit *this = ends[i], *other = ends[1 - i];
        entry->reads_leak[i] = this->x == other->x ? this->y < other->y : this->x > other->x;
    }
}

// Errors of a part of an operation's duration on each of its qubits.
qhm_status qhm_noise_add_window(const qhm_noise_builder *builder, qhm_noise_entry *entry,
                                double part, bool is_before)
{
    qhm_noise_model *model = builder->model;
    const bool has_leak = qhm_noise_has_leak(model);
    const double exposure_ns =
        isnan(entry->rule.duration_ns) ? 0 : part * model->options.scale * entry->rule.duration_ns;
    for (uint8_t i = 0; i < entry->qubit_count && exposure_ns > 0; i++) {
        const qhm_noise_idle *idle = &builder->active[entry->qubits[i]];
        qhm_channel *channel = NULL;
        QHM_TRY(has_leak ? qhm_noise_create_poisoned_idle(idle, exposure_ns, &channel)
                         : qhm_noise_create_idle(model, idle, exposure_ns, false, &channel));
        if (!channel)
            continue;
        const uint8_t places[2] = {i, i}; // of a parity's channel the second is not used
        QHM_TRY(qhm_noise_add_part(model, entry, channel, places, is_before));
        entry->parts[entry->part_count - 1].has_leak = has_leak;
    }
    return QHM_OK;
}

// The errors of the window come half before and half after the outcome, so that one window lies
// between two measurements in a row; then comes the Pauli that a joint measurement may leave.
qhm_status qhm_noise_add_tetron_measurement(const qhm_noise_builder *builder,
                                            const qhm_device_operation *operation,
                                            qhm_noise_entry *entry)
{
    qhm_noise_model *model = builder->model;
    set_leaks(builder, entry);
    if (model->options.without_gates)
        return QHM_OK;
    QHM_TRY(qhm_noise_add_window(builder, entry, 0.5, true));
    QHM_TRY(qhm_noise_add_window(builder, entry, 0.5, false));
    const double correlated =
        fmin(1, model->options.scale *
                    qhm_noise_figure_or(builder->device, "joint_correlated_error", 0));
    if (entry->qubit_count != 2 || correlated == 0)
        return QHM_OK;
    double probabilities[4] = {1 - correlated, 0, 0, 0};
    probabilities[operation->paulis[0]] = correlated;
    qhm_channel *left;
    QHM_TRY(qhm_channel_create_pauli(1, probabilities, &left));
    return qhm_noise_add_part(model, entry, left, NULL, false);
}
