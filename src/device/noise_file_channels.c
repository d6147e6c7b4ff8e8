// The vocabulary of channels in hand-written noise models.
#include "base/document.h"
#include "base/memory.h"
#include "base/options_internal.h"
#include "device/noise_file.h"

#include <math.h>
#include <string.h>

enum { MOST_KRAUS = 1 << 2 * QHM_NOISE_MOST_QUBITS };

qhm_status qhm_noise_read_number(const qhm_node *node, double least, double most, double *out)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR || !qhm_parse_double(qhm_node_text(node), out))
        return qhm_node_fail(node, "%s is not a number",
                             qhm_node_name(node) ? qhm_node_name(node) : "an item");
    if (!(*out >= least && *out <= most))
        return qhm_node_fail(node, "%s is %s, not %g to %g",
                             qhm_node_name(node) ? qhm_node_name(node) : "an item",
                             qhm_node_text(node), least, most);
    return QHM_OK;
}

qhm_status qhm_noise_check_kind(const qhm_node *node, qhm_node_kind kind)
{
    if (qhm_node_kind_of(node) == kind)
        return QHM_OK;
    return qhm_node_fail(node, "%s is %s, not %s",
                         qhm_node_name(node) ? qhm_node_name(node) : "an item",
                         qhm_node_kind_name(qhm_node_kind_of(node)), qhm_node_kind_name(kind));
}

// What building a channel needs beside its node. Channels of one qubit act on each.
typedef struct channel_place {
    const qhm_node *node;
    size_t qubit_count;
    double scale;
} channel_place;

// Failures of the channel's own checks get the file's place.
static qhm_status at_node(const qhm_node *node, qhm_status status)
{
    return status == QHM_ERROR_INVALID_ARGUMENT ? qhm_node_fail(node, "%s", qhm_error_message())
                                                : status;
}

static qhm_status create_depolarizing(const channel_place *place, qhm_channel **channel)
{
    const double n = (double)((size_t)1 << 2 * place->qubit_count), most = n / (n - 1);
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, most, &value));
    return qhm_channel_create_depolarizing(place->qubit_count, fmin(most, place->scale * value),
                                           channel);
}

static qhm_status create_average_error(const channel_place *place, qhm_channel **channel)
{
    const double d = (double)((size_t)1 << place->qubit_count), most = d * d / (d * d - 1);
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, d / (d + 1), &value));
    return qhm_channel_create_depolarizing(place->qubit_count,
                                           fmin(most, place->scale * value * d / (d - 1)), channel);
}

// "ZX": the rightmost letter is the first qubit.
static qhm_status read_string(const qhm_node *node, size_t qubit_count, size_t *index)
{
    const char *text = qhm_node_name(node);
    *index = 0;
    for (size_t i = 0; text[i]; i++) {
        const char *letter = strchr("IXYZ", text[i]);
        if (!letter || strlen(text) != qubit_count)
            return qhm_node_fail(node, "\"%s\" is not %zu letters of I, X, Y and Z", text,
                                 qubit_count);
        *index = 4 * *index + (size_t)(letter - "IXYZ");
    }
    return QHM_OK;
}

static qhm_status create_pauli(const channel_place *place, qhm_channel **channel)
{
    double probabilities[MOST_KRAUS] = {0}, sum = 0;
    QHM_TRY(qhm_noise_check_kind(place->node, QHM_NODE_MAPPING));
    for (size_t i = 0; i < qhm_node_count(place->node); i++) {
        const qhm_node *item = qhm_node_at(place->node, i);
        size_t index;
        double value;
        QHM_TRY(read_string(item, place->qubit_count, &index));
        if (index == 0)
            return qhm_node_fail(item, "the identity has what the others leave");
        QHM_TRY(qhm_noise_read_number(item, 0, 1, &value));
        probabilities[index] = place->scale * value;
        sum += probabilities[index];
    }
    if (sum > 1 + 1e-12)
        return qhm_node_fail(place->node, "the probabilities add up to %g, more than 1", sum);
    probabilities[0] = fmax(0, 1 - sum);
    return qhm_channel_create_pauli(place->qubit_count, probabilities, channel);
}

static qhm_status create_bit_flip(const channel_place *place, qhm_channel **channel)
{
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, 1, &value));
    return qhm_channel_create_bit_flip(fmin(1, place->scale * value), channel);
}

static qhm_status create_phase_flip(const channel_place *place, qhm_channel **channel)
{
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, 1, &value));
    return qhm_channel_create_phase_flip(fmin(1, place->scale * value), channel);
}

static qhm_status create_amplitude_damping(const channel_place *place, qhm_channel **channel)
{
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, 1, &value));
    return qhm_channel_create_amplitude_damping(1 - pow(1 - value, place->scale), 0, channel);
}

static qhm_status create_phase_damping(const channel_place *place, qhm_channel **channel)
{
    double value;
    QHM_TRY(qhm_noise_read_number(place->node, 0, 1, &value));
    return qhm_channel_create_phase_damping(1 - pow(1 - value, place->scale), channel);
}

