// The project's device files: their graphs, figures, presets and variations.
#include "base/files.h"
#include "device/device_internal.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <qhm/device.h>

static qhm_device *load(const char *name, const qhm_device_options *options)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, options, &device));
    return device;
}

static void write_text(const char *path, const char *text)
{
    REQUIRE_OK(qhm_file_write(path, text, strlen(text)));
}

// A chip of three qubits in a row.
static const char small_format[] =
    "{\"schema\":1,\"name\":\"%s\",\"title\":\"%s\",\"family\":\"superconducting\","
    "\"sources\":{\"us\":{\"text\":\"us\"}},"
    "\"topology\":{\"kind\":\"list\",\"status\":\"assumed\",\"source\":\"us\",\"qubits\":["
    "{\"x\":0,\"y\":0},{\"x\":1,\"y\":0},{\"x\":2,\"y\":0}],\"couplers\":[[0,1],[2,1]]},"
    "\"operations\":[{\"name\":\"cz\",\"gate\":\"cz\",\"duration\":\"two_qubit_duration_ns\","
    "\"error\":\"two_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"measure\",\"gate\":\"measure\",\"duration\":\"two_qubit_duration_ns\",\"source\":"
    "\"us\"}],"
    "\"figures\":{\"two_qubit_error\":{\"value\":0.01,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"two_qubit_duration_us\":{\"value\":0.05,\"status\":\"assumed\",\"source\":\"us\"}},"
    "\"calibration\":{\"status\":\"assumed\",\"source\":\"us\",\"couplers\":["
    "{\"qubits\":[1,2],\"two_qubit_error\":0.02,\"two_qubit_duration_ns\":70}],"
    "\"qubits\":[{\"qubit\":2,\"t1_us\":30,\"readout_error_1\":0.5}]}}";

static const char *write_small(void **state, const char *file, const char *name, const char *title)
{
    char text[2048];
    snprintf(text, sizeof text, small_format, name, title);
    const char *path = in_folder(state, file);
    write_text(path, text);
    return path;
}

static void every_listed_device_is_whole(void **state)
{
    (void)state;
    qhm_device_list *list;
    REQUIRE_OK(qhm_device_list_create(&list));
    assert_true(qhm_device_list_count(list) >= 3);
    assert_string_equal(qhm_device_list_name(list, 0), "ideal");
    for (size_t i = 1; i < qhm_device_list_count(list); i++) {
        const char *path = qhm_device_list_path(list, i), *name = qhm_device_list_name(list, i);
        qhm_diagnostics *diagnostics;
        REQUIRE_OK(qhm_device_check(path, &diagnostics));
        assert_int_equal(qhm_diagnostics_count(diagnostics), 0);
        qhm_diagnostics_destroy(diagnostics);
        qhm_device *device = load(name, NULL);
        assert_string_equal(qhm_device_name(device), name);
        assert_string_equal(qhm_device_path(device), path);
        size_t given = 0;
        for (size_t f = 0; f < qhm_figure_count(); f++) {
            qhm_figure figure = qhm_device_figure(device, qhm_figure_name(f));
            assert_true(isnan(figure.value) == (figure.status == QHM_FIGURE_NONE));
            assert_true((figure.source == NULL) == isnan(figure.value));
            given += !isnan(figure.value);
        }
        assert_true(given > 5);
        for (size_t o = 0; o < qhm_device_operation_count(device); o++)
            assert_non_null(qhm_device_operation_at(device, o)->source);
        qhm_device_destroy(device);
    }
    qhm_device_list_destroy(list);
}

static void the_page_has_every_figure_and_device(void **state)
{
    (void)state;
    char *page, line[512];
    size_t size;
    REQUIRE_OK(qhm_file_read(QHM_SOURCE_DIR "/docs/devices.md", 1 << 20, &page, &size));
    for (size_t i = 0; i < qhm_figure_count(); i++) {
        snprintf(line, sizeof line, "\n| `%s` | %s |\n", qhm_figure_name(i), qhm_figure_help(i));
        if (!strstr(page, line))
            fail_msg("docs/devices.md lacks %s", line);
    }
    qhm_device_list *list;
    REQUIRE_OK(qhm_device_list_create(&list));
    for (size_t i = 0; i < qhm_device_list_count(list); i++) {
        snprintf(line, sizeof line, "\n| `%s` |", qhm_device_list_name(list, i));
        if (!strstr(page, line))
            fail_msg("docs/devices.md lacks %s", line);
    }
    qhm_device_list_destroy(list);
    qhm_release(page);
}

