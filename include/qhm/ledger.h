/** @file ledger.h
 *  Ledgers: what quantum executions take, counted, whoever executed them.
 *
 *  A run of a circuit has three phases. *Encode* is every instruction up to the last whose angle
 *  has an input slot. *Read out* is the measurements after which nothing happens to their qubits,
 *  and what measuring an observable adds: changes of basis and measurements of its qubits.
 *  *Execute* is all between. Gates under a condition are counted as if it held, the body of a loop
 *  once; noise channels, delays and barriers are not counted.
 *
 *  A run is one pass from fresh qubits to the end of the read-out. A circuit with S shots is S
 *  runs. An exact simulator gives expectation values without shots: such a circuit counts as one
 *  run and is in exact_circuits too, since a chip would need shots for what it gave.
 *
 *  @code
 *  qhm_ledger ledger;
 *  status = qhm_plan_ledger(plan, &ledger); // all that the plan has run
 *  @endcode */
#ifndef QHM_LEDGER_H
#define QHM_LEDGER_H

#include <qhm/circuit.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The phases of a run. */
typedef enum qhm_phase {
    QHM_PHASE_ENCODE = 0,
    QHM_PHASE_EXECUTE = 1,
    QHM_PHASE_READ_OUT = 2,
    QHM_PHASE_COUNT
} qhm_phase;

/** What one phase took, over all runs. */
typedef struct qhm_phase_counts {
    uint64_t one_qubit_gates;
    uint64_t two_qubit_gates;
    uint64_t larger_gates; /**< on three or more qubits */
    uint64_t t_gates;      /**< T gates after expansion to Clifford gates, T and rotations of one
                              qubit: 7 for a Toffoli gate, 1 for an odd multiple of pi / 4 */
    uint64_t rotations;    /**< what is left of that: rotations by slots and other angles, which
                              take about 3 log2(1 / error) T gates each where T gates must do */
    uint64_t measurements; /**< of one qubit or of Pauli strings */
    uint64_t resets;
    uint64_t by_gate[QHM_GATE_COUNT];
} qhm_phase_counts;

/** Counts of any number of runs. Zero-initialise. None grows beyond 2^63 - 1. */
typedef struct qhm_ledger {
    uint64_t qubits;          /**< the most that one run needs */
    uint64_t depth;           /**< of the deepest run: qhm_circuit_counts */
    uint64_t two_qubit_depth; /**< the same */
    uint64_t settings;        /**< different circuits, whatever their angles: what is compiled */
    uint64_t circuits;        /**< executions: a sample, in a setting, with its angles */
    uint64_t exact_circuits;  /**< of these, run exactly by a simulator, without shots */
    uint64_t shots;
    uint64_t discarded_shots;    /**< of these, thrown away by post-selection */
    uint64_t state_preparations; /**< times that data was brought into a state */
    uint64_t oracle_calls;
    uint64_t states_read;       /**< states or their probabilities: no chip gives them */
    uint64_t adjoint_gradients; /**< samples whose gradients came by the adjoint method: no chip
                                   has it; by parameter shift the shifted circuits are counted */
    qhm_phase_counts phases[QHM_PHASE_COUNT];
} qhm_ledger;

/** What the instructions of a circuit do not say; zero means the default in every field. */
typedef struct qhm_ledger_options {
    uint64_t shots;              /**< 0: 1 */
    uint64_t state_preparations; /**< a run; 0: 1 if there is an input slot, else none */
    uint64_t oracle_calls;       /**< a run */
    double kept_share;           /**< of shots that post-selection keeps, in (0, 1]: `shots` are
                                    those kept, and more are charged; 0: 1 */
} qhm_ledger_options;

/** Counts what one circuit takes with so many shots, before it is run.
 *  @param options  NULL: one shot.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a share out of range); QHM_ERROR_NUMERIC (a matrix
 *          that cannot be expanded); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: linear, and an expansion of gates that are not Clifford, T or rotations of a qubit. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_count_ledger(const qhm_circuit *circuit,
                                                           const qhm_ledger_options *options,
                                                           qhm_ledger *ledger);

/** The shifted circuits of one sample's gradient by parameter shift, in one setting: two or four
 *  for each angle with a slot. */
QHM_API size_t qhm_circuit_shift_count(const qhm_circuit *circuit);

/** Adds what another ledger has. Qubits and depths become the larger of the two. */
QHM_API void qhm_ledger_add(qhm_ledger *ledger, const qhm_ledger *more);

/** Multiplies all counts, as by running the same again; qubits, depths and settings stay. */
QHM_API void qhm_ledger_repeat(qhm_ledger *ledger, uint64_t times);

/** All phases together. */
QHM_API qhm_phase_counts qhm_ledger_total(const qhm_ledger *ledger);

/** The word for a phase: "encode", "execute", "read out". */
QHM_API const char *qhm_phase_name(qhm_phase phase);

/** Prints a ledger as a table of phases under the counts of the whole.
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ledger_print(const qhm_ledger *ledger, char **text);

/** Prints a ledger as one JSON object: the fields by their names, gates that occur by theirs.
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ledger_print_json(const qhm_ledger *ledger, char **text);

#ifdef __cplusplus
}
#endif
#endif
