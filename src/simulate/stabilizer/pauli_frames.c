// Pauli frames: how 64 shots at a time differ from one run without noise [gidney2021].
//
// A frame is the Pauli string that noise has made of a shot's state. Gates take strings to strings;
// an outcome differs from the reference's where the frame has X. Z does nothing to |0>, so frames
// begin with random Z, and get them anew where a qubit is measured or reset: their X part then
// makes outcomes as random as they are.
#include "simulate/stabilizer/pauli_frames.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"

#include <math.h>
#include <string.h>

enum { LANES = 64 };

// One run without noise, and the operations of all instructions for a sample.
typedef struct reference {
    const qhm_step_sample *sample;
    size_t setting; // setting_count: all qubits as they are
    qhm_clifford_list list;
    size_t *ends;       // [instructions + 1]
    size_t basis_first; // operations of the change of basis, to the end of the list
    uint8_t *outcomes;  // [instructions] of measurements
    uint64_t *qubits;   // [qubit_words] at the end
    int64_t *sums;
    qhm_status status;
} reference;

// 64 frames and what they measure.
typedef struct frames {
    uint64_t *x, *z;   // [qubits]
    uint64_t *bits;    // [bits] as written
    qhm_random random; // for Z, and for readout
    qhm_random noise;
    double hazard; // until something happens to any of the shots
} frames;

static const qhm_stepper *plan_of(const reference *r)
{
    return r->sample->plan;
}

static qhm_status append_ops(reference *r, const qhm_instruction *instruction, size_t index)
{
    const qhm_stepper *plan = plan_of(r);
    const qhm_stabilizer_program *program = plan->program;
    if (!qhm_gate_information(instruction->gate)->is_unitary)
        return QHM_OK;
    if (program->is_constant[index]) {
        const size_t first = program->ends[index], count = program->ends[index + 1] - first;
        QHM_TRY(qhm_reserve(r->list.count + count, &r->list.capacity, sizeof *r->list.ops,
                            &r->list.ops));
        if (count > 0)
            memcpy(r->list.ops + r->list.count, program->list.ops + first,
                   count * sizeof *r->list.ops);
        r->list.count += count;
        return QHM_OK;
    }
    double angles[QHM_GATE_MAX_ANGLES];
    bool is_clifford;
    qhm_stepper_angles(r->sample, instruction, index, angles);
    QHM_TRY(qhm_clifford_append(&r->list, instruction, angles, &is_clifford));
    return is_clifford ? QHM_OK : qhm_stabilizer_fail_gate(instruction, index, angles);
}

static qhm_status append_basis(reference *r)
{
    const qhm_stepper *plan = plan_of(r);
    r->basis_first = r->list.count;
    if (r->setting == plan->readout.setting_count)
        return QHM_OK;
    const uint8_t *letters = plan->readout.letters + r->setting * plan->qubit_count;
    for (uint32_t q = 0; q < plan->qubit_count; q++) {
        bool is_clifford;
        qhm_instruction gate = {.gate = QHM_GATE_SDG, .qubit_count = 1, .qubits = &q};
        if (letters[q] == QHM_PAULI_Y)
            QHM_TRY(qhm_clifford_append(&r->list, &gate, NULL, &is_clifford));
        gate.gate = QHM_GATE_H;
        if (letters[q] == QHM_PAULI_X || letters[q] == QHM_PAULI_Y)
            QHM_TRY(qhm_clifford_append(&r->list, &gate, NULL, &is_clifford));
    }
    return QHM_OK;
}

static bool measure(qhm_tableau *tableau, uint32_t qubit, qhm_random *random)
{
    const long pivot = qhm_tableau_find_pivot(tableau, qubit);
    if (pivot == QHM_NO_PIVOT)
        return qhm_tableau_outcome(tableau, qubit);
    const bool outcome = qhm_random_u32(random) & 1;
    qhm_tableau_collapse(tableau, qubit, pivot, outcome);
    return outcome;
}

// Whether the readout after the circuit needs a qubit.
static bool is_read(const reference *r, size_t qubit)
{
    const qhm_stepper *plan = plan_of(r);
    return r->setting == plan->readout.setting_count ||
           plan->is_wanted[r->setting * plan->qubit_count + qubit];
}

