// The kind "qaoa": coefficients of a cost in, what QAOA's state says of the qubits out.
#include "base/memory.h"
#include "circuit/entanglement_internal.h"
#include "learn/module_internal.h"
#include "learn/qaoa_layer_internal.h"

#include <qhm/qaoa.h>
#include <qhm/qaoa_layer.h>
#include <qhm/quantum_layer.h>

enum { MOST_QUBITS = 34 };

static qhm_status find_pairs(size_t qubits, qhm_entanglement entanglement, qhm_qubit_pair **pairs,
                             size_t *count)
{
    return qhm_entanglement_pairs(entanglement, QHM_ENTANGLEMENT_FULL, qubits, pairs, count);
}

size_t qhm_qaoa_layer_width(size_t qubits, qhm_entanglement entanglement)
{
    switch (entanglement) {
    case QHM_ENTANGLEMENT_LINEAR:
        return qubits > 0 ? 2 * qubits - 1 : 0;
    case QHM_ENTANGLEMENT_RING:
        return qubits > 2 ? 2 * qubits : qhm_qaoa_layer_width(qubits, QHM_ENTANGLEMENT_LINEAR);
    case QHM_ENTANGLEMENT_DEFAULT:
    case QHM_ENTANGLEMENT_FULL:
        return qubits * (qubits + 1) / 2;
    case QHM_ENTANGLEMENT_NONE:
        return qubits;
    }
    return 0;
}

qhm_status qhm_qaoa_layer_qubits(size_t width, qhm_entanglement entanglement, size_t *qubits)
{
    for (size_t n = 1; n <= MOST_QUBITS && n <= width; n++)
        if (qhm_qaoa_layer_width(n, entanglement) == width) {
            *qubits = n;
            return QHM_OK;
        }
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "the input width is %zu: no number of qubits has as many fields and couplings",
                    width);
}

static qhm_status create_circuit(size_t qubits, size_t layers, const qhm_qubit_pair *pairs,
                                 size_t count, size_t block, qhm_circuit **circuit)
{
    uint32_t(*joined)[2];
    const qhm_qaoa_circuit_options options = {.layers = layers,
                                              .mixer = block > 0 ? QHM_QAOA_MIXER_BLOCK
                                                                 : QHM_QAOA_MIXER_X,
                                              .block = block};
    QHM_TRY(qhm_allocate(count + 1, sizeof *joined, &joined));
    for (size_t k = 0; k < count; k++) {
        joined[k][0] = pairs[k].first;
        joined[k][1] = pairs[k].second;
    }
    const qhm_status status = qhm_qaoa_input_circuit_create(qubits, (const uint32_t(*)[2])joined,
                                                            count, &options, circuit);
    qhm_release(joined);
    return status;
}

qhm_status qhm_qaoa_layer_circuit(size_t width, size_t qubits, size_t layers,
                                  qhm_entanglement entanglement, size_t block,
                                  qhm_circuit **circuit)
{
    qhm_qubit_pair *pairs;
    size_t count;
    QHM_TRY(find_pairs(qubits, entanglement, &pairs, &count));
    const qhm_status status =
        width == qubits + count
            ? create_circuit(qubits, layers, pairs, count, block, circuit)
            : QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                       "the input width is %zu, but %zu qubits have %zu fields and %zu couplings",
                       width, qubits, qubits, count);
    qhm_release(pairs);
    return status;
}

// c + s Z on qubit i, or Z Z on a pair.
static qhm_status append_observable(qhm_observable **observable, double constant, double scale,
                                    const uint32_t *qubits, size_t count)
{
    qhm_pauli_factor factors[2];
    for (size_t i = 0; i < count; i++)
        factors[i] = (qhm_pauli_factor){qubits[i], QHM_PAULI_Z};
    QHM_TRY(qhm_observable_create(observable));
    if (constant != 0)
        QHM_TRY(qhm_observable_append(*observable, constant, NULL, 0));
    return qhm_observable_append(*observable, scale, factors, count);
}

static qhm_status fill_observables(const qhm_qaoa_layer_options *options, size_t width,
                                   qhm_observable **observables)
{
    const bool is_chance = options->readout == QHM_QAOA_READOUT_CHANCE;
    qhm_qubit_pair *pairs;
    size_t count;
    for (uint32_t i = 0; i < options->qubits; i++)
        QHM_TRY(
            append_observable(&observables[i], is_chance ? 0.5 : 0, is_chance ? -0.5 : 1, &i, 1));
    if (width == options->qubits)
        return QHM_OK;
    QHM_TRY(find_pairs(options->qubits, (qhm_entanglement)options->entanglement, &pairs, &count));
    qhm_status status = QHM_OK;
    for (size_t k = 0; k < count && status == QHM_OK; k++)
        status = append_observable(&observables[options->qubits + k], 0, 1,
                                   (uint32_t[]){pairs[k].first, pairs[k].second}, 2);
    qhm_release(pairs);
    return status;
}

