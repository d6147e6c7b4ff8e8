// The kind "quantum": a quantum layer put together from named pieces, as run files do.
#include "base/bits.h"
#include "base/memory.h"
#include "learn/amplitude_encoding.h"
#include "learn/module_internal.h"
#include "learn/qaoa_layer_internal.h"
#include "learn/quantum_layer_internal.h"
#include "learn/unary_encoding.h"

#include <qhm/ansatz.h>
#include <qhm/feature_map.h>
#include <qhm/state_preparation.h>
#include <qhm/unary_loader.h>

static size_t amplitude_qubits(size_t width)
{
    return width > 1 ? qhm_bits_for(width) : 1;
}

// The largest input width that n qubits take.
static size_t width_limit(int encoding, size_t n)
{
    if (encoding == QHM_QUANTUM_ENCODING_AMPLITUDE)
        return n < 63 ? (size_t)1 << n : SIZE_MAX;
    return encoding == QHM_QUANTUM_ENCODING_ANGLE ? 2 * n : n;
}

static size_t readout_width(int readout, size_t n)
{
    return readout == QHM_QUANTUM_READOUT_Z_ZZ ? n * (n + 1) / 2 : (size_t)readout * n;
}

// Whether features become amplitudes, whose angles are computed from all of them.
static bool has_amplitudes(const qhm_quantum_options *options)
{
    return options->encoding == QHM_QUANTUM_ENCODING_AMPLITUDE ||
           options->encoding == QHM_QUANTUM_ENCODING_UNARY;
}

static bool is_qaoa(const qhm_quantum_options *options)
{
    return options->encoding == QHM_QUANTUM_ENCODING_QAOA;
}

static qhm_status check_map(const qhm_quantum_options *options)
{
    const bool has_products = options->encoding == QHM_QUANTUM_ENCODING_ZZ ||
                              options->encoding == QHM_QUANTUM_ENCODING_IQP;
    QHM_REQUIRE(!(is_qaoa(options) && (options->reupload || options->learned_scales)),
                "reupload or learned_scales is true, but QAOA does both by itself");
    QHM_REQUIRE(!(has_amplitudes(options) && options->reupload),
                "reupload is true, but amplitudes can be encoded once only");
    QHM_REQUIRE(!(options->learned_scales && (has_amplitudes(options) || has_products)),
                "learned_scales is true, but only the encodings angle, basis and z have scales of "
                "single features");
    return QHM_OK;
}

static qhm_status check_readout(const qhm_module_setting *setting,
                                const qhm_quantum_options *options)
{
    const size_t outputs = readout_width(options->readout, options->qubits);
    QHM_REQUIRE(!setting->output_width || setting->output_width == outputs,
                "output_width is %zu, but this readout of %zu qubits has %zu values",
                setting->output_width, options->qubits, outputs);
    return QHM_OK;
}

// Chooses the qubits and checks that widths fit. qhm_module_create has checked and filled in each
// field by its table.
static qhm_status resolve(const qhm_module_setting *setting, qhm_quantum_options *options)
{
    size_t width = qhm_shape_width(setting->input);
    QHM_REQUIRE(width, "the input width is 0, not at least 1");
    bool is_amplitude = options->encoding == QHM_QUANTUM_ENCODING_AMPLITUDE;
    bool is_unary = options->encoding == QHM_QUANTUM_ENCODING_UNARY;
    QHM_TRY(check_map(options));
    if (is_qaoa(options)) {
        if (!options->qubits)
            QHM_TRY(qhm_qaoa_layer_qubits(width, (qhm_entanglement)options->entanglement,
                                          &options->qubits));
        return check_readout(setting, options);
    }
    size_t n = options->qubits;
    if (!n)
        n = is_amplitude ? amplitude_qubits(width) : width;
    if (!options->qubits && is_unary && n < 2)
        n = 2;
    QHM_REQUIRE(n <= 1000, "the input width is %zu, more than 1000 qubits can take", width);
    size_t most = width_limit(options->encoding, n);
    bool is_exact = !has_amplitudes(options) && options->encoding != QHM_QUANTUM_ENCODING_ANGLE;
    QHM_REQUIRE(width <= most && (!is_exact || width == n),
                "the input width is %zu, but this encoding takes %s%zu features on %zu qubits",
                width, is_exact ? "" : "up to ", most, n);
    options->qubits = n;
    return check_readout(setting, options);
}

