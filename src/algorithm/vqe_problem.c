// The problem "vqe": the least energy of a molecule or of any Pauli sum, by a circuit's weights.
#include "algorithm/counted_run.h"
#include "algorithm/state_moments.h"
#include "algorithm/vqe_subject.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/ansatz.h>
#include <qhm/random.h>
#include <qhm/vqe.h>
#include <stdbool.h>

typedef struct vqe_options {
    qhm_vqe_subject_options subject;
    int ansatz, method, pool;
    size_t layers, iterations, shots, most;
    double tolerance, learning_rate, threshold, accuracy;
} vqe_options;

enum { ANSATZ_UCCSD = 1, ANSATZ_ADAPT = 2, ANSATZ_HARDWARE_EFFICIENT = 3 };

static const char *const units[] = {"bohr", "angstrom", NULL};
static const char *const mappings[] = {"jordan_wigner", "parity", "parity_reduced", NULL};
static const char *const pools[] = {"excitations", "generalised", NULL}; // as qhm_vqe_pool
static const char *const ansaetze[] = {"uccsd", "adapt", "hardware_efficient", NULL};
// In the order of qhm_vqe_method.
static const char *const methods[] = {"bfgs",   "adam",   "natural_gradient", "spsa",  "rotosolve",
                                      "cobyla", "bobyqa", "nelder_mead",      "lbfgs", "sbplx",
                                      NULL};

static const qhm_option_info fields[] = {
    {.name = "atoms",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(vqe_options, subject.atoms),
     .help = "a list of [element, x, y, z], H to Ne, in STO-3G; this, fcidump or hamiltonian"},
    {.name = "unit",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(vqe_options, subject.unit),
     .choices = units,
     .help = "of positions; required with atoms",
     .used_with = "atoms"},
    {.name = "charge",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, subject.charge),
     .default_text = "0",
     .minimum = -10,
     .maximum = 100,
     .help = "electrons that are missing",
     .used_with = "atoms"},
    {.name = "unpaired",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(vqe_options, subject.unpaired),
     .default_text = "0",
     .minimum = 0,
     .maximum = 32,
     .help = "electrons of spin up beyond those of spin down",
     .used_with = "atoms"},
    {.name = "fcidump",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(vqe_options, subject.fcidump),
     .help = "a file of integrals, in place of atoms"},
    {.name = "hamiltonian",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(vqe_options, subject.hamiltonian),
     .help = "a Pauli sum, in place of atoms; in quotes where it begins with a minus and a blank"},
    {.name = "frozen",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(vqe_options, subject.frozen),
     .help = "a list of orbitals, from 0, that stay doubly occupied",
     .used_with = "atoms or fcidump"},
    {.name = "active",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(vqe_options, subject.active),
     .help = "a list of orbitals to keep; default: all that are not frozen",
     .used_with = "atoms or fcidump"},
    {.name = "mapping",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(vqe_options, subject.mapping),
     .default_text = "jordan_wigner",
     .choices = mappings,
     .help = "how spin orbitals become qubits; parity_reduced takes two fewer",
     .used_with = "atoms or fcidump"},
    {.name = "penalty",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, subject.penalty),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1e6,
     .help = "what is minimised grows by this times (electrons - those there should be)^2",
     .used_with = "atoms or fcidump"},
    {.name = "ansatz",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(vqe_options, ansatz),
     .choices = ansaetze,
     .help = "default: uccsd for molecules, hardware_efficient for Pauli sums"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(vqe_options, layers),
     .default_text = "3",
     .minimum = 1,
     .maximum = 100,
     .help = "of hardware_efficient",
     .used_with = "ansatz=hardware_efficient or hamiltonian"},
    {.name = "pool",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(vqe_options, pool),
     .default_text = "excitations",
     .choices = pools,
     .help = "of adapt: from occupied to empty orbitals, or from any to any",
     .used_with = "ansatz=adapt"},
    {.name = "threshold",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, threshold),
     .default_text = "0.001",
     .minimum = 1e-9,
     .maximum = 1,
     .help = "of adapt: it ends when no excitation's gradient is above",
     .used_with = "ansatz=adapt"},
    {.name = "most",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(vqe_options, most),
     .default_text = "50",
     .minimum = 1,
     .maximum = 1000,
     .help = "of adapt: excitations at most",
     .used_with = "ansatz=adapt"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(vqe_options, method),
     .default_text = "bfgs",
     .choices = methods,
     .help = "how weights are improved; from cobyla on by NLopt"},
    {.name = "iterations",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(vqe_options, iterations),
     .default_text = "500",
     .minimum = 1,
     .maximum = 1e6,
     .help = "steps, sweeps of rotosolve, or values of NLopt's methods"},
    {.name = "tolerance",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, tolerance),
     .default_text = "1e-6",
     .minimum = 1e-14,
     .maximum = 1,
     .help = "of the gradient, of a sweep's gain, or of steps, as the method has it",
     .used_with =
         "method=bfgs,adam,natural_gradient,rotosolve,cobyla,bobyqa,nelder_mead,lbfgs,sbplx"},
    {.name = "learning_rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, learning_rate),
     .default_text = "0.1",
     .minimum = 1e-6,
     .maximum = 10,
     .help = "of adam, natural_gradient and spsa; of NLopt's methods the first step",
     .used_with = "method=adam,natural_gradient,spsa,cobyla,bobyqa,nelder_mead,lbfgs,sbplx"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(vqe_options, shots),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1e9,
     .help = "for each setting and value; 0: exact values, which no chip gives"},
    {.name = "accuracy",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(vqe_options, accuracy),
     .default_text = "0.0016",
     .minimum = 1e-9,
     .maximum = 10,
     .help = "standard error for which the shots are told; 0.0016 hartree is chemical accuracy"},
    {0},
};

