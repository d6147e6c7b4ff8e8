/** @file version.h
 *  The library's version, at compile time and at run time. */
#ifndef QHM_VERSION_H
#define QHM_VERSION_H

#include <qhm/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QHM_VERSION_MAJOR 0 /**< of the headers; qhm_version() is of the library */
#define QHM_VERSION_MINOR 1 /**< of the headers */
#define QHM_VERSION_PATCH 0 /**< of the headers */

/** The version of the loaded library, such as "0.1.0". */
QHM_API const char *qhm_version(void);

/** The instruction-set level that kernels use here: "baseline", "avx2" or "avx512".
 *
 *  The environment variable QHM_ISA lowers it, to reproduce another machine's bits. */
QHM_API const char *qhm_isa_name(void);

#ifdef __cplusplus
}
#endif
#endif
