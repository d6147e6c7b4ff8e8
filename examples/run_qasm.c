// A circuit from OpenQASM, its exact distribution, and counts of shots beside it.
//
//     cc run_qasm.c $(pkg-config --cflags --libs qhm) -o run_qasm && ./run_qasm
#include <qhm/distribution.h>
#include <qhm/method.h>
#include <qhm/plan.h>
#include <qhm/qasm.h>
#include <qhm/types.h>

#include <stdio.h>
#include <string.h>

enum { SHOTS = 1000 };

// A second measurement whose basis depends on the first outcome.
static const char program[] = "OPENQASM 3.0;\n"
                              "include \"stdgates.inc\";\n"
                              "qubit[2] q;\n"
                              "bit[2] c;\n"
                              "ry(2*pi/3) q[0];\n"
                              "cx q[0], q[1];\n"
                              "c[0] = measure q[0];\n"
                              "if (!c[0]) { h q[1]; }\n"
                              "c[1] = measure q[1];\n";

// The simulator that suits the circuit, with the circuit made ready to run.
static qhm_status prepare(const qhm_circuit *circuit, qhm_backend **backend, qhm_plan **plan)
{
    qhm_method method;
    qhm_status status = qhm_method_find(circuit, NULL, &method);
    if (status == QHM_OK)
        status = qhm_backend_create(method.backend, NULL, backend);
    if (status == QHM_OK)
        status = qhm_plan_create(*backend, circuit, NULL, 0, NULL, plan);
    if (status == QHM_OK)
        printf("%s: %s\n", method.backend, method.reason);
    return status;
}

static qhm_status count_shots(qhm_plan *plan, qhm_distribution *counts)
{
    static uint64_t bits[SHOTS];
    qhm_status status =
        qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .shots = SHOTS, .bits = bits});
    for (size_t i = 0; status == QHM_OK && i < SHOTS; i++)
        status = qhm_distribution_append(counts, &bits[i], 1);
    return status;
}

static qhm_status print_both(const qhm_circuit *circuit, const qhm_distribution *exact,
                             const qhm_distribution *counts)
{
    for (size_t i = 0; i < qhm_distribution_outcome_count(exact); i++) {
        const uint64_t *bits;
        double probability;
        char *outcome;
        qhm_distribution_outcome(exact, i, &bits, &probability);
        qhm_status status = qhm_outcome_print(circuit, bits, &outcome);
        if (status != QHM_OK)
            return status;
        printf("%s  probability %.4f  shots %4.0f\n", outcome, probability,
               qhm_distribution_weight(counts, bits));
        qhm_string_destroy(outcome);
    }
    return QHM_OK;
}

int main(void)
{
    qhm_circuit *circuit = NULL;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_distribution *exact = NULL, *counts = NULL;
    qhm_status status = qhm_qasm_parse(program, strlen(program), NULL, &circuit, NULL);
    if (status == QHM_OK)
        status = prepare(circuit, &backend, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &exact);
    if (status == QHM_OK)
        status = qhm_distribution_create(qhm_circuit_bit_count(circuit), &counts);
    if (status == QHM_OK)
        status = count_shots(plan, counts);
    if (status == QHM_OK)
        status = print_both(circuit, exact, counts);
    if (status != QHM_OK)
        fprintf(stderr, "%s\n", qhm_error_message());
    qhm_distribution_destroy(counts);
    qhm_distribution_destroy(exact);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return status == QHM_OK ? 0 : 1;
}
