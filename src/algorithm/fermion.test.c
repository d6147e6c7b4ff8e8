// Fermions as Pauli strings: their algebra, from matrices, under both maps.
#include <qhm/fermion.h>

#include "circuit/observable_internal.h"
#include "linalg/complex_matrix.h"
#include "linalg/pauli.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/random.h>

enum { MODES = 4, SIZE = 1 << MODES };

static qhm_fermion *product(size_t modes, double coefficient, const qhm_ladder *ladders,
                            size_t count)
{
    qhm_fermion *fermion;
    REQUIRE_OK(qhm_fermion_create(modes, &fermion));
    REQUIRE_OK(qhm_fermion_append(fermion, coefficient, ladders, count));
    return fermion;
}

static void add_matrix(qhm_observable *observable, bool imaginary, qhm_complex *matrix)
{
    qhm_complex part[SIZE * SIZE] = {{0, 0}};
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        qhm_pauli_masks masks;
        REQUIRE_OK(qhm_pauli_term_masks(term, &masks));
        qhm_pauli_add_matrix(masks, term->coefficient, MODES, part);
    }
    for (size_t i = 0; i < SIZE * SIZE; i++) {
        matrix[i].re += imaginary ? -part[i].im : part[i].re;
        matrix[i].im += imaginary ? part[i].re : part[i].im;
    }
    qhm_observable_destroy(observable);
}

static void fill_matrix(qhm_ladder ladder, qhm_fermion_encoding encoding, qhm_complex *matrix)
{
    qhm_fermion *fermion = product(MODES, 1, &ladder, 1);
    qhm_observable *parts[2];
    REQUIRE_OK(qhm_fermion_map(fermion, encoding, &parts[0], &parts[1]));
    memset(matrix, 0, SIZE * SIZE * sizeof *matrix);
    add_matrix(parts[0], false, matrix);
    add_matrix(parts[1], true, matrix);
    qhm_fermion_destroy(fermion);
}

// {a_p, a_q} = 0 and {a_p, a+_q} = 1 if p = q: no other signs and no other order pass.
static void operators_anticommute(void **state)
{
    (void)state;
    static qhm_complex a[SIZE * SIZE], b[SIZE * SIZE], ab[SIZE * SIZE], ba[SIZE * SIZE];
    for (unsigned map = 0; map < QHM_FERMION_ENCODING_COUNT; map++)
        for (uint32_t pq = 0; pq < 2 * MODES * MODES; pq++) {
            const uint32_t p = pq / 2 / MODES, q = pq / 2 % MODES;
            const bool adjoint = pq % 2;
            fill_matrix((qhm_ladder){p, false}, (qhm_fermion_encoding)map, a);
            fill_matrix((qhm_ladder){q, adjoint}, (qhm_fermion_encoding)map, b);
            qhm_complex_product(SIZE, a, b, ab);
            qhm_complex_product(SIZE, b, a, ba);
            for (size_t i = 0; i < SIZE * SIZE; i++) {
                const double one = adjoint && p == q && i / SIZE == i % SIZE;
                REQUIRE_NEAR(ab[i].re + ba[i].re, one, 1e-14);
                REQUIRE_NEAR(ab[i].im + ba[i].im, 0, 1e-14);
            }
        }
}

// a+_2 of the state with mode 0 occupied: Jordan-Wigner 0001 -> 0101 with the sign of one electron
// passed; parity 1111 -> 0011.
static void signs_and_states_are_those_of_the_maps(void **state)
{
    (void)state;
    static qhm_complex matrix[SIZE * SIZE];
    fill_matrix((qhm_ladder){2, true}, QHM_FERMION_JORDAN_WIGNER, matrix);
    REQUIRE_NEAR(matrix[5 * SIZE + 1].re, -1, 1e-15);
    fill_matrix((qhm_ladder){2, true}, QHM_FERMION_PARITY, matrix);
    REQUIRE_NEAR(matrix[3 * SIZE + 15].re, -1, 1e-15);
}

