// Gates that need no definition: rows of the gate table, and definitions from such rows.
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

typedef struct built_in {
    const char *name;
    unsigned parameter_count, qubit_count;
    qasm_meaning meaning;
    qhm_gate row;
    unsigned libraries;
    const char *definition; // QASM_GATE_STEPS: in OpenQASM 3
} built_in;

enum { Q = QASM_IN_QELIB1, S = QASM_IN_STDGATES, H = QASM_IN_HQSLIB1, BOTH = Q | S };

#define ROW(name, angles, qubits, gate, libraries)                                                 \
    {                                                                                              \
        name, angles, qubits, QASM_GATE_OF_TABLE, gate, libraries, NULL                            \
    }
#define STEPS(name, angles, qubits, libraries, definition)                                         \
    {                                                                                              \
        name, angles, qubits, QASM_GATE_STEPS, QHM_GATE_BARRIER, libraries, definition             \
    }

// The U of the language and gphase come first: they are chosen by version.
static const built_in table[] = {
    {"U", 3, 1, QASM_GATE_U3, QHM_GATE_U, QASM_ALWAYS_2 | QASM_ALWAYS_3, NULL},
    {"gphase", 1, 0, QASM_GATE_PHASE, QHM_GATE_P, QASM_ALWAYS_3, NULL},
    ROW("CX", 0, 2, QHM_GATE_CX, QASM_ALWAYS_2 | S),
    {"id", 0, 1, QASM_GATE_NOTHING, QHM_GATE_BARRIER, BOTH, NULL},
    {"u0", 1, 1, QASM_GATE_NOTHING, QHM_GATE_BARRIER, Q, NULL},
    ROW("h", 0, 1, QHM_GATE_H, BOTH),
    ROW("x", 0, 1, QHM_GATE_X, BOTH),
    ROW("y", 0, 1, QHM_GATE_Y, BOTH),
    ROW("z", 0, 1, QHM_GATE_Z, BOTH),
    ROW("s", 0, 1, QHM_GATE_S, BOTH),
    ROW("sdg", 0, 1, QHM_GATE_SDG, BOTH),
    ROW("t", 0, 1, QHM_GATE_T, BOTH),
    ROW("tdg", 0, 1, QHM_GATE_TDG, BOTH),
    ROW("sx", 0, 1, QHM_GATE_SX, BOTH),
    ROW("sxdg", 0, 1, QHM_GATE_SXDG, Q),
    ROW("rx", 1, 1, QHM_GATE_RX, BOTH),
    ROW("ry", 1, 1, QHM_GATE_RY, BOTH),
    ROW("rz", 1, 1, QHM_GATE_RZ, BOTH),
    ROW("p", 1, 1, QHM_GATE_P, BOTH),
    ROW("phase", 1, 1, QHM_GATE_P, S),
    ROW("u1", 1, 1, QHM_GATE_P, BOTH),
    ROW("u", 3, 1, QHM_GATE_U, Q),
    ROW("cx", 0, 2, QHM_GATE_CX, BOTH),
    ROW("cy", 0, 2, QHM_GATE_CY, BOTH),
    ROW("cz", 0, 2, QHM_GATE_CZ, BOTH),
    ROW("ch", 0, 2, QHM_GATE_CH, BOTH),
    ROW("cp", 1, 2, QHM_GATE_CP, BOTH),
    ROW("cu1", 1, 2, QHM_GATE_CP, Q),
    ROW("cphase", 1, 2, QHM_GATE_CP, S),
    ROW("crx", 1, 2, QHM_GATE_CRX, BOTH),
    ROW("cry", 1, 2, QHM_GATE_CRY, BOTH),
    ROW("crz", 1, 2, QHM_GATE_CRZ, BOTH),
    ROW("swap", 0, 2, QHM_GATE_SWAP, BOTH),
    ROW("iswap", 0, 2, QHM_GATE_ISWAP, 0),
    ROW("iswapdg", 0, 2, QHM_GATE_ISWAPDG, 0),
    ROW("ecr", 0, 2, QHM_GATE_ECR, 0),
    ROW("rxx", 1, 2, QHM_GATE_RXX, Q),
    ROW("ryy", 1, 2, QHM_GATE_RYY, 0),
    ROW("rzz", 1, 2, QHM_GATE_RZZ, Q),
    ROW("ccx", 0, 3, QHM_GATE_CCX, BOTH),
    ROW("cswap", 0, 3, QHM_GATE_CSWAP, BOTH),
    // By definition. OpenQASM's u2 and u3 have determinant 1; under a control that can be seen.
    STEPS("u2", 2, 1, BOTH, "gate u2(a, b) q { gphase(-(a + b) / 2); u(pi / 2, a, b) q; }"),
    STEPS("u3", 3, 1, BOTH, "gate u3(t, a, b) q { gphase(-(a + b) / 2); u(t, a, b) q; }"),
    STEPS("cu3", 3, 2, Q, "gate cu3(t, a, b) c, q { ctrl @ u(t, a, b) c, q; }"),
    {"cu", 4, 2, QASM_GATE_CU, QHM_GATE_U, BOTH, NULL},
    STEPS("csx", 0, 2, Q, "gate csx c, q { ctrl @ sx c, q; }"),
    STEPS("c3x", 0, 4, Q, "gate c3x a, b, c, d { ctrl(2) @ cx a, b, c, d; }"),
    STEPS("c4x", 0, 5, Q, "gate c4x a, b, c, d, e { ctrl(3) @ cx a, b, c, d, e; }"),
    STEPS("c3sqrtx", 0, 4, Q, "gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }"),
    STEPS("rccx", 0, 3, Q,
          "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }"),
    STEPS("rc3x", 0, 4, Q,
          "gate rc3x a, b, c, d { h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; "
          "cx a, d; t d; cx b, d; tdg d; h d; t d; cx c, d; tdg d; h d; }"),
    STEPS("dcx", 0, 2, 0, "gate dcx a, b { cx a, b; cx b, a; }"),
    STEPS("ccz", 0, 3, 0, "gate ccz a, b, c { ctrl @ cz a, b, c; }"),
    STEPS("cs", 0, 2, 0, "gate cs a, b { ctrl @ s a, b; }"),
    STEPS("csdg", 0, 2, 0, "gate csdg a, b { ctrl @ sdg a, b; }"),
    STEPS("rzx", 1, 2, 0, "gate rzx(t) a, b { h b; rzz(t) a, b; h b; }"),
    STEPS("r", 2, 1, 0, "gate r(t, a) q { u(t, a - pi / 2, pi / 2 - a) q; }"),
    // Quantinuum's, whose other gates are those of qelib1.inc.
    ROW("Rz", 1, 1, QHM_GATE_RZ, H),
    ROW("RZZ", 1, 2, QHM_GATE_RZZ, H),
    STEPS("U1q", 2, 1, H, "gate U1q(t, a) q { u(t, a - pi / 2, pi / 2 - a) q; }"),
    STEPS("ZZ", 0, 2, H, "gate ZZ a, b { rzz(pi / 2) a, b; }"),
    STEPS("Rxxyyzz", 3, 2, H,
          "gate Rxxyyzz(x, y, z) a, b { rxx(x) a, b; ryy(y) a, b; rzz(z) a, b; }"),
    // Amazon Braket's names.
    {"i", 0, 1, QASM_GATE_NOTHING, QHM_GATE_BARRIER, 0, NULL},
    ROW("si", 0, 1, QHM_GATE_SDG, 0),
    ROW("ti", 0, 1, QHM_GATE_TDG, 0),
    ROW("v", 0, 1, QHM_GATE_SX, 0),
    ROW("vi", 0, 1, QHM_GATE_SXDG, 0),
    ROW("cnot", 0, 2, QHM_GATE_CX, 0),
    ROW("ccnot", 0, 3, QHM_GATE_CCX, 0),
    ROW("phaseshift", 1, 1, QHM_GATE_P, 0),
    ROW("cphaseshift", 1, 2, QHM_GATE_CP, 0),
    ROW("xx", 1, 2, QHM_GATE_RXX, 0),
    ROW("yy", 1, 2, QHM_GATE_RYY, 0),
    ROW("zz", 1, 2, QHM_GATE_RZZ, 0),
    STEPS("cv", 0, 2, 0, "gate cv a, b { ctrl @ sx a, b; }"),
    STEPS("cphaseshift00", 1, 2, 0,
          "gate cphaseshift00(t) a, b { negctrl @ x a, b; negctrl @ p(t) a, b; "
          "negctrl @ x a, b; }"),
    STEPS("cphaseshift01", 1, 2, 0, "gate cphaseshift01(t) a, b { negctrl @ p(t) a, b; }"),
    STEPS("cphaseshift10", 1, 2, 0, "gate cphaseshift10(t) a, b { negctrl @ p(t) b, a; }"),
    STEPS("xy", 1, 2, 0, "gate xy(t) a, b { rxx(-t / 2) a, b; ryy(-t / 2) a, b; }"),
    STEPS("pswap", 1, 2, 0, "gate pswap(t) a, b { cx a, b; p(t) b; cx a, b; swap a, b; }"),
    STEPS("gpi", 1, 1, 0, "gate gpi(a) q { u(pi, a, pi - a) q; }"),
    STEPS("gpi2", 1, 1, 0, "gate gpi2(a) q { u(pi / 2, a - pi / 2, pi / 2 - a) q; }"),
    STEPS("prx", 2, 1, 0, "gate prx(t, a) q { u(t, a - pi / 2, pi / 2 - a) q; }"),
};

