// Rows of a matrix drawn by their squared length.
#include <qhm/length_squared.h>

#include "base/memory.h"
#include "base/running_sums.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <stdbool.h>

// sums [rows]: running sums of squared lengths.
static void draw_rows(size_t rows, size_t columns, const double *matrix, const double *sums,
                      size_t count, qhm_random *random, double *sketch)
{
    const double total = sums[rows - 1];
    for (size_t i = 0; i < count; i++) {
        const size_t row = qhm_running_sums_draw(sums, rows, random);
        const double square = sums[row] - (row > 0 ? sums[row - 1] : 0);
        const double scale = sqrt(total / ((double)count * square));
        for (size_t j = 0; j < columns; j++)
            sketch[i * columns + j] = scale * matrix[row * columns + j];
    }
}

qhm_status qhm_length_squared_sketch(size_t rows, size_t columns, const double *matrix,
                                     size_t count, uint64_t seed, double *sketch)
{
    double *sums;
    QHM_REQUIRE(matrix && sketch, "matrix or sketch is NULL");
    QHM_REQUIRE(rows > 0 && columns > 0 && count > 0, "rows, columns or count is 0");
    QHM_TRY(qhm_allocate(rows, sizeof *sums, &sums));
    double total = 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++)
            total += matrix[i * columns + j] * matrix[i * columns + j];
        sums[i] = total;
    }
    const bool is_fit = total > 0 && isfinite(total);
    if (is_fit) {
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_FEATURES, 0, 0, 0);
        draw_rows(rows, columns, matrix, sums, count, &random, sketch);
    }
    qhm_release(sums);
    QHM_REQUIRE(is_fit, "the matrix is zero or not finite");
    return QHM_OK;
}
