// Runs trajectories together for as long as they are the same.
#include "simulate/trajectories/shared.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_GAP_BYTES = 5 * 64 };

// Trajectories in one state: all passes before `next` are run, of those before `last` what comes
// before item `cut` of the circuit, and nothing of the others.
typedef struct node {
    size_t next, last, cut;
    uint32_t *group;
    size_t count;
    size_t depth; // its buffer
} node;

// One walk through all trajectories of a sample.
typedef struct walk {
    const qhm_shared *shared;
    const qhm_block *block;
    qhm_shared_worker *worker;
    const double *base; // [items] angles as the sample has them
    double *values;
} walk;

typedef enum action { READ, RUN_PASS, MEET_EVENT } action;

static const qhm_wide *wide_of(const walk *w)
{
    return w->shared->plan->wide;
}

static const qhm_rest_event *next_event(const walk *w, const qhm_trajectory *trajectory)
{
    if (trajectory->next_event == trajectory->event_count)
        return NULL;
    return &w->worker->events[trajectory->first_event + trajectory->next_event];
}

static action action_of(const walk *w, const node *n, const qhm_trajectory *trajectory)
{
    const qhm_rest_event *event = next_event(w, trajectory);
    if (event && event->pass <= n->next)
        return MEET_EVENT;
    return n->next < wide_of(w)->pass_count ? RUN_PASS : READ;
}

// The passes that an event needs: from the node's next to this one.
static size_t last_pass(const walk *w, const node *n, const qhm_rest_event *event)
{
    const size_t last = w->shared->ranges[event->site].last;
    return last > n->last ? last : n->last;
}

typedef struct comparison {
    const walk *walk;
    const node *node;
} comparison;