size_t qhm_qasm_built_in_count(void)
{
    return sizeof table / sizeof table[0];
}

const char *qhm_qasm_built_in_name(size_t index)
{
    return table[index].name;
}

// Reads the definition as a source without a name; there are no errors in it.
static qhm_status define(qasm_reader *reader, const built_in *row, qasm_gate *gate)
{
    uint16_t source;
    size_t length = strlen(row->definition);
    QHM_TRY(qhm_qasm_source_add(reader, NULL, NULL, row->definition, length, &source));
    qasm_lexer lexer = {
        .bytes = row->definition, .length = length, .source = source, .names = &reader->names};
    qasm_stream stream = {.lexer = &lexer}, *outer_stream = reader->stream;
    int version = reader->version;
    bool was_built_in = reader->is_in_built_in;
    qasm_token last = reader->last;
    reader->stream = &stream;
    reader->version = 3;
    reader->is_in_built_in = true;
    qhm_status status = qhm_qasm_definition_into(reader, gate);
    qhm_qasm_stream_release(&stream);
    reader->stream = outer_stream;
    reader->version = version;
    reader->is_in_built_in = was_built_in;
    reader->last = last;
    return status;
}

// A user's gate may have hidden a name that a definition uses: definitions look names up here.
qhm_status qhm_qasm_built_in(qasm_reader *reader, const char *name, const qasm_gate **found)
{
    *found = NULL;
    size_t index = 0;
    while (index < qhm_qasm_built_in_count() && strcmp(table[index].name, name) != 0)
        index++;
    if (index == qhm_qasm_built_in_count())
        return QHM_OK;
    if (!reader->built_in_gates) {
        QHM_TRY(qhm_qasm_arena_take(&reader->kept, qhm_qasm_built_in_count(),
                                    sizeof *reader->built_in_gates, &reader->built_in_gates));
        memset(reader->built_in_gates, 0,
               qhm_qasm_built_in_count() * sizeof *reader->built_in_gates);
    }
    if (reader->built_in_gates[index]) {
        *found = reader->built_in_gates[index];
        return QHM_OK;
    }
    const built_in *row = &table[index];
    qasm_gate *gate;
    QHM_TRY(qhm_qasm_arena_take(&reader->kept, 1, sizeof *gate, &gate));
    *gate = (qasm_gate){.name = row->name,
                        .meaning = row->meaning,
                        .row = row->row,
                        .parameter_count = row->parameter_count,
                        .qubit_count = row->qubit_count,
                        .is_built_in = true,
                        .libraries = row->libraries};
    if (row->meaning == QASM_GATE_U3 && reader->version == 2)
        gate->meaning = QASM_GATE_OF_TABLE; // no controls there, so the phase cannot be seen
    if (row->meaning == QASM_GATE_STEPS)
        QHM_TRY(define(reader, row, gate));
    reader->built_in_gates[index] = gate;
    *found = gate;
    return QHM_OK;
}
