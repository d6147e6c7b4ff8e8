// Costs with known answers: published rates and powers, and every part of the sum.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <qhm/accelerator.h>
#include <qhm/cost.h>
#include <qhm/settings.h>
#include <qhm/types.h>

#include <jansson.h>

// A transmon chip with round figures: 25 kW, and 250 us between shots.
static const char chip_text[] =
    "{\"schema\": 1, \"name\": \"round\", \"title\": \"Round\", \"family\": \"superconducting\","
    " \"sources\": {\"me\": {\"text\": \"a \\\"test\\\"\"}},"
    " \"topology\": {\"kind\": \"list\", \"qubits\": [{\"x\": 0, \"y\": 0}, {\"x\": 1, \"y\": 0}],"
    " \"couplers\": [[0, 1]], \"status\": \"measured\", \"source\": \"me\"},"
    " \"operations\": [{\"name\": \"u\", \"gate\": \"u\", \"is_any_one_qubit_gate\": true,"
    " \"duration\": \"one_qubit_duration_ns\", \"source\": \"me\"},"
    " {\"name\": \"cz\", \"gate\": \"cz\", \"duration\": \"two_qubit_duration_ns\","
    " \"source\": \"me\"},"
    " {\"name\": \"measure\", \"gate\": \"measure\", \"is_virtual\": true,"
    " \"source\": \"me\"}],"
    " \"figures\": {%s}}";

static const char round_figures[] =
    "\"one_qubit_duration_ns\": {\"value\": 10, \"status\": \"measured\", \"source\": \"me\"},"
    "\"two_qubit_duration_ns\": {\"value\": 50, \"status\": \"projected\", \"source\": \"me\"},"
    "\"readout_duration_ns\": {\"value\": 1000, \"status\": \"measured\", \"source\": \"me\"},"
    "\"reset_duration_ns\": {\"value\": 500, \"status\": \"measured\", \"source\": \"me\"},"
    "\"repetition_delay_us\": {\"value\": 250, \"status\": \"measured\", \"source\": \"me\"},"
    "\"control_round_trip_us\": {\"value\": 4, \"status\": \"measured\", \"source\": \"me\"},"
    "\"cloud_round_trip_ms\": {\"value\": 100, \"status\": \"assumed\", \"source\": \"me\"},"
    "\"power_watts\": {\"value\": 25000, \"status\": \"measured\", \"source\": \"me\"},"
    "\"cryostat_power_watts\": {\"value\": 20000, \"status\": \"measured\", \"source\": \"me\"},"
    "\"price_usd_per_second\": {\"value\": 2, \"status\": \"measured\", \"source\": \"me\"}";

static const char few_figures[] =
    "\"one_qubit_duration_ns\": {\"value\": 10, \"status\": \"measured\", \"source\": \"me\"},"
    "\"two_qubit_duration_ns\": {\"value\": 50, \"status\": \"measured\", \"source\": \"me\"},"
    "\"control_power_per_qubit_watts\": {\"value\": 12, \"status\": \"assumed\", \"source\": "
    "\"me\"}%s";

static const char annealer_text[] =
    "{\"schema\": 1, \"name\": \"cold\", \"title\": \"Cold\", \"family\": \"annealer\","
    " \"sources\": {\"me\": {\"text\": \"a test\"}},"
    " \"topology\": {\"kind\": \"zephyr\", \"m\": 1, \"t\": 1, \"status\": \"measured\","
    " \"source\": \"me\"},"
    " \"figures\": {"
    "\"annealing_time_us\": {\"value\": 20, \"status\": \"measured\", \"source\": \"me\"},"
    "\"longest_readout_time_us\": {\"value\": 101, \"status\": \"measured\", \"source\": \"me\"},"
    "\"repetition_delay_us\": {\"value\": 60.6, \"status\": \"measured\", \"source\": \"me\"},"
    "\"programming_time_us\": {\"value\": 33600, \"status\": \"measured\", \"source\": \"me\"},"
    "\"power_watts\": {\"value\": 12500, \"status\": \"assumed\", \"source\": \"me\"}}}";

static qhm_device *load_text(const char *folder, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/chip.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(path, NULL, &device));
    return device;
}

