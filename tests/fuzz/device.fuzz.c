// Device files: what is accepted is whole, can be varied and drawn.
#include "fuzz/fuzz_checks.h"

#include "device/device_internal.h"

#include <qhm/device_map.h>
#include <qhm/types.h>
#include <string.h>

static void check_device(qhm_device *device)
{
    for (size_t i = 0; i < qhm_device_coupler_count(device); i++) {
        const uint32_t *ends = qhm_device_coupler_at(device, i)->qubits;
        FUZZ_REQUIRE(ends[0] < ends[1] && ends[1] < qhm_device_qubit_count(device));
    }
    for (size_t i = 0; i < qhm_device_qubit_count(device); i++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, i);
        FUZZ_REQUIRE(!(qubit->t2_us > 2 * qubit->t1_us));
    }
    const qhm_device_options options = {.drift = 0.5, .qubit_yield = 0.5, .has_spread = true};
    char *text;
    FUZZ_REQUIRE(qhm_device_apply_options(device, &options) == QHM_OK);
    if (qhm_device_coupler_count(device) < 1000 && qhm_device_qubit_count(device) < 1000) {
        FUZZ_REQUIRE(qhm_device_draw_svg(device, NULL, &text) == QHM_OK);
        qhm_string_destroy(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_diagnostics *diagnostics = NULL;
    qhm_device *device = NULL;
    qhm_status status =
        qhm_device_read("x.json", (const char *)data, size, NULL, &diagnostics, &device);
    FUZZ_REQUIRE((status == QHM_OK) == (device != NULL));
    FUZZ_REQUIRE((status == QHM_OK) == (qhm_diagnostics_error_count(diagnostics) == 0));
    if (device)
        check_device(device);
    qhm_device_destroy(device);
    qhm_diagnostics_destroy(diagnostics);
    return 0;
}
