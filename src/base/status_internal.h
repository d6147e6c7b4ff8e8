// Errors inside the library: set the message and return the status in one expression.
#ifndef QHM_BASE_STATUS_INTERNAL_H
#define QHM_BASE_STATUS_INTERNAL_H

#include <qhm/status.h>

// Formats the calling thread's message; a text that does not fit is cut at a character.
void qhm_set_error_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Prepends "prefix: " to the calling thread's message: the caller knows the place.
void qhm_prefix_error_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The project's only control-flow macros.
#define QHM_FAIL(status, ...) (qhm_set_error_message(__VA_ARGS__), (status))
#define QHM_TRY(call)                                                                              \
    do {                                                                                           \
        qhm_status qhm_try_status_ = (call);                                                       \
        if (qhm_try_status_ != QHM_OK)                                                             \
            return qhm_try_status_;                                                                \
    } while (0)
#define QHM_REQUIRE(condition, ...)                                                                \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, __VA_ARGS__);                              \
    } while (0)

#endif
