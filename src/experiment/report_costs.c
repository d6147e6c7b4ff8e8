// What a row of the data costs: measured on this machine, and as chips would take it.
#include "experiment/report_internal.h"

static void print_cost(const qhm_report_row_cost *cost, qhm_text *out)
{
    const bool is_here = qhm_report_text(cost->device)[0] == '\0';
    qhm_text_append(out, "<tr><th scope=\"row\">");
    qhm_text_append_markup(out, qhm_report_text(cost->model));
    if (!is_here) {
        qhm_text_append(out, "<small>on ");
        qhm_text_append_markup(out, cost->device);
        if (qhm_report_text(cost->mitigation)[0] != '\0')
            qhm_text_append(out, ", mitigated");
        qhm_text_append(out, "</small>");
    }
    qhm_text_append(out, "</th>");
    if (qhm_report_text(cost->note)[0] != '\0') {
        qhm_text_append(out, "<td class=\"text\" colspan=\"8\">");
        qhm_text_append_markup(out, cost->note);
        qhm_text_append(out, "</td></tr>\n");
        return;
    }
    qhm_text_append(out, "<td>");
    qhm_report_whole(cost->shots, out);
    qhm_text_append(out, "</td>");
    qhm_report_quantity(cost->model_seconds, "s", out);
    qhm_report_quantity(cost->part_seconds, "s", out);
    qhm_report_quantity(cost->quantum_seconds, "s", out);
    qhm_report_quantity(cost->interface_seconds, "s", out);
    qhm_text_append(out, "<td><b>");
    qhm_report_quantity_text(cost->seconds, "s", out);
    qhm_text_append(out, "</b></td>");
    qhm_report_quantity(cost->machine_joules, "J", out);
    qhm_report_quantity(cost->host_joules, "J", out);
    qhm_text_append(out, "</tr>\n");
}

void qhm_report_print_costs(const qhm_report_task *task, qhm_report_page *page)
{
    qhm_text *out = page->out;
    if (task->row_cost_count == 0)
        return;
    qhm_text_append(
        out, "<h3>What a row costs</h3>\n<p>Answering one row, from all test rows of the first "
             "resample as one job: T = T<sub>C</sub> − T<sub>part</sub> + T<sub>Q</sub> + "
             "T<sub>interface</sub>. T<sub>C</sub>, the whole model, and T<sub>part</sub>, its "
             "circuits as simulated or the module in their place, are medians of repetitions on "
             "this machine; features are ready before. The rest is the chip's, with the ladder's "
             "shots. This machine's energy is ");
    qhm_text_append_markup(out, qhm_report_text(task->host_energy));
    qhm_text_append(out, ".</p>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">model"
                         "</th><th scope=\"col\">shots</th>"
                         "<th scope=\"col\">T<sub>C</sub></th>"
                         "<th scope=\"col\">T<sub>part</sub></th>"
                         "<th scope=\"col\">T<sub>Q</sub></th>"
                         "<th scope=\"col\">T<sub>interface</sub></th>"
                         "<th scope=\"col\">T</th><th scope=\"col\">energy of the chip</th>"
                         "<th scope=\"col\">energy of this machine</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < task->row_cost_count; i++)
        print_cost(&task->row_costs[i], out);
    qhm_text_append(out, "</tbody></table></div>\n");
}
