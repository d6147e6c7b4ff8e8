// Lines, columns and bands of a drawing: columns as soon as possible, links that never cross.
#include "circuit/circuit_layout.h"

#include "base/memory.h"

#include <string.h>

enum { MOST_WITH_IDLE = 40 };

// The first free column of every line, as a tree of maxima: highest of a node is the largest below
// it; floor holds for all lines below it and is not passed down.
struct column_tree {
    size_t leaves;
    uint32_t *highest, *floor; // [2 * leaves]
};

struct range {
    size_t first, last;
};

static uint32_t largest(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t find_free(const struct column_tree *tree, size_t node, struct range of,
                          struct range wanted)
{
    if (wanted.first <= of.first && of.last <= wanted.last)
        return tree->highest[node];
    size_t middle = (of.first + of.last) / 2;
    uint32_t column = tree->floor[node];
    if (wanted.first <= middle)
        column =
            largest(column, find_free(tree, 2 * node, (struct range){of.first, middle}, wanted));
    if (wanted.last > middle)
        column = largest(
            column, find_free(tree, 2 * node + 1, (struct range){middle + 1, of.last}, wanted));
    return column;
}

// No line of the range has a first free column above `column`.
static void take(struct column_tree *tree, size_t node, struct range of, struct range wanted,
                 uint32_t column)
{
    if (wanted.first <= of.first && of.last <= wanted.last) {
        tree->highest[node] = tree->floor[node] = column;
        return;
    }
    size_t middle = (of.first + of.last) / 2;
    if (wanted.first <= middle)
        take(tree, 2 * node, (struct range){of.first, middle}, wanted, column);
    if (wanted.last > middle)
        take(tree, 2 * node + 1, (struct range){middle + 1, of.last}, wanted, column);
    tree->highest[node] = largest(tree->highest[node], column);
}

static qhm_status mark_used(const qhm_circuit *circuit, bool **used)
{
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof **used, used));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            if (instruction->gate != QHM_GATE_BARRIER)
                (*used)[instruction->qubits[q]] = true;
    }
    return QHM_OK;
}

static void add_qubit_lines(qhm_circuit_layout *layout, const bool *used)
{
    const qhm_circuit *circuit = layout->circuit;
    for (size_t r = 0; r < circuit->qubit_registers.count; r++) {
        const qhm_register *row = &circuit->qubit_registers.items[r];
        for (uint32_t i = 0; i < row->count; i++) {
            uint32_t qubit = row->first + i;
            if (used && !used[qubit]) {
                layout->line_of_qubit[qubit] = UINT32_MAX;
                layout->idle_count++;
                continue;
            }
            layout->line_of_qubit[qubit] = (uint32_t)layout->line_count;
            layout->lines[layout->line_count++] = (qhm_layout_line){
                .name = row->name, .first = qubit, .index = i, .is_single = row->count == 1};
        }
    }
    layout->qubit_line_count = layout->line_count;
}

static void add_bit_line(qhm_circuit_layout *layout, const char *name, uint32_t first,
                         uint32_t count)
{
    if (count == 0)
        return;
    for (uint32_t i = 0; i < count; i++)
        layout->line_of_bit[first + i] = (uint32_t)layout->line_count;
    layout->lines[layout->line_count++] = (qhm_layout_line){
        .name = name, .is_bits = true, .first = first, .count = count, .is_single = count == 1};
}

// A line a register, and one for each run of scratch bits between registers.
static void add_bit_lines(qhm_circuit_layout *layout)
{
    const qhm_circuit *circuit = layout->circuit;
    uint32_t next = 0;
    for (size_t r = 0; r < circuit->bit_registers.count; r++) {
        const qhm_register *row = &circuit->bit_registers.items[r];
        add_bit_line(layout, NULL, next, row->first - next);
        add_bit_line(layout, row->name, row->first, row->count);
        next = row->first + row->count;
    }
    add_bit_line(layout, NULL, next, (uint32_t)circuit->bit_count - next);
}

