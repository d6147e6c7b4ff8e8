// Circuits as SVG: the layout of the text drawing with rounded boxes, one element for each mark.
#include "base/memory.h"
#include "circuit/circuit_labels.h"
#include "circuit/circuit_svg_parts.h"
#include "circuit/circuit_svg_text.h"

#include <math.h>
#include <qhm/draw.h>
#include <stdio.h>
#include <string.h>

enum {
    GAP = 12, // between columns
    PITCH = 48,
    BIT_PITCH = 40,
    PILL = 24,
    MARGIN = 16,
    CAPTION = 22,    // above each of several bands
    BAND_SPACE = 20, // between bands
    DEFAULT_WIDTH = 960,
    MOST_DRAWN = 10000 // instructions, and lines of every band
};

struct picture {
    qhm_circuit_layout layout;
    qhm_layout_measures measures;
    double *y; // [lines] from the top of a band
    double left, band_height, width;
    double top;     // of the band being drawn
    uint32_t *open; // items of the loops that reach into the band
    size_t open_count;
    qhm_text *out;
};

// A text of nothing has no bytes.
static const char *bytes_of(const qhm_text *text)
{
    return text->bytes ? text->bytes : "";
}

static double y_of(const struct picture *picture, size_t line)
{
    return picture->top + picture->y[line];
}

static double column_x(const struct picture *picture, size_t column)
{
    const qhm_circuit_layout *layout = &picture->layout;
    return picture->left + (double)layout->starts[column] + (double)layout->widths[column] / 2;
}

static void put_text(const struct picture *picture, const char *classes, double x, double y,
                     const char *text)
{
    qhm_text_append(picture->out, "<text");
    if (classes[0])
        qhm_text_print(picture->out, " class=\"%s\"", classes);
    qhm_text_print(picture->out, " x=\"%.9g\" y=\"%.9g\">", x, y);
    qhm_svg_text_print(text, picture->out);
    qhm_text_append(picture->out, "</text>");
}

static void put_rectangle(const struct picture *picture, const char *attributes, double left,
                          double top, double right, double bottom)
{
    qhm_text_print(picture->out, "<rect%s x=\"%.9g\" y=\"%.9g\" width=\"%.9g\" height=\"%.9g\"/>",
                   attributes, left, top, right - left, bottom - top);
}

static void put_box(const struct picture *picture, const qhm_layout_item *item, size_t first,
                    size_t last, const qhm_svg_label *label)
{
    double x = column_x(picture, item->column);
    double width = (double)qhm_svg_box_width(label, item->instruction);
    double shift = qhm_instruction_has_numbers(item->instruction) ? 6 : 0; // beside the numbers
    double top = y_of(picture, first) - QHM_SVG_BOX / 2.0,
           bottom = y_of(picture, last) + QHM_SVG_BOX / 2.0;
    double middle = (top + bottom) / 2;
    put_rectangle(picture, " rx=\"5\"", x - width / 2, top, x + width / 2, bottom);
    bool has_angles = label->angles.length > 0;
    put_text(picture, "", x + shift, middle + (has_angles ? -2.5 : 5), bytes_of(&label->name));
    if (has_angles)
        put_text(picture, "s", x + shift, middle + 12, bytes_of(&label->angles));
}

static void put_meter(const struct picture *picture, double x, double y)
{
    put_rectangle(picture, " rx=\"5\"", x - QHM_SVG_BOX / 2.0, y - QHM_SVG_BOX / 2.0,
                  x + QHM_SVG_BOX / 2.0, y + QHM_SVG_BOX / 2.0);
    qhm_text_print(picture->out,
                   "<path class=\"o\" d=\"M%.9g %.9ga10 10 0 0 1 20 0M%.9g %.9gl7 -12\"/>", x - 10,
                   y + 7, x, y + 7);
}

