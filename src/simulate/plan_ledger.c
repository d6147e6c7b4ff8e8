// What plans have run: requests are taken down in a few numbers, of which a ledger is made on
// demand.
#include "base/status_internal.h"
#include "circuit/ledger_internal.h"
#include "simulate/backend_internal.h"
#include "simulate/readout.h"

static void count_letter(uint8_t letter, qhm_phase_counts *counts)
{
    counts->measurements++;
    counts->by_gate[QHM_GATE_MEASURE]++;
    if (letter == QHM_PAULI_Z)
        return;
    counts->one_qubit_gates += letter == QHM_PAULI_Y ? 2 : 1;
    counts->by_gate[QHM_GATE_SDG] += letter == QHM_PAULI_Y;
    counts->by_gate[QHM_GATE_H]++;
}

qhm_status qhm_plan_count_settings(const qhm_observable *const *observables, size_t count,
                                   qhm_plan *plan)
{
    const size_t qubits = plan->information.qubit_count;
    qhm_readout readout = {0};
    const qhm_status status =
        count > 0 ? qhm_readout_create(qubits, observables, count, &readout) : QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < readout.setting_count * qubits; i++)
        if (readout.letters[i] != QHM_PAULI_I)
            count_letter(readout.letters[i], &plan->setting_counts);
    if (count > 0)
        qhm_readout_release(&readout);
    return status;
}

static void take_down_values(qhm_plan *plan, uint64_t samples, uint64_t shots)
{
    const uint64_t settings = plan->information.setting_count;
    qhm_plan_record *record = &plan->record;
    record->value_circuits += samples * settings;
    record->value_exact += shots ? 0 : samples * settings;
    record->value_shots += samples * settings * shots;
    record->value_runs += samples * (shots ? shots : 1);
}

static void take_down_outcomes(qhm_plan *plan, uint64_t samples, uint64_t shots)
{
    qhm_plan_record *record = &plan->record;
    record->outcome_circuits += samples;
    record->outcome_exact += shots ? 0 : samples;
    record->outcome_shots += samples * shots;
    record->outcome_runs += samples * (shots ? shots : 1);
}

void qhm_plan_take_down(qhm_plan *plan, const qhm_request *request)
{
    const uint64_t samples = request->batch_count, shots = request->shots;
    const bool has_states = request->states || request->probabilities;
    if (request->expectations)
        take_down_values(plan, samples, shots);
    if (request->bits || request->samples || has_states)
        take_down_outcomes(plan, samples, shots);
    if (request->bits)
        plan->record.bit_runs += samples * shots;
    if (request->samples)
        plan->record.sample_runs += samples * shots;
    if (has_states)
        plan->record.states_read += samples;
    if (qhm_request_wants_gradients(request))
        plan->record.adjoint_gradients += samples;
}

void qhm_plan_take_down_exact(qhm_plan *plan, bool has_expectations, bool has_distribution)
{
    if (has_expectations)
        take_down_values(plan, 1, 0);
    if (has_distribution) {
        take_down_outcomes(plan, 1, 0);
        plan->record.bit_runs++;
    }
}

// Adds the phases of one run of the circuit, as often as it was run.
static void add_runs(const qhm_phase_counts *counts, uint64_t runs, qhm_phase_counts *sum)
{
    qhm_phase_counts all = *counts;
    qhm_phase_counts_repeat(&all, runs);
    qhm_phase_counts_add(sum, &all);
}

static void add_read_out(const qhm_plan *plan, const qhm_phase_counts *bits, qhm_phase_counts *sum)
{
    const size_t qubits = plan->information.qubit_count;
    qhm_phase_counts samples = {.measurements = qubits};
    samples.by_gate[QHM_GATE_MEASURE] = qubits;
    add_runs(bits, plan->record.bit_runs, sum);
    add_runs(&samples, plan->record.sample_runs, sum);
    add_runs(&plan->setting_counts, plan->record.value_runs, sum);
}

qhm_status qhm_plan_ledger(const qhm_plan *plan, qhm_ledger *ledger)
{
    QHM_REQUIRE(plan && ledger, "a ledger needs a plan and a place to go");
    const qhm_plan_record *record = &plan->record;
    qhm_ledger one;
    QHM_TRY(qhm_circuit_count_ledger(plan->given ? plan->given : plan->circuit, NULL, &one));
    const uint64_t settings = plan->information.setting_count;
    const uint64_t runs = record->value_runs * settings + record->outcome_runs;
    qhm_ledger made = {
        .settings =
            (record->value_circuits > 0 ? settings : 0) + (record->outcome_circuits > 0 ? 1 : 0),
        .circuits = record->value_circuits + record->outcome_circuits,
        .exact_circuits = record->value_exact + record->outcome_exact,
        .shots = record->value_shots + record->outcome_shots,
        .state_preparations = one.state_preparations * runs,
        .states_read = record->states_read,
        .adjoint_gradients = record->adjoint_gradients,
    };
    if (runs > 0 || record->adjoint_gradients > 0) {
        made.qubits = one.qubits;
        made.depth = one.depth;
        made.two_qubit_depth = one.two_qubit_depth;
    }
    add_runs(&one.phases[QHM_PHASE_ENCODE], runs, &made.phases[QHM_PHASE_ENCODE]);
    add_runs(&one.phases[QHM_PHASE_EXECUTE], runs, &made.phases[QHM_PHASE_EXECUTE]);
    add_read_out(plan, &one.phases[QHM_PHASE_READ_OUT], &made.phases[QHM_PHASE_READ_OUT]);
    *ledger = made;
    return QHM_OK;
}

void qhm_plan_reset_ledger(qhm_plan *plan)
{
    plan->record = (qhm_plan_record){0};
}
