// Source `sentences`: is a short sentence about food or about information technology?
//
// The grammar is that of the MC task of Lorenz et al., "QNLP in practice" (JAIR 2023):
// [skillful] subject verb [tasty | useful] object, where "prepares" goes with either.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/sources.h"

#include <qhm/random.h>

#include <stdio.h>
#include <string.h>

enum {
    MAX_FILE_BYTES = 256 << 20,
    TOPICS = 2,
    PER_TOPIC = 2 * 3 * 3 * 2 * 3,
    ALL = TOPICS * PER_TOPIC
};

static const char *const subjects[3] = {"man", "woman", "person"};

static const struct topic {
    const char *name, *adjective, *verbs[3], *objects[3];
} topics[TOPICS] = {
    {"food", "tasty", {"cooks", "bakes", "prepares"}, {"meal", "dinner", "sauce"}},
    {"IT", "useful", {"runs", "debugs", "prepares"}, {"program", "application", "software"}},
};

// Sentence number `index` of a topic, 0 to PER_TOPIC - 1: its digits choose the words.
static qhm_status append_sentence(const struct topic *topic, size_t index, qhm_dataset *dataset)
{
    size_t object = index % 3, adjective = index / 3 % 2, verb = index / 6 % 3;
    size_t subject = index / 18 % 3, skill = index / 54;
    char name[32], text[96];
    snprintf(name, sizeof name, "%s-%zu", topic->name, index);
    snprintf(text, sizeof text, "%s%s %s %s%s%s", skill ? "skillful " : "", subjects[subject],
             topic->verbs[verb], adjective ? topic->adjective : "", adjective ? " " : "",
             topic->objects[object]);
    return qhm_dataset_append(
        dataset, &(qhm_dataset_item){.name = name, .text = text, .class_name = topic->name});
}

// The first topic has the odd one; the order is shuffled, as in a file that people wrote.
static qhm_status generate(size_t count, uint64_t seed, qhm_dataset *dataset)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0, 0, 0);
    size_t order[TOPICS][PER_TOPIC];
    for (size_t t = 0; t < TOPICS; t++) {
        for (size_t i = 0; i < PER_TOPIC; i++)
            order[t][i] = i;
        qhm_random_shuffle(&random, order[t], PER_TOPIC);
        QHM_TRY(qhm_dataset_append_class(dataset, topics[t].name));
    }
    for (size_t i = 0; i < count; i++)
        QHM_TRY(append_sentence(&topics[i % TOPICS], order[i % TOPICS][i / TOPICS], dataset));
    return QHM_OK;
}

qhm_status qhm_sentences_read(char *text, size_t count, qhm_dataset *dataset)
{
    if (memchr(text, '\0', count))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a NUL byte: not a text file");
    size_t number = 0;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        number++;
        if (line[0] == '\0')
            continue;
        char *tab = strchr(line, '\t');
        if (!tab || tab == line || tab[1] == '\0')
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu is not \"label<tab>sentence\"", number);
        *tab = '\0';
        char name[32];
        snprintf(name, sizeof name, "line %zu", number);
        QHM_TRY(qhm_dataset_append(
            dataset, &(qhm_dataset_item){.name = name, .text = tab + 1, .class_name = line}));
    }
    return QHM_OK;
}

static qhm_status read_file(const char *path, qhm_dataset *dataset)
{
    char *text;
    size_t count;
    QHM_TRY(qhm_file_read(path, MAX_FILE_BYTES, &text, &count));
    qhm_status status = qhm_sentences_read(text, count, dataset);
    qhm_release(text);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", path);
    return status;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    (void)resample;
    const qhm_sentences_options *o = options;
    qhm_dataset *dataset;
    QHM_TRY(qhm_dataset_create(0, NULL, &dataset));
    qhm_status status = o->path ? read_file(o->path, dataset) : generate(o->count, seed, dataset);
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}

#define FIELD(field) offsetof(qhm_sentences_options, field)
static const qhm_option_info options_table[] = {
    {"count", QHM_OPTION_SIZE, FIELD(count), "130", 4, ALL, NULL,
     "different sentences of the grammar, drawn by the seed; 216 is all there are", "no path"},
    {"path", QHM_OPTION_TEXT, FIELD(path), NULL, 0, 0, NULL,
     "a file of lines \"label<tab>sentence\" instead of the grammar", NULL},
    {0},
};

const qhm_data_source qhm_data_source_sentences = {
    .name = "sentences",
    .help = "short sentences about food or information technology, or a file of your own",
    .options = options_table,
    .options_bytes = sizeof(qhm_sentences_options),
    .load = load,
};
