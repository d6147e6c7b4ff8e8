// Full configuration interaction: the Hamiltonian on all determinants, by excitations of strings.
#include "algorithm/electronic_problem_internal.h"
#include "algorithm/ground_state.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"

#include <cblas.h>
#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { MOST_STRINGS = 1 << 22 };
static const double MOST_ENTRIES = 1 << 26; // of the intermediate, n^2 determinants

// a+_p a_q of a string is another one, up to a sign.
typedef struct excitation {
    uint32_t pair; // p n + q
    uint32_t to;
    double sign;
} excitation;

// The ways to put electrons of one spin into orbitals.
typedef struct string_space {
    size_t count, width;     // strings, and excitations of each
    uint64_t *strings;       // ascending
    excitation *excitations; // [count][width]
} string_space;

typedef struct ci_space {
    const qhm_electronic_problem *problem;
    string_space up, down;
    double *one;                  // [n][n] h_pq - 1/2 sum_r (pr|rq)
    double *excited, *contracted; // [n n][up][down]
} ci_space;

static double binomial(size_t n, size_t k)
{
    double result = 1;
    for (size_t i = 1; i <= k; i++)
        result *= (double)(n - k + i) / (double)i;
    return nearbyint(result);
}

static size_t find_string(const string_space *space, uint64_t string)
{
    size_t first = 0, last = space->count - 1;
    while (first < last) {
        const size_t middle = (first + last) / 2;
        if (space->strings[middle] < string)
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

static void fill_excitations(const string_space *space, size_t n, size_t index)
{
    const uint64_t string = space->strings[index];
    excitation *e = space->excitations + index * space->width;
    for (size_t q = 0; q < n; q++) {
        if (!(string >> q & 1))
            continue;
        const uint64_t without = string & ~((uint64_t)1 << q);
        for (size_t p = 0; p < n; p++) {
            if (without >> p & 1)
                continue;
            // Each operator passes the electrons below its orbital.
            const uint64_t passed = (((uint64_t)1 << p) - 1) ^ (((uint64_t)1 << q) - 1);
            const int crossings = __builtin_popcountll(without & passed);
            *e++ = (excitation){(uint32_t)(p * n + q),
                                (uint32_t)find_string(space, without | (uint64_t)1 << p),
                                crossings % 2 ? -1 : 1};
        }
    }
}

static qhm_status create_space(size_t n, size_t electrons, string_space *space)
{
    const double count = binomial(n, electrons);
    if (count > MOST_STRINGS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%.0f ways to put %zu electrons into %zu orbitals, "
                        "more than %d",
                        count, electrons, n, MOST_STRINGS);
    space->count = (size_t)count;
    space->width = electrons * (n - electrons + 1);
    QHM_TRY(qhm_allocate(space->count, sizeof *space->strings, &space->strings));
    QHM_TRY(
        qhm_allocate(space->count * space->width, sizeof *space->excitations, &space->excitations));
    uint64_t string = ((uint64_t)1 << electrons) - 1;
    for (size_t i = 0; i < space->count; i++) {
        space->strings[i] = string;
        if (string == 0)
            break;
        // The next number with as many bits set (Gosper).
        const uint64_t low = string & -string, sum = string + low;
        string = (((sum ^ string) >> 2) / low) | sum;
    }
    for (size_t i = 0; i < space->count; i++)
        fill_excitations(space, n, i);
    return QHM_OK;
}

static void release_space(ci_space *space)
{
    qhm_release(space->up.strings);
    qhm_release(space->up.excitations);
    qhm_release(space->down.strings);
    qhm_release(space->down.excitations);
    qhm_release(space->one);
    qhm_release(space->excited);
    qhm_release(space->contracted);
}

static qhm_status create_ci(const qhm_electronic_problem *problem, ci_space *space)
{
    const size_t n = problem->orbitals, pairs = n * n;
    const double determinants = binomial(n, problem->up) * binomial(n, problem->down);
    if (determinants * (double)pairs > MOST_ENTRIES)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%.0f determinants of %zu orbitals, not at most %.0f", determinants, n,
                        floor(MOST_ENTRIES / (double)pairs));
    QHM_TRY(create_space(n, problem->up, &space->up));
    QHM_TRY(create_space(n, problem->down, &space->down));
    const size_t all = pairs * space->up.count * space->down.count;
    QHM_TRY(qhm_allocate(pairs, sizeof *space->one, &space->one));
    QHM_TRY(qhm_allocate(all, sizeof *space->excited, &space->excited));
    QHM_TRY(qhm_allocate(all, sizeof *space->contracted, &space->contracted));
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double value = qhm_one_electron(problem, p, q);
            for (size_t r = 0; r < n; r++)
                value -= 0.5 * qhm_two_electron(problem, p, r, r, q);
            space->one[p * n + q] = value;
        }
    return QHM_OK;
}

