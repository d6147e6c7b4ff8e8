// The gate table's self-check: what every row says of its gate is true.
#include "circuit/gate_table.h"

#include "circuit/circuit_internal.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"
#include "support/reference_simulator.h"

#include <complex.h>

#define R 0.70710678118654752440

enum { TRIALS = 5 };

static qhm_random stream(uint64_t a)
{
    return qhm_random_stream(test_seed(), QHM_RANDOM_USER, a, 0, 0);
}

static bool has_matrix(unsigned gate)
{
    const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
    return info->is_unitary && gate != QHM_GATE_UNITARY;
}

static unsigned qubits_of(unsigned gate)
{
    const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
    return info->control_count + info->target_count;
}

// The full matrix of a gate on qubits 0, 1, ... in order.
static qhm_complex *full_matrix(unsigned gate, const double *values)
{
    qhm_angle angles[QHM_GATE_MAX_ANGLES];
    for (size_t i = 0; i < qhm_gate_information((qhm_gate)gate)->angle_count; i++)
        angles[i] = qhm_angle_constant(values[i]);
    qhm_instruction instruction = {.gate = (qhm_gate)gate,
                                   .qubit_count = qubits_of(gate),
                                   .qubits = (uint32_t[]){0, 1, 2},
                                   .angles = angles};
    return reference_instruction_matrix(&instruction, qubits_of(gate), NULL, NULL);
}

static void names_are_found_and_are_unique(void **state)
{
    (void)state;
    for (unsigned i = 0; i < QHM_GATE_COUNT; i++) {
        qhm_gate found = QHM_GATE_COUNT;
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)i);
        REQUIRE_OK(qhm_gate_find(info->name, &found));
        assert_int_equal(found, i);
        assert_true(strlen(info->formula) > 0);
        assert_true(strlen(qhm_gate_table_row((qhm_gate)i)->label) > 0);
    }
    qhm_gate gate;
    REQUIRE_FAILS(qhm_gate_find("crxx", &gate), QHM_ERROR_NOT_FOUND, "did you mean \"crx\"");
    REQUIRE_FAILS(qhm_gate_find("teleportation", &gate), QHM_ERROR_NOT_FOUND, "teleportation");
}

static void matrices_are_unitary(void **state)
{
    (void)state;
    qhm_random random = stream(1);
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        if (!has_matrix(gate))
            continue;
        for (int trial = 0; trial < TRIALS; trial++) {
            double *angles = reference_random_angles(&random, QHM_GATE_MAX_ANGLES);
            qhm_complex matrix[16];
            qhm_gate_matrix((qhm_gate)gate, angles, matrix);
            size_t dimension = (size_t)1 << qhm_gate_information((qhm_gate)gate)->target_count;
            REQUIRE_NEAR(qhm_unitarity_error(dimension, matrix), 0, 1e-15);
            free(angles);
        }
    }
}

static void controlled_rows_agree_with_their_base(void **state)
{
    (void)state;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
        const qhm_gate_row *base = qhm_gate_table_row(row->base);
        assert_int_equal(base->base, row->base);
        assert_int_equal(base->information.control_count, 0);
        assert_int_equal(base->information.target_count, row->information.target_count);
        assert_int_equal(base->information.angle_count, row->information.angle_count);
        assert_ptr_equal(base->constant, row->constant);
        assert_ptr_equal(base->matrix, row->matrix);
        assert_ptr_equal(base->derivative, row->derivative);
        assert_int_equal(base->rotation.x, row->rotation.x);
        assert_int_equal(base->rotation.z, row->rotation.z);
        assert_int_equal(base->is_diagonal, row->is_diagonal);
        assert_memory_equal(base->spectra, row->spectra, sizeof row->spectra);
        assert_string_equal(base->label, row->label);
    }
    qhm_gate controlled;
    assert_true(qhm_gate_find_controlled(QHM_GATE_X, &controlled));
    assert_int_equal(controlled, QHM_GATE_CX);
    assert_true(qhm_gate_find_controlled(QHM_GATE_CX, &controlled));
    assert_int_equal(controlled, QHM_GATE_CCX);
    assert_true(qhm_gate_find_controlled(QHM_GATE_SWAP, &controlled));
    assert_int_equal(controlled, QHM_GATE_CSWAP);
    assert_false(qhm_gate_find_controlled(QHM_GATE_S, &controlled));
}