static qhm_status add_lines(qhm_circuit_layout *layout, bool all)
{
    const qhm_circuit *circuit = layout->circuit;
    size_t most = circuit->qubit_count + 2 * circuit->bit_registers.count + 1;
    QHM_TRY(qhm_allocate(most, sizeof *layout->lines, &layout->lines));
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof(uint32_t), &layout->line_of_qubit));
    QHM_TRY(qhm_allocate(circuit->bit_count, sizeof(uint32_t), &layout->line_of_bit));
    bool *used = NULL;
    if (!all && circuit->qubit_count > MOST_WITH_IDLE)
        QHM_TRY(mark_used(circuit, &used));
    add_qubit_lines(layout, used);
    add_bit_lines(layout);
    qhm_release(used);
    return QHM_OK;
}

static void stretch(qhm_layout_item *item, uint32_t first, uint32_t last)
{
    item->first = first < item->first ? first : item->first;
    item->last = last > item->last ? last : item->last;
}

static void stretch_qubits(qhm_layout_item *item, uint32_t first, uint32_t last)
{
    if (first > last)
        return;
    item->first_qubit = first < item->first_qubit ? first : item->first_qubit;
    item->last_qubit = last > item->last_qubit ? last : item->last_qubit;
    stretch(item, first, last);
}

// What an instruction takes by itself: its qubits, its bit and the bits of its condition.
static qhm_layout_item find_lines(const qhm_circuit_layout *layout,
                                  const qhm_instruction *instruction)
{
    qhm_layout_item item = {
        .instruction = instruction, .first = UINT32_MAX, .first_qubit = UINT32_MAX};
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        uint32_t line = layout->line_of_qubit[instruction->qubits[i]];
        if (line != UINT32_MAX) // a barrier on an idle qubit
            stretch_qubits(&item, line, line);
    }
    const qhm_condition *condition = &instruction->condition;
    if (qhm_gate_writes_bit(instruction->gate))
        stretch(&item, layout->line_of_bit[instruction->bit],
                layout->line_of_bit[instruction->bit]);
    if (condition->relation != QHM_RELATION_NONE)
        stretch(&item, layout->line_of_bit[condition->first_bit],
                layout->line_of_bit[condition->first_bit + condition->bit_count - 1]);
    return item;
}

// A loop's WHILE and END take all that its body takes.
static void close_loop(qhm_circuit_layout *layout, uint32_t begin, uint32_t end)
{
    qhm_layout_item *first = &layout->items[begin], *last = &layout->items[end];
    first->partner = end;
    last->partner = begin;
    last->first = first->first;
    last->last = first->last;
    last->first_qubit = first->first_qubit;
    last->last_qubit = first->last_qubit;
}

static qhm_status find_items(qhm_circuit_layout *layout)
{
    const qhm_circuit *circuit = layout->circuit;
    uint32_t *open, depth = 0; // items of the loops that are open
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *open, &open));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        qhm_layout_item *item = &layout->items[i];
        *item = find_lines(layout, &circuit->instructions[i]);
        item->partner = (uint32_t)i;
        if (item->instruction->gate == QHM_GATE_WHILE) {
            open[depth++] = (uint32_t)i;
            continue;
        }
        if (item->instruction->gate == QHM_GATE_END && depth > 0) {
            close_loop(layout, open[--depth], (uint32_t)i);
            item = &layout->items[i];
        }
        if (depth > 0 && item->first <= item->last) {
            qhm_layout_item *loop = &layout->items[open[depth - 1]];
            stretch_qubits(loop, item->first_qubit, item->last_qubit);
            stretch(loop, item->first, item->last);
        }
    }
    while (depth > 1) { // loops that a circuit under way has not closed
        const qhm_layout_item *inner = &layout->items[open[--depth]];
        stretch_qubits(&layout->items[open[depth - 1]], inner->first_qubit, inner->last_qubit);
        stretch(&layout->items[open[depth - 1]], inner->first, inner->last);
    }
    qhm_release(open);
    return QHM_OK;
}

static qhm_status find_columns(qhm_circuit_layout *layout)
{
    struct column_tree tree = {.leaves = 1};
    while (tree.leaves < layout->line_count)
        tree.leaves *= 2;
    qhm_status status = qhm_allocate(2 * tree.leaves, sizeof *tree.highest, &tree.highest);
    if (status == QHM_OK)
        status = qhm_allocate(2 * tree.leaves, sizeof *tree.floor, &tree.floor);
    struct range lines = {0, tree.leaves - 1};
    for (size_t i = 0; i < layout->item_count && status == QHM_OK; i++) {
        qhm_layout_item *item = &layout->items[i];
        struct range wanted = {item->first, item->last};
        if (wanted.first > wanted.last) // a barrier on idle qubits alone: nothing to draw
            continue;
        item->column = find_free(&tree, 1, lines, wanted);
        take(&tree, 1, lines, wanted, item->column + 1);
        if (item->column >= layout->column_count)
            layout->column_count = item->column + 1;
    }
    qhm_release(tree.highest);
    qhm_release(tree.floor);
    return status;
}

