// Chips as SVG: couplers as lines, grouped by colour into one path each, below their qubits.
#include "base/memory.h"
#include "base/text.h"
#include "device/device_internal.h"

#include <math.h>
#include <qhm/device_map.h>
#include <string.h>

enum {
    DEFAULT_WIDTH = 960,
    LEAST_WIDTH = 200,
    MOST_WIDTH = 100000,
    MARGIN = 24,
    HEAD = 34, // the line above the map
    LEGEND_ROW = 24,
    STEPS = 7,      // of a scale of colours
    MOST_KINDS = 4, // that have a colour of their own
    MOST_TITLES = 200,
    LARGEST_PITCH = 56,
    FEW = 20,
    PITCH_OF_FEW = 88,
    LARGEST_RADIUS = 22,
    DENSE_DEGREE = 12
};

// Groups of things with one colour: steps of a scale, kinds, what does not work.
enum { FIRST_KIND = STEPS, DEAD = STEPS + MOST_KINDS, GROUPS };

typedef struct scale {
    double low, high; // low > high: nothing has a value
    const char *kinds[MOST_KINDS];
    size_t kind_count;
    bool has_dead;
} scale;

typedef struct map {
    const qhm_device *device;
    qhm_device_colour colour;
    scale qubits, couplers;
    double left, top;     // smallest coordinates of the chip
    double pitch, radius; // units for a coordinate; of a qubit
    double width, height; // of the map itself
    double shift;         // centres a narrow chip
    bool is_dense;        // so many couplers that hairlines are enough
    qhm_text *out;
} map;

static const char style[] =
    "<style>.qhm-map{--ink:#1b1e22;--muted:#626a74;--wire:#8b939d;--paper:#fdfdfb;--on:#fdfdfb;"
    "--q0:#d7e6f5;--q1:#b5d1ec;--q2:#8bb8df;--q3:#5d9bce;--q4:#387cb8;--q5:#1f5c98;--q6:#0d3a6b;"
    "--e0:#f9dcc0;--e1:#f6c396;--e2:#efa468;--e3:#e2843d;--e4:#c9661f;--e5:#a24b12;--e6:#73330a;"
    "--k0:#2a66a8;--k1:#c2660c;--k2:#17795a;--k3:#7446ab}\n"
    "@media screen and (prefers-color-scheme:dark){.qhm-map{--ink:#e9ebec;--muted:#a0a8b0;"
    "--wire:#6f7882;--paper:#15181b;--on:#15181b;"
    "--q0:#17324d;--q1:#1d4670;--q2:#265d95;--q3:#3a7cbb;--q4:#5f9dd6;--q5:#91bfe9;--q6:#cbe1f7;"
    "--e0:#402613;--e1:#5f3718;--e2:#85491b;--e3:#b0622a;--e4:#d5823f;--e5:#efab6f;--e6:#fbd8b4;"
    "--k0:#6cabee;--k1:#e89a4a;--k2:#4dc59a;--k3:#bb95ec}}\n"
    ".qhm-map{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;display:block;"
    "max-width:100%;height:auto}\n"
    ".qhm-map .bg{fill:var(--paper)}.qhm-map text{fill:var(--ink);font-size:13px}\n"
    ".qhm-map .t{font-size:16px;font-weight:600}.qhm-map .m{fill:var(--muted)}\n"
    ".qhm-map .n text{text-anchor:middle;font-variant-numeric:tabular-nums}\n"
    ".qhm-map .l path{fill:none;stroke-linecap:round}\n"
    ".qhm-map .q circle,.qhm-map .q rect{stroke:var(--wire)}\n"
    ".qhm-map .r{fill:none;stroke:var(--k1);stroke-width:3}\n"
    ".q0{--c:var(--q0);--f:var(--ink)}.q1{--c:var(--q1);--f:var(--ink)}"
    ".q2{--c:var(--q2);--f:var(--ink)}.q3{--c:var(--q3);--f:#15181b}"
    ".q4{--c:var(--q4);--f:var(--on)}.q5{--c:var(--q5);--f:var(--on)}"
    ".q6{--c:var(--q6);--f:var(--on)}\n"
    ".e0{--c:var(--e0)}.e1{--c:var(--e1)}.e2{--c:var(--e2)}.e3{--c:var(--e3)}.e4{--c:var(--e4)}"
    ".e5{--c:var(--e5)}.e6{--c:var(--e6)}\n"
    ".k0{--c:var(--k0);--f:var(--on)}.k1{--c:var(--k1);--f:var(--on)}"
    ".k2{--c:var(--k2);--f:var(--on)}.k3{--c:var(--k3);--f:var(--on)}"
    ".x{--c:var(--paper);--f:var(--muted)}\n"
    ".qhm-map .q g,.qhm-map .h{fill:var(--c)}.qhm-map .n g text{fill:var(--f)}\n"
    ".qhm-map .l path,.qhm-map .s{stroke:var(--c)}\n"
    ".qhm-map .l .k3{stroke-dasharray:7 8}.qhm-map .l .k0{stroke-dasharray:1 8}"
    ".qhm-map .q .x,.qhm-map .h.x{stroke:var(--wire);stroke-dasharray:3 3}\n"
    ".qhm-map .l .x{stroke:var(--wire);stroke-dasharray:2 5}</style>\n";

