// A task's section: its verdict, plots, tables, confusion matrices and guards.
#include "experiment/report_internal.h"

#include "base/memory.h"
#include "base/svg.h"

#include <math.h>
#include <string.h>

static void print_setting(const char *name, double value, int decimals, qhm_text *out)
{
    if (!isfinite(value))
        return;
    qhm_text_print(out, "<div><dt>%s</dt><dd>", name);
    if (decimals == 0)
        qhm_report_whole(value, out);
    else
        qhm_svg_append_value(value, decimals, out);
    qhm_text_append(out, "</dd></div>\n");
}

static void print_settings(const qhm_report_task *task, qhm_text *out)
{
    qhm_text_append(out, "<dl class=\"facts\">\n<div><dt>judged by</dt><dd>");
    qhm_text_append_markup(out, qhm_report_text(task->metric));
    qhm_text_append(out, "</dd></div>\n");
    print_setting("chance", task->chance, 3, out);
    print_setting("margin δ", task->margin, 3, out);
    print_setting("smallest difference that could show", task->smallest_difference, 3, out);
    print_setting("resamples", (double)task->resamples, 0, out);
    print_setting("training rows", (double)task->training_rows, 0, out);
    print_setting("test rows", (double)task->test_rows, 0, out);
    if (task->classes > 0)
        print_setting("classes", (double)task->classes, 0, out);
    qhm_text_append(out, "</dl>\n");
}

static void open_figure(const char *title, const char *caption, qhm_text *out)
{
    qhm_text_print(out, "<figure><figcaption><b>%s</b> %s</figcaption>\n", title, caption);
}

static void print_intervals(const qhm_report_task *task, bool is_difference, qhm_report_page *page)
{
    qhm_svg_row *rows;
    qhm_status status = qhm_allocate(task->model_count, sizeof *rows, &rows);
    if (status != QHM_OK) {
        page->status = status;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < task->model_count; i++) {
        const qhm_report_model *model = &task->models[i];
        qhm_interval value = is_difference ? model->difference : model->metric;
        if (isfinite(value.mean))
            rows[count++] =
                (qhm_svg_row){.name = qhm_report_text(model->name), .value = value, .colour = i};
    }
    const qhm_svg_mark marks[] = {{0, "no difference"}, {task->margin, "margin δ"}};
    qhm_svg_interval_chart chart = {
        .title = is_difference ? "Difference to the hybrid for each model, with interval"
                               : "Score of each model, with interval",
        .x_label = is_difference ? "hybrid − model" : qhm_report_text(task->metric),
        .rows = rows,
        .row_count = count,
        .marks = marks,
        .mark_count = is_difference ? 2 : 0};
    if (count > 0) {
        if (is_difference)
            open_figure("How much better is the hybrid?",
                        "Difference on the same test rows, mean and 95 % interval over resamples. "
                        "Right of zero the hybrid is better.",
                        page->out);
        else
            open_figure("How good is each model?",
                        "Test rows, mean and 95 % interval over resamples.", page->out);
        qhm_svg_print_interval_chart(&chart, page->out);
        qhm_text_append(page->out, "</figure>\n");
    }
    qhm_release(rows);
}

// The curves as the plot wants them: columns instead of rows.
typedef struct curve_columns {
    qhm_svg_series *series; // [model_count]
    double *numbers;        // [points of all models, 4]: epoch, value, lower, upper
    size_t count;
} curve_columns;

static qhm_status create_columns(const qhm_report_task *task, bool is_loss, curve_columns *columns)
{
    size_t points = 0;
    for (size_t i = 0; i < task->model_count; i++)
        points += task->models[i].curve_count;
    QHM_TRY(qhm_allocate(task->model_count, sizeof *columns->series, &columns->series));
    QHM_TRY(qhm_allocate(points, 4 * sizeof(double), &columns->numbers));
    double *next = columns->numbers;
    for (size_t i = 0; i < task->model_count; i++) {
        const qhm_report_model *model = &task->models[i];
        size_t room = model->curve_count, count = 0;
        double *x = next, *y = x + room, *lower = y + room, *upper = lower + room;
        next = upper + room;
        for (size_t p = 0; p < room; p++) {
            const qhm_report_point *point = &model->curve[p];
            double value = is_loss ? point->training_loss : point->validation.mean;
            if (!isfinite(value))
                continue; // not measured in this epoch, which is no gap
            x[count] = point->epoch;
            y[count] = value;
            lower[count] = point->validation.lower;
            upper[count++] = point->validation.upper;
        }
        if (count == 0)
            continue;
        bool has_band =
            !is_loss && strcmp(model->role, "hybrid") == 0; // more would hide each other
        columns->series[columns->count++] = (qhm_svg_series){.name = qhm_report_text(model->name),
                                                             .x = x,
                                                             .y = y,
                                                             .lower = has_band ? lower : NULL,
                                                             .upper = has_band ? upper : NULL,
                                                             .count = count,
                                                             .colour = i};
    }
    return QHM_OK;
}

