// The problem "pca": principal components by density-matrix exponentiation.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/pca_opponents.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/density_exponentiation.h>
#include <qhm/overlap.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>

enum { MOST_COLUMNS = 16, MOST_ROWS = 64, MOST_VALUES = 64, MOST_QUBITS = 10 };

typedef struct pca_options {
    const qhm_node *data;
    size_t clock_qubits, copies, shots, components, sampled_rows, sampled_columns, row_draws;
} pca_options;

static const qhm_option_info fields[] = {
    {.name = "data",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(pca_options, data),
     .help = "rows of samples, up to 64 of up to 16 numbers; required"},
    {.name = "clock_qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, clock_qubits),
     .default_text = "4",
     .minimum = 1,
     .maximum = 6,
     .help = "of phase estimation: shares of variance to one part in 2^clock_qubits"},
    {.name = "copies",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, copies),
     .default_text = "40",
     .minimum = 1,
     .maximum = 1000,
     .help = "of the data's state for each of the 2^clock_qubits - 1 unit evolutions"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, shots),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs"},
    {.name = "components",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, components),
     .default_text = "1",
     .minimum = 1,
     .maximum = MOST_COLUMNS,
     .help = "that the classical opponents keep; at most the smaller side of the data"},
    {.name = "sampled_rows",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, sampled_rows),
     .default_text = "32",
     .minimum = 1,
     .maximum = 4096,
     .help = "that the dequantised opponent draws by squared length"},
    {.name = "sampled_columns",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, sampled_columns),
     .default_text = "32",
     .minimum = 1,
     .maximum = 256,
     .help = "that it draws of these rows"},
    {.name = "row_draws",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(pca_options, row_draws),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 10000,
     .help = "entries that it draws from its approximation of the longest row"},
    {0},
};

// data [rows][columns], divided by a power of 2 so that the largest is about 1, then centred: only
// shares of the variance are told, and squares of any data are numbers.
typedef struct pca {
    const pca_options *options;
    double *data, square;
    size_t rows, columns, qubits, index_qubits;
    qhm_quantum_components_options estimation;
} pca;

static qhm_status read_data(const qhm_problem *problem, pca *p)
{
    const qhm_node *node = p->options->data;
    double largest = 0;
    int exponent;
    QHM_TRY(qhm_problem_matrix(problem->node, node, "data", &p->data, &p->rows, &p->columns));
    if (p->rows < 2 || p->rows > MOST_ROWS || p->columns < 2 || p->columns > MOST_COLUMNS)
        return qhm_node_fail(node, "field 'data' is %zu by %zu, not 2 to %d by 2 to %d", p->rows,
                             p->columns, (int)MOST_ROWS, (int)MOST_COLUMNS);
    for (size_t i = 0; i < p->rows * p->columns; i++)
        largest = fmax(largest, fabs(p->data[i]));
    (void)frexp(largest, &exponent);
    for (size_t i = 0; i < p->rows * p->columns; i++)
        p->data[i] = ldexp(p->data[i], -exponent);
    for (size_t j = 0; j < p->columns; j++) {
        double mean = 0;
        for (size_t i = 0; i < p->rows; i++)
            mean += p->data[i * p->columns + j] / (double)p->rows;
        for (size_t i = 0; i < p->rows; i++) {
            p->data[i * p->columns + j] -= mean;
            p->square += pow(p->data[i * p->columns + j], 2);
        }
    }
    if (!(p->square > 1e-24))
        return qhm_node_fail(node, "all rows of field 'data' are equal: there is no variance");
    p->qubits = qhm_bits_for(p->columns);
    p->index_qubits = qhm_bits_for(p->rows);
    const double count = ldexp(1, (int)p->options->clock_qubits);
    p->estimation = (qhm_quantum_components_options){p->options->clock_qubits, p->options->copies,
                                                     2 * M_PI * (count - 1) / count};
    return QHM_OK;
}

