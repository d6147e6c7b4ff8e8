// The circuits of the workloads.
#include "base/text.h"
#include "bench/bench_internal.h"

#include <assert.h>
#include <math.h>
#include <qhm/random.h>
#include <qhm/random_circuit.h>
#include <string.h>

enum {
    SEED = 7,
    CYCLES = 20,
    GRID_ROWS = 4,
    DEGREE = QHM_BENCH_QAOA_DEGREE,
    NOISE_LAYERS = 10,
    MOST_QUBITS = QHM_BENCH_MOST_QUBITS,
    MOST_NOISY_QUBITS = 16
};

static const double PI = 3.14159265358979323846;

static qhm_random stream_of(qhm_bench_workload workload, size_t qubits)
{
    return qhm_random_stream(SEED, QHM_RANDOM_USER, (uint64_t)workload, qubits, 0);
}

static qhm_status append_one(qhm_circuit *circuit, qhm_gate gate, size_t qubit,
                             const qhm_angle *angles)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)qubit}, angles);
}

static qhm_status append_two(qhm_circuit *circuit, qhm_gate gate, size_t first, size_t second,
                             double radians)
{
    qhm_angle angle = qhm_angle_constant(radians);
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)first, (uint32_t)second},
                              qhm_gate_information(gate)->angle_count > 0 ? &angle : NULL);
}

qhm_status qhm_bench_append_layers(qhm_circuit *circuit, size_t layers, qhm_slot slot)
{
    size_t qubits = qhm_circuit_qubit_count(circuit), next = 0;
    for (size_t layer = 0; layer < layers; layer++) {
        for (size_t q = 0; q < qubits; q++)
            for (int i = 0; i < 2; i++) {
                uint32_t index = (uint32_t)next++;
                qhm_angle angle =
                    slot == QHM_SLOT_INPUT ? qhm_angle_input(index, 1) : qhm_angle_weight(index);
                QHM_TRY(append_one(circuit, i == 0 ? QHM_GATE_RY : QHM_GATE_RZ, q, &angle));
            }
        for (size_t q = 0; q + 1 < qubits; q++)
            QHM_TRY(append_two(circuit, QHM_GATE_CX, q, q + 1, 0));
    }
    return QHM_OK;
}

static qhm_status append_random(qhm_circuit *circuit, size_t qubits)
{
    qhm_random random = stream_of(QHM_BENCH_RANDOM, qubits);
    const qhm_random_circuit_options options = {.cycles = CYCLES, .rows = GRID_ROWS};
    return qhm_random_circuit_append(circuit, &options, &random);
}

static qhm_status append_qft(qhm_circuit *circuit, size_t qubits)
{
    for (size_t q = 0; q < qubits; q += 3)
        QHM_TRY(append_one(circuit, QHM_GATE_X, q, NULL));
    for (size_t i = qubits; i-- > 0;) {
        QHM_TRY(append_one(circuit, QHM_GATE_H, i, NULL));
        for (size_t j = i; j-- > 0;)
            QHM_TRY(append_two(circuit, QHM_GATE_CP, j, i, ldexp(PI, -(int)(i - j))));
    }
    for (size_t i = 0; i < qubits / 2; i++)
        QHM_TRY(append_two(circuit, QHM_GATE_SWAP, i, qubits - 1 - i, 0));
    return QHM_OK;
}

// Every vertex stands three times in a shuffled list; neighbours in it are edges. Drawn again until
// no edge is a loop or there twice.
static size_t draw_graph(qhm_random *random, size_t vertices, size_t edges[][2])
{
    size_t ends[DEGREE * MOST_QUBITS], count = DEGREE * vertices / 2;
    for (bool is_simple = false; !is_simple;) {
        for (size_t i = 0; i < DEGREE * vertices; i++)
            ends[i] = i / DEGREE;
        qhm_random_shuffle(random, ends, DEGREE * vertices);
        is_simple = true;
        bool joined[MOST_QUBITS][MOST_QUBITS] = {{false}};
        for (size_t e = 0; e < count; e++) {
            size_t a = ends[2 * e], b = ends[2 * e + 1];
            is_simple = is_simple && a != b && !joined[a][b];
            joined[a][b] = joined[b][a] = true;
            edges[e][0] = a < b ? a : b;
            edges[e][1] = a < b ? b : a;
        }
    }
    return count;
}

void qhm_bench_draw_qaoa(size_t qubits, qhm_bench_qaoa *drawn)
{
    qhm_random random = stream_of(QHM_BENCH_QAOA, qubits);
    drawn->edge_count = draw_graph(&random, qubits, drawn->edges);
    for (size_t layer = 0; layer < QHM_BENCH_QAOA_LAYERS; layer++) {
        drawn->cost[layer] = 0.1 + 0.9 * qhm_random_uniform(&random);
        drawn->mixer[layer] = 2 * (0.1 + 0.9 * qhm_random_uniform(&random));
    }
}

