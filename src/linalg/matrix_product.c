// Products of dense real matrices.
#include "linalg/matrix_product.h"

#include "base/parallel.h"

#include <cblas.h>

enum { ROW_BLOCK = 128 };

typedef struct product {
    bool transpose_a, transpose_b;
    size_t rows, columns, inner;
    const double *a, *b;
    double *c;
} product;

static void multiply_rows(size_t first, size_t last, void *context)
{
    const product *p = context;
    const double *a = p->transpose_a ? p->a + first : p->a + first * p->inner;
    cblas_dgemm(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
                p->transpose_b ? CblasTrans : CblasNoTrans, (int)(last - first), (int)p->columns,
                (int)p->inner, 1, a, (int)(p->transpose_a ? p->rows : p->inner), p->b,
                (int)(p->transpose_b ? p->inner : p->columns), 0, p->c + first * p->columns,
                (int)p->columns);
}

void qhm_matrix_product(bool transpose_a, bool transpose_b, size_t rows, size_t columns,
                        size_t inner, const double *a, const double *b, double *c)
{
    if (rows == 0 || columns == 0)
        return;
    if (inner == 0) { // an empty sum; BLAS refuses leading dimensions of 0
        for (size_t i = 0; i < rows * columns; i++)
            c[i] = 0;
        return;
    }
    product p = {transpose_a, transpose_b, rows, columns, inner, a, b, c};
    qhm_parallel_for(rows, ROW_BLOCK, multiply_rows, &p);
}

void qhm_matrix_gram(size_t rows, size_t columns, const double *a, double *c)
{
    qhm_matrix_product(true, false, columns, columns, rows, a, a, c);
}
