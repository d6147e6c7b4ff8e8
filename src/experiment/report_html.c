// The page: its frame, style, heading, reproduction and glossary.
#include "experiment/report_internal.h"

#include "base/files.h"
#include "base/svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void qhm_report_element(const char *tag, const char *classes, const char *text, qhm_text *out)
{
    if (!text || text[0] == '\0')
        return;
    qhm_text_print(out, classes[0] ? "<%s class=\"%s\">" : "<%s>", tag, classes);
    qhm_text_append_markup(out, text);
    qhm_text_print(out, "</%s>\n", tag);
}

void qhm_report_whole(double value, qhm_text *out)
{
    if (!isfinite(value)) {
        qhm_text_append(out, "–");
        return;
    }
    qhm_text digits = {0};
    qhm_text_append_fixed(&digits, value, 0);
    for (size_t i = 0; i < digits.length; i++) {
        if (i > 0 && (digits.length - i) % 3 == 0 && digits.bytes[i - 1] != '-')
            qhm_text_append(out, "\u202F");
        qhm_text_append_bytes(out, &digits.bytes[i], 1);
    }
    qhm_text_release_part(out, &digits);
}

void qhm_report_interval(qhm_interval value, int decimals, qhm_text *out)
{
    qhm_svg_append_value(value.mean, decimals, out);
    if (!isfinite(value.mean) || !isfinite(value.lower) || !isfinite(value.upper))
        return;
    qhm_text_append(out, "<small>");
    qhm_svg_append_value(value.lower, decimals, out);
    qhm_text_append(out, " to ");
    qhm_svg_append_value(value.upper, decimals, out);
    qhm_text_append(out, "</small>");
}

void qhm_report_seconds(double seconds, qhm_text *out)
{
    if (!isfinite(seconds) || seconds < 0 || seconds > 1e9) {
        qhm_text_append(out, "–");
    } else if (seconds < 100) {
        qhm_text_append_fixed(out, seconds, seconds < 10 ? 2 : 0);
        qhm_text_append(out, " s");
    } else {
        long whole = lround(seconds);
        if (whole >= 3600)
            qhm_text_print(out, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
        else
            qhm_text_print(out, "%ld min %ld s", whole / 60, whole % 60);
    }
}

void qhm_report_quantity_text(double value, const char *unit, qhm_text *out)
{
    static const struct {
        double scale;
        const char *prefix;
    } prefixes[] = {{1e9, "G"},  {1e6, "M"},  {1e3, "k"},  {1, ""},
                    {1e-3, "m"}, {1e-6, "µ"}, {1e-9, "n"}, {1e-12, "p"}};
    enum { COUNT = sizeof prefixes / sizeof prefixes[0] };
    if (!isfinite(value)) {
        qhm_text_append(out, "–");
    } else if (value == 0) {
        qhm_text_print(out, "0 %s", unit);
    } else {
        size_t i = 0;
        while (i + 1 < COUNT && fabs(value) < prefixes[i].scale)
            i++;
        qhm_text_print(out, "%.3g %s%s", value / prefixes[i].scale, prefixes[i].prefix, unit);
    }
}

void qhm_report_quantity(double value, const char *unit, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    qhm_report_quantity_text(value, unit, out);
    qhm_text_append(out, "</td>");
}

static void print_head(const qhm_report *report, qhm_text *out)
{
    qhm_text_append(out,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n"
                    "<title>");
    qhm_text_append_markup(out, qhm_report_text(report->name));
    qhm_text_append(out, " · QHM report</title>\n<style>\n");
    qhm_report_print_style(out);
    qhm_text_append(out, "</style>\n</head>\n<body>\n<main>\n");
}

// One name and value of a row of facts; the value is escaped.
static void print_fact(const char *name, const char *value, qhm_text *out)
{
    if (value[0] == '\0')
        return;
    qhm_text_append(out, "<div><dt>");
    qhm_text_append_markup(out, name);
    qhm_text_append(out, "</dt><dd>");
    qhm_text_append_markup(out, value);
    qhm_text_append(out, "</dd></div>\n");
}

static const char *verdict_words(const char *verdict)
{
    static const char *const words[][2] = {{"helps", "The quantum part helps"},
                                           {"does_not_help", "The quantum part does not help"},
                                           {"not_enough_evidence", "Not enough evidence"}};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(qhm_report_text(verdict), words[i][0]) == 0)
            return words[i][1];
    return "No verdict";
}

static const char *verdict_class(const char *verdict)
{
    return verdict && verdict[0] ? verdict : "none"; // qhm_report_check knows the words
}

static void print_header(const qhm_report *report, qhm_text *out)
{
    qhm_text_print(out, "<header class=\"%s\">\n", verdict_class(report->verdict));
    qhm_report_element("h1", "", report->name, out);
    qhm_report_element("p", "note", report->description, out);
    qhm_report_element("p", "lead", report->sentence, out);
    qhm_report_element("span", "tag", verdict_words(report->verdict), out);
    qhm_text_append(out, "<dl class=\"facts\">\n");
    print_fact("run", qhm_report_text(report->id), out);
    print_fact("started", qhm_report_text(report->started), out);
    qhm_text trained = {0}, seed = {0};
    qhm_report_seconds(report->seconds, &trained);
    qhm_text_print(&seed, "%" PRIu64, report->seed);
    print_fact("trained for", trained.bytes ? trained.bytes : "", out);
    print_fact("seed", seed.bytes ? seed.bytes : "", out);
    qhm_text_release_part(out, &trained);
    qhm_text_release_part(out, &seed);
    qhm_text_append(out, "</dl>\n</header>\n");
}

