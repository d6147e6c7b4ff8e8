// Seconds, joules, money and carbon dioxide of a ledger on a device.
#include <qhm/cost.h>

#include "base/status_internal.h"

#include <math.h>
#include <string.h>

#define SECONDS_PER_US 1e-6
#define SECONDS_PER_NS 1e-9
#define JOULES_PER_KWH 3.6e6

// What the parts of a cost are made from.
typedef struct cost_inputs {
    const qhm_ledger *ledger;
    const qhm_device *device;
    const qhm_cost_options *options;
    uint64_t shots;
} cost_inputs;

static qhm_status check_number(const char *name, double value)
{
    QHM_REQUIRE(isfinite(value) && value >= 0, "%s is %g, not a finite number of 0 or more", name,
                value);
    return QHM_OK;
}

static qhm_status check_options(const qhm_cost_options *options)
{
    QHM_TRY(check_number("duration_ns", options->duration_ns));
    QHM_TRY(check_number("model_seconds", options->model_seconds));
    QHM_TRY(check_number("part_seconds", options->part_seconds));
    QHM_TRY(check_number("host_watts", options->host_watts));
    QHM_TRY(check_number("usd_per_second", options->usd_per_second));
    QHM_TRY(check_number("usd_per_shot", options->usd_per_shot));
    QHM_TRY(check_number("usd_per_job", options->usd_per_job));
    QHM_TRY(check_number("kg_co2_per_kwh", options->kg_co2_per_kwh));
    QHM_REQUIRE(options->part_seconds <= options->model_seconds,
                "part_seconds is %g, more than the %g of the whole model", options->part_seconds,
                options->model_seconds);
    return QHM_OK;
}

// A figure of the device, noted among those that the cost rests on; NaN if it is not given.
static double note_figure(const cost_inputs *in, const char *name, qhm_cost *cost)
{
    const qhm_figure figure = qhm_device_figure(in->device, name);
    for (size_t i = 0; i < cost->figure_count; i++)
        if (strcmp(cost->figures[i].name, name) == 0)
            return figure.value;
    if (cost->figure_count < QHM_COST_MOST_FIGURES)
        cost->figures[cost->figure_count++] = (qhm_cost_figure){name, figure};
    return figure.value;
}

static double note_time(const cost_inputs *in, const char *name, double unit, qhm_cost *cost)
{
    if (qhm_device_family_of(in->device) == QHM_DEVICE_IDEAL)
        return 0;
    const double value = note_figure(in, name, cost);
    return isnan(value) ? 0 : value * unit;
}

// One run of the circuit, from depths: as if every layer took its longest gate.
static qhm_status estimate_circuit(const cost_inputs *in, qhm_cost *cost, double *seconds)
{
    const qhm_device_family family = qhm_device_family_of(in->device);
    if (family != QHM_DEVICE_SUPERCONDUCTING && family != QHM_DEVICE_IDEAL)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "depths say nothing about the time of circuits on %s, a %s device; compile "
                        "the circuit and set duration_ns",
                        qhm_device_name(in->device), qhm_device_family_name(family));
    const uint64_t two = in->ledger->two_qubit_depth;
    const uint64_t one = in->ledger->depth > two ? in->ledger->depth - two : 0;
    *seconds = (double)two * note_time(in, "two_qubit_duration_ns", SECONDS_PER_NS, cost) +
               (double)one * note_time(in, "one_qubit_duration_ns", SECONDS_PER_NS, cost);
    return QHM_OK;
}

