// Randomised benchmarking of two qubits: what it measures is the error that the model puts in.
//
// Elements of the Clifford group are known by what they make of X and Z of each qubit (tableaux).
// All 11,520 are found from few: a representative of each coset by as few CZ as can be, and then
// one of the 24 * 24 pairs of one-qubit Cliffords.
#include "support/checks.h"
#include "support/decays.h"
#include "support/reference_density.h"

#include <qhm/noise_model.h>

#include <complex.h>

enum { SINGLES = 24, PAIRS = SINGLES * SINGLES, COSETS = 20, GROUP = COSETS * PAIRS };

// One-qubit Cliffords up to phases, by H and S.
typedef struct single {
    double complex entry[2][2];
    char word[16]; // of H and S, in the order in which they act
} single;

// A Pauli string with its sign: bits x0, x1, z0, z1, sign. XZ is Y by the two bits.
typedef struct tableau {
    unsigned rows[4]; // of X0, Z0, X1, Z1
} tableau;

typedef struct layer {
    int a, b; // one-qubit Cliffords, and CZ after them
} layer;

typedef struct coset {
    layer layers[3];
    size_t cz_count;
} coset;

typedef struct group {
    single singles[SINGLES];
    coset cosets[COSETS];
    size_t coset_count;
    unsigned keys[GROUP];      // of element 576 coset + 24 b + a
    int element_of[1 << 20];   // by a tableau's key, or -1
    int inverse_of[1 << 20];   // the element that undoes it, or -1
    tableau of_element[GROUP]; // by their circuits
} group;

static double complex trace_of_ratio(const single *a, const single *b)
{
    double complex sum = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            sum += conj(a->entry[i][j]) * b->entry[i][j];
    return sum;
}

static void find_singles(single *singles)
{
    size_t count = 1;
    singles[0] = (single){.entry = {{1, 0}, {0, 1}}};
    for (size_t i = 0; i < count; i++)
        for (int g = 0; g < 2; g++) {
            single next = singles[i];
            for (int j = 0; j < 2; j++) {
                const double complex p = singles[i].entry[0][j], q = singles[i].entry[1][j];
                next.entry[0][j] = g ? p : (p + q) * sqrt(0.5);
                next.entry[1][j] = g ? I * q : (p - q) * sqrt(0.5);
            }
            strcat(next.word, g ? "S" : "H");
            bool is_new = true;
            for (size_t k = 0; k < count; k++)
                is_new = is_new && cabs(trace_of_ratio(&singles[k], &next)) < 2 - 1e-9;
            if (is_new) {
                assert_true(count < SINGLES);
                singles[count++] = next;
            }
        }
    assert_int_equal(count, SINGLES);
}

static const tableau nothing = {{1, 4, 2, 8}};

static void apply_word(tableau *t, int qubit, const char *word)
{
    for (; *word; word++)
        for (int r = 0; r < 4; r++) {
            const unsigned x = t->rows[r] >> qubit & 1, z = t->rows[r] >> (2 + qubit) & 1;
            if (*word == 'H')
                t->rows[r] ^= (x ^ z) << qubit | (x ^ z) << (2 + qubit) | (x & z) << 4;
            else // S: X to Y, Y to -X
                t->rows[r] ^= x << (2 + qubit) | (x & z) << 4;
        }
}

// X0 to X0 Z1, X1 to Z0 X1; X0 X1 to Y0 Y1, Y0 X1 to -X0 Y1.
static void apply_cz(tableau *t)
{
    for (int r = 0; r < 4; r++) {
        const unsigned x0 = t->rows[r] & 1, x1 = t->rows[r] >> 1 & 1;
        const unsigned z0 = t->rows[r] >> 2 & 1, z1 = t->rows[r] >> 3 & 1;
        t->rows[r] ^= x1 << 2 | x0 << 3 | (x0 & x1 & (z0 ^ z1)) << 4;
    }
}

static void apply_pair(const group *g, tableau *t, int a, int b)
{
    apply_word(t, 0, g->singles[a].word);
    apply_word(t, 1, g->singles[b].word);
}

static void apply_element(const group *g, tableau *t, size_t element)
{
    const coset *c = &g->cosets[element / PAIRS];
    for (size_t l = 0; l < c->cz_count; l++) {
        apply_pair(g, t, c->layers[l].a, c->layers[l].b);
        apply_cz(t);
    }
    apply_pair(g, t, (int)(element % SINGLES), (int)(element % PAIRS / SINGLES));
}

