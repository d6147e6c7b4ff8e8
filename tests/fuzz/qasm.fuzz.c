// OpenQASM: whatever is read, its diagnostics print, and what was understood prints to a program
// that reads back to the same circuit.
#include "fuzz/fuzz_checks.h"

#include <qhm/qasm.h>
#include <qhm/types.h>

#include <string.h>

static void check_diagnostics(const qhm_diagnostics *diagnostics, bool has_failed)
{
    FUZZ_REQUIRE(!has_failed || qhm_diagnostics_error_count(diagnostics) <= 5);
    for (size_t i = 0; i < qhm_diagnostics_count(diagnostics); i++) {
        const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, i);
        FUZZ_REQUIRE(item->line >= 1 && item->column >= 1 && strlen(item->message) > 0);
    }
    char *text;
    FUZZ_REQUIRE(qhm_diagnostics_print(diagnostics, true, &text) == QHM_OK);
    for (const char *c = text; *c; c++)
        FUZZ_REQUIRE(*c == '\n' || *c == '\t' || (*c >= ' ' && *c < 0x7F));
    qhm_string_destroy(text);
}

static void check_circuit(const qhm_circuit *circuit)
{
    qhm_circuit *again = NULL;
    char *text;
    if (qhm_qasm_print(circuit, NULL, &text) != QHM_OK)
        return;
    if (qhm_qasm_parse(text, strlen(text), NULL, &again, NULL) != QHM_OK) {
        fprintf(stderr, "%s\n%s\n", qhm_error_message(), text);
        abort();
    }
    FUZZ_REQUIRE(qhm_circuit_instruction_count(circuit) == qhm_circuit_instruction_count(again));
    qhm_circuit_destroy(again);
    qhm_string_destroy(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // Nothing is there to be included.
    qhm_qasm_options options = {.file_name = "/nowhere/x.qasm",
                                .max_errors = 5,
                                .max_instructions = 20000,
                                .strict = size % 5 == 0};
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    qhm_status status = qhm_qasm_parse((const char *)data, size, &options, &circuit, &diagnostics);
    FUZZ_REQUIRE(status == QHM_OK || status == QHM_ERROR_BAD_INPUT ||
                 status == QHM_ERROR_RESOURCE_LIMIT);
    FUZZ_REQUIRE((status == QHM_ERROR_BAD_INPUT) == (qhm_diagnostics_error_count(diagnostics) > 0 &&
                                                     status != QHM_ERROR_RESOURCE_LIMIT));
    check_diagnostics(diagnostics, status != QHM_OK);
    if (status == QHM_OK && qhm_circuit_qubit_count(circuit) <= 1000)
        check_circuit(circuit);
    qhm_circuit_destroy(circuit);
    qhm_diagnostics_destroy(diagnostics);
    return 0;
}
