// What a fitted extractor holds.
#ifndef QHM_DATA_EXTRACTOR_INTERNAL_H
#define QHM_DATA_EXTRACTOR_INTERNAL_H

#include "data/term_weights.h"

#include <qhm/extractor.h>

struct qhm_extractor {
    qhm_extractor_kind kind;
    qhm_extractor_scaling scaling;
    size_t image_side;
    size_t length;      // of the descriptor
    size_t width;       // of the output
    double *projection; // [length][width]
    double *offset;     // [width]
    qhm_terms terms;    // words only
};

enum {
    QHM_EXTRACTOR_IMAGE_BLOCK = 32 // pictures in a parallel block
};

// Does the descriptor of this kind come from pictures?
static inline bool qhm_extractor_sees_images(qhm_extractor_kind kind)
{
    return kind == QHM_EXTRACTOR_SHAPES || kind == QHM_EXTRACTOR_PIXELS;
}

// out [length].
void qhm_extractor_describe_image(const qhm_extractor *extractor, qhm_image image, double *out);

// out [width] = x [length] P - offset, not clipped. Additions are in one fixed order.
void qhm_extractor_map_dense(const qhm_extractor *extractor, const double *x, double *out);
void qhm_extractor_map_words(const qhm_extractor *extractor, const qhm_term_row *row, double *out);

// Fill a new extractor whose kind, scaling and width are set (and length, unless it is of words).
// keeps_columns: every column as it is, no components.
QHM_MUST_CHECK qhm_status qhm_extractor_fit_dense(qhm_extractor *extractor,
                                                  const qhm_dataset *dataset, const size_t *items,
                                                  size_t count, bool keeps_columns);
QHM_MUST_CHECK qhm_status qhm_extractor_fit_words(qhm_extractor *extractor,
                                                  const qhm_dataset *dataset, const size_t *items,
                                                  size_t count, size_t max_terms);

#endif
