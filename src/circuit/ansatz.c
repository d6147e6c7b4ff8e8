// Ansatz circuits: one row a kind says how one layer is appended.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"
#include "circuit/entanglement_internal.h"

#include <assert.h>
#include <qhm/ansatz.h>
#include <qhm/unary_loader.h>

// What one layer needs to know.
struct builder {
    qhm_circuit *circuit;
    uint32_t qubit_count;
    size_t layer, weight; // the layer being appended, the next weight
    qhm_qubit_pair *pairs;
    size_t pair_count;
};

static qhm_angle next_weight(struct builder *builder)
{
    return qhm_angle_weight((uint32_t)builder->weight++);
}

static qhm_status append_cx(const struct builder *builder, uint32_t control, uint32_t target)
{
    uint32_t qubits[2] = {control, target};
    return qhm_circuit_append(builder->circuit, QHM_GATE_CX, qubits, NULL);
}

static qhm_status append_hardware_efficient(struct builder *builder)
{
    static const qhm_gate rotations[2] = {QHM_GATE_RY, QHM_GATE_RZ};
    for (int r = 0; r < 2; r++)
        for (uint32_t q = 0; q < builder->qubit_count; q++) {
            qhm_angle angle = next_weight(builder);
            QHM_TRY(qhm_circuit_append(builder->circuit, rotations[r], &q, &angle));
        }
    for (size_t p = 0; p < builder->pair_count; p++)
        QHM_TRY(append_cx(builder, builder->pairs[p].first, builder->pairs[p].second));
    return QHM_OK;
}

static qhm_status append_strongly_entangling(struct builder *builder)
{
    uint32_t n = builder->qubit_count;
    for (uint32_t q = 0; q < n; q++) {
        qhm_angle angles[3];
        for (int a = 0; a < 3; a++)
            angles[a] = next_weight(builder);
        QHM_TRY(qhm_circuit_append(builder->circuit, QHM_GATE_U, &q, angles));
    }
    if (n == 1)
        return QHM_OK;
    uint32_t range = (uint32_t)(builder->layer % (n - 1)) + 1;
    for (uint32_t q = 0; q < n; q++)
        QHM_TRY(append_cx(builder, q, (q + range) % n));
    return QHM_OK;
}

// Pairs (0, 1), (2, 3), ..., then (1, 2), (3, 4), ...
static qhm_status append_givens(struct builder *builder)
{
    for (uint32_t first = 0; first < 2; first++)
        for (uint32_t q = first; q + 1 < builder->qubit_count; q += 2)
            QHM_TRY(qhm_circuit_append_givens(builder->circuit, q, q + 1, next_weight(builder)));
    return QHM_OK;
}

static const struct {
    const char *name;
    size_t weights_a_qubit; // at most
    qhm_status (*append_layer)(struct builder *builder);
} kinds[QHM_ANSATZ_COUNT] = {
    [QHM_ANSATZ_HARDWARE_EFFICIENT] = {"hardware_efficient", 2, append_hardware_efficient},
    [QHM_ANSATZ_STRONGLY_ENTANGLING] = {"strongly_entangling", 3, append_strongly_entangling},
    [QHM_ANSATZ_GIVENS] = {"givens", 1, append_givens},
};

const char *qhm_ansatz_name(qhm_ansatz ansatz)
{
    assert((unsigned)ansatz < QHM_ANSATZ_COUNT);
    return kinds[ansatz].name;
}

qhm_status qhm_ansatz_find(const char *name, qhm_ansatz *ansatz)
{
    const char *names[QHM_ANSATZ_COUNT];
    for (size_t i = 0; i < QHM_ANSATZ_COUNT; i++)
        names[i] = kinds[i].name;
    size_t index;
    QHM_TRY(qhm_find_name("ansatz", name, names, QHM_ANSATZ_COUNT, &index));
    *ansatz = (qhm_ansatz)index;
    return QHM_OK;
}

static qhm_status append_layers(struct builder *builder, qhm_ansatz ansatz, size_t layers)
{
    size_t weights;
    QHM_REQUIRE(
        qhm_multiply_size(kinds[ansatz].weights_a_qubit * builder->qubit_count, layers, &weights) &&
            weights <= UINT32_MAX,
        "%zu layers on %u qubits need more than 4294967295 weights", layers, builder->qubit_count);
    for (builder->layer = 0; builder->layer < layers; builder->layer++)
        QHM_TRY(kinds[ansatz].append_layer(builder));
    return QHM_OK;
}

qhm_status qhm_ansatz_create(qhm_ansatz ansatz, size_t qubit_count,
                             const qhm_ansatz_options *options, qhm_circuit **circuit)
{
    qhm_ansatz_options chosen = options ? *options : (qhm_ansatz_options){0};
    QHM_REQUIRE(circuit, "qhm_ansatz_create needs a place for the circuit");
    QHM_REQUIRE((unsigned)ansatz < QHM_ANSATZ_COUNT, "ansatz is %u, not 0 to %d", (unsigned)ansatz,
                QHM_ANSATZ_COUNT - 1);
    struct builder builder = {.qubit_count = (uint32_t)qubit_count};
    QHM_TRY(qhm_circuit_create_on_qubits(qubit_count, 0, &builder.circuit));
    qhm_status status = qhm_entanglement_pairs(chosen.entanglement, QHM_ENTANGLEMENT_LINEAR,
                                               qubit_count, &builder.pairs, &builder.pair_count);
    if (status == QHM_OK)
        status = append_layers(&builder, ansatz, chosen.layers > 0 ? chosen.layers : 1);
    qhm_release(builder.pairs);
    if (status != QHM_OK) {
        qhm_circuit_destroy(builder.circuit);
        return status;
    }
    *circuit = builder.circuit;
    return QHM_OK;
}
