// Text to words.
#ifndef QHM_DATA_TOKENISER_H
#define QHM_DATA_TOKENISER_H

#include "base/status_internal.h"

#include <stddef.h>

enum {
    QHM_TOKEN_MAX_BYTES = 64 // a longer word is cut at a character
};

// Called for each word: lower case, NUL-terminated, length bytes.
typedef qhm_status qhm_token_visit(const char *token, size_t length, void *context);

// Words are runs of letters and digits in lower case, by Unicode's classes as the C library has
// them; each character of a script that is written without blanks (Han, kana, Thai, Lao, Khmer,
// Burmese) is a word. Stops at the first failure of visit.
QHM_MUST_CHECK qhm_status qhm_tokenise(const char *text, qhm_token_visit *visit, void *context);

#endif
