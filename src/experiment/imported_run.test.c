#include <qhm/imported_run.h>
#include <qhm/run.h>
#include <qhm/run_store.h>

#include "base/files.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <jansson.h>
#include <qhm/qasm.h>
#include <qhm/version.h>
#include <signal.h>
#include <sys/resource.h>
#include <xxhash.h>

static const char ionq[] = "{\"1\": 0.75, \"3\": 0.25}";
static const char ibm[] = "{\"results\": [{\"data\": {\"c\": {\"samples\": "
                          "[\"0x1\", \"0x3\", \"0x1\", \"0x1\"], \"num_bits\": 2}}}]}";

// Bit 0 is 1, bit 1 a fair coin.
static qhm_circuit *make_pair(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    return circuit;
}

static qhm_imported_run *create(qhm_cloud cloud, const char *text,
                                const qhm_import_options *options)
{
    qhm_circuit *circuit = make_pair();
    qhm_imported_run *run;
    REQUIRE_OK(qhm_imported_run_create(circuit, cloud, text, strlen(text), options, &run));
    qhm_circuit_destroy(circuit);
    return run;
}

// Keeps a run in the test's folder and returns the folder's name; free() it.
static char *keep(void **state, const char *name)
{
    const qhm_import_options options = {
        .name = name, .arguments = (const char *[]){"qhm", "import"}, .argument_count = 2};
    qhm_imported_run *run = create(QHM_CLOUD_IBM, ibm, &options);
    REQUIRE_OK(qhm_imported_run_save(run, *state));
    char *folder = strdup(qhm_imported_run_info(run)->folder);
    qhm_imported_run_destroy(run);
    return folder;
}

static char *read_kept(const char *folder, const char *name, size_t *count)
{
    char path[4096], *bytes;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    REQUIRE_OK(qhm_file_read(path, 1 << 20, &bytes, count));
    return bytes;
}

static void write_kept(const char *folder, const char *name, const char *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    REQUIRE_OK(qhm_file_write(path, text, strlen(text)));
}

static void remove_kept(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static void a_result_is_compared_with_the_exact_distribution(void **state)
{
    (void)state;
    qhm_imported_run *run = create(QHM_CLOUD_IBM, ibm, NULL);
    const qhm_import_info *info = qhm_imported_run_info(run);
    assert_string_equal(info->name, "import");
    assert_string_equal(info->folder, "");
    assert_string_equal(info->id, "");
    assert_int_equal(info->cloud, QHM_CLOUD_IBM);
    assert_true(info->has_counts);
    assert_string_equal(info->method, "statevector");
    assert_null(info->reason);
    REQUIRE_NEAR(info->variation_distance, 0.25, 1e-12);
    // (sqrt(0.75 · 0.5) + sqrt(0.25 · 0.5))²
    REQUIRE_NEAR(info->fidelity, 0.5 + sqrt(3) / 4, 1e-12);
    REQUIRE_NEAR(qhm_distribution_total(qhm_imported_run_measured(run)), 4, 0);
    REQUIRE_NEAR(qhm_distribution_weight(qhm_imported_run_exact(run), (uint64_t[]){3}), 0.5, 1e-12);
    qhm_imported_run_destroy(run);
    run = create(QHM_CLOUD_IONQ, ionq, NULL);
    assert_false(qhm_imported_run_info(run)->has_counts);
    qhm_imported_run_destroy(run);
    qhm_imported_run_destroy(NULL);
}

static void a_circuit_that_cannot_be_simulated_is_kept_with_the_reason(void **state)
{
    enum { QUBITS = 200 };
    qhm_circuit *circuit;
    qhm_imported_run *run, *loaded;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 1, &circuit));
    for (uint32_t q = 0; q < QUBITS; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_T, &q, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_imported_run_create(circuit, QHM_CLOUD_IONQ, "{\"0\": 1}", 8, NULL, &run));
    REQUIRE_OK(qhm_imported_run_save(run, *state));
    REQUIRE_OK(qhm_imported_run_load(qhm_imported_run_info(run)->folder, &loaded));
    const qhm_import_info *info = qhm_imported_run_info(loaded);
    assert_null(info->method);
    assert_non_null(strstr(info->reason, "too many for a state vector"));
    assert_null(qhm_imported_run_exact(loaded));
    assert_true(isnan(info->fidelity) && isnan(info->variation_distance));
    qhm_imported_run_destroy(loaded);
    qhm_imported_run_destroy(run);
    qhm_circuit_destroy(circuit);
}

