// Quantum walks on backtracking trees: the tree, the walk on its vertices, the search.
#include "algorithm/backtracking_internal.h"

#include "algorithm/counted_run.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/random.h>
#include <stdlib.h>

void qhm_backtracking_destroy(qhm_backtracking *tree)
{
    if (!tree)
        return;
    qhm_release(tree->literals);
    qhm_release(tree);
}

qhm_status qhm_backtracking_create(size_t variable_count, const int *literals, size_t count,
                                   qhm_backtracking **tree)
{
    qhm_backtracking *made;
    QHM_REQUIRE(literals && tree, "literals or tree is NULL");
    QHM_REQUIRE(variable_count >= 1 && variable_count <= 20, "variable_count is %zu, not 1 to 20",
                variable_count);
    QHM_REQUIRE(count > 0 && literals[count - 1] == 0, "the last clause does not end with 0");
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(literals[i] != 0 || (i > 0 && literals[i - 1] != 0), "a clause is empty");
        QHM_REQUIRE(abs(literals[i]) <= (int)variable_count, "literal %d is not from -%zu to %zu",
                    literals[i], variable_count, variable_count);
    }
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->variable_count = variable_count;
    made->count = count;
    const qhm_status status = qhm_copy_bytes(literals, count, sizeof *literals, &made->literals);
    if (status != QHM_OK) {
        qhm_release(made);
        return status;
    }
    *tree = made;
    return QHM_OK;
}

size_t qhm_backtracking_clauses_at(const qhm_backtracking *tree, size_t level, int *literals)
{
    size_t length = 0;
    for (size_t first = 0, i = 0; i < tree->count; i++) {
        if (tree->literals[i] != 0)
            continue;
        int last = 0;
        for (size_t j = first; j < i; j++)
            last = abs(tree->literals[j]) > last ? abs(tree->literals[j]) : last;
        for (size_t j = first; j <= i && last == (int)level; j++)
            literals[length++] = tree->literals[j];
        first = i + 1;
    }
    return length;
}

bool qhm_backtracking_is_violated(const qhm_backtracking *tree, size_t level, uint64_t bits)
{
    bool is_satisfied = false;
    int last = 0;
    for (size_t i = 0; i < tree->count; i++) {
        const int literal = tree->literals[i], variable = abs(literal);
        if (literal == 0) {
            if (!is_satisfied && last == (int)level)
                return true;
            is_satisfied = false;
            last = 0;
            continue;
        }
        last = variable > last ? variable : last;
        is_satisfied = is_satisfied || (bits >> (variable - 1) & 1) == (uint64_t)(literal > 0);
    }
    return false;
}

static void visit(const qhm_backtracking *tree, size_t level, uint64_t bits,
                  qhm_backtracking_scan *scan)
{
    scan->vertices++;
    if (qhm_backtracking_is_violated(tree, level, bits))
        return;
    if (level == tree->variable_count) {
        if (scan->solutions++ == 0) {
            scan->first = bits;
            scan->first_vertices = scan->vertices;
        }
        return;
    }
    visit(tree, level + 1, bits, scan);
    visit(tree, level + 1, bits | (uint64_t)1 << level, scan);
}

void qhm_backtracking_visit(const qhm_backtracking *tree, qhm_backtracking_scan *scan)
{
    *scan = (qhm_backtracking_scan){0};
    visit(tree, 0, 0, scan);
    if (scan->solutions == 0)
        scan->first_vertices = scan->vertices;
}

size_t qhm_backtracking_phase_qubits(double vertex_bound, size_t depth)
{
    size_t t = 1;
    while (t < 40 && ldexp(1, (int)t) < 2 * sqrt(vertex_bound * (double)depth) * (1 - 1e-12))
        t++;
    return t;
}