static void run_reference(reference *r, qhm_stabilizer_state *state)
{
    const qhm_stepper *plan = plan_of(r);
    const qhm_request *request = r->sample->request;
    qhm_tableau *tableau = state->tableau;
    qhm_random random =
        qhm_random_stream(request->seed, QHM_RANDOM_SHOTS, request->step,
                          request->first_sample + r->sample->sample, (uint64_t)r->setting << 40);
    plan->ops->reset(state);
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        qhm_tableau_apply(tableau, r->list.ops + r->ends[i], r->ends[i + 1] - r->ends[i]);
        if (instruction->gate != QHM_GATE_MEASURE && instruction->gate != QHM_GATE_RESET)
            continue;
        const uint32_t qubit = instruction->qubits[0];
        r->outcomes[i] = measure(tableau, qubit, &random);
        if (instruction->gate == QHM_GATE_RESET && r->outcomes[i]) {
            qhm_clifford_op flip = {.kind = QHM_CLIFFORD_TURN,
                                    .a = qubit,
                                    .turn = {.x_to_x = ~UINT64_C(0),
                                             .z_to_z = ~UINT64_C(0),
                                             .z_sign = ~UINT64_C(0),
                                             .y_sign = ~UINT64_C(0)}};
            qhm_tableau_apply(tableau, &flip, 1);
        }
    }
    qhm_tableau_apply(tableau, r->list.ops + r->basis_first, r->list.count - r->basis_first);
    memset(r->qubits, 0, plan->qubit_words * sizeof *r->qubits);
    for (uint32_t q = 0; q < plan->qubit_count; q++)
        if (is_read(r, q) && measure(tableau, q, &random))
            r->qubits[q / 64] |= UINT64_C(1) << q % 64;
}