static void willow_is_the_published_diamond(void **state)
{
    (void)state;
    qhm_device *device = load("willow", NULL);
    assert_string_equal(qhm_device_title(device), "Google Willow, the chip of error correction");
    assert_int_equal(qhm_device_family_of(device), QHM_DEVICE_SUPERCONDUCTING);
    assert_int_equal(qhm_device_qubit_count(device), 105);
    assert_int_equal(qhm_device_coupler_count(device), 182);
    size_t degrees[5] = {0};
    for (uint32_t q = 0; q < 105; q++) {
        const uint32_t *couplers;
        degrees[qhm_device_qubit_couplers(device, q, &couplers)]++;
        REQUIRE_NEAR(qhm_device_qubit_at(device, q)->t1_us, 68, 0);
        assert_string_equal(qhm_device_qubit_at(device, q)->kind, "transmon");
    }
    const size_t expected[] = {0, 2, 18, 14, 71};
    assert_memory_equal(degrees, expected, sizeof expected);
    assert_null(qhm_device_preset(device));
    assert_int_equal(qhm_device_preset_count(device), 0);

    qhm_figure t1 = qhm_device_figure(device, "t1_us");
    assert_int_equal(t1.status, QHM_FIGURE_MEASURED);
    assert_string_equal(t1.unit, "us");
    assert_non_null(strstr(t1.source, "(read through a secondary text)"));
    assert_int_equal(qhm_device_figure(device, "power_watts").status, QHM_FIGURE_ASSUMED);
    REQUIRE_NEAR(qhm_device_figure(device, "repetition_delay_ns").value, 12000, 1e-9);
    REQUIRE_NEAR(qhm_device_figure(device, "power_kilowatts").value, 26, 1e-12);
    assert_string_equal(qhm_device_figure(device, "power_kilowatts").unit, "kW");
    assert_int_equal(qhm_device_figure(device, "tau_x_us").status, QHM_FIGURE_NONE);
    assert_true(isnan(qhm_device_figure(device, "no_such_figure").value));
    qhm_device_destroy(device);
}

static void other_chips_have_the_announced_counts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        qhm_device_family family;
        size_t qubits, couplers;
    } cases[] = {
        {"heron", QHM_DEVICE_SUPERCONDUCTING, 156, 176},
        {"ocelot", QHM_DEVICE_CAT, 9, 12}, // four couplers stand for assumed gates
        {"majorana1", QHM_DEVICE_TETRON, 8, 10},
        {"advantage2", QHM_DEVICE_ANNEALER, 4800, 45864},
        {"advantage", QHM_DEVICE_ANNEALER, 5640, 40484},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_device *device = load(cases[i].name, NULL);
        assert_int_equal(qhm_device_family_of(device), cases[i].family);
        assert_int_equal(qhm_device_qubit_count(device), cases[i].qubits);
        assert_int_equal(qhm_device_coupler_count(device), cases[i].couplers);
        assert_non_null(qhm_device_note(device));
        qhm_device_destroy(device);
    }
}

static const qhm_device_operation *find(const qhm_device *device, const char *name)
{
    const qhm_device_operation *operation = NULL;
    if (!qhm_device_find_operation(device, name, &operation))
        fail_msg("%s has no operation %s", qhm_device_name(device), name);
    return operation;
}

// exp(2.3 * 2) and exp(3.45 * 2) times 1 ms, the time at two photons.
static void cats_depend_on_their_photon_number(void **state)
{
    (void)state;
    qhm_device *two = load("ocelot", NULL);
    REQUIRE_NEAR(qhm_device_figure(two, "phase_flip_time_us").value, 30, 0.01);
    REQUIRE_NEAR(qhm_device_figure(two, "bit_flip_time_us").value, 1000, 1e-9);
    assert_int_equal(qhm_device_figure(two, "phase_flip_time_us").status, QHM_FIGURE_MEASURED);
    assert_int_equal(qhm_device_figure(two, "bit_flip_time_us").status, QHM_FIGURE_ASSUMED);
    qhm_device *four = load("ocelot", &(qhm_device_options){.photon_number = 4});
    REQUIRE_NEAR(qhm_device_figure(four, "photon_number").value, 4, 0);
    REQUIRE_NEAR(qhm_device_figure(four, "phase_flip_rate_per_second").value, 66680, 1e-9);
    REQUIRE_NEAR(qhm_device_figure(four, "bit_flip_time_us").value, 99484.3, 0.1);
    qhm_device *steep = load("ocelot:steep", &(qhm_device_options){.photon_number = 4});
    REQUIRE_NEAR(qhm_device_figure(steep, "bit_flip_time_ms").value, 992.27, 0.01);
    qhm_device *none = NULL;
    REQUIRE_FAILS(qhm_device_load("ocelot", &(qhm_device_options){.photon_number = 25}, &none),
                  QHM_ERROR_INVALID_ARGUMENT, "photon_number is 25, not 0.5 to 20");
    qhm_device_destroy(two);
    qhm_device_destroy(four);
    qhm_device_destroy(steep);
}

