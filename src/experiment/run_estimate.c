// What a run will take: a resample a thread is prepared, every model trained for one and two
// epochs.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "experiment/run_internal.h"

#include <qhm/plan.h>
#include <qhm/threads.h>

// The store, the jobs' results, the gradient doctor and the report: measured on the shipped runs.
enum { RESULTS_BYTES = 12 << 20 };

typedef struct measured {
    double prepare_seconds; // of one resample of every task
    double work_seconds;    // all jobs, on one thread
    size_t later_bytes;     // what the resamples that were not prepared here would keep
} measured;

// As many fits of one contender at once as a run has threads, so that time and memory are those of
// a busy machine.
typedef struct timed_fits {
    qhm_run_state *run;
    const qhm_run_task *task;
    const qhm_contender *contender;
    size_t epochs;
    double seconds; // of the longest
} timed_fits;

typedef struct fit_end {
    timed_fits *fits;
    double seconds;
} fit_end;

static void note_seconds(void *context)
{
    const fit_end *end = context;
    if (end->seconds > end->fits->seconds)
        end->fits->seconds = end->seconds;
}

static void run_fits(size_t first, size_t last, void *context)
{
    timed_fits *fits = context;
    const qhm_run_resample *rows = &fits->task->resamples[0];
    for (size_t i = first; i < last; i++) {
        qhm_task shortened = *fits->task->task;
        shortened.training.epochs = fits->epochs;
        qhm_fit_request request = {.task = &shortened,
                                   .contender = fits->contender,
                                   .prepared = rows->prepared,
                                   .trial = qhm_trial_at(0),
                                   .seed = fits->run->seed};
        request.train = qhm_split_train(rows->inner, &request.train_count);
        request.score = qhm_split_test(rows->inner, &request.score_count);
        qhm_fit_result result = {0};
        double before = qhm_run_seconds();
        qhm_status status = fits->task->task->kind->fit(&request, &result);
        fit_end end = {fits, qhm_run_seconds() - before};
        qhm_fit_result_release(&result);
        if (status != QHM_OK)
            qhm_prefix_error_message("task '%s', model '%s'", fits->task->task->name,
                                     fits->contender->name);
        qhm_run_note_failure(fits->run, status);
        qhm_parallel_exclusive(note_seconds, &end);
    }
}

static qhm_status time_fit(qhm_run_state *run, const qhm_run_task *task,
                           const qhm_contender *contender, size_t epochs, double *seconds)
{
    timed_fits fits = {.run = run, .task = task, .contender = contender, .epochs = epochs};
    qhm_parallel_for(qhm_threads_count(), 1, run_fits, &fits);
    *seconds = fits.seconds;
    return qhm_run_raise_failure(run);
}

// The time of a training is a + b * epochs; a model without epochs has b = 0. A job has its
// trials on the inner rows and a final fit on all training rows.
static qhm_status measure_contender(qhm_run_state *run, const qhm_run_task *task, size_t index,
                                    measured *total, qhm_text *text)
{
    const qhm_contender *contender = &task->contenders[index];
    qhm_training_options training = qhm_run_training(run, task->task);
    double one = 0, two = 0;
    QHM_TRY(time_fit(run, task, contender, 1, &one));
    QHM_TRY(time_fit(run, task, contender, 2, &two));
    double epoch = two > one ? two - one : 0;
    double fit = one + epoch * (double)(training.epochs - 1);
    size_t inner, all;
    (void)qhm_split_train(task->resamples[0].inner, &inner);
    (void)qhm_split_train(task->resamples[0].split, &all);
    double job = fit * ((double)training.trials + (double)all / (double)inner);
    total->work_seconds += job * (double)run->resample_count;
    qhm_text_print(text, "  %-18s about ", contender->name);
    qhm_text_append_fixed(text, fit, 2);
    qhm_text_print(text, " s a training, %zu trainings\n",
                   (training.trials + 1) * run->resample_count);
    return QHM_OK;
}

// Prepares the first resamples, as many at once as a run would.
typedef struct preparation {
    qhm_run_state *run;
    qhm_run_task *task;
} preparation;

