// Accuracy, balanced accuracy and confusion counts.
#include "experiment/classification_score.h"

#include "base/memory.h"

#include <jansson.h>
#include <math.h>

const char *const qhm_classification_metrics[] = {"accuracy", "balanced_accuracy", NULL};

static json_t *confusion_json(const size_t *counts, size_t class_count)
{
    json_t *rows = json_array();
    for (size_t truth = 0; truth < class_count; truth++) {
        json_t *row = json_array();
        for (size_t answer = 0; answer < class_count; answer++)
            json_array_append_new(row,
                                  json_integer((json_int_t)counts[truth * class_count + answer]));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:o}", "confusion", rows);
}

qhm_status qhm_classification_score(const size_t *labels, size_t class_count,
                                    const qhm_fit_request *request, const size_t *answers,
                                    qhm_fit_result *result)
{
    size_t *counts, elements;
    if (!qhm_multiply_size(class_count, class_count, &elements))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu classes overflow", class_count);
    QHM_TRY(qhm_allocate(elements, sizeof *counts, &counts));
    for (size_t i = 0; i < request->score_count; i++)
        counts[labels[request->score[i]] * class_count + answers[i]]++;
    size_t right = 0, present = 0;
    double recalls = 0;
    for (size_t c = 0; c < class_count; c++) {
        size_t all = 0;
        for (size_t answer = 0; answer < class_count; answer++)
            all += counts[c * class_count + answer];
        right += counts[c * class_count + c];
        present += all > 0;
        if (all > 0)
            recalls += (double)counts[c * class_count + c] / (double)all;
    }
    result->metrics[0] = (double)right / (double)request->score_count;
    result->metrics[1] = recalls / (double)present;
    if (request->wants_examples)
        result->examples = confusion_json(counts, class_count);
    qhm_release(counts);
    return QHM_OK;
}

qhm_status qhm_classification_loss(qhm_tape *tape, qhm_value logits, const size_t *labels,
                                   const size_t *rows, size_t count, qhm_value *loss)
{
    size_t *truth;
    qhm_value indices;
    QHM_TRY(qhm_tape_scratch(tape, count * sizeof *truth, &truth));
    for (size_t i = 0; i < count; i++)
        truth[i] = labels[rows[i]];
    QHM_TRY(qhm_tape_indices(tape, (qhm_shape){1, {count}}, truth, &indices));
    return qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, (qhm_value[]){logits, indices}, 2, NULL,
                          loss);
}

qhm_status qhm_classification_score_logits(qhm_tape *tape, qhm_value logits, const size_t *labels,
                                           size_t class_count, const qhm_fit_request *request,
                                           qhm_fit_result *result)
{
    size_t *answers;
    QHM_TRY(qhm_tape_scratch(tape, request->score_count * sizeof *answers, &answers));
    for (size_t i = 0; i < request->score_count; i++)
        for (size_t c = 1; c < class_count; c++)
            if (qhm_tape_item(tape, logits, i * class_count + c) >
                qhm_tape_item(tape, logits, i * class_count + answers[i]))
                answers[i] = c;
    return qhm_classification_score(labels, class_count, request, answers, result);
}

void qhm_classification_chance(const size_t *labels, size_t class_count, const size_t *items,
                               size_t count, double *levels)
{
    size_t most = 0;
    for (size_t c = 0; c < class_count; c++) {
        size_t with = 0;
        for (size_t i = 0; i < count; i++)
            with += labels[items[i]] == c;
        most = with > most ? with : most;
    }
    levels[0] = count > 0 ? (double)most / (double)count : NAN;
    levels[1] = 1 / (double)class_count;
}