// A purification of the covariance: the rows under their indices.
static qhm_status create_load(const pca *p, qhm_circuit **load)
{
    const size_t width = (size_t)1 << p->qubits;
    qhm_complex *amplitudes;
    QHM_TRY(qhm_allocate(width << p->index_qubits, sizeof *amplitudes, &amplitudes));
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = 0; j < p->columns; j++)
            amplitudes[i * width + j].re = p->data[i * p->columns + j];
    const qhm_status status =
        qhm_state_preparation_bind(p->qubits + p->index_qubits, QHM_STATE_REAL, amplitudes, load);
    qhm_release(amplitudes);
    return status;
}

// Two loads, and a SWAP test of their systems alone: P(0) = (1 + tr rho^2) / 2.
static qhm_status append_purity_test(const pca *p, const qhm_circuit *load, qhm_circuit *circuit)
{
    const uint32_t loaded = (uint32_t)qhm_circuit_qubit_count(load), ancilla = 2 * loaded;
    uint32_t map[MOST_QUBITS];
    for (uint32_t q = 0; q < loaded; q++)
        map[q] = loaded + q;
    QHM_TRY(qhm_circuit_append_circuit(circuit, load, NULL, NULL, 0, 0));
    QHM_TRY(qhm_circuit_append_circuit(circuit, load, map, NULL, 0, 0));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &ancilla, NULL));
    for (uint32_t q = 0; q < p->qubits; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CSWAP, (uint32_t[]){ancilla, q, loaded + q},
                                   NULL));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &ancilla, NULL));
    return qhm_circuit_append_measure(circuit, ancilla, 0);
}

static qhm_status measure_purity(const pca *p, uint64_t seed, qhm_result *result)
{
    qhm_circuit *load, *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_overlap_estimate purity = {0, 0};
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x706361, 0, 0);
    QHM_TRY(create_load(p, &load));
    qhm_status status = qhm_circuit_create(2 * (p->qubits + p->index_qubits) + 1, 1, &circuit);
    if (status == QHM_OK)
        status = append_purity_test(p, load, circuit);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, p->options->shots, qhm_random_u64(&random),
                                   &(qhm_run_counts){.state_preparations = 2}, &result->ledger,
                                   &outcomes);
    if (status == QHM_OK)
        status = qhm_overlap_estimate_outcomes(QHM_OVERLAP_SWAP_TEST, outcomes, &purity);
    if (status == QHM_OK) {
        qhm_result_number(result->answer, "purity", purity.value);
        qhm_result_number(result->answer, "purity_standard_error", purity.standard_error);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(load);
    return status;
}

