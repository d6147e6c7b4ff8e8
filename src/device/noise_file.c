// Hand-written noise models: rules for kinds of gates and for places.
#include "device/noise_file.h"

#include "base/options_internal.h"
#include "circuit/gate_table.h"
#include "device/noise_crosstalk.h"

#include <math.h>
#include <string.h>

enum { MOST_MODEL_QUBITS = 1 << 20 };

typedef struct readout {
    double error, flip_0, flip_1;
} readout;

static const qhm_option_info readout_table[] = {
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(readout, error),
     .minimum = 0,
     .maximum = 1,
     .help = "probability of a wrong outcome"},
    {.name = "flip_0",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(readout, flip_0),
     .minimum = 0,
     .maximum = 1,
     .help = "probability to read 1 where 0 is right"},
    {.name = "flip_1",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(readout, flip_1),
     .minimum = 0,
     .maximum = 1,
     .help = "probability to read 0 where 1 is right"},
    {0},
};

static qhm_status read_readout(const qhm_noise_model *model, const qhm_node *mapping,
                               qhm_noise_entry *entry)
{
    readout r = {0};
    QHM_TRY(qhm_options_read(readout_table, mapping, &r));
    if (r.error > 0 && (r.flip_0 > 0 || r.flip_1 > 0))
        return qhm_node_fail(mapping, "error is both flip_0 and flip_1: give it or them");
    const double flips[2] = {r.error > 0 ? r.error : r.flip_0, r.error > 0 ? r.error : r.flip_1};
    for (int i = 0; i < 2 && !model->options.without_readout; i++)
        entry->flips[i] = fmin(model->options.scale * flips[i], fmax(flips[i], 0.5));
    entry->rule.is_measurement = true;
    entry->rule.model_error = (entry->flips[0] + entry->flips[1]) / 2;
    return QHM_OK;
}

typedef struct waiting {
    double t1_us, t2_us, excited_population, detuning_khz, x_rate, y_rate, z_rate;
} waiting;

static const qhm_option_info waiting_table[] = {
    {.name = "t1_us",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, t1_us),
     .minimum = 1e-9,
     .maximum = 1e15,
     .help = "T1 in us"},
    {.name = "t2_us",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, t2_us),
     .minimum = 1e-9,
     .maximum = 2e15,
     .help = "T2 in us"},
    {.name = "excited_population",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, excited_population),
     .minimum = 0,
     .maximum = 1,
     .help = "share of |1> at rest"},
    {.name = "detuning_khz",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, detuning_khz),
     .minimum = -1e9,
     .maximum = 1e9,
     .help = "error of the frequency in kHz"},
    {.name = "x_rate_per_second",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, x_rate),
     .minimum = 0,
     .maximum = 1e15,
     .help = "rate of X errors"},
    {.name = "y_rate_per_second",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, y_rate),
     .minimum = 0,
     .maximum = 1e15,
     .help = "rate of Y errors"},
    {.name = "z_rate_per_second",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(waiting, z_rate),
     .minimum = 0,
     .maximum = 1e15,
     .help = "rate of Z errors"},
    {0},
};

static qhm_status read_waiting(const qhm_node *mapping, qhm_noise_idle *idle)
{
    waiting w = {0};
    QHM_TRY(qhm_options_read(waiting_table, mapping, &w));
    qhm_noise_fill_times(&w.t1_us, &w.t2_us);
    if (w.t2_us > 2 * w.t1_us)
        return qhm_node_fail(mapping, "t2_us is %g, above twice t1_us, which is %g", w.t2_us,
                             w.t1_us);
    *idle = (qhm_noise_idle){.t1_ns = 1e3 * w.t1_us,
                             .t2_ns = 1e3 * w.t2_us,
                             .excited = w.excited_population,
                             .detuning_hz = 1e3 * w.detuning_khz,
                             .rates = {0, w.x_rate, w.y_rate, w.z_rate}};
    return QHM_OK;
}

