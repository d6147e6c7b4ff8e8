// The target of a generative model in a problem file: a picture's patterns or a list.
#include "algorithm/problem_target.h"

#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/bit_target.h>
#include <qhm/restricted_boltzmann.h>
#include <stdio.h>

static qhm_status read_list(const qhm_problem *problem, const qhm_node *list, size_t most_bits,
                            qhm_problem_target *t)
{
    double sum = 0;
    QHM_TRY(
        qhm_problem_numbers(problem->node, list, "probabilities", 2, &t->probabilities, &t->size));
    t->bit_count = qhm_bits_for(t->size);
    if (t->size != (size_t)1 << t->bit_count || t->bit_count > most_bits)
        return qhm_node_fail(list,
                             "field 'probabilities' has %zu entries, not 2^n with n of 1 to %zu",
                             t->size, most_bits);
    for (size_t x = 0; x < t->size; x++) {
        if (t->probabilities[x] < 0 || t->probabilities[x] > 1e300)
            return qhm_node_fail(list, "entry %zu of field 'probabilities' is %g, not 0 to 1e300",
                                 x, t->probabilities[x]);
        sum += t->probabilities[x] / (double)t->size;
    }
    if (!(sum > 0))
        return qhm_node_fail(list, "field 'probabilities' is all zeros");
    for (size_t x = 0; x < t->size; x++)
        t->probabilities[x] /= sum * (double)t->size;
    return QHM_OK;
}

static qhm_status make_patterns(const qhm_problem *problem, size_t rows, size_t columns,
                                size_t most_bits, qhm_problem_target *t)
{
    t->bit_count = rows * columns;
    if (t->bit_count > most_bits)
        return qhm_node_fail(problem->node, "%zu rows of %zu columns are %zu bits, more than %zu",
                             rows, columns, t->bit_count, most_bits);
    t->size = (size_t)1 << t->bit_count;
    QHM_TRY(qhm_allocate(t->size, sizeof *t->probabilities, &t->probabilities));
    return qhm_bit_target_bars_and_stripes(rows, columns, t->probabilities);
}

qhm_status qhm_problem_target_read(const qhm_problem *problem, const qhm_node *list, size_t rows,
                                   size_t columns, size_t most_bits, qhm_problem_target *target)
{
    qhm_problem_target t = {0};
    const qhm_status status = list ? read_list(problem, list, most_bits, &t)
                                   : make_patterns(problem, rows, columns, most_bits, &t);
    if (status != QHM_OK) {
        qhm_release(t.probabilities);
        return status;
    }
    for (size_t x = 0; x < t.size; x++)
        t.support += t.probabilities[x] > 0;
    *target = t;
    return QHM_OK;
}

static void set_named(json_t *object, const char *name, const char *what, double value)
{
    char key[64];
    snprintf(key, sizeof key, "%s%s%s", name ? name : "", name ? "_" : "", what);
    qhm_result_number(object, key, value);
}

qhm_status qhm_problem_target_judge(const qhm_problem_target *target, const char *name,
                                    const double *model, size_t parameters, json_t *object)
{
    char key[64];
    double discrepancy;
    QHM_TRY(
        qhm_bit_target_discrepancy(target->bit_count, target->probabilities, model, &discrepancy));
    set_named(object, name, "divergence",
              qhm_bit_target_divergence(target->bit_count, target->probabilities, model));
    set_named(object, name, "discrepancy", discrepancy);
    set_named(object, name, "share_on_target", qhm_problem_target_share(target, model));
    snprintf(key, sizeof key, "%s%sparameters", name ? name : "", name ? "_" : "");
    qhm_result_count(object, key, parameters);
    return QHM_OK;
}

double qhm_problem_target_share(const qhm_problem_target *target, const double *model)
{
    double sum = 0;
    for (size_t x = 0; x < target->size; x++)
        if (target->probabilities[x] > 0)
            sum += model[x];
    return sum;
}

qhm_status qhm_problem_target_oppose(const qhm_problem_target *target, json_t *opponent)
{
    double *model;
    const size_t n = target->bit_count;
    QHM_TRY(qhm_allocate(target->size, sizeof *model, &model));
    qhm_bit_target_product(n, target->probabilities, model);
    qhm_status status = qhm_problem_target_judge(target, "independent", model, n, opponent);
    const double start = qhm_algorithm_clock();
    if (status == QHM_OK)
        status = qhm_bit_target_tree(n, target->probabilities, model);
    const double seconds = qhm_algorithm_clock() - start;
    if (status == QHM_OK)
        status = qhm_problem_target_judge(target, "tree", model, 2 * n - 1, opponent);
    qhm_result_number(opponent, "tree_seconds", seconds);
    qhm_result_count(opponent, "table_parameters", target->support - 1);
    qhm_release(model);
    return status;
}

qhm_status qhm_problem_target_oppose_restricted(const qhm_problem_target *target, size_t parameters,
                                                uint64_t seed, json_t *opponent)
{
    const size_t n = target->bit_count;
    const size_t hidden = parameters > 2 * n ? (parameters - n + n / 2) / (n + 1) : 1;
    const size_t count = qhm_restricted_parameter_count(n, hidden);
    const qhm_restricted_train_options options = {.steps = 300, .learning_rate = 0.1, .seed = seed};
    double *trained;
    QHM_TRY(qhm_allocate(count + target->size, sizeof *trained, &trained));
    const double start = qhm_algorithm_clock();
    qhm_status status = qhm_restricted_train(n, hidden, target->probabilities, &options, trained);
    const double seconds = qhm_algorithm_clock() - start;
    if (status == QHM_OK)
        status = qhm_restricted_find(n, hidden, trained, trained + count);
    if (status == QHM_OK)
        status = qhm_problem_target_judge(target, "restricted", trained + count, count, opponent);
    qhm_result_number(opponent, "restricted_seconds", seconds);
    qhm_release(trained);
    return status;
}
