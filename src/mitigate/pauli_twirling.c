// Pauli twirling: random Pauli strings around two-qubit Clifford gates, which leave the circuit's
// meaning alone and turn noise into mixtures of Pauli strings.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "linalg/complex_matrix.h"
#include "mitigate/folding.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { DEFAULT_RANDOMIZATIONS = 32, MOST_RANDOMIZATIONS = 1000000, STRINGS = 16 };

// A Pauli string on two qubits by its number in base 4, lower digit first.
static qhm_pauli_masks masks_of(size_t string)
{
    qhm_pauli_masks masks = {0, 0};
    for (int q = 0; q < 2; q++, string /= 4) {
        masks.x |= (uint64_t)(string % 4 == QHM_PAULI_X || string % 4 == QHM_PAULI_Y) << q;
        masks.z |= (uint64_t)(string % 4 == QHM_PAULI_Z || string % 4 == QHM_PAULI_Y) << q;
    }
    return masks;
}

// The 4 x 4 matrix of a gate on two qubits, the first as bit 0.
static void find_matrix(qhm_gate gate, qhm_complex *matrix)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    if (info->control_count == 0) {
        qhm_gate_matrix(gate, NULL, matrix);
        return;
    }
    qhm_complex base[4];
    qhm_gate_matrix(gate, NULL, base);
    memset(matrix, 0, STRINGS * sizeof *matrix);
    matrix[0].re = matrix[10].re = 1; // control 0
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            matrix[(1 + 2 * i) * 4 + 1 + 2 * j] = base[i * 2 + j];
}

// images [16]: G P = image G up to a sign. False if some P has none: the gate is no Clifford gate.
static bool find_images(qhm_gate gate, uint8_t *images)
{
    qhm_complex matrix[STRINGS], adjoint[STRINGS];
    find_matrix(gate, matrix);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            adjoint[i * 4 + j] = (qhm_complex){matrix[j * 4 + i].re, -matrix[j * 4 + i].im};
    for (size_t string = 0; string < STRINGS; string++) {
        qhm_complex pauli[STRINGS] = {{0, 0}}, left[STRINGS], turned[STRINGS], product[STRINGS];
        qhm_pauli_add_matrix(masks_of(string), 1, 2, pauli);
        qhm_complex_product(4, matrix, pauli, left);
        qhm_complex_product(4, left, adjoint, turned);
        size_t image = 0;
        for (; image < STRINGS; image++) {
            qhm_complex other[STRINGS] = {{0, 0}};
            qhm_pauli_add_matrix(masks_of(image), 1, 2, other);
            qhm_complex_product(4, turned, other, product);
            if (fabs(fabs(product[0].re + product[5].re + product[10].re + product[15].re) - 4) <
                1e-9)
                break;
        }
        if (image == STRINGS)
            return false;
        images[string] = (uint8_t)image;
    }
    return true;
}

static bool is_twirled(const qhm_instruction *instruction)
{
    const qhm_gate_info *info = qhm_gate_information(instruction->gate);
    return info->is_unitary && instruction->gate != QHM_GATE_UNITARY &&
           instruction->control_count == 0 && instruction->qubit_count == 2 &&
           info->angle_count == 0 && instruction->condition.relation == QHM_RELATION_NONE;
}

static qhm_status append_string(qhm_circuit *made, size_t string, const uint32_t *qubits)
{
    static const qhm_gate gates[] = {
        [QHM_PAULI_X] = QHM_GATE_X, [QHM_PAULI_Y] = QHM_GATE_Y, [QHM_PAULI_Z] = QHM_GATE_Z};
    for (int q = 0; q < 2; q++, string /= 4)
        if (string % 4 != QHM_PAULI_I)
            QHM_TRY(qhm_circuit_append(made, gates[string % 4], &qubits[q], NULL));
    return QHM_OK;
}

static qhm_status append_twirled(qhm_circuit *made, const qhm_circuit *circuit, uint64_t seed)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_MITIGATION, QHM_STREAM_TWIRL, 0, 1);
    bool is_known[QHM_GATE_COUNT] = {false}, has_images[QHM_GATE_COUNT] = {false};
    uint8_t images[QHM_GATE_COUNT][STRINGS];
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const qhm_gate gate = instruction->gate;
        bool has_string = is_twirled(instruction);
        if (has_string && !is_known[gate]) {
            has_images[gate] = find_images(gate, images[gate]);
            is_known[gate] = true;
        }
        has_string = has_string && has_images[gate];
        const size_t string = has_string ? (size_t)qhm_random_below(&random, STRINGS) : 0;
        if (has_string)
            QHM_TRY(append_string(made, string, instruction->qubits));
        QHM_TRY(qhm_circuit_append_instruction(made, instruction));
        if (has_string)
            QHM_TRY(append_string(made, images[gate][string], instruction->qubits));
    }
    return QHM_OK;
}

