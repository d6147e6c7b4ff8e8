// Complete graphs on D-Wave's chips: a line down a column and one along the row of the same number.
#include <qhm/minor_embedding.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

// How a chip's map is read: both kinds list the qubits of vertical lines first.
typedef struct reading {
    double pitch;   // of rows on the map
    long reach;     // rows that a qubit crosses
    double shift;   // from a qubit's place to its first row, in units of the map
    long lanes;     // lines of one column, each in as many `halves`
    long halves;    // 2: lines overlap half a qubit
    long first_row; // the first that all lines reach
} reading;

enum { KINDS = 2 };

static const reading readings[KINDS] = {
    {.pitch = 6, .reach = 2, .shift = 5.5, .lanes = 4, .halves = 2, .first_row = 1}, // Zephyr
    {.pitch = 1, .reach = 12, .shift = 6, .lanes = 1, .halves = 1, .first_row = 10}, // Pegasus
};

// A qubit as a piece of a line: of the spin that has this line, and the rows that it crosses.
typedef struct piece {
    long spin, column, first, last;
} piece;

static piece read_piece(const reading *kind, const qhm_device_qubit *qubit, bool is_down)
{
    const double across = is_down ? qubit->x : qubit->y, along = is_down ? qubit->y : qubit->x;
    piece p;
    p.column = (long)floor(across / kind->pitch);
    p.first = lround((along - kind->shift) / kind->pitch);
    p.last = p.first + kind->reach - 1;
    const long lane = kind->lanes == 1 ? 0 : lround(across - (double)p.column * kind->pitch) - 1;
    const long half = kind->halves == 1 ? 0 : (p.first % 2 + 2) % 2;
    p.spin = lane < 0 || lane >= kind->lanes
                 ? -1
                 : (p.column - kind->first_row) * kind->lanes * kind->halves + 2 * lane + half;
    return p;
}

static bool is_needed(const reading *kind, const piece *p, bool is_down, long last_row)
{
    return is_down ? p->first <= p->column && p->last >= kind->first_row
                   : p->last >= p->column && p->first <= last_row;
}

// Counts each spin's qubits, or with `qubits` puts them at next[spin].
static void collect(const reading *kind, const qhm_device *device, size_t spin_count, size_t *next,
                    uint32_t *qubits)
{
    const long width = kind->lanes * kind->halves;
    const long last_row = kind->first_row + ((long)spin_count - 1) / width;
    const size_t count = qhm_device_qubit_count(device);
    for (size_t q = 0; q < count; q++) {
        const bool is_down = q < count / 2;
        const piece p = read_piece(kind, qhm_device_qubit_at(device, q), is_down);
        if (p.spin < 0 || p.spin >= (long)spin_count || !is_needed(kind, &p, is_down, last_row))
            continue;
        if (qubits)
            qubits[next[p.spin]] = (uint32_t)q;
        next[p.spin]++;
    }
}

// `work`: [2 spin_count].
static qhm_status attempt(const reading *kind, const qhm_device *device, size_t spin_count,
                          size_t *work, uint32_t *qubits, qhm_minor_embedding **embedding)
{
    size_t *lengths = work, *next = work + spin_count, total = 0;
    for (size_t i = 0; i < spin_count; i++)
        lengths[i] = 0;
    collect(kind, device, spin_count, lengths, NULL);
    for (size_t i = 0; i < spin_count; i++) {
        next[i] = total;
        total += lengths[i];
    }
    collect(kind, device, spin_count, next, qubits);
    QHM_TRY(qhm_minor_embedding_create(spin_count, lengths, qubits, embedding));
    const qhm_status status = qhm_minor_embedding_check(*embedding, NULL, device);
    if (status != QHM_OK)
        qhm_minor_embedding_destroy(*embedding);
    return status;
}

qhm_status qhm_minor_embedding_find_clique(size_t spin_count, const qhm_device *device,
                                           qhm_minor_embedding **embedding)
{
    size_t *work = NULL;
    uint32_t *qubits = NULL;
    qhm_minor_embedding *made;
    QHM_REQUIRE(device && embedding && spin_count >= 1, "no device, embedding or spins");
    const size_t count = qhm_device_qubit_count(device);
    if (qhm_device_is_all_to_all(device) || spin_count > count)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "no clique of %zu spins on %s", spin_count,
                        qhm_device_name(device));
    qhm_status status = qhm_allocate(2 * spin_count, sizeof *work, &work);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *qubits, &qubits);
    if (status == QHM_OK) {
        status = QHM_ERROR_BAD_INPUT;
        for (int kind = 0; kind < KINDS && status == QHM_ERROR_BAD_INPUT; kind++)
            status = attempt(&readings[kind], device, spin_count, work, qubits, &made);
    }
    qhm_release(work);
    qhm_release(qubits);
    if (status == QHM_ERROR_BAD_INPUT)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "no clique of %zu spins on %s", spin_count,
                        qhm_device_name(device));
    if (status == QHM_OK)
        *embedding = made;
    return status;
}
