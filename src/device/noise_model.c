// Noise models: rules, what they do to waiting qubits, and what callers ask of them.
#include "base/memory.h"
#include "base/options_internal.h"
#include "circuit/circuit_internal.h"
#include "device/noise_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

qhm_status qhm_noise_check_options(const qhm_noise_options *options)
{
    QHM_REQUIRE(options->scale >= 0 && isfinite(options->scale),
                "the scale of noise is %g, not finite and above 0 (0 means 1)", options->scale);
    QHM_REQUIRE(options->detuning_khz >= 0 && isfinite(options->detuning_khz),
                "detuning_khz is %g, not finite and at least 0", options->detuning_khz);
    QHM_REQUIRE(options->poisoning == QHM_POISONING_PAULI ||
                    options->poisoning == QHM_POISONING_PARITY,
                "poisoning is %d, not QHM_POISONING_PAULI or QHM_POISONING_PARITY",
                (int)options->poisoning);
    return QHM_OK;
}

qhm_status qhm_noise_model_create_empty(const char *name, size_t qubit_count,
                                        const qhm_noise_options *options, qhm_noise_model **model)
{
    qhm_noise_model *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    if (options)
        made->options = *options;
    if (made->options.scale == 0)
        made->options.scale = 1;
    made->idle_count = qubit_count == SIZE_MAX ? 1 : qubit_count;
    qhm_status status = qhm_copy_text(name, &made->name);
    if (status == QHM_OK)
        status = qhm_allocate(made->idle_count, sizeof *made->idle, &made->idle);
    if (status != QHM_OK) {
        qhm_noise_model_destroy(made);
        return status;
    }
    for (size_t i = 0; i < made->idle_count; i++)
        made->idle[i] = (qhm_noise_idle){.t1_ns = INFINITY, .t2_ns = INFINITY};
    *model = made;
    return QHM_OK;
}

static void release_entry(qhm_noise_entry *entry)
{
    for (size_t i = 0; i < entry->part_count; i++)
        qhm_channel_destroy(entry->parts[i].channel);
    qhm_release(entry->parts);
    qhm_release(entry->name);
}

void qhm_noise_model_destroy(qhm_noise_model *model)
{
    if (!model)
        return;
    for (size_t i = 0; i < model->entry_count; i++)
        release_entry(&model->entries[i]);
    for (size_t i = 0; i < model->figure_count; i++) {
        qhm_release(model->figures[i].name);
        qhm_release(model->figures[i].unit);
    }
    qhm_release(model->entries);
    qhm_release(model->couplings);
    qhm_release(model->figures);
    qhm_release(model->idle);
    qhm_release(model->name);
    qhm_release(model);
}

qhm_status qhm_noise_add_entry(qhm_noise_model *model, const char *name, qhm_gate gate,
                               const uint32_t *qubits, size_t qubit_count, qhm_noise_entry **entry)
{
    assert(qubit_count <= QHM_NOISE_MOST_QUBITS);
    QHM_TRY(qhm_reserve(model->entry_count + 1, &model->entry_capacity, sizeof *model->entries,
                        &model->entries));
    for (size_t i = 0; i < model->entry_count; i++) // the array may have moved
        model->entries[i].rule.qubits = model->entries[i].qubits;
    qhm_noise_entry *made = &model->entries[model->entry_count];
    *made = (qhm_noise_entry){.gate = gate, .qubit_count = qubit_count};
    QHM_TRY(qhm_copy_text(name, &made->name));
    for (size_t i = 0; qubits && i < qubit_count; i++)
        made->qubits[i] = qubits[i];
    made->rule = (qhm_noise_rule){.operation = made->name,
                                  .qubit_count = qubits ? qubit_count : 0,
                                  .qubits = made->qubits,
                                  .duration_ns = NAN,
                                  .error = NAN};
    model->entry_count++;
    *entry = made;
    return QHM_OK;
}

qhm_status qhm_noise_add_part(qhm_noise_model *model, qhm_noise_entry *entry, qhm_channel *channel,
                              const uint8_t *qubits, bool is_before)
{
    qhm_status status = QHM_OK;
    if (model->options.is_twirled) {
        qhm_channel *twirled = NULL;
        status = qhm_channel_twirl(channel, &twirled);
        qhm_channel_destroy(channel);
        channel = twirled;
    }
    if (status == QHM_OK)
        status = qhm_reserve(entry->part_count + 1, &entry->part_capacity, sizeof *entry->parts,
                             &entry->parts);
    if (status != QHM_OK) {
        qhm_channel_destroy(channel);
        return status;
    }
    qhm_noise_part *part = &entry->parts[entry->part_count++];
    *part = (qhm_noise_part){.channel = channel, .is_before = is_before};
    for (size_t i = 0; i < channel->qubit_count; i++)
        part->qubits[i] = qubits ? qubits[i] : (uint8_t)i;
    return QHM_OK;
}

