// qhm import: the result file of a cloud, beside what the circuit gives exactly.
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/input_file.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/cloud.h>
#include <qhm/plan.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PRINTED = 64 };

// What was read, and the exact distribution, NULL with the reason where it cannot be had.
typedef struct imported {
    const char *cloud;
    const qhm_circuit *circuit;
    qhm_distribution *measured, *exact;
    char *reason;
} imported;

static qhm_status run_exact(const char *backend_name, const qhm_circuit *circuit,
                            qhm_distribution **exact)
{
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    const qhm_plan_options options = {.max_batch = 1, .forward_only = true};
    qhm_status status = qhm_backend_create(backend_name, NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, NULL, 0, &options, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){0}, exact);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

// By the state vector if that fits, else as a circuit of Clifford gates.
static void find_exact(imported *result)
{
    if (run_exact("statevector", result->circuit, &result->exact) == QHM_OK)
        return;
    result->reason = qhm_print_text("%s", qhm_error_message());
    if (run_exact("stabilizer", result->circuit, &result->exact) == QHM_OK) {
        free(result->reason);
        result->reason = NULL;
    }
}

static bool has_counts(const imported *result)
{
    return qhm_distribution_total(result->measured) > 1 + 1e-6;
}

static json_t *outcomes_to_json(const imported *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < qhm_distribution_outcome_count(result->measured); i++) {
        const uint64_t *bits;
        double weight;
        char *text;
        qhm_distribution_outcome(result->measured, i, &bits, &weight);
        if (qhm_outcome_print(result->circuit, bits, &text) != QHM_OK)
            continue;
        const bool is_whole = has_counts(result) && weight == floor(weight) && weight < 1e15;
        json_object_set_new(object, text,
                            is_whole ? json_integer((json_int_t)weight) : qhm_json_number(weight));
        qhm_string_destroy(text);
    }
    return object;
}

static int print_json(const imported *result, FILE *out)
{
    json_t *object =
        json_pack("{s:s, s:s, s:o}", "from", result->cloud, "bit_order", "q0_right",
                  has_counts(result) ? "counts" : "distribution", outcomes_to_json(result));
    if (object && has_counts(result))
        json_object_set_new(object, "shots",
                            qhm_json_number(qhm_distribution_total(result->measured)));
    if (object && result->exact) {
        json_object_set_new(
            object, "variation_distance",
            qhm_json_number(qhm_distribution_variation_distance(result->measured, result->exact)));
        json_object_set_new(
            object, "fidelity",
            qhm_json_number(qhm_distribution_fidelity(result->measured, result->exact)));
    }
    if (object && result->reason)
        json_object_set_new(object, "not_simulated", qhm_json_text(result->reason));
    return qhm_json_print(object, out);
}

static int compare_weights(const void *a, const void *b, void *context)
{
    double first, second;
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    qhm_distribution_outcome(context, i, NULL, &first);
    qhm_distribution_outcome(context, j, NULL, &second);
    return first != second ? (first < second) - (first > second) : (i > j) - (i < j);
}

static void add_row(const imported *result, size_t index, qhm_text_table *table)
{
    const uint64_t *bits;
    double weight;
    char *text;
    qhm_distribution_outcome(result->measured, index, &bits, &weight);
    if (qhm_outcome_print(result->circuit, bits, &text) != QHM_OK)
        return;
    qhm_text_table_add(table, "%s", text);
    if (has_counts(result))
        qhm_text_table_add(table, "%.0f", weight);
    qhm_text_table_add(table, "%.6f", weight / qhm_distribution_total(result->measured));
    if (result->exact)
        qhm_text_table_add(table, "%.6f", qhm_distribution_weight(result->exact, bits));
    qhm_string_destroy(text);
}

static qhm_text_table *create_table(const imported *result)
{
    static const qhm_text_column outcome = {"outcome", true}, count = {"count", true},
                                 share = {"share", true}, exact = {"exact", true};
    static qhm_text_column columns[4];
    size_t column_count = 0;
    columns[column_count++] = outcome;
    if (has_counts(result))
        columns[column_count++] = count;
    columns[column_count++] = share;
    if (result->exact)
        columns[column_count++] = exact;
    return qhm_text_table_create(columns, column_count);
}

