/** @file compile.h
 *  Circuits made to fit a chip: its operations, its couplers, its durations.
 *
 *  Compiling gives an ordinary circuit on the qubits that it uses, which every backend runs, with
 *  the places of the logical qubits and a report of what each pass did. The circuit that went in
 *  and the one that comes out mean the same: equal up to a global phase and the layouts.
 *
 *  @code
 *  qhm_compiled *compiled;
 *  qhm_status status = qhm_circuit_compile(circuit, device, NULL, &compiled);
 *  if (status == QHM_OK)
 *      printf("%zu swaps\n", qhm_compiled_summary_of(compiled)->swap_count);
 *  qhm_compiled_destroy(compiled);
 *  @endcode */
#ifndef QHM_COMPILE_H
#define QHM_COMPILE_H

#include <qhm/circuit.h>
#include <qhm/device.h>
#include <qhm/observable.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How rotations get onto chips that have no rotation by any angle. */
typedef enum qhm_compile_rotations {
    QHM_ROTATIONS_SYNTHESISED = 0, /**< Clifford and T gates, as near as rotation_precision asks */
    QHM_ROTATIONS_ANALOG = 1       /**< one operation by the angle itself, marked as assumed */
} qhm_compile_rotations;

/** Options of qhm_circuit_compile; zero means the default in every field. */
typedef struct qhm_compile_options {
    int level; /**< 1 + the level. Level 0: qubit i on the i-th that works, no improvement; 1: gates
                  cancelled and merged, swaps relabelled; 2, the default: places by their errors,
                  two-qubit blocks resynthesised; 3: longer searches */
    uint64_t seed;            /**< of the searches: same seed, same circuit, for any thread count */
    bool allow_assumed_gates; /**< use operations whose existence is not published */
    const char *decoupling;   /**< pulses in delays: "xx" or "xy4"; NULL: none */
    const uint32_t *layout;   /**< [qubits of the circuit] the chip's qubit for each, distinct;
                                 NULL: searched for */
    double rotation_precision; /**< largest error of a synthesised rotation, as an operator norm
                                  up to a phase; 0: 1e-3 */
    qhm_compile_rotations rotations;
    size_t two_qubit_repeats; /**< tetrons: times that each two-qubit gate's measurements are done,
                                 an odd number; the circuit means the same and errs more, which is
                                 for extrapolation. 0: 1 */
} qhm_compile_options;

/** A circuit that fits a chip, and how it came about. */
typedef struct qhm_compiled qhm_compiled;

/** What the compiled circuit takes. Loops count once. */
typedef struct qhm_compile_summary {
    size_t qubit_count;     /**< of the chip's qubits that are used */
    size_t swap_count;      /**< exchanges of neighbours that routing added */
    size_t depth;           /**< in operations that take time; delays are none */
    size_t two_qubit_depth; /**< in gates and measurements of two qubits alone */
    size_t one_qubit_gates; /**< operations that take time */
    size_t virtual_gates;   /**< changes of frame, without time or error */
    size_t two_qubit_gates;
    size_t measurement_count;       /**< of one qubit or of Pauli strings */
    size_t joint_measurement_count; /**< of these, on two qubits or more */
    size_t reset_count;
    size_t t_count; /**< magic states that are consumed */
    size_t delay_count;
    size_t assumed_count;     /**< operations whose existence is not published */
    double duration_ns;       /**< from the first operation to the end of the last */
    double estimated_success; /**< product of 1 - error over operations and readout, and of the
                                 fidelity of relaxation over delays; figures that the device does
                                 not give count as perfect */
    double rotation_error;    /**< sum of the errors of synthesised rotations */
} qhm_compile_summary;

/** What a pass did. */
typedef struct qhm_compile_step {
    const char *name;   /**< "route" */
    const char *help;   /**< what the pass does, as a phrase */
    const char *detail; /**< what it did here: "12 swaps, 8 trials" */
    qhm_circuit_counts before, after;
} qhm_compile_step;