static void wide_clifford_circuits_are_simulated(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_imported_run *run;
    REQUIRE_OK(qhm_circuit_create(200, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){199}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 199, 0));
    REQUIRE_OK(qhm_imported_run_create(circuit, QHM_CLOUD_IONQ, "{\"0\": 1}", 8, NULL, &run));
    assert_string_equal(qhm_imported_run_info(run)->method, "stabilizer");
    REQUIRE_NEAR(qhm_imported_run_info(run)->variation_distance, 0.5, 1e-12);
    qhm_imported_run_destroy(run);
    qhm_circuit_destroy(circuit);
}

static void what_is_kept_is_read_back(void **state)
{
    qhm_imported_run *run = create(QHM_CLOUD_IBM, ibm, &(qhm_import_options){.name = "pair"});
    qhm_imported_run *loaded;
    const qhm_import_info *info = qhm_imported_run_info(run);
    REQUIRE_OK(qhm_imported_run_save(run, in_folder(state, "deep/runs")));
    assert_true(qhm_imported_run_is_in(info->folder));
    assert_string_equal(strrchr(info->folder, '/') + 1, info->id);
    assert_string_equal(info->id + strlen("20260131T120000Z-"), "pair");
    REQUIRE_OK(qhm_imported_run_load(info->folder, &loaded));
    const qhm_import_info *again = qhm_imported_run_info(loaded);
    assert_string_equal(again->id, info->id);
    assert_string_equal(again->name, "pair");
    assert_string_equal(again->folder, info->folder);
    assert_string_equal(again->imported, info->imported);
    assert_string_equal(again->method, "statevector");
    assert_int_equal(again->cloud, QHM_CLOUD_IBM);
    assert_true(again->has_counts);
    assert_true(again->variation_distance == info->variation_distance); // bit for bit
    assert_true(again->fidelity == info->fidelity);
    assert_true(
        qhm_circuit_is_equal(qhm_imported_run_circuit(run), qhm_imported_run_circuit(loaded)));
    for (uint64_t bits = 0; bits < 4; bits++) {
        assert_true(qhm_distribution_weight(qhm_imported_run_measured(run), &bits) ==
                    qhm_distribution_weight(qhm_imported_run_measured(loaded), &bits));
        assert_true(qhm_distribution_weight(qhm_imported_run_exact(run), &bits) ==
                    qhm_distribution_weight(qhm_imported_run_exact(loaded), &bits));
    }
    REQUIRE_FAILS(qhm_imported_run_save(run, *state), QHM_ERROR_INVALID_ARGUMENT, "kept already");
    REQUIRE_FAILS(qhm_imported_run_save(loaded, *state), QHM_ERROR_INVALID_ARGUMENT,
                  "kept already");
    qhm_imported_run_destroy(loaded);
    qhm_imported_run_destroy(run);
}

static void the_folder_has_the_file_as_it_came_and_a_manifest(void **state)
{
    size_t count, circuit_count;
    char *folder = keep(state, "pair");
    char *result = read_kept(folder, "result.json", &count);
    assert_int_equal(count, strlen(ibm));
    assert_memory_equal(result, ibm, count);
    char *text = read_kept(folder, "circuit.qasm", &circuit_count);
    assert_non_null(strstr(text, "OPENQASM 3"));
    char *manifest_text = read_kept(folder, "manifest.json", &count);
    json_t *manifest = json_loads(manifest_text, 0, NULL);
    assert_non_null(manifest);
    const char *kind, *version, *from, *hash, *first, *second;
    assert_int_equal(json_unpack(manifest, "{s:s, s:s, s:s, s:[s, s], s:{s:s}}", "kind", &kind,
                                 "qhm_version", &version, "from", &from, "arguments", &first,
                                 &second, "hashes", "circuit.qasm", &hash),
                     0);
    assert_string_equal(kind, "import");
    assert_string_equal(version, qhm_version());
    assert_string_equal(from, "ibm");
    assert_string_equal(first, "qhm");
    assert_string_equal(second, "import");
    char digits[20];
    snprintf(digits, sizeof digits, "%016llx",
             (unsigned long long)XXH3_64bits(text, circuit_count));
    assert_string_equal(hash, digits);
    json_decref(manifest);
    qhm_release(manifest_text);
    qhm_release(text);
    qhm_release(result);
    free(folder);
}