static double qubit_value(const map *drawn, const qhm_device_qubit *qubit)
{
    switch (drawn->colour) {
    case QHM_DEVICE_COLOUR_ERROR:
        return qubit->one_qubit_error;
    case QHM_DEVICE_COLOUR_T1:
        return qubit->t1_us;
    case QHM_DEVICE_COLOUR_T2:
        return qubit->t2_us;
    case QHM_DEVICE_COLOUR_READOUT:
        return (qubit->readout_flips[0] + qubit->readout_flips[1]) / 2;
    case QHM_DEVICE_COLOUR_KIND:
        break;
    }
    return NAN;
}

static double coupler_value(const map *drawn, const qhm_device_coupler *coupler)
{
    return drawn->colour == QHM_DEVICE_COLOUR_KIND ? NAN : coupler->error;
}

static size_t kind_of(const scale *colours, const char *kind)
{
    size_t i = 0;
    while (i < colours->kind_count && strcmp(colours->kinds[i], kind ? kind : "") != 0)
        i++;
    return i;
}

// Learns of one qubit or coupler.
static void include(scale *colours, double value, const char *kind, bool is_working)
{
    if (!is_working) {
        colours->has_dead = true;
    } else if (!isnan(value)) {
        bool is_first = colours->low > colours->high;
        colours->low = is_first ? value : fmin(colours->low, value);
        colours->high = is_first ? value : fmax(colours->high, value);
    } else if (kind_of(colours, kind) == colours->kind_count && colours->kind_count < MOST_KINDS) {
        colours->kinds[colours->kind_count++] = kind ? kind : "";
    }
}

static size_t group_of(const scale *colours, double value, const char *kind, bool is_working)
{
    if (!is_working)
        return DEAD;
    if (isnan(value)) {
        size_t found = kind_of(colours, kind);
        return FIRST_KIND + (found < MOST_KINDS ? found : MOST_KINDS - 1);
    }
    if (!(colours->high > colours->low))
        return STEPS / 2;
    double part = colours->low > 0 ? log(value / colours->low) / log(colours->high / colours->low)
                                   : (value - colours->low) / (colours->high - colours->low);
    size_t step = (size_t)(part * STEPS);
    return step < STEPS ? step : STEPS - 1;
}

static size_t qubit_group(const map *drawn, size_t index)
{
    const qhm_device_qubit *qubit = &drawn->device->qubits[index];
    return group_of(&drawn->qubits, qubit_value(drawn, qubit), qubit->kind, qubit->is_working);
}

static size_t coupler_group(const map *drawn, size_t index)
{
    const qhm_device_coupler *coupler = &drawn->device->couplers[index];
    return group_of(&drawn->couplers, coupler_value(drawn, coupler), coupler->kind,
                    coupler->is_working);
}

// "q3", "e3", "k1" or "x".
static void append_class(qhm_text *out, char letter, size_t group)
{
    if (group == DEAD)
        qhm_text_append(out, "x");
    else if (group >= FIRST_KIND) // couplers begin at the third colour
        qhm_text_print(out, "k%zu", (group - FIRST_KIND + (letter == 'e' ? 2 : 0)) % MOST_KINDS);
    else
        qhm_text_print(out, "%c%zu", letter, group);
}