qhm_status qhm_circuit_twirl(const qhm_circuit *circuit, uint64_t seed, qhm_circuit **twirled)
{
    QHM_REQUIRE(circuit && twirled, "twirling needs a circuit and a place for the result");
    qhm_circuit *made;
    QHM_TRY(qhm_folding_begin(circuit, &made));
    const qhm_status status = append_twirled(made, circuit, seed);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *twirled = made;
    return QHM_OK;
}

static size_t count_of(const qhm_mitigation_options *options, size_t shots)
{
    const size_t asked = options->twirling.randomizations;
    const size_t count = asked > 0 ? asked : DEFAULT_RANDOMIZATIONS;
    return shots > 0 && shots < count ? shots : count;
}

static qhm_status check(const qhm_mitigation_options *options)
{
    QHM_REQUIRE(options->twirling.randomizations <= MOST_RANDOMIZATIONS,
                "twirling: randomizations is %zu, not 0 to %d", options->twirling.randomizations,
                MOST_RANDOMIZATIONS);
    return QHM_OK;
}

// Values are means over circuits, so their spread has all there is: of circuits and of shots.
static qhm_status run_circuits(qhm_executor *inner, const qhm_execution *e, size_t circuits,
                               double *room)
{
    const size_t count = e->observable_count;
    double *squares = room + 2 * count;
    for (size_t k = 0; k < count; k++)
        e->values[k] = squares[k] = 0;
    for (size_t r = 0; r < circuits; r++) {
        const uint64_t seed = qhm_seed_of(e->seed, QHM_STREAM_TWIRL, r);
        qhm_circuit *twirled;
        QHM_TRY(qhm_circuit_twirl(e->circuit, seed, &twirled));
        const qhm_status status = qhm_mitigation_estimate(
            inner, e, twirled, qhm_share_of(e->shots, circuits, r), seed, room, room + count);
        qhm_circuit_destroy(twirled);
        QHM_TRY(status);
        for (size_t k = 0; k < count; k++) {
            e->values[k] += room[k] / (double)circuits;
            squares[k] += room[k] * room[k] / (double)circuits;
            if (circuits == 1)
                e->variances[k] = room[count + k];
        }
    }
    for (size_t k = 0; k < count && circuits > 1; k++)
        e->variances[k] =
            fmax(0, squares[k] - e->values[k] * e->values[k]) / (double)(circuits - 1);
    return QHM_OK;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    const size_t circuits = count_of(options, e->shots);
    double *room; // [3][observables]: values, variances, squares
    QHM_TRY(qhm_allocate(3 * e->observable_count, sizeof *room, &room));
    const qhm_status status = run_circuits(inner, e, circuits, room);
    qhm_release(room);
    if (status == QHM_OK)
        qhm_overhead_say(e->overhead, "twirling: %zu circuits", circuits);
    return status;
}

static qhm_status add_outcomes(const qhm_distribution *part, double factor,
                               qhm_distribution *outcomes)
{
    for (size_t i = 0; i < qhm_distribution_outcome_count(part); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(part, i, &bits, &weight);
        QHM_TRY(qhm_distribution_append(outcomes, bits, factor * weight));
    }
    return QHM_OK;
}

static qhm_status sample(qhm_executor *inner, const qhm_mitigation_options *options,
                         const qhm_sampling *sampling, qhm_distribution *outcomes,
                         qhm_overhead *overhead)
{
    const size_t circuits = count_of(options, sampling->shots);
    for (size_t r = 0; r < circuits; r++) {
        qhm_circuit *twirled;
        qhm_distribution *part = NULL;
        qhm_sampling one = *sampling;
        one.seed = qhm_seed_of(sampling->seed, QHM_STREAM_TWIRL, r);
        one.shots = qhm_share_of(sampling->shots, circuits, r);
        QHM_TRY(qhm_circuit_twirl(sampling->circuit, one.seed, &twirled));
        one.circuit = twirled;
        qhm_status status = qhm_executor_draw(inner, &one, &part, overhead);
        if (status == QHM_OK)
            status = add_outcomes(part, sampling->shots > 0 ? 1 : 1 / (double)circuits, outcomes);
        qhm_distribution_destroy(part);
        qhm_circuit_destroy(twirled);
        QHM_TRY(status);
    }
    return QHM_OK;
}

const qhm_technique qhm_twirling_technique = {
    .information = {.name = "twirling",
                    .title = "Pauli twirling",
                    .help = "surrounds two-qubit Clifford gates by random Pauli gates, so that "
                            "turns become noise that other techniques can handle",
                    .cost = "32 circuits that share the shots; error bars stay as they are",
                    .has_samples = true},
    .check = check,
    .estimate = estimate,
    .sample = sample,
};
