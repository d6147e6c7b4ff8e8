// Noise gate by gate: each state of a block has a stream that says where something happens to it.
//
// Coins come first: the hazards of channels, -ln of their identity's weight, add up, and something
// happens where their sum passes an exponential number. Only then is the state looked at, and only
// by what is not a Pauli string.
#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

enum { MAX_DIMENSION = 1 << QHM_CHANNEL_MAX_QUBITS };

static const uint64_t readout_stream = (uint64_t)1 << 63;

// Circuits that are shifted for a gradient meet the noise of the sample that they belong to: in
// differences between them it cancels.
static uint64_t sample_key(const qhm_statevector *plan, const qhm_request *request, size_t sample)
{
    const uint64_t number = request->first_sample + sample;
    if (!request->shifts || plan->noise->shift_count == 0)
        return number;
    return (number & (SIZE_MAX / 2)) / plan->noise->shift_count;
}

qhm_random qhm_statevector_noise_stream(const qhm_statevector *plan, const qhm_request *request,
                                        size_t sample, uint64_t shot, int kind)
{
    return qhm_random_stream(request->seed, QHM_RANDOM_NOISE, request->step,
                             sample_key(plan, request, sample),
                             kind ? shot | readout_stream : shot);
}

double qhm_statevector_draw_hazard(qhm_random *stream)
{
    return -log1p(-qhm_random_uniform(stream));
}

void qhm_statevector_begin_noise(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    qhm_workspace *work = block->work;
    for (size_t i = 0; i < block->samples; i++) {
        const size_t state = block->first + i;
        work->noise_streams[i] = qhm_statevector_noise_stream(
            run->plan, run->request, state / run->lanes_per_sample,
            (uint64_t)run->setting << 40 | (1 + state % run->lanes_per_sample), 0);
        work->hazards[i] = qhm_statevector_draw_hazard(&work->noise_streams[i]);
    }
}

// An entry of K^dagger K.
static qhm_complex effect(const qhm_complex *kraus, size_t dimension, size_t row, size_t column)
{
    qhm_complex sum = {0, 0};
    for (size_t r = 0; r < dimension; r++) {
        const qhm_complex a = kraus[r * dimension + row], b = kraus[r * dimension + column];
        sum.re += a.re * b.re + a.im * b.im;
        sum.im += a.re * b.im - a.im * b.re;
    }
    return sum;
}

// Adds what the reduced state's entries (a, b) and (b, a) give to the operators' probabilities.
static void add_entry(const qhm_block *block, const qhm_step *step, size_t a, size_t b)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_channel_split *split = step->split;
    const size_t dimension = (size_t)1 << split->qubit_count, lanes = block->lanes;
    double *sums = block->work->sums;
    qhm_row_gate gate = {.fixed = step->gate.fixed};
    for (unsigned t = 0; t < split->qubit_count; t++) {
        gate.controls |= b >> t & 1 ? step->gate.targets[t] : 0;
        gate.targets[0] |= (a ^ b) >> t & 1 ? step->gate.targets[t] : 0;
    }
    qhm_statevector_inner(block, &block->work->psi, &block->work->psi, &gate, step->walk_count,
                          sums);
    for (size_t lane = 1; plan->is_wide && lane < lanes; lane++) {
        sums[0] += sums[lane];
        sums[lanes] += sums[lanes + lane];
    }
    for (size_t k = 0; k < split->rest_count; k++) {
        const qhm_complex e = effect(split->rest + k * dimension * dimension, dimension, a, b);
        for (size_t i = 0; i < block->samples; i++)
            block->work->picks[k * block->samples + i] +=
                (a == b ? 1 : 2) * (e.re * sums[i] - e.im * sums[lanes + i]);
    }
}

// The probabilities of all operators for all states, before they are normalised.
static void find_probabilities(const qhm_block *block, const qhm_step *step)
{
    const size_t dimension = (size_t)1 << step->split->qubit_count;
    memset(block->work->picks, 0,
           step->split->rest_count * block->samples * sizeof *block->work->picks);
    for (size_t a = 0; a < dimension; a++)
        for (size_t b = a; b < dimension; b++)
            add_entry(block, step, a, b);
}