static double x_of(const map *drawn, size_t qubit)
{
    return drawn->shift + MARGIN + drawn->radius +
           (drawn->device->qubits[qubit].x - drawn->left) * drawn->pitch;
}

static double y_of(const map *drawn, size_t qubit)
{
    return HEAD + MARGIN + drawn->radius +
           (drawn->device->qubits[qubit].y - drawn->top) * drawn->pitch;
}

// Tenths are fine enough, and keep maps of thousands of couplers small.
static void append_point(qhm_text *out, char command, double x, double y)
{
    qhm_text_print(out, "%c%.5g %.5g", command, round(x * 10) / 10, round(y * 10) / 10);
}

// True when a line would run through another qubit, as those of assumed gates over an ancilla do.
static bool needs_bow(const map *drawn, const qhm_device_coupler *coupler)
{
    const qhm_device *device = drawn->device;
    const qhm_device_qubit *a = &device->qubits[coupler->qubits[0]],
                           *b = &device->qubits[coupler->qubits[1]];
    double dx = b->x - a->x, dy = b->y - a->y, length = dx * dx + dy * dy;
    for (size_t i = 0; i < device->qubit_count && device->qubit_count <= MOST_TITLES; i++) {
        double px = device->qubits[i].x - a->x, py = device->qubits[i].y - a->y;
        double along = px * dx + py * dy, across = px * dy - py * dx;
        if (along > 0.01 * length && along < 0.99 * length && across * across < 0.01 * length)
            return true;
    }
    return false;
}

static void put_couplers(const map *drawn)
{
    const qhm_device *device = drawn->device;
    qhm_text_print(drawn->out, "<g class=\"l\" stroke-width=\"%.3g\"%s>\n",
                   drawn->is_dense ? 0.2 : fmax(1, drawn->radius / 2.4),
                   drawn->is_dense ? " stroke-opacity=\".45\"" : "");
    for (size_t group = 0; group < GROUPS; group++) {
        bool is_open = false;
        for (size_t i = 0; i < device->coupler_count; i++) {
            const uint32_t *ends = device->couplers[i].qubits;
            if (coupler_group(drawn, i) != group)
                continue;
            if (!is_open) {
                qhm_text_append(drawn->out, "<path class=\"");
                append_class(drawn->out, 'e', group);
                qhm_text_append(drawn->out, "\" d=\"");
            }
            is_open = true;
            double x[2], y[2];
            for (size_t end = 0; end < 2; end++) {
                x[end] = x_of(drawn, ends[end]);
                y[end] = y_of(drawn, ends[end]);
            }
            append_point(drawn->out, 'M', x[0], y[0]);
            if (needs_bow(drawn, &device->couplers[i])) {
                append_point(drawn->out, 'Q', (x[0] + x[1]) / 2 + (y[1] - y[0]) / 2,
                             (y[0] + y[1]) / 2 - (x[1] - x[0]) / 2);
                append_point(drawn->out, ' ', x[1], y[1]);
            } else {
                append_point(drawn->out, 'L', x[1], y[1]);
            }
        }
        qhm_text_append(drawn->out, is_open ? "\"/>\n" : "");
    }
    qhm_text_append(drawn->out, "</g>\n");
}

static void append_value(qhm_text *out, double value)
{
    qhm_text_print(out, "%.2g", value);
}

