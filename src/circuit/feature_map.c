// Feature maps: one row a map says how one repetition is appended.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"
#include "circuit/entanglement_internal.h"

#include <assert.h>
#include <math.h>
#include <qhm/feature_map.h>

// What one repetition needs to know.
struct encoder {
    qhm_circuit *circuit;
    uint32_t qubit_count;
    double scale;
    qhm_gate rotation;
    qhm_qubit_pair *pairs;
    size_t pair_count;
};

static qhm_status append_one(const struct encoder *encoder, qhm_gate gate, uint32_t qubit,
                             qhm_angle angle)
{
    return qhm_circuit_append(encoder->circuit, gate, &qubit, &angle);
}

// gate(factor * scale * x_i) on every qubit i.
static qhm_status append_features(const struct encoder *encoder, qhm_gate gate, double factor)
{
    for (uint32_t i = 0; i < encoder->qubit_count; i++)
        QHM_TRY(append_one(encoder, gate, i, qhm_angle_input(i, factor * encoder->scale)));
    return QHM_OK;
}

static qhm_status append_hadamards(const struct encoder *encoder)
{
    for (uint32_t i = 0; i < encoder->qubit_count; i++)
        QHM_TRY(append_one(encoder, QHM_GATE_H, i, qhm_angle_constant(0)));
    return QHM_OK;
}

static qhm_status repeat_angle(const struct encoder *encoder)
{
    if (encoder->rotation == QHM_GATE_RZ)
        QHM_TRY(append_hadamards(encoder));
    return append_features(encoder, encoder->rotation, 1);
}

static qhm_status repeat_basis(const struct encoder *encoder)
{
    return append_features(encoder, QHM_GATE_RY, M_PI);
}

static qhm_status repeat_z(const struct encoder *encoder)
{
    QHM_TRY(append_hadamards(encoder));
    return append_features(encoder, QHM_GATE_P, 2);
}

// factor * (scale x_i + shift)(scale x_j + shift).
static qhm_angle product_angle(const struct encoder *encoder, qhm_qubit_pair pair, double factor,
                               double shift)
{
    double scale = encoder->scale;
    return (qhm_angle){.scale = factor * scale * scale,
                       .factors = {{QHM_SLOT_INPUT, pair.first, shift / scale},
                                   {QHM_SLOT_INPUT, pair.second, shift / scale}}};
}

static qhm_status repeat_zz(const struct encoder *encoder)
{
    QHM_TRY(repeat_z(encoder));
    for (size_t p = 0; p < encoder->pair_count; p++) {
        qhm_qubit_pair pair = encoder->pairs[p];
        uint32_t qubits[2] = {pair.first, pair.second};
        qhm_angle angle = product_angle(encoder, pair, 2, -M_PI);
        QHM_TRY(qhm_circuit_append(encoder->circuit, QHM_GATE_CX, qubits, NULL));
        QHM_TRY(append_one(encoder, QHM_GATE_P, pair.second, angle));
        QHM_TRY(qhm_circuit_append(encoder->circuit, QHM_GATE_CX, qubits, NULL));
    }
    return QHM_OK;
}

// exp(i t Z) = RZ(-2t), exp(i t ZZ) = RZZ(-2t).
static qhm_status repeat_iqp(const struct encoder *encoder)
{
    QHM_TRY(append_hadamards(encoder));
    QHM_TRY(append_features(encoder, QHM_GATE_RZ, -2));
    for (size_t p = 0; p < encoder->pair_count; p++) {
        qhm_qubit_pair pair = encoder->pairs[p];
        uint32_t qubits[2] = {pair.first, pair.second};
        qhm_angle angle = product_angle(encoder, pair, -2, 0);
        QHM_TRY(qhm_circuit_append(encoder->circuit, QHM_GATE_RZZ, qubits, &angle));
    }
    return QHM_OK;
}

