/** @file device.h
 *  Quantum chips as data: operations, qubits, couplers and figures, each figure with its source.
 *
 *  A device is a JSON file (docs/devices.md has its schema) or the built-in "ideal". Every figure
 *  says whether it was measured, projected or assumed. Whole-chip figures fill the values of every
 *  qubit and coupler, unless the file gives values of their own.
 *
 *  @code
 *  qhm_device *device;
 *  qhm_status status = qhm_device_load("condor:optimistic", NULL, &device);
 *  if (status == QHM_OK)
 *      printf("%g\n", qhm_device_figure(device, "t1_us").value);
 *  qhm_device_destroy(device);
 *  @endcode */
#ifndef QHM_DEVICE_H
#define QHM_DEVICE_H

#include <qhm/circuit.h>
#include <qhm/diagnostics.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a chip's qubits are; decides how it is compiled for and what its noise is. */
typedef enum qhm_device_family {
    QHM_DEVICE_IDEAL = 0,           /**< no errors and no time */
    QHM_DEVICE_SUPERCONDUCTING = 1, /**< transmons with one- and two-qubit gates */
    QHM_DEVICE_CAT = 2,             /**< bosonic cat qubits beside transmons */
    QHM_DEVICE_TETRON = 3,          /**< Majorana tetrons, which only measure Pauli strings */
    QHM_DEVICE_ANNEALER = 4         /**< a graph of programmable couplings; runs no circuits */
} qhm_device_family;

/** Where a figure comes from. */
typedef enum qhm_figure_status {
    QHM_FIGURE_NONE = 0, /**< not given */
    QHM_FIGURE_MEASURED =
        1, /**< measured or announced by the maker, or computed from such figures */
    QHM_FIGURE_PROJECTED = 2, /**< a target or a prediction */
    QHM_FIGURE_ASSUMED = 3    /**< nothing published: a choice of the file's author */
} qhm_figure_status;

/** A number with its unit and source; the texts belong to the device. */
typedef struct qhm_figure {
    double value; /**< NaN: not given */
    qhm_figure_status status;
    const char *unit;   /**< "ns", "W"; "" for a pure number */
    const char *source; /**< NULL: not given */
    const char *note;   /**< NULL: none */
} qhm_figure;

/** One native operation. */
typedef struct qhm_device_operation {
    const char *name;   /**< "cz", "u", "rz", "measure", "measure_zz", "t_state" */
    qhm_gate gate;      /**< how it stands in a circuit */
    uint8_t paulis[2];  /**< of joint measurements: qhm_pauli of each qubit */
    size_t qubit_count; /**< 1 or 2 */
    const char *on;     /**< the kind of qubit, or of coupler for two, that it needs; NULL: any */
    qhm_figure duration_ns;     /**< chip-wide; qhm_device_operation_duration_ns knows places */
    qhm_figure average_error;   /**< 1 - average gate fidelity, or probability of a wrong outcome */
    bool is_virtual;            /**< a change of frame in software: no time and no error */
    bool is_any_one_qubit_gate; /**< every one-qubit gate is one such operation */
    bool is_assumed;      /**< the operation itself is not published: needs allow_assumed_gates */
    const char *kinds[2]; /**< the kind that each qubit must have, in order; NULL: any */
    const char *source;   /**< who says that the chip has it */
    const char *note;     /**< NULL: none */
} qhm_device_operation;

/** A qubit and its calibration; NaN where nothing is known. */
typedef struct qhm_device_qubit {
    const char *kind; /**< "transmon", "cat", "tetron"; NULL: not said */
    double x, y;      /**< place on the chip's map, y downwards */
    bool is_working;
    double t1_us, t2_us, frequency_ghz;
    double detuning_khz;     /**< slow error of the frequency that dephases an idle qubit */
    double readout_flips[2]; /**< p(1|0) and p(0|1) */
    double one_qubit_error;  /**< average error of a one-qubit gate */
} qhm_device_qubit;

/** A pair of qubits that share operations; without direction. */
typedef struct qhm_device_coupler {
    uint32_t qubits[2];        /**< the lower one first */
    const char *kind;          /**< "zz", "xx"; NULL: not said */
    bool is_working;           /**< false too if one of its qubits does not work */
    double error, duration_ns; /**< of a two-qubit gate; NaN: none */
} qhm_device_coupler;

