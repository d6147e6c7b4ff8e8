// Bodies of requests that create jobs in clouds.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/final_measurements.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <jansson.h>
#include <qhm/cloud.h>
#include <qhm/qasm.h>
#include <string.h>

static const char *const cloud_names[] = {"ibm", "braket", "ionq"};
enum { CLOUD_COUNT = sizeof cloud_names / sizeof cloud_names[0], DEFAULT_SHOTS = 1024 };

const char *qhm_cloud_name(qhm_cloud cloud)
{
    return cloud_names[cloud];
}

qhm_status qhm_cloud_find(const char *name, qhm_cloud *cloud)
{
    QHM_REQUIRE(name && cloud, "qhm_cloud_find needs a name and a place for the cloud");
    size_t index;
    QHM_TRY(qhm_find_name("cloud", name, cloud_names, CLOUD_COUNT, &index));
    *cloud = (qhm_cloud)index;
    return QHM_OK;
}

// A gate as a service calls it. NULL ends a list.
struct gate_name {
    const char *name;
    qhm_gate gate;
};

static const struct gate_name braket_gates[] = {
    {"h", QHM_GATE_H},         {"x", QHM_GATE_X},       {"y", QHM_GATE_Y},
    {"z", QHM_GATE_Z},         {"s", QHM_GATE_S},       {"si", QHM_GATE_SDG},
    {"t", QHM_GATE_T},         {"ti", QHM_GATE_TDG},    {"v", QHM_GATE_SX},
    {"vi", QHM_GATE_SXDG},     {"rx", QHM_GATE_RX},     {"ry", QHM_GATE_RY},
    {"rz", QHM_GATE_RZ},       {"cnot", QHM_GATE_CX},   {"phaseshift", QHM_GATE_P},
    {"cy", QHM_GATE_CY},       {"cz", QHM_GATE_CZ},     {"cphaseshift", QHM_GATE_CP},
    {"swap", QHM_GATE_SWAP},   {"xx", QHM_GATE_RXX},    {"yy", QHM_GATE_RYY},
    {"zz", QHM_GATE_RZZ},      {"ccnot", QHM_GATE_CCX}, {"cswap", QHM_GATE_CSWAP},
    {"iswap", QHM_GATE_ISWAP}, {NULL, QHM_GATE_COUNT}};

static const struct gate_name ionq_gates[] = {
    {"h", QHM_GATE_H},   {"x", QHM_GATE_X},     {"y", QHM_GATE_Y},       {"z", QHM_GATE_Z},
    {"s", QHM_GATE_S},   {"si", QHM_GATE_SDG},  {"t", QHM_GATE_T},       {"ti", QHM_GATE_TDG},
    {"v", QHM_GATE_SX},  {"vi", QHM_GATE_SXDG}, {"rx", QHM_GATE_RX},     {"ry", QHM_GATE_RY},
    {"rz", QHM_GATE_RZ}, {"cnot", QHM_GATE_CX}, {"swap", QHM_GATE_SWAP}, {NULL, QHM_GATE_COUNT}};

static const char *name_of(const struct gate_name *names, qhm_gate gate)
{
    size_t i = 0;
    while (names[i].gate != gate)
        i++;
    return names[i].name;
}

static qhm_status expand_to(const qhm_circuit *circuit, const struct gate_name *names,
                            qhm_circuit **expanded)
{
    qhm_gate allowed[QHM_GATE_COUNT];
    size_t count = 0;
    for (; names[count].name; count++)
        allowed[count] = names[count].gate;
    const qhm_expand_options options = {.gates = allowed, .gate_count = count};
    return qhm_circuit_expand(circuit, &options, expanded);
}

// One register of all bits and one of all qubits, in the dialect of Braket.
static void print_braket(const qhm_circuit *circuit, qhm_text *text)
{
    qhm_text_print(text, "OPENQASM 3.0;\nbit[%zu] b;\nqubit[%zu] q;\n", circuit->bit_count,
                   circuit->qubit_count);
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue; // barriers, and resets of qubits that are 0
        qhm_text_append(text, name_of(braket_gates, instruction->gate));
        if (instruction->angles) {
            qhm_text_append(text, "(");
            qhm_qasm_print_number(text, instruction->angles[0].offset);
            qhm_text_append(text, ")");
        }
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            qhm_text_print(text, "%s q[%u]", q > 0 ? "," : "", instruction->qubits[q]);
        qhm_text_append(text, ";\n");
    }
    // Last: an expanded gate may borrow a qubit whose measurement came before it.
    for (size_t i = 0; i < circuit->instruction_count; i++)
        if (circuit->instructions[i].gate == QHM_GATE_MEASURE)
            qhm_text_print(text, "b[%u] = measure q[%u];\n", circuit->instructions[i].bit,
                           circuit->instructions[i].qubits[0]);
}

static json_t *make_braket(const qhm_circuit *circuit, const char *backend, uint64_t shots)
{
    qhm_text source = {0};
    print_braket(circuit, &source);
    char *program = NULL, *action = NULL;
    if (qhm_text_take(&source, &program) != QHM_OK)
        return NULL;
    json_t *inner =
        json_pack("{s:{s:s, s:s}, s:s, s:{}}", "braketSchemaHeader", "name",
                  "braket.ir.openqasm.program", "version", "1", "source", program, "inputs");
    if (inner)
        action = json_dumps(inner, JSON_COMPACT);
    json_decref(inner);
    qhm_release(program);
    json_t *body = !action ? NULL
                           : json_pack("{s:s, s:I, s:s}", "deviceArn", backend, "shots",
                                       (json_int_t)shots, "action", action);
    free(action);
    return body;
}

