// Source `emoji`: pictures from Debian's colour emoji font, texts from the Unicode CLDR, labels
// from Unicode's nine groups.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/cldr_annotations.h"
#include "data/emoji_list.h"
#include "data/glyph_renderer.h"
#include "data/sources.h"

#include <string.h>

enum { MAX_FILE_BYTES = 256 << 20 };

// One of the three inputs, and the package that has it.
typedef struct input {
    const char *what, *default_path, *package;
} input;

static const input font_input = {"emoji font", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
                                 "fonts-noto-color-emoji"};
static const input list_input = {"emoji list", "/usr/share/unicode/emoji/emoji-test.txt",
                                 "unicode-data"};
static const input annotation_input = {"emoji names", "/usr/share/unicode/cldr/common",
                                       "unicode-cldr-core"};

static qhm_status read_input(const input *in, const char *path, bool is_default, char **out_bytes,
                             size_t *out_count)
{
    qhm_status status = qhm_file_read(path, MAX_FILE_BYTES, out_bytes, out_count);
    if (status == QHM_ERROR_NOT_FOUND && is_default)
        return QHM_FAIL(status, "no %s at %s: install the Debian package %s", in->what, path,
                        in->package);
    return status;
}

static qhm_status load_list(const qhm_emoji_options *o, qhm_emoji_list *list)
{
    char *text;
    size_t count;
    QHM_TRY(read_input(&list_input, o->list, strcmp(o->list, list_input.default_path) == 0, &text,
                       &count));
    qhm_status status = qhm_emoji_list_parse(text, list);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", o->list);
    return status;
}

// One of the two files of a language; `annotationsDerived` (sequences, flags) may be missing.
static qhm_status load_annotation_file(const qhm_emoji_options *o, const char *folder,
                                       const char *locale, bool is_required,
                                       qhm_annotations *annotations)
{
    qhm_text name = {0};
    qhm_text_print(&name, "%s/%s/%s.xml", o->annotations, folder, locale);
    char *path, *xml;
    size_t count;
    QHM_TRY(qhm_text_take(&name, &path));
    qhm_status status = QHM_OK;
    if (is_required || qhm_file_exists(path)) {
        bool is_default = strcmp(o->annotations, annotation_input.default_path) == 0;
        bool has_package = qhm_file_exists(o->annotations);
        if (is_default && has_package && !qhm_file_exists(path))
            status = QHM_FAIL(QHM_ERROR_NOT_FOUND,
                              "locale is \"%s\", which the CLDR does not have: "
                              "no file %s",
                              locale, path);
        else
            status = read_input(&annotation_input, path, is_default, &xml, &count);
        if (status == QHM_OK) {
            status = qhm_annotations_parse(xml, count, annotations);
            qhm_release(xml);
            if (status != QHM_OK)
                qhm_prefix_error_message("%s", path);
        }
    }
    qhm_release(path);
    return status;
}

// A language inherits from its parent: de_CH is read over de.
static qhm_status load_annotations(const qhm_emoji_options *o, qhm_annotations *annotations)
{
    QHM_REQUIRE(
        strspn(o->locale, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
            strlen(o->locale),
        "locale is \"%s\", not letters, digits and \"_\"", o->locale);
    char parent[64];
    size_t length = strlen(o->locale);
    QHM_REQUIRE(length > 0 && length < sizeof parent, "locale is \"%s\"", o->locale);
    for (size_t end = 0; end <= length; end++) {
        if (end != length && o->locale[end] != '_')
            continue;
        memcpy(parent, o->locale, end);
        parent[end] = '\0';
        bool is_own = end == length;
        QHM_TRY(load_annotation_file(o, "annotations", parent, is_own, annotations));
        QHM_TRY(load_annotation_file(o, "annotationsDerived", parent, false, annotations));
    }
    return QHM_OK;
}

// The annotation of an emoji; the CLDR writes it without U+FE0F. NULL when it has none.
static const struct qhm_annotation *find_annotation(const qhm_annotations *annotations,
                                                    const qhm_emoji *emoji, qhm_text *scratch)
{
    scratch->length = 0;
    for (size_t i = 0; i < emoji->point_count; i++)
        if (emoji->points[i] != 0xFE0F)
            qhm_text_append_utf8(scratch, emoji->points[i]);
    if (scratch->status != QHM_OK)
        return NULL;
    size_t found = qhm_name_table_find(&annotations->characters, scratch->bytes, scratch->length);
    return found == QHM_NAME_ABSENT ? NULL : &annotations->entries[found];
}

// "name" or "name, a, b, c", without keywords that repeat the name. qhm_release *out.
static qhm_status make_text(const char *name, const char *keywords, char **out)
{
    static const char bar[] = " | ";
    qhm_text text = {0};
    qhm_text_append(&text, name);
    while (keywords && *keywords) {
        const char *end = strstr(keywords, bar);
        size_t length = end ? (size_t)(end - keywords) : strlen(keywords);
        if (length != strlen(name) || strncmp(keywords, name, length) != 0) {
            qhm_text_append(&text, ", ");
            qhm_text_append_bytes(&text, keywords, length);
        }
        keywords = end ? end + strlen(bar) : NULL;
    }
    return qhm_text_take(&text, out);
}

static qhm_status append_emoji(const qhm_emoji *emoji, const char *words, const char *keywords,
                               const qhm_emoji_options *o, const uint8_t *pixels,
                               qhm_dataset *dataset)
{
    qhm_text name = {0};
    for (size_t i = 0; i < emoji->point_count; i++)
        qhm_text_print(&name, "%s%X", i > 0 ? "-" : "", (unsigned)emoji->points[i]);
    char *id, *text = NULL, *family = NULL;
    QHM_TRY(qhm_text_take(&name, &id));
    const char *label = o->classes == QHM_EMOJI_GROUPS ? emoji->group : emoji->subgroup;
    qhm_status status = make_text(words, o->text == QHM_EMOJI_FULL ? keywords : NULL, &text);
    if (status == QHM_OK)
        status = qhm_emoji_family(emoji->name, &family);
    if (status == QHM_OK)
        status =
            qhm_dataset_append(dataset, &(qhm_dataset_item){.name = id,
                                                            .text = text,
                                                            .image = {pixels, o->size, o->size},
                                                            .class_name = label,
                                                            .group = family});
    qhm_release(id);
    qhm_release(text);
    qhm_release(family);
    return status;
}

static qhm_status append_all(const qhm_emoji_options *o, const qhm_emoji_list *list,
                             const qhm_annotations *annotations, const uint8_t *pixels,
                             const bool *rendered, qhm_dataset *dataset)
{
    // The list may be newer than the CLDR; its own names are English.
    bool is_english = strcmp(o->locale, "en") == 0 || strncmp(o->locale, "en_", 3) == 0;
    qhm_text scratch = {0};
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < list->count; i++) {
        const qhm_emoji *emoji = &list->emoji[i];
        const struct qhm_annotation *found = find_annotation(annotations, emoji, &scratch);
        const char *name = found && found->name ? found->name : is_english ? emoji->name : NULL;
        status = scratch.status;
        if (status == QHM_OK && name && rendered[i])
            status = append_emoji(emoji, name, found ? found->keywords : NULL, o,
                                  pixels + i * o->size * o->size * 3, dataset);
    }
    qhm_text_release(&scratch);
    return status;
}

