// Source `csv`: a table with a header; label, family, text and name by column, numbers the rest.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/csv_table.h"
#include "data/name_table.h"
#include "data/sources.h"

#include <stdio.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1 << 30 };

// What each column is for.
typedef struct roles {
    size_t label, group, text, name; // QHM_NAME_ABSENT when there is none
    size_t *numbers;                 // [number_count] the other columns
    size_t number_count;
} roles;

static qhm_status find_column(const qhm_csv_table *table, const char *name, size_t *out)
{
    *out = QHM_NAME_ABSENT;
    return name ? qhm_csv_table_find(table, name, out) : QHM_OK;
}

static qhm_status find_roles(const qhm_csv_table *table, const qhm_csv_options *o, roles *r)
{
    QHM_TRY(find_column(table, o->group, &r->group));
    QHM_TRY(find_column(table, o->text, &r->text));
    QHM_TRY(find_column(table, o->name, &r->name));
    QHM_TRY(find_column(table, o->label, &r->label));
    for (size_t c = 0; !o->label && c < table->columns; c++)
        if (strcmp(table->fields[c], "label") == 0)
            r->label = c;
    QHM_TRY(qhm_allocate(table->columns, sizeof *r->numbers, &r->numbers));
    for (size_t c = 0; c < table->columns; c++)
        if (c != r->label && c != r->group && c != r->text && c != r->name)
            r->numbers[r->number_count++] = c;
    return QHM_OK;
}

static const char *field_or_null(const qhm_csv_table *table, size_t row, size_t column)
{
    return column == QHM_NAME_ABSENT ? NULL : qhm_csv_table_field(table, row, column);
}

static qhm_status append_row(const qhm_csv_table *table, const roles *r, size_t row,
                             double *numbers, qhm_dataset *dataset)
{
    for (size_t i = 0; i < r->number_count; i++) {
        const char *field = qhm_csv_table_field(table, row, r->numbers[i]);
        if (!qhm_parse_double(field, &numbers[i]))
            return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                            "line %zu, column \"%s\": \"%s\" is not a finite number",
                            table->lines[row], table->fields[r->numbers[i]], field);
    }
    char number[32];
    snprintf(number, sizeof number, "row %zu", row);
    qhm_dataset_item item = {
        .name = r->name == QHM_NAME_ABSENT ? number : field_or_null(table, row, r->name),
        .text = field_or_null(table, row, r->text),
        .class_name = field_or_null(table, row, r->label),
        .group = field_or_null(table, row, r->group),
        .features = numbers,
    };
    if (item.class_name && item.class_name[0] == '\0')
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column \"%s\": the label is empty",
                        table->lines[row], table->fields[r->label]);
    if (item.name[0] == '\0')
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column \"%s\": the name is empty",
                        table->lines[row], table->fields[r->name]);
    return qhm_dataset_append(dataset, &item);
}

static qhm_status fill(const qhm_csv_table *table, const roles *r, qhm_dataset **out_dataset)
{
    const char **names;
    double *numbers;
    QHM_TRY(qhm_allocate(r->number_count, sizeof *names, &names));
    for (size_t i = 0; i < r->number_count; i++)
        names[i] = table->fields[r->numbers[i]];
    qhm_dataset *dataset = NULL;
    qhm_status status = qhm_dataset_create(r->number_count, names, &dataset);
    qhm_release(names);
    if (status == QHM_OK)
        status = qhm_allocate(r->number_count, sizeof *numbers, &numbers);
    if (status == QHM_OK) {
        for (size_t row = 1; status == QHM_OK && row < table->rows; row++)
            status = append_row(table, r, row, numbers, dataset);
        qhm_release(numbers);
    }
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}

qhm_status qhm_csv_read(char *text, size_t count, const qhm_csv_options *options,
                        qhm_dataset **out_dataset)
{
    size_t length = strlen(options->path);
    bool is_tsv = length > 4 && strcmp(options->path + length - 4, ".tsv") == 0;
    char separator = options->separator ? options->separator[0] : is_tsv ? '\t' : ',';
    qhm_csv_table table;
    QHM_TRY(qhm_csv_table_parse(text, count, separator, &table));
    roles r = {0};
    qhm_status status = find_roles(&table, options, &r);
    if (status == QHM_OK)
        status = fill(&table, &r, out_dataset);
    qhm_release(r.numbers);
    qhm_csv_table_release(&table);
    return status;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    (void)seed;
    (void)resample;
    const qhm_csv_options *o = options;
    QHM_REQUIRE(o->path, "the path of the csv file is not given");
    QHM_REQUIRE(!o->separator || (strlen(o->separator) == 1 && !strchr("\"\r\n", o->separator[0])),
                "separator is \"%s\", not one character", o->separator);
    char *text;
    size_t count;
    QHM_TRY(qhm_file_read(o->path, MAX_FILE_BYTES, &text, &count));
    qhm_status status = qhm_csv_read(text, count, o, out_dataset);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", o->path);
    return status;
}

#define FIELD(field) offsetof(qhm_csv_options, field)
static const qhm_option_info options_table[] = {
    {"path", QHM_OPTION_TEXT, FIELD(path), NULL, 0, 0, NULL, "the file; its first row is a header",
     NULL},
    {"label", QHM_OPTION_TEXT, FIELD(label), NULL, 0, 0, NULL,
     "column of the class; by default the column \"label\" if there is one", NULL},
    {"group", QHM_OPTION_TEXT, FIELD(group), NULL, 0, 0, NULL,
     "column of the family, which splits never cut", NULL},
    {"text", QHM_OPTION_TEXT, FIELD(text), NULL, 0, 0, NULL, "column of texts", NULL},
    {"name", QHM_OPTION_TEXT, FIELD(name), NULL, 0, 0, NULL, "column of item names", NULL},
    {"separator", QHM_OPTION_TEXT, FIELD(separator), NULL, 0, 0, NULL,
     "one character; by default a comma, and a tab in .tsv files", NULL},
    {0},
};

const qhm_data_source qhm_data_source_csv = {
    .name = "csv",
    .help = "a table with a header: label, family and text by column, the other columns numbers",
    .options = options_table,
    .options_bytes = sizeof(qhm_csv_options),
    .load = load,
};
