// Tables: aligned for people, tab-separated for programs.
#ifndef QHM_CLI_TEXT_TABLE_H
#define QHM_CLI_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct qhm_text_column {
    const char *title;
    bool is_number; // to the right
} qhm_text_column;

typedef struct qhm_text_table qhm_text_table;

// A table of `count` columns, which are borrowed.
qhm_text_table *qhm_text_table_create(const qhm_text_column *columns, size_t count);
void qhm_text_table_destroy(qhm_text_table *table);

// Adds the next cell; rows fill from left to right.
void qhm_text_table_add(qhm_text_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Aligned under their titles. On a terminal, the widest text column is cut to make rows fit.
void qhm_text_table_print(const qhm_text_table *table, size_t indent, FILE *out);

// A line a row, cells separated by tabs, without titles: for cut, sort and awk.
void qhm_text_table_print_tabs(const qhm_text_table *table, FILE *out);

#endif
