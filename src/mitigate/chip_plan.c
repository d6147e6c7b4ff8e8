// A circuit as a chip would run it: compiled, noisy, mitigated, behind one run function.
#include <qhm/chip_plan.h>

#include "base/memory.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"
#include "mitigate/chip_detection.h"
#include "mitigate/chip_readings.h"

#include <math.h>
#include <qhm/mitigation.h>
#include <qhm/noise_model.h>
#include <string.h>

// Up to so many qubits a density matrix is faster than enough trajectories.
enum { DENSITY_MAX_QUBITS = 10, MOST_SCALES = 3 };

// One circuit that is run, and the factor of its values in the result.
typedef struct part {
    qhm_plan *plan;
    double factor;
    bool is_merged;     // the plan's circuit has channels for what the chip runs:
    qhm_ledger one_run; // a run of that
} part;

struct qhm_chip_plan {
    qhm_chip_plan_info information;
    qhm_chip_plan_options options; // texts are not kept
    qhm_backend *backend;
    qhm_compiled *compiled; // the circuit that is not folded; NULL on the ideal device
    part *parts;            // scales of noise, and in each what is read with errors of its own
    size_t part_count, part_capacity;
    size_t measured_count; // observables of the plans: one more with detection
    qhm_detection detection;
    double *values; // sums of outputs, then those of one part
    size_t value_capacity;
};

// Scales of noise and the factors of their values.
typedef struct mitigation {
    bool has_readout, has_detection;
    size_t scale_count;
    double scales[MOST_SCALES], factors[MOST_SCALES];
} mitigation;

static const struct {
    const char *name;
    bool has_readout, has_detection;
    size_t degree; // of the extrapolating polynomial; 0: none
} techniques[] = {{"readout", true, false, 0},
                  {"zne", false, false, 2},
                  {"zne_linear", false, false, 1},
                  {"detection", false, true, 0}};
enum { TECHNIQUE_COUNT = sizeof techniques / sizeof techniques[0] };

static qhm_status add_technique(const char *name, size_t length, mitigation *chosen)
{
    char text[32];
    const char *names[TECHNIQUE_COUNT];
    for (size_t i = 0; i < TECHNIQUE_COUNT; i++)
        names[i] = techniques[i].name;
    QHM_REQUIRE(length < sizeof text, "the mitigation \"%.*s\" is not known", (int)length, name);
    memcpy(text, name, length);
    text[length] = '\0';
    size_t found;
    QHM_TRY(qhm_find_name("mitigation", text, names, TECHNIQUE_COUNT, &found));
    chosen->has_readout = chosen->has_readout || techniques[found].has_readout;
    chosen->has_detection = chosen->has_detection || techniques[found].has_detection;
    QHM_REQUIRE(!chosen->has_readout || !chosen->has_detection,
                "readout and detection in one mitigation: values divided by what readout leaves of "
                "them are no runs that could be thrown away");
    if (techniques[found].degree == 0)
        return QHM_OK;
    QHM_REQUIRE(chosen->scale_count == 1, "two extrapolations to zero noise in one mitigation");
    chosen->scale_count = MOST_SCALES;
    for (size_t i = 0; i < MOST_SCALES; i++)
        chosen->scales[i] = 1 + 2 * (double)i;
    return qhm_extrapolation_weights(MOST_SCALES, chosen->scales, techniques[found].degree,
                                     chosen->factors);
}

static qhm_status parse_mitigation(const char *text, mitigation *chosen)
{
    *chosen = (mitigation){.scale_count = 1, .scales = {1}, .factors = {1}};
    while (text && *text) {
        text += strspn(text, ", ");
        const size_t length = strcspn(text, ", ");
        if (length > 0)
            QHM_TRY(add_technique(text, length, chosen));
        text += length;
    }
    return QHM_OK;
}

qhm_status qhm_chip_plan_check_mitigation(const char *names)
{
    mitigation chosen;
    return parse_mitigation(names, &chosen);
}

