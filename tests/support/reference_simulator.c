// The tests' plain simulator.
#include "support/reference_simulator.h"

#include "circuit/circuit_internal.h"
#include "support/checks.h"

#include <complex.h>

typedef double complex number;

// qhm_complex has the layout of double complex.
static number at(const qhm_complex *values, size_t index)
{
    return values[index].re + I * values[index].im;
}

static void put(qhm_complex *values, size_t index, number value)
{
    values[index] = (qhm_complex){creal(value), cimag(value)};
}

static qhm_complex *zeros(size_t count)
{
    qhm_complex *values = calloc(count, sizeof *values);
    assert_non_null(values);
    return values;
}

static qhm_complex *identity(size_t dimension)
{
    qhm_complex *matrix = zeros(dimension * dimension);
    for (size_t i = 0; i < dimension; i++)
        matrix[i * dimension + i].re = 1;
    return matrix;
}

static size_t bit_of(size_t basis, uint32_t qubit)
{
    return basis >> qubit & 1;
}

qhm_complex *reference_instruction_matrix(const qhm_instruction *instruction, size_t qubit_count,
                                          const double *inputs, const double *weights)
{
    qhm_complex base[256];
    qhm_instruction_matrix(instruction, inputs, weights, base);
    uint32_t controls = qhm_instruction_control_count(instruction);
    uint32_t targets = qhm_instruction_target_count(instruction);
    size_t dimension = (size_t)1 << qubit_count, base_dimension = (size_t)1 << targets;
    qhm_complex *full = zeros(dimension * dimension);
    for (size_t column = 0; column < dimension; column++) {
        bool is_on = true;
        for (uint32_t c = 0; c < controls; c++)
            is_on = is_on && bit_of(column, instruction->qubits[c]) == 1;
        if (!is_on) {
            put(full, column * dimension + column, 1);
            continue;
        }
        size_t base_column = 0;
        for (uint32_t t = 0; t < targets; t++)
            base_column |= bit_of(column, instruction->qubits[controls + t]) << t;
        for (size_t base_row = 0; base_row < base_dimension; base_row++) {
            size_t row = column;
            for (uint32_t t = 0; t < targets; t++) {
                size_t mask = (size_t)1 << instruction->qubits[controls + t];
                row = bit_of(base_row, t) ? row | mask : row & ~mask;
            }
            full[row * dimension + column] = base[base_row * base_dimension + base_column];
        }
    }
    return full;
}

qhm_complex *reference_apply(const qhm_complex *matrix, const qhm_complex *vector, size_t dimension)
{
    qhm_complex *out = zeros(dimension);
    for (size_t i = 0; i < dimension; i++) {
        number sum = 0;
        for (size_t j = 0; j < dimension; j++)
            sum += at(matrix, i * dimension + j) * at(vector, j);
        put(out, i, sum);
    }
    return out;
}

qhm_complex *reference_multiply(const qhm_complex *a, const qhm_complex *b, size_t dimension)
{
    qhm_complex *out = zeros(dimension * dimension);
    for (size_t i = 0; i < dimension; i++)
        for (size_t j = 0; j < dimension; j++) {
            number sum = 0;
            for (size_t k = 0; k < dimension; k++)
                sum += at(a, i * dimension + k) * at(b, k * dimension + j);
            put(out, i * dimension + j, sum);
        }
    return out;
}

qhm_complex *reference_circuit_matrix(const qhm_circuit *circuit, const double *inputs,
                                      const double *weights)
{
    size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    qhm_complex *total = identity(dimension);
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (instruction->gate == QHM_GATE_BARRIER || instruction->gate == QHM_GATE_DELAY)
            continue;
        assert_true(qhm_gate_information(instruction->gate)->is_unitary);
        qhm_complex *gate = reference_instruction_matrix(instruction, qubits, inputs, weights);
        qhm_complex *next = reference_multiply(gate, total, dimension);
        free(gate);
        free(total);
        total = next;
    }
    return total;
}

struct run {
    const qhm_circuit *circuit;
    const double *inputs, *weights;
    reference_visit *visit;
    void *context;
};

static qhm_complex *project(const qhm_complex *state, size_t dimension, uint32_t qubit,
                            size_t outcome, bool to_zero)
{
    qhm_complex *out = zeros(dimension);
    for (size_t i = 0; i < dimension; i++)
        if (bit_of(i, qubit) == outcome)
            out[to_zero ? i & ~((size_t)1 << qubit) : i] = state[i];
    return out;
}