typedef struct vqe_problem {
    const vqe_options *options;
    qhm_vqe_subject subject;
    int ansatz;
    qhm_circuit *circuit;
    double *weights; // of the library's; qhm_vqe_weights_destroy
    qhm_vqe_result found;
    double exact, exact_seconds, seconds;
} vqe_problem;

static qhm_vqe_options optimizer_of(const vqe_problem *p, uint64_t seed)
{
    const vqe_options *o = p->options;
    return (qhm_vqe_options){.method = (qhm_vqe_method)(o->method - 1),
                             .iterations = o->iterations,
                             .tolerance = o->tolerance,
                             .learning_rate = o->learning_rate,
                             .frequencies = p->ansatz == ANSATZ_HARDWARE_EFFICIENT ? 0 : 2,
                             .shots = o->shots,
                             .seed = seed};
}

// The first determinant, or 0...0; layers of rotations and CX; rotations.
static qhm_status create_layers(vqe_problem *p)
{
    qhm_circuit *layers = NULL;
    const size_t qubits = p->subject.qubits;
    QHM_TRY(p->subject.electrons
                ? qhm_vqe_reference_create(p->subject.electrons, p->subject.map, &p->circuit)
                : qhm_circuit_create(qubits, 0, &p->circuit));
    qhm_status status =
        qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, qubits,
                          &(qhm_ansatz_options){.layers = p->options->layers}, &layers);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(p->circuit, layers, NULL, NULL, 0, 0);
    qhm_circuit_destroy(layers);
    for (uint32_t i = 0; i < 2 * qubits && status == QHM_OK; i++) {
        const qhm_angle angle = qhm_angle_weight((uint32_t)qhm_circuit_weight_count(p->circuit));
        const uint32_t qubit = i % (uint32_t)qubits;
        status =
            qhm_circuit_append(p->circuit, i < qubits ? QHM_GATE_RY : QHM_GATE_RZ, &qubit, &angle);
    }
    return status;
}

// Excitations begin at the first determinant; layers where no symmetry holds them.
static qhm_status minimize_fixed(vqe_problem *p, uint64_t seed, qhm_ledger *ledger)
{
    const qhm_vqe_options options = optimizer_of(p, seed);
    QHM_TRY(p->ansatz != ANSATZ_HARDWARE_EFFICIENT
                ? qhm_vqe_uccsd_create(p->subject.electrons, p->subject.map, &p->circuit)
                : create_layers(p));
    const size_t count = qhm_circuit_weight_count(p->circuit);
    QHM_TRY(qhm_allocate(count, sizeof *p->weights, &p->weights));
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_INITIALISE, 0, 0, 0);
    for (size_t i = 0; i < count && p->ansatz == ANSATZ_HARDWARE_EFFICIENT; i++)
        p->weights[i] = 0.3 * qhm_random_normal(&random);
    return qhm_vqe_minimize(p->circuit, p->subject.objective, &options, p->weights, &p->found,
                            ledger);
}

// Whether one determinant has these numbers of electrons, so that there is nothing to excite.
static bool is_single(const vqe_problem *p)
{
    return p->subject.electrons && qhm_vqe_excitation_count(p->subject.electrons) == 0;
}

static qhm_status minimize_any(vqe_problem *p, uint64_t seed, qhm_ledger *ledger)
{
    if (p->ansatz != ANSATZ_ADAPT || is_single(p))
        return minimize_fixed(p, seed, ledger);
    const qhm_vqe_adapt_options options = {.pool = (qhm_vqe_pool)(p->options->pool - 1),
                                           .threshold = p->options->threshold,
                                           .most = p->options->most,
                                           .optimizer = optimizer_of(p, seed)};
    return qhm_vqe_adapt(p->subject.electrons, p->subject.map, p->subject.objective, &options,
                         &p->circuit, &p->weights, &p->found, ledger);
}