// What all circuits of a chip plan share while it is made.
typedef struct making {
    qhm_chip_plan *chip;
    const qhm_device *device;
    const qhm_circuit *circuit; // as it was given
    qhm_noise_model *noise;     // for the qubits of the compiled circuit
    qhm_chip_readings readings;
    mitigation mitigation;
} making;

static bool follows_outcomes(const qhm_circuit *circuit)
{
    for (size_t i = 0; i < circuit->instruction_count; i++)
        if (qhm_gate_is_measurement(circuit->instructions[i].gate))
            return true;
    return false;
}

static const char *choose_backend(const qhm_chip_plan_options *options, const qhm_circuit *noisy)
{
    if (options->backend)
        return options->backend;
    return noisy->qubit_count <= DENSITY_MAX_QUBITS && !follows_outcomes(noisy) ? "density_matrix"
                                                                                : "trajectories";
}

static qhm_status add_part(qhm_chip_plan *chip, const char *backend, const qhm_circuit *circuit,
                           const qhm_chip_reading *reading, double factor)
{
    const qhm_chip_plan_options *options = &chip->options;
    if (!chip->backend)
        QHM_TRY(qhm_backend_create(backend,
                                   &(qhm_backend_options){.trajectories = options->trajectories},
                                   &chip->backend));
    QHM_TRY(
        qhm_reserve(chip->part_count + 1, &chip->part_capacity, sizeof *chip->parts, &chip->parts));
    part *made = &chip->parts[chip->part_count];
    *made = (part){.factor = factor};
    QHM_TRY(
        qhm_plan_create(chip->backend, circuit, (const qhm_observable *const *)reading->observables,
                        chip->measured_count,
                        &(qhm_plan_options){.precision = options->precision,
                                            .memory_limit_bytes = options->memory_limit_bytes,
                                            .readout_flips = (const double(*)[2])reading->flips},
                        &made->plan));
    chip->part_count++;
    return QHM_OK;
}

static bool is_of_tetrons(const making *m)
{
    return qhm_device_family_of(m->device) == QHM_DEVICE_TETRON;
}

// A reading on the qubits of a compiled circuit instead of logical ones.
static qhm_status place_reading(const making *m, const qhm_compiled *places, size_t qubits,
                                const qhm_chip_reading *reading, qhm_chip_reading *placed)
{
    const uint32_t *layout = qhm_compiled_final_layout(places);
    QHM_TRY(qhm_allocate(qubits, sizeof *placed->flips, &placed->flips));
    QHM_TRY(qhm_allocate(m->chip->measured_count, sizeof(qhm_observable *), &placed->observables));
    for (size_t q = 0; q < m->readings.qubit_count; q++)
        memcpy(placed->flips[layout[q]], reading->flips[q], sizeof placed->flips[0]);
    for (size_t k = 0; k < m->chip->measured_count; k++)
        QHM_TRY(
            qhm_compiled_map_observable(places, reading->observables[k], &placed->observables[k]));
    return QHM_OK;
}

// As add_part, with a reading of logical qubits that the circuit has where `places` tells.
static qhm_status add_placed_part(making *m, const qhm_compiled *places, const qhm_circuit *noisy,
                                  const qhm_chip_reading *reading, double factor)
{
    qhm_chip_reading placed = {0};
    qhm_status status = place_reading(m, places, qhm_circuit_qubit_count(noisy), reading, &placed);
    if (status == QHM_OK)
        status =
            add_part(m->chip, choose_backend(&m->chip->options, noisy), noisy, &placed, factor);
    for (size_t k = 0; placed.observables && k < m->chip->measured_count; k++)
        qhm_observable_destroy(placed.observables[k]);
    qhm_release(placed.observables);
    qhm_release(placed.flips);
    return status;
}

