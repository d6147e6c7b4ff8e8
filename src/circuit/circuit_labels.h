// What stands in the boxes of a drawing, and beside its lines.
#ifndef QHM_CIRCUIT_CIRCUIT_LABELS_H
#define QHM_CIRCUIT_CIRCUIT_LABELS_H

#include "circuit/circuit_layout.h"

// How an instruction shows on its targets.
typedef enum qhm_mark {
    QHM_MARK_BOX,
    QHM_MARK_CONTROL, // a Z under controls looks like one more control
    QHM_MARK_FLIP,    // an X under controls
    QHM_MARK_SWAP,
    QHM_MARK_BARRIER,
    QHM_MARK_LOOP, // WHILE and END: one box over all lines of the loop
    QHM_MARK_NONE  // SET: nothing on qubits
} qhm_mark;

qhm_mark qhm_instruction_mark(const qhm_instruction *instruction);

// True when the targets are neighbouring lines, so that one box can hold them all.
bool qhm_layout_has_one_box(const qhm_circuit_layout *layout, const qhm_layout_item *item);

// True when the drawing must tell the targets of a gate apart.
bool qhm_instruction_has_numbers(const qhm_instruction *instruction);

// The gate's name without angles: "RX", "√X", "while".
void qhm_label_gate(const qhm_instruction *instruction, bool ascii, qhm_text *text);

// Its angles: "π/2, x0"; nothing without angles.
void qhm_label_angles(const qhm_circuit *circuit, const qhm_instruction *instruction, bool ascii,
                      qhm_text *text);

// The line that shows the condition of an item: that of its highest bit.
uint32_t qhm_layout_condition_line(const qhm_circuit_layout *layout, const qhm_layout_item *item);

// The lowest classical line that an item reads or writes itself; UINT32_MAX: none.
uint32_t qhm_layout_last_bit_line(const qhm_circuit_layout *layout, const qhm_layout_item *item);

// True when a box on a classical line shows something of the item.
bool qhm_layout_has_bit_box(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                            uint32_t line);

// What it shows: "=3", "[1]≠0", "[2]:=1"; with both a condition and a written bit: "=3→[2]"; of a
// loop without qubits: "while =3".
void qhm_label_bits(const qhm_circuit_layout *layout, const qhm_layout_item *item, uint32_t line,
                    bool ascii, qhm_text *text);

// The name of a line: "q[3]", "c", "scratch".
void qhm_label_line(const qhm_layout_line *line, bool ascii, qhm_text *text);

// A name as it stands; in ASCII Greek letters are spelled and others become '?'.
void qhm_label_name(const char *name, bool ascii, qhm_text *text);

// "3 of 50 qubits are idle and left out; ..."
void qhm_label_idle(const qhm_circuit_layout *layout, qhm_text *text);

// "12,345 more columns; ...", after those that are drawn.
void qhm_label_rest(const qhm_circuit_layout *layout, size_t drawn, qhm_text *text);

// Columns that a character takes on a terminal: 2 for the wide ones of East Asia, 0 for marks that
// join the one before.
size_t qhm_character_width(uint32_t character);

#endif
