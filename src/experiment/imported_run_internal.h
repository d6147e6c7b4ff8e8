// What the files of imported runs share.
#ifndef QHM_EXPERIMENT_IMPORTED_RUN_INTERNAL_H
#define QHM_EXPERIMENT_IMPORTED_RUN_INTERNAL_H

#include "base/document.h"
#include "base/status_internal.h"

#include <qhm/imported_run.h>
#include <qhm/run_store.h>

#define QHM_IMPORT_FILE "import.json"

struct qhm_imported_run {
    qhm_import_info info; // owns its texts
    qhm_circuit *circuit;
    qhm_distribution *measured, *exact;
    char *result; // [result_bytes]; NULL for a loaded run
    size_t result_bytes;
    const char **arguments; // [argument_count]
    size_t argument_count;
};

// Fills a run that has its circuit from the document of import.json.
QHM_MUST_CHECK qhm_status qhm_imported_run_read(qhm_imported_run *run, const qhm_node *root);

// Fills what is known of the imported run in a folder: that its files are whole, not what is in
// them. Release the info in any case.
QHM_MUST_CHECK qhm_status qhm_imported_run_describe(const char *folder, qhm_run_info *info);

// Fails for a folder that holds an imported run, and says that it has no jobs.
QHM_MUST_CHECK qhm_status qhm_imported_run_refuse(const char *folder);

#endif
