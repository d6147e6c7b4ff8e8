// Help for people on a terminal and as a man page, both made from the command table.
#ifndef QHM_CLI_HELP_TEXT_H
#define QHM_CLI_HELP_TEXT_H

#include "cli/command.h"

// One subject of `qhm help TOPIC` that is no command.
typedef struct qhm_help_topic {
    const char *name, *help;
    int (*print)(FILE *out);
    int (*print_markdown)(FILE *out); // a page of docs/; NULL: there is none
} qhm_help_topic;

extern const qhm_help_topic qhm_help_topics[]; // ends with a nameless row (help_topics.c)

// Meaning of an exit code.
typedef struct qhm_exit_info {
    int code;
    const char *help;
} qhm_exit_info;

extern const qhm_exit_info qhm_exit_codes[]; // ends with a row without help

// An environment variable that QHM reads.
typedef struct qhm_environment_info {
    const char *name, *help;
} qhm_environment_info;

extern const qhm_environment_info qhm_environment[]; // ends with a nameless row

// The synopsis of a command: "run RUN-FILE [options]".
void qhm_help_print_usage(const qhm_command *command, FILE *out);

// All of these return an exit code.
int qhm_help_print_command(const qhm_command *command, FILE *out);
int qhm_help_print_overview(FILE *out);
int qhm_man_page_print(FILE *out);
int qhm_markdown_page_print(FILE *out); // of the commands
int qhm_help_print_algorithm(const char *name, FILE *out);

// The row of --help, which every command has.
extern const qhm_cli_option qhm_option_help;

// An option as it is typed: "-q, --quiet" or "--seed N".
char *qhm_help_option_form(const qhm_cli_option *option);

#endif
