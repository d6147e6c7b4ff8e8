// Pictures from PNG files.
#include "base/files.h"
#include "base/memory.h"
#include "data/png_codec.h"

#include <qhm/image.h>

enum { MAX_FILE_BYTES = 64 << 20 };

qhm_status qhm_image_load(const char *path, qhm_image *out_image)
{
    QHM_REQUIRE(path && out_image, "the path or out_image is NULL");
    char *bytes;
    size_t count, width, height;
    QHM_TRY(qhm_file_read(path, MAX_FILE_BYTES, &bytes, &count));
    uint8_t *pixels;
    qhm_status status = qhm_png_decode((const uint8_t *)bytes, count, &pixels, &width, &height);
    qhm_release(bytes);
    if (status != QHM_OK) {
        qhm_prefix_error_message("%s", path);
        return status;
    }
    *out_image = (qhm_image){.pixels = pixels, .width = width, .height = height};
    return QHM_OK;
}

void qhm_image_release(qhm_image *image)
{
    qhm_release((void *)image->pixels);
    *image = (qhm_image){0};
}
