// Training: batches, early stopping, cancelling, checkpoints that resume to the same bits.
#include "base/files.h"
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <qhm/module_kinds.h>
#include <qhm/safetensors.h>
#include <qhm/trainer.h>

enum { ROWS = 53, WIDTH = 4, MOST_POINTS = 64 };

// A small MLP with dropout that learns whether a point lies outside a circle.
typedef struct study {
    qhm_module *module;
    qhm_tensor *x;
    size_t labels[ROWS], rows[ROWS];
    size_t seen[MOST_POINTS][ROWS], batch_sizes[1000];
    size_t batch_count, epoch;
    qhm_train_point points[MOST_POINTS];
    size_t point_count;
    size_t cancel_at;            // steps after which to cancel; 0: never
    double metrics[MOST_POINTS]; // given as validation when has_metrics
    bool has_metrics, fails_validation;
    double poison; // added to the loss
} study;

static qhm_status study_loss(void *context, qhm_tape *tape, const size_t *rows, size_t count,
                             qhm_value *loss)
{
    study *s = context;
    qhm_value inputs[2];
    size_t labels[ROWS];
    for (size_t i = 0; i < count; i++) {
        labels[i] = s->labels[rows[i]];
        if (s->epoch < MOST_POINTS)
            s->seen[s->epoch][rows[i]]++;
    }
    if (s->batch_count < 1000)
        s->batch_sizes[s->batch_count++] = count;
    QHM_TRY(qhm_tape_rows(tape, s->x, rows, count, &inputs[0]));
    QHM_TRY(qhm_module_forward(s->module, tape, inputs[0], QHM_NO_VALUE, &inputs[0]));
    QHM_TRY(qhm_tape_indices(tape, (qhm_shape){1, {count}}, labels, &inputs[1]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, inputs, 2, NULL, loss));
    if (s->poison == 0)
        return QHM_OK;
    return qhm_tape_apply(tape, QHM_OP_SCALE, loss, 1,
                          &(qhm_op_attributes){.factor = 1, .offset = s->poison}, loss);
}

static qhm_status study_validate(void *context, qhm_tape *tape, double *metric)
{
    study *s = context;
    qhm_value in, out;
    if (s->fails_validation)
        return QHM_FAIL(QHM_ERROR_CANCELLED, "stopped in validation");
    if (s->has_metrics) {
        *metric = s->metrics[s->point_count];
        return QHM_OK;
    }
    assert_false(qhm_tape_is_training(tape));
    QHM_TRY(qhm_tape_borrow(tape, s->x, &in));
    QHM_TRY(qhm_module_forward(s->module, tape, in, QHM_NO_VALUE, &out));
    size_t right = 0;
    for (size_t i = 0; i < ROWS; i++)
        right += (qhm_tape_item(tape, out, 2 * i + 1) > qhm_tape_item(tape, out, 2 * i)) ==
                 (s->labels[i] == 1);
    *metric = (double)right / ROWS;
    return QHM_OK;
}

static qhm_status study_report(void *context, const qhm_train_point *point)
{
    study *s = context;
    s->points[s->point_count++] = *point;
    s->epoch++;
    return QHM_OK;
}

static bool study_is_cancelled(void *context)
{
    const study *s = context;
    return s->cancel_at > 0 && s->batch_count >= s->cancel_at;
}

static void study_create(study *s, qhm_precision precision)
{
    *s = (study){0};
    qhm_random random = qhm_random_stream(11, QHM_RANDOM_DATA, 0, 0, 0);
    REQUIRE_OK(qhm_tensor_create(precision, (qhm_shape){2, {ROWS, WIDTH}}, &s->x));
    for (size_t i = 0; i < ROWS; i++) {
        double norm = 0;
        for (size_t j = 0; j < WIDTH; j++) {
            double x = qhm_random_normal(&random);
            norm += x * x;
            REQUIRE_OK(qhm_tensor_set(s->x, i * WIDTH + j, 1, &x));
        }
        s->labels[i] = norm > WIDTH;
        s->rows[i] = i;
    }
    const qhm_module_setting setting = {
        .precision = precision, .input = {1, {WIDTH}}, .output_width = 2, .random = &random};
    const qhm_mlp_options mlp = {.hidden_width = 16, .dropout = 0.1};
    REQUIRE_OK(qhm_module_create("mlp", &setting, &mlp, &s->module));
}

