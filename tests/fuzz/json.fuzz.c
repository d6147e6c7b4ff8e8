// JSON documents: a sound tree, whose numbers are read by our own parsers too.
#include "fuzz/fuzz_checks.h"

#include "base/document.h"
#include "base/text.h"

#include <string.h>

static void check_node(const qhm_node *node, size_t depth)
{
    FUZZ_REQUIRE(depth <= QHM_DOCUMENT_MAX_DEPTH);
    double number;
    bool truth;
    if (qhm_node_kind_of(node) == QHM_NODE_SCALAR && !qhm_node_is_quoted(node))
        FUZZ_REQUIRE(qhm_parse_double(qhm_node_text(node), &number) ||
                     qhm_parse_bool(qhm_node_text(node), &truth));
    for (size_t i = 0; i < qhm_node_count(node); i++)
        check_node(qhm_node_at(node, i), depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_document *document;
    if (qhm_document_parse_json((const char *)data, size, "x.json", &document) != QHM_OK) {
        FUZZ_REQUIRE(strncmp(qhm_error_message(), "x.json:", 7) == 0);
        return 0;
    }
    check_node(qhm_document_root(document), 0);
    qhm_document_destroy(document);
    return 0;
}
