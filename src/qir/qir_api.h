// The functions that QIR programs call, by the QIR specification: __quantum__rt__* is the runtime,
// __quantum__qis__* the instruction set. Qubits and results are opaque pointers whose value is
// their number, so that NULL is qubit 0 and result 0.
#ifndef QHM_QIR_API_H
#define QHM_QIR_API_H

#include <stdbool.h>
#include <stdint.h>

#define QIR_API __attribute__((visibility("default")))

typedef struct qir_qubit qir_qubit;
typedef struct qir_result qir_result;
typedef struct qir_array qir_array;
typedef struct qir_string qir_string;

// What __ctl rotations of one angle take.
typedef struct qir_rotation {
    double angle;
    qir_qubit *target;
} qir_rotation;

// Begins a shot; what came before is ended and printed. The text is ignored.
QIR_API void __quantum__rt__initialize(char *text);

// Outputs, printed at the end of the shot. Labels may be NULL.
QIR_API void __quantum__rt__tuple_record_output(int64_t count, const char *label);
QIR_API void __quantum__rt__array_record_output(int64_t count, const char *label);
QIR_API void __quantum__rt__result_record_output(qir_result *result, const char *label);
QIR_API void __quantum__rt__bool_record_output(bool value, const char *label);
QIR_API void __quantum__rt__int_record_output(int64_t value, const char *label);
QIR_API void __quantum__rt__double_record_output(double value, const char *label);

// Results.
QIR_API bool __quantum__rt__read_result(qir_result *result);
QIR_API bool __quantum__qis__read_result__body(qir_result *result);
QIR_API qir_result *__quantum__rt__result_get_zero(void);
QIR_API qir_result *__quantum__rt__result_get_one(void);
QIR_API bool __quantum__rt__result_equal(qir_result *a, qir_result *b);
QIR_API void __quantum__rt__result_update_reference_count(qir_result *result, int32_t change);

// Qubits that programs ask for.
QIR_API qir_qubit *__quantum__rt__qubit_allocate(void);
QIR_API void __quantum__rt__qubit_release(qir_qubit *qubit);
QIR_API qir_array *__quantum__rt__qubit_allocate_array(int64_t count);
QIR_API void __quantum__rt__qubit_release_array(qir_array *array);

// Arrays and texts.
QIR_API qir_array *__quantum__rt__array_create_1d(int32_t element_bytes, int64_t count);
QIR_API char *__quantum__rt__array_get_element_ptr_1d(qir_array *array, int64_t index);
QIR_API int64_t __quantum__rt__array_get_size_1d(qir_array *array);
QIR_API void __quantum__rt__array_update_reference_count(qir_array *array, int32_t change);
QIR_API void __quantum__rt__array_update_alias_count(qir_array *array, int32_t change);
QIR_API qir_string *__quantum__rt__string_create(const char *text);
QIR_API const char *__quantum__rt__string_get_data(qir_string *string);
QIR_API void __quantum__rt__string_update_reference_count(qir_string *string, int32_t change);
QIR_API void __quantum__rt__message(qir_string *string);
QIR_API void __quantum__rt__fail(qir_string *string);

// Gates.
QIR_API void __quantum__qis__h__body(qir_qubit *qubit);
QIR_API void __quantum__qis__x__body(qir_qubit *qubit);
QIR_API void __quantum__qis__y__body(qir_qubit *qubit);
QIR_API void __quantum__qis__z__body(qir_qubit *qubit);
QIR_API void __quantum__qis__s__body(qir_qubit *qubit);
QIR_API void __quantum__qis__s__adj(qir_qubit *qubit);
QIR_API void __quantum__qis__t__body(qir_qubit *qubit);
QIR_API void __quantum__qis__t__adj(qir_qubit *qubit);
QIR_API void __quantum__qis__sx__body(qir_qubit *qubit);
QIR_API void __quantum__qis__sx__adj(qir_qubit *qubit);
QIR_API void __quantum__qis__rx__body(double angle, qir_qubit *qubit);
QIR_API void __quantum__qis__ry__body(double angle, qir_qubit *qubit);
QIR_API void __quantum__qis__rz__body(double angle, qir_qubit *qubit);
QIR_API void __quantum__qis__cnot__body(qir_qubit *control, qir_qubit *target);
QIR_API void __quantum__qis__cx__body(qir_qubit *control, qir_qubit *target);
QIR_API void __quantum__qis__cy__body(qir_qubit *control, qir_qubit *target);
QIR_API void __quantum__qis__cz__body(qir_qubit *control, qir_qubit *target);
QIR_API void __quantum__qis__swap__body(qir_qubit *a, qir_qubit *b);
QIR_API void __quantum__qis__ccx__body(qir_qubit *a, qir_qubit *b, qir_qubit *target);
QIR_API void __quantum__qis__rxx__body(double angle, qir_qubit *a, qir_qubit *b);
QIR_API void __quantum__qis__ryy__body(double angle, qir_qubit *a, qir_qubit *b);
QIR_API void __quantum__qis__rzz__body(double angle, qir_qubit *a, qir_qubit *b);
QIR_API void __quantum__qis__h__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__x__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__y__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__z__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__s__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__s__ctladj(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__t__ctl(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__t__ctladj(qir_array *controls, qir_qubit *qubit);
QIR_API void __quantum__qis__rx__ctl(qir_array *controls, const qir_rotation *rotation);
QIR_API void __quantum__qis__ry__ctl(qir_array *controls, const qir_rotation *rotation);
QIR_API void __quantum__qis__rz__ctl(qir_array *controls, const qir_rotation *rotation);

// Measurements and the rest.
QIR_API void __quantum__qis__mz__body(qir_qubit *qubit, qir_result *result);
QIR_API qir_result *__quantum__qis__m__body(qir_qubit *qubit);
QIR_API void __quantum__qis__mresetz__body(qir_qubit *qubit, qir_result *result);
QIR_API void __quantum__qis__reset__body(qir_qubit *qubit);
QIR_API void __quantum__qis__barrier__body(void);

#endif
