// Hand-written noise models: what was read prints, and has rules whose errors are numbers.
#include "fuzz/fuzz_checks.h"

#include <qhm/noise_model.h>
#include <qhm/types.h>

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_noise_model *model;
    char *text;
    if (qhm_noise_model_parse((const char *)data, size, "noise.yaml", NULL, &model) != QHM_OK)
        return 0;
    for (size_t i = 0; i < qhm_noise_model_rule_count(model); i++) {
        const qhm_noise_rule *rule = qhm_noise_model_rule(model, i);
        FUZZ_REQUIRE(isnan(rule->model_error) ||
                     (rule->model_error > -1e-9 && rule->model_error <= 1));
    }
    FUZZ_REQUIRE(qhm_noise_model_print(model, &text) == QHM_OK);
    qhm_string_destroy(text);
    qhm_noise_model_destroy(model);
    return 0;
}
