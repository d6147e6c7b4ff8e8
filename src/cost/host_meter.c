// Seconds by the clock, joules by the running average power limit counters of the processors.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "cost/host_meter_internal.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { MOST_PACKAGES = 16, MOST_BYTES = 64 };

typedef struct packages {
    size_t count;
    double now[MOST_PACKAGES], range[MOST_PACKAGES]; // microjoules
} packages;

static double read_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// QHM_ERROR_OUT_OF_MEMORY; all other failures mean that there is no such counter.
static qhm_status read_counter(const char *folder, size_t package, const char *name, double *value,
                               bool *is_read)
{
    qhm_text path = {0};
    char *file, *bytes;
    size_t count;
    *is_read = false;
    qhm_text_print(&path, "%s/intel-rapl:%zu/%s", folder, package, name);
    QHM_TRY(qhm_text_take(&path, &file));
    qhm_status status = qhm_file_read(file, MOST_BYTES, &bytes, &count);
    qhm_release(file);
    if (status != QHM_OK)
        return status == QHM_ERROR_OUT_OF_MEMORY ? status : QHM_OK;
    bytes[strcspn(bytes, "\n")] = '\0';
    *is_read = qhm_parse_double(bytes, value);
    qhm_release(bytes);
    return QHM_OK;
}

static qhm_status read_packages(const char *folder, packages *read)
{
    bool is_there = true;
    read->count = 0;
    while (is_there && read->count < MOST_PACKAGES) {
        const size_t i = read->count;
        QHM_TRY(read_counter(folder, i, "energy_uj", &read->now[i], &is_there));
        if (is_there)
            QHM_TRY(read_counter(folder, i, "max_energy_range_uj", &read->range[i], &is_there));
        read->count += is_there;
    }
    return QHM_OK;
}

static double find_joules(const packages *before, const packages *after)
{
    double joules = 0;
    for (size_t i = 0; i < before->count; i++) {
        const double spent = after->now[i] - before->now[i];
        joules += 1e-6 * (spent < 0 ? spent + before->range[i] : spent);
    }
    return joules;
}

qhm_status qhm_host_measure_in(const char *folder, void (*work)(void *context), void *context,
                               double watts, qhm_host_cost *cost)
{
    QHM_REQUIRE(work && cost, "measuring needs work and a place for what it took");
    QHM_REQUIRE(isfinite(watts) && watts >= 0, "watts is %g, not a finite number of 0 or more",
                watts);
    packages before, after;
    QHM_TRY(read_packages(folder, &before));
    const double start = read_clock();
    work(context);
    qhm_host_cost made = {.seconds = read_clock() - start};
    const qhm_status status = read_packages(folder, &after);
    made.is_measured = status == QHM_OK && before.count > 0 && after.count == before.count;
    made.joules = made.is_measured ? find_joules(&before, &after)
                  : watts > 0      ? watts * made.seconds
                                   : (double)NAN;
    *cost = made;
    return QHM_OK;
}

qhm_status qhm_host_measure(void (*work)(void *context), void *context, double watts,
                            qhm_host_cost *cost)
{
    return qhm_host_measure_in("/sys/class/powercap", work, context, watts, cost);
}
