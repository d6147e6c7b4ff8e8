// Observables on a block: which distinct Pauli strings there are, their values, their sum.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"
#include "circuit/observable_internal.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"

#include <string.h>

static bool is_diagonal(const qhm_term *term)
{
    return term->qubits.x == 0;
}

// The number of a string among the terms, which is added if it is new.
static size_t find_or_add(qhm_statevector *plan, qhm_pauli_masks masks)
{
    for (size_t t = 0; t < plan->term_count; t++)
        if (plan->terms[t].qubits.x == masks.x && plan->terms[t].qubits.z == masks.z)
            return t;
    plan->terms[plan->term_count].qubits = masks;
    return plan->term_count++;
}

static uint64_t to_positions(const qhm_statevector *plan, uint64_t qubits)
{
    uint64_t positions = 0;
    for (size_t q = 0; q < plan->qubit_count; q++)
        if (qubits >> q & 1)
            positions |= (uint64_t)1 << plan->positions[q];
    return positions;
}

// Z-only terms first, in order of appearance.
static qhm_status sort_terms(qhm_statevector *plan)
{
    qhm_term *sorted;
    size_t *places, next = 0;
    QHM_TRY(qhm_allocate(plan->term_count, sizeof *sorted, &sorted));
    qhm_status status = qhm_allocate(plan->term_count, sizeof *places, &places);
    if (status != QHM_OK) {
        qhm_release(sorted);
        return status;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t t = 0; t < plan->term_count; t++)
            if (is_diagonal(&plan->terms[t]) == (pass == 0)) {
                sorted[next] = plan->terms[t];
                places[t] = next++;
            }
        if (pass == 0)
            plan->diagonal_count = next;
    }
    for (size_t u = 0; u < plan->use_count; u++)
        plan->uses[u].term = places[plan->uses[u].term];
    qhm_release(places);
    qhm_release(plan->terms);
    plan->terms = sorted;
    return QHM_OK;
}

static qhm_status append_exchange(qhm_statevector *plan, size_t control, size_t target)
{
    qhm_step step = {.kind = QHM_STEP_EXCHANGE,
                     .controls = (uint64_t)1 << control,
                     .targets = {(uint32_t)target},
                     .target_count = 1,
                     .angle = QHM_NO_ANGLE};
    return qhm_statevector_place(plan, &step, NULL);
}

// CX that bring amplitudes from where an engine stores them to their positions, where other
// bases are measured: the elimination of the matrix that maps positions to stored bits.
static qhm_status append_renaming(qhm_statevector *plan)
{
    uint64_t rows[QHM_STRINGS_MAX_QUBITS] = {0};
    const size_t count = plan->qubit_count;
    plan->renaming_first = plan->step_count;
    for (size_t i = 0; plan->frame && i < count; i++)
        for (size_t q = 0; q < count; q++)
            rows[i] |= (plan->frame->masks[q] >> i & 1) << q;
    for (size_t q = 0; plan->frame && q < count; q++) {
        for (size_t i = q + 1; i < count && !(rows[q] >> q & 1); i++)
            if (rows[i] >> q & 1) {
                rows[q] ^= rows[i];
                QHM_TRY(append_exchange(plan, i, q));
            }
        for (size_t i = 0; i < count; i++)
            if (i != q && rows[i] >> q & 1) {
                rows[i] ^= rows[q];
                QHM_TRY(append_exchange(plan, q, i));
            }
    }
    plan->renaming_last = plan->step_count;
    return QHM_OK;
}