static qhm_device *load_chip(const char *folder, const char *figures)
{
    char text[8192];
    snprintf(text, sizeof text, chip_text, figures);
    return load_text(folder, text);
}

static qhm_device *load(const char *name)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, NULL, &device));
    return device;
}

static qhm_cost find(const qhm_ledger *ledger, const qhm_device *device,
                     const qhm_cost_options *options)
{
    qhm_cost cost;
    REQUIRE_OK(qhm_cost_find(ledger, device, options, &cost));
    return cost;
}

static const qhm_cost_figure *figure_of(const qhm_cost *cost, const char *name)
{
    for (size_t i = 0; i < cost->figure_count; i++)
        if (strcmp(cost->figures[i].name, name) == 0)
            return &cost->figures[i];
    return NULL;
}

static void willow_takes_two_fifths_of_a_joule_a_shot_at_its_published_rate(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    const qhm_ledger ledger = {.qubits = 103, .circuits = 1, .shots = 63000};
    const qhm_cost cost = find(&ledger, willow, &(qhm_cost_options){.has_published_rate = true});
    REQUIRE_NEAR(cost.quantum_seconds, 1, 1e-12);
    REQUIRE_NEAR(cost.shot_joules, 26000.0 / 63000, 1e-12);
    REQUIRE_NEAR(cost.shot_joules, 0.41, 0.005);
    assert_int_equal(figure_of(&cost, "power_watts")->figure.status, QHM_FIGURE_ASSUMED);
    assert_int_equal(figure_of(&cost, "shots_per_second")->figure.status, QHM_FIGURE_MEASURED);
    assert_int_equal(qhm_cost_status(&cost), QHM_FIGURE_ASSUMED);
    assert_null(figure_of(&cost, "t1_us"));
    assert_true(isnan(cost.usd)); // Google sells no time on it
    qhm_device_destroy(willow);
}

static void every_part_adds_up(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 3, .shots = 1000};
    const qhm_cost_options options = {.duration_ns = 600,
                                      .jobs = 2,
                                      .model_seconds = 5,
                                      .part_seconds = 3,
                                      .host_watts = 100,
                                      .kg_co2_per_kwh = 0.36};
    const qhm_cost cost = find(&ledger, chip, &options);
    assert_true(cost.is_scheduled);
    REQUIRE_NEAR(cost.circuit_seconds, 600e-6, 1e-15);
    REQUIRE_NEAR(cost.read_out_seconds, 1e-3, 1e-15);
    REQUIRE_NEAR(cost.reset_seconds, 500e-6, 1e-15);
    REQUIRE_NEAR(cost.delay_seconds, 0.25, 1e-12);
    REQUIRE_NEAR(cost.quantum_seconds, 0.2521, 1e-12);
    REQUIRE_NEAR(cost.shot_seconds, 252.1e-6, 1e-15);
    REQUIRE_NEAR(cost.control_seconds, 12e-6, 1e-15);
    REQUIRE_NEAR(cost.cloud_seconds, 0.2, 1e-12);
    REQUIRE_NEAR(cost.interface_seconds, 0.200012, 1e-12);
    REQUIRE_NEAR(cost.total_seconds, 2 + 0.2521 + 0.200012, 1e-12);
    REQUIRE_NEAR(cost.machine_joules, 25000 * 0.252112, 1e-8);
    REQUIRE_NEAR(cost.cryogenics_joules, 20000 * 0.252112, 1e-8);
    REQUIRE_NEAR(cost.control_joules, 5000 * 0.252112, 1e-8);
    REQUIRE_NEAR(cost.shot_joules, 6.3025, 1e-10); // the known 6.3 J of 25 kW and 250 us
    REQUIRE_NEAR(cost.host_joules, 100 * cost.total_seconds, 1e-10);
    REQUIRE_NEAR(cost.total_joules, cost.machine_joules + cost.host_joules, 1e-10);
    REQUIRE_NEAR(cost.kg_co2, cost.total_joules * 1e-7, 1e-12);
    REQUIRE_NEAR(cost.usd, 2 * 0.252112, 1e-10);
    assert_int_equal(figure_of(&cost, "cz")->figure.status, QHM_FIGURE_PROJECTED);
    qhm_device_destroy(chip);
}

