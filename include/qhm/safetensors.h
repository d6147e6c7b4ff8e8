/** @file safetensors.h
 *  Named arrays and texts in files of the safetensors format, which PyTorch and others read.
 *
 *  Format: 8 bytes with the length of a JSON header (little-endian), the header (name to dtype,
 *  shape, data_offsets; "__metadata__" to texts), the data. Files hold F32 and F64 arrays of at
 *  most four axes. https://github.com/huggingface/safetensors */
#ifndef QHM_SAFETENSORS_H
#define QHM_SAFETENSORS_H

#include <qhm/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A list of named arrays with metadata. */
typedef struct qhm_safetensors qhm_safetensors;

/** Makes an empty list.
 *
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_create(qhm_safetensors **out);

/** Frees the list and the arrays it loaded; NULL is fine. */
QHM_API void qhm_safetensors_destroy(qhm_safetensors *list);

/** Appends an array, which is borrowed and must outlive the list.
 *
 *  @param[in] name  UTF-8, copied; not yet in the list, and not "__metadata__"
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_append(qhm_safetensors *list, const char *name,
                                                         const qhm_tensor *tensor);

/** Sets a text of the metadata; both UTF-8, copied.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_set_metadata(qhm_safetensors *list,
                                                               const char *key, const char *text);

/** Writes a file in one step: a file that was there is replaced whole or left as it was.
 *
 *  Memory: the whole file once more.
 *  @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_NOT_FOUND (a folder); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_save(const qhm_safetensors *list,
                                                       const char *path);

/** Reads a file that need not be trusted: sizes, names, shapes and offsets are all checked, and
 *  arrays must cover the data without gap or overlap.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names path, array and what was expected;
 *          QHM_ERROR_NOT_FOUND; QHM_ERROR_IO; QHM_ERROR_RESOURCE_LIMIT for a file larger than half
 *          the free memory; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_load(const char *path, qhm_safetensors **out);

/** As qhm_safetensors_load() from memory; `name` stands for the path in messages. */
QHM_API QHM_MUST_CHECK qhm_status qhm_safetensors_parse(const void *bytes, size_t count,
                                                        const char *name, qhm_safetensors **out);

/** The number of arrays. */
QHM_API size_t qhm_safetensors_count(const qhm_safetensors *list);

/** The name of array `index`, borrowed; NULL when there is none. */
QHM_API const char *qhm_safetensors_name(const qhm_safetensors *list, size_t index);

/** Array `index`, borrowed; NULL when there is none. */
QHM_API const qhm_tensor *qhm_safetensors_tensor(const qhm_safetensors *list, size_t index);

/** The array of that name, borrowed; NULL when there is none. */
QHM_API const qhm_tensor *qhm_safetensors_find(const qhm_safetensors *list, const char *name);

/** The metadata's text, borrowed; NULL when there is none. */
QHM_API const char *qhm_safetensors_metadata(const qhm_safetensors *list, const char *key);

#ifdef __cplusplus
}
#endif
#endif
