// PNG files to and from RGB pictures, through libpng's simplified API.
#ifndef QHM_DATA_PNG_CODEC_H
#define QHM_DATA_PNG_CODEC_H

#include "base/status_internal.h"

#include <qhm/image.h>

enum {
    QHM_PNG_MAX_SIDE = 4096 // pixels; a larger picture is refused before it is unpacked
};

// qhm_release *out_bytes.
QHM_MUST_CHECK qhm_status qhm_png_encode(qhm_image image, uint8_t **out_bytes, size_t *out_count);

// Any PNG to RGB, its transparent parts over white. qhm_release *out_pixels
// [*out_height][*out_width][3]. Messages do not name a file: the caller prefixes its path.
QHM_MUST_CHECK qhm_status qhm_png_decode(const uint8_t *bytes, size_t count, uint8_t **out_pixels,
                                         size_t *out_width, size_t *out_height);

#endif
