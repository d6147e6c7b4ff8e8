/** @file random.h
 *  Reproducible random numbers: counter-based Philox4x32-10 in named streams.
 *
 *  A stream is a plain value: copying it forks it, saving its words resumes it. Streams with
 *  different keys are independent, so a model can never disturb the split of the data.
 *  Salmon et al., SC'11 [salmon2011]. */
#ifndef QHM_RANDOM_H
#define QHM_RANDOM_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a stream is for: the first part of its key. Numbers are stable, so that runs repeat. */
typedef enum qhm_random_purpose {
    QHM_RANDOM_USER = 0,
    QHM_RANDOM_SPLIT = 1,      /**< resamples of the data; never depends on a model */
    QHM_RANDOM_DATA = 2,       /**< generated data; never depends on a model */
    QHM_RANDOM_INITIALISE = 3, /**< first values of parameters */
    QHM_RANDOM_BATCH = 4,      /**< order of the training rows */
    QHM_RANDOM_DROPOUT = 5,
    QHM_RANDOM_SHOTS = 6,      /**< measurement outcomes */
    QHM_RANDOM_TUNE = 7,       /**< hyperparameter trials */
    QHM_RANDOM_FEATURES = 8,   /**< random feature maps */
    QHM_RANDOM_NOISE = 9,      /**< what noise does: events of trajectories, wrong readouts */
    QHM_RANDOM_DEVICE = 10,    /**< drift, yield and spread of chips */
    QHM_RANDOM_COMPILE = 11,   /**< searches for places and swaps on chips */
    QHM_RANDOM_MITIGATION = 12 /**< circuits that error mitigation draws */
} qhm_random_purpose;

/** The state of a stream: 44 bytes of plain data. */
typedef struct qhm_random {
    uint32_t key[2];     /**< from (seed, purpose) */
    uint32_t counter[4]; /**< [0..1] the next block, [2..3] from (a, b, c) */
    uint32_t words[4];   /**< the block being handed out */
    uint32_t used;       /**< how many of words are spent, 0 to 4 */
} qhm_random;

/** Starts the stream of (seed, purpose, a, b, c); in experiments (resample, model, step). */
QHM_API qhm_random qhm_random_stream(uint64_t seed, qhm_random_purpose purpose, uint64_t a,
                                     uint64_t b, uint64_t c);

/** One Philox4x32-10 block: the pure function behind every stream. */
QHM_API void qhm_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/** The next 32 uniform bits. */
QHM_API uint32_t qhm_random_u32(qhm_random *random);

/** The next 64 uniform bits. */
QHM_API uint64_t qhm_random_u64(qhm_random *random);

/** A uniform double in [0, 1), 53 bits. */
QHM_API double qhm_random_uniform(qhm_random *random);

/** A standard normal double (Box-Muller, two 53-bit uniforms a value). */
QHM_API double qhm_random_normal(qhm_random *random);

/** A uniform integer in [0, bound), without bias. @param bound  at least 1. */
QHM_API uint64_t qhm_random_below(qhm_random *random, uint64_t bound);

/** Shuffles items [count] uniformly (Fisher-Yates). */
QHM_API void qhm_random_shuffle(qhm_random *random, size_t *items, size_t count);

#ifdef __cplusplus
}
#endif
#endif
