// Fermionic operators, and their images under the Jordan-Wigner and parity maps.
#include <qhm/fermion.h>

#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/pauli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MODES = 64, MOST_LADDERS = 8 };

static const double SMALLEST = 1e-12; // what rounding leaves of strings that cancel is far below

typedef struct product {
    double coefficient;
    uint32_t count;
    qhm_ladder ladders[MOST_LADDERS];
} product;

struct qhm_fermion {
    size_t mode_count, count, capacity;
    product *products;
};

qhm_status qhm_fermion_create(size_t mode_count, qhm_fermion **fermion)
{
    QHM_REQUIRE(fermion, "qhm_fermion_create needs a place for the operator");
    QHM_REQUIRE(mode_count >= 1 && mode_count <= MOST_MODES, "mode_count is %zu, not 1 to %d",
                mode_count, MOST_MODES);
    QHM_TRY(qhm_allocate(1, sizeof **fermion, fermion));
    (*fermion)->mode_count = mode_count;
    return QHM_OK;
}

void qhm_fermion_destroy(qhm_fermion *fermion)
{
    if (!fermion)
        return;
    qhm_release(fermion->products);
    qhm_release(fermion);
}

qhm_status qhm_fermion_append(qhm_fermion *fermion, double coefficient, const qhm_ladder *ladders,
                              size_t count)
{
    QHM_REQUIRE(fermion && (ladders || count == 0), "fermion or ladders is NULL");
    QHM_REQUIRE(isfinite(coefficient), "the coefficient of a product is not finite");
    QHM_REQUIRE(count <= MOST_LADDERS, "a product of %zu operators, not at most %d", count,
                MOST_LADDERS);
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(ladders[i].mode < fermion->mode_count, "mode is %u, not 0 to %zu",
                    ladders[i].mode, fermion->mode_count - 1);
    QHM_TRY(
        qhm_reserve(fermion->count + 1, &fermion->capacity, sizeof(product), &fermion->products));
    product *added = &fermion->products[fermion->count++];
    *added = (product){.coefficient = coefficient, .count = (uint32_t)count};
    for (size_t i = 0; i < count; i++)
        added->ladders[i] = ladders[i];
    return QHM_OK;
}

size_t qhm_fermion_mode_count(const qhm_fermion *fermion)
{
    return fermion->mode_count;
}

size_t qhm_fermion_term_count(const qhm_fermion *fermion)
{
    return fermion->count;
}

// A string with a complex coefficient.
typedef struct weighted {
    qhm_pauli_masks string;
    qhm_complex value;
} weighted;

// The sum of strings, found by hashing; entries keep the order in which they came.
typedef struct string_sum {
    weighted *entries;
    size_t count, capacity;
    size_t *slots; // [slot_count], 1 + the index of an entry; 0: free
    size_t slot_count;
} string_sum;

static void release_sum(string_sum *sum)
{
    qhm_release(sum->entries);
    qhm_release(sum->slots);
}

static size_t find_slot(const string_sum *sum, qhm_pauli_masks string)
{
    uint64_t hash = (string.x * 0x9e3779b97f4a7c15u) ^ (string.z * 0xc2b2ae3d27d4eb4fu);
    hash ^= hash >> 29;
    size_t slot = (size_t)hash & (sum->slot_count - 1);
    while (sum->slots[slot]) {
        const qhm_pauli_masks there = sum->entries[sum->slots[slot] - 1].string;
        if (there.x == string.x && there.z == string.z)
            break;
        slot = (slot + 1) & (sum->slot_count - 1);
    }
    return slot;
}

static qhm_status grow_slots(string_sum *sum)
{
    const size_t count = sum->slot_count ? 2 * sum->slot_count : 256;
    size_t *slots;
    QHM_TRY(qhm_allocate(count, sizeof *slots, &slots));
    qhm_release(sum->slots);
    sum->slots = slots;
    sum->slot_count = count;
    for (size_t i = 0; i < sum->count; i++)
        sum->slots[find_slot(sum, sum->entries[i].string)] = i + 1;
    return QHM_OK;
}

