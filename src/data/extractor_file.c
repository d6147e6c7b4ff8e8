// Extractors as bytes: little-endian, versioned, closed by a hash.
#include "base/memory.h"
#include "data/extractor_internal.h"
#include "data/image_descriptor.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

// "QHMEXT" and the version. Every number takes 8 bytes; the names of words end in NUL.
static const char magic[8] = "QHMEXT1";

enum {
    WORD_BYTES = 8,
    HEADER_WORDS = 7, // magic, kind, scaling, image_side, length, width, bytes of names
    MAX_WIDTH = 1 << 16
};

typedef struct cursor {
    unsigned char *bytes;
    size_t at;
} cursor;

static void put(cursor *c, uint64_t value)
{
    for (int i = 0; i < WORD_BYTES; i++)
        c->bytes[c->at++] = (unsigned char)(value >> (8 * i));
}

static void put_doubles(cursor *c, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        put(c, bits);
    }
}

qhm_status qhm_extractor_print(const qhm_extractor *extractor, unsigned char **out_bytes,
                               size_t *out_count)
{
    QHM_REQUIRE(extractor && out_bytes && out_count, "the extractor or an output is NULL");
    const qhm_extractor *e = extractor;
    bool has_terms = e->kind == QHM_EXTRACTOR_WORDS;
    size_t names = has_terms ? e->terms.names.pool_length : 0;
    size_t words = HEADER_WORDS + e->length * e->width + e->width + (has_terms ? e->length : 0) + 1;
    cursor c = {0};
    QHM_TRY(qhm_allocate(words * WORD_BYTES + names, 1, &c.bytes));
    memcpy(c.bytes, magic, sizeof magic);
    c.at = sizeof magic;
    put(&c, (uint64_t)e->kind);
    put(&c, (uint64_t)e->scaling);
    put(&c, e->image_side);
    put(&c, e->length);
    put(&c, e->width);
    put(&c, names);
    put_doubles(&c, e->projection, e->length * e->width);
    put_doubles(&c, e->offset, e->width);
    if (has_terms) {
        put_doubles(&c, e->terms.inverse_frequency, e->length);
        if (names > 0)
            memcpy(c.bytes + c.at, e->terms.names.pool, names);
        c.at += names;
    }
    put(&c, XXH3_64bits(c.bytes, c.at));
    *out_bytes = c.bytes;
    *out_count = c.at;
    return QHM_OK;
}

void qhm_extractor_release_bytes(unsigned char *bytes)
{
    qhm_release(bytes);
}

static uint64_t get(const unsigned char *bytes, size_t *at)
{
    uint64_t value = 0;
    for (int i = 0; i < WORD_BYTES; i++)
        value |= (uint64_t)bytes[(*at)++] << (8 * i);
    return value;
}

static qhm_status get_doubles(const unsigned char *bytes, size_t *at, size_t count, double **out)
{
    QHM_TRY(qhm_allocate(count, sizeof **out, out));
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = get(bytes, at);
        memcpy(&(*out)[i], &bits, sizeof bits);
        if (!isfinite((*out)[i]))
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a stored extractor has a number that is %g",
                            (*out)[i]);
    }
    return QHM_OK;
}

static qhm_status get_names(const unsigned char *bytes, size_t count, size_t expected,
                            qhm_name_table *names)
{
    for (size_t at = 0; at < count;) {
        const char *name = (const char *)bytes + at;
        size_t length = strnlen(name, count - at), number;
        if (at + length == count)
            break; // no NUL: the count of names is short
        size_t before = names->count;
        QHM_TRY(qhm_name_table_insert(names, name, length, &number));
        if (names->count == before)
            break; // a word again
        at += length + 1;
    }
    if (names->count != expected || names->pool_length != count)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a stored extractor has %zu words, not %zu",
                        names->count, expected);
    return QHM_OK;
}

static bool is_possible(const qhm_extractor *e)
{
    switch (e->kind) {
    case QHM_EXTRACTOR_SHAPES:
        return e->length == QHM_SHAPE_LENGTH;
    case QHM_EXTRACTOR_PIXELS:
        return e->image_side >= 1 && e->image_side <= QHM_PIXEL_MAX_SIDE &&
               e->length == e->image_side * e->image_side;
    case QHM_EXTRACTOR_WORDS:
    case QHM_EXTRACTOR_NUMBERS:
        return true;
    }
    return false;
}

static qhm_status parse_body(const unsigned char *bytes, size_t count, size_t names, size_t at,
                             qhm_extractor *e)
{
    // Sizes are checked against the bytes that are there before anything is allocated.
    bool has_terms = e->kind == QHM_EXTRACTOR_WORDS;
    size_t available = (count - at) / WORD_BYTES, wanted;
    if (e->width < 1 || e->width > MAX_WIDTH || e->length > available ||
        !qhm_multiply_size(e->length, e->width, &wanted) || wanted > available || names > count ||
        (!has_terms && names > 0) ||
        (wanted + e->width + (has_terms ? e->length : 0) + 1) * WORD_BYTES + names != count - at)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "a stored extractor has %zu bytes, which its sizes deny", count);
    QHM_TRY(get_doubles(bytes, &at, e->length * e->width, &e->projection));
    QHM_TRY(get_doubles(bytes, &at, e->width, &e->offset));
    if (!has_terms)
        return QHM_OK;
    QHM_TRY(get_doubles(bytes, &at, e->length, &e->terms.inverse_frequency));
    return get_names(bytes + at, names, e->length, &e->terms.names);
}

qhm_status qhm_extractor_parse(const unsigned char *bytes, size_t count,
                               qhm_extractor **out_extractor)
{
    QHM_REQUIRE(bytes && out_extractor, "the bytes or out_extractor is NULL");
    size_t at = sizeof magic, end = count - WORD_BYTES;
    if (count < (HEADER_WORDS + 1) * WORD_BYTES || memcmp(bytes, magic, sizeof magic) != 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "not a stored extractor");
    if (get(bytes, &end) != XXH3_64bits(bytes, count - WORD_BYTES))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a stored extractor is damaged: its hash differs");
    uint64_t kind = get(bytes, &at), scaling = get(bytes, &at);
    if (kind < QHM_EXTRACTOR_SHAPES || kind > QHM_EXTRACTOR_NUMBERS ||
        scaling < QHM_SCALING_COMMON || scaling > QHM_SCALING_NONE)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a stored extractor is of an unknown kind");
    qhm_extractor *e;
    QHM_TRY(qhm_allocate(1, sizeof *e, &e));
    e->kind = (qhm_extractor_kind)kind;
    e->scaling = (qhm_extractor_scaling)scaling;
    e->image_side = get(bytes, &at);
    e->length = get(bytes, &at);
    e->width = get(bytes, &at);
    size_t names = get(bytes, &at);
    qhm_status status =
        is_possible(e) ? parse_body(bytes, count, names, at, e)
                       : QHM_FAIL(QHM_ERROR_BAD_INPUT,
                                  "a stored extractor has a descriptor of %zu numbers", e->length);
    if (status != QHM_OK) {
        qhm_extractor_destroy(e);
        return status;
    }
    *out_extractor = e;
    return QHM_OK;
}
