// Result files of clouds: whatever is read is a distribution over the circuit's bits.
#include "fuzz/fuzz_checks.h"

#include <qhm/cloud.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_circuit *circuit;
    FUZZ_REQUIRE(qhm_circuit_create(3, 0, &circuit) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(circuit, "a", 2) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(circuit, NULL, 70) == QHM_OK);
    FUZZ_REQUIRE(qhm_circuit_append_bits(circuit, "b", 1) == QHM_OK);
    for (uint32_t i = 0; i < 3; i++)
        FUZZ_REQUIRE(qhm_circuit_append_measure(circuit, i, i < 2 ? i : 72) == QHM_OK);
    qhm_cloud cloud = QHM_CLOUD_IBM;
    (void)!qhm_cloud_result_find((const char *)data, size, &cloud);
    for (unsigned i = 0; i < 3; i++) {
        qhm_distribution *distribution;
        if (qhm_cloud_result_parse((const char *)data, size, (qhm_cloud)i, circuit,
                                   &distribution) != QHM_OK)
            continue;
        FUZZ_REQUIRE(qhm_distribution_bit_count(distribution) == 73);
        FUZZ_REQUIRE(qhm_distribution_total(distribution) > 0);
        for (size_t k = 0; k < qhm_distribution_outcome_count(distribution); k++) {
            const uint64_t *bits;
            qhm_distribution_outcome(distribution, k, &bits, NULL);
            FUZZ_REQUIRE((bits[0] & ~(uint64_t)3) == 0 && (bits[1] & ~(uint64_t)0x100) == 0);
        }
        qhm_distribution_destroy(distribution);
    }
    qhm_circuit_destroy(circuit);
    return 0;
}
