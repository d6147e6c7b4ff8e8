// Circuits as text: a line a qubit, a double line a classical register, boxes of three rows whose
// borders lie between the lines, folded into bands.
#include "base/memory.h"
#include "circuit/circuit_grid.h"
#include "circuit/circuit_labels.h"

#include <qhm/draw.h>
#include <stdio.h>
#include <string.h>

enum { GAP = 1, DEFAULT_WIDTH = 100, MOST_ROWS = 1000 };

struct glyphs {
    uint32_t control, flip, swap, barrier;
};

static const struct glyphs rich_glyphs = {0x25cf, 0x2295, 0x00d7, 0x2591};
static const struct glyphs plain_glyphs = {'@', 'X', 'x', '#'};

struct drawing {
    qhm_circuit_layout layout;
    qhm_layout_measures measures;
    const struct glyphs *glyphs;
    size_t label_width;
    qhm_grid grid; // the band being drawn
};

static size_t wire_row(size_t line)
{
    return 2 * line + 1;
}

static void print_box_label(const qhm_circuit_layout *layout, const qhm_instruction *instruction,
                            bool ascii, qhm_text *text)
{
    qhm_label_gate(instruction, ascii, text);
    if (qhm_gate_information(instruction->gate)->angle_count == 0)
        return;
    qhm_text_append(text, "(");
    qhm_label_angles(layout->circuit, instruction, ascii, text);
    qhm_text_append(text, ")");
}

// A label of nothing has no bytes.
static const char *bytes_of(const qhm_text *text)
{
    return text->bytes ? text->bytes : "";
}

// Digits of the bit that a measurement writes, below its register; empty where there is one bit.
static void print_bit_number(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                             char digits[16])
{
    digits[0] = '\0';
    if (!qhm_gate_is_measurement(item->instruction->gate))
        return;
    uint32_t line = layout->line_of_bit[item->instruction->bit];
    const qhm_layout_line *row = &layout->lines[line];
    if (!row->is_single && !qhm_layout_has_bit_box(layout, item, line))
        snprintf(digits, 16, "%u", item->instruction->bit - row->first);
}

// Borders and a blank on both sides of a label.
static size_t box_width(const qhm_text *label)
{
    return qhm_grid_text_width(bytes_of(label)) + 4;
}

