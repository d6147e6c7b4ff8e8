// The choice of a chip for a circuit: by expected success, then by time.
#include <qhm/placement.h>

#include "base/status_internal.h"
#include "base/text.h"
#include "compile/misfit.h"

#include <math.h>
#include <stdio.h>

#define DEFAULT_TOLERANCE 0.01

static qhm_status find_candidate(const qhm_circuit *circuit, const qhm_device *device,
                                 const qhm_placement_options *options,
                                 qhm_placement_candidate *candidate)
{
    const uint64_t executions = options->executions == 0 ? 1 : options->executions;
    *candidate = (qhm_placement_candidate){.fits = true};
    qhm_status status =
        qhm_estimate_find(circuit, device, &options->estimate, &candidate->estimate);
    if (status == QHM_OK)
        status =
            qhm_estimate_find_cost(&candidate->estimate, device, executions, 1, &candidate->cost);
    if (!qhm_is_misfit(status))
        return status;
    candidate->fits = false;
    snprintf(candidate->note, sizeof candidate->note, "%s", qhm_error_message());
    return QHM_OK;
}

static double success_of(const qhm_placement_candidate *candidate)
{
    return candidate->estimate.compiled.estimated_success;
}

// The most promising chip; count if there is none.
static size_t find_best(const qhm_placement_candidate *candidates, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++)
        if (candidates[i].fits &&
            (best == count || success_of(&candidates[i]) > success_of(&candidates[best])))
            best = i;
    return best;
}

// The quickest of those that are as good as the best.
static size_t find_chosen(const qhm_placement_candidate *candidates, size_t count, size_t best,
                          double tolerance)
{
    size_t chosen = best;
    for (size_t i = 0; i < count && best < count; i++) {
        const double seconds = candidates[i].cost.total_seconds,
                     least = candidates[chosen].cost.total_seconds;
        if (candidates[i].fits &&
            success_of(&candidates[i]) >= success_of(&candidates[best]) - tolerance &&
            (seconds < least || (seconds == least && i < chosen)))
            chosen = i;
    }
    return chosen;
}

static void print_name(const qhm_device *device, qhm_text *text)
{
    const char *preset = qhm_device_preset(device);
    qhm_text_print(text, "%s%s%s", qhm_device_name(device), preset ? ":" : "",
                   preset ? preset : "");
}

// " beside 0.81 on condor and 0.40 on majorana1"
static void print_others(const qhm_placement_candidate *candidates,
                         const qhm_device *const *devices, size_t count, size_t chosen,
                         bool is_timed, qhm_text *text)
{
    bool has_begun = false;
    for (size_t i = 0; i < count; i++) {
        if (i == chosen || !candidates[i].fits)
            continue;
        qhm_text_print(text, "%s%.3f", has_begun ? ", " : " beside ", success_of(&candidates[i]));
        if (is_timed)
            qhm_text_print(text, " in %.3g s", candidates[i].cost.total_seconds);
        qhm_text_append(text, " on ");
        print_name(devices[i], text);
        has_begun = true;
    }
}

static void print_misfits(const qhm_placement_candidate *candidates,
                          const qhm_device *const *devices, size_t count, qhm_text *text)
{
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].fits)
            continue;
        qhm_text_append(text, text->length > 0 ? "; does not fit " : "does not fit ");
        print_name(devices[i], text);
        qhm_text_print(text, ": %s", candidates[i].note);
    }
}

static qhm_status explain(const qhm_placement_candidate *candidates,
                          const qhm_device *const *devices, size_t count, size_t best,
                          size_t chosen, double tolerance, char **reason)
{
    qhm_text text = {0};
    if (chosen < count) {
        const bool is_timed = chosen != best;
        qhm_text_append(&text, "on ");
        print_name(devices[chosen], &text);
        qhm_text_print(&text, ": expected success with readout %.3f",
                       success_of(&candidates[chosen]));
        if (is_timed)
            qhm_text_print(&text, " in %.3g s", candidates[chosen].cost.total_seconds);
        print_others(candidates, devices, count, chosen, is_timed, &text);
        if (is_timed)
            qhm_text_print(&text, ", the least time within %g of the best", tolerance);
    }
    print_misfits(candidates, devices, count, &text);
    return qhm_text_take(&text, reason);
}

qhm_status qhm_placement_choose(const qhm_circuit *circuit, const qhm_device *const *devices,
                                size_t device_count, const qhm_placement_options *options,
                                qhm_placement_candidate *candidates, size_t *chosen, char **reason)
{
    static const qhm_placement_options defaults = {0};
    QHM_REQUIRE(circuit && candidates && chosen && reason,
                "a placement needs a circuit and places for its results");
    QHM_REQUIRE(devices && device_count > 0, "a placement needs devices to choose from");
    for (size_t i = 0; i < device_count; i++)
        QHM_REQUIRE(devices[i], "device %zu is NULL", i);
    if (!options)
        options = &defaults;
    QHM_REQUIRE(options->tolerance >= 0 && options->tolerance <= 1, "tolerance is %g, not 0 to 1",
                options->tolerance);
    for (size_t i = 0; i < device_count; i++)
        QHM_TRY(find_candidate(circuit, devices[i], options, &candidates[i]));
    const double tolerance = options->tolerance == 0 ? DEFAULT_TOLERANCE : options->tolerance;
    const size_t best = find_best(candidates, device_count);
    const size_t found = find_chosen(candidates, device_count, best, tolerance);
    QHM_TRY(explain(candidates, devices, device_count, best, found, tolerance, reason));
    *chosen = found;
    return QHM_OK;
}
