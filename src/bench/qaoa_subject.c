// The mean cost of QAOA and its derivatives, by the path that knows costs.
#include "base/memory.h"
#include "bench/bench_internal.h"

#include <qhm/qaoa.h>

enum { ANGLES = 2 * QHM_BENCH_QAOA_LAYERS };

typedef struct qaoa_subject {
    qhm_qaoa *qaoa;
    double angles[ANGLES], gradient[ANGLES], cost;
} qaoa_subject;

static void destroy(void *state)
{
    qaoa_subject *subject = state;
    if (!subject)
        return;
    qhm_qaoa_destroy(subject->qaoa);
    qhm_release(subject);
}

// RZZ and RX turn by half their angles.
static qhm_status fill(qaoa_subject *subject, qhm_bench_row *row)
{
    qhm_bench_qaoa drawn;
    qhm_ising *ising;
    qhm_bench_draw_qaoa(row->qubits, &drawn);
    for (size_t layer = 0; layer < QHM_BENCH_QAOA_LAYERS; layer++) {
        subject->angles[layer] = drawn.cost[layer] / 2;
        subject->angles[QHM_BENCH_QAOA_LAYERS + layer] = drawn.mixer[layer] / 2;
    }
    row->gates = row->qubits + QHM_BENCH_QAOA_LAYERS * (drawn.edge_count + row->qubits);
    QHM_TRY(qhm_ising_create(row->qubits, &ising));
    qhm_status status = QHM_OK;
    for (size_t e = 0; e < drawn.edge_count && status == QHM_OK; e++)
        status = qhm_ising_append_coupling(ising, drawn.edges[e][0], drawn.edges[e][1], 1);
    if (status == QHM_OK)
        status = qhm_qaoa_create(
            ising,
            &(qhm_qaoa_options){.layers = QHM_BENCH_QAOA_LAYERS, .precision = row->precision},
            &subject->qaoa);
    qhm_ising_destroy(ising);
    return status;
}

static qhm_status create(qhm_bench_row *row, void **state)
{
    qaoa_subject *subject;
    QHM_TRY(qhm_allocate(1, sizeof *subject, &subject));
    const qhm_status status = fill(subject, row);
    if (status != QHM_OK) {
        destroy(subject);
        return status;
    }
    *state = subject;
    return QHM_OK;
}

static qhm_status run(void *state)
{
    qaoa_subject *subject = state;
    return qhm_qaoa_run(subject->qaoa, subject->angles, &subject->cost, subject->gradient);
}

static double flops(const void *state)
{
    (void)state;
    return 0;
}

static qhm_status values(void *state, double **values, size_t *count)
{
    qaoa_subject *subject = state;
    double halves[ANGLES];
    QHM_TRY(run(state));
    for (size_t i = 0; i < ANGLES; i++)
        halves[i] = subject->gradient[i] / 2;
    *count = ANGLES;
    return qhm_copy_bytes(halves, ANGLES, sizeof(double), values);
}

const qhm_bench_subject qhm_bench_qaoa_subject = {create, run, flops, values, destroy};
