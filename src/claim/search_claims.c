// Claims about searching and sampling.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "claim/claim_internal.h"
#include "claim/scaling.h"
#include "claim/score_oracle.h"

#include <math.h>
#include <qhm/grover.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>

enum { MOST_SIZES = 9, TABLE_WIDTH = 8 };

// The whole search for one marked item, run; and the oracle as a table of values, counted.
static qhm_status search_one(size_t bits, uint64_t seed, double *found, qhm_part_cost *call)
{
    const size_t count = (size_t)1 << bits;
    const double share = 1 / (double)count;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x756e73, bits, 0);
    const uint64_t item = qhm_random_below(&random, count);
    qhm_oracle *oracle;
    qhm_circuit *circuit = NULL;
    qhm_complex *amplitudes = NULL;
    QHM_TRY(qhm_oracle_create_marked(bits, &item, 1, &oracle));
    qhm_status status = qhm_grover_create(
        oracle, &(qhm_grover_options){.iterations = qhm_grover_iterations(share)}, &circuit);
    if (status == QHM_OK)
        status = qhm_counted_state(circuit, NULL, &amplitudes);
    if (status == QHM_OK)
        *found =
            amplitudes[item].re * amplitudes[item].re + amplitudes[item].im * amplitudes[item].im;
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    qhm_oracle_destroy(oracle);
    QHM_TRY(status);
    return qhm_memory_cost(QHM_LOOKUP_QROM, bits, TABLE_WIDTH, seed, call);
}

static qhm_status run_unsorted(const qhm_claim_options *options, qhm_claim_result *result)
{
    double n[MOST_SIZES], calls[MOST_SIZES], gates[MOST_SIZES], worst = 1;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < MOST_SIZES; i++) {
        double found;
        qhm_part_cost load;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(qhm_claim_go_on(options));
        QHM_TRY(search_one(i + 2, options->seed, &found, &load));
        n[i] = exp2((double)i + 2);
        calls[i] = (double)qhm_grover_iterations(1 / n[i]);
        gates[i] = 2 * calls[i] * load.gates;
        worst = fmin(worst, found);
        qhm_claim_number(row, "n", n[i]);
        qhm_claim_number(row, "oracle_calls", calls[i]);
        qhm_claim_number(row, "found_with_probability", found);
        qhm_claim_number(row, "gates_to_load_a_table", gates[i]);
        qhm_claim_number(row, "reads_of_a_scan", n[i] / 2);
    }
    const size_t first = 3;
    const qhm_interval by_calls =
        qhm_scaling_exponent(n + first, calls + first, MOST_SIZES - first);
    const qhm_interval by_gates =
        qhm_scaling_exponent(n + first, gates + first, MOST_SIZES - first);
    qhm_claim_number(result->numbers, "exponent_of_calls", by_calls.mean);
    qhm_claim_number(result->numbers, "exponent_of_gates_with_a_table", by_gates.mean);
    qhm_plot_begin(result->plot, "Search for one of N items", "N, as powers of ten",
                   "calls, gates and reads, as powers of ten");
    qhm_plot_add(result->plot, "oracle calls", n, calls, MOST_SIZES);
    qhm_plot_add(result->plot, "gates to load a table", n, gates, MOST_SIZES);
    qhm_plot_add(result->plot, "items", n, n, MOST_SIZES);
    const bool has_calls = fabs(by_calls.mean - 0.5) < 0.05 && worst > 0.9;
    qhm_claim_find_that(
        result,
        !has_calls ? QHM_CLAIM_FAILS : (by_gates.mean < 1 ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "Calls of an oracle grow as N^%.2f and find the item with %.2f or more. "
        "Over a stored table each call loads N values, twice: gates grow as N^%.2f, "
        "%s than the N reads of a scan%s.",
        by_calls.mean, worst, by_gates.mean, by_gates.mean < 1 ? "slower" : "faster",
        has_calls && by_gates.mean >= 1
            ? ", so that it holds for conditions that are cheap to calculate"
            : "");
    return QHM_OK;
}

