// Stored extractors and vocabularies: what parses prints to the same bytes and can be used. The
// hash at the end of an extractor is mended first, so that mutations get past it.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"

#include <qhm/extractor.h>
#include <qhm/vocabulary.h>

#include <string.h>
#include <xxhash.h>

static void check_extractor(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    FUZZ_REQUIRE(qhm_allocate(size, 1, &bytes) == QHM_OK);
    memcpy(bytes, data, size);
    if (size >= 8) {
        uint64_t hash = XXH3_64bits(bytes, size - 8);
        for (size_t i = 0; i < 8; i++)
            bytes[size - 8 + i] = (uint8_t)(hash >> (8 * i));
    }
    qhm_extractor *extractor;
    if (qhm_extractor_parse(bytes, size, &extractor) == QHM_OK) {
        unsigned char *printed;
        size_t count;
        FUZZ_REQUIRE(qhm_extractor_print(extractor, &printed, &count) == QHM_OK);
        FUZZ_REQUIRE(count == size && memcmp(printed, bytes, size) == 0);
        qhm_extractor_release_bytes(printed);
        double *out;
        FUZZ_REQUIRE(qhm_allocate(qhm_extractor_width(extractor), sizeof *out, &out) == QHM_OK);
        bool reads = qhm_extractor_get_kind(extractor) == QHM_EXTRACTOR_WORDS;
        bool sees = !reads && qhm_extractor_get_kind(extractor) != QHM_EXTRACTOR_NUMBERS;
        qhm_image image = {(const uint8_t[]){1, 2, 3, 4, 5, 6}, 2, 1};
        FUZZ_REQUIRE(qhm_extractor_forward_text(extractor, "red apple", out) ==
                     (reads ? QHM_OK : QHM_ERROR_UNSUPPORTED));
        FUZZ_REQUIRE(qhm_extractor_forward_image(extractor, image, out) ==
                     (sees ? QHM_OK : QHM_ERROR_UNSUPPORTED));
        qhm_release(out);
        qhm_extractor_destroy(extractor);
    }
    qhm_release(bytes);
}

static void check_vocabulary(const uint8_t *data, size_t size)
{
    char *text, *printed;
    FUZZ_REQUIRE(qhm_allocate(size + 1, 1, &text) == QHM_OK);
    memcpy(text, data, size);
    qhm_vocabulary *vocabulary, *again;
    if (qhm_vocabulary_parse(text, &vocabulary) == QHM_OK) {
        FUZZ_REQUIRE(qhm_vocabulary_print(vocabulary, &printed) == QHM_OK);
        FUZZ_REQUIRE(qhm_vocabulary_parse(printed, &again) == QHM_OK);
        FUZZ_REQUIRE(qhm_vocabulary_size(again) == qhm_vocabulary_size(vocabulary));
        qhm_vocabulary_release_text(printed);
        qhm_vocabulary_destroy(again);
        qhm_vocabulary_destroy(vocabulary);
    }
    qhm_release(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_extractor(data, size);
    check_vocabulary(data, size);
    return 0;
}
