// Table 1: rows measured, exponents fitted, sentences made.
#include "claim/table1_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "claim/scaling.h"

#include <math.h>
#include <qhm/device.h>
#include <qhm/ledger.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>
#include <string.h>

// In the order of the paper.
static const qhm_table1_row *const rows[] = {
    &qhm_table1_unstructured_search,
    &qhm_table1_structured_search,
    &qhm_table1_matrix_vector,
    &qhm_table1_linear_system,
    &qhm_table1_inner_product,
    &qhm_table1_fourier,
    &qhm_table1_database_search,
    &qhm_table1_sampling,
    &qhm_table1_optimisation,
    &qhm_table1_data_encoding,
    &qhm_table1_noise,
};

enum { COUNT = sizeof rows / sizeof rows[0], QUANTITIES = 4, MOST_LOG = 60 };

size_t qhm_table1_count(void)
{
    return COUNT;
}

const qhm_table1_info *qhm_table1_information(size_t index)
{
    return &rows[index]->info;
}

qhm_status qhm_table1_count_gates(const qhm_circuit *circuit, double *gates, double *depth)
{
    static const qhm_gate allowed[] = {QHM_GATE_H,  QHM_GATE_X,   QHM_GATE_S,  QHM_GATE_SDG,
                                       QHM_GATE_T,  QHM_GATE_TDG, QHM_GATE_RX, QHM_GATE_RY,
                                       QHM_GATE_RZ, QHM_GATE_P,   QHM_GATE_CX};
    qhm_circuit *expanded;
    qhm_ledger ledger;
    QHM_TRY(qhm_circuit_expand(
        circuit,
        &(qhm_expand_options){.gates = allowed, .gate_count = sizeof allowed / sizeof allowed[0]},
        &expanded));
    const qhm_status status = qhm_circuit_count_ledger(expanded, NULL, &ledger);
    qhm_circuit_destroy(expanded);
    QHM_TRY(status);
    const qhm_phase_counts total = qhm_ledger_total(&ledger);
    *gates = (double)(total.one_qubit_gates + total.two_qubit_gates + total.larger_gates);
    *depth = (double)ledger.depth;
    return QHM_OK;
}

double qhm_table1_time(double (*work)(void *context), void *context)
{
    enum { ROUNDS = 5, MOST_REPEATS = 1 << 22 };
    static volatile double kept;
    size_t repeats = 1;
    double best = INFINITY;
    for (size_t round = 0; round < ROUNDS;) {
        const double start = qhm_claim_clock();
        for (size_t i = 0; i < repeats; i++)
            kept = work(context);
        const double seconds = qhm_claim_clock() - start;
        if (seconds < 1e-3 && repeats < MOST_REPEATS) {
            repeats *= 2;
            continue;
        }
        best = fmin(best, seconds / (double)repeats);
        round++;
    }
    (void)kept;
    return best;
}

void qhm_table1_draw(uint64_t seed, uint64_t row, double *numbers, size_t count)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743100 + row, count, 0);
    for (size_t i = 0; i < count; i++)
        numbers[i] = qhm_random_normal(&random);
}

qhm_status qhm_table1_load(size_t qubits, uint64_t seed, qhm_circuit **circuit)
{
    const size_t count = (size_t)1 << qubits;
    qhm_complex *amplitudes;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743100, count, 1);
    QHM_TRY(qhm_allocate(count, sizeof *amplitudes, &amplitudes));
    for (size_t i = 0; i < count; i++)
        amplitudes[i].re = qhm_random_normal(&random);
    const qhm_status status =
        qhm_state_preparation_bind(qubits, QHM_STATE_REAL, amplitudes, circuit);
    qhm_release(amplitudes);
    return status;
}

double qhm_table1_read_runs(double n)
{
    return 100 * n;
}

double qhm_table1_phase_runs(double n)
{
    return 2 * qhm_table1_read_runs(n);
}

qhm_status qhm_table1_charge(const qhm_circuit *circuit, double runs, double queries,
                             qhm_table1_quantum *point)
{
    QHM_TRY(qhm_table1_count_gates(circuit, &point->gates, &point->depth));
    point->runs = runs;
    point->gates *= runs;
    point->depth *= runs;
    point->queries = queries * runs;
    return QHM_OK;
}

// What a row's sizes took.
typedef struct measured {
    size_t quantum_count, classical_count, first;
    qhm_table1_quantum quantum[QHM_TABLE1_MOST_SIZES];
    qhm_table1_classical classical[QHM_TABLE1_MOST_SIZES];
    qhm_interval exponents[QUANTITIES], classical_exponent;
    double break_even; // NaN: none below 2^60
} measured;