static void options_change_what_they_name(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 10};
    const qhm_cost_options options = {.duration_ns = 1600,
                                      .duration_has_read_out = true,
                                      .is_local = true,
                                      .usd_per_shot = 0.01,
                                      .usd_per_job = 0.3};
    const qhm_cost cost = find(&ledger, chip, &options);
    REQUIRE_NEAR(cost.read_out_seconds, 0, 0);
    REQUIRE_NEAR(cost.cloud_seconds, 0, 0);
    REQUIRE_NEAR(cost.usd, 0.4, 1e-12);
    REQUIRE_NEAR(cost.host_joules, 0, 0);
    assert_true(isnan(cost.kg_co2));
    assert_null(figure_of(&cost, "cloud_round_trip_ms"));
    assert_null(figure_of(&cost, "readout_duration_ns"));
    assert_null(figure_of(&cost, "price_usd_per_second"));
    assert_int_equal(qhm_cost_status(&cost), QHM_FIGURE_PROJECTED);
    qhm_device_destroy(chip);
}

// Z in 62 us is the longest that a tetron's reading takes; there is no figure for all readouts.
static void tetrons_take_their_longest_reading(void **state)
{
    (void)state;
    qhm_device *chip;
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &chip));
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 10};
    const qhm_cost cost = find(&ledger, chip, &(qhm_cost_options){.duration_ns = 1000});
    REQUIRE_NEAR(cost.read_out_seconds, 10 * 62e-6, 1e-12);
    assert_non_null(figure_of(&cost, "measure_z"));
    qhm_device_destroy(chip);
}

static void circuits_that_are_not_compiled_take_their_depth(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {
        .qubits = 2, .circuits = 1, .shots = 1, .depth = 7, .two_qubit_depth = 3};
    const qhm_cost cost = find(&ledger, chip, NULL);
    assert_false(cost.is_scheduled);
    REQUIRE_NEAR(cost.circuit_seconds, (3 * 50 + 4 * 10) * 1e-9, 1e-18);
    qhm_device_destroy(chip);
}

static void missing_figures_leave_results_unknown_and_are_named(void **state)
{
    char figures[2048];
    snprintf(figures, sizeof figures, few_figures, "");
    qhm_device *chip = load_chip(*state, figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 100};
    qhm_cost cost = find(&ledger, chip, &(qhm_cost_options){.duration_ns = 100});
    assert_true(isnan(cost.machine_joules));
    assert_true(isnan(cost.usd));
    REQUIRE_NEAR(cost.quantum_seconds, 1e-5, 1e-18);
    assert_int_equal(figure_of(&cost, "power_watts")->figure.status, QHM_FIGURE_NONE);
    assert_int_equal(figure_of(&cost, "repetition_delay_us")->figure.status, QHM_FIGURE_NONE);
    char *text;
    REQUIRE_OK(qhm_cost_print(&cost, &text));
    assert_non_null(strstr(text, "  power_watts is not given\n"));
    assert_non_null(strstr(text, "not known\n"));
    qhm_string_destroy(text);
    REQUIRE_OK(qhm_cost_print_json(&cost, &text));
    assert_non_null(strstr(text, "\"machine_joules\": null"));
    qhm_string_destroy(text);
    qhm_device_destroy(chip);

    // With the cryostat's power, the machine's is the sum of its parts.
    snprintf(figures, sizeof figures, few_figures,
             ", \"cryostat_power_watts\": {\"value\": 976, \"status\": \"measured\", \"source\": "
             "\"me\"}");
    chip = load_chip(*state, figures);
    cost = find(&ledger, chip, &(qhm_cost_options){.duration_ns = 100});
    REQUIRE_NEAR(cost.machine_joules, 1000 * 1e-5, 1e-12);
    REQUIRE_NEAR(cost.control_joules, 24 * 1e-5, 1e-12);
    qhm_device_destroy(chip);
}