static void kinds_of_qubits_decide_what_cats_can_do(void **state)
{
    (void)state;
    qhm_device *device = load("ocelot", NULL);
    const qhm_device_operation *cx = find(device, "cx"), *u = find(device, "u"),
                               *cz = find(device, "cz"), *parity = find(device, "measure_x");
    assert_true(qhm_device_has_operation(device, cx, (uint32_t[]){1, 0}));
    assert_true(qhm_device_has_operation(device, cx, (uint32_t[]){1, 2}));
    assert_false(qhm_device_has_operation(device, cx, (uint32_t[]){0, 1})); // the cat is no control
    assert_false(qhm_device_has_operation(device, cx, (uint32_t[]){0, 2}));
    assert_true(qhm_device_has_operation(device, cz, (uint32_t[]){0, 2}));
    assert_false(qhm_device_has_operation(device, cz, (uint32_t[]){0, 4}));
    assert_true(cz->is_assumed && !cx->is_assumed);
    assert_true(qhm_device_has_operation(device, u, (uint32_t[]){3}));
    assert_false(qhm_device_has_operation(device, u, (uint32_t[]){4}));
    assert_true(qhm_device_has_operation(device, parity, (uint32_t[]){8}));
    assert_int_equal(parity->gate, QHM_GATE_MEASURE_PAULI);
    assert_int_equal(parity->paulis[0], QHM_PAULI_X);
    REQUIRE_NEAR(qhm_device_qubit_at(device, 1)->t1_us, 25, 0);
    REQUIRE_NEAR(qhm_device_qubit_at(device, 1)->one_qubit_error, 1e-3, 0);
    assert_true(isnan(qhm_device_qubit_at(device, 0)->t1_us));
    qhm_device_destroy(device);
}

static void tetrons_measure_what_their_neighbours_share(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL), *better = load("majorana1:projected_1e-4", NULL);
    const qhm_device_operation *zz = find(device, "measure_zz"), *xx = find(device, "measure_xx"),
                               *zy = find(device, "measure_zy");
    assert_true(qhm_device_has_operation(device, zz, (uint32_t[]){0, 2}));
    assert_false(qhm_device_has_operation(device, zz, (uint32_t[]){0, 1}));
    assert_true(qhm_device_has_operation(device, xx, (uint32_t[]){0, 1}));
    assert_false(qhm_device_has_operation(device, xx, (uint32_t[]){0, 2}));
    assert_true(qhm_device_has_operation(device, zy, (uint32_t[]){1, 0}));
    assert_true(zy->is_assumed && !zz->is_assumed && !xx->is_assumed);
    assert_int_equal(zy->qubit_count, 2);
    assert_int_equal(zy->paulis[0], QHM_PAULI_Z);
    assert_int_equal(zy->paulis[1], QHM_PAULI_Y);
    assert_true(find(device, "x")->is_virtual);
    REQUIRE_NEAR(qhm_device_figure(device, "tau_z_us").value, 12400, 1e-9);
    REQUIRE_NEAR(find(device, "measure_x")->duration_ns.value, 2000, 1e-9);
    REQUIRE_NEAR(find(device, "measure_z")->duration_ns.value, 62000, 1e-9);
    REQUIRE_NEAR(find(better, "measure_z")->duration_ns.value, 100, 0);
    REQUIRE_NEAR(find(better, "measure_zz")->average_error.value, 1e-4, 0);
    assert_int_equal(find(better, "measure_zz")->average_error.status, QHM_FIGURE_PROJECTED);
    REQUIRE_NEAR(find(better, "t_state")->average_error.value, 0.05, 0);
    qhm_device_destroy(device);
    qhm_device_destroy(better);
}