static void prepare(size_t first, size_t last, void *context)
{
    preparation *work = context;
    for (size_t r = first; r < last; r++)
        qhm_run_note_failure(work->run, qhm_run_resample_prepare(work->run, work->task, r));
}

static qhm_status measure_task(qhm_run_state *run, qhm_run_task *task, measured *total,
                               qhm_text *text)
{
    size_t threads = qhm_threads_count();
    size_t count = threads < run->resample_count ? threads : run->resample_count;
    preparation work = {.run = run, .task = task};
    double before = qhm_run_seconds();
    qhm_parallel_for(count, 1, prepare, &work);
    QHM_TRY(qhm_run_raise_failure(run));
    total->prepare_seconds += (qhm_run_seconds() - before) / (double)count;
    size_t bytes = task->task->kind->bytes(task->resamples[0].prepared);
    if (task->resamples[0].dataset)
        bytes += qhm_dataset_bytes(task->resamples[0].dataset);
    total->later_bytes += bytes * (run->resample_count - count);
    qhm_text_print(text, "task %s (%s): %zu models, %zu resamples, %zu trials each\n",
                   task->task->name, task->task->kind->name, task->contender_count,
                   run->resample_count, qhm_run_training(run, task->task).trials);
    for (size_t c = 0; c < task->contender_count; c++)
        QHM_TRY(measure_contender(run, task, c, total, text));
    return QHM_OK;
}

static void describe_circuits(const qhm_run_file *file, qhm_text *text)
{
    size_t count;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    for (size_t i = 0; i < count; i++)
        qhm_text_print(
            text, "circuit %s/%s: %zu qubits, %zu instructions, %zu inputs, %zu weights\n",
            circuits[i].task, circuits[i].model, qhm_circuit_qubit_count(circuits[i].circuit),
            qhm_circuit_instruction_count(circuits[i].circuit),
            qhm_circuit_input_count(circuits[i].circuit),
            qhm_circuit_weight_count(circuits[i].circuit));
}

static qhm_status measure(qhm_run_state *run, qhm_run_estimate *estimate, qhm_text *text)
{
    measured total = {0};
    describe_circuits(run->file, text);
    QHM_TRY(qhm_run_tasks_create(run));
    for (size_t i = 0; i < run->file->task_count; i++) {
        qhm_run_task *task = &run->tasks[i];
        QHM_TRY(measure_task(run, task, &total, text));
        estimate->jobs += task->contender_count * run->resample_count;
        estimate->items += task->owns_dataset ? qhm_dataset_count(task->dataset) : 0;
        if (task->resamples[0].dataset)
            estimate->items += qhm_dataset_count(task->resamples[0].dataset);
    }
    // What a run has beside this: the other resamples' features, and the results at its end.
    unsigned threads = qhm_threads_count();
    estimate->peak_bytes = qhm_memory_peak_bytes() + total.later_bytes + RESULTS_BYTES;
    estimate->available_bytes = qhm_memory_available_bytes();
    estimate->seconds =
        total.prepare_seconds * (double)run->resample_count + total.work_seconds / threads;
    return QHM_OK;
}

qhm_status qhm_run_estimate_cost(const qhm_run_file *file, const qhm_run_options *options,
                                 qhm_run_estimate *estimate)
{
    QHM_REQUIRE(file && estimate, "the run file or estimate is NULL");
    static const qhm_run_options none;
    options = options ? options : &none;
    qhm_run_state run = {.file = file,
                         .options = options,
                         .folder = "",
                         .seed = options->seed ? *options->seed : file->seed,
                         .quick = options->quick,
                         .resample_count =
                             options->quick ? 2 : file->resamples.repeats * file->resamples.folds};
    qhm_run_estimate found = {0};
    qhm_text text = {0};
    qhm_status status = measure(&run, &found, &text);
    qhm_run_tasks_destroy(&run);
    if (status == QHM_OK)
        status = qhm_text_take(&text, &found.description);
    qhm_text_release(&text);
    if (status == QHM_OK)
        *estimate = found;
    return status;
}