qhm_status qhm_backtracking_check_root(const qhm_backtracking *tree, qhm_backtracking_vertex root)
{
    QHM_REQUIRE(root.level < tree->variable_count && root.bits >> root.level == 0,
                "the vertex at level %zu of %zu has no subtree", root.level, tree->variable_count);
    for (size_t level = 1; level <= root.level; level++)
        QHM_REQUIRE(!qhm_backtracking_is_violated(tree, level, root.bits),
                    "the vertex at level %zu violates a clause", root.level);
    return QHM_OK;
}

// Vertices in depth-first order: the children of an inner one are at i + 1 and at `second`.
typedef struct walk_vertex {
    size_t second; // 0: a leaf
    bool is_odd, is_marked;
} walk_vertex;

typedef struct walk {
    const qhm_backtracking *tree;
    walk_vertex *vertices;
    size_t count, capacity;
    double depth; // below the root
} walk;

static qhm_status build(walk *w, size_t level, uint64_t bits, bool is_odd)
{
    const size_t index = w->count;
    QHM_TRY(qhm_reserve(w->count + 1, &w->capacity, sizeof *w->vertices, &w->vertices));
    const bool is_violated = index > 0 && qhm_backtracking_is_violated(w->tree, level, bits);
    const bool is_last = level == w->tree->variable_count;
    w->vertices[w->count++] = (walk_vertex){0, is_odd, is_last && !is_violated};
    if (is_violated || is_last)
        return QHM_OK;
    QHM_TRY(build(w, level + 1, bits, !is_odd));
    w->vertices[index].second = w->count;
    return build(w, level + 1, bits | (uint64_t)1 << level, !is_odd);
}

// One of the two reflections: the sum of the D_x of one parity.
static void reflect(const walk *w, bool is_odd, double *state)
{
    for (size_t x = 0; x < w->count; x++) {
        const walk_vertex *v = &w->vertices[x];
        if (v->is_odd != is_odd || v->is_marked)
            continue;
        if (v->second == 0) {
            state[x] = -state[x];
            continue;
        }
        const double weight = x == 0 ? sqrt(w->depth) : 1, norm = 1 + 2 * weight * weight;
        const double along = 2 * (state[x] + weight * (state[x + 1] + state[v->second])) / norm;
        state[x] -= along;
        state[x + 1] -= weight * along;
        state[v->second] -= weight * along;
    }
}

static double zero_probability(const walk *w, size_t steps, double *state, double *sum)
{
    double total = 0;
    state[0] = 1;
    for (size_t k = 0; k < steps; k++) {
        for (size_t x = 0; x < w->count; x++)
            sum[x] += state[x];
        reflect(w, false, state);
        reflect(w, true, state);
    }
    for (size_t x = 0; x < w->count; x++)
        total += sum[x] * sum[x];
    return total / ((double)steps * (double)steps);
}

qhm_status qhm_backtracking_find_probability(const qhm_backtracking *tree,
                                             qhm_backtracking_vertex root, size_t phase_qubits,
                                             double *probability)
{
    double *vectors = NULL;
    QHM_REQUIRE(tree && probability, "tree or probability is NULL");
    QHM_REQUIRE(phase_qubits <= 30, "phase_qubits is %zu, not 0 to 30", phase_qubits);
    QHM_TRY(qhm_backtracking_check_root(tree, root));
    walk w = {.tree = tree, .depth = (double)(tree->variable_count - root.level)};
    qhm_status status = build(&w, root.level, root.bits, false);
    if (status == QHM_OK)
        status = qhm_allocate(2 * w.count, sizeof *vectors, &vectors);
    if (status == QHM_OK)
        *probability = zero_probability(&w, (size_t)1 << phase_qubits, vectors, vectors + w.count);
    qhm_release(vectors);
    qhm_release(w.vertices);
    return status;
}

typedef struct descent {
    const qhm_backtracking *tree;
    qhm_backtracking_options options;
    qhm_ledger *ledger;
    qhm_random random;
    qhm_backtracking_result result;
} descent;

