// QAOA against published values, closed forms, circuits, and finite differences.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/qaoa_costs.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>

typedef struct graph {
    const char *name;
    size_t nodes, edges;
    unsigned char ends[21][2];
    double best, optima;
    double shares[4]; // at the published angles
} graph;

static const graph graphs[] = {
    {"K4",
     4,
     6,
     {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}},
     4,
     6,
     {.5813384642, .5739190757, .6246794936, .6303648760}},
    {"prism",
     6,
     9,
     {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}},
     7,
     6,
     {.6554128812, .7273008516, .7424098690, .7562406878}},
    {"K33",
     6,
     9,
     {{0, 3}, {0, 4}, {0, 5}, {1, 3}, {1, 4}, {1, 5}, {2, 3}, {2, 4}, {2, 5}},
     9,
     2,
     {.6924500897, .8348821613, .8646570297, .8958823031}},
    {"cube",
     8,
     12,
     {{0, 1},
      {2, 3},
      {4, 5},
      {6, 7},
      {0, 2},
      {1, 3},
      {4, 6},
      {5, 7},
      {0, 4},
      {1, 5},
      {2, 6},
      {3, 7}},
     12,
     2,
     {.6924500897, .7898708870, .8334862705, .8539982608}},
    {"Petersen",
     10,
     15,
     {{0, 1},
      {1, 2},
      {2, 3},
      {3, 4},
      {4, 0},
      {0, 5},
      {1, 6},
      {2, 7},
      {3, 8},
      {4, 9},
      {5, 7},
      {7, 9},
      {9, 6},
      {6, 8},
      {8, 5}},
     12,
     10,
     {.6924500897, .7327344358, .7373401170, .7662804550}},
    {"Heawood",
     14,
     21,
     {{0, 1}, {1, 2}, {2, 3},  {3, 4},   {4, 5},   {5, 6},   {6, 7},
      {7, 8}, {8, 9}, {9, 10}, {10, 11}, {11, 12}, {12, 13}, {13, 0},
      {0, 5}, {2, 7}, {4, 9},  {6, 11},  {8, 13},  {10, 1},  {12, 3}},
     21,
     2,
     {.6924500897, .7559064324, .8086268825, .8307184237}},
};

enum { GRAPHS = sizeof graphs / sizeof graphs[0] };

// Minus the cut.
static qhm_ising *cut_of(const graph *g)
{
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(g->nodes, &ising));
    for (size_t e = 0; e < g->edges; e++) {
        REQUIRE_OK(qhm_ising_append_coupling(ising, g->ends[e][0], g->ends[e][1], 0.5));
        REQUIRE_OK(qhm_ising_append_constant(ising, -0.5));
    }
    return ising;
}

static void small_graphs_have_their_published_shares(void **state)
{
    (void)state;
    for (size_t g = 0; g < GRAPHS; g++) {
        qhm_ising *ising = cut_of(&graphs[g]);
        qhm_ising_solution best;
        REQUIRE_OK(qhm_ising_find_all(ising, &best));
        REQUIRE_NEAR(best.energy, -graphs[g].best, 1e-12);
        REQUIRE_NEAR(best.optimum_count, graphs[g].optima, 0);
        for (size_t layers = 1; layers <= 4; layers++) {
            double angles[8];
            REQUIRE_OK(qhm_qaoa_fixed_angles(layers, angles));
            // Printed with eight or more digits; the flat of the optimum forgives the rest.
            const double share =
                -mean_cost(ising, QHM_FLOAT64, layers, angles, NULL) / (double)graphs[g].edges;
            REQUIRE_NEAR(share, graphs[g].shares[layers - 1], 2e-8);
            const double narrow =
                -mean_cost(ising, QHM_FLOAT32, layers, angles, NULL) / (double)graphs[g].edges;
            REQUIRE_NEAR(narrow, share, 1e-5);
        }
        qhm_ising_destroy(ising);
    }
}

// 1/2 + 1/4 sin 4b sin g (cos^d g + cos^e g) - 1/4 sin^2 2b cos^{d+e-2f} g (1 - cos^f 2g).
static double closed_form(double gamma, double beta, int d, int e, int f)
{
    return 0.5 + 0.25 * sin(4 * beta) * sin(gamma) * (pow(cos(gamma), d) + pow(cos(gamma), e)) -
           0.25 * pow(sin(2 * beta), 2) * pow(cos(gamma), d + e - 2 * f) *
               (1 - pow(cos(2 * gamma), f));
}

