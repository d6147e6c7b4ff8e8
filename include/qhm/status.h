/** @file status.h
 *  How QHM reports errors: a status to check and one line of text that says what was wrong. */
#ifndef QHM_STATUS_H
#define QHM_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define QHM_API __attribute__((visibility("default")))
#define QHM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define QHM_API
#define QHM_MUST_CHECK
#endif

/** What a fallible function returns. The numbers are stable: codes are only appended. */
typedef enum qhm_status {
    QHM_OK = 0,
    QHM_ERROR_INVALID_ARGUMENT = 1, /**< a value outside what the function documents */
    QHM_ERROR_OUT_OF_MEMORY = 2,    /**< an allocation failed */
    QHM_ERROR_RESOURCE_LIMIT = 3,   /**< the work was refused before it began: too large */
    QHM_ERROR_NOT_FOUND = 4,        /**< a name, file, package or row that does not exist */
    QHM_ERROR_BAD_INPUT = 5,        /**< a file or text that cannot be understood */
    QHM_ERROR_IO = 6,               /**< the operating system refused a read or a write */
    QHM_ERROR_UNSUPPORTED = 7,      /**< a valid request that this object cannot serve */
    QHM_ERROR_NUMERIC = 8,          /**< a computation broke down: NaN, singular matrix */
    QHM_ERROR_CANCELLED = 9,        /**< the caller asked to stop */
    QHM_ERROR_BUSY = 10,            /**< another process holds what is needed */
    QHM_ERROR_INTERNAL = 11         /**< a defect in QHM itself */
} qhm_status;

/** The name of a status, such as "bad input". Never NULL. */
QHM_API const char *qhm_status_name(qhm_status status);

/** The message of the last failure on this thread: one line, lower case, no full stop.
 *
 *  Valid until the next failure on the same thread. Empty when nothing has failed. */
QHM_API const char *qhm_error_message(void);

#ifdef __cplusplus
}
#endif
#endif