// Every angle times (1 + a weight of its own).
static qhm_status copy_scaled(const qhm_circuit *map, qhm_circuit **scaled)
{
    qhm_circuit *made;
    uint32_t weight = 0;
    QHM_TRY(qhm_circuit_create(qhm_circuit_qubit_count(map), 0, &made));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_circuit_instruction_count(map) && status == QHM_OK; i++) {
        qhm_instruction instruction = *qhm_circuit_instruction(map, i);
        qhm_angle angle;
        if (qhm_gate_information(instruction.gate)->angle_count == 1) {
            angle = instruction.angles[0];
            angle.factors[1] = (qhm_angle_factor){QHM_SLOT_WEIGHT, weight++, 1};
            instruction.angles = &angle;
        }
        status = qhm_circuit_append_instruction(made, &instruction);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *scaled = made;
    return QHM_OK;
}

// A feature map of `count` features, whose inputs begin at slot `first` and its weights, if any,
// after the layers' and those of earlier maps: at *weight, which moves on.
static qhm_status append_map(qhm_circuit *circuit, const qhm_quantum_options *options,
                             qhm_gate rotation, uint32_t first, size_t count, uint32_t *weight)
{
    qhm_feature_map_options map_options = {.repetitions = options->repetitions,
                                           .entanglement = (qhm_entanglement)options->entanglement,
                                           .scale = options->input_scale,
                                           .rotation = rotation};
    qhm_circuit *map;
    QHM_TRY(qhm_feature_map_create((qhm_feature_map)(options->encoding - 1), count, &map_options,
                                   &map));
    qhm_circuit *scaled = NULL;
    qhm_status status = options->learned_scales ? copy_scaled(map, &scaled) : QHM_OK;
    if (status == QHM_OK)
        status =
            qhm_circuit_append_circuit(circuit, scaled ? scaled : map, NULL, NULL, first, *weight);
    if (scaled)
        *weight += (uint32_t)qhm_circuit_weight_count(scaled);
    qhm_circuit_destroy(scaled);
    qhm_circuit_destroy(map);
    return status;
}

static qhm_status append_preparation(qhm_circuit *circuit, const qhm_quantum_options *options)
{
    qhm_circuit *preparation;
    QHM_TRY(options->encoding == QHM_QUANTUM_ENCODING_UNARY
                ? qhm_unary_loader_create(options->qubits, &preparation)
                : qhm_state_preparation_create(options->qubits, QHM_STATE_REAL, &preparation));
    qhm_status status = qhm_circuit_append_circuit(circuit, preparation, NULL, NULL, 0, 0);
    qhm_circuit_destroy(preparation);
    return status;
}

static qhm_status append_encoding(qhm_circuit *circuit, const qhm_quantum_options *options,
                                  size_t width, uint32_t *weight)
{
    static const qhm_gate rotations[] = {QHM_GATE_RX, QHM_GATE_RY, QHM_GATE_RZ};
    size_t n = options->qubits;
    if (has_amplitudes(options))
        return append_preparation(circuit, options);
    const qhm_gate first = rotations[options->rotation - 1];
    QHM_TRY(append_map(circuit, options, first, 0, width < n ? width : n, weight));
    if (width <= n)
        return QHM_OK;
    return append_map(circuit, options, first == QHM_GATE_RX ? QHM_GATE_RY : QHM_GATE_RX,
                      (uint32_t)n, width - n, weight);
}

// The encoding and the layers, which all have equally many instructions.
static qhm_status append_layers(qhm_circuit *circuit, const qhm_quantum_options *options,
                                const qhm_circuit *ansatz, size_t width)
{
    size_t count = qhm_circuit_instruction_count(ansatz) / options->layers;
    uint32_t weight = (uint32_t)qhm_circuit_weight_count(ansatz);
    for (size_t layer = 0; layer < options->layers; layer++) {
        if (!layer || options->reupload)
            QHM_TRY(append_encoding(circuit, options, width, &weight));
        for (size_t i = layer * count; i < (layer + 1) * count; i++)
            QHM_TRY(qhm_circuit_append_instruction(circuit, qhm_circuit_instruction(ansatz, i)));
    }
    return QHM_OK;
}

