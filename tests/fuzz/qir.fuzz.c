// QIR programs: whatever is read is a circuit that prints, and that comes back as it was if it has
// what QIR keeps.
#include "fuzz/fuzz_checks.h"

#include <qhm/qir.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_circuit *circuit;
    if (qhm_qir_parse((const char *)data, size, "x.ll", &circuit) != QHM_OK) {
        FUZZ_REQUIRE(strncmp(qhm_error_message(), "x.ll", 4) == 0);
        return 0;
    }
    char *text, *again;
    qhm_circuit *read;
    if (qhm_circuit_qubit_count(circuit) < 1000 && qhm_circuit_bit_count(circuit) < 1000 &&
        qhm_qir_print(circuit, NULL, &text) == QHM_OK) {
        FUZZ_REQUIRE(qhm_qir_parse(text, strlen(text), NULL, &read) == QHM_OK);
        FUZZ_REQUIRE(qhm_qir_print(read, NULL, &again) == QHM_OK);
        qhm_string_destroy(again);
        qhm_string_destroy(text);
        qhm_circuit_destroy(read);
    }
    qhm_circuit_destroy(circuit);
    return 0;
}