static const char *const quantity_names[QUANTITIES] = {"queries", "gates", "depth", "seconds"};

static double quantity(const qhm_table1_quantum *point, size_t q)
{
    const double values[QUANTITIES] = {point->queries, point->gates, point->depth, point->seconds};
    return values[q];
}

static qhm_status read_chip(double *layer, double *end)
{
    qhm_device *device;
    QHM_TRY(qhm_device_load("willow", NULL, &device));
    *layer = 1e-9 * qhm_device_figure(device, "two_qubit_duration_ns").value;
    *end = 1e-9 * (qhm_device_figure(device, "readout_duration_ns").value +
                   qhm_device_figure(device, "reset_duration_ns").value);
    qhm_device_destroy(device);
    return QHM_OK;
}

// A power law through the points from `first` on: coefficient of n^exponent at the last.
static qhm_interval fit_law(const double *n, const double *y, size_t first, size_t count,
                            double *coefficient)
{
    const qhm_interval e = qhm_scaling_exponent(n + first, y + first, count - first);
    double sum = 0;
    for (size_t i = first; i < count; i++)
        sum += (log(y[i]) - e.mean * log(n[i])) / (double)(count - first);
    *coefficient = exp(sum);
    return e;
}

static void fit_all(measured *m)
{
    double n[QHM_TABLE1_MOST_SIZES], y[QHM_TABLE1_MOST_SIZES], slow = 0, fast;
    for (size_t q = 0; q < QUANTITIES; q++) {
        for (size_t i = 0; i < m->quantum_count; i++) {
            n[i] = m->quantum[i].n;
            y[i] = quantity(&m->quantum[i], q);
        }
        m->exponents[q] = fit_law(n, y, m->first, m->quantum_count, &slow);
    }
    for (size_t i = 0; i < m->classical_count; i++) {
        n[i] = m->classical[i].n;
        y[i] = m->classical[i].seconds;
    }
    m->classical_exponent = fit_law(n, y, 0, m->classical_count, &fast);
    // Seconds are the last quantity: slow n^e = fast n^c.
    const double gain = m->classical_exponent.mean - m->exponents[QUANTITIES - 1].mean;
    const double lg = slow <= fast && gain >= 0 ? 0 : log2(slow / fast) / gain;
    // Powers that are not told apart meet anywhere.
    const bool is_apart =
        gain > 0 && !(m->exponents[QUANTITIES - 1].upper >= m->classical_exponent.lower);
    m->break_even = is_apart && lg <= MOST_LOG ? exp2(fmax(lg, 0)) : (double)NAN;
}

static qhm_status measure(const qhm_table1_row *row, const qhm_claim_options *options, measured *m)
{
    double layer, end;
    *m = (measured){.quantum_count = row->quantum_sizes - (options->is_quick ? 1 : 0),
                    .classical_count = row->classical_sizes - (options->is_quick ? 1 : 0),
                    .first = row->first};
    QHM_TRY(read_chip(&layer, &end));
    for (size_t i = 0; i < m->quantum_count; i++) {
        qhm_table1_quantum *point = &m->quantum[i];
        QHM_TRY(qhm_claim_go_on(options));
        QHM_TRY(row->measure(i, options->seed, point));
        if (point->seconds == 0)
            point->seconds = point->depth * layer + point->runs * end;
    }
    for (size_t i = 0; i < m->classical_count; i++) {
        QHM_TRY(qhm_claim_go_on(options));
        QHM_TRY(row->time(i, options->seed, &m->classical[i]));
    }
    fit_all(m);
    return QHM_OK;
}

static void print_break_even(double n, char text[48])
{
    if (isnan(n))
        snprintf(text, 48, "none below 2^60");
    else if (n <= 1)
        snprintf(text, 48, "from the smallest sizes on");
    else
        snprintf(text, 48, "2^%.1f", log2(n));
}

static void tell_sizes(const measured *m, json_t *object)
{
    json_t *quantum = json_array(), *classical = json_array();
    for (size_t i = 0; i < m->quantum_count; i++) {
        json_t *line = qhm_claim_row(quantum);
        qhm_claim_number(line, "n", m->quantum[i].n);
        qhm_claim_number(line, "runs", m->quantum[i].runs);
        for (size_t q = 0; q < QUANTITIES; q++)
            qhm_claim_number(line, quantity_names[q], quantity(&m->quantum[i], q));
    }
    for (size_t i = 0; i < m->classical_count; i++) {
        json_t *line = qhm_claim_row(classical);
        qhm_claim_number(line, "n", m->classical[i].n);
        qhm_claim_number(line, "seconds", m->classical[i].seconds);
    }
    json_object_set_new(object, "sizes", quantum);
    json_object_set_new(object, "classical_sizes", classical);
}

