// Running a circuit on the simulator that suits it, counted.
#include "algorithm/counted_run.h"

#include "base/memory.h"

#include <qhm/backend.h>
#include <qhm/method.h>
#include <qhm/plan.h>

enum { PART_SHOTS = 1 << 16 }; // at a time, so that many shots need little memory

typedef struct counted_run {
    qhm_backend *backend;
    qhm_plan *plan;
} counted_run;

static void close_run(counted_run *run)
{
    qhm_plan_destroy(run->plan);
    qhm_backend_destroy(run->backend);
}

static qhm_status open_run(const qhm_circuit *circuit, const char *backend, counted_run *run)
{
    *run = (counted_run){NULL, NULL};
    QHM_TRY(qhm_backend_create(backend, NULL, &run->backend));
    const qhm_plan_options options = {
        .precision = QHM_FLOAT64, .max_batch = 1, .forward_only = true};
    const qhm_status status = qhm_plan_create(run->backend, circuit, NULL, 0, &options, &run->plan);
    if (status != QHM_OK)
        close_run(run);
    return status;
}

static qhm_status add_ledger(const counted_run *run, size_t shots, const qhm_run_counts *per_run,
                             qhm_ledger *ledger)
{
    qhm_ledger made;
    QHM_TRY(qhm_plan_ledger(run->plan, &made));
    if (per_run) {
        made.state_preparations += per_run->state_preparations * shots;
        made.oracle_calls += per_run->oracle_calls * shots;
    }
    qhm_ledger_add(ledger, &made);
    return QHM_OK;
}

static qhm_status draw(const counted_run *run, size_t bit_count, size_t shots, uint64_t seed,
                       qhm_distribution *outcomes)
{
    const size_t words = (bit_count + 63) / 64;
    const size_t part = shots < PART_SHOTS ? shots : PART_SHOTS;
    uint64_t *bits;
    qhm_status status = QHM_OK;
    QHM_TRY(qhm_allocate(part * words, sizeof *bits, &bits));
    for (size_t done = 0, number = 0; done < shots && status == QHM_OK; done += part, number++) {
        const size_t count = shots - done < part ? shots - done : part;
        status = qhm_plan_run(run->plan, &(qhm_request){.batch_count = 1,
                                                        .shots = count,
                                                        .seed = seed,
                                                        .first_sample = number,
                                                        .bits = bits});
        for (size_t i = 0; i < count && status == QHM_OK; i++)
            status = qhm_distribution_append(outcomes, bits + i * words, 1);
    }
    qhm_release(bits);
    return status;
}

qhm_status qhm_counted_shots(const qhm_circuit *circuit, size_t shots, uint64_t seed,
                             const qhm_run_counts *per_run, qhm_ledger *ledger,
                             qhm_distribution **outcomes)
{
    qhm_method method;
    counted_run run;
    qhm_distribution *drawn = NULL;
    const size_t bit_count = qhm_circuit_bit_count(circuit);
    QHM_REQUIRE(shots > 0, "shots is 0");
    QHM_REQUIRE(bit_count > 0, "the circuit has no classical bits to read");
    QHM_TRY(qhm_method_find(circuit, NULL, &method));
    QHM_TRY(open_run(circuit, method.backend, &run));
    qhm_status status = qhm_distribution_create(bit_count, &drawn);
    if (status == QHM_OK)
        status = draw(&run, bit_count, shots, seed, drawn);
    if (status == QHM_OK)
        status = add_ledger(&run, shots, per_run, ledger);
    close_run(&run);
    if (status != QHM_OK) {
        qhm_distribution_destroy(drawn);
        return status;
    }
    *outcomes = drawn;
    return QHM_OK;
}

qhm_status qhm_counted_state(const qhm_circuit *circuit, qhm_ledger *ledger,
                             qhm_complex **amplitudes)
{
    counted_run run;
    qhm_complex *state = NULL;
    QHM_TRY(open_run(circuit, "statevector", &run));
    qhm_status status =
        qhm_allocate((size_t)1 << qhm_circuit_qubit_count(circuit), sizeof *state, &state);
    if (status == QHM_OK)
        status = qhm_plan_run(run.plan, &(qhm_request){.batch_count = 1, .states = state});
    if (status == QHM_OK && ledger)
        status = add_ledger(&run, 1, NULL, ledger);
    close_run(&run);
    if (status != QHM_OK) {
        qhm_release(state);
        return status;
    }
    *amplitudes = state;
    return QHM_OK;
}