// The noise of one operation, anywhere or at a place.
static qhm_status read_operation(qhm_noise_model *model, const char *name,
                                 const qhm_node *name_node, const uint32_t *qubits,
                                 size_t qubit_count, const qhm_node *noise)
{
    const bool is_one = strcmp(name, "one_qubit") == 0, is_two = strcmp(name, "two_qubit") == 0;
    qhm_gate gate = QHM_GATE_U;
    if (!is_one && !is_two && qhm_gate_find(name, &gate) != QHM_OK)
        return qhm_node_fail(name_node, "%s", qhm_error_message());
    const qhm_gate_info *info = qhm_gate_information(gate);
    const size_t count = is_one ? 1 : is_two ? 2 : info->control_count + info->target_count;
    if (count < 1 || (!info->is_unitary && gate != QHM_GATE_MEASURE && gate != QHM_GATE_RESET))
        return qhm_node_fail(name_node, "%s has no noise of its own here", name);
    if (qubits && qubit_count != count)
        return qhm_node_fail(name_node, "%s has %zu qubits, not %zu", name, count, qubit_count);
    qhm_noise_entry *entry;
    QHM_TRY(qhm_noise_add_entry(model, name, gate, qubits, count, &entry));
    entry->match = is_one   ? QHM_NOISE_ANY_ONE_QUBIT
                   : is_two ? QHM_NOISE_ANY_TWO_QUBIT
                            : QHM_NOISE_GATE;
    return gate == QHM_GATE_MEASURE ? read_readout(model, noise, entry)
                                    : qhm_noise_read_channels(model, noise, entry);
}

typedef struct place_fields {
    const char *operation;
    const qhm_node *qubits, *noise;
} place_fields;

static const qhm_option_info place_table[] = {
    {.name = "operation",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(place_fields, operation),
     .help = "a gate, measure, reset or idle"},
    {.name = "qubits",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(place_fields, qubits),
     .help = "the qubits, in the gate's order"},
    {.name = "noise",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(place_fields, noise),
     .help = "as for the operation anywhere"},
    {0},
};

// A list of qubits, at most QHM_NOISE_MOST_QUBITS.
static qhm_status read_qubits(const qhm_noise_model *model, const qhm_node *node, uint32_t *qubits,
                              size_t *count)
{
    QHM_TRY(qhm_noise_check_kind(node, QHM_NODE_SEQUENCE));
    *count = qhm_node_count(node);
    if (*count < 1 || *count > QHM_NOISE_MOST_QUBITS)
        return qhm_node_fail(node, "%zu qubits, not 1 to %d", *count, QHM_NOISE_MOST_QUBITS);
    for (size_t i = 0; i < *count; i++) {
        const double most =
            model->qubit_count == SIZE_MAX ? MOST_MODEL_QUBITS - 1 : (double)model->qubit_count - 1;
        double number;
        QHM_TRY(qhm_noise_read_number(qhm_node_at(node, i), 0, most, &number));
        if (number != floor(number))
            return qhm_node_fail(node, "%g is not a qubit", number);
        qubits[i] = (uint32_t)number;
    }
    return QHM_OK;
}

static qhm_status read_place(qhm_noise_model *model, const qhm_node *node)
{
    place_fields fields = {0};
    uint32_t qubits[QHM_NOISE_MOST_QUBITS] = {0};
    size_t count;
    QHM_TRY(qhm_noise_check_kind(node, QHM_NODE_MAPPING));
    QHM_TRY(qhm_options_read(place_table, node, &fields));
    if (!fields.operation || !fields.qubits || !fields.noise)
        return qhm_node_fail(node, "a place needs operation, qubits and noise");
    QHM_TRY(read_qubits(model, fields.qubits, qubits, &count));
    const qhm_node *name_node = qhm_node_find(node, "operation");
    if (strcmp(fields.operation, "idle") != 0)
        return read_operation(model, fields.operation, name_node, qubits, count, fields.noise);
    if (count != 1 || model->qubit_count == SIZE_MAX)
        return qhm_node_fail(fields.qubits,
                             "a place of idle is one qubit of a model whose \"qubits\" is given");
    return read_waiting(fields.noise, &model->idle[qubits[0]]);
}

typedef struct crosstalk_fields {
    double zz_khz, parallel_error;
    const qhm_node *couplers;
} crosstalk_fields;

static const qhm_option_info crosstalk_table[] = {
    {.name = "zz_khz",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(crosstalk_fields, zz_khz),
     .minimum = -1e9,
     .maximum = 1e9,
     .help =
         "how far a waiting qubit's frequency depends on the state of one that waits beside it"},
    {.name = "parallel_error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(crosstalk_fields, parallel_error),
     .minimum = 0,
     .maximum = 0.75,
     .help = "average error that two-qubit gates add to one beside them at the same time"},
    {.name = "couplers",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(crosstalk_fields, couplers),
     .help = "pairs of neighbours, or {qubits: a pair, zz_khz: its own}"},
    {0},
};

typedef struct coupler_fields {
    double zz_khz;
    const qhm_node *qubits;
} coupler_fields;

static const qhm_option_info coupler_table[] = {
    {.name = "zz_khz",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(coupler_fields, zz_khz),
     .minimum = -1e9,
     .maximum = 1e9,
     .help = "as of all couplers"},
    {.name = "qubits",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(coupler_fields, qubits),
     .help = "the pair"},
    {0},
};

