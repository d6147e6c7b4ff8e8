// Confusion matrices as heat maps.
#include "base/svg_internal.h"

#include <math.h>
#include <stdio.h>

enum {
    LEFT = 130,
    TOP = 36,
    MAX_NUMBERED = 14 // beyond that, cells are too small for their counts
};

static size_t row_sum(const qhm_svg_heat_map *map, size_t row)
{
    size_t sum = 0;
    for (size_t column = 0; column < map->label_count; column++)
        sum += map->counts[row * map->label_count + column];
    return sum;
}

static void print_cell(const qhm_svg_heat_map *map, size_t row, size_t column, double side,
                       qhm_text *out)
{
    size_t count = map->counts[row * map->label_count + column], sum = row_sum(map, row);
    double share = sum > 0 ? (double)count / (double)sum : 0;
    double x = LEFT + side * (double)column, y = TOP + side * (double)row;
    qhm_text_append(out, "<g><title>");
    qhm_text_append_markup(out, map->labels[row]);
    qhm_text_append(out, " taken for ");
    qhm_text_append_markup(out, map->labels[column]);
    qhm_text_print(out, ": %zu of %zu</title><rect class=\"cell\"", count, sum);
    qhm_svg_attribute("x", x, out);
    qhm_svg_attribute("y", y, out);
    qhm_svg_attribute("width", side - 1, out);
    qhm_svg_attribute("height", side - 1, out);
    qhm_text_append(out, " opacity=\"");
    qhm_svg_number(0.06 + 0.94 * sqrt(share), 3, out); // the root, so that rare mistakes show
    qhm_text_append(out, "\"/>");
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", count);
    if (map->label_count <= MAX_NUMBERED && count > 0)
        qhm_svg_label(share > 0.3 ? "on-dark" : "", x + side / 2 - 0.5, y + side / 2 + 3.5,
                      "middle", digits, 8, out);
    qhm_text_append(out, "</g>\n");
}

static void print_labels(const qhm_svg_heat_map *map, double side, qhm_text *out)
{
    size_t every = side >= 14 ? 1 : (size_t)ceil(14 / side);
    for (size_t i = 0; i < map->label_count; i += every) {
        double middle = side * ((double)i + 0.5);
        char digits[24];
        snprintf(digits, sizeof digits, "%zu", i + 1);
        qhm_svg_label("soft", LEFT + middle, TOP - 5, "middle", digits, 8, out);
        qhm_svg_label("soft", LEFT - 6, TOP + middle + 3.5, "end", digits, 8, out);
        qhm_svg_label("", LEFT - 24, TOP + middle + 3.5, "end", map->labels[i], 17, out);
    }
    qhm_svg_label("soft", LEFT, 12, "start", map->column_label, 60, out);
    qhm_svg_label("soft", 0, 12, "start", map->row_label, 30, out);
}

void qhm_svg_print_heat_map(const qhm_svg_heat_map *map, qhm_text *out)
{
    if (map->label_count == 0) {
        qhm_svg_print_nothing(map->title, out);
        return;
    }
    double side = fmin(34, (double)(QHM_SVG_WIDTH - LEFT) / (double)map->label_count);
    qhm_svg_open(map->title, TOP + side * (double)map->label_count + 4, out);
    print_labels(map, side, out);
    for (size_t row = 0; row < map->label_count; row++)
        for (size_t column = 0; column < map->label_count; column++)
            print_cell(map, row, column, side, out);
    qhm_svg_close(out);
}
