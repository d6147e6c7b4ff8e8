// Run files: what a good one says, and the line and words of every mistake.
#include "experiment/run_file_internal.h"

#include "base/options_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <unistd.h>

static char path[64];

static void write_file(const char *text)
{
    strcpy(path, "/tmp/qhm-run-file-XXXXXX");
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, text, strlen(text)), (ssize_t)strlen(text));
    close(handle);
}

// Loads a file of this text; errors begin with its path.
static qhm_status load(const char *text, const char *const *overrides, size_t count,
                       qhm_run_file **file)
{
    write_file(text);
    qhm_status status = qhm_run_file_load(path, overrides, count, file);
    unlink(path);
    return status;
}

static const char good[] = "name: control\n"
                           "seed: 7\n"
                           "data: {source: separable, features: 3, train_count: 40}\n"
                           "training: {trials: 2}\n"
                           "tasks:\n"
                           "  - name: plane\n"
                           "    kind: kernel\n"
                           "    quantum: {qubits: 3}\n"
                           "    variants:\n"
                           "      two: {qubits: 2, repetitions: 1}\n"
                           "    training: {trials: 3}\n";

static void a_good_file_is_read_with_its_defaults(void **state)
{
    (void)state;
    qhm_run_file *file;
    REQUIRE_OK(load(good, NULL, 0, &file));
    assert_string_equal(qhm_run_file_name(file), "control");
    assert_int_equal(file->seed, 7);
    REQUIRE_NEAR(file->margin, 0.02, 0);
    assert_int_equal(file->resamples.repeats * file->resamples.folds, 10);
    assert_int_equal(file->task_count, 1);
    assert_int_equal(file->tasks[0].training.trials, 3); // the task's own
    assert_int_equal(file->tasks[0].variant_count, 1);
    size_t count;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    assert_int_equal(count, 2);
    assert_int_equal(qhm_circuit_qubit_count(circuits[0].circuit), 3);
    assert_string_equal(circuits[1].model, "two");
    assert_int_equal(circuits[1].epochs, file->tasks[0].training.epochs);
    assert_true(circuits[1].epochs > 0 && circuits[1].batch > 0);
    assert_int_equal(qhm_circuit_qubit_count(circuits[1].circuit), 2);
    qhm_run_file_destroy(file);
}

static void the_command_line_overrides_any_field(void **state)
{
    (void)state;
    const char *overrides[] = {"resamples.folds=10", "tasks.0.quantum.repetitions=3",
                               "tasks.0.metric=balanced_accuracy"};
    qhm_run_file *file;
    REQUIRE_OK(load(good, overrides, 3, &file));
    assert_int_equal(file->resamples.folds, 10);
    assert_int_equal(file->tasks[0].metric, 1);
    qhm_run_file_destroy(file);
    const char *wrong[] = {"resamples.fold=10"};
    REQUIRE_FAILS(load(good, wrong, 1, &file), QHM_ERROR_BAD_INPUT, "folds");
    const char *without_value[] = {"seed=1", "seed"};
    REQUIRE_FAILS(load(good, without_value, 2, &file), QHM_ERROR_BAD_INPUT, "name=value");
}

static const char with_scales[] =
    "name: a\ndata: {source: separable}\ntasks:\n- kind: classification\n"
    "  inputs: {use: numbers}\n  quantum: {qubits: 4, learned_scales: true}\n";

static void an_override_leaves_fields_without_effect_and_says_so(void **state)
{
    (void)state;
    const char *const other[] = {"tasks.0.quantum.encoding=zz"};
    const char *const both[] = {"tasks.0.quantum.encoding=zz", "tasks.0.quantum.learned_scales=on"};
    qhm_run_file *file;
    REQUIRE_OK(load(with_scales, NULL, 0, &file));
    assert_string_equal(qhm_run_file_notes(file), "");
    qhm_run_file_destroy(file);
    REQUIRE_FAILS(load(with_scales, both, 2, &file), QHM_ERROR_BAD_INPUT,
                  "--set tasks.0.quantum.learned_scales: field 'learned_scales' has no effect");
    // The layer itself refuses these two together.
    REQUIRE_FAILS(load(with_scales, other, 1, &file), QHM_ERROR_BAD_INPUT,
                  "learned_scales is true");
    const char *const rotation[] = {"tasks.0.quantum.encoding=zz",
                                    "tasks.0.quantum={qubits: 4, rotation: rx}",
                                    "tasks.0.quantum.encoding=z"};
    REQUIRE_FAILS(load(with_scales, rotation, 3, &file), QHM_ERROR_BAD_INPUT, "field 'rotation'");
}

