// The contest within a fixed budget: the ranked table and its sentence.
#include "experiment/report_internal.h"

#include <math.h>

static void print_whole(double value, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    qhm_report_whole(value, out);
    qhm_text_append(out, "</td>");
}

// Of the budget: "0.031 %", "73 %".
static void print_share(double share, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    if (!isfinite(share))
        qhm_text_append(out, "–");
    else if (share >= 0.0995)
        qhm_text_print(out, "%.0f %%", 100 * share);
    else
        qhm_text_print(out, "%.2g %%", 100 * share);
    qhm_text_append(out, "</td>");
}

static void print_contestant(const qhm_report_contestant *contestant, qhm_text *out)
{
    const char *device = qhm_report_text(contestant->device);
    qhm_text_append(out, "<tr><th scope=\"row\">");
    if (contestant->place > 0)
        qhm_text_print(out, "%zu. ", contestant->place);
    qhm_text_append_markup(out, qhm_report_text(contestant->model));
    qhm_text_append(out, "<small>on ");
    qhm_text_append_markup(out, device[0] != '\0' ? device : "this machine");
    qhm_text_append(out, qhm_report_text(contestant->mitigation)[0] != '\0' ? ", mitigated" : "");
    qhm_text_append(out, "</small>");
    if (qhm_report_text(contestant->note)[0] != '\0') {
        qhm_text_append(out, "<small>");
        qhm_text_append_markup(out, contestant->note);
        qhm_text_append(out, "</small>");
    }
    qhm_text_append(out, "</th><td>");
    qhm_report_interval(contestant->metric, 3, out);
    qhm_text_append(out, "</td>");
    print_whole(contestant->shots, out);
    print_whole(contestant->paid_shots, out);
    qhm_report_quantity(contestant->seconds, "s", out);
    qhm_report_quantity(contestant->joules, "J", out);
    print_share(contestant->share, out);
    qhm_report_quantity(contestant->training_seconds, "s", out);
    qhm_report_quantity(contestant->training_joules, "J", out);
    qhm_text_append(out, "</tr>\n");
}

void qhm_report_print_contest(const qhm_report_task *task, qhm_report_page *page)
{
    qhm_text *out = page->out;
    if (task->contestant_count == 0)
        return;
    qhm_text_append(out, "<h3>Within a fixed budget</h3>\n");
    qhm_report_element("p", "", task->contest, out);
    qhm_text_append(
        out, "<p>Everyone answers all test rows once. Who takes no shots has the full score or "
             "does not fit; a chip gets as many shots a circuit as the budget pays for, but no "
             "more than the ladder has, and is scored with these. Training is not in the budget: "
             "what it would take on the chip by parameter shift, with the ladder's shots, stands "
             "beside.</p>\n"
             "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">contestant</th>"
             "<th scope=\"col\">");
    qhm_text_append_markup(out, qhm_report_text(task->metric));
    qhm_text_append(out, "</th><th scope=\"col\">shots a circuit</th>"
                         "<th scope=\"col\">the budget pays for</th>"
                         "<th scope=\"col\">time</th><th scope=\"col\">energy</th>"
                         "<th scope=\"col\">of the budget</th>"
                         "<th scope=\"col\">training there</th>"
                         "<th scope=\"col\">its energy</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < task->contestant_count; i++)
        print_contestant(&task->contestants[i], out);
    qhm_text_append(out, "</tbody></table></div>\n");
}
