// Contests within a budget: shots by hand from a chip's figures, places by score and cost.
#include "experiment/contest.h"
#include "support/temporary_folder.h"

#include <qhm/device.h>
#include <qhm/run.h>

enum { ROWS = 100 };

static double figure(const qhm_device *device, const char *name)
{
    const double value = qhm_device_figure(device, name).value;
    return isnan(value) ? 0 : value;
}

// A hundred rows of one circuit of 500 ns on Heron; 2 ms of the host, half of it replaced.
typedef struct example {
    qhm_device *heron;
    qhm_model_costs costs;
    qhm_chip_probe probe;
    double shot_seconds, fixed_seconds, fixed_busy, watts;
} example;

static example make_example(void)
{
    example made = {
        .costs = {.whole = {.seconds = 2e-3, .joules = 2e-3 * 65},
                  .part = {.seconds = 1e-3, .joules = 1e-3 * 65},
                  .has_part = true},
        .probe = {.ledger = {.qubits = 2, .circuits = ROWS, .shots = ROWS}, .duration_ns = 500}};
    REQUIRE_OK(qhm_device_load("heron", NULL, &made.heron));
    made.shot_seconds = 500e-9 + 1e-9 * figure(made.heron, "readout_duration_ns") +
                        1e-9 * figure(made.heron, "reset_duration_ns") +
                        1e-6 * figure(made.heron, "repetition_delay_us");
    made.fixed_busy = ROWS * 1e-6 * figure(made.heron, "control_round_trip_us");
    made.fixed_seconds = 1e-3 + made.fixed_busy + 1e-3 * figure(made.heron, "cloud_round_trip_ms");
    made.watts = figure(made.heron, "power_watts");
    assert_true(made.watts > 0 && figure(made.heron, "repetition_delay_us") > 1);
    return made;
}

static uint64_t shots_of(const example *e, const qhm_budget *budget, qhm_cost *cost)
{
    uint64_t shots;
    REQUIRE_OK(qhm_budget_find_shots(budget, &e->costs, &e->probe, e->heron, &shots, cost));
    return shots;
}

// Without the repetition delay, or with one row's shots for all rows, far more would be paid for.
static void a_budget_for_k_shots_pays_for_k_shots(void **state)
{
    (void)state;
    example e = make_example();
    qhm_cost cost;
    static const uint64_t counts[] = {1, 2, 37, 1000, 123456};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const double k = (double)counts[i];
        const double seconds = e.fixed_seconds + ROWS * k * e.shot_seconds;
        const double joules = e.watts * (e.fixed_busy + ROWS * k * e.shot_seconds) + 65 * seconds;
        const qhm_budget enough = {.seconds = seconds * (1 + 1e-12)};
        const qhm_budget less = {.seconds = seconds * (1 - 1e-12)};
        assert_int_equal(shots_of(&e, &enough, &cost), counts[i]);
        REQUIRE_NEAR(cost.total_seconds, seconds, 1e-9 * seconds);
        REQUIRE_NEAR(cost.total_joules, joules, 1e-9 * joules);
        assert_int_equal(shots_of(&e, &less, &cost), counts[i] - 1);
        const qhm_budget energy = {.joules = joules * (1 + 1e-12)};
        assert_int_equal(shots_of(&e, &energy, &cost), counts[i]);
        // Of two limits the scarcer decides.
        const qhm_budget both = {.seconds = seconds * 2, .joules = joules * (1 + 1e-12)};
        assert_int_equal(shots_of(&e, &both, &cost), counts[i]);
    }
    qhm_device_destroy(e.heron);
}

static void a_budget_below_one_shot_pays_for_none_and_says_what_one_takes(void **state)
{
    (void)state;
    example e = make_example();
    const qhm_budget small = {.seconds = e.fixed_seconds};
    qhm_cost cost;
    assert_int_equal(shots_of(&e, &small, &cost), 0);
    REQUIRE_NEAR(cost.total_seconds, e.fixed_seconds + ROWS * e.shot_seconds, 1e-9);
    qhm_device_destroy(e.heron);
}

static void shares_are_those_of_the_scarcer_limit(void **state)
{
    (void)state;
    const qhm_budget both = {.seconds = 10, .joules = 100}, time = {.seconds = 10};
    REQUIRE_NEAR(qhm_budget_share(&both, 1, 50), 0.5, 0);
    REQUIRE_NEAR(qhm_budget_share(&both, 8, 50), 0.8, 0);
    REQUIRE_NEAR(qhm_budget_share(&time, 5, NAN), 0.5, 0);
    assert_true(isnan(qhm_budget_share(&both, 5, NAN)));
    assert_true(isnan(qhm_budget_share(&both, NAN, 5)));
    assert_true(qhm_budget_holds(&both, 10, 100));
    assert_false(qhm_budget_holds(&both, 10.01, 1));
    assert_false(qhm_budget_holds(&both, 1, 100.01));
    assert_false(qhm_budget_holds(&both, 1, NAN)); // unknown is not within
    assert_true(qhm_budget_holds(&time, 1, NAN));
}

static void places_go_by_score_and_then_by_cost(void **state)
{
    (void)state;
    qhm_report_contestant all[] = {
        {.model = "dear", .metric = {0.7, NAN, NAN}, .share = 0.9},
        {.model = "out", .metric = {NAN, NAN, NAN}, .share = 0.01},
        {.model = "poor", .metric = {0.2, NAN, NAN}, .share = 1e-6},
        {.model = "cheap", .metric = {0.7, NAN, NAN}, .share = 0.1},
        {.model = "best", .metric = {0.8, NAN, NAN}, .share = 0.99},
        {.model = "equal", .metric = {0.7, NAN, NAN}, .share = 0.1},
    };
    static const char *const order[] = {"best", "cheap", "equal", "dear", "poor", "out"};
    qhm_contest_rank(all, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(all[i].model, order[i]);
        assert_int_equal(all[i].place, i < 5 ? i + 1 : 0);
    }
}

