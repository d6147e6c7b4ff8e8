// Arrays of a safetensors list, found by name and checked against what they are to become.
#ifndef QHM_LEARN_CHECKPOINT_H
#define QHM_LEARN_CHECKPOINT_H

#include "base/status_internal.h"

#include <qhm/safetensors.h>

// Appends an array, which is borrowed, as "prefix.name", or as "name" when the prefix is empty.
QHM_MUST_CHECK qhm_status qhm_checkpoint_append(qhm_safetensors *list, const char *prefix,
                                                const char *name, const qhm_tensor *tensor);

// Finds such an array of the shape and precision of `like`, with finite elements; bad input names
// path and array.
QHM_MUST_CHECK qhm_status qhm_checkpoint_find(const qhm_safetensors *list, const char *path,
                                              const char *prefix, const char *name,
                                              const qhm_tensor *like, const qhm_tensor **out);

// Copies the elements of equal arrays.
void qhm_checkpoint_copy(qhm_tensor *to, const qhm_tensor *from);

#endif
