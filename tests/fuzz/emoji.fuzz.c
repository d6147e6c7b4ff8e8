// The emoji list and the CLDR's annotations: entries are complete, families are never empty.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "data/cldr_annotations.h"
#include "data/emoji_list.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;
    FUZZ_REQUIRE(qhm_allocate(size + 1, 1, &text) == QHM_OK);
    memcpy(text, data, size);
    qhm_annotations annotations = {0};
    qhm_status status = qhm_annotations_parse(text, size, &annotations);
    FUZZ_REQUIRE(status == QHM_OK || status == QHM_ERROR_BAD_INPUT);
    for (size_t i = 0; i < annotations.characters.count; i++)
        FUZZ_REQUIRE(qhm_name_table_find(
                         &annotations.characters, qhm_name_table_name(&annotations.characters, i),
                         strlen(qhm_name_table_name(&annotations.characters, i))) == i);
    qhm_annotations_release(&annotations);
    qhm_emoji_list list;
    if (qhm_emoji_list_parse(text, &list) != QHM_OK)
        return 0;
    for (size_t i = 0; i < list.count; i++) {
        char *family;
        FUZZ_REQUIRE(list.emoji[i].point_count >= 1 &&
                     list.emoji[i].point_count <= QHM_EMOJI_MAX_POINTS);
        FUZZ_REQUIRE(list.emoji[i].group && list.emoji[i].name[0]);
        FUZZ_REQUIRE(qhm_emoji_family(list.emoji[i].name, &family) == QHM_OK);
        FUZZ_REQUIRE(family[0]);
        qhm_release(family);
    }
    qhm_emoji_list_release(&list);
    return 0;
}