/** Compiles a circuit for a chip.
 *
 *  Slots stay slots: a run of one-qubit gates of which some have slots counts as one operation,
 *  and such gates stay as they are; all else becomes native. Registers of classical bits and names
 *  of slots are kept; each qubit is a register of its own, named as OpenQASM 3 names the chip's:
 *  $41. Delays of the circuit are kept.
 *
 *  Two-qubit gates by Cartan decomposition [kraus2001, vatan2004]; places by a search for the best
 *  subgraph of the chip, else by swaps [li2019]; as late as possible.
 *
 *  Tetrons only measure Pauli strings: gates become sequences of measurements with Pauli gates on
 *  outcomes, which are changes of frame [aasen2025]; T gates take magic states, rotations are
 *  synthesised [ross2016] or analog. Every data tetron needs ancillas beside it. Cats: places are
 *  searched for where published operations suffice; else assumed ones, if they are allowed.
 *  @param circuit   any circuit without channels; for synthesised rotations, without parameters.
 *  @param options   NULL: defaults.
 *  @param compiled  free it with qhm_compiled_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (options out of range; a layout with a repeated,
 *          missing or dead qubit); QHM_ERROR_UNSUPPORTED (an annealer; operations that the chip
 *          lacks; a channel; qubits that no working couplers join); QHM_ERROR_RESOURCE_LIMIT (more
 *          qubits than work); QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_compile(const qhm_circuit *circuit,
                                                      const qhm_device *device,
                                                      const qhm_compile_options *options,
                                                      qhm_compiled **compiled);

/** Frees a compiled circuit; NULL is fine. */
QHM_API void qhm_compiled_destroy(qhm_compiled *compiled);

/** The circuit, on qubits 0 to k - 1; borrowed. */
QHM_API const qhm_circuit *qhm_compiled_circuit(const qhm_compiled *compiled);

/** The chip's qubit of each of the circuit's. @param count  k; NULL: not wanted.
 *  @return [k], borrowed. */
QHM_API const uint32_t *qhm_compiled_physical_qubits(const qhm_compiled *compiled, size_t *count);

/** Where the logical qubits begin: [logical qubits] of 0 to k - 1, borrowed. */
QHM_API const uint32_t *qhm_compiled_initial_layout(const qhm_compiled *compiled);

/** Where they end. */
QHM_API const uint32_t *qhm_compiled_final_layout(const qhm_compiled *compiled);

/** An observable of the logical qubits as one of the compiled circuit's, at its end.
 *  @param mapped  free it with qhm_observable_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a qubit that the circuit lacks);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_compiled_map_observable(const qhm_compiled *compiled,
                                                              const qhm_observable *observable,
                                                              qhm_observable **mapped);

/** A circuit for tetrons without ancillas and outcomes: every sequence of measurements becomes the
 *  gate that it stands for, then a channel with all that goes wrong in it.
 *
 *  Exact: a sequence is summed over all its outcomes, with their flips, its channels and the waits
 *  between its steps, and turned down if what it does depends on what the ancilla did before.
 *  The result is on the logical qubits, as the circuit that was compiled; observables are those of
 *  the logical qubits. It has no delays: their noise is in it already.
 *  @param circuit  qhm_compiled_circuit, or what qhm_noise_model_apply makes of it.
 *  @param merged   free it with qhm_circuit_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (not compiled for tetrons; parities of poisoning that
 *          outlast a sequence; loops, and sequences under conditions);
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: milliseconds for each sequence that differs from those before it. */
QHM_API QHM_MUST_CHECK qhm_status qhm_compiled_merge_sequences(const qhm_compiled *compiled,
                                                               const qhm_circuit *circuit,
                                                               qhm_circuit **merged);

/** Passes that ran. */
QHM_API size_t qhm_compiled_step_count(const qhm_compiled *compiled);

/** Pass `index`, borrowed. @param index  less than qhm_compiled_step_count. */
QHM_API const qhm_compile_step *qhm_compiled_step(const qhm_compiled *compiled, size_t index);

/** What the circuit takes, borrowed. */
QHM_API const qhm_compile_summary *qhm_compiled_summary_of(const qhm_compiled *compiled);

#ifdef __cplusplus
}
#endif
#endif
