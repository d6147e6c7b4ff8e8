// Draws what noise does to trajectories, before any of them runs.
#include "simulate/trajectories/shared.h"

#include "base/memory.h"

#include <string.h>

static bool anticommute(uint64_t x, uint64_t z, const qhm_string *item)
{
    return __builtin_parityll(x & item->signs) ^ __builtin_parityll(z & item->mask);
}

// Turns the signs of all items after a string that do not commute with it.
static void turn_signs(const qhm_wide *wide, const qhm_site *site, uint64_t x, uint64_t z,
                       uint64_t *signs)
{
    for (size_t i = 0; i < wide->item_count; i++) {
        const qhm_string *item = &wide->items[i];
        if (item->source >= site->item && anticommute(x, z, item))
            signs[i / 64] ^= UINT64_C(1) << i % 64;
    }
}

static void strike(const qhm_wide *wide, const qhm_site *site, double number,
                   qhm_trajectory *trajectory, uint64_t *signs)
{
    const qhm_split_string *string = qhm_channel_split_pick(site->split, number);
    uint64_t x = 0, z = 0;
    for (uint32_t i = 0; i < site->split->qubit_count; i++) {
        x ^= string->x >> i & 1 ? site->masks[i] : 0;
        z ^= string->z >> i & 1 ? site->signs[i] : 0;
    }
    turn_signs(wide, site, x, z, signs);
    trajectory->x ^= x;
    trajectory->z ^= z;
}

// The string so far as the site's qubits see it.
static qhm_status append_event(const qhm_shared *shared, qhm_shared_worker *worker, size_t index,
                               double number, qhm_trajectory *trajectory)
{
    const qhm_site *site = &shared->plan->wide->sites[index];
    qhm_rest_event event = {.site = (uint32_t)index,
                            .pass = shared->ranges[index].first,
                            .number = (number - site->split->string_probability) /
                                      (1 - site->split->string_probability)};
    for (uint32_t i = 0; i < site->split->qubit_count; i++) {
        event.x |= (uint32_t)__builtin_parityll(trajectory->x & site->signs[i]) << i;
        event.z |= (uint32_t)__builtin_parityll(trajectory->z & site->masks[i]) << i;
    }
    QHM_TRY(qhm_reserve(worker->event_count + 1, &worker->event_capacity, sizeof event,
                        &worker->events));
    worker->events[worker->event_count++] = event;
    trajectory->event_count++;
    return QHM_OK;
}

static qhm_status draw(const qhm_shared *shared, qhm_shared_worker *worker,
                       qhm_trajectory *trajectory, uint64_t *signs)
{
    const qhm_wide *wide = shared->plan->wide;
    trajectory->first_event = worker->event_count;
    double hazard = qhm_statevector_draw_hazard(&trajectory->noise);
    for (size_t s = 0; s < wide->site_count; s++) {
        const qhm_channel_split *split = wide->sites[s].split;
        if (hazard > split->hazard) {
            hazard -= split->hazard;
            continue;
        }
        const double number = qhm_random_uniform(&trajectory->noise);
        hazard = qhm_statevector_draw_hazard(&trajectory->noise);
        if (number < split->string_probability)
            strike(wide, &wide->sites[s], number, trajectory, signs);
        else
            QHM_TRY(append_event(shared, worker, s, number, trajectory));
    }
    // No pass may be run in full that a later event needs half.
    uint32_t pass = UINT32_MAX;
    for (size_t i = trajectory->event_count; i-- > 0;) {
        qhm_rest_event *event = &worker->events[trajectory->first_event + i];
        pass = event->pass < pass ? event->pass : pass;
        event->pass = pass;
    }
    return QHM_OK;
}

qhm_status qhm_shared_draw(const qhm_shared *shared, const qhm_request *request, size_t sample,
                           size_t setting, size_t first, size_t count, qhm_shared_worker *worker)
{
    worker->event_count = 0;
    memset(worker->signs, 0, count * shared->words * sizeof *worker->signs);
    for (size_t t = 0; t < count; t++) {
        qhm_trajectory *trajectory = &worker->trajectories[t];
        *trajectory = (qhm_trajectory){
            .state = first + t,
            .noise = qhm_statevector_noise_stream(shared->plan, request, sample,
                                                  (uint64_t)setting << 40 | (1 + first + t), 0)};
        worker->order[t] = (uint32_t)t;
        QHM_TRY(draw(shared, worker, trajectory, worker->signs + t * shared->words));
    }
    return QHM_OK;
}
