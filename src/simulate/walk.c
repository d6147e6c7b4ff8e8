// Walks through circuits: conditions, classical bits, loops.
#include "simulate/walk.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/backend_internal.h"

#include <string.h>

// An open while keeps the one around it as its partner until its end comes.
static void find_partners(qhm_walk_plan *plan)
{
    uint32_t open = 0, angle = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        plan->first_angles[i] = angle;
        angle += qhm_gate_information(instruction->gate)->angle_count;
        if (instruction->gate == QHM_GATE_WHILE) {
            plan->partners[i] = open;
            open = (uint32_t)i;
        } else if (instruction->gate == QHM_GATE_END) {
            plan->partners[i] = open;
            open = plan->partners[open];
            plan->partners[plan->partners[i]] = (uint32_t)i;
        }
    }
}

qhm_status qhm_walk_plan_create(const qhm_circuit *circuit, qhm_walk_plan *plan)
{
    const size_t count = qhm_circuit_instruction_count(circuit);
    qhm_walk_plan made = {.circuit = circuit,
                          .bit_words = qhm_bit_words(qhm_circuit_bit_count(circuit))};
    QHM_TRY(qhm_allocate(count, sizeof *made.partners, &made.partners));
    qhm_status status = qhm_allocate(count, sizeof *made.first_angles, &made.first_angles);
    if (status != QHM_OK) {
        qhm_walk_plan_release(&made);
        return status;
    }
    find_partners(&made);
    *plan = made;
    return QHM_OK;
}

void qhm_walk_plan_release(qhm_walk_plan *plan)
{
    qhm_release(plan->partners);
    qhm_release(plan->first_angles);
    *plan = (qhm_walk_plan){0};
}

void qhm_walk_begin(const qhm_walk_plan *plan, qhm_walk *walk)
{
    walk->next = walk->turns = 0;
    if (plan->bit_words > 0)
        memset(walk->bits, 0, plan->bit_words * sizeof *walk->bits);
}

void qhm_walk_write(qhm_walk *walk, uint32_t bit, bool value)
{
    const uint64_t one = (uint64_t)1 << bit % 64;
    walk->bits[bit / 64] = value ? walk->bits[bit / 64] | one : walk->bits[bit / 64] & ~one;
}

qhm_status qhm_walk_next(const qhm_walk_plan *plan, qhm_walk *walk,
                         const qhm_instruction **instruction, size_t *index)
{
    const size_t count = qhm_circuit_instruction_count(plan->circuit);
    while (walk->next < count) {
        const size_t here = walk->next++;
        const qhm_instruction *next = qhm_circuit_instruction(plan->circuit, here);
        const bool holds = qhm_condition_holds(&next->condition, walk->bits);
        if (next->gate == QHM_GATE_WHILE && !holds) {
            walk->next = plan->partners[here] + 1;
        } else if (next->gate == QHM_GATE_END) {
            walk->next = plan->partners[here];
            if (++walk->turns > QHM_LOOP_MAX_TURNS)
                return qhm_fail_endless_loop();
        } else if (next->gate == QHM_GATE_SET && holds) {
            qhm_walk_write(walk, next->bit, next->bit_value);
        } else if (holds && next->gate != QHM_GATE_BARRIER && !qhm_gate_is_classical(next->gate)) {
            *instruction = next;
            *index = here;
            return QHM_OK;
        }
    }
    *instruction = NULL;
    return QHM_OK;
}

static void set_bit(uint64_t *words, size_t bit, bool value)
{
    const uint64_t one = (uint64_t)1 << bit % 64;
    words[bit / 64] = value ? words[bit / 64] | one : words[bit / 64] & ~one;
}

// One place's bits from those after it; true if there are more than before.
static bool find_live_before(const qhm_walk_plan *plan, size_t index, uint64_t *live,
                             uint64_t *scratch)
{
    const size_t words = plan->bit_words;
    const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, index);
    const qhm_condition *condition = &instruction->condition;
    const bool is_end = instruction->gate == QHM_GATE_END;
    memcpy(scratch, live + (is_end ? plan->partners[index] : index + 1) * words,
           words * sizeof *scratch);
    if (qhm_gate_writes_bit(instruction->gate) && condition->relation == QHM_RELATION_NONE)
        set_bit(scratch, instruction->bit, false);
    for (size_t w = 0; instruction->gate == QHM_GATE_WHILE && w < words; w++)
        scratch[w] |= live[(plan->partners[index] + 1) * words + w];
    for (uint32_t b = 0; condition->relation != QHM_RELATION_NONE && b < condition->bit_count; b++)
        set_bit(scratch, condition->first_bit + b, true);
    uint64_t *here = live + index * words, added = 0;
    for (size_t w = 0; w < words; w++) {
        added |= scratch[w] & ~here[w];
        here[w] |= scratch[w];
    }
    return added != 0;
}

qhm_status qhm_walk_find_live_bits(const qhm_walk_plan *plan, const uint64_t *shown, uint64_t *live)
{
    const size_t count = qhm_circuit_instruction_count(plan->circuit), words = plan->bit_words;
    uint64_t *scratch;
    QHM_TRY(qhm_allocate(words, sizeof *scratch, &scratch));
    if (words > 0)
        memcpy(live + count * words, shown, words * sizeof *shown);
    // Backwards, again for what comes around a loop.
    for (bool has_changed = words > 0; has_changed;) {
        has_changed = false;
        for (size_t i = count; i-- > 0;)
            if (find_live_before(plan, i, live, scratch))
                has_changed = true;
    }
    qhm_release(scratch);
    return QHM_OK;
}

qhm_status qhm_walk_find_randomness(const qhm_circuit *circuit,
                                    const qhm_observable *const *observables, size_t count,
                                    bool *is_random)
{
    bool *is_touched; // by something later, or by an observable other than Z
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(circuit), sizeof *is_touched, &is_touched));
    for (size_t k = 0; k < count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(observables[k], t);
            for (size_t f = 0; f < term->factor_count; f++)
                if (term->factors[f].pauli != QHM_PAULI_Z)
                    is_touched[term->factors[f].qubit] = true;
        }
    *is_random = false;
    for (size_t i = qhm_circuit_instruction_count(circuit); i-- > 0;) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (qhm_gate_is_idle(instruction->gate))
            continue;
        *is_random |= instruction->condition.relation != QHM_RELATION_NONE ||
                      instruction->gate == QHM_GATE_RESET ||
                      instruction->gate == QHM_GATE_MEASURE_PAULI ||
                      qhm_gate_is_classical(instruction->gate);
        if (instruction->gate == QHM_GATE_MEASURE) {
            *is_random |= is_touched[instruction->qubits[0]];
            continue;
        }
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            is_touched[instruction->qubits[q]] = true;
    }
    qhm_release(is_touched);
    return QHM_OK;
}

void qhm_walk_find_deferred(const qhm_circuit *circuit, uint32_t *deferred)
{
    for (size_t b = 0; b < qhm_circuit_bit_count(circuit); b++)
        deferred[b] = UINT32_MAX;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (instruction->gate == QHM_GATE_MEASURE)
            deferred[instruction->bit] = instruction->qubits[0];
    }
}