static qhm_status add(string_sum *sum, weighted w)
{
    if (2 * sum->count >= sum->slot_count)
        QHM_TRY(grow_slots(sum));
    const size_t slot = find_slot(sum, w.string);
    if (!sum->slots[slot]) {
        QHM_TRY(qhm_reserve(sum->count + 1, &sum->capacity, sizeof *sum->entries, &sum->entries));
        sum->entries[sum->count] = (weighted){.string = w.string};
        sum->slots[slot] = ++sum->count;
    }
    qhm_complex *value = &sum->entries[sum->slots[slot] - 1].value;
    value->re += w.value.re;
    value->im += w.value.im;
    return QHM_OK;
}

// An operator as two strings. Jordan-Wigner: a = (X + iY)/2 with Z on all modes below; parity:
// a = (Z below X + iY)/2 with X on all modes above, whose parity changes as well.
static void map_ladder(const qhm_fermion *fermion, qhm_fermion_encoding encoding, qhm_ladder ladder,
                       weighted strings[2])
{
    const uint64_t bit = (uint64_t)1 << ladder.mode, below = bit - 1;
    const uint64_t all =
        fermion->mode_count == 64 ? UINT64_MAX : ((uint64_t)1 << fermion->mode_count) - 1;
    const uint64_t above = all & ~(below | bit);
    const double sign = ladder.is_creation ? -1 : 1;
    if (encoding == QHM_FERMION_JORDAN_WIGNER) {
        strings[0].string = (qhm_pauli_masks){.x = bit, .z = below};
        strings[1].string = (qhm_pauli_masks){.x = bit, .z = below | bit};
    } else {
        strings[0].string = (qhm_pauli_masks){.x = bit | above, .z = bit >> 1};
        strings[1].string = (qhm_pauli_masks){.x = bit | above, .z = bit};
    }
    strings[0].value = (qhm_complex){0.5, 0};
    strings[1].value = (qhm_complex){0, 0.5 * sign};
}

static qhm_status map_product(const qhm_fermion *fermion, qhm_fermion_encoding encoding,
                              const product *p, string_sum *sum)
{
    weighted parts[MOST_LADDERS][2];
    for (uint32_t i = 0; i < p->count; i++)
        map_ladder(fermion, encoding, p->ladders[i], parts[i]);
    for (size_t choice = 0; choice < (size_t)1 << p->count; choice++) {
        weighted w = {.value = {p->coefficient, 0}};
        for (uint32_t i = 0; i < p->count; i++) {
            const weighted *next = &parts[i][choice >> i & 1];
            const qhm_complex a = w.value, b = next->value;
            const unsigned k = qhm_pauli_multiply(w.string, next->string, &w.string);
            w.value = qhm_complex_times_i(
                (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}, k);
        }
        QHM_TRY(add(sum, w));
    }
    return QHM_OK;
}

static int compare_strings(const void *left, const void *right)
{
    const qhm_pauli_masks a = ((const weighted *)left)->string,
                          b = ((const weighted *)right)->string;
    if (a.x != b.x)
        return a.x < b.x ? -1 : 1;
    return (a.z > b.z) - (a.z < b.z);
}

static qhm_status append_masks(qhm_observable *observable, double coefficient, qhm_pauli_masks m)
{
    qhm_pauli_factor factors[MOST_MODES];
    size_t count = 0;
    for (uint32_t q = 0; q < MOST_MODES; q++) {
        const bool x = m.x >> q & 1, z = m.z >> q & 1;
        if (x || z)
            factors[count++] = (qhm_pauli_factor){q, x && z ? QHM_PAULI_Y
                                                     : x    ? QHM_PAULI_X
                                                            : QHM_PAULI_Z};
    }
    return qhm_observable_append(observable, coefficient, factors, count);
}

// One of the two parts of the sum.
static qhm_status take_part(const string_sum *sum, bool imaginary, qhm_observable **out)
{
    qhm_observable *part;
    QHM_TRY(qhm_observable_create(&part));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < sum->count && status == QHM_OK; i++) {
        const qhm_complex value = sum->entries[i].value;
        const double coefficient = imaginary ? value.im : value.re;
        if (fabs(coefficient) > SMALLEST)
            status = append_masks(part, coefficient, sum->entries[i].string);
    }
    if (status != QHM_OK) {
        qhm_observable_destroy(part);
        return status;
    }
    *out = part;
    return QHM_OK;
}