static const struct {
    const char *name;
    size_t repetitions;
    qhm_entanglement entanglement;
    qhm_status (*repeat)(const struct encoder *encoder);
} maps[QHM_FEATURE_MAP_COUNT] = {
    [QHM_FEATURE_MAP_ANGLE] = {"angle", 1, QHM_ENTANGLEMENT_NONE, repeat_angle},
    [QHM_FEATURE_MAP_BASIS] = {"basis", 1, QHM_ENTANGLEMENT_NONE, repeat_basis},
    [QHM_FEATURE_MAP_Z] = {"z", 2, QHM_ENTANGLEMENT_NONE, repeat_z},
    [QHM_FEATURE_MAP_ZZ] = {"zz", 2, QHM_ENTANGLEMENT_FULL, repeat_zz},
    [QHM_FEATURE_MAP_IQP] = {"iqp", 2, QHM_ENTANGLEMENT_FULL, repeat_iqp},
};

const char *qhm_feature_map_name(qhm_feature_map map)
{
    assert((unsigned)map < QHM_FEATURE_MAP_COUNT);
    return maps[map].name;
}

qhm_status qhm_feature_map_find(const char *name, qhm_feature_map *map)
{
    const char *names[QHM_FEATURE_MAP_COUNT];
    for (size_t i = 0; i < QHM_FEATURE_MAP_COUNT; i++)
        names[i] = maps[i].name;
    size_t index;
    QHM_TRY(qhm_find_name("feature map", name, names, QHM_FEATURE_MAP_COUNT, &index));
    *map = (qhm_feature_map)index;
    return QHM_OK;
}

static qhm_status append_repetitions(const struct encoder *encoder, qhm_feature_map map,
                                     size_t repetitions, const qhm_circuit *layer)
{
    for (size_t r = 0; r < repetitions; r++) {
        QHM_TRY(maps[map].repeat(encoder));
        if (!layer)
            continue;
        size_t offset = r * qhm_circuit_weight_count(layer);
        QHM_REQUIRE(offset <= UINT32_MAX, "repetition %zu of the layer needs weight %zu", r,
                    offset);
        QHM_TRY(
            qhm_circuit_append_circuit(encoder->circuit, layer, NULL, NULL, 0, (uint32_t)offset));
    }
    return QHM_OK;
}

qhm_status qhm_feature_map_create(qhm_feature_map map, size_t feature_count,
                                  const qhm_feature_map_options *options, qhm_circuit **circuit)
{
    qhm_feature_map_options chosen = options ? *options : (qhm_feature_map_options){0};
    QHM_REQUIRE(circuit, "qhm_feature_map_create needs a place for the circuit");
    QHM_REQUIRE((unsigned)map < QHM_FEATURE_MAP_COUNT, "feature map is %u, not 0 to %d",
                (unsigned)map, QHM_FEATURE_MAP_COUNT - 1);
    QHM_REQUIRE(isfinite(chosen.scale), "the scale of a feature map is not finite");
    QHM_REQUIRE(chosen.rotation == 0 || chosen.rotation == QHM_GATE_RX ||
                    chosen.rotation == QHM_GATE_RY || chosen.rotation == QHM_GATE_RZ,
                "the rotation of a feature map is gate %u, not rx, ry or rz",
                (unsigned)chosen.rotation);
    size_t bit_count = 0;
    if (chosen.layer) {
        size_t qubits = qhm_circuit_qubit_count(chosen.layer);
        QHM_REQUIRE(qubits == feature_count, "the layer of the feature map has %zu qubits, not %zu",
                    qubits, feature_count);
        bit_count = qhm_circuit_bit_count(chosen.layer);
    }
    struct encoder encoder = {.qubit_count = (uint32_t)feature_count,
                              .scale = chosen.scale != 0 ? chosen.scale : 1,
                              .rotation = chosen.rotation ? chosen.rotation : QHM_GATE_RY};
    size_t repetitions = chosen.repetitions > 0 ? chosen.repetitions : maps[map].repetitions;
    QHM_TRY(qhm_circuit_create_on_qubits(feature_count, bit_count, &encoder.circuit));
    qhm_status status = qhm_entanglement_pairs(chosen.entanglement, maps[map].entanglement,
                                               feature_count, &encoder.pairs, &encoder.pair_count);
    if (status == QHM_OK)
        status = append_repetitions(&encoder, map, repetitions, chosen.layer);
    qhm_release(encoder.pairs);
    if (status != QHM_OK) {
        qhm_circuit_destroy(encoder.circuit);
        return status;
    }
    *circuit = encoder.circuit;
    return QHM_OK;
}
