// Circuits as text: a line a qubit, a line a classical bit, links between them, wrapped.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct glyphs {
    uint32_t wire, bit_wire;           // along a line
    uint32_t link, bit_link;           // between lines: a gate's, a classical one
    uint32_t cross, bit_cross;         // a link over a qubit's line
    uint32_t bit_line_cross;           // a classical link over a bit's line
    uint32_t control, flip, swap;      // marks on a line
    uint32_t written, if_one, if_zero; // marks on a bit's line
    uint32_t barrier, left, right;
};

static const struct glyphs rich_glyphs = {0x2500, 0x2550, 0x2502, 0x2551, 0x253c, 0x256b,
                                          0x256c, 0x25cf, 0x2295, 0x00d7, 0x2569, 0x25cf,
                                          0x25cb, 0x2591, 0x2524, 0x251c};
static const struct glyphs plain_glyphs = {'-', '=', '|', ':', '+', ':', ':', '@',
                                           'X', 'x', '^', '@', 'o', '#', '[', ']'};

// Where an instruction stands: its column, and the lines from first to last that it takes.
// Lines are qubits, then classical bits.
struct place {
    size_t column, first, last;
};

struct drawing {
    const qhm_circuit *circuit;
    const struct glyphs *glyphs;
    bool ascii;
    size_t line_count, column_count, label_width;
    struct place *places; // [instructions]
    size_t *widths;       // [column_count]
    size_t *starts;       // [column_count] x of each column in its band
    uint32_t *grid;       // the band being drawn: [2 * lines - 1][width]
    size_t grid_width;
};

static size_t text_width(const char *text)
{
    size_t width = 0;
    while (qhm_utf8_next(&text) != 0)
        width++;
    return width;
}

// What stands in a box on one target: the label, its angles, and which target it is.
static void print_label(const struct drawing *drawing, const qhm_instruction *instruction,
                        uint32_t target, qhm_text *text)
{
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    const qhm_gate_row *base = qhm_gate_table_row(row->base);
    if (!drawing->ascii)
        qhm_text_append(text, row->label);
    else if (instruction->gate == QHM_GATE_RESET)
        qhm_text_append(text, "|0>");
    else if (instruction->gate == QHM_GATE_MEASURE)
        qhm_text_append(text, row->label);
    else
        for (const char *c = base->information.name; *c; c++)
            qhm_text_print(text, "%c", toupper((unsigned char)*c));
    for (size_t i = 0; i < row->information.angle_count; i++) {
        qhm_text_append(text, i == 0 ? "(" : ", ");
        qhm_angle_print(&instruction->angles[i], drawing->ascii, text);
    }
    if (row->information.angle_count > 0)
        qhm_text_append(text, ")");
    if (qhm_instruction_target_count(instruction) > 1 && !row->is_symmetric)
        qhm_text_print(text, ":%u", target);
}

// The mark that stands for a target instead of a box; 0 for a box.
static uint32_t target_mark(const struct drawing *drawing, const qhm_instruction *instruction)
{
    qhm_gate base = qhm_gate_table_row(instruction->gate)->base;
    bool is_controlled = qhm_instruction_control_count(instruction) > 0;
    if (base == QHM_GATE_SWAP)
        return drawing->glyphs->swap;
    if (base == QHM_GATE_X && is_controlled)
        return drawing->glyphs->flip;
    if (base == QHM_GATE_Z && is_controlled)
        return drawing->glyphs->control;
    return instruction->gate == QHM_GATE_BARRIER ? drawing->glyphs->barrier : 0;
}

static size_t bit_line(const struct drawing *drawing, uint32_t bit)
{
    return drawing->circuit->qubit_count + bit;
}

static void stretch(struct place *place, size_t line)
{
    place->first = line < place->first ? line : place->first;
    place->last = line > place->last ? line : place->last;
}

static struct place find_lines(const struct drawing *drawing, const qhm_instruction *instruction)
{
    struct place place = {0, SIZE_MAX, 0};
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        stretch(&place, instruction->qubits[i]);
    const qhm_condition *condition = &instruction->condition;
    if (qhm_gate_writes_bit(instruction->gate))
        stretch(&place, bit_line(drawing, instruction->bit));
    for (uint32_t b = 0; b < condition->bit_count; b++)
        stretch(&place, bit_line(drawing, condition->first_bit + b));
    if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END) {
        stretch(&place, 0);
        stretch(&place, drawing->line_count - 1);
    }
    return place;
}

static qhm_status find_width(const struct drawing *drawing, const qhm_instruction *instruction,
                             size_t *width)
{
    *width = 1;
    if (target_mark(drawing, instruction) != 0)
        return QHM_OK;
    qhm_text label = {0};
    char *text;
    print_label(drawing, instruction, 0, &label);
    QHM_TRY(qhm_text_take(&label, &text));
    *width = text_width(text) + 2;
    qhm_release(text);
    return QHM_OK;
}