// A setting is a letter for each qubit: the union of its terms' strings.
static qhm_status group_terms(qhm_statevector *plan)
{
    qhm_pauli_masks *settings;
    QHM_TRY(qhm_allocate(plan->term_count, sizeof *settings, &settings));
    for (size_t t = 0; t < plan->term_count; t++) {
        qhm_term *term = &plan->terms[t];
        size_t s = 0;
        while (s < plan->setting_count &&
               !qhm_pauli_commute_qubitwise(settings[s], term->positions))
            s++;
        plan->setting_count += s == plan->setting_count;
        settings[s].x |= term->positions.x;
        settings[s].z |= term->positions.z;
        term->setting = s;
    }
    // X is turned to Z by H, Y by H S dagger; X and Y never meet on a qubit of one setting.
    static const double half = 0.70710678118654752440;
    static const qhm_complex from_x[4] = {{half, 0}, {half, 0}, {half, 0}, {-half, 0}};
    static const qhm_complex from_y[4] = {{half, 0}, {0, -half}, {half, 0}, {0, half}};
    qhm_status status =
        qhm_allocate(plan->setting_count + 1, sizeof *plan->setting_steps, &plan->setting_steps);
    if (status == QHM_OK && plan->diagonal_count < plan->term_count)
        status = append_renaming(plan);
    for (size_t s = 0; status == QHM_OK && s <= plan->setting_count; s++) {
        plan->setting_steps[s] = plan->step_count;
        for (uint32_t p = 0; s < plan->setting_count && p < plan->qubit_count; p++) {
            qhm_step step = {
                .kind = QHM_STEP_MATRIX, .targets = {p}, .target_count = 1, .angle = QHM_NO_ANGLE};
            if (status == QHM_OK && settings[s].x >> p & 1)
                status =
                    qhm_statevector_place(plan, &step, settings[s].z >> p & 1 ? from_y : from_x);
        }
    }
    qhm_release(settings);
    return status;
}

static qhm_status collect_uses(qhm_statevector *plan, const qhm_observable *const *observables,
                               size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < qhm_observable_term_count(observables[k]); i++) {
            const qhm_pauli_term *term = qhm_observable_term(observables[k], i);
            qhm_pauli_masks masks;
            QHM_TRY(qhm_pauli_term_masks(term, &masks));
            if (masks.x == 0 && masks.z == 0) {
                plan->constant_values[k] += term->coefficient;
                continue;
            }
            plan->uses[plan->use_count++] = (qhm_term_use){.observable = k,
                                                           .term = find_or_add(plan, masks),
                                                           .coefficient = term->coefficient};
        }
    return QHM_OK;
}

qhm_status qhm_statevector_collect_terms(qhm_statevector *plan,
                                         const qhm_observable *const *observables, size_t count)
{
    size_t all = 0;
    for (size_t k = 0; k < count; k++)
        all += qhm_observable_term_count(observables[k]);
    QHM_TRY(qhm_allocate(all, sizeof *plan->terms, &plan->terms));
    QHM_TRY(qhm_allocate(all, sizeof *plan->uses, &plan->uses));
    QHM_TRY(qhm_allocate(count, sizeof *plan->constant_values, &plan->constant_values));
    QHM_TRY(collect_uses(plan, observables, count));
    QHM_TRY(sort_terms(plan));
    const size_t diagonals = plan->diagonal_count;
    QHM_TRY(qhm_allocate(2 * diagonals, sizeof *plan->diagonal_rows, &plan->diagonal_rows));
    for (size_t t = 0; t < plan->term_count; t++) {
        qhm_term *term = &plan->terms[t];
        term->positions.x = to_positions(plan, term->qubits.x);
        term->positions.z = to_positions(plan, term->qubits.z);
        term->stored = term->positions;
        if (plan->frame) {
            term->stored.x = qhm_frame_flips(plan->frame, term->positions.x);
            term->stored.z = qhm_frame_signs(plan->frame, term->positions.z);
        }
        if (t < diagonals) {
            plan->diagonal_rows[t] = (size_t)(term->positions.z >> plan->lane_qubits);
            plan->diagonal_rows[diagonals + t] = (size_t)(term->stored.z >> plan->lane_qubits);
        }
    }
    if (plan->wide)
        QHM_TRY(qhm_wide_prepare_readout(plan->wide, plan->terms, diagonals));
    return group_terms(plan);
}