// They have no values of single qubits: what drifts is the chip's.
static void chip_wide_figures_of_cats_and_tetrons_drift(void **state)
{
    (void)state;
    qhm_device_options options = {.drift = 0.2, .drift_seed = 5};
    qhm_device *tetrons = load("majorana1", &options), *cats = load("ocelot", &options);
    double error = find(tetrons, "measure_xx")->average_error.value;
    assert_true(error != 0.16 && error > 0.16 / 3 && error < 0.16 * 3);
    REQUIRE_NEAR(error, qhm_device_figure(tetrons, "joint_measure_error").value, 0);
    double kappa = qhm_device_figure(cats, "kappa_1_per_second").value;
    assert_true(kappa != 16670);
    REQUIRE_NEAR(qhm_device_figure(cats, "phase_flip_rate_per_second").value, 2 * kappa, 1e-9);
    qhm_device_destroy(tetrons);
    qhm_device_destroy(cats);
}

static void operations_have_values_at_places(void **state)
{
    const char *path = write_small(state, "small.json", "small", "Small");
    qhm_device *device = load(path, NULL);
    const qhm_device_operation *cz;
    assert_true(qhm_device_find_operation(device, "cz", &cz));
    assert_false(qhm_device_find_operation(device, "cx", &cz));
    assert_true(qhm_device_find_operation(device, "cz", &cz));
    REQUIRE_NEAR(qhm_device_operation_error(device, cz, NULL), 0.01, 0);
    REQUIRE_NEAR(qhm_device_operation_error(device, cz, (uint32_t[]){0, 1}), 0.01, 0);
    REQUIRE_NEAR(qhm_device_operation_error(device, cz, (uint32_t[]){2, 1}), 0.02, 0);
    REQUIRE_NEAR(qhm_device_operation_duration_ns(device, cz, NULL), 50, 1e-12);
    REQUIRE_NEAR(qhm_device_operation_duration_ns(device, cz, (uint32_t[]){0, 1}), 50, 1e-12);
    REQUIRE_NEAR(qhm_device_operation_duration_ns(device, cz, (uint32_t[]){1, 2}), 70, 0);
    assert_true(qhm_device_has_operation(device, cz, (uint32_t[]){2, 1}));
    assert_false(qhm_device_has_operation(device, cz, (uint32_t[]){0, 2}));
    assert_false(qhm_device_has_operation(device, cz, (uint32_t[]){0, 3}));
    REQUIRE_NEAR(qhm_device_qubit_at(device, 2)->t1_us, 30, 0);
    REQUIRE_NEAR(qhm_device_qubit_at(device, 2)->readout_flips[1], 0.5, 0);
    assert_true(isnan(qhm_device_qubit_at(device, 2)->readout_flips[0]));
    assert_true(isnan(qhm_device_qubit_at(device, 1)->t1_us));
    qhm_device_destroy(device);

    device = load("willow", NULL);
    const qhm_device_operation *u, *rz, *measure;
    assert_true(qhm_device_find_operation(device, "u", &u) && u->is_any_one_qubit_gate);
    assert_true(qhm_device_find_operation(device, "rz", &rz) && rz->is_virtual);
    assert_true(qhm_device_find_operation(device, "measure", &measure));
    REQUIRE_NEAR(qhm_device_operation_error(device, u, (uint32_t[]){7}), 3.5e-4, 0);
    REQUIRE_NEAR(qhm_device_operation_error(device, rz, (uint32_t[]){7}), 0, 0);
    REQUIRE_NEAR(qhm_device_operation_duration_ns(device, rz, NULL), 0, 0);
    REQUIRE_NEAR(qhm_device_operation_error(device, measure, (uint32_t[]){7}),
                 (3.84e-3 + 1.146e-2) / 2, 1e-15);
    REQUIRE_NEAR(qhm_device_operation_error(device, measure, NULL), 7.7e-3, 0);
    qhm_device_destroy(device);
}