static qhm_status put_boxes(const struct picture *picture, const qhm_layout_item *item, double x)
{
    const qhm_circuit_layout *layout = &picture->layout;
    const qhm_instruction *instruction = item->instruction;
    uint32_t controls = qhm_instruction_control_count(instruction);
    qhm_svg_label label = qhm_svg_label_of(layout, instruction);
    double width = (double)qhm_svg_box_width(&label, instruction);
    bool is_one = qhm_layout_has_one_box(layout, item),
         has_numbers = qhm_instruction_has_numbers(instruction);
    size_t first = SIZE_MAX, last = 0;
    for (uint32_t i = controls; i < instruction->qubit_count; i++) {
        size_t line = layout->line_of_qubit[instruction->qubits[i]];
        first = line < first ? line : first;
        last = line > last ? line : last;
        if (!is_one)
            put_box(picture, item, line, line, &label);
    }
    if (is_one)
        put_box(picture, item, first, last, &label);
    for (uint32_t i = controls; i < instruction->qubit_count && has_numbers; i++) {
        char digit[2] = {(char)('0' + i - controls), '\0'};
        put_text(picture, "m", x - width / 2 + 9,
                 y_of(picture, layout->line_of_qubit[instruction->qubits[i]]) + 4, digit);
    }
    return qhm_svg_label_release(&label);
}

static void put_control(const struct picture *picture, double x, double y)
{
    qhm_text_print(picture->out, "<circle class=\"k\" cx=\"%.9g\" cy=\"%.9g\" r=\"4.5\"/>", x, y);
}

static void put_mark(const struct picture *picture, qhm_mark mark, double x, double y)
{
    switch (mark) {
    case QHM_MARK_CONTROL:
        put_control(picture, x, y);
        break;
    case QHM_MARK_FLIP:
        qhm_text_print(picture->out,
                       "<circle cx=\"%.9g\" cy=\"%.9g\" r=\"10\"/>"
                       "<path class=\"o\" d=\"M%.9g %.9gh20m-10 -10v20\"/>",
                       x, y, x - 10, y);
        break;
    case QHM_MARK_SWAP:
        qhm_text_print(picture->out,
                       "<path class=\"o\" stroke-width=\"2\" d=\"M%.9g %.9gl12 12m0 -12l-12 12\"/>",
                       x - 6, y - 6);
        break;
    case QHM_MARK_BOX:
    case QHM_MARK_BARRIER:
    case QHM_MARK_LOOP:
    case QHM_MARK_NONE:
        break;
    }
}

static void put_marks(const struct picture *picture, const qhm_layout_item *item, double x)
{
    const qhm_instruction *instruction = item->instruction;
    uint32_t controls = qhm_instruction_control_count(instruction);
    qhm_mark mark = qhm_instruction_mark(instruction);
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        double y = y_of(picture, picture->layout.line_of_qubit[instruction->qubits[i]]);
        if (i < controls)
            put_control(picture, x, y);
        else if (instruction->gate == QHM_GATE_MEASURE)
            put_meter(picture, x, y);
        else
            put_mark(picture, mark, x, y);
    }
}

static void put_barrier(const struct picture *picture, const qhm_layout_item *item, double x)
{
    const qhm_instruction *instruction = item->instruction;
    qhm_text_append(picture->out, "<path class=\"x\" d=\"");
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        uint32_t line = picture->layout.line_of_qubit[instruction->qubits[i]];
        if (line != UINT32_MAX)
            qhm_text_print(picture->out, "M%.9g %.9gv%d", x, y_of(picture, line) - PITCH / 2.0,
                           PITCH);
    }
    qhm_text_append(picture->out, "\"/>\n");
}

// A double line is a broad one with a narrow one of the background over it.
static void put_double(const struct picture *picture, const char *path)
{
    qhm_text_print(picture->out, "<path class=\"d\" d=\"%s\"/><path class=\"e\" d=\"%s\"/>", path,
                   path);
}

static void put_bit_link(const struct picture *picture, const qhm_layout_item *item, double x,
                         double from, uint32_t last)
{
    const qhm_instruction *instruction = item->instruction;
    const qhm_circuit_layout *layout = &picture->layout;
    bool has_arrow = qhm_gate_is_measurement(instruction->gate);
    uint32_t written = has_arrow ? layout->line_of_bit[instruction->bit] : UINT32_MAX;
    has_arrow = has_arrow && !qhm_layout_has_bit_box(layout, item, written);
    char path[96];
    double to = y_of(picture, last) - (has_arrow && written == last ? 9 : 0);
    snprintf(path, sizeof path, "M%d %dV%d", (int)x, (int)from, (int)to);
    put_double(picture, path);
    if (!has_arrow)
        return;
    double y = y_of(picture, written);
    qhm_text_print(picture->out, "<path class=\"a\" d=\"M%.9g %.9gl-5.5 -9h11z\"/>", x, y - 1.5);
    const qhm_layout_line *row = &layout->lines[written];
    if (row->is_single)
        return;
    char digits[16];
    snprintf(digits, sizeof digits, "%u", instruction->bit - row->first);
    put_text(picture, "m l", x + 8, y - 6, digits);
}