static qhm_status add_merged_part(making *m, const qhm_compiled *compiled,
                                  const qhm_circuit *merged, const qhm_chip_reading *reading,
                                  double factor)
{
    QHM_TRY(add_part(m->chip, choose_backend(&m->chip->options, merged), merged, reading, factor));
    part *made = &m->chip->parts[m->chip->part_count - 1];
    made->is_merged = true;
    return qhm_circuit_count_ledger(qhm_compiled_circuit(compiled), NULL, &made->one_run);
}

// The noisy circuit without outcomes on the way; stays NULL where that cannot be.
static qhm_status merge(const making *m, const qhm_compiled *compiled, const qhm_circuit *noisy,
                        qhm_circuit **merged)
{
    if (!is_of_tetrons(m) || m->chip->options.follows_outcomes)
        return QHM_OK;
    const qhm_status status = qhm_compiled_merge_sequences(compiled, noisy, merged);
    return status == QHM_ERROR_UNSUPPORTED ? QHM_OK : status;
}

// Parts for all readings of a compiled circuit. places: where its logical qubits are.
static qhm_status add_noisy_parts(making *m, const qhm_compiled *compiled,
                                  const qhm_noise_model *noise, const qhm_compiled *places,
                                  double factor)
{
    qhm_circuit *noisy, *merged = NULL;
    m->chip->information.duration_ns +=
        qhm_compiled_summary_of(compiled)->duration_ns / (double)m->mitigation.scale_count;
    QHM_TRY(qhm_noise_model_apply(noise, qhm_compiled_circuit(compiled), &noisy));
    qhm_status status = merge(m, compiled, noisy, &merged);
    for (size_t r = 0; r < m->readings.count && status == QHM_OK; r++)
        status = merged ? add_merged_part(m, compiled, merged, &m->readings.items[r], factor)
                        : add_placed_part(m, places, noisy, &m->readings.items[r], factor);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(merged);
    return status;
}

// Folds the two-qubit gates of the compiled circuit and schedules it anew on the same qubits.
static qhm_status fold(const making *m, double scale, qhm_compiled **folded)
{
    qhm_circuit *bare, *longer = NULL;
    QHM_TRY(qhm_circuit_lower(qhm_compiled_circuit(m->chip->compiled), false, &bare));
    qhm_status status =
        qhm_circuit_fold(bare, &(qhm_fold_options){.two_qubit_only = true}, scale, &longer, NULL);
    qhm_circuit_destroy(bare);
    QHM_TRY(status);
    qhm_compile_options options = m->chip->options.compile;
    options.level = 1; // level 0 takes native circuits as they are
    options.layout = qhm_compiled_physical_qubits(m->chip->compiled, NULL);
    status = qhm_circuit_compile(longer, m->device, &options, folded);
    qhm_circuit_destroy(longer);
    return status;
}

// Tetrons repeat the sequences of their two-qubit gates, along the same way through the chip.
static qhm_status add_repeated_parts(making *m, double scale, double factor)
{
    qhm_compile_options options = m->chip->options.compile;
    options.two_qubit_repeats = (size_t)scale;
    qhm_compiled *repeated;
    qhm_noise_model *noise = NULL; // other ancillas may be used
    QHM_TRY(qhm_circuit_compile(m->circuit, m->device, &options, &repeated));
    size_t qubits;
    const uint32_t *physical = qhm_compiled_physical_qubits(repeated, &qubits);
    qhm_status status =
        qhm_noise_model_create_from_device(m->device, physical, qubits, NULL, &noise);
    if (status == QHM_OK)
        status = add_noisy_parts(m, repeated, noise, repeated, factor);
    qhm_noise_model_destroy(noise);
    qhm_compiled_destroy(repeated);
    return status;
}

static qhm_status add_folded_parts(making *m, double scale, double factor)
{
    if (is_of_tetrons(m))
        return add_repeated_parts(m, scale, factor);
    qhm_compiled *folded;
    QHM_TRY(fold(m, scale, &folded));
    qhm_status status = add_noisy_parts(m, folded, m->noise, m->chip->compiled, factor);
    qhm_compiled_destroy(folded);
    return status;
}

