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
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        names[i] = sources[i]->name;
    size_t found;
    QHM_TRY(qhm_find_name("data source", name, names, SOURCE_COUNT, &found));
    *out_source = sources[found];
    return QHM_OK;
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