static json_t *make_ionq_gate(const qhm_instruction *instruction)
{
    const uint32_t *qubits = instruction->qubits;
    const char *name = name_of(ionq_gates, instruction->gate);
    if (instruction->gate == QHM_GATE_CX)
        return json_pack("{s:s, s:i, s:i}", "gate", name, "control", (int)qubits[0], "target",
                         (int)qubits[1]);
    if (instruction->gate == QHM_GATE_SWAP)
        return json_pack("{s:s, s:[i, i]}", "gate", name, "targets", (int)qubits[0],
                         (int)qubits[1]);
    if (instruction->angles)
        return json_pack("{s:s, s:i, s:f}", "gate", name, "target", (int)qubits[0], "rotation",
                         instruction->angles[0].offset);
    return json_pack("{s:s, s:i}", "gate", name, "target", (int)qubits[0]);
}

// All qubits are measured at the end, without being told.
static json_t *make_ionq(const qhm_circuit *circuit, const char *backend, uint64_t shots)
{
    json_t *gates = json_array();
    for (size_t i = 0; gates && i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (qhm_gate_information(instruction->gate)->is_unitary &&
            json_array_append_new(gates, make_ionq_gate(instruction)) != 0) {
            json_decref(gates);
            gates = NULL;
        }
    }
    return !gates ? NULL
                  : json_pack("{s:s, s:s, s:I, s:{s:I, s:s, s:o}}", "type", "ionq.circuit.v1",
                              "backend", backend, "shots", (json_int_t)shots, "input", "qubits",
                              (json_int_t)circuit->qubit_count, "gateset", "qis", "circuit", gates);
}

static qhm_status make_ibm(const qhm_circuit *circuit, const char *backend, uint64_t shots,
                           json_t **body)
{
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        const qhm_gate_info *info = qhm_gate_information(instruction->gate);
        for (unsigned a = 0; a < info->angle_count; a++)
            if (!qhm_angle_is_constant(&instruction->angles[a]))
                return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                                "instruction %zu: a job for ibm has no parameters, bind them "
                                "first: %s",
                                i, info->name);
    }
    // Gates of stdgates.inc only, so that the program needs no definitions.
    qhm_gate known[QHM_GATE_COUNT];
    size_t count = 0;
    for (unsigned gate = 0; gate < QHM_GATE_UNITARY; gate++)
        if (qhm_qasm_gate_is_known(3, (qhm_gate)gate))
            known[count++] = (qhm_gate)gate;
    qhm_circuit *expanded = NULL;
    char *program = NULL;
    QHM_TRY(qhm_circuit_expand(circuit, &(qhm_expand_options){.gates = known, .gate_count = count},
                               &expanded));
    qhm_status status =
        qhm_qasm_print(expanded, &(qhm_qasm_print_options){.omits_annotations = true}, &program);
    qhm_circuit_destroy(expanded);
    QHM_TRY(status);
    *body = json_pack("{s:s, s:s, s:{s:[[s, n, I]], s:i}}", "program_id", "sampler", "backend",
                      backend, "params", "pubs", program, (json_int_t)shots, "version", 2);
    qhm_release(program);
    return QHM_OK;
}

// Braket's and IonQ's bodies hold gates, then measurements.
static qhm_status make_plain(const qhm_circuit *circuit, qhm_cloud cloud, const char *backend,
                             uint64_t shots, json_t **body)
{
    const bool is_braket = cloud == QHM_CLOUD_BRAKET;
    QHM_TRY(
        qhm_check_final_measurements(circuit, is_braket ? "a job for braket" : "a job for ionq"));
    qhm_circuit *expanded;
    QHM_TRY(expand_to(circuit, is_braket ? braket_gates : ionq_gates, &expanded));
    *body = is_braket ? make_braket(expanded, backend, shots) : make_ionq(expanded, backend, shots);
    qhm_circuit_destroy(expanded);
    return QHM_OK;
}

static bool is_measured(const qhm_circuit *circuit)
{
    size_t i = 0;
    while (i < circuit->instruction_count && circuit->instructions[i].gate != QHM_GATE_MEASURE)
        i++;
    return i < circuit->instruction_count;
}

qhm_status qhm_cloud_job_print(const qhm_circuit *circuit, qhm_cloud cloud,
                               const qhm_cloud_job_options *options, char **text)
{
    static const char *const default_backends[] = {
        NULL, "arn:aws:braket:::device/quantum-simulator/amazon/sv1", "simulator"};
    QHM_REQUIRE(circuit && text, "qhm_cloud_job_print needs a circuit and a place for the text");
    QHM_REQUIRE((unsigned)cloud < CLOUD_COUNT, "the cloud is %u, not below %d", (unsigned)cloud,
                CLOUD_COUNT);
    const char *backend = options && options->backend ? options->backend : default_backends[cloud];
    QHM_REQUIRE(backend, "a job for ibm needs the name of its backend");
    const uint64_t shots = options && options->shots > 0 ? options->shots : DEFAULT_SHOTS;
    QHM_REQUIRE(shots <= INT64_MAX, "%llu shots are too many", (unsigned long long)shots);
    if (!is_measured(circuit))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the circuit measures nothing");
    json_t *body = NULL;
    QHM_TRY(cloud == QHM_CLOUD_IBM ? make_ibm(circuit, backend, shots, &body)
                                   : make_plain(circuit, cloud, backend, shots, &body));
    char *dumped = body ? json_dumps(body, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(body);
    if (!dumped)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot allocate memory for the job");
    qhm_text made = {0};
    qhm_text_append(&made, dumped);
    qhm_text_append(&made, "\n");
    free(dumped);
    return qhm_text_take(&made, text);
}
