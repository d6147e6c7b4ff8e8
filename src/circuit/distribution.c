// Distributions over classical bits: a hash table of outcomes, sorted when they are read.
#include <qhm/distribution.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MAX_BITS = 1048576, FIRST_SLOTS = 16 };

// What reading changes: a const distribution may still have to be sorted.
typedef struct outcome_order {
    size_t *places; // [capacity] of outcomes, ascending once sorted
    bool is_sorted;
} outcome_order;

struct qhm_distribution {
    size_t bit_count, words;
    uint64_t last_mask; // of the bits in the last word that count, if any
    size_t count, capacity;
    uint64_t *bits; // [capacity][words], in the order of appending
    double *weights;
    outcome_order *order;
    size_t *slots; // [slot_count] 1 + the place of an outcome; 0: free. At most half are in use
    size_t slot_count;
};

qhm_status qhm_distribution_create(size_t bit_count, qhm_distribution **distribution)
{
    QHM_REQUIRE(distribution, "qhm_distribution_create needs a place for the distribution");
    QHM_REQUIRE(bit_count <= MAX_BITS, "bit_count is %zu, not 0 to %d", bit_count, MAX_BITS);
    qhm_distribution *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->bit_count = bit_count;
    made->words = bit_count > 0 ? (bit_count + 63) / 64 : 1;
    made->last_mask = bit_count == 0        ? 0
                      : bit_count % 64 == 0 ? UINT64_MAX
                                            : ((uint64_t)1 << bit_count % 64) - 1;
    made->slot_count = FIRST_SLOTS;
    qhm_status status = qhm_allocate(made->slot_count, sizeof *made->slots, &made->slots);
    if (status == QHM_OK)
        status = qhm_allocate(1, sizeof *made->order, &made->order);
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    made->order->is_sorted = true;
    *distribution = made;
    return QHM_OK;
}

void qhm_distribution_destroy(qhm_distribution *distribution)
{
    if (!distribution)
        return;
    qhm_release(distribution->bits);
    qhm_release(distribution->weights);
    if (distribution->order)
        qhm_release(distribution->order->places);
    qhm_release(distribution->order);
    qhm_release(distribution->slots);
    qhm_release(distribution);
}

static uint64_t word_of(const qhm_distribution *d, const uint64_t *bits, size_t word)
{
    if (d->bit_count == 0)
        return 0;
    return word + 1 < d->words ? bits[word] : bits[word] & d->last_mask;
}

// The finaliser of SplitMix64 over all words.
static size_t hash(const qhm_distribution *d, const uint64_t *bits)
{
    uint64_t h = 0;
    for (size_t w = 0; w < d->words; w++) {
        h = (h ^ word_of(d, bits, w)) + 0x9e3779b97f4a7c15u;
        h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
        h = (h ^ h >> 27) * 0x94d049bb133111ebu;
        h ^= h >> 31;
    }
    return (size_t)h;
}

static const uint64_t *outcome_at(const qhm_distribution *d, size_t place)
{
    return d->bits + place * d->words;
}

static bool is_outcome(const qhm_distribution *d, size_t place, const uint64_t *bits)
{
    const uint64_t *known = outcome_at(d, place);
    for (size_t w = 0; w < d->words; w++)
        if (known[w] != word_of(d, bits, w))
            return false;
    return true;
}

// The slot of an outcome, or the free one where it belongs.
static size_t *find_slot(const qhm_distribution *d, const uint64_t *bits)
{
    size_t slot = hash(d, bits) & (d->slot_count - 1);
    while (d->slots[slot] > 0 && !is_outcome(d, d->slots[slot] - 1, bits))
        slot = (slot + 1) & (d->slot_count - 1);
    return &d->slots[slot];
}

static qhm_status grow_slots(qhm_distribution *d)
{
    size_t *slots, *old = d->slots;
    QHM_TRY(qhm_allocate(2 * d->slot_count, sizeof *slots, &slots));
    d->slots = slots;
    d->slot_count *= 2;
    for (size_t i = 0; i < d->count; i++)
        *find_slot(d, outcome_at(d, i)) = i + 1;
    qhm_release(old);
    return QHM_OK;
}

static qhm_status make_room(qhm_distribution *d)
{
    if (2 * (d->count + 1) > d->slot_count)
        QHM_TRY(grow_slots(d));
    if (d->count < d->capacity)
        return QHM_OK;
    const size_t capacity = d->capacity > 0 ? 2 * d->capacity : FIRST_SLOTS / 2;
    QHM_TRY(qhm_reallocate(d->count * d->words, capacity * d->words, sizeof *d->bits, &d->bits));
    QHM_TRY(qhm_reallocate(d->count, capacity, sizeof *d->weights, &d->weights));
    QHM_TRY(qhm_reallocate(d->count, capacity, sizeof *d->order->places, &d->order->places));
    d->capacity = capacity;
    return QHM_OK;
}

