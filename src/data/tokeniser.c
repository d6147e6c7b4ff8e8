// A tokeniser for short texts in any language of the CLDR.
#include "data/tokeniser.h"

#include "base/text.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

// C.UTF-8 is part of glibc and does not depend on the user's locale.
static locale_t unicode_locale;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void open_locale(void)
{
    unicode_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static bool is_word_by_itself(uint32_t c)
{
    return (c >= 0x3040 && c <= 0x30FF && c != 0x30FB) || // kana, without the middle dot
           (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||   // Han
           (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0x0E00 && c <= 0x0EFF) || // Thai, Lao
           (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF);     // Burmese, Khmer
}

// Combining marks belong to the word: without them, Indic words would fall apart.
static bool is_mark(uint32_t c)
{
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0900 && c <= 0x0DFF) || c == 0x200C ||
           c == 0x200D;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == 0xFFFD)
        return false;
    return is_mark(c) || (unicode_locale && iswalnum_l((wint_t)c, unicode_locale));
}

static uint32_t to_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return unicode_locale ? (uint32_t)towlower_l((wint_t)c, unicode_locale) : c;
}

// Hands the word over and begins the next.
static qhm_status finish(qhm_text *word, qhm_token_visit *visit, void *context)
{
    if (word->status != QHM_OK || word->length == 0)
        return word->status;
    size_t length = word->length;
    word->length = 0;
    return visit(word->bytes, length, context);
}

static qhm_status visit_words(const char *text, qhm_text *word, qhm_token_visit *visit,
                              void *context)
{
    for (uint32_t c; (c = qhm_utf8_next(&text)) != 0;) {
        if (is_letter(c) && !is_word_by_itself(c)) {
            if (word->length + 4 <= QHM_TOKEN_MAX_BYTES)
                qhm_text_append_utf8(word, to_lower(c));
            continue;
        }
        QHM_TRY(finish(word, visit, context));
        if (is_word_by_itself(c)) {
            qhm_text_append_utf8(word, c);
            QHM_TRY(finish(word, visit, context));
        }
    }
    return finish(word, visit, context);
}

qhm_status qhm_tokenise(const char *text, qhm_token_visit *visit, void *context)
{
    pthread_once(&unicode_once, open_locale);
    qhm_text word = {0};
    qhm_status status = visit_words(text, &word, visit, context);
    qhm_text_release(&word);
    return status;
}
