// Reads markup with expat, a strict parser: every tag closed, every character escaped.
#ifndef QHM_TESTS_WELL_FORMED_H
#define QHM_TESTS_WELL_FORMED_H

#include "support/checks.h"

#include <expat.h>

typedef struct well_formed_count {
    const char *element;
    int count;
} well_formed_count;

static inline void count_element(void *context, const char *name, const char **attributes)
{
    (void)attributes;
    well_formed_count *counter = context;
    counter->count += strcmp(name, counter->element) == 0;
}

// Fails the test unless `markup` is well formed; returns how many elements have this name.
static inline int require_well_formed(const char *markup, const char *element)
{
    well_formed_count counter = {.element = element};
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &counter);
    XML_SetStartElementHandler(parser, count_element);
    if (XML_Parse(parser, markup, (int)strlen(markup), 1) != XML_STATUS_OK)
        fail_msg("line %lu, column %lu: %s", XML_GetCurrentLineNumber(parser),
                 XML_GetCurrentColumnNumber(parser), XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
    return counter.count;
}

#endif
