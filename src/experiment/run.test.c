// Whole runs on small data: verdicts of the controls, resuming, replaying, threads.
#include "support/temporary_folder.h"

#include <qhm/run.h>
#include <qhm/run_store.h>
#include <qhm/threads.h>
#include <qhm/verdict.h>
#include <unistd.h>

static qhm_run_file *load(void **state, const char *text)
{
    const char *path = in_folder(state, "run-file.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    qhm_run_file *file;
    REQUIRE_OK(qhm_run_file_load(path, NULL, 0, &file));
    return file;
}

static const char kernel_file[] = "name: small\n"
                                  "data: {source: separable, features: 2, train_count: 60, "
                                  "test_count: 60}\n"
                                  "training: {trials: 2}\n"
                                  "tasks: [{name: plane, kind: kernel, quantum: {qubits: 2}}]\n";

static const char layer_file[] =
    "name: layered\n"
    "data: {source: separable, features: 3, train_count: 60, test_count: 40}\n"
    "training: {trials: 2, epochs: 4, batch: 16}\n"
    "tasks: [{name: plane, kind: classification, inputs: {use: numbers}, quantum: {qubits: 3}}]\n";

// The final scores of all jobs in a folder, as text.
static void require_same_jobs(const char *a, const char *b)
{
    qhm_run_store *stores[2];
    qhm_run_jobs *jobs[2];
    const char *folders[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        REQUIRE_OK(qhm_run_store_load(folders[i], &stores[i]));
        REQUIRE_OK(qhm_run_jobs_load(stores[i], &jobs[i]));
    }
    assert_int_equal(qhm_run_jobs_count(jobs[0]), qhm_run_jobs_count(jobs[1]));
    assert_true(qhm_run_jobs_count(jobs[0]) > 0);
    for (size_t i = 0; i < qhm_run_jobs_count(jobs[0]); i++)
        assert_string_equal(qhm_run_jobs_at(jobs[0], i)->metrics,
                            qhm_run_jobs_at(jobs[1], i)->metrics);
    for (int i = 0; i < 2; i++) {
        qhm_run_jobs_destroy(jobs[i]);
        qhm_run_store_destroy(stores[i]);
    }
}

static void a_run_leaves_a_verdict_a_report_and_its_inputs(void **state)
{
    qhm_run_file *file = load(state, kernel_file);
    qhm_report *report;
    const char *out = in_folder(state, "run");
    REQUIRE_OK(qhm_run_execute(file, &(qhm_run_options){.folder = out}, &report));
    // A plane is all there is to find: no quantum kernel can help.
    assert_string_equal(report->verdict, qhm_verdict_name(QHM_VERDICT_DOES_NOT_HELP));
    assert_int_equal(report->task_count, 1);
    assert_int_equal(report->tasks[0].resamples, 10);
    for (size_t g = 0; g < report->tasks[0].guard_count; g++)
        if (!report->tasks[0].guards[g].passed)
            fail_msg("guard: %s", report->tasks[0].guards[g].name);
    static const char *const left[] = {"run.yaml", "manifest.json", "results.json", "report.html",
                                       "run.sqlite"};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", out, left[i]);
        assert_int_equal(access(path, R_OK), 0);
    }
    qhm_report_destroy(report);
    // A second run never writes over the first.
    REQUIRE_FAILS(qhm_run_execute(file, &(qhm_run_options){.folder = out}, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, out);
    qhm_run_file_destroy(file);
}

static void the_same_seed_gives_the_same_bits_for_any_thread_count(void **state)
{
    qhm_run_file *file = load(state, layer_file);
    REQUIRE_OK(qhm_threads_set_count(1));
    REQUIRE_OK(qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "one")}, NULL));
    REQUIRE_OK(qhm_threads_set_count(3));
    REQUIRE_OK(
        qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "three")}, NULL));
    REQUIRE_OK(qhm_threads_set_count(0));
    require_same_jobs(in_folder(state, "one"), in_folder(state, "three"));
    qhm_run_file_destroy(file);
}

typedef struct stopwatch {
    int asked, limit;
} stopwatch;

static bool stop_after(void *context)
{
    stopwatch *watch = context;
    return __atomic_add_fetch(&watch->asked, 1, __ATOMIC_RELAXED) > watch->limit;
}

static void a_stopped_run_resumes_to_the_same_bits(void **state)
{
    qhm_run_file *file = load(state, layer_file);
    REQUIRE_OK(
        qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "whole")}, NULL));
    const char *out = in_folder(state, "stopped");
    stopwatch watch = {.limit = 150};
    REQUIRE_FAILS(
        qhm_run_execute(
            file, &(qhm_run_options){.folder = out, .is_cancelled = stop_after, .context = &watch},
            NULL),
        QHM_ERROR_CANCELLED, "resume");
    qhm_report *report;
    REQUIRE_OK(qhm_run_resume(out, NULL, &report));
    assert_string_not_equal(report->verdict, "");
    qhm_report_destroy(report);
    require_same_jobs(in_folder(state, "whole"), out);
    // A finished run may be resumed again: it is only reported anew.
    REQUIRE_OK(qhm_run_resume(out, NULL, NULL));
    REQUIRE_FAILS(qhm_run_resume(in_folder(state, "nowhere"), NULL, NULL), QHM_ERROR_NOT_FOUND,
                  "nowhere");
    qhm_run_file_destroy(file);
}