qhm_status qhm_noise_copy_parts(const qhm_noise_entry *from, qhm_noise_entry *to)
{
    QHM_TRY(qhm_reserve(from->part_count, &to->part_capacity, sizeof *to->parts, &to->parts));
    for (size_t i = 0; i < from->part_count; i++) {
        const qhm_channel *channel = from->parts[i].channel;
        qhm_noise_part part = from->parts[i];
        QHM_TRY(qhm_channel_create(channel->qubit_count, channel->kraus_count, channel->kraus,
                                   &part.channel));
        to->parts[to->part_count++] = part;
    }
    return QHM_OK;
}

qhm_status qhm_noise_add_figure(qhm_noise_model *model, const qhm_device *device, const char *name)
{
    const qhm_figure figure = qhm_device_figure(device, name);
    for (size_t i = 0; i < model->figure_count; i++)
        if (strcmp(model->figures[i].name, name) == 0)
            return QHM_OK;
    if (figure.status == QHM_FIGURE_NONE || isnan(figure.value))
        return QHM_OK;
    QHM_TRY(qhm_reserve(model->figure_count + 1, &model->figure_capacity, sizeof *model->figures,
                        &model->figures));
    qhm_noise_figure *made = &model->figures[model->figure_count];
    *made = (qhm_noise_figure){.value = figure.value, .status = figure.status};
    QHM_TRY(qhm_copy_text(name, &made->name));
    const qhm_status status = qhm_copy_text(figure.unit ? figure.unit : "", &made->unit);
    if (status != QHM_OK) {
        qhm_release(made->name);
        return status;
    }
    model->figure_count++;
    return QHM_OK;
}

const char *qhm_noise_model_name(const qhm_noise_model *model)
{
    return model->name;
}

size_t qhm_noise_model_qubit_count(const qhm_noise_model *model)
{
    return model->qubit_count;
}

size_t qhm_noise_model_rule_count(const qhm_noise_model *model)
{
    return model->entry_count;
}

const qhm_noise_rule *qhm_noise_model_rule(const qhm_noise_model *model, size_t index)
{
    assert(index < model->entry_count);
    return &model->entries[index].rule;
}

const qhm_noise_idle *qhm_noise_idle_of(const qhm_noise_model *model, uint32_t qubit)
{
    return &model->idle[model->idle_count == 1 ? 0 : qubit];
}

bool qhm_noise_has_leak(const qhm_noise_model *model)
{
    return model->options.poisoning == QHM_POISONING_PARITY && model->qubit_count != SIZE_MAX &&
           model->has_frames;
}

// *total then `next`, which is taken; either may be NULL.
static qhm_status append_channel(qhm_channel **total, qhm_channel *next)
{
    if (!*total || !next) {
        *total = *total ? *total : next;
        return QHM_OK;
    }
    qhm_channel *both = NULL;
    const qhm_status status = qhm_channel_compose(*total, next, &both);
    qhm_channel_destroy(next);
    if (status != QHM_OK)
        return status;
    qhm_channel_destroy(*total);
    *total = both;
    return QHM_OK;
}

static qhm_status append_relaxation(const qhm_noise_idle *idle, double duration_ns,
                                    qhm_channel **total)
{
    if (isinf(idle->t1_ns) && isinf(idle->t2_ns))
        return QHM_OK;
    qhm_channel *next;
    QHM_TRY(qhm_channel_create_thermal_relaxation(duration_ns, idle->t1_ns, idle->t2_ns,
                                                  idle->excited, &next));
    return append_channel(total, next);
}

// A qubit hit by a quasiparticle that leaves is left with one of I, X, Y and Z.
static qhm_status append_rates(const qhm_noise_idle *idle, double poisoning, double duration_ns,
                               qhm_channel **total)
{
    double rates[4] = {0}, sum = 0;
    for (size_t i = 1; i < 4; i++)
        sum += rates[i] = idle->rates[i] + poisoning;
    if (sum == 0)
        return QHM_OK;
    qhm_channel *next;
    QHM_TRY(qhm_channel_create_pauli_rates(1, rates, duration_ns, &next));
    return append_channel(total, next);
}

