/** @file schedule.h
 *  Schedules: what becomes of the learning rate as training goes on. */
#ifndef QHM_SCHEDULE_H
#define QHM_SCHEDULE_H

#include <qhm/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The shapes, as values of qhm_schedule_options.kind. */
typedef enum qhm_schedule_kind {
    QHM_SCHEDULE_COSINE = 1,   /**< half a cosine wave from 1 to final_factor */
    QHM_SCHEDULE_CONSTANT = 2, /**< 1 */
    QHM_SCHEDULE_STEPS = 3     /**< drop_count drops at equal distances, each by drop_factor */
} qhm_schedule_kind;

/** The schedule; zero means the default. */
typedef struct qhm_schedule_options {
    int kind;            /**< a qhm_schedule_kind; 0: cosine [loshchilov2017] */
    double warmup;       /**< share of all steps in which the factor grows from near 0 to 1 */
    double final_factor; /**< cosine: what it ends with; 0: 0 */
    size_t drop_count;   /**< steps: 0: 2 */
    double drop_factor;  /**< steps: 0: 0.1 */
} qhm_schedule_options;

/** The options' table, ending with a row without a name. */
QHM_API const qhm_option_info *qhm_schedule_option_table(void);

/** The factor of the learning rate at `step` of `step_count`, 0 to 1.
 *
 *  Warming up it is (step + 1) / (warmup step_count); then the kind's shape over the rest.
 *  @param options  NULL: all defaults
 *  @param step     from 0; beyond the end it stays as at the end */
QHM_API double qhm_schedule_factor(const qhm_schedule_options *options, uint64_t step,
                                   uint64_t step_count);

#ifdef __cplusplus
}
#endif
#endif
