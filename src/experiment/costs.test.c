// What answers cost: medians of a meter, and every part of T from the figures of a chip.
#include "experiment/costs.h"
#include "support/temporary_folder.h"

#include <qhm/device.h>
#include <qhm/run.h>

typedef struct counted_work {
    size_t calls, failing; // fails at this call; 0: never
} counted_work;

static qhm_status count_call(void *context)
{
    counted_work *work = context;
    if (++work->calls == work->failing)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "call %zu fails", work->calls);
    return QHM_OK;
}

static void a_meter_repeats_work_and_takes_the_median(void **state)
{
    (void)state;
    counted_work work = {0};
    qhm_metered metered;
    REQUIRE_OK(qhm_costs_meter(count_call, &work, 65, &metered));
    assert_int_equal(work.calls, metered.repetitions + 1); // once for warmth
    assert_in_range(metered.repetitions, 5, 50);
    assert_true(metered.seconds >= 0 && metered.seconds < 0.01);
    if (!metered.is_measured)
        REQUIRE_NEAR(metered.joules, 65 * metered.seconds, 0);
    REQUIRE_OK(qhm_costs_meter(count_call, &work, 0, &metered));
    assert_true(metered.is_measured || isnan(metered.joules)); // never made up
    work = (counted_work){.failing = 3};
    REQUIRE_FAILS(qhm_costs_meter(count_call, &work, 0, &metered), QHM_ERROR_NUMERIC, "call 3");
}

static const char run_text[] =
    "name: costs\n"
    "data: {source: separable, features: 3, train_count: 60, test_count: 40}\n"
    "training: {trials: 1, epochs: 2, batch: 16}\n"
    "devices: [ideal, shots, heron, ocelot]\n"
    "execution: {shots: 64, mitigation: readout}\n"
    "budget: {host_watts: 65}\n"
    "tasks: [{name: plane, kind: classification, inputs: {use: numbers}, quantum: {qubits: 3}}]\n";

static qhm_report *run_quickly(void **state, const char *text)
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
        file, &(qhm_run_options){.folder = in_folder(state, "run"), .quick = true}, &report));
    qhm_run_file_destroy(file);
    return report;
}

static const qhm_report_row_cost *find_cost(const qhm_report_task *task, const char *model,
                                            const char *device)
{
    for (size_t i = 0; i < task->row_cost_count; i++)
        if (strcmp(task->row_costs[i].model, model) == 0 &&
            strcmp(task->row_costs[i].device, device) == 0)
            return &task->row_costs[i];
    fail_msg("no cost of %s on \"%s\"", model, device);
    return NULL;
}

static double figure(const qhm_device *device, const char *name)
{
    const double value = qhm_device_figure(device, name).value;
    return isnan(value) ? 0 : value;
}

// By hand, from the figures: what one row's shots take, its way in and out, and its share of the
// one trip to the cloud. Without the repetition delay, or with all rows' cost for one, it is wrong.
static void require_parts_by_hand(const qhm_report_row_cost *cost, double circuit_seconds)
{
    qhm_device *heron;
    REQUIRE_OK(qhm_device_load("heron", NULL, &heron));
    const double shot = circuit_seconds + 1e-9 * figure(heron, "readout_duration_ns") +
                        1e-9 * figure(heron, "reset_duration_ns") +
                        1e-6 * figure(heron, "repetition_delay_us");
    assert_true(figure(heron, "repetition_delay_us") > 1); // it decides
    REQUIRE_NEAR(cost->shots, 64, 0);                      // one setting: all letters are Z
    REQUIRE_NEAR(cost->quantum_seconds, 64 * shot, 1e-12);
    REQUIRE_NEAR(cost->interface_seconds,
                 1e-6 * figure(heron, "control_round_trip_us") +
                     1e-3 * figure(heron, "cloud_round_trip_ms") / 40,
                 1e-12);
    REQUIRE_NEAR(cost->seconds,
                 cost->model_seconds - cost->part_seconds + cost->quantum_seconds +
                     cost->interface_seconds,
                 1e-15);
    REQUIRE_NEAR(cost->machine_joules,
                 figure(heron, "power_watts") *
                     (64 * shot + 1e-6 * figure(heron, "control_round_trip_us")),
                 1e-6);
    qhm_device_destroy(heron);
}

