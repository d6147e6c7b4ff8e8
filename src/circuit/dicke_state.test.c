// Dicke states on a state vector.
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/dicke_state.h>
#include <qhm/plan.h>

// The state after the last ones of a block that begins at qubit 1 are set and the Dicke circuit.
static qhm_complex *state_of(uint32_t count, uint32_t ones, bool returns)
{
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    const size_t size = (size_t)1 << (count + 1);
    qhm_complex *state = test_calloc(size, sizeof *state);
    REQUIRE_OK(qhm_circuit_create(count + 1, 0, &circuit));
    for (uint32_t i = 0; i < ones; i++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){count - i}, NULL));
    REQUIRE_OK(qhm_circuit_append_dicke(circuit, 1, count, ones, false));
    if (returns)
        REQUIRE_OK(qhm_circuit_append_dicke(circuit, 1, count, ones, true));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .states = state}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return state;
}

static double choose(uint32_t n, uint32_t k)
{
    return round(exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma((double)(n - k) + 1)));
}

static void all_strings_of_a_weight_have_one_amplitude(void **state)
{
    (void)state;
    for (uint32_t count = 2; count <= 7; count++)
        for (uint32_t ones = 1; ones < count; ones++) {
            qhm_complex *made = state_of(count, ones, false);
            const double even = 1 / sqrt(choose(count, ones));
            for (size_t z = 0; z < (size_t)1 << (count + 1); z++) {
                const bool is_in = z % 2 == 0 && (uint32_t)__builtin_popcountll(z) == ones;
                REQUIRE_NEAR(made[z].re, is_in ? even : 0, 1e-12);
                REQUIRE_NEAR(made[z].im, 0, 1e-12);
            }
            test_free(made);
        }
}

static void the_way_back_is_the_inverse(void **state)
{
    (void)state;
    qhm_complex *made = state_of(5, 3, true);
    REQUIRE_NEAR(made[7 << 3].re, 1, 1e-12);
    test_free(made);
}

static void blocks_need_a_place_for_zeros_and_ones(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    REQUIRE_FAILS(qhm_circuit_append_dicke(circuit, 0, 3, 3, false), QHM_ERROR_INVALID_ARGUMENT,
                  "3 ones in a block of 3 qubits");
    REQUIRE_FAILS(qhm_circuit_append_dicke(circuit, 0, 3, 0, false), QHM_ERROR_INVALID_ARGUMENT,
                  "0 ones");
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_strings_of_a_weight_have_one_amplitude),
        cmocka_unit_test(the_way_back_is_the_inverse),
        cmocka_unit_test(blocks_need_a_place_for_zeros_and_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
