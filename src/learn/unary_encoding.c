// Unary encoding: angle i turns what is left of the norm away from qubit i.
#include "learn/unary_encoding.h"

#include "learn/tape_items.h"

#include <math.h>
#include <string.h>

// A row's chain of norms: norms[i] is that of features i to n - 1, the last with its sign.
typedef struct unary_chain {
    size_t qubit_count, width, rows;
    double nudge;             // relative size of a move off a last pair of zeros; 0: none
    double *features, *norms; // [n], of one row at a time
} unary_chain;

// Fills the chain of a row; false for a zero vector.
static bool fill_norms(const unary_chain *chain, const qhm_tape *tape, const void *features,
                       size_t row)
{
    const size_t n = chain->qubit_count;
    double *x = chain->features, total = 0;
    memset(x, 0, n * sizeof *x);
    for (size_t i = 0; i < chain->width; i++) {
        x[i] = qhm_tape_read_item(tape, features, row * chain->width + i);
        total = hypot(total, x[i]);
    }
    if (total < 1e-100)
        return false;
    const double least = chain->nudge * total;
    if (hypot(x[n - 2], x[n - 1]) < least)
        for (size_t i = n - 2; i < n; i++)
            x[i] += x[i] < 0 ? -least : least;
    chain->norms[n - 1] = x[n - 1];
    for (size_t i = n - 1; i-- > 0;)
        chain->norms[i] = hypot(x[i], chain->norms[i + 1]);
    return true;
}

// d angle_i = (x_i d r_(i+1) - r_(i+1) d x_i) / r_i^2, and d r_i = (x_i d x_i + r_(i+1) d r_(i+1))
// / r_i: down the chain, `of_rest` is the derivative by r_i.
static void add_gradients(const unary_chain *chain, const qhm_tape *tape, size_t row,
                          const void *angle_gradients, void *sum)
{
    const size_t n = chain->qubit_count;
    const double *x = chain->features, *r = chain->norms;
    double of_rest = 0; // the norm of the whole does not matter
    for (size_t i = 0; i < n; i++) {
        double of_feature = of_rest;
        if (i + 1 < n) {
            const double up = of_rest, norm = r[i];
            const double cosine = x[i] / norm, sine = r[i + 1] / norm;
            const double turn = qhm_tape_read_item(tape, angle_gradients, row * (n - 1) + i) / norm;
            of_feature = up * cosine - turn * sine;
            of_rest = up * sine + turn * cosine;
        }
        if (i < chain->width)
            qhm_tape_add_item(tape, sum, row * chain->width + i, of_feature);
    }
}

static qhm_status backward(void *context, qhm_tape *tape, qhm_value output, const qhm_value *inputs,
                           size_t input_count)
{
    (void)input_count;
    const unary_chain *chain = context;
    void *sum = qhm_tape_gradient(tape, inputs[0]);
    for (size_t row = 0; sum && row < chain->rows; row++)
        if (fill_norms(chain, tape, qhm_tape_data(tape, inputs[0]), row))
            add_gradients(chain, tape, row, qhm_tape_gradient(tape, output), sum);
    return QHM_OK;
}

qhm_status qhm_unary_encoding_angles(qhm_tape *tape, qhm_value features, size_t qubit_count,
                                     qhm_value *angles)
{
    qhm_shape shape = qhm_tape_shape(tape, features);
    unary_chain *chain;
    QHM_TRY(qhm_tape_scratch(tape, sizeof *chain, &chain));
    chain->qubit_count = qubit_count;
    chain->width = shape.sizes[shape.rank - 1];
    chain->rows = qhm_shape_count(shape) / chain->width;
    if (qhm_tape_wants_gradient(tape, features))
        chain->nudge = qhm_tape_precision(tape) == QHM_FLOAT64 ? 1e-8 : 3e-4;
    QHM_TRY(qhm_tape_scratch(tape, qubit_count * sizeof(double), &chain->features));
    QHM_TRY(qhm_tape_scratch(tape, qubit_count * sizeof(double), &chain->norms));
    const size_t count = qubit_count - 1;
    shape.sizes[shape.rank - 1] = count;
    QHM_TRY(qhm_tape_custom(tape, &features, 1, shape, backward, chain, angles));
    void *data = qhm_tape_data(tape, *angles);
    for (size_t row = 0; row < chain->rows; row++)
        if (fill_norms(chain, tape, qhm_tape_data(tape, features), row))
            for (size_t i = 0; i < count; i++)
                qhm_tape_add_item(tape, data, row * count + i,
                                  atan2(chain->norms[i + 1], chain->features[i]));
    return QHM_OK;
}
