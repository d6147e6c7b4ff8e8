// A result of a cloud and the exact distribution of its circuit.
#include "experiment/imported_run_internal.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/method.h>
#include <qhm/plan.h>
#include <string.h>
#include <time.h>

enum { MOST_NAME_BYTES = 64 };

static qhm_status run_exact(const char *method, const qhm_circuit *circuit,
                            qhm_distribution **exact)
{
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    const qhm_plan_options options = {.max_batch = 1, .forward_only = true};
    qhm_status status = qhm_backend_create(method, NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, NULL, 0, &options, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){0}, exact);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

// The text's characters that fit in `limit` bytes, all of them UTF-8.
static qhm_status copy_utf8(const char *text, size_t limit, const char **out)
{
    qhm_text copy = {0};
    size_t fitting = 0;
    for (uint32_t c; (c = qhm_utf8_next(&text)) != 0 && fitting == copy.length;) {
        qhm_text_append_utf8(&copy, c);
        fitting = copy.length <= limit ? copy.length : fitting;
    }
    if (copy.bytes)
        copy.bytes[copy.length = fitting] = '\0';
    char *made;
    QHM_TRY(qhm_text_take(&copy, &made));
    *out = made;
    return QHM_OK;
}

// Matrix product states may be inexact, so that nothing is compared with them.
static qhm_status find_exact(qhm_imported_run *run)
{
    qhm_method method;
    QHM_TRY(qhm_method_find(run->circuit, NULL, &method));
    if (strcmp(method.backend, "mps") == 0)
        return copy_utf8(method.reason, SIZE_MAX, &run->info.reason);
    const qhm_status status = run_exact(method.backend, run->circuit, &run->exact);
    if (status == QHM_ERROR_OUT_OF_MEMORY)
        return status;
    if (status != QHM_OK)
        return copy_utf8(qhm_error_message(), SIZE_MAX, &run->info.reason);
    QHM_TRY(copy_utf8(method.backend, SIZE_MAX, &run->info.method));
    run->info.variation_distance = qhm_distribution_variation_distance(run->measured, run->exact);
    run->info.fidelity = qhm_distribution_fidelity(run->measured, run->exact);
    return QHM_OK;
}

static qhm_status take_options(qhm_imported_run *run, const qhm_import_options *options)
{
    const char *name = options && options->name && options->name[0] ? options->name : "import";
    QHM_TRY(copy_utf8(name, MOST_NAME_BYTES, &run->info.name));
    const size_t count = options ? options->argument_count : 0;
    QHM_TRY(qhm_allocate(count > 0 ? count : 1, sizeof *run->arguments, &run->arguments));
    for (; run->argument_count < count; run->argument_count++)
        QHM_TRY(copy_utf8(options->arguments[run->argument_count], SIZE_MAX,
                          &run->arguments[run->argument_count]));
    return QHM_OK;
}

static qhm_status stamp_time(const char **out)
{
    char text[32];
    const time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return copy_utf8(text, SIZE_MAX, out);
}

static qhm_status fill(qhm_imported_run *run, const qhm_circuit *circuit, const char *result,
                       size_t length)
{
    qhm_distribution *measured;
    QHM_TRY(copy_utf8("", 0, &run->info.id));
    QHM_TRY(copy_utf8("", 0, &run->info.folder));
    QHM_TRY(stamp_time(&run->info.imported));
    QHM_TRY(qhm_circuit_copy(circuit, &run->circuit));
    QHM_TRY(qhm_cloud_result_parse(result, length, run->info.cloud, circuit, &measured));
    const qhm_status status = qhm_distribution_drop_scratch(measured, circuit, &run->measured);
    qhm_distribution_destroy(measured);
    QHM_TRY(status);
    run->info.has_counts = qhm_distribution_total(run->measured) > 1 + 1e-6;
    QHM_TRY(qhm_copy_bytes(result, length, 1, &run->result));
    run->result_bytes = length;
    return find_exact(run);
}

qhm_status qhm_imported_run_create(const qhm_circuit *circuit, qhm_cloud cloud, const char *result,
                                   size_t length, const qhm_import_options *options,
                                   qhm_imported_run **run)
{
    QHM_REQUIRE(circuit && result && run, "circuit, result or run is missing");
    QHM_REQUIRE(!options || options->argument_count == 0 || options->arguments,
                "%zu arguments are missing", options->argument_count);
    qhm_imported_run *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->info.cloud = cloud;
    made->info.variation_distance = made->info.fidelity = (double)NAN;
    qhm_status status = take_options(made, options);
    if (status == QHM_OK)
        status = fill(made, circuit, result, length);
    if (status != QHM_OK) {
        qhm_imported_run_destroy(made);
        return status;
    }
    *run = made;
    return QHM_OK;
}

void qhm_imported_run_destroy(qhm_imported_run *run)
{
    if (!run)
        return;
    const char *const texts[] = {run->info.id,       run->info.name,   run->info.folder,
                                 run->info.imported, run->info.method, run->info.reason};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        qhm_release((void *)texts[i]);
    for (size_t i = 0; i < run->argument_count; i++)
        qhm_release((void *)run->arguments[i]);
    qhm_release(run->arguments);
    qhm_release(run->result);
    qhm_circuit_destroy(run->circuit);
    qhm_distribution_destroy(run->measured);
    qhm_distribution_destroy(run->exact);
    qhm_release(run);
}

const qhm_import_info *qhm_imported_run_info(const qhm_imported_run *run)
{
    return &run->info;
}

const qhm_circuit *qhm_imported_run_circuit(const qhm_imported_run *run)
{
    return run->circuit;
}

const qhm_distribution *qhm_imported_run_measured(const qhm_imported_run *run)
{
    return run->measured;
}

const qhm_distribution *qhm_imported_run_exact(const qhm_imported_run *run)
{
    return run->exact;
}