static void diagonal_rows_are_those_with_diagonal_matrices(void **state)
{
    (void)state;
    double angles[] = {0.3, 0.7, -0.4};
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        if (!has_matrix(gate))
            continue;
        qhm_complex matrix[16];
        qhm_gate_matrix((qhm_gate)gate, angles, matrix);
        size_t dimension = (size_t)1 << qhm_gate_information((qhm_gate)gate)->target_count;
        bool is_diagonal = true;
        for (size_t i = 0; i < dimension * dimension; i++)
            if (i % (dimension + 1) != 0 && (matrix[i].re != 0 || matrix[i].im != 0))
                is_diagonal = false;
        assert_int_equal(is_diagonal, qhm_gate_table_row((qhm_gate)gate)->is_diagonal);
    }
}

static void symmetric_rows_are_those_whose_targets_can_be_swapped(void **state)
{
    (void)state;
    double angles[] = {0.3, 0.7, -0.4};
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        bool is_symmetric =
            has_matrix(gate) && qhm_gate_information((qhm_gate)gate)->target_count == 2;
        static const size_t swapped[4] = {0, 2, 1, 3};
        qhm_complex matrix[16];
        if (is_symmetric)
            qhm_gate_matrix((qhm_gate)gate, angles, matrix);
        for (size_t i = 0; i < 16 && is_symmetric; i++) {
            size_t other = swapped[i / 4] * 4 + swapped[i % 4];
            is_symmetric = matrix[i].re == matrix[other].re && matrix[i].im == matrix[other].im;
        }
        assert_int_equal(is_symmetric, qhm_gate_table_row((qhm_gate)gate)->is_symmetric);
    }
}

static void inverses_undo(void **state)
{
    (void)state;
    qhm_random random = stream(2);
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        if (!has_matrix(gate))
            continue;
        const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
        double *angles = reference_random_angles(&random, QHM_GATE_MAX_ANGLES);
        double inverse_angles[QHM_GATE_MAX_ANGLES];
        for (int i = 0; i < QHM_GATE_MAX_ANGLES; i++)
            inverse_angles[i] = -angles[row->inverse_angles[i]];
        size_t dimension = (size_t)1 << qubits_of(gate);
        qhm_complex *forward = full_matrix(gate, angles);
        qhm_complex *backward = full_matrix((unsigned)row->inverse, inverse_angles);
        qhm_complex *product = reference_multiply(backward, forward, dimension);
        for (size_t i = 0; i < dimension * dimension; i++) {
            REQUIRE_NEAR(product[i].re, i % (dimension + 1) == 0, 1e-15);
            REQUIRE_NEAR(product[i].im, 0, 1e-15);
        }
        free(angles);
        free(forward);
        free(backward);
        free(product);
    }
}

// A gate with one angle is exp(-i a G) for its generator G = i (dU/da)(0), which must be Hermitian
// with the eigenvalues that the row's spectrum claims.
static void one_angle_gates_are_exponentials_of_their_generators(void **state)
{
    (void)state;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
        if (row->information.angle_count != 1)
            continue;
        size_t dimension = (size_t)1 << row->information.target_count;
        qhm_complex generator[16], vectors[16], expected[16], matrix[16];
        double zero = 0, angle = 1.234, values[4];
        qhm_gate_derivative((qhm_gate)gate, 0, &zero, generator);
        for (size_t i = 0; i < dimension * dimension; i++)
            generator[i] = qhm_complex_times_i(generator[i], 1);
        REQUIRE_OK(qhm_hermitian_eigen(dimension, generator, values, vectors));
        bool is_projector = row->spectra[0] == QHM_SPECTRUM_PROJECTOR;
        REQUIRE_NEAR(values[0], is_projector ? -1 : -0.5, 1e-15);
        REQUIRE_NEAR(values[dimension - 1], is_projector ? 0 : 0.5, 1e-15);
        REQUIRE_OK(qhm_hermitian_evolution(dimension, generator, angle, expected));
        qhm_gate_matrix((qhm_gate)gate, &angle, matrix);
        REQUIRE_NEAR(reference_distance(matrix, expected, dimension * dimension), 0, 1e-14);
    }
}

