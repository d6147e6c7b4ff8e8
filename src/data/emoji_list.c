// The list of emoji, and the families that must not cross a split.
#include "data/emoji_list.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void qhm_emoji_list_release(qhm_emoji_list *list)
{
    qhm_release(list->emoji);
    qhm_release(list->text);
    *list = (qhm_emoji_list){0};
}

static bool is_skin_tone(uint32_t point)
{
    return point >= 0x1F3FB && point <= 0x1F3FF;
}

// "1F468 200D 1F692" up to the semicolon; false when it is not that.
static bool parse_points(const char *line, const char *end, qhm_emoji *out)
{
    out->point_count = 0;
    while (line < end) {
        char *after;
        if (*line == ' ') {
            line++;
            continue;
        }
        if (!strchr("0123456789ABCDEF", *line))
            return false;
        unsigned long point = strtoul(line, &after, 16);
        if (after > end || point == 0 || point > 0x10FFFF ||
            out->point_count == QHM_EMOJI_MAX_POINTS)
            return false;
        out->points[out->point_count++] = (uint32_t)point;
        line = after;
    }
    return out->point_count > 0;
}

// "# 😀 E1.0 grinning face": the name follows the version.
static char *find_name(char *comment)
{
    char *version = strstr(comment, " E");
    char *name = version ? strchr(version + 1, ' ') : NULL;
    return name && name[1] ? name + 1 : NULL;
}

static qhm_status parse_line(char *line, size_t number, const char *group, const char *subgroup,
                             qhm_emoji_list *list)
{
    char *semicolon = strchr(line, ';'), *comment = strchr(line, '#');
    qhm_emoji emoji = {.group = group, .subgroup = subgroup};
    if (!semicolon || !comment || comment < semicolon || !parse_points(line, semicolon, &emoji))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "line %zu is not \"code points ; status # emoji version name\"", number);
    char *status = semicolon + 1 + strspn(semicolon + 1, " ");
    if (strncmp(status, "fully-qualified", strlen("fully-qualified")) != 0 || !group ||
        strcmp(group, "Component") == 0)
        return QHM_OK;
    for (size_t i = 0; i < emoji.point_count; i++)
        if (is_skin_tone(emoji.points[i]))
            return QHM_OK;
    emoji.name = find_name(comment);
    if (!emoji.name)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu has no name after the version", number);
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->emoji, &list->emoji));
    list->emoji[list->count++] = emoji;
    return QHM_OK;
}

static char *after_prefix(char *line, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(line, prefix, length) == 0 ? line + length : NULL;
}

qhm_status qhm_emoji_list_parse(char *text, qhm_emoji_list *out_list)
{
    qhm_emoji_list list = {.text = text};
    qhm_status status = QHM_OK;
    const char *group = NULL, *subgroup = "";
    size_t number = 0;
    for (char *line = text, *next; status == QHM_OK && line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        number++;
        char *value;
        if ((value = after_prefix(line, "# group: ")))
            group = value;
        else if ((value = after_prefix(line, "# subgroup: ")))
            subgroup = value;
        else if (line[0] != '#' && line[0] != '\0')
            status = parse_line(line, number, group, subgroup, &list);
    }
    if (status == QHM_OK && list.count == 0)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "no fully qualified emoji in %zu lines", number);
    if (status != QHM_OK) {
        qhm_emoji_list_release(&list);
        return status;
    }
    *out_list = list;
    return QHM_OK;
}

// Words that only say who is shown, or which way it points: pictures of one family.
static const char *const left_out[] = {
    "man",      "woman",       "men",          "women",      "person",     "people",
    "boy",      "girl",        "child",        "adult",      "and",        "santa",
    "mrs.",     "mx",          "left",         "right",      "up",         "down",
    "mer",      "left-facing", "right-facing", "leftwards",  "rightwards", "up-left",
    "up-right", "down-left",   "down-right",   "left-right", "up-down",
};

// Words that stand for the same thing.
static const struct {
    const char *word, *same;
} synonyms[] = {
    {"older", "old"},         {"princess", "prince"},  {"merman", "merperson"},
    {"mermaid", "merperson"}, {"upwards", "vertical"}, {"downwards", "vertical"},
};

// Clock faces: "two o’clock" and "two-thirty".
static bool is_clock_face(const char *name)
{
    size_t length = strlen(name), tail = strlen("-thirty");
    return strstr(name, "o’clock") ||
           (length > tail && strcmp(name + length - tail, "-thirty") == 0);
}

static const char *family_word(const char *word)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(word, left_out[i]) == 0)
            return NULL;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(word, synonyms[i].word) == 0)
            return synonyms[i].same;
    return word;
}

qhm_status qhm_emoji_family(const char *name, char **out_family)
{
    if (is_clock_face(name))
        return qhm_copy_text("clock face", out_family);
    qhm_text family = {0};
    char word[64];
    for (const char *c = name; *c;) {
        size_t length = strcspn(c, " ,:");
        if (length > 0 && length < sizeof word) {
            memcpy(word, c, length);
            word[length] = '\0';
            for (char *w = word; *w; w++)
                *w = (char)(*w >= 'A' && *w <= 'Z' ? *w + 32 : *w);
            const char *kept = family_word(word);
            if (kept)
                qhm_text_print(&family, "%s%s", family.length > 0 ? " " : "", kept);
        }
        c += length + (c[length] != '\0');
    }
    if (family.status == QHM_OK && family.length == 0)
        qhm_text_append(&family, "person"); // every word said who
    return qhm_text_take(&family, out_family);
}