static void tables_name_fields_that_are_there(void **state)
{
    (void)state;
    size_t count, bytes;
    const qhm_task_kind *const *kinds = qhm_task_kinds(&count);
    REQUIRE_OK(qhm_options_check_table(qhm_ladder_table));
    REQUIRE_OK(qhm_options_check_table(qhm_budget_table));
    for (size_t i = 0; i < count; i++) {
        REQUIRE_OK(qhm_options_check_table(kinds[i]->inputs));
        REQUIRE_OK(qhm_options_check_table(kinds[i]->quantum(&bytes)));
    }
}

static const char with_gamma[] = "name: a\ndata: {source: separable}\ntasks:\n- kind: kernel\n"
                                 "  quantum: {type: projected, gamma: 2}\n";

static void another_choice_may_be_tried_with_the_same_file(void **state)
{
    (void)state;
    const char *const other[] = {"tasks.0.quantum.type=fidelity"};
    qhm_run_file *file;
    REQUIRE_OK(load(with_gamma, other, 1, &file));
    assert_non_null(strstr(qhm_run_file_notes(file),
                           ":5: field 'gamma' has no effect: it is used only with type=projected; "
                           "type is fidelity by --set\n"));
    qhm_run_file_destroy(file);
}

static void a_saved_run_keeps_a_field_without_effect(void **state)
{
    (void)state;
    const char text[] = "name: a\ndata: {source: separable}\ntasks:\n- kind: kernel\n"
                        "  quantum: {gamma: 2}\n";
    qhm_run_file *file;
    REQUIRE_FAILS(load(text, NULL, 0, &file), QHM_ERROR_BAD_INPUT, "field 'gamma'");
    write_file(text);
    REQUIRE_OK(qhm_run_file_read(path, NULL, 0, true, &file));
    unlink(path);
    assert_non_null(strstr(qhm_run_file_notes(file), "field 'gamma' has no effect"));
    qhm_run_file_destroy(file);
}

// A field of a variant may be for one of its choices alone.
static void fields_beside_choices_are_for_any_of_them(void **state)
{
    (void)state;
    const char text[] = "name: a\ndata: {source: separable}\ntraining: {trials: 2}\ntasks:\n"
                        "- kind: classification\n  inputs: {use: numbers}\n  variants:\n"
                        "    b: {entanglement: full, choices: [{}, {encoding: zz}]}\n";
    qhm_run_file *file;
    REQUIRE_OK(load(text, NULL, 0, &file));
    assert_string_equal(qhm_run_file_notes(file), "");
    qhm_run_file_destroy(file);
}

static qhm_status load_with_overrides(void *context)
{
    (void)context;
    const char *overrides[] = {"seed=8", "resamples.folds=10"};
    qhm_run_file *file;
    QHM_TRY(load(good, overrides, 2, &file));
    qhm_run_file_destroy(file);
    return QHM_OK;
}

static void a_load_without_memory_fails_cleanly(void **state)
{
    (void)state;
    require_survives_failing_memory(load_with_overrides, NULL);
}