static double norm_of(const qhm_complex *state, size_t dimension)
{
    double norm = 0;
    for (size_t i = 0; i < dimension; i++)
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    return norm;
}

// Digit by digit, as people compare numbers.
static bool condition_holds(const qhm_condition *condition, const unsigned char *bits)
{
    int order = 0;
    for (uint32_t b = condition->bit_count; b-- > 0 && order == 0;)
        order = bits[condition->first_bit + b] - (int)(condition->value[b / 64] >> (b % 64) & 1);
    static const bool holds[][3] = {[QHM_RELATION_NONE] = {true, true, true},
                                    [QHM_RELATION_EQUAL] = {false, true, false},
                                    [QHM_RELATION_NOT_EQUAL] = {true, false, true},
                                    [QHM_RELATION_LESS] = {true, false, false},
                                    [QHM_RELATION_LESS_EQUAL] = {true, true, false},
                                    [QHM_RELATION_GREATER] = {false, false, true},
                                    [QHM_RELATION_GREATER_EQUAL] = {false, true, true}};
    return holds[condition->relation][order + 1];
}

// The end of a while (step 1), or the while of an end (step -1).
static size_t find_partner(const qhm_circuit *circuit, size_t index, int step)
{
    int depth = 0;
    do {
        qhm_gate gate = qhm_circuit_instruction(circuit, index)->gate;
        depth += (gate == QHM_GATE_WHILE) - (gate == QHM_GATE_END);
        index += (size_t)step;
    } while (depth != 0);
    return index - (size_t)step;
}

static void run_from(const struct run *run, size_t index, unsigned char *bits, qhm_complex *state);

// Runs on with a state of its own, scaled, if there is anything left of it.
static void run_branch(const struct run *run, size_t index, unsigned char *bits,
                       const qhm_complex *state, double scale)
{
    size_t dimension = (size_t)1 << qhm_circuit_qubit_count(run->circuit);
    qhm_complex *branch = zeros(dimension);
    for (size_t i = 0; i < dimension; i++)
        put(branch, i, scale * at(state, i));
    if (norm_of(branch, dimension) > 1e-12)
        run_from(run, index, bits, branch);
    else
        free(branch);
}

// (1 + P) / 2 or (1 - P) / 2 of a Pauli string, applied.
static qhm_complex *project_pauli(const qhm_complex *state, size_t qubits,
                                  const qhm_instruction *instruction, unsigned char outcome)
{
    qhm_pauli_factor factors[16];
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        factors[i] = (qhm_pauli_factor){instruction->qubits[i], (qhm_pauli)instruction->paulis[i]};
    qhm_observable *string;
    assert_int_equal(qhm_observable_create(&string), QHM_OK);
    assert_int_equal(qhm_observable_append(string, 1, factors, instruction->qubit_count), QHM_OK);
    qhm_complex *matrix = reference_observable_matrix(string, qubits);
    qhm_complex *out = reference_apply(matrix, state, (size_t)1 << qubits);
    for (size_t i = 0; i < (size_t)1 << qubits; i++)
        put(out, i, (at(state, i) + (outcome ? -1 : 1) * at(out, i)) / 2);
    qhm_observable_destroy(string);
    free(matrix);
    return out;
}

// Both outcomes, and both values that may be written for each.
static void run_measurement(const struct run *run, size_t index, unsigned char *bits,
                            const qhm_complex *state)
{
    const qhm_instruction *instruction = qhm_circuit_instruction(run->circuit, index);
    size_t qubits = qhm_circuit_qubit_count(run->circuit), dimension = (size_t)1 << qubits;
    unsigned char before = bits[instruction->bit];
    for (unsigned char outcome = 0; outcome < 2; outcome++) {
        qhm_complex *after = instruction->gate == QHM_GATE_MEASURE
                                 ? project(state, dimension, instruction->qubits[0], outcome, false)
                                 : project_pauli(state, qubits, instruction, outcome);
        for (unsigned char is_flipped = 0; is_flipped < 2; is_flipped++) {
            double flip = instruction->flips[outcome];
            bits[instruction->bit] = outcome ^ is_flipped;
            run_branch(run, index + 1, bits, after, sqrt(is_flipped ? flip : 1 - flip));
        }
        free(after);
    }
    bits[instruction->bit] = before;
}

