// Inverses of channels as sums of operations with signs.
//
// A mixture of Pauli strings multiplies each Pauli string by a number; the inverse divides by it,
// and a Walsh-Hadamard transform gives the weights. Relaxation also moves Z: on one qubit its
// transfer matrix is spanned by that of I, X, Y, Z and a reset, on two qubits by their products.
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/mitigation.h>
#include <string.h>

#define LEAST_FACTOR 1e-9 // of a Pauli string that can still be restored
#define NOT_THERE 1e-9    // entries of transfer matrices
#define NO_WEIGHT 1e-14

// Whether strings in base 4, digits I X Y Z, anticommute.
static bool anticommute(size_t a, size_t b)
{
    bool odd = false;
    for (; a > 0 && b > 0; a /= 4, b /= 4)
        odd ^= a % 4 != 0 && b % 4 != 0 && a % 4 != b % 4;
    return odd;
}

static qhm_status refuse_lost(double factor)
{
    return QHM_FAIL(QHM_ERROR_NUMERIC,
                    "the channel leaves %g of a Pauli string, which nothing can restore", factor);
}

static void keep_term(double weight, size_t string, qhm_recovery_term *terms, size_t *count)
{
    if (fabs(weight) < NO_WEIGHT)
        return;
    qhm_recovery_term term = {.weight = weight};
    for (size_t q = 0; q < QHM_CHANNEL_MAX_QUBITS; q++, string /= 4)
        term.recoveries[q] = (uint8_t)(string % 4);
    terms[(*count)++] = term;
}

// probabilities [dimension = 4^k] becomes the factors 1 / f of the inverse in `factors`.
static qhm_status recover_pauli(size_t dimension, const double *probabilities, double *inverse,
                                qhm_recovery_term *terms, size_t *count)
{
    for (size_t a = 0; a < dimension; a++) {
        double factor = 0;
        for (size_t b = 0; b < dimension; b++)
            factor += anticommute(a, b) ? -probabilities[b] : probabilities[b];
        if (!(fabs(factor) > LEAST_FACTOR))
            return refuse_lost(factor);
        inverse[a] = 1 / factor;
    }
    for (size_t b = 0; b < dimension; b++) {
        double weight = 0;
        for (size_t a = 0; a < dimension; a++)
            weight += anticommute(a, b) ? -inverse[a] : inverse[a];
        keep_term(weight / (double)dimension, b, terms, count);
    }
    return QHM_OK;
}

// The five places of a one-qubit transfer matrix that relaxation can fill: 1, X, Y, Z, and Z
// from 1.
enum { PLACES = 5, SHIFT = 4 };
static const size_t place_rows[PLACES] = {0, 1, 2, 3, 3}, place_columns[PLACES] = {0, 1, 2, 3, 0};

// Weights of I, X, Y, Z and a reset to `target` (1 or -1) from the five places: the reset takes
// all of the shift, Pauli matrices the rest.
static void recovery_row(size_t operation, double target, double row[PLACES])
{
    static const double signs[4][4] = {
        {1, 1, 1, 1}, {1, 1, -1, -1}, {1, -1, 1, -1}, {1, -1, -1, 1}};
    memset(row, 0, PLACES * sizeof *row);
    if (operation == SHIFT) {
        row[SHIFT] = target;
        return;
    }
    for (int p = 0; p < 4; p++)
        row[p] = signs[operation][p] / 4;
    row[SHIFT] = -target / 4; // what the reset has put on the place of 1
}

static size_t place_index(size_t qubits, const size_t *places, size_t dimension)
{
    size_t row = 0, column = 0;
    for (size_t q = qubits; q-- > 0;) {
        row = 4 * row + place_rows[places[q]];
        column = 4 * column + place_columns[places[q]];
    }
    return row * dimension + column;
}

// The inverse of a transfer matrix that is triangular up to the order of strings: Gauss and Jordan.
static qhm_status invert(size_t n, double *a, double *inverse)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            inverse[i * n + j] = i == j;
    for (size_t c = 0; c < n; c++) {
        const double pivot = a[c * n + c];
        if (!(fabs(pivot) > LEAST_FACTOR))
            return refuse_lost(pivot);
        for (size_t i = 0; i < n; i++) {
            const double factor = a[i * n + c] / pivot;
            if (i == c || factor == 0)
                continue;
            for (size_t j = 0; j < n; j++) {
                a[i * n + j] -= factor * a[c * n + j];
                inverse[i * n + j] -= factor * inverse[c * n + j];
            }
        }
        for (size_t j = 0; j < n; j++) {
            a[c * n + j] /= pivot;
            inverse[c * n + j] /= pivot;
        }
    }
    return QHM_OK;
}