static qhm_status find_readings(making *m, const qhm_observable *const *observables)
{
    const qhm_compiled *compiled = m->chip->compiled;
    const qhm_chip_places places = {
        .noise = m->noise,
        .place_count = qhm_circuit_qubit_count(qhm_compiled_circuit(compiled)),
        .qubit_count = qhm_circuit_qubit_count(m->circuit),
        .places = qhm_compiled_final_layout(compiled),
        .has_letters = qhm_device_family_of(m->device) != QHM_DEVICE_SUPERCONDUCTING};
    QHM_TRY(qhm_chip_readings_find(&places, observables, m->chip->measured_count, &m->readings));
    if (!m->mitigation.has_readout)
        return QHM_OK;
    double overhead;
    QHM_TRY(qhm_chip_readings_divide(&m->readings, &overhead));
    m->chip->information.overhead *= overhead;
    return QHM_OK;
}

static qhm_status make_noisy(making *m, const qhm_observable *const *observables)
{
    qhm_chip_plan *chip = m->chip;
    for (size_t k = 0; k < chip->measured_count; k++)
        QHM_REQUIRE(
            qhm_observable_qubit_count(observables[k]) <= qhm_circuit_qubit_count(m->circuit),
            "observable %zu is on qubit %zu, but the circuit has %zu qubits", k,
            qhm_observable_qubit_count(observables[k]) - 1, qhm_circuit_qubit_count(m->circuit));
    QHM_TRY(qhm_circuit_compile(m->circuit, m->device, &chip->options.compile, &chip->compiled));
    size_t qubits;
    const uint32_t *physical = qhm_compiled_physical_qubits(chip->compiled, &qubits);
    QHM_TRY(qhm_noise_model_create_from_device(m->device, physical, qubits, NULL, &m->noise));
    if (m->mitigation.scale_count > 1 && !is_of_tetrons(m) &&
        qhm_device_family_of(m->device) != QHM_DEVICE_SUPERCONDUCTING)
        return QHM_FAIL(
            QHM_ERROR_UNSUPPORTED,
            "zero-noise extrapolation folds gates, which circuits for %s are not made of",
            qhm_device_name(m->device));
    QHM_TRY(find_readings(m, observables));
    double squares = 0;
    for (size_t i = 0; i < m->mitigation.scale_count; i++) {
        const double scale = m->mitigation.scales[i], factor = m->mitigation.factors[i];
        squares += factor * factor;
        if (scale == 1)
            QHM_TRY(add_noisy_parts(m, chip->compiled, m->noise, chip->compiled, factor));
        else
            QHM_TRY(add_folded_parts(m, scale, factor));
    }
    chip->information.overhead *= squares * (double)m->mitigation.scale_count;
    chip->information.summary = qhm_compiled_summary_of(chip->compiled);
    return QHM_OK;
}

// As make_noisy, of what detection measures in the place of the observables.
static qhm_status make_detecting(making *m, const qhm_observable *const *observables)
{
    qhm_chip_plan *chip = m->chip;
    const size_t count = chip->measured_count++;
    qhm_detection *detection = &chip->detection;
    qhm_observable **joint;
    QHM_TRY(qhm_detection_find_ones(m->circuit, &detection->ones));
    QHM_TRY(qhm_allocate(count + 1, sizeof(qhm_observable *), &joint));
    qhm_status status = qhm_detection_observables(
        observables, count, qhm_circuit_qubit_count(m->circuit), detection->ones, joint);
    if (status == QHM_OK) {
        detection->observable_count = count;
        status = make_noisy(m, (const qhm_observable *const *)joint);
    }
    for (size_t k = 0; k <= count; k++)
        qhm_observable_destroy(joint[k]);
    qhm_release(joint);
    return status;
}

