// Noise models from the figures of a device.
//
// An operation's qubits relax for its duration; depolarising in front makes the whole average
// infidelity the device's figure, where relaxation alone is not above it.
#include "base/memory.h"
#include "device/noise_crosstalk.h"

#include <assert.h>
#include <math.h>
#include <qhm/random.h>
#include <stdio.h>
#include <string.h>

enum { DETUNING_STREAM = 1000 }; // apart from those of the device itself

double qhm_noise_figure_or(const qhm_device *device, const char *name, double otherwise)
{
    const double value = qhm_device_figure(device, name).value;
    return isnan(value) ? otherwise : value;
}

static double number_or(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static void fill_idle(const qhm_noise_builder *builder, size_t qubit)
{
    const qhm_noise_options *options = &builder->model->options;
    const qhm_device_qubit *values = qhm_device_qubit_at(builder->device, builder->physical[qubit]);
    qhm_noise_idle *idle = &builder->model->idle[qubit];
    idle->t1_ns = 1e3 * number_or(values->t1_us, INFINITY);
    idle->t2_ns = 1e3 * number_or(values->t2_us, 2e-3 * idle->t1_ns);
    const double size =
        options->detuning_khz > 0 ? options->detuning_khz : number_or(values->detuning_khz, 0);
    qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_DEVICE, DETUNING_STREAM, 0,
                                          builder->physical[qubit]);
    idle->detuning_hz = size > 0 ? 1e3 * size * qhm_random_normal(&random) : 0;
    builder->active[qubit] = *idle;
    const qhm_device_family family = qhm_device_family_of(builder->device);
    if (family == QHM_DEVICE_CAT && values->kind && strcmp(values->kind, "cat") == 0)
        qhm_noise_fill_cat(builder, qubit);
    if (family == QHM_DEVICE_TETRON)
        qhm_noise_fill_tetron(builder, qubit);
}

// The relaxation of an operation's qubits: channels [qubit_count], NULL for none, and the process
// fidelity of all of them.
static qhm_status relax(const qhm_noise_builder *builder, const qhm_noise_entry *entry,
                        double exposure_ns, qhm_channel **channels, double *fidelity)
{
    assert(entry->qubit_count <= 2);
    *fidelity = 1;
    for (size_t i = 0; i < entry->qubit_count; i++) {
        QHM_TRY(qhm_noise_create_idle(builder->model, &builder->active[entry->qubits[i]],
                                      exposure_ns, false, &channels[i]));
        if (channels[i])
            *fidelity *= qhm_channel_process_fidelity(channels[i], NULL);
    }
    return QHM_OK;
}

static void destroy_pair(qhm_channel **channels)
{
    qhm_channel_destroy(channels[0]);
    qhm_channel_destroy(channels[1]);
    channels[0] = channels[1] = NULL;
}

// The probability of depolarising before relaxation of average fidelity `relaxed` that gives an
// average infidelity `error` in all; 0 where relaxation alone has more.
static double depolarizing_probability(double error, double relaxed, double dimension)
{
    if (!(error > 1 - relaxed))
        return 0;
    const double most = dimension * dimension / (dimension * dimension - 1);
    const double capped = fmin(error, dimension / (dimension + 1));
    return fmin(dimension * (capped - (1 - relaxed)) / (dimension * relaxed - 1), most);
}

// One part for a qubit's depolarising and relaxation; for two, depolarising of both and then the
// relaxation of each.
static qhm_status add_gate_parts(const qhm_noise_builder *builder, qhm_noise_entry *entry,
                                 double probability, qhm_channel **relaxed)
{
    qhm_noise_model *model = builder->model;
    qhm_channel *depolarizing = NULL, *both = NULL;
    const size_t count = entry->qubit_count;
    assert(count <= 2);
    if (probability > 0)
        QHM_TRY(qhm_channel_create_depolarizing(count, probability, &depolarizing));
    if (depolarizing && relaxed[0] && count == 1 && !qhm_noise_has_leak(model)) {
        const qhm_status status = qhm_channel_compose(depolarizing, relaxed[0], &both);
        qhm_channel_destroy(depolarizing);
        QHM_TRY(status);
        return qhm_noise_add_part(model, entry, both, NULL, false);
    }
    if (depolarizing)
        QHM_TRY(qhm_noise_add_part(model, entry, depolarizing, NULL, false));
    if (qhm_noise_has_leak(model))
        return qhm_noise_add_window(builder, entry, 1, false);
    for (size_t i = 0; i < count; i++) {
        const uint8_t place = (uint8_t)i;
        qhm_channel *channel = relaxed[i];
        relaxed[i] = NULL;
        if (channel)
            QHM_TRY(qhm_noise_add_part(model, entry, channel, &place, false));
    }
    return QHM_OK;
}

