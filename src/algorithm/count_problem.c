// The problem "count": how many items are marked, by amplitude estimation.
#include "algorithm/amplitude_row.h"
#include "algorithm/marked_items.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_QUBITS = 16, MOST_WIDTH = 24, MOST_NAMED = 8, NAMES_SIZE = 24 * MOST_NAMED };

typedef struct count_options {
    qhm_marked_options items;
    qhm_amplitude_settings amplitude;
} count_options;

static const qhm_option_info fields[] = {
    QHM_MARKED_ITEMS_FIELDS(count_options),
    QHM_AMPLITUDE_FIELDS(count_options),
    {0},
};

static qhm_status ask(const void *oracle, uint64_t item, bool *is_marked)
{
    return qhm_oracle_check(oracle, item, is_marked);
}

// The opponent: every item is checked, without the oracle's circuit.
static void scan(const qhm_marked_items *items, qhm_result *result)
{
    const uint64_t count = qhm_marked_items_count(items);
    const double start = qhm_algorithm_clock();
    uint64_t marked = 0;
    for (uint64_t item = 0; item < count; item++)
        marked += qhm_marked_items_has(items, item);
    const double seconds = qhm_algorithm_clock() - start;
    qhm_result_text(result->opponent, "method", "check every item");
    qhm_result_count(result->opponent, "count", marked);
    qhm_result_count(result->opponent, "checks", count);
    qhm_result_number(result->opponent, "seconds", seconds);
}

// Which counts a clock gives: the nearest to N sin^2(pi k / 2^bits).
static void find_given(uint64_t all, size_t bits, bool *is_given)
{
    const double size = ldexp(1, (int)bits);
    for (uint64_t k = 0; k <= (uint64_t)1 << bits; k++) {
        const double sine = sin(M_PI * (double)k / size);
        is_given[llround((double)all * sine * sine)] = true;
    }
}

// Appends the counts that are given, or not, from first to last.
static void append_names(char names[NAMES_SIZE], const bool *is_given, bool wanted, uint64_t first,
                         uint64_t last)
{
    size_t written = strlen(names);
    for (uint64_t i = first; i <= last; i++)
        if (is_given[i] == wanted)
            written += (size_t)snprintf(names + written, NAMES_SIZE - written, "%s%" PRIu64,
                                        written > 0 ? ", " : "", i);
}

// Counts that it never gives; of many, what it gives around the count told.
static qhm_status note_missing(uint64_t all, size_t bits, uint64_t told, qhm_result *result)
{
    bool *is_given;
    char names[NAMES_SIZE] = "";
    uint64_t missing = 0, below = told, above = told;
    QHM_TRY(qhm_allocate(all + 1, sizeof *is_given, &is_given));
    find_given(all, bits, is_given);
    for (uint64_t i = 0; i <= all; i++)
        missing += !is_given[i];
    do
        below -= below > 0;
    while (below > 0 && !is_given[below]);
    do
        above += above < all;
    while (above < all && !is_given[above]);
    if (missing > 0 && missing <= MOST_NAMED) {
        append_names(names, is_given, false, 0, all);
        qhm_result_note(result, "A clock of %zu bits never gives a count of %s.", bits, names);
    } else if (missing > 0) {
        append_names(names, is_given, true, below, above);
        qhm_result_note(result,
                        "A clock of %zu bits gives %" PRIu64 " of the %" PRIu64
                        " counts only, here %s and none between.",
                        bits, all + 1 - missing, all + 1, names);
    }
    qhm_release(is_given);
    return QHM_OK;
}

// The count told is one of those in the interval, and no surer than they.
static void note_interval(double low, double high, qhm_result *result)
{
    const double first = ceil(low), last = floor(high);
    if (last > first)
        qhm_result_note(result,
                        "The interval holds %.0f counts, from %.0f to %.0f: the one told is the "
                        "nearest to the estimate, and no more is known of it.",
                        last - first + 1, first, last);
}

static qhm_status create_even(size_t qubits, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(qubits, 0, &made));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append(made, QHM_GATE_H, &q, NULL);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_status count(const count_options *options, const qhm_problem *problem,
                        const qhm_marked_items *items, const qhm_circuit *even, qhm_result *result)
{
    const qhm_amplitude_settings *settings = &options->amplitude;
    const qhm_oracle *oracle = items->oracle;
    const qhm_amplitude_problem given = {even, NULL, 0, oracle};
    const double all = ldexp(1, (int)qhm_oracle_qubit_count(oracle));
    const size_t clock = settings->method == QHM_AMPLITUDE_CANONICAL ? settings->bits : 0;
    const size_t width = qhm_amplitude_qubit_count(&given) + clock;
    qhm_amplitude_estimate found;
    if (qhm_oracle_qubit_count(oracle) > MOST_QUBITS || width > MOST_WIDTH)
        return qhm_node_fail(problem->node,
                             "%zu qubits of items and %zu in all: a simulation has at most %d and "
                             "%d here",
                             qhm_oracle_qubit_count(oracle), width, MOST_QUBITS, MOST_WIDTH);
    QHM_TRY(
        qhm_amplitude_row_estimate(&given, settings, ask, oracle, problem->seed, result, &found));
    qhm_result_count(result->answer, "count", (uint64_t)llround(all * found.share));
    qhm_result_number(result->answer, "estimate", all * found.share);
    qhm_result_number(result->answer, "estimate_low", all * found.low);
    qhm_result_number(result->answer, "estimate_high", all * found.high);
    note_interval(all * found.low, all * found.high, result);
    if (settings->method == QHM_AMPLITUDE_CANONICAL)
        QHM_TRY(note_missing((uint64_t)all, settings->bits, (uint64_t)llround(all * found.share),
                             result));
    scan(items, result);
    qhm_amplitude_row_compare(settings, &found, result);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const count_options *options = given;
    qhm_marked_items items;
    qhm_circuit *even = NULL;
    QHM_TRY(qhm_marked_items_read(&options->items, problem, &items));
    qhm_status status = create_even(qhm_oracle_qubit_count(items.oracle), &even);
    if (status == QHM_OK)
        status = count(options, problem, &items, even, result);
    qhm_circuit_destroy(even);
    qhm_marked_items_release(&items);
    return status;
}

const qhm_algorithm qhm_algorithm_counting = {
    .info = {.name = "count",
             .help = "how many items are marked, by quantum counting",
             .details = "Amplitude estimation of the share of marked items in an even sum of all. "
                        "The count is the nearest\nwhole number; a clock of too few bits cannot "
                        "tell neighbours apart, and has counts that it never gives.\n"
                        "[brassard2002, grinko2021, suzuki2020]\n",
             .example = "qubits: 4\nmarked: [1, 2, 6, 11, 13]\nbits: 4\n",
             .fields = fields},
    .options_size = sizeof(count_options),
    .run = run,
};