static qhm_status check_zero(const string_sum *sum, bool imaginary)
{
    for (size_t i = 0; i < sum->count; i++) {
        const qhm_complex value = sum->entries[i].value;
        QHM_REQUIRE(fabs(imaginary ? value.im : value.re) <= SMALLEST,
                    "the operator is not %s: a part of %g is left",
                    imaginary ? "Hermitian" : "anti-Hermitian", imaginary ? value.im : value.re);
    }
    return QHM_OK;
}

static qhm_status take_parts(const string_sum *sum, qhm_observable **hermitian,
                             qhm_observable **antihermitian)
{
    qhm_observable *first = NULL, *second = NULL;
    if (!hermitian)
        QHM_TRY(check_zero(sum, false));
    if (!antihermitian)
        QHM_TRY(check_zero(sum, true));
    qhm_status status = hermitian ? take_part(sum, false, &first) : QHM_OK;
    if (status == QHM_OK && antihermitian)
        status = take_part(sum, true, &second);
    if (status != QHM_OK) {
        qhm_observable_destroy(first);
        return status;
    }
    if (hermitian)
        *hermitian = first;
    if (antihermitian)
        *antihermitian = second;
    return QHM_OK;
}

qhm_status qhm_fermion_map(const qhm_fermion *fermion, qhm_fermion_encoding encoding,
                           qhm_observable **hermitian, qhm_observable **antihermitian)
{
    string_sum sum = {0};
    QHM_REQUIRE(fermion && (hermitian || antihermitian), "fermion or both parts are NULL");
    QHM_REQUIRE((unsigned)encoding < QHM_FERMION_ENCODING_COUNT, "encoding is %u, not below %u",
                (unsigned)encoding, (unsigned)QHM_FERMION_ENCODING_COUNT);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < fermion->count && status == QHM_OK; i++)
        status = map_product(fermion, encoding, &fermion->products[i], &sum);
    if (status == QHM_OK) {
        if (sum.count > 0)
            qsort(sum.entries, sum.count, sizeof *sum.entries, compare_strings);
        status = take_parts(&sum, hermitian, antihermitian);
    }
    release_sum(&sum);
    return status;
}

static qhm_status append_fixed(const qhm_pauli_term *term, size_t qubit, int value,
                               qhm_pauli_factor *factors, qhm_observable *reduced)
{
    double coefficient = term->coefficient;
    size_t count = 0;
    for (size_t f = 0; f < term->factor_count; f++) {
        qhm_pauli_factor factor = term->factors[f];
        if (factor.qubit == qubit) {
            QHM_REQUIRE(factor.pauli == QHM_PAULI_Z, "a string has %c on qubit %zu, which is fixed",
                        factor.pauli == QHM_PAULI_X ? 'X' : 'Y', qubit);
            coefficient *= value;
            continue;
        }
        factor.qubit -= factor.qubit > qubit;
        factors[count++] = factor;
    }
    return qhm_observable_append(reduced, coefficient, factors, count);
}

// Without terms that have cancelled.
static qhm_status copy_nonzero(const qhm_observable *observable, qhm_observable **copy)
{
    QHM_TRY(qhm_observable_create(copy));
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        if (fabs(term->coefficient) > SMALLEST)
            QHM_TRY(
                qhm_observable_append(*copy, term->coefficient, term->factors, term->factor_count));
    }
    return QHM_OK;
}

qhm_status qhm_fermion_reduce(const qhm_observable *observable, size_t qubit, int value,
                              qhm_observable **reduced)
{
    qhm_observable *all = NULL, *kept = NULL;
    qhm_pauli_factor *factors;
    QHM_REQUIRE(observable && reduced, "observable or reduced is NULL");
    QHM_REQUIRE(value == 1 || value == -1, "value is %d, not 1 or -1", value);
    QHM_TRY(qhm_allocate(qhm_observable_qubit_count(observable), sizeof *factors, &factors));
    qhm_status status = qhm_observable_create(&all);
    for (size_t t = 0; t < qhm_observable_term_count(observable) && status == QHM_OK; t++)
        status = append_fixed(qhm_observable_term(observable, t), qubit, value, factors, all);
    if (status == QHM_OK)
        status = copy_nonzero(all, &kept);
    qhm_release(factors);
    qhm_observable_destroy(all);
    if (status != QHM_OK) {
        qhm_observable_destroy(kept);
        return status;
    }
    *reduced = kept;
    return QHM_OK;
}