static qhm_status append_detuning(double turn_radians, qhm_channel **total)
{
    if (turn_radians == 0)
        return QHM_OK;
    const double c = cos(turn_radians / 2), s = sin(turn_radians / 2);
    const qhm_complex rz[4] = {{c, -s}, {0, 0}, {0, 0}, {c, s}};
    qhm_channel *next;
    QHM_TRY(qhm_channel_create(1, 1, rz, &next));
    return append_channel(total, next);
}

qhm_status qhm_noise_create_idle(const qhm_noise_model *model, const qhm_noise_idle *idle,
                                 double exposure_ns, bool has_detuning, qhm_channel **channel)
{
    const double turn =
        has_detuning ? 2 * 3.14159265358979323846 * idle->detuning_hz * 1e-9 * exposure_ns : 0;
    const double poisoning = qhm_noise_has_leak(model) ? 0 : idle->poisoning_rate;
    qhm_channel *total = NULL;
    qhm_status status = QHM_OK;
    if (exposure_ns > 0)
        status = append_relaxation(idle, exposure_ns, &total);
    if (status == QHM_OK && exposure_ns > 0)
        status = append_rates(idle, poisoning, exposure_ns, &total);
    if (status == QHM_OK)
        status = append_detuning(turn, &total);
    if (status != QHM_OK) {
        qhm_channel_destroy(total);
        return status;
    }
    *channel = total;
    return QHM_OK;
}

// The four modes of a tetron are X, Y, Z and 1 on the qubit, each with a flip of the parity.
qhm_status qhm_noise_create_poisoned_idle(const qhm_noise_idle *idle, double exposure_ns,
                                          qhm_channel **channel)
{
    double rates[16] = {0};
    for (size_t letter = 0; letter < 4; letter++) {
        rates[letter] = letter == 0 ? 0 : idle->rates[letter];
        rates[4 * QHM_PAULI_X + letter] = idle->poisoning_rate;
    }
    return qhm_channel_create_pauli_rates(2, rates, exposure_ns, channel);
}

static bool fits(const qhm_noise_entry *entry, const qhm_instruction *instruction)
{
    const size_t count = instruction->qubit_count;
    const bool is_gate = qhm_gate_information(instruction->gate)->is_unitary;
    switch (entry->match) {
    case QHM_NOISE_GATE:
        if (entry->gate != instruction->gate || entry->qubit_count != count ||
            instruction->control_count > 0)
            return false;
        break;
    case QHM_NOISE_ANY_ONE_QUBIT:
        if (!is_gate || count != 1)
            return false;
        break;
    case QHM_NOISE_ANY_TWO_QUBIT:
        if (!is_gate || count != 2)
            return false;
        break;
    }
    if (entry->gate == QHM_GATE_MEASURE_PAULI && entry->match == QHM_NOISE_GATE &&
        (count > 2 || memcmp(entry->paulis, instruction->paulis, count) != 0))
        return false;
    return entry->rule.qubit_count == 0 ||
           memcmp(entry->qubits, instruction->qubits, count * sizeof *entry->qubits) == 0;
}

const qhm_noise_entry *qhm_noise_find(const qhm_noise_model *model,
                                      const qhm_instruction *instruction)
{
    for (size_t i = 0; i < model->entry_count; i++)
        if (fits(&model->entries[i], instruction))
            return &model->entries[i];
    return NULL;
}

bool qhm_noise_is_free(const qhm_noise_model *model, const qhm_instruction *instruction)
{
    if (!qhm_gate_information(instruction->gate)->is_unitary || instruction->qubit_count != 1)
        return false;
    const qhm_gate gate = instruction->gate;
    if (model->has_frames && (gate == QHM_GATE_X || gate == QHM_GATE_Y || gate == QHM_GATE_Z))
        return true;
    if (model->has_virtual_z && qhm_instruction_is_diagonal(instruction))
        return true;
    const qhm_noise_entry *entry = qhm_noise_find(model, instruction);
    return entry && entry->is_virtual;
}

void qhm_noise_model_readout(const qhm_noise_model *model, uint32_t qubit, double flips[2])
{
    const qhm_instruction measure = {.gate = QHM_GATE_MEASURE, .qubit_count = 1, .qubits = &qubit};
    const qhm_noise_entry *entry = qhm_noise_find(model, &measure);
    flips[0] = entry ? entry->flips[0] : 0;
    flips[1] = entry ? entry->flips[1] : 0;
}