static void presets_replace_figures(void **state)
{
    (void)state;
    qhm_device *usual = load("condor", NULL), *first = load("condor:conservative", NULL),
               *optimistic = load("condor:optimistic", NULL);
    assert_int_equal(qhm_device_qubit_count(usual), 1121);
    assert_int_equal(qhm_device_coupler_count(usual), 1320);
    assert_string_equal(qhm_device_preset(usual), "conservative");
    assert_string_equal(qhm_device_preset(optimistic), "optimistic");
    assert_int_equal(qhm_device_preset_count(usual), 3);
    assert_string_equal(qhm_device_preset_name(usual, 1), "optimistic");
    assert_string_equal(qhm_device_preset_title(usual, 1), "as an Eagle r3 of 2025");
    REQUIRE_NEAR(qhm_device_figure(usual, "t1_us").value, 98.6, 0);
    REQUIRE_NEAR(qhm_device_figure(first, "t1_us").value, 98.6, 0);
    REQUIRE_NEAR(qhm_device_figure(optimistic, "t1_us").value, 278.4, 0);
    REQUIRE_NEAR(qhm_device_qubit_at(optimistic, 1120)->t1_us, 278.4, 0);
    REQUIRE_NEAR(qhm_device_coupler_at(optimistic, 1319)->duration_ns, 533, 0);
    assert_int_equal(qhm_device_figure(optimistic, "t1_us").status, QHM_FIGURE_ASSUMED);
    assert_non_null(strstr(qhm_device_figure(optimistic, "t1_us").source, "sherbrooke"));
    REQUIRE_NEAR(qhm_device_figure(optimistic, "power_watts").value, 38500, 0);
    qhm_device_destroy(usual);
    qhm_device_destroy(first);
    qhm_device_destroy(optimistic);
    qhm_device *device = NULL;
    REQUIRE_FAILS(qhm_device_load("condor:optimstic", NULL, &device), QHM_ERROR_NOT_FOUND,
                  "condor has no preset \"optimstic\"; did you mean \"optimistic\"");
    REQUIRE_FAILS(qhm_device_load("condor:zzz", NULL, &device), QHM_ERROR_NOT_FOUND,
                  "its first one is \"conservative\"");
    REQUIRE_FAILS(qhm_device_load("willow:fast", NULL, &device), QHM_ERROR_NOT_FOUND,
                  "willow has no presets, so no preset \"fast\"");
    REQUIRE_FAILS(qhm_device_load("ideal:fast", NULL, &device), QHM_ERROR_NOT_FOUND,
                  "ideal has no presets");
    assert_null(device);
}

static void ideal_has_every_gate_and_no_errors(void **state)
{
    (void)state;
    qhm_device *device = load("ideal", &(qhm_device_options){.drift = 0.1, .qubit_yield = 0.5});
    assert_true(qhm_device_is_all_to_all(device));
    assert_int_equal(qhm_device_qubit_count(device), 1048576);
    assert_int_equal(qhm_device_coupler_count(device), 0);
    assert_null(qhm_device_path(device));
    assert_null(qhm_device_preset(device));
    assert_null(qhm_device_note(device));
    const qhm_device_operation *ccx;
    assert_true(qhm_device_find_operation(device, "ccx", &ccx));
    assert_int_equal(ccx->qubit_count, 3);
    assert_true(qhm_device_has_operation(device, ccx, (uint32_t[]){0, 999999, 3}));
    assert_false(qhm_device_has_operation(device, ccx, (uint32_t[]){0, 1048576, 3}));
    REQUIRE_NEAR(qhm_device_operation_error(device, ccx, (uint32_t[]){0, 999999, 3}), 0, 0);
    size_t index = 0;
    assert_true(qhm_device_find_coupler(device, 5, 900000, &index));
    assert_int_equal(index, SIZE_MAX);
    assert_false(qhm_device_find_coupler(device, 5, 5, &index));
    REQUIRE_NEAR(qhm_device_qubit_at(device, 1048575)->readout_flips[1], 0, 0);
    assert_true(qhm_device_qubit_at(device, 1048575)->is_working);
    qhm_device_destroy(device);
    qhm_device_destroy(NULL);
}

