// Comma-separated values (RFC 4180) with a header, read strictly.
#ifndef QHM_DATA_CSV_TABLE_H
#define QHM_DATA_CSV_TABLE_H

#include "base/status_internal.h"

#include <stddef.h>

// Zero-initialise; release with qhm_csv_table_release.
typedef struct qhm_csv_table {
    char *text;          // the file, cut into fields
    const char **fields; // [rows][columns], the header first
    size_t field_count, capacity;
    size_t rows, columns; // rows includes the header
    size_t *lines;        // [rows] where each begins, from 1
    size_t line_capacity;
} qhm_csv_table;

// Takes over text [count + 1], which ends in NUL. Fields in double quotes may hold separators, line
// ends and doubled quotes; blank lines are skipped. Errors (QHM_ERROR_BAD_INPUT) name the line and
// column: ragged rows, stray or open quotes, NUL bytes, header names that are empty or there twice.
QHM_MUST_CHECK qhm_status qhm_csv_table_parse(char *text, size_t count, char separator,
                                              qhm_csv_table *out_table);

void qhm_csv_table_release(qhm_csv_table *table);

const char *qhm_csv_table_field(const qhm_csv_table *table, size_t row, size_t column);

// The column of a header name; QHM_ERROR_BAD_INPUT names the nearest or all of them.
QHM_MUST_CHECK qhm_status qhm_csv_table_find(const qhm_csv_table *table, const char *name,
                                             size_t *out_column);

#endif
