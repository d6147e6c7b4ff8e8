// IDX files, plain and gzipped: what parses has as many values as its sizes say.
#include "fuzz/fuzz_checks.h"

#include "data/idx_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t dimensions = 1; dimensions <= QHM_IDX_MAX_DIMENSIONS; dimensions++) {
        qhm_idx idx;
        if (qhm_idx_parse(data, size, dimensions, &idx) != QHM_OK)
            continue;
        size_t values = 1, sum = 0;
        for (size_t d = 0; d < dimensions; d++)
            values *= idx.sizes[d];
        for (size_t i = 0; i < values; i++)
            sum += idx.values[i]; // a sanitizer sees a value that is not there
        FUZZ_REQUIRE(sum <= 255 * values);
        qhm_idx_release(&idx);
    }
    return 0;
}
