// Reading quantum sections of run files: options of the module, chips, and options to choose from.
#include "experiment/quantum_section.h"

#include "base/memory.h"
#include "base/options_internal.h"

#include <qhm/chip_plan.h>
#include <string.h>

// What follows the kind's own struct.
typedef struct chip_section {
    const char *trained_on, *chosen_on, *finished_on, *mitigation;
    const qhm_node *choices;
} chip_section;

static const qhm_option_info chip_table[] = {
    {.name = "trained_on",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(chip_section, trained_on),
     .help = "a chip whose noise is in the loop while the module is trained"},
    {.name = "choices",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(chip_section, choices),
     .help = "of variants: a list of fields of the module that differ, {} for none; every trial "
             "takes the next, and validation rows choose"},
    {.name = "chosen_on",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(chip_section, chosen_on),
     .help = "a chip with whose noise trials are scored on validation rows; none if absent"},
    {.name = "finished_on",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(chip_section, finished_on),
     .help = "a chip on whose values the classical layers after the module are trained once more, "
             "the circuit's weights fixed"},
    {.name = "chip_mitigation",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(chip_section, mitigation),
     .help = "mitigation of the values of these chips: readout, zne, zne_linear or detection",
     .used_with = "trained_on or chosen_on or finished_on"},
    {0},
};
enum { CHIP_ROWS = sizeof chip_table / sizeof chip_table[0] };

// The kind's table with the chips' rows before it, whose values are after its struct.
static qhm_status extend_table(const qhm_option_info *table, size_t bytes, qhm_option_info **out)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    QHM_TRY(qhm_allocate(CHIP_ROWS + count, sizeof **out, out));
    for (size_t i = 0; i + 1 < CHIP_ROWS; i++) {
        (*out)[i] = chip_table[i];
        (*out)[i].offset += bytes;
    }
    memcpy(*out + CHIP_ROWS - 1, table, (count + 1) * sizeof *table);
    return QHM_OK;
}

static qhm_status load_chip(const qhm_task_kind *kind, const qhm_node *node, const char *field,
                            const char *name, qhm_device **chip)
{
    if (!name)
        return QHM_OK;
    const qhm_node *place = qhm_node_find(node, field);
    if (!kind->runs_on_devices)
        return qhm_node_fail(place, "field '%s': %s tasks do not run on devices", field,
                             kind->name);
    if (qhm_device_load(name, NULL, chip) != QHM_OK)
        return qhm_node_fail(place, "field '%s': %s", field, qhm_error_message());
    return QHM_OK;
}

static qhm_status read_chips(const qhm_task_kind *kind, const qhm_node *node,
                             const chip_section *section, qhm_quantum_spec *spec)
{
    spec->trained_on = section->trained_on;
    spec->chosen_on = section->chosen_on;
    spec->finished_on = section->finished_on;
    spec->chip_mitigation = section->mitigation;
    QHM_TRY(load_chip(kind, node, "trained_on", spec->trained_on, &spec->chip));
    QHM_TRY(load_chip(kind, node, "chosen_on", spec->chosen_on, &spec->chosen_chip));
    QHM_TRY(load_chip(kind, node, "finished_on", spec->finished_on, &spec->finished_chip));
    if (!section->mitigation)
        return QHM_OK;
    const qhm_node *place = qhm_node_find(node, "chip_mitigation");
    if (qhm_chip_plan_check_mitigation(section->mitigation) != QHM_OK)
        return qhm_node_fail(place, "field 'chip_mitigation': %s", qhm_error_message());
    return QHM_OK;
}

// "rotation: rz, layers: 2", or "as given".
static qhm_status describe_choice(const qhm_node *node, char **out)
{
    qhm_text text = {0};
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *field = qhm_node_at(node, i);
        qhm_text_print(&text, "%s%s: %s", i > 0 ? ", " : "", qhm_node_name(field),
                       qhm_node_text(field));
    }
    if (qhm_node_count(node) == 0)
        qhm_text_append(&text, "as given");
    return qhm_text_take(&text, out);
}

// What choices are made of. plain: the module's struct before its defaults were filled in.
typedef struct choice_source {
    const qhm_option_info *table;
    size_t bytes;
    const void *plain;
    const qhm_node *section; // whose fields they change
    qhm_option_notes *notes;
} choice_source;

