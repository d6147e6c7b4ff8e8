/** @file image.h
 *  Pictures in memory, and PNG files to and from them. */
#ifndef QHM_IMAGE_H
#define QHM_IMAGE_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A picture: 8 bits each of red, green and blue, rows from the top. */
typedef struct qhm_image {
    const uint8_t *pixels; /**< [height][width][3]; NULL when there is no picture */
    size_t width, height;
} qhm_image;

/** Reads a PNG file into a picture, its transparent parts over white.
 *
 *  @param[out] out_image  its pixels are the caller's: qhm_image_release.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_IO; QHM_ERROR_BAD_INPUT;
 *          QHM_ERROR_RESOURCE_LIMIT (a side above 4096 pixels); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_image_load(const char *path, qhm_image *out_image);

/** Frees the pixels that qhm_image_load gave. */
QHM_API void qhm_image_release(qhm_image *image);

#ifdef __cplusplus
}
#endif
#endif
