// The table of sources, and loading through it.
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/text.h"
#include "data/sources.h"

#include <string.h>

static const qhm_data_source *const sources[] = {
    &qhm_data_source_emoji,     &qhm_data_source_pairs,     &qhm_data_source_idx,
    &qhm_data_source_csv,       &qhm_data_source_sentences, &qhm_data_source_havlicek,
    &qhm_data_source_separable,
};

enum { SOURCE_COUNT = sizeof sources / sizeof *sources };

const qhm_data_source *const *qhm_data_sources(size_t *out_count)
{
    *out_count = SOURCE_COUNT;
    return sources;
}

qhm_status qhm_data_source_find(const char *name, const qhm_data_source **out_source)
{
    QHM_REQUIRE(name && out_source, "the source's name or out_source is NULL");
    const char *names[SOURCE_COUNT];
    qhm_text known = {0};
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (strcmp(sources[i]->name, name) == 0) {
            qhm_text_release(&known);
            *out_source = sources[i];
            return QHM_OK;
        }
        names[i] = sources[i]->name;
        qhm_text_print(&known, "%s%s", i > 0 ? ", " : "", sources[i]->name);
    }
    const char *nearest = qhm_nearest_name(name, names, SOURCE_COUNT);
    char *list;
    QHM_TRY(qhm_text_take(&known, &list));
    qhm_status status =
        nearest
            ? QHM_FAIL(QHM_ERROR_NOT_FOUND, "no data source '%s': did you mean '%s'", name, nearest)
            : QHM_FAIL(QHM_ERROR_NOT_FOUND, "no data source '%s', only %s", name, list);
    qhm_release(list);
    return status;
}

qhm_status qhm_data_source_load(const qhm_data_source *source, const void *options, uint64_t seed,
                                size_t resample, qhm_dataset **out_dataset)
{
    QHM_REQUIRE(source && source->load && out_dataset, "the source or out_dataset is NULL");
    char *completed;
    QHM_TRY(qhm_allocate(source->options_bytes, 1, &completed));
    if (options)
        memcpy(completed, options, source->options_bytes);
    qhm_status status = qhm_options_resolve(source->options, completed);
    qhm_dataset *dataset = NULL;
    if (status == QHM_OK)
        status = source->load(completed, seed, resample, &dataset);
    qhm_release(completed);
    if (status == QHM_OK)
        status = qhm_dataset_check(dataset);
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}
