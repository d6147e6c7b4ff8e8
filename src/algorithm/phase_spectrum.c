// The problem of a phase estimation: what unitary, what state, and what its phases truly are.
#include "algorithm/phase_spectrum.h"

#include "algorithm/evolution_internal.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"
#include "linalg/complex_matrix.h"

#include <math.h>
#include <qhm/evolution.h>
#include <qhm/state_preparation.h>

typedef struct reading {
    const qhm_phase_fields *fields;
    const qhm_problem *problem;
    const qhm_node *node;      // the unitary's
    qhm_observable *sum;       // NULL: none
    qhm_complex *h;            // [size][size]; NULL: diagonal phases
    double *state;             // [size]
    qhm_phase_spectrum *found; // what is made of it
} reading;

static qhm_status set_size(reading *r, size_t size, size_t most)
{
    qhm_phase_spectrum *s = r->found;
    s->qubits = size > 1 ? qhm_bits_for(size) : 1;
    if (s->qubits > most)
        return qhm_node_fail(r->node, "%zu qubits are needed, at most %zu are taken", s->qubits,
                             most);
    s->size = (size_t)1 << s->qubits;
    QHM_TRY(qhm_allocate(s->size, sizeof *s->phases, &s->phases));
    QHM_TRY(qhm_allocate(s->size, sizeof *s->energies, &s->energies));
    QHM_TRY(qhm_allocate(s->size, sizeof *s->weights, &s->weights));
    return qhm_allocate(s->size, sizeof *r->state, &r->state);
}

static qhm_status read_phases(reading *r)
{
    double *values;
    size_t count;
    r->node = r->fields->phases;
    QHM_TRY(qhm_problem_numbers(r->problem->node, r->node, "phases", 1, &values, &count));
    const qhm_status status = set_size(r, count, QHM_PHASE_MOST_DENSE);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        r->found->phases[i] = values[i] - floor(values[i]);
    qhm_release(values);
    return status;
}

static qhm_status check_symmetric(const reading *r, const double *values, size_t rows,
                                  size_t columns)
{
    if (rows != columns)
        return qhm_node_fail(r->node, "field 'matrix' has %zu rows and %zu columns", rows, columns);
    if (rows < 2 || (rows & (rows - 1)))
        return qhm_node_fail(r->node, "field 'matrix' has %zu rows, not 2, 4, 8 or 16", rows);
    return qhm_problem_require_symmetric(r->node, "matrix", values, rows);
}

static qhm_status read_matrix(reading *r)
{
    double *values;
    size_t rows, columns;
    r->node = r->fields->matrix;
    QHM_TRY(qhm_problem_matrix(r->problem->node, r->node, "matrix", &values, &rows, &columns));
    qhm_status status = check_symmetric(r, values, rows, columns);
    if (status == QHM_OK)
        status = set_size(r, rows, QHM_PHASE_MOST_DENSE);
    if (status == QHM_OK)
        status = qhm_allocate(rows * rows, sizeof *r->h, &r->h);
    for (size_t i = 0; i < rows * rows && status == QHM_OK; i++)
        r->h[i].re = values[i];
    qhm_release(values);
    return status;
}

static qhm_status read_sum(reading *r)
{
    const qhm_node *place = qhm_node_find(r->problem->node, "hamiltonian");
    r->node = place ? place : r->problem->node;
    const qhm_status status = qhm_observable_parse(r->fields->hamiltonian, &r->sum);
    if (status != QHM_OK)
        return status == QHM_ERROR_BAD_INPUT ? qhm_node_fail(r->node, "%s", qhm_error_message())
                                             : status;
    const size_t n = qhm_observable_qubit_count(r->sum);
    if (n == 0)
        return qhm_node_fail(r->node, "the hamiltonian acts on no qubit");
    if (n > QHM_PHASE_MOST_QUBITS)
        return qhm_node_fail(r->node, "%zu qubits are needed, at most %d are taken", n,
                             (int)QHM_PHASE_MOST_QUBITS);
    if (r->fields->steps == 0 && n > QHM_PHASE_MOST_DENSE)
        return qhm_node_fail(r->node,
                             "the exact exponential is one gate on up to %d qubits, not %zu: set "
                             "field 'steps'",
                             (int)QHM_PHASE_MOST_DENSE, n);
    QHM_TRY(set_size(r, (size_t)1 << n, QHM_PHASE_MOST_QUBITS));
    QHM_TRY(qhm_allocate(r->found->size * r->found->size, sizeof *r->h, &r->h));
    qhm_evolution_add_hamiltonian(n, r->sum, r->h);
    return QHM_OK;
}

static qhm_status read_unitary(reading *r)
{
    const qhm_phase_fields *f = r->fields;
    const int given = (f->phases != NULL) + (f->matrix != NULL) + (f->hamiltonian != NULL);
    if (given != 1)
        return qhm_node_fail(r->problem->node,
                             "one of the fields 'phases', 'matrix' and 'hamiltonian' is needed, "
                             "not %d",
                             given);
    if (f->phases)
        return read_phases(r);
    return f->matrix ? read_matrix(r) : read_sum(r);
}