static qhm_status append_qaoa(qhm_circuit *circuit, size_t qubits)
{
    qhm_bench_qaoa drawn;
    qhm_bench_draw_qaoa(qubits, &drawn);
    for (size_t q = 0; q < qubits; q++)
        QHM_TRY(append_one(circuit, QHM_GATE_H, q, NULL));
    for (size_t layer = 0; layer < QHM_BENCH_QAOA_LAYERS; layer++) {
        const qhm_angle mixer = qhm_angle_constant(drawn.mixer[layer]);
        for (size_t e = 0; e < drawn.edge_count; e++)
            QHM_TRY(append_two(circuit, QHM_GATE_RZZ, drawn.edges[e][0], drawn.edges[e][1],
                               drawn.cost[layer]));
        for (size_t q = 0; q < qubits; q++)
            QHM_TRY(append_one(circuit, QHM_GATE_RX, q, &mixer));
    }
    return QHM_OK;
}

// Random gates on one qubit, and CZ between neighbours, even and odd ones in turn.
static qhm_status append_noisy_layers(qhm_circuit *circuit, size_t qubits)
{
    qhm_random random = stream_of(QHM_BENCH_NOISE, qubits);
    for (size_t layer = 0; layer < NOISE_LAYERS; layer++) {
        for (size_t q = 0; q < qubits; q++) {
            qhm_angle angles[3];
            for (size_t a = 0; a < 3; a++)
                angles[a] = qhm_angle_constant(PI * (2 * qhm_random_uniform(&random) - 1));
            QHM_TRY(append_one(circuit, QHM_GATE_U, q, angles));
        }
        for (size_t q = layer % 2; q + 1 < qubits; q += 2)
            QHM_TRY(append_two(circuit, QHM_GATE_CZ, q, q + 1, 0));
    }
    return QHM_OK;
}

static qhm_status append_workload(qhm_circuit *circuit, qhm_bench_workload workload, size_t qubits)
{
    switch (workload) {
    case QHM_BENCH_ANSATZ:
    case QHM_BENCH_GRADIENT:
        return qhm_bench_append_layers(circuit, QHM_BENCH_ANSATZ_LAYERS, QHM_SLOT_INPUT);
    case QHM_BENCH_COST_PER_GATE:
        return qhm_bench_append_layers(circuit, QHM_BENCH_COST_LAYERS, QHM_SLOT_INPUT);
    case QHM_BENCH_RANDOM:
        return append_random(circuit, qubits);
    case QHM_BENCH_QFT:
        return append_qft(circuit, qubits);
    case QHM_BENCH_QAOA:
    case QHM_BENCH_QAOA_GRADIENT:
        return append_qaoa(circuit, qubits);
    case QHM_BENCH_NOISE:
    case QHM_BENCH_TRAJECTORIES:
        return append_noisy_layers(circuit, qubits);
    case QHM_BENCH_STEP:
    case QHM_BENCH_WORKLOAD_COUNT:
        break;
    }
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the workload %s is no circuit",
                    qhm_bench_workload_information(workload)->name);
}

qhm_status qhm_bench_check_qubits(qhm_bench_workload workload, size_t qubits)
{
    const char *name = qhm_bench_workload_information(workload)->name;
    const bool has_graph = workload == QHM_BENCH_QAOA || workload == QHM_BENCH_QAOA_GRADIENT;
    const size_t least = has_graph ? DEGREE + 1 : 2;
    const size_t most = workload == QHM_BENCH_NOISE ? MOST_NOISY_QUBITS : MOST_QUBITS;
    QHM_REQUIRE(qubits >= least && qubits <= most, "%s: qubits is %zu, not %zu to %zu", name,
                qubits, least, most);
    QHM_REQUIRE(!has_graph || qubits % 2 == 0,
                "%s: qubits is %zu, which is odd: a 3-regular graph has an even number", name,
                qubits);
    return QHM_OK;
}

qhm_status qhm_bench_open_circuit_create(qhm_bench_workload workload, size_t qubits,
                                         qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_bench_check_qubits(workload, qubits));
    QHM_TRY(qhm_circuit_create(qubits, 0, &made));
    qhm_status status = append_workload(made, workload, qubits);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

void qhm_bench_draw_angles(size_t qubits, double *angles, size_t count)
{
    qhm_random random = stream_of(QHM_BENCH_ANSATZ, qubits);
    for (size_t i = 0; i < count; i++)
        angles[i] = PI * (2 * qhm_random_uniform(&random) - 1);
}

qhm_status qhm_bench_circuit_create(qhm_bench_workload workload, size_t qubits,
                                    qhm_circuit **circuit)
{
    QHM_REQUIRE(workload < QHM_BENCH_WORKLOAD_COUNT, "workload is %d, not below %d", (int)workload,
                QHM_BENCH_WORKLOAD_COUNT);
    QHM_REQUIRE(circuit, "circuit is NULL");
    qhm_circuit *open;
    double angles[2 * QHM_BENCH_ANSATZ_LAYERS * MOST_QUBITS];
    QHM_TRY(qhm_bench_open_circuit_create(workload, qubits, &open));
    qhm_bench_draw_angles(qubits, angles, qhm_circuit_input_count(open));
    qhm_status status = qhm_circuit_bind(open, angles, NULL, circuit);
    qhm_circuit_destroy(open);
    return status;
}

// Names differ from the gate table's where OpenQASM 2 has older ones.
