// Classical accelerators: a row each.
#include <qhm/accelerator.h>

#include "base/status_internal.h"
#include "base/text.h"

#include <math.h>

enum { MOST_ROWS = 16 };

static const char h100[] = "NVIDIA H100 SXM5 specifications: 700 W, 3.35 TB/s";

static const qhm_accelerator rows[] = {
    {"h100-fp64", "NVIDIA H100 SXM, FP64 tensor cores", "64-bit floating-point operation",
     700 / 66.9e12, 66.9e12, 700, 3.35e12, QHM_FIGURE_MEASURED, h100},
    {"h100-fp16", "NVIDIA H100 SXM, FP16, dense", "16-bit floating-point operation", 700 / 989.4e12,
     989.4e12, 700, 3.35e12, QHM_FIGURE_MEASURED, h100},
    {"h100-fp8", "NVIDIA H100 SXM, FP8, dense", "8-bit floating-point operation", 700 / 1978.9e12,
     1978.9e12, 700, 3.35e12, QHM_FIGURE_MEASURED, h100},
    {"loihi", "Intel Loihi", "synaptic operation", 23.6e-12, NAN, NAN, NAN, QHM_FIGURE_MEASURED,
     "Davies et al., IEEE Micro 38(1), 2018, as quoted; one source disputes where the number is "
     "from"},
    {"hala-point", "Intel Hala Point, 1,152 Loihi 2", "8-bit operation", 1 / 15e12, NAN, 2600, NAN,
     QHM_FIGURE_MEASURED, "Intel's announcement, 15 TOPS/W, as reported by eeNews Europe"},
    {"lightmatter", "Lightmatter photonic processor", "16-bit block floating-point operation",
     79.6 / 65.5e12, 65.5e12, 79.6, NAN, QHM_FIGURE_MEASURED,
     "Nature, s41586-025-08854-x, 65.5 TOPS at 78 W and 1.6 W of light, read through a secondary "
     "text"},
    {"aoc", "Microsoft analog optical computer", "operation", 1 / 500e12, NAN, NAN, NAN,
     QHM_FIGURE_PROJECTED, "Kalinin et al., Nature, September 2025, 500 TOPS/W, as reported"},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

_Static_assert((int)ROW_COUNT <= (int)MOST_ROWS, "qhm_accelerator_find has room for all");

const qhm_accelerator *qhm_accelerators(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

qhm_status qhm_accelerator_find(const char *name, const qhm_accelerator **accelerator)
{
    QHM_REQUIRE(name && accelerator, "an accelerator is found by its name");
    const char *names[MOST_ROWS];
    for (size_t i = 0; i < ROW_COUNT; i++)
        names[i] = rows[i].name;
    size_t index;
    QHM_TRY(qhm_find_name("accelerator", name, names, ROW_COUNT, &index));
    *accelerator = &rows[index];
    return QHM_OK;
}

void qhm_accelerator_cost(const qhm_accelerator *accelerator, double operations, double *seconds,
                          double *joules)
{
    if (seconds)
        *seconds = operations / accelerator->operations_per_second;
    if (joules)
        *joules = operations * accelerator->joules_per_operation;
}

void qhm_accelerator_gate_cost(const qhm_accelerator *accelerator, size_t qubits, double *seconds,
                               double *joules)
{
    const double bytes = 2 * 16 * exp2((double)qubits);
    const double time = bytes / accelerator->bytes_per_second;
    if (seconds)
        *seconds = time;
    if (joules)
        *joules = time * accelerator->watts;
}
