// Which items run in which pass.
//
// A pass can run a rotation whose flips lie in the subspace that its tiles span, and any parity.
// An item may come before others that it commutes with, so a pass takes, in circuit order, every
// item that it can run and that commutes with all those it had to leave. Which directions the
// tiles span decides how much that is: they are taken as they come first, and then exchanged one
// by one for others as long as more rotations are run.
#include "base/memory.h"
#include "simulate/statevector/wide.h"

#include <string.h>

enum {
    MOST_TRIALS = 400, // exchanges that are tried for a pass: as many as a pass is worth
    TRIALS_FROM_QUBITS = 10,
    WINDOW = 4096 // items that a pass looks at, so that deep circuits take time in proportion
};

typedef struct pauli {
    uint64_t x, z;
} pauli;

// The strings that a pass leaves, as a reduced basis of what they span: an item commutes with all
// of them if it does with the basis.
typedef struct strings {
    pauli basis[2 * QHM_STRINGS_MAX_QUBITS];
    size_t count;
    size_t last; // that blocked an item: neighbours in a circuit are often blocked by the same
} strings;

// A subspace by a basis in which no other vector has the highest bit of one.
typedef struct subspace {
    uint64_t vectors[QHM_STRINGS_MAX_QUBITS];
    unsigned count;
} subspace;

typedef struct scheduling {
    qhm_wide *wide;
    unsigned low_bits, high_bits;
    const qhm_string *items; // [item_count] in circuit order
    size_t item_count, next; // the first that is not in the window yet
    uint32_t *left;          // the window: [left_count] the first that are in no pass
    size_t left_count;
    bool *is_taken, *is_best; // [left_count]
    // Directions that rotations wanted but the tiles had no room for.
    uint64_t wanted[QHM_STRINGS_MAX_QUBITS];
    size_t wanted_count;
} scheduling;

static bool anticommute(pauli a, pauli b)
{
    return __builtin_parityll((a.x & b.z) ^ (a.z & b.x));
}

static pauli string_of(const qhm_string *item)
{
    return (pauli){item->mask, item->signs};
}

static bool commutes_with_all(strings *left, pauli string)
{
    if (left->count > 0 && anticommute(left->basis[left->last], string))
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (anticommute(left->basis[i], string)) {
            left->last = i;
            return false;
        }
    return true;
}

// Every vector of the basis is reduced by those before it, and so is a new one.
static void add_string(strings *left, pauli string)
{
    for (size_t i = 0; i < left->count; i++) {
        pauli sum = {string.x ^ left->basis[i].x, string.z ^ left->basis[i].z};
        if (sum.x != string.x ? sum.x < string.x : sum.z < string.z)
            string = sum;
    }
    if (string.x || string.z)
        left->basis[left->count++] = string;
}

static uint64_t reduce(const subspace *space, uint64_t vector)
{
    for (unsigned i = 0; i < space->count; i++)
        if (vector >> (63 - __builtin_clzll(space->vectors[i])) & 1)
            vector ^= space->vectors[i];
    return vector;
}

// Adds a vector that is reduced and not 0.
static void extend(subspace *space, uint64_t vector)
{
    const unsigned highest = 63 - (unsigned)__builtin_clzll(vector);
    for (unsigned i = 0; i < space->count; i++)
        if (space->vectors[i] >> highest & 1)
            space->vectors[i] ^= vector;
    space->vectors[space->count++] = vector;
}

static uint64_t high_part(const scheduling *s, uint64_t mask)
{
    return mask >> s->low_bits << s->low_bits;
}

static void want(scheduling *s, uint64_t direction)
{
    for (size_t i = 0; i < s->wanted_count; i++)
        if (s->wanted[i] == direction)
            return;
    if (s->wanted_count < QHM_STRINGS_MAX_QUBITS)
        s->wanted[s->wanted_count++] = direction;
}

// Marks what a pass over this subspace would take, and returns how many rotations that is. A
// subspace that has room takes directions as they come.
static size_t scan(scheduling *s, subspace *space, bool *is_taken)
{
    strings left = {.count = 0};
    size_t rotations = 0;
    s->wanted_count = 0;
    memset(is_taken, 0, s->left_count * sizeof *is_taken);
    for (size_t i = 0; i < s->left_count; i++) {
        const qhm_string *item = &s->items[s->left[i]];
        if (left.count == 2 * s->wide->qubit_count)
            break; // nothing commutes with everything
        if (!commutes_with_all(&left, string_of(item))) {
            add_string(&left, string_of(item));
            continue;
        }
        uint64_t rest = reduce(space, high_part(s, item->mask));
        if (rest && space->count == s->high_bits) {
            want(s, rest);
            add_string(&left, string_of(item));
            continue;
        }
        if (rest)
            extend(space, rest);
        is_taken[i] = true;
        rotations += item->mask != 0;
    }
    return rotations;
}

