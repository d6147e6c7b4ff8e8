// Costs alone and in pairs that fit what a few settings were worth.
#include "algorithm/choice_internal.h"
#include "base/memory.h"
#include "linalg/cholesky.h"

#include <math.h>

// How much two settings have in common: 1, and their equal options, alone and in pairs.
static double likeness(size_t things, const size_t *a, const size_t *b)
{
    double equal = 0;
    for (size_t i = 0; i < things; i++)
        equal += a[i] == b[i];
    return 1 + equal + equal * (equal - 1) / 2;
}

// shares [count]: how much of each setting the fit is made of.
static qhm_status find_shares(size_t things, size_t count, const size_t *options_of,
                              const double *values, double ridge, double *shares)
{
    double *matrix;
    QHM_TRY(qhm_allocate(count * count, sizeof *matrix, &matrix));
    for (size_t n = 0; n < count; n++) {
        shares[n] = values[n];
        for (size_t m = 0; m < count; m++)
            matrix[n * count + m] =
                likeness(things, options_of + n * things, options_of + m * things) +
                (n == m ? ridge : 0);
    }
    const qhm_status status = qhm_cholesky(matrix, count);
    if (status == QHM_OK) {
        qhm_cholesky_solve_triangle(matrix, count, false, shares, 1);
        qhm_cholesky_solve_triangle(matrix, count, true, shares, 1);
    }
    qhm_release(matrix);
    return status;
}

static qhm_status add_setting(qhm_choice *choice, const size_t *options_of, double share)
{
    for (size_t a = 0; a < choice->options; a++)
        QHM_TRY(qhm_choice_append_cost(choice, 0, a, share)); // the constant: thing 0 has one
    for (size_t i = 0; i < choice->things; i++) {
        QHM_TRY(qhm_choice_append_cost(choice, i, options_of[i], share));
        for (size_t j = 0; j < i; j++)
            QHM_TRY(qhm_choice_append_pair(choice, i, options_of[i], j, options_of[j], share));
    }
    return QHM_OK;
}

qhm_status qhm_choice_fit(size_t things, size_t options, size_t count, const size_t *options_of,
                          const double *values, double ridge, qhm_choice **choice)
{
    qhm_choice *made;
    double *shares;
    QHM_REQUIRE(options_of && values && choice, "an argument is NULL");
    QHM_REQUIRE(count >= 1 && ridge > 0 && isfinite(ridge), "count is %zu, ridge is %g", count,
                ridge);
    for (size_t n = 0; n < count; n++) {
        QHM_REQUIRE(isfinite(values[n]), "value %zu is %g", n, values[n]);
        for (size_t i = 0; i < things; i++)
            QHM_REQUIRE(options_of[n * things + i] < options, "option %zu is not below %zu",
                        options_of[n * things + i], options);
    }
    QHM_TRY(qhm_choice_create(things, options, &made));
    qhm_status status = qhm_allocate(count, sizeof *shares, &shares);
    if (status == QHM_OK) {
        status = find_shares(things, count, options_of, values, ridge, shares);
        for (size_t n = 0; n < count && status == QHM_OK; n++)
            status = add_setting(made, options_of + n * things, shares[n]);
        qhm_release(shares);
    }
    if (status != QHM_OK) {
        qhm_choice_destroy(made);
        return status;
    }
    *choice = made;
    return QHM_OK;
}
