// The runtime: shots, outputs, results, qubits, arrays, texts.
#include "qir/qir_shot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qir_string {
    int64_t references;
    char text[];
};

void __quantum__rt__initialize(char *text)
{
    (void)text;
    qhm_qir_shot_begin();
}

static void record_count(const char *kind, int64_t count, const char *label)
{
    char value[32];
    snprintf(value, sizeof value, "%" PRId64, count);
    qhm_qir_record(kind, value, label);
}

void __quantum__rt__tuple_record_output(int64_t count, const char *label)
{
    record_count("TUPLE", count, label);
}

void __quantum__rt__array_record_output(int64_t count, const char *label)
{
    record_count("ARRAY", count, label);
}

void __quantum__rt__result_record_output(qir_result *result, const char *label)
{
    qhm_qir_record_result(result, label);
}

void __quantum__rt__bool_record_output(bool value, const char *label)
{
    qhm_qir_record("BOOL", value ? "true" : "false", label);
}

void __quantum__rt__int_record_output(int64_t value, const char *label)
{
    record_count("INT", value, label);
}

void __quantum__rt__double_record_output(double value, const char *label)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    qhm_qir_record("DOUBLE", text, label);
}

bool __quantum__rt__read_result(qir_result *result)
{
    return qhm_qir_read(result);
}

bool __quantum__qis__read_result__body(qir_result *result)
{
    return qhm_qir_read(result);
}

bool __quantum__rt__result_equal(qir_result *a, qir_result *b)
{
    return qhm_qir_read(a) == qhm_qir_read(b);
}

// Results are numbers.
void __quantum__rt__result_update_reference_count(qir_result *result, int32_t change)
{
    (void)result;
    (void)change;
}

qir_qubit *__quantum__rt__qubit_allocate(void)
{
    return qhm_qir_qubit_take();
}

void __quantum__rt__qubit_release(qir_qubit *qubit)
{
    qhm_qir_qubit_give_back(qubit);
}

qir_array *__quantum__rt__qubit_allocate_array(int64_t count)
{
    qir_array *array = __quantum__rt__array_create_1d((int32_t)sizeof(qir_qubit *), count);
    for (int64_t i = 0; i < count; i++)
        ((qir_qubit **)(void *)array->items)[i] = qhm_qir_qubit_take();
    return array;
}

void __quantum__rt__qubit_release_array(qir_array *array)
{
    for (int64_t i = 0; i < array->count; i++)
        qhm_qir_qubit_give_back(((qir_qubit **)(void *)array->items)[i]);
    __quantum__rt__array_update_reference_count(array, -1);
}

qir_array *__quantum__rt__array_create_1d(int32_t element_bytes, int64_t count)
{
    if (element_bytes < 0 || count < 0 || count > 1 << 28)
        qhm_qir_fail("an array of %" PRId64 " elements of %d bytes cannot be made", count,
                     element_bytes);
    const size_t bytes = (size_t)element_bytes * (size_t)count;
    qir_array *array = qhm_qir_allocate(1, sizeof *array + bytes);
    *array = (qir_array){.count = count, .references = 1, .element_bytes = (size_t)element_bytes};
    return array;
}

char *__quantum__rt__array_get_element_ptr_1d(qir_array *array, int64_t index)
{
    if (index < 0 || index >= array->count)
        qhm_qir_fail("element %" PRId64 " of an array of %" PRId64 " is asked for", index,
                     array->count);
    return array->items + (size_t)index * array->element_bytes;
}

int64_t __quantum__rt__array_get_size_1d(qir_array *array)
{
    return array->count;
}

void __quantum__rt__array_update_reference_count(qir_array *array, int32_t change)
{
    if (array && (array->references += change) <= 0)
        free(array);
}

// Aliases matter to programs that copy arrays, which this runtime does not.
void __quantum__rt__array_update_alias_count(qir_array *array, int32_t change)
{
    (void)array;
    (void)change;
}

qir_string *__quantum__rt__string_create(const char *text)
{
    const size_t size = strlen(text) + 1;
    qir_string *string = qhm_qir_allocate(1, sizeof *string + size);
    string->references = 1;
    memcpy(string->text, text, size);
    return string;
}

const char *__quantum__rt__string_get_data(qir_string *string)
{
    return string->text;
}

void __quantum__rt__string_update_reference_count(qir_string *string, int32_t change)
{
    if (string && (string->references += change) <= 0)
        free(string);
}

void __quantum__rt__message(qir_string *string)
{
    fprintf(stderr, "%s\n", string->text);
}

void __quantum__rt__fail(qir_string *string)
{
    qhm_qir_fail("%s", string ? string->text : "the program failed");
}