// What happens to one state, as coefficients of the dense kernel; NULL: nothing.
static void write_matrix(const qhm_block *block, const qhm_step *step, size_t in_block,
                         const qhm_complex *matrix, double scale)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t dimension = (size_t)1 << step->split->qubit_count, size = dimension * dimension;
    const size_t lanes = plan->is_wide ? 1 : block->lanes;
    char *out = block->work->blended;
    for (size_t i = 0; i < size; i++) {
        double re = i % (dimension + 1) == 0, im = 0;
        if (matrix) {
            re = scale * matrix[i].re;
            im = scale * matrix[i].im;
        }
        plan->kernels->from_double(1, &re,
                                   out + (i * lanes + in_block) * plan->kernels->real_bytes);
        plan->kernels->from_double(
            1, &im, out + ((size + i) * lanes + in_block) * plan->kernels->real_bytes);
    }
}

// Whether something happens to a state; *number in [0, 1) then says what.
static bool draw_event(const qhm_block *block, const qhm_step *step, size_t in_block,
                       double *number)
{
    qhm_workspace *work = block->work;
    if (!qhm_statevector_is_running(block, step, in_block))
        return false;
    if (work->hazards[in_block] > step->split->hazard) {
        work->hazards[in_block] -= step->split->hazard;
        return false;
    }
    *number = qhm_random_uniform(&work->noise_streams[in_block]);
    work->hazards[in_block] = qhm_statevector_draw_hazard(&work->noise_streams[in_block]);
    return true;
}

static void choose_matrix(const qhm_block *block, const qhm_step *step, size_t in_block,
                          double number)
{
    const qhm_channel_split *split = step->split;
    const size_t dimension = (size_t)1 << split->qubit_count;
    if (number < split->string_probability) {
        qhm_complex matrix[MAX_DIMENSION * MAX_DIMENSION];
        qhm_split_string_matrix(qhm_channel_split_pick(split, number), dimension, matrix);
        write_matrix(block, step, in_block, matrix, 1);
        return;
    }
    double scale;
    const size_t pick = qhm_channel_split_pick_rest(
        split, block->work->picks + in_block, block->samples,
        (number - split->string_probability) / (1 - split->string_probability), &scale);
    write_matrix(block, step, in_block, split->rest + pick * dimension * dimension, scale);
}

void qhm_statevector_run_channel(const qhm_block *block, const qhm_step *step)
{
    const qhm_statevector *plan = block->run->plan;
    double *numbers = block->work->term_values; // -1: nothing happens
    bool is_any = false, needs_state = false;
    for (size_t i = 0; i < block->samples; i++) {
        numbers[i] = -1;
        if (!draw_event(block, step, i, &numbers[i]))
            continue;
        is_any = true;
        needs_state |= numbers[i] >= step->split->string_probability;
    }
    if (!is_any)
        return;
    if (needs_state)
        find_probabilities(block, step);
    for (size_t i = 0; i < block->samples; i++)
        if (numbers[i] < 0)
            write_matrix(block, step, i, NULL, 1);
        else
            choose_matrix(block, step, i, numbers[i]);
    qhm_row_gate gate = step->gate;
    gate.coefficients = block->work->blended;
    gate.is_uniform = plan->is_wide;
    qhm_statevector_apply_gate(block, &block->work->psi, step->kernel, &gate, step->walk_count);
}

uint64_t qhm_statevector_readout_flips(const qhm_statevector *plan, qhm_random *stream,
                                       uint64_t qubits)
{
    uint64_t flips = 0;
    for (size_t q = 0; q < plan->qubit_count; q++) {
        const double *of_qubit = plan->noise->readout_flips[q];
        if (of_qubit[0] == 0 && of_qubit[1] == 0)
            continue;
        if (qhm_random_uniform(stream) < of_qubit[qubits >> q & 1])
            flips |= (uint64_t)1 << q;
    }
    return flips;
}
