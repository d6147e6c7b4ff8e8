// One option for each thing, with costs alone and in pairs: the costs, as numbers and over bits.
#include "algorithm/choice_internal.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>

qhm_status qhm_choice_create(size_t things, size_t options, qhm_choice **choice)
{
    qhm_choice *made;
    QHM_REQUIRE(choice, "choice is NULL");
    QHM_REQUIRE(things >= 1 && options >= 1 && things <= 64 && options <= 64 / things,
                "%zu things with %zu options are not 1 to 64 in all", things, options);
    const size_t all = things * options;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->things = things;
    made->options = options;
    qhm_status status = qhm_allocate(all, sizeof(double), &made->costs);
    if (status == QHM_OK)
        status = qhm_allocate(all * all, sizeof(double), &made->pairs);
    if (status == QHM_OK)
        status = qhm_allocate(all * all, sizeof(bool), &made->conflicts);
    if (status != QHM_OK) {
        qhm_choice_destroy(made);
        return status;
    }
    *choice = made;
    return QHM_OK;
}

void qhm_choice_destroy(qhm_choice *choice)
{
    if (!choice)
        return;
    qhm_release(choice->costs);
    qhm_release(choice->pairs);
    qhm_release(choice->conflicts);
    qhm_release(choice);
}

size_t qhm_choice_things(const qhm_choice *choice)
{
    return choice->things;
}

size_t qhm_choice_options(const qhm_choice *choice)
{
    return choice->options;
}

static qhm_status check(const qhm_choice *choice, size_t thing, size_t option)
{
    QHM_REQUIRE(choice, "choice is NULL");
    QHM_REQUIRE(thing < choice->things, "thing %zu is not below %zu", thing, choice->things);
    QHM_REQUIRE(option < choice->options, "option %zu is not below %zu", option, choice->options);
    return QHM_OK;
}

qhm_status qhm_choice_append_cost(qhm_choice *choice, size_t thing, size_t option, double value)
{
    QHM_TRY(check(choice, thing, option));
    QHM_REQUIRE(isfinite(value), "the cost of option %zu of thing %zu is %g", option, thing, value);
    choice->costs[thing * choice->options + option] += value;
    return QHM_OK;
}

static qhm_status check_pair(const qhm_choice *choice, size_t thing, size_t option, size_t other,
                             size_t other_option)
{
    QHM_TRY(check(choice, thing, option));
    QHM_TRY(check(choice, other, other_option));
    QHM_REQUIRE(thing != other, "thing %zu with itself", thing);
    return QHM_OK;
}

qhm_status qhm_choice_append_pair(qhm_choice *choice, size_t thing, size_t option, size_t other,
                                  size_t other_option, double value)
{
    QHM_TRY(check_pair(choice, thing, option, other, other_option));
    QHM_REQUIRE(isfinite(value), "the cost of things %zu and %zu is %g", thing, other, value);
    const size_t all = choice->things * choice->options;
    const size_t a = thing * choice->options + option;
    const size_t b = other * choice->options + other_option;
    choice->pairs[a * all + b] += value;
    choice->pairs[b * all + a] += value;
    return QHM_OK;
}

qhm_status qhm_choice_append_conflict(qhm_choice *choice, size_t thing, size_t option, size_t other,
                                      size_t other_option)
{
    QHM_TRY(check_pair(choice, thing, option, other, other_option));
    const size_t all = choice->things * choice->options;
    const size_t a = thing * choice->options + option;
    const size_t b = other * choice->options + other_option;
    choice->conflicts[a * all + b] = choice->conflicts[b * all + a] = true;
    return QHM_OK;
}

