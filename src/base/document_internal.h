// What the two readers of document.h share: the tree and how it grows.
#ifndef QHM_BASE_DOCUMENT_INTERNAL_H
#define QHM_BASE_DOCUMENT_INTERNAL_H

#include "base/document.h"

struct qhm_node {
    qhm_node_kind kind;
    bool quoted;
    size_t line; // from 1; 0 unknown
    size_t name_line;
    size_t offset; // of JSON: of the name, or of a value without one
    char *name, *text;
    const char *source; // the file's name, or "--set x"; owned by the document
    const qhm_node *parent;
    size_t index; // in the parent
    qhm_node **children;
    size_t count, capacity;
};

struct qhm_document {
    qhm_node *root;
    char **sources; // the file's name, then one for each assignment
    size_t source_count, source_capacity;
};

// What a reader knows of a value when it meets it.
typedef struct qhm_node_start {
    qhm_node_kind kind;
    bool quoted;
    size_t line, name_line;
    const char *text, *name; // copied; NULL: none
} qhm_node_start;

// A document with no root yet.
QHM_MUST_CHECK qhm_status qhm_document_create(const char *name, qhm_document **out);

// Appends a value to parent, or makes it the root when parent is NULL.
QHM_MUST_CHECK qhm_status qhm_document_append(qhm_document *document, qhm_node *parent,
                                              const qhm_node_start *start, qhm_node **out);

// Fails when a name is in the mapping twice.
QHM_MUST_CHECK qhm_status qhm_document_check_names(const qhm_node *mapping);

void qhm_node_destroy(qhm_node *node);

#endif
