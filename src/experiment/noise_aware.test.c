// Whole runs whose modules are chosen, trained and finished under the noise of chips.
#include "support/temporary_folder.h"

#include <jansson.h>
#include <qhm/run.h>
#include <qhm/run_store.h>
#include <qhm/safetensors.h>
#include <string.h>

static qhm_report *run(void **state, const char *text, const char *folder, bool quick)
{
    const char *path = in_folder(state, "run-file.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    qhm_run_file *file;
    qhm_report *report;
    REQUIRE_OK(qhm_run_file_load(path, NULL, 0, &file));
    REQUIRE_OK(qhm_run_execute(
        file, &(qhm_run_options){.folder = in_folder(state, folder), .quick = quick}, &report));
    qhm_run_file_destroy(file);
    return report;
}

static const qhm_report_model *find_model(const qhm_report *report, const char *name)
{
    const qhm_report_task *task = &report->tasks[0];
    for (size_t i = 0; i < task->model_count; i++)
        if (strcmp(task->models[i].name, name) == 0)
            return &task->models[i];
    fail_msg("no model %s", name);
    return NULL;
}

static double rate_of(const qhm_run_job *job)
{
    json_t *root = json_loads(job->parameters, 0, NULL);
    const double value = json_number_value(json_object_get(root, "learning_rate"));
    json_decref(root);
    return value;
}

static double accuracy_of(const qhm_run_job *job)
{
    json_t *root = json_loads(job->metrics, 0, NULL);
    const double value =
        json_number_value(json_object_get(json_object_get(root, "scores"), "accuracy"));
    json_decref(root);
    return value;
}

// Training is the same for both variants; the noise of sixty layers is in the scores of one alone,
// and these decide. Trials are as many as the rivals have, at equal places for every choice.
static void noise_takes_part_in_the_choice(void **state)
{
    static const char text[] =
        "name: choosing\n"
        "data: {source: separable, features: 2, train_count: 60, test_count: 30}\n"
        "training: {trials: 2, epochs: 6, batch: 16, learning_rate_low: 0.03}\n"
        "tasks:\n- name: plane\n  kind: classification\n  inputs: {use: numbers}\n"
        "  quantum: {qubits: 2}\n"
        "  variants:\n"
        "    noisy: {qubits: 2, choices: [{layers: 60}, {layers: 1}], chosen_on: condor}\n"
        "    clean: {qubits: 2, choices: [{layers: 60}, {layers: 1}]}\n";
    static const char *const names[] = {"noisy", "clean"}, *const layers[] = {"60\"", "1\""};
    qhm_report *report = run(state, text, "run", false);
    assert_non_null(strstr(find_model(report, "noisy")->summary, "; chosen on condor: layers: "));
    assert_non_null(
        strstr(find_model(report, "clean")->summary, "; chosen without noise: layers: "));
    assert_int_equal(find_model(report, "noisy")->trials, 2);
    for (size_t i = 0; i < report->tasks[0].guard_count; i++)
        assert_true(report->tasks[0].guards[i].passed);
    qhm_run_store *store;
    qhm_run_jobs *jobs;
    REQUIRE_OK(qhm_run_store_load(in_folder(state, "run"), &store));
    REQUIRE_OK(qhm_run_jobs_load(store, &jobs));
    size_t differing = 0;
    for (size_t r = 0; r < 10; r++) {
        const qhm_run_job *first = qhm_run_jobs_find(jobs, "plane", "noisy", r, 0);
        double scores[2][2];
        for (int v = 0; v < 2; v++) {
            for (size_t t = 0; t < 2; t++) {
                const qhm_run_job *trial = qhm_run_jobs_find(jobs, "plane", names[v], r, t);
                const char *choice = strstr(trial->parameters, "\"layers: ");
                assert_true(choice && strncmp(choice + 9, layers[t], strlen(layers[t])) == 0);
                REQUIRE_NEAR(rate_of(trial), rate_of(first), 0);
                scores[v][t] = accuracy_of(trial);
            }
            const qhm_run_job *job = qhm_run_jobs_find(jobs, "plane", names[v], r, QHM_RUN_FINAL);
            const char *best = layers[scores[v][1] > scores[v][0]];
            const char *choice = strstr(job->parameters, "\"layers: ");
            assert_true(choice && strncmp(choice + 9, best, strlen(best)) == 0);
        }
        differing += scores[0][0] != scores[1][0];
    }
    assert_true(differing > 0);
    qhm_run_jobs_destroy(jobs);
    qhm_run_store_destroy(store);
    qhm_report_destroy(report);
}

static qhm_safetensors *load_model(void **state, const char *run_folder, const char *model)
{
    char path[600];
    qhm_safetensors *list;
    snprintf(path, sizeof path, "%s/models/plane-%s-0.safetensors", in_folder(state, run_folder),
             model);
    REQUIRE_OK(qhm_safetensors_load(path, &list));
    return list;
}

static bool has_equal(const qhm_safetensors *a, const qhm_safetensors *b, const char *name)
{
    double values[2][16];
    const qhm_tensor *tensors[2] = {qhm_safetensors_find(a, name), qhm_safetensors_find(b, name)};
    assert_true(tensors[0] && tensors[1]);
    const size_t count = qhm_tensor_count(tensors[0]);
    assert_true(count <= 16);
    for (int i = 0; i < 2; i++)
        REQUIRE_OK(qhm_tensor_read(tensors[i], 0, count, values[i]));
    return memcmp(values[0], values[1], count * sizeof(double)) == 0;
}

// The same seed trains the same model; finishing then moves its classical end and nothing else.
static void finishing_moves_the_classical_end_alone(void **state)
{
    static const char text[] =
        "name: finishing\nprecision: float64\n"
        "data: {source: separable, features: 2, train_count: 60, test_count: 30}\n"
        "training: {trials: 1, epochs: 3, batch: 16}\n"
        "devices: [ideal, condor]\nexecution: {shots: 64, mitigation: detection}\n"
        "tasks:\n- name: plane\n  kind: classification\n  inputs: {use: numbers}\n"
        "  quantum: {qubits: 3, layers: 1}\n"
        "  variants:\n"
        "    plain: {qubits: 3, encoding: unary, ansatz: givens}\n"
        "    finished: {qubits: 3, encoding: unary, ansatz: givens, finished_on: condor,\n"
        "      chip_mitigation: detection}\n"
        "    detecting: {qubits: 3, encoding: unary, ansatz: givens, trained_on: condor,\n"
        "      chip_mitigation: detection}\n";
    qhm_report *report = run(state, text, "run", true);
    assert_non_null(strstr(find_model(report, "finished")->summary,
                           "finished on values of condor; these values by detection"));
    qhm_safetensors *plain = load_model(state, "run", "plain");
    qhm_safetensors *finished = load_model(state, "run", "finished");
    qhm_safetensors *detecting = load_model(state, "run", "detecting");
    static const char *const names[] = {"input.weight", "input.bias", "module.weight"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(has_equal(plain, finished, names[i]));
        assert_false(has_equal(plain, detecting, names[i]));
    }
    assert_false(has_equal(plain, finished, "output.weight"));
    qhm_safetensors_destroy(plain);
    qhm_safetensors_destroy(finished);
    qhm_safetensors_destroy(detecting);
    // The ladder: ideal, condor, condor with detection; the hybrid keeps no number of ones.
    const qhm_report_task *task = &report->tasks[0];
    assert_int_equal(task->rung_count, 12);
    for (size_t i = 0; i < 12; i++) {
        const qhm_report_rung *rung = &task->rungs[i];
        const bool is_detected = i % 3 == 2;
        assert_true((rung->note[0] != 0) == (i == 2));
        assert_true(is_detected && i != 2 ? rung->kept_share > 0.5 && rung->kept_share < 1
                                          : isnan(rung->kept_share));
    }
    assert_non_null(strstr(task->rungs[2].note, "keeps its number of ones"));
    qhm_report_destroy(report);
}

// Named by its field: the module is not one that detection can check.
static void a_module_that_detection_cannot_check_is_refused(void **state)
{
    const char *path = in_folder(state, "run-file.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("name: wrong\ndata: {source: separable, features: 2, train_count: 60, test_count: 30}\n"
          "tasks:\n- name: plane\n  kind: classification\n  inputs: {use: numbers}\n"
          "  quantum: {qubits: 2, finished_on: willow, chip_mitigation: detection}\n",
          out);
    fclose(out);
    qhm_run_file *file;
    REQUIRE_OK(qhm_run_file_load(path, NULL, 0, &file));
    REQUIRE_FAILS(
        qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "wrong")}, NULL),
        QHM_ERROR_UNSUPPORTED, ": finished_on: detection needs a circuit that keeps its number");
    qhm_run_file_destroy(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(noise_takes_part_in_the_choice),
        in_temporary_folder(finishing_moves_the_classical_end_alone),
        in_temporary_folder(a_module_that_detection_cannot_check_is_refused),
    };
    return cmocka_run_group_tests_name("experiment/noise_aware", tests, NULL, NULL);
}