static void print_text(const imported *result, FILE *out)
{
    const size_t count = qhm_distribution_outcome_count(result->measured);
    size_t *order = qhm_cli_allocate(count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, compare_weights, result->measured);
    fprintf(out, "result of %s: ", result->cloud);
    if (has_counts(result))
        fprintf(out, "%.0f shots, ", qhm_distribution_total(result->measured));
    fprintf(out, "%zu outcomes; bit 0 of each register is on the right\n", count);
    qhm_text_table *table = create_table(result);
    for (size_t i = 0; i < count && i < MOST_PRINTED; i++)
        add_row(result, order[i], table);
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
    if (count > MOST_PRINTED)
        fprintf(out, "and %zu more; --json has all\n", count - MOST_PRINTED);
    if (result->exact)
        fprintf(out, "variation distance from the exact distribution %.6f, fidelity %.6f\n",
                qhm_distribution_variation_distance(result->measured, result->exact),
                qhm_distribution_fidelity(result->measured, result->exact));
    else
        fprintf(out, "the exact distribution is not known: %s\n", result->reason);
    free(order);
}

static int read_result(const qhm_arguments *arguments, const char *bytes, size_t count,
                       imported *result)
{
    qhm_cloud cloud;
    qhm_status status = arguments->from ? qhm_cloud_find(arguments->from, &cloud)
                                        : qhm_cloud_result_find(bytes, count, &cloud);
    if (status != QHM_OK && arguments->from)
        return qhm_fail(QHM_EXIT_USAGE, "--from is \"%s\", not ibm, braket or ionq",
                        arguments->from);
    if (status == QHM_OK)
        status = qhm_cloud_result_parse(bytes, count, cloud, result->circuit, &result->measured);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    result->cloud = qhm_cloud_name(cloud);
    return QHM_EXIT_OK;
}

static int run_import(const qhm_arguments *arguments, FILE *out)
{
    if (!arguments->circuit)
        return qhm_fail(QHM_EXIT_USAGE, "--circuit is missing: the file of the circuit that ran");
    qhm_circuit_file file;
    char *bytes = NULL;
    size_t count = 0;
    int code = qhm_circuit_file_load(arguments, arguments->circuit, &file);
    imported result = {.circuit = file.circuit};
    if (code == QHM_EXIT_OK)
        code = qhm_input_file_read(arguments->operands[0], &bytes, &count);
    if (code == QHM_EXIT_OK)
        code = read_result(arguments, bytes, count, &result);
    if (code == QHM_EXIT_OK) {
        find_exact(&result);
        if (arguments->json)
            code = print_json(&result, out);
        else
            print_text(&result, out);
    }
    free(bytes);
    free(result.reason);
    qhm_distribution_destroy(result.measured);
    qhm_distribution_destroy(result.exact);
    qhm_circuit_file_release(&file);
    return code;
}

static const qhm_cli_option option_circuit = {
    .name = "circuit",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, circuit),
    .help = "the circuit that ran; its registers and measurements say what the outcomes mean",
};

static const qhm_cli_option option_from = {
    .name = "from",
    .value = "CLOUD",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, from),
    .help = "ibm, braket or ionq; default by the fields of the file",
};

static const qhm_cli_option *const options[] = {
    &option_circuit,  &option_from, &qhm_option_parameter, &qhm_option_strict, &qhm_option_quiet,
    &qhm_option_json, NULL,
};

const qhm_command qhm_command_import = {
    .name = "import",
    .operands = "RESULT",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "read the result file of a quantum computer in a cloud",
    .details =
        "RESULT is the JSON that the service gave back, - for standard input. Outcomes are printed "
        "in "
        "our order of bits, whatever the service's, the likeliest first, beside the exact "
        "probabilities of the circuit if it can be simulated.\n"
        "Read are IBM's samples and counts, Braket's measurements, counts and probabilities, and "
        "IonQ's histograms.",
    .example = "qhm convert bell.qasm --to ionq -o job.json\n"
               "qhm import result.json --circuit bell.qasm",
    .run = run_import,
};
