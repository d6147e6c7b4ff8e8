// Yield on the page: what is left of score and success when parts of a chip are dead.
#include "experiment/report_internal.h"

#include "base/memory.h"
#include "base/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return strcmp(qhm_report_text(a), qhm_report_text(b)) == 0;
}

// Entries of one model, and of one device of it, follow each other; returns the first of the next.
static size_t end_of(const qhm_report_task *task, size_t first, bool is_device)
{
    const qhm_report_yield *yields = task->yields;
    size_t end = first;
    while (end < task->yield_count && is_same(yields[end].model, yields[first].model) &&
           (!is_device || is_same(yields[end].device, yields[first].device)))
        end++;
    return end;
}

static int compare_yields(const void *a, const void *b)
{
    const double left = (*(const qhm_report_yield *const *)a)->yield,
                 right = (*(const qhm_report_yield *const *)b)->yield;
    return (left > right) - (left < right);
}

// One device's line: x, y, lower and upper, each [count], after each other in `room`.
static void fill_series(const qhm_report_task *task, size_t first, size_t end, bool is_metric,
                        const qhm_report_yield **sorted, double *room, qhm_svg_series *series)
{
    const size_t count = end - first;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &task->yields[first + i];
    qsort(sorted, count, sizeof *sorted, compare_yields);
    for (size_t i = 0; i < count; i++) {
        const qhm_interval value = is_metric ? sorted[i]->metric : sorted[i]->success;
        room[i] = sorted[i]->yield;
        room[count + i] = value.mean;
        room[2 * count + i] = value.lower;
        room[3 * count + i] = value.upper;
    }
    *series = (qhm_svg_series){.name = qhm_report_text(task->yields[first].device),
                               .x = room,
                               .y = room + count,
                               .lower = room + 2 * count,
                               .upper = room + 3 * count,
                               .count = count};
}

static void print_chart(const qhm_report_task *task, size_t first, size_t end, bool is_metric,
                        qhm_report_page *page)
{
    qhm_svg_series *series = NULL;
    const qhm_report_yield **sorted = NULL;
    double *room = NULL;
    size_t count = 0;
    qhm_status status = qhm_allocate(end - first, sizeof *series, &series);
    if (status == QHM_OK)
        status = qhm_allocate(end - first, sizeof *sorted, &sorted);
    if (status == QHM_OK)
        status = qhm_allocate(4 * (end - first), sizeof *room, &room);
    for (size_t i = first, next; i < end && status == QHM_OK; i = next, count++) {
        next = end_of(task, i, true);
        fill_series(task, i, next, is_metric, sorted, room + 4 * (i - first), &series[count]);
        series[count].colour = count;
    }
    if (status != QHM_OK)
        page->status = status;
    qhm_text_append(page->out, "<figure><figcaption><b>");
    qhm_text_append_markup(page->out, qhm_report_text(task->yields[first].model));
    qhm_text_append(page->out, is_metric ? "</b> The score on chips of which a share of the qubits "
                                           "and couplers works"
                                         : "</b> The success that those chips promise");
    qhm_text_append(page->out, ", mean and range over samples that the circuit fits on."
                               "</figcaption>\n");
    qhm_svg_print_line_chart(
        &(qhm_svg_line_chart){.title = is_metric ? "Score against yield" : "Success against yield",
                              .x_label = "yield of qubits and couplers",
                              .y_label =
                                  is_metric ? qhm_report_text(task->metric) : "expected success",
                              .series = series,
                              .series_count = count},
        page->out);
    qhm_text_append(page->out, "</figure>\n");
    qhm_release(series);
    qhm_release(sorted);
    qhm_release(room);
}

static void print_yield(const qhm_report_yield *yield, qhm_text *out)
{
    qhm_text_append(out, "<tr><th scope=\"row\">");
    qhm_text_append_markup(out, qhm_report_text(yield->device));
    qhm_text_print(out, "</th><td>%g</td><td>%zu of %zu</td><td>", yield->yield, yield->fitting,
                   yield->samples);
    qhm_report_interval(yield->success, 3, out);
    qhm_text_append(out, "</td><td>");
    qhm_report_interval(yield->metric, 3, out);
    qhm_text_append(out, "</td><td>");
    qhm_text_append_markup(out, qhm_report_text(yield->note));
    qhm_text_append(out, "</td></tr>\n");
}

static void print_table(const qhm_report_task *task, size_t first, size_t end, qhm_text *out)
{
    qhm_text_append(out, "<h4>");
    qhm_text_append_markup(out, qhm_report_text(task->yields[first].model));
    qhm_text_append(out, "</h4>\n<div class=\"wide\"><table>\n<thead><tr>"
                         "<th scope=\"col\">device</th><th scope=\"col\">yield</th>"
                         "<th scope=\"col\">fits on</th><th scope=\"col\">expected success</th>"
                         "<th scope=\"col\">");
    qhm_text_append_markup(out, qhm_report_text(task->metric));
    qhm_text_append(out, "</th><th scope=\"col\">where it does not fit</th></tr></thead>\n"
                         "<tbody>\n");
    for (size_t i = first; i < end; i++)
        print_yield(&task->yields[i], out);
    qhm_text_append(out, "</tbody></table></div>\n");
}

void qhm_report_print_yields(const qhm_report_task *task, qhm_report_page *page)
{
    if (task->yield_count == 0)
        return;
    qhm_text_append(page->out, "<h3>When parts of the chip are dead</h3>\n"
                               "<p>For every sample the circuits are compiled anew around the "
                               "dead qubits and couplers. Means, with the lowest and the highest "
                               "of the samples.</p>\n<div class=\"figures\">\n");
    for (size_t first = 0; first < task->yield_count; first = end_of(task, first, false)) {
        print_chart(task, first, end_of(task, first, false), true, page);
        print_chart(task, first, end_of(task, first, false), false, page);
    }
    qhm_text_append(page->out, "</div>\n");
    for (size_t first = 0; first < task->yield_count; first = end_of(task, first, false))
        print_table(task, first, end_of(task, first, false), page->out);
}
