// PNG pictures: what unpacks packs and unpacks again to the same pixels.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "data/png_codec.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *pixels, *packed, *again;
    size_t width, height, packed_count, again_width, again_height;
    if (qhm_png_decode(data, size, &pixels, &width, &height) != QHM_OK)
        return 0;
    FUZZ_REQUIRE(width >= 1 && width <= QHM_PNG_MAX_SIDE);
    FUZZ_REQUIRE(height >= 1 && height <= QHM_PNG_MAX_SIDE);
    if (width * height <= 64 * 64) {
        qhm_image image = {pixels, width, height};
        FUZZ_REQUIRE(qhm_png_encode(image, &packed, &packed_count) == QHM_OK);
        FUZZ_REQUIRE(qhm_png_decode(packed, packed_count, &again, &again_width, &again_height) ==
                     QHM_OK);
        FUZZ_REQUIRE(again_width == width && again_height == height);
        FUZZ_REQUIRE(memcmp(again, pixels, width * height * 3) == 0);
        qhm_release(packed);
        qhm_release(again);
    }
    qhm_release(pixels);
    return 0;
}
