// Assignments against all of them, and QAOA that keeps one expert a token.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/assignment.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>

static const double scores[] = {.9, .4, .1, .8, .7, .2, .3, .6, .5};

static void known_scores_have_their_known_best(void **state)
{
    (void)state;
    size_t experts_of[3];
    double score;
    REQUIRE_OK(qhm_assignment_find(3, 3, scores, 1, experts_of, &score));
    REQUIRE_NEAR(score, 2.1, 1e-12);
    for (size_t t = 0; t < 3; t++)
        assert_int_equal(experts_of[t], t);
    REQUIRE_OK(qhm_assignment_find(3, 3, scores, 3, experts_of, &score));
    REQUIRE_NEAR(score, 2.3, 1e-12); // everyone's favourite
    REQUIRE_FAILS(qhm_assignment_find(3, 2, scores, 1, experts_of, &score),
                  QHM_ERROR_INVALID_ARGUMENT, "2 experts that take 1 tokens each cannot take 3");
}

static void paths_find_what_trying_all_finds(void **state)
{
    (void)state;
    enum { TOKENS = 5, EXPERTS = 3, CAPACITY = 2 };
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, 0, 0, 0);
    for (int trial = 0; trial < 50; trial++) {
        double values[TOKENS * EXPERTS], best = -INFINITY, score;
        size_t experts_of[TOKENS];
        for (size_t i = 0; i < TOKENS * EXPERTS; i++)
            values[i] = qhm_random_normal(&random);
        for (size_t code = 0; code < 243; code++) {
            size_t rest = code, loads[EXPERTS] = {0};
            double sum = 0;
            bool fits = true;
            for (size_t t = 0; t < TOKENS; t++, rest /= EXPERTS) {
                sum += values[t * EXPERTS + rest % EXPERTS];
                fits = fits && ++loads[rest % EXPERTS] <= CAPACITY;
            }
            best = fits ? fmax(best, sum) : best;
        }
        REQUIRE_OK(qhm_assignment_find(TOKENS, EXPERTS, values, CAPACITY, experts_of, &score));
        REQUIRE_NEAR(score, best, 1e-12);
    }
}

static void run_qaoa(qhm_qaoa_mixer mixer, const double *angles, double *cost, double *optimum,
                     double *one_hot)
{
    qhm_ising *ising;
    qhm_circuit *circuit, *bound;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_assignment_ising(3, 3, scores, 0.5, &ising));
    REQUIRE_OK(qhm_qaoa_circuit_create(
        ising, &(qhm_qaoa_circuit_options){.mixer = mixer, .block = 3}, &circuit));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, angles, &bound));
    REQUIRE_OK(qhm_counted_state(bound, NULL, &amplitudes));
    *cost = *one_hot = 0;
    for (size_t z = 0; z < 512; z++) {
        const double weight =
            amplitudes[z].re * amplitudes[z].re + amplitudes[z].im * amplitudes[z].im;
        *cost += weight * qhm_ising_energy(ising, z);
        bool valid = true;
        for (size_t t = 0; t < 3; t++)
            valid = valid && __builtin_popcountll(z >> 3 * t & 7) == 1;
        *one_hot += valid ? weight : 0;
        if (z == (1 | 2 << 3 | 4 << 6))
            *optimum = weight;
    }
    qhm_release(amplitudes);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    qhm_ising_destroy(ising);
}

static void one_layer_has_its_known_cost_and_stays_one_hot(void **state)
{
    (void)state;
    const double angles[] = {1.0, 0.2}, still[] = {0, 0.2}, good[] = {0.8, 0.92};
    double cost, optimum, one_hot;
    run_qaoa(QHM_QAOA_MIXER_BLOCK, angles, &cost, &optimum, &one_hot);
    REQUIRE_NEAR(cost, .925730576103, 1e-10);
    REQUIRE_NEAR(optimum, .007704072259, 1e-10);
    REQUIRE_NEAR(one_hot, 1, 1e-12);
    run_qaoa(QHM_QAOA_MIXER_RING, angles, &cost, &optimum, &one_hot);
    REQUIRE_NEAR(one_hot, 1, 1e-12);
    assert_true(fabs(cost - .925730576103) > 1e-3); // pairs in turn are another mixer
    run_qaoa(QHM_QAOA_MIXER_BLOCK, still, &cost, &optimum, &one_hot);
    REQUIRE_NEAR(cost, -.5, 1e-12);
    REQUIRE_NEAR(optimum, 1 / 27.0, 1e-12);
    run_qaoa(QHM_QAOA_MIXER_BLOCK, good, &cost, &optimum, &one_hot);
    REQUIRE_NEAR(cost, -1.1516, 2e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_scores_have_their_known_best),
        cmocka_unit_test(paths_find_what_trying_all_finds),
        cmocka_unit_test(one_layer_has_its_known_cost_and_stays_one_hot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
