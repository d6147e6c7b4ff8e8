// Fields of files that have no effect: refused, or noted where a --set made them so.
#ifndef QHM_BASE_OPTION_USE_H
#define QHM_BASE_OPTION_USE_H

#include "base/document.h"

#include <qhm/options.h>

// What was told of fields without effect; release the lines.
typedef struct qhm_option_notes {
    bool takes_all; // refuse nothing: of files that were accepted once, as those of saved runs
    qhm_text lines; // a sentence each, with the field's place
} qhm_option_notes;

// What a file gives, after it was read and resolved.
typedef struct qhm_option_use {
    const qhm_option_info *table;
    const qhm_node *mapping; // NULL: not in the file
    const qhm_node *changes; // mapping's fields that differ; NULL: none. Then only these are
                             // judged, for what is idle in mapping may have its effect elsewhere
    const void *options;     // of the table
} qhm_option_use;

// Finds fields whose `used_with` does not hold. One that the file gives is refused, with its place
// and what would make it count; beside a --set of another field it is noted. "false" is no wish
// for anything, and passes.
QHM_MUST_CHECK qhm_status qhm_option_use_check(const qhm_option_use *use, qhm_option_notes *notes);

// qhm_options_read, qhm_options_resolve and the check of a whole mapping.
QHM_MUST_CHECK qhm_status qhm_options_read_used(const qhm_option_info *table,
                                                const qhm_node *mapping, void *options,
                                                qhm_option_notes *notes);

// For tests of tables: fails where a `used_with` does not read, or names a field, a choice or
// itself wrongly.
QHM_MUST_CHECK qhm_status qhm_option_use_check_table(const qhm_option_info *table);

#endif
