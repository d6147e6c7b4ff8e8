// Documents: one read-only tree for YAML and JSON files that knows where each value stands.
#ifndef QHM_BASE_DOCUMENT_H
#define QHM_BASE_DOCUMENT_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct qhm_document qhm_document;

// A value in a document; borrowed from it and never changed.
typedef struct qhm_node qhm_node;

typedef enum qhm_node_kind {
    QHM_NODE_NULL = 0,     // nothing, ~ or null
    QHM_NODE_SCALAR = 1,   // a text, number or truth value
    QHM_NODE_SEQUENCE = 2, // a list
    QHM_NODE_MAPPING = 3   // names and values, in the file's order, no name twice
} qhm_node_kind;

enum {
    QHM_DOCUMENT_MAX_DEPTH = 64,
    QHM_DOCUMENT_MAX_YAML_BYTES = 1 << 20, // people write these
    QHM_DOCUMENT_MAX_JSON_BYTES = 1 << 28  // programs write these
};

// Reads a file: JSON when its name ends in .json, YAML otherwise. Refused with bad input and a
// message that begins "path:line: ": malformed text, invalid UTF-8, NUL, a name twice in one
// mapping (both lines are named), nesting over 64, and in YAML anchors, aliases, tags, names
// that are not plain text, and more than one document.
QHM_MUST_CHECK qhm_status qhm_document_load(const char *path, qhm_document **out);

// The same from memory; `name` stands for the path in messages.
QHM_MUST_CHECK qhm_status qhm_document_parse_yaml(const char *bytes, size_t count, const char *name,
                                                  qhm_document **out);
QHM_MUST_CHECK qhm_status qhm_document_parse_json(const char *bytes, size_t count, const char *name,
                                                  qhm_document **out);

// Sets one value from the command line: "tuning.trials=3", "tasks.0.metric=r_at_10". The path's
// parts are names or list positions; the value is read as YAML. A name that the mapping lacks is
// added (whoever reads the mapping knows whether it exists). Errors about the value name the
// place as "--set tuning.trials".
QHM_MUST_CHECK qhm_status qhm_document_set(qhm_document *document, const char *assignment);

void qhm_document_destroy(qhm_document *document);

// The outermost value; never NULL (an empty YAML file is a NULL node).
const qhm_node *qhm_document_root(const qhm_document *document);

qhm_node_kind qhm_node_kind_of(const qhm_node *node);
// The word for a kind in messages: "nothing", "a value", "a list", "a mapping".
const char *qhm_node_kind_name(qhm_node_kind kind);
// Line in the file from 1; 0 where it is not known (JSON).
size_t qhm_node_line(const qhm_node *node);
// Bytes of the file before the value, or before its name in a mapping; 0 where not known (YAML).
size_t qhm_node_offset(const qhm_node *node);
// Appends "tasks.2.name"; nothing for the outermost value.
void qhm_node_append_path(const qhm_node *node, qhm_text *path);
// The text of a scalar; "" for other kinds.
const char *qhm_node_text(const qhm_node *node);
// True for a value that came from qhm_document_set.
bool qhm_node_is_assigned(const qhm_node *node);
// True for 'x', "x" and block scalars, and for JSON strings: a text whatever it looks like.
bool qhm_node_is_quoted(const qhm_node *node);

// Items of a sequence or values of a mapping; 0 for others.
size_t qhm_node_count(const qhm_node *node);
const qhm_node *qhm_node_at(const qhm_node *node, size_t index);
// The name of this value in its mapping; NULL elsewhere.
const char *qhm_node_name(const qhm_node *node);
// The value of this name; NULL when absent or when the node is no mapping.
const qhm_node *qhm_node_find(const qhm_node *node, const char *name);

// Appends "examples/x.yaml:12", or for JSON "results.json: tasks.2.name".
void qhm_node_append_place(const qhm_node *node, qhm_text *place);

// Sets a message that begins with the node's place ("examples/x.yaml:12: ", or for JSON
// "results.json: tasks.2.name: ") and returns bad input.
qhm_status qhm_node_fail(const qhm_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
