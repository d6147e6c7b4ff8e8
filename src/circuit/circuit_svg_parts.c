// Sizes of boxes, families of gates, and the style sheet of pictures.
#include "circuit/circuit_svg_parts.h"

#include "circuit/circuit_labels.h"
#include "circuit/circuit_svg_text.h"

#include <math.h>
#include <stdio.h>

qhm_svg_family qhm_svg_family_of(const qhm_instruction *instruction)
{
    if (qhm_instruction_mark(instruction) == QHM_MARK_LOOP)
        return QHM_SVG_SEVERAL;
    const qhm_gate_info *information = qhm_gate_information(instruction->gate);
    qhm_svg_family family = !information->is_unitary         ? QHM_SVG_PLAIN
                            : information->angle_count > 0   ? QHM_SVG_CONSTANT
                            : information->target_count != 1 ? QHM_SVG_SEVERAL
                                                             : QHM_SVG_FIXED;
    for (unsigned i = 0; i < information->angle_count; i++)
        for (int f = 0; f < 2; f++)
            if (instruction->angles[i].factors[f].slot == QHM_SLOT_WEIGHT)
                family = QHM_SVG_WEIGHT;
            else if (instruction->angles[i].factors[f].slot == QHM_SLOT_INPUT &&
                     family != QHM_SVG_WEIGHT)
                family = QHM_SVG_INPUT;
    return family;
}

const char *qhm_svg_circuit_style(void)
{
    return "<style>.qhm-circuit{--ink:#1b1e22;--muted:#626a74;--wire:#8b939d;--paper:#fdfdfb;"
           "--soft:#f1f2f0;--rule:#c3c8ce;"
           "--a0:#e2edf9;--b0:#2a66a8;--a1:#fcecd3;--b1:#a8660f;--a2:#dcf2e7;--b2:#17795a;"
           "--a3:#eee5f8;--b3:#7446ab;--a4:#e6e9ed;--b4:#4f5965;--a5:#fdfdfb;--b5:#3b424a}\n"
           "@media screen and (prefers-color-scheme:dark){.qhm-circuit{--ink:#e9ebec;"
           "--muted:#a0a8b0;--wire:#6f7882;--paper:#15181b;--soft:#1f2428;--rule:#454c54;"
           "--a0:#17314d;--b0:#6cabee;--a1:#3f2d10;--b1:#e2a94f;--a2:#10372b;--b2:#4dc59a;"
           "--a3:#302148;--b3:#bb95ec;--a4:#2a3037;--b4:#a3adb8;--a5:#15181b;--b5:#c3c9cf}}\n"
           ".qhm-circuit{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;"
           "display:block;max-width:100%;height:auto}\n"
           ".qhm-circuit .bg{fill:var(--paper);stroke:none}\n"
           ".qhm-circuit text{font-size:14px;fill:var(--ink);stroke:none;text-anchor:middle}\n"
           ".qhm-circuit .s{font-size:10.5px}.qhm-circuit .u{font-size:72%}\n"
           ".qhm-circuit .n{text-anchor:end}.qhm-circuit .l{text-anchor:start}\n"
           ".qhm-circuit .m{fill:var(--muted);font-size:11px}\n"
           ".qhm-circuit .w{fill:none;stroke:var(--wire);stroke-width:1.3}\n"
           ".qhm-circuit .d{fill:none;stroke:var(--wire);stroke-width:4.2}\n"
           ".qhm-circuit .e{fill:none;stroke:var(--paper);stroke-width:1.8}\n"
           ".qhm-circuit .a{fill:var(--wire);stroke:none}\n"
           ".qhm-circuit g{stroke:var(--b);stroke-width:1.5;fill:var(--a)}\n"
           ".qhm-circuit g .k{fill:var(--b);stroke:none}\n"
           ".qhm-circuit g .o{fill:none;stroke-linecap:round}\n"
           ".qhm-circuit .f0{--a:var(--a0);--b:var(--b0)}.qhm-circuit .f1{--a:var(--a1);"
           "--b:var(--b1)}.qhm-circuit .f2{--a:var(--a2);--b:var(--b2)}.qhm-circuit .f3{"
           "--a:var(--a3);--b:var(--b3)}.qhm-circuit .f4{--a:var(--a4);--b:var(--b4)}"
           ".qhm-circuit .f5{--a:var(--a5);--b:var(--b5)}\n"
           ".qhm-circuit .p{fill:var(--soft);stroke:var(--wire);stroke-width:1.2}\n"
           ".qhm-circuit .r{fill:var(--b4);fill-opacity:.1;stroke:none}\n"
           ".qhm-circuit .x{fill:none;stroke:var(--rule);stroke-width:2;"
           "stroke-dasharray:5 2.667}</style>\n";
}