static qhm_status choose_ansatz(const qhm_problem *problem, vqe_problem *p)
{
    p->ansatz = p->options->ansatz             ? p->options->ansatz
                : p->subject.electrons != NULL ? ANSATZ_UCCSD
                                               : ANSATZ_HARDWARE_EFFICIENT;
    if (p->ansatz == ANSATZ_HARDWARE_EFFICIENT)
        return QHM_OK;
    if (!p->subject.electrons)
        return qhm_node_fail(problem->node, "a Pauli sum has no electrons to excite: use ansatz "
                                            "hardware_efficient");
    return QHM_OK;
}

// Electrons and spin of the state, and a word where they are not those of the molecule.
static qhm_status describe_electrons(const vqe_problem *p, const qhm_complex *state,
                                     qhm_result *result)
{
    static const char *const names[] = {"electrons", "spin"};
    const qhm_electronic_problem *e = p->subject.electrons;
    const double up = (double)qhm_electronic_problem_up_count(e),
                 down = (double)qhm_electronic_problem_down_count(e);
    const double wanted[] = {up + down, up - down};
    for (unsigned what = 0; what < QHM_ELECTRON_COUNT_COUNT; what++) {
        qhm_observable *count;
        qhm_state_moments moments;
        QHM_TRY(qhm_electronic_problem_count(e, p->subject.map, (qhm_electron_count)what, &count));
        const qhm_status status = qhm_find_moments(count, p->subject.qubits, state, &moments);
        qhm_observable_destroy(count);
        QHM_TRY(status);
        qhm_result_number(result->answer, names[what], moments.mean);
        const double deviation = sqrt(moments.variance);
        if (fabs(moments.mean - wanted[what]) > 1e-3 || deviation > 0.05)
            qhm_result_note(result,
                            "The state has %s %.4f with a spread of %.4f, not %.0f: the "
                            "circuit does not keep them, and the energy is another "
                            "system's. uccsd and adapt keep them; 'penalty' helps.",
                            names[what], moments.mean, deviation, wanted[what]);
    }
    return QHM_OK;
}

// Of one value: each setting has a shot even where it is certain.
static double shots_for(const qhm_shot_needs *needs, double variance, double accuracy)
{
    return fmax((double)needs->settings, ceil(variance / (accuracy * accuracy)));
}

static void describe_shots(const vqe_problem *p, const qhm_shot_needs *needs, qhm_result *result)
{
    const double accuracy = p->options->accuracy / p->subject.scale;
    const double value = shots_for(needs, needs->grouped, accuracy);
    const double sum = p->subject.scale * sqrt(needs->bound);
    const size_t shifts = qhm_circuit_shift_count(p->circuit);
    json_t *shots = json_object();
    qhm_result_number(shots, "accuracy", p->options->accuracy);
    qhm_result_number(shots, "bound_by_coefficients", shots_for(needs, needs->bound, accuracy));
    qhm_result_number(shots, "grouped", value);
    qhm_result_count(shots, "settings", needs->settings);
    qhm_result_count(shots, "circuits_of_a_gradient", shifts * needs->settings);
    qhm_result_number(
        shots, "whole_search_at_least",
        value * ((double)p->found.evaluations + (double)p->found.gradients * (double)shifts));
    json_object_set_new(result->answer, "shots_for_accuracy", shots);
    qhm_result_number(result->answer, "sum_of_coefficients", sum);
    if (p->options->accuracy >= sum)
        qhm_result_note(result,
                        "The coefficients sum to %.3g: an accuracy of %.4g says nothing of them.",
                        sum, p->options->accuracy);
    qhm_result_note(
        result,
        "Classical diagonalisation takes less time: it finds the exact energy in %.2g s, "
        "where one value within %.4g takes %.10g shots even with the best shares, and "
        "this search asked for %zu values. Simulating it took %.2g s.",
        p->exact_seconds, p->options->accuracy, value, p->found.evaluations, p->seconds);
}

