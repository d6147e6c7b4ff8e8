// FCIDUMP files: what was read has all symmetries, and its lowest energies can be told.
#include "fuzz/fuzz_checks.h"

#include <qhm/electronic_problem.h>

#include <string.h>

static void require_symmetric(const qhm_electronic_problem *e)
{
    const size_t n = qhm_electronic_problem_orbital_count(e);
    FUZZ_REQUIRE(n >= 1 && n <= QHM_MOST_ORBITALS);
    FUZZ_REQUIRE(qhm_electronic_problem_up_count(e) <= n);
    FUZZ_REQUIRE(qhm_electronic_problem_down_count(e) <= n);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            FUZZ_REQUIRE(qhm_electronic_problem_one(e, p, q) ==
                         qhm_electronic_problem_one(e, q, p));
            FUZZ_REQUIRE(qhm_electronic_problem_two(e, p, q, 0, 0) ==
                         qhm_electronic_problem_two(e, 0, 0, q, p));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    qhm_electronic_problem *problem;
    FUZZ_REQUIRE(text);
    const qhm_status status = qhm_electronic_problem_parse(text, "file", &problem);
    if (status == QHM_OK) {
        require_symmetric(problem);
        qhm_electronic_problem_destroy(problem);
    } else {
        FUZZ_REQUIRE(status == QHM_ERROR_BAD_INPUT || status == QHM_ERROR_UNSUPPORTED);
        FUZZ_REQUIRE(strncmp(qhm_error_message(), "file:", 5) == 0);
    }
    free(text);
    return 0;
}