static qhm_status put_pills(const struct picture *picture, const qhm_layout_item *item, double x)
{
    const qhm_circuit_layout *layout = &picture->layout;
    uint32_t line = (uint32_t)layout->qubit_line_count;
    for (line = item->first > line ? item->first : line; line <= item->last; line++) {
        if (!qhm_layout_has_bit_box(layout, item, line))
            continue;
        qhm_text label = {0};
        qhm_label_bits(layout, item, line, false, &label);
        double width = (double)qhm_svg_pill_width(&label), y = y_of(picture, line);
        put_rectangle(picture, " class=\"p\" rx=\"12\"", x - width / 2, y - PILL / 2.0,
                      x + width / 2, y + PILL / 2.0);
        qhm_text_print(picture->out, "<text style=\"font-size:12px\" x=\"%.9g\" y=\"%.9g\">", x,
                       y + 4.5);
        qhm_text_append_markup(picture->out, bytes_of(&label));
        qhm_text_append(picture->out, "</text>");
        qhm_text_release_part(picture->out, &label);
    }
    return picture->out->status;
}

static qhm_status put_loop(const struct picture *picture, const qhm_layout_item *item)
{
    bool has_qubits = item->first_qubit <= item->last_qubit;
    if (!has_qubits && item->instruction->gate == QHM_GATE_WHILE)
        return QHM_OK; // its pill says it
    qhm_svg_label label = qhm_svg_label_of(&picture->layout, item->instruction);
    put_box(picture, item, has_qubits ? item->first_qubit : item->first,
            has_qubits ? item->last_qubit : item->last, &label);
    return qhm_svg_label_release(&label);
}

static qhm_status put_item(const struct picture *picture, const qhm_layout_item *item)
{
    double x = column_x(picture, item->column);
    qhm_mark mark = qhm_instruction_mark(item->instruction);
    if (mark == QHM_MARK_BARRIER) {
        put_barrier(picture, item, x);
        return QHM_OK;
    }
    bool has_qubits = item->first_qubit <= item->last_qubit;
    uint32_t last_qubit = has_qubits ? item->last_qubit : item->first;
    qhm_text_print(picture->out, "<g class=\"f%d\">", (int)qhm_svg_family_of(item->instruction));
    uint32_t last = qhm_layout_last_bit_line(&picture->layout, item);
    if (last != UINT32_MAX && last > last_qubit)
        put_bit_link(picture, item, x, y_of(picture, last_qubit), last);
    if (has_qubits && mark != QHM_MARK_LOOP && item->first_qubit < last_qubit)
        qhm_text_print(picture->out, "<path d=\"M%.9g %.9gV%.9g\"/>", x,
                       y_of(picture, item->first_qubit), y_of(picture, last_qubit));
    if (mark == QHM_MARK_BOX && item->instruction->gate != QHM_GATE_MEASURE)
        QHM_TRY(put_boxes(picture, item, x));
    put_marks(picture, item, x);
    if (mark == QHM_MARK_LOOP)
        QHM_TRY(put_loop(picture, item));
    QHM_TRY(put_pills(picture, item, x));
    qhm_text_append(picture->out, "</g>\n");
    return picture->out->status;
}

// Shades the loops that reach into the columns [first, last), the outer ones first.
static void put_loop_shades(struct picture *picture, size_t first, size_t last, double right)
{
    const qhm_circuit_layout *layout = &picture->layout;
    for (size_t i = layout->column_items[first]; i < layout->column_items[last]; i++)
        if (layout->items[layout->order[i]].instruction->gate == QHM_GATE_WHILE)
            picture->open[picture->open_count++] = layout->order[i];
    size_t kept = 0;
    for (size_t i = 0; i < picture->open_count; i++) {
        const qhm_layout_item *item = &layout->items[picture->open[i]];
        const qhm_layout_item *end = &layout->items[item->partner];
        bool goes_on = end == item || end->column >= last; // an open loop is its own partner
        double from = item->column >= first ? column_x(picture, item->column) : picture->left;
        double to = goes_on ? right : column_x(picture, end->column);
        bool has_qubits = item->first_qubit <= item->last_qubit;
        put_rectangle(
            picture, " class=\"r\" rx=\"5\"", from,
            y_of(picture, has_qubits ? item->first_qubit : item->first) - QHM_SVG_BOX / 2.0, to,
            y_of(picture, has_qubits ? item->last_qubit : item->last) + QHM_SVG_BOX / 2.0);
        if (goes_on)
            picture->open[kept++] = picture->open[i];
    }
    picture->open_count = kept;
}