// A row on Heron at the run's own size, from its figures and the ladder's circuit: errors take
// 1 / success^2 times the shots.
static void require_point_by_hand(const qhm_report_task *task, const qhm_report_side *side)
{
    qhm_device *heron;
    REQUIRE_OK(qhm_device_load("heron", NULL, &heron));
    for (size_t i = 0; i < task->rung_count; i++) {
        const qhm_report_rung *rung = &task->rungs[i];
        if (strcmp(rung->device, "heron") != 0 || rung->mitigation[0] != '\0')
            continue;
        const double shot = rung->duration_seconds + 1e-9 * figure(heron, "readout_duration_ns") +
                            1e-9 * figure(heron, "reset_duration_ns") +
                            1e-6 * figure(heron, "repetition_delay_us");
        REQUIRE_NEAR(side->points[1].size, 3, 0);
        REQUIRE_NEAR(side->points[1].seconds,
                     1e-6 * figure(heron, "control_round_trip_us") +
                         64 * shot / (rung->success * rung->success),
                     1e-9);
    }
    qhm_device_destroy(heron);
}

// Of two measured laws nothing is certain but this: the chip's curve lies below the classical one
// exactly where it is said to win. Where they cross, and whether, is the machine's and the day's.
static void require_crossing(const qhm_report_side *classical, const qhm_report_side *chip)
{
    const double until = isnan(chip->errorless_until) ? INFINITY : chip->errorless_until;
    assert_true(chip->errorless_count > 0);
    for (size_t i = 0; i < chip->errorless_count && i < classical->curve_count; i++) {
        const double size = chip->errorless[i].size;
        REQUIRE_NEAR(size, classical->curve[i].size, 0);
        const bool wins = chip->errorless[i].seconds < classical->curve[i].seconds;
        assert_int_equal(wins, size >= chip->errorless_from && size < until);
    }
}

static void break_even_is_where_the_laws_cross(void **state)
{
    qhm_report *report = run_quickly(state, run_text);
    const qhm_report_task *task = &report->tasks[0];
    assert_int_equal(task->side_count, 3); // the cats cannot run it
    const qhm_report_side *classical = &task->sides[0], *simulated = &task->sides[1],
                          *heron = &task->sides[2];
    assert_int_equal(classical->point_count, 5);
    REQUIRE_NEAR(classical->points[4].size, 16 * classical->points[2].size, 0);
    assert_true(simulated->curve_count == 0 && simulated->point_count >= 1); // nothing beyond
    const qhm_report_size *last = &simulated->points[simulated->point_count - 1];
    assert_true(last->size <= 16 && last->seconds > 0);
    assert_string_equal(heron->name, "heron");
    assert_true(heron->is_chip && heron->point_count >= 4);
    require_point_by_hand(task, heron);
    require_crossing(classical, heron);
    assert_true(isnan(heron->from)); // errors eat it up
    assert_non_null(strstr(heron->note, "none below 2^60"));
    qhm_report_destroy(report);
}

static void a_row_costs_its_parts(void **state)
{
    qhm_report *report = run_quickly(state, run_text);
    const qhm_report_task *task = &report->tasks[0];
    assert_int_equal(task->test_rows, 40);
    const qhm_report_row_cost *here = find_cost(task, "hybrid", "");
    assert_true(here->model_seconds > 0 && here->part_seconds > 0);
    assert_true(here->part_seconds <= here->model_seconds);
    REQUIRE_NEAR(here->seconds, here->model_seconds, 0);
    double circuit_seconds = NAN;
    for (size_t i = 0; i < task->rung_count; i++)
        if (strcmp(task->rungs[i].device, "heron") == 0)
            circuit_seconds = task->rungs[i].duration_seconds;
    require_parts_by_hand(find_cost(task, "hybrid", "heron"), circuit_seconds);
    // What does not run there has no cost, and says why.
    const qhm_report_row_cost *cats = find_cost(task, "hybrid", "ocelot");
    assert_true(isnan(cats->seconds));
    assert_string_not_equal(cats->note, "");
    // Every rival is measured, the strong one without a part in the slot.
    assert_true(find_cost(task, "linear", "")->part_seconds > 0);
    assert_true(find_cost(task, "strong", "")->seconds > 0);
    assert_true(isnan(find_cost(task, "strong", "")->part_seconds));
    if (strstr(task->host_energy, "assumed"))
        REQUIRE_NEAR(here->host_joules, 65 * here->seconds, 1e-12);
    qhm_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_meter_repeats_work_and_takes_the_median),
        in_temporary_folder(a_row_costs_its_parts),
        in_temporary_folder(break_even_is_where_the_laws_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