const qhm_claim qhm_claim_unsorted_search = {
    .info = {.name = "unsorted-search",
             .place = "table 1, row 1; sections 1.1, 2.3",
             .claim = "Unstructured search: O(N) linear search, O(sqrt(N)) by Grover's algorithm "
                      "(quadratic speedup).",
             .details = "Runs the circuits for 4 to 1,024 items, and counts what loading a table "
                        "of 8-bit values in every call takes."},
    .run = run_unsorted,
};

// Comparisons of a binary search, the mean over all keys of a sorted list of n.
static double compare_binary(size_t n)
{
    double sum = 0;
    for (size_t key = 0; key < n; key++) {
        size_t low = 0, high = n, steps = 0;
        while (high - low > 1) {
            const size_t middle = low + (high - low) / 2;
            *(key < middle ? &high : &low) = middle;
            steps++;
        }
        sum += (double)steps;
    }
    return sum / (double)n;
}

// Merges two sorted runs of `from` and returns how many comparisons it took.
static uint64_t merge(const double *from, size_t first, size_t middle, size_t last, double *to)
{
    uint64_t comparisons = 0;
    size_t i = first, j = middle;
    for (size_t k = first; k < last; k++) {
        bool is_left = j == last;
        if (i < middle && j < last) {
            is_left = from[i] <= from[j];
            comparisons++;
        }
        to[k] = is_left ? from[i++] : from[j++];
    }
    return comparisons;
}

// Comparisons of a merge sort of n random numbers. A count, since seconds depend on the machine.
static qhm_status count_sort(size_t n, uint64_t seed, uint64_t *comparisons)
{
    double *values;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x736f72, n, 0);
    QHM_TRY(qhm_allocate(2 * n, sizeof *values, &values));
    double *from = values, *to = values + n;
    for (size_t i = 0; i < n; i++)
        from[i] = qhm_random_uniform(&random);
    *comparisons = 0;
    for (size_t length = 1; length < n; length *= 2) {
        for (size_t i = 0; i < n; i += 2 * length) {
            const size_t middle = i + length < n ? i + length : n;
            const size_t last = i + 2 * length < n ? i + 2 * length : n;
            *comparisons += merge(from, i, middle, last, to);
        }
        double *const sorted = to;
        to = from;
        from = sorted;
    }
    bool is_sorted = true;
    for (size_t i = 1; i < n; i++)
        is_sorted = is_sorted && from[i - 1] <= from[i];
    qhm_release(values);
    return is_sorted ? QHM_OK
                     : QHM_FAIL(QHM_ERROR_NUMERIC, "the sort left %zu numbers unsorted", n);
}

static qhm_status run_sorted(const qhm_claim_options *options, qhm_claim_result *result)
{
    const size_t most = options->is_quick ? 16 : 20;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    bool is_better = true;
    double gain = 0, binary = 0;
    uint64_t sort;
    for (size_t bits = 4; bits <= most; bits += 4) {
        json_t *row = qhm_claim_row(list);
        const double n = exp2((double)bits);
        binary = compare_binary((size_t)n);
        const double grover = (double)qhm_grover_iterations(1 / n);
        const double bound = (log(n) - 1) / M_PI, known = 5 * log(n) / log(7265);
        is_better = is_better && binary <= grover + 1;
        gain = binary / known;
        qhm_claim_number(row, "n", n);
        qhm_claim_number(row, "comparisons_of_binary_search", binary);
        qhm_claim_number(row, "calls_of_grover", grover);
        qhm_claim_number(row, "quantum_lower_bound", bound);
        qhm_claim_number(row, "known_quantum_ordered_search", known);
    }
    // A look-up in a list without order compares half of it on average.
    const size_t last = (size_t)1 << most;
    QHM_TRY(count_sort(last, options->seed, &sort));
    const double scan = ((double)last + 1) / 2;
    const double paid = ceil((double)sort / (scan - binary));
    qhm_claim_number(result->numbers, "comparisons_of_a_sort", (double)sort);
    qhm_claim_number(result->numbers, "comparisons_of_a_scan", scan);
    qhm_claim_number(result->numbers, "look_ups_after_which_sorting_has_paid", paid);
    qhm_claim_find_that(
        result, !is_better ? QHM_CLAIM_FAILS : (gain > 1.1 ? QHM_CLAIM_HOLDS_IF : QHM_CLAIM_HOLDS),
        "Binary search takes %.0f comparisons for 2^%zu items, %s than Grover's calls and the "
        "check of what they find at %s size from 16 on. Quantum search of a sorted list needs (ln "
        "N - 1) / pi calls at least [hoyer2002]; by 5 log_7265 N calls [carolan2025] it takes %.1f "
        "times fewer. Sorting takes %.3g comparisons and has paid after %.0f look-ups.",
        binary, most, is_better ? "no more" : "more", is_better ? "every" : "some", gain,
        (double)sort, paid);
    return QHM_OK;
}

