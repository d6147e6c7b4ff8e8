// A circuit's drawing and what the gradient doctor found in it.
#include "experiment/report_internal.h"

#include "base/svg.h"

#include <string.h>

static void print_gradient_cell(double value, qhm_text *out)
{
    qhm_text_append(out, "<td>");
    qhm_svg_append_value(value, 6, out);
    qhm_text_append(out, "</td>");
}

static bool is_well(const qhm_report_gradient *gradient)
{
    return qhm_report_text(gradient->finding)[0] == '\0';
}

static void print_gradients(const qhm_report_circuit *circuit, qhm_text *out)
{
    bool all_well = true;
    for (size_t i = 0; i < circuit->gradient_count; i++)
        all_well = all_well && is_well(&circuit->gradients[i]);
    qhm_text_print(out,
                   "<details%s><summary>Gradients of all %zu parameters, three ways</summary>\n"
                   "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">parameter</th>"
                   "<th scope=\"col\">largest |gradient|</th>"
                   "<th scope=\"col\">|shift − adjoint|</th>"
                   "<th scope=\"col\">|difference − adjoint|</th><th scope=\"col\">finding</th>"
                   "</tr></thead>\n<tbody>\n",
                   all_well ? "" : " open=\"\"", circuit->gradient_count);
    for (size_t i = 0; i < circuit->gradient_count; i++) {
        const qhm_report_gradient *gradient = &circuit->gradients[i];
        qhm_text_append(out, "<tr><th scope=\"row\">");
        qhm_text_append_markup(out, qhm_report_text(gradient->name));
        qhm_text_append(out, "</th>");
        print_gradient_cell(gradient->largest, out);
        print_gradient_cell(gradient->shift_error, out);
        print_gradient_cell(gradient->difference_error, out);
        qhm_text_append(out, is_well(gradient) ? "<td>well" : "<td class=\"bad\">");
        qhm_text_append_markup(out, qhm_report_text(gradient->finding));
        qhm_text_append(out, "</td></tr>\n");
    }
    qhm_text_append(out, "</tbody></table></div></details>\n");
}

// The picture, as an image so that nothing in it can act on the page; the text drawing to copy.
static void print_picture(const qhm_report_circuit *circuit, qhm_text *out)
{
    const char *picture = qhm_report_text(circuit->picture);
    if (picture[0] == '\0') {
        qhm_report_element("pre", "", circuit->drawing, out);
        return;
    }
    qhm_text_append(out, "<div class=\"wide\"><img class=\"circuit\" alt=\"The circuit of ");
    qhm_text_append_markup(out, qhm_report_text(circuit->name));
    qhm_text_append(out, "; its drawing as text follows\" src=\"data:image/svg+xml;base64,");
    qhm_report_base64(picture, strlen(picture), out);
    qhm_text_append(out, "\"/></div>\n");
    if (qhm_report_text(circuit->drawing)[0] == '\0')
        return;
    qhm_text_append(out, "<details><summary>The circuit as text</summary>\n");
    qhm_report_element("pre", "", circuit->drawing, out);
    qhm_text_append(out, "</details>\n");
}

void qhm_report_print_circuit(const qhm_report_circuit *circuit, qhm_text *out)
{
    qhm_report_element("p", "note", circuit->name, out);
    print_picture(circuit, out);
    if (circuit->fact_count > 0) {
        qhm_text_append(out, "<dl class=\"facts\">\n");
        for (size_t i = 0; i < circuit->fact_count; i++) {
            qhm_text_append(out, "<div><dt>");
            qhm_text_append_markup(out, qhm_report_text(circuit->facts[i].name));
            qhm_text_append(out, "</dt><dd>");
            qhm_text_append_markup(out, qhm_report_text(circuit->facts[i].value));
            qhm_text_append(out, "</dd></div>\n");
        }
        qhm_text_append(out, "</dl>\n");
    }
    if (circuit->doctor && circuit->doctor[0])
        qhm_report_element("p", "", circuit->doctor, out);
    if (circuit->gradient_count > 0)
        print_gradients(circuit, out);
}
