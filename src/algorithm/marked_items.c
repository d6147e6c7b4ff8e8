// Reading the items that are marked.
#include "algorithm/marked_items.h"

#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>

enum { MOST_VARIABLES = 20, MOST_SCORES = 1024 };

static const double MOST_RANGE = 4294967294; // so that a threshold just beyond takes 32 bits

static qhm_status read_formula(const char *text, const qhm_problem *problem,
                               qhm_marked_items *items)
{
    const qhm_node *node = qhm_node_find(problem->node, "formula");
    if (qhm_boolean_formula_parse(text, &items->formula) != QHM_OK)
        return qhm_node_fail(node ? node : problem->node, "field 'formula': %s",
                             qhm_error_message());
    if (qhm_boolean_formula_variable_count(items->formula) > MOST_VARIABLES)
        return qhm_node_fail(node ? node : problem->node,
                             "field 'formula' has more than %d variables", MOST_VARIABLES);
    return qhm_oracle_create_formula(items->formula, &items->oracle);
}

static qhm_status read_list(const qhm_marked_options *options, const qhm_problem *problem,
                            qhm_marked_items *items)
{
    size_t *listed;
    uint64_t *marked;
    const size_t all = (size_t)1 << options->qubits;
    QHM_TRY(qhm_problem_indices(problem->node, options->marked, "marked", all - 1, &listed,
                                &items->listed));
    qhm_status status = qhm_allocate(items->listed, sizeof *marked, &marked);
    if (status == QHM_OK)
        status = qhm_allocate(all, sizeof *items->marks, &items->marks);
    if (status == QHM_OK) {
        for (size_t i = 0; i < items->listed; i++) {
            marked[i] = listed[i];
            items->marks[listed[i]] = true;
        }
        status = qhm_oracle_create_marked(options->qubits, marked, items->listed, &items->oracle);
        if (status == QHM_ERROR_INVALID_ARGUMENT)
            status = qhm_node_fail(options->marked, "%s", qhm_error_message());
    }
    qhm_release(marked);
    qhm_release(listed);
    return status;
}

// Scores as the oracle stores them, from 0 up: those on the wanted side of the threshold are less
// than `bound`. Stored upside down where the greater ones are wanted.
static qhm_status create_comparison(qhm_marked_items *items)
{
    const double sign = items->is_above ? -1 : 1;
    double least = INFINITY, most = -INFINITY;
    uint64_t *stored;
    for (size_t i = 0; i < items->score_count; i++) {
        least = fmin(least, sign * items->scores[i]);
        most = fmax(most, sign * items->scores[i]);
    }
    // A threshold between whole numbers, or beyond all, splits them as a whole one within does.
    const double range = most - least;
    const uint64_t bound =
        (uint64_t)fmin(range + 1, fmax(0, ceil(sign * items->threshold - least)));
    const size_t width = qhm_bits_for((size_t)range + 2);
    QHM_TRY(qhm_allocate(items->score_count, sizeof *stored, &stored));
    for (size_t i = 0; i < items->score_count; i++)
        stored[i] = (uint64_t)(sign * items->scores[i] - least);
    const qhm_status status = qhm_oracle_create_less(
        qhm_bits_for(items->score_count), width, stored, items->score_count, bound, &items->oracle);
    qhm_release(stored);
    return status;
}

static qhm_status read_scores(const qhm_marked_options *options, const qhm_problem *problem,
                              qhm_marked_items *items)
{
    const qhm_node *threshold = options->above ? options->above : options->below;
    double least = 0, most = 0;
    if (!options->above == !options->below)
        return qhm_node_fail(options->scores,
                             "scores need either field 'above' or field 'below': a threshold");
    items->is_above = options->above != NULL;
    QHM_TRY(qhm_problem_number(threshold, items->is_above ? "above" : "below", &items->threshold));
    QHM_TRY(qhm_problem_numbers(problem->node, options->scores, "scores", 2, &items->scores,
                                &items->score_count));
    if (items->score_count > MOST_SCORES)
        return qhm_node_fail(options->scores, "field 'scores' has %zu entries, more than %d",
                             items->score_count, MOST_SCORES);
    for (size_t i = 0; i < items->score_count; i++) {
        if (items->scores[i] != floor(items->scores[i]) || fabs(items->scores[i]) > 0x1p52)
            return qhm_node_fail(qhm_node_at(options->scores, i),
                                 "score %g is no whole number up to 2^52", items->scores[i]);
        least = i == 0 ? items->scores[i] : fmin(least, items->scores[i]);
        most = i == 0 ? items->scores[i] : fmax(most, items->scores[i]);
    }
    if (most - least > MOST_RANGE)
        return qhm_node_fail(options->scores, "scores from %.0f to %.0f do not fit into 32 bits",
                             least, most);
    return create_comparison(items);
}

static qhm_status read_product(const qhm_marked_options *options, const qhm_problem *problem,
                               qhm_marked_items *items)
{
    const qhm_node *node = qhm_node_find(problem->node, "product");
    if (options->qubits % 2 == 1)
        return qhm_node_fail(problem->node, "qubits is %zu: two factors take an even number",
                             options->qubits);
    items->product = options->product;
    if (items->product >> options->qubits > 0)
        return qhm_node_fail(node ? node : problem->node,
                             "field 'product': no factors of %zu bits make %zu",
                             options->qubits / 2, options->product);
    return qhm_oracle_create_product(options->qubits / 2, items->product, &items->oracle);
}

static qhm_status read_one(const qhm_marked_options *options, const qhm_problem *problem,
                           qhm_marked_items *items)
{
    if (!!options->marked + !!options->formula + !!options->scores + !!options->product != 1)
        return qhm_node_fail(problem->node, "one of the fields 'marked', 'formula', 'scores' and "
                                            "'product' is needed");
    if (options->product)
        return read_product(options, problem, items);
    if (options->formula)
        return read_formula(options->formula, problem, items);
    return options->scores ? read_scores(options, problem, items)
                           : read_list(options, problem, items);
}

qhm_status qhm_marked_items_read(const qhm_marked_options *options, const qhm_problem *problem,
                                 qhm_marked_items *items)
{
    *items = (qhm_marked_items){0};
    const qhm_status status = read_one(options, problem, items);
    if (status != QHM_OK)
        qhm_marked_items_release(items);
    return status;
}

void qhm_marked_items_release(qhm_marked_items *items)
{
    qhm_oracle_destroy(items->oracle);
    qhm_boolean_formula_destroy(items->formula);
    qhm_release(items->marks);
    qhm_release(items->scores);
    *items = (qhm_marked_items){0};
}

uint64_t qhm_marked_items_count(const qhm_marked_items *items)
{
    return items->scores ? items->score_count
                         : (uint64_t)1 << qhm_oracle_qubit_count(items->oracle);
}

void qhm_marked_items_factors(const qhm_marked_items *items, uint64_t item, uint64_t factors[2])
{
    const size_t width = qhm_oracle_qubit_count(items->oracle) / 2;
    factors[0] = item & (((uint64_t)1 << width) - 1);
    factors[1] = item >> width;
}

bool qhm_marked_items_has(const qhm_marked_items *items, uint64_t item)
{
    if (items->product) {
        uint64_t factors[2];
        qhm_marked_items_factors(items, item, factors);
        return factors[0] * factors[1] == items->product;
    }
    if (items->formula)
        return qhm_boolean_formula_value(items->formula, item);
    if (items->marks)
        return items->marks[item];
    if (item >= items->score_count)
        return false;
    return items->is_above ? items->scores[item] > items->threshold
                           : items->scores[item] < items->threshold;
}