static void every_mistake_names_its_line_and_what_was_expected(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "nothing"},
        {"[1]", "a list"},
        {"seed: 1\ndata: {source: separable}\ntasks: []\n", "'name' is missing"},
        {"name: a b\ndata: {source: separable}\ntasks: [{kind: kernel}]\n", ":1: field 'name'"},
        {"name: a\ntasks: [{kind: kernel}]\n", "'data' is missing"},
        {"name: a\ndata: {features: 2}\ntasks: [{kind: kernel}]\n", ":2: field 'source'"},
        {"name: a\ndata: {source: separabl}\ntasks: [{kind: kernel}]\n", "separable"},
        {"name: a\ndata: {source: separable}\n", "'tasks' is not a list"},
        {"name: a\ndata: {source: separable}\ntasks: []\n", ":3: field 'tasks'"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernl}]\n", "did you mean 'kernel'"},
        {"name: a\ndata: {source: separable}\ntasks: [{name: b}]\n", "'kind' is missing"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernel, metric: accuracz}]\n",
         "accuracy"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: retrieval, metric: median_rank}]\n",
         "no primary metric"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernel}, {kind: kernel}]\n",
         "two tasks are called 'kernel'"},
        {"name: a\ndata: {source: separable}\nresamples: {repeats: 1}\ntasks: [{kind: kernel}]\n",
         ":3: repeats times folds is 5"},
        {"name: a\ndata: {source: separable}\ntasks:\n  - kind: kernel\n    quantum: {qubit: 2}\n",
         ":5: "},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernel, quantum: {qubits: 60}}]\n",
         "60"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: classification, quantum: {qubits: "
         "60}}]\n",
         "60"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernel, variants: {linear: {}}}]\n",
         "'linear'"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: kernel, data: {source: csv}}]\n",
         "cannot differ"},
        {"name: a\ndata: {source: separable}\ntraining: {learning_rate_low: 0.5}\n"
         "tasks: [{kind: kernel}]\n",
         "above learning_rate_high"},
        {"name: a\ndata: {source: separable}\ntasks: [{kind: classification, quantum: {qubits: "
         "8, layers: 1, ansatz: hardware_efficient, readout: zx}}]\n",
         "give it more layers"},
        {"name: a\ndata: {source: separable}\ndevices: willow\ntasks: [{kind: classification}]\n",
         ":3: field 'devices' is a value, not a list"},
        {"name: a\ndata: {source: separable}\ndevices: [wilow]\ntasks: [{kind: classification}]\n",
         "willow"},
        {"name: a\ndata: {source: separable}\ndevices:\n- ideal\n- ideal\n"
         "tasks: [{kind: classification}]\n",
         ":5: device 'ideal' is there twice"},
        {"name: a\ndata: {source: separable}\ndevices: [willow]\nexecution: {mitigation: zn}\n"
         "tasks: [{kind: classification}]\n",
         "zne"},
        {"name: a\ndata: {source: separable}\ndevices: [ideal]\ntasks: [{kind: kernel}]\n",
         "kernel tasks do not run on them"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, quantum: {trained_on: condr}}]\n",
         "'trained_on'"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: kernel, quantum: {trained_on: condor}}]\n",
         "kernel tasks do not run on devices"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: kernel, variants: {b: {chosen_on: condor}}}]\n",
         "field 'chosen_on': kernel tasks do not run on devices"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, quantum: {finished_on: wilow}}]\n",
         "field 'finished_on': "},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, quantum: {chip_mitigation: detection}}]\n",
         "used only with trained_on or chosen_on or finished_on"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, quantum: {trained_on: willow, chip_mitigation: "
         "detect}}]\n",
         "field 'chip_mitigation': "},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, quantum: {choices: [{layers: 1}]}}]\n",
         "field 'choices' is for variants"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, variants: {b: {choices: {layers: 1}}}}]\n",
         "field 'choices' is not a list"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, variants: {b: {choices: [layers]}}}]\n",
         "a choice is a value, not a mapping"},
        {"name: a\ndata: {source: separable}\n"
         "tasks: [{kind: classification, variants: {b: {choices: [{layer: 1}]}}}]\n",
         "did you mean"},
        {"name: a\ndata: {source: separable}\ntasks:\n- kind: classification\n"
         "  training: {trials: 1}\n  variants:\n    b: {choices: [{layers: 1}, {layers: 2}]}\n",
         ":7: field 'choices' has 2, but there are 1 trials"},
        {"name: a\ndata: {source: separable}\ntasks:\n- kind: classification\n"
         "  variants: {b: {choices: [{}, {encoding: zz, learned_scales: true}]}}\n",
         ":5: field 'learned_scales' has no effect: it is used only with encoding=angle,basis,z; "
         "encoding is zz on line 5"},
        {"name: a\ndata: {source: separable}\ndevices: [ideal]\nbudget: {seconds: 0}\n"
         "tasks: [{kind: classification}]\n",
         ":4: seconds is \"0\", not a number from 1e-09"},
        {"name: a\ndata: {source: separable}\ndevices: [ideal]\nbudget:\n  joules: 5\n"
         "tasks: [{kind: classification}]\n",
         ":5: field 'joules' needs 'host_watts'"},
        {"name: a\ndata: {source: separable}\nbudget: {seconds: 5}\n"
         "tasks: [{kind: classification}]\n",
         ":3: field 'budget' needs 'devices'"},
        {"name: a\ndata: {source: separable}\ndevices: [ideal]\n"
         "budget: {seconds: 5, accelerators: [loihii]}\ntasks: [{kind: classification}]\n",
         "loihi"},
        {"name: a\ndata: {source: separable}\ndevices: [ideal]\n"
         "budget: {accelerators: [loihi]}\ntasks: [{kind: classification}]\n",
         "field 'accelerators' has no effect: it is used only with seconds or joules"},
        {"name: a\ndata: {source: sentences, count: 20, path: x}\ntasks: [{kind: sequence}]\n",
         ":2: field 'count' has no effect: it is used only with no path; path is given on line 2"},
        {"name: a\ndata: {source: sentences, count: 20}\ntasks:\n- kind: sequence\n"
         "  data: {count: 30, path: x}\n",
         ":5: field 'count' has no effect"},
        {"name: a\ndata: {source: separable}\ntasks:\n- kind: kernel\n  quantum:\n    gamma: 2\n",
         ":6: field 'gamma' has no effect: it is used only with type=projected; type is fidelity "
         "by default"},
        {"name: a\ndata: {source: separable}\ntasks:\n- kind: classification\n"
         "  inputs: {use: numbers, image_width: 4}\n",
         ":5: field 'image_width'"},
        {"name: a\ndata: {source: separable}\ndevices: [willow]\n"
         "execution: {yield_samples: 3}\ntasks: [{kind: classification}]\n",
         ":4: field 'yield_samples' has no effect: it is used only with yield"},
        {"name: a\nname: b\n", "name"},
        {"name: [\n", ":"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_run_file *file;
        qhm_status status = load(cases[i].text, NULL, 0, &file);
        if (status == QHM_OK || !strstr(qhm_error_message(), cases[i].part) ||
            (status != QHM_ERROR_BAD_INPUT && status != QHM_ERROR_RESOURCE_LIMIT))
            fail_msg("case %zu: %s: %s lacks %s", i, qhm_status_name(status), qhm_error_message(),
                     cases[i].part);
        if (!strstr(qhm_error_message(), path))
            fail_msg("case %zu: '%s' does not name the file", i, qhm_error_message());
    }
    qhm_run_file *file;
    REQUIRE_FAILS(qhm_run_file_load("/nonexistent.yaml", NULL, 0, &file), QHM_ERROR_NOT_FOUND,
                  "/nonexistent.yaml");
}

