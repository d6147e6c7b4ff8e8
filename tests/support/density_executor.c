// The tests' density matrix.
#include "support/density_executor.h"

#include "support/checks.h"
#include "support/reference_simulator.h"

#include <qhm/channel.h>
#include <qhm/random.h>

// out += K rho K^dagger, all [dimension][dimension].
static void add_moved(const qhm_complex *k, const qhm_complex *rho, size_t dimension,
                      qhm_complex *out)
{
    qhm_complex *left = reference_multiply(k, rho, dimension);
    for (size_t i = 0; i < dimension; i++)
        for (size_t j = 0; j < dimension; j++)
            for (size_t m = 0; m < dimension; m++) {
                const qhm_complex a = left[i * dimension + m], b = k[j * dimension + m];
                out[i * dimension + j].re += a.re * b.re + a.im * b.im;
                out[i * dimension + j].im += a.im * b.re - a.re * b.im;
            }
    free(left);
}

static void apply(qhm_complex **rho, const qhm_instruction *instruction, size_t qubits,
                  const double *inputs, const double *weights)
{
    static const qhm_complex reset[8] = {[0] = {1, 0}, [5] = {1, 0}};
    const size_t dimension = (size_t)1 << qubits;
    if (instruction->gate == QHM_GATE_BARRIER || instruction->gate == QHM_GATE_DELAY)
        return;
    qhm_instruction one = *instruction;
    size_t count = 1;
    const bool is_channel =
        instruction->gate == QHM_GATE_CHANNEL || instruction->gate == QHM_GATE_RESET;
    if (is_channel) {
        one.gate = QHM_GATE_UNITARY;
        count = instruction->gate == QHM_GATE_RESET ? 2 : instruction->kraus_count;
        one.matrix = instruction->gate == QHM_GATE_RESET ? reset : instruction->matrix;
    }
    qhm_complex *next = calloc(dimension * dimension, sizeof *next);
    assert_non_null(next);
    for (size_t k = 0; k < count; k++) {
        qhm_complex *full = reference_instruction_matrix(&one, qubits, inputs, weights);
        add_moved(full, *rho, dimension, next);
        free(full);
        if (is_channel)
            one.matrix += (size_t)1 << 2 * instruction->qubit_count;
    }
    free(*rho);
    *rho = next;
}

qhm_complex *density_run(const qhm_circuit *circuit, const double *inputs, const double *weights)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    qhm_complex *rho = calloc(dimension * dimension, sizeof *rho);
    assert_non_null(rho);
    rho[0].re = 1;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++)
        apply(&rho, qhm_circuit_instruction(circuit, i), qubits, inputs, weights);
    return rho;
}

static qhm_status change(const density_executor *d, const qhm_circuit *circuit,
                         qhm_circuit **changed)
{
    return d->change ? d->change(d->change_context, circuit, changed)
                     : qhm_circuit_copy(circuit, changed);
}

static void append_bases(qhm_circuit *circuit, const qhm_sampling *s)
{
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(circuit); q++) {
        const uint8_t letter = s->letters ? s->letters[q] : (uint8_t)QHM_PAULI_Z;
        if (letter == QHM_PAULI_Y)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SDG, &q, NULL));
        if (letter == QHM_PAULI_X || letter == QHM_PAULI_Y)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
        if (s->flips && s->flips[q / 64] >> q % 64 & 1)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
    }
}

static double reading(const density_executor *d, size_t qubits, size_t read, size_t truth)
{
    if (d->confusion)
        return d->confusion[(read << qubits) + truth];
    double p = 1;
    for (size_t q = 0; q < qubits && d->flips; q++) {
        const double flip = d->flips[q][truth >> q & 1];
        p *= (read ^ truth) >> q & 1 ? flip : 1 - flip;
    }
    return d->flips ? p : read == truth;
}

static qhm_status sample(void *state, const qhm_sampling *s, qhm_distribution *outcomes,
                         qhm_overhead *overhead)
{
    density_executor *d = state;
    qhm_circuit *circuit;
    qhm_status status = change(d, s->circuit, &circuit);
    if (status != QHM_OK)
        return status;
    append_bases(circuit, s);
    const size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    qhm_complex *rho = density_run(circuit, s->inputs, s->weights);
    qhm_circuit_destroy(circuit);
    double *p = calloc(dimension, sizeof *p);
    assert_non_null(p);
    for (size_t read = 0; read < dimension; read++)
        for (size_t truth = 0; truth < dimension; truth++)
            p[read] += reading(d, qubits, read, truth) * fmax(0, rho[truth * dimension + truth].re);
    qhm_random random = qhm_random_stream(s->seed, QHM_RANDOM_SHOTS, 0, 0, 0);
    for (uint64_t x = 0; s->shots == 0 && x < dimension && status == QHM_OK; x++)
        if (p[x] > 1e-15)
            status = qhm_distribution_append(outcomes, &x, p[x]);
    for (size_t i = 0; i < s->shots && status == QHM_OK; i++) {
        double left = qhm_random_uniform(&random);
        uint64_t x = 0;
        while (x + 1 < dimension && left >= p[x])
            left -= p[x++];
        status = qhm_distribution_append(outcomes, &x, 1);
    }
    free(p);
    free(rho);
    d->circuits++;
    overhead->circuits++;
    overhead->shots += s->shots;
    return status;
}