static qhm_status read_vector(reading *r)
{
    const qhm_node *node = r->fields->initial;
    double *values, squares = 0;
    size_t count;
    QHM_TRY(qhm_problem_numbers(r->problem->node, node, "initial", 1, &values, &count));
    for (size_t i = 0; i < count; i++)
        squares += values[i] * values[i];
    qhm_status status = QHM_OK;
    if (count > r->found->size)
        status = qhm_node_fail(node, "field 'initial' has %zu entries, the unitary %zu rows", count,
                               r->found->size);
    else if (!(squares > 0) || !isfinite(squares))
        status = qhm_node_fail(node, "field 'initial' has the squared length %g", squares);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        r->state[i] = values[i] / sqrt(squares);
    qhm_release(values);
    return status;
}

static qhm_status read_state(reading *r)
{
    const qhm_node *node = r->fields->initial;
    uint64_t number = 0;
    if (node && qhm_node_kind_of(node) == QHM_NODE_SEQUENCE)
        return read_vector(r);
    if (node && (qhm_node_kind_of(node) != QHM_NODE_SCALAR ||
                 !qhm_parse_uint64(qhm_node_text(node), &number)))
        return qhm_node_fail(node, "field 'initial' is neither the number of a basis state nor a "
                                   "list of amplitudes");
    if (number >= r->found->size)
        return qhm_node_fail(node, "field 'initial' is %llu, not below %zu",
                             (unsigned long long)number, r->found->size);
    r->state[number] = 1;
    return QHM_OK;
}

static qhm_status choose_time(reading *r)
{
    qhm_phase_spectrum *s = r->found;
    const double low = s->energies[0], high = s->energies[s->size - 1];
    double bound = 0;
    for (size_t i = 0; i < s->size; i++) { // no eigenvalue is beyond the largest row sum
        double sum = 0;
        for (size_t j = 0; j < s->size; j++)
            sum += hypot(r->h[i * s->size + j].re, r->h[i * s->size + j].im);
        bound = fmax(bound, sum);
    }
    s->time = r->fields->time > 0 ? r->fields->time : bound > 0 ? 0.9 * M_PI / bound : 1;
    const double most = M_PI / fmax(fabs(low), fabs(high));
    // Half a turn is the highest energy, not the lowest.
    if (s->time > most * (1 + 1e-12) || -low * s->time >= M_PI * (1 - 1e-12))
        return qhm_node_fail(r->problem->node,
                             "eigenvalues from %g to %g wrap around in the time %g: it has to be "
                             "below %g",
                             low, high, s->time, most);
    return QHM_OK;
}

// The opponent's work: all eigenvalues, and the state's weight on each.
static qhm_status diagonalise(reading *r)
{
    qhm_phase_spectrum *s = r->found;
    qhm_complex *vectors;
    QHM_TRY(qhm_allocate(s->size * s->size, sizeof *vectors, &vectors));
    const double start = qhm_algorithm_clock();
    const qhm_status status = qhm_hermitian_eigen(s->size, r->h, s->energies, vectors);
    for (size_t i = 0; i < s->size && status == QHM_OK; i++) {
        double re = 0, im = 0;
        for (size_t j = 0; j < s->size; j++) {
            re += vectors[i * s->size + j].re * r->state[j];
            im += vectors[i * s->size + j].im * r->state[j];
        }
        s->weights[i] = re * re + im * im;
    }
    s->seconds = qhm_algorithm_clock() - start;
    qhm_release(vectors);
    return status;
}

static qhm_status find_spectrum(reading *r)
{
    qhm_phase_spectrum *s = r->found;
    if (!r->h) {
        const double start = qhm_algorithm_clock();
        for (size_t i = 0; i < s->size; i++)
            s->weights[i] = r->state[i] * r->state[i];
        s->seconds = qhm_algorithm_clock() - start;
        return QHM_OK;
    }
    s->has_energies = true;
    QHM_TRY(diagonalise(r));
    QHM_TRY(choose_time(r));
    for (size_t i = 0; i < s->size; i++) {
        const double turns = -s->energies[i] * s->time / (2 * M_PI);
        s->phases[i] = turns - floor(turns);
    }
    return QHM_OK;
}

static qhm_status append_dense(const reading *r, qhm_circuit *circuit)
{
    const qhm_phase_spectrum *s = r->found;
    uint32_t qubits[QHM_PHASE_MOST_DENSE];
    qhm_complex *u;
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < s->qubits; q++)
        qubits[q] = q;
    QHM_TRY(qhm_allocate(s->size * s->size, sizeof *u, &u));
    if (r->h)
        status = qhm_hermitian_evolution(s->size, r->h, s->time, u);
    for (size_t i = 0; i < s->size && !r->h; i++)
        u[i * s->size + i] =
            (qhm_complex){cos(2 * M_PI * s->phases[i]), sin(2 * M_PI * s->phases[i])};
    if (status == QHM_OK)
        status = qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                        .qubit_count = (uint32_t)s->qubits,
                                        .qubits = qubits,
                                        .matrix = u});
    qhm_release(u);
    return status;
}

