// Options from run files and assignments: whatever is taken is inside its limits. The input is a
// YAML document; a first line "--set name=value" is put on top of it.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "base/options_internal.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

typedef struct fuzz_options {
    bool flag;
    size_t epochs;
    uint64_t seed;
    double rate, decay;
    const char *name;
    int optimizer;
    const qhm_node *layers;
} fuzz_options;

static const char *const optimizers[] = {"adam", "sgd", NULL};

static const qhm_option_info table[] = {
    {.name = "flag", .type = QHM_OPTION_BOOL, .offset = offsetof(fuzz_options, flag), .help = "F."},
    {.name = "epochs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(fuzz_options, epochs),
     .default_text = "50",
     .minimum = 1,
     .maximum = 1000,
     .help = "E."},
    {.name = "seed",
     .type = QHM_OPTION_UINT64,
     .offset = offsetof(fuzz_options, seed),
     .default_text = "1",
     .help = "S."},
    {.name = "rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(fuzz_options, rate),
     .default_text = "0.01",
     .minimum = 1e-6,
     .maximum = 1,
     .help = "R."},
    {.name = "decay",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(fuzz_options, decay),
     .help = "D."},
    {.name = "name", .type = QHM_OPTION_TEXT, .offset = offsetof(fuzz_options, name), .help = "N."},
    {.name = "optimizer",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(fuzz_options, optimizer),
     .default_text = "adam",
     .choices = optimizers,
     .help = "O."},
    {.name = "layers",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(fuzz_options, layers),
     .help = "L."},
    {0},
};

static void check_options(const qhm_node *root)
{
    fuzz_options options = {0};
    if (qhm_options_read(table, root, &options) != QHM_OK)
        return;
    FUZZ_REQUIRE(qhm_options_resolve(table, &options) == QHM_OK);
    FUZZ_REQUIRE(options.epochs >= 1 && options.epochs <= 1000 && options.seed != 0);
    FUZZ_REQUIRE(options.rate >= 1e-6 && options.rate <= 1 && isfinite(options.decay));
    FUZZ_REQUIRE(options.optimizer == 1 || options.optimizer == 2);
    fuzz_options again = options;
    FUZZ_REQUIRE(qhm_options_resolve(table, &again) == QHM_OK);
    FUZZ_REQUIRE(again.epochs == options.epochs && again.rate == options.rate);
    json_t *json;
    if (qhm_options_to_json(table, &options, &json) == QHM_OK)
        json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *assignment = NULL;
    if (size > 6 && memcmp(data, "--set ", 6) == 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end ? (size_t)(end - data) : size;
        assignment = strndup((const char *)data + 6, length - 6);
        data += length;
        size -= length;
    }
    qhm_document *document;
    if (qhm_document_parse_yaml((const char *)data, size, "x.yaml", &document) == QHM_OK) {
        if (assignment)
            (void)!qhm_document_set(document, assignment);
        check_options(qhm_document_root(document));
        qhm_document_destroy(document);
    }
    free(assignment);
    return 0;
}
