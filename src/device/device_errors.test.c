// Mistakes in device files: each is told with its place, what stands there and what should.
#include "base/files.h"
#include "device/device_internal.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

// A chip without mistakes; cases below spoil one place of it.
static const char good[] =
    "{\"schema\": 1, \"name\": \"toy\", \"title\": \"Toy\", \"family\": \"superconducting\",\n"
    " \"sources\": {\"us\": {\"text\": \"us\"}},\n"
    " \"topology\": {\"kind\": \"list\", \"status\": \"assumed\", \"source\": \"us\",\n"
    "  \"qubits\": [{\"x\": 0, \"y\": 0}, {\"x\": 1, \"y\": 0, \"kind\": \"odd\"}],\n"
    "  \"couplers\": [[0, 1]]},\n"
    " \"operations\": [{\"name\": \"cz\", \"gate\": \"cz\", \"duration\": "
    "\"two_qubit_duration_ns\",\n"
    "   \"error\": \"two_qubit_error\", \"source\": \"us\"},\n"
    "  {\"name\": \"mz\", \"gate\": \"measure_pauli\", \"paulis\": \"zz\", \"kinds\": [\"a\", "
    "\"b\"],\n"
    "   \"duration\": \"two_qubit_duration_ns\", \"source\": \"us\"},\n"
    "  {\"name\": \"rz\", \"gate\": \"rz\", \"is_virtual\": true, \"source\": \"us\"}],\n"
    " \"figures\": {\n"
    "  \"t1_us\": {\"value\": 50, \"status\": \"measured\", \"source\": \"us\", \"p10\": 30, "
    "\"p90\": 70},\n"
    "  \"t2_us\": {\"value\": 60, \"status\": \"measured\", \"source\": \"us\"},\n"
    "  \"two_qubit_error\": {\"value\": 0.01, \"status\": \"measured\", \"source\": \"us\"},\n"
    "  \"two_qubit_duration_ns\": {\"value\": 40, \"status\": \"measured\", \"source\": \"us\"}},\n"
    " \"calibration\": {\"status\": \"measured\", \"source\": \"us\",\n"
    "  \"qubits\": [{\"qubit\": 1, \"t1_us\": 40}],\n"
    "  \"couplers\": [{\"qubits\": [1, 0], \"two_qubit_error\": 0.02}]},\n"
    " \"presets\": {\"usual\": {\"title\": \"usual\"},\n"
    "  \"fast\": {\"title\": \"fast\", \"status\": \"assumed\", \"source\": \"us\",\n"
    "   \"figures\": {\"t2_us\": {\"value\": 90}}}}}\n";

// The good text with the first `find` in it replaced.
static void spoil(const char *find, const char *put, char *out, size_t size)
{
    const char *place = strstr(good, find);
    if (!place)
        fail_msg("\"%s\" is not in the text", find);
    snprintf(out, size, "%.*s%s%s", (int)(place - good), good, put, place + strlen(find));
}

static qhm_status read_text(const char *text, const char *preset, qhm_diagnostics **diagnostics)
{
    qhm_device *device = NULL;
    qhm_status status = qhm_device_read("x.json", text, strlen(text), preset, diagnostics, &device);
    assert_true((status == QHM_OK) == (device != NULL));
    qhm_device_destroy(device);
    return status;
}