// Of a product formula only the rotations need the control: without them what is around them
// cancels.
static qhm_status control_rotations(const qhm_circuit *formula, qhm_circuit *controlled)
{
    const uint32_t control = (uint32_t)qhm_circuit_qubit_count(formula);
    for (size_t i = 0; i < qhm_circuit_instruction_count(formula); i++) {
        const qhm_instruction *step = qhm_circuit_instruction(formula, i);
        const uint32_t both[] = {control, step->qubits[0]};
        if (step->gate == QHM_GATE_RZ || step->gate == QHM_GATE_P)
            QHM_TRY(qhm_circuit_append(controlled,
                                       step->gate == QHM_GATE_RZ ? QHM_GATE_CRZ : QHM_GATE_CP, both,
                                       step->angles));
        else
            QHM_TRY(qhm_circuit_append_instruction(controlled, step));
    }
    return QHM_OK;
}

static qhm_status create_unitary(reading *r)
{
    qhm_phase_spectrum *s = r->found;
    if (r->sum && r->fields->steps > 0) {
        const qhm_evolution_options options = {
            .time = s->time, .method = QHM_EVOLUTION_TROTTER_2, .steps = r->fields->steps};
        QHM_TRY(qhm_evolution_create(s->qubits, r->sum, &options, &s->unitary));
        QHM_TRY(qhm_circuit_create(s->qubits + 1, 0, &s->controlled));
        return control_rotations(s->unitary, s->controlled);
    }
    QHM_TRY(qhm_circuit_create(s->qubits, 0, &s->unitary));
    if (!r->h && s->size == 2 && s->phases[0] == 0) {
        const qhm_angle angle = qhm_angle_constant(2 * M_PI * s->phases[1]);
        return qhm_circuit_append(s->unitary, QHM_GATE_P, (uint32_t[]){0}, &angle);
    }
    return append_dense(r, s->unitary);
}

static qhm_status create_preparation(reading *r)
{
    qhm_phase_spectrum *s = r->found;
    qhm_complex *amplitudes;
    if (r->fields->initial && qhm_node_kind_of(r->fields->initial) == QHM_NODE_SEQUENCE) {
        QHM_TRY(qhm_allocate(s->size, sizeof *amplitudes, &amplitudes));
        for (size_t i = 0; i < s->size; i++)
            amplitudes[i].re = r->state[i];
        const qhm_status status =
            qhm_state_preparation_bind(s->qubits, QHM_STATE_REAL, amplitudes, &s->preparation);
        qhm_release(amplitudes);
        return status;
    }
    bool bits[QHM_PHASE_MOST_QUBITS] = {false};
    for (size_t i = 0; i < s->size; i++)
        for (size_t q = 0; q < s->qubits && r->state[i] > 0; q++)
            bits[q] = i >> q & 1;
    return qhm_state_preparation_create_basis(s->qubits, bits, &s->preparation);
}

qhm_status qhm_phase_spectrum_read(const qhm_phase_fields *fields, const qhm_problem *problem,
                                   qhm_phase_spectrum *spectrum)
{
    reading r = {.fields = fields, .problem = problem, .found = spectrum};
    *spectrum = (qhm_phase_spectrum){0};
    qhm_status status = read_unitary(&r);
    if (status == QHM_OK)
        status = read_state(&r);
    if (status == QHM_OK)
        status = find_spectrum(&r);
    if (status == QHM_OK)
        status = create_unitary(&r);
    if (status == QHM_OK)
        status = create_preparation(&r);
    qhm_observable_destroy(r.sum);
    qhm_release(r.h);
    qhm_release(r.state);
    return status;
}

void qhm_phase_spectrum_destroy(qhm_phase_spectrum *spectrum)
{
    qhm_release(spectrum->phases);
    qhm_release(spectrum->energies);
    qhm_release(spectrum->weights);
    qhm_circuit_destroy(spectrum->preparation);
    qhm_circuit_destroy(spectrum->unitary);
    qhm_circuit_destroy(spectrum->controlled);
}

size_t qhm_phase_spectrum_heaviest(const qhm_phase_spectrum *spectrum, double *weight)
{
    size_t best = 0;
    *weight = -1;
    for (size_t i = 0; i < spectrum->size; i++) {
        double sum = 0;
        for (size_t j = 0; j < spectrum->size; j++) {
            const double apart = spectrum->phases[i] - spectrum->phases[j];
            if (fabs(qhm_phase_estimation_signed(apart)) < 1e-9)
                sum += spectrum->weights[j];
        }
        if (sum > *weight + 1e-12) {
            *weight = sum;
            best = i;
        }
    }
    return best;
}
