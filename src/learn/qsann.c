// QSANN: attention by Gaussian similarity of two measured numbers a word.
#include <qhm/qsann.h>

#include "base/memory.h"
#include "learn/module_internal.h"
#include "learn/qsann_internal.h"

#include <qhm/quantum_layer.h>

typedef struct qsann_state {
    qhm_qsann_options options;
    qhm_module *query, *key, *value; // quantum layers, the module's children
} qsann_state;

// One kind of gate on every qubit. Angles come from slots *next and on, of which there are `count`.
static qhm_status append_column(qhm_circuit *circuit, qhm_gate gate, qhm_slot slot, uint32_t *next,
                                size_t count)
{
    for (uint32_t qubit = 0; qubit < qhm_circuit_qubit_count(circuit) && *next < count; qubit++) {
        uint32_t index = (*next)++;
        qhm_angle angle =
            slot == QHM_SLOT_INPUT ? qhm_angle_input(index, 1) : qhm_angle_weight(index);
        QHM_TRY(qhm_circuit_append(circuit, gate, &qubit, &angle));
    }
    return QHM_OK;
}

static qhm_status append_chain(qhm_circuit *circuit, bool is_ring)
{
    uint32_t n = (uint32_t)qhm_circuit_qubit_count(circuit);
    for (uint32_t qubit = 0; qubit + 1 < n; qubit++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){qubit, qubit + 1}, NULL));
    if (is_ring && n > 2)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){n - 1, 0}, NULL));
    return QHM_OK;
}

// RX and RY on every qubit, then layers of a chain and RY: of features, or of weights.
static qhm_status append_block(qhm_circuit *circuit, qhm_slot slot, size_t layers, size_t count,
                               bool is_ring)
{
    uint32_t next = 0;
    QHM_TRY(append_column(circuit, QHM_GATE_RX, slot, &next, count));
    QHM_TRY(append_column(circuit, QHM_GATE_RY, slot, &next, count));
    for (size_t layer = 0; layer < layers; layer++) {
        QHM_TRY(append_chain(circuit, is_ring));
        QHM_TRY(append_column(circuit, QHM_GATE_RY, slot, &next, count));
    }
    return QHM_OK;
}

static qhm_status append_word_circuit(qhm_circuit *circuit, const qhm_qsann_options *options,
                                      size_t width)
{
    uint32_t n = (uint32_t)options->qubits;
    for (uint32_t qubit = 0; qubit < n && !options->skip_hadamard; qubit++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &qubit, NULL));
    QHM_TRY(append_block(circuit, QHM_SLOT_INPUT, options->encoding_layers, width, options->ring));
    return append_block(circuit, QHM_SLOT_WEIGHT, options->layers, n * (options->layers + 2),
                        options->ring);
}

static qhm_status create_circuit(const qhm_qsann_options *options, size_t width,
                                 qhm_circuit **circuit)
{
    qhm_circuit *whole;
    QHM_TRY(qhm_circuit_create(options->qubits, 0, &whole));
    qhm_status status = append_word_circuit(whole, options, width);
    if (status == QHM_OK && options->unentangled) {
        status = qhm_circuit_copy_unentangled(whole, circuit);
        qhm_circuit_destroy(whole);
        return status;
    }
    if (status == QHM_OK)
        *circuit = whole;
    else
        qhm_circuit_destroy(whole);
    return status;
}

// How many value observables n qubits have: Z, Y, X of each, ZZ, YY, XX of each pair.
static size_t observable_limit(size_t n)
{
    return 3 * n + 3 * (n * (n - 1) / 2);
}

// The first `count` of those observables.
static qhm_status create_observables(size_t n, size_t count, qhm_observable **observables)
{
    size_t made = 0;
    for (size_t distance = 0; distance < n; distance++)
        for (qhm_pauli pauli = QHM_PAULI_Z; pauli >= QHM_PAULI_X; pauli--)
            for (size_t qubit = 0; qubit + distance < n && made < count; qubit++, made++) {
                qhm_pauli_factor factors[2] = {{(uint32_t)qubit, pauli},
                                               {(uint32_t)(qubit + distance), pauli}};
                QHM_TRY(qhm_observable_create(&observables[made]));
                QHM_TRY(qhm_observable_append(observables[made], 1, factors, distance ? 2 : 1));
            }
    return QHM_OK;
}

