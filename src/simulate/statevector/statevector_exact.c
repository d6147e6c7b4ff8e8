// Exact distributions of classical bits: from the final amplitudes where all measurements can wait,
// else by following branches.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"
#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

enum {
    DENSE_QUBITS = 22,          // up to so many measured qubits have an array of all outcomes
    LARGE_STATE_BYTES = 1 << 26 // from here on memory is asked for before a state is copied
};

// Reads the final amplitudes of one sample.
typedef struct reading {
    const qhm_exact_request *request;
    const qhm_statevector *plan;
    uint32_t measured[64]; // qubits, ascending
    size_t count;
    double *sums;           // [2^count] of probabilities; or
    qhm_distribution *many; // outcomes as numbers of measured qubits
    double total;
    qhm_status status;
} reading;

// The bits of the measured qubits, next to each other.
static uint64_t pack(const reading *r, uint64_t qubits)
{
    uint64_t packed = 0;
    for (size_t m = 0; m < r->count; m++)
        packed |= (qubits >> r->measured[m] & 1) << m;
    return packed;
}

// Outcomes are linear in the numbers of amplitudes: from one to the next the lowest bits change.
static void read_amplitudes(const qhm_block *block, void *context)
{
    reading *r = context;
    const qhm_statevector *plan = block->run->plan;
    const size_t all = (size_t)1 << plan->qubit_count;
    // Even if every amplitude of an outcome is below this, the outcome is below the least.
    const double least = ldexp(r->request->least_probability, -(int)(plan->qubit_count - r->count));
    uint64_t changes[QHM_STATEVECTOR_MAX_QUBITS], outcome = 0;
    for (size_t b = 0; b < plan->qubit_count; b++)
        changes[b] = pack(r, qhm_statevector_to_qubits(block->run, ((uint64_t)2 << b) - 1));
    for (size_t first = 0; first < all && r->status == QHM_OK;) {
        const size_t count = qhm_statevector_read(block, 0, first);
        const double *re = block->work->amplitudes, *im = re + QHM_AMPLITUDE_CHUNK;
        for (size_t i = 0; i < count && r->status == QHM_OK; i++) {
            const double probability = re[i] * re[i] + im[i] * im[i];
            r->total += probability;
            if (r->sums)
                r->sums[outcome] += probability;
            else if (probability >= least)
                r->status = qhm_distribution_append(r->many, &outcome, probability);
            if (first + i + 1 < all)
                outcome ^= changes[__builtin_ctzll(first + i + 1)];
        }
        if (r->many && qhm_distribution_outcome_count(r->many) > r->request->max_outcomes)
            r->status = qhm_fail_outcome_limit(r->request);
        first += count;
    }
}

// Appends an outcome of the measured qubits as one of classical bits.
static qhm_status append_outcome(const reading *r, uint64_t packed, double probability,
                                 uint64_t *bits, const uint64_t *mask,
                                 qhm_distribution *distribution)
{
    const qhm_statevector *plan = r->plan;
    const double weight = probability / r->total;
    if (weight < r->request->least_probability) {
        *r->request->lost_probability += weight;
        return QHM_OK;
    }
    memset(bits, 0, plan->bit_words * sizeof *bits);
    for (size_t b = 0; b < plan->bit_count; b++) {
        size_t m = 0;
        while (m < r->count && r->measured[m] != plan->deferred[b])
            m++;
        if (m < r->count)
            bits[b / 64] |= (packed >> m & 1) << b % 64;
    }
    return qhm_branches_append(r->request, bits, mask, plan->bit_words, bits, weight, distribution);
}

static qhm_status append_all(const reading *r, uint64_t *bits, const uint64_t *mask,
                             qhm_distribution *distribution)
{
    for (uint64_t i = 0; r->sums && i < (uint64_t)1 << r->count; i++)
        if (r->sums[i] > 0)
            QHM_TRY(append_outcome(r, i, r->sums[i], bits, mask, distribution));
    double seen = 0;
    for (size_t i = 0; r->many && i < qhm_distribution_outcome_count(r->many); i++) {
        const uint64_t *packed;
        double probability;
        qhm_distribution_outcome(r->many, i, &packed, &probability);
        seen += probability;
        QHM_TRY(append_outcome(r, packed[0], probability, bits, mask, distribution));
    }
    if (r->many && seen < r->total)
        *r->request->lost_probability += 1 - seen / r->total;
    return QHM_OK;
}