// What a two-qubit gate's figure owes to others beside it at the same time.
static double crosstalk_error(const qhm_noise_builder *builder, const qhm_noise_entry *entry)
{
    const bool is_wanted = builder->model->options.has_crosstalk && entry->qubit_count == 2;
    return is_wanted ? qhm_noise_figure_or(builder->device, "two_qubit_crosstalk_error", 0) : 0;
}

static qhm_status add_gate(const qhm_noise_builder *builder, qhm_noise_entry *entry)
{
    const qhm_noise_options *options = &builder->model->options;
    const double d = entry->qubit_count == 1 ? 2 : 4;
    const double duration_ns = number_or(entry->rule.duration_ns, 0);
    const double alone = entry->rule.error - crosstalk_error(builder, entry);
    qhm_channel *relaxed[2] = {NULL, NULL};
    double process;
    qhm_status status = relax(builder, entry, duration_ns, relaxed, &process);
    double probability = depolarizing_probability(alone, (d * process + 1) / (d + 1), d);
    if (alone < entry->rule.error &&
        !options->without_gates) { // what relaxation alone has is not added again
        const double has = (1 - probability) * process + probability / (d * d);
        entry->beside_error = fmax(0, entry->rule.error - (1 - has) * d / (d + 1));
    }
    if (status == QHM_OK && options->scale != 1) {
        destroy_pair(relaxed);
        probability = fmin(options->scale * probability, d * d / (d * d - 1));
        status = relax(builder, entry, options->scale * duration_ns, relaxed, &process);
    }
    process = (1 - probability) * process + probability / (d * d);
    if (!options->without_gates) {
        entry->rule.model_error = (1 - process) * d / (d + 1);
        if (status == QHM_OK)
            status = add_gate_parts(builder, entry, probability, relaxed);
    }
    destroy_pair(relaxed);
    return status;
}

// A preparation or reset that fails leaves the other state.
static qhm_status add_reset(const qhm_noise_builder *builder, qhm_noise_entry *entry)
{
    const qhm_noise_options *options = &builder->model->options;
    const double error = fmin(1, options->scale * number_or(entry->rule.error, 0));
    if (options->without_gates || error == 0)
        return QHM_OK;
    qhm_channel *flip;
    entry->rule.model_error = error;
    QHM_TRY(qhm_channel_create_bit_flip(error, &flip));
    return qhm_noise_add_part(builder->model, entry, flip, NULL, false);
}

// Scaled flips stay below a coin's, where they tell anything.
static void set_flips(const qhm_noise_options *options, double zero, double one,
                      qhm_noise_entry *entry)
{
    if (options->without_readout)
        return;
    entry->flips[0] = fmin(options->scale * zero, fmax(zero, 0.5));
    entry->flips[1] = fmin(options->scale * one, fmax(one, 0.5));
    entry->rule.model_error = (entry->flips[0] + entry->flips[1]) / 2;
}

static qhm_status add_measurement(const qhm_noise_builder *builder,
                                  const qhm_device_operation *operation, qhm_noise_entry *entry)
{
    const double error = number_or(entry->rule.error, 0);
    double flips[2] = {error, error};
    entry->rule.is_measurement = true;
    if (entry->gate == QHM_GATE_MEASURE && entry->qubit_count == 1) {
        const qhm_device_qubit *values =
            qhm_device_qubit_at(builder->device, builder->physical[entry->qubits[0]]);
        for (int i = 0; i < 2; i++)
            flips[i] = number_or(values->readout_flips[i], error);
    }
    set_flips(&builder->model->options, flips[0], flips[1], entry);
    if (qhm_device_family_of(builder->device) == QHM_DEVICE_TETRON)
        return qhm_noise_add_tetron_measurement(builder, operation, entry);
    return QHM_OK;
}