// Exchanges one direction for one that was wanted; true if that runs more rotations.
static bool improve(scheduling *s, subspace *best, size_t *rotations, size_t *trials)
{
    uint64_t wanted[QHM_STRINGS_MAX_QUBITS];
    const size_t wanted_count = s->wanted_count;
    memcpy(wanted, s->wanted, sizeof wanted);
    const subspace start = *best;
    bool is_better = false;
    for (unsigned out = 0; out < start.count; out++)
        for (size_t in = 0; in<wanted_count && * trials> 0; in++, --*trials) {
            subspace trial = start;
            trial.vectors[out] = trial.vectors[--trial.count];
            uint64_t direction = reduce(&trial, wanted[in]);
            if (!direction)
                continue;
            extend(&trial, direction);
            size_t count = scan(s, &trial, s->is_taken);
            if (count <= *rotations)
                continue;
            *rotations = count;
            *best = trial;
            is_better = true;
        }
    scan(s, best, s->is_best); // for what is wanted now
    return is_better;
}

// A parity that no rotation of this pass waits for may merge with others in a later one.
static void defer_parities(const scheduling *s, bool *is_taken)
{
    for (size_t i = 0; i < s->left_count; i++) {
        const qhm_string *parity = &s->items[s->left[i]];
        if (!is_taken[i] || parity->mask)
            continue;
        bool is_awaited = false;
        for (size_t j = i + 1; !is_awaited && j < s->left_count; j++)
            is_awaited =
                is_taken[j] && __builtin_parityll(s->items[s->left[j]].mask & parity->signs);
        is_taken[i] = is_awaited;
    }
}

// Directions for the rest of the tile: the lowest, for longer runs in memory.
static void fill(const scheduling *s, subspace *space)
{
    for (unsigned bit = s->low_bits; space->count < s->high_bits; bit++) {
        uint64_t rest = reduce(space, (uint64_t)1 << bit);
        if (rest)
            extend(space, rest);
    }
}

// Moves the items of a pass to the end of the plan's, and makes the list of the others shorter.
static qhm_status take(scheduling *s, const subspace *space, qhm_string *ordered)
{
    qhm_wide *wide = s->wide;
    qhm_wide_pass pass = {
        .item = wide->item_count, .low_bits = s->low_bits, .high_bits = space->count};
    for (unsigned bit = 0, next = 0; bit < wide->qubit_count; bit++) // ascending
        for (unsigned i = 0; i < space->count; i++)
            if (63 - (unsigned)__builtin_clzll(space->vectors[i]) == bit)
                pass.directions[next++] = space->vectors[i];
    size_t left = 0;
    for (size_t i = 0; i < s->left_count; i++)
        if (s->is_best[i])
            ordered[wide->item_count++] = s->items[s->left[i]];
        else
            s->left[left++] = s->left[i];
    s->left_count = left;
    pass.item_count = wide->item_count - pass.item;
    QHM_TRY(qhm_reserve(wide->pass_count + 1, &wide->pass_capacity, sizeof pass, &wide->passes));
    wide->passes[wide->pass_count++] = pass;
    return QHM_OK;
}

static size_t count_rotations(const scheduling *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->left_count; i++)
        count += s->items[s->left[i]].mask != 0;
    return count;
}

// Large states take long passes, which are worth a search.
static size_t count_trials(const qhm_wide *wide)
{
    if (wide->qubit_count <= TRIALS_FROM_QUBITS)
        return 1;
    const size_t extra = wide->qubit_count - TRIALS_FROM_QUBITS;
    return extra < 9 ? (size_t)1 << extra : MOST_TRIALS;
}

static void fill_window(scheduling *s)
{
    while (s->left_count < WINDOW && s->next < s->item_count)
        s->left[s->left_count++] = (uint32_t)s->next++;
}

static qhm_status plan_pass(scheduling *s, qhm_string *ordered)
{
    const size_t all = count_rotations(s);
    subspace space = {.count = 0};
    size_t rotations = scan(s, &space, s->is_best), trials = count_trials(s->wide);
    while (rotations < all && space.count == s->high_bits &&
           improve(s, &space, &rotations, &trials))
        continue;
    if (rotations == all)
        memset(s->is_best, true, s->left_count * sizeof *s->is_best);
    else
        defer_parities(s, s->is_best);
    fill(s, &space);
    return take(s, &space, ordered);
}

qhm_status qhm_wide_schedule(qhm_wide *wide, unsigned low_bits)
{
    scheduling s = {.wide = wide,
                    .low_bits = low_bits,
                    .high_bits = wide->tile_bits - low_bits,
                    .items = wide->items,
                    .item_count = wide->item_count};
    qhm_string *ordered = NULL;
    qhm_status status = qhm_allocate(WINDOW, sizeof *s.left, &s.left);
    if (status == QHM_OK)
        status = qhm_allocate(WINDOW, sizeof *s.is_taken, &s.is_taken);
    if (status == QHM_OK)
        status = qhm_allocate(WINDOW, sizeof *s.is_best, &s.is_best);
    if (status == QHM_OK)
        status = qhm_allocate(s.item_count, sizeof *ordered, &ordered);
    if (status == QHM_OK) {
        wide->item_count = 0;
        fill_window(&s);
        do {
            status = plan_pass(&s, ordered);
            fill_window(&s);
        } while (status == QHM_OK && s.left_count > 0);
    }
    qhm_release(s.left);
    qhm_release(s.is_taken);
    qhm_release(s.is_best);
    if (status != QHM_OK) {
        qhm_release(ordered);
        return status;
    }
    qhm_release(wide->items);
    wide->items = ordered;
    return QHM_OK;
}
