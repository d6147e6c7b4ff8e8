// QIR Base Profile programs from circuits.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/final_measurements.h"

#include <qhm/qir.h>
#include <string.h>

enum { NO_RESULT = UINT32_MAX };

// The gates that programs call, and the functions behind them.
static const struct {
    qhm_gate gate;
    const char *function;
} gates[] = {
    {QHM_GATE_H, "h__body"},     {QHM_GATE_X, "x__body"},       {QHM_GATE_Y, "y__body"},
    {QHM_GATE_Z, "z__body"},     {QHM_GATE_S, "s__body"},       {QHM_GATE_SDG, "s__adj"},
    {QHM_GATE_T, "t__body"},     {QHM_GATE_TDG, "t__adj"},      {QHM_GATE_RX, "rx__body"},
    {QHM_GATE_RY, "ry__body"},   {QHM_GATE_RZ, "rz__body"},     {QHM_GATE_CX, "cnot__body"},
    {QHM_GATE_CZ, "cz__body"},   {QHM_GATE_SWAP, "swap__body"}, {QHM_GATE_CCX, "ccx__body"},
    {QHM_GATE_RXX, "rxx__body"}, {QHM_GATE_RYY, "ryy__body"},   {QHM_GATE_RZZ, "rzz__body"},
};
enum { FUNCTION_COUNT = sizeof gates / sizeof gates[0] };

struct program {
    const qhm_circuit *circuit; // of the gates above
    bool is_typed;              // version 1
    const char *entry;
    uint32_t *results; // [bits]: the result that a bit holds at the end, or NO_RESULT
    size_t result_count;
    bool is_used[FUNCTION_COUNT];
    size_t label_count;
    qhm_text labels, body, measurements, output;
};

static size_t function_of(qhm_gate gate)
{
    size_t i = 0;
    while (gates[i].gate != gate)
        i++;
    return i;
}

static void print_pointer(const struct program *program, qhm_text *text, const char *type,
                          const char *attribute, size_t number)
{
    if (program->is_typed)
        qhm_text_print(text, "%%%s* %s", type, attribute);
    else
        qhm_text_print(text, "ptr %s", attribute);
    if (number == 0)
        qhm_text_append(text, "null");
    else if (program->is_typed)
        qhm_text_print(text, "inttoptr (i64 %zu to %%%s*)", number, type);
    else
        qhm_text_print(text, "inttoptr (i64 %zu to ptr)", number);
}

static void print_gate(struct program *program, const qhm_instruction *instruction)
{
    qhm_text *text = &program->body;
    const size_t function = function_of(instruction->gate);
    program->is_used[function] = true;
    qhm_text_print(text, "  call void @__quantum__qis__%s(", gates[function].function);
    if (instruction->angles) { // the bits of the double, which LLVM reads back exactly
        uint64_t bits;
        memcpy(&bits, &instruction->angles[0].offset, sizeof bits);
        qhm_text_print(text, "double 0x%016llX, ", (unsigned long long)bits);
    }
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        qhm_text_append(text, i > 0 ? ", " : "");
        print_pointer(program, text, "Qubit", "", instruction->qubits[i]);
    }
    qhm_text_append(text, ")\n");
}

static void print_measurement(struct program *program, const qhm_instruction *instruction)
{
    qhm_text *text = &program->measurements;
    const size_t result = program->result_count++;
    program->results[instruction->bit] = (uint32_t)result;
    qhm_text_append(text, "  call void @__quantum__qis__mz__body(");
    print_pointer(program, text, "Qubit", "", instruction->qubits[0]);
    qhm_text_append(text, ", ");
    print_pointer(program, text, "Result", "writeonly ", result);
    qhm_text_append(text, ")\n");
}

// A label as a constant of the program, and a pointer to it.
static void print_label(struct program *program, const char *name, size_t place, bool is_array)
{
    qhm_text label = {0};
    qhm_text_append(&label, name);
    if (!is_array)
        qhm_text_print(&label, "[%zu]", place);
    const size_t size = label.length + 1, number = program->label_count++;
    qhm_text_print(&program->labels, "@%zu = internal constant [%zu x i8] c\"", number, size);
    for (size_t i = 0; i < label.length; i++) {
        const unsigned char byte = (unsigned char)label.bytes[i];
        if (byte >= ' ' && byte < 127 && byte != '"' && byte != '\\')
            qhm_text_append_bytes(&program->labels, &label.bytes[i], 1);
        else
            qhm_text_print(&program->labels, "\\%02X", byte);
    }
    qhm_text_append(&program->labels, "\\00\"\n");
    qhm_text_release_part(&program->labels, &label);
    if (program->is_typed)
        qhm_text_print(&program->output,
                       "i8* getelementptr inbounds ([%zu x i8], [%zu x i8]* @%zu, i32 0, i32 0))\n",
                       size, size, number);
    else
        qhm_text_print(&program->output, "ptr @%zu)\n", number);
}

static void print_register(struct program *program, const qhm_register *bits)
{
    size_t measured = 0;
    for (uint32_t i = 0; i < bits->count; i++)
        measured += program->results[bits->first + i] != NO_RESULT;
    if (measured == 0)
        return;
    qhm_text_print(&program->output, "  call void @__quantum__rt__array_record_output(i64 %zu, ",
                   measured);
    print_label(program, bits->name, 0, true);
    for (uint32_t i = 0; i < bits->count; i++) {
        const uint32_t result = program->results[bits->first + i];
        if (result == NO_RESULT)
            continue;
        qhm_text_append(&program->output, "  call void @__quantum__rt__result_record_output(");
        print_pointer(program, &program->output, "Result", "", result);
        qhm_text_append(&program->output, ", ");
        print_label(program, bits->name, i, false);
    }
}

