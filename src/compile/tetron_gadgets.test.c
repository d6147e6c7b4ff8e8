// Every sequence over all its outcomes, on data entangled with other qubits: the frame times the
// gate, with equal chances; and that a wrong byproduct would be seen.
#include "compile/tetron_gadgets.h"

#include "support/checks.h"

#include "circuit/gate_table.h"

#include <complex.h>
#include <qhm/random.h>

// Qubits 0 to 2 are the roles, 3 and 4 are entangled with the data, 5 with the ancilla.
enum { QUBITS = 6, DIMENSION = 64, MIXER = 5 };

typedef double complex amplitudes[DIMENSION];

static void apply(amplitudes state, unsigned qubit, qhm_gate gate)
{
    qhm_complex m[4];
    qhm_gate_matrix(gate, NULL, m);
    for (unsigned i = 0; i < DIMENSION; i++) {
        if (i >> qubit & 1)
            continue;
        const double complex a = state[i], b = state[i | 1U << qubit];
        state[i] = (m[0].re + I * m[0].im) * a + (m[1].re + I * m[1].im) * b;
        state[i | 1U << qubit] = (m[2].re + I * m[2].im) * a + (m[3].re + I * m[3].im) * b;
    }
}

static void apply_cx(amplitudes state, unsigned control, unsigned target)
{
    for (unsigned i = 0; i < DIMENSION; i++)
        if ((i >> control & 1) && !(i >> target & 1)) {
            const double complex a = state[i];
            state[i] = state[i | 1U << target];
            state[i | 1U << target] = a;
        }
}

static qhm_gate letter(unsigned pauli)
{
    const qhm_gate gates[4] = {QHM_GATE_BARRIER, QHM_GATE_X, QHM_GATE_Y, QHM_GATE_Z};
    return gates[pauli];
}

// Projects onto an outcome and returns its probability.
static double project(amplitudes state, const qhm_tetron_step *step, unsigned outcome)
{
    amplitudes turned;
    double probability = 0;
    memcpy(turned, state, sizeof turned);
    for (unsigned i = 0; i < step->count; i++)
        apply(turned, step->roles[i], letter(step->paulis[i]));
    for (unsigned i = 0; i < DIMENSION; i++) {
        state[i] = (state[i] + (outcome ? -1 : 1) * turned[i]) / 2;
        probability += creal(state[i] * conj(state[i]));
    }
    for (unsigned i = 0; i < DIMENSION; i++)
        state[i] /= sqrt(probability);
    return probability;
}

static unsigned parity(unsigned bits)
{
    return (unsigned)__builtin_parity(bits);
}

// Runs a sequence with given outcomes; the product of their probabilities.
static double run(const qhm_tetron_gadget *gadget, unsigned outcomes, amplitudes state)
{
    double probability = 1;
    for (unsigned s = 0; s < gadget->step_count; s++) {
        const qhm_tetron_step *step = &gadget->steps[s];
        if (step->count == 0)
            apply(state, QHM_TETRON_ANCILLA, QHM_GATE_T);
        else
            probability *= project(state, step, outcomes >> step->outcome & 1);
    }
    for (unsigned b = 0; b < 2; b++) {
        const qhm_tetron_byproduct *byproduct = &gadget->byproducts[b];
        if (byproduct->pauli && parity(outcomes & byproduct->outcomes) != byproduct->is_inverted)
            apply(state, byproduct->role, letter(byproduct->pauli));
    }
    if (gadget->has_correction && (outcomes >> 3 & 1))
        apply(state, QHM_TETRON_FIRST, QHM_GATE_S);
    return probability;
}

// Data and qubits 3 and 4 at random; the ancilla maximally entangled with the mixer.
static void prepare(amplitudes state)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    double norm = 0;
    memset(state, 0, sizeof(amplitudes));
    for (unsigned i = 0; i < 16; i++) {
        const double complex a = qhm_random_normal(&random) + I * qhm_random_normal(&random);
        norm += 2 * creal(a * conj(a));
        state[2 * i] = state[2 * i + 1 + (1U << MIXER)] = a;
    }
    for (unsigned i = 0; i < DIMENSION; i++)
        state[i] /= sqrt(norm);
}

