// The inside of qhm_qasm_print: names, angles, definitions.
#ifndef QHM_CIRCUIT_QASM_PRINT_INTERNAL_H
#define QHM_CIRCUIT_QASM_PRINT_INTERNAL_H

#include "circuit/circuit_internal.h"

// A declaration of qubits or bits in the text.
typedef struct qasm_print_register {
    const char *name;
    uint32_t first, count;
    bool is_scratch;
    bool is_hardware; // a physical qubit, $n, which is not declared
} qasm_print_register;

// Strings in the order of adding; NULL marks an end of the table.
typedef struct qasm_print_names {
    int version;
    size_t count, capacity; // of the strings
    char **strings;         // all names in use, owned
    size_t slot_count;      // of the hash table, a power of two
    uint32_t *slots;        // 1 + index of a string; 0: empty
} qasm_print_names;

void qhm_qasm_print_names_release(qasm_print_names *names);

// A name of the language that is like `wanted`, or like `fallback` if that is NULL, and that no
// other has. Borrowed until the names are released.
QHM_MUST_CHECK qhm_status qhm_qasm_print_name(qasm_print_names *names, const char *wanted,
                                              const char *fallback, const char **name);

// One circuit being printed.
typedef struct qasm_print {
    const qhm_circuit *circuit;
    int version;
    bool has_annotations;
    qhm_text *text;
    qasm_print_names names;
    qasm_print_register *qubits, *bits;
    size_t qubit_register_count, bit_register_count;
    const char **inputs, **weights;    // names of slots
    bool is_used[QHM_GATE_COUNT];      // gates whose definition is needed
    const qhm_instruction **unitaries; // one of each matrix
    const char **unitary_names;
    size_t unitary_count, unitary_capacity;
} qasm_print;

// How many of the circuit's last registers are physical qubits as a program names them: one qubit
// each, called $n, ascending. Reading finds them in this order, after all that are declared.
size_t qhm_qasm_print_hardware_count(const qhm_register_list *registers, int version);

// An angle; constants as fractions of pi only where the text evaluates to the same double.
void qhm_qasm_print_angle(const qasm_print *print, const qhm_angle *angle);
void qhm_qasm_print_number(qhm_text *text, double value);

// The number of a condition, in decimal.
QHM_MUST_CHECK qhm_status qhm_qasm_print_value(qhm_text *text, const uint64_t *words,
                                               size_t word_count);

// What the language calls a gate of the table.
const char *qhm_qasm_gate_name(int version, qhm_gate gate);
// True when the language's library has the gate; others are defined in the text.
bool qhm_qasm_gate_is_known(int version, qhm_gate gate);
// True for a name that means something in the language.
bool qhm_qasm_name_is_taken(int version, const char *name);

// Definitions of the gates in print->is_used and of the unitaries.
QHM_MUST_CHECK qhm_status qhm_qasm_print_definitions(qasm_print *print);

#endif
