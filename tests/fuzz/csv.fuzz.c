// Tables: what parses is rectangular, and becomes finite numbers or a message.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "data/csv_table.h"
#include "data/sources.h"

#include <math.h>
#include <string.h>

static char *copy_text(const uint8_t *data, size_t size)
{
    char *text;
    FUZZ_REQUIRE(qhm_allocate(size + 1, 1, &text) == QHM_OK);
    memcpy(text, data, size);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_csv_table table;
    if (qhm_csv_table_parse(copy_text(data, size), size, ',', &table) == QHM_OK) {
        FUZZ_REQUIRE(table.rows >= 2 && table.field_count == table.rows * table.columns);
        size_t length = 0;
        for (size_t i = 0; i < table.field_count; i++)
            length += strlen(table.fields[i]);
        FUZZ_REQUIRE(length <= size);
        qhm_csv_table_release(&table);
    }
    qhm_dataset *dataset;
    if (qhm_csv_read(copy_text(data, size), size, &(qhm_csv_options){.path = "x.csv"}, &dataset) ==
        QHM_OK) {
        for (size_t i = 0; i < qhm_dataset_count(dataset); i++)
            for (size_t f = 0; f < qhm_dataset_feature_count(dataset); f++)
                FUZZ_REQUIRE(isfinite(qhm_dataset_features(dataset, i)[f]));
        qhm_dataset_destroy(dataset);
    }
    return 0;
}