static void an_annealer_is_programmed_once_a_problem(void **state)
{
    qhm_device *annealer = load_text(*state, annealer_text);
    const qhm_ledger ledger = {.qubits = 4, .circuits = 1, .shots = 100};
    const qhm_cost cost = find(&ledger, annealer, &(qhm_cost_options){.is_local = true});
    REQUIRE_NEAR(cost.shot_seconds, 181.6e-6, 1e-12);
    REQUIRE_NEAR(cost.shot_joules, 2.27, 1e-9);                // the known 2.3 J
    REQUIRE_NEAR(cost.programming_seconds * 12500, 420, 1e-9); // and 420 J
    REQUIRE_NEAR(cost.machine_joules, 227 + 420, 1e-8);
    qhm_device_destroy(annealer);
}

static void ideal_devices_cost_nothing(void **state)
{
    (void)state;
    qhm_device *ideal = load("ideal");
    const qhm_ledger ledger = {.qubits = 50, .circuits = 1, .shots = 100, .depth = 5};
    const qhm_cost cost = find(&ledger, ideal, NULL);
    REQUIRE_NEAR(cost.total_seconds, 0, 0);
    REQUIRE_NEAR(cost.total_joules, 0, 0);
    REQUIRE_NEAR(cost.usd, 0, 0);
    assert_int_equal(cost.figure_count, 0);
    assert_int_equal(qhm_cost_status(&cost), QHM_FIGURE_NONE);
    qhm_device_destroy(ideal);
}

static void exact_circuits_need_shots_on_a_chip(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 5, .exact_circuits = 4, .shots = 10};
    qhm_cost cost;
    REQUIRE_FAILS(qhm_cost_find(&ledger, chip, NULL, &cost), QHM_ERROR_UNSUPPORTED,
                  "4 circuits of the ledger were run exactly");
    cost = find(&ledger, chip, &(qhm_cost_options){.exact_shots = 100});
    assert_int_equal(cost.shots, 410);
    REQUIRE_FAILS(
        qhm_cost_find(&ledger, chip, &(qhm_cost_options){.exact_shots = UINT64_MAX}, &cost),
        QHM_ERROR_INVALID_ARGUMENT, "more shots than can be counted");
    qhm_device_destroy(chip);
}

static void mistakes_are_named(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 10};
    const qhm_ledger wide = {.qubits = 3, .circuits = 1, .shots = 10};
    qhm_cost cost;
    REQUIRE_FAILS(qhm_cost_find(&wide, chip, NULL, &cost), QHM_ERROR_RESOURCE_LIMIT,
                  "3 qubits are needed, but round has 2");
    REQUIRE_FAILS(qhm_cost_find(NULL, chip, NULL, &cost), QHM_ERROR_INVALID_ARGUMENT, "ledger");
    REQUIRE_FAILS(qhm_cost_find(&ledger, chip, &(qhm_cost_options){.duration_ns = -1}, &cost),
                  QHM_ERROR_INVALID_ARGUMENT, "duration_ns is -1");
    REQUIRE_FAILS(qhm_cost_find(&ledger, chip, &(qhm_cost_options){.host_watts = NAN}, &cost),
                  QHM_ERROR_INVALID_ARGUMENT, "host_watts is");
    REQUIRE_FAILS(qhm_cost_find(&ledger, chip,
                                &(qhm_cost_options){.model_seconds = 1, .part_seconds = 2}, &cost),
                  QHM_ERROR_INVALID_ARGUMENT, "part_seconds is 2, more than the 1");
    REQUIRE_FAILS(
        qhm_cost_find(&ledger, chip, &(qhm_cost_options){.has_published_rate = true}, &cost),
        QHM_ERROR_UNSUPPORTED, "has no shots_per_second");
    qhm_device_destroy(chip);
}

static void shots_follow_from_variance_and_precision(void **state)
{
    (void)state;
    uint64_t shots;
    REQUIRE_OK(qhm_cost_find_shots(1, 0.01, &shots));
    assert_int_equal(shots, 10000);
    REQUIRE_OK(qhm_cost_find_shots(0.25, 0.01, &shots));
    assert_int_equal(shots, 2500);
    REQUIRE_OK(qhm_cost_find_shots(1, 0.03, &shots));
    assert_int_equal(shots, 1112); // 1111.1 rounded up
    REQUIRE_OK(qhm_cost_find_shots(0, 0.1, &shots));
    assert_int_equal(shots, 1);
    REQUIRE_FAILS(qhm_cost_find_shots(1, 0, &shots), QHM_ERROR_INVALID_ARGUMENT, "precision is 0");
    REQUIRE_FAILS(qhm_cost_find_shots(-1, 1, &shots), QHM_ERROR_INVALID_ARGUMENT, "variance is -1");
    REQUIRE_FAILS(qhm_cost_find_shots(1, 1e-9, &shots), QHM_ERROR_RESOURCE_LIMIT, "more than 2^53");
}

