// The circuits of a task: drawing, counts, and what the gradient doctor says of them.
#include "experiment/results_internal.h"

#include <qhm/backend.h>
#include <qhm/draw.h>
#include <qhm/gradient_doctor.h>
#include <string.h>

// Beyond this the doctor's thousands of runs would outlast the training it checks.
enum { DOCTOR_MAX_QUBITS = 12 };

static qhm_status add_facts(qhm_results *results, const qhm_circuit *circuit,
                            qhm_report_circuit *out)
{
    qhm_circuit_counts counts;
    QHM_TRY(qhm_circuit_count(circuit, &counts));
    const struct {
        const char *name;
        size_t value;
    } rows[] = {{"qubits", counts.qubits},
                {"depth", counts.depth},
                {"one-qubit gates", counts.one_qubit_gates},
                {"two-qubit gates", counts.two_qubit_gates},
                {"larger gates", counts.larger_gates},
                {"two-qubit depth", counts.two_qubit_depth},
                {"inputs", counts.inputs},
                {"weights", counts.weights}};
    size_t count = sizeof rows / sizeof rows[0];
    qhm_report_fact *facts;
    QHM_TRY(qhm_results_take(results, count, sizeof *facts, &facts));
    for (size_t i = 0; i < count; i++) {
        facts[i].name = rows[i].name;
        QHM_TRY(qhm_results_text(results, &facts[i].value, "%zu", rows[i].value));
    }
    out->facts = facts;
    out->fact_count = count;
    return QHM_OK;
}

static qhm_status add_gradients(qhm_results *results, const qhm_gradient_report *found,
                                qhm_report_circuit *out)
{
    qhm_report_gradient *rows;
    QHM_TRY(qhm_results_take(results, found->parameter_count, sizeof *rows, &rows));
    for (size_t i = 0; i < found->parameter_count; i++) {
        const qhm_parameter_health *health = &found->parameters[i];
        QHM_TRY(qhm_results_text(results, &rows[i].name, "%s %u",
                                 health->slot == QHM_SLOT_INPUT ? "input" : "weight",
                                 health->index));
        rows[i].largest = health->largest;
        rows[i].shift_error = health->shift_error;
        rows[i].difference_error = health->difference_error;
        rows[i].finding = health->is_wrong       ? "wrong"
                          : health->is_dead      ? "dead"
                          : health->is_vanishing ? "vanishing"
                                                 : "";
    }
    out->gradients = rows;
    out->gradient_count = found->parameter_count;
    return qhm_results_text(
        results, &out->doctor,
        "%zu slots at %zu random points: %zu wrong, %zu dead, %zu vanishing; adjoint and shift "
        "differ by at most %.1e, adjoint and finite differences by %.1e.",
        found->parameter_count, found->points, found->wrong_count, found->dead_count,
        found->vanishing_count, found->shift_error, found->difference_error);
}

static qhm_status examine(qhm_results *results, const qhm_run_circuit *circuit,
                          qhm_report_circuit *out)
{
    if (circuit->observable_count == 0)
        return qhm_results_text(results, &out->doctor,
                                "A fixed circuit: nothing is trained, so there are no gradients.");
    if (qhm_circuit_qubit_count(circuit->circuit) > DOCTOR_MAX_QUBITS)
        return qhm_results_text(results, &out->doctor,
                                "Not examined: more than %d qubits. `qhm doctor` does it.",
                                DOCTOR_MAX_QUBITS);
    qhm_backend *backend;
    QHM_TRY(qhm_backend_create("statevector", NULL, &backend));
    qhm_gradient_report *found = NULL;
    qhm_status status = qhm_gradient_doctor_run(
        backend, circuit->circuit, circuit->observables, circuit->observable_count,
        &(qhm_gradient_doctor_options){.points = 8, .seed = results->run->seed}, &found);
    if (status == QHM_OK)
        status = add_gradients(results, found, out);
    qhm_gradient_report_destroy(found);
    qhm_backend_destroy(backend);
    return status;
}

// Copies a text into the results and destroys it.
static qhm_status keep_text(qhm_results *results, char *text, const char **out)
{
    size_t bytes = strlen(text) + 1;
    char *kept;
    qhm_status status = qhm_results_take(results, bytes, 1, &kept);
    if (status == QHM_OK) {
        memcpy(kept, text, bytes);
        *out = kept;
    }
    qhm_string_destroy(text);
    return status;
}

static qhm_status add_circuit(qhm_results *results, const qhm_run_circuit *circuit,
                              qhm_report_circuit *out)
{
    QHM_TRY(qhm_results_text(results, &out->name, "%s, %zu qubits", circuit->model,
                             qhm_circuit_qubit_count(circuit->circuit)));
    char *drawing;
    QHM_TRY(qhm_circuit_draw(circuit->circuit, NULL, &drawing));
    QHM_TRY(keep_text(results, drawing, &out->drawing));
    QHM_TRY(qhm_circuit_draw_svg(circuit->circuit, NULL, &drawing));
    QHM_TRY(keep_text(results, drawing, &out->picture));
    QHM_TRY(add_facts(results, circuit->circuit, out));
    return examine(results, circuit, out);
}

qhm_status qhm_results_add_circuits(qhm_results *results, const qhm_run_task *task,
                                    qhm_report_task *out)
{
    size_t count;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(results->run->file, &count);
    qhm_report_circuit *rows;
    QHM_TRY(qhm_results_take(results, count, sizeof *rows, &rows));
    for (size_t i = 0; i < count; i++)
        if (strcmp(circuits[i].task, task->task->name) == 0)
            QHM_TRY(add_circuit(results, &circuits[i], &rows[out->circuit_count++]));
    out->circuits = rows;
    return QHM_OK;
}
