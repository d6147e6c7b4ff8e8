// What a circuit would take on a device: compiled, with the shots of a precision.
#include <qhm/estimate.h>

#include "base/status_internal.h"

#include <math.h>

#define DEFAULT_PRECISION 0.01
#define OUTCOME_VARIANCE 0.25

static bool has_measurements(const qhm_circuit *circuit)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_gate gate = qhm_circuit_instruction(circuit, i)->gate;
        if (gate == QHM_GATE_MEASURE || gate == QHM_GATE_MEASURE_PAULI)
            return true;
    }
    return false;
}

static qhm_status measure_all(qhm_circuit *circuit)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), bits = qhm_circuit_bit_count(circuit);
    QHM_REQUIRE(qubits > 0, "the circuit has no qubits");
    QHM_TRY(qhm_circuit_append_bits(circuit, "read_out", qubits));
    for (uint32_t q = 0; q < qubits; q++)
        QHM_TRY(qhm_circuit_append_measure(circuit, q, (uint32_t)bits + q));
    return QHM_OK;
}

// As it runs on the device: the circuit of one setting.
static qhm_status compile(const qhm_circuit *circuit, const qhm_device *device,
                          const qhm_estimate_options *options, qhm_compiled **compiled)
{
    qhm_circuit *measured;
    QHM_TRY(qhm_circuit_copy(circuit, &measured));
    qhm_status status = QHM_OK;
    if (options->observable_count > 0 || !has_measurements(circuit))
        status = measure_all(measured);
    if (status == QHM_OK)
        status = qhm_circuit_compile(measured, device, &options->compile, compiled);
    qhm_circuit_destroy(measured);
    return status;
}

static qhm_status find_shots(const qhm_estimate_options *options, qhm_estimate *estimate)
{
    estimate->settings = (qhm_settings){.count = 1, .variance = OUTCOME_VARIANCE};
    if (options->observable_count > 0)
        QHM_TRY(qhm_settings_find(options->observables, options->observable_count,
                                  &estimate->settings));
    const double wanted = options->precision == 0 ? DEFAULT_PRECISION : options->precision;
    estimate->shots = options->shots;
    if (options->shots == 0)
        QHM_TRY(qhm_cost_find_shots(estimate->settings.variance, wanted, &estimate->shots));
    estimate->precision = sqrt(estimate->settings.variance / (double)estimate->shots);
    return QHM_OK;
}

static qhm_status count(const qhm_compiled *compiled, const qhm_estimate_options *options,
                        qhm_estimate *estimate)
{
    const qhm_ledger_options ledger = {.shots = estimate->shots,
                                       .state_preparations = options->state_preparations};
    QHM_TRY(qhm_circuit_count_ledger(qhm_compiled_circuit(compiled), &ledger, &estimate->ledger));
    qhm_ledger_repeat(&estimate->ledger, estimate->settings.count);
    estimate->ledger.settings = estimate->settings.count;
    estimate->compiled = *qhm_compiled_summary_of(compiled);
    const double success = estimate->compiled.estimated_success;
    estimate->rescaling_shots =
        success > 0 ? (double)estimate->shots / (success * success) : (double)INFINITY;
    estimate->cost_options = options->cost;
    estimate->cost_options.duration_ns = estimate->compiled.duration_ns;
    estimate->cost_options.duration_has_read_out = true;
    return QHM_OK;
}

qhm_status qhm_estimate_find(const qhm_circuit *circuit, const qhm_device *device,
                             const qhm_estimate_options *options, qhm_estimate *estimate)
{
    static const qhm_estimate_options defaults = {0};
    QHM_REQUIRE(circuit && device && estimate,
                "an estimate needs a circuit, a device and a place to go");
    if (!options)
        options = &defaults;
    qhm_estimate made = {.shift_count = qhm_circuit_shift_count(circuit)};
    QHM_TRY(find_shots(options, &made));
    qhm_compiled *compiled;
    QHM_TRY(compile(circuit, device, options, &compiled));
    const qhm_status status = count(compiled, options, &made);
    qhm_compiled_destroy(compiled);
    if (status == QHM_OK)
        *estimate = made;
    return status;
}

qhm_status qhm_estimate_find_cost(const qhm_estimate *estimate, const qhm_device *device,
                                  uint64_t executions, uint64_t jobs, qhm_cost *cost)
{
    QHM_REQUIRE(estimate, "the cost of an estimate that is NULL is wanted");
    qhm_ledger ledger = estimate->ledger;
    qhm_ledger_repeat(&ledger, executions);
    qhm_cost_options options = estimate->cost_options;
    options.jobs = jobs;
    return qhm_cost_find(&ledger, device, &options, cost);
}