static qhm_status set_ramp(qhm_module *module, const qhm_qaoa_layer_options *options)
{
    size_t count;
    qhm_tensor *angles = qhm_parameter_value(qhm_module_parameters(module, &count)[0]);
    const double p = (double)options->layers;
    const double mixed =
        options->block > 0 ? options->ramp / (double)options->block : options->ramp;
    for (size_t l = 0; l < options->layers; l++) {
        const double part = ((double)l + 0.5) / p;
        const double gamma = -options->ramp * part, beta = mixed * (1 - part);
        QHM_TRY(qhm_tensor_set(angles, l, 1, &gamma));
        QHM_TRY(qhm_tensor_set(angles, options->layers + l, 1, &beta));
    }
    return QHM_OK;
}

static size_t output_width(const qhm_qaoa_layer_options *options, size_t width)
{
    return options->readout == QHM_QAOA_READOUT_Z_ZZ ? width : options->qubits;
}

static qhm_status create_layer(const qhm_qaoa_layer_options *options, const qhm_circuit *circuit,
                               const qhm_module_setting *setting, qhm_module **out)
{
    const size_t in = qhm_shape_width(setting->input), width = output_width(options, in);
    const qhm_quantum_layer_options layer = {.backend = options->backend, .shots = options->shots};
    qhm_observable **observables;
    qhm_module *made = NULL;
    QHM_TRY(qhm_allocate(width, sizeof(qhm_observable *), &observables));
    qhm_status status = fill_observables(options, width, observables);
    if (status == QHM_OK)
        status = qhm_quantum_layer_create(circuit, (const qhm_observable *const *)observables,
                                          width, setting, &layer, &made);
    for (size_t i = 0; i < width; i++)
        qhm_observable_destroy(observables[i]);
    qhm_release(observables);
    if (status == QHM_OK)
        status = set_ramp(made, options);
    if (status != QHM_OK) {
        qhm_module_destroy(made);
        return status;
    }
    *out = made;
    return QHM_OK;
}

// The state is the options; the quantum layer is the one child.
static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    const qhm_qaoa_layer_options *options = state;
    qhm_circuit *circuit;
    qhm_module *layer;
    QHM_TRY(qhm_qaoa_layer_circuit(qhm_shape_width(setting->input), options->qubits,
                                   options->layers, (qhm_entanglement)options->entanglement,
                                   options->block, &circuit));
    const qhm_status status = create_layer(options, circuit, setting, &layer);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    return qhm_module_append_take(module, "angles", layer);
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)state, (void)mask;
    return qhm_module_forward(qhm_module_child(module, 0), tape, input, QHM_NO_VALUE, output);
}

static const qhm_module_ops ops = {.kind = "qaoa", .forward = forward, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *given, qhm_module **out)
{
    qhm_qaoa_layer_options options = *(const qhm_qaoa_layer_options *)given;
    const size_t width = qhm_shape_width(setting->input);
    QHM_REQUIRE(width, "the input width is 0, not at least 1");
    if (options.qubits == 0)
        QHM_TRY(
            qhm_qaoa_layer_qubits(width, (qhm_entanglement)options.entanglement, &options.qubits));
    qhm_shape output = setting->input;
    output.sizes[output.rank - 1] = output_width(&options, width);
    QHM_REQUIRE(!setting->output_width || setting->output_width == output.sizes[output.rank - 1],
                "output_width is %zu, but this readout of %zu qubits has %zu values",
                setting->output_width, options.qubits, output.sizes[output.rank - 1]);
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof options,
                                  .options = &options,
                                  .options_bytes = sizeof options,
                                  .output = output,
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const char *const entanglements[] = {"linear", "ring", "full", "none", NULL};
static const char *const readouts[] = {"z", "chance", "z_zz", NULL};

#define FIELD(name) offsetof(qhm_qaoa_layer_options, name)
static const qhm_option_info options[] = {
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(qubits),
     .maximum = MOST_QUBITS,
     .help = "qubits; 0: those whose fields and couplings are the input width"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(layers),
     .default_text = "2",
     .minimum = 1,
     .maximum = 1000,
     .help = "layers of phases and mixing"},
    {.name = "entanglement",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(entanglement),
     .default_text = "full",
     .choices = entanglements,
     .help = "pairs that have couplings"},
    {.name = "block",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(block),
     .maximum = MOST_QUBITS,
     .help = "qubits of which one is 1, kept so by the exact mixer; 0: X on each qubit"},
    {.name = "readout",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(readout),
     .default_text = "z",
     .choices = readouts,
     .help = "<Z> of qubits, the chance that each is 1, or also <ZZ> of pairs with couplings"},
    {.name = "ramp",
     .type = QHM_OPTION_DOUBLE,
     .offset = FIELD(ramp),
     .default_text = "0.6",
     .minimum = 1e-9,
     .maximum = 1e3,
     .help = "first angles rise and fall to it, for costs of order 1"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(shots),
     .default_text = "0",
     .maximum = 1e9,
     .help = "shots a sample; 0: exact expectation values"},
    {.name = "backend",
     .type = QHM_OPTION_TEXT,
     .offset = FIELD(backend),
     .default_text = "statevector",
     .help = "what runs the circuits"},
    {0},
};

const qhm_module_info qhm_module_qaoa = {
    .kind = "qaoa",
    .help = "coefficients of a cost in, expectation values of QAOA's state out",
    .options = options,
    .options_bytes = sizeof(qhm_qaoa_layer_options),
    .create = create};