static void describe_search(const vqe_problem *p, qhm_result *result)
{
    const qhm_vqe_subject *s = &p->subject;
    json_t *answer = result->answer;
    qhm_result_text(answer, "ansatz", ansaetze[p->ansatz - 1]);
    qhm_result_count(answer, "qubits", s->qubits);
    qhm_result_count(answer, "strings", qhm_observable_term_count(s->hamiltonian));
    qhm_result_count(answer, "weights", qhm_circuit_weight_count(p->circuit));
    qhm_result_count(answer, "iterations", p->found.iterations);
    qhm_result_count(answer, "evaluations", p->found.evaluations);
    qhm_result_number(answer, "largest_gradient", s->scale * p->found.gradient);
    if (s->scale != 1)
        qhm_result_note(result,
                        "The search ran on the sum divided by %.3g, a power of 2, of which "
                        "'tolerance' is.",
                        s->scale);
    if (s->nearest_angstrom > 0 && (s->nearest_angstrom < 0.5 || s->nearest_angstrom > 3))
        qhm_result_note(result,
                        "The nearest atoms are %.3g angstrom apart, which no bond is: is the unit "
                        "right?",
                        s->nearest_angstrom);
    if (p->options->shots == 0)
        qhm_result_note(result, "Values and gradients are a simulator's, exact: no chip has them.");
    else
        qhm_result_note(result, "Shots led the search; energy, error and deviation are those of "
                                "the state it ended with, exact: no chip has them.");
}

static qhm_status describe(const vqe_problem *p, const qhm_complex *state, qhm_result *result)
{
    qhm_state_moments energy;
    qhm_shot_needs needs;
    json_t *answer = result->answer;
    QHM_TRY(qhm_find_moments(p->subject.hamiltonian, p->subject.qubits, state, &energy));
    QHM_TRY(qhm_find_shot_needs(p->subject.hamiltonian, p->subject.qubits, state, &needs));
    const double scale = p->subject.scale, error = scale * (energy.mean - p->exact);
    qhm_result_number(answer, "energy", scale * energy.mean);
    qhm_result_number(answer, "error", error);
    json_object_set_new(answer, "is_accurate", json_boolean(fabs(error) <= p->options->accuracy));
    qhm_result_number(answer, "energy_deviation", scale * sqrt(energy.variance));
    if (p->subject.electrons) {
        qhm_result_number(answer, "reference_energy",
                          qhm_electronic_problem_reference_energy(p->subject.electrons));
        QHM_TRY(describe_electrons(p, state, result));
    }
    if (p->ansatz != ANSATZ_HARDWARE_EFFICIENT && is_single(p))
        qhm_result_note(result, "No electron can be excited: one determinant has these numbers of "
                                "electrons of each spin, and no weight is left to find.");
    describe_search(p, result);
    describe_shots(p, &needs, result);
    return QHM_OK;
}

static qhm_status read_state(const vqe_problem *p, qhm_result *result)
{
    qhm_circuit *bound;
    qhm_complex *state = NULL;
    QHM_TRY(qhm_circuit_bind(p->circuit, NULL, p->weights, &bound));
    qhm_status status = qhm_counted_state(bound, &result->ledger, &state);
    if (status == QHM_OK)
        status = describe(p, state, result);
    qhm_release(state);
    qhm_circuit_destroy(bound);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    vqe_problem p = {.options = given};
    qhm_status status = qhm_vqe_subject_read(problem, &p.options->subject, &p.subject);
    if (status == QHM_OK)
        status = choose_ansatz(problem, &p);
    if (status == QHM_OK)
        status = qhm_vqe_subject_solve(&p.subject, result->opponent, &p.exact, &p.exact_seconds);
    if (status == QHM_OK) {
        const double start = qhm_algorithm_clock();
        status = minimize_any(&p, problem->seed, &result->ledger);
        p.seconds = qhm_algorithm_clock() - start;
    }
    if (status == QHM_ERROR_UNSUPPORTED)
        status = qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status = read_state(&p, result);
    qhm_vqe_weights_destroy(p.weights);
    qhm_circuit_destroy(p.circuit);
    qhm_vqe_subject_release(&p.subject);
    return status;
}

const qhm_algorithm qhm_algorithm_vqe = {
    .info = {.name = "vqe",
             .help = "the least energy of a molecule or a Pauli sum, by a circuit's weights",
             .details =
                 "Atoms become integrals in STO-3G, orbitals, and a Pauli sum; or a file has the "
                 "integrals, or the sum is\ngiven. Each value of the energy takes shots in every "
                 "setting: for 0.0016 hartree some 50,000 for H2 on two\nqubits. Beside it stands "
                 "the exact energy, which takes a processor less time at all sizes that can be\n"
                 "run here. [peruzzo2014, grimsley2019]\n",
             .example = "atoms: [[H, 0, 0, 0], [H, 0, 0, 0.735]]\nunit: angstrom\nansatz: uccsd\n"
                        "method: bfgs\n",
             .fields = fields},
    .options_size = sizeof(vqe_options),
    .run = run,
};
