// Born machines and their targets: known patterns, distances, gradients, and that training works.
#include "algorithm/discriminator.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/bit_target.h>
#include <qhm/born_machine.h>
#include <qhm/random.h>

enum { MOST_WEIGHTS = 64 };

static void bars_and_stripes_have_their_numbers_of_patterns(void **state)
{
    (void)state;
    static const struct {
        size_t rows, columns, patterns;
        double divergence;
    } known[] = {{2, 2, 6, .980829253}, {2, 3, 10, 1.856297990}, {3, 3, 14, 3.599267295}};
    for (size_t k = 0; k < 3; k++) {
        const size_t bits = known[k].rows * known[k].columns, size = (size_t)1 << bits;
        double target[512], uniform[512];
        size_t patterns = 0;
        REQUIRE_OK(qhm_bit_target_bars_and_stripes(known[k].rows, known[k].columns, target));
        for (size_t x = 0; x < size; x++) {
            patterns += target[x] > 0;
            uniform[x] = 1 / (double)size;
        }
        assert_int_equal(patterns, known[k].patterns);
        REQUIRE_NEAR(qhm_bit_target_divergence(bits, target, uniform), known[k].divergence, 1e-9);
    }
}

static void two_by_two_are_the_known_pictures_at_the_known_distance(void **state)
{
    (void)state;
    double target[16], uniform[16], squared, by_hand = 0;
    REQUIRE_OK(qhm_bit_target_bars_and_stripes(2, 2, target));
    for (size_t x = 0; x < 16; x++) {
        const bool is_known = x == 0 || x == 3 || x == 5 || x == 10 || x == 12 || x == 15;
        REQUIRE_NEAR(target[x], is_known ? 1 / 6.0 : 0, 1e-15);
        uniform[x] = 1 / 16.0;
    }
    REQUIRE_OK(qhm_bit_target_discrepancy(4, target, uniform, &squared));
    REQUIRE_NEAR(squared, .018147057380, 1e-12);
    for (size_t x = 0; x < 16; x++)
        for (size_t y = 0; y < 16; y++)
            by_hand += (target[x] - uniform[x]) * (target[y] - uniform[y]) *
                       exp(-0.5 * __builtin_popcountll(x ^ y));
    REQUIRE_NEAR(squared, by_hand, 1e-14);
}

// A chain 2 -> 0 -> 1 is a tree, so its model is exact; without dependences something is lost.
static void a_tree_is_found_and_a_product_is_not_one(void **state)
{
    (void)state;
    double target[8], tree[8], product[8];
    for (size_t x = 0; x < 8; x++) {
        const size_t a = x >> 2 & 1, b = x & 1, c = x >> 1 & 1;
        target[x] = (a ? 0.3 : 0.7) * (a == b ? 0.9 : 0.1) * (b == c ? 0.8 : 0.2);
    }
    REQUIRE_OK(qhm_bit_target_tree(3, target, tree));
    qhm_bit_target_product(3, target, product);
    REQUIRE_NEAR(qhm_bit_target_divergence(3, target, tree), 0, 1e-14);
    assert_true(qhm_bit_target_divergence(3, target, product) > 0.3);
    for (size_t x = 0; x < 8; x++)
        REQUIRE_NEAR(tree[x], target[x], 1e-14);
}

static qhm_born_machine *create(size_t bits, size_t layers, double *weights)
{
    qhm_born_machine *machine;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    REQUIRE_OK(qhm_born_machine_create(bits, layers, &machine));
    assert_int_equal(qhm_born_machine_weight_count(machine), 2 * bits * layers);
    for (size_t w = 0; w < 2 * bits * layers; w++)
        weights[w] = 3 * qhm_random_normal(&random);
    return machine;
}

static double discrepancy_at(qhm_born_machine *machine, const double *weights, const double *target)
{
    double model[8], squared;
    REQUIRE_OK(qhm_born_machine_probabilities(machine, weights, NULL, model));
    REQUIRE_OK(qhm_bit_target_discrepancy(3, model, target, &squared));
    return squared;
}

static void the_gradient_is_the_finite_difference(void **state)
{
    (void)state;
    static const double target[8] = {0.3, 0, 0.05, 0.2, 0.1, 0.25, 0, 0.1};
    double weights[MOST_WEIGHTS], gradient[MOST_WEIGHTS], slopes[8];
    qhm_born_machine *machine = create(3, 2, weights);
    REQUIRE_OK(qhm_born_machine_probabilities(machine, weights, NULL, slopes));
    for (size_t x = 0; x < 8; x++)
        slopes[x] = 2 * (slopes[x] - target[x]);
    qhm_bit_target_smooth(3, slopes);
    REQUIRE_OK(qhm_born_machine_gradient(machine, weights, NULL, slopes, gradient));
    double largest = 0;
    for (size_t w = 0; w < 12; w++) {
        const double at = weights[w], step = 1e-5;
        weights[w] = at + step;
        const double above = discrepancy_at(machine, weights, target);
        weights[w] = at - step;
        const double below = discrepancy_at(machine, weights, target);
        weights[w] = at;
        REQUIRE_NEAR(gradient[w], (above - below) / (2 * step), 1e-9);
        largest = fmax(largest, fabs(gradient[w]));
    }
    assert_true(largest > 1e-3);
    qhm_born_machine_destroy(machine);
}