// What a reader's pointer shows over a qubit.
static void put_title(const map *drawn, size_t index)
{
    const qhm_device_qubit *qubit = &drawn->device->qubits[index];
    qhm_text_print(drawn->out, "<title>%zu", index);
    if (qubit->kind) {
        qhm_text_append(drawn->out, ", ");
        qhm_text_append_markup(drawn->out, qubit->kind);
    }
    if (!qubit->is_working)
        qhm_text_append(drawn->out, ", does not work");
    const struct {
        const char *name;
        double value;
        const char *unit;
    } values[] = {
        {"T1", qubit->t1_us, " us"},
        {"T2", qubit->t2_us, " us"},
        {"one-qubit error", qubit->one_qubit_error, ""},
        {"p(1|0)", qubit->readout_flips[0], ""},
        {"p(0|1)", qubit->readout_flips[1], ""},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (!isnan(values[i].value))
            qhm_text_print(drawn->out, ", %s %.3g%s", values[i].name, values[i].value,
                           values[i].unit);
    qhm_text_append(drawn->out, "</title>");
}

static void put_qubits(const map *drawn)
{
    const qhm_device *device = drawn->device;
    bool has_titles = device->qubit_count <= MOST_TITLES;
    qhm_text_print(drawn->out, "<g class=\"q\" stroke-width=\"%.2g\">\n",
                   fmin(1.2, drawn->radius / 6));
    for (size_t group = 0; group < GROUPS; group++) {
        bool is_open = false;
        for (size_t i = 0; i < device->qubit_count; i++) {
            if (qubit_group(drawn, i) != group)
                continue;
            if (!is_open) {
                qhm_text_append(drawn->out, "<g class=\"");
                append_class(drawn->out, 'q', group);
                qhm_text_append(drawn->out, "\">");
            }
            is_open = true;
            qhm_text_print(drawn->out, "<circle cx=\"%.5g\" cy=\"%.5g\" r=\"%.3g\"",
                           round(x_of(drawn, i) * 10) / 10, round(y_of(drawn, i) * 10) / 10,
                           drawn->radius);
            qhm_text_append(drawn->out, has_titles ? ">" : "/>");
            if (has_titles) {
                put_title(drawn, i);
                qhm_text_append(drawn->out, "</circle>");
            }
        }
        qhm_text_append(drawn->out, is_open ? "</g>\n" : "");
    }
    qhm_text_append(drawn->out, "</g>\n");
}

static void put_numbers(const map *drawn)
{
    const qhm_device *device = drawn->device;
    if (drawn->radius < 8)
        return;
    double size = drawn->radius * (device->qubit_count > 100 ? 0.85 : 1);
    qhm_text_append(drawn->out, "<g class=\"n\" pointer-events=\"none\">\n");
    for (size_t i = 0; i < device->qubit_count; i++) {
        qhm_text_append(drawn->out, "<g class=\"");
        append_class(drawn->out, 'q', qubit_group(drawn, i));
        qhm_text_print(drawn->out,
                       "\"><text x=\"%.5g\" y=\"%.5g\" style=\"font-size:%.3gpx\">%zu</text></g>\n",
                       x_of(drawn, i), y_of(drawn, i) + 0.35 * size, size, i);
    }
    qhm_text_append(drawn->out, "</g>\n");
}

static void put_marks(const map *drawn, const qhm_device_map_options *options)
{
    for (size_t i = 0; options && i < options->marked_count; i++)
        qhm_text_print(drawn->out, "<circle class=\"r\" cx=\"%.5g\" cy=\"%.5g\" r=\"%.3g\"/>\n",
                       x_of(drawn, options->marked[i]), y_of(drawn, options->marked[i]),
                       drawn->radius + 3);
}

static const char *colour_title(qhm_device_colour colour)
{
    switch (colour) {
    case QHM_DEVICE_COLOUR_ERROR:
        return "qubits: one-qubit error";
    case QHM_DEVICE_COLOUR_T1:
        return "qubits: T1 in us";
    case QHM_DEVICE_COLOUR_T2:
        return "qubits: T2 in us";
    case QHM_DEVICE_COLOUR_READOUT:
        return "qubits: readout error";
    case QHM_DEVICE_COLOUR_KIND:
        break;
    }
    return "qubits";
}

static void put_swatch(qhm_text *out, double *x, double y, char letter, size_t group,
                       const char *label)
{
    bool is_line = letter == 'e' && group >= FIRST_KIND;
    if (is_line)
        qhm_text_append(out, "<g class=\"l\" stroke-width=\"4\"><path class=\"");
    else
        qhm_text_append(out, "<rect class=\"h ");
    append_class(out, letter, group);
    if (is_line)
        qhm_text_print(out, "\" d=\"M%.5g %.5gh18\"/></g>", *x, y - 5);
    else
        qhm_text_print(out, "\" x=\"%.5g\" y=\"%.5g\" width=\"18\" height=\"12\"/>", *x, y - 11);
    *x += 18;
    if (!label)
        return;
    qhm_text_print(out, "<text x=\"%.5g\" y=\"%.5g\">", *x + 5, y);
    qhm_text_append_markup(out, label);
    qhm_text_append(out, "</text>");
    *x += 17 + 7.5 * (double)strlen(label);
}

// A row of the legend; true if there was something to say.
static bool put_legend(const map *drawn, const scale *colours, char letter, const char *title,
                       double y)
{
    qhm_text *out = drawn->out;
    bool has_scale = colours->low <= colours->high;
    double x = MARGIN;
    if (!has_scale && colours->kind_count == 0 && !colours->has_dead)
        return false;
    qhm_text_print(out, "<text class=\"m\" x=\"%.5g\" y=\"%.5g\">%s</text>", x, y, title);
    x += 16 + 7 * (double)strlen(title);
    if (has_scale) {
        bool is_one = !(colours->high > colours->low);
        qhm_text_print(out, "<text x=\"%.5g\" y=\"%.5g\">", x, y);
        append_value(out, colours->low);
        qhm_text_append(out, "</text>");
        x += 58;
        for (size_t i = is_one ? STEPS / 2 : 0; i < (is_one ? STEPS / 2 + 1 : STEPS); i++)
            put_swatch(out, &x, y, letter, i, NULL);
        qhm_text_print(out, "<text x=\"%.5g\" y=\"%.5g\">", x + 6, y);
        if (is_one)
            qhm_text_append(out, "for all");
        else
            append_value(out, colours->high);
        qhm_text_append(out, "</text>");
        x += 80;
    }
    for (size_t i = 0; i < colours->kind_count; i++)
        put_swatch(out, &x, y, letter, FIRST_KIND + i,
                   colours->kinds[i][0] ? colours->kinds[i] : "value not known");
    if (colours->has_dead)
        put_swatch(out, &x, y, letter, DEAD, "does not work");
    qhm_text_append(out, "\n");
    return true;
}

static void put_head(const map *drawn)
{
    const qhm_device *device = drawn->device;
    qhm_text *out = drawn->out;
    size_t working = 0, working_couplers = 0;
    for (size_t i = 0; i < device->qubit_count; i++)
        working += device->qubits[i].is_working;
    for (size_t i = 0; i < device->coupler_count; i++)
        working_couplers += device->couplers[i].is_working;
    qhm_text_print(out, "<text x=\"%d\" y=\"%d\"><tspan class=\"t\">", MARGIN, HEAD);
    qhm_text_append_markup(out, device->title);
    qhm_text_append(out, "</tspan><tspan class=\"m\" dx=\"12\">");
    if (device->preset)
        qhm_text_print(out, "%s, ", device->preset);
    qhm_text_print(out, "%zu qubits, ", device->qubit_count);
    if (device->is_all_to_all)
        qhm_text_append(out, "all pairs coupled");
    else
        qhm_text_print(out, "%zu couplers", device->coupler_count);
    if (working < device->qubit_count || working_couplers < device->coupler_count)
        qhm_text_print(out, "; %zu and %zu work", working, working_couplers);
    qhm_text_append(out, "</tspan></text>\n");
}

// The smallest distance along an axis between coupled qubits, or 1: it decides how large qubits
// are.
static double nearest_distance(const qhm_device *device)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < device->coupler_count; i++) {
        const qhm_device_qubit *a = &device->qubits[device->couplers[i].qubits[0]],
                               *b = &device->qubits[device->couplers[i].qubits[1]];
        double distance = hypot(a->x - b->x, a->y - b->y);
        if (distance > 0 && distance < nearest)
            nearest = distance;
    }
    return isfinite(nearest) ? nearest : 1;
}

