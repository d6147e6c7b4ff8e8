// D-Wave's graphs: every qubit is a segment of a line, coupled to the segments that cross it, to
// the next ones on its line, and to its neighbours of the same direction.
#include "base/memory.h"
#include "device/topology.h"

// A qubit of Zephyr: direction u, line w, track k, half j, place z.
typedef struct zephyr_qubit {
    size_t u, w, k, j, z;
} zephyr_qubit;

static size_t zephyr_number(size_t m, size_t t, zephyr_qubit q)
{
    return (((q.u * (2 * m + 1) + q.w) * t + q.k) * 2 + q.j) * m + q.z;
}

static qhm_status add_zephyr_qubits(qhm_device *device, size_t m, size_t t, const char *kind)
{
    for (size_t number = 0; number < 4 * t * m * (2 * m + 1); number++) {
        size_t z = number % m, j = number / m % 2, k = number / m / 2 % t;
        size_t line = number / m / 2 / t, u = line / (2 * m + 1), w = line % (2 * m + 1);
        double pitch = (double)t + 2;
        double across = (double)w * pitch + (double)k + 1;
        double along = ((double)(2 * z + j) + 0.5) * pitch + ((double)t + 1) / 2;
        QHM_TRY(
            qhm_device_add_qubit(device, u == 0 ? across : along, u == 0 ? along : across, kind));
    }
    return QHM_OK;
}

// Along the lines: the next segment, and the halves that overlap.
static qhm_status add_zephyr_lines(qhm_device *device, size_t m, size_t t, const char *kind)
{
    for (size_t track = 0; track < 2 * (2 * m + 1) * t; track++) {
        size_t base = track * 2 * m; // half 0, then half 1 at base + m
        for (size_t z = 0; z < m; z++) {
            for (size_t j = 0; j < 2 && z + 1 < m; j++)
                QHM_TRY(
                    qhm_device_add_coupler(device, base + j * m + z, base + j * m + z + 1, kind));
            QHM_TRY(qhm_device_add_coupler(device, base + z, base + m + z, kind));
            if (z > 0)
                QHM_TRY(qhm_device_add_coupler(device, base + z, base + m + z - 1, kind));
        }
    }
    return QHM_OK;
}

// The sixteen couplers that cross between place (w, z), tracks k and h.
static qhm_status add_zephyr_crossing(qhm_device *device, size_t m, size_t t, zephyr_qubit at,
                                      size_t h, const char *kind)
{
    for (size_t bits = 0; bits < 16; bits++) {
        size_t i = bits & 1, j = bits >> 1 & 1, a = bits >> 2 & 1, b = bits >> 3 & 1;
        zephyr_qubit down = {0, 2 * at.w + 1 + (a ? 2 * i - 1 : 0), at.k, j, at.z};
        zephyr_qubit right = {1, 2 * at.z + 1 + (b ? 2 * j - 1 : 0), h, i, at.w};
        QHM_TRY(qhm_device_add_coupler(device, zephyr_number(m, t, down),
                                       zephyr_number(m, t, right), kind));
    }
    return QHM_OK;
}

qhm_status qhm_topology_add_zephyr(qhm_device *device, size_t m, size_t t,
                                   const qhm_topology_kinds *kinds)
{
    QHM_TRY(add_zephyr_qubits(device, m, t, kinds->qubit));
    QHM_TRY(add_zephyr_lines(device, m, t, kinds->coupler));
    for (size_t place = 0; place < m * m; place++)
        for (size_t tracks = 0; tracks < t * t; tracks++) {
            zephyr_qubit at = {.w = place / m, .z = place % m, .k = tracks / t};
            QHM_TRY(add_zephyr_crossing(device, m, t, at, tracks % t, kinds->coupler));
        }
    return QHM_OK;
}

enum { PEGASUS_TRACKS = 12 };

// Where the segments of each track begin: first of vertical, then of horizontal lines.
static const size_t pegasus_shifts[2][PEGASUS_TRACKS] = {
    {2, 2, 2, 2, 10, 10, 10, 10, 6, 6, 6, 6},
    {6, 6, 6, 6, 2, 2, 2, 2, 10, 10, 10, 10},
};

