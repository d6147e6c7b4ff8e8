// Options tables at work: reading, checking, defaults, help and manifests for any options struct.
//
// Texts and nodes in a struct are borrowed: from the document, from the caller of set_text, or
// from the table's defaults. Keep the document until the struct is no longer used.
#ifndef QHM_BASE_OPTIONS_INTERNAL_H
#define QHM_BASE_OPTIONS_INTERNAL_H

#include "base/document.h"
#include "base/text.h"

#include <qhm/options.h>

struct json_t;

// Reads a mapping into the struct that the table describes; fields that the mapping lacks keep
// their value. A QHM_OPTION_NODE field is a `const qhm_node *` to a value of any kind. A mapping
// that is NULL (not in the file) or empty has no fields. Bad input names file, line, field, value
// and what was expected; an unknown field names the nearest one, or lists them all.
QHM_MUST_CHECK qhm_status qhm_options_read(const qhm_option_info *table, const qhm_node *mapping,
                                           void *options);

// Sets one field from text, as a command line or another language gives it; not for NODE fields.
// Bad input names field, value and what was expected.
QHM_MUST_CHECK qhm_status qhm_options_set_text(const qhm_option_info *table, const char *name,
                                               const char *value, void *options);

// Checks every field against its limits, as a C caller may have filled them, and puts the
// defaults into the zero ones. Idempotent.
QHM_MUST_CHECK qhm_status qhm_options_resolve(const qhm_option_info *table, void *options);

// Appends the fields with type, limits, default and help, `indent` blanks deep.
void qhm_options_print_help(const qhm_option_info *table, int indent, qhm_text *out);

// The values as a JSON object in the table's order, without NODE fields; json_decref the result.
// Numbers of 64 bits that JSON readers would round (above 2^53) are texts.
QHM_MUST_CHECK qhm_status qhm_options_to_json(const qhm_option_info *table, const void *options,
                                              struct json_t **out);

// The row of a name, or NULL.
const qhm_option_info *qhm_options_find(const qhm_option_info *table, const char *name);

// The name of the choice that is set, or NULL.
const char *qhm_options_choice(const qhm_option_info *table, const char *name, const void *options);

// For tests: fails when a row's default does not read, or lies outside its limits, when a row lacks
// help, or `used_with` names what the table does not have.
QHM_MUST_CHECK qhm_status qhm_options_check_table(const qhm_option_info *table);

#endif