static void observables_share_settings_and_add_their_coefficients(void **state)
{
    (void)state;
    // Z0 Z1 and Z0 are read together, X0 and Y1 too.
    static const char *const texts[] = {"Z0 Z1 - 2 X0 + 0.5 Z0", "0.25 Y1 + 3"};
    qhm_observable *observables[2];
    for (int i = 0; i < 2; i++)
        REQUIRE_OK(qhm_observable_parse(texts[i], &observables[i]));
    qhm_settings settings;
    REQUIRE_OK(qhm_settings_find((const qhm_observable *const *)observables, 2, &settings));
    assert_int_equal(settings.count, 2);
    REQUIRE_NEAR(settings.variance, 1.5 * 1.5 + 2 * 2, 1e-12);
    REQUIRE_FAILS(qhm_settings_find(NULL, 0, &settings), QHM_ERROR_INVALID_ARGUMENT,
                  "need an observable");
    for (int i = 0; i < 2; i++)
        qhm_observable_destroy(observables[i]);
}

static const qhm_cost_constraint *constraint_of(const qhm_cost_constraint *all, size_t count,
                                                const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("no constraint %s", name);
    return NULL;
}

static void lines_and_electronics_grow_with_the_qubits(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_cost_constraint found[QHM_COST_MOST_CONSTRAINTS];
    size_t count;
    qhm_cost_find_constraints(willow, 210, found, &count);
    assert_true(count <= QHM_COST_MOST_CONSTRAINTS);
    const double lines = qhm_device_figure(willow, "control_line_count").value;
    const qhm_cost_constraint *row = constraint_of(found, count, "control lines");
    REQUIRE_NEAR(row->demand, 2 * lines, 1e-9);
    REQUIRE_NEAR(row->supply, lines, 0);
    assert_int_equal(row->status, QHM_FIGURE_ASSUMED);
    REQUIRE_NEAR(constraint_of(found, count, "multiplexing of today's lines")->demand, 2, 1e-12);
    REQUIRE_NEAR(constraint_of(found, count, "cooling at 20 mK")->supply, 1.9e-5 / (2 * lines),
                 1e-18);
    REQUIRE_NEAR(constraint_of(found, count, "control electronics")->demand, 12 * 210, 1e-9);
    REQUIRE_NEAR(constraint_of(found, count, "qubits")->supply, 105, 0);
    qhm_device_destroy(willow);
    qhm_device *ideal = load("ideal");
    qhm_cost_find_constraints(ideal, 210, found, &count);
    assert_int_equal(count, 1);
    qhm_device_destroy(ideal);
}

static void accelerators_have_their_published_figures(void **state)
{
    (void)state;
    const qhm_accelerator *found;
    double seconds, joules;
    REQUIRE_OK(qhm_accelerator_find("h100-fp64", &found));
    qhm_accelerator_gate_cost(found, 32, &seconds, &joules);
    REQUIRE_NEAR(seconds, 0.041, 5e-4);
    REQUIRE_NEAR(joules, 29, 0.5);
    qhm_accelerator_cost(found, 1e12, &seconds, &joules);
    REQUIRE_NEAR(joules, 10.5, 0.05);
    REQUIRE_NEAR(seconds, 1 / 66.9, 1e-6);
    const struct {
        const char *name;
        double joules;
    } known[] = {{"h100-fp16", 0.71e-12}, {"h100-fp8", 0.35e-12},    {"loihi", 23.6e-12},
                 {"aoc", 2e-15},          {"hala-point", 0.067e-12}, {"lightmatter", 1.2e-12}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        REQUIRE_OK(qhm_accelerator_find(known[i].name, &found));
        REQUIRE_NEAR(found->joules_per_operation / known[i].joules, 1, 0.015);
    }
    size_t count;
    const qhm_accelerator *rows = qhm_accelerators(&count);
    for (size_t i = 0; i < count; i++)
        assert_true(rows[i].source && rows[i].status != QHM_FIGURE_NONE);
    REQUIRE_OK(qhm_accelerator_find("aoc", &found));
    assert_int_equal(found->status, QHM_FIGURE_PROJECTED);
    qhm_accelerator_cost(found, 1, &seconds, NULL);
    assert_true(isnan(seconds));
    REQUIRE_FAILS(qhm_accelerator_find("h100-fp65", &found), QHM_ERROR_NOT_FOUND, "h100-fp64");
}

