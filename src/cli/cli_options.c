// Options that several commands share.
#include "cli/help_text.h"

const qhm_cli_option qhm_option_help = {
    .name = "help",
    .letter = 'h',
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, help),
    .help = "explain the command",
};

const qhm_cli_option qhm_option_json = {
    .name = "json",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, json),
    .help = "print one JSON object instead of text; it begins with its schema_version",
};

const qhm_cli_option qhm_option_quiet = {
    .name = "quiet",
    .letter = 'q',
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, quiet),
    .help = "show no progress on stderr, only errors",
};

const qhm_cli_option qhm_option_threads = {
    .name = "threads",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, threads),
    .minimum = 1,
    .maximum = 1024,
    .help = "threads to use; default OMP_NUM_THREADS, else all cores; results are the same bits "
            "for any number",
};

const qhm_cli_option qhm_option_set = {
    .name = "set",
    .value = "KEY=VALUE",
    .type = QHM_CLI_LIST,
    .offset = offsetof(qhm_arguments, settings),
    .help = "change a field of the file, such as training.trials=8 or tasks.0.quantum.layers=3; "
            "may be given again",
};

const qhm_cli_option qhm_option_parameter = {
    .name = "param",
    .value = "NAME=VALUE",
    .type = QHM_CLI_LIST,
    .offset = offsetof(qhm_arguments, parameters),
    .help =
        "give an input parameter of the circuit a value, such as theta=0.3 or theta=3*pi/4; may be "
        "given again",
};

const qhm_cli_option qhm_option_strict = {
    .name = "strict",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, strict),
    .help = "read OpenQASM by the letter of its specification",
};