static qhm_status add_operation(const qhm_noise_builder *builder,
                                const qhm_device_operation *operation, const uint32_t *compact)
{
    const size_t count = operation->qubit_count;
    uint32_t physical[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        physical[i] = builder->physical[compact[i]];
    if (!qhm_device_has_operation(builder->device, operation, physical))
        return QHM_OK;
    qhm_noise_entry *entry;
    QHM_TRY(qhm_noise_add_entry(builder->model, operation->name, operation->gate, compact, count,
                                &entry));
    entry->match = operation->is_any_one_qubit_gate ? QHM_NOISE_ANY_ONE_QUBIT : QHM_NOISE_GATE;
    memcpy(entry->paulis, operation->paulis, sizeof entry->paulis);
    entry->is_virtual = operation->is_virtual;
    entry->rule.duration_ns =
        qhm_device_operation_duration_ns(builder->device, operation, physical);
    entry->rule.error = qhm_device_operation_error(builder->device, operation, physical);
    entry->rule.status = operation->average_error.status;
    if (operation->is_virtual)
        return QHM_OK;
    if (operation->gate == QHM_GATE_MEASURE || operation->gate == QHM_GATE_MEASURE_PAULI)
        return add_measurement(builder, operation, entry);
    if (qhm_noise_is_cat_cx(builder, entry))
        return qhm_noise_add_cat_cx(builder, entry);
    return operation->gate == QHM_GATE_RESET ? add_reset(builder, entry) : add_gate(builder, entry);
}

// Neighbours, where the chip's figures say what they do to each other.
static qhm_status add_couplings(const qhm_noise_builder *builder, const uint32_t *places)
{
    const qhm_device *device = builder->device;
    const double zz_khz =
        builder->model->options.without_idle ? 0 : qhm_noise_figure_or(device, "zz_khz", 0);
    const double beside = qhm_noise_figure_or(device, "two_qubit_crosstalk_error", 0);
    if (!builder->model->options.has_crosstalk || (zz_khz == 0 && beside == 0))
        return QHM_OK;
    for (size_t c = 0; c < qhm_device_coupler_count(device); c++) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(device, c);
        const uint32_t a = places[coupler->qubits[0]], b = places[coupler->qubits[1]];
        if (a != UINT32_MAX && b != UINT32_MAX)
            QHM_TRY(qhm_noise_add_coupling(builder->model, a, b, 1e3 * zz_khz));
    }
    QHM_TRY(qhm_noise_add_figure(builder->model, device, "two_qubit_crosstalk_error"));
    return qhm_noise_add_figure(builder->model, device, "zz_khz");
}

// places: the compact number of each of the chip's qubits, or UINT32_MAX.
static qhm_status add_operations(const qhm_noise_builder *builder, const uint32_t *places)
{
    const qhm_device *device = builder->device;
    for (size_t o = 0; o < qhm_device_operation_count(device); o++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, o);
        for (uint32_t q = 0; q < builder->model->qubit_count && operation->qubit_count == 1; q++)
            QHM_TRY(add_operation(builder, operation, &q));
        for (size_t c = 0; c < qhm_device_coupler_count(device) && operation->qubit_count == 2;
             c++) {
            const qhm_device_coupler *coupler = qhm_device_coupler_at(device, c);
            const uint32_t a = places[coupler->qubits[0]], b = places[coupler->qubits[1]];
            if (a == UINT32_MAX || b == UINT32_MAX)
                continue;
            QHM_TRY(add_operation(builder, operation, (uint32_t[]){a, b}));
            QHM_TRY(add_operation(builder, operation, (uint32_t[]){b, a}));
        }
    }
    return QHM_OK;
}

static void set_kinds(const qhm_noise_builder *builder)
{
    qhm_noise_model *model = builder->model;
    bool has_any = false, has_sx = false;
    for (size_t o = 0; o < qhm_device_operation_count(builder->device); o++) {
        const qhm_device_operation *operation = qhm_device_operation_at(builder->device, o);
        has_any = has_any || operation->is_any_one_qubit_gate;
        has_sx = has_sx || operation->gate == QHM_GATE_SX;
        model->has_virtual_z =
            model->has_virtual_z || (operation->is_virtual && operation->gate == QHM_GATE_RZ);
    }
    model->is_device = true;
    model->has_frames = qhm_device_family_of(builder->device) == QHM_DEVICE_TETRON;
    model->runs = has_any                          ? QHM_NOISE_RUNS_ONE
                  : has_sx && model->has_virtual_z ? QHM_NOISE_RUNS_TWO
                                                   : QHM_NOISE_RUNS_NONE;
}