static qhm_status estimate(void *state, const qhm_execution *e)
{
    density_executor *d = state;
    qhm_circuit *circuit;
    const qhm_status status = change(d, e->circuit, &circuit);
    if (status != QHM_OK)
        return status;
    const size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    qhm_complex *rho = density_run(circuit, e->inputs, e->weights);
    for (size_t k = 0; k < e->observable_count; k++) {
        qhm_complex *o = reference_observable_matrix(e->observables[k], qubits);
        qhm_complex *product = reference_multiply(rho, o, dimension);
        e->values[k] = e->variances[k] = 0;
        for (size_t i = 0; i < dimension; i++)
            e->values[k] += product[i * dimension + i].re;
        free(product);
        free(o);
    }
    free(rho);
    qhm_circuit_destroy(circuit);
    d->circuits++;
    e->overhead->circuits++;
    return QHM_OK;
}

static const qhm_executor_ops with_samples = {.name = "density", .sample = sample};
static const qhm_executor_ops without_samples = {.name = "values", .estimate = estimate};

qhm_executor *density_executor_create(density_executor *state)
{
    qhm_executor *executor;
    REQUIRE_OK(qhm_executor_create(&with_samples, state, &executor));
    return executor;
}

qhm_executor *density_executor_create_without_samples(density_executor *state)
{
    qhm_executor *executor;
    REQUIRE_OK(qhm_executor_create(&without_samples, state, &executor));
    return executor;
}

static qhm_status append_noisy(const double *p, const qhm_circuit *circuit, qhm_circuit *made)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        qhm_status status = qhm_circuit_append_instruction(made, instruction);
        if (status != QHM_OK)
            return status;
        if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue;
        qhm_channel *channel;
        const size_t qubits = instruction->qubit_count;
        status = qhm_channel_create_depolarizing(qubits, p[qubits > 1], &channel);
        if (status != QHM_OK)
            return status;
        const qhm_instruction noise = {.gate = QHM_GATE_CHANNEL,
                                       .qubit_count = instruction->qubit_count,
                                       .qubits = instruction->qubits,
                                       .kraus_count = (uint32_t)channel->kraus_count,
                                       .matrix = channel->kraus};
        status = qhm_circuit_append_instruction(made, &noise);
        qhm_channel_destroy(channel);
        if (status != QHM_OK)
            return status;
    }
    return QHM_OK;
}

qhm_status density_depolarize(const void *context, const qhm_circuit *circuit, qhm_circuit **noisy)
{
    qhm_circuit *made;
    qhm_status status =
        qhm_circuit_create(qhm_circuit_qubit_count(circuit), qhm_circuit_bit_count(circuit), &made);
    if (status != QHM_OK)
        return status;
    status = append_noisy(context, circuit, made);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *noisy = made;
    return QHM_OK;
}

double executor_value(qhm_executor *executor, const qhm_circuit *circuit, const char *observable,
                      size_t shots, uint64_t seed, double *variance, qhm_overhead *overhead)
{
    qhm_observable *o;
    double value;
    REQUIRE_OK(qhm_observable_parse(observable, &o));
    const qhm_execution execution = {.circuit = circuit,
                                     .observables = (const qhm_observable *const *)&o,
                                     .observable_count = 1,
                                     .shots = shots,
                                     .seed = seed,
                                     .values = &value,
                                     .variances = variance,
                                     .overhead = overhead};
    REQUIRE_OK(qhm_executor_run(executor, &execution));
    qhm_observable_destroy(o);
    return value;
}

double ideal_value(const qhm_circuit *circuit, const char *observable)
{
    density_executor plain = {0};
    qhm_executor *executor = density_executor_create_without_samples(&plain);
    const double value = executor_value(executor, circuit, observable, 0, 0, NULL, NULL);
    qhm_executor_destroy(executor);
    return value;
}

qhm_circuit *layered_circuit(size_t qubits, size_t layers, uint64_t seed)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    for (size_t l = 0; l < layers; l++) {
        for (uint32_t q = 0; q < qubits; q++) {
            qhm_angle angle = qhm_angle_constant(1.2 * qhm_random_uniform(&random));
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
            angle = qhm_angle_constant(0.6 * qhm_random_uniform(&random));
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, &q, &angle));
        }
        for (uint32_t q = 0; q + 1 < qubits; q++)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
    }
    return circuit;
}
