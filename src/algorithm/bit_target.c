// Distributions over a few bits, how far they are apart, and the best models of a product or tree.
#include <qhm/bit_target.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_BITS = QHM_BIT_TARGET_MOST_BITS };

// Whether all rows have one colour each, or all columns.
static bool is_pattern(size_t rows, size_t columns, size_t picture)
{
    bool has_rows = true, has_columns = true;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            const size_t bit = picture >> (columns * r + c) & 1;
            has_rows = has_rows && bit == (picture >> columns * r & 1);
            has_columns = has_columns && bit == (picture >> c & 1);
        }
    return has_rows || has_columns;
}

qhm_status qhm_bit_target_bars_and_stripes(size_t rows, size_t columns, double *probabilities)
{
    QHM_REQUIRE(probabilities, "probabilities is NULL");
    QHM_REQUIRE(rows >= 1 && columns >= 1 && rows <= MOST_BITS && columns <= MOST_BITS &&
                    rows * columns <= MOST_BITS,
                "%zu rows of %zu columns are not 1 to %d bits", rows, columns, MOST_BITS);
    const size_t size = (size_t)1 << rows * columns;
    double count = 0;
    for (size_t x = 0; x < size; x++)
        count += probabilities[x] = is_pattern(rows, columns, x);
    for (size_t x = 0; x < size; x++)
        probabilities[x] /= count;
    return QHM_OK;
}

qhm_status qhm_bit_target_check(size_t bit_count, const double *target)
{
    double sum = 0;
    QHM_REQUIRE(target, "target is NULL");
    for (size_t x = 0; x < (size_t)1 << bit_count; x++) {
        QHM_REQUIRE(target[x] >= 0 && target[x] <= 1, "target %zu is %g, no probability", x,
                    target[x]);
        sum += target[x];
    }
    QHM_REQUIRE(fabs(sum - 1) < 1e-9, "the target adds up to %.12g, not 1", sum);
    return QHM_OK;
}

double qhm_bit_target_divergence(size_t bit_count, const double *target, const double *model)
{
    double sum = 0;
    for (size_t x = 0; x < (size_t)1 << bit_count; x++)
        if (target[x] > 0)
            sum += target[x] * log(target[x] / model[x]);
    return sum;
}

void qhm_bit_target_smooth(size_t bit_count, double *values)
{
    const double other = exp(-0.5);
    for (size_t bit = 0; bit < bit_count; bit++)
        for (size_t x = 0; x < (size_t)1 << bit_count; x++) {
            const size_t pair = x | (size_t)1 << bit;
            if (pair == x)
                continue;
            const double low = values[x], high = values[pair];
            values[x] = low + other * high;
            values[pair] = high + other * low;
        }
}

qhm_status qhm_bit_target_discrepancy(size_t bit_count, const double *a, const double *b,
                                      double *squared)
{
    const size_t size = (size_t)1 << bit_count;
    double *smooth, sum = 0;
    QHM_TRY(qhm_allocate(size, sizeof *smooth, &smooth));
    for (size_t x = 0; x < size; x++)
        smooth[x] = a[x] - b[x];
    qhm_bit_target_smooth(bit_count, smooth);
    for (size_t x = 0; x < size; x++)
        sum += (a[x] - b[x]) * smooth[x];
    qhm_release(smooth);
    *squared = sum;
    return QHM_OK;
}

// Joint probabilities of two bits, or of one with itself: joint[value of i][value of j].
static void find_joint(size_t bit_count, const double *target, size_t i, size_t j,
                       double joint[2][2])
{
    joint[0][0] = joint[0][1] = joint[1][0] = joint[1][1] = 0;
    for (size_t x = 0; x < (size_t)1 << bit_count; x++)
        joint[x >> i & 1][x >> j & 1] += target[x];
}

void qhm_bit_target_product(size_t bit_count, const double *target, double *model)
{
    for (size_t x = 0; x < (size_t)1 << bit_count; x++)
        model[x] = 1;
    for (size_t i = 0; i < bit_count; i++) {
        double joint[2][2];
        find_joint(bit_count, target, i, i, joint);
        for (size_t x = 0; x < (size_t)1 << bit_count; x++)
            model[x] *= joint[x >> i & 1][x >> i & 1];
    }
}

static double find_information(double joint[2][2])
{
    double sum = 0;
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++) {
            const double apart = (joint[a][0] + joint[a][1]) * (joint[0][b] + joint[1][b]);
            if (joint[a][b] > 0)
                sum += joint[a][b] * log(joint[a][b] / apart);
        }
    return sum;
}

// Prim's tree from bit 0 on; the root is its own parent.
static void find_tree(size_t bit_count, const double *target, size_t *parents)
{
    double joint[2][2], best[MOST_BITS];
    bool is_in[MOST_BITS] = {true};
    for (size_t i = 0; i < bit_count; i++) {
        parents[i] = 0;
        find_joint(bit_count, target, i, 0, joint);
        best[i] = find_information(joint);
    }
    for (size_t added = 1; added < bit_count; added++) {
        size_t next = bit_count;
        for (size_t i = 0; i < bit_count; i++)
            if (!is_in[i] && (next == bit_count || best[i] > best[next]))
                next = i;
        is_in[next] = true;
        for (size_t i = 0; i < bit_count; i++) {
            find_joint(bit_count, target, i, next, joint);
            const double information = find_information(joint);
            if (!is_in[i] && information > best[i]) {
                best[i] = information;
                parents[i] = next;
            }
        }
    }
}

qhm_status qhm_bit_target_tree(size_t bit_count, const double *target, double *model)
{
    size_t parents[MOST_BITS];
    QHM_REQUIRE(target && model, "target or model is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    find_tree(bit_count, target, parents);
    for (size_t x = 0; x < (size_t)1 << bit_count; x++)
        model[x] = 1;
    for (size_t i = 0; i < bit_count; i++) {
        double joint[2][2];
        find_joint(bit_count, target, i, parents[i], joint);
        for (size_t x = 0; x < (size_t)1 << bit_count; x++) {
            const size_t b = x >> parents[i] & 1;
            const double given = i == parents[i] ? 1 : joint[0][b] + joint[1][b];
            model[x] *= given > 0 ? joint[x >> i & 1][b] / given : 0.5;
        }
    }
    return QHM_OK;
}
