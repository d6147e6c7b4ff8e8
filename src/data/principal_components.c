// Principal component analysis by the smaller of the two symmetric eigenproblems.
#include "data/principal_components.h"

#include "base/memory.h"
#include "linalg/matrix_product.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <string.h>

// Eigenvalues are squares, so this drops singular values below 1e-7 of the largest.
#define RANK_TOLERANCE 1e-14

// vectors [found][columns] are the components themselves.
static void take_directions(const double *values, const double *vectors, size_t found,
                            size_t columns, double *components)
{
    for (size_t i = 0; i < found; i++)
        if (values[i] > RANK_TOLERANCE * values[0])
            memcpy(components + i * columns, vectors + i * columns, columns * sizeof *components);
}

// u' x / sqrt(value) is the component for the eigenvector u of xx'.
static void lift_directions(const double *x, size_t rows, size_t columns, const double *values,
                            double *vectors, size_t found, double *components)
{
    for (size_t i = 0; i < found; i++) {
        double scale = values[i] > RANK_TOLERANCE * values[0] ? 1 / sqrt(values[i]) : 0;
        for (size_t row = 0; row < rows; row++)
            vectors[i * rows + row] *= scale;
    }
    qhm_matrix_product(false, false, found, columns, rows, vectors, x, components);
    for (size_t i = 0; i < found; i++)
        qhm_fix_sign(components + i * columns, columns);
}

qhm_status qhm_principal_components(const double *x, size_t rows, size_t columns, size_t wanted,
                                    double *components)
{
    size_t side = rows < columns ? rows : columns, found = wanted < side ? wanted : side;
    memset(components, 0, wanted * columns * sizeof *components);
    double *matrix, *values = NULL, *vectors = NULL;
    QHM_TRY(qhm_allocate(side * side, sizeof *matrix, &matrix));
    qhm_status status = qhm_allocate(found, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_allocate(found * side, sizeof *vectors, &vectors);
    if (status == QHM_OK) {
        if (columns <= rows)
            qhm_matrix_gram(rows, columns, x, matrix);
        else
            qhm_matrix_product(false, true, rows, rows, columns, x, x, matrix);
        status = qhm_symmetric_eigen(matrix, side, found, values, vectors);
    }
    if (status == QHM_OK && found > 0 && values[0] > 0) {
        if (columns <= rows)
            take_directions(values, vectors, found, columns, components);
        else
            lift_directions(x, rows, columns, values, vectors, found, components);
    }
    qhm_release(matrix);
    qhm_release(values);
    qhm_release(vectors);
    return status;
}