static void study_destroy(study *s)
{
    qhm_module_destroy(s->module);
    qhm_tensor_destroy(s->x);
}

static qhm_train_task task_of(study *s, bool validates)
{
    qhm_train_task task = {.precision = qhm_module_precision(s->module),
                           .rows = s->rows,
                           .row_count = ROWS,
                           .loss = study_loss,
                           .validate = validates ? study_validate : NULL,
                           .report = study_report,
                           .is_cancelled = study_is_cancelled,
                           .context = s};
    task.parameters = qhm_module_parameters(s->module, &task.parameter_count);
    return task;
}

static const qhm_train_options usual = {
    .epochs = 4, .batch_size = 16, .seed = 3, .optimizer = {.learning_rate = 0.02}};

static qhm_trainer *make_trainer(study *s, bool validates, const qhm_train_options *options)
{
    qhm_trainer *trainer;
    const qhm_train_task task = task_of(s, validates);
    REQUIRE_OK(qhm_trainer_create(&task, options, &trainer));
    return trainer;
}

static void read_parameters(const study *s, double *values)
{
    size_t count, at = 0;
    qhm_parameter *const *parameters = qhm_module_parameters(s->module, &count);
    for (size_t i = 0; i < count; i++) {
        const qhm_tensor *tensor = qhm_parameter_value(parameters[i]);
        REQUIRE_OK(qhm_tensor_read(tensor, 0, qhm_tensor_count(tensor), values + at));
        at += qhm_tensor_count(tensor);
    }
    assert_int_equal(at, 16 * 5 + 2 * 17);
}

