// Physical qubits, $0, $1, ...: those that a program names become the circuit's, a register each.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/qasm/qasm_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The number of "$17"; QHM_CIRCUIT_MAX_QUBITS for all beyond.
static uint32_t number_of(const char *text, size_t length)
{
    uint32_t number = 0;
    for (size_t i = 1; i < length && number < QHM_CIRCUIT_MAX_QUBITS; i++)
        number = 10 * number + (uint32_t)(text[i] - '0');
    return number < QHM_CIRCUIT_MAX_QUBITS ? number : QHM_CIRCUIT_MAX_QUBITS;
}

static void mark_used(qasm_reader *reader, const qasm_source *source, bool *is_used)
{
    qasm_lexer lexer = {.bytes = source->bytes, .length = source->length, .names = &reader->names};
    qasm_token token;
    do {
        if (qhm_qasm_lexer_next(&lexer, &token) != QHM_OK)
            return; // it will be told where the token is read
        if (token.kind == QASM_HARDWARE) {
            const uint32_t number = number_of(source->bytes + token.offset, token.length);
            if (number < QHM_CIRCUIT_MAX_QUBITS)
                is_used[number] = true;
        }
    } while (token.kind != QASM_END_OF_TEXT);
}

static qhm_status append(qasm_reader *reader, const bool *is_used)
{
    size_t count = 0;
    for (uint32_t n = 0; n < QHM_CIRCUIT_MAX_QUBITS; n++)
        count += is_used[n];
    QHM_TRY(qhm_allocate(count, sizeof *reader->hardware, &reader->hardware));
    reader->hardware_first = (uint32_t)qhm_circuit_qubit_count(reader->circuit);
    for (uint32_t n = 0; n < QHM_CIRCUIT_MAX_QUBITS; n++)
        if (is_used[n]) {
            char name[16];
            snprintf(name, sizeof name, "$%u", n);
            QHM_TRY(qhm_circuit_append_qubits(reader->circuit, name, 1));
            reader->hardware[reader->hardware_count++] = n;
        }
    return QHM_OK;
}

// Of the files read so far. They are found before the first is used, so that they ascend.
static qhm_status add_all(qasm_reader *reader)
{
    bool *is_used;
    QHM_TRY(qhm_allocate(QHM_CIRCUIT_MAX_QUBITS, sizeof *is_used, &is_used));
    for (size_t i = 0; i < reader->source_count; i++)
        mark_used(reader, &reader->sources[i], is_used);
    const qhm_status status = append(reader, is_used);
    qhm_release(is_used);
    return status;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

qhm_status qhm_qasm_hardware_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    const uint32_t number = number_of(qhm_qasm_bytes(reader, token), token.length);
    if (number >= QHM_CIRCUIT_MAX_QUBITS)
        return qhm_qasm_fail(reader, token, NULL,
                             "%s is beyond the %d qubits that a circuit can have",
                             qhm_qasm_text(reader, token), QHM_CIRCUIT_MAX_QUBITS);
    if (!reader->hardware)
        QHM_TRY(add_all(reader));
    const uint32_t *found =
        bsearch(&number, reader->hardware, reader->hardware_count, sizeof number, compare_numbers);
    if (!found)
        return qhm_qasm_fail(reader, token, NULL,
                             "%s is in a file that is included after the first physical qubit",
                             qhm_qasm_text(reader, token));
    *value = (qasm_value){.kind = QASM_QUBITS,
                          .is_single = true,
                          .width = 1,
                          .first = reader->hardware_first + (uint32_t)(found - reader->hardware)};
    return QHM_OK;
}
