// The order in which a program's operations run, and where qubits lie meanwhile.
#ifndef QHM_SIMULATE_DENSITY_SCHEDULE_H
#define QHM_SIMULATE_DENSITY_SCHEDULE_H

#include "simulate/density/density_program.h"

enum {
    QHM_DENSITY_MAX_QUBITS = 20,
    QHM_DENSITY_RUN_DIGITS = 2 // of a state that are next to each other in every tile
};

// One visit of a tile.
typedef struct qhm_density_step {
    size_t op; // or QHM_DENSITY_NONE: exchanges a digit of the lanes with places[0]
    uint8_t places[QHM_DENSITY_MAP_QUBITS];
    uint8_t lane_digit;
} qhm_density_step;

// Steps that run on a tile at a time.
typedef struct qhm_density_pass {
    size_t first, count; // steps
    size_t *run_offsets; // [runs of a tile] elements; NULL: a tile is the whole state
    uint8_t *outer;      // [digits - tile digits] positions outside the tile, ascending
} qhm_density_pass;

// How states lie: elements by numbers in base 4, a digit a line. Wide: the lowest lane_digits are
// the lanes; else lanes are samples, which are not counted here.
typedef struct qhm_density_shape {
    size_t digits; // at least the lines of the program: more stay |0>
    size_t lane_digits, tile_digits;
    size_t most_steps; // of a pass
} qhm_density_shape;

typedef struct qhm_density_schedule {
    qhm_density_step *steps;
    size_t step_count, step_capacity;
    qhm_density_pass *passes;
    size_t pass_count, pass_capacity;
    uint8_t positions[QHM_DENSITY_MAX_QUBITS]; // of lines at the end
    size_t tile_runs;
} qhm_density_schedule;

QHM_MUST_CHECK qhm_status qhm_density_schedule_create(const qhm_density_program *program,
                                                      const qhm_density_shape *shape,
                                                      qhm_density_schedule *schedule);
void qhm_density_schedule_release(qhm_density_schedule *schedule);
size_t qhm_density_schedule_bytes(const qhm_density_schedule *schedule,
                                  const qhm_density_shape *shape);

#endif