double qhm_choice_cost(const qhm_choice *choice, const size_t *options_of)
{
    const size_t all = choice->things * choice->options;
    double cost = 0;
    for (size_t i = 0; i < choice->things; i++) {
        const size_t a = i * choice->options + options_of[i];
        cost += choice->costs[a];
        for (size_t j = 0; j < i; j++) {
            const size_t b = j * choice->options + options_of[j];
            if (choice->conflicts[a * all + b])
                return INFINITY;
            cost += choice->pairs[a * all + b];
        }
    }
    return cost;
}

// Sums of n things' costs beside n others round at most 2 n times.
double qhm_choice_rounding(const qhm_choice *choice)
{
    double sum = 0;
    const size_t all = choice->things * choice->options;
    for (size_t a = 0; a < all; a++) {
        sum += fabs(choice->costs[a]);
        for (size_t b = 0; b < a; b++)
            sum += choice->conflicts[a * all + b] ? 0 : fabs(choice->pairs[a * all + b]);
    }
    return 2 * (double)(choice->things + 1) * DBL_EPSILON * sum;
}

bool qhm_choice_read(const qhm_choice *choice, uint64_t bits, size_t *options_of)
{
    const uint64_t mask = choice->options == 64 ? UINT64_MAX : ((uint64_t)1 << choice->options) - 1;
    for (size_t i = 0; i < choice->things; i++) {
        const uint64_t row = bits >> i * choice->options & mask;
        if (row == 0 || (row & (row - 1)) != 0)
            return false;
        options_of[i] = (size_t)__builtin_ctzll(row);
    }
    return true;
}

double qhm_choice_penalty(const qhm_choice *choice)
{
    const size_t all = choice->things * choice->options, options = choice->options;
    double range = 0;
    for (size_t i = 0; i < choice->things; i++) {
        double least = INFINITY, most = -INFINITY;
        for (size_t a = i * options; a < (i + 1) * options; a++) {
            least = fmin(least, choice->costs[a]);
            most = fmax(most, choice->costs[a]);
        }
        range += most - least;
        for (size_t j = 0; j < i; j++) {
            least = INFINITY;
            most = -INFINITY;
            for (size_t a = i * options; a < (i + 1) * options; a++)
                for (size_t b = j * options; b < (j + 1) * options; b++) {
                    least = fmin(least, choice->pairs[a * all + b]);
                    most = fmax(most, choice->pairs[a * all + b]);
                }
            range += most - least;
        }
    }
    return range > 0 ? 1.01 * range : 1;
}

static qhm_status fill(const qhm_choice *choice, double penalty, double one_hot, qhm_ising *ising)
{
    const size_t options = choice->options, all = choice->things * options;
    size_t bits[64];
    double ones[64];
    for (size_t a = 0; a < all; a++) {
        QHM_TRY(qhm_ising_append_product(ising, a, a, choice->costs[a]));
        for (size_t b = 0; b < a; b++)
            QHM_TRY(qhm_ising_append_product(
                ising, a, b,
                choice->conflicts[a * all + b] ? penalty : choice->pairs[a * all + b]));
    }
    for (size_t i = 0; i < choice->things && one_hot > 0; i++) {
        for (size_t a = 0; a < options; a++) {
            bits[a] = i * options + a;
            ones[a] = 1;
        }
        QHM_TRY(qhm_ising_append_square(ising, options, bits, ones, 1, one_hot));
    }
    return QHM_OK;
}

qhm_status qhm_choice_ising(const qhm_choice *choice, double penalty, double one_hot,
                            qhm_ising **ising)
{
    qhm_ising *made;
    QHM_REQUIRE(choice && ising, "choice or ising is NULL");
    QHM_REQUIRE(isfinite(penalty) && one_hot >= 0 && isfinite(one_hot), "penalties are %g and %g",
                penalty, one_hot);
    QHM_TRY(qhm_ising_create(choice->things * choice->options, &made));
    const qhm_status status = fill(choice, penalty, one_hot, made);
    if (status != QHM_OK) {
        qhm_ising_destroy(made);
        return status;
    }
    *ising = made;
    return QHM_OK;
}