static void names_cannot_leave_the_root_or_break_the_manifest(void **state)
{
    char *folder = keep(state, "../\033[2J\n\xff\"x");
    qhm_imported_run *run;
    REQUIRE_OK(qhm_imported_run_load(folder, &run));
    assert_string_equal(qhm_imported_run_info(run)->name, "../\033[2J\n\xef\xbf\xbd\"x");
    assert_string_equal(qhm_imported_run_info(run)->id + strlen("20260131T120000Z-"),
                        "..---2J-----x");
    qhm_imported_run_destroy(run);
    free(folder);
    char name[1000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    folder = keep(state, name);
    REQUIRE_OK(qhm_imported_run_load(folder, &run));
    assert_int_equal(strlen(qhm_imported_run_info(run)->name), 64);
    qhm_imported_run_destroy(run);
    free(folder);
    char wide[401] = "";
    for (size_t i = 0; i < 100; i++)
        memcpy(wide + 4 * i, "\xf0\x9f\x8d\x8e", 5);
    folder = keep(state, wide + 1); // three strays, each three bytes now, and 13 apples
    REQUIRE_OK(qhm_imported_run_load(folder, &run));
    assert_int_equal(strlen(qhm_imported_run_info(run)->name), 3 * 3 + 13 * 4);
    qhm_imported_run_destroy(run);
    free(folder);
}

static void imported_runs_are_listed_among_the_others(void **state)
{
    char *first = keep(state, "pair"), *second = keep(state, "pair");
    assert_string_not_equal(first, second);
    qhm_run_list *list;
    REQUIRE_OK(qhm_run_list_load(*state, &list));
    assert_int_equal(qhm_run_list_count(list), 2);
    for (size_t i = 0; i < 2; i++) {
        const qhm_run_info *info = qhm_run_list_at(list, i);
        assert_int_equal(info->status, QHM_RUN_FINISHED);
        assert_string_equal(info->verdict, "{\"verdict\": \"imported from ibm\"}");
        assert_string_equal(info->name, "pair");
        assert_non_null(strstr(info->manifest, "\"qhm_version\""));
        assert_int_equal(info->job_count, 0);
    }
    assert_string_equal(qhm_run_list_at(list, 0)->folder, first);
    qhm_run_list_destroy(list);
    free(first);
    free(second);
}

static void what_needs_jobs_refuses_an_imported_run(void **state)
{
    static const char *const sentence = "holds a result that was imported from a cloud";
    char *folder = keep(state, "pair"), *mismatch;
    qhm_run_store *store;
    qhm_search *search;
    REQUIRE_FAILS(qhm_run_store_load(folder, &store), QHM_ERROR_UNSUPPORTED, sentence);
    REQUIRE_FAILS(qhm_run_store_resume(folder, &store), QHM_ERROR_UNSUPPORTED, sentence);
    REQUIRE_FAILS(qhm_run_resume(folder, NULL, NULL), QHM_ERROR_UNSUPPORTED, sentence);
    REQUIRE_FAILS(qhm_run_replay(folder, NULL, &mismatch), QHM_ERROR_UNSUPPORTED, sentence);
    REQUIRE_FAILS(qhm_search_open(folder, &search), QHM_ERROR_UNSUPPORTED, sentence);
    REQUIRE_FAILS(qhm_run_store_create(folder, "x", 1, &store), QHM_ERROR_INVALID_ARGUMENT,
                  "already holds an imported run");
    qhm_imported_run *run;
    REQUIRE_OK(qhm_imported_run_load(folder, &run)); // nobody left anything in it
    qhm_imported_run_destroy(run);
    REQUIRE_FAILS(qhm_imported_run_load(*state, &run), QHM_ERROR_NOT_FOUND, "no imported run");
    assert_false(qhm_imported_run_is_in(*state));
    free(folder);
}

// Replaces import.json, and its hash in the manifest, as somebody would who edits a run by hand.
static void forge(const char *folder, const char *text)
{
    size_t count;
    char *bytes = read_kept(folder, "manifest.json", &count), digits[20];
    json_t *manifest = json_loads(bytes, 0, NULL);
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)XXH3_64bits(text, strlen(text)));
    json_object_set_new(json_object_get(manifest, "hashes"), "import.json", json_string(digits));
    char *forged = json_dumps(manifest, 0);
    write_kept(folder, "import.json", text);
    write_kept(folder, "manifest.json", forged);
    free(forged);
    json_decref(manifest);
    qhm_release(bytes);
}

#define FORGED(rest) "{\"schema_version\": 1, " rest "}"
#define OF_IBM "\"from\": \"ibm\", "
#define UNKNOWN ", \"not_simulated\": \"large\""
#define EXACT ", \"method\": \"statevector\", \"exact\": {}, \"fidelity\": 1, "

