// Patterns of qubit pairs: linear, ring, full.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/entanglement_internal.h"

#include <assert.h>

static const char *const names[] = {"default", "linear", "ring", "full", "none"};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

const char *qhm_entanglement_name(qhm_entanglement entanglement)
{
    assert((unsigned)entanglement < NAME_COUNT);
    return names[entanglement];
}

qhm_status qhm_entanglement_find(const char *name, qhm_entanglement *entanglement)
{
    size_t index;
    QHM_TRY(qhm_find_name("entanglement", name, names, NAME_COUNT, &index));
    *entanglement = (qhm_entanglement)index;
    return QHM_OK;
}

static size_t count_pairs(qhm_entanglement entanglement, size_t n)
{
    switch (entanglement) {
    case QHM_ENTANGLEMENT_DEFAULT:
    case QHM_ENTANGLEMENT_NONE:
        return 0;
    case QHM_ENTANGLEMENT_LINEAR:
        return n - 1;
    case QHM_ENTANGLEMENT_RING:
        return n > 2 ? n : n - 1;
    case QHM_ENTANGLEMENT_FULL:
        return n * (n - 1) / 2;
    }
    return 0;
}

qhm_status qhm_entanglement_pairs(qhm_entanglement entanglement, qhm_entanglement otherwise,
                                  size_t qubit_count, qhm_qubit_pair **pairs, size_t *pair_count)
{
    QHM_REQUIRE((unsigned)entanglement < NAME_COUNT, "entanglement is %u, not 0 to %d",
                (unsigned)entanglement, NAME_COUNT - 1);
    if (entanglement == QHM_ENTANGLEMENT_DEFAULT)
        entanglement = otherwise;
    size_t count = count_pairs(entanglement, qubit_count);
    qhm_qubit_pair *made;
    QHM_TRY(qhm_allocate(count, sizeof *made, &made));
    size_t at = 0;
    for (uint32_t i = 0; i < qubit_count && at < count; i++) {
        if (entanglement == QHM_ENTANGLEMENT_FULL)
            for (uint32_t j = i + 1; j < qubit_count; j++)
                made[at++] = (qhm_qubit_pair){i, j};
        else
            made[at++] = (qhm_qubit_pair){i, (uint32_t)((i + 1) % qubit_count)};
    }
    *pairs = made;
    *pair_count = count;
    return QHM_OK;
}
