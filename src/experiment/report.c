// What the types of a report cannot say: counts that belong together, words that are known.
#include "experiment/report_internal.h"

#include "base/memory.h"

#include <qhm/verdict.h>
#include <string.h>

const char *qhm_report_text(const char *text)
{
    return text ? text : "";
}

static qhm_status check_lists(const qhm_report_shape *shape, const void *record);

static qhm_status check_list(const qhm_report_field *field, const void *record)
{
    const char *items = *(const char *const *)(const void *)((const char *)record + field->offset);
    size_t count = *(const size_t *)(const void *)((const char *)record + field->count_offset);
    QHM_REQUIRE(items || count == 0, "%s is missing, but has a count of %zu", field->name, count);
    for (size_t i = 0; i < count; i++)
        if (field->kind == QHM_REPORT_RECORDS)
            QHM_TRY(check_lists(field->shape, items + i * field->shape->size));
        else if (field->kind == QHM_REPORT_TEXTS)
            QHM_REQUIRE(((const char *const *)(const void *)items)[i], "%s %zu is missing",
                        field->name, i);
    return QHM_OK;
}

static qhm_status check_lists(const qhm_report_shape *shape, const void *record)
{
    for (const qhm_report_field *field = shape->fields; field->name; field++)
        if (field->kind >= QHM_REPORT_RECORDS)
            QHM_TRY(check_list(field, record));
    return QHM_OK;
}

static qhm_status check_verdict(const char *verdict)
{
    if (!verdict || verdict[0] == '\0')
        return QHM_OK;
    for (int i = QHM_VERDICT_NONE; i <= QHM_VERDICT_NOT_ENOUGH_EVIDENCE; i++)
        if (strcmp(verdict, qhm_verdict_name((qhm_verdict)i)) == 0)
            return QHM_OK;
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "the verdict is \"%s\", not none, helps, does_not_help or not_enough_evidence",
                    verdict);
}

static qhm_status check_model(const qhm_report_task *task, const qhm_report_model *model)
{
    static const char *const roles[] = {"hybrid", "rival", "reference"};
    const char *name = qhm_report_text(model->name), *role = qhm_report_text(model->role);
    bool is_known = false;
    for (size_t i = 0; i < 3; i++)
        is_known = is_known || strcmp(role, roles[i]) == 0;
    QHM_REQUIRE(is_known, "the role of %s is \"%s\", not hybrid, rival or reference", name, role);
    QHM_REQUIRE(model->secondary_count == 0 || model->secondary_count == task->secondary_count,
                "%s has %zu secondary values, not %zu as its task", name, model->secondary_count,
                task->secondary_count);
    QHM_REQUIRE(model->embedding_parameters <= model->parameters,
                "%s has %zu embedding parameters, more than its %zu in all", name,
                model->embedding_parameters, model->parameters);
    return QHM_OK;
}

static qhm_status check_task(const qhm_report_task *task)
{
    QHM_TRY(check_verdict(task->verdict));
    for (size_t i = 0; i < task->model_count; i++)
        QHM_TRY(check_model(task, &task->models[i]));
    for (size_t i = 0; i < task->confusion_count; i++) {
        const qhm_report_confusion *confusion = &task->confusions[i];
        size_t cells;
        QHM_REQUIRE(qhm_multiply_size(confusion->label_count, confusion->label_count, &cells) &&
                        cells == confusion->counts_count,
                    "a confusion of %zu labels has %zu counts", confusion->label_count,
                    confusion->counts_count);
    }
    return QHM_OK;
}

qhm_status qhm_report_check(const qhm_report *report)
{
    QHM_REQUIRE(report, "report is missing");
    QHM_TRY(check_lists(&qhm_report_root_shape, report));
    QHM_TRY(check_verdict(report->verdict));
    for (size_t i = 0; i < report->task_count; i++)
        QHM_TRY(check_task(&report->tasks[i]));
    return QHM_OK;
}
