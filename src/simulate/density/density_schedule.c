// Gathers operations into passes over memory.
//
// A pass takes all operations that it can reach on a few lines: those that lie lowest, in runs of
// memory, and the few that let most operations run, found by trying each operation that is ready as
// the first. An operation on a line in the lanes first exchanges that line with the one in the tile
// that is not needed for longest.
#include "simulate/density/density_schedule.h"

#include "base/memory.h"

#include <string.h>

enum { LOOK_AHEAD = 512 }; // operations that a pass looks at

typedef struct scheduler {
    const qhm_density_program *program;
    const qhm_density_shape *shape;
    qhm_density_schedule *schedule;
    bool *is_done; // [ops]
    size_t first;  // all operations before are done
    size_t *taken; // [ops] of the pass that is tried
    size_t *best;
    uint8_t *positions; // the schedule's
} scheduler;

static uint32_t bit(uint32_t line)
{
    return (uint32_t)1 << line;
}

static uint32_t lines_of(const qhm_density_op *op)
{
    uint32_t lines = 0;
    for (unsigned q = 0; q < op->qubit_count; q++)
        lines |= bit(op->lines[q]);
    return lines;
}

// Lists what can run on at most tile_digits lines, `lines` among them, which are added to.
static size_t grow(const scheduler *s, uint32_t *lines, size_t *taken)
{
    const qhm_density_program *program = s->program;
    uint32_t blocked = 0;
    size_t count = 0;
    for (size_t i = s->first; i < program->op_count && i < s->first + LOOK_AHEAD; i++) {
        if (s->is_done[i])
            continue;
        const uint32_t needed = lines_of(&program->ops[i]);
        const bool fits = (size_t)__builtin_popcount(*lines | needed) <= s->shape->tile_digits &&
                          count < s->shape->most_steps;
        if ((needed & blocked) || !fits) {
            blocked |= needed;
            continue;
        }
        *lines |= needed;
        taken[count++] = i;
    }
    return count;
}

// The lines in the lowest positions, which every tile has.
static uint32_t low_lines(const scheduler *s)
{
    uint32_t lines = 0;
    for (uint32_t line = 0; line < s->shape->digits; line++)
        if (s->positions[line] < QHM_DENSITY_RUN_DIGITS)
            lines |= bit(line);
    return lines;
}

static size_t choose(scheduler *s, uint32_t *lines)
{
    const uint32_t low = low_lines(s);
    *lines = low;
    size_t most = grow(s, lines, s->best);
    uint32_t blocked = 0;
    for (size_t i = s->first; i < s->program->op_count && i < s->first + LOOK_AHEAD; i++) {
        if (s->is_done[i])
            continue;
        const uint32_t needed = lines_of(&s->program->ops[i]);
        uint32_t tried = low | needed;
        const bool is_ready = !(needed & blocked);
        blocked |= needed;
        if (!is_ready || (size_t)__builtin_popcount(tried) > s->shape->tile_digits)
            continue;
        const size_t count = grow(s, &tried, s->taken);
        if (count <= most)
            continue;
        size_t *better = s->taken;
        s->taken = s->best;
        s->best = better;
        most = count;
        *lines = tried;
    }
    for (uint32_t line = 0;
         line < s->shape->digits && (size_t)__builtin_popcount(*lines) < s->shape->tile_digits;
         line++)
        *lines |= bit(line);
    return most;
}

static qhm_status append_step(scheduler *s, const qhm_density_step *step)
{
    qhm_density_schedule *made = s->schedule;
    QHM_TRY(
        qhm_reserve(made->step_count + 1, &made->step_capacity, sizeof *made->steps, &made->steps));
    made->steps[made->step_count++] = *step;
    made->passes[made->pass_count - 1].count++;
    return QHM_OK;
}

// The digit of a line in a tile of these lines.
static size_t tile_digit(const scheduler *s, uint32_t lines, uint32_t line)
{
    size_t digit = 0;
    for (uint32_t other = 0; other < s->shape->digits; other++)
        digit += lines >> other & 1 && s->positions[other] < s->positions[line];
    return digit;
}

// When a line is next needed, among the operations taken from `next` on.
static size_t next_use(const scheduler *s, uint32_t line, size_t next, size_t count)
{
    while (next < count && !(lines_of(&s->program->ops[s->best[next]]) & bit(line)))
        next++;
    return next;
}

static qhm_status bring_out_of_lanes(scheduler *s, uint32_t lines, uint32_t line, size_t at,
                                     size_t count)
{
    const uint32_t needed = lines_of(&s->program->ops[s->best[at]]);
    uint32_t partner = UINT32_MAX;
    size_t latest = 0;
    for (uint32_t other = 0; other < s->shape->digits; other++) {
        if (!(lines >> other & 1) || needed >> other & 1 ||
            s->positions[other] < s->shape->lane_digits)
            continue;
        const size_t use = next_use(s, other, at, count);
        if (partner == UINT32_MAX || use > latest) {
            partner = other;
            latest = use;
        }
    }
    const qhm_density_step step = {
        .op = QHM_DENSITY_NONE,
        .places = {(uint8_t)(tile_digit(s, lines, partner) - s->shape->lane_digits)},
        .lane_digit = s->positions[line]};
    QHM_TRY(append_step(s, &step));
    const uint8_t position = s->positions[line];
    s->positions[line] = s->positions[partner];
    s->positions[partner] = position;
    return QHM_OK;
}

