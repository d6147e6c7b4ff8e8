// The energy of a circuit's weights: one plan, run again and again.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>

qhm_status qhm_energy_open(const qhm_circuit *circuit, const qhm_observable *hamiltonian,
                           size_t shots, uint64_t seed, qhm_energy *energy)
{
    *energy = (qhm_energy){.circuit = circuit,
                           .weight_count = qhm_circuit_weight_count(circuit),
                           .shots = shots,
                           .seed = seed};
    QHM_REQUIRE(qhm_circuit_input_count(circuit) == 0, "the circuit has inputs: bind them first");
    QHM_TRY(qhm_backend_create("statevector", NULL, &energy->backend));
    const qhm_plan_options options = {.max_batch = 1};
    const qhm_status status =
        qhm_plan_create(energy->backend, circuit, &hamiltonian, 1, &options, &energy->plan);
    if (status != QHM_OK)
        qhm_energy_close(energy);
    return status;
}

qhm_status qhm_energy_count(const qhm_energy *energy, qhm_ledger *ledger)
{
    qhm_ledger made;
    if (!ledger)
        return QHM_OK;
    QHM_TRY(qhm_plan_ledger(energy->plan, &made));
    qhm_ledger_add(ledger, &made);
    return QHM_OK;
}

void qhm_energy_close(qhm_energy *energy)
{
    qhm_plan_destroy(energy->plan);
    qhm_backend_destroy(energy->backend);
    energy->plan = NULL;
    energy->backend = NULL;
}

qhm_status qhm_energy_run(void *context, const double *x, double *value, double *gradient)
{
    static const double one = 1;
    qhm_energy *energy = context;
    energy->evaluations++;
    energy->gradients += gradient != NULL;
    return qhm_plan_run(energy->plan, &(qhm_request){.batch_count = 1,
                                                     .weights = x,
                                                     .shots = energy->shots,
                                                     .seed = energy->seed,
                                                     .step = energy->step++,
                                                     .expectations = value,
                                                     .cotangents = gradient ? &one : NULL,
                                                     .weight_gradients = gradient});
}

// A gate's angle turns with one weight alone, by the same multiple of it wherever it stands. Under
// controls half the frequency is there as well.
static qhm_status add_wave(const qhm_instruction *instruction, const qhm_angle *angle, double *unit,
                           size_t *count, bool *is_halved)
{
    const uint32_t weight = angle->factors[0].index;
    const double scale = fabs(angle->scale);
    if (angle->factors[1].slot != QHM_SLOT_NONE || (count[weight] && unit[weight] != scale))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "rotosolve needs the waves of weight %u, whose gates turn by different "
                        "multiples of it",
                        weight);
    unit[weight] = scale;
    count[weight]++;
    is_halved[weight] |= instruction->control_count > 0 ||
                         qhm_gate_information(instruction->gate)->control_count > 0;
    return QHM_OK;
}

qhm_status qhm_energy_waves(const qhm_circuit *circuit, double *unit, size_t *count)
{
    const size_t weights = qhm_circuit_weight_count(circuit);
    bool *is_halved;
    qhm_status status = QHM_OK;
    QHM_TRY(qhm_allocate(weights, sizeof *is_halved, &is_halved));
    for (size_t w = 0; w < weights; w++) {
        unit[w] = 1;
        count[w] = 0;
    }
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit) && status == QHM_OK; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const unsigned angles = qhm_gate_information(instruction->gate)->angle_count;
        for (unsigned a = 0; a < angles && status == QHM_OK; a++)
            if (instruction->angles[a].factors[0].slot == QHM_SLOT_WEIGHT)
                status = add_wave(instruction, &instruction->angles[a], unit, count, is_halved);
    }
    for (size_t w = 0; w < weights; w++)
        if (is_halved[w]) {
            unit[w] /= 2;
            count[w] *= 2;
        }
    qhm_release(is_halved);
    return status;
}
