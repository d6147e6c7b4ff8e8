// Latent semantic analysis of centred TF-IDF rows by an exact symmetric eigenproblem.
#include "data/term_components.h"

#include "base/memory.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <string.h>

// Eigenvalues are squares, so this drops singular values below 1e-7 of the largest.
#define RANK_TOLERANCE 1e-14

// gram [length][length] = sum of (row - mean)(row - mean)'.
static void gram_of_words(const qhm_term_row *rows, size_t count, size_t length, const double *mean,
                          double *gram)
{
    for (size_t i = 0; i < count; i++)
        for (size_t a = 0; a < rows[i].count; a++) {
            double *line = gram + rows[i].entries[a].term * length;
            for (size_t b = 0; b < rows[i].count; b++)
                line[rows[i].entries[b].term] +=
                    rows[i].entries[a].weight * rows[i].entries[b].weight;
        }
    for (size_t a = 0; a < length; a++)
        for (size_t b = 0; b < length; b++)
            gram[a * length + b] -= (double)count * mean[a] * mean[b];
}

static double dot_dense(const qhm_term_row *row, const double *dense)
{
    double sum = 0;
    for (size_t a = 0; a < row->count; a++)
        sum += row->entries[a].weight * dense[row->entries[a].term];
    return sum;
}

// gram [count][count] = (row_i - mean)(row_k - mean). dense [length] is scratch, all 0.
static void gram_of_texts(const qhm_term_row *rows, size_t count, size_t length, const double *mean,
                          double *dense, double *gram)
{
    double square = 0;
    for (size_t j = 0; j < length; j++)
        square += mean[j] * mean[j];
    for (size_t i = 0; i < count; i++) {
        for (size_t a = 0; a < rows[i].count; a++)
            dense[rows[i].entries[a].term] = rows[i].entries[a].weight;
        double along = dot_dense(&rows[i], mean);
        for (size_t k = 0; k < count; k++) {
            gram[i * count + k] += dot_dense(&rows[k], dense) - along + square;
            gram[k * count + i] -= along;
        }
        for (size_t a = 0; a < rows[i].count; a++)
            dense[rows[i].entries[a].term] = 0;
    }
}

// The component of eigenvector u of the texts' matrix is u' (rows - mean) / sqrt(value).
static void lift(const qhm_term_row *rows, size_t count, size_t length, const double *mean,
                 const double *u, double value, double *component)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        double weight = u[i] / sqrt(value);
        total += weight;
        for (size_t a = 0; a < rows[i].count; a++)
            component[rows[i].entries[a].term] += weight * rows[i].entries[a].weight;
    }
    for (size_t j = 0; j < length; j++)
        component[j] -= total * mean[j];
    qhm_fix_sign(component, length);
}

qhm_status qhm_term_components(const qhm_term_row *rows, size_t count, size_t length, size_t wanted,
                               double *mean, double *components)
{
    size_t side = count < length ? count : length, found = wanted < side ? wanted : side;
    memset(mean, 0, length * sizeof *mean);
    memset(components, 0, wanted * length * sizeof *components);
    for (size_t i = 0; i < count; i++)
        for (size_t a = 0; a < rows[i].count; a++)
            mean[rows[i].entries[a].term] += rows[i].entries[a].weight / (double)count;
    double *gram, *values = NULL, *vectors = NULL, *dense = NULL;
    QHM_TRY(qhm_allocate(side * side, sizeof *gram, &gram));
    qhm_status status = qhm_allocate(found, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_allocate(found * side, sizeof *vectors, &vectors);
    if (status == QHM_OK)
        status = qhm_allocate(length, sizeof *dense, &dense);
    if (status == QHM_OK) {
        if (length <= count)
            gram_of_words(rows, count, length, mean, gram);
        else
            gram_of_texts(rows, count, length, mean, dense, gram);
        status = qhm_symmetric_eigen(gram, side, found, values, vectors);
    }
    for (size_t c = 0; status == QHM_OK && c < found; c++) {
        if (values[c] <= RANK_TOLERANCE * values[0])
            break;
        double *component = components + c * length;
        if (length <= count)
            memcpy(component, vectors + c * side, length * sizeof *component);
        else
            lift(rows, count, length, mean, vectors + c * side, values[c], component);
    }
    qhm_release(gram);
    qhm_release(values);
    qhm_release(vectors);
    qhm_release(dense);
    return status;
}
