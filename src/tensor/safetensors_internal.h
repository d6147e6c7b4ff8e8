// The list behind safetensors files, shared by writer and reader.
#ifndef QHM_SAFETENSORS_INTERNAL_H
#define QHM_SAFETENSORS_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/safetensors.h>

typedef struct qhm_safetensors_entry {
    char *name;
    const qhm_tensor *tensor;
    qhm_tensor *owned; // the same tensor when it was loaded, else NULL
} qhm_safetensors_entry;

typedef struct qhm_safetensors_text {
    char *key, *text;
} qhm_safetensors_text;

struct qhm_safetensors {
    qhm_safetensors_entry *entries;
    size_t count, capacity;
    qhm_safetensors_text *texts;
    size_t text_count, text_capacity;
};

// Appends without checking the name; owned (NULL: borrowed) is the list's on success.
QHM_MUST_CHECK qhm_status qhm_safetensors_append_entry(qhm_safetensors *list, const char *name,
                                                       const qhm_tensor *tensor, qhm_tensor *owned);

// The file's bytes; qhm_release them.
QHM_MUST_CHECK qhm_status qhm_safetensors_print(const qhm_safetensors *list, char **out_bytes,
                                                size_t *out_count);

#endif
