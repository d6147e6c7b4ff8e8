// A noise model for people.
#include "base/memory.h"
#include "device/noise_internal.h"

#include <math.h>
#include <string.h>

// Rules of one operation, summed up over places.
typedef struct summary {
    size_t places, exceeding;
    double least, most, figure_least, figure_most, excess;
} summary;

static summary sum_up(const qhm_noise_model *model, const char *name)
{
    summary s = {.least = INFINITY, .figure_least = INFINITY};
    for (size_t i = 0; i < model->entry_count; i++) {
        const qhm_noise_rule *rule = &model->entries[i].rule;
        if (strcmp(rule->operation, name) != 0)
            continue;
        s.places++;
        s.least = fmin(s.least, rule->model_error);
        s.most = fmax(s.most, rule->model_error);
        s.figure_least = fmin(s.figure_least, rule->error);
        s.figure_most = fmax(s.figure_most, rule->error);
        const double excess = rule->model_error - rule->error;
        if (!rule->is_measurement && model->options.scale == 1 && excess > 1e-6 * rule->error) {
            s.exceeding++;
            s.excess = fmax(s.excess, excess);
        }
    }
    return s;
}

static bool is_first_of_name(const qhm_noise_model *model, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(model->entries[i].rule.operation, model->entries[index].rule.operation) == 0)
            return false;
    return true;
}

static void print_range(double least, double most, qhm_text *text)
{
    if (most <= least * (1 + 1e-9))
        qhm_text_print(text, "%.3g", most);
    else
        qhm_text_print(text, "%.3g to %.3g", least, most);
}

static void print_operation(const qhm_noise_model *model, const qhm_noise_entry *entry,
                            qhm_text *text)
{
    const summary s = sum_up(model, entry->rule.operation);
    if (entry->is_virtual)
        return;
    qhm_text_print(text, "  %s: %s ", entry->rule.operation,
                   entry->rule.is_measurement ? "wrong outcome" : "average error");
    print_range(s.least, s.most, text);
    if (entry->rule.qubit_count > 0)
        qhm_text_print(text, " at %zu place%s", s.places, s.places == 1 ? "" : "s");
    if (isfinite(entry->rule.error) && !entry->rule.is_measurement) {
        qhm_text_append(text, ", figure ");
        print_range(s.figure_least, s.figure_most, text);
    }
    if (entry->rule.status != QHM_FIGURE_NONE)
        qhm_text_print(text, " (%s)", qhm_figure_status_name(entry->rule.status));
    if (s.exceeding > 0)
        qhm_text_print(text, "; relaxation alone is above the figure at %zu, by up to %.2g",
                       s.exceeding, s.excess);
    qhm_text_append(text, "\n");
}

static void print_idle(const qhm_noise_model *model, qhm_text *text)
{
    double t1[2] = {INFINITY, 0}, t2[2] = {INFINITY, 0}, detuning = 0, rates[4] = {0}, hits = 0;
    for (size_t q = 0; q < model->idle_count; q++) {
        const qhm_noise_idle *idle = &model->idle[q];
        t1[0] = fmin(t1[0], idle->t1_ns);
        t1[1] = fmax(t1[1], idle->t1_ns);
        t2[0] = fmin(t2[0], idle->t2_ns);
        t2[1] = fmax(t2[1], idle->t2_ns);
        detuning = fmax(detuning, fabs(idle->detuning_hz));
        hits = fmax(hits, idle->poisoning_rate);
        for (int i = 1; i < 4; i++)
            rates[i] = fmax(rates[i], idle->rates[i]);
    }
    qhm_text_append(text, "  delay:");
    const bool has_rates = rates[1] + rates[2] + rates[3] + hits > 0;
    if (model->options.without_idle || (isinf(t2[0]) && !has_rates && detuning == 0)) {
        qhm_text_append(text, " nothing\n");
        return;
    }
    if (isfinite(t2[0])) {
        qhm_text_append(text, " T1 ");
        print_range(t1[0] / 1e3, t1[1] / 1e3, text);
        qhm_text_append(text, " us, T2 ");
        print_range(t2[0] / 1e3, t2[1] / 1e3, text);
        qhm_text_append(text, " us");
    }
    if (rates[1] + rates[2] + rates[3] > 0)
        qhm_text_print(text, " X %.3g, Y %.3g, Z %.3g a second", rates[1], rates[2], rates[3]);
    if (hits > 0)
        qhm_text_print(text, ", %.3g quasiparticles a second on each Majorana mode (%s)", hits,
                       qhm_noise_has_leak(model) ? "parity is kept" : "as random Paulis");
    if (detuning > 0)
        qhm_text_print(text, ", detuned by up to %.3g kHz", detuning / 1e3);
    qhm_text_append(text, "\n");
}

