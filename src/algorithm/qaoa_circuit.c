// QAOA as circuits, with the mixers that a state vector of bits has no short way for.
#include "algorithm/qaoa_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/dicke_state.h>
#include <qhm/unary_loader.h>

typedef struct build {
    const qhm_ising *ising;     // NULL: costs are inputs
    const uint32_t (*pairs)[2]; // [pair_count], of costs that are inputs
    size_t pair_count;
    const qhm_qaoa_circuit_options *options;
    qhm_circuit *circuit;
    uint32_t count, block, ones;
} build;

static bool has_blocks(const build *b)
{
    return b->options->mixer == QHM_QAOA_MIXER_BLOCK || b->options->mixer == QHM_QAOA_MIXER_RING;
}

static bool has_chances(const build *b)
{
    return b->options->mixer == QHM_QAOA_MIXER_WARM || b->options->mixer == QHM_QAOA_MIXER_RETURN;
}

static qhm_status append(const build *b, qhm_gate gate, uint32_t qubit, double scale,
                         uint32_t weight)
{
    qhm_angle angle = qhm_angle_weight(weight);
    angle.scale = scale;
    return qhm_circuit_append(b->circuit, gate, &qubit, &angle);
}

static qhm_status rotate(const build *b, uint32_t qubit, double radians)
{
    const qhm_angle angle = qhm_angle_constant(radians);
    return qhm_circuit_append(b->circuit, QHM_GATE_RY, &qubit, &angle);
}

// From "only the block's first qubit is 1" to the W state, or from "its last ones are 1" to the
// Dicke state; or back.
static qhm_status append_sum(const build *b, uint32_t first, bool back)
{
    if (b->ones > 1)
        return qhm_circuit_append_dicke(b->circuit, first, b->block, b->ones, back);
    for (uint32_t step = 0; step + 1 < b->block; step++) {
        const uint32_t k = back ? b->block - 2 - step : step;
        const double angle = acos(sqrt(1.0 / (double)(b->block - k)));
        QHM_TRY(qhm_circuit_append_givens(b->circuit, first + k, first + k + 1,
                                          qhm_angle_constant(back ? -angle : angle)));
    }
    return QHM_OK;
}

// Whether a qubit is 1 in the bit string that stands for its block's sum.
static bool stands_for_sum(const build *b, uint32_t qubit)
{
    return b->ones > 1 ? qubit % b->block >= b->block - b->ones : qubit % b->block == 0;
}

static qhm_status begin(const build *b)
{
    const bool blocks = has_blocks(b);
    for (uint32_t i = 0; i < b->count; i++) {
        if (b->options->mixer == QHM_QAOA_MIXER_X)
            QHM_TRY(qhm_circuit_append(b->circuit, QHM_GATE_H, &i, NULL));
        else if (has_chances(b))
            QHM_TRY(rotate(b, i, 2 * asin(sqrt(b->options->chance[i]))));
        else if (stands_for_sum(b, i))
            QHM_TRY(qhm_circuit_append(b->circuit, QHM_GATE_X, &i, NULL));
    }
    for (uint32_t i = 0; blocks && i < b->count; i += b->block)
        QHM_TRY(append_sum(b, i, false));
    return QHM_OK;
}

// On one-hot states the sum of XX + YY over all pairs is 2 (E |W><W| - 1): a phase on W, where the
// block's first qubit stands for W, and a global one. A Dicke state gets the same phase.
static qhm_status mix_block(const build *b, uint32_t first, uint32_t weight)
{
    uint32_t qubits[64];
    qhm_angle angle = qhm_angle_weight(weight);
    const qhm_instruction phase = {
        .gate = QHM_GATE_P, .control_count = b->ones - 1, .qubits = qubits, .angles = &angle};
    angle.scale = -2.0 * (double)b->block;
    for (uint32_t i = 0; i < b->ones; i++)
        qubits[i] = b->ones > 1 ? first + b->block - b->ones + i : first;
    QHM_TRY(append_sum(b, first, true));
    QHM_TRY(qhm_circuit_append_instruction(b->circuit, &phase));
    return append_sum(b, first, false);
}

static qhm_status mix_pair(const build *b, uint32_t i, uint32_t j, uint32_t weight)
{
    qhm_angle angle = qhm_angle_weight(weight);
    angle.scale = 2;
    QHM_TRY(qhm_circuit_append(b->circuit, QHM_GATE_RXX, (uint32_t[]){i, j}, &angle));
    return qhm_circuit_append(b->circuit, QHM_GATE_RYY, (uint32_t[]){i, j}, &angle);
}

