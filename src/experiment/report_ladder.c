// The noise ladder of a task: what each way to run the trained circuits leaves of the score.
#include "experiment/report_internal.h"

#include "base/memory.h"
#include "base/svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// "willow", "willow, mitigated".
static void print_name(const qhm_report_rung *rung, char *name, size_t size)
{
    const bool is_mitigated = qhm_report_text(rung->mitigation)[0] != '\0';
    snprintf(name, size, "%s%s", qhm_report_text(rung->device), is_mitigated ? ", mitigated" : "");
}

// Rungs of one model follow each other; returns the first of the next.
static size_t end_of_model(const qhm_report_task *task, size_t first)
{
    size_t end = first;
    while (end < task->rung_count && strcmp(qhm_report_text(task->rungs[end].model),
                                            qhm_report_text(task->rungs[first].model)) == 0)
        end++;
    return end;
}

static void print_chart(const qhm_report_task *task, size_t first, size_t end,
                        qhm_report_page *page)
{
    typedef char rung_name[160];
    rung_name *names = NULL;
    qhm_svg_row *rows = NULL;
    qhm_status status = qhm_allocate(end - first, sizeof *names, &names);
    if (status == QHM_OK)
        status = qhm_allocate(end - first, sizeof *rows, &rows);
    size_t count = 0;
    for (size_t i = first; i < end && status == QHM_OK; i++) {
        if (!isfinite(task->rungs[i].metric.mean))
            continue;
        print_name(&task->rungs[i], names[count], sizeof *names);
        rows[count] = (qhm_svg_row){
            .name = names[count], .value = task->rungs[i].metric, .colour = i - first};
        count++;
    }
    if (status != QHM_OK)
        page->status = status;
    if (count > 0) {
        const qhm_svg_mark chance = {task->chance, "chance"};
        qhm_text_append(page->out, "<figure><figcaption><b>");
        qhm_text_append_markup(page->out, qhm_report_text(task->rungs[first].model));
        qhm_text_append(page->out, "</b> The same trained models on each device, mean and 95 % "
                                   "interval over resamples.</figcaption>\n");
        qhm_svg_print_interval_chart(
            &(qhm_svg_interval_chart){.title = "Score on each device, with interval",
                                      .x_label = qhm_report_text(task->metric),
                                      .rows = rows,
                                      .row_count = count,
                                      .marks = &chance,
                                      .mark_count = isfinite(task->chance) ? 1 : 0},
            page->out);
        qhm_text_append(page->out, "</figure>\n");
    }
    qhm_release(names);
    qhm_release(rows);
}

static void print_count(double value, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    qhm_report_whole(value, out);
    qhm_text_append(out, "</td>");
}

static void print_shots(const qhm_report_rung *rung, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    if (rung->shots == 0)
        qhm_text_append(out, "exact");
    else
        qhm_report_whole(rung->shots, out);
    if (isfinite(rung->kept_share))
        qhm_text_print(out, "<small>%.3g %% kept</small>", 100 * rung->kept_share);
    qhm_text_append(out, "</td>");
}

static void print_rung(const qhm_report_rung *rung, qhm_text *out)
{
    qhm_text_append(out, "<tr><th scope=\"row\">");
    qhm_text_append_markup(out, qhm_report_text(rung->device));
    if (qhm_report_text(rung->mitigation)[0] != '\0') {
        qhm_text_append(out, "<small>mitigated: ");
        qhm_text_append_markup(out, rung->mitigation);
        qhm_text_append(out, "</small>");
    }
    if (qhm_report_text(rung->note)[0] != '\0') {
        qhm_text_append(out, "</th><td class=\"text\" colspan=\"8\">");
        qhm_text_append_markup(out, rung->note);
        qhm_text_append(out, "</td></tr>\n");
        return;
    }
    qhm_text_append(out, "</th><td>");
    qhm_report_interval(rung->metric, 3, out);
    qhm_text_append(out, "</td>");
    print_shots(rung, out);
    print_count(rung->qubits, out);
    print_count(rung->two_qubit_gates, out);
    qhm_report_quantity(rung->duration_seconds, "s", out);
    qhm_text_append(out, "<td>");
    qhm_svg_append_value(rung->success, 3, out);
    qhm_text_append(out, "</td>");
    qhm_report_quantity(rung->seconds, "s", out);
    qhm_report_quantity(rung->joules, "J", out);
    qhm_text_append(out, "</tr>\n");
}

