// Definitions in a program: gates that the language's library lacks, and matrices.
#include "base/memory.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <math.h>
#include <string.h>

static bool is_in(qhm_gate gate, const qhm_gate *gates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gates[i] == gate)
            return true;
    return false;
}

// What every qelib1.inc has, down to the first [cross2017].
static const qhm_gate library_2[] = {
    QHM_GATE_P,  QHM_GATE_U,   QHM_GATE_CX, QHM_GATE_X,   QHM_GATE_Y,   QHM_GATE_Z,  QHM_GATE_H,
    QHM_GATE_S,  QHM_GATE_SDG, QHM_GATE_T,  QHM_GATE_TDG, QHM_GATE_RX,  QHM_GATE_RY, QHM_GATE_RZ,
    QHM_GATE_CZ, QHM_GATE_CY,  QHM_GATE_CH, QHM_GATE_CCX, QHM_GATE_CRZ, QHM_GATE_CP};

// Beyond those, what stdgates.inc has. U is built into the language.
static const qhm_gate library_3[] = {QHM_GATE_SX, QHM_GATE_SWAP, QHM_GATE_CRX, QHM_GATE_CRY,
                                     QHM_GATE_CSWAP};

bool qhm_qasm_gate_is_known(int version, qhm_gate gate)
{
    return is_in(gate, library_2, sizeof library_2 / sizeof library_2[0]) ||
           (version == 3 && is_in(gate, library_3, sizeof library_3 / sizeof library_3[0]));
}

const char *qhm_qasm_gate_name(int version, qhm_gate gate)
{
    if (gate == QHM_GATE_U)
        return version == 2 ? "u3" : "U";
    if (version == 2 && gate == QHM_GATE_P)
        return "u1";
    if (version == 2 && gate == QHM_GATE_CP)
        return "cu1";
    return qhm_gate_information(gate)->name;
}

static const char *const qubit_names[] = {"a", "b", "c", "d"};

static void print_qubits(qhm_text *text, const uint8_t *qubits, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        qhm_text_print(text, "%s %s", i > 0 ? "," : "", qubit_names[qubits ? qubits[i] : i]);
}

// scale * theta + offset
static void print_step_angle(const qasm_print *print, const qhm_gate_step *step)
{
    const qhm_angle number = qhm_angle_constant(step->scale != 0 ? step->scale : step->offset);
    if (step->scale == 0) {
        qhm_qasm_print_angle(print, &number);
        return;
    }
    if (step->scale == -1)
        qhm_text_append(print->text, "-");
    else if (step->scale != 1) {
        qhm_qasm_print_angle(print, &number);
        qhm_text_append(print->text, "*");
    }
    qhm_text_append(print->text, "theta");
    if (step->offset != 0) {
        const qhm_angle offset = qhm_angle_constant(step->offset);
        qhm_text_append(print->text, " + ");
        qhm_qasm_print_angle(print, &offset);
    }
}

// The reader takes an annotated definition for the gate of the table.
static void print_gate(const qasm_print *print, qhm_gate gate)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    const qhm_gate_info *info = &row->information;
    qhm_text *text = print->text;
    qhm_text_append(text, print->has_annotations ? "@qhm.gate\n" : "");
    qhm_text_print(text, "gate %s%s", info->name, info->angle_count > 0 ? "(theta)" : "");
    print_qubits(text, NULL, info->control_count + info->target_count);
    qhm_text_append(text, " {");
    for (size_t i = 0; i < row->step_count; i++) {
        const qhm_gate_step *step = &row->steps[i];
        const qhm_gate_info *inner = qhm_gate_information(step->gate);
        qhm_text_print(text, " %s", qhm_qasm_gate_name(print->version, step->gate));
        if (inner->angle_count > 0) {
            qhm_text_append(text, "(");
            print_step_angle(print, step);
            qhm_text_append(text, ")");
        }
        print_qubits(text, step->qubits, inner->control_count + inner->target_count);
        qhm_text_append(text, ";");
    }
    qhm_text_append(text, " }\n");
}

// Marks what the definition of a gate uses.
static void mark_uses(qasm_print *print, qhm_gate gate)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    for (size_t i = 0; i < row->step_count; i++)
        if (!qhm_qasm_gate_is_known(print->version, row->steps[i].gate))
            print->is_used[row->steps[i].gate] = true;
}

// A matrix as gates with exact phases: under controls it keeps its own.
static qhm_status expand_unitary(const qhm_instruction *unitary, uint32_t count,
                                 qhm_circuit **expanded)
{
    static const qhm_gate gates[] = {QHM_GATE_P, QHM_GATE_RY, QHM_GATE_RZ, QHM_GATE_CX};
    static const uint32_t targets[] = {0, 1, 2, 3};
    const qhm_expand_options options = {.gates = gates, .gate_count = 4, .keeps_phase = true};
    const qhm_instruction alone = {.gate = QHM_GATE_UNITARY,
                                   .qubit_count = count,
                                   .qubits = targets,
                                   .matrix = unitary->matrix};
    qhm_circuit *one;
    QHM_TRY(qhm_circuit_create(count, 0, &one));
    qhm_status status = qhm_circuit_append_instruction(one, &alone);
    if (status == QHM_OK)
        status = qhm_circuit_expand(one, &options, expanded);
    qhm_circuit_destroy(one);
    return status;
}

static qhm_status print_unitary(const qasm_print *print, const qhm_instruction *unitary,
                                const char *name)
{
    const uint32_t count = qhm_instruction_target_count(unitary);
    qhm_circuit *expanded;
    QHM_TRY(expand_unitary(unitary, count, &expanded));
    qhm_text_print(print->text, "gate %s", name);
    print_qubits(print->text, NULL, count);
    qhm_text_append(print->text, " {\n");
    for (size_t i = 0; i < expanded->instruction_count; i++) {
        const qhm_instruction *step = &expanded->instructions[i];
        qhm_text_print(print->text, "  %s", qhm_qasm_gate_name(print->version, step->gate));
        if (step->angles) {
            qhm_text_append(print->text, "(");
            qhm_qasm_print_angle(print, step->angles);
            qhm_text_append(print->text, ")");
        }
        for (uint32_t q = 0; q < step->qubit_count; q++)
            qhm_text_print(print->text, "%s %s", q > 0 ? "," : "", qubit_names[step->qubits[q]]);
        qhm_text_append(print->text, ";\n");
    }
    qhm_text_append(print->text, "}\n");
    qhm_circuit_destroy(expanded);
    return QHM_OK;
}

qhm_status qhm_qasm_print_definitions(qasm_print *print)
{
    // A definition uses gates of lower levels only; as many rounds as there are levels find all.
    for (int round = 0; round < 4; round++)
        for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
            if (print->is_used[gate])
                mark_uses(print, (qhm_gate)gate);
    bool is_printed[QHM_GATE_COUNT] = {false};
    for (bool has_printed = true; has_printed;) { // those whose parts are printed, again and again
        has_printed = false;
        for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
            const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
            bool is_ready = print->is_used[gate] && !is_printed[gate];
            for (size_t i = 0; i < row->step_count; i++)
                is_ready &= qhm_qasm_gate_is_known(print->version, row->steps[i].gate) ||
                            is_printed[row->steps[i].gate];
            if (!is_ready)
                continue;
            print_gate(print, (qhm_gate)gate);
            is_printed[gate] = has_printed = true;
        }
    }
    for (size_t i = 0; i < print->unitary_count; i++)
        QHM_TRY(print_unitary(print, print->unitaries[i], print->unitary_names[i]));
    return QHM_OK;
}