static qhm_status make_ideal(making *m, const qhm_observable *const *observables)
{
    qhm_chip_plan *chip = m->chip;
    const qhm_chip_reading perfect = {.observables = (qhm_observable **)(uintptr_t)observables};
    return add_part(chip, chip->options.backend ? chip->options.backend : "statevector", m->circuit,
                    &perfect, 1);
}

static qhm_status make(making *m, const qhm_observable *const *observables)
{
    qhm_chip_plan *chip = m->chip;
    const bool is_ideal = !m->device || qhm_device_family_of(m->device) == QHM_DEVICE_IDEAL;
    if (is_ideal)
        QHM_TRY(make_ideal(m, observables));
    else if (m->mitigation.has_detection)
        QHM_TRY(make_detecting(m, observables));
    else
        QHM_TRY(make_noisy(m, observables));
    qhm_chip_plan_info *info = &chip->information;
    const qhm_plan_info *plan = qhm_plan_information(chip->parts[0].plan);
    info->backend = qhm_backend_name(chip->backend);
    for (size_t i = 0; i < chip->part_count; i++)
        info->circuit_count += qhm_plan_information(chip->parts[i].plan)->setting_count;
    info->input_count = plan->input_count;
    info->weight_count = plan->weight_count;
    return QHM_OK;
}

qhm_status qhm_chip_plan_create(const qhm_circuit *circuit,
                                const qhm_observable *const *observables, size_t observable_count,
                                const qhm_device *device, const qhm_chip_plan_options *options,
                                qhm_chip_plan **chip)
{
    static const qhm_chip_plan_options defaults = {0};
    QHM_REQUIRE(circuit && chip, "a chip plan needs a circuit and a place to go");
    QHM_REQUIRE(observables && observable_count > 0, "a chip plan needs observables");
    for (size_t k = 0; k < observable_count; k++)
        QHM_REQUIRE(observables[k], "observable %zu is NULL", k);
    if (!options)
        options = &defaults;
    making m = {.device = device, .circuit = circuit};
    QHM_TRY(parse_mitigation(options->mitigation, &m.mitigation));
    QHM_TRY(qhm_allocate(1, sizeof *m.chip, &m.chip));
    m.chip->options = *options;
    m.chip->information =
        (qhm_chip_plan_info){.overhead = 1, .kept_share = 1, .observable_count = observable_count};
    m.chip->measured_count = observable_count;
    qhm_status status = make(&m, observables);
    qhm_noise_model_destroy(m.noise);
    qhm_chip_readings_release(&m.readings);
    if (status != QHM_OK) {
        qhm_chip_plan_destroy(m.chip);
        return status;
    }
    *chip = m.chip;
    return QHM_OK;
}

void qhm_chip_plan_destroy(qhm_chip_plan *chip)
{
    if (!chip)
        return;
    for (size_t i = 0; i < chip->part_count; i++)
        qhm_plan_destroy(chip->parts[i].plan);
    qhm_release(chip->parts);
    qhm_backend_destroy(chip->backend);
    qhm_compiled_destroy(chip->compiled);
    qhm_detection_release(&chip->detection);
    qhm_release(chip->values);
    qhm_release(chip);
}

// What a part has run on the chip, whatever stands for it in the simulation.
static qhm_status count_part(const part *run, qhm_ledger *ledger)
{
    QHM_TRY(qhm_plan_ledger(run->plan, ledger));
    const uint64_t runs = ledger->shots + ledger->exact_circuits;
    if (!run->is_merged || runs == 0)
        return QHM_OK;
    qhm_ledger executed = run->one_run;
    qhm_ledger_repeat(&executed, runs);
    ledger->qubits = executed.qubits;
    ledger->depth = executed.depth;
    ledger->two_qubit_depth = executed.two_qubit_depth;
    for (int p = QHM_PHASE_ENCODE; p <= QHM_PHASE_EXECUTE; p++)
        ledger->phases[p] = executed.phases[p];
    return QHM_OK;
}

