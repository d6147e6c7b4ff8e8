#include "base/options_internal.h"

#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <jansson.h>

typedef struct train_options {
    bool shuffle;
    size_t epochs;
    uint64_t seed;
    double rate, decay, momentum;
    const char *name;
    int optimizer;
    const qhm_node *layers;
} train_options;

static const char *const optimizers[] = {"adam", "adamw", "sgd", NULL};

static const qhm_option_info train_table[] = {
    {.name = "shuffle",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(train_options, shuffle),
     .help = "Shuffle the rows."},
    {.name = "epochs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(train_options, epochs),
     .default_text = "50",
     .minimum = 1,
     .maximum = 1000,
     .help = "Passes over the rows."},
    {.name = "seed",
     .type = QHM_OPTION_UINT64,
     .offset = offsetof(train_options, seed),
     .default_text = "1",
     .help = "Seed of all streams."},
    {.name = "rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(train_options, rate),
     .default_text = "0.01",
     .minimum = 1e-6,
     .maximum = 1,
     .help = "Learning rate."},
    {.name = "decay",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(train_options, decay),
     .minimum = 0,
     .maximum = 1,
     .help = "Weight decay."},
    {.name = "momentum",
     .type = QHM_OPTION_DOUBLE_OR_ZERO,
     .offset = offsetof(train_options, momentum),
     .default_text = "0.9",
     .maximum = 1,
     .help = "Of the steps before."},
    {.name = "name",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(train_options, name),
     .help = "Name in tables."},
    {.name = "optimizer",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(train_options, optimizer),
     .default_text = "adam",
     .choices = optimizers,
     .help = "How weights move."},
    {.name = "layers",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(train_options, layers),
     .help = "The layers."},
    {0},
};

static qhm_status read_text(const char *text, qhm_document **document, train_options *options)
{
    REQUIRE_OK(qhm_document_parse_yaml(text, strlen(text), "x.yaml", document));
    return qhm_options_read(train_table, qhm_document_root(*document), options);
}

static void fields_are_read_and_others_get_their_default(void **state)
{
    (void)state;
    qhm_document *document;
    train_options options = {0};
    REQUIRE_OK(read_text("shuffle: yes\nrate: 0.5\nname: '12'\nseed: 18446744073709551615\n"
                         "optimizer: sgd\nlayers: [1, 2]\n",
                         &document, &options));
    REQUIRE_OK(qhm_options_resolve(train_table, &options));
    assert_true(options.shuffle);
    assert_int_equal(options.epochs, 50);
    assert_true(options.seed == UINT64_MAX);
    REQUIRE_NEAR(options.rate, 0.5, 0);
    REQUIRE_NEAR(options.decay, 0, 0);
    assert_string_equal(options.name, "12");
    assert_string_equal(qhm_options_choice(train_table, "optimizer", &options), "sgd");
    assert_int_equal(qhm_node_count(options.layers), 2);
    qhm_document_destroy(document);
}

static void nothing_in_the_file_is_all_defaults(void **state)
{
    (void)state;
    qhm_document *document;
    train_options options = {0};
    REQUIRE_OK(read_text("", &document, &options));
    assert_null(qhm_options_choice(train_table, "optimizer", &options));
    REQUIRE_OK(qhm_options_resolve(train_table, &options));
    assert_int_equal(options.optimizer, 1);
    assert_null(options.name);
    assert_int_equal(options.seed, 1);
    qhm_document_destroy(document);
}

static void a_zero_that_may_be_asked_for_is_not_the_default(void **state)
{
    (void)state;
    static const double expected[] = {0.9, 0, 0};
    const char *const texts[] = {"", "momentum: 0\n", "momentum: -0.0\n"};
    for (size_t i = 0; i < 3; i++) {
        qhm_document *document;
        json_t *json;
        train_options options = {0};
        REQUIRE_OK(read_text(texts[i], &document, &options));
        for (int turn = 0; turn < 2; turn++)
            REQUIRE_OK(qhm_options_resolve(train_table, &options));
        REQUIRE_NEAR(options.momentum, expected[i], 0);
        REQUIRE_OK(qhm_options_to_json(train_table, &options, &json));
        const double told = json_real_value(json_object_get(json, "momentum"));
        REQUIRE_NEAR(told, expected[i], 0);
        assert_false(signbit(told));
        json_decref(json);
        qhm_document_destroy(document);
    }
}

static void mistakes_name_line_field_value_and_expectation(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"\nepochs: ten\n",
         "x.yaml:2: epochs is \"ten\", not a whole number from 1 to 1000 (default 50)"},
        {"epochs: 1001\n", "epochs is \"1001\", not"},
        {"epochs: -1\n", "epochs is \"-1\", not"},
        {"epochs: 1.5\n", "epochs is \"1.5\", not"},
        {"epochs: '5'\n", "epochs is the quoted text \"5\", not"},
        {"epochs: [5]\n", "x.yaml:1: epochs is a list, not a whole number"},
        {"epochs:\n", "epochs is nothing, not a whole number"},
        {"rate: .nan\n", "rate is \".nan\", not a number from 1e-06 to 1"},
        {"rate: inf\n", "rate is \"inf\""},
        {"rate: 2\n", "rate is \"2\""},
        {"seed: 0\n", "seed is 0, which stands for its default 1"},
        {"shuffle: maybe\n", "shuffle is \"maybe\", not true or false"},
        {"a: 1\n", "x.yaml:1: unknown field \"a\"; the fields here are shuffle, epochs, seed"},
        {"name: x\nepoch: 3\n", "x.yaml:2: unknown field \"epoch\"; did you mean \"epochs\"?"},
        {"name: x\nepoch:\n  - 3\n", "x.yaml:2: unknown field \"epoch\""},
        {"optimizer: adan\n", "not one of adam, adamw, sgd (default adam); did you mean \"adam\"?"},
        {"- 1\n", "x.yaml:1: here is a list, not a mapping of fields"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_document *document;
        train_options options = {0};
        REQUIRE_FAILS(read_text(cases[i].text, &document, &options), QHM_ERROR_BAD_INPUT,
                      cases[i].message);
        qhm_document_destroy(document);
    }
}

