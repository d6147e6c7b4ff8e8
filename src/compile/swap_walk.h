// One walk of the search for swaps: what it knows, and what it does to the chip's qubits.
#ifndef QHM_COMPILE_SWAP_WALK_H
#define QHM_COMPILE_SWAP_WALK_H

#include "compile/swap_search.h"

enum { QHM_SWAP_NOTHING = UINT32_MAX, QHM_SWAP_AHEAD = 24, QHM_SWAP_RESET = 5 };

struct qhm_swap_link {
    uint32_t node, next; // next link of the same wire, QHM_SWAP_NOTHING at the end
};

struct qhm_swap_walk {
    const qhm_swap_search *search;
    bool is_backward;
    qhm_random random;
    uint32_t *place;   // [wires], the caller's
    uint32_t *wire_at; // [qubits] QHM_SWAP_NOTHING where none is
    bool *is_used;     // [qubits], the caller's or NULL
    const qhm_swap_output *output;
    qhm_swap_result result;
    qhm_status status;

    uint32_t *waiting; // [nodes] predecessors that have not been done
    uint32_t *ready;   // [nodes] a queue
    size_t ready_begin, ready_end;
    uint32_t *front, front_count;                // [wires] gates that need swaps
    uint32_t *front_of;                          // [wires] the one on a wire, or QHM_SWAP_NOTHING
    uint32_t ahead[QHM_SWAP_AHEAD], ahead_count; // the gates after those
    struct qhm_swap_link links[2 * QHM_SWAP_AHEAD];
    uint32_t *ahead_of;         // [wires] first link, or QHM_SWAP_NOTHING
    uint32_t *seen, seen_count; // [edges] whose `waiting` was lowered by looking ahead
    double *decay;              // [qubits]
    double block_bonus;         // how much a swap in a block is preferred: walks differ in it
    double *clock, busy;        // [qubits] when it is free, in CX; all their time together
    uint32_t *last_gate;    // [qubits] the last thing on it, if a gate on two; or QHM_SWAP_NOTHING
    uint32_t (*pending)[2]; // [most_pending] swaps since the last gate
    size_t pending_count, most_pending, swaps_since_reset;
    uint32_t moved[QHM_SWAP_RESET][2]; // the swaps since the last reset of decay
    uint32_t *saved;                   // [loops][wires] places at the beginning of each loop
    size_t loop_count;
    uint32_t *parents, *tree; // [qubits] of a spanning tree: for ends of loops
    bool *is_final;           // [qubits]
};

void qhm_swap_walk_emit(qhm_swap_walk *walk, const qhm_instruction *instruction,
                        const uint32_t *wires);
void qhm_swap_walk_exchange(qhm_swap_walk *walk, uint32_t p, uint32_t q);
// Both qubits of a coupler are busy for so many CX.
void qhm_swap_walk_spend(qhm_swap_walk *walk, uint32_t p, uint32_t q, double weight);
// The CX that a swap adds: fewer after a gate on the same pair, with which it becomes one block.
double qhm_swap_walk_weight(const qhm_swap_walk *walk, uint32_t p, uint32_t q);
void qhm_swap_walk_commit_pending(qhm_swap_walk *walk);
// Takes every wire back to a place, from the leaves of a spanning tree inwards.
void qhm_swap_walk_restore(qhm_swap_walk *walk, const uint32_t *target);

#endif
