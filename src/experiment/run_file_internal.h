// A run file after reading: every option struct filled, every name looked up.
#ifndef QHM_EXPERIMENT_RUN_FILE_INTERNAL_H
#define QHM_EXPERIMENT_RUN_FILE_INTERNAL_H

#include "base/document.h"
#include "base/option_use.h"
#include "experiment/contest_budget.h"
#include "experiment/noise_ladder.h"
#include "experiment/task_kind.h"

#include <qhm/data_source.h>
#include <qhm/run.h>

typedef struct qhm_resample_options {
    size_t repeats, folds;
    bool ignores_groups;
} qhm_resample_options;

// Where a task's items come from: the run's data section, changed by the task's own.
typedef struct qhm_data_setting {
    const qhm_data_source *source;
    void *options; // [source->options_bytes]
} qhm_data_setting;

struct qhm_run_file {
    qhm_document *document;
    char *path;
    char *text; // the file's bytes, to be kept in the run folder
    size_t text_bytes;
    char **overrides; // as given, for the manifest and the commands that reproduce the run
    size_t override_count;
    qhm_option_notes notes; // fields without effect
    const char *name, *description;
    uint64_t seed;
    double margin;
    qhm_precision precision;
    qhm_resample_options resamples;
    qhm_noise_ladder ladder;
    qhm_budget budget;
    qhm_task *tasks;
    size_t task_count;
    qhm_data_setting *data;    // [task_count]
    qhm_run_circuit *circuits; // [circuit_count]
    qhm_spec_circuit *holders; // [circuit_count] what the circuits are borrowed from
    size_t circuit_count;
};

// qhm_run_file_load, also for the file of a saved run: that one was accepted once, and keeps fields
// that would be refused now for having no effect.
QHM_MUST_CHECK qhm_status qhm_run_file_read(const char *path, const char *const *overrides,
                                            size_t override_count, bool is_saved,
                                            qhm_run_file **out);

#endif
