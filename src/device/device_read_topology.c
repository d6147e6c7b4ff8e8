// Graphs of device files: a generator's numbers, or lists of qubits and couplers.
#include "device/device_reader.h"

#include "base/memory.h"
#include "device/topology.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 1024, MOST_ZEPHYR = 32, MOST_TRACKS = 8, MOST_PEGASUS = 64 };

typedef struct generator {
    const char *name;
    const char *fields[6]; // of its own
    void (*read)(qhm_device_reader *reader, const qhm_node *node, const qhm_topology_kinds *kinds);
} generator;

static size_t whole(qhm_device_reader *reader, const qhm_node *node, const char *name,
                    uint64_t least, uint64_t most)
{
    return (size_t)qhm_device_whole_field(reader, node, name, least, most, 0, true);
}

static void read_row(qhm_device_reader *reader, const qhm_node *row, uint32_t *first,
                     uint32_t *last)
{
    uint64_t ends[2] = {0, 0};
    if (qhm_node_count(row) != 2) {
        qhm_device_mistake(reader, row, NULL, "is not a row's first and last column");
        return;
    }
    for (size_t i = 0; i < 2; i++)
        (void)qhm_device_whole(reader, qhm_node_at(row, i), 0, MOST_ROWS - 1, &ends[i]);
    if (ends[0] > ends[1])
        qhm_device_mistake(reader, row, NULL, "ends before it begins");
    *first = (uint32_t)ends[0];
    *last = (uint32_t)ends[1];
}

// rows: [[6, 8], [5, 8], ...]
static void read_rows(qhm_device_reader *reader, const qhm_node *node,
                      const qhm_topology_kinds *kinds)
{
    static uint32_t const none = 0;
    const qhm_node *rows = qhm_device_field(reader, node, "rows", QHM_NODE_SEQUENCE, true);
    size_t count = rows ? qhm_node_count(rows) : 0;
    if (rows && (count < 1 || count > MOST_ROWS))
        qhm_device_mistake(reader, rows, NULL, "has %zu rows, not 1 to %d", count, MOST_ROWS);
    if (count < 1 || count > MOST_ROWS)
        return;
    size_t before = qhm_diagnostics_error_count(reader->diagnostics);
    uint32_t first[MOST_ROWS], last[MOST_ROWS];
    for (size_t i = 0; i < count; i++) {
        first[i] = last[i] = none;
        read_row(reader, qhm_node_at(rows, i), &first[i], &last[i]);
    }
    if (qhm_diagnostics_error_count(reader->diagnostics) == before)
        qhm_device_keep(reader, qhm_topology_add_rows(reader->device, first, last, count, kinds));
}

static void read_grid(qhm_device_reader *reader, const qhm_node *node,
                      const qhm_topology_kinds *kinds)
{
    size_t rows = whole(reader, node, "rows", 1, MOST_ROWS);
    size_t columns = whole(reader, node, "columns", 1, MOST_ROWS);
    uint32_t first[MOST_ROWS] = {0}, last[MOST_ROWS];
    for (size_t i = 0; i < rows; i++)
        last[i] = (uint32_t)columns - 1;
    if (rows > 0 && columns > 0)
        qhm_device_keep(reader, qhm_topology_add_rows(reader->device, first, last, rows, kinds));
}

static void read_heavy_hex(qhm_device_reader *reader, const qhm_node *node,
                           const qhm_topology_kinds *kinds)
{
    qhm_heavy_hex shape = {
        .rows = (uint32_t)whole(reader, node, "rows", 1, MOST_ROWS),
        .columns = (uint32_t)whole(reader, node, "columns", 2, MOST_ROWS),
        .even_first = (uint32_t)whole(reader, node, "even_first", 0, 3),
        .odd_first = (uint32_t)whole(reader, node, "odd_first", 0, 3),
        .is_trimmed = qhm_device_flag_field(reader, node, "is_trimmed"),
    };
    if (shape.rows > 0 && shape.columns > 0)
        qhm_device_keep(reader, qhm_topology_add_heavy_hex(reader->device, &shape, kinds));
}

