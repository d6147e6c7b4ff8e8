// The shortest tour: by its parts, and as a problem of choices.
#include <qhm/tour.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdint.h>

// Cities are those after city 0, n of them; a set is a bit mask.
typedef struct parts {
    size_t n;
    const double *distances;
    double *lengths; // [2^n][n]: from city 0 through the set to one of it
    uint8_t *before; // the same shape
} parts;

static double way(const parts *p, size_t from, size_t to)
{
    return p->distances[from * (p->n + 1) + to];
}

static void extend(const parts *p, size_t set)
{
    for (size_t last = 0; last < p->n; last++) {
        const size_t rest = set & ~((size_t)1 << last);
        double *length = &p->lengths[set * p->n + last];
        *length = INFINITY;
        if (!(set >> last & 1))
            continue;
        if (rest == 0)
            *length = way(p, 0, last + 1);
        for (size_t k = 0; k < p->n; k++) {
            if (!(rest >> k & 1))
                continue;
            const double other = p->lengths[rest * p->n + k] + way(p, k + 1, last + 1);
            if (other < *length) {
                *length = other;
                p->before[set * p->n + last] = (uint8_t)k;
            }
        }
    }
}

static void read_back(const parts *p, size_t *order, double *length)
{
    size_t set = ((size_t)1 << p->n) - 1, last = 0;
    *length = INFINITY;
    for (size_t k = 0; k < p->n; k++) {
        const double whole = p->lengths[set * p->n + k] + way(p, k + 1, 0);
        if (whole < *length) {
            *length = whole;
            last = k;
        }
    }
    for (size_t place = p->n; place > 0; place--) {
        order[place] = last + 1;
        const size_t next = p->before[set * p->n + last];
        set &= ~((size_t)1 << last);
        last = next;
    }
    order[0] = 0;
}

static qhm_status check(size_t cities, const double *distances)
{
    QHM_REQUIRE(distances, "distances is NULL");
    for (size_t i = 0; i < cities * cities; i++)
        QHM_REQUIRE(isfinite(distances[i]), "the distance from city %zu to %zu is %g", i / cities,
                    i % cities, distances[i]);
    return QHM_OK;
}

qhm_status qhm_tour_find(size_t cities, const double *distances, size_t *order, double *length)
{
    QHM_REQUIRE(order && length, "order or length is NULL");
    QHM_REQUIRE(cities >= 2 && cities <= 20, "%zu cities, not 2 to 20", cities);
    QHM_TRY(check(cities, distances));
    parts p = {.n = cities - 1, .distances = distances};
    const size_t count = p.n << p.n;
    qhm_status status = qhm_allocate(count, sizeof(double), &p.lengths);
    if (status == QHM_OK)
        status = qhm_allocate(count, 1, &p.before);
    for (size_t set = 1; set < (size_t)1 << p.n && status == QHM_OK; set++)
        extend(&p, set);
    if (status == QHM_OK)
        read_back(&p, order, length);
    qhm_release(p.lengths);
    qhm_release(p.before);
    return status;
}

static qhm_status fill(size_t cities, const double *distances, qhm_choice *choice)
{
    const size_t n = cities - 1;
    for (size_t stop = 0; stop < n; stop++)
        for (size_t a = 0; a < n; a++) {
            if (stop == 0)
                QHM_TRY(qhm_choice_append_cost(choice, stop, a, distances[a + 1]));
            if (stop == n - 1)
                QHM_TRY(qhm_choice_append_cost(choice, stop, a, distances[(a + 1) * cities]));
            for (size_t b = 0; b < n && stop + 1 < n; b++)
                if (b != a)
                    QHM_TRY(qhm_choice_append_pair(choice, stop, a, stop + 1, b,
                                                   distances[(a + 1) * cities + b + 1]));
            for (size_t other = 0; other < stop; other++)
                QHM_TRY(qhm_choice_append_conflict(choice, stop, a, other, a));
        }
    return QHM_OK;
}

qhm_status qhm_tour_choice(size_t cities, const double *distances, qhm_choice **choice,
                           double *penalty)
{
    qhm_choice *made;
    double longest = 0;
    QHM_REQUIRE(choice, "choice is NULL");
    QHM_REQUIRE(cities >= 3 && cities <= 9, "%zu cities, not 3 to 9", cities);
    QHM_TRY(check(cities, distances));
    for (size_t i = 0; i < cities * cities; i++) {
        QHM_REQUIRE(distances[i] >= 0, "the distance from city %zu to %zu is %g, below 0",
                    i / cities, i % cities, distances[i]);
        longest = i / cities == i % cities ? longest : fmax(longest, distances[i]);
    }
    QHM_TRY(qhm_choice_create(cities - 1, cities - 1, &made));
    const qhm_status status = fill(cities, distances, made);
    if (status != QHM_OK) {
        qhm_choice_destroy(made);
        return status;
    }
    // A city that is there twice can give one stop to a missing one: two ways change.
    if (penalty)
        *penalty = longest > 0 ? 2.02 * longest : 1;
    *choice = made;
    return QHM_OK;
}