static void each_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *message;
    } cases[] = {
        // The text and its fields.
        {"\"schema\": 1,", "\"schema\": 1,,", "x.json:1:1: string or '}' expected"},
        {"\"us\"}},\n", "\"us\"}}\n", "x.json:3:1: "},
        {"\"x\": 0, ", "\"x\": 0, \"x\": 1, ", "x.json:4:1: duplicate object key"},
        {"\"schema\": 1", "\"schema\": 2",
         "x.json:1:2: schema is 2, not a whole number from 1 to 1"},
        {"\"schema\": 1, ", "", "x.json:1:1: the file lacks \"schema\""},
        {"\"title\": \"Toy\"", "\"titel\": \"Toy\"", "titel is not a field that is known here"},
        {"\"title\": \"Toy\"", "\"title\": 7", "title is 7, not a text"},
        {"\"title\": \"Toy\"", "\"title\": \"\"", "title is empty, not a text"},
        {"\"toy\"", "\"To:y\"", "name is \"To:y\", not of a to z"},
        {"\"superconducting\"", "\"super\"",
         "family is \"super\", not superconducting, cat, tetron or annealer"},
        {"\"superconducting\"", "\"ideal\"", "family is \"ideal\""},
        {"{\"text\": \"us\"}", "\"us\"", "x.json:2:14: sources.us is a value, not a mapping"},
        {"{\"text\": \"us\"}", "{\"text\": \"us\", \"url\": \"\"}",
         "sources.us.url is not a field"},
        {"{\"text\": \"us\"}", "{}", "sources.us lacks \"text\""},
        // The graph.
        {"\"kind\": \"list\"", "\"kind\": \"lists\"", "topology.kind is \"lists\", not rows, grid"},
        {"\"kind\": \"list\"", "\"kind\": \"list\", \"m\": 3", "topology.m is not a field"},
        {"\"kind\": \"list\", \"status\": \"assumed\"", "\"kind\": \"list\"",
         "topology lacks \"status\""},
        {"[[0, 1]]", "[[0, 2]]",
         "x.json:5:20: topology.couplers.0.1 is 2, not a whole number from 0 to 1"},
        {"[[0, 1]]", "[[0, 1], [1, 0]]",
         "topology.couplers has the coupler of qubits 0 and 1 twice"},
        {"[[0, 1]]", "[[1, 1]]", "topology.couplers.0 couples qubit 1 with itself"},
        {"[[0, 1]]", "[[0, 1, 1]]", "topology.couplers.0 is not a pair of qubits"},
        {"[[0, 1]]", "[]", "x.json:3:2: topology is disconnected: no path of couplers joins all 2"},
        {"{\"x\": 0, \"y\": 0}", "{\"x\": 0}", "topology.qubits.0 lacks \"y\""},
        {"{\"x\": 0, \"y\": 0}", "7", "topology.qubits.0 is a value, not a mapping with x and y"},
        {"{\"x\": 0, \"y\": 0}", "{\"x\": 1e7, \"y\": 0}", "topology.qubits.0 is further than"},
        {"\"gate\": \"measure_pauli\", \"paulis\": \"zz\"", "\"gate\": \"cz\"",
         "operations has no measurement (gate measure or measure_pauli)"},
        // Figures.
        {"\"t1_us\"", "\"t1_su\"", "figures.t1_su is not a figure that is known"},
        {"{\"value\": 50,", "{\"value\": -50,",
         "x.json:12:13: figures.t1_us.value is -50, not a number above 0"},
        {"{\"value\": 50,", "{\"value\": \"50\",",
         "figures.t1_us.value is 50, not a number above 0"},
        {"{\"value\": 50,", "{", "figures.t1_us lacks \"value\""},
        {"{\"value\": 40,", "{\"value\": -1,",
         "figures.two_qubit_duration_ns.value is -1, not a number of at least 0"},
        {"{\"value\": 0.01,", "{\"value\": 1.01,",
         "figures.two_qubit_error.value is 1.01, not a probability from 0 to 1"},
        {"{\"value\": 0.01,", "{\"value\": -0.01,", "not a probability from 0 to 1"},
        {"{\"value\": 60,", "{\"value\": 101,",
         "x.json:13:3: figures.t2_us is 101 us, more than twice t1_us, 50 us"},
        {"{\"value\": 60, \"status\": \"measured\"", "{\"value\": 60, \"status\": \"known\"",
         "figures.t2_us.status is \"known\", not measured, projected or assumed"},
        {"{\"value\": 60, \"status\": \"measured\"", "{\"value\": 60",
         "figures.t2_us lacks \"status\""},
        {"{\"value\": 60, \"status\": \"measured\", \"source\": \"us\"",
         "{\"value\": 60, \"status\": \"measured\"", "figures.t2_us lacks \"source\""},
        {"{\"value\": 60, \"status\": \"measured\", \"source\": \"us\"",
         "{\"value\": 60, \"status\": \"measured\", \"source\": \"them\"",
         "figures.t2_us.source is \"them\", which is not among the file's sources"},
        {"{\"value\": 60,", "{\"value\": 60, \"unit\": \"us\",",
         "figures.t2_us.unit is not a field"},
        {"\"t2_us\": {\"value\": 60", "\"t1_ms\": {\"value\": 60",
         "figures.t1_ms is t1_us again in another unit"},
        {", \"p90\": 70", "", "figures.t1_us lacks \"p90\""},
        {"\"p90\": 70", "\"p90\": 20", "figures.t1_us.p10 is 30, not above 0 and at most p90, 20"},
        {"{\"value\": 60, \"status\": \"measured\", \"source\": \"us\"}", "60",
         "figures.t2_us is a value, not a mapping with its value, status and source"},
        // Operations.
        {"\"gate\": \"cz\"", "\"gate\": \"czz\"", "operations.0.gate names no gate: "},
        {"\"gate\": \"cz\"", "\"gate\": \"ccx\"",
         "operations.0.gate is ccx, not an operation on one or two qubits"},
        {"\"gate\": \"cz\"", "\"gate\": \"barrier\"", "not an operation on one or two qubits"},
        {"\"gate\": \"cz\"", "\"gate\": \"delay\"", "not an operation on one or two qubits"},
        {"\"error\": \"two_qubit_error\"", "\"error\": \"one_qubit_error\"",
         "operations.0.error is \"one_qubit_error\", which is not among the file's figures"},
        {"\"duration\": \"two_qubit_duration_ns\",\n", "\"duration\": \"t1_us\",\n",
         "operations.0.duration is \"t1_us\", no time in ns"},
        {"\"error\": \"two_qubit_error\"", "\"error\": \"two_qubit_duration_ns\"",
         "operations.0.error is \"two_qubit_duration_ns\", no pure number"},
        {"\"duration\": \"two_qubit_duration_ns\",\n", "\n", "operations.0 lacks \"duration\""},
        {"\"paulis\": \"zz\"", "\"paulis\": \"zi\"",
         "operations.1.paulis is \"zi\", not one or two of x, y and z"},
        {"\"paulis\": \"zz\"", "\"paulis\": \"zzz\"", "not one or two of x, y and z"},
        {", \"paulis\": \"zz\"", "", "operations.1 lacks \"paulis\""},
        {"[\"a\", \"b\"]", "[\"a\"]", "operations.1.kinds has 1 kinds for 2 qubits"},
        {"[\"a\", \"b\"]", "[\"a\", 2]", "operations.1.kinds.1 is not the name of a kind"},
        {"\"is_virtual\": true", "\"is_virtual\": 1",
         "operations.2.is_virtual is 1, not true or false"},
        {"\"is_virtual\": true", "\"virtual\": true", "operations.2.virtual is not a field"},
        {"\"is_virtual\": true, \"source\": \"us\"", "\"is_virtual\": true",
         "operations.2 lacks \"source\""},
        {"{\"name\": \"rz\", \"gate\": \"rz\", \"is_virtual\": true, \"source\": \"us\"}", "[]",
         "operations.2 is a list, not a mapping"},
        // Values of single qubits and couplers.
        {"{\"qubit\": 1,", "{\"qubit\": 2,",
         "calibration.qubits.0.qubit is 2, not a whole number from 0 to 1"},
        {"{\"qubit\": 1,", "{", "calibration.qubits.0 lacks \"qubit\""},
        {"\"t1_us\": 40", "\"t1_us\": 20",
         "calibration.qubits.0 has a t2_us of 60, more than twice its t1_us of 20"},
        {"\"t1_us\": 40", "\"readout_error_0\": 2",
         "calibration.qubits.0.readout_error_0 is 2, not a probability"},
        {"\"t1_us\": 40", "\"t3_us\": 40", "calibration.qubits.0.t3_us is not a field"},
        {"[1, 0], \"two", "[1, 1], \"two",
         "calibration.couplers.0.qubits are qubits 1 and 1, which share no coupler"},
        {"\"two_qubit_error\": 0.02", "\"two_qubit_error\": 20",
         "is 20, not a probability from 0 to 1"},
        {"[{\"qubit\": 1, \"t1_us\": 40}]", "[1]",
         "calibration.qubits.0 is a value, not a mapping"},
        // Presets.
        {"\"figures\": {\"t2_us\": {\"value\": 90}}",
         "\"figures\": {\"t2_echo_us\": {\"value\": 90}}",
         "presets.fast.figures.t2_echo_us replaces a figure that the file lacks"},
        {"\"figures\": {\"t2_us\": {\"value\": 90}}", "\"figures\": {\"t3_us\": {\"value\": 90}}",
         "presets.fast.figures.t3_us is not a figure that is known"},
        {"{\"value\": 90}", "{\"value\": -90}",
         "presets.fast.figures.t2_us.value is -90, not a number above 0"},
        {"\"title\": \"fast\", ", "", "presets.fast lacks \"title\""},
        {"\"status\": \"assumed\", \"source\": \"us\",\n   ", "", "presets.fast lacks \"status\""},
        {"\"usual\": {", "\"Us:ual\": {", "is named other than of a to z"},
        {"{\"title\": \"fast\",", "{\"title\": \"fast\", \"base\": 1,",
         "presets.fast.base is not a field"},
    };
    qhm_diagnostics *diagnostics;
    REQUIRE_OK(read_text(good, NULL, &diagnostics));
    assert_int_equal(qhm_diagnostics_count(diagnostics), 0);
    qhm_diagnostics_destroy(diagnostics);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[4096];
        spoil(cases[i].find, cases[i].put, text, sizeof text);
        diagnostics = NULL;
        REQUIRE_FAILS(read_text(text, NULL, &diagnostics), QHM_ERROR_BAD_INPUT, cases[i].message);
        assert_true(qhm_diagnostics_error_count(diagnostics) >= 1);
        qhm_diagnostics_destroy(diagnostics);
    }
}