static void print_table(const qhm_report_task *task, size_t first, size_t end, qhm_text *out)
{
    qhm_text_append(out, "<h4>");
    qhm_text_append_markup(out, qhm_report_text(task->rungs[first].model));
    qhm_text_append(out, "</h4>\n<div class=\"wide\"><table>\n<thead><tr>"
                         "<th scope=\"col\">device</th><th scope=\"col\">");
    qhm_text_append_markup(out, qhm_report_text(task->metric));
    qhm_text_append(out, "</th><th scope=\"col\">shots a row</th><th scope=\"col\">qubits</th>"
                         "<th scope=\"col\">two-qubit gates</th><th scope=\"col\">one shot</th>"
                         "<th scope=\"col\">expected success</th>"
                         "<th scope=\"col\">time a row</th><th scope=\"col\">energy a row</th>"
                         "</tr></thead>\n<tbody>\n");
    for (size_t i = first; i < end; i++)
        print_rung(&task->rungs[i], out);
    qhm_text_append(out, "</tbody></table></div>\n");
}

bool qhm_report_rung_is_telling(const qhm_report_task *task, size_t index)
{
    const qhm_report_rung *rung = &task->rungs[index];
    bool is_telling = qhm_report_text(rung->provenance)[0] != '\0';
    for (size_t k = 0; k < index && is_telling; k++)
        is_telling =
            qhm_report_text(task->rungs[k].provenance)[0] == '\0' ||
            strcmp(qhm_report_text(task->rungs[k].device), qhm_report_text(rung->device)) != 0;
    return is_telling;
}

// What nobody measured, for each device once.
static void print_provenance(const qhm_report_task *task, qhm_text *out)
{
    bool has_begun = false;
    for (size_t i = 0; i < task->rung_count; i++) {
        if (!qhm_report_rung_is_telling(task, i))
            continue;
        if (!has_begun)
            qhm_text_append(out, "<p>What of the devices' figures was not measured, but decides "
                                 "these results:</p>\n<ul>\n");
        has_begun = true;
        qhm_text_append(out, "<li><b>");
        qhm_text_append_markup(out, qhm_report_text(task->rungs[i].device));
        qhm_text_append(out, "</b> ");
        qhm_text_append_markup(out, task->rungs[i].provenance);
        qhm_text_append(out, "</li>\n");
    }
    if (has_begun)
        qhm_text_append(out, "</ul>\n");
}

// Which chip each quantum layer got on the rung "placed", and why.
static void print_placements(const qhm_report_task *task, qhm_text *out)
{
    if (task->placement_count == 0)
        return;
    qhm_text_append(out, "<h4>Where each quantum layer is placed</h4>\n<div class=\"wide\"><table>"
                         "\n<thead><tr><th scope=\"col\">layer</th><th scope=\"col\">device</th>"
                         "<th scope=\"col\">expected success</th>"
                         "<th scope=\"col\">time a row</th><th scope=\"col\">energy a row</th>"
                         "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < task->placement_count; i++) {
        const qhm_report_placement *placement = &task->placements[i];
        qhm_text_append(out, "<tr><th scope=\"row\">");
        qhm_text_append_markup(out, qhm_report_text(placement->layer));
        qhm_text_append(out, "<small>");
        qhm_text_append_markup(out, qhm_report_text(placement->model));
        qhm_text_append(out, "</small></th><td>");
        qhm_text_append_markup(out, qhm_report_text(placement->device));
        qhm_text_append(out, "</td><td>");
        qhm_svg_append_value(placement->success, 3, out);
        qhm_text_append(out, "</td>");
        qhm_report_quantity(placement->seconds, "s", out);
        qhm_report_quantity(placement->joules, "J", out);
        qhm_text_append(out, "</tr>\n");
    }
    qhm_text_append(out, "</tbody></table></div>\n<ul>\n");
    for (size_t i = 0; i < task->placement_count; i++) {
        const qhm_report_placement *placement = &task->placements[i];
        qhm_text_append(out, "<li><b>");
        qhm_text_append_markup(out, qhm_report_text(placement->layer));
        qhm_text_append(out, "</b> of ");
        qhm_text_append_markup(out, qhm_report_text(placement->model));
        qhm_text_append(out, " ");
        qhm_text_append_markup(out, qhm_report_text(placement->reason));
        qhm_text_append(out, "</li>\n");
    }
    qhm_text_append(out, "</ul>\n");
}

void qhm_report_print_ladder(const qhm_report_task *task, qhm_report_page *page)
{
    if (task->rung_count == 0)
        return;
    qhm_text_append(page->out, "<h3>The noise ladder</h3>\n<div class=\"figures\">\n");
    for (size_t first = 0; first < task->rung_count; first = end_of_model(task, first))
        print_chart(task, first, end_of_model(task, first), page);
    qhm_text_append(page->out, "</div>\n");
    for (size_t first = 0; first < task->rung_count; first = end_of_model(task, first))
        print_table(task, first, end_of_model(task, first), page->out);
    print_placements(task, page->out);
    print_provenance(task, page->out);
}