// The lane's part of a mask; 0 where lanes are samples.
static size_t lane_bits(const qhm_statevector *plan, uint64_t mask)
{
    return plan->is_wide ? (size_t)mask & (plan->lanes - 1) : 0;
}

// A term as the state holds it.
static qhm_pauli_masks masks_of(const qhm_statevector *plan, const qhm_term *term)
{
    return plan->frame ? term->stored : term->positions;
}

static const size_t *diagonal_masks(const qhm_statevector *plan)
{
    return plan->diagonal_rows + (plan->frame ? plan->diagonal_count : 0);
}

static qhm_row_gate term_gate(const qhm_statevector *plan, qhm_pauli_masks masks)
{
    return (qhm_row_gate){.targets = {(size_t)(masks.x >> plan->lane_qubits)},
                          .parity = (size_t)(masks.z >> plan->lane_qubits),
                          .flip = lane_bits(plan, masks.x)};
}

// A string is i^y times its X and Z, y the number of its Y, which renaming bits may change.
static unsigned y_count(const qhm_term *term)
{
    return (unsigned)__builtin_popcountll(term->qubits.x & term->qubits.z) & 3;
}

// A term's value for each sample from sums over rows: one a lane, or all lanes with their signs.
static void finish_term(const qhm_block *block, const double *sums, size_t lane_parity,
                        double factor, double *values)
{
    if (!block->run->plan->is_wide) {
        for (size_t lane = 0; lane < block->lanes; lane++)
            values[lane] = factor * sums[lane];
        return;
    }
    double sum = 0;
    for (size_t lane = 0; lane < block->lanes; lane++)
        sum += qhm_sign(lane & lane_parity) * sums[lane];
    values[0] = factor * sum;
}

typedef struct diagonal_context {
    const qhm_rows *psi;
    const size_t *masks;
    size_t count;
} diagonal_context;

static void diagonal_rows(const qhm_statevector *plan, const void *context, size_t first,
                          size_t last, double *sums)
{
    const diagonal_context *c = context;
    plan->kernels->diagonal_sums(c->psi, c->count, c->masks, first, last, sums);
}

void qhm_statevector_find_terms(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_workspace *work = block->work;
    const size_t lanes = block->lanes, samples = plan->block_samples;
    const bool is_split = plan->batch && plan->batch->has_split_observables;
    if (is_split)
        qhm_batch_find_terms(block);
    else if (plan->wide && plan->diagonal_count > 0)
        qhm_wide_read_terms(block);
    for (size_t t = 0; !is_split && !plan->wide && t < plan->diagonal_count; t += QHM_TERM_CHUNK) {
        size_t left = plan->diagonal_count - t;
        diagonal_context c = {&work->psi, diagonal_masks(plan) + t,
                              left < QHM_TERM_CHUNK ? left : QHM_TERM_CHUNK};
        qhm_statevector_sum(block, diagonal_rows, &c, plan->row_count, c.count * lanes, work->sums);
        for (size_t i = 0; i < c.count; i++)
            finish_term(block, work->sums + i * lanes,
                        lane_bits(plan, masks_of(plan, &plan->terms[t + i]).z), 1,
                        work->term_values + (t + i) * samples);
    }
    for (size_t t = plan->diagonal_count; t < plan->term_count; t++) {
        const qhm_term *term = &plan->terms[t];
        const qhm_pauli_masks masks = masks_of(plan, term);
        if (plan->batch) {
            qhm_batch_find_pair_term(block, t, y_count(term));
            continue;
        }
        qhm_row_gate gate = term_gate(plan, masks);
        qhm_statevector_inner(block, &work->psi, &work->psi, &gate, plan->row_count, work->sums);
        // <P> = Re(i^y sum), y the number of Y: the real part or minus, plus the imaginary one.
        const unsigned y = y_count(term);
        finish_term(block, work->sums + (y & 1) * lanes, lane_bits(plan, masks.z),
                    y == 1 || y == 2 ? -1 : 1, work->term_values + t * samples);
    }
}