qhm_status qhm_chip_plan_ledger(const qhm_chip_plan *chip, qhm_ledger *ledger)
{
    QHM_REQUIRE(chip && ledger, "a ledger needs a chip plan and a place to go");
    qhm_ledger sum = {0}, more;
    for (size_t i = 0; i < chip->part_count; i++) {
        QHM_TRY(count_part(&chip->parts[i], &more));
        qhm_ledger_add(&sum, &more);
    }
    sum.discarded_shots =
        (uint64_t)llround((double)sum.shots * (1 - qhm_detection_kept_share(&chip->detection)));
    *ledger = sum;
    return QHM_OK;
}

const qhm_chip_plan_info *qhm_chip_plan_information(const qhm_chip_plan *chip)
{
    return &chip->information;
}

// The outputs that a request asks for, one after the other in `values`.
typedef struct outputs {
    size_t counts[3];
    double *wanted[3];
} outputs;

static outputs find_outputs(const qhm_chip_plan_info *info, const qhm_request *request)
{
    const size_t batch = request->batch_count;
    const size_t weights = info->weight_count * (request->weights_per_sample ? batch : 1);
    outputs found = {
        .counts = {batch * info->observable_count, batch * info->input_count, weights},
        .wanted = {request->expectations, request->input_gradients, request->weight_gradients}};
    for (int i = 0; i < 3; i++)
        if (!found.wanted[i])
            found.counts[i] = 0;
    return found;
}

static qhm_status run_plan(qhm_chip_plan *chip, size_t index, const qhm_request *request)
{
    if (chip->detection.observable_count == 0)
        return qhm_plan_run(chip->parts[index].plan, request);
    const qhm_status status = qhm_detection_run(&chip->detection, chip->parts[index].plan, request);
    chip->information.kept_share = qhm_detection_kept_share(&chip->detection);
    return status;
}

// Runs one part and adds its outputs, times its factor, to the sums [total] in chip->values;
// its own values come after them.
static qhm_status run_part(qhm_chip_plan *chip, size_t index, const qhm_request *request,
                           const outputs *out, size_t total)
{
    qhm_request own = *request;
    double *sums = chip->values, *values = sums + total;
    own.expectations = out->wanted[0] ? values : NULL;
    own.input_gradients = out->wanted[1] ? values + out->counts[0] : NULL;
    own.weight_gradients = out->wanted[2] ? values + out->counts[0] + out->counts[1] : NULL;
    own.seed = request->seed + index * UINT64_C(0x9e3779b97f4a7c15); // shots of its own
    QHM_TRY(run_plan(chip, index, &own));
    for (size_t i = 0; i < total; i++)
        sums[i] = (index > 0 ? sums[i] : 0) + chip->parts[index].factor * values[i];
    return QHM_OK;
}

qhm_status qhm_chip_plan_run(qhm_chip_plan *chip, const qhm_request *request)
{
    QHM_REQUIRE(chip && request, "a run needs a chip plan and a request");
    QHM_REQUIRE(!request->states && !request->probabilities && !request->samples && !request->bits,
                "a chip plan gives expectations and gradients, nothing else");
    qhm_request own = *request;
    own.shots = chip->options.shots;
    if (chip->part_count == 1 && chip->parts[0].factor == 1)
        return run_plan(chip, 0, &own);
    const outputs out = find_outputs(&chip->information, &own);
    const size_t total = out.counts[0] + out.counts[1] + out.counts[2];
    QHM_TRY(qhm_reserve(2 * total, &chip->value_capacity, sizeof *chip->values, &chip->values));
    for (size_t i = 0; i < chip->part_count; i++)
        QHM_TRY(run_part(chip, i, &own, &out, total));
    const double *sums = chip->values;
    for (int o = 0; o < 3; sums += out.counts[o], o++)
        if (out.counts[o] > 0)
            memcpy(out.wanted[o], sums, out.counts[o] * sizeof *sums);
    return QHM_OK;
}