// The horizontal segment that crosses vertical segment (w, k, z) at horizontal line `line`, counted
// over all tracks; false outside the graph.
static bool pegasus_crossing(size_t m, size_t w, size_t k, size_t line, size_t *number)
{
    size_t other = line % PEGASUS_TRACKS, shift = pegasus_shifts[1][other];
    size_t place = w * PEGASUS_TRACKS + k; // of the vertical line
    if (line >= m * PEGASUS_TRACKS || place < shift || (place - shift) / PEGASUS_TRACKS >= m - 1)
        return false;
    *number = ((m + line / PEGASUS_TRACKS) * PEGASUS_TRACKS + other) * (m - 1) +
              (place - shift) / PEGASUS_TRACKS;
    return true;
}

// Calls for each pair of segments that cross: marks them, or adds their coupler.
static qhm_status cross_pegasus(qhm_device *device, size_t m, size_t *numbers, const char *kind)
{
    for (size_t vertical = 0; vertical < PEGASUS_TRACKS * m * (m - 1); vertical++) {
        size_t z = vertical % (m - 1), k = vertical / (m - 1) % PEGASUS_TRACKS;
        size_t w = vertical / (m - 1) / PEGASUS_TRACKS, horizontal;
        for (size_t step = 0; step < PEGASUS_TRACKS; step++) {
            size_t line = z * PEGASUS_TRACKS + pegasus_shifts[0][k] + step;
            if (!pegasus_crossing(m, w, k, line, &horizontal))
                continue;
            if (device)
                QHM_TRY(
                    qhm_device_add_coupler(device, numbers[vertical], numbers[horizontal], kind));
            else
                numbers[vertical] = numbers[horizontal] = 1;
        }
    }
    return QHM_OK;
}

// numbers [24 m (m - 1)]: in, 1 for segments of the fabric; out, their qubits.
static qhm_status add_pegasus_qubits(qhm_device *device, size_t m, size_t *numbers,
                                     const char *kind)
{
    for (size_t segment = 0; segment < 2 * PEGASUS_TRACKS * m * (m - 1); segment++) {
        if (numbers[segment] == 0) {
            numbers[segment] = SIZE_MAX;
            continue;
        }
        size_t z = segment % (m - 1), line = segment / (m - 1) % (PEGASUS_TRACKS * m);
        size_t u = segment / (m - 1) / (PEGASUS_TRACKS * m);
        double along = (double)(z * PEGASUS_TRACKS + pegasus_shifts[u][line % PEGASUS_TRACKS]) + 6;
        double across = (double)line;
        numbers[segment] = device->qubit_count;
        QHM_TRY(
            qhm_device_add_qubit(device, u == 0 ? across : along, u == 0 ? along : across, kind));
    }
    return QHM_OK;
}

static qhm_status add_pegasus_lines(qhm_device *device, size_t m, const size_t *numbers,
                                    const char *kind)
{
    for (size_t segment = 0; segment < 2 * PEGASUS_TRACKS * m * (m - 1); segment++) {
        size_t z = segment % (m - 1), track = segment / (m - 1) % PEGASUS_TRACKS;
        size_t next = segment + 1, beside = segment + m - 1;
        if (numbers[segment] == SIZE_MAX)
            continue;
        if (z + 2 < m && numbers[next] != SIZE_MAX)
            QHM_TRY(qhm_device_add_coupler(device, numbers[segment], numbers[next], kind));
        if (track % 2 == 0 && numbers[beside] != SIZE_MAX)
            QHM_TRY(qhm_device_add_coupler(device, numbers[segment], numbers[beside], kind));
    }
    return QHM_OK;
}

qhm_status qhm_topology_add_pegasus(qhm_device *device, size_t m, const qhm_topology_kinds *kinds)
{
    size_t *numbers;
    QHM_TRY(qhm_allocate(2 * PEGASUS_TRACKS * m * (m - 1), sizeof *numbers, &numbers));
    qhm_status status = cross_pegasus(NULL, m, numbers, NULL);
    if (status == QHM_OK)
        status = add_pegasus_qubits(device, m, numbers, kinds->qubit);
    if (status == QHM_OK)
        status = add_pegasus_lines(device, m, numbers, kinds->coupler);
    if (status == QHM_OK)
        status = cross_pegasus(device, m, numbers, kinds->coupler);
    qhm_release(numbers);
    return status;
}
