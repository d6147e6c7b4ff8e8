// CLDR annotations through expat, which bounds entity expansion and opens no other file.
#include "data/cldr_annotations.h"

#include "base/memory.h"
#include "base/text.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

void qhm_annotations_release(qhm_annotations *annotations)
{
    for (size_t i = 0; i < annotations->characters.count; i++) {
        qhm_release(annotations->entries[i].name);
        qhm_release(annotations->entries[i].keywords);
    }
    qhm_release(annotations->entries);
    qhm_name_table_release(&annotations->characters);
    *annotations = (qhm_annotations){0};
}

// The state between two calls of expat: which annotation is open, and its text so far.
typedef struct reading {
    qhm_annotations *annotations;
    XML_Parser parser;
    qhm_text text;
    size_t entry; // QHM_NAME_ABSENT outside an annotation
    bool is_name;
    qhm_status status;
} reading;

static void stop(reading *r, qhm_status status)
{
    if (status != QHM_OK && r->status == QHM_OK) {
        r->status = status;
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static qhm_status open_entry(reading *r, const char *character)
{
    qhm_annotations *a = r->annotations;
    // Room first: the table must never know a character that has no entry.
    QHM_TRY(qhm_reserve(a->characters.count + 1, &a->capacity, sizeof *a->entries, &a->entries));
    return qhm_name_table_insert(&a->characters, character, strlen(character), &r->entry);
}

static void XMLCALL start_element(void *context, const char *element, const char **attributes)
{
    reading *r = context;
    if (r->status != QHM_OK || strcmp(element, "annotation") != 0)
        return;
    const char *character = NULL;
    r->is_name = false;
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(attributes[i], "cp") == 0)
            character = attributes[i + 1];
        else if (strcmp(attributes[i], "type") == 0)
            r->is_name = strcmp(attributes[i + 1], "tts") == 0;
    if (character)
        stop(r, open_entry(r, character));
}

static void XMLCALL character_data(void *context, const char *bytes, int count)
{
    reading *r = context;
    if (r->status == QHM_OK && r->entry != QHM_NAME_ABSENT)
        qhm_text_append_bytes(&r->text, bytes, (size_t)count);
}

static void XMLCALL end_element(void *context, const char *element)
{
    reading *r = context;
    if (r->status != QHM_OK || r->entry == QHM_NAME_ABSENT || strcmp(element, "annotation") != 0)
        return;
    struct qhm_annotation *entry = &r->annotations->entries[r->entry];
    char **field = r->is_name ? &entry->name : &entry->keywords, *value;
    qhm_status status = qhm_text_take(&r->text, &value);
    if (status == QHM_OK) {
        qhm_release(*field);
        *field = value;
    }
    r->entry = QHM_NAME_ABSENT;
    stop(r, status);
}

qhm_status qhm_annotations_parse(const char *xml, size_t count, qhm_annotations *annotations)
{
    if (count > INT_MAX)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu bytes of XML, not at most %d", count,
                        INT_MAX);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot make an XML parser");
    reading r = {.annotations = annotations, .parser = parser, .entry = QHM_NAME_ABSENT};
    XML_SetUserData(parser, &r);
    XML_SetElementHandler(parser, start_element, end_element);
    XML_SetCharacterDataHandler(parser, character_data);
    enum XML_Status result = XML_Parse(parser, xml, (int)count, 1);
    if (r.status == QHM_OK && result != XML_STATUS_OK)
        r.status =
            QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %lu is not well-formed XML: %s",
                     XML_GetCurrentLineNumber(parser), XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
    qhm_text_release(&r.text);
    return r.status;
}