// Figures that print shows: what an operation or a wait draws on.
static qhm_status add_figures(const qhm_noise_builder *builder)
{
    static const char *const names[] = {"t1_us",
                                        "t2_us",
                                        "detuning_khz",
                                        "one_qubit_error",
                                        "one_qubit_duration_ns",
                                        "two_qubit_error",
                                        "two_qubit_duration_ns",
                                        "readout_error",
                                        "readout_error_0",
                                        "readout_error_1",
                                        "reset_error",
                                        "idle_error",
                                        "photon_number",
                                        "kappa_1_per_second",
                                        "kappa_2_per_second",
                                        "phase_flip_rate_per_second",
                                        "bit_flip_time_us",
                                        "active_bit_flip_rate_per_second",
                                        "preparation_error",
                                        "parity_readout_error",
                                        "mediated_error",
                                        "ancilla_t1_us",
                                        "ancilla_t2_us",
                                        "ancilla_one_qubit_error",
                                        "ancilla_readout_error",
                                        "tau_x_us",
                                        "tau_z_us",
                                        "measure_x_error",
                                        "measure_y_error",
                                        "measure_z_error",
                                        "joint_measure_error",
                                        "joint_correlated_error",
                                        "t_state_error",
                                        "pair_rate_per_second",
                                        "cross_pair_rate_per_second",
                                        "poisoning_rate_per_second"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        QHM_TRY(qhm_noise_add_figure(builder->model, builder->device, names[i]));
    return QHM_OK;
}

static qhm_status check_places(const qhm_device *device, const uint32_t *physical, size_t count,
                               uint32_t *places)
{
    for (size_t i = 0; i < qhm_device_qubit_count(device); i++)
        places[i] = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(physical[i] < qhm_device_qubit_count(device),
                    "qubit %u is not one of the %zu of %s", physical[i],
                    qhm_device_qubit_count(device), qhm_device_name(device));
        QHM_REQUIRE(places[physical[i]] == UINT32_MAX, "qubit %u of %s stands for two qubits",
                    physical[i], qhm_device_name(device));
        places[physical[i]] = (uint32_t)i;
    }
    return QHM_OK;
}

static qhm_status build(const qhm_noise_builder *builder, uint32_t *places)
{
    QHM_TRY(check_places(builder->device, builder->physical, builder->model->qubit_count, places));
    set_kinds(builder);
    for (size_t q = 0; q < builder->model->qubit_count; q++)
        fill_idle(builder, q);
    QHM_TRY(add_operations(builder, places));
    QHM_TRY(add_couplings(builder, places));
    return add_figures(builder);
}

static qhm_status create_with_places(const qhm_device *device, const uint32_t *physical,
                                     qhm_noise_model *model)
{
    const size_t count = model->qubit_count, all = qhm_device_qubit_count(device);
    uint32_t *numbers, *own;
    QHM_TRY(qhm_allocate(all + count, sizeof *numbers, &numbers));
    own = numbers + all;
    for (size_t i = 0; i < count; i++)
        own[i] = physical ? physical[i] : (uint32_t)i;
    qhm_noise_builder builder = {.model = model, .device = device, .physical = own};
    qhm_status status = qhm_allocate(count, sizeof *builder.active, &builder.active);
    if (status == QHM_OK)
        status = build(&builder, numbers);
    qhm_release(builder.active);
    qhm_release(numbers);
    return status;
}

qhm_status qhm_noise_model_create_from_device(const qhm_device *device,
                                              const uint32_t *physical_qubits, size_t count,
                                              const qhm_noise_options *options,
                                              qhm_noise_model **model)
{
    QHM_REQUIRE(device && model, "a noise model needs a device and a place");
    if (options)
        QHM_TRY(qhm_noise_check_options(options));
    const qhm_device_family family = qhm_device_family_of(device);
    if (family == QHM_DEVICE_ANNEALER)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s is an annealer, which runs no circuits",
                        qhm_device_name(device));
    if (!physical_qubits && count == 0)
        count = qhm_device_qubit_count(device);
    QHM_REQUIRE(count <= qhm_device_qubit_count(device), "%zu qubits, but %s has %zu", count,
                qhm_device_name(device), qhm_device_qubit_count(device));
    char name[256];
    const char *preset = qhm_device_preset(device);
    snprintf(name, sizeof name, "%s%s%s", qhm_device_name(device), preset ? ":" : "",
             preset ? preset : "");
    qhm_noise_model *made;
    QHM_TRY(qhm_noise_model_create_empty(name, family == QHM_DEVICE_IDEAL ? SIZE_MAX : count,
                                         options, &made));
    qhm_status status = QHM_OK;
    if (family == QHM_DEVICE_IDEAL)
        made->is_ideal = true;
    else
        status = create_with_places(device, physical_qubits, made);
    if (status != QHM_OK) {
        qhm_noise_model_destroy(made);
        return status;
    }
    *model = made;
    return QHM_OK;
}
