// Dicke states: "split and cyclic shift" blocks, each moving one more place into the sum.
#include <qhm/dicke_state.h>

#include "base/status_internal.h"

#include <math.h>

typedef struct dicke {
    qhm_circuit *circuit;
    uint32_t first;
} dicke;

// Moves part of the ones of a run that ends below `place` up to it: with probability
// run / size the last one of `place` stays where it is.
static qhm_status append_rotation(const dicke *d, uint32_t size, uint32_t run, bool back)
{
    const uint32_t place = d->first + size - 1, below = place - run, inside = below + 1;
    const double radians = 2 * acos(sqrt((double)run / (double)size));
    const qhm_angle angle = qhm_angle_constant(back ? -radians : radians);
    const uint32_t flip[] = {below, place}, turn[] = {place, inside, below};
    QHM_TRY(qhm_circuit_append(d->circuit, QHM_GATE_CX, flip, NULL));
    if (run == 1) {
        QHM_TRY(qhm_circuit_append(d->circuit, QHM_GATE_CRY, (uint32_t[]){place, below}, &angle));
    } else {
        const qhm_instruction instruction = {
            .gate = QHM_GATE_CRY, .control_count = 1, .qubits = turn, .angles = &angle};
        QHM_TRY(qhm_circuit_append_instruction(d->circuit, &instruction));
    }
    return qhm_circuit_append(d->circuit, QHM_GATE_CX, flip, NULL);
}

qhm_status qhm_circuit_append_dicke(qhm_circuit *circuit, uint32_t first, uint32_t count,
                                    uint32_t ones, bool back)
{
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(count >= 2 && ones >= 1 && ones < count, "%u ones in a block of %u qubits", ones,
                count);
    const dicke d = {circuit, first};
    for (uint32_t step = 0; step + 1 < count; step++) {
        const uint32_t size = back ? step + 2 : count - step;
        const uint32_t most = ones < size - 1 ? ones : size - 1;
        for (uint32_t k = 1; k <= most; k++)
            QHM_TRY(append_rotation(&d, size, back ? most + 1 - k : k, back));
    }
    return QHM_OK;
}
