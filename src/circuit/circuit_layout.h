// Where everything in a drawing stands: lines, columns and bands. Text and SVG share it.
#ifndef QHM_CIRCUIT_CIRCUIT_LAYOUT_H
#define QHM_CIRCUIT_CIRCUIT_LAYOUT_H

#include "circuit/circuit_internal.h"

// One horizontal line: a qubit, or a whole register of classical bits.
typedef struct qhm_layout_line {
    const char *name; // of its register; NULL for scratch bits
    bool is_bits;
    uint32_t first; // its qubit, or its first bit
    uint32_t count; // bits on the line
    uint32_t index; // of the qubit in its register
    bool is_single; // the register has one qubit or one bit
} qhm_layout_line;

// An instruction in its column. Lines count from the top.
typedef struct qhm_layout_item {
    const qhm_instruction *instruction;
    uint32_t column;
    uint32_t first, last;             // lines that it takes, classical ones included
    uint32_t first_qubit, last_qubit; // of these, qubits: of a loop, all from its first to its
                                      // last; first_qubit > last_qubit: none
    uint32_t partner;                 // of WHILE and END: the other's item, or its own
} qhm_layout_item;

typedef struct qhm_circuit_layout {
    const qhm_circuit *circuit;
    size_t line_count, qubit_line_count;
    qhm_layout_line *lines;
    uint32_t *line_of_qubit; // [qubits]; UINT32_MAX: left out
    uint32_t *line_of_bit;   // [bits]
    size_t idle_count;       // qubits left out
    size_t item_count, column_count;
    qhm_layout_item *items; // in the order of the circuit
    uint32_t *order;        // items column by column
    size_t *column_items;   // [column_count + 1] where a column begins in `order`
    size_t *widths;         // [column_count] 0: not measured yet
    size_t *starts;         // [column_count] from the left of the band
} qhm_circuit_layout;

// Gives every instruction the first column where all lines that it takes are free, in time
// O(instructions * log(lines)). Idle qubits are left out when there are more than 40 qubits,
// unless `all`. Release the layout, also after a failure.
QHM_MUST_CHECK qhm_status qhm_circuit_layout_create(const qhm_circuit *circuit, bool all,
                                                    qhm_circuit_layout *layout);
void qhm_circuit_layout_release(qhm_circuit_layout *layout);

// The width of an item alone, in a painter's units; at least 1.
typedef qhm_status (*qhm_layout_measure)(const qhm_circuit_layout *layout,
                                         const qhm_layout_item *item, bool ascii, size_t *width);

// How a painter measures: `gap` lies before, between and after columns, `room` is for a band.
typedef struct qhm_layout_measures {
    qhm_layout_measure measure;
    bool ascii;
    size_t gap, room;
} qhm_layout_measures;

// Measures columns from `first` on and places as many as there is room for, one at least, into a
// band: up to `last`, `width` wide.
QHM_MUST_CHECK qhm_status qhm_circuit_layout_band(qhm_circuit_layout *layout,
                                                  const qhm_layout_measures *measures, size_t first,
                                                  size_t *last, size_t *width);

// Refuses a drawing of which `drawn` columns took `bytes` if all of them would not fit in memory.
QHM_MUST_CHECK qhm_status qhm_circuit_layout_check_size(const qhm_circuit_layout *layout,
                                                        size_t drawn, size_t bytes);

#endif