static void print_curves(const qhm_report_task *task, bool is_loss, qhm_report_page *page)
{
    curve_columns columns = {0};
    qhm_status status = create_columns(task, is_loss, &columns);
    if (status != QHM_OK) {
        page->status = status;
    } else if (columns.count > 0) {
        qhm_svg_line_chart chart = {
            .title = is_loss ? "Training loss by epoch" : "Validation score by epoch",
            .x_label = "epoch",
            .y_label = is_loss ? "training loss" : qhm_report_text(task->metric),
            .series = columns.series,
            .series_count = columns.count};
        if (is_loss)
            open_figure("Training", "Mean training loss over resamples.", page->out);
        else
            open_figure("Learning",
                        "Mean score on validation rows; the band spans the hybrid's resamples.",
                        page->out);
        qhm_svg_print_line_chart(&chart, page->out);
        qhm_text_append(page->out, "</figure>\n");
    }
    qhm_release(columns.series);
    qhm_release(columns.numbers);
}

static void print_model_name(const qhm_report_model *model, size_t index, bool has_summary,
                             qhm_text *out)
{
    bool is_hybrid = strcmp(model->role, "hybrid") == 0;
    qhm_text_print(out, "<tr%s><th scope=\"row\"><span class=\"swatch c%zu\"></span>",
                   is_hybrid ? " class=\"hybrid\"" : "", index % QHM_SVG_COLOURS);
    qhm_text_append_markup(out, qhm_report_text(model->name));
    if (has_summary && model->summary && model->summary[0]) {
        qhm_text_append(out, "<small>");
        qhm_text_append_markup(out, model->summary);
        qhm_text_append(out, "</small>");
    }
    qhm_text_append(out, "</th>");
}

static void print_cell(double value, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    qhm_report_whole(value, out);
    qhm_text_append(out, "</td>");
}

static void print_model(const qhm_report_model *model, size_t index, qhm_text *out)
{
    print_model_name(model, index, true, out);
    qhm_text_append(out, "<td>");
    qhm_report_interval(model->metric, 3, out);
    qhm_text_append(out, "</td><td>");
    qhm_report_interval(model->difference, 3, out);
    qhm_text_append(out, "</td>");
    print_cell(strcmp(model->role, "rival") == 0 ? (double)model->times_best : NAN, out);
    print_cell((double)model->parameters, out);
    print_cell((double)(model->parameters - model->embedding_parameters), out);
    print_cell(model->flops, out);
    qhm_text_append(out, "<td>");
    qhm_report_seconds(model->training_seconds, out);
    qhm_text_append(out, "</td>");
    print_cell((double)model->trials, out);
    qhm_text_append(out, "</tr>\n");
}