static void numbers_of_generators_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *topology, *message;
    } cases[] = {
        {"\"kind\": \"rows\", \"rows\": []", "topology.rows has 0 rows, not 1 to 1024"},
        {"\"kind\": \"rows\", \"rows\": [[1]]",
         "topology.rows.0 is not a row's first and last column"},
        {"\"kind\": \"rows\", \"rows\": [[0, 3], [3, 1]]", "topology.rows.1 ends before it begins"},
        {"\"kind\": \"rows\", \"rows\": [[0, 1], [2, 3]]", "topology is disconnected"},
        {"\"kind\": \"grid\", \"rows\": 0, \"columns\": 2",
         "topology.rows is 0, not a whole number from 1 to 1024"},
        {"\"kind\": \"grid\", \"rows\": 2", "topology lacks \"columns\""},
        {"\"kind\": \"heavy_hex\", \"rows\": 3, \"columns\": 5, \"even_first\": 4, \"odd_first\": "
         "2",
         "topology.even_first is 4, not a whole number from 0 to 3"},
        {"\"kind\": \"zephyr\", \"m\": 33, \"t\": 4",
         "topology.m is 33, not a whole number from 1 to 32"},
        {"\"kind\": \"pegasus\", \"m\": 1", "topology.m is 1, not a whole number from 2 to 64"},
        {"\"kind\": \"all_to_all\", \"qubit_count\": 0", "topology.qubit_count is 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "{\"schema\": 1, \"name\": \"toy\", \"title\": \"Toy\", \"family\": \"annealer\","
                 "\"sources\": {\"us\": {\"text\": \"us\"}}, \"figures\": {},"
                 "\"topology\": {\"status\": \"assumed\", \"source\": \"us\", %s}}",
                 cases[i].topology);
        qhm_diagnostics *diagnostics = NULL;
        REQUIRE_FAILS(read_text(text, NULL, &diagnostics), QHM_ERROR_BAD_INPUT, cases[i].message);
        qhm_diagnostics_destroy(diagnostics);
    }
}

