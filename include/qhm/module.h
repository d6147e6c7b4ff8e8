/** @file module.h
 *  Modules: blocks of a model, classical or quantum, behind one face: parameters, forward, cost.
 *
 *  Backward comes from the tape. Any module can stand in another's place when input and output
 *  shapes agree, which is what ablations by substitution rest on. */
#ifndef QHM_MODULE_H
#define QHM_MODULE_H

#include <qhm/ledger.h>
#include <qhm/options.h>
#include <qhm/tape.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A block of a model with its parameters. */
typedef struct qhm_module qhm_module;

/** What a module costs. Four different numbers, never one "size". */
typedef struct qhm_module_cost {
    size_t parameter_count;           /**< trained numbers, without word tables */
    size_t embedding_parameter_count; /**< trained numbers in word tables */
    double flops;                     /**< floating-point operations per sample, forward; a
                                           sequence counts as long as in the input shape */
    double circuits;                  /**< quantum circuits run per sample, forward */
} qhm_module_cost;

/** What a kind of module implements. Copy src/learn/linear.c to write one. */
typedef struct qhm_module_ops {
    const char *kind; /**< as in run files, such as "linear" */

    /** Records the module on the tape.
     *
     *  @param input  [batch, input shape...], checked already; indices when it takes tokens
     *  @param mask   [batch, length] of 0 and 1 for sequences, QHM_NO_VALUE: all count */
    qhm_status (*forward)(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output);

    /** Optional: adds flops and circuits per sample. Parameters are counted for it; children
     *  count themselves. Default: adds nothing. */
    void (*cost)(const qhm_module *module, const void *state, qhm_module_cost *cost);

    /** Optional: frees the state. Default: there is nothing to free. */
    void (*destroy)(void *state);

    /** Optional: adds what its circuits have run since it was made; children count themselves.
     *  Default: it runs none. */
    qhm_status (*ledger)(const qhm_module *module, const void *state, qhm_ledger *ledger);
} qhm_module_ops;

/** Where a module is to stand. */
typedef struct qhm_module_setting {
    qhm_precision precision;
    qhm_shape input;     /**< of one sample: {1,{width}}, sequences {2,{length, width}}, tokens
                              {1,{length}}, images {3,{channels, height, width}} */
    size_t output_width; /**< size of the output's last axis; 0: as the input or as the kind has */
    qhm_random *random;  /**< first values are drawn from it and it moves on; NULL: a fixed one */
} qhm_module_setting;

/** One kind of module: what run files name. */
typedef struct qhm_module_info {
    const char *kind;
    const char *help;               /**< one sentence */
    const qhm_option_info *options; /**< fields of the options struct; NULL: it has none */
    size_t options_bytes;           /**< size of the options struct */

    /** Creates one from options that are checked and have their defaults put in; NULL only when
     *  the kind has none. */
    qhm_status (*create)(const qhm_module_setting *setting, const void *options, qhm_module **out);
} qhm_module_info;

/** The kinds that QHM brings, [*count]. */
QHM_API const qhm_module_info *const *qhm_module_kinds(size_t *count);

/** Creates a module by kind.
 *
 *  @param[in]  options  the kind's options struct; NULL: all defaults
 *  @param[out] out      the caller's; pairs with qhm_module_destroy().
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND for an unknown kind (the message names the nearest);
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_create(const char *kind,
                                                    const qhm_module_setting *setting,
                                                    const void *options, qhm_module **out);

/** Creates a module of one's own kind, without parameters yet.
 *
 *  @param[in] ops     must outlive the module
 *  @param[in] state   handed to ops; on success the module's, on failure still the caller's
 *  @param[in] output  shape of one sample's output
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_create_custom(const qhm_module_ops *ops, void *state,
                                                           const qhm_module_setting *setting,
                                                           qhm_shape output, qhm_module **out);

/** Frees the module, its parameters and its children; NULL is fine. */
QHM_API void qhm_module_destroy(qhm_module *module);

/** Gives the module a parameter of zeros, for kinds of one's own.
 *
 *  @param[in]  flags  of qhm_parameter_flag
 *  @param[out] out    borrowed from the module
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_append_parameter(qhm_module *module, const char *name,
                                                              qhm_shape shape, unsigned flags,
                                                              qhm_parameter **out);

/** Puts `child` into a module: its parameters become the module's too, their names preceded by
 *  "name.". The child is the module's from now on, also when this fails. To a `sequential` it is
 *  the next step, and its input shape must be the present output shape.
 *
 *  @param[in] name  NULL: the child's number, from 0
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_append_take(qhm_module *module, const char *name,
                                                         qhm_module *child);

/** Creates an empty chain of modules: append steps by qhm_module_append_take(). Empty, it gives
 *  back its input. Masks go to every step.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sequential_create(qhm_precision precision, qhm_shape input,
                                                        qhm_module **out);

/** Records the module on a tape of its precision.
 *
 *  @param[in]  input   [batch, input shape...]; a sequence's length may differ from the shape's
 *  @param[in]  mask    [batch, length], 1 where a word is and 0 where padding is; QHM_NO_VALUE
 *                      when the input is no sequence or all of it counts
 *  @param[out] output  [batch, output shape...]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what the kind returns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_forward(qhm_module *module, qhm_tape *tape,
                                                     qhm_value input, qhm_value mask,
                                                     qhm_value *output);

/** The kind, such as "linear"; borrowed. */
QHM_API const char *qhm_module_kind(const qhm_module *module);

/** The shape of one sample's input. */
QHM_API qhm_shape qhm_module_input_shape(const qhm_module *module);

/** The shape of one sample's output. */
QHM_API qhm_shape qhm_module_output_shape(const qhm_module *module);

/** The precision given at creation. */
QHM_API qhm_precision qhm_module_precision(const qhm_module *module);

/** All parameters, children's included, in a fixed order; [*count], borrowed until the next
 *  append. */
QHM_API qhm_parameter *const *qhm_module_parameters(const qhm_module *module, size_t *count);

/** The number of children. */
QHM_API size_t qhm_module_child_count(const qhm_module *module);

/** Child `index`, borrowed; NULL when there is none. */
QHM_API qhm_module *qhm_module_child(const qhm_module *module, size_t index);

/** The state given at creation when the module is of this kind, else NULL. */
QHM_API void *qhm_module_state(const qhm_module *module, const qhm_module_ops *ops);

/** Writes all parameters, fixed ones too, to a safetensors file under their names.
 *
 *  @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_NOT_FOUND; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_save(const qhm_module *module, const char *path);

/** Reads all parameters from a safetensors file; nothing is changed when it fails.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT when an array is missing, superfluous, of another shape or
 *          precision, or has an element that is not finite; as qhm_safetensors_load(). */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_load(qhm_module *module, const char *path);

/** What the module costs, children included. */
QHM_API qhm_module_cost qhm_module_total_cost(const qhm_module *module);

/** What the quantum parts of the module have run since they were made, children included; all 0
 *  for a classical module.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_ledger(const qhm_module *module, qhm_ledger *ledger);

#ifdef __cplusplus
}
#endif
#endif
