// Lists of pairs, both formats, and files of sentences: what is delivered is complete.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "data/sources.h"

#include <string.h>

static qhm_status visit(const char *image, const char *text, const char *label, const char *group,
                        size_t line, void *context)
{
    FUZZ_REQUIRE(image[0] && text[0] && (!label || label[0]) && line >= 1);
    *(size_t *)context += strlen(image) + strlen(text) + (group ? strlen(group) : 0);
    return QHM_OK;
}

static char *copy_text(const uint8_t *data, size_t size)
{
    char *text;
    FUZZ_REQUIRE(qhm_allocate(size + 1, 1, &text) == QHM_OK);
    memcpy(text, data, size);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = 0;
    char *text = copy_text(data, size);
    qhm_status status = qhm_pairs_read_jsonl(text, size, visit, &length);
    FUZZ_REQUIRE(status == QHM_OK || status == QHM_ERROR_BAD_INPUT);
    qhm_dataset *dataset;
    FUZZ_REQUIRE(qhm_dataset_create(0, NULL, &dataset) == QHM_OK);
    if (qhm_sentences_read(text, size, dataset) == QHM_OK)
        for (size_t i = 0; i < qhm_dataset_count(dataset); i++)
            FUZZ_REQUIRE(qhm_dataset_text(dataset, i)[0] &&
                         qhm_dataset_label(dataset, i) < qhm_dataset_class_count(dataset));
    qhm_dataset_destroy(dataset);
    qhm_release(text);
    status = qhm_pairs_read_csv(copy_text(data, size), size, visit, &length);
    FUZZ_REQUIRE(status == QHM_OK || status == QHM_ERROR_BAD_INPUT);
    return 0;
}