static void release_reference(reference *r)
{
    void *pointers[] = {r->list.ops, r->ends, r->outcomes, r->qubits};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

static qhm_status prepare_reference(reference *r, qhm_stabilizer_state *state)
{
    const qhm_stepper *plan = plan_of(r);
    const size_t count = qhm_circuit_instruction_count(plan->circuit);
    QHM_TRY(qhm_allocate(count + 1, sizeof *r->ends, &r->ends));
    QHM_TRY(qhm_allocate(count, sizeof *r->outcomes, &r->outcomes));
    QHM_TRY(qhm_allocate(plan->qubit_words, sizeof *r->qubits, &r->qubits));
    for (size_t i = 0; i < count; i++) {
        QHM_TRY(append_ops(r, qhm_circuit_instruction(plan->circuit, i), i));
        r->ends[i + 1] = r->list.count;
    }
    QHM_TRY(append_basis(r));
    run_reference(r, state);
    return QHM_OK;
}

static void apply_ops(frames *f, const qhm_clifford_op *ops, size_t count)
{
    for (const qhm_clifford_op *op = ops; op < ops + count; op++) {
        uint64_t *x = f->x, *z = f->z;
        const uint32_t a = op->a, b = op->b;
        const uint64_t before_x = x[a], before_z = z[a];
        switch (op->kind) {
        case QHM_CLIFFORD_TURN:
            x[a] = (before_x & op->turn.x_to_x) ^ (before_z & op->turn.z_to_x);
            z[a] = (before_x & op->turn.x_to_z) ^ (before_z & op->turn.z_to_z);
            break;
        case QHM_CLIFFORD_CX:
            x[b] ^= before_x;
            z[a] ^= z[b];
            break;
        case QHM_CLIFFORD_CZ:
            z[a] ^= x[b];
            z[b] ^= before_x;
            break;
        case QHM_CLIFFORD_SWAP:
            x[a] = x[b];
            z[a] = z[b];
            x[b] = before_x;
            z[b] = before_z;
            break;
        }
    }
}

static void strike(frames *f, const qhm_instruction *channel, const qhm_channel_split *split,
                   unsigned lane)
{
    const qhm_split_string *string = qhm_channel_split_pick(split, qhm_random_uniform(&f->noise));
    for (uint32_t i = 0; i < channel->qubit_count; i++) {
        f->x[channel->qubits[i]] ^= (uint64_t)(string->x >> i & 1) << lane;
        f->z[channel->qubits[i]] ^= (uint64_t)(string->z >> i & 1) << lane;
    }
}

// The shots lie one after the other on a line, each as long as the channel's hazard; something
// happens to those on which a point of a Poisson process falls.
static void run_channel(frames *f, const qhm_instruction *channel, const qhm_channel_split *split)
{
    if (isinf(split->hazard)) {
        for (unsigned lane = 0; lane < LANES; lane++)
            strike(f, channel, split, lane);
        return;
    }
    const double length = LANES * split->hazard;
    while (f->hazard < length) {
        unsigned lane = (unsigned)(f->hazard / split->hazard);
        lane = lane < LANES ? lane : LANES - 1;
        strike(f, channel, split, lane);
        f->hazard = (lane + 1) * split->hazard - log1p(-qhm_random_uniform(&f->noise));
    }
    f->hazard -= length;
}

// Of these values of a bit, those that are written wrong.
static uint64_t find_wrong(frames *f, uint64_t values, const double *flips)
{
    uint64_t wrong = 0;
    if (flips[0] == 0 && flips[1] == 0)
        return 0;
    for (unsigned lane = 0; lane < LANES; lane++)
        wrong |= (uint64_t)(qhm_random_uniform(&f->random) < flips[values >> lane & 1]) << lane;
    return wrong;
}

static void run_instruction(const reference *r, frames *f, size_t index)
{
    const qhm_stepper *plan = plan_of(r);
    const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, index);
    const uint32_t qubit = instruction->qubit_count > 0 ? instruction->qubits[0] : 0;
    if (instruction->gate == QHM_GATE_CHANNEL) {
        run_channel(f, instruction, &plan->splits.splits[plan->splits.of_instruction[index]]);
    } else if (instruction->gate == QHM_GATE_MEASURE) {
        const uint64_t values = f->x[qubit] ^ (0 - (uint64_t)r->outcomes[index]);
        f->bits[instruction->bit] = values ^ find_wrong(f, values, instruction->flips);
        f->z[qubit] ^= qhm_random_u64(&f->random);
    } else if (instruction->gate == QHM_GATE_RESET) {
        f->x[qubit] = 0;
        f->z[qubit] = qhm_random_u64(&f->random);
    } else {
        apply_ops(f, r->list.ops + r->ends[index], r->ends[index + 1] - r->ends[index]);
    }
}

// Outcomes of the qubits that are read, into x.
static void read_qubits(const reference *r, frames *f)
{
    const qhm_stepper *plan = plan_of(r);
    apply_ops(f, r->list.ops + r->basis_first, r->list.count - r->basis_first);
    for (size_t q = 0; q < plan->qubit_count; q++) {
        if (!is_read(r, q))
            continue;
        f->x[q] ^= 0 - (r->qubits[q / 64] >> q % 64 & 1);
        if (plan->readout_flips)
            f->x[q] ^= find_wrong(f, f->x[q], plan->readout_flips[q]);
    }
}

// Transposes rows of 64 shots into shots.
static void write_rows(const uint64_t *rows, size_t count, size_t words, size_t shots,
                       uint64_t *out)
{
    memset(out, 0, shots * words * sizeof *out);
    for (size_t i = 0; i < count; i++)
        for (size_t shot = 0; shot < shots; shot++)
            out[shot * words + i / 64] |= (rows[i] >> shot & 1) << i % 64;
}

static void add_signs(const reference *r, const frames *f, size_t shots)
{
    const qhm_readout *readout = &plan_of(r)->readout;
    const uint64_t mask = shots < LANES ? (UINT64_C(1) << shots) - 1 : ~UINT64_C(0);
    for (size_t t = 0; t < readout->term_count; t++) {
        const qhm_readout_term *term = &readout->terms[t];
        uint64_t odd = 0;
        if (term->setting != r->setting)
            continue;
        for (size_t i = 0; i < term->factor_count; i++)
            odd ^= f->x[readout->factors[term->first_factor + i].qubit];
        const int64_t minus = __builtin_popcountll(odd & mask);
        __atomic_fetch_add(&r->sums[t], (int64_t)shots - 2 * minus, __ATOMIC_RELAXED);
    }
}

