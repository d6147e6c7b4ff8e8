// The report's structs as data: one row a field serves saving, parsing and freeing.
#include "experiment/report_internal.h"

static const qhm_report_field interval_fields[] = {
    {.name = "mean", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_interval, mean)},
    {.name = "lower", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_interval, lower)},
    {.name = "upper", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_interval, upper)},
    {0},
};
static const qhm_report_shape interval_shape = {sizeof(qhm_interval), interval_fields};

static const qhm_report_field fact_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_fact, name)},
    {.name = "value", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_fact, value)},
    {0},
};
static const qhm_report_shape fact_shape = {sizeof(qhm_report_fact), fact_fields};

static const qhm_report_field point_fields[] = {
    {.name = "epoch", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_point, epoch)},
    {.name = "training_loss",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_point, training_loss)},
    {.name = "validation",
     .kind = QHM_REPORT_RECORD,
     .offset = offsetof(qhm_report_point, validation),
     .shape = &interval_shape},
    {0},
};
static const qhm_report_shape point_shape = {sizeof(qhm_report_point), point_fields};

static const qhm_report_field metric_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_metric, name)},
    {.name = "chance", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_metric, chance)},
    {0},
};
static const qhm_report_shape metric_shape = {sizeof(qhm_report_metric), metric_fields};

static const qhm_report_field model_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_model, name)},
    {.name = "role", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_model, role)},
    {.name = "summary", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_model, summary)},
    {.name = "metric",
     .kind = QHM_REPORT_RECORD,
     .offset = offsetof(qhm_report_model, metric),
     .shape = &interval_shape},
    {.name = "difference",
     .kind = QHM_REPORT_RECORD,
     .offset = offsetof(qhm_report_model, difference),
     .shape = &interval_shape},
    {.name = "secondary",
     .kind = QHM_REPORT_NUMBERS,
     .offset = offsetof(qhm_report_model, secondary),
     .count_offset = offsetof(qhm_report_model, secondary_count)},
    {.name = "times_best",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_model, times_best)},
    {.name = "parameters",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_model, parameters)},
    {.name = "embedding_parameters",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_model, embedding_parameters)},
    {.name = "flops", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_model, flops)},
    {.name = "training_seconds",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_model, training_seconds)},
    {.name = "trials", .kind = QHM_REPORT_SIZE, .offset = offsetof(qhm_report_model, trials)},
    {.name = "curve",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_model, curve),
     .count_offset = offsetof(qhm_report_model, curve_count),
     .shape = &point_shape},
    {0},
};
static const qhm_report_shape model_shape = {sizeof(qhm_report_model), model_fields};

static const qhm_report_field candidate_fields[] = {
    {.name = "text", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_candidate, text)},
    {.name = "picture", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_candidate, picture)},
    {.name = "score", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_candidate, score)},
    {.name = "is_right",
     .kind = QHM_REPORT_TRUTH,
     .offset = offsetof(qhm_report_candidate, is_right)},
    {0},
};
static const qhm_report_shape candidate_shape = {sizeof(qhm_report_candidate), candidate_fields};

static const qhm_report_field query_fields[] = {
    {.name = "text", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_query, text)},
    {.name = "picture", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_query, picture)},
    {.name = "right_rank",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_query, right_rank)},
    {.name = "pool_count",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_query, pool_count)},
    {.name = "candidates",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_query, candidates),
     .count_offset = offsetof(qhm_report_query, candidate_count),
     .shape = &candidate_shape},
    {0},
};
static const qhm_report_shape query_shape = {sizeof(qhm_report_query), query_fields};

static const qhm_report_field confusion_fields[] = {
    {.name = "model", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_confusion, model)},
    {.name = "labels",
     .kind = QHM_REPORT_TEXTS,
     .offset = offsetof(qhm_report_confusion, labels),
     .count_offset = offsetof(qhm_report_confusion, label_count)},
    {.name = "counts",
     .kind = QHM_REPORT_SIZES,
     .offset = offsetof(qhm_report_confusion, counts),
     .count_offset = offsetof(qhm_report_confusion, counts_count)},
    {0},
};
static const qhm_report_shape confusion_shape = {sizeof(qhm_report_confusion), confusion_fields};

static const qhm_report_field gradient_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_gradient, name)},
    {.name = "largest",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_gradient, largest)},
    {.name = "shift_error",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_gradient, shift_error)},
    {.name = "difference_error",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_gradient, difference_error)},
    {.name = "finding", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_gradient, finding)},
    {0},
};
static const qhm_report_shape gradient_shape = {sizeof(qhm_report_gradient), gradient_fields};

static const qhm_report_field circuit_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_circuit, name)},
    {.name = "drawing", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_circuit, drawing)},
    {.name = "picture", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_circuit, picture)},
    {.name = "facts",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_circuit, facts),
     .count_offset = offsetof(qhm_report_circuit, fact_count),
     .shape = &fact_shape},
    {.name = "doctor", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_circuit, doctor)},
    {.name = "gradients",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_circuit, gradients),
     .count_offset = offsetof(qhm_report_circuit, gradient_count),
     .shape = &gradient_shape},
    {0},
};
static const qhm_report_shape circuit_shape = {sizeof(qhm_report_circuit), circuit_fields};