static void text_sets_one_field(void **state)
{
    (void)state;
    train_options options = {0};
    REQUIRE_OK(qhm_options_set_text(train_table, "epochs", "7", &options));
    assert_int_equal(options.epochs, 7);
    REQUIRE_FAILS(qhm_options_set_text(train_table, "epochs", "x", &options), QHM_ERROR_BAD_INPUT,
                  "epochs is \"x\"");
    REQUIRE_FAILS(qhm_options_set_text(train_table, "rats", "x", &options), QHM_ERROR_BAD_INPUT,
                  "did you mean \"rate\"");
    assert_int_equal(options.epochs, 7);
}

static void values_of_a_c_caller_are_checked(void **state)
{
    (void)state;
    REQUIRE_FAILS(qhm_options_resolve(train_table, &(train_options){.epochs = 1001}),
                  QHM_ERROR_INVALID_ARGUMENT, "epochs is 1001, not a whole number from 1 to 1000");
    REQUIRE_FAILS(qhm_options_resolve(train_table, &(train_options){.rate = NAN}),
                  QHM_ERROR_INVALID_ARGUMENT, "rate is nan");
    REQUIRE_FAILS(qhm_options_resolve(train_table, &(train_options){.optimizer = 4}),
                  QHM_ERROR_INVALID_ARGUMENT, "optimizer is choice 4, not one of adam");
}

static void help_shows_every_field_with_its_default(void **state)
{
    (void)state;
    qhm_text help = {0};
    qhm_options_print_help(train_table, 2, &help);
    assert_non_null(strstr(help.bytes, "  epochs: a whole number from 1 to 1000; default 50\n"
                                       "      Passes over the rows.\n"));
    assert_non_null(strstr(help.bytes, "optimizer: one of adam, adamw, sgd; default adam\n"));
    qhm_text_release(&help);
}

static void json_holds_the_values_exactly(void **state)
{
    (void)state;
    train_options options = {.seed = UINT64_MAX, .rate = 0.1};
    REQUIRE_OK(qhm_options_resolve(train_table, &options));
    json_t *json;
    REQUIRE_OK(qhm_options_to_json(train_table, &options, &json));
    assert_string_equal(json_string_value(json_object_get(json, "seed")), "18446744073709551615");
    assert_int_equal(json_integer_value(json_object_get(json, "epochs")), 50);
    REQUIRE_NEAR(json_real_value(json_object_get(json, "rate")), 0.1, 0);
    assert_true(json_is_null(json_object_get(json, "name")));
    assert_string_equal(json_string_value(json_object_get(json, "optimizer")), "adam");
    assert_null(json_object_get(json, "layers"));
    json_decref(json);
}

static void a_bad_table_is_found(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_options_check_table(train_table));
    const qhm_option_info outside[] = {
        {.name = "n", .type = QHM_OPTION_SIZE, .default_text = "5", .maximum = 4, .help = "N."},
        {0}};
    REQUIRE_FAILS(qhm_options_check_table(outside), QHM_ERROR_INTERNAL, "outside its own limits");
    const qhm_option_info silent[] = {{.name = "n", .type = QHM_OPTION_SIZE}, {0}};
    REQUIRE_FAILS(qhm_options_check_table(silent), QHM_ERROR_INTERNAL, "no help");
}

static qhm_status read_and_print(void *context)
{
    (void)context;
    const char *text = "epochs: 3\nname: x\n";
    qhm_document *document;
    QHM_TRY(qhm_document_parse_yaml(text, strlen(text), "x.yaml", &document));
    train_options options = {0};
    qhm_status status = qhm_options_read(train_table, qhm_document_root(document), &options);
    if (status == QHM_OK)
        status = qhm_options_resolve(train_table, &options);
    qhm_text help = {0};
    qhm_options_print_help(train_table, 0, &help);
    if (status == QHM_OK)
        status = help.status;
    qhm_text_release(&help);
    qhm_document_destroy(document);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    require_survives_failing_memory(read_and_print, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_and_others_get_their_default),
        cmocka_unit_test(nothing_in_the_file_is_all_defaults),
        cmocka_unit_test(a_zero_that_may_be_asked_for_is_not_the_default),
        cmocka_unit_test(mistakes_name_line_field_value_and_expectation),
        cmocka_unit_test(text_sets_one_field),
        cmocka_unit_test(values_of_a_c_caller_are_checked),
        cmocka_unit_test(help_shows_every_field_with_its_default),
        cmocka_unit_test(json_holds_the_values_exactly),
        cmocka_unit_test(a_bad_table_is_found),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
