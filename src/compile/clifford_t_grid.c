// The two-dimensional grid problem by lattice reduction.
//
// u' = sqrt2^k u lies in a lattice of rank 4, (u', its conjugate). The slice Re(u / z) >=
// 1 - e^2 / 2 of the unit disc lies in an ellipse of 1.8 times its area, and the ellipse times the
// conjugate's disc lies in a ball of radius sqrt 2 after scaling the axes. Lattice points in a ball
// are enumerated over a reduced basis [fincke1985]; grid operators [ross2016] serve the same end.
#include "compile/clifford_t_grid.h"

enum { RANK = 4 };

typedef struct grid_lattice {
    qhm_omega_integer elements[RANK];
    qhm_quad vectors[RANK][RANK];
    qhm_quad mu[RANK][RANK]; // [i][j], j < i: coefficients of Gram and Schmidt
    qhm_quad orthogonal[RANK][RANK], squares[RANK];
} grid_lattice;

typedef struct grid_search {
    grid_lattice lattice;
    qhm_quad precision, scale; // scale: sqrt2^exponent
    qhm_quad_complex center;
    qhm_quad target[RANK]; // the target's coefficients over the orthogonal vectors
    unsigned exponent;
    bool (*visit)(const qhm_grid_point *point, void *context);
    void *context;
} grid_search;

qhm_rotation_grid qhm_rotation_grid_create(double angle, double precision)
{
    qhm_rotation_grid grid = {.precision = precision};
    grid.centers[0] = qhm_quad_phase(-(qhm_quad)angle / 2);
    grid.centers[1] = qhm_quad_phase(-(qhm_quad)angle / 2 + qhm_quad_pi() / 8);
    const qhm_omega_integer one = {{1, 0, 0, 0}}, delta = {{1, 1, 0, 0}};
    for (unsigned j = 0; j < RANK; j++) {
        grid.bases[0][j] = qhm_omega_rotate(one, j);
        grid.bases[1][j] = qhm_omega_rotate(delta, j);
    }
    return grid;
}

// u / z.
static qhm_quad_complex turn_back(const grid_search *search, qhm_omega_integer x)
{
    qhm_quad_complex u = qhm_omega_value(x), z = search->center;
    return (qhm_quad_complex){(u.re * z.re + u.im * z.im) / search->scale,
                              (u.im * z.re - u.re * z.im) / search->scale};
}

// Half the axes of the ellipse: across the slice and along it.
static qhm_quad short_axis(const grid_search *search)
{
    return search->precision * search->precision / 3;
}

static qhm_quad long_axis(const grid_search *search)
{
    return 2 * search->precision / qhm_quad_square_root(3);
}

static void place(const grid_search *search, qhm_omega_integer x, qhm_quad vector[RANK])
{
    qhm_quad_complex u = turn_back(search, x);
    qhm_quad_complex conjugate = qhm_omega_value(qhm_omega_conjugate(x));
    vector[0] = u.re / short_axis(search);
    vector[1] = u.im / long_axis(search);
    vector[2] = conjugate.re / search->scale;
    vector[3] = conjugate.im / search->scale;
}

static qhm_quad dot(const qhm_quad *x, const qhm_quad *y)
{
    return x[0] * y[0] + x[1] * y[1] + x[2] * y[2] + x[3] * y[3];
}

static void orthogonalise(grid_lattice *lattice)
{
    for (int i = 0; i < RANK; i++) {
        for (int n = 0; n < RANK; n++)
            lattice->orthogonal[i][n] = lattice->vectors[i][n];
        for (int j = 0; j < i; j++) {
            lattice->mu[i][j] =
                dot(lattice->orthogonal[i], lattice->orthogonal[j]) / lattice->squares[j];
            for (int n = 0; n < RANK; n++)
                lattice->orthogonal[i][n] -= lattice->mu[i][j] * lattice->orthogonal[j][n];
        }
        lattice->squares[i] = dot(lattice->orthogonal[i], lattice->orthogonal[i]);
    }
}

static void shorten(const grid_search *search, grid_lattice *lattice, int row)
{
    for (int j = row - 1; j >= 0; j--) {
        qhm_int128 times = qhm_quad_round(lattice->mu[row][j]);
        if (times == 0)
            continue;
        lattice->elements[row] = qhm_omega_subtract(lattice->elements[row],
                                                    qhm_omega_scale(lattice->elements[j], times));
        place(search, lattice->elements[row], lattice->vectors[row]);
        orthogonalise(lattice);
    }
}

// Lenstra, Lenstra, Lovasz; the bound on steps ends what rounding errors could keep going.
static void reduce(const grid_search *search, grid_lattice *lattice)
{
    for (int i = 0; i < RANK; i++)
        place(search, lattice->elements[i], lattice->vectors[i]);
    orthogonalise(lattice);
    int row = 1;
    for (int step = 0; row < RANK && step < 2000; step++) {
        shorten(search, lattice, row);
        qhm_quad mu = lattice->mu[row][row - 1];
        if (lattice->squares[row] >= ((qhm_quad)0.99 - mu * mu) * lattice->squares[row - 1]) {
            row++;
            continue;
        }
        qhm_omega_integer element = lattice->elements[row];
        lattice->elements[row] = lattice->elements[row - 1];
        lattice->elements[row - 1] = element;
        place(search, lattice->elements[row], lattice->vectors[row]);
        place(search, lattice->elements[row - 1], lattice->vectors[row - 1]);
        orthogonalise(lattice);
        row = row > 1 ? row - 1 : 1;
    }
}