typedef struct relaxation {
    double duration_ns, t1_us, t2_us, excited_population;
} relaxation;

static const qhm_option_info relaxation_table[] = {
    {.name = "duration_ns",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(relaxation, duration_ns),
     .minimum = 0,
     .maximum = 1e15,
     .help = "how long, in ns"},
    {.name = "t1_us",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(relaxation, t1_us),
     .minimum = 1e-9,
     .maximum = 1e15,
     .help = "T1 in us"},
    {.name = "t2_us",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(relaxation, t2_us),
     .minimum = 1e-9,
     .maximum = 2e15,
     .help = "T2 in us"},
    {.name = "excited_population",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(relaxation, excited_population),
     .minimum = 0,
     .maximum = 1,
     .help = "share of |1> at rest"},
    {0},
};

void qhm_noise_fill_times(double *t1_us, double *t2_us)
{
    *t1_us = *t1_us > 0 ? *t1_us : INFINITY;
    *t2_us = *t2_us > 0 ? *t2_us : 2 * *t1_us;
}

static qhm_status create_thermal(const channel_place *place, qhm_channel **channel)
{
    relaxation r = {0};
    QHM_TRY(qhm_options_read(relaxation_table, place->node, &r));
    qhm_noise_fill_times(&r.t1_us, &r.t2_us);
    return at_node(place->node, qhm_channel_create_thermal_relaxation(
                                    place->scale * r.duration_ns, 1e3 * r.t1_us, 1e3 * r.t2_us,
                                    r.excited_population, channel));
}

// An entry of a matrix: a number, or [re, im].
static qhm_status read_entry(const qhm_node *node, qhm_complex *entry)
{
    const bool is_pair = qhm_node_kind_of(node) == QHM_NODE_SEQUENCE;
    if (is_pair && qhm_node_count(node) != 2)
        return qhm_node_fail(node, "a complex number has %zu parts, not 2", qhm_node_count(node));
    *entry = (qhm_complex){0, 0};
    QHM_TRY(qhm_noise_read_number(is_pair ? qhm_node_at(node, 0) : node, -1, 1, &entry->re));
    return is_pair ? qhm_noise_read_number(qhm_node_at(node, 1), -1, 1, &entry->im) : QHM_OK;
}

static qhm_status read_matrix(const qhm_node *node, size_t d, qhm_complex *matrix)
{
    QHM_TRY(qhm_noise_check_kind(node, QHM_NODE_SEQUENCE));
    if (qhm_node_count(node) != d)
        return qhm_node_fail(node, "a matrix has %zu rows, not %zu", qhm_node_count(node), d);
    for (size_t r = 0; r < d; r++) {
        const qhm_node *row = qhm_node_at(node, r);
        QHM_TRY(qhm_noise_check_kind(row, QHM_NODE_SEQUENCE));
        if (qhm_node_count(row) != d)
            return qhm_node_fail(row, "a row has %zu entries, not %zu", qhm_node_count(row), d);
        for (size_t c = 0; c < d; c++)
            QHM_TRY(read_entry(qhm_node_at(row, c), &matrix[r * d + c]));
    }
    return QHM_OK;
}

static qhm_status create_kraus(const channel_place *place, qhm_channel **channel)
{
    const size_t d = (size_t)1 << place->qubit_count, count = qhm_node_count(place->node);
    QHM_TRY(qhm_noise_check_kind(place->node, QHM_NODE_SEQUENCE));
    if (place->scale != 1)
        return qhm_node_fail(place->node, "operators cannot be scaled by %g", place->scale);
    if (count < 1 || count > d * d)
        return qhm_node_fail(place->node, "%zu operators, not 1 to %zu", count, d * d);
    qhm_complex *kraus;
    QHM_TRY(qhm_allocate(count * d * d, sizeof *kraus, &kraus));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = read_matrix(qhm_node_at(place->node, i), d, kraus + i * d * d);
    if (status == QHM_OK)
        status =
            at_node(place->node, qhm_channel_create(place->qubit_count, count, kraus, channel));
    qhm_release(kraus);
    return status;
}

// Turns of one size every time. Their infidelity, and each probability of their twirl, goes with
// the angle's square for small angles, so that angles are scaled by the root.
enum { MOST_TURN = 4 };

typedef struct turn {
    double x, y, z;
} turn;

static const qhm_option_info turn_table[] = {
    {.name = "x",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(turn, x),
     .minimum = -MOST_TURN,
     .maximum = MOST_TURN,
     .help = "about X, in radians"},
    {.name = "y",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(turn, y),
     .minimum = -MOST_TURN,
     .maximum = MOST_TURN,
     .help = "about Y, in radians"},
    {.name = "z",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(turn, z),
     .minimum = -MOST_TURN,
     .maximum = MOST_TURN,
     .help = "about Z, in radians"},
    {0},
};

