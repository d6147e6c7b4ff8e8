/** @file diagnostics.h
 *  Errors and warnings of a text, each with its place: what a reader of circuits found. */
#ifndef QHM_DIAGNOSTICS_H
#define QHM_DIAGNOSTICS_H

#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One error or warning. The texts belong to the list. */
typedef struct qhm_diagnostic {
    bool is_error;           /**< false: a warning */
    const char *file;        /**< as the reader was told */
    size_t line, column;     /**< from 1; columns count characters */
    const char *message;     /**< one line, lower case, no full stop */
    const char *hint;        /**< what to do about it, or NULL */
    const char *source_line; /**< the line around the column, cut when it is long */
} qhm_diagnostic;

/** A list of errors and warnings in the order in which they were found. */
typedef struct qhm_diagnostics qhm_diagnostics;

/** Errors and warnings; 0 for NULL. */
QHM_API size_t qhm_diagnostics_count(const qhm_diagnostics *diagnostics);

/** Errors alone; 0 for NULL. */
QHM_API size_t qhm_diagnostics_error_count(const qhm_diagnostics *diagnostics);

/** Item `index`, borrowed. @param index  less than qhm_diagnostics_count. */
QHM_API const qhm_diagnostic *qhm_diagnostics_item(const qhm_diagnostics *diagnostics,
                                                   size_t index);

/** All items as text: `file:line:column: error: message`, the source line, a caret under the
 *  column, the hint.
 *
 *  Tabs stay, so that the caret stays below its character. Control characters and what is not
 *  UTF-8 are replaced, so that no file can drive the terminal.
 *  @param ascii  true: nothing outside ASCII.
 *  @param text   free it with qhm_string_destroy; "" for no items.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_diagnostics_print(const qhm_diagnostics *diagnostics,
                                                        bool ascii, char **text);

/** Frees a list; NULL is fine. */
QHM_API void qhm_diagnostics_destroy(qhm_diagnostics *diagnostics);

#ifdef __cplusplus
}
#endif
#endif