static qhm_status append_steps(scheduler *s, uint32_t lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const qhm_density_op *op = &s->program->ops[s->best[i]];
        qhm_density_step step = {.op = s->best[i]};
        for (unsigned q = 0; q < op->qubit_count; q++)
            if (s->positions[op->lines[q]] < s->shape->lane_digits)
                QHM_TRY(bring_out_of_lanes(s, lines, op->lines[q], i, count));
        for (unsigned q = 0; q < op->qubit_count; q++)
            step.places[q] = (uint8_t)(tile_digit(s, lines, op->lines[q]) - s->shape->lane_digits);
        QHM_TRY(append_step(s, &step));
        s->is_done[s->best[i]] = true;
    }
    while (s->first < s->program->op_count && s->is_done[s->first])
        s->first++;
    return QHM_OK;
}

// Where the runs of a tile lie, and what counts the tiles.
static qhm_status place_tile(const scheduler *s, uint32_t lines, qhm_density_pass *pass)
{
    const qhm_density_shape *shape = s->shape;
    uint32_t inside = 0; // positions
    for (uint32_t line = 0; line < shape->digits; line++)
        inside |= lines >> line & 1 ? bit(s->positions[line]) : 0;
    QHM_TRY(qhm_allocate(s->schedule->tile_runs, sizeof *pass->run_offsets, &pass->run_offsets));
    QHM_TRY(qhm_allocate(shape->digits, sizeof *pass->outer, &pass->outer));
    for (size_t r = 0; r < s->schedule->tile_runs; r++) {
        size_t digits = r;
        for (uint32_t p = QHM_DENSITY_RUN_DIGITS; p < shape->digits; p++)
            if (inside >> p & 1) {
                pass->run_offsets[r] |= (digits & 3) << 2 * p;
                digits >>= 2;
            }
    }
    size_t next = 0;
    for (uint32_t p = 0; p < shape->digits; p++)
        if (!(inside >> p & 1))
            pass->outer[next++] = (uint8_t)p;
    return QHM_OK;
}

static qhm_status append_pass(scheduler *s)
{
    qhm_density_schedule *made = s->schedule;
    uint32_t lines;
    const size_t count = choose(s, &lines);
    QHM_TRY(qhm_reserve(made->pass_count + 1, &made->pass_capacity, sizeof *made->passes,
                        &made->passes));
    qhm_density_pass *pass = &made->passes[made->pass_count++];
    *pass = (qhm_density_pass){.first = made->step_count};
    if (s->shape->tile_digits < s->shape->digits)
        QHM_TRY(place_tile(s, lines, pass));
    return append_steps(s, lines, count);
}

qhm_status qhm_density_schedule_create(const qhm_density_program *program,
                                       const qhm_density_shape *shape,
                                       qhm_density_schedule *schedule)
{
    qhm_density_schedule made = {0};
    scheduler s = {
        .program = program, .shape = shape, .schedule = &made, .positions = made.positions};
    for (uint8_t line = 0; line < shape->digits; line++)
        made.positions[line] = line;
    if (shape->tile_digits < shape->digits)
        made.tile_runs = (size_t)1 << 2 * (shape->tile_digits - QHM_DENSITY_RUN_DIGITS);
    qhm_status status = qhm_allocate(program->op_count, sizeof *s.is_done, &s.is_done);
    if (status == QHM_OK)
        status = qhm_allocate(program->op_count, sizeof *s.taken, &s.taken);
    if (status == QHM_OK)
        status = qhm_allocate(program->op_count, sizeof *s.best, &s.best);
    while (status == QHM_OK && s.first < program->op_count)
        status = append_pass(&s);
    qhm_release(s.is_done);
    qhm_release(s.taken);
    qhm_release(s.best);
    if (status != QHM_OK) {
        qhm_density_schedule_release(&made);
        return status;
    }
    *schedule = made;
    return QHM_OK;
}

void qhm_density_schedule_release(qhm_density_schedule *schedule)
{
    for (size_t p = 0; p < schedule->pass_count; p++) {
        qhm_release(schedule->passes[p].run_offsets);
        qhm_release(schedule->passes[p].outer);
    }
    qhm_release(schedule->passes);
    qhm_release(schedule->steps);
    *schedule = (qhm_density_schedule){0};
}

size_t qhm_density_schedule_bytes(const qhm_density_schedule *schedule,
                                  const qhm_density_shape *shape)
{
    size_t bytes = schedule->step_capacity * sizeof *schedule->steps +
                   schedule->pass_capacity * sizeof *schedule->passes;
    if (schedule->tile_runs > 0)
        bytes += schedule->pass_count *
                 (schedule->tile_runs * sizeof(size_t) + shape->digits * sizeof(uint8_t));
    return bytes;
}