static qhm_status read_coupler(qhm_noise_model *model, const qhm_node *node, double zz_khz)
{
    coupler_fields fields = {.zz_khz = zz_khz, .qubits = node};
    uint32_t qubits[QHM_NOISE_MOST_QUBITS] = {0};
    size_t count;
    if (qhm_node_kind_of(node) == QHM_NODE_MAPPING) {
        fields.qubits = NULL;
        QHM_TRY(qhm_options_read(coupler_table, node, &fields));
    }
    if (!fields.qubits)
        return qhm_node_fail(node, "a coupler needs its qubits");
    QHM_TRY(read_qubits(model, fields.qubits, qubits, &count));
    if (count != 2 || qubits[0] == qubits[1])
        return qhm_node_fail(fields.qubits, "a coupler is a pair of qubits");
    for (size_t i = 0; i < model->coupling_count; i++)
        if ((model->couplings[i].qubits[0] == qubits[0] &&
             model->couplings[i].qubits[1] == qubits[1]) ||
            (model->couplings[i].qubits[0] == qubits[1] &&
             model->couplings[i].qubits[1] == qubits[0]))
            return qhm_node_fail(fields.qubits, "the coupler of %u and %u is there twice",
                                 qubits[0], qubits[1]);
    if (model->options.without_idle)
        fields.zz_khz = 0;
    return qhm_noise_add_coupling(model, qubits[0], qubits[1], 1e3 * fields.zz_khz);
}

// After all rules: gates whose duration is known may run beside each other.
static qhm_status read_crosstalk(qhm_noise_model *model, const qhm_node *node)
{
    crosstalk_fields fields = {0};
    bool has_duration = false;
    QHM_TRY(qhm_noise_check_kind(node, QHM_NODE_MAPPING));
    QHM_TRY(qhm_options_read(crosstalk_table, node, &fields));
    if (!fields.couplers)
        return qhm_node_fail(node, "crosstalk needs couplers: the pairs of neighbours");
    QHM_TRY(qhm_noise_check_kind(fields.couplers, QHM_NODE_SEQUENCE));
    for (size_t i = 0; i < qhm_node_count(fields.couplers); i++)
        QHM_TRY(read_coupler(model, qhm_node_at(fields.couplers, i), fields.zz_khz));
    for (size_t i = 0; i < model->entry_count; i++) {
        qhm_noise_entry *entry = &model->entries[i];
        const bool is_known = entry->qubit_count == 2 && entry->rule.duration_ns > 0;
        has_duration = has_duration || is_known;
        if (is_known && !model->options.without_gates)
            entry->beside_error = fields.parallel_error;
    }
    if (fields.parallel_error > 0 && !has_duration)
        return qhm_node_fail(node, "parallel_error needs duration_ns of two-qubit gates, "
                                   "without which none run at the same time");
    return QHM_OK;
}

typedef struct file_fields {
    const char *name;
    size_t qubits;
    const qhm_node *one_qubit, *two_qubit, *gates, *measure, *reset, *idle, *places, *crosstalk;
} file_fields;

static const qhm_option_info file_table[] = {
    {.name = "name",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(file_fields, name),
     .help = "what to call the model"},
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(file_fields, qubits),
     .minimum = 1,
     .maximum = MOST_MODEL_QUBITS,
     .help = "qubits that it knows; none given: any"},
    {.name = "one_qubit",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, one_qubit),
     .help = "after every one-qubit gate without noise of its own"},
    {.name = "two_qubit",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, two_qubit),
     .help = "after every two-qubit gate without noise of its own"},
    {.name = "gates",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, gates),
     .help = "after gates by their names"},
    {.name = "measure",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, measure),
     .help = "wrong outcomes"},
    {.name = "reset",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, reset),
     .help = "after resets"},
    {.name = "idle",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, idle),
     .help = "in delays"},
    {.name = "places",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, places),
     .help = "the same at given qubits"},
    {.name = "crosstalk",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(file_fields, crosstalk),
     .help = "what neighbours do to each other at the same time"},
    {0},
};

static bool is_mirrored(const qhm_noise_entry *entry, const qhm_noise_entry *other)
{
    return entry->match == other->match && entry->gate == other->gate && entry->qubit_count == 2 &&
           other->qubit_count == 2 && entry->qubits[0] == other->qubits[1] &&
           entry->qubits[1] == other->qubits[0];
}

static bool has_no_order(const qhm_noise_entry *entry)
{
    return entry->qubit_count == 2 &&
           (entry->match == QHM_NOISE_ANY_TWO_QUBIT || entry->gate == QHM_GATE_CZ ||
            entry->gate == QHM_GATE_CP || qhm_gate_table_row(entry->gate)->is_symmetric);
}

