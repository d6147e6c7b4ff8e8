// qhm search: a trained run answers a text with pictures, or a picture with texts.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/run_lookup.h"
#include "cli/text_table.h"

#include <qhm/run.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEFAULT_COUNT = 10, LARGEST_COUNT = 10000 };

static int print_json(const char *query, bool is_image, const qhm_search_hit *hits, size_t count,
                      FILE *out)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "name", qhm_json_text(hits[i].name), "text",
                            qhm_json_text(hits[i].text), "score", qhm_json_number(hits[i].score)));
    return qhm_json_print(json_pack("{s:s, s:o, s:o}", "kind", is_image ? "image" : "text", "query",
                                    qhm_json_text(query), "hits", list),
                          out);
}

static void print_table(const qhm_search_hit *hits, size_t count, FILE *out)
{
    static const qhm_text_column columns[] = {{"score", true}, {"name", false}, {"text", false}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        qhm_text_table_add(table, "%.4f", hits[i].score);
        qhm_text_table_add(table, "%s", hits[i].name ? hits[i].name : "");
        qhm_text_table_add(table, "%s", hits[i].text ? hits[i].text : "");
    }
    if (isatty(STDOUT_FILENO))
        qhm_text_table_print(table, 0, out);
    else
        qhm_text_table_print_tabs(table, out);
    qhm_text_table_destroy(table);
}

static int answer(const qhm_arguments *arguments, qhm_search *search, FILE *out)
{
    const char *query = arguments->image ? arguments->image : arguments->operands[1];
    size_t count = arguments->count > 0 ? (size_t)arguments->count : DEFAULT_COUNT, found = 0;
    qhm_search_hit *hits = qhm_cli_allocate(count, sizeof *hits);
    qhm_status status = arguments->image ? qhm_search_image(search, query, hits, count, &found)
                                         : qhm_search_text(search, query, hits, count, &found);
    int code = QHM_EXIT_OK;
    if (status != QHM_OK)
        code = qhm_fail_status(status);
    else if (arguments->json)
        code = print_json(query, arguments->image != NULL, hits, found, out);
    else
        print_table(hits, found, out);
    free(hits);
    return code;
}

static int run_search(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->image && arguments->operand_count > 1)
        return qhm_fail(QHM_EXIT_USAGE, "search takes a text or --image, not both");
    if (!arguments->image && arguments->operand_count < 2)
        return qhm_fail(QHM_EXIT_USAGE, "search needs a text, or --image FILE.png");
    char *folder = NULL;
    int code = qhm_run_lookup(arguments, arguments->operands[0], &folder);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_search *search = NULL;
    qhm_status status = qhm_search_open(folder, &search);
    free(folder);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    code = answer(arguments, search, out);
    qhm_search_destroy(search);
    return code;
}

static const qhm_cli_option option_image = {
    .name = "image",
    .value = "FILE.png",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, image),
    .help = "look for texts that describe this picture",
};

static const qhm_cli_option option_count = {
    .name = "count",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, count),
    .minimum = 1,
    .maximum = LARGEST_COUNT,
    .help = "how many answers; default 10",
};

static const qhm_cli_option *const options[] = {
    &option_image, &option_count, &qhm_option_runs, &qhm_option_threads, &qhm_option_json, NULL,
};

const qhm_command qhm_command_search = {
    .name = "search",
    .operands = "RUN [TEXT]",
    .least = 1,
    .most = 2,
    .options = options,
    .help = "find the best pictures for a text, or texts for a picture, with a trained run",
    .details =
        "RUN is a folder, an id, the beginning of an id that no other run has, or latest; it must "
        "have a retrieval task. On a terminal the answers are a table. Elsewhere they are a line "
        "each with score, name and text, separated by tabs, the best first.",
    .example = "qhm search latest \"red fruit\"\nqhm search latest --image apple.png --count 3",
    .run = run_search,
};
