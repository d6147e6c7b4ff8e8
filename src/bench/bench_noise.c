// The noise of the workloads with noise: what a good superconducting chip has.
#include "bench/bench_internal.h"

#include <qhm/channel.h>

// tools/bench-peers/peer_simulators.py has the same numbers.
static const double T1_NS = 68e3, T2_NS = 49e3, ONE_QUBIT_NS = 25, TWO_QUBIT_NS = 42,
                    ONE_QUBIT_LOSS = 1e-3, TWO_QUBIT_LOSS = 5e-3;

bool qhm_bench_is_noisy(qhm_bench_workload workload)
{
    return workload == QHM_BENCH_NOISE || workload == QHM_BENCH_TRAJECTORIES;
}

static qhm_status append_channel(qhm_circuit *circuit, const uint32_t *qubits,
                                 const qhm_channel *channel)
{
    return qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                    .qubit_count = (uint32_t)channel->qubit_count,
                                    .qubits = qubits,
                                    .kraus_count = (uint32_t)channel->kraus_count,
                                    .matrix = channel->kraus});
}

// What happens after gates: [number of qubits - 1].
typedef struct noise {
    qhm_channel *loss[2], *relaxation[2];
} noise;

static qhm_status create_noise(noise *made)
{
    QHM_TRY(qhm_channel_create_depolarizing(1, ONE_QUBIT_LOSS, &made->loss[0]));
    QHM_TRY(qhm_channel_create_depolarizing(2, TWO_QUBIT_LOSS, &made->loss[1]));
    QHM_TRY(
        qhm_channel_create_thermal_relaxation(ONE_QUBIT_NS, T1_NS, T2_NS, 0, &made->relaxation[0]));
    return qhm_channel_create_thermal_relaxation(TWO_QUBIT_NS, T1_NS, T2_NS, 0,
                                                 &made->relaxation[1]);
}

static qhm_status append_gate(qhm_circuit *circuit, const qhm_instruction *gate, const noise *n)
{
    const uint32_t kind = gate->qubit_count - 1;
    QHM_TRY(qhm_circuit_append_instruction(circuit, gate));
    QHM_TRY(append_channel(circuit, gate->qubits, n->loss[kind]));
    for (uint32_t q = 0; q < gate->qubit_count; q++)
        QHM_TRY(append_channel(circuit, &gate->qubits[q], n->relaxation[kind]));
    return QHM_OK;
}

qhm_status qhm_bench_noisy_circuit_create(const qhm_circuit *gates, qhm_circuit **noisy)
{
    noise n = {0};
    qhm_circuit *made = NULL;
    qhm_status status = create_noise(&n);
    if (status == QHM_OK)
        status = qhm_circuit_create(qhm_circuit_qubit_count(gates), 0, &made);
    for (size_t i = 0; status == QHM_OK && i < qhm_circuit_instruction_count(gates); i++)
        status = append_gate(made, qhm_circuit_instruction(gates, i), &n);
    for (int kind = 0; kind < 2; kind++) {
        qhm_channel_destroy(n.loss[kind]);
        qhm_channel_destroy(n.relaxation[kind]);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *noisy = made;
    return QHM_OK;
}
