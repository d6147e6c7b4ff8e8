// The break-even plot: seconds of a row by the size of the slot, and where the sides cross.
#include "experiment/report_internal.h"

#include "base/memory.h"
#include "base/svg.h"

#include <math.h>

// What is drawn of a side: its law, of chips with errors or without, or else its points.
static const qhm_report_size *choose(const qhm_report_side *side, bool is_errorless, size_t *count)
{
    const bool has_errorless = is_errorless && side->is_chip;
    const bool has_curve = side->curve_count > 0;
    *count = has_errorless ? side->errorless_count
             : has_curve   ? side->curve_count
                           : side->point_count;
    return has_errorless ? side->errorless : has_curve ? side->curve : side->points;
}

// Beyond it nothing happens: a million, or well after the last crossing.
static double find_largest(const qhm_report_task *task, bool is_errorless)
{
    double largest = 0x1p20;
    for (size_t i = 0; i < task->side_count; i++) {
        const qhm_report_side *side = &task->sides[i];
        const double from = is_errorless ? side->errorless_from : side->from;
        if (side->is_chip && 16 * from > largest)
            largest = 16 * from;
    }
    return largest;
}

static qhm_status print_chart(const qhm_report_task *task, bool is_errorless, qhm_text *out)
{
    const double largest = find_largest(task, is_errorless);
    size_t total = 0, count;
    for (size_t i = 0; i < task->side_count; i++) {
        (void)choose(&task->sides[i], is_errorless, &count);
        total += count;
    }
    double *numbers = NULL;
    qhm_svg_series *series = NULL;
    qhm_status status = qhm_allocate(2 * total, sizeof *numbers, &numbers);
    if (status == QHM_OK)
        status = qhm_allocate(task->side_count, sizeof *series, &series);
    double *next = numbers;
    for (size_t i = 0; i < task->side_count && status == QHM_OK; i++) {
        const qhm_report_size *sizes = choose(&task->sides[i], is_errorless, &count);
        double *x = next, *y = x + count;
        next = y + count;
        for (size_t k = 0; k < count; k++) {
            x[k] = sizes[k].size <= largest ? log10(sizes[k].size) : (double)NAN;
            y[k] = log10(sizes[k].seconds);
        }
        series[i] = (qhm_svg_series){.name = qhm_report_text(task->sides[i].name),
                                     .x = x,
                                     .y = y,
                                     .count = count,
                                     .colour = i};
    }
    if (status == QHM_OK)
        qhm_svg_print_line_chart(
            &(qhm_svg_line_chart){.title = "Seconds of a row by the size of the slot",
                                  .x_label = "n, as powers of ten",
                                  .y_label = "seconds of a row, as powers of ten",
                                  .series = series,
                                  .series_count = task->side_count},
            out);
    qhm_release(series);
    qhm_release(numbers);
    return status;
}

static void print_side(const qhm_report_side *side, size_t index, qhm_text *out)
{
    qhm_text_print(out, "<li><span class=\"swatch c%zu\"></span><b>", index % QHM_SVG_COLOURS);
    qhm_text_append_markup(out, qhm_report_text(side->name));
    qhm_text_append(out, "</b> ");
    qhm_text_append_markup(out, qhm_report_text(side->note));
    qhm_text_append(out, "</li>\n");
}

void qhm_report_print_sides(const qhm_report_task *task, qhm_report_page *page)
{
    static const char *const captions[] = {
        "<b>With errors</b> Chips as they are: damped values take 1/success² times the shots.",
        "<b>Without</b> The same if errors cost nothing."};
    qhm_text *out = page->out;
    if (task->side_count == 0)
        return;
    qhm_text_append(out,
                    "<h3>Where a chip would win</h3>\n<p>Seconds of the slot's module alone, for "
                    "one row of n numbers: a classical module, the circuit on n qubits simulated, "
                    "and the circuit on chips, among many rows of one job. Beyond the sizes that "
                    "were timed or compiled the curves are laws through them, as if a chip had as "
                    "many qubits. What n numbers are good for is another question.</p>\n"
                    "<div class=\"figures\">\n");
    for (size_t i = 0; i < 2; i++) {
        qhm_text_print(out, "<figure><figcaption>%s</figcaption>\n", captions[i]);
        const qhm_status status = print_chart(task, i == 1, out);
        if (status != QHM_OK)
            page->status = status;
        qhm_text_append(out, "</figure>\n");
    }
    qhm_text_append(out, "</div>\n<ul>\n");
    for (size_t i = 0; i < task->side_count; i++)
        print_side(&task->sides[i], i, out);
    qhm_text_append(out, "</ul>\n");
}