qhm_svg_label qhm_svg_label_of(const qhm_circuit_layout *layout, const qhm_instruction *instruction)
{
    qhm_svg_label label = {0};
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    qhm_text_append(&label.name, "");
    qhm_text_append(&label.angles, "");
    if (row->information.angle_count > 0 && row->label[0] == 'R')
        qhm_text_print(&label.name, "R_%s", row->label + 1);
    else
        qhm_label_gate(instruction, false, &label.name);
    qhm_label_angles(layout->circuit, instruction, false, &label.angles);
    return label;
}

static const char *bytes_of(const qhm_text *text)
{
    return text->bytes ? text->bytes : "";
}

qhm_status qhm_svg_label_release(qhm_svg_label *label)
{
    qhm_text_release_part(&label->name, &label->angles);
    qhm_status status = label->name.status;
    qhm_text_release(&label->name);
    return status;
}

size_t qhm_svg_box_width(const qhm_svg_label *label, const qhm_instruction *instruction)
{
    double name = qhm_svg_text_width(bytes_of(&label->name), 14);
    double angles = qhm_svg_text_width(bytes_of(&label->angles), 10.5);
    double width = fmax(name, angles) + 16 + (qhm_instruction_has_numbers(instruction) ? 18 : 0);
    return (size_t)fmax(QHM_SVG_BOX, 2 * ceil(width / 2));
}

size_t qhm_svg_pill_width(const qhm_text *label)
{
    return (size_t)(2 * ceil((qhm_svg_plain_width(bytes_of(label), 12) + 18) / 2));
}

qhm_status qhm_svg_measure(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                           bool ascii, size_t *width)
{
    (void)ascii;
    const qhm_instruction *instruction = item->instruction;
    qhm_mark mark = qhm_instruction_mark(instruction);
    *width = mark == QHM_MARK_BARRIER ? 8 : 22;
    if (instruction->gate == QHM_GATE_MEASURE) {
        char digits[16];
        int length = snprintf(digits, sizeof digits, "%u", instruction->bit);
        *width = (size_t)(length > 1 ? QHM_SVG_BOX + 12 * (length - 1) : QHM_SVG_BOX);
    } else if (mark == QHM_MARK_BOX || mark == QHM_MARK_LOOP) {
        qhm_svg_label label = qhm_svg_label_of(layout, instruction);
        *width = qhm_svg_box_width(&label, instruction);
        QHM_TRY(qhm_svg_label_release(&label));
    }
    uint32_t line = (uint32_t)layout->qubit_line_count;
    for (line = item->first > line ? item->first : line; line <= item->last; line++) {
        if (!qhm_layout_has_bit_box(layout, item, line))
            continue;
        qhm_text label = {0};
        qhm_label_bits(layout, item, line, false, &label);
        size_t pill = qhm_svg_pill_width(&label);
        *width = pill > *width ? pill : *width;
        qhm_status status = label.status;
        qhm_text_release(&label);
        QHM_TRY(status);
    }
    return QHM_OK;
}
