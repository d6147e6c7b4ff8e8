// Oracles against the conditions they are made from: on every item, with clean work qubits.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/ledger.h>
#include <qhm/oracle.h>

// Runs a call on the uniform state: the amplitude of every item turns by `angle` if it is marked,
// and nothing is left in the work qubits.
static void require_phases(const qhm_oracle *oracle, double angle, const bool *marks)
{
    const size_t n = qhm_oracle_qubit_count(oracle);
    qhm_circuit *call, *circuit;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_oracle_circuit_create(oracle, angle, 0, &call));
    REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(call), 0, &circuit));
    for (uint32_t q = 0; q < n; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, call, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &amplitudes));
    const double size = sqrt(1.0 / (double)((size_t)1 << n));
    for (size_t x = 0; x < (size_t)1 << n; x++) {
        bool is_marked;
        REQUIRE_OK(qhm_oracle_check(oracle, x, &is_marked));
        assert_int_equal(is_marked, marks[x]);
        REQUIRE_NEAR(amplitudes[x].re, size * (marks[x] ? cos(angle) : 1), 1e-12);
        REQUIRE_NEAR(amplitudes[x].im, size * (marks[x] ? sin(angle) : 0), 1e-12);
    }
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(call);
}

static void listed_items_are_marked(void **state)
{
    (void)state;
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_oracle_create_marked(3, (uint64_t[]){1, 6}, 2, &oracle));
    const bool marks[8] = {[1] = true, [6] = true};
    require_phases(oracle, M_PI, marks);
    require_phases(oracle, 0.7, marks);
    qhm_oracle_destroy(oracle);
}

static void require_formula(const char *text)
{
    qhm_boolean_formula *formula;
    qhm_oracle *oracle;
    bool marks[64];
    REQUIRE_OK(qhm_boolean_formula_parse(text, &formula));
    REQUIRE_OK(qhm_oracle_create_formula(formula, &oracle));
    for (uint64_t x = 0; x < (uint64_t)1 << qhm_boolean_formula_variable_count(formula); x++)
        marks[x] = qhm_boolean_formula_value(formula, x);
    require_phases(oracle, M_PI, marks);
    require_phases(oracle, -1.1, marks);
    qhm_oracle_destroy(oracle);
    qhm_boolean_formula_destroy(formula);
}

static void formulas_mark_what_they_are_true_for(void **state)
{
    (void)state;
    const char *const texts[] = {"x0",
                                 "~x1",
                                 "x0 & ~x2",
                                 "x0 | x1",
                                 "x0 ^ x1 ^ ~x2",
                                 "(x0 | ~x1) & (x1 ^ x2) & ~(x0 & x2)",
                                 "~(x0 & (x1 | x2)) ^ x3",
                                 "x0 & ~x0 & x1",
                                 "x0 | ~x0 | x1",
                                 "(x0 | x0) & (x1 & x1 | ~x2)",
                                 "x0 & (x0 | x1)",
                                 "x0 ^ x0 | x1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        require_formula(texts[i]);
}

// ~ binds before &, & before ^, ^ before |.
static void operators_bind_in_their_order(void **state)
{
    (void)state;
    qhm_boolean_formula *formula;
    REQUIRE_OK(qhm_boolean_formula_parse("x0 | x1 ^ x2 & ~x0", &formula));
    for (uint64_t x = 0; x < 8; x++) {
        const bool a = x & 1, b = x >> 1 & 1, c = x >> 2 & 1;
        assert_int_equal(qhm_boolean_formula_value(formula, x), a || (b != (c && !a)));
    }
    qhm_boolean_formula_destroy(formula);
}

// Counts the assignments that satisfy clauses.
static size_t count_satisfying(size_t variables, const int *literals, size_t count)
{
    qhm_boolean_formula *formula;
    size_t found = 0;
    REQUIRE_OK(qhm_boolean_formula_create_clauses(variables, literals, count, &formula));
    for (uint64_t x = 0; x < (uint64_t)1 << variables; x++)
        found += qhm_boolean_formula_value(formula, x);
    qhm_boolean_formula_destroy(formula);
    return found;
}

// Two colours for the points of the Fano plane, no line of one colour; lines left out at the end.
static size_t count_fano(size_t lines)
{
    static const int points[7][3] = {{0, 1, 2}, {0, 3, 4}, {0, 5, 6}, {1, 3, 5},
                                     {1, 4, 6}, {2, 4, 5}, {2, 3, 6}};
    int literals[7 * 8];
    for (size_t line = 0; line < lines; line++)
        for (size_t p = 0; p < 4; p++) {
            literals[8 * line + p] = p < 3 ? points[line][p] + 1 : 0;
            literals[8 * line + 4 + p] = p < 3 ? -points[line][p] - 1 : 0;
        }
    return count_satisfying(7, literals, 8 * lines);
}

static void known_counts_come_out(void **state)
{
    (void)state;
    static const int outer[15][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {5, 7}, {7, 9}, {9, 6},
                                     {6, 8}, {8, 5}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}};
    int literals[3 * 15];
    for (size_t e = 0; e < 15; e++) {
        literals[3 * e] = -outer[e][0] - 1;
        literals[3 * e + 1] = -outer[e][1] - 1;
        literals[3 * e + 2] = 0;
    }
    assert_int_equal(count_satisfying(10, literals, 45), 76); // Petersen's independent sets
    assert_int_equal(count_fano(7), 0);
    assert_int_equal(count_fano(6), 10); // without one line
    assert_int_equal(count_fano(5), 22);
}