static void put_wires(const struct picture *picture, double right)
{
    const qhm_circuit_layout *layout = &picture->layout;
    qhm_text_append(picture->out, "<path class=\"w\" d=\"");
    for (size_t line = 0; line < layout->qubit_line_count; line++)
        qhm_text_print(picture->out, "M%.9g %.9gH%.9g", picture->left, y_of(picture, line), right);
    qhm_text_append(picture->out, "\"/>\n");
    for (size_t line = layout->qubit_line_count; line < layout->line_count; line++) {
        char path[96];
        snprintf(path, sizeof path, "M%d %dH%d", (int)picture->left, (int)y_of(picture, line),
                 (int)right);
        put_double(picture, path);
        qhm_text_append(picture->out, "\n");
    }
}

// Room beside a name: a qubit's first state, or the number of a register's bits.
static double aside_width(const qhm_layout_line *row)
{
    return row->is_bits && row->count > 99 ? 40 : 24;
}

static void put_line_labels(const struct picture *picture, bool is_first)
{
    const qhm_circuit_layout *layout = &picture->layout;
    for (size_t line = 0; line < layout->line_count; line++) {
        const qhm_layout_line *row = &layout->lines[line];
        double y = y_of(picture, line);
        qhm_text label = {0};
        qhm_svg_line_label(row, &label);
        double right = picture->left - 8;
        char aside[16] = "|0⟩"; // of bits their number
        if (row->is_bits)
            snprintf(aside, sizeof aside, "/%u", row->count);
        if (row->is_bits ? !row->is_single : is_first)
            put_text(picture, "m n", right, y + 4, aside);
        put_text(picture, "n", right - aside_width(row), y + 4.5, bytes_of(&label));
        qhm_text_release_part(picture->out, &label);
        qhm_text_append(picture->out, "\n");
    }
}

static qhm_status put_band(struct picture *picture, size_t first, size_t last, double right)
{
    const qhm_circuit_layout *layout = &picture->layout;
    if (layout->column_count > 0)
        put_loop_shades(picture, first, last, right);
    put_wires(picture, right);
    put_line_labels(picture, first == 0);
    for (size_t i = last > 0 ? layout->column_items[first] : 0;
         last > 0 && i < layout->column_items[last]; i++)
        QHM_TRY(put_item(picture, &layout->items[layout->order[i]]));
    return picture->out->status;
}

