/** @file bench.h
 *  Measures this machine: the simulator's speed beside what the processor and memory can do.
 *
 *  Every row is the median of rounds in which all rows take turns, each beside the limits measured
 *  in the same round: the multiply-add peak, and one sweep, which reads and writes a state's memory
 *  once in place.
 *
 *  @code
 *  qhm_bench_report *report;
 *  qhm_status status = qhm_bench_run(&(qhm_bench_options){.qubits = 20}, &report);
 *  if (status == QHM_OK)
 *      printf("%g s, %g sweeps\n", report->rows[0].seconds, report->rows[0].sweeps);
 *  qhm_bench_report_destroy(report);
 *  @endcode */
#ifndef QHM_BENCH_H
#define QHM_BENCH_H

#include <qhm/circuit.h>
#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What can be measured. */
typedef enum qhm_bench_workload {
    QHM_BENCH_ANSATZ = 0, /**< 10 layers of RY and RZ on every qubit and a CX chain, then ⟨Z⟩ of
                             every qubit; every sample has its own 20 n angles */
    QHM_BENCH_GRADIENT,   /**< of the sum of ⟨Z⟩ by all 20 n angles of that circuit */
    QHM_BENCH_RANDOM,     /**< 20 cycles of square roots of X, Y and W, and CZ on a grid of 4
                             rows, as in Nature 574, 505 (2019) */
    QHM_BENCH_QFT,        /**< the Fourier transform of a basis state, with its swaps */
    QHM_BENCH_QAOA,       /**< 4 layers of MaxCut on a random 3-regular graph */
    QHM_BENCH_STEP,       /**< a training step of a hybrid model: linear, tanh, 4 quantum layers,
                             linear, cross-entropy, Adam */
    QHM_BENCH_COST_PER_GATE, /**< 4 layers of the ansatz, one call, by number of qubits */
    QHM_BENCH_NOISE, /**< density matrices: 10 layers of random gates, and CZ between neighbours;
                        after each gate its qubits depolarize and relax, and readout fails; then
                        ⟨Z⟩ of every qubit. As a circuit: its gates */
    QHM_BENCH_TRAJECTORIES,  /**< the same gates and noise by random trajectories: ⟨Z⟩ of every
                                qubit from 32 shots, a random history each */
    QHM_BENCH_QAOA_GRADIENT, /**< the mean of the sum of ZZ over the edges of that graph after the
                                circuit of QHM_BENCH_QAOA, and its derivatives by the 8 angles */
    QHM_BENCH_WORKLOAD_COUNT
} qhm_bench_workload;

/** What is true of a workload. */
typedef struct qhm_bench_workload_info {
    const char *name; /**< "ansatz", "gradient", "random", "qft", "qaoa", "step", "cost-per-gate",
                         "noise", "trajectories", "qaoa-gradient" */
    const char *help; /**< one line */
} qhm_bench_workload_info;

/** The row of a workload. @param workload  less than QHM_BENCH_WORKLOAD_COUNT. */
QHM_API const qhm_bench_workload_info *qhm_bench_workload_information(qhm_bench_workload workload);

/** Finds a workload by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bench_workload_find(const char *name,
                                                          qhm_bench_workload *workload);

/** What to measure; zero means the default in every field. */
typedef struct qhm_bench_options {
    unsigned workloads; /**< bits 1 << qhm_bench_workload; 0: all but cost-per-gate */
    size_t qubits;      /**< 0: 4, 8, 12 (batches), 12, 16, 20 (one gradient), 24 (large states), 20
                           (qaoa-gradient), 8 (step), 12 (noise), 20 (trajectories), 4 to 24
                           (cost-per-gate, which      goes up to what is given) */
    unsigned precisions; /**< bits 1 << qhm_precision; 0: both */
    unsigned threads;    /**< 0: qhm_threads_count() */
    size_t batch;        /**< samples of a batched call; 0: 64 */
    size_t rounds;       /**< at most; 0: 7 */
    double seconds;      /**< a row sits out once it has taken so long; 0: 1 */
    bool with_values;    /**< also what was computed, to compare with others */
} qhm_bench_options;

/** One thing measured. */
typedef struct qhm_bench_row {
    qhm_bench_workload workload;
    qhm_precision precision;
    size_t qubits;
    unsigned threads;
    size_t batch;           /**< samples in a call; 1: one at a time */
    size_t gates;           /**< of one sample's circuit */
    size_t rounds;          /**< that were measured, after one that was not */
    double seconds;         /**< median, of one sample; of a whole step for QHM_BENCH_STEP */
    double fastest_seconds; /**< of all rounds */
    double slowest_seconds; /**< of all rounds */
    size_t state_bytes;     /**< of one sample's state */
    double sweep_seconds;   /**< median, to read and write as many bytes once, in place, as often as
                               there are states in `seconds` */
    double sweeps;          /**< seconds / sweep_seconds */
    double peak_share;      /**< operations, as qhm_plan_flops counts them, per second, as a share
                               of the multiply-add peak; NaN for gradients and steps */
    size_t value_count;     /**< 0 without with_values */
    double
        *values; /**< [value_count]: ⟨Z⟩ of every qubit of sample 0; the gradient of
                    sample 0; by the angle of each layer's RZZ, then of its RX; of large states
                    real and imaginary parts of the         amplitudes 0, k, 2 k, ... modulo 2^n, 32
                    of them, k = 2654435761;         of a step the losses of the first three */
} qhm_bench_row;

/** What was measured. */
typedef struct qhm_bench_report {
    char processor[96];  /**< its name */
    const char *isa;     /**< as qhm_isa_name() */
    unsigned threads;    /**< of the rows */
    double peak_one[2];  /**< [qhm_precision] multiply-add peak of one thread, operations
                            per second, a fused one counted as two */
    double peak_all[2];  /**< the same of all threads at once */
    qhm_bench_row *rows; /**< [row_count] */
    size_t row_count;
} qhm_bench_report;

/** Measures. Takes about half a minute by default; a fraction of a second for one small row.
 *
 *  @param options  NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a number of qubits that a workload cannot have);
 *          QHM_ERROR_RESOURCE_LIMIT (states that do not fit); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bench_run(const qhm_bench_options *options,
                                                qhm_bench_report **report);

/** Frees a report; NULL is fine. */
QHM_API void qhm_bench_report_destroy(qhm_bench_report *report);

/** Draws seconds per gate by qubits beside the time of one sweep, as an SVG file.
 *
 *  @param svg  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT without rows of QHM_BENCH_COST_PER_GATE;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bench_report_draw(const qhm_bench_report *report, char **svg);

/** The circuit of a workload, with the angles of sample 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a number of qubits that it cannot have; the step,
 *          which is no circuit); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bench_circuit_create(qhm_bench_workload workload,
                                                           size_t qubits, qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