static void derivatives_are_finite_differences(void **state)
{
    (void)state;
    qhm_random random = stream(3);
    const double step = 1e-5;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        size_t entries = (size_t)1 << (2 * info->target_count);
        for (unsigned which = 0; which < info->angle_count; which++) {
            double *angles = reference_random_angles(&random, QHM_GATE_MAX_ANGLES);
            qhm_complex derivative[16], up[16], down[16];
            qhm_gate_derivative((qhm_gate)gate, which, angles, derivative);
            angles[which] += step;
            qhm_gate_matrix((qhm_gate)gate, angles, up);
            angles[which] -= 2 * step;
            qhm_gate_matrix((qhm_gate)gate, angles, down);
            for (size_t i = 0; i < entries; i++) {
                REQUIRE_NEAR(derivative[i].re, (up[i].re - down[i].re) / (2 * step), 1e-9);
                REQUIRE_NEAR(derivative[i].im, (up[i].im - down[i].im) / (2 * step), 1e-9);
            }
            free(angles);
        }
    }
}

static void decompositions_are_exact(void **state)
{
    (void)state;
    qhm_random random = stream(4);
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
        if (row->step_count == 0) {
            assert_true(!has_matrix(gate) || gate == QHM_GATE_H || gate == QHM_GATE_P ||
                        gate == QHM_GATE_RZ || gate == QHM_GATE_CX);
            continue;
        }
        double *angles = reference_random_angles(&random, QHM_GATE_MAX_ANGLES);
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits_of(gate), 0, &circuit));
        for (size_t s = 0; s < row->step_count; s++) {
            const qhm_gate_step *step = &row->steps[s];
            const qhm_gate_row *simpler = qhm_gate_table_row(step->gate);
            uint32_t qubits[3] = {step->qubits[0], step->qubits[1], step->qubits[2]};
            qhm_angle angle = qhm_angle_constant(step->scale * angles[step->source] + step->offset);
            assert_true(simpler->information.angle_count <= 1);
            REQUIRE_OK(qhm_circuit_append(circuit, step->gate, qubits, &angle));
        }
        size_t dimension = (size_t)1 << qubits_of(gate);
        qhm_complex *built = reference_circuit_matrix(circuit, NULL, NULL);
        qhm_complex *expected = full_matrix(gate, angles);
        double distance = reference_distance(built, expected, dimension * dimension);
        if (!(distance < 1e-14))
            fail_msg("the decomposition of %s is off by %g", row->information.name, distance);
        free(built);
        free(expected);
        free(angles);
        qhm_circuit_destroy(circuit);
    }
}

