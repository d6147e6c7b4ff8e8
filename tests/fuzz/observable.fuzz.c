// Observables: what was read prints to a text that reads back to the same terms.
#include "fuzz/fuzz_checks.h"

#include <qhm/observable.h>
#include <qhm/types.h>

#include <math.h>
#include <string.h>

static void require_same(const qhm_observable *a, const qhm_observable *b)
{
    // "0" prints for no terms and for a lone constant that cancelled.
    for (size_t i = 0; i < qhm_observable_term_count(b); i++) {
        const qhm_pauli_term *left = qhm_observable_term(a, i), *right = qhm_observable_term(b, i);
        FUZZ_REQUIRE(isfinite(left->coefficient));
        FUZZ_REQUIRE(left->coefficient == right->coefficient);
        FUZZ_REQUIRE(left->factor_count == right->factor_count);
        for (size_t f = 0; f < left->factor_count; f++) {
            FUZZ_REQUIRE(left->factors[f].qubit == right->factors[f].qubit);
            FUZZ_REQUIRE(left->factors[f].pauli == right->factors[f].pauli);
            FUZZ_REQUIRE(f == 0 || left->factors[f].qubit > left->factors[f - 1].qubit);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size), *printed;
    qhm_observable *observable, *again;
    FUZZ_REQUIRE(text);
    if (qhm_observable_parse(text, &observable) == QHM_OK) {
        FUZZ_REQUIRE(qhm_observable_print(observable, &printed) == QHM_OK);
        FUZZ_REQUIRE(qhm_observable_parse(printed, &again) == QHM_OK);
        size_t count = qhm_observable_term_count(observable);
        size_t count_again = qhm_observable_term_count(again);
        if (count == count_again)
            require_same(observable, again);
        else // only constants that are zero are not written as terms
            FUZZ_REQUIRE(count == count_again + 1);
        qhm_string_destroy(printed);
        qhm_observable_destroy(observable);
        qhm_observable_destroy(again);
    }
    free(text);
    return 0;
}
