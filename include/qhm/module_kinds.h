/** @file module_kinds.h
 *  Options of the kinds of modules that qhm_module_create() knows. Zero means the default.
 *
 *  FLOPs count a product and a sum as one each and an activation as one per element. */
#ifndef QHM_MODULE_KINDS_H
#define QHM_MODULE_KINDS_H

#include <qhm/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Activations, as values of options. */
typedef enum qhm_activation {
    QHM_ACTIVATION_GELU = 1,
    QHM_ACTIVATION_RELU = 2,
    QHM_ACTIVATION_TANH = 3,
    QHM_ACTIVATION_SIGMOID = 4,
    QHM_ACTIVATION_COS = 5
} qhm_activation;

/** Options of "linear": y = x W^T + b on the last axis. W begins uniform within
 *  sqrt(6 / (in + out)) (Glorot and Bengio, AISTATS 2010), b at 0. */
typedef struct qhm_linear_options {
    bool no_bias; /**< leave out b */
} qhm_linear_options;

/** Options of "mlp": linear, activation, dropout, layer by layer, and a linear layer. */
typedef struct qhm_mlp_options {
    size_t hidden_width;  /**< 0: 64 */
    size_t hidden_layers; /**< 0: 1 */
    int activation;       /**< a qhm_activation; 0: gelu */
    double dropout;       /**< rate after each activation; 0: none */
} qhm_mlp_options;

/** Options of "matched_mlp": an MLP of one hidden layer whose size is given by what it may cost,
 *  to stand in a quantum module's place. Exactly one of the two targets is set.
 *
 *  With a parameter target P, at least output width + 3, it has exactly P parameters: the last
 *  hidden unit is joined to fewer inputs and outputs (with one or two outputs up to 2 parameters
 *  may be missing). With a FLOP target F it has h = round((F - out) / (2 in + 2 out + 2)) units, 1
 * or more. */
typedef struct qhm_matched_mlp_options {
    size_t parameter_target; /**< trained numbers; 0: not given */
    double flop_target;      /**< operations per sample, forward; 0: not given */
    int activation;          /**< a qhm_activation; 0: gelu */
} qhm_matched_mlp_options;

/** Options of "conv_net": stages of conv 3x3 with padding, activation and 2x2 max pooling, the
 *  channels doubling, then a linear layer. Takes images {3,{channels, height, width}} and gives
 *  {1,{output width}}. */
typedef struct qhm_conv_net_options {
    size_t channels; /**< of the first stage; 0: 16 */
    size_t stages;   /**< 0: 2; each halves height and width */
    int activation;  /**< a qhm_activation; 0: relu */
    bool mean_pool;  /**< the linear layer sees each channel's mean instead of every pixel */
} qhm_conv_net_options;

/** Options of "embedding": tokens {1,{length}} become {2,{length, output width}}, rows of a table
 *  that begins normal with deviation 0.1. */
typedef struct qhm_embedding_options {
    size_t vocabulary_size; /**< number of different tokens; must be given */
} qhm_embedding_options;

/** Options of "sequence_pool": {2,{length, width}} becomes {1,{width}} over the words that the
 *  mask counts. */
typedef struct qhm_sequence_pool_options {
    bool is_max; /**< the largest of each column instead of the mean */
} qhm_sequence_pool_options;

/** Options of "dropout". */
typedef struct qhm_dropout_options {
    double rate; /**< share of elements set to 0 in training */
} qhm_dropout_options;

/** Options of "activation". */
typedef struct qhm_activation_options {
    int activation; /**< a qhm_activation; 0: gelu */
} qhm_activation_options;

/** Options of "random_features": cos(x W^T / length_scale + b), never trained; W normal, b uniform
 *  in a turn. (2 / width) times the product of two outputs estimates the Gaussian kernel
 *  exp(-|x - y|^2 / (2 length_scale^2)). Rahimi and Recht [rahimi2007]. */
typedef struct qhm_random_features_options {
    double length_scale; /**< 0: the square root of the input width */
} qhm_random_features_options;

/** Options of "dot_product_attention", on sequences {2,{length, width}} with masks: softmax(q k^T
 *  / sqrt(key_width)) v for each head, joined, a linear layer, plus the input. Vaswani et al.,
 *  arXiv:1706.03762.
 *
 *  Parameters for key width k and h heads: 2 (width + 1) h k for queries and keys, (width + 1)
 *  width for values and as many for the output layer. */
typedef struct qhm_dot_product_attention_options {
    size_t heads;     /**< divides the width; 0: 1 */
    size_t key_width; /**< of a head's queries and keys; 0: width / heads */
    bool no_output;   /**< leave out the linear layer at the end */
    bool no_residual; /**< do not add the input */
    bool no_bias;     /**< leave out all biases */
} qhm_dot_product_attention_options;

#ifdef __cplusplus
}
#endif
#endif
