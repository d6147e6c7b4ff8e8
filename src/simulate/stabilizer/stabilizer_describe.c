// One run of a Clifford circuit for all its outcomes: what is random is a variable, and classical
// bits are sums of variables [fang2024].
//
// Conditions are followed where they do not depend on variables. A Pauli gate that depends on one
// classical bit only changes signs. What else depends on outcomes is not described: each shot then
// runs by itself, or branches are followed.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"
#include "simulate/stabilizer/stabilizer_state.h"

#include <math.h>
#include <string.h>

typedef struct description {
    qhm_stabilizer_state *state;
    const qhm_step_sample *sample;
    uint64_t *bits; // [bit_words] constants of the bits
    size_t next, turns;
} description;

static bool depends_on_variables(const description *d, const qhm_condition *condition)
{
    for (uint32_t b = 0; condition->relation != QHM_RELATION_NONE && b < condition->bit_count; b++)
        if (!qhm_affine_is_constant(&d->state->bits[condition->first_bit + b]))
            return true;
    return false;
}

static void note_constant(description *d, uint32_t bit)
{
    const uint64_t one = (uint64_t)1 << bit % 64;
    uint64_t *word = &d->bits[bit / 64];
    *word = qhm_affine_constant(&d->state->bits[bit]) ? *word | one : *word & ~one;
}

static qhm_status measure(description *d, const qhm_instruction *instruction)
{
    qhm_affine *bit = &d->state->bits[instruction->bit];
    QHM_TRY(qhm_tableau_measure(d->state->tableau, instruction->qubits[0], bit));
    note_constant(d, instruction->bit);
    return QHM_OK;
}

// Measures, and flips what was 1.
static qhm_status reset_qubit(description *d, uint32_t qubit)
{
    qhm_affine *outcome = &d->state->outcome;
    QHM_TRY(qhm_tableau_measure(d->state->tableau, qubit, outcome));
    qhm_tableau_flip(d->state->tableau, qubit, true, false, outcome);
    return QHM_OK;
}

// A Pauli gate under a condition on one bit. *is_done: it was one.
static qhm_status flip(description *d, const qhm_instruction *instruction, bool *is_done)
{
    const qhm_condition *condition = &instruction->condition;
    const bool has_x = instruction->gate == QHM_GATE_X || instruction->gate == QHM_GATE_Y;
    const bool has_z = instruction->gate == QHM_GATE_Z || instruction->gate == QHM_GATE_Y;
    *is_done = (has_x || has_z) && instruction->control_count == 0 && condition->bit_count == 1;
    if (!*is_done)
        return QHM_OK;
    const bool if_zero = qhm_condition_holds(
        &(qhm_condition){condition->relation, 0, 1, condition->value}, (uint64_t[]){0});
    const bool if_one = qhm_condition_holds(
        &(qhm_condition){condition->relation, 0, 1, condition->value}, (uint64_t[]){1});
    qhm_affine *outcome = &d->state->outcome;
    QHM_TRY(qhm_affine_set(outcome, if_zero));
    if (if_zero != if_one) {
        QHM_TRY(qhm_affine_copy(outcome, &d->state->bits[condition->first_bit]));
        outcome->terms[0] ^= if_zero;
    }
    qhm_tableau_flip(d->state->tableau, instruction->qubits[0], has_x, has_z, outcome);
    return QHM_OK;
}

// Runs the next instruction; *is_described becomes false if it cannot.
static qhm_status step(description *d, bool *is_described)
{
    const qhm_stepper *plan = d->state->plan;
    const size_t index = d->next++;
    const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, index);
    if (instruction->gate == QHM_GATE_BARRIER)
        return QHM_OK;
    if (instruction->gate == QHM_GATE_END) {
        d->next = plan->walk.partners[index];
        return ++d->turns > QHM_LOOP_MAX_TURNS ? qhm_fail_endless_loop() : QHM_OK;
    }
    if (depends_on_variables(d, &instruction->condition))
        return flip(d, instruction, is_described);
    const bool holds = qhm_condition_holds(&instruction->condition, d->bits);
    if (instruction->gate == QHM_GATE_WHILE && !holds)
        d->next = plan->walk.partners[index] + 1;
    if (!holds || instruction->gate == QHM_GATE_WHILE)
        return QHM_OK;
    if (instruction->gate == QHM_GATE_MEASURE)
        return measure(d, instruction);
    if (instruction->gate == QHM_GATE_RESET)
        return reset_qubit(d, instruction->qubits[0]);
    if (instruction->gate == QHM_GATE_SET) {
        QHM_TRY(qhm_affine_set(&d->state->bits[instruction->bit], instruction->bit_value));
        note_constant(d, instruction->bit);
        return QHM_OK;
    }
    double angles[QHM_GATE_MAX_ANGLES];
    qhm_stepper_angles(d->sample, instruction, index, angles);
    return qhm_stabilizer_apply(d->state, instruction, index, angles);
}