static qhm_status find_lines(struct picture *picture)
{
    const qhm_circuit_layout *layout = &picture->layout;
    QHM_TRY(qhm_allocate(layout->line_count, sizeof *picture->y, &picture->y));
    QHM_TRY(qhm_allocate(layout->item_count, sizeof *picture->open, &picture->open));
    double y = 0, widest = 0;
    for (size_t line = 0; line < layout->line_count; line++) {
        const qhm_layout_line *row = &layout->lines[line];
        y += line == 0 ? 0 : row->is_bits ? BIT_PITCH : PITCH;
        picture->y[line] = y + PITCH / 2.0;
        qhm_text label = {0};
        qhm_svg_line_label(row, &label);
        double width = qhm_svg_text_width(bytes_of(&label), 14) + aside_width(row);
        widest = fmax(widest, width);
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    picture->band_height = y + PITCH;
    picture->left = MARGIN + ceil(widest) + 10;
    return QHM_OK;
}

static void put_caption(const struct picture *picture, size_t first, size_t last)
{
    char text[96];
    if (last - first > 1)
        snprintf(text, sizeof text, "columns %zu–%zu of %zu", first + 1, last,
                 picture->layout.column_count);
    else
        snprintf(text, sizeof text, "column %zu of %zu", first + 1, picture->layout.column_count);
    put_text(picture, "m l", MARGIN, picture->top - 8, text);
    qhm_text_append(picture->out, "\n");
}

static void put_note(struct picture *picture,
                     void (*print)(const qhm_circuit_layout *, size_t, qhm_text *), size_t drawn)
{
    qhm_text note = {0};
    print(&picture->layout, drawn, &note);
    picture->width = fmax(picture->width, MARGIN * 2 + qhm_svg_text_width(bytes_of(&note), 11));
    put_text(picture, "m l", MARGIN, picture->top + 12, bytes_of(&note));
    qhm_text_append(picture->out, "\n");
    qhm_text_release_part(picture->out, &note);
    picture->top += 20;
}

static void print_idle(const qhm_circuit_layout *layout, size_t drawn, qhm_text *text)
{
    (void)drawn;
    qhm_label_idle(layout, text);
}

// Draws all bands below each other; afterwards picture->top is the height, picture->width the
// width.
static qhm_status put_bands(struct picture *picture, double room, bool all)
{
    qhm_circuit_layout *layout = &picture->layout;
    QHM_TRY(find_lines(picture));
    room -= picture->left + MARGIN;
    picture->measures.room = room > 0 ? (size_t)room : 0;
    picture->top = MARGIN / 2.0;
    if (layout->idle_count > 0)
        put_note(picture, print_idle, 0);
    size_t first = 0, last, width, drawn = 0;
    do {
        QHM_TRY(qhm_circuit_layout_band(layout, &picture->measures, first, &last, &width));
        double right = picture->left + (double)width;
        picture->width = fmax(picture->width, right + MARGIN);
        picture->top += first > 0 ? BAND_SPACE : 0;
        if (first > 0 || last < layout->column_count) {
            picture->top += CAPTION;
            put_caption(picture, first, last);
        }
        QHM_TRY(put_band(picture, first, last, right));
        picture->top += picture->band_height;
        drawn += layout->line_count +
                 (last > 0 ? layout->column_items[last] - layout->column_items[first] : 0);
        first = last;
        if (all)
            QHM_TRY(qhm_circuit_layout_check_size(layout, first, picture->out->length));
    } while (first < layout->column_count && (all || drawn < MOST_DRAWN));
    if (first < layout->column_count)
        put_note(picture, qhm_label_rest, first);
    picture->top += MARGIN / 2.0;
    return picture->out->status;
}

static void put_frame(const struct picture *picture, const qhm_text *body, qhm_text *out)
{
    const qhm_circuit *circuit = picture->layout.circuit;
    double width = ceil(picture->width), height = ceil(picture->top);
    qhm_text_print(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qhm-circuit\" role=\"img\" "
                   "width=\"%.9g\" height=\"%.9g\" viewBox=\"0 0 %.9g %.9g\">\n"
                   "<title>Quantum circuit on %zu qubit%s</title>\n"
                   "<desc>%zu qubits, %zu classical bits, %zu operations in %zu columns.</desc>\n",
                   width, height, width, height, circuit->qubit_count,
                   circuit->qubit_count == 1 ? "" : "s", circuit->qubit_count, circuit->bit_count,
                   circuit->instruction_count, picture->layout.column_count);
    qhm_text_append(out, qhm_svg_circuit_style());
    qhm_text_append(out, "<rect class=\"bg\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
    qhm_text_append_bytes(out, bytes_of(body), body->length);
    qhm_text_append(out, "</svg>\n");
}

qhm_status qhm_circuit_draw_svg(const qhm_circuit *circuit, const qhm_draw_options *options,
                                char **text)
{
    QHM_REQUIRE(circuit && text, "qhm_circuit_draw_svg needs a circuit and a place for the text");
    bool all = options && options->all;
    size_t width = options && options->width > 0 ? options->width : DEFAULT_WIDTH;
    qhm_text body = {0}, out = {0};
    struct picture picture = {.measures = {.measure = qhm_svg_measure, .gap = GAP}, .out = &body};
    qhm_status status = qhm_circuit_layout_create(circuit, all, &picture.layout);
    if (status == QHM_OK)
        status = put_bands(&picture, (double)width, all);
    if (status == QHM_OK)
        put_frame(&picture, &body, &out);
    qhm_text_release(&body);
    qhm_release(picture.y);
    qhm_release(picture.open);
    qhm_circuit_layout_release(&picture.layout);
    return status == QHM_OK ? qhm_text_take(&out, text) : status;
}