static void a_cost_prints_as_text_and_as_json(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 1000};
    const qhm_cost cost = find(&ledger, chip, NULL);
    char *text;
    REQUIRE_OK(qhm_cost_print(&cost, &text));
    assert_non_null(strstr(text, "repetition delay       0.25 s\n"));
    assert_non_null(strstr(text, "they are not compiled"));
    assert_non_null(strstr(text, "  cloud_round_trip_ms 100, assumed: a \"test\"\n"));
    assert_null(strstr(text, "power_watts"));
    qhm_string_destroy(text);
    REQUIRE_OK(qhm_cost_print_json(&cost, &text));
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    double delay = 0;
    const char *status, *source;
    assert_int_equal(json_unpack(object, "{s:F, s:s, s:[{s:s}]}", "delay_seconds", &delay, "status",
                                 &status, "provenance", "source", &source),
                     0);
    REQUIRE_NEAR(delay, 0.25, 1e-12);
    assert_string_equal(status, "assumed");
    assert_string_equal(source, "a \"test\"");
    json_decref(object);
    qhm_string_destroy(text);
    REQUIRE_FAILS(qhm_cost_print(NULL, &text), QHM_ERROR_INVALID_ARGUMENT, "NULL");
    REQUIRE_FAILS(qhm_cost_print_json(&cost, NULL), QHM_ERROR_INVALID_ARGUMENT, "NULL");
    qhm_device_destroy(chip);
}

static qhm_status print_both(void *context)
{
    char *text;
    qhm_status status = qhm_cost_print(context, &text);
    if (status != QHM_OK)
        return status;
    qhm_string_destroy(text);
    status = qhm_cost_print_json(context, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    return status;
}

static qhm_status find_settings(void *context)
{
    qhm_settings settings;
    return qhm_settings_find(context, 1, &settings);
}

static void failing_memory_is_survived(void **state)
{
    qhm_device *chip = load_chip(*state, round_figures);
    const qhm_ledger ledger = {.qubits = 2, .circuits = 1, .shots = 1000};
    qhm_cost cost = find(&ledger, chip, NULL);
    require_survives_failing_memory(print_both, &cost);
    qhm_device_destroy(chip);
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_parse("X0 + Z1", &observable));
    require_survives_failing_memory(find_settings, &observable);
    qhm_observable_destroy(observable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(willow_takes_two_fifths_of_a_joule_a_shot_at_its_published_rate),
        in_temporary_folder(every_part_adds_up),
        in_temporary_folder(options_change_what_they_name),
        in_temporary_folder(tetrons_take_their_longest_reading),
        in_temporary_folder(circuits_that_are_not_compiled_take_their_depth),
        in_temporary_folder(missing_figures_leave_results_unknown_and_are_named),
        in_temporary_folder(an_annealer_is_programmed_once_a_problem),
        cmocka_unit_test(ideal_devices_cost_nothing),
        in_temporary_folder(exact_circuits_need_shots_on_a_chip),
        in_temporary_folder(mistakes_are_named),
        cmocka_unit_test(shots_follow_from_variance_and_precision),
        cmocka_unit_test(observables_share_settings_and_add_their_coefficients),
        cmocka_unit_test(lines_and_electronics_grow_with_the_qubits),
        cmocka_unit_test(accelerators_have_their_published_figures),
        in_temporary_folder(a_cost_prints_as_text_and_as_json),
        in_temporary_folder(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