// The rules of gates whose qubits may change places hold for both orders, each qubit keeping its
// part of the noise, unless the file has the other order too.
static qhm_status mirror_places(qhm_noise_model *model)
{
    const size_t count = model->entry_count;
    for (size_t i = 0; i < count; i++) {
        bool is_given = !has_no_order(&model->entries[i]);
        for (size_t k = 0; k < count && !is_given; k++)
            is_given = is_mirrored(&model->entries[i], &model->entries[k]);
        if (is_given)
            continue;
        qhm_noise_entry *made;
        const uint32_t qubits[2] = {model->entries[i].qubits[1], model->entries[i].qubits[0]};
        QHM_TRY(qhm_noise_add_entry(model, model->entries[i].name, model->entries[i].gate, qubits,
                                    2, &made));
        const qhm_noise_entry *entry = &model->entries[i];
        made->match = entry->match;
        made->rule.model_error = entry->rule.model_error;
        made->rule.duration_ns = entry->rule.duration_ns;
        QHM_TRY(qhm_noise_copy_parts(entry, made));
        for (size_t p = 0; p < made->part_count; p++)
            for (size_t q = 0; q < made->parts[p].channel->qubit_count; q++)
                made->parts[p].qubits[q] = 1 - made->parts[p].qubits[q];
    }
    return QHM_OK;
}

// What is found first counts: places, then names, then sizes.
static qhm_status read_rules(qhm_noise_model *model, const file_fields *fields)
{
    for (size_t i = 0; fields->idle && i < model->idle_count; i++)
        QHM_TRY(read_waiting(fields->idle, &model->idle[i]));
    if (fields->places)
        QHM_TRY(qhm_noise_check_kind(fields->places, QHM_NODE_SEQUENCE));
    for (size_t i = 0; fields->places && i < qhm_node_count(fields->places); i++)
        QHM_TRY(read_place(model, qhm_node_at(fields->places, i)));
    QHM_TRY(mirror_places(model));
    if (fields->gates)
        QHM_TRY(qhm_noise_check_kind(fields->gates, QHM_NODE_MAPPING));
    for (size_t i = 0; fields->gates && i < qhm_node_count(fields->gates); i++) {
        const qhm_node *node = qhm_node_at(fields->gates, i);
        QHM_TRY(read_operation(model, qhm_node_name(node), node, NULL, 0, node));
    }
    const qhm_node *others[] = {fields->measure, fields->reset, fields->one_qubit,
                                fields->two_qubit};
    for (size_t i = 0; i < 4; i++)
        if (others[i])
            QHM_TRY(read_operation(model, qhm_node_name(others[i]), others[i], NULL, 0, others[i]));
    if (fields->crosstalk)
        QHM_TRY(read_crosstalk(model, fields->crosstalk));
    return QHM_OK;
}

static qhm_status read_document(const qhm_document *document, const char *path,
                                const qhm_noise_options *options, qhm_noise_model **model)
{
    file_fields fields = {0};
    const qhm_node *root = qhm_document_root(document);
    QHM_TRY(qhm_options_read(file_table, root, &fields));
    qhm_noise_model *made;
    QHM_TRY(qhm_noise_model_create_empty(fields.name ? fields.name : path,
                                         fields.qubits > 0 ? fields.qubits : SIZE_MAX, options,
                                         &made));
    made->runs = QHM_NOISE_RUNS_EACH;
    const qhm_status status = read_rules(made, &fields);
    if (status != QHM_OK) {
        qhm_noise_model_destroy(made);
        return status;
    }
    *model = made;
    return QHM_OK;
}

qhm_status qhm_noise_model_load(const char *path, const qhm_noise_options *options,
                                qhm_noise_model **model)
{
    QHM_REQUIRE(path && model, "qhm_noise_model_load needs a path and a place");
    if (options)
        QHM_TRY(qhm_noise_check_options(options));
    qhm_document *document;
    QHM_TRY(qhm_document_load(path, &document));
    const qhm_status status = read_document(document, path, options, model);
    qhm_document_destroy(document);
    return status;
}

qhm_status qhm_noise_model_parse(const char *bytes, size_t count, const char *name,
                                 const qhm_noise_options *options, qhm_noise_model **model)
{
    QHM_REQUIRE(bytes && name && model, "qhm_noise_model_parse needs a text, a name and a place");
    if (options)
        QHM_TRY(qhm_noise_check_options(options));
    qhm_document *document;
    QHM_TRY(qhm_document_parse_yaml(bytes, count, name, &document));
    const qhm_status status = read_document(document, name, options, model);
    qhm_document_destroy(document);
    return status;
}