// What the three quantum layers are made of.
typedef struct layer_parts {
    const qhm_circuit *circuit;
    qhm_observable **observables; // [width], of the value circuit; the first is <Z> of qubit 0
    qhm_module_setting setting;
    qhm_quantum_layer_options options;
} layer_parts;

// A quantum layer of the first `observable_count` expectation values, as the child `name`.
static qhm_status add_layer(qhm_module *module, const char *name, const layer_parts *parts,
                            size_t observable_count, qhm_module **layer)
{
    qhm_module_setting setting = parts->setting;
    setting.output_width = observable_count;
    qhm_module *made;
    QHM_TRY(qhm_quantum_layer_create(parts->circuit,
                                     (const qhm_observable *const *)parts->observables,
                                     observable_count, &setting, &parts->options, &made));
    QHM_TRY(qhm_module_append_take(module, name, made));
    *layer = made;
    return QHM_OK;
}

static qhm_status add_layers(qhm_module *module, qsann_state *state,
                             const qhm_module_setting *setting, const qhm_circuit *circuit,
                             qhm_observable **observables)
{
    qhm_random fallback;
    layer_parts parts = {.circuit = circuit,
                         .observables = observables,
                         .setting = *setting,
                         .options = {.backend = state->options.backend,
                                     .shots = state->options.shots,
                                     .weight_range = state->options.weight_range}};
    parts.setting.random = qhm_module_stream(setting, &fallback); // one stream for all three
    QHM_TRY(add_layer(module, "query", &parts, 1, &state->query));
    QHM_TRY(add_layer(module, "key", &parts, 1, &state->key));
    return add_layer(module, "value", &parts, qhm_shape_width(setting->input), &state->value);
}

static qhm_status build(qhm_module *module, qsann_state *state, const qhm_module_setting *setting)
{
    size_t width = qhm_shape_width(setting->input);
    qhm_circuit *circuit;
    qhm_observable **observables;
    QHM_TRY(qhm_allocate(width, sizeof(qhm_observable *), &observables));
    qhm_status status = create_observables(state->options.qubits, width, observables);
    if (status == QHM_OK)
        status = create_circuit(&state->options, width, &circuit);
    if (status == QHM_OK) {
        status = add_layers(module, state, setting, circuit, observables);
        qhm_circuit_destroy(circuit);
    }
    for (size_t i = 0; i < width; i++)
        qhm_observable_destroy(observables[i]);
    qhm_release(observables);
    return status;
}

// [batch, length, 1] as [batch, length].
static qhm_status flatten(qhm_tape *tape, qhm_value *value)
{
    qhm_shape shape = qhm_tape_shape(tape, *value);
    qhm_op_attributes attributes = {.shape = {2, {shape.sizes[0], shape.sizes[1]}}};
    return qhm_tape_apply(tape, QHM_OP_RESHAPE, value, 1, &attributes, value);
}

qhm_status qhm_qsann_attend(qhm_tape *tape, const qhm_value *qkv, qhm_value mask,
                            qhm_value *weights, qhm_value *mixed)
{
    qhm_value pair[2] = {qkv[0], qkv[1]}, distances, scores;
    QHM_TRY(flatten(tape, &pair[0]));
    QHM_TRY(flatten(tape, &pair[1]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_PAIRWISE_SQUARED_DIFFERENCE, pair, 2, NULL, &distances));
    // exp(-(q - k)^2) normalised over the words that count is a masked softmax.
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_SCALE, &distances, 1, &(qhm_op_attributes){.factor = -1},
                           &scores));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_SOFTMAX, (qhm_value[]){scores, mask}, mask.number ? 2 : 1,
                           NULL, weights));
    return qhm_tape_apply(tape, QHM_OP_MATMUL, (qhm_value[]){*weights, qkv[2]}, 2, NULL, mixed);
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module;
    const qsann_state *qsann = state;
    qhm_value qkv[3], weights, mixed;
    QHM_TRY(qhm_module_forward(qsann->query, tape, input, QHM_NO_VALUE, &qkv[0]));
    QHM_TRY(qhm_module_forward(qsann->key, tape, input, QHM_NO_VALUE, &qkv[1]));
    QHM_TRY(qhm_module_forward(qsann->value, tape, input, QHM_NO_VALUE, &qkv[2]));
    QHM_TRY(qhm_qsann_attend(tape, qkv, mask, &weights, &mixed));
    return qhm_tape_apply(tape, QHM_OP_ADD, (qhm_value[]){input, mixed}, 2, NULL, output);
}