static unsigned key_of(const tableau *t)
{
    return t->rows[0] | t->rows[1] << 5 | t->rows[2] << 10 | t->rows[3] << 15;
}

// The coset's elements, unless they are known; is_known: [1 << 20].
static void add_coset(group *g, const coset *c, bool *is_known)
{
    const size_t first = g->coset_count * PAIRS;
    if (g->coset_count == COSETS)
        return;
    g->cosets[g->coset_count] = *c;
    for (size_t e = first; e < first + PAIRS; e++) {
        g->of_element[e] = nothing;
        apply_element(g, &g->of_element[e], e);
        g->keys[e] = key_of(&g->of_element[e]);
        if (e == first && is_known[g->keys[e]])
            return;
        assert_false(is_known[g->keys[e]]);
        is_known[g->keys[e]] = true;
    }
    g->coset_count++;
}

static void find_inverses(group *g)
{
    memset(g->element_of, -1, sizeof g->element_of);
    memset(g->inverse_of, -1, sizeof g->inverse_of);
    for (size_t e = 0; e < GROUP; e++)
        g->element_of[g->keys[e]] = (int)e;
    for (size_t e = 0; e < GROUP; e++) {
        // Powers of an element are in the group; the one before nothing is its inverse.
        tableau power = g->of_element[e];
        unsigned last = key_of(&nothing);
        while (key_of(&power) != key_of(&nothing)) {
            last = key_of(&power);
            apply_element(g, &power, e);
        }
        g->inverse_of[g->keys[e]] = g->element_of[last];
    }
}

static group *find_group(void)
{
    static group g;
    static bool is_known[1 << 20];
    if (g.coset_count > 0)
        return &g;
    find_singles(g.singles);
    add_coset(&g, &(coset){.cz_count = 0}, is_known);
    for (size_t c = 0; c < g.coset_count; c++) // fewest CZ first
        for (int pair = 0; pair < PAIRS && g.cosets[c].cz_count < 3; pair++) {
            // As the last one-qubit Cliffords of the coset before CZ.
            coset next = g.cosets[c];
            next.layers[next.cz_count++] = (layer){pair % SINGLES, pair / SINGLES};
            add_coset(&g, &next, is_known);
        }
    find_inverses(&g);
    return &g;
}

// 576 elements need no CZ, 5184 one, 5184 two (like iSWAP), 576 three (like SWAP).
static void the_group_is_whole(void **state)
{
    (void)state;
    const group *g = find_group();
    size_t by_cz[4] = {0};
    assert_int_equal(g->coset_count, COSETS);
    for (size_t c = 0; c < COSETS; c++)
        by_cz[g->cosets[c].cz_count]++;
    assert_true(by_cz[0] == 1 && by_cz[1] == 9 && by_cz[2] == 9 && by_cz[3] == 1);
    for (size_t e = 0; e < GROUP; e++) {
        tableau t = g->of_element[e];
        apply_element(g, &t, (size_t)g->inverse_of[g->keys[e]]);
        assert_int_equal(key_of(&t), key_of(&nothing));
    }
}

static void append_single(qhm_circuit *circuit, uint32_t qubit, const single *s)
{
    qhm_complex entries[4];
    for (int i = 0; i < 4; i++)
        entries[i] = (qhm_complex){creal(s->entry[i / 2][i % 2]), cimag(s->entry[i / 2][i % 2])};
    const qhm_instruction gate = {.gate = QHM_GATE_UNITARY,
                                  .qubit_count = 1,
                                  .qubits = (uint32_t[]){qubit},
                                  .matrix = entries};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &gate));
}

static void append_cz(qhm_circuit *circuit)
{
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){0, 1}, NULL));
}

static void append_element(const group *g, qhm_circuit *circuit, size_t element)
{
    const coset *c = &g->cosets[element / PAIRS];
    for (size_t l = 0; l < c->cz_count; l++) {
        append_single(circuit, 0, &g->singles[c->layers[l].a]);
        append_single(circuit, 1, &g->singles[c->layers[l].b]);
        append_cz(circuit);
    }
    append_single(circuit, 0, &g->singles[element % SINGLES]);
    append_single(circuit, 1, &g->singles[element % PAIRS / SINGLES]);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
}