static const char run_text[] =
    "name: contest\n"
    "data: {source: separable, features: 3, train_count: 60, test_count: 40}\n"
    "training: {trials: 1, epochs: 2, batch: 16}\n"
    "devices: [ideal, willow, heron, ocelot]\n"
    "execution: {shots: 64, mitigation: readout}\n"
    "budget: {seconds: 0.5, joules: 10000, host_watts: 65, accelerators: [h100-fp16, loihi]}\n"
    "tasks: [{name: plane, kind: classification, inputs: {use: numbers}, quantum: {qubits: 3}}]\n";

static qhm_report *run_quickly(void **state, const char *text, const char *changed)
{
    const char *path = in_folder(state, "run-file.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    qhm_run_file *file;
    qhm_report *report;
    REQUIRE_OK(qhm_run_file_load(path, &changed, changed ? 1 : 0, &file));
    REQUIRE_OK(qhm_run_execute(
        file,
        &(qhm_run_options){.folder = in_folder(state, changed ? "again" : "run"), .quick = true},
        &report));
    qhm_run_file_destroy(file);
    return report;
}

static const qhm_report_contestant *find(const qhm_report_task *task, const char *model,
                                         const char *device, const char *mitigation)
{
    for (size_t i = 0; i < task->contestant_count; i++) {
        const qhm_report_contestant *one = &task->contestants[i];
        if (strcmp(one->model, model) == 0 && strcmp(one->device, device) == 0 &&
            strcmp(one->mitigation, mitigation) == 0)
            return one;
    }
    fail_msg("%s does not contend on \"%s\"", model, device);
    return NULL;
}

static void require_scores_of_the_ladder(const qhm_report_task *task,
                                         const qhm_report_contestant *one)
{
    REQUIRE_NEAR(one->shots, 64, 0);
    assert_true(one->paid_shots > 64);
    for (size_t i = 0; i < task->rung_count; i++)
        if (strcmp(task->rungs[i].device, one->device) == 0 && !task->rungs[i].mitigation[0])
            REQUIRE_NEAR(one->metric.mean, task->rungs[i].metric.mean, 1e-12);
}

static void a_run_holds_its_contest(void **state)
{
    qhm_report *report = run_quickly(state, run_text, NULL);
    const qhm_report_task *task = &report->tasks[0];
    REQUIRE_NEAR(task->budget_seconds, 0.5, 0);
    assert_non_null(strstr(task->contest, "Within 0.5 s and 10000 J for 40 test rows"));
    // Willow can have more than the ladder's shots: the same models with the same shots.
    require_scores_of_the_ladder(task, find(task, "hybrid", "willow", ""));
    // Heron waits 250 us after each shot: 40 rows have less than 0.4 s for at most 40 shots.
    const qhm_report_contestant *heron = find(task, "hybrid", "heron", "");
    assert_in_range((size_t)heron->shots, 30, 40);
    assert_true(heron->place > 0 && isfinite(heron->metric.mean));
    assert_true(heron->share <= 1 && heron->share > 0.95);
    assert_true(heron->seconds <= 0.5 && heron->joules <= 10000);
    assert_true(heron->training_seconds > heron->seconds);
    assert_true(find(task, "hybrid", "heron", "readout")->place > 0);
    // Gates that nobody published were not allowed: no part, and why.
    assert_int_equal(find(task, "hybrid", "ocelot", "")->place, 0);
    assert_string_not_equal(find(task, "hybrid", "ocelot", "")->note, "");
    // Accelerators: counted operations at the peak; a time limit needs a published speed.
    const qhm_report_contestant *loihi = &task->contestants[task->contestant_count - 1];
    for (size_t i = 0; i < task->contestant_count; i++)
        if (strcmp(task->contestants[i].device, "loihi") == 0)
            loihi = &task->contestants[i];
    assert_string_equal(loihi->device, "loihi");
    assert_int_equal(loihi->place, 0);
    assert_non_null(strstr(loihi->note, "not published"));
    assert_true(loihi->joules > 0 && isnan(loihi->seconds));
    assert_true(find(task, loihi->model, "h100-fp16", "")->place > 0);
    assert_true(find(task, "hybrid", "", "")->place > 0);
    qhm_report_destroy(report);
}

static void a_budget_for_nobody_says_so(void **state)
{
    qhm_report *report = run_quickly(state, run_text, "budget={seconds: 1e-9, host_watts: 65}");
    const qhm_report_task *task = &report->tasks[0];
    assert_string_equal(task->contest, "Within 1e-09 s nobody answers 40 test rows.");
    for (size_t i = 0; i < task->contestant_count; i++)
        assert_int_equal(task->contestants[i].place, 0);
    assert_non_null(strstr(find(task, "hybrid", "willow", "")->note, "not even one shot"));
    assert_string_equal(find(task, "linear", "", "")->note, "does not fit");
    qhm_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_budget_for_k_shots_pays_for_k_shots),
        cmocka_unit_test(a_budget_below_one_shot_pays_for_none_and_says_what_one_takes),
        cmocka_unit_test(shares_are_those_of_the_scarcer_limit),
        cmocka_unit_test(places_go_by_score_and_then_by_cost),
        in_temporary_folder(a_run_holds_its_contest),
        in_temporary_folder(a_budget_for_nobody_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