static void damage_is_named(void **state)
{
    static const struct {
        const char *text, *part;
    } forged[] = {
        {"{", "import.json:1"},
        {"[]", "no schema_version"},
        {FORGED("\"x\": 1"), "counts and distribution are missing"},
        {FORGED("\"counts\": {\"00\": 1}" UNKNOWN), "from is not a text"},
        {FORGED("\"from\": \"dwave\", \"counts\": {\"00\": 1}" UNKNOWN), "\"dwave\""},
        {FORGED(OF_IBM "\"counts\": {\"00\": -1}" UNKNOWN), "counts.00: \"-1\" is not a number"},
        {FORGED(OF_IBM "\"counts\": {\"00\": \"1\"}" UNKNOWN), "counts.00: \"1\" is not a number"},
        {FORGED(OF_IBM "\"counts\": {\"00\": null}" UNKNOWN), "is not a number"},
        {FORGED(OF_IBM "\"counts\": {\"00\": 1e300}" UNKNOWN), "is not a number"},
        {FORGED(OF_IBM "\"counts\": {\"000\": 1}" UNKNOWN), "counts.000: this is no outcome"},
        {FORGED(OF_IBM "\"counts\": {\"00\": 0}" UNKNOWN), "counts: the weights add up to 0"},
        {FORGED(OF_IBM "\"counts\": [1]" UNKNOWN), "counts: it is no mapping"},
        {FORGED(OF_IBM "\"counts\": {\"00\": 1}"), "not_simulated is not a text"},
        {FORGED(OF_IBM "\"counts\": {\"00\": 1}" EXACT "\"variation_distance\": 2"),
         "variation_distance: \"2\" is not a number from 0 to 1"},
        {FORGED(OF_IBM "\"counts\": {\"00\": 1}" EXACT "\"x\": 2"),
         "variation_distance is missing"},
    };
    char *folder = keep(state, "pair");
    qhm_imported_run *run;
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        forge(folder, forged[i].text);
        REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_BAD_INPUT, forged[i].part);
    }
    forge(folder, "{\"schema_version\": 2}");
    REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_UNSUPPORTED, "schema version 2");
    forge(folder, FORGED(OF_IBM "\"counts\": {\"00\": 1}" UNKNOWN)); // the mistakes were all
    REQUIRE_OK(qhm_imported_run_load(folder, &run));
    assert_string_equal(qhm_imported_run_info(run)->reason, "large");
    qhm_imported_run_destroy(run);
    free(folder);
}

static void changed_and_missing_files_are_named_and_listed(void **state)
{
    static const char *const names[] = {"result.json", "circuit.qasm", "import.json"};
    qhm_imported_run *run;
    for (size_t i = 0; i < 3; i++) {
        char *folder = keep(state, "pair");
        write_kept(folder, names[i], "{\"schema_version\": 1}");
        REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_BAD_INPUT, names[i]);
        assert_non_null(strstr(qhm_error_message(), "is not what was kept"));
        qhm_run_list *list;
        REQUIRE_OK(qhm_run_list_load(*state, &list));
        assert_int_equal(qhm_run_list_count(list), 1);
        assert_int_equal(qhm_run_list_at(list, 0)->status, QHM_RUN_FAILED);
        assert_non_null(strstr(qhm_run_list_at(list, 0)->verdict, "is not what was kept"));
        qhm_run_list_destroy(list);
        if (i < 2) {
            remove_kept(folder, names[i]);
            REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_BAD_INPUT, names[i]);
        }
        write_kept(folder, "manifest.json", "{\"schema_version\": 1}");
        REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_BAD_INPUT, "hashes");
        remove_kept(folder, "manifest.json");
        REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_BAD_INPUT, "manifest.json");
        remove_kept(folder, "import.json"); // now it is no run at all
        REQUIRE_FAILS(qhm_imported_run_load(folder, &run), QHM_ERROR_NOT_FOUND, "no imported run");
        free(folder);
    }
}

static void a_full_disk_leaves_nothing_behind(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    qhm_imported_run *run = create(QHM_CLOUD_IBM, ibm, NULL);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){.rlim_cur = strlen(ibm) + 8, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small); // room for result.json alone
    const qhm_status status = qhm_imported_run_save(run, *state);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, QHM_ERROR_IO);
    assert_non_null(strstr(qhm_error_message(), "circuit.qasm"));
    assert_int_equal(entries_in_folder(state), 0);
    REQUIRE_OK(qhm_imported_run_save(run, *state)); // room again
    assert_int_equal(entries_in_folder(state), 1);
    qhm_imported_run_destroy(run);
}

