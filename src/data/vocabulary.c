// Vocabularies: words in the order they came, the most frequent kept.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "data/term_weights.h"
#include "data/tokeniser.h"

#include <qhm/vocabulary.h>

#include <string.h>

enum { DEFAULT_WORDS = 4096, DEFAULT_LENGTH = 64, MAX_LENGTH = 4096 };

struct qhm_vocabulary {
    qhm_name_table words; // number - QHM_WORD_FIRST
    size_t length;
};

static qhm_status count_word(const char *token, size_t length, void *context)
{
    (void)token;
    (void)length;
    ++*(size_t *)context;
    return QHM_OK;
}

static qhm_status longest_text(const char *const *texts, size_t count, size_t *out_longest)
{
    size_t longest = 1;
    for (size_t i = 0; i < count; i++) {
        size_t words = 0;
        QHM_TRY(qhm_tokenise(texts[i], count_word, &words));
        longest = words > longest ? words : longest;
    }
    *out_longest = longest < DEFAULT_LENGTH ? longest : DEFAULT_LENGTH;
    return QHM_OK;
}

static qhm_status check_items(const qhm_dataset *dataset, const size_t *items, size_t count)
{
    if (!qhm_dataset_has_text(dataset))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the data has no texts to make a vocabulary of");
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(items[i] < qhm_dataset_count(dataset) && qhm_dataset_text(dataset, items[i]),
                    "item %zu does not exist or has no text", items[i]);
    return QHM_OK;
}

qhm_status qhm_vocabulary_fit(const qhm_dataset *dataset, const size_t *items, size_t count,
                              const qhm_vocabulary_options *options,
                              qhm_vocabulary **out_vocabulary)
{
    QHM_REQUIRE(dataset && items && out_vocabulary, "the dataset, items or output is NULL");
    qhm_vocabulary_options o = options ? *options : (qhm_vocabulary_options){0};
    QHM_REQUIRE(o.max_length <= MAX_LENGTH, "max_length is %zu, not at most %d", o.max_length,
                MAX_LENGTH);
    QHM_TRY(check_items(dataset, items, count));
    qhm_vocabulary *v;
    QHM_TRY(qhm_allocate(1, sizeof *v, &v));
    const char **texts = NULL;
    qhm_status status = qhm_allocate(count, sizeof *texts, &texts);
    for (size_t i = 0; status == QHM_OK && i < count; i++)
        texts[i] = qhm_dataset_text(dataset, items[i]);
    v->length = o.max_length;
    if (status == QHM_OK && v->length == 0)
        status = longest_text(texts, count, &v->length);
    qhm_terms terms = {0};
    if (status == QHM_OK)
        status = qhm_terms_fit(texts, count, o.max_words > 0 ? o.max_words : DEFAULT_WORDS, &terms);
    v->words = terms.names;
    terms.names = (qhm_name_table){0};
    qhm_terms_release(&terms);
    qhm_release(texts);
    if (status != QHM_OK) {
        qhm_vocabulary_destroy(v);
        return status;
    }
    *out_vocabulary = v;
    return QHM_OK;
}

void qhm_vocabulary_destroy(qhm_vocabulary *vocabulary)
{
    if (!vocabulary)
        return;
    qhm_name_table_release(&vocabulary->words);
    qhm_release(vocabulary);
}

size_t qhm_vocabulary_size(const qhm_vocabulary *vocabulary)
{
    return vocabulary->words.count + QHM_WORD_FIRST;
}

size_t qhm_vocabulary_length(const qhm_vocabulary *vocabulary)
{
    return vocabulary->length;
}

const char *qhm_vocabulary_word(const qhm_vocabulary *vocabulary, size_t number)
{
    if (number < QHM_WORD_FIRST || number >= qhm_vocabulary_size(vocabulary))
        return NULL;
    return qhm_name_table_name(&vocabulary->words, number - QHM_WORD_FIRST);
}

typedef struct sequence {
    const qhm_vocabulary *vocabulary;
    size_t *words;
    size_t count;
} sequence;