// A channel on two qubits with their places changed.
static qhm_status exchange_qubits(const qhm_channel *channel, qhm_channel **exchanged)
{
    static const size_t places[4] = {0, 2, 1, 3};
    qhm_complex *kraus;
    QHM_TRY(qhm_allocate(16 * channel->kraus_count, sizeof *kraus, &kraus));
    for (size_t i = 0; i < 16 * channel->kraus_count; i++)
        kraus[i] = channel->kraus[i / 16 * 16 + 4 * places[i % 16 / 4] + places[i % 4]];
    const qhm_channel view = {2, channel->kraus_count, kraus};
    const qhm_status status = qhm_channel_create_canonical(&view, exchanged);
    qhm_release(kraus);
    return status;
}

// A part as a channel on all qubits of its operation, which has one or two.
static qhm_status spread_part(const qhm_noise_part *part, size_t qubit_count, qhm_channel **spread)
{
    if (part->channel->qubit_count == 2 && part->qubits[0] == 1)
        return exchange_qubits(part->channel, spread);
    if (part->channel->qubit_count == qubit_count)
        return qhm_channel_create_canonical(part->channel, spread);
    qhm_channel *identity;
    QHM_TRY(qhm_channel_create_identity(1, &identity));
    const qhm_status status = part->qubits[0] == 0
                                  ? qhm_channel_tensor(part->channel, identity, spread)
                                  : qhm_channel_tensor(identity, part->channel, spread);
    qhm_channel_destroy(identity);
    return status;
}

static qhm_status compose_parts(const qhm_noise_entry *entry, size_t qubit_count,
                                qhm_channel **channel)
{
    qhm_channel *total = NULL, *next;
    qhm_status status = qhm_channel_create_identity(qubit_count, &total);
    for (size_t i = 0; entry && i < entry->part_count && status == QHM_OK; i++) {
        status = spread_part(&entry->parts[i], qubit_count, &next);
        if (status == QHM_OK)
            status = append_channel(&total, next);
    }
    if (status != QHM_OK) {
        qhm_channel_destroy(total);
        return status;
    }
    *channel = total;
    return QHM_OK;
}

qhm_status qhm_noise_measure_error(qhm_noise_entry *entry)
{
    if (entry->qubit_count > 2) {
        entry->rule.model_error = NAN;
        return QHM_OK;
    }
    qhm_channel *channel;
    QHM_TRY(compose_parts(entry, entry->qubit_count, &channel));
    entry->rule.model_error = 1 - qhm_channel_average_fidelity(channel, NULL);
    qhm_channel_destroy(channel);
    return QHM_OK;
}

static qhm_status check_instruction(const qhm_noise_model *model,
                                    const qhm_instruction *instruction)
{
    QHM_REQUIRE(
        instruction->qubits && instruction->qubit_count >= 1 && instruction->qubit_count <= 2,
        "noise is asked of an operation on %u qubits, not 1 or 2", instruction->qubit_count);
    for (size_t i = 0; i < instruction->qubit_count; i++)
        QHM_REQUIRE(instruction->qubits[i] < model->qubit_count,
                    "qubit %u is not one of the %zu of the noise model %s", instruction->qubits[i],
                    model->qubit_count, model->name);
    if (qhm_noise_has_leak(model))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "noise that keeps the parity of tetrons is not on an operation's qubits "
                        "alone; take QHM_POISONING_PAULI");
    return QHM_OK;
}

qhm_status qhm_noise_model_channel(const qhm_noise_model *model, const qhm_instruction *instruction,
                                   qhm_channel **channel)
{
    QHM_REQUIRE(model && instruction && channel,
                "qhm_noise_model_channel needs a model, an instruction and a place");
    QHM_TRY(check_instruction(model, instruction));
    const size_t count = instruction->qubit_count;
    if (instruction->gate == QHM_GATE_DELAY) {
        qhm_channel *idle = NULL;
        if (!model->options.without_idle)
            QHM_TRY(qhm_noise_create_idle(model, qhm_noise_idle_of(model, instruction->qubits[0]),
                                          model->options.scale * instruction->duration_ns, true,
                                          &idle));
        const qhm_status status = !idle ? qhm_channel_create_identity(1, channel)
                                  : model->options.is_twirled
                                      ? qhm_channel_twirl(idle, channel)
                                      : qhm_channel_create_canonical(idle, channel);
        qhm_channel_destroy(idle);
        return status;
    }
    const qhm_noise_entry *entry = qhm_noise_find(model, instruction);
    if (!entry && model->is_device && !model->is_ideal && !qhm_noise_is_free(model, instruction))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s is no operation of %s there",
                        qhm_gate_information(instruction->gate)->name, model->name);
    return compose_parts(qhm_noise_is_free(model, instruction) ? NULL : entry, count, channel);
}