/** How a device is varied when it is loaded; zero means as the file says. */
typedef struct qhm_device_options {
    double drift; /**< size of a drift of the calibration: every time and error of every qubit and
                     coupler is multiplied by exp(drift * normal), kept within what is possible */
    uint64_t drift_seed;
    double qubit_yield;   /**< probability that a qubit works, in (0, 1]; 0: all do */
    double coupler_yield; /**< the same of a coupler between working qubits */
    uint64_t yield_seed;
    double photon_number; /**< cats: mean photons, 0.5 to 20, in place of the file's */
    bool has_spread;      /**< qubits and couplers differ as the published percentiles do */
    uint64_t spread_seed;
} qhm_device_options;

/** A chip. Immutable once loaded, so that threads may share it. */
typedef struct qhm_device qhm_device;

/** Loads a device.
 *
 *  The name is a path if it has a slash or ends in ".json". Else NAME.json is looked for in the
 *  folders of the environment variable QHM_DEVICE_PATH (separated by ":"), beside the installed
 *  library (share/qhm/devices) and in the source tree. "ideal" is built in: every gate of the
 *  table, any number of qubits, no errors.
 *  @param name     "willow", "condor:optimistic" (a preset of the file), "./mine.json:fast".
 *  @param options  NULL for none.
 *  @param device   free it with qhm_device_destroy.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (no such device or preset; the nearest is named);
 *          QHM_ERROR_BAD_INPUT (the first mistake with its place; qhm_device_check has them all);
 *          QHM_ERROR_INVALID_ARGUMENT (options out of range); QHM_ERROR_IO;
 *          QHM_ERROR_RESOURCE_LIMIT (a file of more than 16 MiB); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_device_load(const char *name,
                                                  const qhm_device_options *options,
                                                  qhm_device **device);

/** Frees a device; NULL is fine. */
QHM_API void qhm_device_destroy(qhm_device *device);

/** Checks a device file and its presets, and collects the mistakes.
 *  @param path         of the file.
 *  @param diagnostics  what was found; free it with qhm_diagnostics_destroy. Set also when the
 *                      result is QHM_ERROR_BAD_INPUT.
 *  @return as qhm_device_load. */
QHM_API QHM_MUST_CHECK qhm_status qhm_device_check(const char *path, qhm_diagnostics **diagnostics);

QHM_API const char *qhm_device_name(const qhm_device *device);  /**< "condor". */
QHM_API const char *qhm_device_title(const qhm_device *device); /**< "IBM Condor". */

/** The preset in use; NULL if the device has none. */
QHM_API const char *qhm_device_preset(const qhm_device *device);

/** The file it was read from; NULL for built-in devices. */
QHM_API const char *qhm_device_path(const qhm_device *device);

/** What is worth knowing beyond the figures, a paragraph of text; NULL if the file has none. */
QHM_API const char *qhm_device_note(const qhm_device *device);

QHM_API qhm_device_family qhm_device_family_of(const qhm_device *device); /**< Its family. */

/** The word for a family: "superconducting". */
QHM_API const char *qhm_device_family_name(qhm_device_family family);

/** The word for a status: "measured". */
QHM_API const char *qhm_figure_status_name(qhm_figure_status status);

/** Qubits, working or not; 1,048,576 for "ideal". */
QHM_API size_t qhm_device_qubit_count(const qhm_device *device);

/** Couplers, working or not; 0 if qhm_device_is_all_to_all. */
QHM_API size_t qhm_device_coupler_count(const qhm_device *device);

/** True when every pair of qubits may share an operation: then there is no list of couplers. */
QHM_API bool qhm_device_is_all_to_all(const qhm_device *device);

/** Qubit `index`. @param index  less than qhm_device_qubit_count. */
QHM_API const qhm_device_qubit *qhm_device_qubit_at(const qhm_device *device, size_t index);

/** Coupler `index`. @param index  less than qhm_device_coupler_count. */
QHM_API const qhm_device_coupler *qhm_device_coupler_at(const qhm_device *device, size_t index);