static qhm_status append_word(const char *token, size_t length, void *context)
{
    sequence *s = context;
    if (s->count == s->vocabulary->length)
        return QHM_OK;
    size_t found = qhm_name_table_find(&s->vocabulary->words, token, length);
    s->words[s->count++] = found == QHM_NAME_ABSENT ? QHM_WORD_UNKNOWN : found + QHM_WORD_FIRST;
    return QHM_OK;
}

qhm_status qhm_vocabulary_forward_text(const qhm_vocabulary *vocabulary, const char *text,
                                       size_t *words, double *mask)
{
    QHM_REQUIRE(vocabulary && text && words && mask, "the vocabulary, text or an output is NULL");
    sequence s = {.vocabulary = vocabulary, .words = words};
    QHM_TRY(qhm_tokenise(text, append_word, &s));
    if (s.count == 0)
        words[s.count++] = QHM_WORD_UNKNOWN; // attention needs something to attend to
    for (size_t i = 0; i < vocabulary->length; i++) {
        mask[i] = i < s.count;
        if (i >= s.count)
            words[i] = QHM_WORD_PADDING;
    }
    return QHM_OK;
}

qhm_status qhm_vocabulary_forward(const qhm_vocabulary *vocabulary, const qhm_dataset *dataset,
                                  const size_t *items, size_t count, size_t *words, double *mask)
{
    QHM_REQUIRE(vocabulary && dataset && items, "the vocabulary, dataset or items is NULL");
    QHM_TRY(check_items(dataset, items, count));
    size_t length = vocabulary->length;
    for (size_t i = 0; i < count; i++)
        QHM_TRY(qhm_vocabulary_forward_text(vocabulary, qhm_dataset_text(dataset, items[i]),
                                            words + i * length, mask + i * length));
    return QHM_OK;
}

static const char heading[] = "qhm vocabulary 1";

qhm_status qhm_vocabulary_print(const qhm_vocabulary *vocabulary, char **out_text)
{
    QHM_REQUIRE(vocabulary && out_text, "the vocabulary or out_text is NULL");
    qhm_text text = {0};
    qhm_text_print(&text, "%s\n%zu\n", heading, vocabulary->length);
    for (size_t i = 0; i < vocabulary->words.count; i++)
        qhm_text_print(&text, "%s\n", qhm_name_table_name(&vocabulary->words, i));
    return qhm_text_take(&text, out_text);
}

void qhm_vocabulary_release_text(char *text)
{
    qhm_release(text);
}

// The line at *cursor without its end, in `line`; false at the end of the text.
static bool next_line(const char **cursor, const char **out_line, size_t *out_length)
{
    if (**cursor == '\0')
        return false;
    *out_line = *cursor;
    *out_length = strcspn(*cursor, "\n");
    *cursor += *out_length + ((*cursor)[*out_length] == '\n');
    return true;
}

static qhm_status parse_lines(const char *text, qhm_vocabulary *v)
{
    const char *line;
    size_t length, number;
    if (!next_line(&text, &line, &length) || length != strlen(heading) ||
        strncmp(line, heading, length) != 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line 1 is not \"%s\"", heading);
    char digits[8] = {0};
    uint64_t stored = 0;
    bool has_length = next_line(&text, &line, &length) && length < sizeof digits;
    if (has_length)
        memcpy(digits, line, length);
    if (!has_length || !qhm_parse_uint64(digits, &stored) || stored < 1 || stored > MAX_LENGTH)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line 2 is not a length from 1 to %d", MAX_LENGTH);
    v->length = (size_t)stored;
    while (next_line(&text, &line, &length)) {
        size_t before = v->words.count;
        QHM_TRY(qhm_name_table_insert(&v->words, line, length, &number));
        if (length == 0 || v->words.count == before)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu is empty or a word again", before + 3);
    }
    return QHM_OK;
}

qhm_status qhm_vocabulary_parse(const char *text, qhm_vocabulary **out_vocabulary)
{
    QHM_REQUIRE(text && out_vocabulary, "the text or out_vocabulary is NULL");
    qhm_vocabulary *v;
    QHM_TRY(qhm_allocate(1, sizeof *v, &v));
    qhm_status status = parse_lines(text, v);
    if (status != QHM_OK) {
        qhm_prefix_error_message("a stored vocabulary");
        qhm_vocabulary_destroy(v);
        return status;
    }
    *out_vocabulary = v;
    return QHM_OK;
}
