/** @file tour.h
 *  The travelling salesman: the shortest way through all cities and back.
 *
 *  Distances are [cities][cities], from the row to the column; they need not be symmetric. Tours
 *  begin at city 0.
 *
 *  @code
 *  status = qhm_tour_find(4, distances, order, &length);
 *  @endcode */
#ifndef QHM_TOUR_H
#define QHM_TOUR_H

#include <qhm/choice.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Finds the shortest tour, exactly, by its parts: the shortest way through each set of cities to
 *  each of them [held1962].
 *  @param cities     2 to 20.
 *  @param distances  finite.
 *  @param order      [cities], beginning with 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. Cost: 2^n n^2. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tour_find(size_t cities, const double *distances,
                                                size_t *order, double *length);

/** The tour as choices: stop p (after city 0) takes one of the other cities, option c - 1 being
 *  city c; taking a city twice is a conflict. (cities - 1)^2 qubits.
 *  @param distances  finite, none below 0.
 *  @param penalty    of a conflict: with one city a stop, taking one twice cannot pay; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (not 3 to 9 cities); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tour_choice(size_t cities, const double *distances,
                                                  qhm_choice **choice, double *penalty);

#ifdef __cplusplus
}
#endif
#endif
