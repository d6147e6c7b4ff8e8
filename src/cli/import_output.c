// The likeliest outcomes of an imported run as a table, or all of them as JSON.
#include "cli/import_output.h"

#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/types.h>
#include <stdlib.h>

enum { MOST_PRINTED = 64 };

static json_t *weight_to_json(double weight, bool is_count)
{
    return is_count && weight == floor(weight) && weight < 1e15 ? json_integer((json_int_t)weight)
                                                                : qhm_json_number(weight);
}

// The weights of the measured outcomes in a distribution.
static qhm_status add_outcomes(const qhm_imported_run *run, const qhm_distribution *weights,
                               bool are_counts, json_t *object)
{
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    for (size_t i = 0; i < qhm_distribution_outcome_count(measured); i++) {
        const uint64_t *bits;
        char *text;
        qhm_distribution_outcome(measured, i, &bits, NULL);
        const qhm_status status = qhm_outcome_print(qhm_imported_run_circuit(run), bits, &text);
        if (status != QHM_OK)
            return status;
        json_object_set_new(object, text,
                            weight_to_json(qhm_distribution_weight(weights, bits), are_counts));
        qhm_string_destroy(text);
    }
    return QHM_OK;
}

static json_t *run_to_json(const qhm_import_info *info)
{
    if (info->folder[0] == '\0')
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "id", qhm_json_text(info->id), "name",
                     qhm_json_text(info->name), "folder", qhm_json_text(info->folder), "imported",
                     qhm_json_text(info->imported));
}

static int print_json(const qhm_imported_run *run, FILE *out)
{
    const qhm_import_info *info = qhm_imported_run_info(run);
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    const qhm_distribution *distribution = qhm_imported_run_exact(run);
    json_t *outcomes = json_object(), *exact = distribution ? json_object() : json_null();
    json_t *object = json_pack("{s:o, s:s, s:s, s:o}", "run", run_to_json(info), "from",
                               qhm_cloud_name(info->cloud), "bit_order", "q0_right",
                               info->has_counts ? "counts" : "distribution", outcomes);
    qhm_status status = add_outcomes(run, measured, info->has_counts, outcomes);
    if (info->has_counts)
        json_object_set_new(object, "shots",
                            weight_to_json(qhm_distribution_total(measured), true));
    json_object_set_new(object, "method", qhm_json_text(info->method));
    json_object_set_new(object, "exact", exact);
    if (distribution && status == QHM_OK)
        status = add_outcomes(run, distribution, false, exact);
    json_object_set_new(object, "variation_distance", qhm_json_number(info->variation_distance));
    json_object_set_new(object, "fidelity", qhm_json_number(info->fidelity));
    if (info->reason)
        json_object_set_new(object, "not_simulated", qhm_json_text(info->reason));
    if (status == QHM_OK)
        return qhm_json_print(object, out);
    json_decref(object);
    return qhm_fail_status(status);
}

static int compare_weights(const void *a, const void *b, void *context)
{
    double first, second;
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    qhm_distribution_outcome(context, i, NULL, &first);
    qhm_distribution_outcome(context, j, NULL, &second);
    return first != second ? (first < second) - (first > second) : (i > j) - (i < j);
}

size_t *qhm_import_order(const qhm_distribution *distribution)
{
    const size_t count = qhm_distribution_outcome_count(distribution);
    size_t *order = qhm_cli_allocate(count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, compare_weights, (void *)distribution);
    return order;
}

static qhm_status add_row(const qhm_imported_run *run, size_t index, qhm_text_table *table)
{
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    const qhm_distribution *exact = qhm_imported_run_exact(run);
    const uint64_t *bits;
    double weight;
    char *text;
    qhm_distribution_outcome(measured, index, &bits, &weight);
    const qhm_status status = qhm_outcome_print(qhm_imported_run_circuit(run), bits, &text);
    if (status != QHM_OK)
        return status;
    qhm_text_table_add(table, "%s", text);
    if (qhm_imported_run_info(run)->has_counts)
        qhm_text_table_add(table, "%.0f", weight);
    qhm_text_table_add(table, "%.6f", weight / qhm_distribution_total(measured));
    if (exact)
        qhm_text_table_add(table, "%.6f", qhm_distribution_weight(exact, bits));
    qhm_string_destroy(text);
    return QHM_OK;
}

static qhm_status print_table(const qhm_imported_run *run, FILE *out)
{
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    const size_t count = qhm_distribution_outcome_count(measured);
    qhm_text_column columns[4] = {{"outcome", true}};
    size_t column_count = 1;
    if (qhm_imported_run_info(run)->has_counts)
        columns[column_count++] = (qhm_text_column){"count", true};
    columns[column_count++] = (qhm_text_column){"share", true};
    if (qhm_imported_run_exact(run))
        columns[column_count++] = (qhm_text_column){"exact", true};
    qhm_text_table *table = qhm_text_table_create(columns, column_count);
    size_t *order = qhm_import_order(measured);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && i < MOST_PRINTED && status == QHM_OK; i++)
        status = add_row(run, order[i], table);
    if (status == QHM_OK)
        qhm_text_table_print(table, 0, out);
    if (status == QHM_OK && count > MOST_PRINTED)
        fprintf(out, "and %zu more; --json has all\n", count - MOST_PRINTED);
    free(order);
    qhm_text_table_destroy(table);
    return status;
}

static void print_run(const qhm_import_info *info, FILE *out)
{
    qhm_print_safe(out, info->name);
    fputs(": imported ", out);
    qhm_print_safe(out, info->imported);
    fputs(", kept in ", out);
    qhm_print_safe(out, info->folder);
    fputc('\n', out);
}

static int print_text(const qhm_imported_run *run, FILE *out)
{
    const qhm_import_info *info = qhm_imported_run_info(run);
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    fprintf(out, "result of %s: ", qhm_cloud_name(info->cloud));
    if (info->has_counts)
        fprintf(out, "%.0f shots, ", qhm_distribution_total(measured));
    fprintf(out, "%zu outcomes; bit 0 of each register is on the right\n",
            qhm_distribution_outcome_count(measured));
    const qhm_status status = print_table(run, out);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    if (info->method) {
        fprintf(out, "variation distance from the exact distribution %.6f, fidelity %.6f (",
                info->variation_distance, info->fidelity);
        qhm_print_safe(out, info->method);
        fputs(")\n", out);
    } else {
        fputs("the exact distribution is not known: ", out);
        qhm_print_safe(out, info->reason);
        fputc('\n', out);
    }
    if (info->folder[0] != '\0')
        print_run(info, out);
    return QHM_EXIT_OK;
}

int qhm_import_output(const qhm_imported_run *run, bool json, FILE *out)
{
    return json ? print_json(run, out) : print_text(run, out);
}