static void read_zephyr(qhm_device_reader *reader, const qhm_node *node,
                        const qhm_topology_kinds *kinds)
{
    size_t m = whole(reader, node, "m", 1, MOST_ZEPHYR);
    size_t t = whole(reader, node, "t", 1, MOST_TRACKS);
    if (m > 0 && t > 0)
        qhm_device_keep(reader, qhm_topology_add_zephyr(reader->device, m, t, kinds));
}

static void read_pegasus(qhm_device_reader *reader, const qhm_node *node,
                         const qhm_topology_kinds *kinds)
{
    size_t m = whole(reader, node, "m", 2, MOST_PEGASUS);
    if (m > 0)
        qhm_device_keep(reader, qhm_topology_add_pegasus(reader->device, m, kinds));
}

static void read_all_to_all(qhm_device_reader *reader, const qhm_node *node,
                            const qhm_topology_kinds *kinds)
{
    size_t count = whole(reader, node, "qubit_count", 1, QHM_DEVICE_MOST_QUBITS);
    reader->device->is_all_to_all = true;
    for (size_t i = 0; i < count && reader->status == QHM_OK; i++) {
        double angle = 2 * M_PI * (double)i / (double)count; // on a circle
        double radius = (double)count / 6;
        qhm_device_keep(reader, qhm_device_add_qubit(reader->device, radius * sin(angle),
                                                     -radius * cos(angle), kinds->qubit));
    }
}

static void read_listed_qubit(qhm_device_reader *reader, const qhm_node *node,
                              const qhm_topology_kinds *kinds)
{
    static const char *const fields[] = {"x", "y", "kind"};
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING) {
        qhm_device_mistake(reader, node, NULL, "is %s, not a mapping with x and y",
                           qhm_node_kind_name(qhm_node_kind_of(node)));
        return;
    }
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    double x = qhm_device_number_field(reader, node, "x", QHM_RANGE_ANY, true);
    double y = qhm_device_number_field(reader, node, "y", QHM_RANGE_ANY, true);
    const char *kind = qhm_device_text_field(reader, node, "kind", false);
    if (fabs(x) > 1e6 || fabs(y) > 1e6)
        qhm_device_mistake(reader, node, NULL, "is further than 1e6 from the middle");
    qhm_device_keep(reader, qhm_device_add_qubit(reader->device, x, y, kind ? kind : kinds->qubit));
}

