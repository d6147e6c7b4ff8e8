/** @file settings.h
 *  Measurement settings: what can be read out together, before a plan is made. */
#ifndef QHM_SETTINGS_H
#define QHM_SETTINGS_H

#include <qhm/observable.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How observables are measured, and what that says about precision. */
typedef struct qhm_settings {
    size_t count;    /**< of settings: groups of terms that agree qubit by qubit */
    double variance; /**< an upper bound of the variance of any of the observables with one shot in
                        each setting: sum over settings of (sum of |coefficients|)^2 */
} qhm_settings;

/** Groups observables into settings, as plans do.
 *  @param observables  [count], at least one.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_settings_find(const qhm_observable *const *observables,
                                                    size_t count, qhm_settings *settings);

#ifdef __cplusplus
}
#endif
#endif