// Charges every run of the circuit that the probabilities are those of.
static qhm_status charge(const pca *p, qhm_ledger *ledger)
{
    qhm_circuit *load = NULL, *circuit = NULL;
    qhm_ledger made;
    qhm_status status = create_load(p, &load);
    if (status == QHM_OK)
        status = qhm_quantum_components_create(load, p->qubits, &p->estimation, &circuit);
    const uint64_t copies =
        1 + p->options->copies * (((uint64_t)1 << p->options->clock_qubits) - 1);
    if (status == QHM_OK)
        status = qhm_circuit_count_ledger(
            circuit,
            &(qhm_ledger_options){.shots = p->options->shots, .state_preparations = copies}, &made);
    if (status == QHM_OK)
        qhm_ledger_add(ledger, &made);
    qhm_circuit_destroy(load);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status find_probabilities(const pca *p, double *probabilities)
{
    qhm_complex *rho;
    QHM_TRY(qhm_allocate(p->columns * p->columns, sizeof *rho, &rho));
    for (size_t i = 0; i < p->columns; i++)
        for (size_t j = 0; j < p->columns; j++)
            for (size_t r = 0; r < p->rows; r++)
                rho[i * p->columns + j].re +=
                    p->data[r * p->columns + i] * p->data[r * p->columns + j] / p->square;
    const qhm_status status =
        qhm_quantum_components(p->columns, rho, &p->estimation, probabilities);
    qhm_release(rho);
    return status;
}

// The highest value of the clock that stands out of its neighbours and comes, with them, at least a
// third as often as a share of that value does; else the one that comes most often. Equal smaller
// shares come more often together than the largest does.
static size_t find_largest(const double *hits, size_t count)
{
    size_t most = 0;
    for (size_t k = 0; k < count; k++)
        most = hits[k] > hits[most] ? k : most;
    for (size_t k = count; k-- > 1;) {
        const double below = hits[k - 1], above = k + 1 < count ? hits[k + 1] : 0;
        const double share = (double)k / (double)(count - 1);
        if (hits[k] >= fmax(below, above) && 3 * (below + hits[k] + above) >= share)
            return k;
    }
    return most;
}

static void draw(const pca *p, const double *probabilities, uint64_t seed, qhm_result *result)
{
    const size_t count = (size_t)1 << p->options->clock_qubits;
    const double shots = (double)p->options->shots;
    double hits[MOST_VALUES] = {0};
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0, 0, 0);
    for (size_t s = 0; s < p->options->shots; s++) {
        double left = qhm_random_uniform(&random);
        size_t k = 0;
        while (k + 1 < count && left >= probabilities[k])
            left -= probabilities[k++];
        hits[k] += 1;
    }
    for (size_t k = 0; k < count; k++)
        hits[k] /= shots;
    const size_t most = find_largest(hits, count);
    const double step = 1 / (double)(count - 1);
    qhm_result_number(result->answer, "largest_share", (double)most * step);
    qhm_result_number(result->answer, "resolution", step);
    qhm_result_number(result->answer, "probability", hits[most]);
    qhm_result_number(result->answer, "standard_error",
                      qhm_statistics_rate_error(hits[most], shots));
    qhm_result_numbers(result->answer, "clock", hits, count);
    qhm_result_note(result, "Drawn from the exact probabilities of the circuit, which is charged "
                            "for every shot; every copy is a load of all data.");
    qhm_result_note(result, "What is left in the system is the component as a state: its entries "
                            "take as many runs again as reading a vector does.");
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    pca p = {.options = given};
    double probabilities[MOST_VALUES];
    qhm_status status = read_data(problem, &p);
    if (status == QHM_OK)
        status = find_probabilities(&p, probabilities);
    if (status == QHM_OK)
        status = charge(&p, &result->ledger);
    if (status == QHM_OK)
        status = qhm_pca_solve_classically(
            &(qhm_pca_data){p.data, p.rows, p.columns, p.square, p.options->components,
                            p.options->sampled_rows, p.options->sampled_columns,
                            p.options->row_draws},
            problem->seed, result);
    if (status == QHM_OK)
        draw(&p, probabilities, problem->seed, result);
    if (status == QHM_OK)
        status = measure_purity(&p, problem->seed, result);
    qhm_release(p.data);
    return status;
}

const qhm_algorithm qhm_algorithm_pca = {
    .info = {.name = "pca",
             .help = "the largest share of variance by density-matrix exponentiation",
             .details = "Copies of the covariance as a state act as a Hamiltonian on one more "
                        "copy; phase estimation gives each\nshare of the variance with itself as "
                        "its probability. A run takes copies (2^clock_qubits - 1) loads of all\n"
                        "data. Beside it: singular values, randomised ones, and an "
                        "approximation from rows and columns drawn\nby squared length, with "
                        "entries drawn from it. [lloyd2014, halko2011, frieze2004, tang2019]\n",
             .example = "data: [[2, 1], [-2, -1.2], [1, 0.4], [-1, -0.2]]\nclock_qubits: 3\n"
                        "copies: 20\n",
             .fields = fields},
    .options_size = sizeof(pca_options),
    .run = run,
};
