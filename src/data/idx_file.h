// IDX files, the format of MNIST: a big-endian header and unsigned bytes, plain or gzipped.
#ifndef QHM_DATA_IDX_FILE_H
#define QHM_DATA_IDX_FILE_H

#include "base/status_internal.h"

#include <stddef.h>
#include <stdint.h>

enum { QHM_IDX_MAX_DIMENSIONS = 3 };

typedef struct qhm_idx {
    size_t dimension_count;
    size_t sizes[QHM_IDX_MAX_DIMENSIONS];
    uint8_t *bytes;        // the whole file, unpacked
    const uint8_t *values; // [product of sizes], within bytes
} qhm_idx;

// Reads an IDX file of unsigned bytes from memory; gzip is recognised. The sizes in the header are
// checked against the bytes that are there, and against what `count` packed bytes can hold, before
// anything is allocated. QHM_ERROR_BAD_INPUT; QHM_ERROR_RESOURCE_LIMIT above 4 GiB.
QHM_MUST_CHECK qhm_status qhm_idx_parse(const uint8_t *bytes, size_t count, size_t dimension_count,
                                        qhm_idx *out_idx);

void qhm_idx_release(qhm_idx *idx);

#endif