// A compiled circuit's time rests on those of the device's operations.
static void note_operations(const cost_inputs *in, qhm_cost *cost)
{
    for (size_t i = 0; i < qhm_device_operation_count(in->device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(in->device, i);
        const bool has_time = !operation->is_virtual &&
                              operation->duration_ns.status != QHM_FIGURE_NONE &&
                              operation->gate != QHM_GATE_RESET;
        bool is_noted = false;
        for (size_t f = 0; f < cost->figure_count; f++)
            is_noted = is_noted || strcmp(cost->figures[f].name, operation->name) == 0;
        if (has_time && !is_noted && cost->figure_count < QHM_COST_MOST_FIGURES)
            cost->figures[cost->figure_count++] =
                (qhm_cost_figure){operation->name, operation->duration_ns};
    }
}

// Runs of an annealer: anneal, read out, wait; a problem is programmed once.
static void time_annealer(const cost_inputs *in, qhm_cost *cost)
{
    const double shots = (double)in->shots;
    const double anneal = in->options->duration_ns > 0
                              ? in->options->duration_ns * SECONDS_PER_NS
                              : note_time(in, "annealing_time_us", SECONDS_PER_US, cost);
    cost->circuit_seconds = shots * anneal;
    cost->read_out_seconds = shots * note_time(in, "longest_readout_time_us", SECONDS_PER_US, cost);
    cost->delay_seconds = shots * note_time(in, "repetition_delay_us", SECONDS_PER_US, cost);
    cost->programming_seconds =
        (double)in->ledger->circuits * note_time(in, "programming_time_us", SECONDS_PER_US, cost);
    cost->is_scheduled = true;
}

// One readout: the device's figure, or on chips that measure letters each in its own time, the
// longest of their measurements of one qubit.
static double time_readout(const cost_inputs *in, qhm_cost *cost)
{
    const char *figure = "readout_duration_ns";
    const qhm_device_operation *longest = NULL;
    for (size_t i = 0; i < qhm_device_operation_count(in->device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(in->device, i);
        const bool reads =
            operation->qubit_count == 1 &&
            (operation->gate == QHM_GATE_MEASURE || operation->gate == QHM_GATE_MEASURE_PAULI);
        if (reads && operation->duration_ns.status != QHM_FIGURE_NONE &&
            (!longest || operation->duration_ns.value > longest->duration_ns.value))
            longest = operation;
    }
    if (qhm_device_figure(in->device, figure).status != QHM_FIGURE_NONE || !longest)
        return note_time(in, figure, SECONDS_PER_NS, cost);
    note_operations(in, cost);
    return longest->duration_ns.value * SECONDS_PER_NS;
}

static qhm_status time_shots(const cost_inputs *in, qhm_cost *cost)
{
    const double shots = (double)in->shots;
    cost->is_scheduled = true;
    if (in->options->has_published_rate) {
        const double rate = note_figure(in, "shots_per_second", cost);
        if (isnan(rate))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the device %s has no shots_per_second",
                            qhm_device_name(in->device));
        cost->circuit_seconds = shots / rate;
        return QHM_OK;
    }
    if (qhm_device_family_of(in->device) == QHM_DEVICE_ANNEALER) {
        time_annealer(in, cost);
        return QHM_OK;
    }
    double circuit = in->options->duration_ns * SECONDS_PER_NS;
    if (circuit == 0) {
        cost->is_scheduled = false;
        QHM_TRY(estimate_circuit(in, cost, &circuit));
    } else {
        note_operations(in, cost);
    }
    cost->circuit_seconds = shots * circuit;
    if (!in->options->duration_has_read_out || !cost->is_scheduled)
        cost->read_out_seconds = shots * time_readout(in, cost);
    cost->reset_seconds = shots * note_time(in, "reset_duration_ns", SECONDS_PER_NS, cost);
    cost->delay_seconds = shots * note_time(in, "repetition_delay_us", SECONDS_PER_US, cost);
    return QHM_OK;
}

static void time_interface(const cost_inputs *in, qhm_cost *cost)
{
    const uint64_t jobs = in->options->jobs > 0 ? in->options->jobs : 1;
    cost->control_seconds =
        (double)in->ledger->circuits * note_time(in, "control_round_trip_us", SECONDS_PER_US, cost);
    if (!in->options->is_local && in->ledger->circuits > 0)
        cost->cloud_seconds = (double)jobs * note_time(in, "cloud_round_trip_ms", 1e-3, cost);
}

static void sum_times(const cost_inputs *in, qhm_cost *cost)
{
    cost->quantum_seconds =
        cost->circuit_seconds + cost->read_out_seconds + cost->reset_seconds + cost->delay_seconds;
    cost->interface_seconds =
        cost->programming_seconds + cost->control_seconds + cost->cloud_seconds;
    cost->total_seconds = in->options->model_seconds - in->options->part_seconds +
                          cost->quantum_seconds + cost->interface_seconds;
    cost->shot_seconds = in->shots > 0 ? cost->quantum_seconds / (double)in->shots : 0;
}

// The whole machine; NaN: not known.
static double find_power(const cost_inputs *in, qhm_cost *cost, double *cryogenics)
{
    double power = note_figure(in, "power_watts", cost);
    *cryogenics = qhm_device_figure(in->device, "cryostat_power_watts").value;
    if (!isnan(power))
        return power;
    *cryogenics = note_figure(in, "cryostat_power_watts", cost);
    return *cryogenics + note_figure(in, "control_power_per_qubit_watts", cost) *
                             (double)qhm_device_qubit_count(in->device);
}

static void find_energy(const cost_inputs *in, qhm_cost *cost)
{
    const bool is_ideal = qhm_device_family_of(in->device) == QHM_DEVICE_IDEAL;
    const double busy = cost->quantum_seconds + cost->control_seconds + cost->programming_seconds;
    double cryogenics = 0;
    const double power = is_ideal ? 0 : find_power(in, cost, &cryogenics);
    cost->machine_joules = power * busy;
    cost->cryogenics_joules = cryogenics * busy;
    cost->control_joules = (power - cryogenics) * busy;
    cost->shot_joules = power * cost->shot_seconds;
    cost->host_joules = in->options->host_watts * cost->total_seconds;
    cost->total_joules = cost->machine_joules + cost->host_joules;
    cost->kg_co2 = in->options->kg_co2_per_kwh > 0
                       ? cost->total_joules / JOULES_PER_KWH * in->options->kg_co2_per_kwh
                       : (double)NAN;
}

static void find_price(const cost_inputs *in, qhm_cost *cost)
{
    const qhm_cost_options *options = in->options;
    const double jobs = (double)(options->jobs > 0 ? options->jobs : 1);
    const double busy = cost->quantum_seconds + cost->control_seconds + cost->programming_seconds;
    const bool has_price =
        options->usd_per_second > 0 || options->usd_per_shot > 0 || options->usd_per_job > 0;
    if (has_price)
        cost->usd = options->usd_per_second * busy + options->usd_per_shot * (double)in->shots +
                    options->usd_per_job * jobs;
    else if (qhm_device_family_of(in->device) == QHM_DEVICE_IDEAL)
        cost->usd = 0;
    else
        cost->usd = note_figure(in, "price_usd_per_second", cost) * busy;
}

static qhm_status find_shots_of(const qhm_ledger *ledger, const qhm_cost_options *options,
                                uint64_t *shots)
{
    uint64_t exact = 0;
    *shots = ledger->shots;
    if (ledger->exact_circuits == 0)
        return QHM_OK;
    if (options->exact_shots == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%llu circuits of the ledger were run exactly, without shots; set "
                        "exact_shots",
                        (unsigned long long)ledger->exact_circuits);
    QHM_REQUIRE(!__builtin_mul_overflow(ledger->exact_circuits, options->exact_shots, &exact) &&
                    !__builtin_add_overflow(*shots, exact, shots),
                "exact_shots is %llu, which makes more shots than can be counted",
                (unsigned long long)options->exact_shots);
    return QHM_OK;
}

qhm_status qhm_cost_find(const qhm_ledger *ledger, const qhm_device *device,
                         const qhm_cost_options *options, qhm_cost *cost)
{
    static const qhm_cost_options defaults = {0};
    QHM_REQUIRE(ledger && device && cost, "a cost needs a ledger, a device and a place to go");
    if (!options)
        options = &defaults;
    QHM_TRY(check_options(options));
    if (ledger->qubits > qhm_device_qubit_count(device))
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%llu qubits are needed, but %s has %zu",
                        (unsigned long long)ledger->qubits, qhm_device_name(device),
                        qhm_device_qubit_count(device));
    qhm_cost made = {0};
    QHM_TRY(find_shots_of(ledger, options, &made.shots));
    const cost_inputs in = {ledger, device, options, made.shots};
    QHM_TRY(time_shots(&in, &made));
    time_interface(&in, &made);
    sum_times(&in, &made);
    find_energy(&in, &made);
    find_price(&in, &made);
    *cost = made;
    return QHM_OK;
}

qhm_figure_status qhm_cost_status(const qhm_cost *cost)
{
    qhm_figure_status weakest = QHM_FIGURE_NONE;
    for (size_t i = 0; i < cost->figure_count; i++)
        if (cost->figures[i].figure.status > weakest)
            weakest = cost->figures[i].figure.status;
    return weakest;
}