static void print_tasks(const qhm_report *report, qhm_report_page *page)
{
    for (size_t i = 0; i < report->task_count; i++) {
        const qhm_report_task *task = &report->tasks[i];
        qhm_text_print(page->out, "<section class=\"%s\">\n<h2>", verdict_class(task->verdict));
        qhm_text_append_markup(page->out, qhm_report_text(task->name));
        qhm_text_append(page->out, "</h2>\n");
        qhm_report_element("span", "tag", verdict_words(task->verdict), page->out);
        qhm_report_print_task(task, page);
        qhm_text_append(page->out, "</section>\n");
    }
}

static void print_reproduction(const qhm_report *report, qhm_text *out)
{
    if (report->command_count == 0 && report->fact_count == 0)
        return;
    qhm_text_append(out, "<section>\n<h2>How to get these numbers again</h2>\n");
    if (report->command_count > 0) {
        qhm_text_append(out,
                        "<p>The same seed gives the same bits, for any number of threads.</p>\n"
                        "<pre>");
        for (size_t i = 0; i < report->command_count; i++) {
            qhm_text_append_markup(out, report->commands[i]);
            qhm_text_append(out, "\n");
        }
        qhm_text_append(out, "</pre>\n");
    }
    qhm_text_append(out, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < report->fact_count; i++)
        print_fact(qhm_report_text(report->facts[i].name), qhm_report_text(report->facts[i].value),
                   out);
    qhm_text_append(out, "</dl>\n</section>\n");
}

static const char *const glossary[][2] = {
    {"Resample", "One split of the data into training and test rows; groups of like rows are never "
                 "torn apart. Every model is tested on the same rows of every resample."},
    {"Interval", "95 % interval of a mean over resamples, widened because resamples share training "
                 "rows: mean ± t·s·√(1/R + n_test/n_train) (Nadeau and Bengio 2003)."},
    {"Difference", "Hybrid minus another model on the same test rows, averaged over resamples; "
                   "above zero the hybrid is better."},
    {"Margin δ", "The smallest difference that would matter, fixed before any test row was read."},
    {"Helps", "Against every rival the interval of the difference lies above zero and its mean "
              "reaches the margin."},
    {"Does not help", "Against the rival that was best on validation rows, picked anew in each "
                      "resample, the whole interval of the difference lies below the margin."},
    {"Not enough evidence", "Neither of the two could be shown with this many resamples."},
    {"Rival", "A model with the quantum part replaced (identity, random features, linear, MLP of "
              "equal parameters or operations, the same circuit without entanglement), or a strong "
              "classical model; all tuned with the same number of trials."},
    {"Operations", "Counted arithmetic of one forward pass of one sample; for a circuit, of its "
                   "simulation."},
    {"T, what a row costs", "T = T_C − T_part + T_Q + T_interface: the whole model as it runs on "
                            "this machine, without the circuits' simulation, with the chip's "
                            "shots and the ways in and out."},
    {"R@k", "Share of queries whose right answer is among the first k."},
    {"Median rank", "The rank of the right answer that half of the queries reach."},
    {"Gradient doctor", "Compares three ways to the gradient of the model's own circuit. Dead: no "
                        "effect on the output. Vanishing: an effect too small to train. Wrong: the "
                        "ways disagree."},
    {"Guards",
     "Checks that the result is not an artefact: accuracies are whole counts, no test row "
     "or group was trained on, nothing was fitted on test rows."},
};

static void print_glossary(qhm_text *out)
{
    qhm_text_append(out, "<section>\n<h2>What the words mean</h2>\n<dl class=\"glossary\">\n");
    for (size_t i = 0; i < sizeof glossary / sizeof glossary[0]; i++)
        qhm_text_print(out, "<dt>%s</dt><dd>%s</dd>\n", glossary[i][0], glossary[i][1]);
    qhm_text_append(out, "</dl>\n</section>\n");
}

// The page is also well-formed XML, so that a test can read it back with a strict parser.
qhm_status qhm_report_print_html(const qhm_report *report, const char *folder, qhm_text *out)
{
    QHM_TRY(qhm_report_check(report));
    qhm_report_page page = {.out = out, .folder = folder};
    print_head(report, out);
    print_header(report, out);
    print_tasks(report, &page);
    print_reproduction(report, out);
    print_glossary(out);
    qhm_text_append(out, "</main>\n</body>\n</html>\n");
    return page.status != QHM_OK ? page.status : out->status;
}

qhm_status qhm_report_save_html(const qhm_report *report, const char *folder, const char *path)
{
    QHM_REQUIRE(folder && path, "folder or path is missing");
    qhm_text out = {0};
    qhm_status status = qhm_report_print_html(report, folder, &out);
    if (status == QHM_OK)
        status = qhm_file_write(path, out.bytes, out.length);
    qhm_text_release(&out);
    return status;
}
