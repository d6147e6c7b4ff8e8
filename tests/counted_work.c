// Fixed work for tools/count-instructions: one workload of the bench, run once to warm up and once
// in counted_call, whose instructions alone are counted.
//
// usage: counted_work WORKLOAD, one of the table below
#include "bench/bench_internal.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    qhm_bench_row row;
} works[] = {
    {"ansatz-8-batch-64",
     {.workload = QHM_BENCH_ANSATZ, .precision = QHM_FLOAT32, .qubits = 8, .batch = 64}},
    {"gradient-8-batch-64",
     {.workload = QHM_BENCH_GRADIENT, .precision = QHM_FLOAT32, .qubits = 8, .batch = 64}},
    {"random-16",
     {.workload = QHM_BENCH_RANDOM, .precision = QHM_FLOAT32, .qubits = 16, .batch = 1}},
};

qhm_status counted_call(void *state);

__attribute__((noinline)) qhm_status counted_call(void *state)
{
    return qhm_bench_plan_subject.run(state);
}

static qhm_status work(const qhm_bench_row *asked)
{
    qhm_bench_row row = *asked;
    void *state;
    qhm_status status = qhm_bench_plan_subject.create(&row, &state);
    if (status != QHM_OK)
        return status;
    status = qhm_bench_plan_subject.run(state);
    if (status == QHM_OK)
        status = counted_call(state);
    qhm_bench_plan_subject.destroy(state);
    return status;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
        if (strcmp(works[i].name, name) == 0) {
            if (work(&works[i].row) == QHM_OK)
                return 0;
            fprintf(stderr, "counted_work: %s\n", qhm_error_message());
            return 1;
        }
    fprintf(stderr, "counted_work: no work \"%s\"\n", name);
    return 2;
}