static void training_learns(void **state)
{
    (void)state;
    static study s;
    const qhm_train_options o = {.epochs = 60, .optimizer = {.learning_rate = 0.02}};
    study_create(&s, QHM_FLOAT32);
    qhm_trainer *trainer = make_trainer(&s, true, &o);
    REQUIRE_OK(qhm_trainer_run(trainer));
    size_t best;
    assert_true(qhm_trainer_best_metric(trainer, &best) > 0.9);
    assert_true(s.points[59].training_loss < 0.5 * s.points[0].training_loss);
    assert_int_equal(s.point_count, 60);
    assert_int_equal(qhm_trainer_step_count(trainer), 60);
    assert_true(s.points[59].learning_rate < 1e-4 && s.points[0].learning_rate == 0.02);
    bool is_done = false;
    REQUIRE_OK(qhm_trainer_step(trainer, &is_done)); // nothing more to do
    assert_true(is_done && s.point_count == 60);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

static void each_epoch_sees_each_row_once_in_even_batches(void **state)
{
    (void)state;
    static study s;
    study_create(&s, QHM_FLOAT64);
    qhm_trainer *trainer = make_trainer(&s, false, &usual);
    assert_int_equal(qhm_trainer_planned_step_count(trainer), 16);
    REQUIRE_OK(qhm_trainer_run(trainer));
    for (size_t epoch = 0; epoch < 4; epoch++)
        for (size_t i = 0; i < ROWS; i++)
            assert_int_equal(s.seen[epoch][i], 1);
    for (size_t i = 0; i < s.batch_count; i++)
        assert_true(s.batch_sizes[i] == 13 || s.batch_sizes[i] == 14);
    assert_true(isnan(s.points[0].validation_metric) && !s.points[0].is_best);
    size_t epoch;
    assert_true(isnan(qhm_trainer_best_metric(trainer, &epoch)));
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

// To the bit.
static bool is_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

static void runs_differ_by_seed_and_repeat_by_it(void **state)
{
    (void)state;
    static study s;
    static double values[5][200];
    const qhm_train_options all[5] = {
        usual,
        usual,
        {.epochs = 4, .batch_size = 16, .seed = 4, .optimizer = usual.optimizer},
        {.epochs = 4, .batch_size = 16, .seed = 3, .resample = 1, .optimizer = usual.optimizer},
        {.epochs = 4, .batch_size = 16, .seed = 3, .model = 1, .optimizer = usual.optimizer}};
    for (size_t i = 0; i < 5; i++) {
        study_create(&s, QHM_FLOAT64);
        qhm_trainer *trainer = make_trainer(&s, false, &all[i]);
        REQUIRE_OK(qhm_trainer_run(trainer));
        read_parameters(&s, values[i]);
        for (size_t j = 0; j < i; j++)
            assert_true(is_same(values[i], values[j], sizeof values[i]) == (i == 1 && j == 0));
        qhm_trainer_destroy(trainer);
        study_destroy(&s);
    }
}

static bool same_points(const study *a, const study *b)
{
    if (a->point_count != b->point_count)
        return false;
    for (size_t i = 0; i < a->point_count; i++)
        if (a->points[i].training_loss != b->points[i].training_loss ||
            a->points[i].learning_rate != b->points[i].learning_rate ||
            a->points[i].gradient_norm != b->points[i].gradient_norm ||
            a->points[i].is_best != b->points[i].is_best)
            return false;
    return true;
}

// Killed after each possible step, resumed by a fresh trainer of a fresh model.
static void a_resumed_run_ends_with_the_same_bits(void **state)
{
    static study whole, cut, resumed;
    char path[2100];
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", (const char *)*state);
    for (int kind = QHM_OPTIMIZER_ADAMW; kind <= QHM_OPTIMIZER_SGD; kind++) {
        for (int validates = 0; validates < 2; validates++) {
            double expected[200], got[200];
            qhm_train_options o = usual;
            o.optimizer.kind = kind;
            o.optimizer.momentum = 0.5;
            o.optimizer.weight_decay = 0.01;
            study_create(&whole, QHM_FLOAT32);
            qhm_trainer *trainer = make_trainer(&whole, validates, &o);
            REQUIRE_OK(qhm_trainer_run(trainer));
            read_parameters(&whole, expected);
            qhm_trainer_destroy(trainer);
            bool is_thorough = validates && kind == QHM_OPTIMIZER_ADAMW; // files take time
            for (size_t kill = is_thorough ? 0 : 6; kill <= 16; kill += is_thorough ? 1 : 7) {
                bool is_done = false;
                study_create(&cut, QHM_FLOAT32);
                trainer = make_trainer(&cut, validates, &o);
                for (size_t i = 0; i < kill; i++)
                    REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
                REQUIRE_OK(qhm_trainer_save(trainer, path));
                qhm_trainer_destroy(trainer);

                study_create(&resumed, QHM_FLOAT32);
                trainer = make_trainer(&resumed, validates, &o);
                REQUIRE_OK(qhm_trainer_load(trainer, path));
                assert_int_equal(qhm_trainer_step_count(trainer), kill);
                memcpy(resumed.points, cut.points, sizeof cut.points);
                resumed.point_count = cut.point_count;
                REQUIRE_OK(qhm_trainer_run(trainer));
                read_parameters(&resumed, got);
                assert_memory_equal(got, expected, sizeof(double) * (16 * 5 + 2 * 17));
                assert_true(same_points(&resumed, &whole));
                qhm_trainer_destroy(trainer);
                study_destroy(&cut);
                study_destroy(&resumed);
            }
            study_destroy(&whole);
        }
    }
}

static void a_cancelled_run_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    static study s;
    double expected[200], got[200];
    study_create(&s, QHM_FLOAT64);
    qhm_trainer *trainer = make_trainer(&s, true, &usual);
    REQUIRE_OK(qhm_trainer_run(trainer));
    read_parameters(&s, expected);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);

    study_create(&s, QHM_FLOAT64);
    trainer = make_trainer(&s, true, &usual);
    s.cancel_at = 6;
    REQUIRE_FAILS(qhm_trainer_run(trainer), QHM_ERROR_CANCELLED, "stopped at step 6");
    s.cancel_at = 0;
    s.fails_validation = true;
    REQUIRE_FAILS(qhm_trainer_run(trainer), QHM_ERROR_CANCELLED, "stopped in validation");
    s.fails_validation = false;
    REQUIRE_OK(qhm_trainer_run(trainer));
    read_parameters(&s, got);
    assert_memory_equal(got, expected, sizeof(double) * (16 * 5 + 2 * 17));
    assert_int_equal(s.point_count, 4);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

static void patience_ends_training_with_the_best_parameters(void **state)
{
    (void)state;
    static study s;
    double best[200], last[200];
    qhm_train_options o = usual;
    o.epochs = 10;
    o.patience = 3;
    study_create(&s, QHM_FLOAT64);
    const double metrics[] = {0.1, 0.5, 0.4, 0.5, 0.2, 0.9};
    memcpy(s.metrics, metrics, sizeof metrics);
    s.has_metrics = true;
    qhm_trainer *trainer = make_trainer(&s, true, &o);
    bool is_done = false;
    while (s.point_count < 2)
        REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
    read_parameters(&s, best);
    REQUIRE_OK(qhm_trainer_run(trainer));
    read_parameters(&s, last);
    assert_memory_equal(last, best, sizeof(double) * (16 * 5 + 2 * 17));
    assert_int_equal(s.point_count, 5); // 0.5 in epoch 1, then three that are not better
    size_t epoch;
    REQUIRE_NEAR(qhm_trainer_best_metric(trainer, &epoch), 0.5, 0);
    assert_int_equal(epoch, 1);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

static void what_is_not_finite_ends_the_run(void **state)
{
    (void)state;
    static study s;
    study_create(&s, QHM_FLOAT64);
    s.poison = NAN;
    qhm_trainer *trainer = make_trainer(&s, true, &usual);
    REQUIRE_FAILS(qhm_trainer_run(trainer), QHM_ERROR_NUMERIC, "the loss is nan at step 0");
    s.poison = 0;
    s.has_metrics = true;
    s.metrics[0] = INFINITY;
    REQUIRE_FAILS(qhm_trainer_run(trainer), QHM_ERROR_NUMERIC,
                  "the validation metric is inf after epoch 0");
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    static study s;
    study_create(&s, QHM_FLOAT64);
    qhm_trainer *trainer;
    qhm_train_task task = task_of(&s, false);
    task.row_count = 0;
    REQUIRE_FAILS(qhm_trainer_create(&task, NULL, &trainer), QHM_ERROR_INVALID_ARGUMENT,
                  "no training rows");
    task = task_of(&s, false);
    task.loss = NULL;
    REQUIRE_FAILS(qhm_trainer_create(&task, NULL, &trainer), QHM_ERROR_INVALID_ARGUMENT, "no loss");
    task = task_of(&s, false);
    task.parameters = (qhm_parameter *[]){task.parameters[0], task.parameters[0]};
    task.parameter_count = 2;
    REQUIRE_FAILS(qhm_trainer_create(&task, NULL, &trainer), QHM_ERROR_INVALID_ARGUMENT,
                  "two parameters are named \"hidden0.weight\"");
    task = task_of(&s, false);
    const qhm_train_options slow = {.schedule = {.warmup = 2}}, odd = {.epochs = 2000000};
    REQUIRE_FAILS(qhm_trainer_create(&task, &slow, &trainer), QHM_ERROR_INVALID_ARGUMENT, "warmup");
    REQUIRE_FAILS(qhm_trainer_create(&task, &odd, &trainer), QHM_ERROR_INVALID_ARGUMENT, "epochs");
    REQUIRE_OK(qhm_options_check_table(qhm_train_option_table()));
    qhm_trainer_destroy(NULL);
    study_destroy(&s);
}

static void steps_after_the_first_allocate_nothing(void **state)
{
    (void)state;
    static study s;
    bool is_done = false;
    study_create(&s, QHM_FLOAT32);
    qhm_trainer *trainer = make_trainer(&s, true, &usual);
    for (int i = 0; i < 5; i++) // one epoch with its validation
        REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
    size_t before = qhm_memory_allocation_count();
    while (!is_done)
        REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
    assert_int_equal(qhm_memory_allocation_count(), before);
    assert_true(qhm_tape_bytes(qhm_trainer_tape(trainer)) > 0);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

// Changes one array or text of a checkpoint.
static void save_changed(const char *from, const char *to, const char *array, size_t index,
                         double value, const char *key, const char *text)
{
    qhm_safetensors *list, *changed;
    qhm_tensor *copy = NULL;
    REQUIRE_OK(qhm_safetensors_load(from, &list));
    REQUIRE_OK(qhm_safetensors_create(&changed));
    for (size_t i = 0; i < qhm_safetensors_count(list); i++) {
        const char *name = qhm_safetensors_name(list, i);
        const qhm_tensor *tensor = qhm_safetensors_tensor(list, i);
        if (strcmp(name, array) == 0) {
            if (index == SIZE_MAX)
                continue; // leave it out
            REQUIRE_OK(qhm_tensor_copy(tensor, qhm_tensor_precision(tensor), &copy));
            REQUIRE_OK(qhm_tensor_set(copy, index, 1, &value));
            tensor = copy;
        }
        REQUIRE_OK(qhm_safetensors_append(changed, name, tensor));
    }
    static const char *const keys[] = {"format", "seed",       "resample",  "model",
                                       "epochs", "batch_size", "row_count", "optimizer"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        REQUIRE_OK(qhm_safetensors_set_metadata(
            changed, keys[i],
            strcmp(keys[i], key) == 0 ? text : qhm_safetensors_metadata(list, keys[i])));
    REQUIRE_OK(qhm_safetensors_save(changed, to));
    qhm_safetensors_destroy(list);
    qhm_safetensors_destroy(changed);
    qhm_tensor_destroy(copy);
}

static void bad_checkpoints_are_refused_and_change_nothing(void **state)
{
    static study s;
    static const struct {
        const char *array;
        size_t index;
        double value;
        const char *key, *text, *error;
    } changes[] = {
        {"", 0, 0, "format", "pt", "format is \"pt\""},
        {"", 0, 0, "seed", "4", "seed is \"4\", not 3"},
        {"", 0, 0, "row_count", "x", "row_count is \"x\", not 53"},
        {"", 0, 0, "optimizer", "3", "optimizer is \"3\", not 1"},
        {"progress", 0, 3.5, "", "", "the progress is not one of this training"},
        {"progress", 0, 17, "", "", "the progress is not one of this training"},
        {"progress", 1, 3, "", "", "the progress is not one of this training"},
        {"progress", 5, 0, "", "", "the progress is not one of this training"},
        {"progress", 6, 0.5, "", "", "the progress is not one of this training"},
        {"parameter.output.bias", 1, NAN, "", "", "element 1 of array \"parameter.output.bias\""},
        {"best.output.bias", SIZE_MAX, 0, "", "", "there is no array \"best.output.bias\""},
        {"optimizer1.output.bias", 0, INFINITY, "", "", "is inf"},
    };
    char path[2100], changed[2100];
    double before[200], after[200];
    bool is_done;
    snprintf(path, sizeof path, "%s/good", (const char *)*state);
    snprintf(changed, sizeof changed, "%s/bad", (const char *)*state);
    study_create(&s, QHM_FLOAT64);
    qhm_trainer *trainer = make_trainer(&s, true, &usual);
    for (int i = 0; i < 6; i++)
        REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
    REQUIRE_OK(qhm_trainer_save(trainer, path));
    REQUIRE_OK(qhm_trainer_step(trainer, &is_done));
    read_parameters(&s, before);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        save_changed(path, changed, changes[i].array, changes[i].index, changes[i].value,
                     changes[i].key, changes[i].text);
        REQUIRE_FAILS(qhm_trainer_load(trainer, changed), QHM_ERROR_BAD_INPUT, changes[i].error);
        REQUIRE_FAILS(qhm_trainer_load(trainer, changed), QHM_ERROR_BAD_INPUT, changed);
        read_parameters(&s, after);
        assert_memory_equal(after, before, sizeof(double) * (16 * 5 + 2 * 17));
        assert_int_equal(qhm_trainer_step_count(trainer), 7);
    }
    REQUIRE_FAILS(qhm_trainer_load(trainer, "/nonexistent"), QHM_ERROR_NOT_FOUND, "/nonexistent");
    REQUIRE_OK(qhm_trainer_load(trainer, path));
    assert_int_equal(qhm_trainer_step_count(trainer), 6);
    qhm_trainer_destroy(trainer);
    trainer = make_trainer(&s, false, &usual); // knows of no best parameters
    REQUIRE_FAILS(qhm_trainer_load(trainer, path), QHM_ERROR_BAD_INPUT, path);
    qhm_trainer_destroy(trainer);
    study_destroy(&s);
}

typedef struct attempt_context {
    study *s;
    const char *training, *model; // files
} attempt_context;

// A file written needs no memory for making the rename durable; the attempt does.
static qhm_status allocate_once_more(void)
{
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_create(&list));
    qhm_safetensors_destroy(list);
    return QHM_OK;
}

// Files are written last, where few allocations are left: each write waits for the disk.
static qhm_status attempt_training(void *context)
{
    const attempt_context *a = context;
    const qhm_train_task task = task_of(a->s, true);
    qhm_trainer *trainer;
    QHM_TRY(qhm_trainer_create(&task, &usual, &trainer));
    bool is_done;
    a->s->point_count = 0;
    qhm_status status = QHM_OK;
    for (int i = 0; i < 5 && status == QHM_OK; i++)
        status = qhm_trainer_step(trainer, &is_done);
    if (status == QHM_OK && qhm_file_exists(a->training))
        status = qhm_trainer_load(trainer, a->training);
    if (status == QHM_OK)
        status = qhm_trainer_save(trainer, a->training);
    if (status == QHM_OK)
        status = allocate_once_more();
    qhm_trainer_destroy(trainer);
    return status;
}

static qhm_status attempt_module(void *context)
{
    const attempt_context *a = context;
    if (qhm_file_exists(a->model))
        QHM_TRY(qhm_module_load(a->s->module, a->model));
    QHM_TRY(qhm_module_save(a->s->module, a->model));
    return allocate_once_more();
}

static void training_survives_every_refused_allocation(void **state)
{
    static study s;
    char training[2100], model[2100];
    snprintf(training, sizeof training, "%s/training", (const char *)*state);
    snprintf(model, sizeof model, "%s/model", (const char *)*state);
    study_create(&s, QHM_FLOAT64);
    attempt_context context = {&s, training, model};
    REQUIRE_OK(attempt_training(&context));
    require_survives_failing_memory(attempt_training, &context);
    REQUIRE_OK(attempt_module(&context));
    require_survives_failing_memory(attempt_module, &context);
    study_destroy(&s);
}

static void modules_are_saved_and_loaded(void **state)
{
    static study s, other;
    char path[2100];
    double a[200], b[200];
    snprintf(path, sizeof path, "%s/model", (const char *)*state);
    study_create(&s, QHM_FLOAT64);
    study_create(&other, QHM_FLOAT32);
    REQUIRE_OK(qhm_module_save(s.module, path));
    REQUIRE_FAILS(qhm_module_load(other.module, path), QHM_ERROR_BAD_INPUT,
                  "\"hidden0.weight\" is F64, not F32");
    study_destroy(&other);
    study_create(&other, QHM_FLOAT64);
    qhm_trainer *trainer = make_trainer(&other, false, &usual);
    REQUIRE_OK(qhm_trainer_run(trainer));
    qhm_trainer_destroy(trainer);
    REQUIRE_OK(qhm_module_load(other.module, path));
    read_parameters(&s, a);
    read_parameters(&other, b);
    assert_memory_equal(a, b, sizeof(double) * (16 * 5 + 2 * 17));
    const qhm_module_setting setting = {.input = {1, {3}}};
    qhm_module *linear;
    REQUIRE_OK(qhm_module_create("linear", &setting, NULL, &linear));
    REQUIRE_FAILS(qhm_module_load(linear, path), QHM_ERROR_BAD_INPUT,
                  "there is no array \"weight\"");
    qhm_module_destroy(linear);
    study_destroy(&s);
    study_destroy(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_learns),
        cmocka_unit_test(each_epoch_sees_each_row_once_in_even_batches),
        cmocka_unit_test(runs_differ_by_seed_and_repeat_by_it),
        in_temporary_folder(a_resumed_run_ends_with_the_same_bits),
        cmocka_unit_test(a_cancelled_run_goes_on_with_the_same_bits),
        cmocka_unit_test(patience_ends_training_with_the_best_parameters),
        cmocka_unit_test(what_is_not_finite_ends_the_run),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(steps_after_the_first_allocate_nothing),
        in_temporary_folder(bad_checkpoints_are_refused_and_change_nothing),
        in_temporary_folder(training_survives_every_refused_allocation),
        in_temporary_folder(modules_are_saved_and_loaded),
    };
    return cmocka_run_group_tests_name("learn/trainer", tests, NULL, NULL);
}