static void names_are_looked_up_in_order(void **state)
{
    char folders[4096];
    assert_int_equal(mkdir(in_folder(state, "a"), 0755), 0);
    assert_int_equal(mkdir(in_folder(state, "b"), 0755), 0);
    write_small(state, "b/willow.json", "willow", "Mine");
    write_small(state, "b/other.json", "other", "Of b");
    write_small(state, "a/other.json", "other", "Of a");
    snprintf(folders, sizeof folders, "%s/none::%s/a:%s/b", (const char *)*state,
             (const char *)*state, (const char *)*state);
    setenv("QHM_DEVICE_PATH", folders, 1);
    qhm_device *device = load("willow", NULL);
    assert_string_equal(qhm_device_title(device), "Mine");
    qhm_device_destroy(device);
    device = load("other", NULL);
    assert_string_equal(qhm_device_title(device), "Of a");
    qhm_device_destroy(device);
    device = load(in_folder(state, "b/other.json"), NULL);
    assert_string_equal(qhm_device_title(device), "Of b");
    qhm_device_destroy(device);
    qhm_device_list *list;
    REQUIRE_OK(qhm_device_list_create(&list));
    bool has_other = false;
    for (size_t i = 1; i < qhm_device_list_count(list); i++) {
        has_other = has_other || strcmp(qhm_device_list_name(list, i), "other") == 0;
        assert_true(i == 1 ||
                    strcmp(qhm_device_list_name(list, i - 1), qhm_device_list_name(list, i)) < 0);
    }
    assert_true(has_other);
    qhm_device_list_destroy(list);
    unsetenv("QHM_DEVICE_PATH");
    device = load("willow", NULL);
    assert_int_equal(qhm_device_qubit_count(device), 105);
    qhm_device_destroy(device);
    device = NULL;
    REQUIRE_FAILS(qhm_device_load("willo", NULL, &device), QHM_ERROR_NOT_FOUND, "\"willow\"");
    REQUIRE_FAILS(qhm_device_load("./none.json", NULL, &device), QHM_ERROR_NOT_FOUND,
                  "./none.json");
    REQUIRE_FAILS(qhm_device_load("", NULL, &device), QHM_ERROR_INVALID_ARGUMENT, "needs a name");
}

static void drift_is_seeded_and_keeps_what_is_possible(void **state)
{
    (void)state;
    qhm_device_options options = {.drift = 0.5, .drift_seed = 7};
    qhm_device *a = load("willow", &options), *b = load("willow", &options);
    options.drift_seed = 8;
    qhm_device *c = load("willow", &options), *fresh = load("willow", NULL);
    double log_sum = 0, log_squares = 0;
    size_t different = 0;
    for (size_t i = 0; i < 105; i++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(a, i);
        assert_memory_equal(&qubit->t1_us, &qhm_device_qubit_at(b, i)->t1_us, sizeof(double));
        different += qubit->t1_us != qhm_device_qubit_at(c, i)->t1_us;
        assert_true(qubit->t2_us <= 2 * qubit->t1_us);
        assert_true(qubit->readout_flips[1] > 0 && qubit->readout_flips[1] <= 1);
    }
    for (size_t i = 0; i < 182; i++) {
        double change =
            log(qhm_device_coupler_at(a, i)->error / qhm_device_coupler_at(fresh, i)->error);
        REQUIRE_NEAR(qhm_device_coupler_at(a, i)->error, qhm_device_coupler_at(b, i)->error, 0);
        log_sum += change;
        log_squares += change * change;
    }
    assert_int_equal(different, 105);
    // Mean 0 and standard deviation 0.5, each within four standard errors of 182 values.
    REQUIRE_NEAR(log_sum / 182, 0, 4 * 0.5 / sqrt(182));
    REQUIRE_NEAR(sqrt(log_squares / 182), 0.5, 4 * 0.5 / sqrt(2 * 182));
    qhm_device_destroy(a);
    qhm_device_destroy(b);
    qhm_device_destroy(c);
    qhm_device_destroy(fresh);
}

static void yield_takes_out_qubits_with_their_couplers(void **state)
{
    (void)state;
    qhm_device_options options = {.qubit_yield = 0.9, .coupler_yield = 0.95, .yield_seed = 3};
    qhm_device *a = load("condor", &options), *b = load("condor", &options);
    const qhm_device_operation *ecr;
    assert_true(qhm_device_find_operation(a, "ecr", &ecr));
    size_t dead = 0, broken = 0;
    for (size_t i = 0; i < 1121; i++) {
        dead += !qhm_device_qubit_at(a, i)->is_working;
        assert_int_equal(qhm_device_qubit_at(a, i)->is_working,
                         qhm_device_qubit_at(b, i)->is_working);
    }
    for (size_t i = 0; i < 1320; i++) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(a, i);
        bool ends_work = qhm_device_qubit_at(a, coupler->qubits[0])->is_working &&
                         qhm_device_qubit_at(a, coupler->qubits[1])->is_working;
        assert_true(ends_work || !coupler->is_working);
        broken += ends_work && !coupler->is_working;
        size_t found;
        assert_int_equal(qhm_device_find_coupler(a, coupler->qubits[0], coupler->qubits[1], &found),
                         coupler->is_working);
        assert_int_equal(qhm_device_has_operation(a, ecr, coupler->qubits), coupler->is_working);
    }
    REQUIRE_NEAR((double)dead, 112.1, 4 * sqrt(1121 * 0.09));
    REQUIRE_NEAR((double)broken, 1320 * 0.81 * 0.05, 4 * sqrt(1320 * 0.05));
    qhm_device_destroy(a);
    qhm_device_destroy(b);
}

