// CaDiCaL against depth-first search, quantum search and known counts.
#include "algorithm/clause_opponent.h"
#include "support/checks.h"

#include <qhm/bbht.h>
#include <qhm/random.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LITERALS = 60000 };

typedef struct clauses {
    size_t variables, count;
    int literals[MOST_LITERALS];
} clauses;

static clauses c;

static void begin(size_t variables)
{
    c.variables = variables;
    c.count = 0;
}

static void add(const int *literals, size_t count)
{
    assert_true(c.count + count < MOST_LITERALS);
    memcpy(c.literals + c.count, literals, count * sizeof *literals);
    c.count += count;
    c.literals[c.count++] = 0;
}

static bool holds(uint64_t assignment)
{
    bool is_true = false;
    for (size_t i = 0; i < c.count; i++) {
        const int l = c.literals[i];
        if (l == 0 && !is_true)
            return false;
        is_true = l != 0 && (is_true || (assignment >> (abs(l) - 1) & 1) == (l > 0));
    }
    return true;
}

// Every solution is ruled out by a clause of its own until none is left.
static size_t count_by_solver(void)
{
    for (size_t found = 0;; found++) {
        bool is_satisfiable;
        uint64_t x;
        REQUIRE_OK(qhm_clauses_solve(c.variables, c.literals, c.count, &is_satisfiable, &x));
        if (!is_satisfiable)
            return found;
        assert_true(holds(x));
        int other[64];
        for (size_t v = 0; v < c.variables; v++)
            other[v] = x >> v & 1 ? -(int)v - 1 : (int)v + 1;
        add(other, c.variables);
    }
}

static uint64_t count_by_tree(void)
{
    qhm_backtracking *tree;
    qhm_backtracking_scan scan;
    REQUIRE_OK(qhm_backtracking_create(c.variables, c.literals, c.count, &tree));
    qhm_backtracking_visit(tree, &scan);
    qhm_backtracking_destroy(tree);
    return scan.solutions;
}

// Two bits a vertex, 3 is no colour, and the ends of an edge differ.
static void colour_graph(size_t vertices, int edges[][2], size_t edge_count)
{
    begin(2 * vertices);
    for (int v = 0; v < (int)vertices; v++)
        add((int[]){-2 * v - 1, -2 * v - 2}, 2);
    for (size_t e = 0; e < edge_count; e++)
        for (int colour = 0; colour < 3; colour++) {
            int both[4];
            for (size_t end = 0; end < 2; end++)
                for (int bit = 0; bit < 2; bit++)
                    both[2 * end + (size_t)bit] =
                        (colour >> bit & 1 ? -1 : 1) * (2 * edges[e][end] + bit + 1);
            add(both, 4);
        }
}

static void colourings_are_counted(void **state)
{
    (void)state;
    static int petersen[15][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {5, 7}, {7, 9}, {9, 6},
                                  {6, 8}, {8, 5}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}};
    colour_graph(10, petersen, 15);
    assert_int_equal(count_by_tree(), 120);
    assert_int_equal(count_by_solver(), 120);
    for (int n = 3; n <= 7; n++) { // a ring: 2^n + 2 (-1)^n
        int ring[7][2];
        for (int v = 0; v < n; v++) {
            ring[v][0] = v;
            ring[v][1] = (v + 1) % n;
        }
        colour_graph((size_t)n, ring, (size_t)n);
        const int expected = (1 << n) + (n % 2 ? -2 : 2);
        assert_int_equal(count_by_tree(), expected);
        assert_int_equal(count_by_solver(), expected);
    }
}

static bool is_attack(int n, int a, int b)
{
    const int dx = a % n - b % n, dy = a / n - b / n;
    return dx == 0 || dy == 0 || dx == dy || dx == -dy;
}

static void queens_are_placed_in_as_many_ways_as_known(void **state)
{
    (void)state;
    static const size_t ways[] = {2, 10, 4, 40, 92};
    for (int n = 4; n <= 8; n++) {
        begin((size_t)n * (size_t)n);
        for (int row = 0; row < n; row++) {
            int any[8];
            for (int column = 0; column < n; column++)
                any[column] = n * row + column + 1;
            add(any, (size_t)n);
        }
        for (int a = 0; a < n * n; a++)
            for (int b = 0; b < a; b++)
                if (is_attack(n, a, b))
                    add((int[]){-a - 1, -b - 1}, 2);
        if (n == 4)
            assert_int_equal(count_by_tree(), ways[0]);
        assert_int_equal(count_by_solver(), ways[n - 4]);
    }
}