// For each pair of words: a difference squared, exp (counted 30 as sines are) and its share of
// the normalisation, 2 for each feature mixed in; the residual. The circuits count themselves.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    qhm_shape input = qhm_module_input_shape(module);
    double length = (double)input.sizes[0], width = (double)input.sizes[1];
    cost->flops += length * length * (34 + 2 * width) + length * width;
}

static const qhm_module_ops ops = {
    .kind = "qsann", .forward = forward, .cost = cost, .destroy = qhm_release};

// Chooses the qubits and checks that widths fit. qhm_module_create has checked and filled in each
// field by its table.
static qhm_status resolve(const qhm_module_setting *setting, qhm_qsann_options *options)
{
    QHM_REQUIRE(setting->input.rank == 2,
                "qsann takes sequences [length, width], not a sample of rank %zu",
                setting->input.rank);
    size_t width = setting->input.sizes[1];
    QHM_REQUIRE(width, "the width of a word is 0, not at least 1");
    QHM_REQUIRE(!setting->output_width || setting->output_width == width,
                "output_width is %zu, but qsann gives back the width of its words, %zu",
                setting->output_width, width);
    size_t angles = options->encoding_layers + 2;
    if (!options->qubits) {
        options->qubits = (width + angles - 1) / angles;
        while (observable_limit(options->qubits) < width)
            options->qubits++;
    }
    QHM_REQUIRE(options->qubits <= 1000, "words have %zu features, more than 1000 qubits can take",
                width);
    QHM_REQUIRE(options->qubits * angles >= width,
                "words have %zu features, but %zu qubits with %zu encoding_layers hold %zu", width,
                options->qubits, options->encoding_layers, options->qubits * angles);
    QHM_REQUIRE(observable_limit(options->qubits) >= width,
                "words have %zu features, but %zu qubits have %zu value observables", width,
                options->qubits, observable_limit(options->qubits));
    return QHM_OK;
}

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    qhm_qsann_options resolved = *(const qhm_qsann_options *)options;
    QHM_TRY(resolve(setting, &resolved));
    qsann_state *state;
    QHM_TRY(qhm_allocate(1, sizeof *state, &state));
    state->options = resolved;
    qhm_module *module;
    qhm_status status = qhm_module_create_custom(&ops, state, setting, setting->input, &module);
    if (status != QHM_OK) {
        qhm_release(state);
        return status;
    }
    status = build(module, state, setting);
    state->options.backend = NULL; // the caller's
    if (status != QHM_OK) {
        qhm_module_destroy(module);
        return status;
    }
    *out = module;
    return QHM_OK;
}

#define FIELD(name) offsetof(qhm_qsann_options, name)
static const qhm_option_info options[] = {
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(qubits),
     .maximum = 30,
     .help = "qubits of each circuit; 0: as few as hold the width of a word"},
    {.name = "encoding_layers",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(encoding_layers),
     .default_text = "1",
     .minimum = 1,
     .maximum = 1000,
     .help = "layers that encode a word: it has up to qubits * (encoding_layers + 2) features"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(layers),
     .default_text = "1",
     .minimum = 1,
     .maximum = 1000,
     .help = "layers of weights in each of the three circuits"},
    {.name = "ring",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(ring),
     .help = "close the chain of CNOTs",
     .used_with = "no unentangled=true"},
    {.name = "unentangled",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(unentangled),
     .help = "leave out the CNOTs: the entanglement-free twin"},
    {.name = "skip_hadamard",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(skip_hadamard),
     .help = "begin from |0...0>, so that RX angles count too; as published they do not"},
    {.name = "weight_range",
     .type = QHM_OPTION_DOUBLE,
     .offset = FIELD(weight_range),
     .default_text = "0.3",
     .minimum = 1e-9,
     .maximum = 1e3,
     .help = "first weights are uniform in [-weight_range, weight_range), radians"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(shots),
     .default_text = "0",
     .maximum = 1e9,
     .help = "shots a word, circuit and measurement setting; 0: exact expectation values"},
    {.name = "backend",
     .type = QHM_OPTION_TEXT,
     .offset = FIELD(backend),
     .default_text = "statevector",
     .help = "what runs the circuits"},
    {0},
};

const qhm_module_info qhm_module_qsann = {
    .kind = "qsann",
    .help = "quantum self-attention: Gaussian similarity of measured queries and keys",
    .options = options,
    .options_bytes = sizeof(qhm_qsann_options),
    .create = create};