static const qhm_report_field rung_fields[] = {
    {.name = "model", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_rung, model)},
    {.name = "device", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_rung, device)},
    {.name = "mitigation",
     .kind = QHM_REPORT_TEXT,
     .offset = offsetof(qhm_report_rung, mitigation)},
    {.name = "note", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_rung, note)},
    {.name = "provenance",
     .kind = QHM_REPORT_TEXT,
     .offset = offsetof(qhm_report_rung, provenance)},
    {.name = "metric",
     .kind = QHM_REPORT_RECORD,
     .offset = offsetof(qhm_report_rung, metric),
     .shape = &interval_shape},
    {.name = "shots", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_rung, shots)},
    {.name = "kept_share",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_rung, kept_share)},
    {.name = "qubits", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_rung, qubits)},
    {.name = "two_qubit_gates",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_rung, two_qubit_gates)},
    {.name = "duration_seconds",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_rung, duration_seconds)},
    {.name = "success", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_rung, success)},
    {.name = "seconds", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_rung, seconds)},
    {.name = "joules", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_rung, joules)},
    {0},
};
static const qhm_report_shape rung_shape = {sizeof(qhm_report_rung), rung_fields};

static const qhm_report_field guard_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_guard, name)},
    {.name = "passed", .kind = QHM_REPORT_TRUTH, .offset = offsetof(qhm_report_guard, passed)},
    {.name = "detail", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_guard, detail)},
    {0},
};
static const qhm_report_shape guard_shape = {sizeof(qhm_report_guard), guard_fields};

static const qhm_report_field task_fields[] = {
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_task, name)},
    {.name = "kind", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_task, kind)},
    {.name = "verdict", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_task, verdict)},
    {.name = "sentence", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_task, sentence)},
    {.name = "metric", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report_task, metric)},
    {.name = "chance", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_task, chance)},
    {.name = "margin", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report_task, margin)},
    {.name = "smallest_difference",
     .kind = QHM_REPORT_NUMBER,
     .offset = offsetof(qhm_report_task, smallest_difference)},
    {.name = "resamples", .kind = QHM_REPORT_SIZE, .offset = offsetof(qhm_report_task, resamples)},
    {.name = "training_rows",
     .kind = QHM_REPORT_SIZE,
     .offset = offsetof(qhm_report_task, training_rows)},
    {.name = "test_rows", .kind = QHM_REPORT_SIZE, .offset = offsetof(qhm_report_task, test_rows)},
    {.name = "classes", .kind = QHM_REPORT_SIZE, .offset = offsetof(qhm_report_task, classes)},
    {.name = "secondary",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, secondary),
     .count_offset = offsetof(qhm_report_task, secondary_count),
     .shape = &metric_shape},
    {.name = "models",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, models),
     .count_offset = offsetof(qhm_report_task, model_count),
     .shape = &model_shape},
    {.name = "queries",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, queries),
     .count_offset = offsetof(qhm_report_task, query_count),
     .shape = &query_shape},
    {.name = "confusions",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, confusions),
     .count_offset = offsetof(qhm_report_task, confusion_count),
     .shape = &confusion_shape},
    {.name = "circuits",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, circuits),
     .count_offset = offsetof(qhm_report_task, circuit_count),
     .shape = &circuit_shape},
    {.name = "rungs",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, rungs),
     .count_offset = offsetof(qhm_report_task, rung_count),
     .shape = &rung_shape},
    {.name = "guards",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report_task, guards),
     .count_offset = offsetof(qhm_report_task, guard_count),
     .shape = &guard_shape},
    {0},
};
static const qhm_report_shape task_shape = {sizeof(qhm_report_task), task_fields};

static const qhm_report_field report_fields[] = {
    {.name = "id", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, id)},
    {.name = "name", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, name)},
    {.name = "description", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, description)},
    {.name = "verdict", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, verdict)},
    {.name = "sentence", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, sentence)},
    {.name = "started", .kind = QHM_REPORT_TEXT, .offset = offsetof(qhm_report, started)},
    {.name = "seconds", .kind = QHM_REPORT_NUMBER, .offset = offsetof(qhm_report, seconds)},
    {.name = "seed", .kind = QHM_REPORT_UINT64, .offset = offsetof(qhm_report, seed)},
    {.name = "tasks",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report, tasks),
     .count_offset = offsetof(qhm_report, task_count),
     .shape = &task_shape},
    {.name = "commands",
     .kind = QHM_REPORT_TEXTS,
     .offset = offsetof(qhm_report, commands),
     .count_offset = offsetof(qhm_report, command_count)},
    {.name = "facts",
     .kind = QHM_REPORT_RECORDS,
     .offset = offsetof(qhm_report, facts),
     .count_offset = offsetof(qhm_report, fact_count),
     .shape = &fact_shape},
    {0},
};
const qhm_report_shape qhm_report_root_shape = {sizeof(qhm_report), report_fields};
