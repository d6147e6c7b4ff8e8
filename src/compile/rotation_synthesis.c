// RZ by Clifford+T gates: the driver of grid problem, norm equation and exact synthesis.
#include <qhm/rotation_synthesis.h>

#include "base/status_internal.h"
#include "compile/clifford_t_grid.h"
#include "compile/clifford_t_norm.h"
#include "compile/clifford_t_word.h"

#include <math.h>

typedef struct rotation_solution {
    unsigned t_count;
    size_t factoring_steps;
    qhm_quad_complex center;
    qhm_clifford_t_word word;
    double error;
} rotation_solution;

static double error_of(const qhm_grid_point *point, qhm_quad_complex center)
{
    // U - exp(...) has |u - z|^2 + |t|^2 = |u - z|^2 + rest on both columns.
    qhm_quad square = (qhm_quad)((qhm_int128)1 << point->exponent);
    qhm_quad scale = qhm_quad_square_root(square);
    qhm_quad_complex u = qhm_omega_value(point->numerator);
    qhm_quad re = u.re / scale - center.re, im = u.im / scale - center.im;
    qhm_quad rest = qhm_sqrt2_value(point->rest) / square;
    return sqrt((double)(re * re + im * im + rest));
}

static bool try_point(const qhm_grid_point *point, void *context)
{
    rotation_solution *solution = context;
    qhm_clifford_t_operator matrix = {
        .u = point->numerator, .exponent = point->exponent, .phase = solution->t_count % 2};
    if (!qhm_solve_norm_equation(point->rest, solution->factoring_steps, &matrix.t))
        return false;
    // T U T* has the corner of U, t times omega, and maybe fewer T gates.
    for (int i = 0; i < 2; i++) {
        if (qhm_clifford_t_synthesize(&matrix, &solution->word) &&
            solution->word.t_count <= solution->t_count) {
            solution->error = error_of(point, solution->center);
            return true;
        }
        matrix.t = qhm_omega_rotate(matrix.t, 1);
    }
    return false;
}

static qhm_status create_circuit(const qhm_clifford_t_word *word, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(1, 0, &made));
    const uint32_t qubit = 0;
    for (size_t i = word->length; i-- > 0;) {
        qhm_status status = qhm_circuit_append(made, word->gates[i], &qubit, NULL);
        if (status != QHM_OK) {
            qhm_circuit_destroy(made);
            return status;
        }
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_rotation_synthesize(double angle, double precision,
                                   const qhm_rotation_synthesis_options *options,
                                   qhm_rotation_synthesis_result *result, qhm_circuit **circuit)
{
    QHM_REQUIRE(fabs(angle) <= 1e6, "angle is %g, not a number up to 1e6 in size", angle);
    QHM_REQUIRE(precision >= 1e-11 && precision <= 1, "precision is %g, not 1e-11 to 1", precision);
    qhm_rotation_grid grid = qhm_rotation_grid_create(angle, precision);
    rotation_solution solution = {.factoring_steps = options ? options->factoring_steps : 0};
    if (solution.factoring_steps == 0)
        solution.factoring_steps = 20000;
    for (unsigned t_count = 0; t_count <= QHM_MAX_T_COUNT; t_count++) {
        solution.t_count = t_count;
        solution.center = grid.centers[t_count % 2];
        if (!qhm_rotation_grid_search(&grid, t_count, try_point, &solution))
            continue;
        QHM_TRY(create_circuit(&solution.word, circuit));
        if (result)
            *result = (qhm_rotation_synthesis_result){.t_count = solution.word.t_count,
                                                      .error = solution.error};
        return QHM_OK;
    }
    return QHM_FAIL(QHM_ERROR_NUMERIC, "no Clifford+T circuit found for angle %.17g within %g",
                    angle, precision);
}

double qhm_rotation_estimate_t_count(double precision)
{
    return precision < 1 ? fmax(0, 3.07 * log2(1 / precision) - 3.1) : 0;
}
