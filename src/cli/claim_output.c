// Claims and table rows: options, text, pictures.
#include "cli/claim_output.h"

#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/output_file.h"

#include <qhm/types.h>

const qhm_cli_option qhm_option_claim_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "of all that is random, default 0",
};

const qhm_cli_option qhm_option_claim_quick = {
    .name = "quick",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, quick),
    .help = "smaller sizes and fewer repetitions, in seconds",
};

const qhm_cli_option qhm_option_claim_svg = {
    .name = "svg",
    .letter = 'o',
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, svg),
    .help = "write the plot, where there is one; - is standard output, without the text",
};

qhm_claim_options qhm_claim_options_read(const qhm_arguments *arguments, bool is_quick)
{
    qhm_interrupt_catch(true);
    return (qhm_claim_options){
        .seed = arguments->seed, .is_quick = is_quick, .should_stop = qhm_interrupt_is_requested};
}

int qhm_claim_write_svg(const char *json, const char *path, FILE *out)
{
    char *svg = NULL;
    const qhm_status status = qhm_claim_draw_svg(json, &svg);
    const int code =
        status == QHM_OK ? qhm_output_file_write(path, svg, out) : qhm_fail_status(status);
    qhm_string_destroy(svg);
    return code;
}

static void print_line(const json_t *result, const char *name, FILE *out)
{
    const char *text = json_string_value(json_object_get(result, name));
    if (text)
        qhm_print_wrapped(out, text, 0, 100);
}

void qhm_claim_print_text(const json_t *result, FILE *out)
{
    const json_t *notes = json_object_get(result, "notes");
    fprintf(out, "%s (%s)\n", json_string_value(json_object_get(result, "name")),
            json_string_value(json_object_get(result, "place")));
    print_line(result, "claim", out);
    fprintf(out, "\n%s\n", json_string_value(json_object_get(result, "verdict")));
    print_line(result, "finding", out);
    fputc('\n', out);
    qhm_json_text_print(json_object_get(result, "numbers"), 0, false, out);
    if (json_array_size(notes) > 0)
        fputc('\n', out);
    for (size_t i = 0; i < json_array_size(notes); i++)
        qhm_print_wrapped(out, json_string_value(json_array_get(notes, i)), 0, 100);
    fprintf(out, "\n%s\n", json_string_value(json_object_get(result, "reproduce")));
}
