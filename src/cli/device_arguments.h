// Devices by name, varied as the command line says, for every command that takes one.
#ifndef QHM_CLI_DEVICE_ARGUMENTS_H
#define QHM_CLI_DEVICE_ARGUMENTS_H

#include "cli/command.h"

#include <qhm/device.h>

// Options that vary a device; a command lists those that it takes.
extern const qhm_cli_option qhm_option_drift;
extern const qhm_cli_option qhm_option_drift_seed;
extern const qhm_cli_option qhm_option_yield;
extern const qhm_cli_option qhm_option_coupler_yield;
extern const qhm_cli_option qhm_option_yield_seed;
extern const qhm_cli_option qhm_option_spread_seed;
extern const qhm_cli_option qhm_option_photon_number;

// What those that were given ask for.
qhm_device_options qhm_device_arguments_read(const qhm_arguments *arguments);

// The first of them that was given; NULL: none.
const qhm_cli_option *qhm_device_arguments_given(const qhm_arguments *arguments);

// Loads a device with those options. Returns QHM_EXIT_OK and a device, or an exit code after an
// error message.
int qhm_device_arguments_load(const qhm_arguments *arguments, const char *name,
                              qhm_device **device);

#endif