static void every_shipped_run_file_is_good(void **state)
{
    (void)state;
    static const char *const names[] = {
        "emoji", "fashion", "sentences", "control-positive", "control-negative", "noise_aware"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char example[512];
        snprintf(example, sizeof example, "%s/examples/%s.yaml", QHM_SOURCE_DIR, names[i]);
        qhm_run_file *file;
        REQUIRE_OK(qhm_run_file_load(example, NULL, 0, &file));
        assert_string_equal(qhm_run_file_name(file), names[i]);
        assert_true(file->description != NULL);
        qhm_run_file_destroy(file);
    }
}

static void help_documents_every_field(void **state)
{
    (void)state;
    static const char *const words[] = {
        "margin",     "repeats",   "trials",    "quantum",
        "kernel",     "retrieval", "emoji",     "learning_rate_low",
        "readout",    "variants",  "devices",   "allow_assumed_gates",
        "trained_on", "choices",   "chosen_on", "finished_on",
        "detection"};
    char *text;
    REQUIRE_OK(qhm_run_file_help(&text));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(text, words[i]))
            fail_msg("help lacks %s", words[i]);
    qhm_string_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read_with_its_defaults),
        cmocka_unit_test(the_command_line_overrides_any_field),
        cmocka_unit_test(tables_name_fields_that_are_there),
        cmocka_unit_test(an_override_leaves_fields_without_effect_and_says_so),
        cmocka_unit_test(another_choice_may_be_tried_with_the_same_file),
        cmocka_unit_test(a_saved_run_keeps_a_field_without_effect),
        cmocka_unit_test(fields_beside_choices_are_for_any_of_them),
        cmocka_unit_test(a_load_without_memory_fails_cleanly),
        cmocka_unit_test(every_mistake_names_its_line_and_what_was_expected),
        cmocka_unit_test(every_shipped_run_file_is_good),
        cmocka_unit_test(help_documents_every_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