static bool offer(const grid_search *search, qhm_omega_integer x)
{
    qhm_sqrt2_integer square = qhm_omega_square(x);
    qhm_grid_point point = {.numerator = x, .exponent = search->exponent};
    point.rest = (qhm_sqrt2_integer){((qhm_int128)1 << search->exponent) - square.a, -square.b};
    if (qhm_sqrt2_sign(point.rest) < 0 || qhm_sqrt2_sign(qhm_sqrt2_conjugate(point.rest)) < 0)
        return false;
    qhm_quad bound = 1 - search->precision * search->precision / 2;
    return turn_back(search, x).re >= bound && search->visit(&point, search->context);
}

// All points whose coefficients above `row` are chosen: sum is what those contribute.
static bool enumerate(const grid_search *search, int row, qhm_int128 *chosen, qhm_omega_integer sum,
                      qhm_quad radius_square)
{
    if (row < 0)
        return offer(search, sum);
    const grid_lattice *lattice = &search->lattice;
    qhm_quad middle = search->target[row];
    for (int j = row + 1; j < RANK; j++)
        middle -= (qhm_quad)chosen[j] * lattice->mu[j][row];
    qhm_quad reach = qhm_quad_square_root(radius_square / lattice->squares[row]);
    qhm_int128 first = qhm_quad_round(middle - reach), last = qhm_quad_round(middle + reach);
    for (qhm_int128 c = first; c <= last; c++) {
        qhm_quad off = (qhm_quad)c - middle;
        qhm_quad left = radius_square - off * off * lattice->squares[row];
        chosen[row] = c;
        if (left >= 0 &&
            enumerate(search, row - 1, chosen,
                      qhm_omega_add(sum, qhm_omega_scale(lattice->elements[row], c)), left))
            return true;
    }
    return false;
}

// The coefficients of a vector over the orthogonal ones.
static void project(const grid_lattice *lattice, const qhm_quad vector[RANK],
                    qhm_quad coefficients[RANK])
{
    for (int i = 0; i < RANK; i++)
        coefficients[i] = dot(vector, lattice->orthogonal[i]) / lattice->squares[i];
}

// From the ellipse's centre, a third of the slice's height above its chord, to a point.
static void find_offset(const grid_search *search, qhm_omega_integer x, qhm_quad offset[RANK])
{
    qhm_quad height = search->precision * search->precision / 2;
    place(search, x, offset);
    offset[0] = (turn_back(search, x).re - (1 - height + height / 3)) / short_axis(search);
}

// A lattice point near the ellipse's centre; leaves the way from it to the centre in the target.
// The first rounds go far, with rounding errors, and the exact point they reach starts the next.
static qhm_omega_integer approach(grid_search *search)
{
    const grid_lattice *lattice = &search->lattice;
    qhm_omega_integer point = {{0, 0, 0, 0}};
    for (int round = 0; round < 8; round++) {
        qhm_quad way[RANK], coefficients[RANK];
        find_offset(search, point, way);
        for (int i = 0; i < RANK; i++)
            way[i] = -way[i];
        project(lattice, way, search->target);
        bool is_near = true;
        for (int row = RANK - 1; row >= 0; row--) {
            coefficients[row] = search->target[row];
            for (int j = row + 1; j < RANK; j++)
                coefficients[row] -= coefficients[j] * lattice->mu[j][row];
            qhm_int128 times = qhm_quad_round(coefficients[row]);
            coefficients[row] = (qhm_quad)times;
            point = qhm_omega_add(point, qhm_omega_scale(lattice->elements[row], times));
            is_near = is_near && times == 0;
        }
        if (is_near)
            break;
    }
    return point;
}

bool qhm_rotation_grid_search(qhm_rotation_grid *grid, unsigned t_count,
                              bool (*visit)(const qhm_grid_point *point, void *context),
                              void *context)
{
    unsigned odd = t_count % 2;
    grid_search search = {.precision = grid->precision,
                          .center = grid->centers[odd],
                          .exponent = odd ? (t_count + 3) / 2 : t_count / 2 + 1,
                          .visit = visit,
                          .context = context};
    search.scale = (qhm_quad)((qhm_int128)1 << search.exponent / 2);
    if (search.exponent % 2)
        search.scale *= qhm_quad_sqrt2();
    for (int i = 0; i < RANK; i++)
        search.lattice.elements[i] = grid->bases[odd][i];
    reduce(&search, &search.lattice);
    for (int i = 0; i < RANK; i++)
        grid->bases[odd][i] = search.lattice.elements[i];
    qhm_omega_integer near = approach(&search);
    qhm_int128 chosen[RANK] = {0};
    const qhm_quad radius_square = 2.001; // 2, and room for rounding errors
    return enumerate(&search, RANK - 1, chosen, near, radius_square);
}
