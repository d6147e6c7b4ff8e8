// Options of compiling: words and digits become the library's options.
#include "cli/compile_arguments.h"

#include "cli/console.h"

#include <string.h>

enum { DEFAULT_LEVEL = 2 };

#define COARSEST_ROTATION 0.5
#define FINEST_ROTATION 1e-11

const qhm_cli_option qhm_option_level = {
    .name = "level",
    .value = "0..3",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, level),
    .help = "0: places in order, nothing improved; 1: gates cancelled and merged; 2, the default: "
            "places by their errors, two-qubit blocks resynthesised; 3: longer searches",
};

const qhm_cli_option qhm_option_decoupling = {
    .name = "decoupling",
    .value = "PULSES",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, decoupling),
    .help = "pulses in long delays: xx or xy4",
};

const qhm_cli_option qhm_option_allow_assumed_gates = {
    .name = "allow-assumed-gates",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, allow_assumed),
    .help = "use operations of the chip whose existence is not published",
};

const qhm_cli_option qhm_option_rotations = {
    .name = "rotations",
    .value = "HOW",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, rotations),
    .help = "on chips that turn by no angle but multiples of pi/4, such as tetrons: synthesised "
            "from Clifford and T gates, the default, or analog: one operation, assumed to exist",
};

const qhm_cli_option qhm_option_rotation_precision = {
    .name = "rotation-precision",
    .value = "ERROR",
    .type = QHM_CLI_NUMBER,
    .offset = offsetof(qhm_arguments, rotation_precision),
    .least = FINEST_ROTATION,
    .most = COARSEST_ROTATION,
    .help = "largest error of a synthesised rotation, as an operator norm; default 0.001",
};

static int read_rotations(const qhm_arguments *arguments, qhm_compile_options *options)
{
    const char *text = arguments->rotations;
    options->rotation_precision = arguments->rotation_precision;
    if (!text || strcmp(text, "synthesised") == 0)
        return QHM_EXIT_OK;
    if (strcmp(text, "analog") != 0)
        return qhm_fail(QHM_EXIT_USAGE, "--rotations is \"%s\", not synthesised or analog", text);
    if (arguments->rotation_precision > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--rotation-precision is of synthesised rotations: leave "
                                        "out --rotations analog");
    options->rotations = QHM_ROTATIONS_ANALOG;
    return QHM_EXIT_OK;
}

int qhm_compile_arguments_read(const qhm_arguments *arguments, qhm_compile_options *options)
{
    const char *level = arguments->level;
    if (level && (strlen(level) != 1 || level[0] < '0' || level[0] > '3'))
        return qhm_fail(QHM_EXIT_USAGE, "--level is \"%s\", not 0, 1, 2 or 3", level);
    *options = (qhm_compile_options){
        .level = 1 + (level ? level[0] - '0' : DEFAULT_LEVEL),
        .allow_assumed_gates = arguments->allow_assumed,
        .decoupling = arguments->decoupling,
    };
    return read_rotations(arguments, options);
}

const qhm_cli_option *qhm_compile_arguments_given(const qhm_arguments *arguments)
{
    static const qhm_cli_option *const all[] = {
        &qhm_option_level, &qhm_option_decoupling, &qhm_option_allow_assumed_gates,
        &qhm_option_rotations, &qhm_option_rotation_precision};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (qhm_arguments_has(arguments, all[i]))
            return all[i];
    return NULL;
}