static void several_mistakes_come_at_once_with_hints(void **state)
{
    char text[4096];
    spoil("\"title\": \"Toy\"", "\"titel\": \"Toy\"", text, sizeof text);
    char *figure = strstr(text, "\"t1_us\": {\"value\": 50");
    assert_non_null(figure);
    memcpy(figure, "\"t1_ns\": {\"value\": -9", strlen("\"t1_ns\": {\"value\": -9"));
    char *error = strstr(text, "two_qubit_error\": {");
    memcpy(error, "two_qubit_eror\" : {", strlen("two_qubit_eror\" : {"));
    const char *path = in_folder(state, "toy.json");
    REQUIRE_OK(qhm_file_write(path, text, strlen(text)));
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_FAILS(qhm_device_check(path, &diagnostics), QHM_ERROR_BAD_INPUT,
                  "titel is not a field that is known here (and 4 more)");
    assert_int_equal(qhm_diagnostics_error_count(diagnostics), 5);
    const qhm_diagnostic *first = qhm_diagnostics_item(diagnostics, 0);
    assert_string_equal(first->hint, "did you mean \"title\"?");
    assert_int_equal(first->line, 1);
    assert_int_equal(first->column, 30);
    bool has_value = false, has_name = false;
    for (size_t i = 0; i < 5; i++) {
        const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, i);
        has_value = has_value || strstr(item->message, "figures.t1_ns.value is -9");
        has_name = has_name || (strstr(item->message, "two_qubit_eror is not a figure") &&
                                strstr(item->hint, "\"two_qubit_error\""));
    }
    assert_true(has_value && has_name);
    qhm_diagnostics_destroy(diagnostics);
}

