// Which simulator suits a circuit, and why.
#include <qhm/method.h>

#include "base/memory.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"
#include "simulate/backend_internal.h"
#include "simulate/mps/mps_probe.h"
#include "simulate/stabilizer/clifford.h"
#include "simulate/stabilizer/tableau.h"
#include "simulate/walk.h"

#include <math.h>
#include <qhm/channel.h>
#include <stdio.h>

enum {
    SMALL_QUBITS = 20,        // a state vector costs next to nothing
    SMALL_RANDOM_QUBITS = 10, // the same where each shot needs a run of its own
    // Up to here a density matrix takes no longer than some hundred trajectories.
    DENSITY_QUBITS = 12,
    DENSITY_FOLLOWING_QUBITS = 6, // the same where each shot needs a run of its own
    STATEVECTOR_MAX_QUBITS = 48,
    // Bonds for which a state vector is given up: a gate on them takes a small part of its time.
    LEAST_BOND = 4, // beyond SMALL_QUBITS; twice as much for every two qubits more
    MOST_BOND = 16
};

// What a choice depends on.
typedef struct facts {
    size_t qubits, gates;
    bool is_clifford, is_random;
    bool is_noisy, is_pauli; // it has noise, and channels of Pauli strings alone
    bool is_following;       // something in it depends on outcomes
    size_t odd_instruction;  // the first that is not Clifford
    double state_bytes, tableau_bytes, density_bytes, available_bytes;
} facts;

// "4,012"; enough room: 32 bytes.
static void format_count(size_t count, char *text, size_t size)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%zu", count);
    size_t at = 0;
    for (int i = 0; i < length && at + 2 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
}

// Whether an instruction is Clifford for its constant angles.
static qhm_status check_gate(const qhm_instruction *instruction, qhm_clifford_list *list,
                             bool *is_clifford)
{
    double angles[QHM_GATE_MAX_ANGLES];
    for (size_t a = 0; a < qhm_instruction_angle_count(instruction); a++) {
        *is_clifford = qhm_angle_is_constant(&instruction->angles[a]);
        if (!*is_clifford)
            return QHM_OK;
        angles[a] = qhm_angle_value(&instruction->angles[a], NULL, NULL);
    }
    list->count = 0;
    return qhm_clifford_append(list, instruction, angles, is_clifford);
}

static qhm_status find_clifford(const qhm_circuit *circuit, facts *f)
{
    qhm_clifford_list list = {0};
    qhm_status status = QHM_OK;
    f->is_clifford = true;
    for (size_t i = 0; status == QHM_OK && i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue;
        f->gates++;
        if (!f->is_clifford)
            continue;
        status = check_gate(instruction, &list, &f->is_clifford);
        f->odd_instruction = i;
    }
    qhm_release(list.ops);
    return status;
}

static qhm_status find_noise(const qhm_circuit *circuit, facts *f)
{
    f->is_pauli = true;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        f->is_noisy |= qhm_instruction_is_noise(instruction);
        f->is_following |= instruction->condition.relation != QHM_RELATION_NONE ||
                           qhm_gate_is_classical(instruction->gate);
        if (instruction->gate != QHM_GATE_CHANNEL || !f->is_pauli)
            continue;
        double probabilities[1 << 2 * QHM_UNITARY_MAX_TARGETS];
        const qhm_channel channel = {instruction->qubit_count, instruction->kraus_count,
                                     instruction->matrix};
        QHM_TRY(qhm_channel_pauli_probabilities(&channel, probabilities, &f->is_pauli));
    }
    return QHM_OK;
}

static qhm_status find_facts(const qhm_circuit *circuit, const qhm_method_options *options,
                             facts *f)
{
    f->qubits = qhm_circuit_qubit_count(circuit);
    const double amplitude = options->precision == QHM_FLOAT32 ? 8 : 16;
    f->state_bytes = ldexp(amplitude, f->qubits < 1000 ? (int)f->qubits : 1000);
    f->tableau_bytes = qhm_tableau_needed_bytes((double)f->qubits);
    f->available_bytes = (double)qhm_memory_available_bytes();
    if (options->memory_limit_bytes > 0 && (double)options->memory_limit_bytes < f->available_bytes)
        f->available_bytes = (double)options->memory_limit_bytes;
    f->density_bytes = ldexp(amplitude / 2, f->qubits < 500 ? 2 * (int)f->qubits : 1000);
    QHM_TRY(qhm_walk_find_randomness(circuit, NULL, 0, &f->is_random));
    QHM_TRY(find_noise(circuit, f));
    return find_clifford(circuit, f);
}

static void choose_stabilizer(const facts *f, qhm_method *method)
{
    char gates[32], qubits[32];
    format_count(f->gates, gates, sizeof gates);
    format_count(f->qubits, qubits, sizeof qubits);
    method->backend = "stabilizer";
    snprintf(method->reason, sizeof method->reason, "all %s gates are Clifford, on %s qubit%s",
             gates, qubits, f->qubits == 1 ? "" : "s");
}

