// The tests' plain density matrices.
#include "support/reference_density.h"

#include "support/checks.h"
#include "support/reference_simulator.h"

// out += m rho m^dagger
static void add_conjugated(size_t size, const qhm_complex *m, const qhm_complex *rho,
                           qhm_complex *out)
{
    qhm_complex *left = reference_multiply(m, rho, size);
    qhm_complex *adjoint = calloc(size * size, sizeof *adjoint);
    assert_non_null(adjoint);
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            adjoint[i * size + j] = (qhm_complex){m[j * size + i].re, -m[j * size + i].im};
    qhm_complex *all = reference_multiply(left, adjoint, size);
    for (size_t i = 0; i < size * size; i++) {
        out[i].re += all[i].re;
        out[i].im += all[i].im;
    }
    free(left);
    free(adjoint);
    free(all);
}

// The Kraus operators of what an instruction does, one at a time; false after the last.
static bool find_operator(const qhm_instruction *instruction, size_t number, qhm_complex *matrix,
                          qhm_instruction *gate)
{
    *gate = *instruction;
    gate->matrix = matrix;
    if (instruction->gate == QHM_GATE_CHANNEL) {
        gate->gate = QHM_GATE_UNITARY;
        gate->matrix = instruction->matrix + (number << 2 * instruction->qubit_count);
        return number < instruction->kraus_count;
    }
    if (instruction->gate == QHM_GATE_MEASURE || instruction->gate == QHM_GATE_RESET) {
        memset(matrix, 0, 4 * sizeof *matrix);
        matrix[instruction->gate == QHM_GATE_RESET ? number : 3 * number].re = 1;
        gate->gate = QHM_GATE_UNITARY;
        return number < 2;
    }
    gate->matrix = instruction->matrix;
    return number < 1;
}

qhm_complex *reference_density(const qhm_circuit *circuit, const double *inputs,
                               const double *weights)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), size = (size_t)1 << qubits;
    qhm_complex *rho = calloc(size * size, sizeof *rho);
    assert_non_null(rho);
    rho[0].re = 1;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (instruction->gate == QHM_GATE_BARRIER || instruction->gate == QHM_GATE_DELAY)
            continue;
        assert_int_equal(instruction->condition.relation, QHM_RELATION_NONE);
        qhm_complex *next = calloc(size * size, sizeof *next), small[4];
        assert_non_null(next);
        qhm_instruction gate;
        for (size_t k = 0; find_operator(instruction, k, small, &gate); k++) {
            qhm_complex *matrix = reference_instruction_matrix(&gate, qubits, inputs, weights);
            add_conjugated(size, matrix, rho, next);
            free(matrix);
        }
        free(rho);
        rho = next;
    }
    return rho;
}

double reference_density_expectation(const qhm_observable *observable, size_t qubit_count,
                                     const qhm_complex *rho)
{
    const size_t size = (size_t)1 << qubit_count;
    qhm_complex *matrix = reference_observable_matrix(observable, qubit_count);
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            sum += matrix[i * size + j].re * rho[j * size + i].re -
                   matrix[i * size + j].im * rho[j * size + i].im;
    free(matrix);
    return sum;
}

// The columns of a tall random matrix, made orthonormal; it is cut into operators.
qhm_complex *reference_random_kraus(qhm_random *random, size_t qubit_count, size_t count,
                                    double identity)
{
    const size_t size = (size_t)1 << qubit_count, rows = count * size;
    qhm_complex *kraus = calloc(rows * size, sizeof *kraus);
    assert_non_null(kraus);
    for (size_t i = 0; i < rows * size; i++)
        kraus[i] = (qhm_complex){qhm_random_normal(random), qhm_random_normal(random)};
    for (size_t i = 0; i < size; i++)
        kraus[i * size + i].re += identity;
    for (size_t c = 0; c < size; c++) {
        for (size_t before = 0; before < c; before++) {
            double re = 0, im = 0;
            for (size_t r = 0; r < rows; r++) {
                const qhm_complex a = kraus[r * size + before], b = kraus[r * size + c];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            for (size_t r = 0; r < rows; r++) {
                const qhm_complex a = kraus[r * size + before];
                kraus[r * size + c].re -= re * a.re - im * a.im;
                kraus[r * size + c].im -= re * a.im + im * a.re;
            }
        }
        double norm = 0;
        for (size_t r = 0; r < rows; r++)
            norm += kraus[r * size + c].re * kraus[r * size + c].re +
                    kraus[r * size + c].im * kraus[r * size + c].im;
        for (size_t r = 0; r < rows; r++) {
            kraus[r * size + c].re /= sqrt(norm);
            kraus[r * size + c].im /= sqrt(norm);
        }
    }
    return kraus;
}

qhm_circuit *reference_random_noisy_circuit(qhm_random *random, size_t qubit_count,
                                            size_t gate_count, size_t most, uint32_t input_count,
                                            uint32_t weight_count)
{
    qhm_circuit *gates =
        reference_random_circuit(random, qubit_count, gate_count, input_count, weight_count);
    qhm_circuit *noisy;
    REQUIRE_OK(qhm_circuit_create(qubit_count, qubit_count, &noisy));
    if (input_count > 0) // all slots are there, whatever the gates use
        REQUIRE_OK(qhm_circuit_set_slot_name(noisy, QHM_SLOT_INPUT, input_count - 1, "x"));
    if (weight_count > 0)
        REQUIRE_OK(qhm_circuit_set_slot_name(noisy, QHM_SLOT_WEIGHT, weight_count - 1, "w"));
    for (size_t i = 0; i < qhm_circuit_instruction_count(gates); i++) {
        REQUIRE_OK(qhm_circuit_append_instruction(noisy, qhm_circuit_instruction(gates, i)));
        if (qhm_random_below(random, 2) == 0)
            continue;
        size_t order[16];
        uint32_t qubits[4];
        for (size_t q = 0; q < qubit_count; q++)
            order[q] = q;
        qhm_random_shuffle(random, order, qubit_count);
        for (size_t q = 0; q < 4 && q < qubit_count; q++)
            qubits[q] = (uint32_t)order[q];
        const size_t limit = most < qubit_count ? most : qubit_count;
        const size_t count = 1 + qhm_random_below(random, limit),
                     operators = 1 + qhm_random_below(random, most);
        qhm_complex *kraus = reference_random_kraus(random, count, operators, 0);
        REQUIRE_OK(qhm_circuit_append_instruction(
            noisy, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                      .qubit_count = (uint32_t)count,
                                      .qubits = qubits,
                                      .kraus_count = (uint32_t)operators,
                                      .matrix = kraus}));
        free(kraus);
    }
    qhm_circuit_destroy(gates);
    return noisy;
}
