/** @file module_kinds.h
 *  Options of the kinds of modules that qhm_module_create() knows. Zero means the default. */
#ifndef QHM_MODULE_KINDS_H
#define QHM_MODULE_KINDS_H

#include <qhm/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of "linear": y = x W^T + b on the last axis. */
typedef struct qhm_linear_options {
    bool no_bias; /**< leave out b */
} qhm_linear_options;

#ifdef __cplusplus
}
#endif
#endif
