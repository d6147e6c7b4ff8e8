// PNG encoding and decoding in memory.
#include "data/png_codec.h"

#include "base/memory.h"

#include <png.h>
#include <string.h>

qhm_status qhm_png_encode(qhm_image picture, uint8_t **out_bytes, size_t *out_count)
{
    if (picture.width > QHM_PNG_MAX_SIDE || picture.height > QHM_PNG_MAX_SIDE)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "a picture of %zu x %zu pixels, not at most %d",
                        picture.width, picture.height, QHM_PNG_MAX_SIDE);
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)picture.width,
                     .height = (png_uint_32)picture.height,
                     .format = PNG_FORMAT_RGB};
    png_alloc_size_t capacity = PNG_IMAGE_PNG_SIZE_MAX(png);
    uint8_t *bytes;
    QHM_TRY(qhm_allocate(capacity, 1, &bytes));
    if (!png_image_write_to_memory(&png, bytes, &capacity, 0, picture.pixels, 0, NULL)) {
        qhm_release(bytes);
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot write a PNG: %s", png.message);
    }
    *out_bytes = bytes;
    *out_count = capacity;
    return QHM_OK;
}

qhm_status qhm_png_decode(const uint8_t *bytes, size_t count, uint8_t **out_pixels,
                          size_t *out_width, size_t *out_height)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&png, bytes, count))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "not a PNG picture: %s", png.message);
    if (png.width > QHM_PNG_MAX_SIDE || png.height > QHM_PNG_MAX_SIDE) {
        png_image_free(&png);
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "a picture of %u x %u pixels, not at most %d a side", png.width, png.height,
                        QHM_PNG_MAX_SIDE);
    }
    png.format = PNG_FORMAT_RGB;
    uint8_t *pixels;
    qhm_status status = qhm_allocate(PNG_IMAGE_SIZE(png), 1, &pixels);
    if (status != QHM_OK) {
        png_image_free(&png);
        return status;
    }
    png_color white = {255, 255, 255};
    // A warning (such as a bad checksum in an optional chunk) still gives the picture.
    if (!png_image_finish_read(&png, &white, pixels, 0, NULL)) {
        qhm_release(pixels);
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "cannot unpack the PNG picture: %s", png.message);
    }
    *out_pixels = pixels;
    *out_width = png.width;
    *out_height = png.height;
    return QHM_OK;
}
