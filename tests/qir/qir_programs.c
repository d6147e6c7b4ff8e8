// Programs that call the QIR runtime as compiled QIR does.
#include "qir/qir_api.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static qir_qubit *qubit(uintptr_t number)
{
    return (qir_qubit *)number;
}

static qir_result *result(uintptr_t number)
{
    return (qir_result *)number;
}

static void record(uintptr_t number, const char *label)
{
    __quantum__rt__result_record_output(result(number), label);
}

static void bell(void)
{
    __quantum__rt__initialize(NULL);
    __quantum__qis__h__body(qubit(0));
    __quantum__qis__cnot__body(qubit(0), qubit(1));
    __quantum__qis__mz__body(qubit(0), result(0));
    __quantum__qis__mz__body(qubit(1), result(1));
    __quantum__rt__tuple_record_output(2, "pair");
    record(0, "a");
    record(1, NULL);
}

// Every gate with its inverse, then X on qubit 0: outcome 1000 with qubit 0 first.
static void gates(void)
{
    __quantum__rt__initialize(NULL);
    for (uintptr_t q = 0; q < 4; q++)
        __quantum__qis__h__body(qubit(q));
    __quantum__qis__s__body(qubit(0));
    __quantum__qis__s__adj(qubit(0));
    __quantum__qis__t__body(qubit(1));
    __quantum__qis__t__adj(qubit(1));
    __quantum__qis__sx__body(qubit(2));
    __quantum__qis__sx__adj(qubit(2));
    __quantum__qis__rx__body(0.3, qubit(0));
    __quantum__qis__rx__body(-0.3, qubit(0));
    __quantum__qis__ry__body(0.3, qubit(1));
    __quantum__qis__ry__body(-0.3, qubit(1));
    __quantum__qis__rz__body(0.3, qubit(2));
    __quantum__qis__rz__body(-0.3, qubit(2));
    for (int turn = 0; turn < 2; turn++) {
        const double angle = turn ? -0.7 : 0.7;
        __quantum__qis__rxx__body(angle, qubit(0), qubit(1));
        __quantum__qis__rzz__body(angle, qubit(0), qubit(1));
        __quantum__qis__rzz__body(-angle, qubit(0), qubit(1));
        __quantum__qis__ryy__body(angle, qubit(2), qubit(3));
    }
    for (int turn = 0; turn < 2; turn++) {
        __quantum__qis__cz__body(qubit(0), qubit(1));
        __quantum__qis__swap__body(qubit(2), qubit(3));
        __quantum__qis__ccx__body(qubit(0), qubit(1), qubit(2));
        __quantum__qis__ccx__body(qubit(0), qubit(1), qubit(2));
        __quantum__qis__cz__body(qubit(0), qubit(1));
        __quantum__qis__swap__body(qubit(2), qubit(3));
        __quantum__qis__cy__body(qubit(3), qubit(0));
        __quantum__qis__y__body(qubit(1));
        __quantum__qis__z__body(qubit(2));
    }
    __quantum__qis__cx__body(qubit(0), qubit(1));
    __quantum__qis__cnot__body(qubit(0), qubit(1));
    __quantum__qis__barrier__body();
    for (uintptr_t q = 0; q < 4; q++)
        __quantum__qis__h__body(qubit(q));
    __quantum__qis__x__body(qubit(0));
    for (uintptr_t q = 0; q < 4; q++) {
        __quantum__qis__mz__body(qubit(q), result(q));
        record(q, "bit");
    }
}

// Controlled gates on qubits that the program asks for: 3 of them, all 1 at the end.
static void controls(void)
{
    qir_array *two = __quantum__rt__qubit_allocate_array(2);
    qir_qubit *target = __quantum__rt__qubit_allocate(), *first;
    memcpy(&first, __quantum__rt__array_get_element_ptr_1d(two, 0), sizeof first);
    qir_qubit *second;
    memcpy(&second, __quantum__rt__array_get_element_ptr_1d(two, 1), sizeof second);
    __quantum__qis__x__body(first);
    __quantum__qis__x__body(second);
    __quantum__qis__x__ctl(two, target); // 1
    __quantum__qis__h__ctl(two, target);
    __quantum__qis__s__ctl(two, target);
    __quantum__qis__s__ctladj(two, target);
    __quantum__qis__t__ctl(two, target);
    __quantum__qis__t__ctladj(two, target);
    __quantum__qis__h__ctl(two, target);
    const qir_rotation turn = {acos(-1), target};
    __quantum__qis__rx__ctl(two, &turn);
    __quantum__qis__ry__ctl(two, &turn);
    __quantum__qis__rz__ctl(two, &turn);
    __quantum__qis__z__ctl(two, target);
    __quantum__qis__y__ctl(two, target);
    __quantum__qis__x__ctl(two, target);
    qir_result *outcome = __quantum__qis__m__body(target);
    __quantum__rt__bool_record_output(
        __quantum__rt__result_equal(outcome, __quantum__rt__result_get_one()), "is one");
    __quantum__rt__qubit_release(target);
    qir_qubit *again = __quantum__rt__qubit_allocate(); // the same, in |0> again
    __quantum__rt__int_record_output(again == target, "same");
    __quantum__rt__double_record_output((double)__quantum__rt__array_get_size_1d(two) / 4, "half");
    __quantum__rt__result_record_output(__quantum__qis__m__body(again), "fresh");
    __quantum__rt__result_record_output(__quantum__rt__result_get_one(), "one");
    record(7, "never measured");
    __quantum__rt__qubit_release_array(two);
    qir_string *text = __quantum__rt__string_create("a message");
    __quantum__rt__message(text);
    __quantum__rt__string_update_reference_count(text, -1);
}

// Reads a fair coin 20 times on the way, and measures once more; what was read is what is recorded.
static void coins(void)
{
    __quantum__rt__initialize(NULL);
    int64_t heads = 0;
    for (uintptr_t i = 0; i < 20; i++) {
        __quantum__qis__h__body(qubit(0));
        __quantum__qis__mresetz__body(qubit(0), result(i));
        heads += __quantum__rt__read_result(result(i));
        if (__quantum__qis__read_result__body(result(i)))
            __quantum__qis__x__body(qubit(1));
    }
    __quantum__qis__mz__body(qubit(1), result(20));
    __quantum__rt__int_record_output(heads, "heads");
    for (uintptr_t i = 0; i <= 20; i++)
        record(i, NULL);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "bell") == 0)
        bell();
    else if (strcmp(name, "twice") == 0)
        for (int shot = 0; shot < 2; shot++)
            bell();
    else if (strcmp(name, "gates") == 0)
        gates();
    else if (strcmp(name, "controls") == 0)
        controls();
    else if (strcmp(name, "coins") == 0)
        coins();
    else if (strcmp(name, "fail") == 0)
        __quantum__rt__fail(__quantum__rt__string_create("as the program wished"));
    else if (strcmp(name, "far") == 0)
        __quantum__qis__h__body(qubit((uintptr_t)1 << 40));
    else if (strcmp(name, "same") == 0)
        __quantum__qis__cnot__body(qubit(1), qubit(1));
    else
        return 2;
    return 0;
}
