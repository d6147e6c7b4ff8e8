// The page about gates, and which gates are Clifford gates.
#include "circuit/gate_table.h"

#include "support/checks.h"
#include "support/failing_memory.h"

static void clifford_gates_are_the_known_ones(void **state)
{
    (void)state;
    static const qhm_gate known[] = {
        QHM_GATE_H,   QHM_GATE_X,    QHM_GATE_Y,    QHM_GATE_Z,     QHM_GATE_S,
        QHM_GATE_SDG, QHM_GATE_SX,   QHM_GATE_SXDG, QHM_GATE_CX,    QHM_GATE_CY,
        QHM_GATE_CZ,  QHM_GATE_SWAP, QHM_GATE_ECR,  QHM_GATE_ISWAP, QHM_GATE_ISWAPDG,
    };
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            is_known = is_known || known[i] == (qhm_gate)gate;
        if (qhm_gate_is_clifford((qhm_gate)gate) != is_known)
            fail_msg("%s", qhm_gate_information((qhm_gate)gate)->name);
    }
}

static void every_gate_has_its_section(void **state)
{
    (void)state;
    char *page;
    REQUIRE_OK(qhm_gate_reference(&page));
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        char heading[40];
        snprintf(heading, sizeof heading, "\n## %s\n", qhm_gate_information((qhm_gate)gate)->name);
        const char *at = strstr(page, heading);
        assert_non_null(at);
        assert_non_null(strstr(at, "```text\n"));
        assert_null(strstr(at + 1, heading));
    }
    static const char *const parts[] = {
        "- inverse: `u(−a, −c, −b)`\n",
        "- made of: `rz(π/2) 0`, `sx 1`, `cx 0, 1`, `x 0`\n",
        "- made of: `p(0.5a) 0`, `cx 0, 1`, `p(−0.5a) 1`, `cx 0, 1`, `p(0.5a) 1`\n",
        "| `tdg` | 0 | 1 | 0 |  | `tdg` | `tdg` |\n",
        "┤ U(a, b, c) ├",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_non_null(strstr(page, parts[i]));
    qhm_string_destroy(page);
}

static qhm_status print(void *context)
{
    (void)context;
    char *page = NULL;
    qhm_status status = qhm_gate_reference(&page);
    if (status == QHM_OK)
        qhm_string_destroy(page);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(print, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clifford_gates_are_the_known_ones),
        cmocka_unit_test(every_gate_has_its_section),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