static qhm_status mix(const build *b, uint32_t weight)
{
    for (uint32_t i = 0; i < b->count; i++)
        switch (b->options->mixer) {
        case QHM_QAOA_MIXER_X:
            QHM_TRY(append(b, QHM_GATE_RX, i, 2, weight));
            break;
        case QHM_QAOA_MIXER_WARM:
        case QHM_QAOA_MIXER_RETURN: {
            const double start = 2 * asin(sqrt(b->options->chance[i]));
            const double angle = b->options->mixer == QHM_QAOA_MIXER_WARM ? start : -start;
            QHM_TRY(rotate(b, i, -angle));
            QHM_TRY(append(b, QHM_GATE_RZ, i, -2, weight));
            QHM_TRY(rotate(b, i, angle));
            break;
        }
        case QHM_QAOA_MIXER_BLOCK:
            if (i % b->block == 0)
                QHM_TRY(mix_block(b, i, weight));
            break;
        case QHM_QAOA_MIXER_RING: {
            const uint32_t place = i % b->block, first = i - place;
            if (b->block > 2 || place == 0)
                QHM_TRY(mix_pair(b, i, first + (place + 1) % b->block, weight));
            break;
        }
        }
    return QHM_OK;
}

// exp(-i gamma input): the field of each qubit, then the coupling of each pair.
static qhm_status append_inputs(const build *b, uint32_t weight)
{
    for (uint32_t i = 0; i < b->count + b->pair_count; i++) {
        qhm_angle angle = qhm_angle_input(i, 2);
        angle.factors[1] = (qhm_angle_factor){QHM_SLOT_WEIGHT, weight, 0};
        if (i < b->count)
            QHM_TRY(qhm_circuit_append(b->circuit, QHM_GATE_RZ, &i, &angle));
        else
            QHM_TRY(qhm_circuit_append(b->circuit, QHM_GATE_RZZ, b->pairs[i - b->count], &angle));
    }
    return QHM_OK;
}

static qhm_status fill(const build *b)
{
    const uint32_t layers = (uint32_t)(b->options->layers ? b->options->layers : 1);
    QHM_TRY(begin(b));
    for (uint32_t layer = 0; layer < layers; layer++) {
        QHM_TRY(b->ising ? qhm_ising_append_phase(b->ising, layer, b->circuit)
                         : append_inputs(b, layer));
        QHM_TRY(mix(b, layers + layer));
    }
    for (uint32_t i = 0; i < b->count && b->options->measures; i++)
        QHM_TRY(qhm_circuit_append_measure(b->circuit, i, i));
    return QHM_OK;
}

static qhm_status check(const build *b)
{
    const qhm_qaoa_circuit_options *options = b->options;
    if (has_blocks(b)) {
        QHM_REQUIRE(options->block >= 2 && b->count % options->block == 0,
                    "blocks of %zu qubits do not divide %u", options->block, b->count);
        QHM_REQUIRE(options->ones < options->block, "%zu ones in a block of %zu qubits",
                    options->ones, options->block);
    }
    if (!has_chances(b))
        return QHM_OK;
    QHM_REQUIRE(options->chance, "a warm start without probabilities");
    for (uint32_t i = 0; i < b->count; i++)
        QHM_REQUIRE(options->chance[i] > 0 && options->chance[i] < 1,
                    "chance %u is %g, not between 0 and 1", i, options->chance[i]);
    return QHM_OK;
}

static qhm_status create(build *b, const qhm_qaoa_circuit_options *options, qhm_circuit **circuit)
{
    static const qhm_qaoa_circuit_options defaults;
    b->options = options ? options : &defaults;
    b->block = (uint32_t)b->options->block;
    b->ones = b->options->ones > 0 ? (uint32_t)b->options->ones : 1;
    QHM_TRY(check(b));
    QHM_TRY(qhm_circuit_create(b->count, b->options->measures ? b->count : 0, &b->circuit));
    const qhm_status status = fill(b);
    if (status != QHM_OK) {
        qhm_circuit_destroy(b->circuit);
        return status;
    }
    *circuit = b->circuit;
    return QHM_OK;
}

qhm_status qhm_qaoa_circuit_create(const qhm_ising *ising, const qhm_qaoa_circuit_options *options,
                                   qhm_circuit **circuit)
{
    QHM_REQUIRE(ising && circuit, "ising or circuit is NULL");
    build b = {.ising = ising, .count = (uint32_t)qhm_ising_spin_count(ising)};
    return create(&b, options, circuit);
}

qhm_status qhm_qaoa_input_circuit_create(size_t qubit_count, const uint32_t (*pairs)[2],
                                         size_t pair_count, const qhm_qaoa_circuit_options *options,
                                         qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit && (pairs || pair_count == 0), "pairs or circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 64, "%zu qubits, not 1 to 64", qubit_count);
    build b = {.pairs = pairs, .pair_count = pair_count, .count = (uint32_t)qubit_count};
    return create(&b, options, circuit);
}

qhm_status qhm_qaoa_count_exact(const qhm_ising *ising, const qhm_qaoa_circuit_options *shape,
                                size_t runs, size_t gradients, qhm_ledger *ledger)
{
    qhm_circuit *circuit;
    qhm_ledger counts;
    QHM_TRY(qhm_qaoa_circuit_create(ising, shape, &circuit));
    const qhm_status status = qhm_circuit_count_ledger(circuit, NULL, &counts);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    counts.shots = 0;
    counts.exact_circuits = counts.circuits;
    qhm_ledger_repeat(&counts, runs);
    counts.adjoint_gradients = gradients;
    qhm_ledger_add(ledger, &counts);
    return QHM_OK;
}