// K4 has triangles: without their term the formula gives another number.
static void one_layer_follows_the_closed_form_with_triangles(void **state)
{
    (void)state;
    qhm_ising *ising = cut_of(&graphs[0]);
    const double gamma = atan(1 / sqrt(2)), beta = atan(1) / 2;
    const double angles[] = {-gamma, beta};
    const double cut = -mean_cost(ising, QHM_FLOAT64, 1, angles, NULL);
    REQUIRE_NEAR(cut, 3.488033871713, 1e-10);
    REQUIRE_NEAR(cut, 6 * closed_form(gamma, beta, 2, 2, 2), 1e-12);
    assert_true(fabs(cut - 6 * closed_form(gamma, beta, 2, 2, 0)) > 0.1);
    // An RZZ of the other sign, or of half the angle, is found out.
    const double reversed[] = {gamma, beta}, halved[] = {-gamma / 2, beta};
    assert_true(fabs(mean_cost(ising, QHM_FLOAT64, 1, reversed, NULL) + cut) > 0.1);
    qhm_ising_destroy(ising);
    ising = cut_of(&graphs[2]);
    const double bipartite = -mean_cost(ising, QHM_FLOAT64, 1, angles, NULL);
    REQUIRE_NEAR(bipartite, 9 * closed_form(gamma, beta, 2, 2, 0), 1e-12);
    assert_true(fabs(mean_cost(ising, QHM_FLOAT64, 1, halved, NULL) + bipartite) > 0.1);
    qhm_ising_destroy(ising);
}

static void rings_reach_their_limits(void **state)
{
    (void)state;
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(12, &ising));
    for (size_t i = 0; i < 12; i++) {
        REQUIRE_OK(qhm_ising_append_coupling(ising, i, (i + 1) % 12, 0.5));
        REQUIRE_OK(qhm_ising_append_constant(ising, -0.5));
    }
    for (size_t layers = 1; layers <= 3; layers++) {
        double angles[6];
        qhm_qaoa *qaoa;
        qhm_qaoa_fitted fitted;
        const double limit = (2 * (double)layers + 1) / (2 * (double)layers + 2);
        REQUIRE_OK(qhm_qaoa_tree_angles(2, layers, angles));
        REQUIRE_NEAR(qhm_qaoa_tree_cut(2, layers, angles), limit, 1e-9);
        REQUIRE_NEAR(-mean_cost(ising, QHM_FLOAT64, layers, angles, NULL) / 12, limit, 1e-9);
        REQUIRE_OK(qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = layers}, &qaoa));
        for (size_t i = 0; i < 2 * layers; i++)
            angles[i] *= 0.9;
        REQUIRE_OK(qhm_qaoa_fit(qaoa, NULL, angles, &fitted));
        REQUIRE_NEAR(-fitted.cost / 12, limit, 1e-9);
        qhm_qaoa_destroy(qaoa);
    }
    qhm_ising_destroy(ising);
}

static void trees_have_their_known_optima(void **state)
{
    (void)state;
    static const double one_layer[] = {.75, .692450089730, .662379763210, .643108350560,
                                       .629402082031};
    static const double degree_three[] = {.692450089730, .755906458453, .792398428764, .816877};
    double angles[8];
    for (size_t degree = 2; degree <= 6; degree++) {
        REQUIRE_OK(qhm_qaoa_tree_angles(degree, 1, angles));
        REQUIRE_NEAR(qhm_qaoa_tree_cut(degree, 1, angles), one_layer[degree - 2], 1e-11);
    }
    for (size_t layers = 1; layers <= 4; layers++) {
        REQUIRE_OK(qhm_qaoa_tree_angles(3, layers, angles));
        REQUIRE_NEAR(qhm_qaoa_tree_cut(3, layers, angles), degree_three[layers - 1],
                     layers == 4 ? 5e-7 : 1e-10);
    }
    REQUIRE_OK(qhm_qaoa_tree_angles(3, 2, angles));
    REQUIRE_NEAR(angles[0], -.48783553, 1e-5);
    REQUIRE_NEAR(angles[3], .29238074, 1e-5);
    REQUIRE_OK(qhm_qaoa_tree_angles(3, 1, angles));
    REQUIRE_NEAR(angles[0], -.615479708671, 1e-6);
    REQUIRE_NEAR(angles[1], .392699081699, 1e-6);
    static const double three[] = {-.42186113, -.79840247, -.93698062,
                                   .60895021,  .45956772,  .23567018};
    REQUIRE_OK(qhm_qaoa_tree_angles(3, 3, angles));
    for (size_t i = 0; i < 6; i++)
        REQUIRE_NEAR(angles[i], three[i], 1e-5);
    REQUIRE_NEAR(qhm_qaoa_tree_cut(3, 3, three), .792398428764, 1e-10);
    static const double ring[] = {-.65587073, -1.24286096, .62143048, .32793537};
    REQUIRE_NEAR(qhm_qaoa_tree_cut(2, 2, ring), 5.0 / 6, 1e-12);
    REQUIRE_OK(qhm_qaoa_fixed_angles(3, angles));
    REQUIRE_NEAR(qhm_qaoa_tree_cut(3, 3, angles), .7923158657, 1e-8);
    REQUIRE_OK(qhm_qaoa_fixed_angles(4, angles));
    REQUIRE_NEAR(qhm_qaoa_tree_cut(3, 4, angles), .8167317113, 1e-8);
    REQUIRE_FAILS(qhm_qaoa_tree_angles(1, 1, angles), QHM_ERROR_INVALID_ARGUMENT, "degree is 1");
}