static qhm_status render_all(const qhm_emoji_options *o, const qhm_emoji_list *list,
                             uint8_t *pixels, bool *rendered)
{
    char *font;
    size_t font_bytes;
    QHM_TRY(read_input(&font_input, o->font, strcmp(o->font, font_input.default_path) == 0, &font,
                       &font_bytes));
    qhm_status status = qhm_glyphs_render((const unsigned char *)font, font_bytes, list->emoji,
                                          list->count, o->size, pixels, rendered);
    qhm_release(font);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", o->font);
    return status;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    (void)seed;
    (void)resample;
    const qhm_emoji_options *o = options;
    qhm_emoji_list list = {0};
    qhm_annotations annotations = {0};
    uint8_t *pixels = NULL;
    bool *rendered = NULL;
    qhm_dataset *dataset = NULL;
    qhm_status status = load_list(o, &list);
    if (status == QHM_OK)
        status = load_annotations(o, &annotations);
    if (status == QHM_OK)
        status = qhm_allocate(list.count, o->size * o->size * 3, &pixels);
    if (status == QHM_OK)
        status = qhm_allocate(list.count, sizeof *rendered, &rendered);
    if (status == QHM_OK)
        status = render_all(o, &list, pixels, rendered);
    if (status == QHM_OK)
        status = qhm_dataset_create(0, NULL, &dataset);
    if (status == QHM_OK)
        status = append_all(o, &list, &annotations, pixels, rendered, dataset);
    if (status == QHM_OK && 2 * qhm_dataset_count(dataset) < list.count)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT,
                          "only %zu of %zu emoji have a picture and a name in locale \"%s\"",
                          qhm_dataset_count(dataset), list.count, o->locale);
    qhm_emoji_list_release(&list);
    qhm_annotations_release(&annotations);
    qhm_release(pixels);
    qhm_release(rendered);
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}

#define FIELD(field) offsetof(qhm_emoji_options, field)

static const char *const text_choices[] = {"full", "label", NULL};
static const char *const class_choices[] = {"groups", "subgroups", NULL};

static const qhm_option_info options_table[] = {
    {"locale", QHM_OPTION_TEXT, FIELD(locale), "en", 0, 0, NULL,
     "language of the texts, such as de, ja or pt_PT; emoji that it does not name are left out",
     NULL},
    {"text", QHM_OPTION_CHOICE, FIELD(text), "full", 0, 0, text_choices,
     "full: name and keywords; label: the name alone", NULL},
    {"classes", QHM_OPTION_CHOICE, FIELD(classes), "groups", 0, 0, class_choices,
     "what is to be told apart: Unicode's 9 groups, or their subgroups", NULL},
    {"size", QHM_OPTION_SIZE, FIELD(size), "64", 8, 512, NULL, "side of the pictures in pixels",
     NULL},
    {"font", QHM_OPTION_TEXT, FIELD(font), "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", 0,
     0, NULL, "a font with colour bitmaps (Debian: fonts-noto-color-emoji)", NULL},
    {"annotations", QHM_OPTION_TEXT, FIELD(annotations), "/usr/share/unicode/cldr/common", 0, 0,
     NULL, "folder with annotations/LOCALE.xml (Debian: unicode-cldr-core)", NULL},
    {"list", QHM_OPTION_TEXT, FIELD(list), "/usr/share/unicode/emoji/emoji-test.txt", 0, 0, NULL,
     "the list of emoji and their groups (Debian: unicode-data)", NULL},
    {0},
};

const qhm_data_source qhm_data_source_emoji = {
    .name = "emoji",
    .help = "about 1,870 emoji: pictures of Debian's colour font, CLDR texts, 9 groups as labels",
    .options = options_table,
    .options_bytes = sizeof(qhm_emoji_options),
    .load = load,
};