// How far a random sequence and its inverse come back, 1 to 0: the mean over four ends in |00> to
// |11>, so that relaxation towards any one of them drops out.
static double survival(const qhm_noise_model *model, size_t length, bool is_interleaved,
                       qhm_random *random)
{
    const group *g = find_group();
    qhm_circuit *circuit, *noisy;
    tableau total = nothing;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    for (size_t i = 0; i < length; i++) {
        const size_t element = qhm_random_below(random, GROUP);
        append_element(g, circuit, element);
        apply_element(g, &total, element);
        if (is_interleaved) {
            append_cz(circuit);
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
            apply_cz(&total);
        }
    }
    double mean = 0;
    for (size_t end = 0; end < 4; end++) {
        qhm_circuit *whole;
        tableau last = g->of_element[g->inverse_of[key_of(&total)]];
        const char *const words[2] = {"", "HSSH"}; // X where the end has 1
        apply_word(&last, 0, words[end & 1]);
        apply_word(&last, 1, words[end >> 1]);
        REQUIRE_OK(qhm_circuit_copy(circuit, &whole));
        append_element(g, whole, (size_t)g->element_of[key_of(&last)]);
        REQUIRE_OK(qhm_noise_model_apply(model, whole, &noisy));
        qhm_complex *rho = reference_density(noisy, NULL, NULL);
        mean += rho[5 * end].re / 4;
        free(rho);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(whole);
    }
    qhm_circuit_destroy(circuit);
    return (mean - 0.25) * 4 / 3;
}

enum { LENGTHS = 4, SEQUENCES = 50 };

// The decay per step and its standard error, by a slope of logarithms for each set of sequences.
static void benchmark(const qhm_noise_model *model, bool is_interleaved, uint64_t key,
                      double *decay, double *error)
{
    static const size_t lengths[LENGTHS] = {1, 12, 24, 40};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 72, 0, key);
    double slopes[SEQUENCES], slope_error;
    for (size_t s = 0; s < SEQUENCES; s++) {
        double survivals[LENGTHS];
        for (size_t l = 0; l < LENGTHS; l++)
            survivals[l] = survival(model, lengths[l], is_interleaved, &random);
        slopes[s] = decay_slope(lengths, survivals, LENGTHS);
    }
    *decay = exp(mean_slope(slopes, SEQUENCES, &slope_error));
    *error = *decay * slope_error;
}

// Depolarising noise goes past every gate: an element with n CZ keeps f^n, f = 1 - 16 p / 15 with
// p the error of the process.
static void the_decay_is_the_mean_over_the_group(void **state)
{
    (void)state;
    const char *const text = "gates: {cz: {average_error: 0.006}}\n";
    const double f = 1 - 0.006 * 4 / 3;
    qhm_noise_model *model;
    double decay, error;
    REQUIRE_OK(qhm_noise_model_parse(text, strlen(text), "lab.yaml", NULL, &model));
    benchmark(model, false, 0, &decay, &error);
    const double expected = (1 + 9 * f + 9 * f * f + f * f * f) / 20;
    assert_true(error > 0 && error < 0.05 * (1 - expected));
    REQUIRE_NEAR(decay, expected, 3.5 * error); // 99.9 %, t(49)
    qhm_noise_model_destroy(model);
}

// CZ between random elements: the ratio of decays is its own, 1 - 4/3 of its average error.
static void interleaved_benchmarking_recovers_willows_cz(void **state)
{
    (void)state;
    qhm_device *device;
    qhm_noise_model *model;
    double plain, plain_error, with, with_error;
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    REQUIRE_OK(qhm_noise_model_create_from_device(device, (uint32_t[]){50, 51}, 2, NULL, &model));
    benchmark(model, false, 1, &plain, &plain_error);
    benchmark(model, true, 2, &with, &with_error);
    const double error = 0.75 * (1 - with / plain);
    const double interval = 0.75 * 3.5 * hypot(plain_error, with_error);
    assert_true(interval < 0.25 * 3.3e-3);
    REQUIRE_NEAR(error, 3.3e-3, interval);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_group_is_whole),
        cmocka_unit_test(the_decay_is_the_mean_over_the_group),
        cmocka_unit_test(interleaved_benchmarking_recovers_willows_cz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
