// Numbers and UTF-8: what is read whole prints back to itself.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static void check_numbers(const char *string)
{
    double value, again;
    int64_t whole;
    uint64_t natural;
    bool flag;
    if (qhm_parse_double(string, &value)) {
        qhm_text text = {0};
        char *printed = NULL;
        FUZZ_REQUIRE(isfinite(value));
        qhm_text_append_number(&text, value);
        FUZZ_REQUIRE(qhm_text_take(&text, &printed) == QHM_OK);
        FUZZ_REQUIRE(qhm_parse_double(printed, &again) && again == value);
        qhm_release(printed);
    }
    if (string[0] != '-' && qhm_parse_int64(string, &whole))
        FUZZ_REQUIRE(qhm_parse_uint64(string, &natural) && natural == (uint64_t)whole);
    (void)qhm_parse_bool(string, &flag);
}

// Decoded and encoded again, every byte that was well formed is itself.
static void check_utf8(const char *string)
{
    qhm_text text = {0};
    char *printed = NULL;
    const char *cursor = string;
    bool is_well_formed = true;
    for (;;) {
        const char *before = cursor;
        uint32_t c = qhm_utf8_next(&cursor);
        if (c == 0)
            break;
        FUZZ_REQUIRE(cursor > before && cursor <= before + 4);
        is_well_formed &= c != 0xFFFD;
        qhm_text_append_utf8(&text, c);
    }
    FUZZ_REQUIRE(*cursor == '\0' && (size_t)(cursor - string) == strlen(string));
    FUZZ_REQUIRE(qhm_text_take(&text, &printed) == QHM_OK);
    if (is_well_formed)
        FUZZ_REQUIRE(strcmp(printed, string) == 0);
    qhm_release(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"epochs", "learning_rate", "seed"};
    char *string = strndup((const char *)data, size);
    FUZZ_REQUIRE(string);
    check_numbers(string);
    check_utf8(string);
    (void)qhm_nearest_name(string, names, 3);
    free(string);
    return 0;
}
