// What the commands that try the paper's claims share: options, and results as text and pictures.
#ifndef QHM_CLI_CLAIM_OUTPUT_H
#define QHM_CLI_CLAIM_OUTPUT_H

#include "cli/command.h"

#include <jansson.h>
#include <qhm/claim.h>

extern const qhm_cli_option qhm_option_claim_seed;
extern const qhm_cli_option qhm_option_claim_quick;
extern const qhm_cli_option qhm_option_claim_svg;

// What was asked for; from now on Ctrl-C stops the work at its next step.
qhm_claim_options qhm_claim_options_read(const qhm_arguments *arguments, bool is_quick);

// Draws the plot of a result into a file. Returns an exit code.
int qhm_claim_write_svg(const char *json, const char *path, FILE *out);

// A result for people.
void qhm_claim_print_text(const json_t *result, FILE *out);

#endif