static qhm_status measure_bits(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                               bool ascii, size_t *width)
{
    char digits[16];
    print_bit_number(layout, item, digits);
    if (strlen(digits) + 1 > *width)
        *width = strlen(digits) + 1;
    for (uint32_t line = item->first; line <= item->last; line++) {
        if (line < layout->qubit_line_count) {
            line = (uint32_t)layout->qubit_line_count - 1; // qubits have none
            continue;
        }
        if (!qhm_layout_has_bit_box(layout, item, line))
            continue;
        qhm_text label = {0};
        qhm_label_bits(layout, item, line, ascii, &label);
        size_t box = box_width(&label);
        *width = box > *width ? box : *width;
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status measure(const qhm_circuit_layout *layout, const qhm_layout_item *item, bool ascii,
                          size_t *width)
{
    const qhm_instruction *instruction = item->instruction;
    *width = 1;
    qhm_mark mark = qhm_instruction_mark(instruction);
    if (mark == QHM_MARK_BOX || mark == QHM_MARK_LOOP) {
        qhm_text label = {0};
        print_box_label(layout, instruction, ascii, &label);
        *width = box_width(&label) + (qhm_instruction_has_numbers(instruction) ? 2 : 0);
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    return measure_bits(layout, item, ascii, width);
}

// A box from line `first` to line `last`, in the middle of its column.
static void draw_box(const struct drawing *drawing, size_t column, size_t first, size_t last,
                     const qhm_text *label, size_t width)
{
    const qhm_circuit_layout *layout = &drawing->layout;
    qhm_grid_box box = {.left = layout->starts[column] + (layout->widths[column] - width) / 2,
                        .width = width,
                        .top = 2 * first,
                        .bottom = 2 * last + 2,
                        .is_on_bits = first >= layout->qubit_line_count,
                        .label = bytes_of(label)};
    qhm_grid_draw_box(&drawing->grid, &box);
}

// A link from below line `first` to above line `last`, crossing the lines between.
static void draw_link(const struct drawing *drawing, size_t x, size_t first, size_t last,
                      uint32_t strokes)
{
    for (size_t row = wire_row(first) + 1; row < wire_row(last); row++)
        qhm_grid_add_strokes(&drawing->grid, row, x, strokes);
}

static void draw_barrier(const struct drawing *drawing, const qhm_layout_item *item, size_t x)
{
    const qhm_instruction *instruction = item->instruction;
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        uint32_t line = drawing->layout.line_of_qubit[instruction->qubits[i]];
        for (size_t row = 2 * (size_t)line; line != UINT32_MAX && row <= 2 * line + 2; row++)
            qhm_grid_put(&drawing->grid, row, x, drawing->glyphs->barrier);
    }
}

// One box over all targets, or where other lines lie between them one for each.
static qhm_status draw_boxes(const struct drawing *drawing, const qhm_layout_item *item)
{
    const qhm_circuit_layout *layout = &drawing->layout;
    const qhm_instruction *instruction = item->instruction;
    uint32_t controls = qhm_instruction_control_count(instruction);
    bool has_numbers = qhm_instruction_has_numbers(instruction);
    bool is_one = qhm_layout_has_one_box(layout, item);
    qhm_text label = {0};
    print_box_label(layout, instruction, drawing->grid.ascii, &label);
    size_t width = box_width(&label) + (has_numbers ? 2 : 0);
    size_t first = SIZE_MAX, last = 0;
    for (uint32_t i = controls; i < instruction->qubit_count; i++) {
        size_t line = layout->line_of_qubit[instruction->qubits[i]];
        first = line < first ? line : first;
        last = line > last ? line : last;
        if (!is_one)
            draw_box(drawing, item->column, line, line, &label, width);
    }
    if (is_one)
        draw_box(drawing, item->column, first, last, &label, width);
    size_t left = layout->starts[item->column] + (layout->widths[item->column] - width) / 2;
    for (uint32_t i = controls; i < instruction->qubit_count && has_numbers; i++)
        qhm_grid_put(&drawing->grid, wire_row(layout->line_of_qubit[instruction->qubits[i]]),
                     left + 1, '0' + i - controls);
    qhm_status status = label.status;
    qhm_text_release(&label);
    return status;
}

static void draw_marks(const struct drawing *drawing, const qhm_layout_item *item, size_t x)
{
    const qhm_instruction *instruction = item->instruction;
    uint32_t controls = qhm_instruction_control_count(instruction), mark = 0;
    switch (qhm_instruction_mark(instruction)) {
    case QHM_MARK_CONTROL:
        mark = drawing->glyphs->control;
        break;
    case QHM_MARK_FLIP:
        mark = drawing->glyphs->flip;
        break;
    case QHM_MARK_SWAP:
        mark = drawing->glyphs->swap;
        break;
    case QHM_MARK_BOX:
    case QHM_MARK_BARRIER:
    case QHM_MARK_LOOP:
    case QHM_MARK_NONE:
        break;
    }
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        uint32_t line = drawing->layout.line_of_qubit[instruction->qubits[i]];
        if (i < controls || mark != 0)
            qhm_grid_put(&drawing->grid, wire_row(line), x,
                         i < controls ? drawing->glyphs->control : mark);
    }
}

// What an item shows on classical lines: boxes for conditions and values, a join and the bit's
// number for a measurement.
static qhm_status draw_bits(const struct drawing *drawing, const qhm_layout_item *item, size_t x)
{
    const qhm_circuit_layout *layout = &drawing->layout;
    const qhm_instruction *instruction = item->instruction;
    uint32_t line = (uint32_t)layout->qubit_line_count;
    for (line = item->first > line ? item->first : line; line <= item->last; line++) {
        if (!qhm_layout_has_bit_box(layout, item, line))
            continue;
        qhm_text label = {0};
        qhm_label_bits(layout, item, line, drawing->grid.ascii, &label);
        draw_box(drawing, item->column, line, line, &label, box_width(&label));
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    if (!qhm_gate_is_measurement(instruction->gate))
        return QHM_OK;
    line = layout->line_of_bit[instruction->bit];
    if (!qhm_layout_has_bit_box(layout, item, line))
        qhm_grid_add_strokes(&drawing->grid, wire_row(line), x, QHM_GRID_DOUBLE_UP);
    char digits[16];
    print_bit_number(layout, item, digits);
    size_t length = strlen(digits);
    if (length > 0)
        qhm_grid_put_text(&drawing->grid, wire_row(line) + 1,
                          line < item->last ? x + 1 : x - (length - 1) / 2, digits);
    return QHM_OK;
}

static qhm_status draw_item(const struct drawing *drawing, const qhm_layout_item *item)
{
    const qhm_circuit_layout *layout = &drawing->layout;
    size_t x = layout->starts[item->column] + (layout->widths[item->column] - 1) / 2;
    qhm_mark mark = qhm_instruction_mark(item->instruction);
    bool has_qubits = item->first_qubit <= item->last_qubit;
    uint32_t last_qubit = has_qubits ? item->last_qubit : item->first;
    if (mark == QHM_MARK_BARRIER) {
        draw_barrier(drawing, item, x);
        return QHM_OK;
    }
    if (has_qubits && mark != QHM_MARK_LOOP)
        draw_link(drawing, x, item->first_qubit, last_qubit, QHM_GRID_LINK);
    uint32_t last = qhm_layout_last_bit_line(layout, item);
    if (last > last_qubit && last != UINT32_MAX)
        draw_link(drawing, x, last_qubit, last, QHM_GRID_BIT_LINK);
    if (mark == QHM_MARK_BOX)
        QHM_TRY(draw_boxes(drawing, item));
    draw_marks(drawing, item, x);
    if (mark == QHM_MARK_LOOP && (has_qubits || item->instruction->gate == QHM_GATE_END)) {
        qhm_text label = {0};
        print_box_label(layout, item->instruction, drawing->grid.ascii, &label);
        draw_box(drawing, item->column, has_qubits ? item->first_qubit : item->first,
                 has_qubits ? last_qubit : item->last, &label, box_width(&label));
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    return draw_bits(drawing, item, x);
}

// "q[0]: ", or "c: 3/" of three bits.
static void print_line_label(const struct drawing *drawing, size_t line, qhm_text *text)
{
    const qhm_layout_line *row = &drawing->layout.lines[line];
    qhm_text label = {0};
    qhm_label_line(row, drawing->grid.ascii, &label);
    qhm_text_append(&label, ": ");
    if (row->is_bits && !row->is_single)
        qhm_text_print(&label, "%u/", row->count);
    for (size_t width = qhm_grid_text_width(bytes_of(&label)); width < drawing->label_width;
         width++)
        qhm_text_append(text, " ");
    qhm_text_append(text, bytes_of(&label));
    qhm_text_release_part(text, &label);
}

static qhm_status find_label_width(struct drawing *drawing)
{
    size_t widest = 0;
    for (size_t line = 0; line < drawing->layout.line_count; line++) {
        qhm_text label = {0};
        print_line_label(drawing, line, &label);
        size_t width = qhm_grid_text_width(bytes_of(&label));
        widest = width > widest ? width : widest;
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    drawing->label_width = widest;
    return QHM_OK;
}

static void print_grid(const struct drawing *drawing, qhm_text *text)
{
    for (size_t row = 0; row < drawing->grid.rows; row++) {
        bool is_edge = row == 0 || row + 1 == drawing->grid.rows;
        if (is_edge && qhm_grid_is_blank(&drawing->grid, row))
            continue;
        if (row % 2 == 1)
            print_line_label(drawing, row / 2, text);
        else
            for (size_t i = 0; i < drawing->label_width && !qhm_grid_is_blank(&drawing->grid, row);
                 i++)
                qhm_text_append(text, " ");
        qhm_grid_print_row(&drawing->grid, row, text);
        qhm_text_append(text, "\n");
    }
}

// Draws the columns [first, last) as one band.
static qhm_status draw_band(struct drawing *drawing, size_t first, size_t last, qhm_text *text)
{
    const qhm_circuit_layout *layout = &drawing->layout;
    size_t cells;
    drawing->grid.rows = 2 * layout->line_count + 1;
    if (!qhm_multiply_size(drawing->grid.rows, drawing->grid.width, &cells))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "a drawing of %zu rows overflows",
                        drawing->grid.rows);
    QHM_TRY(qhm_allocate(cells, sizeof *drawing->grid.cells, &drawing->grid.cells));
    for (size_t line = 0; line < layout->line_count; line++)
        for (size_t x = 0; x < drawing->grid.width; x++)
            *qhm_grid_cell(&drawing->grid, wire_row(line), x) =
                layout->lines[line].is_bits ? QHM_GRID_BIT_WIRE : QHM_GRID_WIRE;
    qhm_status status = QHM_OK;
    for (size_t i = last > first ? layout->column_items[first] : 0;
         last > first && i < layout->column_items[last] && status == QHM_OK; i++)
        status = draw_item(drawing, &layout->items[layout->order[i]]);
    if (status == QHM_OK)
        print_grid(drawing, text);
    qhm_release(drawing->grid.cells);
    drawing->grid.cells = NULL;
    return status;
}

static void print_columns(const struct drawing *drawing, size_t first, size_t last, qhm_text *text)
{
    qhm_text_print(text, last - first > 1 ? "columns %zu" : "column %zu", first + 1);
    if (last - first > 1)
        qhm_text_print(text, "%s%zu", drawing->grid.ascii ? "-" : "–", last);
    qhm_text_print(text, " of %zu\n", drawing->layout.column_count);
}

static qhm_status draw_bands(struct drawing *drawing, size_t width, bool all, qhm_text *text)
{
    qhm_circuit_layout *layout = &drawing->layout;
    drawing->measures.room = width > drawing->label_width ? width - drawing->label_width : 0;
    size_t first = 0, last, rows = 0;
    do {
        QHM_TRY(qhm_circuit_layout_band(layout, &drawing->measures, first, &last,
                                        &drawing->grid.width));
        qhm_text_append(text, first > 0 ? "\n" : "");
        if (first > 0 || last < layout->column_count)
            print_columns(drawing, first, last, text);
        QHM_TRY(draw_band(drawing, first, last, text));
        rows += drawing->grid.rows + 2;
        first = last;
        if (all)
            QHM_TRY(qhm_circuit_layout_check_size(layout, first, text->length));
    } while (first < layout->column_count && (all || rows < MOST_ROWS));
    if (first < layout->column_count) {
        qhm_text_append(text, drawing->grid.ascii ? "\n... " : "\n… ");
        qhm_label_rest(layout, first, text);
        qhm_text_append(text, "\n");
    }
    return text->status;
}

qhm_status qhm_circuit_draw(const qhm_circuit *circuit, const qhm_draw_options *options,
                            char **text)
{
    QHM_REQUIRE(circuit && text, "qhm_circuit_draw needs a circuit and a place for the text");
    bool ascii = options && options->ascii, all = options && options->all;
    size_t width = options && options->width > 0 ? options->width : DEFAULT_WIDTH;
    struct drawing drawing = {.measures = {.measure = measure, .ascii = ascii, .gap = GAP},
                              .glyphs = ascii ? &plain_glyphs : &rich_glyphs,
                              .grid = {.ascii = ascii}};
    qhm_text drawn = {0};
    qhm_status status = qhm_circuit_layout_create(circuit, all, &drawing.layout);
    if (status == QHM_OK)
        status = find_label_width(&drawing);
    if (status == QHM_OK && drawing.layout.idle_count > 0) {
        qhm_label_idle(&drawing.layout, &drawn);
        qhm_text_append(&drawn, "\n\n");
    }
    if (status == QHM_OK)
        status = draw_bands(&drawing, width, all, &drawn);
    qhm_circuit_layout_release(&drawing.layout);
    if (status != QHM_OK) {
        qhm_text_release(&drawn);
        return status;
    }
    return qhm_text_take(&drawn, text);
}