// Twice T1 is 100; only the preset "fast" has more.
static void every_preset_is_checked(void **state)
{
    char text[4096];
    spoil("{\"value\": 90}", "{\"value\": 110}", text, sizeof text);
    const char *path = in_folder(state, "toy.json");
    REQUIRE_OK(qhm_file_write(path, text, strlen(text)));
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(path, NULL, &device));
    qhm_device_destroy(device);
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_FAILS(qhm_device_check(path, &diagnostics), QHM_ERROR_BAD_INPUT,
                  "t2_us is 110 us, more than twice t1_us, 50 us");
    qhm_diagnostics_destroy(diagnostics);
    diagnostics = NULL;
    REQUIRE_FAILS(qhm_device_check(in_folder(state, "none.json"), &diagnostics),
                  QHM_ERROR_NOT_FOUND, "none.json");
    assert_null(diagnostics);
}

static qhm_status check_spoilt(void *context)
{
    qhm_diagnostics *diagnostics = NULL;
    qhm_device *device = NULL;
    const char *text = context;
    qhm_status status =
        qhm_device_read("x.json", text, strlen(text), "fast", &diagnostics, &device);
    qhm_diagnostics_destroy(diagnostics);
    qhm_device_destroy(device);
    return status == QHM_ERROR_BAD_INPUT ? QHM_OK : status;
}

static void reading_survives_failing_memory(void **state)
{
    (void)state;
    char text[4096];
    spoil("\"t1_us\": 40", "\"t3_us\": 40", text, sizeof text);
    require_survives_failing_memory(check_spoilt, text);
    spoil("\"schema\": 1,", "\"schema\": 1,,", text, sizeof text);
    require_survives_failing_memory(check_spoilt, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told_with_its_place),
        cmocka_unit_test(numbers_of_generators_are_checked),
        in_temporary_folder(several_mistakes_come_at_once_with_hints),
        in_temporary_folder(every_preset_is_checked),
        cmocka_unit_test(reading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
