// Commands and their options: the tables that parsing, help and the man page are made from.
//
// To add a command: copy command_version.c, declare its row below and list it in commands.c.
#ifndef QHM_CLI_COMMAND_H
#define QHM_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// What the process returns.
enum {
    QHM_EXIT_OK = 0,
    QHM_EXIT_FAILED = 1,
    QHM_EXIT_USAGE = 2,
    QHM_EXIT_BAD_INPUT = 3,
    QHM_EXIT_RESOURCE_LIMIT = 4,
    QHM_EXIT_INTERRUPTED = 130
};

// Every JSON text that the command prints begins with it; it grows when a name changes meaning.
enum { QHM_CLI_SCHEMA_VERSION = 1 };

typedef struct qhm_command qhm_command;

// The values of an option that may be given again.
typedef struct qhm_cli_list {
    const char **items; // [count]
    size_t count;
} qhm_cli_list;

// What was asked for on the command line. A command reads the fields of its own options.
typedef struct qhm_arguments {
    const qhm_command *command;
    const char *const *words; // [word_count]: all of the command line, as it came
    size_t word_count;
    const char **operands; // [operand_count]
    size_t operand_count;
    const struct qhm_cli_option **given; // [given_count]: options that were on the command line
    size_t given_count;
    qhm_cli_list settings;   // of --set
    qhm_cli_list parameters; // of --param: NAME=VALUE
    qhm_cli_list observables;

    bool help, json, quiet, quick, dry_run, ascii, man, markdown, values, strict, all, exact,
        q0_left, twirl, crosstalk, allow_assumed, draw, local;
    bool has_seed;
    uint64_t seed;
    uint64_t samples, threads, count, qubits, layers, points, batch, repeat, seconds, width, shots,
        qir_version, max_bond; // 0: not given
    const char *out, *runs, *image, *entanglement, *workload, *precision, *svg, *write_circuit, *to,
        *backend, *circuit, *from, *method, *noise, *mitigate, *device, *level, *decoupling,
        *rotations, *yields;
    const char *row, *colour, *classical, *layer_law, *gate_law, *error;
    double precision_wanted, host_watts, kg_co2_per_kwh, usd_per_second, usd_per_shot, usd_per_job,
        layer_ns, overhead_seconds, improvement, years, size, rotation_precision; // 0: not given
    double drift, yield, coupler_yield, photon_number; // of devices; 0: not given
    uint64_t drift_seed, yield_seed, spread_seed;
} qhm_arguments;

typedef enum qhm_cli_option_type {
    QHM_CLI_FLAG,   // bool
    QHM_CLI_WHOLE,  // uint64_t, minimum to maximum
    QHM_CLI_NUMBER, // double, finite, 0 or more, or least to most
    QHM_CLI_SEED,   // fields seed and has_seed: any whole number, 0 too
    QHM_CLI_TEXT,   // const char *
    QHM_CLI_LIST    // qhm_cli_list
} qhm_cli_option_type;

// One option: --name or --name VALUE.
typedef struct qhm_cli_option {
    const char *name;  // without the dashes
    char letter;       // short form, or 0
    const char *value; // what stands for the value in help, such as "N"; NULL for a flag
    qhm_cli_option_type type;
    size_t offset;             // in qhm_arguments
    uint64_t minimum, maximum; // of whole numbers
    double least, most;        // of numbers; most 0: any of 0 or more
    bool is_positive;          // 0 is no number of it: it would mean "not given"
    const char *help;
} qhm_cli_option;

struct qhm_command {
    const char *name;                     // may be two words: "runs list"
    const char *operands;                 // as in usage, such as "RUN-FILE"; "" for none
    size_t least, most;                   // number of operands
    const qhm_cli_option *const *options; // ends with NULL; --help need not be listed
    const char *help;                     // one sentence
    const char *details;                  // paragraphs, each on one line
    const char *example;                  // command lines
    // Prints results to `out` and returns an exit code; errors are told through console.h.
    int (*run)(const qhm_arguments *arguments, FILE *out);
};

// Options that several commands share (cli_options.c).
extern const qhm_cli_option qhm_option_json;
extern const qhm_cli_option qhm_option_quiet;
extern const qhm_cli_option qhm_option_threads;
extern const qhm_cli_option qhm_option_set;       // of commands that read run files
extern const qhm_cli_option qhm_option_parameter; // of commands that read circuits
extern const qhm_cli_option qhm_option_strict;    // the same

// True when an option was on the command line.
bool qhm_arguments_has(const qhm_arguments *arguments, const qhm_cli_option *option);

// The command table (commands.c).
extern const qhm_command *const qhm_commands[]; // ends with NULL
extern const qhm_command qhm_command_run;
extern const qhm_command qhm_command_resume;
extern const qhm_command qhm_command_replay;
extern const qhm_command qhm_command_report;
extern const qhm_command qhm_command_search;
extern const qhm_command qhm_command_runs_list;
extern const qhm_command qhm_command_runs_show;
extern const qhm_command qhm_command_runs_compare;
extern const qhm_command qhm_command_sim;
extern const qhm_command qhm_command_draw;
extern const qhm_command qhm_command_check;
extern const qhm_command qhm_command_convert;
extern const qhm_command qhm_command_compile;
extern const qhm_command qhm_command_import;
extern const qhm_command qhm_command_devices_show;
extern const qhm_command qhm_command_devices_check;
extern const qhm_command qhm_command_devices;
extern const qhm_command qhm_command_doctor;
extern const qhm_command qhm_command_estimate;
extern const qhm_command qhm_command_break_even;
extern const qhm_command qhm_command_algo;
extern const qhm_command qhm_command_claim;
extern const qhm_command qhm_command_table1;
extern const qhm_command qhm_command_bench;
extern const qhm_command qhm_command_help;
extern const qhm_command qhm_command_version;

// True when `name` is the whole first word of the command's name or all of it.
bool qhm_command_is(const qhm_command *command, const char *name);

// Finds a command by its first word and, for a name of two words, its second (NULL if none was
// given). Returns NULL after an error message.
const qhm_command *qhm_command_find(const char *first, const char *second);

#endif
