// Claims about linear algebra: products with matrices, Fourier transforms.
#include "base/memory.h"
#include "claim/claim_internal.h"
#include "claim/scaling.h"
#include "claim/score_oracle.h"
#include "linalg/matrix_product.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>

enum { SIZES = 7, TRANSFORMS = 10, ENTRY_BITS = 8 };

static qhm_status count_load(size_t qubits, uint64_t seed, qhm_part_cost *cost)
{
    qhm_complex *amplitudes;
    qhm_circuit *circuit = NULL;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x6c6f61, qubits, 0);
    QHM_TRY(qhm_allocate((size_t)1 << qubits, sizeof *amplitudes, &amplitudes));
    for (size_t i = 0; i < (size_t)1 << qubits; i++)
        amplitudes[i].re = qhm_random_normal(&random);
    qhm_status status = qhm_state_preparation_bind(qubits, QHM_STATE_REAL, amplitudes, &circuit);
    if (status == QHM_OK)
        status = qhm_part_count(circuit, cost);
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status time_product(size_t n, uint64_t seed, double *seconds)
{
    enum { REPEATS = 5 };
    double *numbers;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x6d7678, n, 0);
    QHM_TRY(qhm_allocate(n * n + 2 * n, sizeof *numbers, &numbers));
    for (size_t i = 0; i < n * n + n; i++)
        numbers[i] = qhm_random_normal(&random);
    *seconds = INFINITY;
    for (size_t i = 0; i < REPEATS; i++) {
        const double start = qhm_claim_clock();
        qhm_matrix_product(false, false, n, 1, n, numbers, numbers + n * n, numbers + n * n + n);
        *seconds = fmin(*seconds, qhm_claim_clock() - start);
    }
    qhm_release(numbers);
    return QHM_OK;
}

static qhm_status run_matrix_vector(const qhm_claim_options *options, qhm_claim_result *result)
{
    double n[SIZES], vector[SIZES], matrix[SIZES];
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < SIZES; i++) {
        qhm_part_cost load, entries;
        double seconds;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(qhm_claim_go_on(options));
        n[i] = exp2((double)i + 2);
        QHM_TRY(count_load(i + 2, options->seed, &load));
        QHM_TRY(qhm_memory_count(QHM_LOOKUP_SELECT_SWAP, 2 * (i + 2), ENTRY_BITS, &entries));
        QHM_TRY(time_product((size_t)n[i], options->seed, &seconds));
        vector[i] = load.gates;
        matrix[i] = 2 * entries.gates;
        qhm_claim_number(row, "n", n[i]);
        qhm_claim_number(row, "gates_to_load_the_vector", vector[i]);
        qhm_claim_number(row, "gates_to_use_the_matrix_once", matrix[i]);
        qhm_claim_number(row, "runs_to_read_it_to_1_percent", 1e4 * n[i]);
        qhm_claim_number(row, "classical_multiplications", n[i] * n[i]);
        qhm_claim_number(row, "classical_seconds", seconds);
    }
    const qhm_interval by_vector = qhm_scaling_exponent(n + 2, vector + 2, SIZES - 2);
    const qhm_interval by_matrix = qhm_scaling_exponent(n + 2, matrix + 2, SIZES - 2);
    qhm_claim_number(result->numbers, "exponent_of_the_vector", by_vector.mean);
    qhm_claim_number(result->numbers, "exponent_of_the_matrix", by_matrix.mean);
    qhm_plot_begin(result->plot, "A dense N x N matrix times a vector", "N, as powers of ten",
                   "gates, as powers of ten");
    qhm_plot_add(result->plot, "vector", n, vector, SIZES);
    qhm_plot_add(result->plot, "matrix, once", n, matrix, SIZES);
    qhm_claim_find_that(
        result, by_matrix.mean < 1.5 ? QHM_CLAIM_HOLDS : QHM_CLAIM_FAILS,
        "Loading the vector takes gates as N^%.2f, but the matrix has N^2 numbers and each use of "
        "it loads them: N^%.2f, for an output that is a state, read to 2-norm eps in about N / "
        "eps^2 runs. O(N) would hold for a matrix that a short circuit makes.",
        by_vector.mean, by_matrix.mean);
    return QHM_OK;
}

