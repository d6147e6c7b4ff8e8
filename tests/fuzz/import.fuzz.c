// import.json: whatever is read has outcomes of the circuit, shares within their limits and a
// method or a reason.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "experiment/imported_run_internal.h"

#include <math.h>

static void check(const qhm_imported_run *run)
{
    FUZZ_REQUIRE(qhm_distribution_total(run->measured) > 0);
    FUZZ_REQUIRE(!run->info.method == (run->info.reason != NULL));
    FUZZ_REQUIRE(!run->exact == (run->info.reason != NULL));
    FUZZ_REQUIRE(isnan(run->info.fidelity) || (run->info.fidelity >= 0 && run->info.fidelity < 2));
    for (size_t i = 0; i < qhm_distribution_outcome_count(run->measured); i++) {
        const uint64_t *bits;
        qhm_distribution_outcome(run->measured, i, &bits, NULL);
        FUZZ_REQUIRE((bits[0] & ~(uint64_t)3) == 0 && (bits[1] & ~(uint64_t)0x100) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_document *document;
    qhm_imported_run *run;
    if (qhm_document_parse_json((const char *)data, size, "import.json", &document) != QHM_OK)
        return 0;
    FUZZ_REQUIRE(qhm_allocate(1, sizeof *run, &run) == QHM_OK);
    run->info.variation_distance = run->info.fidelity = (double)NAN;
    FUZZ_REQUIRE(qhm_circuit_create(1, 0, &run->circuit) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(run->circuit, "a", 2) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(run->circuit, NULL, 70) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(run->circuit, "b", 1) == QHM_OK);
    if (qhm_imported_run_read(run, qhm_document_root(document)) == QHM_OK)
        check(run);
    qhm_imported_run_destroy(run);
    qhm_document_destroy(document);
    return 0;
}