static void an_excitation_is_anti_hermitian(void **state)
{
    (void)state;
    qhm_fermion *t = product(MODES, 1, (qhm_ladder[]){{2, true}, {0, false}}, 2);
    qhm_observable *part = NULL;
    REQUIRE_FAILS(qhm_fermion_map(t, QHM_FERMION_JORDAN_WIGNER, &part, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "not Hermitian");
    REQUIRE_OK(qhm_fermion_append(t, -1, (qhm_ladder[]){{0, true}, {2, false}}, 2));
    REQUIRE_FAILS(qhm_fermion_map(t, QHM_FERMION_JORDAN_WIGNER, &part, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "not Hermitian");
    assert_null(part);
    REQUIRE_OK(qhm_fermion_map(t, QHM_FERMION_JORDAN_WIGNER, NULL, &part));
    assert_int_equal(qhm_observable_term_count(part), 2); // X Z Y and Y Z X
    REQUIRE_NEAR(fabs(qhm_observable_term(part, 0)->coefficient), 0.5, 1e-15);
    qhm_observable_destroy(part);
    qhm_fermion_destroy(t);
}

static void a_fixed_qubit_goes(void **state)
{
    (void)state;
    qhm_observable *sum, *less = NULL;
    char *text;
    REQUIRE_OK(qhm_observable_parse("Z0 Z1 + 0.5 X2 - Z0 + 2 Z1 Y3", &sum));
    REQUIRE_OK(qhm_fermion_reduce(sum, 1, -1, &less));
    REQUIRE_OK(qhm_observable_print(less, &text));
    assert_string_equal(text, "-2 Z0 + 0.5 X1 - 2 Y2");
    qhm_string_destroy(text);
    qhm_observable_destroy(less);
    REQUIRE_OK(qhm_fermion_reduce(sum, 1, 1, &less)); // Z0 cancels
    assert_int_equal(qhm_observable_term_count(less), 2);
    qhm_observable_destroy(less);
    REQUIRE_FAILS(qhm_fermion_reduce(sum, 2, 1, &less), QHM_ERROR_INVALID_ARGUMENT, "X on qubit 2");
    REQUIRE_FAILS(qhm_fermion_reduce(sum, 1, 0, &less), QHM_ERROR_INVALID_ARGUMENT, "not 1 or -1");
    qhm_observable_destroy(sum);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_fermion *fermion;
    REQUIRE_FAILS(qhm_fermion_create(0, &fermion), QHM_ERROR_INVALID_ARGUMENT, "1 to 64");
    REQUIRE_FAILS(qhm_fermion_create(65, &fermion), QHM_ERROR_INVALID_ARGUMENT, "65");
    REQUIRE_OK(qhm_fermion_create(64, &fermion));
    REQUIRE_FAILS(qhm_fermion_append(fermion, 1, (qhm_ladder[]){{64, true}}, 1),
                  QHM_ERROR_INVALID_ARGUMENT, "mode is 64, not 0 to 63");
    REQUIRE_FAILS(qhm_fermion_append(fermion, NAN, NULL, 0), QHM_ERROR_INVALID_ARGUMENT, "finite");
    REQUIRE_FAILS(qhm_fermion_append(fermion, 1, (qhm_ladder[9]){{0, true}}, 9),
                  QHM_ERROR_INVALID_ARGUMENT, "not at most 8");
    assert_int_equal(qhm_fermion_term_count(fermion), 0);
    assert_int_equal(qhm_fermion_mode_count(fermion), 64);
    qhm_fermion_destroy(fermion);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_fermion *fermion = NULL;
    qhm_observable *number = NULL, *less = NULL;
    qhm_status status = qhm_fermion_create(3, &fermion);
    for (uint32_t p = 0; p < 3 && status == QHM_OK; p++)
        status = qhm_fermion_append(fermion, 1, (qhm_ladder[]){{p, true}, {p, false}}, 2);
    if (status == QHM_OK)
        status = qhm_fermion_map(fermion, QHM_FERMION_PARITY, &number, NULL);
    if (status == QHM_OK)
        status = qhm_fermion_reduce(number, 2, 1, &less);
    qhm_observable_destroy(less);
    qhm_observable_destroy(number);
    qhm_fermion_destroy(fermion);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_anticommute),
        cmocka_unit_test(signs_and_states_are_those_of_the_maps),
        cmocka_unit_test(an_excitation_is_anti_hermitian),
        cmocka_unit_test(a_fixed_qubit_goes),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