const qhm_claim qhm_claim_matrix_vector = {
    .info = {.name = "matrix-vector",
             .place = "table 1, row 3",
             .claim = "Dense matrix-vector multiply: O(N^2) for an N x N matrix, O(N) with quantum "
                      "amplitude encoding (exponential state space) but O(N) data loading.",
             .details = "Counts loading a random vector, and one pass over N^2 entries of 8 bits "
                        "by SELECT-SWAP, there and back, for N = 4 to 256; times the product."},
    .run = run_matrix_vector,
};

static qhm_status run_fourier(const qhm_claim_options *options, qhm_claim_result *result)
{
    double n[TRANSFORMS], lg[TRANSFORMS], gates[TRANSFORMS], loads[TRANSFORMS], ffts[TRANSFORMS];
    double depths[TRANSFORMS];
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < TRANSFORMS; i++) {
        const size_t qubits = i + 3;
        qhm_circuit *circuit;
        qhm_part_cost exact, load;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(qhm_fourier_create(qubits, NULL, &circuit));
        const qhm_status status = qhm_part_count(circuit, &exact);
        qhm_circuit_destroy(circuit);
        QHM_TRY(status);
        QHM_TRY(count_load(qubits, options->seed, &load));
        lg[i] = (double)qubits;
        n[i] = exp2(lg[i]);
        gates[i] = exact.gates;
        loads[i] = load.gates;
        depths[i] = exact.depth;
        ffts[i] = n[i] * lg[i];
        qhm_claim_number(row, "n", n[i]);
        qhm_claim_number(row, "gates_of_the_transform", gates[i]);
        qhm_claim_number(row, "depth_of_the_transform", exact.depth);
        qhm_claim_number(row, "gates_to_load", loads[i]);
        qhm_claim_number(row, "runs_to_read_it_to_1_percent", 1e4 * n[i]);
        qhm_claim_number(row, "fft_n_lg_n", ffts[i]);
    }
    const size_t first = 4;
    const qhm_interval by_log = qhm_scaling_exponent(lg + first, gates + first, TRANSFORMS - first);
    const qhm_interval deep = qhm_scaling_exponent(lg + first, depths + first, TRANSFORMS - first);
    const qhm_interval load = qhm_scaling_exponent(n + first, loads + first, TRANSFORMS - first);
    qhm_claim_number(result->numbers, "exponent_of_gates_by_lg_n", by_log.mean);
    qhm_claim_number(result->numbers, "exponent_of_loading_by_n", load.mean);
    qhm_plot_begin(result->plot, "Fourier transforms of N numbers", "N, as powers of ten",
                   "gates, as powers of ten");
    qhm_plot_add(result->plot, "transform", n, gates, TRANSFORMS);
    qhm_plot_add(result->plot, "loading the signal", n, loads, TRANSFORMS);
    qhm_plot_add(result->plot, "FFT, N lg N", n, ffts, TRANSFORMS);
    const bool is_log = by_log.mean < 1.2, is_polylog = by_log.mean < 3;
    qhm_claim_find_that(
        result,
        !is_polylog ? QHM_CLAIM_FAILS
                    : (is_log && load.mean < 0.5 ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "The circuit takes (lg N)^%.1f gates in (lg N)^%.1f layers, for a state that is there "
        "already, "
        "and its result is a state too. From a signal in memory, loading takes "
        "N^%.2f gates a run, and reading all N numbers about N / eps^2 runs, where an FFT takes "
        "N lg N in all.",
        by_log.mean, deep.mean, load.mean);
    return QHM_OK;
}

const qhm_claim qhm_claim_fourier = {
    .info = {.name = "fourier",
             .place = "table 1, row 6",
             .claim = "Fourier transform: O(N log N) (FFT), O(log N) (quantum FFT, exponential in "
                      "signal length).",
             .details = "Counts the transform and the load of a random signal for N = 8 to 4,096."},
    .run = run_fourier,
};