static void place(map *drawn, double width)
{
    const qhm_device *device = drawn->device;
    double right = -INFINITY, bottom = -INFINITY;
    drawn->left = drawn->top = INFINITY;
    for (size_t i = 0; i < device->qubit_count; i++) {
        drawn->left = fmin(drawn->left, device->qubits[i].x);
        drawn->top = fmin(drawn->top, device->qubits[i].y);
        right = fmax(right, device->qubits[i].x);
        bottom = fmax(bottom, device->qubits[i].y);
    }
    double nearest = nearest_distance(device);
    double columns = right - drawn->left, rows = bottom - drawn->top;
    double room = width - 2 * MARGIN;
    double most = device->qubit_count < FEW ? PITCH_OF_FEW : LARGEST_PITCH;
    drawn->is_dense = device->coupler_count > DENSE_DEGREE / 2 * device->qubit_count;
    drawn->pitch = fmin(room / (columns + 0.72 * nearest), most / nearest);
    drawn->radius = (drawn->is_dense ? 0.3 : 0.36) * nearest * drawn->pitch;
    if (drawn->radius > LARGEST_RADIUS)
        drawn->radius = LARGEST_RADIUS;
    drawn->shift = (room - columns * drawn->pitch - 2 * drawn->radius) / 2;
    drawn->width = width;
    drawn->height = rows * drawn->pitch + 2 * drawn->radius;
}

