// Devices by name, varied as the command line says.
#include "cli/device_arguments.h"

#include "cli/console.h"

#define DEFAULT_DRIFT 0.1

const qhm_cli_option qhm_option_drift = {
    .name = "drift",
    .value = "SIZE",
    .type = QHM_CLI_NUMBER,
    .offset = offsetof(qhm_arguments, drift),
    .most = 2,
    .help = "multiply every coherence time and error by exp(SIZE * normal); default 0.1 with "
            "--drift-seed, else none",
};

const qhm_cli_option qhm_option_drift_seed = {
    .name = "drift-seed",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, drift_seed),
    .maximum = UINT64_MAX,
    .help = "which drift; default 0",
};

const qhm_cli_option qhm_option_yield = {
    .name = "yield",
    .value = "P",
    .type = QHM_CLI_NUMBER,
    .offset = offsetof(qhm_arguments, yield),
    .least = 0.001,
    .most = 1,
    .help = "let each qubit work with this probability; default 1",
};

const qhm_cli_option qhm_option_coupler_yield = {
    .name = "coupler-yield",
    .value = "P",
    .type = QHM_CLI_NUMBER,
    .offset = offsetof(qhm_arguments, coupler_yield),
    .least = 0.001,
    .most = 1,
    .help = "the same of couplers between qubits that work",
};

const qhm_cli_option qhm_option_yield_seed = {
    .name = "yield-seed",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, yield_seed),
    .maximum = UINT64_MAX,
    .help = "which sample of what works; default 0",
};

const qhm_cli_option qhm_option_spread_seed = {
    .name = "spread-seed",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, spread_seed),
    .maximum = UINT64_MAX,
    .help = "draw qubits and couplers from the chip's published percentiles, with this seed; "
            "default: all have the chip's figures",
};

const qhm_cli_option qhm_option_photon_number = {
    .name = "photon-number",
    .value = "X",
    .type = QHM_CLI_NUMBER,
    .offset = offsetof(qhm_arguments, photon_number),
    .least = 0.5,
    .most = 20,
    .help = "mean photons of a cat qubit, 0.5 to 20; default the device's",
};

qhm_device_options qhm_device_arguments_read(const qhm_arguments *arguments)
{
    const bool has_drift = qhm_arguments_has(arguments, &qhm_option_drift) ||
                           !qhm_arguments_has(arguments, &qhm_option_drift_seed);
    return (qhm_device_options){
        .drift = has_drift ? arguments->drift : DEFAULT_DRIFT,
        .drift_seed = arguments->drift_seed,
        .qubit_yield = arguments->yield,
        .coupler_yield = arguments->coupler_yield,
        .yield_seed = arguments->yield_seed,
        .photon_number = arguments->photon_number,
        .has_spread = qhm_arguments_has(arguments, &qhm_option_spread_seed),
        .spread_seed = arguments->spread_seed,
    };
}

const qhm_cli_option *qhm_device_arguments_given(const qhm_arguments *arguments)
{
    static const qhm_cli_option *const all[] = {&qhm_option_drift,        &qhm_option_drift_seed,
                                                &qhm_option_yield,        &qhm_option_coupler_yield,
                                                &qhm_option_yield_seed,   &qhm_option_spread_seed,
                                                &qhm_option_photon_number};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (qhm_arguments_has(arguments, all[i]))
            return all[i];
    return NULL;
}

int qhm_device_arguments_load(const qhm_arguments *arguments, const char *name, qhm_device **device)
{
    const qhm_device_options options = qhm_device_arguments_read(arguments);
    const qhm_status status = qhm_device_load(name, &options, device);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}
