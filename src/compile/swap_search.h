// Walks through a circuit that exchange neighbouring qubits where gates need it.
#ifndef QHM_COMPILE_SWAP_SEARCH_H
#define QHM_COMPILE_SWAP_SEARCH_H

#include "compile/chip_graph.h"

#include <qhm/random.h>

// A circuit of gates on at most two qubits as a graph of what must come before what. Borrows the
// circuit and the chip, whose distances must be measured.
typedef struct qhm_swap_search {
    const qhm_circuit *circuit;
    const qhm_chip_graph *chip;
    size_t node_count;                 // instructions
    size_t *next_first, *before_first; // [nodes + 1] where a node's successors, predecessors begin
    uint32_t *next, *before;
    double *weights;         // [nodes] CX of a gate on two qubits, 0 for others
    double *swapped_weights; // [nodes] CX of the gate and a swap after it, in one block
    size_t most_loops;       // depth of loops
} qhm_swap_search;

// Zero-initialise; release in any case. has_blocks: a swap after a gate without slots on the same
// pair will become one block with it.
QHM_MUST_CHECK qhm_status qhm_swap_search_create(const qhm_circuit *circuit,
                                                 const qhm_chip_graph *chip, bool has_blocks,
                                                 qhm_swap_search *search);
void qhm_swap_search_release(qhm_swap_search *search);

// The memory of one walk at a time.
typedef struct qhm_swap_walk qhm_swap_walk;
QHM_MUST_CHECK qhm_status qhm_swap_walk_create(const qhm_swap_search *search, qhm_swap_walk **walk);
void qhm_swap_walk_destroy(qhm_swap_walk *walk);

typedef struct qhm_swap_result {
    size_t swaps;
    double cost; // -log of the success of all two-qubit gates and swaps, and a little for each swap
} qhm_swap_result;

// Where a walk writes: a circuit on compact qubits.
typedef struct qhm_swap_output {
    qhm_circuit *circuit;
    const uint32_t *compact; // [qubits of the chip]
} qhm_swap_output;

// Counts the swaps of a walk from place [wires] (wire to the chip's qubit), which becomes the place
// at the end. Backwards a walk looks for a good place to start from; loops end in the places where
// they began only forwards. is_used: [qubits of the chip] gets true where something was, NULL: not
// wanted.
void qhm_swap_walk_count(qhm_swap_walk *walk, qhm_random random, bool is_backward, uint32_t *place,
                         bool *is_used, qhm_swap_result *result);

// The same walk forwards, written down.
QHM_MUST_CHECK qhm_status qhm_swap_walk_write(qhm_swap_walk *walk, qhm_random random,
                                              uint32_t *place, const qhm_swap_output *output);

#endif