static void run_channel(const struct run *run, size_t index, unsigned char *bits,
                        const qhm_complex *state)
{
    const qhm_instruction *channel = qhm_circuit_instruction(run->circuit, index);
    size_t qubits = qhm_circuit_qubit_count(run->circuit), dimension = (size_t)1 << qubits;
    for (uint32_t k = 0; k < channel->kraus_count; k++) {
        qhm_instruction kraus = *channel;
        kraus.gate = QHM_GATE_UNITARY;
        kraus.matrix += (size_t)k << (2 * channel->qubit_count);
        qhm_complex *matrix = reference_instruction_matrix(&kraus, qubits, NULL, NULL);
        qhm_complex *after = reference_apply(matrix, state, dimension);
        run_branch(run, index + 1, bits, after, 1);
        free(matrix);
        free(after);
    }
}

// Takes the state; the bits are restored before it returns. Branches of a probability below
// 1e-12 end, so that loops do.
static void run_from(const struct run *run, size_t index, unsigned char *bits, qhm_complex *state)
{
    size_t qubits = qhm_circuit_qubit_count(run->circuit), dimension = (size_t)1 << qubits;
    for (; index < qhm_circuit_instruction_count(run->circuit); index++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(run->circuit, index);
        if (instruction->gate == QHM_GATE_BARRIER || instruction->gate == QHM_GATE_DELAY)
            continue;
        bool is_running = condition_holds(&instruction->condition, bits);
        if (instruction->gate == QHM_GATE_WHILE && !is_running)
            index = find_partner(run->circuit, index, 1);
        if (instruction->gate == QHM_GATE_END)
            index = find_partner(run->circuit, index, -1) - 1;
        if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END || !is_running)
            continue;
        if (instruction->gate == QHM_GATE_SET) {
            unsigned char before = bits[instruction->bit];
            bits[instruction->bit] = instruction->bit_value;
            run_from(run, index + 1, bits, state);
            bits[instruction->bit] = before;
            return;
        }
        if (instruction->gate == QHM_GATE_MEASURE || instruction->gate == QHM_GATE_MEASURE_PAULI) {
            run_measurement(run, index, bits, state);
            free(state);
            return;
        }
        if (instruction->gate == QHM_GATE_RESET) {
            for (unsigned char outcome = 0; outcome < 2; outcome++) {
                qhm_complex *after =
                    project(state, dimension, instruction->qubits[0], outcome, true);
                run_branch(run, index + 1, bits, after, 1);
                free(after);
            }
            free(state);
            return;
        }
        if (instruction->gate == QHM_GATE_CHANNEL) {
            run_channel(run, index, bits, state);
            free(state);
            return;
        }
        qhm_complex *gate =
            reference_instruction_matrix(instruction, qubits, run->inputs, run->weights);
        qhm_complex *next = reference_apply(gate, state, dimension);
        free(gate);
        free(state);
        state = next;
    }
    run->visit(bits, state, run->context);
    free(state);
}

void reference_run_branches(const qhm_circuit *circuit, const double *inputs, const double *weights,
                            reference_visit *visit, void *context)
{
    struct run run = {circuit, inputs, weights, visit, context};
    unsigned char *bits = calloc(qhm_circuit_bit_count(circuit) + 1, 1);
    assert_non_null(bits);
    qhm_complex *state = zeros((size_t)1 << qhm_circuit_qubit_count(circuit));
    state[0].re = 1;
    run_from(&run, 0, bits, state);
    free(bits);
}

struct only_branch {
    size_t dimension;
    qhm_complex *state;
};

static void keep_only_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    struct only_branch *only = context;
    (void)bits;
    assert_null(only->state);
    only->state = zeros(only->dimension);
    memcpy(only->state, state, only->dimension * sizeof *state);
}

qhm_complex *reference_run(const qhm_circuit *circuit, const double *inputs, const double *weights)
{
    struct only_branch only = {(size_t)1 << qhm_circuit_qubit_count(circuit), NULL};
    reference_run_branches(circuit, inputs, weights, keep_only_branch, &only);
    return only.state;
}

double reference_distance(const qhm_complex *a, const qhm_complex *b, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double distance = cabs(at(a, i) - at(b, i));
        if (!(distance <= worst))
            worst = distance; // NaN, once in, stays
    }
    return worst;
}

double reference_fidelity(const qhm_complex *a, const qhm_complex *b, size_t dimension)
{
    number overlap = 0;
    for (size_t i = 0; i < dimension; i++)
        overlap += conj(at(a, i)) * at(b, i);
    return creal(overlap * conj(overlap));
}

qhm_complex *reference_random_state(qhm_random *random, size_t dimension)
{
    qhm_complex *state = zeros(dimension);
    double norm = 0;
    for (size_t i = 0; i < dimension; i++) {
        state[i] = (qhm_complex){qhm_random_normal(random), qhm_random_normal(random)};
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    }
    for (size_t i = 0; i < dimension; i++)
        put(state, i, at(state, i) / sqrt(norm));
    return state;
}