static int compare(const qhm_distribution *d, size_t a, size_t b)
{
    const uint64_t *left = outcome_at(d, a), *right = outcome_at(d, b);
    for (size_t w = d->words; w-- > 0;)
        if (left[w] != right[w])
            return left[w] < right[w] ? -1 : 1;
    return 0;
}

qhm_status qhm_distribution_append(qhm_distribution *distribution, const uint64_t *bits,
                                   double weight)
{
    QHM_REQUIRE(distribution && (bits || distribution->bit_count == 0),
                "an outcome needs a distribution and its bits");
    QHM_REQUIRE(isfinite(weight) && weight >= 0, "weight is %g, not 0 or more", weight);
    qhm_distribution *d = distribution;
    size_t slot = *find_slot(d, bits);
    if (slot > 0) {
        d->weights[slot - 1] += weight;
        return QHM_OK;
    }
    QHM_TRY(make_room(d));
    const size_t place = d->count;
    for (size_t w = 0; w < d->words; w++)
        d->bits[place * d->words + w] = word_of(d, bits, w);
    d->weights[place] = weight;
    *find_slot(d, bits) = place + 1;
    d->order->places[place] = place;
    if (place > 0 && d->order->is_sorted)
        d->order->is_sorted = compare(d, d->order->places[place - 1], place) < 0;
    d->count++;
    return QHM_OK;
}

size_t qhm_distribution_bit_count(const qhm_distribution *distribution)
{
    return distribution->bit_count;
}

size_t qhm_distribution_outcome_count(const qhm_distribution *distribution)
{
    return distribution->count;
}

// Lets the outcome at `root` of the heap [count] sink to its place.
static void sink(const qhm_distribution *d, size_t root, size_t count)
{
    size_t *places = d->order->places, sinking = places[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && compare(d, places[child], places[child + 1]) < 0)
            child++;
        if (compare(d, sinking, places[child]) >= 0)
            break;
        places[root] = places[child];
        root = child;
    }
    places[root] = sinking;
}

// A heap sort: it needs no memory, so that reading cannot fail.
static void sort(const qhm_distribution *d)
{
    if (d->order->is_sorted)
        return;
    for (size_t root = d->count / 2; root-- > 0;)
        sink(d, root, d->count);
    for (size_t last = d->count; last-- > 1;) {
        size_t largest = d->order->places[0];
        d->order->places[0] = d->order->places[last];
        d->order->places[last] = largest;
        sink(d, 0, last);
    }
    d->order->is_sorted = true;
}

void qhm_distribution_outcome(const qhm_distribution *distribution, size_t index,
                              const uint64_t **bits, double *weight)
{
    assert(index < distribution->count);
    sort(distribution);
    const size_t place = distribution->order->places[index];
    if (bits)
        *bits = outcome_at(distribution, place);
    if (weight)
        *weight = distribution->weights[place];
}

double qhm_distribution_weight(const qhm_distribution *distribution, const uint64_t *bits)
{
    const size_t slot = *find_slot(distribution, bits);
    return slot > 0 ? distribution->weights[slot - 1] : 0;
}

double qhm_distribution_total(const qhm_distribution *distribution)
{
    sort(distribution);
    double total = 0;
    for (size_t i = 0; i < distribution->count; i++)
        total += distribution->weights[distribution->order->places[i]];
    return total;
}

size_t qhm_distribution_bytes(const qhm_distribution *distribution)
{
    const qhm_distribution *d = distribution;
    return sizeof *d + sizeof *d->order + d->slot_count * sizeof *d->slots +
           d->capacity *
               (d->words * sizeof *d->bits + sizeof *d->weights + sizeof *d->order->places);
}

// What a pair of distributions has in common.
typedef struct overlap {
    double distance, root; // sums of |p - q| / 2 and of sqrt(p q)
} overlap;

static overlap compare_all(const qhm_distribution *a, const qhm_distribution *b)
{
    const double total_a = qhm_distribution_total(a), total_b = qhm_distribution_total(b);
    if (a->bit_count != b->bit_count || !(total_a > 0) || !(total_b > 0))
        return (overlap){NAN, NAN};
    overlap sums = {0, 0};
    const uint64_t *bits;
    double weight;
    for (size_t i = 0; i < a->count; i++) {
        qhm_distribution_outcome(a, i, &bits, &weight);
        const double p = weight / total_a, q = qhm_distribution_weight(b, bits) / total_b;
        sums.distance += fabs(p - q) / 2;
        sums.root += sqrt(p * q);
    }
    for (size_t i = 0; i < b->count; i++) {
        qhm_distribution_outcome(b, i, &bits, &weight);
        if (*find_slot(a, bits) == 0)
            sums.distance += weight / total_b / 2;
    }
    return sums;
}

double qhm_distribution_variation_distance(const qhm_distribution *a, const qhm_distribution *b)
{
    return compare_all(a, b).distance;
}

double qhm_distribution_fidelity(const qhm_distribution *a, const qhm_distribution *b)
{
    const double root = compare_all(a, b).root;
    return root * root;
}