static unsigned depth_of_decomposition(qhm_gate gate, unsigned limit)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    unsigned deepest = 0;
    for (size_t s = 0; s < row->step_count && limit > 0; s++) {
        unsigned depth = 1 + depth_of_decomposition(row->steps[s].gate, limit - 1);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void no_decomposition_leads_back_to_itself(void **state)
{
    (void)state;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
        assert_in_range(depth_of_decomposition((qhm_gate)gate, 12), 0, 8);
}

// <state| U(a)^dagger O U(a) |state>.
static double expectation_after(unsigned gate, const double *angles, uint32_t extra_controls,
                                size_t qubit_count, const qhm_complex *start,
                                const qhm_complex *observable)
{
    qhm_angle constants[QHM_GATE_MAX_ANGLES];
    for (int i = 0; i < QHM_GATE_MAX_ANGLES; i++)
        constants[i] = qhm_angle_constant(angles[i]);
    qhm_instruction instruction = {.gate = (qhm_gate)gate,
                                   .control_count = extra_controls,
                                   .qubit_count = (uint32_t)qubit_count,
                                   .qubits = (uint32_t[]){0, 1, 2, 3},
                                   .angles = constants};
    size_t dimension = (size_t)1 << qubit_count;
    qhm_complex *matrix = reference_instruction_matrix(&instruction, qubit_count, NULL, NULL);
    qhm_complex *after = reference_apply(matrix, start, dimension);
    qhm_complex *image = reference_apply(observable, after, dimension);
    double sum = 0;
    for (size_t i = 0; i < dimension; i++)
        sum += after[i].re * image[i].re + after[i].im * image[i].im;
    free(matrix);
    free(after);
    free(image);
    return sum;
}

static qhm_complex *random_hermitian(qhm_random *random, size_t dimension)
{
    qhm_complex *matrix = calloc(dimension * dimension, sizeof *matrix);
    for (size_t i = 0; i < dimension; i++)
        for (size_t j = 0; j <= i; j++) {
            double re = qhm_random_normal(random), im = i == j ? 0 : qhm_random_normal(random);
            matrix[i * dimension + j] = (qhm_complex){re, im};
            matrix[j * dimension + i] = (qhm_complex){re, -im};
        }
    return matrix;
}

static void check_shift_rule(unsigned gate, unsigned which, uint32_t extra_controls,
                             qhm_random *random)
{
    size_t qubits = qubits_of(gate) + extra_controls, dimension = (size_t)1 << qubits;
    qhm_complex *start = reference_random_state(random, dimension);
    qhm_complex *observable = random_hermitian(random, dimension);
    double *angles = reference_random_angles(random, QHM_GATE_MAX_ANGLES);
    double angle = angles[which], by_rule = 0, step = 1e-4;
    qhm_shift_rule rule;
    qhm_gate_shift_rule((qhm_gate)gate, which, extra_controls, &rule);
    for (size_t m = 0; m < rule.count; m++) {
        angles[which] = angle + rule.shifts[m];
        by_rule += rule.coefficients[m] *
                   expectation_after(gate, angles, extra_controls, qubits, start, observable);
    }
    double points[4] = {-2, -1, 1, 2}, weights[4] = {1, -8, 8, -1}, by_difference = 0;
    for (int i = 0; i < 4; i++) {
        angles[which] = angle + points[i] * step;
        by_difference += weights[i] / (12 * step) *
                         expectation_after(gate, angles, extra_controls, qubits, start, observable);
    }
    REQUIRE_NEAR(by_rule, by_difference, 1e-8);
    free(start);
    free(observable);
    free(angles);
}

static void shift_rules_are_derivatives_of_expectations(void **state)
{
    (void)state;
    qhm_random random = stream(5);
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
        for (unsigned which = 0; which < qhm_gate_information((qhm_gate)gate)->angle_count; which++)
            for (uint32_t extra = 0; extra < 2; extra++)
                for (int trial = 0; trial < 3; trial++)
                    check_shift_rule(gate, which, extra, &random);
}

static void shift_rules_are_the_published_ones(void **state)
{
    (void)state;
    qhm_shift_rule rule;
    qhm_gate_shift_rule(QHM_GATE_RY, 0, 0, &rule);
    assert_int_equal(rule.count, 2);
    REQUIRE_NEAR(rule.shifts[0], M_PI / 2, 1e-15);
    REQUIRE_NEAR(rule.coefficients[0], 0.5, 1e-15);
    REQUIRE_NEAR(rule.shifts[1], -M_PI / 2, 1e-15);
    REQUIRE_NEAR(rule.coefficients[1], -0.5, 1e-15);
    qhm_gate_shift_rule(QHM_GATE_CP, 0, 2, &rule);
    assert_int_equal(rule.count, 2);
    // Anselmetti et al. 2021: (sqrt 2 +- 1) / (4 sqrt 2) at pi/2 and 3 pi/2.
    for (int form = 0; form < 2; form++) {
        if (form == 0)
            qhm_gate_shift_rule(QHM_GATE_CRY, 0, 0, &rule);
        else
            qhm_gate_shift_rule(QHM_GATE_RY, 0, 1, &rule);
        assert_int_equal(rule.count, 4);
        double plus = (sqrt(2) + 1) / (4 * sqrt(2)), minus = (sqrt(2) - 1) / (4 * sqrt(2));
        double expected[4][2] = {
            {M_PI / 2, plus}, {3 * M_PI / 2, -minus}, {-3 * M_PI / 2, minus}, {-M_PI / 2, -plus}};
        for (int m = 0; m < 4; m++) {
            REQUIRE_NEAR(rule.shifts[m], expected[m][0], 1e-14);
            REQUIRE_NEAR(rule.coefficients[m], expected[m][1], 1e-15);
        }
    }
}

static void the_general_shift_rule_differentiates_a_trigonometric_polynomial(void **state)
{
    (void)state;
    enum { COUNT = 5 };
    double base = 0.75, x = 0.37, derivative = 0, by_rule = 0;
    double shifts[2 * COUNT], coefficients[2 * COUNT];
    qhm_shift_rule_general(COUNT, base, shifts, coefficients);
    for (int r = 1; r <= COUNT; r++)
        derivative += r * base * (cos(r * base * x) / r + 0.3 * r * sin(r * base * x));
    for (int m = 0; m < 2 * COUNT; m++)
        for (int r = 0; r <= COUNT; r++) {
            double angle = r * base * (x + shifts[m]);
            by_rule += coefficients[m] * (r == 0 ? 2.5 : sin(angle) / r - 0.3 * r * cos(angle));
        }
    REQUIRE_NEAR(by_rule, derivative, 1e-12);
}

static void check_published(unsigned gate, const double *angles, const double complex *published)
{
    qhm_complex *matrix = full_matrix(gate, angles);
    size_t dimension = (size_t)1 << qubits_of(gate);
    for (size_t i = 0; i < dimension * dimension; i++)
        if (!(cabs(matrix[i].re + I * matrix[i].im - published[i]) < 1e-15))
            fail_msg("%s[%zu][%zu] is %g + %g i, not %g + %g i",
                     qhm_gate_information((qhm_gate)gate)->name, i / dimension, i % dimension,
                     matrix[i].re, matrix[i].im, creal(published[i]), cimag(published[i]));
    free(matrix);
}

// Written out from the literature in little-endian order; rows count up with qubit 0 fastest.
static void matrices_are_the_published_ones(void **state)
{
    (void)state;
    double t[1] = {0.7}, c = cos(0.35), s = sin(0.35);
    double complex e = cexp(0.35 * I), f = cexp(0.7 * I);
    check_published(QHM_GATE_Y, NULL, (double complex[]){0, -I, I, 0});
    check_published(QHM_GATE_S, NULL, (double complex[]){1, 0, 0, I});
    check_published(QHM_GATE_T, NULL, (double complex[]){1, 0, 0, cexp(I * M_PI / 4)});
    check_published(QHM_GATE_RX, t, (double complex[]){c, -I * s, -I * s, c});
    check_published(QHM_GATE_RY, t, (double complex[]){c, -s, s, c});
    check_published(QHM_GATE_RZ, t, (double complex[]){1 / e, 0, 0, e});
    check_published(QHM_GATE_P, t, (double complex[]){1, 0, 0, f});
    check_published(
        QHM_GATE_U, (double[]){0.7, 0.2, -1.1},
        (double complex[]){c, -cexp(-1.1 * I) * s, cexp(0.2 * I) * s, cexp(-0.9 * I) * c});
    check_published(QHM_GATE_CX, NULL,
                    (double complex[]){1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
    check_published(QHM_GATE_CY, NULL,
                    (double complex[]){1, 0, 0, 0, 0, 0, 0, -I, 0, 0, 1, 0, 0, I, 0, 0});
    check_published(QHM_GATE_CH, NULL,
                    (double complex[]){1, 0, 0, 0, 0, R, 0, R, 0, 0, 1, 0, 0, R, 0, -R});
    check_published(QHM_GATE_CRX, t,
                    (double complex[]){1, 0, 0, 0, 0, c, 0, -I * s, 0, 0, 1, 0, 0, -I * s, 0, c});
    check_published(QHM_GATE_CRY, t,
                    (double complex[]){1, 0, 0, 0, 0, c, 0, -s, 0, 0, 1, 0, 0, s, 0, c});
    check_published(QHM_GATE_CRZ, t,
                    (double complex[]){1, 0, 0, 0, 0, 1 / e, 0, 0, 0, 0, 1, 0, 0, 0, 0, e});
    check_published(QHM_GATE_ISWAP, NULL,
                    (double complex[]){1, 0, 0, 0, 0, 0, I, 0, 0, I, 0, 0, 0, 0, 0, 1});
    check_published(
        QHM_GATE_ECR, NULL,
        (double complex[]){0, R, 0, I * R, R, 0, -I * R, 0, 0, I * R, 0, R, -I * R, 0, R, 0});
    check_published(
        QHM_GATE_RXX, t,
        (double complex[]){c, 0, 0, -I * s, 0, c, -I * s, 0, 0, -I * s, c, 0, -I * s, 0, 0, c});
    check_published(
        QHM_GATE_RYY, t,
        (double complex[]){c, 0, 0, I * s, 0, c, -I * s, 0, 0, -I * s, c, 0, I * s, 0, 0, c});
    check_published(QHM_GATE_RZZ, t,
                    (double complex[]){1 / e, 0, 0, 0, 0, e, 0, 0, 0, 0, e, 0, 0, 0, 0, 1 / e});
}

// On basis states, as |q2 q1 q0>: controls 0 and 1 flip bit 2; control 0 swaps bits 1 and 2.
static void three_qubit_gates_permute_as_published(void **state)
{
    (void)state;
    static const unsigned images[2][8] = {{0, 1, 2, 7, 4, 5, 6, 3}, {0, 1, 2, 5, 4, 3, 6, 7}};
    for (int g = 0; g < 2; g++) {
        qhm_complex *matrix = full_matrix(g == 0 ? QHM_GATE_CCX : QHM_GATE_CSWAP, NULL);
        for (unsigned column = 0; column < 8; column++)
            for (unsigned row = 0; row < 8; row++) {
                REQUIRE_NEAR(matrix[row * 8 + column].re, row == images[g][column], 0);
                REQUIRE_NEAR(matrix[row * 8 + column].im, 0, 0);
            }
        free(matrix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_are_unique),
        cmocka_unit_test(matrices_are_unitary),
        cmocka_unit_test(controlled_rows_agree_with_their_base),
        cmocka_unit_test(diagonal_rows_are_those_with_diagonal_matrices),
        cmocka_unit_test(symmetric_rows_are_those_whose_targets_can_be_swapped),
        cmocka_unit_test(inverses_undo),
        cmocka_unit_test(one_angle_gates_are_exponentials_of_their_generators),
        cmocka_unit_test(derivatives_are_finite_differences),
        cmocka_unit_test(decompositions_are_exact),
        cmocka_unit_test(no_decomposition_leads_back_to_itself),
        cmocka_unit_test(shift_rules_are_derivatives_of_expectations),
        cmocka_unit_test(shift_rules_are_the_published_ones),
        cmocka_unit_test(the_general_shift_rule_differentiates_a_trigonometric_polynomial),
        cmocka_unit_test(matrices_are_the_published_ones),
        cmocka_unit_test(three_qubit_gates_permute_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