static void shots_give_the_gradient_within_their_error(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static const double slopes[8] = {1, -1, 0.5, 0, -0.5, 1, 0, -1};
    double weights[MOST_WEIGHTS], exact[MOST_WEIGHTS], drawn[MOST_WEIGHTS];
    qhm_ledger ledger;
    qhm_born_machine *machine = create(3, 2, weights);
    REQUIRE_OK(qhm_born_machine_gradient(machine, weights, NULL, slopes, exact));
    REQUIRE_OK(qhm_born_machine_gradient(
        machine, weights, &(qhm_born_run){.shots = SHOTS, .seed = test_seed()}, slopes, drawn));
    for (size_t w = 0; w < 12; w++) // each of the two means varies by at most 1 / sqrt(shots)
        REQUIRE_NEAR(drawn[w], exact[w], 5 * sqrt(0.5 / SHOTS));
    REQUIRE_OK(qhm_born_machine_ledger(machine, &ledger));
    assert_int_equal(ledger.shots, 24 * SHOTS);
    assert_int_equal(ledger.exact_circuits, 24);
    qhm_born_machine_destroy(machine);
}

static void every_loss_is_lowered(void **state)
{
    (void)state;
    double target[16], weights[MOST_WEIGHTS];
    REQUIRE_OK(qhm_bit_target_bars_and_stripes(2, 2, target));
    for (int loss = 0; loss < QHM_BORN_LOSS_COUNT; loss++)
        for (size_t shots = 0; shots <= 500; shots += 500) {
            qhm_born_train_result result;
            qhm_born_machine *machine = create(4, 3, weights);
            const qhm_born_train_options options = {
                .loss = (qhm_born_loss)loss, .steps = 100, .shots = shots, .seed = 1};
            if (loss == QHM_BORN_DIVERGENCE && shots > 0) {
                REQUIRE_FAILS(qhm_born_machine_train(machine, target, &options, weights, &result),
                              QHM_ERROR_INVALID_ARGUMENT, "needs probabilities");
            } else {
                REQUIRE_OK(qhm_born_machine_train(machine, target, &options, weights, &result));
                assert_true(result.divergence < result.first_divergence / 4);
                assert_true(result.discrepancy < result.first_discrepancy / 4);
                assert_true(result.divergence < .81093); // that of the closest tree
            }
            qhm_born_machine_destroy(machine);
        }
}

static void a_discriminator_learns_what_is_apart(void **state)
{
    (void)state;
    double target[8] = {0}, model[8], logits[8], loss = 0, optimum = 0;
    qhm_discriminator network;
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 2, 0, 0);
    for (size_t x = 0; x < 8; x++)
        model[x] = 1 / 8.0;
    target[1] = target[2] = target[4] = target[7] = 0.25; // odd parity: no single bit tells
    REQUIRE_OK(qhm_discriminator_open(3, 16, 0.05, &random, &network));
    for (size_t step = 0; step < 1000; step++)
        REQUIRE_OK(qhm_discriminator_step(&network, target, model, &loss));
    qhm_discriminator_logits(&network, logits);
    for (size_t x = 0; x < 8; x++) // D = target / (target + model) is best
        if (target[x] > 0) {
            REQUIRE_NEAR(1 / (1 + exp(-logits[x])), 2 / 3.0, 0.01);
            optimum -= target[x] * log(2 / 3.0) + model[x] * log(1 / 3.0);
        }
    REQUIRE_NEAR(loss, optimum, 0.01);
    qhm_discriminator_close(&network);
}

static void wrong_targets_are_refused(void **state)
{
    (void)state;
    double weights[MOST_WEIGHTS];
    static const double half[2] = {0.25, 0.25}, negative[2] = {-0.5, 1.5};
    qhm_born_train_result result;
    qhm_born_machine *machine;
    REQUIRE_FAILS(qhm_born_machine_create(11, 1, &machine), QHM_ERROR_INVALID_ARGUMENT,
                  "bit_count is 11, not 1 to 10");
    REQUIRE_FAILS(qhm_born_machine_create(2, 0, &machine), QHM_ERROR_INVALID_ARGUMENT,
                  "layers is 0");
    REQUIRE_FAILS(qhm_bit_target_bars_and_stripes(4, 4, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "not 1 to 12 bits");
    machine = create(1, 1, weights);
    REQUIRE_FAILS(qhm_born_machine_train(machine, half, NULL, weights, &result),
                  QHM_ERROR_INVALID_ARGUMENT, "adds up to 0.5");
    REQUIRE_FAILS(qhm_born_machine_train(machine, negative, NULL, weights, &result),
                  QHM_ERROR_INVALID_ARGUMENT, "target 0 is -0.5");
    qhm_born_machine_destroy(machine);
}

static qhm_status attempt(void *context)
{
    static const double target[4] = {0.5, 0, 0, 0.5};
    double weights[MOST_WEIGHTS];
    qhm_born_train_result result;
    qhm_born_machine *machine;
    (void)context;
    QHM_TRY(qhm_born_machine_create(2, 1, &machine));
    const qhm_status status = qhm_born_machine_train(
        machine, target,
        &(qhm_born_train_options){.loss = QHM_BORN_ADVERSARIAL, .steps = 2, .shots = 5}, weights,
        &result);
    qhm_born_machine_destroy(machine);
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
        cmocka_unit_test(bars_and_stripes_have_their_numbers_of_patterns),
        cmocka_unit_test(two_by_two_are_the_known_pictures_at_the_known_distance),
        cmocka_unit_test(a_tree_is_found_and_a_product_is_not_one),
        cmocka_unit_test(the_gradient_is_the_finite_difference),
        cmocka_unit_test(shots_give_the_gradient_within_their_error),
        cmocka_unit_test(every_loss_is_lowered),
        cmocka_unit_test(a_discriminator_learns_what_is_apart),
        cmocka_unit_test(wrong_targets_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