static void choose_statevector(const facts *f, qhm_method *method)
{
    char bytes[32];
    qhm_format_memory(f->state_bytes, bytes, sizeof bytes);
    method->backend = "statevector";
    snprintf(method->reason, sizeof method->reason, "%zu qubit%s %s", f->qubits,
             f->qubits == 1 ? " needs" : "s need", bytes);
}

static void choose_small_mps(const facts *f, size_t bond, qhm_method *method)
{
    char bytes[32];
    qhm_format_memory(f->state_bytes, bytes, sizeof bytes);
    method->backend = "mps";
    snprintf(method->reason, sizeof method->reason,
             "%zu qubits need %s as a state vector, but little entanglement: a bond dimension of "
             "%zu suffices",
             f->qubits, bytes, bond);
}

// The state vector, or matrix product states where they are much smaller.
static qhm_status choose_fitting(const qhm_circuit *circuit, const facts *f, qhm_method *method)
{
    size_t bond = 0;
    if (f->qubits > SMALL_QUBITS && !f->is_random) {
        const size_t most = (size_t)LEAST_BOND << (f->qubits - SMALL_QUBITS) / 2;
        QHM_TRY(qhm_mps_probe(circuit, most < MOST_BOND ? most : MOST_BOND, (size_t)f->state_bytes,
                              &bond));
    }
    if (bond > 0)
        choose_small_mps(f, bond, method);
    else
        choose_statevector(f, method);
    return QHM_OK;
}

static void choose_mps(const qhm_circuit *circuit, const facts *f, qhm_method *method)
{
    char qubits[32], bytes[32], available[32];
    format_count(f->qubits, qubits, sizeof qubits);
    qhm_format_memory(f->state_bytes, bytes, sizeof bytes);
    qhm_format_memory(f->available_bytes, available, sizeof available);
    method->backend = "mps";
    if (f->is_clifford) {
        snprintf(method->reason, sizeof method->reason,
                 "%s qubits are too many for a state vector and a stabilizer state; entanglement "
                 "may make it slow or inexact",
                 qubits);
        return;
    }
    snprintf(
        method->reason, sizeof method->reason,
        "%s qubits are too many for a state vector (%s; %s are available) and instruction %zu, "
        "%s, is not Clifford; entanglement may make it slow or inexact",
        qubits, bytes, available, f->odd_instruction,
        qhm_gate_information(qhm_circuit_instruction(circuit, f->odd_instruction)->gate)->name);
}

static void choose_noisy(const facts *f, bool fits_tableau, qhm_method *method)
{
    char bytes[32], qubits[32];
    const size_t most = f->is_following ? DENSITY_FOLLOWING_QUBITS : DENSITY_QUBITS;
    const char *plural = f->qubits == 1 ? "" : "s";
    format_count(f->qubits, qubits, sizeof qubits);
    if (f->qubits <= most && 2 * f->density_bytes <= f->available_bytes) {
        qhm_format_memory(f->density_bytes, bytes, sizeof bytes);
        method->backend = "density_matrix";
        snprintf(method->reason, sizeof method->reason,
                 "the density matrix of %s qubit%s takes %s, and noise on it is exact", qubits,
                 plural, bytes);
        return;
    }
    if (f->is_clifford && f->is_pauli && fits_tableau && qhm_stabilizer_backend.has_channels) {
        method->backend = "stabilizer";
        snprintf(method->reason, sizeof method->reason,
                 "all gates are Clifford and all noise is of Pauli strings, on %s qubit%s", qubits,
                 plural);
        return;
    }
    method->backend = "trajectories";
    snprintf(method->reason, sizeof method->reason,
             "the density matrix of %s qubit%s would take too long or does not fit, so noise is "
             "drawn",
             qubits, plural);
}

qhm_status qhm_method_find(const qhm_circuit *circuit, const qhm_method_options *options,
                           qhm_method *method)
{
    static const qhm_method_options defaults = {0};
    QHM_REQUIRE(circuit && method, "a method needs a circuit and a place to go");
    facts f = {0};
    QHM_TRY(find_facts(circuit, options ? options : &defaults, &f));
    const size_t small = f.is_random ? SMALL_RANDOM_QUBITS : SMALL_QUBITS;
    const bool fits = f.qubits <= STATEVECTOR_MAX_QUBITS && 2 * f.state_bytes <= f.available_bytes;
    const bool fits_tableau = f.tableau_bytes <= f.available_bytes;
    if (f.is_noisy)
        choose_noisy(&f, fits_tableau, method);
    else if (f.is_clifford && fits_tableau && (f.qubits > small || !fits))
        choose_stabilizer(&f, method);
    else if (fits)
        return choose_fitting(circuit, &f, method);
    else
        choose_mps(circuit, &f, method);
    return QHM_OK;
}