static void print_crosstalk(const qhm_noise_model *model, qhm_text *text)
{
    double zz_hz = 0, beside = 0;
    for (size_t i = 0; i < model->coupling_count; i++)
        zz_hz = fmax(zz_hz, fabs(model->couplings[i].zz_hz));
    for (size_t i = 0; i < model->entry_count; i++)
        beside = fmax(beside, model->entries[i].beside_error);
    if (zz_hz == 0 && beside == 0)
        return;
    qhm_text_print(text, "  crosstalk on %zu coupler%s:", model->coupling_count,
                   model->coupling_count == 1 ? "" : "s");
    if (beside > 0)
        qhm_text_print(text, " average error up to %.3g more beside gates at the same time%s",
                       beside, zz_hz > 0 ? "," : "");
    if (zz_hz > 0)
        qhm_text_print(text, " ZZ of %.3g kHz while both wait", zz_hz / 1e3);
    qhm_text_append(text, "\n");
}

static void print_figures(const qhm_noise_model *model, qhm_figure_status status, const char *title,
                          qhm_text *text)
{
    bool is_first = true;
    for (size_t i = 0; i < model->figure_count; i++) {
        const qhm_noise_figure *figure = &model->figures[i];
        if (figure->status != status)
            continue;
        qhm_text_print(text, "%s %s = %.4g%s%s", is_first ? title : ",", figure->name,
                       figure->value, figure->unit[0] ? " " : "", figure->unit);
        is_first = false;
    }
    if (!is_first)
        qhm_text_append(text, "\n");
}

static void print_options(const qhm_noise_options *options, qhm_text *text)
{
    if (options->scale != 1)
        qhm_text_print(text, ", scaled by %.4g", options->scale);
    if (options->is_twirled)
        qhm_text_append(text, ", twirled to Paulis");
    if (options->without_gates)
        qhm_text_append(text, ", gates perfect");
    if (options->without_idle)
        qhm_text_append(text, ", waiting perfect");
    if (options->without_readout)
        qhm_text_append(text, ", readout perfect");
}

qhm_status qhm_noise_model_print(const qhm_noise_model *model, char **text)
{
    QHM_REQUIRE(model && text, "qhm_noise_model_print needs a model and a place");
    qhm_text out = {0};
    qhm_text_print(&out, "noise of %s", model->name);
    if (model->qubit_count != SIZE_MAX)
        qhm_text_print(&out, " on %zu qubit%s", model->qubit_count,
                       model->qubit_count == 1 ? "" : "s");
    print_options(&model->options, &out);
    qhm_text_append(&out, model->is_ideal ? ": none\n" : "\n");
    if (model->is_ideal)
        return qhm_text_take(&out, text);
    for (size_t i = 0; i < model->entry_count; i++)
        if (is_first_of_name(model, i))
            print_operation(model, &model->entries[i], &out);
    print_idle(model, &out);
    print_crosstalk(model, &out);
    print_figures(model, QHM_FIGURE_MEASURED, "  measured:", &out);
    print_figures(model, QHM_FIGURE_PROJECTED, "  projected:", &out);
    print_figures(model, QHM_FIGURE_ASSUMED, "  assumed:", &out);
    return qhm_text_take(&out, text);
}