static int compare_signs(const uint64_t *a, const uint64_t *b, size_t first, size_t last)
{
    for (size_t word = first / 64; word * 64 < last; word++) {
        uint64_t mask = ~UINT64_C(0);
        if (word * 64 < first)
            mask &= ~UINT64_C(0) << first % 64;
        if (last - word * 64 < 64)
            mask &= (UINT64_C(1) << (last - word * 64)) - 1;
        const uint64_t x = a[word] & mask, y = b[word] & mask;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

// 0: the next thing that happens to both is the same.
static int compare_actions(const comparison *c, uint32_t a, uint32_t b)
{
    const walk *w = c->walk;
    const qhm_wide *wide = wide_of(w);
    const qhm_trajectory *one = &w->worker->trajectories[a], *other = &w->worker->trajectories[b];
    const action what = action_of(w, c->node, one), others = action_of(w, c->node, other);
    if (what != others)
        return what < others ? -1 : 1;
    if (what == READ)
        return 0;
    size_t last = c->node->next + 1;
    if (what == MEET_EVENT) {
        const qhm_rest_event *x = next_event(w, one), *y = next_event(w, other);
        if (x->site != y->site)
            return x->site < y->site ? -1 : 1;
        const uint32_t strings[2] = {x->x << 8 | x->z, y->x << 8 | y->z};
        if (strings[0] != strings[1])
            return strings[0] < strings[1] ? -1 : 1;
        last = last_pass(w, c->node, x);
    }
    if (last <= c->node->next)
        return 0;
    const qhm_wide_pass *final = &wide->passes[last - 1];
    return compare_signs(w->worker->signs + a * w->shared->words,
                         w->worker->signs + b * w->shared->words, wide->passes[c->node->next].item,
                         final->item + final->item_count);
}

static int compare_in_order(const void *a, const void *b, void *context)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const int by_action = compare_actions(context, x, y);
    return by_action ? by_action : (x > y) - (x < y);
}

// Runs a pass with the angles from item `first` to before `last` of the circuit, the others 0.
static void run_pass(const walk *w, const node *n, size_t pass, size_t first, size_t last)
{
    const qhm_wide *wide = wide_of(w);
    const qhm_wide_pass *p = &wide->passes[pass];
    const uint64_t *signs = w->worker->signs + n->group[0] * w->shared->words;
    double *arguments = w->block->work->values.arguments;
    bool is_any = false;
    for (size_t i = p->item; i < p->item + p->item_count; i++) {
        const size_t source = wide->items[i].source;
        const bool is_active = source >= first && source < last;
        const double sign = signs[i / 64] >> i % 64 & 1 ? -1 : 1;
        arguments[i] = is_active ? sign * w->base[i] : 0;
        is_any |= is_active;
    }
    if (!is_any)
        return;
    qhm_wide_fill_pass(wide, p, &w->block->work->values);
    qhm_wide_run_pass(w->block, p);
}

static void run_next(const walk *w, node *n)
{
    run_pass(w, n, n->next, n->next < n->last ? n->cut : 0, SIZE_MAX);
    n->next++;
    n->last = n->last > n->next ? n->last : n->next;
}

static void use_buffer(const walk *w, size_t depth)
{
    w->block->work->psi = w->worker->buffers[depth].rows;
}

static qhm_status add_buffer(const walk *w)
{
    qhm_shared_worker *worker = w->worker;
    const qhm_statevector *plan = w->shared->plan;
    const size_t bytes = plan->row_count * plan->lanes * plan->kernels->real_bytes;
    QHM_TRY(qhm_reallocate(worker->buffer_count, worker->buffer_count + 1, sizeof *worker->buffers,
                           &worker->buffers));
    qhm_state_buffer *buffer = &worker->buffers[worker->buffer_count];
    *buffer = (qhm_state_buffer){0};
    QHM_TRY(qhm_allocate(2 * bytes + STATE_GAP_BYTES, 1, &buffer->memory));
    buffer->rows = (qhm_rows){
        .re = buffer->memory, .im = buffer->memory + bytes + STATE_GAP_BYTES, .lanes = plan->lanes};
    worker->buffer_count++;
    return QHM_OK;
}

typedef struct copying {
    char *to[2];
    const char *from[2];
} copying;

static void copy_bytes(size_t first, size_t last, void *context)
{
    const copying *c = context;
    for (int part = 0; part < 2; part++)
        memcpy(c->to[part] + first, c->from[part] + first, last - first);
}

static qhm_status copy_state(const walk *w, const node *n)
{
    enum { BLOCK_BYTES = 1 << 18 };
    const qhm_statevector *plan = w->shared->plan;
    if (n->depth + 1 == w->worker->buffer_count)
        QHM_TRY(add_buffer(w));
    const qhm_rows *from = &w->worker->buffers[n->depth].rows,
                   *to = &w->worker->buffers[n->depth + 1].rows;
    copying c = {{to->re, to->im}, {from->re, from->im}};
    const size_t bytes = plan->row_count * plan->lanes * plan->kernels->real_bytes;
    if (plan->is_row_parallel)
        qhm_parallel_for(bytes, BLOCK_BYTES, copy_bytes, &c);
    else
        copy_bytes(0, bytes, &c);
    return QHM_OK;
}

// An operator on the state, over threads where they share it.
typedef struct striking {
    const walk *walk;
    const qhm_event *event;
    size_t block;
} striking;

static void apply_range(size_t first, size_t last, void *context)
{
    const striking *s = context;
    const qhm_rows *psi = &s->walk->block->work->psi;
    s->walk->shared->kernels->apply(psi->re, psi->im, s->event, first, last);
}

static void reduce_range(size_t first, size_t last, void *context)
{
    const striking *s = context;
    const qhm_rows *psi = &s->walk->block->work->psi;
    const size_t entries = (size_t)1 << 2 * s->event->qubit_count;
    qhm_complex *out = s->walk->worker->entries + first / s->block * entries;
    memset(out, 0, entries * sizeof *out);
    s->walk->shared->kernels->reduce(psi->re, psi->im, s->event, first, last, out);
}

static void run_over(const walk *w, qhm_range_work *work, striking *s)
{
    const size_t all = (size_t)1 << w->shared->plan->qubit_count;
    s->block = all / w->shared->block_count;
    if (w->shared->plan->is_row_parallel)
        qhm_parallel_for(all, s->block, work, s);
    else
        for (size_t first = 0; first < all; first += s->block)
            work(first, first + s->block, s);
}

// A site as the state is stored, whose rows may be folded.
static qhm_event event_at(const walk *w, const qhm_site *site)
{
    const qhm_wide *wide = wide_of(w);
    qhm_event event = {.qubit_count = site->split->qubit_count};
    for (unsigned i = 0; i < event.qubit_count; i++) {
        event.masks[i] = site->masks[i];
        event.signs[i] = site->signs[i];
        if (wide->is_in_place) {
            event.masks[i] = qhm_wide_fold(wide, (uint32_t)site->masks[i]);
            event.signs[i] = qhm_wide_fold_signs(wide, (uint32_t)site->signs[i]);
        }
        event.flipped |= (uint32_t)site->is_flipped[i] << i;
    }
    return event;
}

// out = S K S for the string S that stands before K in these trajectories.
static void conjugate(const qhm_rest_event *by, unsigned qubits, const qhm_complex *kraus,
                      qhm_complex *out)
{
    const uint32_t dimension = 1u << qubits;
    for (uint32_t row = 0; row < dimension; row++)
        for (uint32_t column = 0; column < dimension; column++) {
            const bool is_odd = __builtin_parity(by->z & (row ^ column));
            const qhm_complex entry = kraus[(row ^ by->x) * dimension + (column ^ by->x)];
            out[row * dimension + column] =
                (qhm_complex){is_odd ? -entry.re : entry.re, is_odd ? -entry.im : entry.im};
        }
}

// What K^dagger K gives for the reduced state.
static double probability_of(const qhm_complex *kraus, size_t dimension, const qhm_complex *entries)
{
    double sum = 0;
    for (size_t r = 0; r < dimension; r++)
        for (size_t a = 0; a < dimension; a++)
            for (size_t b = a; b < dimension; b++) { // K[r][a] rho[a][b] conj(K[r][b])
                const qhm_complex x = kraus[r * dimension + a], y = kraus[r * dimension + b];
                const qhm_complex rho = entries[a * dimension + b];
                const double re = x.re * y.re + x.im * y.im, im = x.im * y.re - x.re * y.im;
                sum += (a == b ? 1 : 2) * (re * rho.re - im * rho.im);
            }
    return sum;
}

static void find_factors(const walk *w, const qhm_site *site, const qhm_rest_event *by)
{
    qhm_event event = event_at(w, site);
    const size_t size = (size_t)1 << 2 * event.qubit_count;
    qhm_complex *entries = w->worker->entries, kraus[QHM_EVENT_MAX_ENTRIES];
    run_over(w, reduce_range, &(striking){.walk = w, .event = &event});
    for (size_t block = 1; block < w->shared->block_count; block++)
        for (size_t i = 0; i < size; i++) {
            entries[i].re += entries[block * size + i].re;
            entries[i].im += entries[block * size + i].im;
        }
    for (size_t k = 0; k < site->split->rest_count; k++) {
        conjugate(by, event.qubit_count, site->split->rest + k * size, kraus);
        w->worker->factors[k] = probability_of(kraus, (size_t)1 << event.qubit_count, entries);
    }
}

static void apply_operator(const walk *w, const qhm_site *site, const qhm_rest_event *by,
                           size_t which, double scale)
{
    qhm_event event = event_at(w, site);
    const size_t size = (size_t)1 << 2 * event.qubit_count;
    qhm_complex kraus[QHM_EVENT_MAX_ENTRIES] = {{0, 0}};
    conjugate(by, event.qubit_count, site->split->rest + which * size, kraus);
    for (size_t i = 0; i < size; i++) {
        kraus[i].re *= scale;
        kraus[i].im *= scale;
    }
    event.matrix = kraus;
    run_over(w, apply_range, &(striking){.walk = w, .event = &event});
}

static qhm_status run_node(const walk *w, node n);

// Moves the members that pick `which` to the group's front; returns how many.
static size_t pick_members(const walk *w, const qhm_site *site, node *n, size_t first, size_t which)
{
    size_t count = 0;
    for (size_t i = first; i < n->count; i++) {
        const qhm_rest_event *event = next_event(w, &w->worker->trajectories[n->group[i]]);
        double scale;
        if (qhm_channel_split_pick_rest(site->split, w->worker->factors, 1, event->number,
                                        &scale) != which)
            continue;
        const uint32_t member = n->group[i];
        n->group[i] = n->group[first + count];
        n->group[first + count++] = member;
    }
    return count;
}

static double scale_of(const walk *w, size_t which)
{
    return 1 / sqrt(w->worker->factors[which]);
}

// The operators that trajectories pick: each its own state; the last to go on is the most frequent.
static qhm_status split_by_picks(const walk *w, const qhm_site *site, node *n)
{
    const qhm_rest_event by = *next_event(w, &w->worker->trajectories[n->group[0]]);
    double scales[QHM_EVENT_MAX_ENTRIES];
    size_t counts[QHM_EVENT_MAX_ENTRIES] = {0}, most = 0, first = 0;
    for (size_t k = 0; k < site->split->rest_count; k++) {
        counts[k] = pick_members(w, site, n, first, k);
        scales[k] = scale_of(w, k);
        first += counts[k];
        most = counts[k] > counts[most] ? k : most;
    }
    for (size_t i = 0; i < n->count; i++)
        w->worker->trajectories[n->group[i]].next_event++;
    uint32_t *last_group = n->group;
    first = 0;
    for (size_t k = 0; k < site->split->rest_count; first += counts[k++]) {
        node child = *n;
        child.group = n->group + first;
        child.count = counts[k];
        child.depth = n->depth + 1;
        if (k == most)
            last_group = child.group;
        if (k == most || counts[k] == 0)
            continue;
        QHM_TRY(copy_state(w, n));
        use_buffer(w, child.depth);
        apply_operator(w, site, &by, k, scales[k]);
        QHM_TRY(run_node(w, child));
    }
    use_buffer(w, n->depth);
    n->group = last_group;
    n->count = counts[most];
    apply_operator(w, site, &by, most, scales[most]);
    return QHM_OK;
}

static qhm_status meet_event(const walk *w, node *n)
{
    const qhm_rest_event *event = next_event(w, &w->worker->trajectories[n->group[0]]);
    const qhm_site *site = &wide_of(w)->sites[event->site];
    const size_t last = last_pass(w, n, event);
    for (size_t p = n->next; p < last; p++)
        run_pass(w, n, p, p < n->last ? n->cut : 0, site->item);
    n->last = last;
    n->cut = site->item;
    find_factors(w, site, event);
    return split_by_picks(w, site, n);
}

// Does one thing to a node whose trajectories all want the same.
static qhm_status act(const walk *w, node *n, bool *is_done)
{
    switch (action_of(w, n, &w->worker->trajectories[n->group[0]])) {
    case READ:
        *is_done = true;
        qhm_shared_read(w->shared, w->block, w->worker, n->group, n->count, w->values);
        return QHM_OK;
    case RUN_PASS:
        run_next(w, n);
        return QHM_OK;
    case MEET_EVENT:
        return meet_event(w, n);
    }
    return QHM_OK;
}

// Ends of the classes of trajectories that want the same; returns where the largest begins.
static size_t find_largest(const comparison *c, const node *n, size_t *largest_count)
{
    size_t begin = 0, largest = 0;
    *largest_count = 0;
    for (size_t i = 1; i <= n->count; i++) {
        if (i < n->count && compare_actions(c, n->group[i - 1], n->group[i]) == 0)
            continue;
        if (i - begin > *largest_count) {
            largest = begin;
            *largest_count = i - begin;
        }
        begin = i;
    }
    return largest;
}

// Copies the state for all but the largest class, which goes on in it: so that at most log2 of
// their number copies are held.
static qhm_status run_node(const walk *w, node n)
{
    bool is_done = false;
    while (!is_done) {
        const comparison c = {w, &n};
        if (n.count > 1)
            qsort_r(n.group, n.count, sizeof *n.group, compare_in_order, (void *)&c);
        size_t count;
        const size_t largest = find_largest(&c, &n, &count);
        for (size_t begin = 0; begin < n.count;) {
            size_t end = begin + 1;
            while (end < n.count && compare_actions(&c, n.group[end - 1], n.group[end]) == 0)
                end++;
            if (begin != largest) {
                node child = n;
                child.group = n.group + begin;
                child.count = end - begin;
                child.depth = n.depth + 1;
                QHM_TRY(copy_state(w, &n));
                use_buffer(w, child.depth);
                QHM_TRY(run_node(w, child));
                use_buffer(w, n.depth);
            }
            begin = end;
        }
        n.group += largest;
        n.count = count;
        QHM_TRY(act(w, &n, &is_done));
    }
    return QHM_OK;
}

// One run of all trajectories of all samples, in tasks of a sample and `at_once` trajectories.
typedef struct shared_run {
    qhm_shared *shared;
    const qhm_request *request;
    size_t setting, states, parts;
    double *values;
    qhm_status status;
} shared_run;

static qhm_status run_task(const shared_run *run, size_t task, qhm_shared_worker *worker,
                           qhm_workspace *work)
{
    const qhm_shared *shared = run->shared;
    qhm_statevector *plan = shared->plan;
    const size_t sample = task / run->parts, first = task % run->parts * shared->at_once;
    const size_t left = run->states - first;
    const size_t count = left < shared->at_once ? left : shared->at_once;
    const qhm_statevector_run as_run = {.plan = plan,
                                        .request = run->request,
                                        .is_shared_weight = !run->request->weights_per_sample,
                                        .lanes_per_sample = 1,
                                        .lanes = plan->lanes,
                                        .setting = run->setting,
                                        .uses_wide = true};
    const qhm_block block = {.run = &as_run,
                             .work = work,
                             .first = sample,
                             .count = 1,
                             .lanes = plan->lanes,
                             .samples = 1};
    QHM_TRY(qhm_shared_draw(shared, run->request, sample, run->setting, first, count, worker));
    const walk w = {.shared = shared,
                    .block = &block,
                    .worker = worker,
                    .base = worker->arguments,
                    .values = run->values};
    if (worker->buffer_count == 0)
        QHM_TRY(add_buffer(&w));
    qhm_wide_find_arguments(&block, worker->arguments);
    use_buffer(&w, 0);
    qhm_statevector_reset(&block, plan->wide->start);
    return run_node(&w, (node){.group = worker->order, .count = count});
}

static qhm_shared_worker *take_worker(const qhm_shared *shared)
{
    for (size_t i = 0;; i = (i + 1) % shared->worker_count)
        if (!atomic_exchange_explicit(&shared->workers[i].is_taken, true, memory_order_acquire))
            return &shared->workers[i];
}

static void note_failure(void *context)
{
    shared_run *run = context;
    run->status = QHM_ERROR_OUT_OF_MEMORY;
}

static void run_tasks(size_t first, size_t last, void *context)
{
    shared_run *run = context;
    qhm_shared_worker *worker = take_worker(run->shared);
    qhm_workspace *work = qhm_statevector_take_workspace(run->shared->plan);
    const qhm_rows psi = work->psi;
    qhm_status status = QHM_OK;
    for (size_t task = first; task < last && status == QHM_OK; task++)
        status = run_task(run, task, worker, work);
    work->psi = psi;
    atomic_store_explicit(&work->is_taken, false, memory_order_release);
    atomic_store_explicit(&worker->is_taken, false, memory_order_release);
    if (status != QHM_OK)
        qhm_parallel_exclusive(note_failure, run);
}

static qhm_status run_setting(shared_run *run)
{
    run->parts = (run->states - 1) / run->shared->at_once + 1;
    const size_t tasks = run->request->batch_count * run->parts;
    if (run->shared->plan->is_row_parallel)
        run_tasks(0, tasks, run);
    else
        qhm_parallel_for(tasks, 1, run_tasks, run);
    if (run->status != QHM_OK) // of any thread, whose message may not be here
        return QHM_FAIL(run->status, "no memory for trajectories");
    return QHM_OK;
}

static void average_signs(const qhm_statevector *plan, const qhm_request *request)
{
    const size_t count = plan->observable_count;
    for (size_t i = 0; i < request->batch_count; i++) {
        double *out = request->expectations + i * count;
        memcpy(out, plan->constant_values, count * sizeof *out);
        for (size_t u = 0; u < plan->use_count; u++)
            out[plan->uses[u].observable] +=
                plan->uses[u].coefficient *
                (double)plan->outcome_sums[i * plan->term_count + plan->uses[u].term] /
                (double)request->shots;
    }
}

qhm_status qhm_shared_run(qhm_shared *shared, const qhm_request *request, double *values)
{
    qhm_statevector *plan = shared->plan;
    shared_run run = {.shared = shared,
                      .request = request,
                      .setting = plan->setting_count,
                      .states = request->shots > 0 ? request->shots : plan->noise->trajectories,
                      .values = values,
                      .status = QHM_OK};
    QHM_TRY(qhm_shared_reserve(shared, request));
    if (request->shots == 0)
        return run_setting(&run);
    if (request->expectations) {
        memset(plan->outcome_sums, 0,
               request->batch_count * plan->term_count * sizeof *plan->outcome_sums);
        for (run.setting = 0; run.setting < plan->setting_count; run.setting++)
            QHM_TRY(run_setting(&run));
        average_signs(plan, request);
    }
    if (request->samples || request->bits || request->states || request->probabilities)
        QHM_TRY(run_setting(&run));
    return QHM_OK;
}
