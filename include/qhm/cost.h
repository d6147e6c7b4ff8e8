/** @file cost.h
 *  What quantum executions cost on a device: seconds, joules, money, carbon dioxide.
 *
 *  T = T_C - T_part + T_Q + T_interface: the model's time without the part that is replaced, the
 *  time on the chip, and the time to get data in and out.
 *
 *  T_Q is shots times (circuit + read-out + reset + repetition delay). T_interface is a control
 *  round trip for every circuit, which brings its angles, a cloud round trip for every job, and
 *  programming for every problem of an annealer. The machine's power is charged during T_Q, control
 *  round trips and programming, the host's during all of T.
 *
 *  Every result lists the figures of the device that it rests on, with their status and source. A
 *  figure that the device does not give is listed with the status none: as a time it counts 0, as a
 *  power or price it leaves the result unknown, NaN.
 *
 *  @code
 *  qhm_cost cost;
 *  status = qhm_cost_find(&ledger, device, &(qhm_cost_options){.duration_ns = 900}, &cost);
 *  @endcode */
#ifndef QHM_COST_H
#define QHM_COST_H

#include <qhm/device.h>
#include <qhm/ledger.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A figure that a result rests on. */
typedef struct qhm_cost_figure {
    const char *name; /**< as in docs/devices.md: "repetition_delay_us"; or an operation, "cz",
                         whose duration it is */
    qhm_figure figure;
} qhm_cost_figure;

/** Room for all figures that costs are made of. */
#define QHM_COST_MOST_FIGURES 40

/** What a device's figures do not say; zero means the default in every field. */
typedef struct qhm_cost_options {
    double duration_ns; /**< one run of the circuit as compiled: qhm_compile_summary; 0: from
                           the ledger's depths and the chip-wide durations */
    bool duration_has_read_out; /**< duration_ns goes to the end of the final measurements */
    uint64_t exact_shots; /**< shots for each circuit that a simulator ran exactly; 0: such a ledger
                             is refused */
    uint64_t jobs;        /**< trips to the machine and back; 0: 1. Steps of a training are jobs,
                             since each depends on the last */
    bool is_local;        /**< the computer stands beside the machine: no cloud round trips */
    bool has_published_rate; /**< shots take 1 / shots_per_second of the device, whatever the
                                circuit */
    double model_seconds;    /**< T_C: the whole model, measured on this machine */
    double part_seconds;     /**< T_part: of these, the part that is replaced */
    double host_watts;       /**< of the computer, all the time; 0: not counted */
    double usd_per_second, usd_per_shot, usd_per_job; /**< prices; all 0: the device's */
    double kg_co2_per_kwh;                            /**< of the electricity; 0: not counted */
} qhm_cost_options;

/** What executions cost. Sums of all shots unless a name says otherwise. */
typedef struct qhm_cost {
    uint64_t shots;
    double circuit_seconds, read_out_seconds, reset_seconds, delay_seconds; /**< parts of T_Q */
    double programming_seconds, control_seconds, cloud_seconds; /**< parts of T_interface */
    double quantum_seconds;                                     /**< T_Q */
    double interface_seconds;                                   /**< T_interface */
    double total_seconds;                                       /**< T */
    double shot_seconds;                                        /**< T_Q of one shot */
    double cryogenics_joules, control_joules; /**< parts of machine_joules; NaN: not known */
    double machine_joules;                    /**< NaN: not known */
    double host_joules;
    double total_joules;
    double shot_joules; /**< the machine's of one shot's T_Q */
    double usd;         /**< NaN: not known */
    double kg_co2;      /**< NaN: not known */
    bool is_scheduled;  /**< false: the circuit's time was made of depths */
    size_t figure_count;
    qhm_cost_figure figures[QHM_COST_MOST_FIGURES]; /**< borrowed from the device */
} qhm_cost;

/** Finds what executions cost on a device.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a number that is negative or not finite, a part that
 *          takes longer than the model); QHM_ERROR_UNSUPPORTED (exact circuits without
 *          exact_shots; no duration_ns for a device whose circuits take other times than gates of
 *          one and two qubits); QHM_ERROR_RESOURCE_LIMIT (the ledger needs more qubits than the
 *          device has). */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_find(const qhm_ledger *ledger, const qhm_device *device,
                                                const qhm_cost_options *options, qhm_cost *cost);

/** The weakest status of the figures that a cost rests on: assumed before projected before
 *  measured; none if it rests on no figure. Figures that are not given are passed over. */
QHM_API qhm_figure_status qhm_cost_status(const qhm_cost *cost);

/** Prints a cost as lines of text, with the figures that are not measured.
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_print(const qhm_cost *cost, char **text);

/** Prints a cost as one JSON object; what is not known is null. @return as qhm_cost_print. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_print_json(const qhm_cost *cost, char **text);

/** Shots in each setting for a standard error of at most `precision`: variance / precision^2,
 *  rounded up. For observables qhm_settings_find bounds the variance; a probability has at most
 * 1/4.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (more than 2^53). */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_find_shots(double variance, double precision,
                                                      uint64_t *shots);

/** Something that a machine must have enough of. */
typedef struct qhm_cost_constraint {
    const char *name;         /**< "cooling at 20 mK per line" */
    double demand;            /**< what is needed; NaN: not known, `supply` is a budget */
    double supply;            /**< what there is */
    const char *unit;         /**< "lines" */
    qhm_figure_status status; /**< the weakest of the figures behind it */
    const char *source;       /**< of that figure; NULL: none */
} qhm_cost_constraint;

/** Room for all constraints. */
#define QHM_COST_MOST_CONSTRAINTS 10

/** Lists what limits a machine of this many qubits like the device: qubits, control lines and their
 *  price, control electronics, cooling of each stage that a line may use up. Lines and electronics
 *  grow with the qubits; what there is is the device's. Figures that are not given leave their
 *  constraint out.
 *  @param constraints  [QHM_COST_MOST_CONSTRAINTS], borrowing from the device.
 *  @param count        of those that were found. */
QHM_API void qhm_cost_find_constraints(const qhm_device *device, uint64_t qubits,
                                       qhm_cost_constraint *constraints, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