static void find_measured(reading *r, const uint64_t *mask)
{
    const qhm_statevector *plan = r->plan;
    for (uint32_t q = 0; q < plan->qubit_count; q++) {
        bool is_measured = false;
        for (size_t b = 0; b < plan->bit_count; b++)
            is_measured |= plan->deferred[b] == q && mask[b / 64] >> b % 64 & 1;
        if (is_measured)
            r->measured[r->count++] = q;
    }
}

static qhm_status read_final(qhm_statevector_run *run, const qhm_exact_request *request,
                             const uint64_t *mask, uint64_t *bits, qhm_distribution *distribution)
{
    reading r = {.request = request, .plan = run->plan, .status = QHM_OK};
    qhm_status status = QHM_OK;
    if (distribution) {
        find_measured(&r, mask);
        run->visit = read_amplitudes;
        run->visit_context = &r;
        status = r.count <= DENSE_QUBITS
                     ? qhm_allocate((size_t)1 << r.count, sizeof *r.sums, &r.sums)
                     : qhm_distribution_create(r.count, &r.many);
    }
    if (status == QHM_OK)
        status = qhm_statevector_run_request(run);
    run->visit_context = NULL;
    if (status == QHM_OK)
        status = r.status;
    if (status == QHM_OK && distribution)
        status = append_all(&r, bits, mask, distribution);
    qhm_release(r.sums);
    qhm_distribution_destroy(r.many);
    return status;
}

// A branch: a state and all that a work space holds of its place in the circuit. Lanes beyond the
// first are copies of it.
typedef struct state_branch {
    char *memory; // of psi
    qhm_rows psi;
    uint64_t *bits;
    bool *live;
    size_t depth, turns;
    size_t step;
    double one, norm; // of the waiting step
} state_branch;

typedef struct branch_context {
    qhm_block block;
    qhm_statevector_run run;
    qhm_request request; // of the run: its expectations are where values go
    size_t part_bytes, bit_count, live_count;
} branch_context;

static void destroy_branch(void *context, void *branch)
{
    (void)context;
    state_branch *b = branch;
    qhm_release(b->memory);
    qhm_release(b->bits);
    qhm_release(b->live);
    qhm_release(b);
}

// Makes the work space hold the branch.
static void load(branch_context *c, const state_branch *b)
{
    qhm_workspace *work = c->block.work;
    work->psi = b->psi;
    work->bits = b->bits;
    work->live = b->live;
    work->depth = b->depth;
    work->turns = b->turns;
}

static qhm_status fill_branch(branch_context *c, state_branch *b)
{
    const size_t bytes = 2 * c->part_bytes;
    if (bytes >= LARGE_STATE_BYTES && bytes > qhm_memory_available_bytes()) {
        char needed[32];
        qhm_format_memory((double)bytes, needed, sizeof needed);
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "another branch of the circuit needs %s; use shots", needed);
    }
    QHM_TRY(qhm_allocate(bytes, 1, &b->memory));
    QHM_TRY(qhm_allocate(c->bit_count, sizeof *b->bits, &b->bits));
    QHM_TRY(qhm_allocate(c->live_count, sizeof *b->live, &b->live));
    b->psi = (qhm_rows){.re = b->memory, .im = b->memory + c->part_bytes, .lanes = c->block.lanes};
    memset(b->live, true, c->block.samples * sizeof *b->live);
    load(c, b);
    qhm_statevector_reset(&c->block, 0);
    return QHM_OK;
}

static qhm_status create_branch(void *context, void **branch)
{
    state_branch *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = fill_branch(context, made);
    if (status != QHM_OK) {
        destroy_branch(context, made);
        return status;
    }
    *branch = made;
    return QHM_OK;
}

static qhm_status copy_branch(void *context, void *to, const void *from)
{
    const branch_context *c = context;
    const state_branch *source = from;
    state_branch *target = to;
    memcpy(target->memory, source->memory, 2 * c->part_bytes);
    if (c->bit_count > 0)
        memcpy(target->bits, source->bits, c->bit_count * sizeof *source->bits);
    memcpy(target->live, source->live, c->live_count * sizeof *source->live);
    target->depth = source->depth;
    target->turns = source->turns;
    target->step = source->step;
    target->one = source->one;
    target->norm = source->norm;
    return QHM_OK;
}