// A network of one unit that fires with k of n inputs: an | of &s over all k of them, the first
// input negated where asked.
static size_t append_majority(unsigned n, unsigned k, bool is_negated, char *text)
{
    size_t length = (size_t)sprintf(text, "(");
    for (unsigned set = 0; set < 1U << n; set++) {
        if ((unsigned)__builtin_popcount(set) != k)
            continue;
        length += (size_t)sprintf(text + length, length > 1 ? " | (" : "(");
        bool is_first = true;
        for (unsigned v = 0; v < n; v++)
            if (set >> v & 1) {
                length += (size_t)sprintf(text + length, "%s%sx%u", is_first ? "" : " & ",
                                          is_negated && v == 0 ? "~" : "", v);
                is_first = false;
            }
        length += (size_t)sprintf(text + length, ")");
    }
    return length + (size_t)sprintf(text + length, ")");
}

// Inputs whose answer the flip of one bit changes: 2 C(n - 1, (n - 1) / 2).
static void a_majority_is_verified(void **state)
{
    (void)state;
    static const unsigned sizes[] = {3, 5, 7}, known[] = {4, 12, 40};
    for (size_t i = 0; i < 3; i++) {
        const unsigned n = sizes[i];
        char text[4096];
        size_t length = append_majority(n, (n + 1) / 2, false, text), found = 0, marked = 0;
        length += (size_t)sprintf(text + length, " ^ ");
        append_majority(n, (n + 1) / 2, true, text + length);
        qhm_boolean_formula *formula;
        qhm_oracle *oracle;
        REQUIRE_OK(qhm_boolean_formula_parse(text, &formula));
        REQUIRE_OK(qhm_oracle_create_formula(formula, &oracle));
        for (uint64_t x = 0; x < UINT64_C(1) << n; x++) {
            bool is_marked = false;
            found += qhm_boolean_formula_value(formula, x);
            if (n < 7)
                REQUIRE_OK(qhm_oracle_check(oracle, x, &is_marked));
            marked += is_marked;
        }
        assert_int_equal(found, known[i]);
        assert_true(n == 7 || marked == found);
        qhm_oracle_destroy(oracle);
        qhm_boolean_formula_destroy(formula);
    }
}

static void values_below_a_bound_are_marked(void **state)
{
    (void)state;
    const uint64_t values[5] = {3, 0, 2, 3, 1}; // three addresses lie beyond the table
    for (uint64_t bound = 0; bound < 4; bound++) {
        qhm_oracle *oracle;
        bool marks[8] = {false};
        REQUIRE_OK(qhm_oracle_create_less(3, 2, values, 5, bound, &oracle));
        for (size_t i = 0; i < 5; i++)
            marks[i] = values[i] < bound;
        require_phases(oracle, M_PI, marks);
        assert_int_equal(qhm_oracle_load_count(oracle), 2);
        qhm_oracle_destroy(oracle);
    }
}

// Compute and uncompute are both there: 2 (2^n - 2) Toffoli gates for each load, twice.
static void pairs_of_factors_are_marked(void **state)
{
    (void)state;
    for (uint64_t product = 0; product < 16; product++) {
        qhm_oracle *oracle;
        bool marks[16];
        for (uint64_t item = 0; item < 16; item++)
            marks[item] = (item & 3) * (item >> 2) == product;
        REQUIRE_OK(qhm_oracle_create_product(2, product, &oracle));
        assert_int_equal(qhm_oracle_work_count(oracle), 5);
        require_phases(oracle, 1.1, marks);
        qhm_oracle_destroy(oracle);
    }
}

// Multiplied and divided back: 2 w (3 w + 1) Toffoli gates; forgetting one way would halve them.
static void a_product_is_taken_back(void **state)
{
    (void)state;
    qhm_oracle *oracle;
    qhm_circuit *call;
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_oracle_create_product(3, 35, &oracle));
    REQUIRE_OK(qhm_oracle_circuit_create(oracle, M_PI, 0, &call));
    REQUIRE_OK(qhm_circuit_count(call, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_CCX], 2 * 3 * 10);
    qhm_circuit_destroy(call);
    qhm_oracle_destroy(oracle);
    REQUIRE_FAILS(qhm_oracle_create_product(3, 64, &oracle), QHM_ERROR_INVALID_ARGUMENT,
                  "product is 64, not of 6 bits");
    REQUIRE_FAILS(qhm_oracle_create_product(0, 0, &oracle), QHM_ERROR_INVALID_ARGUMENT,
                  "width is 0");
}