// <target| reduced state of all but the ancilla and the mixer |target>.
static double fidelity(const amplitudes state, const amplitudes target)
{
    double sum = 0;
    for (unsigned left = 0; left < 4; left++)
        for (unsigned right = 0; right < 4; right++) {
            // All of the target's ancilla states have the same data: compare with each.
            double complex inner = 0;
            for (unsigned i = 0; i < 16; i++) {
                const unsigned a = 2 * i + (left & 1) + (left >> 1 << MIXER);
                const unsigned b = 2 * i + (right & 1) + (right >> 1 << MIXER);
                inner += conj(target[b]) * state[a];
            }
            sum += creal(inner * conj(inner));
        }
    return sum;
}

static double worst_fidelity(const qhm_tetron_gadget *gadget, bool requires_equal_chances)
{
    unsigned used = 0;
    double worst = 1;
    for (unsigned s = 0; s < gadget->step_count; s++)
        if (gadget->steps[s].count > 0)
            used |= 1U << gadget->steps[s].outcome;
    const double chance = 1.0 / (1 << __builtin_popcount(used));
    for (unsigned outcomes = 0; outcomes < 16; outcomes++) {
        amplitudes state, target;
        if (outcomes & ~used)
            continue;
        prepare(state);
        prepare(target);
        if (gadget->gate == QHM_GATE_CX)
            apply_cx(target, QHM_TETRON_FIRST, QHM_TETRON_SECOND);
        else if (!gadget->is_move)
            apply(target, QHM_TETRON_FIRST, gadget->gate);
        const double probability = run(gadget, outcomes, state);
        if (requires_equal_chances)
            REQUIRE_NEAR(probability, chance, 1e-12);
        if (gadget->is_move) { // put it where the target has it
            apply_cx(state, 0, 1);
            apply_cx(state, 1, 0);
            apply_cx(state, 0, 1);
        }
        worst = fmin(worst, fidelity(state, target));
    }
    return worst;
}

static void every_outcome_gives_the_gate(void **state)
{
    (void)state;
    for (unsigned id = 0; id < QHM_TETRON_GADGET_COUNT; id++)
        REQUIRE_NEAR(worst_fidelity(&qhm_tetron_gadgets[id], true), 1, 1e-12);
}

static void wrong_byproducts_are_seen(void **state)
{
    (void)state;
    for (unsigned id = 0; id < QHM_TETRON_GADGET_COUNT; id++) {
        for (unsigned b = 0; b < 2; b++) {
            qhm_tetron_gadget wrong = qhm_tetron_gadgets[id];
            if (wrong.byproducts[b].pauli == 0)
                continue;
            wrong.byproducts[b].is_inverted ^= true;
            assert_true(worst_fidelity(&wrong, false) < 0.9);
            for (unsigned o = 0; o < QHM_TETRON_OUTCOMES; o++) {
                wrong = qhm_tetron_gadgets[id];
                if (!(wrong.byproducts[b].outcomes >> o & 1))
                    continue;
                wrong.byproducts[b].outcomes ^= (uint8_t)(1U << o);
                assert_true(worst_fidelity(&wrong, false) < 0.9);
            }
        }
    }
    qhm_tetron_gadget wrong = qhm_tetron_gadgets[QHM_TETRON_T];
    wrong.has_correction = false;
    assert_true(worst_fidelity(&wrong, false) < 0.9);
}

static void only_published_measurements_are_used(void **state)
{
    (void)state;
    for (unsigned id = 0; id < QHM_TETRON_GADGET_COUNT; id++) {
        const qhm_tetron_gadget *gadget = &qhm_tetron_gadgets[id];
        for (unsigned s = 0; s < gadget->step_count; s++) {
            const qhm_tetron_step *step = &gadget->steps[s];
            if (step->count < 2)
                continue;
            assert_int_equal(step->roles[0], QHM_TETRON_ANCILLA);
            assert_int_equal(step->paulis[0], step->paulis[1]);
            const char *coupler = gadget->couplers[step->roles[1] - 1];
            assert_string_equal(coupler, step->paulis[0] == QHM_PAULI_Z ? "zz" : "xx");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_gives_the_gate),
        cmocka_unit_test(wrong_byproducts_are_seen),
        cmocka_unit_test(only_published_measurements_are_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
