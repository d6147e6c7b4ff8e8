// Retrieval examples with their pictures, embedded as data.
#include "experiment/report_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/svg.h"

#include <string.h>

enum { MAX_PICTURE_BYTES = 4 << 20 };

// RFC 4648, section 4.
void qhm_report_base64(const char *text, size_t count, qhm_text *out)
{
    const unsigned char *bytes = (const unsigned char *)text;
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        unsigned bits = (unsigned)bytes[i] << 16;
        if (left > 1)
            bits |= (unsigned)bytes[i + 1] << 8;
        if (left > 2)
            bits |= bytes[i + 2];
        const char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
                              left > 1 ? digits[bits >> 6 & 63] : '=',
                              left > 2 ? digits[bits & 63] : '='};
        qhm_text_append_bytes(out, four, 4);
    }
}

// A report may come from anybody; it must not embed files from elsewhere.
static bool leaves_folder(const char *name)
{
    if (name[0] == '/')
        return true;
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
    return false;
}

static qhm_status append_file(const char *folder, const char *name, qhm_text *out)
{
    static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (leaves_folder(name))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the picture %s is not inside the run's folder", name);
    char *path, *bytes = NULL;
    size_t count = 0;
    QHM_TRY(qhm_path_join(folder, name, &path));
    qhm_status status = qhm_file_read(path, MAX_PICTURE_BYTES, &bytes, &count);
    if (status == QHM_OK && (count < 8 || memcmp(bytes, signature, 8) != 0))
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is not a PNG", path);
    if (status == QHM_OK)
        qhm_report_base64(bytes, count, out);
    qhm_release(bytes);
    qhm_release(path);
    return status;
}

static void print_picture(const char *name, const char *text, qhm_report_page *page)
{
    if (page->status != QHM_OK)
        return;
    qhm_text_append(page->out, "<img alt=\"");
    qhm_text_append_markup(page->out, qhm_report_text(text));
    qhm_text_append(page->out, "\" src=\"data:image/png;base64,");
    page->status = append_file(page->folder, name, page->out);
    qhm_text_append(page->out, "\"/>");
}

static void print_candidate(const qhm_report_candidate *candidate, qhm_report_page *page)
{
    qhm_text_append(page->out, candidate->is_right ? "<li class=\"right\">" : "<li>");
    if (candidate->picture)
        print_picture(candidate->picture, candidate->text, page);
    qhm_text_append(page->out, candidate->is_right ? "<b>✓</b><span>" : "<span>");
    qhm_text_append_markup(page->out, qhm_report_text(candidate->text));
    qhm_text_append(page->out, "</span> <small>");
    qhm_svg_append_value(candidate->score, 2, page->out);
    qhm_text_append(page->out, "</small></li>\n");
}

static void print_query(const qhm_report_query *query, qhm_report_page *page)
{
    qhm_text_append(page->out, "<div class=\"query\"><div>");
    if (query->picture)
        print_picture(query->picture, "the picture asked about", page);
    qhm_report_element("q", "", query->text, page->out);
    qhm_text_print(page->out, "<div class=\"note\">right answer at rank %zu of %zu</div></div>\n",
                   query->right_rank, query->pool_count);
    bool has_pictures = query->candidate_count > 0 && query->candidates[0].picture;
    qhm_text_print(page->out, "<ol class=\"answers%s\">\n", has_pictures ? "" : " words");
    for (size_t i = 0; i < query->candidate_count; i++)
        print_candidate(&query->candidates[i], page);
    qhm_text_append(page->out, "</ol></div>\n");
}

void qhm_report_print_queries(const qhm_report_task *task, qhm_report_page *page)
{
    if (task->query_count == 0)
        return;
    qhm_text_append(page->out,
                    "<h3>Examples</h3>\n<p class=\"note\">Queries from test rows and their best "
                    "answers, by falling score; the right one is ticked.</p>\n");
    for (size_t i = 0; i < task->query_count; i++)
        print_query(&task->queries[i], page);
}