static void a_table_is_loaded_twice_a_call(void **state)
{
    (void)state;
    uint64_t values[16];
    qhm_oracle *oracle;
    qhm_circuit *call;
    qhm_circuit_counts counts;
    for (size_t i = 0; i < 16; i++)
        values[i] = (7 * i + 3) % 16;
    REQUIRE_OK(qhm_oracle_create_less(4, 4, values, 16, 5, &oracle));
    REQUIRE_OK(qhm_oracle_circuit_create(oracle, M_PI, 0, &call));
    REQUIRE_OK(qhm_circuit_count(call, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_CCX], 2 * (2 * (16 - 2) + 2 * 4 - 3));
    qhm_circuit_destroy(call);
    qhm_oracle_destroy(oracle);
}

static void controls_hold_back_the_phase_alone(void **state)
{
    (void)state;
    qhm_oracle *oracle;
    qhm_circuit *call, *circuit;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_oracle_create_less(2, 2, (uint64_t[]){3, 0, 2, 1}, 4, 2, &oracle));
    REQUIRE_OK(qhm_oracle_circuit_create(oracle, M_PI, 1, &call));
    const size_t control = qhm_circuit_qubit_count(call) - 1;
    REQUIRE_OK(qhm_circuit_create(control + 1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL)); // item 1: marked
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){(uint32_t)control}, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, call, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &amplitudes));
    REQUIRE_NEAR(amplitudes[1].re, sqrt(0.5), 1e-12);
    REQUIRE_NEAR(amplitudes[1 | (size_t)1 << control].re, -sqrt(0.5), 1e-12);
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(call);
    qhm_oracle_destroy(oracle);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_boolean_formula *formula = NULL;
    qhm_oracle *oracle = NULL;
    REQUIRE_FAILS(qhm_boolean_formula_parse("x0 & ", &formula), QHM_ERROR_BAD_INPUT, "column 6");
    REQUIRE_FAILS(qhm_boolean_formula_parse("(x0 | x1", &formula), QHM_ERROR_BAD_INPUT,
                  ") expected");
    REQUIRE_FAILS(qhm_boolean_formula_parse("x0 x1", &formula), QHM_ERROR_BAD_INPUT, "column 4");
    REQUIRE_FAILS(qhm_boolean_formula_parse("x99", &formula), QHM_ERROR_BAD_INPUT, "x0 to x61");
    REQUIRE_FAILS(qhm_boolean_formula_parse_dimacs("1 2 0\n", &formula), QHM_ERROR_BAD_INPUT,
                  "line 1");
    REQUIRE_FAILS(qhm_boolean_formula_parse_dimacs("c hi\np cnf 2 2\n1 2 0\n", &formula),
                  QHM_ERROR_BAD_INPUT, "1 clauses end with 0, the header says 2");
    REQUIRE_FAILS(qhm_boolean_formula_parse_dimacs("p cnf 2 1\n1 3 0\n", &formula),
                  QHM_ERROR_BAD_INPUT, "line 2: a literal from -2 to 2");
    REQUIRE_FAILS(qhm_oracle_create_marked(3, (uint64_t[]){8}, 1, &oracle),
                  QHM_ERROR_INVALID_ARGUMENT, "item 8 does not fit 3 qubits");
    REQUIRE_FAILS(qhm_oracle_create_marked(3, (uint64_t[]){2, 2}, 2, &oracle),
                  QHM_ERROR_INVALID_ARGUMENT, "item 2 is there twice");
    assert_null(formula);
    assert_null(oracle);
}

static void dimacs_is_read(void **state)
{
    (void)state;
    qhm_boolean_formula *formula;
    REQUIRE_OK(qhm_boolean_formula_parse_dimacs(
        "c not both, and the third\np cnf 3 2\n-1 -2\n0 3 0\n", &formula));
    for (uint64_t x = 0; x < 8; x++)
        assert_int_equal(qhm_boolean_formula_value(formula, x), (x & 3) != 3 && x >> 2);
    qhm_boolean_formula_destroy(formula);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_boolean_formula *formula;
    qhm_oracle *oracle = NULL;
    qhm_circuit *call = NULL;
    QHM_TRY(qhm_boolean_formula_parse("(x0 | ~x1) & (x1 ^ x2)", &formula));
    qhm_status status = qhm_oracle_create_formula(formula, &oracle);
    if (status == QHM_OK)
        status = qhm_oracle_circuit_create(oracle, M_PI, 1, &call);
    qhm_circuit_destroy(call);
    qhm_oracle_destroy(oracle);
    qhm_boolean_formula_destroy(formula);
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
        cmocka_unit_test(listed_items_are_marked),
        cmocka_unit_test(formulas_mark_what_they_are_true_for),
        cmocka_unit_test(operators_bind_in_their_order),
        cmocka_unit_test(known_counts_come_out),
        cmocka_unit_test(a_majority_is_verified),
        cmocka_unit_test(values_below_a_bound_are_marked),
        cmocka_unit_test(pairs_of_factors_are_marked),
        cmocka_unit_test(a_product_is_taken_back),
        cmocka_unit_test(a_table_is_loaded_twice_a_call),
        cmocka_unit_test(controls_hold_back_the_phase_alone),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(dimacs_is_read),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
