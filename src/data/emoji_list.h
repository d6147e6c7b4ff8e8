// Unicode's emoji-test.txt: which emoji there are, in which groups.
#ifndef QHM_DATA_EMOJI_LIST_H
#define QHM_DATA_EMOJI_LIST_H

#include "base/status_internal.h"

#include <stddef.h>
#include <stdint.h>

enum {
    QHM_EMOJI_MAX_POINTS = 16 // code points of one emoji; 10 is the longest today
};

typedef struct qhm_emoji {
    uint32_t points[QHM_EMOJI_MAX_POINTS];
    size_t point_count;
    const char *group, *subgroup; // borrowed from the list
    const char *name;             // in English
} qhm_emoji;

typedef struct qhm_emoji_list {
    qhm_emoji *emoji; // [count], in the file's order
    size_t count, capacity;
    char *text; // the file, cut into strings
} qhm_emoji_list;

// Reads the fully qualified emoji without skin tones and without the group "Component".
// Takes over `text`, NUL-terminated and writable. Errors name the line.
QHM_MUST_CHECK qhm_status qhm_emoji_list_parse(char *text, qhm_emoji_list *out_list);

void qhm_emoji_list_release(qhm_emoji_list *list);

// The family of an emoji, from its English name: what is left without who (man, woman, person,
// boy, girl, ...) and with clock faces made one. qhm_release *out_family.
QHM_MUST_CHECK qhm_status qhm_emoji_family(const char *name, char **out_family);

#endif