// many[pair of the excitation][where it leads] += sign one[where it starts], or back.
static void excite(const ci_space *space, double *one, double *many, bool is_back)
{
    const size_t downs = space->down.count, size = space->up.count * downs;
    for (size_t a = 0; a < space->up.count; a++)
        for (size_t e = 0; e < space->up.width; e++) {
            const excitation *x = &space->up.excitations[a * space->up.width + e];
            double *from = one + a * downs, *to = many + x->pair * size + x->to * downs;
            if (is_back) { // a+_p a_q is the adjoint of a+_q a_p: the integrals are symmetric
                double *kept = from;
                from = to;
                to = kept;
            }
            cblas_daxpy((int)downs, x->sign, from, 1, to, 1);
        }
    for (size_t b = 0; b < downs; b++)
        for (size_t e = 0; e < space->down.width; e++) {
            const excitation *x = &space->down.excitations[b * space->down.width + e];
            double *single = one + b, *pair = many + x->pair * size + x->to;
            for (size_t a = 0; a < space->up.count; a++) {
                if (is_back)
                    single[a * downs] += x->sign * pair[a * downs];
                else
                    pair[a * downs] += x->sign * single[a * downs];
            }
        }
}

// H = sum k_pq E_pq + 1/2 sum (pq|rs) E_pq E_rs, with E_pq = sum over spins of a+_p a_q.
static qhm_status apply(void *context, const double *vector, double *out)
{
    ci_space *space = context;
    const int token = qhm_serial_begin(); // the same bits for any number of threads
    const size_t n = space->problem->orbitals, pairs = n * n;
    const size_t size = space->up.count * space->down.count;
    memset(space->excited, 0, pairs * size * sizeof(double));
    excite(space, (double *)vector, space->excited, false);
    for (size_t pq = 0; pq < pairs; pq++)
        for (size_t i = 0; i < size; i++)
            space->contracted[pq * size + i] = space->one[pq] * vector[i];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)pairs, (int)size, (int)pairs, 0.5,
                space->problem->two, (int)pairs, space->excited, (int)size, 1, space->contracted,
                (int)size);
    for (size_t i = 0; i < size; i++)
        out[i] = space->problem->constant * vector[i];
    excite(space, out, space->contracted, true);
    qhm_serial_end(token);
    return QHM_OK;
}

static qhm_status solve(ci_space *space, qhm_full_ci *result)
{
    const size_t size = space->up.count * space->down.count;
    qhm_ground_state found;
    double *vector;
    QHM_TRY(qhm_allocate(size, sizeof *vector, &vector));
    // The first determinant, and a part of every symmetry.
    qhm_random random = qhm_random_stream(0, QHM_RANDOM_INITIALISE, size, 0, 0);
    for (size_t i = 0; i < size; i++)
        vector[i] = (i == 0) + 0.01 * qhm_random_normal(&random);
    const qhm_status status = qhm_find_ground_state(size, apply, space, vector, &found);
    qhm_release(vector);
    if (status == QHM_OK)
        *result = (qhm_full_ci){found.energy, size, found.products, found.residual};
    return status;
}

qhm_status qhm_electronic_problem_solve(const qhm_electronic_problem *problem, qhm_full_ci *result)
{
    QHM_REQUIRE(problem && result, "problem or result is NULL");
    ci_space space = {.problem = problem};
    qhm_status status = create_ci(problem, &space);
    if (status == QHM_OK)
        status = solve(&space, result);
    release_space(&space);
    return status;
}
