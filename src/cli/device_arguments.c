// Devices by name, varied as the command line says.
#include "cli/device_arguments.h"

#include "cli/console.h"

#include <stdlib.h>
#include <string.h>

const qhm_cli_option qhm_option_drift = {
    .name = "drift",
    .value = "SIZE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, drift),
    .help = "multiply every coherence time and error by exp(SIZE * normal); default 0.1 with "
            "--drift-seed, else none",
};

const qhm_cli_option qhm_option_drift_seed = {
    .name = "drift-seed",
    .value = "N",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, drift_seed),
    .help = "which drift; default 0",
};

const qhm_cli_option qhm_option_yield = {
    .name = "yield",
    .value = "P",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, yield),
    .help = "let each qubit work with this probability; default 1",
};

const qhm_cli_option qhm_option_coupler_yield = {
    .name = "coupler-yield",
    .value = "P",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, coupler_yield),
    .help = "the same of couplers between qubits that work",
};

const qhm_cli_option qhm_option_yield_seed = {
    .name = "yield-seed",
    .value = "N",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, yield_seed),
    .help = "which sample of what works; default 0",
};

const qhm_cli_option qhm_option_spread_seed = {
    .name = "spread-seed",
    .value = "N",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, spread_seed),
    .help = "draw qubits and couplers from the chip's published percentiles, with this seed; "
            "default: all have the chip's figures",
};

const qhm_cli_option qhm_option_photon_number = {
    .name = "photon-number",
    .value = "X",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, photon_number),
    .help = "mean photons of a cat qubit, 0.5 to 20; default the device's",
};

// A number of an option that was given; the point is '.' whatever the locale: the command keeps
// the C locale's numbers.
static int read_number(const qhm_cli_option *option, const char *text, double least, double most,
                       double *value)
{
    char *end = NULL;
    if (!text)
        return QHM_EXIT_OK;
    double number = strtod(text, &end);
    if (end == text || *end || !(number >= least && number <= most))
        return qhm_fail(QHM_EXIT_USAGE, "--%s is \"%s\", not a number from %g to %g", option->name,
                        text, least, most);
    *value = number;
    return QHM_EXIT_OK;
}

static int read_seed(const qhm_cli_option *option, const char *text, uint64_t *seed)
{
    char *end = NULL;
    if (!text)
        return QHM_EXIT_OK;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || strlen(text) > 19)
        return qhm_fail(QHM_EXIT_USAGE, "--%s is \"%s\", not a whole number of at most 19 digits",
                        option->name, text);
    *seed = number;
    return QHM_EXIT_OK;
}

static int read_options(const qhm_arguments *arguments, qhm_device_options *options)
{
    options->drift = arguments->drift_seed ? 0.1 : 0;
    options->has_spread = arguments->spread_seed != NULL;
    const struct {
        const qhm_cli_option *option;
        const char *text;
        double least, most, *value;
    } numbers[] = {
        {&qhm_option_drift, arguments->drift, 0, 2, &options->drift},
        {&qhm_option_yield, arguments->yield, 0.001, 1, &options->qubit_yield},
        {&qhm_option_coupler_yield, arguments->coupler_yield, 0.001, 1, &options->coupler_yield},
        {&qhm_option_photon_number, arguments->photon_number, 0.5, 20, &options->photon_number},
    };
    int code = QHM_EXIT_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && code == QHM_EXIT_OK; i++)
        code = read_number(numbers[i].option, numbers[i].text, numbers[i].least, numbers[i].most,
                           numbers[i].value);
    if (code == QHM_EXIT_OK)
        code = read_seed(&qhm_option_drift_seed, arguments->drift_seed, &options->drift_seed);
    if (code == QHM_EXIT_OK)
        code = read_seed(&qhm_option_yield_seed, arguments->yield_seed, &options->yield_seed);
    if (code == QHM_EXIT_OK)
        code = read_seed(&qhm_option_spread_seed, arguments->spread_seed, &options->spread_seed);
    return code;
}

int qhm_device_arguments_load(const qhm_arguments *arguments, const char *name, qhm_device **device)
{
    qhm_device_options options = {0};
    int code = read_options(arguments, &options);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_status status = qhm_device_load(name, &options, device);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}