static void run_block(const reference *r, frames *f, size_t block)
{
    const qhm_stepper *plan = plan_of(r);
    const qhm_request *request = r->sample->request;
    const size_t sample = r->sample->sample, first = block * LANES;
    const size_t left = request->shots - first, shots = left < LANES ? left : LANES;
    const uint64_t number = request->first_sample + sample,
                   key = (uint64_t)r->setting << 40 | (1 + block);
    f->random = qhm_random_stream(request->seed, QHM_RANDOM_SHOTS, request->step, number, key);
    f->noise = qhm_random_stream(request->seed, QHM_RANDOM_NOISE, request->step, number, key);
    f->hazard = -log1p(-qhm_random_uniform(&f->noise));
    memset(f->x, 0, plan->qubit_count * sizeof *f->x);
    for (size_t q = 0; q < plan->qubit_count; q++)
        f->z[q] = qhm_random_u64(&f->random);
    for (size_t b = 0; b < plan->bit_count; b++)
        f->bits[b] = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++)
        run_instruction(r, f, i);
    if (r->setting < plan->readout.setting_count) {
        read_qubits(r, f);
        add_signs(r, f, shots);
        return;
    }
    const size_t place = sample * request->shots + first;
    if (request->bits)
        write_rows(f->bits, plan->bit_count, plan->bit_words, shots,
                   request->bits + place * plan->bit_words);
    if (!request->samples)
        return;
    read_qubits(r, f);
    write_rows(f->x, plan->qubit_count, plan->qubit_words, shots,
               request->samples + place * plan->qubit_words);
}

static qhm_status run_blocks_with(const reference *r, qhm_step_worker *worker, size_t first,
                                  size_t last)
{
    const qhm_stepper *plan = plan_of(r);
    const size_t words = 2 * plan->qubit_count + plan->bit_count;
    QHM_TRY(qhm_reserve(words * sizeof(uint64_t), &worker->scratch_bytes, 1, &worker->scratch));
    uint64_t *memory = (uint64_t *)(void *)worker->scratch;
    frames f = {
        .x = memory, .z = memory + plan->qubit_count, .bits = memory + 2 * plan->qubit_count};
    for (size_t block = first; block < last; block++)
        run_block(r, &f, block);
    return QHM_OK;
}

static void note_failure(void *context)
{
    reference *r = context;
    r->status = QHM_ERROR_OUT_OF_MEMORY;
}

static void run_blocks(size_t first, size_t last, void *context)
{
    reference *r = context;
    qhm_step_worker *worker;
    qhm_status status = qhm_stepper_take(plan_of(r), &worker);
    if (status == QHM_OK) {
        status = run_blocks_with(r, worker, first, last);
        qhm_stepper_give_back(worker);
    }
    if (status != QHM_OK)
        qhm_parallel_exclusive(note_failure, r);
}

static qhm_status run_setting(qhm_stabilizer_state *state, const qhm_step_sample *sample,
                              size_t setting, int64_t *sums)
{
    reference r = {.sample = sample, .setting = setting, .sums = sums, .status = QHM_OK};
    qhm_status status = prepare_reference(&r, state);
    if (status == QHM_OK) {
        qhm_parallel_for((sample->request->shots - 1) / LANES + 1, 1, run_blocks, &r);
        if (r.status != QHM_OK) // of another thread, whose message is not here
            status = QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "no memory for Pauli frames");
    }
    release_reference(&r);
    return status;
}

qhm_status qhm_frames_run(void *state, const qhm_step_sample *sample, int64_t *sums)
{
    const qhm_stepper *plan = sample->plan;
    const qhm_request *request = sample->request;
    const size_t settings = plan->readout.setting_count;
    for (size_t s = 0; request->expectations && s < settings; s++)
        QHM_TRY(run_setting(state, sample, s, sums));
    if (!request->samples && !request->bits)
        return QHM_OK;
    return run_setting(state, sample, settings, sums);
}