void qhm_report_print_models(const qhm_report_task *task, qhm_text *out)
{
    if (task->model_count == 0)
        return;
    qhm_text_append(out, "<h3>All models</h3>\n<div class=\"wide\"><table>\n<thead><tr>"
                         "<th scope=\"col\">model</th><th scope=\"col\">");
    qhm_text_append_markup(out, qhm_report_text(task->metric));
    qhm_text_append(out, "</th><th scope=\"col\">hybrid − model</th>"
                         "<th scope=\"col\">times the best rival</th>"
                         "<th scope=\"col\">parameters</th>"
                         "<th scope=\"col\">without embeddings</th>"
                         "<th scope=\"col\">operations a sample</th>"
                         "<th scope=\"col\">training time</th>"
                         "<th scope=\"col\">trials</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < task->model_count; i++)
        print_model(&task->models[i], i, out);
    qhm_text_append(out, "</tbody></table></div>\n");
}

static void print_secondary(const qhm_report_task *task, qhm_text *out)
{
    if (task->secondary_count == 0)
        return;
    qhm_text_append(out, "<h3>Further metrics</h3>\n<div class=\"wide\"><table>\n<thead><tr>"
                         "<th scope=\"col\">model</th>");
    for (size_t i = 0; i < task->secondary_count; i++) {
        qhm_text_append(out, "<th scope=\"col\">");
        qhm_text_append_markup(out, qhm_report_text(task->secondary[i].name));
        qhm_text_append(out, "</th>");
    }
    qhm_text_append(out, "</tr></thead>\n<tbody>\n");
    for (size_t m = 0; m < task->model_count; m++) {
        const qhm_report_model *model = &task->models[m];
        if (model->secondary_count == 0)
            continue;
        print_model_name(model, m, false, out);
        for (size_t i = 0; i < model->secondary_count; i++) {
            qhm_text_append(out, "<td>");
            qhm_svg_append_value(model->secondary[i], fabs(model->secondary[i]) >= 10 ? 1 : 3, out);
            qhm_text_append(out, "</td>");
        }
        qhm_text_append(out, "</tr>\n");
    }
    qhm_text_append(out, "<tr><th scope=\"row\">chance</th>");
    for (size_t i = 0; i < task->secondary_count; i++) {
        double chance = task->secondary[i].chance;
        qhm_text_append(out, "<td>");
        qhm_svg_append_value(chance, fabs(chance) >= 10 ? 1 : 3, out);
        qhm_text_append(out, "</td>");
    }
    qhm_text_append(out, "</tr>\n</tbody></table></div>\n");
}

static void print_confusions(const qhm_report_task *task, qhm_text *out)
{
    if (task->confusion_count == 0)
        return;
    qhm_text_append(out, "<h3>Which class is taken for which</h3>\n<div class=\"figures\">\n");
    for (size_t i = 0; i < task->confusion_count; i++) {
        const qhm_report_confusion *confusion = &task->confusions[i];
        qhm_text_append(out, "<figure><figcaption><b>");
        qhm_text_append_markup(out, qhm_report_text(confusion->model));
        qhm_text_append(out, "</b> Test rows of all resamples.</figcaption>\n");
        qhm_svg_heat_map map = {.title = "Confusion matrix",
                                .row_label = "truth",
                                .column_label = "answer, in the order of the rows",
                                .labels = confusion->labels,
                                .label_count = confusion->label_count,
                                .counts = confusion->counts};
        qhm_svg_print_heat_map(&map, out);
        qhm_text_append(out, "</figure>\n");
    }
    qhm_text_append(out, "</div>\n");
}

static void print_guards(const qhm_report_task *task, qhm_text *out)
{
    if (task->guard_count == 0)
        return;
    qhm_text_append(out, "<h3>Guards</h3>\n<ul class=\"guards\">\n");
    for (size_t i = 0; i < task->guard_count; i++) {
        const qhm_report_guard *guard = &task->guards[i];
        qhm_text_append(out, guard->passed ? "<li><b>✓</b>" : "<li class=\"failed\"><b>✗</b>");
        if (!guard->passed)
            qhm_text_append(out, "failed: ");
        qhm_text_append_markup(out, qhm_report_text(guard->name));
        qhm_text_append(out, " <span>");
        qhm_text_append_markup(out, qhm_report_text(guard->detail));
        qhm_text_append(out, "</span></li>\n");
    }
    qhm_text_append(out, "</ul>\n");
}

void qhm_report_print_task(const qhm_report_task *task, qhm_report_page *page)
{
    qhm_report_element("p", "", task->sentence, page->out);
    print_settings(task, page->out);
    qhm_text_append(page->out, "<div class=\"figures\">\n");
    print_intervals(task, true, page);
    print_intervals(task, false, page);
    print_curves(task, false, page);
    print_curves(task, true, page);
    qhm_text_append(page->out, "</div>\n");
    qhm_report_print_models(task, page->out);
    print_secondary(task, page->out);
    qhm_report_print_ladder(task, page);
    qhm_report_print_yields(task, page);
    qhm_report_print_costs(task, page);
    qhm_report_print_contest(task, page);
    qhm_report_print_sides(task, page);
    qhm_report_print_queries(task, page);
    print_confusions(task, page->out);
    if (task->circuit_count > 0)
        qhm_text_append(page->out, "<h3>The circuit</h3>\n");
    for (size_t i = 0; i < task->circuit_count; i++)
        qhm_report_print_circuit(&task->circuits[i], page->out);
    print_guards(task, page->out);
}