static void roots_that_cannot_be_written_are_told(void **state)
{
    qhm_imported_run *run = create(QHM_CLOUD_IBM, ibm, NULL);
    const char *file = in_folder(state, "file");
    REQUIRE_OK(qhm_file_write(file, "x", 1));
    REQUIRE_FAILS(qhm_imported_run_save(run, file), QHM_ERROR_IO, file);
    REQUIRE_FAILS(qhm_imported_run_save(run, in_folder(state, "file/runs")), QHM_ERROR_IO, file);
    REQUIRE_FAILS(qhm_imported_run_save(run, ""), QHM_ERROR_INVALID_ARGUMENT, "root");
    assert_string_equal(qhm_imported_run_info(run)->folder, "");
    qhm_imported_run_destroy(run);
}

static void results_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_pair();
    qhm_imported_run *run;
    REQUIRE_FAILS(qhm_imported_run_create(circuit, QHM_CLOUD_IONQ, "{", 1, NULL, &run),
                  QHM_ERROR_BAD_INPUT, "");
    REQUIRE_FAILS(qhm_imported_run_create(circuit, (qhm_cloud)9, ionq, strlen(ionq), NULL, &run),
                  QHM_ERROR_INVALID_ARGUMENT, "9");
    REQUIRE_FAILS(qhm_imported_run_create(NULL, QHM_CLOUD_IONQ, ionq, 1, NULL, &run),
                  QHM_ERROR_INVALID_ARGUMENT, "circuit");
    REQUIRE_FAILS(qhm_imported_run_create(circuit, QHM_CLOUD_IONQ, ionq, strlen(ionq),
                                          &(qhm_import_options){.argument_count = 2}, &run),
                  QHM_ERROR_INVALID_ARGUMENT, "2 arguments");
    qhm_circuit_destroy(circuit);
}

typedef struct journey {
    void **state;
    qhm_circuit *circuit;
} journey;

static qhm_status create_and_save(void *context)
{
    const journey *way = context;
    qhm_imported_run *run = NULL;
    const qhm_import_options options = {.arguments = (const char *[]){"qhm"}, .argument_count = 1};
    qhm_status status =
        qhm_imported_run_create(way->circuit, QHM_CLOUD_IBM, ibm, strlen(ibm), &options, &run);
    if (status == QHM_OK)
        status = qhm_imported_run_save(run, *way->state);
    qhm_imported_run_destroy(run);
    return status;
}

static qhm_status list_and_load(void *context)
{
    void **state = context;
    qhm_run_list *list = NULL;
    qhm_imported_run *run = NULL;
    qhm_status status = qhm_run_list_load(*state, &list);
    if (status == QHM_OK)
        status = qhm_imported_run_load(qhm_run_list_at(list, 0)->folder, &run);
    qhm_imported_run_destroy(run);
    qhm_run_list_destroy(list);
    return status;
}

// Whatever lies in the folder afterwards is a whole run.
static void failing_memory_leaves_no_half_run(void **state)
{
    journey way = {state, make_pair()};
    require_survives_failing_memory(create_and_save, &way);
    qhm_run_list *list;
    REQUIRE_OK(qhm_run_list_load(*state, &list));
    assert_true(qhm_run_list_count(list) > 0);
    assert_int_equal(qhm_run_list_count(list), entries_in_folder(state));
    for (size_t i = 0; i < qhm_run_list_count(list); i++)
        assert_int_equal(qhm_run_list_at(list, i)->status, QHM_RUN_FINISHED);
    qhm_run_list_destroy(list);
    qhm_circuit_destroy(way.circuit);
}

static void failing_memory_loses_nothing_when_reading(void **state)
{
    free(keep(state, "pair"));
    require_survives_failing_memory(list_and_load, state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_is_compared_with_the_exact_distribution),
        in_temporary_folder(a_circuit_that_cannot_be_simulated_is_kept_with_the_reason),
        cmocka_unit_test(wide_clifford_circuits_are_simulated),
        in_temporary_folder(what_is_kept_is_read_back),
        in_temporary_folder(the_folder_has_the_file_as_it_came_and_a_manifest),
        in_temporary_folder(names_cannot_leave_the_root_or_break_the_manifest),
        in_temporary_folder(imported_runs_are_listed_among_the_others),
        in_temporary_folder(what_needs_jobs_refuses_an_imported_run),
        in_temporary_folder(damage_is_named),
        in_temporary_folder(changed_and_missing_files_are_named_and_listed),
        in_temporary_folder(a_full_disk_leaves_nothing_behind),
        in_temporary_folder(roots_that_cannot_be_written_are_told),
        cmocka_unit_test(results_that_cannot_be_read_are_refused),
        in_temporary_folder(failing_memory_leaves_no_half_run),
        in_temporary_folder(failing_memory_loses_nothing_when_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
