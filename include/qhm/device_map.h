/** @file device_map.h
 *  Maps of chips as SVG: qubits and couplers at their places, coloured by what is known of them. */
#ifndef QHM_DEVICE_MAP_H
#define QHM_DEVICE_MAP_H

#include <qhm/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What colours the qubits; couplers always have their two-qubit error. */
typedef enum qhm_device_colour {
    QHM_DEVICE_COLOUR_ERROR = 0,   /**< average error of a one-qubit gate */
    QHM_DEVICE_COLOUR_T1 = 1,      /**< relaxation time */
    QHM_DEVICE_COLOUR_T2 = 2,      /**< dephasing time */
    QHM_DEVICE_COLOUR_READOUT = 3, /**< probability of a wrong outcome */
    QHM_DEVICE_COLOUR_KIND = 4     /**< kind of the qubit, and of the coupler */
} qhm_device_colour;

/** Options of a map; zero means default in every field. */
typedef struct qhm_device_map_options {
    size_t
        width; /**< in units, which are pixels at its natural size, 200 to 100,000; default 960 */
    qhm_device_colour colour;
    const uint32_t *marked; /**< [marked_count] qubits that get a ring, such as those in use */
    size_t marked_count;
} qhm_device_map_options;

/** Draws a chip as one `svg` element that needs nothing else: a file of its own, or a part of a
 *  page. Its colours follow the reader's light or dark scheme: the stronger, the larger the value.
 *
 *  Where a value is not known, the kind gives the colour. What does not work is drawn hollow and
 *  dashed.
 *  @param options  NULL for defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (the ideal device has no places);
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: O(qubits + couplers). */
QHM_API QHM_MUST_CHECK qhm_status qhm_device_draw_svg(const qhm_device *device,
                                                      const qhm_device_map_options *options,
                                                      char **text);

/** Finds a colouring by its name: error, t1, t2, readout or kind.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_device_colour_find(const char *name,
                                                         qhm_device_colour *colour);

#ifdef __cplusplus
}
#endif
#endif