// Clauses of three different variables; with `planted`, all of them hold for one assignment.
static void draw_clauses(size_t variables, size_t count, bool is_planted, uint64_t seed)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0, 0, 0);
    const uint64_t planted = qhm_random_below(&random, UINT64_C(1) << variables);
    begin(variables);
    for (size_t drawn = 0; drawn < count;) {
        int clause[3];
        bool is_true = false;
        for (size_t l = 0; l < 3; l++) {
            const int v = (int)qhm_random_below(&random, variables) + 1;
            const bool sign = qhm_random_below(&random, 2) > 0;
            clause[l] = sign ? v : -v;
            is_true |= (planted >> (v - 1) & 1) == sign;
        }
        if (abs(clause[0]) == abs(clause[1]) || abs(clause[0]) == abs(clause[2]) ||
            abs(clause[1]) == abs(clause[2]) || (is_planted && !is_true))
            continue;
        add(clause, 3);
        drawn++;
    }
}

// A search finds a solution where the solver does, and never one where there is none.
static bool search(uint64_t stream, uint64_t *item)
{
    qhm_boolean_formula *formula;
    qhm_oracle *oracle;
    qhm_bbht_result found;
    REQUIRE_OK(qhm_boolean_formula_create_clauses(c.variables, c.literals, c.count, &formula));
    REQUIRE_OK(qhm_oracle_create_formula(formula, &oracle));
    REQUIRE_OK(qhm_bbht_run(
        oracle, &(qhm_bbht_options){.execution = QHM_SEARCH_AMPLITUDES, .stream = stream}, NULL,
        &found));
    *item = found.item;
    qhm_oracle_destroy(oracle);
    qhm_boolean_formula_destroy(formula);
    return found.is_found;
}

static void random_clauses_have_one_answer_by_three_ways(void **state)
{
    (void)state;
    size_t satisfiable = 0, missed = 0, count = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const size_t variables = 6 + seed % 3;
        const bool is_planted = seed % 4 == 0;
        uint64_t item, x;
        bool is_satisfiable;
        draw_clauses(variables, variables * 11 / 2, is_planted, seed);
        REQUIRE_OK(qhm_clauses_solve(variables, c.literals, c.count, &is_satisfiable, &x));
        assert_int_equal(is_satisfiable, count_by_tree() > 0);
        assert_true(is_satisfiable || !is_planted);
        assert_true(!is_satisfiable || holds(x));
        const bool is_found = search(seed, &item);
        assert_true(is_satisfiable || !is_found); // no false positives
        assert_true(!is_found || holds(item));
        satisfiable += is_satisfiable;
        missed += is_satisfiable && !is_found;
        count++;
    }
    assert_true(satisfiable > 6 && satisfiable < count); // both kinds were drawn
    assert_true(missed <= 1); // 9 sqrt(N) iterations miss one solution in far less than 1 of 100
}

// Two colours on the Fano plane: no line may have one colour alone, which cannot be.
static void what_cannot_be_is_never_found(void **state)
{
    (void)state;
    static const int lines[7][3] = {{1, 2, 3}, {1, 4, 5}, {1, 6, 7}, {2, 4, 6},
                                    {2, 5, 7}, {3, 5, 6}, {3, 4, 7}};
    begin(7);
    for (size_t i = 0; i < 7; i++) {
        add(lines[i], 3);
        add((int[]){-lines[i][0], -lines[i][1], -lines[i][2]}, 3);
    }
    assert_int_equal(count_by_solver(), 0);
    assert_int_equal(count_by_tree(), 0);
    for (uint64_t stream = 0; stream < 40; stream++) {
        uint64_t item;
        assert_false(search(stream, &item));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colourings_are_counted),
        cmocka_unit_test(queens_are_placed_in_as_many_ways_as_known),
        cmocka_unit_test(random_clauses_have_one_answer_by_three_ways),
        cmocka_unit_test(what_cannot_be_is_never_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