static qhm_status read_choice(const choice_source *source, const qhm_node *node,
                              const qhm_quantum_spec *spec, qhm_quantum_spec *choice)
{
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING)
        return qhm_node_fail(node, "a choice is %s, not a mapping",
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    *choice = *spec; // chips are the spec's
    choice->choices = NULL;
    choice->choice_count = 0;
    choice->options = NULL;
    QHM_TRY(qhm_copy_bytes(source->plain, source->bytes, 1, &choice->options));
    QHM_TRY(qhm_options_read(source->table, node, choice->options));
    QHM_TRY(qhm_options_resolve(source->table, choice->options));
    QHM_TRY(qhm_option_use_check(
        &(qhm_option_use){source->table, source->section, node, choice->options}, source->notes));
    return describe_choice(node, &choice->choice);
}

static qhm_status read_choices(const choice_source *source, const qhm_node *node, bool is_variant,
                               qhm_quantum_spec *spec)
{
    if (!node)
        return QHM_OK;
    if (!is_variant)
        return qhm_node_fail(node, "field 'choices' is for variants: rivals of the hybrid are "
                                   "made for one module");
    if (qhm_node_kind_of(node) != QHM_NODE_SEQUENCE || qhm_node_count(node) == 0)
        return qhm_node_fail(node, "field 'choices' is not a list of one mapping or more");
    const size_t count = qhm_node_count(node);
    qhm_quantum_spec *choices;
    QHM_TRY(qhm_allocate(count, sizeof *choices, &choices));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = read_choice(source, qhm_node_at(node, i), spec, &choices[i]);
    spec->choices = choices;
    spec->choice_count = count;
    return status;
}

// Fields of the module are judged where nothing else may be what they are for: with choices those
// are.
static qhm_status finish(const choice_source *source, const qhm_node *choices, bool is_variant,
                         qhm_quantum_spec *spec)
{
    QHM_TRY(read_choices(source, choices, is_variant, spec));
    QHM_TRY(qhm_options_resolve(source->table, spec->options));
    QHM_TRY(qhm_option_use_check(&(qhm_option_use){.table = chip_table, .mapping = source->section},
                                 source->notes));
    return choices ? QHM_OK
                   : qhm_option_use_check(&(qhm_option_use){.table = source->table,
                                                            .mapping = source->section,
                                                            .options = spec->options},
                                          source->notes);
}

qhm_status qhm_quantum_section_read(const qhm_task_kind *kind, const char *name,
                                    const qhm_node *node, bool is_variant, qhm_quantum_spec *spec,
                                    qhm_option_notes *notes)
{
    spec->name = name;
    size_t bytes;
    const qhm_option_info *table = kind->quantum(&bytes);
    qhm_option_info *extended = NULL;
    QHM_TRY(qhm_allocate(bytes + sizeof(chip_section), 1, &spec->options));
    QHM_TRY(extend_table(table, bytes, &extended));
    qhm_status status = qhm_options_read(extended, node, spec->options);
    qhm_release(extended);
    QHM_TRY(status);
    chip_section section;
    memcpy(&section, (const char *)spec->options + bytes, sizeof section);
    QHM_TRY(read_chips(kind, node, &section, spec));
    return finish(&(choice_source){table, bytes, spec->options, node, notes}, section.choices,
                  is_variant, spec);
}

void qhm_quantum_spec_release(qhm_quantum_spec *spec)
{
    for (size_t i = 0; i < spec->choice_count; i++) {
        qhm_release(spec->choices[i].options);
        qhm_release(spec->choices[i].choice);
    }
    qhm_release(spec->choices);
    qhm_release(spec->options);
    qhm_device_destroy(spec->chip);
    qhm_device_destroy(spec->chosen_chip);
    qhm_device_destroy(spec->finished_chip);
}

void qhm_quantum_section_print_help(const qhm_task_kind *kind, int indent, qhm_text *out)
{
    size_t bytes;
    qhm_options_print_help(kind->quantum(&bytes), indent, out);
    if (kind->runs_on_devices)
        qhm_options_print_help(chip_table, indent, out);
}
