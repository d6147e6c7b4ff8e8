// Executors: checks of what is asked, and what their work has cost.
#include "mitigate/executor_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <stdarg.h>
#include <string.h>

struct qhm_executor {
    const qhm_executor_ops *ops;
    void *state;
};

qhm_status qhm_executor_create(const qhm_executor_ops *ops, void *state, qhm_executor **executor)
{
    QHM_REQUIRE(ops && executor, "an executor needs its functions and a place to go");
    QHM_REQUIRE(ops->estimate || ops->sample, "an executor needs estimate or sample");
    QHM_REQUIRE(ops->name, "an executor needs a name");
    qhm_executor *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->ops = ops;
    made->state = state;
    *executor = made;
    return QHM_OK;
}

void qhm_executor_destroy(qhm_executor *executor)
{
    if (!executor)
        return;
    if (executor->ops->release)
        executor->ops->release(executor->state);
    qhm_release(executor);
}

const char *qhm_executor_name(const qhm_executor *executor)
{
    return executor->ops->name;
}

bool qhm_executor_has_samples(const qhm_executor *executor)
{
    return executor->ops->sample != NULL;
}

uint64_t qhm_seed_of(uint64_t seed, qhm_mitigation_stream stream, size_t index)
{
    qhm_random random =
        qhm_random_stream(seed, QHM_RANDOM_MITIGATION, (uint64_t)stream, (uint64_t)index, 0);
    return qhm_random_u64(&random);
}

qhm_overhead qhm_overhead_none(void)
{
    return (qhm_overhead){.sampling = 1, .kept = 1};
}

void qhm_overhead_add(qhm_overhead *total, const qhm_overhead *part)
{
    total->circuits += part->circuits;
    total->shots += part->shots;
    total->sampling = fmax(total->sampling, part->sampling);
    total->kept = fmin(total->kept, part->kept);
    if (!total->detail[0])
        memcpy(total->detail, part->detail, sizeof total->detail);
}

void qhm_overhead_say(qhm_overhead *overhead, const char *format, ...)
{
    char old[sizeof overhead->detail];
    memcpy(old, overhead->detail, sizeof old);
    va_list arguments;
    va_start(arguments, format);
    (void)qhm_format(overhead->detail, sizeof overhead->detail, format, arguments);
    va_end(arguments);
    const size_t length = strlen(overhead->detail), left = sizeof old - length;
    if (!old[0] || left < 4)
        return;
    memcpy(overhead->detail + length, "; ", 3);
    const size_t room = left - 3, rest = strlen(old) < room ? strlen(old) : room;
    memcpy(overhead->detail + length + 2, old, rest);
    overhead->detail[length + 2 + rest] = 0;
}

static qhm_status check_slots(const qhm_circuit *circuit, const double *inputs,
                              const double *weights)
{
    const double *values[] = {inputs, weights};
    const size_t counts[] = {qhm_circuit_input_count(circuit), qhm_circuit_weight_count(circuit)};
    static const char *const names[] = {"inputs", "weights"};
    for (int k = 0; k < 2; k++) {
        QHM_REQUIRE(counts[k] == 0 || values[k], "the circuit has %zu %s, but they are NULL",
                    counts[k], names[k]);
        for (size_t i = 0; i < counts[k]; i++)
            QHM_REQUIRE(isfinite(values[k][i]), "%s[%zu] is %g, not finite", names[k], i,
                        values[k][i]);
    }
    return QHM_OK;
}

static qhm_status check_execution(const qhm_execution *e)
{
    QHM_REQUIRE(e->circuit && e->values, "an execution needs a circuit and a place for values");
    QHM_REQUIRE(e->observable_count > 0 && e->observables, "an execution needs observables");
    const size_t qubits = qhm_circuit_qubit_count(e->circuit);
    QHM_REQUIRE(qubits > 0, "the circuit has no qubits");
    for (size_t k = 0; k < e->observable_count; k++) {
        QHM_REQUIRE(e->observables[k], "observable %zu is NULL", k);
        const size_t used = qhm_observable_qubit_count(e->observables[k]);
        QHM_REQUIRE(used <= qubits,
                    "observable %zu acts on qubit %zu, but the circuit has %zu qubits", k, used - 1,
                    qubits);
    }
    return check_slots(e->circuit, e->inputs, e->weights);
}

qhm_status qhm_executor_estimate(qhm_executor *executor, const qhm_execution *execution)
{
    *execution->overhead = qhm_overhead_none();
    if (executor->ops->estimate)
        return executor->ops->estimate(executor->state, execution);
    return qhm_executor_measure(executor, execution, &(qhm_setting_hooks){0});
}

qhm_status qhm_executor_run(qhm_executor *executor, const qhm_execution *execution)
{
    QHM_REQUIRE(executor && execution, "a run needs an executor and an execution");
    QHM_TRY(check_execution(execution));
    const size_t count = execution->observable_count;
    double *room;
    QHM_TRY(qhm_allocate(2 * count, sizeof *room, &room));
    qhm_overhead overhead;
    qhm_execution full = *execution;
    full.values = room;
    full.variances = room + count;
    full.overhead = &overhead;
    const qhm_status status = qhm_executor_estimate(executor, &full);
    if (status == QHM_OK) {
        memcpy(execution->values, room, count * sizeof *room);
        if (execution->variances)
            memcpy(execution->variances, room + count, count * sizeof *room);
        if (execution->overhead)
            *execution->overhead = overhead;
    }
    qhm_release(room);
    return status;
}

qhm_status qhm_executor_draw(qhm_executor *executor, const qhm_sampling *sampling,
                             qhm_distribution **outcomes, qhm_overhead *overhead)
{
    if (!executor->ops->sample)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the executor %s gives expectation values only, not outcomes: put "
                        "techniques that need outcomes inside it",
                        executor->ops->name);
    qhm_distribution *made;
    QHM_TRY(qhm_distribution_create(qhm_circuit_qubit_count(sampling->circuit), &made));
    const qhm_status status = executor->ops->sample(executor->state, sampling, made, overhead);
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    *outcomes = made;
    return QHM_OK;
}

qhm_status qhm_executor_sample(qhm_executor *executor, const qhm_sampling *sampling,
                               qhm_distribution **outcomes, qhm_overhead *overhead)
{
    QHM_REQUIRE(executor && sampling && outcomes,
                "sampling needs an executor, what to sample and a place to go");
    QHM_REQUIRE(sampling->circuit && qhm_circuit_qubit_count(sampling->circuit) > 0,
                "sampling needs a circuit with qubits");
    for (size_t q = 0; sampling->letters && q < qhm_circuit_qubit_count(sampling->circuit); q++)
        QHM_REQUIRE(sampling->letters[q] <= QHM_PAULI_Z, "letters[%zu] is %u, not I, X, Y or Z", q,
                    sampling->letters[q]);
    QHM_TRY(check_slots(sampling->circuit, sampling->inputs, sampling->weights));
    qhm_overhead total = qhm_overhead_none();
    QHM_TRY(qhm_executor_draw(executor, sampling, outcomes, &total));
    if (overhead)
        *overhead = total;
    return QHM_OK;
}