static void add_sentence(const qhm_table1_row *row, const measured *m, const char *break_even,
                         json_t *object)
{
    qhm_text text = {0};
    char *sentence;
    qhm_text_print(&text,
                   "%s: queries (%s) grow as n^%.2f, gates with loading and reading out as n^%.2f, "
                   "depth as n^%.2f, seconds on a chip as n^%.2f; a processor's seconds as n^%.2f. "
                   "Break-even: %s. %s",
                   row->info.operation, row->query, m->exponents[0].mean, m->exponents[1].mean,
                   m->exponents[2].mean, m->exponents[3].mean, m->classical_exponent.mean,
                   break_even, row->sentence);
    if (qhm_text_take(&text, &sentence) == QHM_OK)
        qhm_claim_text(object, "sentence", sentence);
    qhm_release(sentence);
}

static void tell_row(const qhm_table1_row *row, const measured *m, json_t *object)
{
    char break_even[48];
    json_t *exponents = json_array();
    print_break_even(m->break_even, break_even);
    qhm_claim_text(object, "name", row->info.name);
    qhm_claim_text(object, "operation", row->info.operation);
    qhm_claim_text(object, "paper_classical", row->info.classical);
    qhm_claim_text(object, "paper_quantum", row->info.quantum);
    qhm_claim_text(object, "task", row->info.task);
    for (size_t q = 0; q < QUANTITIES; q++)
        qhm_scaling_append(exponents, quantity_names[q], m->exponents[q]);
    qhm_scaling_append(exponents, "classical seconds", m->classical_exponent);
    json_object_set_new(object, "exponents", exponents);
    qhm_claim_text(object, "break_even", break_even);
    qhm_claim_number(object, "break_even_n", m->break_even);
    tell_sizes(m, object);
    add_sentence(row, m, break_even, object);
}

// One row: seconds of both sides. Several: gates of each.
static void draw_row(const qhm_table1_row *row, const measured *m, bool is_alone, json_t *plot)
{
    double n[QHM_TABLE1_MOST_SIZES], y[QHM_TABLE1_MOST_SIZES];
    for (size_t i = 0; i < m->quantum_count; i++) {
        n[i] = m->quantum[i].n;
        y[i] = is_alone ? m->quantum[i].seconds : m->quantum[i].gates;
    }
    qhm_plot_add(plot, is_alone ? "on a chip" : row->info.name, n, y, m->quantum_count);
    if (!is_alone)
        return;
    for (size_t i = 0; i < m->classical_count; i++) {
        n[i] = m->classical[i].n;
        y[i] = m->classical[i].seconds;
    }
    qhm_plot_add(plot, "on a processor", n, y, m->classical_count);
}

static qhm_status run_rows(size_t first, size_t count, const qhm_claim_options *options,
                           json_t *list, json_t *plot)
{
    const bool is_alone = count == 1;
    qhm_plot_begin(plot, is_alone ? rows[first]->info.operation : "Table 1: gates by size",
                   "n, as powers of ten",
                   is_alone ? "seconds, as powers of ten" : "gates, as powers of ten");
    for (size_t i = first; i < first + count; i++) {
        measured m;
        QHM_TRY(measure(rows[i], options, &m));
        tell_row(rows[i], &m, qhm_claim_row(list));
        draw_row(rows[i], &m, is_alone, plot);
    }
    return QHM_OK;
}

qhm_status qhm_table1_run(const char *name, const qhm_claim_options *options, char **json)
{
    static const qhm_claim_options defaults;
    const char *names[COUNT];
    size_t first = 0;
    QHM_REQUIRE(json, "json is NULL");
    options = options ? options : &defaults;
    for (size_t i = 0; i < COUNT; i++)
        names[i] = rows[i]->info.name;
    if (name)
        QHM_TRY(qhm_find_name("row of Table 1", name, names, COUNT, &first));
    json_t *list = json_array(), *plot = json_object();
    qhm_status status = run_rows(first, name ? 1 : COUNT, options, list, plot);
    json_t *object = json_pack("{s:O, s:O}", "rows", list, "plot", plot);
    if (status == QHM_OK)
        status = qhm_claim_print(object, json);
    json_decref(object);
    json_decref(list);
    json_decref(plot);
    return status;
}
