// What passes share: the circuit on its way, and what is known of its qubits so far.
#ifndef QHM_COMPILE_COMPILE_INTERNAL_H
#define QHM_COMPILE_COMPILE_INTERNAL_H

#include "circuit/circuit_internal.h"

#include <qhm/compile.h>

// One circuit being compiled. Before a placing pass the circuit is on logical qubits ("wires");
// afterwards on the chip's qubits that it uses.
typedef struct qhm_compilation {
    const qhm_device *device;
    qhm_compile_options options; // as given
    int level;                   // 0 to 3
    size_t logical_count;

    qhm_circuit *circuit; // owned; a pass puts another in its place with qhm_compilation_replace
    // [logical_count] the wire on which each logical qubit ends: swaps may be relabellings
    uint32_t *final_wires;
    uint64_t best_walk;  // the random stream of the walk that placement was found with
    uint32_t *placement; // [logical_count] the chip's qubit of each wire at the start; set by place
    uint32_t *own_layout; // [logical_count] what a pass found in place of options.layout

    // Set by the pass that moves the circuit onto the chip; physical is NULL before.
    size_t qubit_count;
    uint32_t *physical; // [qubit_count] the chip's qubit of each of the circuit's
    uint32_t *initial_layout, *final_layout; // [logical_count] of 0 to qubit_count - 1
    bool has_sequences;    // of measurements instead of gates, with outcomes in scratch bits
    uint32_t sequence_bit; // the first of those

    qhm_compile_summary summary;
    qhm_text detail; // what the running pass wants to say
} qhm_compilation;

// A pass keeps the meaning of compilation->circuit. On failure the circuit may be any.
typedef struct qhm_compile_pass {
    const char *name, *help;
    int least_level;                                       // runs from this level on
    bool (*is_wanted)(const qhm_compilation *compilation); // NULL: always
    qhm_status (*run)(qhm_compilation *compilation);
} qhm_compile_pass;

extern const qhm_compile_pass qhm_pass_decompose;    // decompose_gates.c
extern const qhm_compile_pass qhm_pass_cancel;       // cancel_gates.c
extern const qhm_compile_pass qhm_pass_resynthesise; // resynthesise_blocks.c
extern const qhm_compile_pass qhm_pass_place;        // place_qubits.c
extern const qhm_compile_pass qhm_pass_route;        // route_swaps.c
extern const qhm_compile_pass qhm_pass_translate;    // translate_gates.c
extern const qhm_compile_pass qhm_pass_merge;        // merge_runs.c
extern const qhm_compile_pass qhm_pass_schedule;     // schedule_delays.c
extern const qhm_compile_pass qhm_pass_decouple;     // decouple_delays.c
extern const qhm_compile_pass qhm_pass_tetron_gates; // lower_tetrons.c
extern const qhm_compile_pass qhm_pass_tetron_lower; // lower_tetrons.c
extern const qhm_compile_pass qhm_pass_cat_express;  // lower_cats.c
extern const qhm_compile_pass qhm_pass_cat_lower;    // lower_cats.c

// Takes `circuit` as the circuit from now on.
void qhm_compilation_replace(qhm_compilation *compilation, qhm_circuit *circuit);

// An empty circuit with the classical bits and slots of `from`, on the same qubits, or on
// `qubit_count` in one register q if that is not 0.
QHM_MUST_CHECK qhm_status qhm_compilation_begin(const qhm_circuit *from, size_t qubit_count,
                                                qhm_circuit **made);

// Walks that a search for swaps makes: about constant work for a level, at most `most`.
size_t qhm_swap_trial_count(const qhm_compilation *compilation, size_t most);

// True for a gate without condition, extra controls or slots on `qubit_count` qubits.
bool qhm_is_plain_gate(const qhm_instruction *instruction, unsigned qubit_count);

// The matrix [2^k][2^k] of a gate without slots on at most two qubits, controls included, its first
// qubit as bit 0.
void qhm_small_gate_matrix(const qhm_instruction *instruction, qhm_complex *out);

// True when no angle of the instruction has a slot.
bool qhm_has_constant_angles(const qhm_instruction *instruction);

#endif
