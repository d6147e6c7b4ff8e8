// Every algorithm's row: its fields, its example, and what it says of problems it cannot take.
#include "algorithm/algorithm_internal.h"
#include "base/options_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/types.h>
#include <string.h>

static json_t *run(const char *name, const char *text, const qhm_algorithm_options *options)
{
    char *json;
    REQUIRE_OK(qhm_algorithm_run_text(name, text, options, &json));
    json_t *result = json_loads(json, 0, NULL);
    assert_non_null(result);
    qhm_string_destroy(json);
    return result;
}

static void rows_are_in_order_and_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        const qhm_algorithm_info *found;
        REQUIRE_OK(qhm_options_check_table(info->fields));
        REQUIRE_OK(qhm_algorithm_find(info->name, &found));
        assert_ptr_equal(found, info);
        if (i > 0)
            assert_true(strcmp(qhm_algorithm_information(i - 1)->name, info->name) < 0);
    }
}

static void every_example_runs_and_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        json_t *result = run(info->name, info->example, NULL);
        assert_string_equal(json_string_value(json_object_get(result, "algorithm")), info->name);
        assert_true(json_object_size(json_object_get(result, "answer")) > 0);
        const json_t *ledger = json_object_get(result, "ledger");
        if (json_integer_value(json_object_get(ledger, "qubits")) == 0)
            fail_msg("%s: nothing was counted", info->name);
        json_decref(result);
    }
}

static void the_same_seed_gives_the_same_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        const qhm_algorithm_options options = {.seed = 7};
        json_t *first = run(info->name, info->example, &options);
        json_t *second = run(info->name, info->example, &options);
        if (!json_equal(json_object_get(first, "answer"), json_object_get(second, "answer")) ||
            !json_equal(json_object_get(first, "ledger"), json_object_get(second, "ledger")))
            fail_msg("%s: two runs with one seed differ", info->name);
        json_decref(first);
        json_decref(second);
    }
}

static qhm_status attempt(void *context)
{
    const qhm_algorithm_info *info = context;
    char *json;
    QHM_TRY(qhm_algorithm_run_text(info->name, info->example, NULL, &json));
    qhm_string_destroy(json);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const qhm_algorithm_info *info;
    REQUIRE_OK(qhm_algorithm_find("overlap", &info));
    require_survives_failing_memory(attempt, (void *)info);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    char *json = NULL;
    const char *const name = "overlap";
    REQUIRE_FAILS(qhm_algorithm_run_text("overlop", "", NULL, &json), QHM_ERROR_NOT_FOUND,
                  "overlap");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\n", NULL, &json), QHM_ERROR_BAD_INPUT,
                  "field 'b' is missing");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, two]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "problem:2: 'two' in field 'b'");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [0, 0]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "problem:2");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, 2, 3]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "field 'b' has 3 entries, field 'a' 2");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, 2]\nshot: 3\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "shots");
    REQUIRE_FAILS(qhm_algorithm_run(name, "nowhere.yaml", NULL, &json), QHM_ERROR_NOT_FOUND,
                  "nowhere");
    assert_null(json);
}

static void fields_without_effect_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *part;
    } cases[] = {
        {"estimate-amplitude", "probability: 0.2\nerror: 0.05\n",
         "problem:2: field 'error' has no effect: it is used only with method=iterative; method is "
         "canonical by default"},
        {"estimate-amplitude", "method: iterative\nbits: 4\n",
         "problem:2: field 'bits' has no effect: it is used only with method=canonical; method is "
         "iterative on line 1"},
        {"estimate-amplitude", "vector: [1, 2]\nmarked: [1]\nprobability: 0\n",
         "problem:3: field 'probability' has no effect: it is used only with no vector; vector is "
         "given on line 1"},
        {"maxcut", "edges: [[0, 1], [1, 2]]\nnodes: 6\n", "problem:2: field 'nodes'"},
        {"maxcut", "edges: [[0, 1], [1, 2]]\ndegree: 2\n",
         "field 'degree' has no effect: it is used only with nodes"},
        {"maxcut", "nodes: 4\nangles: tree\nobjective: lowest\n",
         "problem:3: field 'objective' has no effect: it is used only with angles=fitted"},
        {"qubo", "matrix: [[-1, 2], [0, -1]]\nepsilon: 0.1\n", "problem:2: field 'epsilon'"},
        {"anneal", "matrix: [[-1, 2], [0, -1]]\nfields: [1]\n",
         "problem:2: field 'fields' has no effect: it is used only with couplings"},
        {"boltzmann", "sampler: annealer\nmodel: quantum\n", "problem:1: field 'sampler'"},
        {"boltzmann", "model: restricted\ntransverse: 0.5\n",
         "used only with model=quantum or sampler=annealer; model is restricted on line 1; sampler "
         "is exact by default"},
        {"boltzmann", "model: restricted\nchains: 5\n", "problem:2: field 'chains'"},
        {"evolve", "hamiltonian: Z0\ncircuits: 5\n", "method=qdrift"},
        {"grover", "marked: [5]\nmethod: unknown\ncount: 1\n", "problem:3: field 'count'"},
        {"grover", "formula: x0\ncount: 1\nqubits: 3\n", "used only with marked"},
        {"grover", "marked: [5]\nabove: 3\n", "used only with scores"},
        {"load", "encoding: distribution\nvalues: [1]\n", "problem:2: field 'values'"},
        {"load", "encoding: distribution\ndistribution: normal\nrate: 1\n",
         "used only with distribution=exponential"},
        {"lookup", "words: [1, 2]\nswap_bits: 1\n", "method=select_swap"},
        {"schedule", "durations: [1, 2]\nmachines: 2\ndue: [1, 2]\n", "minimise=tardiness"},
        {"select-features",
         "relevance: [1, 2]\nredundancy: [[0, 1], [1, 0]]\ncount: 1\n"
         "measure: correlation\n",
         "used only with samples or csv"},
        {"solve", "matrix: [[1, 0], [0, 2]]\nb: [1, 1]\nlayers: 2\n", "method=variational"},
        {"tune",
         "parameters: {a: [1, 2]}\nscores: [1, 2]\ntrainings: 2\nmethod: annealing\n"
         "layers: 2\n",
         "method=qaoa"},
        {"vqe", "hamiltonian: Z0\nfrozen: [0]\n", "used only with atoms or fcidump"},
        {"vqe", "atoms: [[H, 0, 0, 0], [H, 0, 0, 1]]\nunit: bohr\nlayers: 2\n",
         "ansatz=hardware_efficient or hamiltonian"},
        {"vqe", "hamiltonian: Z0\nlearning_rate: 0.2\n", "method is bfgs by default"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *json = NULL;
        const qhm_status status = qhm_algorithm_run_text(cases[i].name, cases[i].text, NULL, &json);
        if (status != QHM_ERROR_BAD_INPUT || !strstr(qhm_error_message(), cases[i].part))
            fail_msg("case %zu: %s: %s lacks %s", i, qhm_status_name(status), qhm_error_message(),
                     cases[i].part);
    }
}