qhm_status qhm_stabilizer_describe(void *state, const qhm_step_sample *sample, bool *is_described)
{
    qhm_stabilizer_state *s = state;
    const qhm_stepper *plan = s->plan;
    description d = {.state = s, .sample = sample};
    qhm_status status = qhm_allocate(plan->bit_words, sizeof *d.bits, &d.bits);
    for (size_t b = 0; status == QHM_OK && b < plan->bit_count; b++)
        status = qhm_affine_set(&s->bits[b], false);
    *is_described = true;
    while (status == QHM_OK && *is_described &&
           d.next < qhm_circuit_instruction_count(plan->circuit))
        status = step(&d, is_described);
    s->has_bits = status == QHM_OK && *is_described;
    qhm_release(d.bits);
    return status;
}

qhm_status qhm_stabilizer_prepare_draws(void *state, const bool *wanted)
{
    qhm_stabilizer_state *s = state;
    const qhm_stepper *plan = s->plan;
    const size_t words = plan->qubit_words + (s->has_bits ? plan->bit_words : 0);
    // At most one more variable a qubit; those that are not used stay zero and are dropped.
    QHM_TRY(qhm_affine_outcomes_begin(&s->outcomes, words,
                                      s->tableau->variable_count + plan->qubit_count));
    for (uint32_t q = 0; q < plan->qubit_count; q++) {
        if (wanted && !wanted[q])
            continue;
        QHM_TRY(qhm_tableau_measure(s->tableau, q, &s->outcome));
        qhm_affine_outcomes_set(&s->outcomes, q, &s->outcome);
    }
    for (size_t b = 0; s->has_bits && b < plan->bit_count; b++)
        qhm_affine_outcomes_set(&s->outcomes, 64 * plan->qubit_words + b, &s->bits[b]);
    qhm_affine_outcomes_reduce(&s->outcomes);
    return QHM_OK;
}

void qhm_stabilizer_draw(const void *state, qhm_random *random, void *scratch, uint64_t *qubits,
                         uint64_t *bits)
{
    const qhm_stabilizer_state *s = state;
    const qhm_stepper *plan = s->plan;
    uint64_t *outcome = scratch;
    qhm_affine_outcomes_draw(&s->outcomes, random, outcome);
    memcpy(qubits, outcome, plan->qubit_words * sizeof *qubits);
    if (s->has_bits && plan->bit_words > 0)
        memcpy(bits, outcome + plan->qubit_words, plan->bit_words * sizeof *bits);
}

// The affine space of the bits that are in registers.
static qhm_status find_bit_outcomes(qhm_stabilizer_state *s, const uint64_t *mask)
{
    const qhm_stepper *plan = s->plan;
    const bool waits = !s->has_bits; // measurements that wait until the end
    QHM_TRY(
        qhm_affine_outcomes_begin(&s->outcomes, plan->bit_words,
                                  s->tableau->variable_count + (waits ? plan->qubit_count : 0)));
    for (size_t b = 0; b < plan->bit_count; b++) {
        if (!(mask[b / 64] >> b % 64 & 1) || (waits && plan->deferred[b] == UINT32_MAX))
            continue;
        if (waits)
            QHM_TRY(qhm_tableau_measure(s->tableau, plan->deferred[b], &s->bits[b]));
        qhm_affine_outcomes_set(&s->outcomes, b, &s->bits[b]);
    }
    qhm_affine_outcomes_reduce(&s->outcomes);
    return QHM_OK;
}

// All sums of generators, each differing from the one before by one generator.
static qhm_status list_all(const qhm_affine_outcomes *outcomes, const qhm_exact_request *request,
                           uint64_t *outcome, qhm_distribution *distribution)
{
    if (outcomes->count >= 63 || (uint64_t)1 << outcomes->count > request->max_outcomes)
        return qhm_fail_outcome_limit(request);
    const uint64_t all = (uint64_t)1 << outcomes->count;
    const double weight = ldexp(1, -(int)outcomes->count);
    if (outcomes->words > 0)
        memcpy(outcome, outcomes->base, outcomes->words * sizeof *outcome);
    if (weight < request->least_probability) {
        *request->lost_probability += 1;
        return QHM_OK;
    }
    for (uint64_t i = 0; i < all; i++) {
        QHM_TRY(qhm_distribution_append(distribution, outcome, weight));
        const uint64_t *generator =
            outcomes->generators + (size_t)__builtin_ctzll(i + 1) * outcomes->words;
        for (size_t w = 0; i + 1 < all && w < outcomes->words; w++)
            outcome[w] ^= generator[w];
    }
    return QHM_OK;
}

qhm_status qhm_stabilizer_list(void *state, const qhm_exact_request *request,
                               qhm_distribution *distribution)
{
    qhm_stabilizer_state *s = state;
    const size_t words = s->plan->bit_words;
    uint64_t *mask;
    QHM_TRY(qhm_allocate(2 * words, sizeof *mask, &mask));
    qhm_circuit_mark_registers(s->plan->circuit, mask);
    qhm_status status = find_bit_outcomes(s, mask);
    if (status == QHM_OK)
        status = list_all(&s->outcomes, request, mask + words, distribution);
    qhm_release(mask);
    return status;
}
