// Recursive QAOA: spins that go together become one, until few are left.
#include <qhm/qaoa.h>

#include "algorithm/qaoa_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

enum { MOST_SPINS = 64 };

// Each spin of the problem is a sign times a spin that is left, or a sign alone.
typedef struct recursion {
    qhm_ising *ising;          // of the spins that are left
    size_t count;              // spins of the problem
    size_t stands[MOST_SPINS]; // which of those that are left; MOST_SPINS: none
    double signs[MOST_SPINS];
    qhm_ledger *ledger;
    qhm_qaoa_recursion made;
} recursion;

// The strongest of all means of Z_i (j = i) and Z_i Z_j.
typedef struct strongest {
    size_t i, j;
    double mean;
} strongest;

static strongest find_strongest(size_t count, const double *probabilities)
{
    strongest best = {0, 0, 0};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            const size_t mask = (size_t)1 << i | (size_t)1 << j;
            double mean = 0;
            for (size_t z = 0; z < (size_t)1 << count; z++)
                mean += __builtin_parityll(z & mask) ? -probabilities[z] : probabilities[z];
            if (fabs(mean) > fabs(best.mean) + 1e-9)
                best = (strongest){i, j, mean};
        }
    return best;
}

// The problem with spin i replaced by sign times spin j, or by the sign if j = i.
static qhm_status replace(const qhm_ising *old, size_t i, size_t j, double sign, qhm_ising **made)
{
    const size_t count = qhm_ising_spin_count(old);
    QHM_TRY(qhm_ising_create(count - 1, made));
    const size_t partner = j < i ? j : j - 1;
    const double field = sign * qhm_ising_field(old, i);
    qhm_status status =
        qhm_ising_append_constant(*made, qhm_ising_constant(old) + (j == i ? field : 0));
    if (status == QHM_OK && j != i)
        status = qhm_ising_append_field(*made, partner, field);
    for (size_t k = 0; k < count && status == QHM_OK; k++) {
        const size_t place = k < i ? k : k - 1;
        const double coupling = sign * qhm_ising_coupling(old, i, k);
        if (k == i)
            continue;
        status = qhm_ising_append_field(*made, place, qhm_ising_field(old, k));
        if (status == QHM_OK && j == i)
            status = qhm_ising_append_field(*made, place, coupling);
        else if (status == QHM_OK && k == j)
            status = qhm_ising_append_constant(*made, coupling);
        else if (status == QHM_OK)
            status = qhm_ising_append_coupling(*made, partner, place, coupling);
        for (size_t l = 0; l < k && status == QHM_OK; l++)
            if (l != i)
                status = qhm_ising_append_coupling(*made, place, l < i ? l : l - 1,
                                                   qhm_ising_coupling(old, k, l));
    }
    if (status != QHM_OK)
        qhm_ising_destroy(*made);
    return status;
}

static void rename_spins(recursion *r, size_t i, size_t j, double sign)
{
    for (size_t k = 0; k < r->count; k++) {
        if (r->stands[k] == i) {
            r->stands[k] = j == i ? MOST_SPINS : j;
            r->signs[k] *= sign;
        }
        if (r->stands[k] != MOST_SPINS && r->stands[k] > i)
            r->stands[k]--;
    }
}

// A round's runs, in the ledger: of circuits that get smaller.
static qhm_status count_runs(recursion *r, size_t runs, size_t gradients)
{
    r->made.runs += runs;
    return r->ledger ? qhm_qaoa_count_exact(r->ising, NULL, runs, gradients, r->ledger) : QHM_OK;
}

static qhm_status find_probabilities(recursion *r, double *probabilities)
{
    enum { GRID = 64 };
    double angles[2] = {-0.6, 0.4}, best[2] = {0}, cost, lowest = INFINITY;
    qhm_qaoa *qaoa;
    qhm_qaoa_fitted fitted;
    QHM_TRY(qhm_qaoa_create(r->ising, NULL, &qaoa));
    // One layer has few valleys: a grid finds the right one.
    double scale = 1e-300;
    const size_t count = qhm_ising_spin_count(r->ising);
    for (size_t i = 0; i < count; i++) {
        scale = fmax(scale, fabs(qhm_ising_field(r->ising, i)));
        for (size_t j = 0; j < i; j++)
            scale = fmax(scale, fabs(qhm_ising_coupling(r->ising, i, j)));
    }
    qhm_status status = QHM_OK;
    for (int i = 1; i <= 8 && status == QHM_OK; i++)
        for (int j = 0; j < 8 && status == QHM_OK; j++) {
            angles[0] = -0.1 * i / scale;
            angles[1] = (j - 3.5) * 0.2;
            status = qhm_qaoa_run(qaoa, angles, &cost, NULL);
            if (status == QHM_OK && cost < lowest) {
                lowest = cost;
                best[0] = angles[0];
                best[1] = angles[1];
            }
        }
    if (status == QHM_OK)
        status = qhm_qaoa_fit(qaoa, NULL, best, &fitted);
    if (status == QHM_OK)
        status = qhm_qaoa_probabilities(qaoa, best, probabilities);
    if (status == QHM_OK)
        status = count_runs(r, GRID + fitted.runs + 1, fitted.runs); // and the correlations
    qhm_qaoa_destroy(qaoa);
    return status;
}

static qhm_status replace_one(recursion *r, double *probabilities)
{
    qhm_ising *smaller;
    QHM_TRY(find_probabilities(r, probabilities));
    const strongest s = find_strongest(qhm_ising_spin_count(r->ising), probabilities);
    const double sign = s.mean < 0 ? -1 : 1;
    QHM_TRY(replace(r->ising, s.i, s.j, sign, &smaller));
    qhm_ising_destroy(r->ising);
    r->ising = smaller;
    rename_spins(r, s.i, s.j, sign);
    r->made.rounds++;
    return QHM_OK;
}

qhm_status qhm_qaoa_recurse(const qhm_ising *ising, size_t rest, qhm_ledger *ledger,
                            qhm_qaoa_recursion *made)
{
    enum { MOST = 24 };
    recursion r = {.ledger = ledger};
    double *probabilities;
    qhm_ising_solution last;
    QHM_REQUIRE(ising && made, "ising or recursion is NULL");
    r.count = qhm_ising_spin_count(ising);
    if (r.count > MOST)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins, more than %d", r.count, MOST);
    rest = rest > 0 ? rest : 4;
    for (size_t i = 0; i < r.count; i++) {
        r.stands[i] = i;
        r.signs[i] = 1;
    }
    QHM_TRY(qhm_allocate((size_t)1 << r.count, sizeof *probabilities, &probabilities));
    qhm_status status = qhm_ising_copy(ising, &r.ising);
    while (status == QHM_OK && qhm_ising_spin_count(r.ising) > rest)
        status = replace_one(&r, probabilities);
    if (status == QHM_OK)
        status = qhm_ising_find_all(r.ising, &last);
    for (size_t i = 0; i < r.count && status == QHM_OK; i++) {
        double sign = r.signs[i];
        if (r.stands[i] != MOST_SPINS && last.bits >> r.stands[i] & 1)
            sign = -sign;
        r.made.solution.bits |= (uint64_t)(sign < 0) << i;
    }
    qhm_release(probabilities);
    qhm_ising_destroy(r.ising);
    if (status != QHM_OK)
        return status;
    r.made.solution.energy = qhm_ising_energy(ising, r.made.solution.bits);
    r.made.solution.bound = -INFINITY;
    *made = r.made;
    return QHM_OK;
}
