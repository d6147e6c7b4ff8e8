// qhm version: which library runs here, and on what.
#include "cli/command.h"
#include "cli/json_output.h"

#include <qhm/threads.h>
#include <qhm/version.h>

static int run_version(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->json)
        return qhm_json_print(json_pack("{s:s, s:s, s:i}", "version", qhm_version(),
                                        "instruction_set", qhm_isa_name(), "threads",
                                        (int)qhm_threads_count()),
                              out);
    fprintf(out, "qhm %s (%s, %u threads)\n", qhm_version(), qhm_isa_name(), qhm_threads_count());
    return QHM_EXIT_OK;
}

static const qhm_cli_option *const options[] = {&qhm_option_json, NULL};

const qhm_command qhm_command_version = {
    .name = "version",
    .operands = "",
    .options = options,
    .help = "print the version, the instruction set in use and the number of threads",
    .details = "",
    .example = "qhm version --json",
    .run = run_version,
};