// Sizes below, at and above a register, a block and one pass over high qubits.
// With gamma = 0 nothing changes: the start is an eigenstate of its mixer. With chances of 1/2 it
// is the usual QAOA with -beta.
static void warm_starts_stay_where_they_are(void **state)
{
    (void)state;
    qhm_ising *ising = random_problem(3, true, 9);
    const double chance[] = {0.25, 0.9, 0.5}, even[] = {0.5, 0.5, 0.5};
    const double still[] = {0, 1.3}, angles[] = {0.4, 0.3}, usual[] = {0.4, -0.3};
    double expected = 0;
    for (uint64_t z = 0; z < 8; z++) {
        double weight = 1;
        for (size_t i = 0; i < 3; i++)
            weight *= z >> i & 1 ? chance[i] : 1 - chance[i];
        expected += weight * qhm_ising_energy(ising, z);
    }
    qhm_qaoa_circuit_options options = {.mixer = QHM_QAOA_MIXER_WARM, .chance = chance};
    REQUIRE_NEAR(circuit_cost(ising, &options, still, NULL), expected, 1e-12);
    options.chance = even;
    REQUIRE_NEAR(circuit_cost(ising, &options, angles, NULL),
                 mean_cost(ising, QHM_FLOAT64, 1, usual, NULL), 1e-12);
    qhm_circuit *circuit = NULL;
    options.chance = (const double[]){0.5, 0, 0.5};
    REQUIRE_FAILS(qhm_qaoa_circuit_create(ising, &options, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "chance 1 is 0");
    qhm_ising_destroy(ising);
}

// Where the mixer alone takes "only qubit 0 is 1": the circuit after its own inverse at beta = 0.
static double *mixed(qhm_qaoa_mixer mixer, size_t block, double beta)
{
    qhm_ising *ising;
    qhm_circuit *circuit, *alone, *bound, *zero, *back;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_ising_create(block, &ising));
    REQUIRE_OK(qhm_qaoa_circuit_create(
        ising, &(qhm_qaoa_circuit_options){.mixer = mixer, .block = block}, &circuit));
    REQUIRE_OK(qhm_circuit_create(block, 0, &alone));
    REQUIRE_OK(qhm_circuit_append(alone, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, (double[]){0, 0}, &zero));
    REQUIRE_OK(qhm_circuit_invert(zero, &back));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, (double[]){0, beta}, &bound));
    REQUIRE_OK(qhm_circuit_append_circuit(alone, back, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_circuit_append_circuit(alone, bound, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(alone, NULL, &amplitudes));
    double *probabilities = test_calloc((size_t)1 << block, sizeof *probabilities);
    for (size_t z = 0; z < (size_t)1 << block; z++)
        probabilities[z] =
            amplitudes[z].re * amplitudes[z].re + amplitudes[z].im * amplitudes[z].im;
    qhm_release(amplitudes);
    qhm_circuit_destroy(zero);
    qhm_circuit_destroy(back);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(alone);
    qhm_circuit_destroy(circuit);
    qhm_ising_destroy(ising);
    return probabilities;
}

// stay |1 + (e^{-2iEb} - 1) / E|^2, hop |(e^{-2iEb} - 1) / E|^2; pairs in turn give other numbers.
static void block_mixers_are_exact_and_rings_are_not(void **state)
{
    (void)state;
    double *exact = mixed(QHM_QAOA_MIXER_BLOCK, 3, 0.3);
    REQUIRE_NEAR(exact[1], .454576847, 1e-9);
    REQUIRE_NEAR(exact[2], .272711577, 1e-9);
    REQUIRE_NEAR(exact[4], .272711577, 1e-9);
    double *ring = mixed(QHM_QAOA_MIXER_RING, 3, 0.3);
    REQUIRE_NEAR(ring[1] + ring[2] + ring[4], 1, 1e-12);
    assert_true(fabs(ring[2] - ring[4]) > 0.01);
    test_free(exact);
    test_free(ring);
    exact = mixed(QHM_QAOA_MIXER_BLOCK, 5, 0.17);
    const double re = cos(1.7) - 1, im = -sin(1.7);
    REQUIRE_NEAR(exact[8], (re * re + im * im) / 25, 1e-12);
    test_free(exact);
}

static void interpolation_keeps_lines(void **state)
{
    (void)state;
    const double angles[] = {0.2, 0.6, 0.5, 0.1};
    double more[6];
    qhm_qaoa_interpolate(2, angles, more);
    REQUIRE_NEAR(more[0], 0.2, 1e-15);
    REQUIRE_NEAR(more[1], 0.4, 1e-15);
    REQUIRE_NEAR(more[2], 0.6, 1e-15);
    REQUIRE_NEAR(more[4], 0.3, 1e-15);
}

static void the_lowest_mean_takes_a_part_of_an_outcome(void **state)
{
    (void)state;
    const double costs[] = {3, -1, 0}, weights[] = {5, 2, 3};
    double mean;
    REQUIRE_OK(qhm_qaoa_lowest_mean(3, costs, weights, 0.4, &mean));
    REQUIRE_NEAR(mean, -0.5, 1e-12); // two of -1, two of 0
    REQUIRE_OK(qhm_qaoa_lowest_mean(3, costs, weights, 1, &mean));
    REQUIRE_NEAR(mean, 1.3, 1e-12);
    REQUIRE_FAILS(qhm_qaoa_lowest_mean(3, costs, weights, 0, &mean), QHM_ERROR_INVALID_ARGUMENT,
                  "share is 0");
}

static void recursion_finds_cuts_of_small_graphs(void **state)
{
    (void)state;
    for (size_t g = 0; g < GRAPHS; g++) {
        qhm_ising *ising = cut_of(&graphs[g]);
        qhm_qaoa_recursion made;
        qhm_ledger ledger = {0};
        REQUIRE_OK(qhm_qaoa_recurse(ising, 2, &ledger, &made));
        assert_int_equal(ledger.exact_circuits, made.runs);
        assert_int_equal(ledger.settings, made.rounds);
        assert_int_equal(ledger.qubits, graphs[g].nodes);
        assert_int_equal(made.rounds, graphs[g].nodes - 2);
        REQUIRE_NEAR(made.solution.energy, qhm_ising_energy(ising, made.solution.bits), 1e-12);
        assert_true(-made.solution.energy >= graphs[g].best - 1 - 1e-9);
        qhm_ising_destroy(ising);
    }
}

static void impossible_requests_are_refused(void **state)
{
    (void)state;
    qhm_ising *ising;
    qhm_qaoa *qaoa = NULL;
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_ising_create(31, &ising));
    REQUIRE_FAILS(qhm_qaoa_create(ising, NULL, &qaoa), QHM_ERROR_RESOURCE_LIMIT, "31 spins");
    const qhm_qaoa_circuit_options options = {.mixer = QHM_QAOA_MIXER_BLOCK, .block = 3};
    REQUIRE_FAILS(qhm_qaoa_circuit_create(ising, &options, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "blocks of 3 qubits do not divide 31");
    assert_true(!qaoa && !circuit);
    qhm_ising_destroy(ising);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_graphs_have_their_published_shares),
        cmocka_unit_test(one_layer_follows_the_closed_form_with_triangles),
        cmocka_unit_test(rings_reach_their_limits),
        cmocka_unit_test(trees_have_their_known_optima),
        cmocka_unit_test(warm_starts_stay_where_they_are),
        cmocka_unit_test(block_mixers_are_exact_and_rings_are_not),
        cmocka_unit_test(interpolation_keeps_lines),
        cmocka_unit_test(the_lowest_mean_takes_a_part_of_an_outcome),
        cmocka_unit_test(recursion_finds_cuts_of_small_graphs),
        cmocka_unit_test(impossible_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