static void print_declarations(const struct program *program, qhm_text *text)
{
    const char *qubit = program->is_typed ? "%Qubit*" : "ptr";
    const char *result = program->is_typed ? "%Result*" : "ptr";
    const char *label = program->is_typed ? "i8*" : "ptr";
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (!program->is_used[i])
            continue;
        const qhm_gate_info *info = qhm_gate_information(gates[i].gate);
        qhm_text_print(text, "declare void @__quantum__qis__%s(%s", gates[i].function,
                       info->angle_count > 0 ? "double, " : "");
        for (unsigned q = 0; q < info->control_count + info->target_count; q++)
            qhm_text_print(text, "%s%s", q > 0 ? ", " : "", qubit);
        qhm_text_append(text, ")\n");
    }
    qhm_text_print(text,
                   "declare void @__quantum__qis__mz__body(%s, %s writeonly) #1\n"
                   "declare void @__quantum__rt__initialize(%s)\n"
                   "declare void @__quantum__rt__array_record_output(i64, %s)\n"
                   "declare void @__quantum__rt__result_record_output(%s, %s)\n",
                   qubit, result, label, label, result, label);
}

static void print_part(qhm_text *text, qhm_text *part)
{
    if (part->length > 0)
        qhm_text_append_bytes(text, part->bytes, part->length);
    qhm_text_release_part(text, part);
}

static void print_module(struct program *program, qhm_text *text)
{
    if (program->is_typed)
        qhm_text_append(text, "%Qubit = type opaque\n%Result = type opaque\n\n");
    print_part(text, &program->labels);
    qhm_text_print(text,
                   "\ndefine i64 @%s() #0 {\nentry:\n"
                   "  call void @__quantum__rt__initialize(%s null)\n"
                   "  br label %%body\n\nbody:\n",
                   program->entry, program->is_typed ? "i8*" : "ptr");
    print_part(text, &program->body);
    qhm_text_append(text, "  br label %measurements\n\nmeasurements:\n");
    print_part(text, &program->measurements);
    qhm_text_append(text, "  br label %output\n\noutput:\n");
    print_part(text, &program->output);
    qhm_text_append(text, "  ret i64 0\n}\n\n");
    print_declarations(program, text);
    qhm_text_print(text,
                   "\nattributes #0 = { \"entry_point\" \"qir_profiles\"=\"base_profile\" "
                   "\"output_labeling_schema\"=\"labeled\" \"required_num_qubits\"=\"%zu\" "
                   "\"required_num_results\"=\"%zu\" }\n"
                   "attributes #1 = { \"irreversible\" }\n\n"
                   "!llvm.module.flags = !{!0, !1, !2, !3}\n"
                   "!0 = !{i32 1, !\"qir_major_version\", i32 %d}\n"
                   "!1 = !{i32 7, !\"qir_minor_version\", i32 0}\n"
                   "!2 = !{i32 1, !\"dynamic_qubit_management\", i1 false}\n"
                   "!3 = !{i32 1, !\"dynamic_result_management\", i1 false}\n",
                   program->circuit->qubit_count, program->result_count, program->is_typed ? 1 : 2);
}

static qhm_status print_program(struct program *program, qhm_text *text)
{
    const qhm_circuit *circuit = program->circuit;
    QHM_TRY(qhm_allocate(circuit->bit_count, sizeof *program->results, &program->results));
    for (size_t i = 0; i < circuit->bit_count; i++)
        program->results[i] = NO_RESULT;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_MEASURE)
            print_measurement(program, instruction);
        else if (qhm_gate_information(instruction->gate)->is_unitary)
            print_gate(program, instruction);
    }
    for (size_t i = 0; i < circuit->bit_registers.count; i++)
        print_register(program, &circuit->bit_registers.items[i]);
    print_module(program, text);
    qhm_release(program->results);
    return QHM_OK;
}

static bool is_name(const char *entry)
{
    for (const char *c = entry; *c; c++) {
        const bool is_letter = *c == '_' || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!is_letter && !(c > entry && *c >= '0' && *c <= '9'))
            return false;
    }
    return *entry != '\0';
}

qhm_status qhm_qir_print(const qhm_circuit *circuit, const qhm_qir_print_options *options,
                         char **text)
{
    QHM_REQUIRE(circuit && text, "qhm_qir_print needs a circuit and a place for the text");
    const unsigned version = options && options->version != 0 ? options->version : 2;
    QHM_REQUIRE(version == 1 || version == 2, "the version of QIR is %u, not 1 or 2", version);
    const char *entry = options && options->entry ? options->entry : "main";
    QHM_REQUIRE(is_name(entry), "the name of the entry function is not letters, digits and _");
    QHM_TRY(qhm_check_final_measurements(circuit, "the Base Profile of QIR"));
    qhm_gate allowed[FUNCTION_COUNT];
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        allowed[i] = gates[i].gate;
    const qhm_expand_options expansion = {.gates = allowed, .gate_count = FUNCTION_COUNT};
    qhm_circuit *expanded;
    QHM_TRY(qhm_circuit_expand(circuit, &expansion, &expanded));
    struct program program = {.circuit = expanded, .is_typed = version == 1, .entry = entry};
    qhm_text made = {0};
    qhm_status status = print_program(&program, &made);
    qhm_circuit_destroy(expanded);
    if (status != QHM_OK)
        return status;
    return qhm_text_take(&made, text);
}