// exp(-i (x X + y Y + z Z) / 2).
static qhm_status create_rotation(const channel_place *place, qhm_channel **channel)
{
    turn t = {0};
    QHM_TRY(qhm_options_read(turn_table, place->node, &t));
    const double angle = sqrt(t.x * t.x + t.y * t.y + t.z * t.z);
    const double half = sqrt(place->scale) * angle / 2, c = cos(half);
    const double s = angle > 0 ? sin(half) / angle : 0;
    const qhm_complex unitary[4] = {
        {c, -s * t.z}, {-s * t.y, -s * t.x}, {s * t.y, -s * t.x}, {c, s * t.z}};
    return qhm_channel_create(1, 1, unitary, channel);
}

static qhm_status read_angle(const channel_place *place, double *angle)
{
    if (place->qubit_count != 2)
        return qhm_node_fail(place->node, "%s is of two qubits, not of %zu",
                             qhm_node_name(place->node), place->qubit_count);
    QHM_TRY(qhm_noise_read_number(place->node, -MOST_TURN, MOST_TURN, angle));
    *angle *= sqrt(place->scale);
    return QHM_OK;
}

// diag(1, 1, 1, exp(i a)).
static qhm_status create_controlled_phase(const channel_place *place, qhm_channel **channel)
{
    double a;
    QHM_TRY(read_angle(place, &a));
    const qhm_complex unitary[16] = {
        [0] = {1, 0}, [5] = {1, 0}, [10] = {1, 0}, [15] = {cos(a), sin(a)}};
    return qhm_channel_create(2, 1, unitary, channel);
}

// exp(-i a (XX + YY) / 2).
static qhm_status create_swap_angle(const channel_place *place, qhm_channel **channel)
{
    double a;
    QHM_TRY(read_angle(place, &a));
    const qhm_complex unitary[16] = {[0] = {1, 0},       [5] = {cos(a), 0},  [6] = {0, -sin(a)},
                                     [9] = {0, -sin(a)}, [10] = {cos(a), 0}, [15] = {1, 0}};
    return qhm_channel_create(2, 1, unitary, channel);
}

typedef struct channel_kind {
    const char *name;
    bool is_of_one_qubit; // and acts on each of a gate's
    qhm_status (*create)(const channel_place *place, qhm_channel **channel);
} channel_kind;

static const channel_kind channel_kinds[] = {
    {"depolarizing", false, create_depolarizing},
    {"average_error", false, create_average_error},
    {"pauli", false, create_pauli},
    {"kraus", false, create_kraus},
    {"bit_flip", true, create_bit_flip},
    {"phase_flip", true, create_phase_flip},
    {"amplitude_damping", true, create_amplitude_damping},
    {"phase_damping", true, create_phase_damping},
    {"thermal_relaxation", true, create_thermal},
    {"rotation", true, create_rotation},
    {"controlled_phase", false, create_controlled_phase},
    {"swap_angle", false, create_swap_angle},
};
enum { CHANNEL_KINDS = sizeof channel_kinds / sizeof *channel_kinds };

static qhm_status find_channel_kind(const qhm_node *node, const channel_kind **kind)
{
    const char *names[CHANNEL_KINDS];
    for (size_t i = 0; i < CHANNEL_KINDS; i++)
        names[i] = channel_kinds[i].name;
    size_t index;
    if (qhm_find_name("channel", qhm_node_name(node), names, CHANNEL_KINDS, &index) != QHM_OK)
        return qhm_node_fail(node, "%s", qhm_error_message());
    *kind = &channel_kinds[index];
    return QHM_OK;
}

qhm_status qhm_noise_read_channels(qhm_noise_model *model, const qhm_node *mapping,
                                   qhm_noise_entry *entry)
{
    QHM_TRY(qhm_noise_check_kind(mapping, QHM_NODE_MAPPING));
    for (size_t i = 0; i < qhm_node_count(mapping); i++) {
        const qhm_node *node = qhm_node_at(mapping, i);
        const channel_kind *kind = NULL;
        if (strcmp(qhm_node_name(node), "duration_ns") == 0) {
            QHM_TRY(qhm_noise_read_number(node, 0, 1e15, &entry->rule.duration_ns));
            continue;
        }
        QHM_TRY(find_channel_kind(node, &kind));
        const channel_place place = {node, kind->is_of_one_qubit ? 1 : entry->qubit_count,
                                     model->options.scale};
        for (size_t q = 0; q < (kind->is_of_one_qubit ? entry->qubit_count : 1); q++) {
            const uint8_t qubit = (uint8_t)q;
            qhm_channel *channel;
            QHM_TRY(kind->create(&place, &channel));
            if (model->options.without_gates)
                qhm_channel_destroy(channel);
            else
                QHM_TRY(qhm_noise_add_part(model, entry, channel,
                                           kind->is_of_one_qubit ? &qubit : NULL, false));
        }
    }
    return qhm_noise_measure_error(entry);
}