// Gives every instruction the first column where all lines that it takes are free.
static qhm_status lay_out(struct drawing *drawing)
{
    const qhm_circuit *circuit = drawing->circuit;
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *drawing->places, &drawing->places));
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *drawing->widths, &drawing->widths));
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *drawing->starts, &drawing->starts));
    size_t *free_from;
    QHM_TRY(qhm_allocate(drawing->line_count, sizeof *free_from, &free_from));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < circuit->instruction_count && status == QHM_OK; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        struct place place = find_lines(drawing, instruction);
        for (size_t line = place.first; line <= place.last; line++)
            if (free_from[line] > place.column)
                place.column = free_from[line];
        for (size_t line = place.first; line <= place.last; line++)
            free_from[line] = place.column + 1;
        drawing->places[i] = place;
        if (place.column >= drawing->column_count)
            drawing->column_count = place.column + 1;
        size_t width;
        status = find_width(drawing, instruction, &width);
        if (status == QHM_OK && width > drawing->widths[place.column])
            drawing->widths[place.column] = width;
    }
    qhm_release(free_from);
    return status;
}

static void put(const struct drawing *drawing, size_t row, size_t x, uint32_t glyph)
{
    drawing->grid[row * drawing->grid_width + x] = glyph;
}

static void draw_box(const struct drawing *drawing, size_t line, size_t column, const char *label)
{
    size_t width = text_width(label) + 2;
    size_t x = drawing->starts[column] + (drawing->widths[column] - width) / 2;
    put(drawing, 2 * line, x++, drawing->glyphs->left);
    for (uint32_t c = qhm_utf8_next(&label); c != 0; c = qhm_utf8_next(&label))
        put(drawing, 2 * line, x++, c);
    put(drawing, 2 * line, x, drawing->glyphs->right);
}

// A link in column x from below `first` to above `last`, crossing the lines between.
static void draw_link(const struct drawing *drawing, size_t x, size_t first, size_t last,
                      bool is_classical)
{
    const struct glyphs *glyphs = drawing->glyphs;
    for (size_t row = 2 * first + 1; row < 2 * last; row++) {
        bool is_bit = row / 2 >= drawing->circuit->qubit_count;
        uint32_t over_line = is_bit         ? glyphs->bit_line_cross
                             : is_classical ? glyphs->bit_cross
                                            : glyphs->cross;
        uint32_t between = is_classical ? glyphs->bit_link : glyphs->link;
        put(drawing, row, x, row % 2 == 0 ? over_line : between);
    }
}

static void draw_barrier(const struct drawing *drawing, const qhm_instruction *instruction,
                         const struct place *place, size_t x)
{
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        size_t line = instruction->qubits[i];
        put(drawing, 2 * line, x, drawing->glyphs->barrier);
        if (line < place->last)
            put(drawing, 2 * line + 1, x, drawing->glyphs->barrier);
    }
}

static qhm_status draw_instruction(const struct drawing *drawing, size_t index)
{
    const qhm_instruction *instruction = &drawing->circuit->instructions[index];
    struct place place = drawing->places[index];
    size_t x = drawing->starts[place.column] + (drawing->widths[place.column] - 1) / 2;
    if (instruction->gate == QHM_GATE_BARRIER) {
        draw_barrier(drawing, instruction, &place, x);
        return QHM_OK;
    }
    size_t last_qubit = place.first;
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        last_qubit = instruction->qubits[i] > last_qubit ? instruction->qubits[i] : last_qubit;
    draw_link(drawing, x, place.first, last_qubit, false);
    if (place.last > last_qubit)
        draw_link(drawing, x, last_qubit, place.last, true);
    if (instruction->gate == QHM_GATE_MEASURE)
        put(drawing, 2 * bit_line(drawing, instruction->bit), x, drawing->glyphs->written);
    const qhm_condition *condition = &instruction->condition;
    for (uint32_t b = 0; b < condition->bit_count; b++) {
        bool is_one = condition->value[b / 64] >> (b % 64) & 1;
        put(drawing, 2 * bit_line(drawing, condition->first_bit + b), x,
            is_one ? drawing->glyphs->if_one : drawing->glyphs->if_zero);
    }
    if (qhm_gate_is_classical(instruction->gate)) {
        bool is_set = instruction->gate == QHM_GATE_SET;
        draw_box(drawing, is_set ? bit_line(drawing, instruction->bit) : 0, place.column,
                 !is_set                  ? qhm_gate_information(instruction->gate)->name
                 : instruction->bit_value ? "1"
                                          : "0");
        return QHM_OK;
    }

    uint32_t controls = qhm_instruction_control_count(instruction);
    uint32_t mark = target_mark(drawing, instruction);
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        size_t line = instruction->qubits[i];
        if (i < controls || mark != 0) {
            put(drawing, 2 * line, x, i < controls ? drawing->glyphs->control : mark);
            continue;
        }
        qhm_text label = {0};
        char *text;
        print_label(drawing, instruction, i - controls, &label);
        QHM_TRY(qhm_text_take(&label, &text));
        draw_box(drawing, line, place.column, text);
        qhm_release(text);
    }
    return QHM_OK;
}