static void a_replay_repeats_every_score(void **state)
{
    qhm_run_file *file = load(state, kernel_file);
    uint64_t seed = 12345;
    const char *out = in_folder(state, "played");
    REQUIRE_OK(qhm_run_execute(file, &(qhm_run_options){.folder = out, .seed = &seed}, NULL));
    char *mismatch;
    REQUIRE_OK(qhm_run_replay(out, NULL, &mismatch));
    assert_string_equal(mismatch, "");
    qhm_string_destroy(mismatch);
    qhm_run_file_destroy(file);
}

static void a_quick_run_gives_no_verdict(void **state)
{
    qhm_run_file *file = load(state, layer_file);
    qhm_report *report;
    REQUIRE_OK(qhm_run_execute(
        file, &(qhm_run_options){.folder = in_folder(state, "quick"), .quick = true}, &report));
    assert_string_equal(report->verdict, "");
    assert_int_equal(report->tasks[0].resamples, 2);
    qhm_report_destroy(report);
    qhm_run_file_destroy(file);
}

// Rungs in the order of the file; a chip without room says so and the run goes on; noise costs
// success; the same seed gives the same scores.
static void the_ladder_scores_models_on_chips(void **state)
{
    static const char text[] =
        "name: climbing\n"
        "data: {source: separable, features: 2, train_count: 60, test_count: 30}\n"
        "training: {trials: 1, epochs: 2, batch: 16}\n"
        "devices: [ideal, shots, willow, ocelot]\n"
        "execution: {shots: 64, mitigation: readout, resamples: 3}\n"
        "tasks:\n- {name: plane, kind: classification, inputs: {use: numbers},\n"
        "   quantum: {qubits: 2}, variants: {noise_aware: {qubits: 2, trained_on: willow}}}\n";
    qhm_run_file *file = load(state, text);
    qhm_report *reports[2];
    for (int i = 0; i < 2; i++)
        REQUIRE_OK(qhm_run_execute(
            file,
            &(qhm_run_options){.folder = in_folder(state, i == 0 ? "first" : "second"),
                               .quick = true},
            &reports[i]));
    const qhm_report_task *task = &reports[0]->tasks[0];
    static const char *const devices[] = {"ideal", "shots", "willow", "willow"};
    assert_int_equal(task->rung_count, 10); // for the hybrid and its variant
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(task->rungs[i].device, devices[i]);
    assert_string_equal(task->rungs[5].model, "noise_aware");
    REQUIRE_NEAR(task->rungs[0].metric.mean, task->models[0].metric.mean, 1e-12);
    assert_true(task->rungs[0].shots == 0 && task->rungs[1].shots == 64);
    assert_true(task->rungs[2].success > 0.8 && task->rungs[2].success < 1);
    assert_true(task->rungs[2].joules > 0 && task->rungs[2].seconds > 0);
    assert_non_null(strstr(task->rungs[2].provenance, "power_watts"));
    assert_string_equal(task->rungs[3].mitigation, "readout");
    assert_string_equal(task->rungs[4].device, "ocelot"); // once: no use in mitigating nothing
    assert_non_null(strstr(task->rungs[4].note, "not expressible"));
    assert_true(isnan(task->rungs[4].metric.mean));
    for (size_t i = 0; i < task->rung_count; i++) {
        const double again = reports[1]->tasks[0].rungs[i].metric.mean;
        assert_true(task->rungs[i].metric.mean == again || isnan(again));
    }
    qhm_report_destroy(reports[0]);
    qhm_report_destroy(reports[1]);
    qhm_run_file_destroy(file);
}

