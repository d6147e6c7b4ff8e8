/** @file options.h
 *  Option tables: one row a field serves run files, `--help`, manifests and other languages.
 *
 *  In every options struct a zero field means its default, so `{0}` is all defaults. A table is
 *  an array of rows that ends with a row whose name is NULL. Because zero means default, a run
 *  file that asks for 0 where the default is another value is refused: give such a field a
 *  minimum above 0, a default of 0, or the type DOUBLE_OR_ZERO. */
#ifndef QHM_OPTIONS_H
#define QHM_OPTIONS_H

#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The C type behind an option's field, and how its text is read. */
typedef enum qhm_option_type {
    QHM_OPTION_BOOL = 0,   /**< bool; the default is always false */
    QHM_OPTION_SIZE = 1,   /**< size_t */
    QHM_OPTION_UINT64 = 2, /**< uint64_t */
    QHM_OPTION_DOUBLE = 3, /**< double, finite */
    QHM_OPTION_TEXT = 4,   /**< const char *, NULL when absent and no default is given */
    QHM_OPTION_CHOICE = 5, /**< int: 1 + the index into choices; 0 is "not given" */
    QHM_OPTION_NODE = 6,   /**< a list or mapping of a run file that has its own reader; internal */
    QHM_OPTION_DOUBLE_OR_ZERO = 7 /**< as DOUBLE, but 0 may be asked for beside another default: it
                                     is -0.0 in the struct, which C callers write */
} qhm_option_type;

/** One field of an options struct. */
typedef struct qhm_option_info {
    const char *name;           /**< as written in run files: lower case with underscores */
    qhm_option_type type;       /**< type of the field */
    size_t offset;              /**< offsetof the field in its struct */
    const char *default_text;   /**< the default as text; NULL for false, zero or absent */
    double minimum;             /**< inclusive lower limit of a number; both 0: none */
    double maximum;             /**< inclusive upper limit of a number */
    const char *const *choices; /**< NULL-terminated names of a CHOICE, else NULL */
    const char *help;           /**< one sentence, with the unit */
    /** When a file's field has an effect; NULL: always. Conditions joined by " and ", each of
     *  alternatives joined by " or ": "method=iterative,bayesian" (this field has one of these
     *  values), "atoms or fcidump" (one of these is in the file), "no edges" (it is not). Files
     *  that give a field without effect are refused. */
    const char *used_with;
} qhm_option_info;

#ifdef __cplusplus
}
#endif
#endif