static void collect(map *drawn)
{
    const qhm_device *device = drawn->device;
    drawn->qubits = drawn->couplers = (scale){.low = 1, .high = 0};
    for (size_t i = 0; i < device->qubit_count; i++)
        include(&drawn->qubits, qubit_value(drawn, &device->qubits[i]), device->qubits[i].kind,
                device->qubits[i].is_working);
    for (size_t i = 0; i < device->coupler_count; i++)
        include(&drawn->couplers, coupler_value(drawn, &device->couplers[i]),
                device->couplers[i].kind, device->couplers[i].is_working);
}

qhm_status qhm_device_draw_svg(const qhm_device *device, const qhm_device_map_options *options,
                               char **text)
{
    QHM_REQUIRE(device && text, "qhm_device_draw_svg needs a device and a place for the text");
    size_t width = options && options->width > 0 ? options->width : DEFAULT_WIDTH;
    QHM_REQUIRE(width >= LEAST_WIDTH && width <= MOST_WIDTH, "width is %zu, not %d to %d", width,
                LEAST_WIDTH, MOST_WIDTH);
    for (size_t i = 0; options && i < options->marked_count; i++)
        QHM_REQUIRE(options->marked[i] < device->qubit_count, "marked qubit %u is not 0 to %zu",
                    options->marked[i], device->qubit_count - 1);
    if (device->shares_qubit)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s has no map: its qubits have no places",
                        device->name);
    qhm_text body = {0}, out = {0};
    map drawn = {.device = device,
                 .colour = options ? options->colour : QHM_DEVICE_COLOUR_ERROR,
                 .out = &body};
    place(&drawn, (double)width);
    collect(&drawn);
    put_head(&drawn);
    put_couplers(&drawn);
    put_qubits(&drawn);
    put_numbers(&drawn);
    put_marks(&drawn, options);
    double y = HEAD + 2 * MARGIN + drawn.height + 12;
    if (put_legend(&drawn, &drawn.qubits, 'q',
                   drawn.qubits.low <= drawn.qubits.high ? colour_title(drawn.colour) : "qubits",
                   y))
        y += LEGEND_ROW;
    if (put_legend(&drawn, &drawn.couplers, 'e',
                   drawn.couplers.low <= drawn.couplers.high ? "couplers: two-qubit error"
                                                             : "couplers",
                   y))
        y += LEGEND_ROW;
    qhm_text_print(&out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qhm-map\" role=\"img\" "
                   "width=\"%.9g\" height=\"%.9g\" viewBox=\"0 0 %.9g %.9g\">\n%s"
                   "<rect class=\"bg\" width=\"%.9g\" height=\"%.9g\"/>\n",
                   drawn.width, y, drawn.width, y, style, drawn.width, y);
    qhm_text_append(&out, body.bytes ? body.bytes : "");
    qhm_text_append(&out, "</svg>\n");
    qhm_text_release_part(&out, &body);
    return qhm_text_take(&out, text);
}

qhm_status qhm_device_colour_find(const char *name, qhm_device_colour *colour)
{
    static const char *const names[] = {"error", "t1", "t2", "readout", "kind"};
    size_t index;
    QHM_REQUIRE(name && colour, "qhm_device_colour_find needs a name and a place for the colour");
    QHM_TRY(qhm_find_name("colour", name, names, sizeof names / sizeof names[0], &index));
    *colour = (qhm_device_colour)index;
    return QHM_OK;
}
