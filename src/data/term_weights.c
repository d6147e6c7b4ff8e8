// Term frequency times inverse document frequency (Salton, Buckley 1988), rows of length 1.
#include "data/term_weights.h"

#include "base/memory.h"
#include "data/tokeniser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void qhm_terms_release(qhm_terms *terms)
{
    qhm_name_table_release(&terms->names);
    qhm_release(terms->inverse_frequency);
    *terms = (qhm_terms){0};
}

typedef struct census {
    qhm_name_table names;
    struct tally {
        size_t texts;     // how many texts have the word
        size_t last_text; // 1 + the last one that did
        size_t number;    // of the word, so that a sort can be undone
    } * tallies;
    size_t capacity;
    size_t text;
} census;

static qhm_status count_token(const char *token, size_t length, void *context)
{
    census *c = context;
    size_t number;
    QHM_TRY(qhm_name_table_insert(&c->names, token, length, &number));
    QHM_TRY(qhm_reserve(c->names.count, &c->capacity, sizeof *c->tallies, &c->tallies));
    struct tally *tally = &c->tallies[number];
    tally->number = number;
    if (tally->last_text != c->text + 1) {
        tally->last_text = c->text + 1;
        tally->texts++;
    }
    return QHM_OK;
}

static int compare_frequency(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (x->texts != y->texts)
        return x->texts > y->texts ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int compare_number(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static qhm_status keep_frequent(census *c, size_t text_count, size_t max_terms, qhm_terms *terms)
{
    size_t kept = c->names.count < max_terms ? c->names.count : max_terms;
    if (c->names.count > 0)
        qsort(c->tallies, c->names.count, sizeof *c->tallies, compare_frequency);
    if (kept > 0)
        qsort(c->tallies, kept, sizeof *c->tallies, compare_number);
    QHM_TRY(qhm_allocate(kept, sizeof *terms->inverse_frequency, &terms->inverse_frequency));
    for (size_t i = 0; i < kept; i++) {
        const char *name = qhm_name_table_name(&c->names, c->tallies[i].number);
        size_t number;
        QHM_TRY(qhm_name_table_insert(&terms->names, name, strlen(name), &number));
        terms->inverse_frequency[i] =
            log((1 + (double)text_count) / (1 + (double)c->tallies[i].texts)) + 1;
    }
    return QHM_OK;
}

qhm_status qhm_terms_fit(const char *const *texts, size_t count, size_t max_terms,
                         qhm_terms *out_terms)
{
    census c = {0};
    qhm_terms terms = {0};
    qhm_status status = QHM_OK;
    for (c.text = 0; status == QHM_OK && c.text < count; c.text++)
        status = qhm_tokenise(texts[c.text], count_token, &c);
    if (status == QHM_OK)
        status = keep_frequent(&c, count, max_terms, &terms);
    qhm_name_table_release(&c.names);
    qhm_release(c.tallies);
    if (status != QHM_OK) {
        qhm_terms_release(&terms);
        return status;
    }
    *out_terms = terms;
    return QHM_OK;
}

typedef struct weighing {
    const qhm_terms *terms;
    qhm_term_row *row;
} weighing;

static qhm_status append_token(const char *token, size_t length, void *context)
{
    weighing *w = context;
    size_t term = qhm_name_table_find(&w->terms->names, token, length);
    if (term == QHM_NAME_ABSENT)
        return QHM_OK;
    qhm_term_row *row = w->row;
    QHM_TRY(qhm_reserve(row->count + 1, &row->capacity, sizeof *row->entries, &row->entries));
    row->entries[row->count++] = (struct qhm_term_weight){term, 1};
    return QHM_OK;
}

static int compare_terms(const void *a, const void *b)
{
    const struct qhm_term_weight *x = a, *y = b;
    return x->term < y->term ? -1 : x->term > y->term;
}

qhm_status qhm_terms_weigh(const qhm_terms *terms, const char *text, qhm_term_row *row)
{
    row->count = 0;
    weighing w = {terms, row};
    QHM_TRY(qhm_tokenise(text, append_token, &w));
    if (row->count == 0)
        return QHM_OK;
    qsort(row->entries, row->count, sizeof *row->entries, compare_terms);
    size_t distinct = 0;
    for (size_t i = 0; i < row->count; i++)
        if (distinct > 0 && row->entries[distinct - 1].term == row->entries[i].term)
            row->entries[distinct - 1].weight++;
        else
            row->entries[distinct++] = row->entries[i];
    row->count = distinct;
    double square = 0;
    for (size_t i = 0; i < distinct; i++) {
        row->entries[i].weight *= terms->inverse_frequency[row->entries[i].term];
        square += row->entries[i].weight * row->entries[i].weight;
    }
    for (size_t i = 0; i < distinct; i++)
        row->entries[i].weight /= sqrt(square);
    return QHM_OK;
}