static qhm_status advance(void *context, void *branch, double *one, bool *is_at_end)
{
    branch_context *c = context;
    state_branch *b = branch;
    const qhm_block *block = &c->block;
    qhm_statevector *plan = block->run->plan;
    load(c, b);
    *is_at_end = false;
    while (b->step < plan->circuit_step_count) {
        const qhm_step *step = &plan->steps[b->step];
        if (step->kind >= QHM_STEP_SET) {
            b->step = qhm_statevector_run_classical(block, b->step);
            b->depth = block->work->depth;
            b->turns = block->work->turns;
            if (atomic_load_explicit(&plan->is_endless, memory_order_relaxed))
                return qhm_fail_endless_loop();
            continue;
        }
        if (step->kind < QHM_STEP_MEASURE) {
            qhm_statevector_apply(block, &block->work->psi, step, 1);
        } else if (qhm_statevector_is_running(block, step, 0)) {
            qhm_statevector_weigh(block, step, &b->one, &b->norm);
            *one = b->one / b->norm;
            return QHM_OK;
        }
        b->step++;
    }
    *is_at_end = true;
    return QHM_OK;
}

static qhm_status choose(void *context, void *branch, bool outcome)
{
    branch_context *c = context;
    state_branch *b = branch;
    load(c, b);
    qhm_statevector_choose(&c->block, &c->block.run->plan->steps[b->step], outcome,
                           outcome ? b->one : b->norm - b->one);
    b->step++;
    return QHM_OK;
}

static const uint64_t *bits_of(const void *branch)
{
    return ((const state_branch *)branch)->bits;
}

static qhm_status expectations(void *context, void *branch, double *values)
{
    branch_context *c = context;
    load(c, branch);
    c->request.expectations = values;
    qhm_statevector_expectations(&c->block);
    return QHM_OK;
}

static const qhm_branch_ops branch_ops = {.create = create_branch,
                                          .destroy = destroy_branch,
                                          .copy = copy_branch,
                                          .advance = advance,
                                          .choose = choose,
                                          .bits = bits_of,
                                          .expectations = expectations};

static qhm_status follow_branches(qhm_statevector_run *run, const qhm_exact_request *request,
                                  const uint64_t *mask, qhm_distribution *distribution)
{
    qhm_statevector *plan = run->plan;
    QHM_TRY(qhm_statevector_reserve(plan, 1, 0));
    run->lanes = qhm_statevector_choose_lanes(plan, 1);
    qhm_statevector_prepare_shared(run);
    atomic_store_explicit(&plan->is_endless, false, memory_order_relaxed);
    branch_context c = {.run = *run, .request = *run->request};
    const size_t samples = plan->is_wide ? 1 : run->lanes;
    c.run.request = &c.request;
    c.block = (qhm_block){.run = &c.run,
                          .work = &plan->workspaces[0],
                          .count = 1,
                          .lanes = run->lanes,
                          .samples = samples};
    c.part_bytes = plan->row_count * run->lanes * plan->kernels->real_bytes;
    c.bit_count = samples * plan->bit_words;
    c.live_count = samples * (plan->loop_depth + 1);
    const qhm_rows psi = c.block.work->psi;
    uint64_t *bits = c.block.work->bits;
    bool *live = c.block.work->live;
    qhm_statevector_prepare_own(&c.block);
    qhm_status status = qhm_branches_run(&branch_ops, &c, request, plan->observable_count, mask,
                                         plan->bit_words, distribution);
    c.block.work->psi = psi;
    c.block.work->bits = bits;
    c.block.work->live = live;
    return status;
}

qhm_status qhm_statevector_run_exact(void *state, const qhm_exact_request *request,
                                     qhm_distribution *distribution)
{
    qhm_statevector *plan = state;
    const qhm_request slots = {.batch_count = 1,
                               .inputs = request->inputs,
                               .weights = request->weights,
                               .expectations = request->expectations};
    qhm_statevector_run run = {.plan = plan,
                               .request = &slots,
                               .is_shared_input = true,
                               .is_shared_weight = true,
                               .lanes_per_sample = 1,
                               .setting = plan->setting_count};
    uint64_t *mask;
    QHM_TRY(qhm_allocate(2 * plan->bit_words, sizeof *mask, &mask));
    qhm_circuit_mark_registers(plan->circuit, mask);
    qhm_status status = plan->is_random
                            ? follow_branches(&run, request, mask, distribution)
                            : read_final(&run, request, mask, mask + plan->bit_words, distribution);
    qhm_release(mask);
    return status;
}
