// Cells, strokes that join, boxes.
#include "circuit/circuit_grid.h"

#include "circuit/circuit_labels.h"

size_t qhm_grid_text_width(const char *text)
{
    size_t width = 0;
    for (uint32_t c = qhm_utf8_next(&text); c != 0; c = qhm_utf8_next(&text))
        width += qhm_character_width(c);
    return width;
}

uint32_t *qhm_grid_cell(const qhm_grid *grid, size_t row, size_t x)
{
    return &grid->cells[row * grid->width + x];
}

void qhm_grid_add_strokes(const qhm_grid *grid, size_t row, size_t x, uint32_t strokes)
{
    uint32_t *at = qhm_grid_cell(grid, row, x);
    if (!(*at & QHM_GRID_CHARACTER))
        *at |= strokes;
}

void qhm_grid_put(const qhm_grid *grid, size_t row, size_t x, uint32_t character)
{
    *qhm_grid_cell(grid, row, x) = QHM_GRID_CHARACTER | character;
}

void qhm_grid_put_text(const qhm_grid *grid, size_t row, size_t x, const char *text)
{
    for (uint32_t c = qhm_utf8_next(&text); c != 0; c = qhm_utf8_next(&text)) {
        size_t width = qhm_character_width(c);
        if (width == 0)
            continue;
        qhm_grid_put(grid, row, x, c);
        if (width == 2)
            *qhm_grid_cell(grid, row, x + 1) = QHM_GRID_COVERED;
        x += width;
    }
}

// A link that comes from outside does not go on inside. Between two boxes only half of it is left.
static void end_link(uint32_t *at, uint32_t outside, uint32_t inside)
{
    if (*at & outside)
        *at &= ~inside;
}

void qhm_grid_draw_box(const qhm_grid *grid, const qhm_grid_box *box)
{
    size_t left = box->left, right = left + box->width - 1, top = box->top, bottom = box->bottom;
    for (size_t row = top + 1; row < bottom; row++) {
        for (size_t x = left; x <= right; x++)
            *qhm_grid_cell(grid, row, x) = 0;
        bool is_wire = row % 2 == 1;
        uint32_t to_left = box->is_on_bits ? QHM_GRID_DOUBLE_LEFT : QHM_GRID_LEFT;
        uint32_t to_right = box->is_on_bits ? QHM_GRID_DOUBLE_RIGHT : QHM_GRID_RIGHT;
        qhm_grid_add_strokes(grid, row, left, QHM_GRID_LINK | (is_wire ? to_left : 0));
        qhm_grid_add_strokes(grid, row, right, QHM_GRID_LINK | (is_wire ? to_right : 0));
    }
    const uint32_t up = QHM_GRID_UP | QHM_GRID_DOUBLE_UP;
    const uint32_t down = QHM_GRID_DOWN | QHM_GRID_DOUBLE_DOWN;
    for (size_t x = left + 1; x < right; x++) { // links end at the borders
        end_link(qhm_grid_cell(grid, top, x), up, down);
        end_link(qhm_grid_cell(grid, bottom, x), down, up);
        qhm_grid_add_strokes(grid, top, x, QHM_GRID_WIRE);
        qhm_grid_add_strokes(grid, bottom, x, QHM_GRID_WIRE);
    }
    qhm_grid_add_strokes(grid, top, left, QHM_GRID_DOWN | QHM_GRID_RIGHT);
    qhm_grid_add_strokes(grid, top, right, QHM_GRID_DOWN | QHM_GRID_LEFT);
    qhm_grid_add_strokes(grid, bottom, left, QHM_GRID_UP | QHM_GRID_RIGHT);
    qhm_grid_add_strokes(grid, bottom, right, QHM_GRID_UP | QHM_GRID_LEFT);
    size_t inside = qhm_grid_text_width(box->label);
    qhm_grid_put_text(grid, (top + bottom) / 2, right - 1 - inside, box->label);
}

static uint32_t stroke_glyph(uint32_t strokes, bool ascii, bool is_wire)
{
    static const struct {
        uint32_t strokes, glyph, plain;
    } rows[] = {
        {QHM_GRID_WIRE, 0x2500, '-'},
        {QHM_GRID_LINK, 0x2502, '|'},
        {QHM_GRID_BIT_WIRE, 0x2550, '='},
        {QHM_GRID_BIT_LINK, 0x2551, ':'},
        {QHM_GRID_DOWN | QHM_GRID_RIGHT, 0x250c, '+'},
        {QHM_GRID_DOWN | QHM_GRID_LEFT, 0x2510, '+'},
        {QHM_GRID_UP | QHM_GRID_RIGHT, 0x2514, '+'},
        {QHM_GRID_UP | QHM_GRID_LEFT, 0x2518, '+'},
        {QHM_GRID_LINK | QHM_GRID_RIGHT, 0x251c, '+'},
        {QHM_GRID_LINK | QHM_GRID_LEFT, 0x2524, '+'},
        {QHM_GRID_WIRE | QHM_GRID_DOWN, 0x252c, '+'},
        {QHM_GRID_WIRE | QHM_GRID_UP, 0x2534, '+'},
        {QHM_GRID_WIRE | QHM_GRID_LINK, 0x253c, '+'},
        {QHM_GRID_LINK | QHM_GRID_DOUBLE_RIGHT, 0x255e, '|'},
        {QHM_GRID_LINK | QHM_GRID_DOUBLE_LEFT, 0x2561, '|'},
        {QHM_GRID_WIRE | QHM_GRID_DOUBLE_DOWN, 0x2565, '+'},
        {QHM_GRID_WIRE | QHM_GRID_DOUBLE_UP, 0x2568, '+'},
        {QHM_GRID_WIRE | QHM_GRID_BIT_LINK, 0x256b, ':'},
        {QHM_GRID_BIT_WIRE | QHM_GRID_LINK, 0x256a, '|'},
        {QHM_GRID_BIT_WIRE | QHM_GRID_DOUBLE_DOWN, 0x2566, ':'},
        {QHM_GRID_BIT_WIRE | QHM_GRID_DOUBLE_UP, 0x2569, '^'},
        {QHM_GRID_BIT_WIRE | QHM_GRID_BIT_LINK, 0x256c, ':'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].strokes == strokes)
            return !ascii ? rows[i].glyph
                   : is_wire && (strokes & QHM_GRID_LINK) == QHM_GRID_LINK
                       ? '|' // the side of a box
                       : rows[i].plain;
    return strokes == 0 ? ' ' : '+';
}

bool qhm_grid_is_blank(const qhm_grid *grid, size_t row)
{
    for (size_t x = 0; x < grid->width; x++)
        if (*qhm_grid_cell(grid, row, x) != 0)
            return false;
    return true;
}

void qhm_grid_print_row(const qhm_grid *grid, size_t row, qhm_text *text)
{
    size_t width = grid->width;
    while (width > 0 && *qhm_grid_cell(grid, row, width - 1) == 0)
        width--;
    for (size_t x = 0; x < width; x++) {
        uint32_t c = *qhm_grid_cell(grid, row, x);
        if (c != QHM_GRID_COVERED)
            qhm_text_append_utf8(text, c & QHM_GRID_CHARACTER
                                           ? c - QHM_GRID_CHARACTER
                                           : stroke_glyph(c, grid->ascii, row % 2 == 1));
    }
}