// Phases that are 0, of circuits that are run.
static qhm_status count_zeros(descent *d, qhm_backtracking_vertex root, size_t t, double *zeros)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    qhm_ledger unwanted = {0};
    QHM_TRY(qhm_backtracking_circuit_create(d->tree, root, t, &circuit));
    const qhm_status status =
        qhm_counted_shots(circuit, d->options.repeats, qhm_random_u64(&d->random),
                          &(qhm_run_counts){.oracle_calls = ((uint64_t)1 << t) - 1},
                          d->ledger ? d->ledger : &unwanted, &outcomes);
    if (status == QHM_OK)
        *zeros = qhm_distribution_weight(outcomes, (uint64_t[]){0});
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

// Phases that are 0, drawn by their probability, and what their circuits take.
static qhm_status draw_zeros(descent *d, qhm_backtracking_vertex root, size_t t, double *zeros)
{
    double probability;
    qhm_ledger price;
    QHM_TRY(qhm_backtracking_find_probability(d->tree, root, t, &probability));
    *zeros = 0;
    for (size_t i = 0; i < d->options.repeats; i++)
        *zeros += qhm_random_uniform(&d->random) < probability;
    if (!d->ledger)
        return QHM_OK;
    QHM_TRY(qhm_backtracking_price(d->tree, root, t, &price));
    qhm_ledger_repeat(&price, d->options.repeats);
    price.circuits = 1; // shots of one circuit
    qhm_ledger_add(d->ledger, &price);
    return QHM_OK;
}

static qhm_status test_subtree(descent *d, qhm_backtracking_vertex root, bool *is_accepted)
{
    const size_t depth = d->tree->variable_count - root.level;
    const double bound = fmin(d->options.vertex_bound, ldexp(1, (int)depth + 1) - 1);
    const size_t t = qhm_backtracking_phase_qubits(bound, depth);
    const bool is_fast = d->options.execution == QHM_SEARCH_AMPLITUDES;
    double zeros = 0;
    const qhm_status status =
        is_fast ? draw_zeros(d, root, t, &zeros) : count_zeros(d, root, t, &zeros);
    const double rate = zeros / (double)d->options.repeats;
    *is_accepted = rate >= 3.0 / 8;
    if (d->result.tests++ == 0)
        d->result.zero_rate = rate;
    d->result.walk_steps += d->options.repeats * (((uint64_t)1 << t) - 1);
    return status;
}

// Goes down from a vertex that was accepted, child by child; a wrong test is met by going back.
static qhm_status descend(descent *d, qhm_backtracking_vertex vertex)
{
    for (uint64_t bit = 0; bit < 2 && !d->result.is_found; bit++) {
        const qhm_backtracking_vertex child = {vertex.level + 1, vertex.bits | bit << vertex.level};
        bool is_accepted;
        if (qhm_backtracking_is_violated(d->tree, child.level, child.bits))
            continue;
        if (child.level == d->tree->variable_count) {
            d->result.is_found = true;
            d->result.solution = child.bits;
            return QHM_OK;
        }
        QHM_TRY(test_subtree(d, child, &is_accepted));
        if (is_accepted)
            QHM_TRY(descend(d, child));
    }
    return QHM_OK;
}

qhm_status qhm_backtracking_run(const qhm_backtracking *tree,
                                const qhm_backtracking_options *options, qhm_ledger *ledger,
                                qhm_backtracking_result *result)
{
    QHM_REQUIRE(tree && result, "tree or result is NULL");
    descent d = {.tree = tree, .ledger = ledger};
    if (options)
        d.options = *options;
    if (d.options.vertex_bound <= 0)
        d.options.vertex_bound = ldexp(1, (int)tree->variable_count + 1) - 1;
    if (d.options.repeats == 0)
        d.options.repeats = 100;
    d.random = qhm_random_stream(d.options.seed, QHM_RANDOM_SHOTS, 0x62616374, 0, 0);
    QHM_TRY(test_subtree(&d, (qhm_backtracking_vertex){0, 0}, &d.result.is_accepted));
    if (d.result.is_accepted && !d.options.is_detection)
        QHM_TRY(descend(&d, (qhm_backtracking_vertex){0, 0}));
    *result = d.result;
    return QHM_OK;
}
