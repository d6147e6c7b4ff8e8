// For tests: a model of two quantum layers, six qubits and two, and a chip of three.
#ifndef QHM_TESTS_TWO_LAYERS_H
#define QHM_TESTS_TWO_LAYERS_H

#include "base/document.h"
#include "experiment/module_placement.h"
#include "support/temporary_folder.h"

#include <jansson.h>
#include <qhm/quantum_layer.h>
#include <string.h>

enum { TWO_LAYERS_ROWS = 4, TWO_LAYERS_WIDTH = 6 };

typedef struct two_layers {
    char tiny[512]; // the small chip's path
    qhm_document *document;
    qhm_noise_ladder ladder;
    qhm_task_kind kind;
    qhm_task task;
    qhm_trained_model model;
    qhm_module *layers[2];
    qhm_fit_request request;
    qhm_tape *tape;
} two_layers;

// The mean of the first output.
static qhm_status two_layers_score(const qhm_trained_model *model, qhm_tape *tape,
                                   const qhm_fit_request *request, qhm_fit_result *result)
{
    (void)request;
    static const double values[TWO_LAYERS_ROWS * TWO_LAYERS_WIDTH] = {
        0.3, -0.2, 0.8, 0.1, -0.6, 0.4, -0.3, 0.9, 0.2, -0.7, 0.5, 0.6,
        0.1, 0.7,  -1,  0.2, 0.4,  0.3, 0.8,  0,   -1,  0.3,  0.2, -0.5};
    qhm_value input, output;
    QHM_TRY(qhm_tape_constant(tape, (qhm_shape){2, {TWO_LAYERS_ROWS, TWO_LAYERS_WIDTH}}, values,
                              &input));
    QHM_TRY(qhm_module_forward(model->root, tape, input, QHM_NO_VALUE, &output));
    const double *outputs = qhm_tape_data(tape, output);
    for (size_t r = 0; r < TWO_LAYERS_ROWS; r++)
        result->metrics[0] += outputs[2 * r] / TWO_LAYERS_ROWS;
    return QHM_OK;
}

static qhm_module *two_layers_append(two_layers *t, const char *kind, size_t width, size_t output,
                                     const void *options)
{
    qhm_module *made;
    const qhm_module_setting setting = {
        .precision = QHM_FLOAT64, .input = {1, {width}}, .output_width = output};
    REQUIRE_OK(qhm_module_create(kind, &setting, options, &made));
    REQUIRE_OK(qhm_module_append_take(t->model.root, NULL, made));
    return made;
}

// Three qubits in a row; slow gates, hardly any errors.
static const char two_layers_chip[] =
    "{\"schema\":1,\"name\":\"tiny\",\"title\":\"Tiny\",\"family\":\"superconducting\","
    "\"sources\":{\"us\":{\"text\":\"us\"}},"
    "\"topology\":{\"kind\":\"grid\",\"rows\":1,\"columns\":3,\"status\":\"assumed\","
    "\"source\":\"us\"},\"operations\":["
    "{\"name\":\"u\",\"gate\":\"u\",\"is_any_one_qubit_gate\":true,"
    "\"duration\":\"one_qubit_duration_ns\",\"error\":\"one_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"cz\",\"gate\":\"cz\",\"duration\":\"two_qubit_duration_ns\","
    "\"error\":\"two_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"measure\",\"gate\":\"measure\",\"duration\":\"readout_duration_ns\","
    "\"error\":\"readout_error\",\"source\":\"us\"}],\"figures\":{"
    "\"one_qubit_error\":{\"value\":1e-6,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"two_qubit_error\":{\"value\":1e-6,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"readout_error\":{\"value\":1e-5,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"one_qubit_duration_ns\":{\"value\":1000,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"two_qubit_duration_ns\":{\"value\":1000,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"readout_duration_ns\":{\"value\":1000,\"status\":\"assumed\",\"source\":\"us\"}}}";

// Reads a run file's text, in which TINY stands for the small chip.
static qhm_status two_layers_read(two_layers *t, void **state, const char *text)
{
    static const char *const names[] = {"wide", "narrow", NULL};
    char whole[1024];
    const char *path = in_folder(state, "tiny.json"), *mark = strstr(text, "TINY");
    snprintf(t->tiny, sizeof t->tiny, "%s", path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(two_layers_chip, file);
    fclose(file);
    if (mark)
        snprintf(whole, sizeof whole, "%.*s%s%s", (int)(mark - text), text, path, mark + 4);
    else
        snprintf(whole, sizeof whole, "%s", text);
    t->kind = (qhm_task_kind){.name = "test", .layers = names};
    t->task = (qhm_task){.kind = &t->kind, .precision = QHM_FLOAT64};
    REQUIRE_OK(qhm_document_parse_yaml(whole, strlen(whole), "test", &t->document));
    const qhm_node *root = qhm_document_root(t->document);
    QHM_TRY(qhm_noise_ladder_read(qhm_node_find(root, "devices"), qhm_node_find(root, "execution"),
                                  &t->ladder, &(qhm_option_notes){0}));
    return qhm_module_placement_check(&t->ladder.placement, &t->task, 1);
}

static void two_layers_destroy(two_layers *t)
{
    qhm_tape_destroy(t->tape);
    qhm_module_destroy(t->model.root);
    qhm_noise_ladder_release(&t->ladder);
    qhm_document_destroy(t->document);
    free(t);
}

static two_layers *two_layers_create(void **state, const char *text)
{
    static const qhm_trained_ops ops = {.score = two_layers_score};
    two_layers *t = calloc(1, sizeof *t);
    assert_non_null(t);
    REQUIRE_OK(two_layers_read(t, state, text));
    t->model.ops = &ops;
    REQUIRE_OK(
        qhm_sequential_create(QHM_FLOAT64, (qhm_shape){1, {TWO_LAYERS_WIDTH}}, &t->model.root));
    t->layers[0] = two_layers_append(t, "quantum", TWO_LAYERS_WIDTH, 0,
                                     &(qhm_quantum_options){.qubits = TWO_LAYERS_WIDTH});
    two_layers_append(t, "linear", TWO_LAYERS_WIDTH, 2, NULL);
    t->layers[1] = two_layers_append(t, "quantum", 2, 0, &(qhm_quantum_options){.qubits = 2});
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &t->tape));
    t->request = (qhm_fit_request){
        .task = &t->task, .score_count = TWO_LAYERS_ROWS, .seed = 7, .ladder = &t->ladder};
    return t;
}

static inline void two_layers_require_refused(void **state, const char *text, const char *message)
{
    two_layers *t = calloc(1, sizeof *t);
    assert_non_null(t);
    REQUIRE_FAILS(two_layers_read(t, state, text), QHM_ERROR_BAD_INPUT, message);
    two_layers_destroy(t);
}

#endif
