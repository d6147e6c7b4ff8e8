// Two imported runs side by side: outcome by outcome, and how far apart they are.
#include "cli/console.h"
#include "cli/import_output.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <qhm/types.h>
#include <stdlib.h>

enum { MOST_PRINTED = 64 };

// Two runs, and all outcomes of either with the sum of their shares.
typedef struct pair {
    qhm_imported_run *runs[2];
    qhm_distribution *both;
    bool is_same_circuit;
} pair;

static bool has_same_registers(const qhm_circuit *a, const qhm_circuit *b)
{
    const size_t count = qhm_circuit_bit_register_count(a);
    if (qhm_circuit_bit_count(a) != qhm_circuit_bit_count(b) ||
        qhm_circuit_bit_register_count(b) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const qhm_register *first = qhm_circuit_bit_register(a, i);
        const qhm_register *second = qhm_circuit_bit_register(b, i);
        if (first->first != second->first || first->count != second->count)
            return false;
    }
    return true;
}

static double share(const qhm_imported_run *run, const uint64_t *bits)
{
    const qhm_distribution *measured = qhm_imported_run_measured(run);
    return qhm_distribution_weight(measured, bits) / qhm_distribution_total(measured);
}

static qhm_status add_shares(pair *compared)
{
    const qhm_circuit *circuit = qhm_imported_run_circuit(compared->runs[0]);
    qhm_status status = qhm_distribution_create(qhm_circuit_bit_count(circuit), &compared->both);
    for (size_t r = 0; r < 2; r++) {
        const qhm_distribution *measured = qhm_imported_run_measured(compared->runs[r]);
        for (size_t i = 0; i < qhm_distribution_outcome_count(measured) && status == QHM_OK; i++) {
            const uint64_t *bits;
            qhm_distribution_outcome(measured, i, &bits, NULL);
            status = qhm_distribution_append(compared->both, bits, share(compared->runs[r], bits));
        }
    }
    return status;
}

static int open_pair(char *const folders[2], pair *compared)
{
    for (size_t r = 0; r < 2; r++) {
        const qhm_status status = qhm_imported_run_load(folders[r], &compared->runs[r]);
        if (status != QHM_OK)
            return qhm_fail_status(status);
    }
    const qhm_circuit *a = qhm_imported_run_circuit(compared->runs[0]);
    const qhm_circuit *b = qhm_imported_run_circuit(compared->runs[1]);
    if (!has_same_registers(a, b))
        return qhm_fail(QHM_EXIT_BAD_INPUT,
                        "%s and %s are results of circuits with different classical registers: "
                        "their outcomes cannot be compared",
                        folders[0], folders[1]);
    compared->is_same_circuit = qhm_circuit_is_equal(a, b);
    const qhm_status status = add_shares(compared);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static qhm_status print_outcome(const pair *compared, size_t index, double shares[2], char **text)
{
    const uint64_t *bits;
    qhm_distribution_outcome(compared->both, index, &bits, NULL);
    for (size_t r = 0; r < 2; r++)
        shares[r] = share(compared->runs[r], bits);
    return qhm_outcome_print(qhm_imported_run_circuit(compared->runs[0]), bits, text);
}

static double find_distance(const pair *compared)
{
    return qhm_distribution_variation_distance(qhm_imported_run_measured(compared->runs[0]),
                                               qhm_imported_run_measured(compared->runs[1]));
}

static double find_fidelity(const pair *compared)
{
    return qhm_distribution_fidelity(qhm_imported_run_measured(compared->runs[0]),
                                     qhm_imported_run_measured(compared->runs[1]));
}

static int print_json(const pair *compared, char *const folders[2], FILE *out)
{
    json_t *outcomes = json_object();
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_distribution_outcome_count(compared->both); i++) {
        double shares[2];
        char *text;
        status = print_outcome(compared, i, shares, &text);
        if (status != QHM_OK)
            break;
        json_object_set_new(outcomes, text,
                            json_pack("{s:o, s:o, s:o}", "a", qhm_json_number(shares[0]), "b",
                                      qhm_json_number(shares[1]), "difference",
                                      qhm_json_number(shares[1] - shares[0])));
        qhm_string_destroy(text);
    }
    json_t *object =
        json_pack("{s:o, s:o, s:b, s:s, s:o, s:o, s:o}", "a", qhm_json_text(folders[0]), "b",
                  qhm_json_text(folders[1]), "same_circuit", (int)compared->is_same_circuit,
                  "bit_order", "q0_right", "outcomes", outcomes, "variation_distance",
                  qhm_json_number(find_distance(compared)), "fidelity",
                  qhm_json_number(find_fidelity(compared)));
    if (status == QHM_OK)
        return qhm_json_print(object, out);
    json_decref(object);
    return qhm_fail_status(status);
}

static void print_run(char letter, const qhm_imported_run *run, FILE *out)
{
    const qhm_import_info *info = qhm_imported_run_info(run);
    fprintf(out, "%c: ", letter);
    qhm_print_safe(out, info->folder);
    fprintf(out, ", result of %s", qhm_cloud_name(info->cloud));
    if (info->has_counts)
        fprintf(out, ", %.0f shots", qhm_distribution_total(qhm_imported_run_measured(run)));
    if (info->method)
        fprintf(out, ", variation distance from the exact distribution %.6f",
                info->variation_distance);
    fputc('\n', out);
}

static int print_text(const pair *compared, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"outcome", true}, {"a", true}, {"b", true}, {"b - a", true}};
    const size_t count = qhm_distribution_outcome_count(compared->both);
    for (int r = 0; r < 2; r++)
        print_run((char)('a' + r), compared->runs[r], out);
    if (!compared->is_same_circuit)
        fputs("the circuits differ; their classical registers are the same\n", out);
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    size_t *order = qhm_import_order(compared->both);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && i < MOST_PRINTED; i++) {
        double shares[2];
        char *text;
        status = print_outcome(compared, order[i], shares, &text);
        if (status != QHM_OK)
            break;
        qhm_text_table_add(table, "%s", text);
        qhm_text_table_add(table, "%.6f", shares[0]);
        qhm_text_table_add(table, "%.6f", shares[1]);
        qhm_text_table_add(table, "%+.6f", shares[1] - shares[0]);
        qhm_string_destroy(text);
    }
    if (status == QHM_OK)
        qhm_text_table_print(table, 0, out);
    if (status == QHM_OK && count > MOST_PRINTED)
        fprintf(out, "and %zu more; --json has all\n", count - MOST_PRINTED);
    free(order);
    qhm_text_table_destroy(table);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fprintf(out, "variation distance between a and b %.6f, fidelity %.6f\n",
            find_distance(compared), find_fidelity(compared));
    return QHM_EXIT_OK;
}

int qhm_import_compare(char *const folders[2], bool json, FILE *out)
{
    pair compared = {0};
    int code = open_pair(folders, &compared);
    if (code == QHM_EXIT_OK)
        code = json ? print_json(&compared, folders, out) : print_text(&compared, out);
    for (size_t r = 0; r < 2; r++)
        qhm_imported_run_destroy(compared.runs[r]);
    qhm_distribution_destroy(compared.both);
    return code;
}