// The twin keeps all features: a coupling turns its first qubit alone.
static qhm_status copy_uncoupled(const qhm_circuit *whole, qhm_circuit **twin)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(qhm_circuit_qubit_count(whole), 0, &made));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_circuit_instruction_count(whole) && status == QHM_OK; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(whole, i);
        if (instruction->gate == QHM_GATE_RZZ)
            status =
                qhm_circuit_append(made, QHM_GATE_RZ, instruction->qubits, instruction->angles);
        else
            status = qhm_circuit_append_instruction(made, instruction);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *twin = made;
    return QHM_OK;
}

static qhm_status create_qaoa(const qhm_quantum_options *options, size_t width,
                              qhm_circuit **circuit)
{
    qhm_circuit *whole;
    QHM_TRY(qhm_qaoa_layer_circuit(width, options->qubits, options->layers,
                                   (qhm_entanglement)options->entanglement, 0, &whole));
    if (!options->unentangled) {
        *circuit = whole;
        return QHM_OK;
    }
    const qhm_status status = copy_uncoupled(whole, circuit);
    qhm_circuit_destroy(whole);
    return status;
}

static qhm_status create_circuit(const qhm_quantum_options *options, size_t width,
                                 qhm_circuit **circuit)
{
    if (is_qaoa(options))
        return create_qaoa(options, width, circuit);
    qhm_ansatz_options ansatz_options = {.layers = options->layers,
                                         .entanglement = (qhm_entanglement)options->entanglement};
    qhm_circuit *ansatz, *whole = NULL, *twin = NULL;
    QHM_TRY(qhm_ansatz_create((qhm_ansatz)(options->ansatz - 1), options->qubits, &ansatz_options,
                              &ansatz));
    qhm_status status = qhm_circuit_create(options->qubits, 0, &whole);
    if (status == QHM_OK)
        status = append_layers(whole, options, ansatz, width);
    if (status == QHM_OK && options->unentangled)
        status = qhm_circuit_copy_unentangled(whole, &twin);
    qhm_circuit_destroy(ansatz);
    if (status != QHM_OK || twin)
        qhm_circuit_destroy(whole);
    if (status == QHM_OK)
        *circuit = twin ? twin : whole;
    return status;
}

static qhm_status append_observable(qhm_observable **observables, size_t *count, size_t i, size_t j,
                                    qhm_pauli pauli)
{
    qhm_pauli_factor factors[2] = {{(uint32_t)i, pauli}, {(uint32_t)j, pauli}};
    qhm_observable **place = &observables[(*count)++];
    QHM_TRY(qhm_observable_create(place));
    return qhm_observable_append(*place, 1, factors, i == j ? 1 : 2);
}

static qhm_status create_observables(const qhm_quantum_options *options,
                                     qhm_observable **observables)
{
    const qhm_pauli paulis[3] = {QHM_PAULI_Z, QHM_PAULI_X, QHM_PAULI_Y};
    size_t count = 0, n = options->qubits;
    bool has_pairs = options->readout == QHM_QUANTUM_READOUT_Z_ZZ;
    int kinds = has_pairs ? 1 : options->readout;
    for (int kind = 0; kind < kinds; kind++)
        for (size_t i = 0; i < n; i++)
            QHM_TRY(append_observable(observables, &count, i, i, paulis[kind]));
    for (size_t i = 0; has_pairs && i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            QHM_TRY(append_observable(observables, &count, i, j, QHM_PAULI_Z));
    return QHM_OK;
}

static qhm_status create_layer(const qhm_quantum_options *options, const qhm_circuit *circuit,
                               const qhm_module_setting *setting, qhm_module **out)
{
    qhm_quantum_layer_options layer_options = {.backend = options->backend,
                                               .shots = options->shots,
                                               .weight_range = options->weight_range};
    size_t count = readout_width(options->readout, options->qubits);
    qhm_feature_angles encode = NULL;
    if (has_amplitudes(options))
        encode = options->encoding == QHM_QUANTUM_ENCODING_UNARY ? qhm_unary_encoding_angles
                                                                 : qhm_amplitude_encoding_angles;
    qhm_observable **observables;
    QHM_TRY(qhm_allocate(count, sizeof(qhm_observable *), &observables));
    qhm_status status = create_observables(options, observables);
    if (status == QHM_OK)
        status = qhm_quantum_layer_create_encoded(
            circuit, (const qhm_observable *const *)observables, count, encode, options->qubits,
            setting, &layer_options, out);
    for (size_t i = 0; i < count; i++)
        qhm_observable_destroy(observables[i]);
    qhm_release(observables);
    return status;
}

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    qhm_quantum_options resolved = *(const qhm_quantum_options *)options;
    QHM_TRY(resolve(setting, &resolved));
    qhm_circuit *circuit;
    QHM_TRY(create_circuit(&resolved, qhm_shape_width(setting->input), &circuit));
    qhm_status status = create_layer(&resolved, circuit, setting, out);
    qhm_circuit_destroy(circuit);
    return status;
}