const qhm_claim qhm_claim_sorted_search = {
    .info = {.name = "sorted-search",
             .place = "table 1, rows 2 and 7",
             .claim = "Search in a database: O(log N) if sorted (binary search); quantum: no gain "
                      "if sorted (need classical sort).",
             .details = "Counts comparisons of binary search over all keys beside Grover's calls, "
                        "the lower bound and the published algorithm for ordered search, and "
                        "those of a merge sort and of scans."},
    .run = run_sorted,
};

// Amplitudes in proportion to the square roots of weights [2^n], prepared by a circuit and measured
// `shots` times: the total variation of counts from the weights.
static qhm_status sample_state(size_t qubits, const double *weights, size_t shots, uint64_t seed,
                               double *distance, qhm_part_cost *cost)
{
    const size_t count = (size_t)1 << qubits;
    qhm_complex *amplitudes;
    qhm_circuit *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_ledger ledger = {0};
    QHM_TRY(qhm_allocate(count, sizeof *amplitudes, &amplitudes));
    for (size_t i = 0; i < count; i++)
        amplitudes[i].re = sqrt(weights[i]);
    qhm_status status = qhm_state_preparation_bind(qubits, QHM_STATE_REAL, amplitudes, &circuit);
    qhm_release(amplitudes);
    if (status == QHM_OK)
        status = qhm_part_count(circuit, cost);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(circuit, "c", qubits);
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(circuit, q, q);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, shots, seed, NULL, &ledger, &outcomes);
    *distance = 0;
    for (uint64_t i = 0; i < count && status == QHM_OK; i++)
        *distance += fabs(qhm_distribution_weight(outcomes, &i) / (double)shots - weights[i]) / 2;
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run_sampling(const qhm_claim_options *options, qhm_claim_result *result)
{
    enum { SIZES = 7, SHOTS = 20000 };
    double n[SIZES], gates[SIZES], weights[1 << (SIZES + 1)], distance = 0, allowed = 0;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < SIZES; i++) {
        const size_t qubits = i + 2, count = (size_t)1 << qubits;
        qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_DATA, 0x736d70, i, 0);
        qhm_part_cost cost;
        double sum = 0;
        json_t *row = qhm_claim_row(list);
        for (size_t k = 0; k < count; k++)
            sum += weights[k] = -log(1 - qhm_random_uniform(&random));
        allowed = 0;
        for (size_t k = 0; k < count; k++) {
            weights[k] /= sum;
            allowed += sqrt(weights[k] * (1 - weights[k]) / SHOTS);
        }
        QHM_TRY(sample_state(qubits, weights, SHOTS, options->seed, &distance, &cost));
        n[i] = (double)count;
        gates[i] = cost.gates;
        qhm_claim_number(row, "n", n[i]);
        qhm_claim_number(row, "gates_before_each_sample", gates[i]);
        qhm_claim_number(row, "total_variation_of_20000_samples", distance);
        qhm_claim_number(row, "expected_of_chance_at_most", allowed / 2);
    }
    const qhm_interval growth = qhm_scaling_exponent(n + 2, gates + 2, SIZES - 2);
    qhm_claim_number(result->numbers, "exponent_of_gates", growth.mean);
    const bool is_right = distance < allowed;
    qhm_claim_find_that(
        result,
        !is_right ? QHM_CLAIM_FAILS : (growth.mean < 0.5 ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "A measurement of the prepared state is a sample, and uses the state up: each further "
        "sample prepares it again, by gates that grow as N^%.2f for any distribution. A processor "
        "with a table made once draws in a step of constant time (alias method [walker1977]).",
        growth.mean);
    return QHM_OK;
}

