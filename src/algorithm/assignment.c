// Assignments: the best one by shortest augmenting paths, and the cost over bits.
#include <qhm/assignment.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>

// Rows are tokens, columns are places of experts; column 0 and row 0 stand for "none".
typedef struct matching {
    size_t rows, columns, experts;
    const double *scores;
    double *row_price, *column_price, *least;
    size_t *row_of, *before; // [columns + 1]
    bool *seen;
} matching;

static double cost_of(const matching *m, size_t row, size_t column)
{
    return -m->scores[(row - 1) * m->experts + (column - 1) % m->experts];
}

// Extends the matching by one row along the path that costs least at the current prices.
static void add_row(matching *m, size_t row)
{
    size_t column = 0;
    m->row_of[0] = row;
    for (size_t j = 0; j <= m->columns; j++) {
        m->least[j] = INFINITY;
        m->seen[j] = false;
    }
    do {
        size_t next = 0;
        double step = INFINITY;
        m->seen[column] = true;
        for (size_t j = 1; j <= m->columns; j++) {
            if (m->seen[j])
                continue;
            const size_t i = m->row_of[column];
            const double reduced = cost_of(m, i, j) - m->row_price[i] - m->column_price[j];
            if (reduced < m->least[j]) {
                m->least[j] = reduced;
                m->before[j] = column;
            }
            if (m->least[j] < step) {
                step = m->least[j];
                next = j;
            }
        }
        for (size_t j = 0; j <= m->columns; j++)
            if (m->seen[j]) {
                m->row_price[m->row_of[j]] += step;
                m->column_price[j] -= step;
            } else {
                m->least[j] -= step;
            }
        column = next;
    } while (m->row_of[column] != 0);
    while (column != 0) {
        m->row_of[column] = m->row_of[m->before[column]];
        column = m->before[column];
    }
}

static qhm_status open_matching(matching *m)
{
    QHM_TRY(qhm_allocate(m->rows + 1, sizeof(double), &m->row_price));
    QHM_TRY(qhm_allocate(m->columns + 1, sizeof(double), &m->column_price));
    QHM_TRY(qhm_allocate(m->columns + 1, sizeof(double), &m->least));
    QHM_TRY(qhm_allocate(m->columns + 1, sizeof(size_t), &m->row_of));
    QHM_TRY(qhm_allocate(m->columns + 1, sizeof(size_t), &m->before));
    return qhm_allocate(m->columns + 1, sizeof(bool), &m->seen);
}

static void close_matching(matching *m)
{
    qhm_release(m->row_price);
    qhm_release(m->column_price);
    qhm_release(m->least);
    qhm_release(m->row_of);
    qhm_release(m->before);
    qhm_release(m->seen);
}

static qhm_status check(size_t tokens, size_t experts, const double *scores)
{
    QHM_REQUIRE(scores, "scores is NULL");
    QHM_REQUIRE(tokens > 0 && experts > 0, "%zu tokens and %zu experts", tokens, experts);
    for (size_t i = 0; i < tokens * experts; i++)
        QHM_REQUIRE(isfinite(scores[i]), "the score of token %zu for expert %zu is %g", i / experts,
                    i % experts, scores[i]);
    return QHM_OK;
}

qhm_status qhm_assignment_find(size_t tokens, size_t experts, const double *scores, size_t capacity,
                               size_t *experts_of, double *score)
{
    QHM_TRY(check(tokens, experts, scores));
    QHM_REQUIRE(experts_of && score, "experts_of or score is NULL");
    QHM_REQUIRE(capacity >= 1 && capacity >= (tokens + experts - 1) / experts,
                "%zu experts that take %zu tokens each cannot take %zu", experts, capacity, tokens);
    const size_t places = capacity < tokens ? capacity : tokens;
    matching m = {
        .rows = tokens, .columns = experts * places, .experts = experts, .scores = scores};
    const qhm_status status = open_matching(&m);
    if (status == QHM_OK) {
        for (size_t row = 1; row <= tokens; row++)
            add_row(&m, row);
        *score = 0;
        for (size_t j = 1; j <= m.columns; j++)
            if (m.row_of[j] != 0) {
                experts_of[m.row_of[j] - 1] = (j - 1) % experts;
                *score -= cost_of(&m, m.row_of[j], j);
            }
    }
    close_matching(&m);
    return status;
}

static qhm_status fill(size_t tokens, size_t experts, const double *scores, double penalty,
                       qhm_ising *ising)
{
    size_t bits[64];
    double ones[64];
    for (size_t i = 0; i < tokens * experts; i++)
        QHM_TRY(qhm_ising_append_product(ising, i, i, -scores[i]));
    for (size_t e = 0; e < experts; e++) {
        for (size_t t = 0; t < tokens; t++) {
            bits[t] = t * experts + e;
            ones[t] = 1;
        }
        QHM_TRY(qhm_ising_append_square(ising, tokens, bits, ones, (double)tokens / (double)experts,
                                        penalty));
    }
    return QHM_OK;
}

qhm_status qhm_assignment_ising(size_t tokens, size_t experts, const double *scores, double penalty,
                                qhm_ising **ising)
{
    qhm_ising *made;
    QHM_TRY(check(tokens, experts, scores));
    QHM_REQUIRE(ising, "ising is NULL");
    QHM_TRY(qhm_ising_create(tokens * experts, &made));
    const qhm_status status = fill(tokens, experts, scores, penalty, made);
    if (status != QHM_OK) {
        qhm_ising_destroy(made);
        return status;
    }
    *ising = made;
    return QHM_OK;
}