double *reference_random_angles(qhm_random *random, size_t count)
{
    double *angles = calloc(count + 1, sizeof *angles);
    assert_non_null(angles);
    for (size_t i = 0; i < count; i++)
        angles[i] = M_PI * (2 * qhm_random_uniform(random) - 1);
    return angles;
}

static qhm_angle_factor random_factor(qhm_random *random, uint32_t input_count,
                                      uint32_t weight_count)
{
    qhm_angle_factor factor = {.shift = qhm_random_uniform(random) - 0.5};
    uint64_t pick = qhm_random_below(random, (uint64_t)input_count + weight_count + 1);
    if (pick > 0 && pick <= input_count) {
        factor.slot = QHM_SLOT_INPUT;
        factor.index = (uint32_t)pick - 1;
    } else if (pick > input_count) {
        factor.slot = QHM_SLOT_WEIGHT;
        factor.index = (uint32_t)pick - 1 - input_count;
    }
    return factor;
}

qhm_circuit *reference_random_circuit(qhm_random *random, size_t qubit_count, size_t gate_count,
                                      uint32_t input_count, uint32_t weight_count)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &circuit));
    size_t qubits[64];
    assert_true(qubit_count <= 64);
    for (size_t made = 0; made < gate_count;) {
        qhm_gate gate = (qhm_gate)qhm_random_below(random, QHM_GATE_UNITARY);
        const qhm_gate_info *info = qhm_gate_information(gate);
        uint32_t extra = qhm_random_below(random, 4) == 0 ? 1 : 0;
        if (info->control_count + info->target_count + extra > qubit_count)
            continue;
        uint32_t operands[64];
        qhm_angle angles[QHM_GATE_MAX_ANGLES];
        for (size_t i = 0; i < qubit_count; i++)
            qubits[i] = i;
        qhm_random_shuffle(random, qubits, qubit_count);
        for (size_t i = 0; i < qubit_count; i++)
            operands[i] = (uint32_t)qubits[i];
        for (size_t i = 0; i < info->angle_count; i++) {
            angles[i].scale = 2 * qhm_random_uniform(random) - 1;
            angles[i].offset = M_PI * (2 * qhm_random_uniform(random) - 1);
            angles[i].factors[0] = random_factor(random, input_count, weight_count);
            angles[i].factors[1] = random_factor(random, input_count, weight_count);
        }
        qhm_instruction instruction = {
            .gate = gate, .control_count = extra, .qubits = operands, .angles = angles};
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
        made++;
    }
    return circuit;
}

// The factor's 2 x 2 matrix.
static void pauli_matrix(qhm_pauli pauli, number out[4])
{
    static const number matrices[4][4] = {{1, 0, 0, 1}, {0, 1, 1, 0}, {0, -I, I, 0}, {1, 0, 0, -1}};
    memcpy(out, matrices[pauli], sizeof matrices[pauli]);
}

qhm_complex *reference_observable_matrix(const qhm_observable *observable, size_t qubit_count)
{
    size_t dimension = (size_t)1 << qubit_count;
    qhm_complex *full = zeros(dimension * dimension);
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        number letters[64][4];
        for (size_t q = 0; q < qubit_count; q++)
            pauli_matrix(QHM_PAULI_I, letters[q]);
        for (size_t f = 0; f < term->factor_count; f++) {
            assert_true(term->factors[f].qubit < qubit_count);
            pauli_matrix(term->factors[f].pauli, letters[term->factors[f].qubit]);
        }
        for (size_t row = 0; row < dimension; row++)
            for (size_t column = 0; column < dimension; column++) {
                number entry = term->coefficient;
                for (uint32_t q = 0; q < qubit_count; q++)
                    entry *= letters[q][2 * bit_of(row, q) + bit_of(column, q)];
                size_t place = row * dimension + column;
                put(full, place, at(full, place) + entry);
            }
    }
    return full;
}

double reference_expectation(const qhm_observable *observable, size_t qubit_count,
                             const qhm_complex *state)
{
    size_t dimension = (size_t)1 << qubit_count;
    qhm_complex *matrix = reference_observable_matrix(observable, qubit_count);
    qhm_complex *image = reference_apply(matrix, state, dimension);
    number sum = 0;
    for (size_t i = 0; i < dimension; i++)
        sum += conj(at(state, i)) * at(image, i);
    free(matrix);
    free(image);
    assert_true(fabs(cimag(sum)) < 1e-9);
    return creal(sum);
}
