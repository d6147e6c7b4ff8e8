// Fixed descriptors of pictures: nothing here is fitted.
#ifndef QHM_DATA_IMAGE_DESCRIPTOR_H
#define QHM_DATA_IMAGE_DESCRIPTOR_H

#include <qhm/image.h>

enum {
    QHM_SHAPE_SIDE = 32, // pixels of the picture that HOG sees
    QHM_SHAPE_CELLS = 4, // cells a side, of 8 x 8 pixels
    QHM_SHAPE_ANGLES = 9,
    QHM_SHAPE_HOG = (QHM_SHAPE_CELLS - 1) * (QHM_SHAPE_CELLS - 1) * 4 * QHM_SHAPE_ANGLES,
    QHM_SHAPE_HUES = 18,
    QHM_SHAPE_LEVELS = 8,
    QHM_SHAPE_COLOURS = QHM_SHAPE_HUES + 2 * QHM_SHAPE_LEVELS,
    QHM_SHAPE_THUMBNAIL = 8,
    QHM_SHAPE_LENGTH =
        QHM_SHAPE_HOG + QHM_SHAPE_COLOURS + QHM_SHAPE_THUMBNAIL * QHM_SHAPE_THUMBNAIL * 3,
    QHM_PIXEL_MAX_SIDE = 64
};

// Resamples by averaging areas; out [height][width][3] in [0, 1].
void qhm_image_resample(qhm_image image, size_t width, size_t height, float *out);

// out [QHM_SHAPE_LENGTH]: HOG blocks (9 unsigned angles, 2 x 2 cells, L2-Hys), square roots of
// hue, saturation and value histograms, an 8 x 8 RGB thumbnail.
void qhm_image_describe_shapes(qhm_image image, double *out);

// out [side][side] grey values in [0, 1]; side is at most QHM_PIXEL_MAX_SIDE.
void qhm_image_describe_pixels(qhm_image image, size_t side, double *out);

#endif
