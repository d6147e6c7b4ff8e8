// What the report says of a quantum module: how chips took part in its making, what was chosen.
#include "base/text.h"
#include "experiment/results_internal.h"

#include <string.h>

// "; chosen on condor: rotation: rz (6 of 10), as given (4 of 10)": how often trials chose what.
static void print_choices(const qhm_quantum_spec *spec, const qhm_result_cell *cells,
                          size_t resamples, qhm_text *text)
{
    if (spec->choice_count == 0 && spec->chosen_on)
        qhm_text_print(text, "; trials scored under the noise of %s", spec->chosen_on);
    if (spec->choice_count == 0)
        return;
    qhm_text_print(text, "; chosen %s%s: ", spec->chosen_on ? "on " : "without noise",
                   spec->chosen_on ? spec->chosen_on : "");
    bool has_begun = false;
    for (size_t i = 0; i < spec->choice_count; i++) {
        const char *choice = spec->choices[i].choice;
        size_t times = 0;
        for (size_t r = 0; r < resamples; r++)
            times += cells[r].choice && strcmp(cells[r].choice, choice) == 0;
        if (times == 0)
            continue;
        qhm_text_print(text, "%s%s (%zu of %zu)", has_begun ? ", " : "", choice, times, resamples);
        has_begun = true;
    }
}

qhm_status qhm_results_describe_module(qhm_results *results, const qhm_contender *contender,
                                       const qhm_result_cell *cells, const char **summary)
{
    const qhm_quantum_spec *spec = contender->quantum;
    *summary = qhm_role_information(contender->role)->summary;
    if (contender->role != QHM_ROLE_HYBRID && contender->role != QHM_ROLE_VARIANT)
        return QHM_OK;
    qhm_text text = {0};
    qhm_text_append(&text, *summary);
    if (spec->trained_on)
        qhm_text_print(&text, "; trained under the noise of %s", spec->trained_on);
    print_choices(spec, cells, results->run->resample_count, &text);
    if (spec->finished_on)
        qhm_text_print(&text, "; finished on values of %s", spec->finished_on);
    if (spec->chip_mitigation)
        qhm_text_print(&text, "; these values by %s", spec->chip_mitigation);
    qhm_status status = text.status;
    if (status == QHM_OK)
        status = qhm_results_text(results, summary, "%s", text.bytes);
    qhm_text_release(&text);
    return status;
}