static void print_line_label(const struct drawing *drawing, size_t line, qhm_text *text)
{
    bool is_bit = line >= drawing->circuit->qubit_count;
    size_t before = text->length;
    qhm_text_print(text, "%c%zu:", is_bit ? 'c' : 'q',
                   is_bit ? line - drawing->circuit->qubit_count : line);
    while (text->status == QHM_OK && text->length - before < drawing->label_width)
        qhm_text_append(text, " ");
}

static void print_grid(const struct drawing *drawing, qhm_text *text)
{
    for (size_t row = 0; row < 2 * drawing->line_count - 1; row++) {
        const uint32_t *cells = drawing->grid + row * drawing->grid_width;
        size_t width = drawing->grid_width;
        while (width > 0 && cells[width - 1] == ' ')
            width--;
        if (row % 2 == 0)
            print_line_label(drawing, row / 2, text);
        else
            for (size_t i = 0; i < drawing->label_width && width > 0; i++)
                qhm_text_append(text, " ");
        for (size_t x = 0; x < width; x++)
            qhm_text_append_utf8(text, cells[x]);
        qhm_text_append(text, "\n");
    }
}

// Draws the columns [first, last) as one band of `width` cells.
static qhm_status draw_band(struct drawing *drawing, size_t first, size_t last, size_t width,
                            qhm_text *text)
{
    size_t rows = 2 * drawing->line_count - 1, cells;
    if (!qhm_multiply_size(rows, width, &cells))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "a drawing of %zu rows overflows", rows);
    QHM_TRY(qhm_allocate(cells, sizeof *drawing->grid, &drawing->grid));
    drawing->grid_width = width;
    for (size_t row = 0; row < rows; row++) {
        bool is_bit = row / 2 >= drawing->circuit->qubit_count;
        uint32_t along = is_bit ? drawing->glyphs->bit_wire : drawing->glyphs->wire;
        for (size_t x = 0; x < width; x++)
            put(drawing, row, x, row % 2 == 0 ? along : ' ');
    }
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < drawing->circuit->instruction_count && status == QHM_OK; i++)
        if (drawing->places[i].column >= first && drawing->places[i].column < last)
            status = draw_instruction(drawing, i);
    if (status == QHM_OK)
        print_grid(drawing, text);
    qhm_release(drawing->grid);
    drawing->grid = NULL;
    return status;
}

// One wire cell lies between columns and at both ends of a band.
static qhm_status draw_bands(struct drawing *drawing, size_t width, qhm_text *text)
{
    size_t room = width > drawing->label_width ? width - drawing->label_width : 0;
    size_t first = 0;
    do {
        size_t last = first, used = 1;
        while (last < drawing->column_count &&
               (last == first || used + drawing->widths[last] + 1 <= room)) {
            drawing->starts[last] = used;
            used += drawing->widths[last++] + 1;
        }
        if (first > 0)
            qhm_text_append(text, "\n");
        QHM_TRY(draw_band(drawing, first, last, used, text));
        first = last;
    } while (first < drawing->column_count);
    return QHM_OK;
}

qhm_status qhm_circuit_draw(const qhm_circuit *circuit, const qhm_draw_options *options,
                            char **text)
{
    QHM_REQUIRE(circuit && text, "qhm_circuit_draw needs a circuit and a place for the text");
    bool ascii = options && options->ascii;
    size_t width = options && options->width > 0 ? options->width : 100;
    struct drawing drawing = {.circuit = circuit,
                              .glyphs = ascii ? &plain_glyphs : &rich_glyphs,
                              .ascii = ascii,
                              .line_count = circuit->qubit_count + circuit->bit_count};
    char longest[32];
    size_t largest =
        circuit->qubit_count > circuit->bit_count ? circuit->qubit_count : circuit->bit_count;
    drawing.label_width = (size_t)snprintf(longest, sizeof longest, "q%zu: ", largest - 1);
    qhm_text drawn = {0};
    qhm_status status = lay_out(&drawing);
    if (status == QHM_OK)
        status = draw_bands(&drawing, width, &drawn);
    qhm_release(drawing.places);
    qhm_release(drawing.widths);
    qhm_release(drawing.starts);
    if (status != QHM_OK) {
        qhm_text_release(&drawn);
        return status;
    }
    return qhm_text_take(&drawn, text);
}
