// Costs as text and as JSON.
#include "base/status_internal.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <qhm/cost.h>

typedef struct cost_row {
    const char *name, *words;
    size_t offset;
    const char *unit;
} cost_row;

#define ROW(name, words, unit) #name, words, offsetof(qhm_cost, name), unit
static const cost_row rows[] = {
    {ROW(circuit_seconds, "circuits", "s")},
    {ROW(read_out_seconds, "read-out", "s")},
    {ROW(reset_seconds, "reset", "s")},
    {ROW(delay_seconds, "repetition delay", "s")},
    {ROW(programming_seconds, "programming", "s")},
    {ROW(control_seconds, "control round trips", "s")},
    {ROW(cloud_seconds, "cloud round trips", "s")},
    {ROW(quantum_seconds, "on the chip", "s")},
    {ROW(interface_seconds, "interface", "s")},
    {ROW(total_seconds, "time in all", "s")},
    {ROW(shot_seconds, "a shot on the chip", "s")},
    {ROW(cryogenics_joules, "cryogenics", "J")},
    {ROW(control_joules, "control electronics", "J")},
    {ROW(machine_joules, "machine", "J")},
    {ROW(host_joules, "host", "J")},
    {ROW(total_joules, "energy in all", "J")},
    {ROW(shot_joules, "a shot of the machine", "J")},
    {ROW(usd, "price", "USD")},
    {ROW(kg_co2, "carbon dioxide", "kg")},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static double value_of(const cost_row *row, const qhm_cost *cost)
{
    return *(const double *)(const void *)((const char *)cost + row->offset);
}

static void print_figures(const qhm_cost *cost, qhm_text *out)
{
    const char *before = "rests on figures that are not measured:\n";
    for (size_t i = 0; i < cost->figure_count; i++) {
        const qhm_figure *figure = &cost->figures[i].figure;
        if (figure->status == QHM_FIGURE_MEASURED)
            continue;
        qhm_text_append(out, before);
        before = "";
        qhm_text_print(out, "  %s ", cost->figures[i].name);
        if (figure->status == QHM_FIGURE_NONE) {
            qhm_text_append(out, "is not given\n");
            continue;
        }
        qhm_text_print(out, "%g, %s%s%s\n", figure->value, qhm_figure_status_name(figure->status),
                       figure->source ? ": " : "", figure->source ? figure->source : "");
    }
}

qhm_status qhm_cost_print(const qhm_cost *cost, char **text)
{
    QHM_REQUIRE(cost && text, "a cost is printed to a place, and one of them is NULL");
    qhm_text out = {0};
    for (size_t i = 0; i < ROWS; i++) {
        const double value = value_of(&rows[i], cost);
        const bool is_unasked = isnan(value) && rows[i].offset == offsetof(qhm_cost, kg_co2);
        if (value == 0 || is_unasked)
            continue;
        qhm_text_print(&out, "%-22s ", rows[i].words);
        if (isnan(value))
            qhm_text_append(&out, "not known\n");
        else
            qhm_text_print(&out, "%.4g %s\n", value, rows[i].unit);
    }
    if (!cost->is_scheduled)
        qhm_text_append(&out, "the circuits' time is their depths times the chip's durations: they "
                              "are not compiled\n");
    print_figures(cost, &out);
    return qhm_text_take(&out, text);
}

static void append_json_number(qhm_text *out, double value)
{
    if (isfinite(value))
        qhm_text_append_number(out, value);
    else
        qhm_text_append(out, "null");
}

static void append_json_text(qhm_text *out, const char *string)
{
    if (!string) {
        qhm_text_append(out, "null");
        return;
    }
    qhm_text_append(out, "\"");
    for (; *string; string++) {
        const unsigned char byte = (unsigned char)*string;
        if (byte == '"' || byte == '\\' || byte < 0x20)
            qhm_text_print(out, "\\u%04x", byte);
        else
            qhm_text_append_bytes(out, string, 1);
    }
    qhm_text_append(out, "\"");
}

qhm_status qhm_cost_print_json(const qhm_cost *cost, char **text)
{
    QHM_REQUIRE(cost && text, "a cost is printed to a place, and one of them is NULL");
    qhm_text out = {0};
    qhm_text_print(&out, "{\"shots\": %" PRIu64, cost->shots);
    for (size_t i = 0; i < ROWS; i++) {
        qhm_text_print(&out, ", \"%s\": ", rows[i].name);
        append_json_number(&out, value_of(&rows[i], cost));
    }
    qhm_text_print(&out, ", \"is_scheduled\": %s, \"status\": \"%s\", \"provenance\": [",
                   cost->is_scheduled ? "true" : "false",
                   qhm_figure_status_name(qhm_cost_status(cost)));
    for (size_t i = 0; i < cost->figure_count; i++) {
        const qhm_figure *figure = &cost->figures[i].figure;
        qhm_text_print(&out, "%s{\"figure\": \"%s\", \"value\": ", i > 0 ? ", " : "",
                       cost->figures[i].name);
        append_json_number(&out, figure->value);
        qhm_text_print(
            &out, ", \"status\": \"%s\", \"source\": ", qhm_figure_status_name(figure->status));
        append_json_text(&out, figure->source);
        qhm_text_append(&out, "}");
    }
    qhm_text_append(&out, "]}");
    return qhm_text_take(&out, text);
}
