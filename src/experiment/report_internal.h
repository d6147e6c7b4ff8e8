// What the files of the report share: the shape of its structs, and the parts of the page.
#ifndef QHM_EXPERIMENT_REPORT_INTERNAL_H
#define QHM_EXPERIMENT_REPORT_INTERNAL_H

#include "base/text.h"

#include <qhm/report.h>

// What a field of a report's struct is, in C and in JSON.
typedef enum qhm_report_kind {
    QHM_REPORT_TEXT,    // const char *
    QHM_REPORT_NUMBER,  // double; null is NaN
    QHM_REPORT_SIZE,    // size_t
    QHM_REPORT_UINT64,  // uint64_t; a text above 2^53
    QHM_REPORT_TRUTH,   // bool
    QHM_REPORT_RECORD,  // a struct inside: an object
    QHM_REPORT_RECORDS, // pointer and count of structs: a list of objects
    QHM_REPORT_NUMBERS, // const double * and count
    QHM_REPORT_SIZES,   // const size_t * and count
    QHM_REPORT_TEXTS    // const char *const * and count
} qhm_report_kind;

typedef struct qhm_report_shape qhm_report_shape;

typedef struct qhm_report_field {
    const char *name;
    qhm_report_kind kind;
    size_t offset, count_offset;
    const qhm_report_shape *shape; // of RECORD and RECORDS
} qhm_report_field;

struct qhm_report_shape {
    size_t size;
    const qhm_report_field *fields; // until a NULL name
};

// The shape of qhm_report. Saving, parsing and freeing all follow it.
extern const qhm_report_shape qhm_report_root_shape;

// The page and the JSON as text; what qhm_report_save_html and qhm_report_save write.
QHM_MUST_CHECK qhm_status qhm_report_print_html(const qhm_report *report, const char *folder,
                                                qhm_text *out);
QHM_MUST_CHECK qhm_status qhm_report_print_json(const qhm_report *report, qhm_text *out);

// "" for NULL.
const char *qhm_report_text(const char *text);

// The sections of the page (report_html.c puts them together).
typedef struct qhm_report_page {
    qhm_text *out;
    const char *folder; // of the pictures
    qhm_status status;  // the first picture that failed
} qhm_report_page;

// Bytes as data of an embedded picture.
void qhm_report_base64(const char *bytes, size_t count, qhm_text *out);

void qhm_report_print_style(qhm_text *out);
void qhm_report_print_task(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_queries(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_circuit(const qhm_report_circuit *circuit, qhm_text *out);
void qhm_report_print_ladder(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_costs(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_sides(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_contest(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_yields(const qhm_report_task *task, qhm_report_page *page);
void qhm_report_print_models(const qhm_report_task *task, qhm_text *out);

// <tag class="...">escaped text</tag>; no class for ""; nothing for an empty text.
void qhm_report_element(const char *tag, const char *classes, const char *text, qhm_text *out);
// 1234567 as "1 234 567" (narrow blanks).
void qhm_report_whole(double value, qhm_text *out);
// "0.812 (0.79 to 0.83)" or "–".
void qhm_report_interval(qhm_interval value, int decimals, qhm_text *out);
// Three digits and a unit: "4.2 ms", "0.31 kJ"; "–" when it is not known. As a table's cell, and
// alone.
void qhm_report_quantity(double value, const char *unit, qhm_text *out);
void qhm_report_quantity_text(double value, const char *unit, qhm_text *out);
// 12.3 as "12 s", 125 as "2 min 5 s".
void qhm_report_seconds(double seconds, qhm_text *out);

#endif
