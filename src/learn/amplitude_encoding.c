// Amplitude encoding: a binary tree of norms, whose branchings are rotation angles.
#include "learn/amplitude_encoding.h"

#include "learn/tape_items.h"

#include <math.h>
#include <string.h>

// The tree of a row: norms[1] is the root, node k has children 2k and 2k + 1, the leaves
// norms[2^n .. 2^(n+1) - 1] are the features with their signs. Node k branches by the angle
// 2 atan2(right, left); the 2^l nodes of level l begin at 2^l.
typedef struct amplitude_tree {
    size_t qubit_count, width, rows;
    double nudge;      // relative size of a move off a pair of zeros; 0: none
    double *norms;     // [2^(n+1)], of one row at a time
    double *gradients; // [2^(n+1)], of the norms
} amplitude_tree;

static size_t gray(size_t m)
{
    return m ^ (m >> 1);
}

// Fills the tree of a row; false for a zero vector.
static bool fill_norms(const amplitude_tree *tree, const qhm_tape *tape, const void *features,
                       size_t row)
{
    size_t leaves = (size_t)1 << tree->qubit_count;
    double *norms = tree->norms;
    memset(norms, 0, 2 * leaves * sizeof *norms);
    double total = 0;
    for (size_t i = 0; i < tree->width; i++) {
        norms[leaves + i] = qhm_tape_read_item(tape, features, row * tree->width + i);
        total = hypot(total, norms[leaves + i]);
    }
    if (total < 1e-100)
        return false;
    double least = tree->nudge * total;
    for (size_t i = leaves; i < 2 * leaves; i += 2)
        if (hypot(norms[i], norms[i + 1]) < least) {
            norms[i] += norms[i] < 0 ? -least : least;
            norms[i + 1] += norms[i + 1] < 0 ? -least : least;
        }
    for (size_t k = leaves - 1; k; k--)
        norms[k] = hypot(norms[2 * k], norms[2 * k + 1]);
    return true;
}

// Walsh-Hadamard transform in place.
static void transform(double *values, size_t count)
{
    for (size_t half = 1; half < count; half *= 2)
        for (size_t i = 0; i < count; i++)
            if (!(i & half)) {
                double a = values[i], b = values[i + half];
                values[i] = a + b;
                values[i + half] = a - b;
            }
}

// The angles of the multiplexers: mixtures of the branchings of each level, in Gray code order.
static void write_angles(const amplitude_tree *tree, const qhm_tape *tape, size_t row, void *angles)
{
    size_t leaves = (size_t)1 << tree->qubit_count;
    double *branchings = tree->gradients; // room to work in
    for (size_t k = 1; k < leaves; k++)
        branchings[k] = 2 * atan2(tree->norms[2 * k + 1], tree->norms[2 * k]);
    for (size_t count = 1; count < leaves; count *= 2) {
        transform(branchings + count, count);
        for (size_t m = 0; m < count; m++)
            qhm_tape_add_item(tape, angles, row * (leaves - 1) + count - 1 + m,
                              branchings[count + gray(m)] / (double)count);
    }
}

// The transpose of write_angles, then down the tree: gradients of the features of one row.
static void add_gradients(const amplitude_tree *tree, const qhm_tape *tape, size_t row,
                          const void *angle_gradients, void *sum)
{
    size_t leaves = (size_t)1 << tree->qubit_count;
    const double *norms = tree->norms;
    double *of_branchings = tree->gradients, *of_norms = tree->gradients + leaves;
    for (size_t count = 1; count < leaves; count *= 2) {
        for (size_t m = 0; m < count; m++)
            of_branchings[count + gray(m)] =
                qhm_tape_read_item(tape, angle_gradients, row * (leaves - 1) + count - 1 + m) /
                (double)count;
        transform(of_branchings + count, count);
    }
    // of_norms holds a level at a time, from the root; each level is spread from its end.
    of_norms[0] = 0; // the norm of the whole does not matter
    for (size_t count = 1; count < leaves; count *= 2)
        for (size_t m = count; m-- > 0;) {
            size_t k = count + m;
            double norm = norms[k], up = of_norms[m], turn = 2 * of_branchings[k] / norm;
            double left = norms[2 * k] / norm, right = norms[2 * k + 1] / norm;
            of_norms[2 * m] = up * left - turn * right;
            of_norms[2 * m + 1] = up * right + turn * left;
        }
    for (size_t i = 0; i < tree->width; i++)
        qhm_tape_add_item(tape, sum, row * tree->width + i, of_norms[i]);
}

static qhm_status backward(void *context, qhm_tape *tape, qhm_value output, const qhm_value *inputs,
                           size_t input_count)
{
    (void)input_count;
    const amplitude_tree *tree = context;
    void *sum = qhm_tape_gradient(tape, inputs[0]);
    for (size_t row = 0; sum && row < tree->rows; row++)
        if (fill_norms(tree, tape, qhm_tape_data(tape, inputs[0]), row))
            add_gradients(tree, tape, row, qhm_tape_gradient(tape, output), sum);
    return QHM_OK;
}

qhm_status qhm_amplitude_encoding_angles(qhm_tape *tape, qhm_value features, size_t qubit_count,
                                         qhm_value *angles)
{
    qhm_shape shape = qhm_tape_shape(tape, features);
    size_t leaves = (size_t)1 << qubit_count;
    amplitude_tree *tree;
    QHM_TRY(qhm_tape_scratch(tape, sizeof *tree, &tree));
    tree->qubit_count = qubit_count;
    tree->width = shape.sizes[shape.rank - 1];
    tree->rows = qhm_shape_count(shape) / tree->width;
    if (qhm_tape_wants_gradient(tape, features))
        tree->nudge = qhm_tape_precision(tape) == QHM_FLOAT64 ? 1e-8 : 3e-4;
    QHM_TRY(qhm_tape_scratch(tape, 2 * leaves * sizeof(double), &tree->norms));
    QHM_TRY(qhm_tape_scratch(tape, 2 * leaves * sizeof(double), &tree->gradients));
    shape.sizes[shape.rank - 1] = leaves - 1;
    QHM_TRY(qhm_tape_custom(tape, &features, 1, shape, backward, tree, angles));
    for (size_t row = 0; row < tree->rows; row++)
        if (fill_norms(tree, tape, qhm_tape_data(tape, features), row))
            write_angles(tree, tape, row, qhm_tape_data(tape, *angles));
    return QHM_OK;
}