/** The couplers of a qubit, working or not, by ascending neighbour.
 *  @param couplers  [count], borrowed: indices of couplers.
 *  @return the count; 0 if qhm_device_is_all_to_all. */
QHM_API size_t qhm_device_qubit_couplers(const qhm_device *device, uint32_t qubit,
                                         const uint32_t **couplers);

/** Finds the working coupler of two qubits.
 *  @param index  it; SIZE_MAX if qhm_device_is_all_to_all.
 *  @return false if there is none or it does not work. Cost: O(degree). */
QHM_API bool qhm_device_find_coupler(const qhm_device *device, uint32_t a, uint32_t b,
                                     size_t *index);

QHM_API size_t qhm_device_operation_count(const qhm_device *device); /**< Native operations. */

/** Operation `index`. @param index  less than qhm_device_operation_count. */
QHM_API const qhm_device_operation *qhm_device_operation_at(const qhm_device *device, size_t index);

/** Finds an operation by its name. Several may share one, for different kinds of qubits: this is
 *  the first. @return false if there is none. */
QHM_API bool qhm_device_find_operation(const qhm_device *device, const char *name,
                                       const qhm_device_operation **operation);

/** True when an operation may be done on these qubits in this order: they work, have the kinds that
 *  it needs, and a working coupler of the right kind.
 *  @param qubits  [qubit_count of the operation]. */
QHM_API bool qhm_device_has_operation(const qhm_device *device,
                                      const qhm_device_operation *operation,
                                      const uint32_t *qubits);

/** The average error of an operation at a place: the qubit's or coupler's own value, else the
 *  chip's; 0 if it is virtual; NaN if nothing is known.
 *  @param qubits  [qubit_count of the operation]; NULL: the chip's. */
QHM_API double qhm_device_operation_error(const qhm_device *device,
                                          const qhm_device_operation *operation,
                                          const uint32_t *qubits);

/** How long an operation takes at a place, like qhm_device_operation_error. */
QHM_API double qhm_device_operation_duration_ns(const qhm_device *device,
                                                const qhm_device_operation *operation,
                                                const uint32_t *qubits);

/** A figure by its name, such as "power_watts"; docs/devices.md lists them. A time may be asked for
 *  in another unit: "repetition_delay_ns".
 *  @return the figure; value NaN and status none if the device does not give it, or there is no
 *          such figure. */
QHM_API qhm_figure qhm_device_figure(const qhm_device *device, const char *name);

/** Figures that devices may have, in the order of docs/devices.md. */
QHM_API size_t qhm_figure_count(void);

/** The name of a figure: "t1_us". @param index  less than qhm_figure_count. */
QHM_API const char *qhm_figure_name(size_t index);

/** What a figure is, as a phrase. @param index  less than qhm_figure_count. */
QHM_API const char *qhm_figure_help(size_t index);

/** Presets of the device's file. */
QHM_API size_t qhm_device_preset_count(const qhm_device *device);

/** The name of preset `index`; the first is the default.
 *  @param index  less than qhm_device_preset_count. */
QHM_API const char *qhm_device_preset_name(const qhm_device *device, size_t index);

/** What preset `index` is, as a phrase. @param index  less than qhm_device_preset_count. */
QHM_API const char *qhm_device_preset_title(const qhm_device *device, size_t index);

/** The names of devices that qhm_device_load finds without a path. */
typedef struct qhm_device_list qhm_device_list;

/** Lists devices: "ideal", then those of the folders that qhm_device_load searches, by name.
 *  @param list  free it with qhm_device_list_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_device_list_create(qhm_device_list **list);

/** Frees a list; NULL is fine. */
QHM_API void qhm_device_list_destroy(qhm_device_list *list);

QHM_API size_t qhm_device_list_count(const qhm_device_list *list); /**< Devices. */

/** Name `index`. @param index  less than qhm_device_list_count. */
QHM_API const char *qhm_device_list_name(const qhm_device_list *list, size_t index);

/** Its file; NULL for a built-in device. @param index  less than qhm_device_list_count. */
QHM_API const char *qhm_device_list_path(const qhm_device_list *list, size_t index);

#ifdef __cplusplus
}
#endif
#endif