// [0, 1] or {"qubits": [0, 1], "kind": "zz"}
static void read_listed_coupler(qhm_device_reader *reader, const qhm_node *node,
                                const qhm_topology_kinds *kinds)
{
    static const char *const fields[] = {"qubits", "kind"};
    const qhm_node *pair = node;
    const char *kind = NULL;
    uint64_t ends[2] = {0, 0};
    if (qhm_node_kind_of(node) == QHM_NODE_MAPPING) {
        qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
        pair = qhm_device_field(reader, node, "qubits", QHM_NODE_SEQUENCE, true);
        kind = qhm_device_text_field(reader, node, "kind", false);
    }
    if (!pair)
        return;
    if (qhm_node_count(pair) != 2) {
        qhm_device_mistake(reader, pair, NULL, "is not a pair of qubits");
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (!qhm_device_whole(reader, qhm_node_at(pair, i), 0, reader->device->qubit_count - 1,
                              &ends[i]))
            return;
    if (ends[0] == ends[1])
        qhm_device_mistake(reader, pair, NULL, "couples qubit %llu with itself",
                           (unsigned long long)ends[0]);
    else
        qhm_device_keep(reader, qhm_device_add_coupler(reader->device, ends[0], ends[1],
                                                       kind ? kind : kinds->coupler));
}

static void read_list(qhm_device_reader *reader, const qhm_node *node,
                      const qhm_topology_kinds *kinds)
{
    size_t before = qhm_diagnostics_error_count(reader->diagnostics);
    const qhm_node *qubits = qhm_device_field(reader, node, "qubits", QHM_NODE_SEQUENCE, true);
    const qhm_node *couplers = qhm_device_field(reader, node, "couplers", QHM_NODE_SEQUENCE, true);
    if (qubits && qhm_node_count(qubits) == 0)
        qhm_device_mistake(reader, qubits, NULL, "is empty");
    for (size_t i = 0; qubits && i < qhm_node_count(qubits) && reader->status == QHM_OK; i++)
        read_listed_qubit(reader, qhm_node_at(qubits, i), kinds);
    if (qhm_diagnostics_error_count(reader->diagnostics) > before)
        return; // the numbers of qubits are not known
    for (size_t i = 0; couplers && i < qhm_node_count(couplers) && reader->status == QHM_OK; i++)
        read_listed_coupler(reader, qhm_node_at(couplers, i), kinds);
}

static const generator generators[] = {
    {"rows", {"rows"}, read_rows},
    {"grid", {"rows", "columns"}, read_grid},
    {"heavy_hex", {"rows", "columns", "even_first", "odd_first", "is_trimmed"}, read_heavy_hex},
    {"zephyr", {"m", "t"}, read_zephyr},
    {"pegasus", {"m"}, read_pegasus},
    {"all_to_all", {"qubit_count"}, read_all_to_all},
    {"list", {"qubits", "couplers"}, read_list},
};
enum { GENERATORS = sizeof generators / sizeof generators[0] };

static void check_topology_fields(qhm_device_reader *reader, const qhm_node *node,
                                  const generator *kind)
{
    const char *fields[16] = {
        "kind",       "status",       "source",          "note",
        "qubit_kind", "coupler_kind", "horizontal_kind", "vertical_kind",
    };
    size_t count = 8;
    for (size_t i = 0; i < 6 && kind->fields[i]; i++)
        fields[count++] = kind->fields[i];
    qhm_device_check_fields(reader, node, fields, count);
}

static const generator *find_generator(qhm_device_reader *reader, const qhm_node *node)
{
    const char *name = qhm_device_text_field(reader, node, "kind", true), *names[GENERATORS];
    for (size_t i = 0; name && i < GENERATORS; i++) {
        names[i] = generators[i].name;
        if (strcmp(name, names[i]) == 0)
            return &generators[i];
    }
    if (name)
        qhm_device_mistake(reader, qhm_node_find(node, "kind"), NULL,
                           "is \"%s\", not rows, grid, heavy_hex, zephyr, pegasus, all_to_all or "
                           "list",
                           name);
    return NULL;
}

// After sorting: a coupler that is there twice was written twice.
static void check_repeats(qhm_device_reader *reader, const qhm_node *node)
{
    const qhm_device *device = reader->device;
    for (size_t i = 1; i < device->coupler_count; i++) {
        const uint32_t *ends = device->couplers[i].qubits, *before = device->couplers[i - 1].qubits;
        if (ends[0] == before[0] && ends[1] == before[1])
            qhm_device_mistake(reader, qhm_node_find(node, "couplers"), NULL,
                               "has the coupler of qubits %u and %u twice", ends[0], ends[1]);
    }
}

void qhm_device_read_topology(qhm_device_reader *reader, const qhm_node *root)
{
    const qhm_node *node = qhm_device_field(reader, root, "topology", QHM_NODE_MAPPING, true);
    const generator *kind = node ? find_generator(reader, node) : NULL;
    if (!kind)
        return;
    check_topology_fields(reader, node, kind);
    (void)qhm_device_status_field(reader, node, NULL);
    (void)qhm_device_source_field(reader, node, NULL);
    (void)qhm_device_text_field(reader, node, "note", false);
    qhm_topology_kinds kinds = {
        .qubit = qhm_device_text_field(reader, node, "qubit_kind", false),
        .coupler = qhm_device_text_field(reader, node, "coupler_kind", false),
        .horizontal = qhm_device_text_field(reader, node, "horizontal_kind", false),
        .vertical = qhm_device_text_field(reader, node, "vertical_kind", false),
    };
    kind->read(reader, node, &kinds);
    if (reader->status != QHM_OK)
        return;
    if (qhm_device_keep(reader, qhm_device_index_couplers(reader->device)))
        check_repeats(reader, node);
}