// Operations backward, signs aside: a turn's inverse is the inverse of its 2 x 2 matrix of bits.
static void undo_ops(frames *f, const qhm_clifford_op *ops, size_t count)
{
    while (count-- > 0) {
        const qhm_clifford_op *op = &ops[count];
        if (op->kind != QHM_CLIFFORD_TURN) { // its own inverse
            apply_ops(f, op, 1);
            continue;
        }
        const uint64_t x = f->x[op->a], z = f->z[op->a];
        f->x[op->a] = (x & op->turn.z_to_z) ^ (z & op->turn.z_to_x);
        f->z[op->a] = (x & op->turn.x_to_z) ^ (z & op->turn.x_to_x);
    }
}

// What a channel multiplies each of 64 strings by: its strings turn the signs of those that they
// anticommute with.
static void damp_strings(const frames *f, const qhm_instruction *channel,
                         const qhm_channel_split *split, double *factors)
{
    double odd[LANES] = {0}, before = 0;
    for (size_t s = 0; s < split->string_count; s++) {
        const qhm_split_string *string = &split->strings[s];
        uint64_t anticommute = 0;
        for (uint32_t i = 0; i < channel->qubit_count; i++) {
            const uint32_t qubit = channel->qubits[i];
            anticommute ^= string->x >> i & 1 ? f->z[qubit] : 0;
            anticommute ^= string->z >> i & 1 ? f->x[qubit] : 0;
        }
        for (; anticommute; anticommute &= anticommute - 1)
            odd[__builtin_ctzll(anticommute)] += string->probability - before;
        before = string->probability;
    }
    for (size_t lane = 0; lane < LANES; lane++)
        factors[lane] *= 1 - 2 * (1 - split->identity) * odd[lane];
}

static void damp_lanes(const reference *r, frames *f, double *factors)
{
    const qhm_stepper *plan = plan_of(r);
    for (size_t lane = 0; lane < LANES; lane++)
        factors[lane] = 1;
    for (size_t i = qhm_circuit_instruction_count(plan->circuit); i-- > 0;) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        if (instruction->gate == QHM_GATE_CHANNEL)
            damp_strings(f, instruction, &plan->splits.splits[plan->splits.of_instruction[i]],
                         factors);
        else
            undo_ops(f, r->list.ops + r->ends[i], r->ends[i + 1] - r->ends[i]);
    }
}

static qhm_status damp(const reference *r, const qhm_readout *readout, double *factors)
{
    const size_t qubits = plan_of(r)->qubit_count;
    double lanes[LANES];
    frames f = {0};
    QHM_TRY(qhm_allocate(2 * qubits, sizeof *f.x, &f.x));
    f.z = f.x + qubits;
    for (size_t first = 0; first < readout->term_count; first += LANES) {
        const size_t left = readout->term_count - first, count = left < LANES ? left : LANES;
        memset(f.x, 0, 2 * qubits * sizeof *f.x);
        for (size_t lane = 0; lane < count; lane++) {
            const qhm_readout_term *term = &readout->terms[first + lane];
            for (size_t i = 0; i < term->factor_count; i++) {
                const qhm_pauli_factor *factor = &readout->factors[term->first_factor + i];
                f.x[factor->qubit] |= (uint64_t)(factor->pauli != QHM_PAULI_Z) << lane;
                f.z[factor->qubit] |= (uint64_t)(factor->pauli != QHM_PAULI_X) << lane;
            }
        }
        damp_lanes(r, &f, lanes);
        memcpy(factors + first, lanes, count * sizeof *factors);
    }
    qhm_release(f.x);
    return QHM_OK;
}

qhm_status qhm_frames_damping(const qhm_step_sample *sample, const qhm_readout *readout,
                              double *factors)
{
    const size_t instructions = qhm_circuit_instruction_count(sample->plan->circuit);
    reference r = {.sample = sample};
    qhm_status status = qhm_allocate(instructions + 1, sizeof *r.ends, &r.ends);
    for (size_t i = 0; i < instructions && status == QHM_OK; i++) {
        status = append_ops(&r, qhm_circuit_instruction(sample->plan->circuit, i), i);
        r.ends[i + 1] = r.list.count;
    }
    if (status == QHM_OK)
        status = damp(&r, readout, factors);
    release_reference(&r);
    return status;
}