void qhm_statevector_expectations(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t count = plan->observable_count;
    qhm_statevector_find_terms(block);
    for (size_t i = 0; i < block->count; i++) {
        double *out = block->run->request->expectations + (block->first + i) * count;
        memcpy(out, plan->constant_values, count * sizeof *out);
        for (size_t u = 0; u < plan->use_count; u++)
            out[plan->uses[u].observable] +=
                plan->uses[u].coefficient *
                block->work->term_values[plan->uses[u].term * plan->block_samples + i];
    }
}

typedef struct add_context {
    const qhm_block *block;
    const qhm_row_gate *gate;
} add_context;

static void add_rows(size_t first, size_t last, void *context)
{
    const add_context *c = context;
    const qhm_workspace *work = c->block->work;
    c->block->run->plan->kernels->pauli_add(&work->psi, &work->lambda, c->gate, first, last);
}

static void apply_diagonal_rows(size_t first, size_t last, void *context)
{
    const qhm_block *block = ((const add_context *)context)->block;
    const qhm_statevector *plan = block->run->plan;
    const qhm_workspace *work = block->work;
    plan->kernels->diagonal_apply(&work->psi, &work->lambda, plan->diagonal_count,
                                  diagonal_masks(plan), work->real_weights, first, last);
}

static void run_rows(const qhm_block *block, void (*work)(size_t, size_t, void *),
                     add_context *context)
{
    const qhm_statevector *plan = block->run->plan;
    if (plan->is_row_parallel)
        qhm_parallel_for(plan->row_count, plan->row_block, work, context);
    else
        work(0, plan->row_count, context);
}

// weights[t][lane]: the sum over observables of cotangent times coefficient.
static void fill_weights(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t lanes = block->lanes;
    double *weights = block->work->weights;
    memset(weights, 0, plan->term_count * lanes * sizeof *weights);
    for (size_t u = 0; u < plan->use_count; u++) {
        const qhm_term_use *use = &plan->uses[u];
        for (size_t i = 0; i < block->count; i++)
            weights[use->term * lanes + i] +=
                use->coefficient *
                block->run->request
                    ->cotangents[(block->first + i) * plan->observable_count + use->observable];
    }
    for (size_t t = 0; plan->is_wide && t < plan->term_count; t++) {
        // The lanes of one sample differ by the sign of the string's part in them, which counts
        // at the source of the amplitude.
        const qhm_pauli_masks masks = masks_of(plan, &plan->terms[t]);
        size_t flip = lane_bits(plan, masks.x);
        double weight = weights[t * lanes];
        for (size_t lane = 0; lane < lanes; lane++)
            weights[t * lanes + lane] = weight * qhm_sign((lane ^ flip) & lane_bits(plan, masks.z));
    }
}

void qhm_statevector_apply_observables(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_statevector_kernels *kernels = plan->kernels;
    qhm_workspace *work = block->work;
    const size_t lanes = block->lanes;
    fill_weights(block);
    if (plan->batch && plan->batch->has_split_observables) {
        qhm_batch_apply_observables(block);
    } else if (plan->wide && plan->diagonal_count > 0) {
        qhm_wide_weigh_terms(block);
    } else {
        kernels->from_double(plan->diagonal_count * lanes, work->weights, work->real_weights);
        run_rows(block, apply_diagonal_rows, &(add_context){.block = block});
    }
    for (size_t t = plan->diagonal_count; t < plan->term_count; t++) {
        const qhm_term *term = &plan->terms[t];
        qhm_row_gate gate = term_gate(plan, masks_of(plan, term));
        for (size_t lane = 0; lane < lanes; lane++) {
            qhm_complex w = qhm_complex_times_i((qhm_complex){work->weights[t * lanes + lane], 0},
                                                y_count(term));
            work->sums[lane] = w.re;
            work->sums[lanes + lane] = w.im;
        }
        kernels->from_double(2 * lanes, work->sums, work->real_weights);
        gate.coefficients = work->real_weights;
        run_rows(block, add_rows, &(add_context){.block = block, .gate = &gate});
    }
}