const qhm_claim qhm_claim_one_step_sampling = {
    .info = {.name = "one-step-sampling",
             .place = "table 1, row 8",
             .claim = "Quantum sampling can leverage superposition to sample in one step from a "
                      "prepared distribution.",
             .details = "Prepares random distributions over 4 to 256 outcomes, samples them, and "
                        "counts the gates before each sample."},
    .run = run_sampling,
};

static qhm_status run_softmax(const qhm_claim_options *options, qhm_claim_result *result)
{
    static const double scores[4] = {1, 2, 3, 4};
    static const double flat[4] = {1, 1, 1, 1};
    static const char *const names[] = {"softmax", "equation_5", "with_square_roots"};
    (void)options;
    double p[4], doubled[4], distances[2][2], from_doubled = 0;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "probabilities_for_scores_1_2_3_4", list);
    for (size_t variant = 0; variant < 2; variant++) {
        const double *e = variant == 0 ? scores : flat;
        double sum = 0;
        for (size_t j = 0; j < 4; j++)
            sum += p[j] = exp(e[j]);
        double doubled_sum = 0;
        for (size_t j = 0; j < 4; j++)
            doubled_sum += doubled[j] = exp(2 * e[j]);
        for (size_t kind = 0; kind < 2; kind++) { // amplitudes e^e, then e^(e / 2)
            qhm_complex wanted[4] = {{0, 0}}, *made;
            qhm_circuit *circuit;
            for (size_t j = 0; j < 4; j++)
                wanted[j].re = kind == 0 ? exp(e[j]) : exp(e[j] / 2);
            QHM_TRY(qhm_state_preparation_bind(2, QHM_STATE_REAL, wanted, &circuit));
            const qhm_status status = qhm_counted_state(circuit, NULL, &made);
            qhm_circuit_destroy(circuit);
            QHM_TRY(status);
            distances[variant][kind] = 0;
            json_t *row = variant == 0 ? qhm_claim_row(list) : NULL;
            qhm_claim_text(row, "state", names[1 + kind]);
            for (size_t j = 0; j < 4; j++) {
                const double q = made[j].re * made[j].re;
                static const char *const columns[] = {"p0", "p1", "p2", "p3"};
                qhm_claim_number(row, columns[j], q);
                distances[variant][kind] += fabs(q - p[j] / sum) / 2;
                if (variant == 0 && kind == 0)
                    from_doubled += fabs(q - doubled[j] / doubled_sum) / 2;
            }
            qhm_release(made);
        }
        for (size_t j = 0; j < 4 && variant == 0; j++) {
            static const char *const columns[] = {"softmax_0", "softmax_1", "softmax_2",
                                                  "softmax_3"};
            qhm_claim_number(result->numbers, columns[j], p[j] / sum);
        }
    }
    qhm_claim_number(result->numbers, "total_variation_of_equation_5", distances[0][0]);
    qhm_claim_number(result->numbers, "total_variation_of_equation_5_from_exp_2e", from_doubled);
    qhm_claim_number(result->numbers, "total_variation_with_square_roots", distances[0][1]);
    qhm_claim_number(result->numbers, "total_variation_for_equal_scores", distances[1][0]);
    qhm_claim_find_that(
        result, distances[0][0] < 1e-9 ? QHM_CLAIM_HOLDS : QHM_CLAIM_FAILS,
        "For scores 1, 2, 3, 4 what is measured of the state of equation 5 is %.3f from softmax in "
        "total variation, and %.0e from exp(2 e_j), the softmax at half the temperature. With "
        "amplitudes in proportion to exp(e_j / 2) it is %.0e from softmax.",
        distances[0][0], fmax(from_doubled, 1e-16), fmax(distances[0][1], 1e-16));
    return QHM_OK;
}

const qhm_claim qhm_claim_softmax_state = {
    .info = {.name = "softmax-state",
             .place = "section 4.2, equation 5",
             .claim = "With a state in proportion to sum_j exp(e_j)|j>, measuring gives index j "
                      "with probability exactly the softmax distribution.",
             .details = "Prepares the state by a circuit and compares its probabilities with "
                        "softmax."},
    .run = run_softmax,
};