// Counting sort.
static qhm_status order_items(qhm_circuit_layout *layout)
{
    size_t columns = layout->column_count;
    QHM_TRY(qhm_allocate(layout->item_count, sizeof *layout->order, &layout->order));
    QHM_TRY(qhm_allocate(columns + 1, sizeof *layout->column_items, &layout->column_items));
    QHM_TRY(qhm_allocate(columns, sizeof *layout->widths, &layout->widths));
    QHM_TRY(qhm_allocate(columns, sizeof *layout->starts, &layout->starts));
    for (size_t i = 0; i < layout->item_count; i++)
        if (layout->items[i].first <= layout->items[i].last)
            layout->column_items[layout->items[i].column + 1]++;
    for (size_t column = 0; column < columns; column++) {
        layout->starts[column] = layout->column_items[column];
        layout->column_items[column + 1] += layout->column_items[column];
    }
    for (size_t i = 0; i < layout->item_count; i++)
        if (layout->items[i].first <= layout->items[i].last)
            layout->order[layout->starts[layout->items[i].column]++] = (uint32_t)i;
    return QHM_OK;
}

qhm_status qhm_circuit_layout_create(const qhm_circuit *circuit, bool all,
                                     qhm_circuit_layout *layout)
{
    *layout = (qhm_circuit_layout){.circuit = circuit, .item_count = circuit->instruction_count};
    if (layout->item_count > UINT32_MAX / 2)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "a drawing of %zu instructions is too large",
                        layout->item_count);
    QHM_TRY(add_lines(layout, all));
    QHM_TRY(qhm_allocate(layout->item_count, sizeof *layout->items, &layout->items));
    QHM_TRY(find_items(layout));
    QHM_TRY(find_columns(layout));
    return order_items(layout);
}

void qhm_circuit_layout_release(qhm_circuit_layout *layout)
{
    qhm_release(layout->lines);
    qhm_release(layout->line_of_qubit);
    qhm_release(layout->line_of_bit);
    qhm_release(layout->items);
    qhm_release(layout->order);
    qhm_release(layout->column_items);
    qhm_release(layout->widths);
    qhm_release(layout->starts);
    *layout = (qhm_circuit_layout){0};
}

static qhm_status measure_column(qhm_circuit_layout *layout, const qhm_layout_measures *measures,
                                 size_t column)
{
    size_t widest = layout->widths[column];
    if (widest > 0)
        return QHM_OK;
    for (size_t i = layout->column_items[column]; i < layout->column_items[column + 1]; i++) {
        size_t width;
        QHM_TRY(
            measures->measure(layout, &layout->items[layout->order[i]], measures->ascii, &width));
        widest = width > widest ? width : widest;
    }
    layout->widths[column] = widest;
    return QHM_OK;
}

qhm_status qhm_circuit_layout_band(qhm_circuit_layout *layout, const qhm_layout_measures *measures,
                                   size_t first, size_t *last, size_t *width)
{
    size_t used = measures->gap, column = first;
    for (; column < layout->column_count; column++) {
        QHM_TRY(measure_column(layout, measures, column));
        size_t after = used + layout->widths[column] + measures->gap;
        if (column > first && after > measures->room)
            break;
        layout->starts[column] = used;
        used = after;
    }
    *last = column;
    *width = used;
    return QHM_OK;
}

qhm_status qhm_circuit_layout_check_size(const qhm_circuit_layout *layout, size_t drawn,
                                         size_t bytes)
{
    enum { COPIES = 3 }; // a text that grows is there twice, and its last growth doubles it
    double needed = (double)bytes / (double)drawn * (double)layout->column_count;
    if (!(needed > 1e8))
        return QHM_OK;
    double available = (double)qhm_memory_available_bytes() + (double)bytes;
    if (COPIES * needed <= available)
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY,
                    "the whole drawing would take about %.1f GB, of %.1f GB that are free; leave "
                    "out --all",
                    needed / 1e9, available / 1e9);
}