static void an_override_notes_what_it_leaves_without_effect(void **state)
{
    (void)state;
    const char *const method[] = {"method=maximum_likelihood"};
    const char *const idle[] = {"method=iterative", "bits=5"};
    const qhm_algorithm_options one = {.overrides = method, .override_count = 1};
    const qhm_algorithm_options two = {.overrides = idle, .override_count = 2};
    const char text[] = "probability: 0.2\nbits: 4\nshots: 5\n";
    char *json = NULL;
    json_t *result = run("estimate-amplitude", text, &one);
    const json_t *notes = json_object_get(result, "notes");
    assert_string_equal(json_string_value(json_array_get(notes, 0)),
                        "problem:2: field 'bits' has no effect: it is used only with "
                        "method=canonical; method is maximum_likelihood by --set");
    json_decref(result);
    REQUIRE_FAILS(qhm_algorithm_run_text("estimate-amplitude", text, &two, &json),
                  QHM_ERROR_BAD_INPUT, "--set bits: field 'bits' has no effect");
    assert_null(json);
}

// A zero that would stand for "not given" cannot be asked for.
static void zero_is_no_way_to_leave_a_field_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++)
        for (const qhm_option_info *f = qhm_algorithm_information(i)->fields; f->name; f++) {
            const bool is_number = f->type == QHM_OPTION_SIZE || f->type == QHM_OPTION_DOUBLE;
            const bool is_left_out = strstr(f->help, "not given") || strstr(f->help, "required") ||
                                     strstr(f->help, "in place of");
            if (is_number && !f->default_text && is_left_out && !(f->minimum > 0))
                fail_msg("%s: 0 stands for not giving %s", qhm_algorithm_information(i)->name,
                         f->name);
        }
    static const char *const texts[][2] = {
        {"portfolio", "returns: [1, 2]\ncovariance: [[1, 0], [0, 1]]\nbudget: 0\n"},
        {"maxcut", "nodes: 0\n"},
        {"grover", "marked: [5]\ncount: 0\n"},
        {"estimate-phase", "matrix: [[1, 0], [0, 2]]\ntime: 0\n"},
        {"quantise-weights", "weights: [[1]]\ninputs: [[1]]\nrange: 0\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *json = NULL;
        REQUIRE_FAILS(qhm_algorithm_run_text(texts[i][0], texts[i][1], NULL, &json),
                      QHM_ERROR_BAD_INPUT, " is \"0\", not a");
    }
}

static void a_pair_is_given_once(void **state)
{
    (void)state;
    char *json = NULL;
    REQUIRE_FAILS(
        qhm_algorithm_run_text("maxcut", "edges:\n- [0, 1]\n- [1, 2]\n- [1, 0, 2]\n", NULL, &json),
        QHM_ERROR_BAD_INPUT, "3 entries");
    REQUIRE_FAILS(
        qhm_algorithm_run_text("maxcut", "edges:\n- [0, 1]\n- [1, 2]\n- [1, 0]\n", NULL, &json),
        QHM_ERROR_BAD_INPUT, "problem:4: edge 3 is of 1 and 0, as edge 1 is already, on line 2");
    REQUIRE_FAILS(
        qhm_algorithm_run_text("anneal", "couplings:\n- [0, 1, 1]\n- [0, 1, -1]\n", NULL, &json),
        QHM_ERROR_BAD_INPUT,
        "problem:3: coupling 2 is of 0 and 1, as coupling 1 is already, on line 2");
    assert_null(json);
}

static void a_device_adds_what_it_would_cost(void **state)
{
    (void)state;
    const char *const changes[] = {"shots=100"};
    json_t *result = run(
        "overlap", "a: [1, 2]\nb: [2, 1]\n",
        &(qhm_algorithm_options){.device = "willow", .overrides = changes, .override_count = 1});
    assert_int_equal(json_integer_value(json_object_get(json_object_get(result, "cost"), "shots")),
                     100);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_in_order_and_whole),
        cmocka_unit_test(every_example_runs_and_is_counted),
        cmocka_unit_test(the_same_seed_gives_the_same_answer),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(fields_without_effect_are_refused),
        cmocka_unit_test(an_override_notes_what_it_leaves_without_effect),
        cmocka_unit_test(zero_is_no_way_to_leave_a_field_out),
        cmocka_unit_test(a_pair_is_given_once),
        cmocka_unit_test(a_device_adds_what_it_would_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