// Nothing but the places of relaxation is in a transfer matrix.
static bool is_relaxation(size_t qubits, size_t dimension, const double *transfer)
{
    for (size_t row = 0; row < dimension; row++)
        for (size_t column = 0; column < dimension; column++) {
            bool has_place = true;
            for (size_t q = 0, r = row, c = column; q < qubits; q++, r /= 4, c /= 4)
                has_place = has_place && (r % 4 == c % 4 || (r % 4 == 3 && c % 4 == 0));
            if (!has_place && fabs(transfer[row * dimension + column]) > NOT_THERE)
                return false;
        }
    return true;
}

// inverse [4^k][4^k] as products of I, X, Y, Z and resets, k at most 2.
static void expand_inverse(size_t qubits, size_t dimension, const double *inverse,
                           qhm_recovery_term *terms, size_t *count)
{
    double target[2] = {1, 1};
    for (size_t q = 0; q < qubits; q++) {
        const size_t z = q == 0 ? 3 : 12; // Z on this qubit alone, from the identity
        // Undoing a drift towards |0> takes a reset to |0>, with a negative weight.
        target[q] = inverse[z * dimension] > 0 ? -1 : 1;
    }
    const size_t second = qubits == 2 ? PLACES : 1;
    for (size_t high = 0; high < second; high++)
        for (size_t low = 0; low < PLACES; low++) {
            double rows[2][PLACES] = {{0}, {1}}, weight = 0;
            recovery_row(low, target[0], rows[0]);
            if (qubits == 2)
                recovery_row(high, target[1], rows[1]);
            for (size_t b = 0; b < second; b++)
                for (size_t a = 0; a < PLACES; a++) {
                    const size_t places[2] = {a, b};
                    weight +=
                        rows[0][a] * rows[1][b] * inverse[place_index(qubits, places, dimension)];
                }
            if (fabs(weight) < NO_WEIGHT)
                continue;
            qhm_recovery_term term = {.weight = weight};
            const size_t operations[2] = {low, high};
            for (size_t q = 0; q < qubits; q++)
                term.recoveries[q] = (uint8_t)(operations[q] < SHIFT ? operations[q]
                                               : target[q] > 0       ? QHM_RECOVERY_ZERO
                                                                     : QHM_RECOVERY_ONE);
            terms[(*count)++] = term;
        }
}

static qhm_status recover_relaxation(const qhm_channel *channel, size_t dimension, double *room,
                                     qhm_recovery_term *terms, size_t *count)
{
    double *transfer = room, *inverse = room + dimension * dimension;
    if (channel->qubit_count > 2)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "noise on %zu qubits that is no mixture of Pauli strings has no known "
                        "inverse: twirl it",
                        channel->qubit_count);
    QHM_TRY(qhm_channel_pauli_transfer_matrix(channel, transfer));
    if (!is_relaxation(channel->qubit_count, dimension, transfer))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "noise that is neither Pauli strings nor relaxation, such as a turn, has "
                        "no known inverse: twirl it");
    QHM_TRY(invert(dimension, transfer, inverse));
    expand_inverse(channel->qubit_count, dimension, inverse, terms, count);
    return QHM_OK;
}

qhm_status qhm_channel_recover(const qhm_channel *channel, qhm_recovery_term *terms, size_t *count,
                               double *gamma)
{
    QHM_REQUIRE(channel && terms && count, "an inverse needs a channel and a place for its terms");
    QHM_REQUIRE(channel->qubit_count >= 1 && channel->qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "the channel is on %zu qubits, not 1 to %d", channel->qubit_count,
                QHM_CHANNEL_MAX_QUBITS);
    const size_t dimension = (size_t)1 << 2 * channel->qubit_count;
    double *room; // two transfer matrices, or two vectors
    qhm_recovery_term *found = NULL;
    size_t kept = 0;
    bool is_pauli = false;
    QHM_TRY(qhm_allocate(2 * dimension * dimension, sizeof *room, &room));
    qhm_status status = qhm_allocate(dimension > 25 ? dimension : 25, sizeof *found, &found);
    if (status == QHM_OK)
        status = qhm_channel_pauli_probabilities(channel, room, &is_pauli);
    if (status == QHM_OK)
        status = is_pauli ? recover_pauli(dimension, room, room + dimension, found, &kept)
                          : recover_relaxation(channel, dimension, room, found, &kept);
    double norm = 0;
    for (size_t i = 0; status == QHM_OK && i < kept; i++) {
        terms[i] = found[i];
        norm += fabs(found[i].weight);
    }
    qhm_release(room);
    qhm_release(found);
    if (status != QHM_OK)
        return status;
    *count = kept;
    if (gamma)
        *gamma = norm;
    return QHM_OK;
}