// Every kind of task has the layers that it says; one chip's placement is its rung; nothing is dead
// at a yield of 1.
static void layers_are_placed_and_chips_sampled(void **state)
{
    static const char text[] =
        "name: placing\n"
        "data: {source: separable, features: 2, train_count: 60, test_count: 30}\n"
        "training: {trials: 1, epochs: 2, batch: 16}\n"
        "devices: [willow, ocelot]\n"
        "execution: {shots: 64, placement: auto, yield: [0.5, 1], yield_devices: [willow],\n"
        "  yield_samples: 2, yield_resamples: 2}\n"
        "tasks: [{name: plane, kind: classification, inputs: {use: numbers},\n"
        "  quantum: {qubits: 2}}]\n";
    qhm_run_file *file = load(state, text);
    qhm_report *report;
    REQUIRE_OK(qhm_run_execute(
        file, &(qhm_run_options){.folder = in_folder(state, "placed"), .quick = true}, &report));
    const qhm_report_task *task = &report->tasks[0];
    assert_int_equal(task->rung_count, 3);
    assert_string_equal(task->rungs[2].device, "placed");
    assert_true(task->rungs[2].metric.mean == task->rungs[0].metric.mean);
    REQUIRE_NEAR(task->rungs[2].seconds, task->rungs[0].seconds, 1e-15);
    assert_int_equal(task->placement_count, 1);
    assert_string_equal(task->placements[0].layer, "module");
    assert_string_equal(task->placements[0].device, "willow");
    assert_non_null(strstr(task->placements[0].reason, "does not fit ocelot"));
    assert_true(task->placements[0].success == task->rungs[0].success);
    assert_int_equal(task->yield_count, 2);
    const qhm_report_yield *half = &task->yields[0], *whole = &task->yields[1];
    assert_true(half->yield == 0.5 && half->samples == 2 && half->fitting == 2);
    assert_true(whole->yield == 1 && whole->samples == 1 && whole->fitting == 1);
    REQUIRE_NEAR(whole->metric.mean, task->rungs[0].metric.mean, 1e-15);
    assert_true(whole->success.lower == task->rungs[0].success);
    assert_true(whole->metric.lower <= whole->metric.mean);
    qhm_report_destroy(report);
    qhm_run_file_destroy(file);
}

static void queries_keys_and_values_run_on_chips_of_their_own(void **state)
{
    static const char text[] =
        "name: apart\n"
        "data: {source: sentences, count: 40}\n"
        "training: {trials: 1, epochs: 1}\n"
        "devices: [willow, condor]\n"
        "execution: {shots: 8, resamples: 1, placement: {key: condor, value: heron}}\n"
        "tasks: [{name: topic, kind: sequence, quantum: {qubits: 2}}]\n";
    qhm_run_file *file = load(state, text);
    qhm_report *report;
    REQUIRE_OK(qhm_run_execute(
        file, &(qhm_run_options){.folder = in_folder(state, "apart"), .quick = true}, &report));
    const qhm_report_task *task = &report->tasks[0];
    static const char *const expected[][2] = {
        {"query", "willow"}, {"key", "condor"}, {"value", "heron"}};
    assert_int_equal(task->placement_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(task->placements[i].layer, expected[i][0]);
        assert_string_equal(task->placements[i].device, expected[i][1]);
    }
    assert_int_equal(task->rung_count, 3);
    assert_true(isfinite(task->rungs[2].metric.mean));
    assert_non_null(strstr(task->rungs[2].provenance, "heron: assumed"));
    qhm_report_destroy(report);
    qhm_run_file_destroy(file);
}

static void an_estimate_counts_jobs_without_running_them(void **state)
{
    qhm_run_file *file = load(state, kernel_file);
    qhm_run_estimate estimate;
    REQUIRE_OK(qhm_run_estimate_cost(file, NULL, &estimate));
    assert_int_equal(estimate.jobs, 60); // 6 models, 10 resamples
    assert_true(estimate.seconds > 0 && estimate.peak_bytes > 1 << 20);
    assert_non_null(strstr(estimate.description, "plane"));
    qhm_string_destroy(estimate.description);
    qhm_run_file_destroy(file);
}

static void data_that_does_not_fit_is_refused_by_name(void **state)
{
    qhm_run_file *file = load(
        state, "name: a\ndata: {source: separable, features: 2, train_count: 20, test_count: 20}\n"
               "tasks: [{name: b, kind: kernel, quantum: {qubits: 4}}]\n");
    REQUIRE_FAILS(
        qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "few")}, NULL),
        QHM_ERROR_BAD_INPUT, "2 numeric columns");
    qhm_run_file_destroy(file);
    file = load(state,
                "name: a\ndata: {source: separable, features: 2, train_count: 20, test_count: 20}\n"
                "tasks: [{name: b, kind: retrieval}]\n");
    REQUIRE_FAILS(
        qhm_run_execute(file, &(qhm_run_options){.folder = in_folder(state, "blind")}, NULL),
        QHM_ERROR_UNSUPPORTED, "pictures");
    qhm_run_file_destroy(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(a_run_leaves_a_verdict_a_report_and_its_inputs),
        in_temporary_folder(the_same_seed_gives_the_same_bits_for_any_thread_count),
        in_temporary_folder(a_stopped_run_resumes_to_the_same_bits),
        in_temporary_folder(a_replay_repeats_every_score),
        in_temporary_folder(a_quick_run_gives_no_verdict),
        in_temporary_folder(the_ladder_scores_models_on_chips),
        in_temporary_folder(layers_are_placed_and_chips_sampled),
        in_temporary_folder(queries_keys_and_values_run_on_chips_of_their_own),
        in_temporary_folder(an_estimate_counts_jobs_without_running_them),
        in_temporary_folder(data_that_does_not_fit_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
