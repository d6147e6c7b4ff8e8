// Names and keywords of characters from the Unicode CLDR's annotation files.
#ifndef QHM_DATA_CLDR_ANNOTATIONS_H
#define QHM_DATA_CLDR_ANNOTATIONS_H

#include "data/name_table.h"

typedef struct qhm_annotations {
    qhm_name_table characters; // UTF-8 without U+FE0F
    struct qhm_annotation {
        char *name;     // NULL when only keywords are known
        char *keywords; // "a | b | c" or NULL
    } * entries;        // [characters.count]
    size_t capacity;
} qhm_annotations;

// Adds the annotations of one XML file's content; later ones replace earlier ones. Zero-initialise.
// Errors name the line.
QHM_MUST_CHECK qhm_status qhm_annotations_parse(const char *xml, size_t count,
                                                qhm_annotations *annotations);

void qhm_annotations_release(qhm_annotations *annotations);

#endif