static void spread_follows_the_published_percentiles(void **state)
{
    (void)state;
    qhm_device *device =
        load("willow", &(qhm_device_options){.has_spread = true, .spread_seed = 1});
    size_t low = 0, high = 0;
    for (size_t i = 0; i < 182; i++) {
        low += qhm_device_coupler_at(device, i)->error < 1.52e-3;
        high += qhm_device_coupler_at(device, i)->error > 6.0e-3;
    }
    REQUIRE_NEAR((double)low, 18.2, 4 * sqrt(182 * 0.09));
    REQUIRE_NEAR((double)high, 18.2, 4 * sqrt(182 * 0.09));
    assert_true(low > 0 && high > 0);
    // No percentiles are published for the one-qubit error: all stay at the mean.
    REQUIRE_NEAR(qhm_device_qubit_at(device, 3)->one_qubit_error, 3.5e-4, 0);
    qhm_device_destroy(device);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct {
        qhm_device_options options;
        const char *message;
    } cases[] = {
        {{.drift = -0.1}, "drift is -0.1, not 0 to 2"},
        {{.drift = NAN}, "drift is nan"},
        {{.qubit_yield = 1.5}, "qubit_yield is 1.5, not 0 to 1"},
        {{.coupler_yield = -1}, "coupler_yield is -1, not 0 to 1"},
        {{.photon_number = 2}, "photon_number is 2, but willow has no cats"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_device *device = NULL;
        REQUIRE_FAILS(qhm_device_load("willow", &cases[i].options, &device),
                      QHM_ERROR_INVALID_ARGUMENT, cases[i].message);
        assert_null(device);
    }
}

static qhm_status load_all(void *context)
{
    qhm_device *device = NULL;
    qhm_status status = qhm_device_load(
        context, &(qhm_device_options){.drift = 0.1, .qubit_yield = 0.9, .has_spread = true},
        &device);
    qhm_device_destroy(device);
    if (status != QHM_OK)
        return status;
    status = qhm_device_load("ideal", NULL, &device);
    if (status != QHM_OK)
        return status;
    qhm_device_destroy(device);
    qhm_device_list *list = NULL;
    status = qhm_device_list_create(&list);
    qhm_device_list_destroy(list);
    return status;
}

static void loading_survives_failing_memory(void **state)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", write_small(state, "small.json", "small", "Small"));
    require_survives_failing_memory(load_all, path);
    char name[] = "willow";
    qhm_memory_fail_from(1);
    assert_int_equal(load_all(name), QHM_ERROR_OUT_OF_MEMORY);
    qhm_memory_fail_from(0);
}

int main(void)
{
    unsetenv("QHM_DEVICE_PATH");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_listed_device_is_whole),
        cmocka_unit_test(the_page_has_every_figure_and_device),
        cmocka_unit_test(willow_is_the_published_diamond),
        cmocka_unit_test(other_chips_have_the_announced_counts),
        cmocka_unit_test(cats_depend_on_their_photon_number),
        cmocka_unit_test(kinds_of_qubits_decide_what_cats_can_do),
        cmocka_unit_test(tetrons_measure_what_their_neighbours_share),
        cmocka_unit_test(chip_wide_figures_of_cats_and_tetrons_drift),
        in_temporary_folder(operations_have_values_at_places),
        cmocka_unit_test(presets_replace_figures),
        cmocka_unit_test(ideal_has_every_gate_and_no_errors),
        in_temporary_folder(names_are_looked_up_in_order),
        cmocka_unit_test(drift_is_seeded_and_keeps_what_is_possible),
        cmocka_unit_test(yield_takes_out_qubits_with_their_couplers),
        cmocka_unit_test(spread_follows_the_published_percentiles),
        cmocka_unit_test(options_out_of_range_are_refused),
        in_temporary_folder(loading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