static const char *const encodings[] = {"angle",     "basis", "z",    "zz", "iqp",
                                        "amplitude", "unary", "qaoa", NULL};
static const char *const ansatzes[] = {"hardware_efficient", "strongly_entangling", "givens", NULL};
static const char *const rotations[] = {"rx", "ry", "rz", NULL};
static const char *const entanglements[] = {"linear", "ring", "full", "none", NULL};
static const char *const readouts[] = {"z", "zx", "zxy", "z_zz", NULL};

#define FIELD(name) offsetof(qhm_quantum_options, name)
static const qhm_option_info options[] = {
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(qubits),
     .maximum = 34,
     .help = "qubits; 0: as few as take the input width"},
    {.name = "encoding",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(encoding),
     .default_text = "angle",
     .choices = encodings,
     .help =
         "how features become a state: one a qubit; angle up to 2 a qubit, amplitude 2^qubits; "
         "unary: amplitudes of states with a single 1; qaoa: fields, then couplings, of a cost"},
    {.name = "ansatz",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(ansatz),
     .default_text = "strongly_entangling",
     .choices = ansatzes,
     .help = "the trainable layers; givens keeps the number of ones",
     .used_with = "no encoding=qaoa"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(layers),
     .default_text = "2",
     .minimum = 1,
     .maximum = 1000,
     .help = "layers of the ansatz"},
    {.name = "reupload",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(reupload),
     .help = "encode the features again before each layer",
     .used_with = "encoding=angle,basis,z,zz,iqp"},
    {.name = "rotation",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(rotation),
     .default_text = "ry",
     .choices = rotations,
     .help = "what the encoding angle turns a feature into; rz comes after a Hadamard gate",
     .used_with = "encoding=angle"},
    {.name = "learned_scales",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(learned_scales),
     .help = "every angle of the encoding has a trained factor; angle, basis and z",
     .used_with = "encoding=angle,basis,z"},
    {.name = "repetitions",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(repetitions),
     .maximum = 1000,
     .help = "repetitions of the encoding each time; 0: 2 for z, zz and iqp, 1 for the others",
     .used_with = "encoding=angle,basis,z,zz,iqp"},
    {.name = "entanglement",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(entanglement),
     .choices = entanglements,
     .help = "pairs that zz, iqp, qaoa (default full) and hardware_efficient (default linear) "
             "connect",
     .used_with = "encoding=zz,iqp,qaoa or ansatz=hardware_efficient"},
    {.name = "readout",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(readout),
     .default_text = "z",
     .choices = readouts,
     .help = "what is measured; of n qubits z gives n values, zx 2n, zxy 3n, z_zz n(n+1)/2"},
    {.name = "input_scale",
     .type = QHM_OPTION_DOUBLE,
     .offset = FIELD(input_scale),
     .default_text = "1",
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "factor of every feature, in radians a unit; amplitudes have none",
     .used_with = "encoding=angle,basis,z,zz,iqp"},
    {.name = "unentangled",
     .type = QHM_OPTION_BOOL,
     .offset = FIELD(unentangled),
     .help = "drop every gate that entangles: the entanglement-free twin"},
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
     .help = "shots a sample and measurement setting; 0: exact expectation values"},
    {.name = "backend",
     .type = QHM_OPTION_TEXT,
     .offset = FIELD(backend),
     .default_text = "statevector",
     .help = "what runs the circuits"},
    {0},
};

const qhm_module_info qhm_module_quantum = {
    .kind = "quantum",
    .help = "features into angles or amplitudes of a circuit with weights, expectation values out",
    .options = options,
    .options_bytes = sizeof(qhm_quantum_options),
    .create = create};
