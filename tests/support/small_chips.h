// Chips of a few qubits, written as device files into a test's folder.
#ifndef QHM_TESTS_SMALL_CHIPS_H
#define QHM_TESTS_SMALL_CHIPS_H

#include "support/checks.h"

#include <qhm/device.h>

// Gates u and cz, as Willow has, or rz, sx, x and ecr, as Condor has.
static const char *const small_chip_cz =
    "{\"name\":\"u\",\"gate\":\"u\",\"is_any_one_qubit_gate\":true,"
    "\"duration\":\"one_qubit_duration_ns\",\"error\":\"one_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"rz\",\"gate\":\"rz\",\"is_virtual\":true,\"source\":\"us\"},"
    "{\"name\":\"cz\",\"gate\":\"cz\",\"duration\":\"two_qubit_duration_ns\","
    "\"error\":\"two_qubit_error\",\"source\":\"us\"},";
static const char *const small_chip_ecr =
    "{\"name\":\"rz\",\"gate\":\"rz\",\"is_virtual\":true,\"source\":\"us\"},"
    "{\"name\":\"sx\",\"gate\":\"sx\",\"duration\":\"one_qubit_duration_ns\","
    "\"error\":\"one_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"x\",\"gate\":\"x\",\"duration\":\"one_qubit_duration_ns\","
    "\"error\":\"one_qubit_error\",\"source\":\"us\"},"
    "{\"name\":\"ecr\",\"gate\":\"ecr\",\"duration\":\"two_qubit_duration_ns\","
    "\"error\":\"two_qubit_error\",\"source\":\"us\"},";
static const char *const small_chip_readout =
    "{\"name\":\"measure\",\"gate\":\"measure\",\"duration\":\"readout_duration_ns\","
    "\"error\":\"readout_error\",\"source\":\"us\"},"
    "{\"name\":\"reset\",\"gate\":\"reset\",\"duration\":\"reset_duration_ns\",\"source\":\"us\"}";

static const char *const small_chip_figures[][2] = {
    {"one_qubit_error", "0.001"},
    {"two_qubit_error", "0.01"},
    {"readout_error", "0.02"},
    {"t1_us", "50"},
    {"t2_us", "40"},
    {"one_qubit_duration_ns", "20"},
    {"two_qubit_duration_ns", "100"},
    {"readout_duration_ns", "500"},
    {"reset_duration_ns", "200"},
};

// couplers: "[0,1],[1,2]"; calibration: items of calibration.qubits and .couplers, "" for none.
static inline qhm_device *small_chip(void **state, size_t qubits, const char *couplers,
                                     const char *operations, const char *calibrated_qubits,
                                     const char *calibrated_couplers)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/chip.json", (const char *)*state);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"schema\":1,\"name\":\"chip\",\"title\":\"Chip\",\"family\":\"superconducting\","
          "\"sources\":{\"us\":{\"text\":\"us\"}},\"topology\":{\"kind\":\"list\","
          "\"status\":\"assumed\",\"source\":\"us\",\"qubits\":[",
          file);
    for (size_t q = 0; q < qubits; q++)
        fprintf(file, "%s{\"x\":%zu,\"y\":0}", q > 0 ? "," : "", q);
    fprintf(file, "],\"couplers\":[%s]},\"operations\":[%s%s],\"figures\":{", couplers, operations,
            small_chip_readout);
    for (size_t f = 0; f < sizeof small_chip_figures / sizeof small_chip_figures[0]; f++)
        fprintf(file, "%s\"%s\":{\"value\":%s,\"status\":\"assumed\",\"source\":\"us\"}",
                f > 0 ? "," : "", small_chip_figures[f][0], small_chip_figures[f][1]);
    fprintf(file,
            "},\"calibration\":{\"status\":\"assumed\",\"source\":\"us\",\"qubits\":[%s],"
            "\"couplers\":[%s]}}",
            calibrated_qubits, calibrated_couplers);
    fclose(file);
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(path, NULL, &device));
    return device;
}

#endif
