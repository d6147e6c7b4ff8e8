// Ledgers: sums of counts, as text and as JSON. ledger_count.c counts circuits.
#include <qhm/ledger.h>

#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/ledger_internal.h"

#include <inttypes.h>

typedef struct count_field {
    const char *name;
    size_t offset;
    bool is_largest; // of several ledgers the largest counts, not the sum
    bool is_fixed;   // running the same again does not change it
} count_field;

#define WHOLE(name) #name, offsetof(qhm_ledger, name)
static const count_field whole_fields[] = {
    {WHOLE(qubits), true, true},
    {WHOLE(depth), true, true},
    {WHOLE(two_qubit_depth), true, true},
    {WHOLE(settings), false, true},
    {WHOLE(circuits), false, false},
    {WHOLE(exact_circuits), false, false},
    {WHOLE(shots), false, false},
    {WHOLE(discarded_shots), false, false},
    {WHOLE(state_preparations), false, false},
    {WHOLE(oracle_calls), false, false},
    {WHOLE(states_read), false, false},
    {WHOLE(adjoint_gradients), false, false},
};

#define PHASE(name) #name, offsetof(qhm_phase_counts, name), false, false
static const count_field phase_fields[] = {
    {PHASE(one_qubit_gates)}, {PHASE(two_qubit_gates)}, {PHASE(larger_gates)}, {PHASE(t_gates)},
    {PHASE(rotations)},       {PHASE(measurements)},    {PHASE(resets)},
};

enum {
    WHOLE_FIELDS = sizeof whole_fields / sizeof whole_fields[0],
    PHASE_FIELDS = sizeof phase_fields / sizeof phase_fields[0]
};

static uint64_t *field_of(const count_field *field, void *record)
{
    return (uint64_t *)(void *)((char *)record + field->offset);
}

static uint64_t read_field(const count_field *field, const void *record)
{
    return *(const uint64_t *)(const void *)((const char *)record + field->offset);
}

void qhm_count_add(uint64_t *sum, uint64_t more)
{
    if (__builtin_add_overflow(*sum, more, sum) || *sum > INT64_MAX)
        *sum = INT64_MAX;
}

static void repeat_count(uint64_t *count, uint64_t times)
{
    if (__builtin_mul_overflow(*count, times, count) || *count > INT64_MAX)
        *count = INT64_MAX;
}

void qhm_phase_counts_add(qhm_phase_counts *sum, const qhm_phase_counts *more)
{
    for (size_t i = 0; i < PHASE_FIELDS; i++)
        qhm_count_add(field_of(&phase_fields[i], sum), read_field(&phase_fields[i], more));
    for (size_t gate = 0; gate < QHM_GATE_COUNT; gate++)
        qhm_count_add(&sum->by_gate[gate], more->by_gate[gate]);
}

void qhm_phase_counts_repeat(qhm_phase_counts *counts, uint64_t times)
{
    for (size_t i = 0; i < PHASE_FIELDS; i++)
        repeat_count(field_of(&phase_fields[i], counts), times);
    for (size_t gate = 0; gate < QHM_GATE_COUNT; gate++)
        repeat_count(&counts->by_gate[gate], times);
}

void qhm_ledger_add(qhm_ledger *ledger, const qhm_ledger *more)
{
    for (size_t i = 0; i < WHOLE_FIELDS; i++) {
        uint64_t *sum = field_of(&whole_fields[i], ledger);
        const uint64_t value = read_field(&whole_fields[i], more);
        if (!whole_fields[i].is_largest)
            qhm_count_add(sum, value);
        else if (value > *sum)
            *sum = value;
    }
    for (size_t phase = 0; phase < QHM_PHASE_COUNT; phase++)
        qhm_phase_counts_add(&ledger->phases[phase], &more->phases[phase]);
}

void qhm_ledger_repeat(qhm_ledger *ledger, uint64_t times)
{
    for (size_t i = 0; i < WHOLE_FIELDS; i++)
        if (!whole_fields[i].is_fixed)
            repeat_count(field_of(&whole_fields[i], ledger), times);
    for (size_t phase = 0; phase < QHM_PHASE_COUNT; phase++)
        qhm_phase_counts_repeat(&ledger->phases[phase], times);
}

qhm_phase_counts qhm_ledger_total(const qhm_ledger *ledger)
{
    qhm_phase_counts total = {0};
    for (size_t phase = 0; phase < QHM_PHASE_COUNT; phase++)
        qhm_phase_counts_add(&total, &ledger->phases[phase]);
    return total;
}

const char *qhm_phase_name(qhm_phase phase)
{
    static const char *const names[QHM_PHASE_COUNT] = {"encode", "execute", "read out"};
    return names[phase];
}

// A name as people read it: without underlines.
static void print_words(qhm_text *text, const char *name)
{
    for (; *name; name++)
        qhm_text_append_bytes(text, *name == '_' ? " " : name, 1);
}

static void print_row(qhm_text *text, const char *name, const uint64_t *counts)
{
    qhm_text row = {0};
    print_words(&row, name);
    qhm_text_print(text, "  %-18s", row.bytes ? row.bytes : "");
    for (size_t phase = 0; phase <= QHM_PHASE_COUNT; phase++)
        qhm_text_print(text, " %13" PRIu64, counts[phase]);
    qhm_text_append(text, "\n");
    qhm_text_release_part(text, &row);
}

static bool is_empty(const uint64_t *counts)
{
    return counts[QHM_PHASE_COUNT] == 0;
}

qhm_status qhm_ledger_print(const qhm_ledger *ledger, char **text)
{
    QHM_REQUIRE(ledger && text, "a ledger is printed to a place, and one of them is NULL");
    const qhm_phase_counts total = qhm_ledger_total(ledger);
    qhm_text out = {0};
    for (size_t i = 0; i < WHOLE_FIELDS; i++) {
        const uint64_t value = read_field(&whole_fields[i], ledger);
        if (value == 0)
            continue;
        print_words(&out, whole_fields[i].name);
        qhm_text_print(&out, " %" PRIu64 "\n", value);
    }
    qhm_text_print(&out, "  %-18s %13s %13s %13s %13s\n", "", "encode", "execute", "read out",
                   "total");
    for (size_t i = 0; i < PHASE_FIELDS + (size_t)QHM_GATE_COUNT; i++) {
        uint64_t counts[QHM_PHASE_COUNT + 1];
        const bool is_field = i < PHASE_FIELDS;
        const size_t gate = i - PHASE_FIELDS;
        for (size_t phase = 0; phase <= QHM_PHASE_COUNT; phase++) {
            const qhm_phase_counts *of = phase < QHM_PHASE_COUNT ? &ledger->phases[phase] : &total;
            counts[phase] = is_field ? read_field(&phase_fields[i], of) : of->by_gate[gate];
        }
        if (!is_empty(counts))
            print_row(&out,
                      is_field ? phase_fields[i].name : qhm_gate_information((qhm_gate)gate)->name,
                      counts);
    }
    return qhm_text_take(&out, text);
}

static void print_phase_json(qhm_text *out, const qhm_phase_counts *counts)
{
    qhm_text_append(out, "{");
    for (size_t i = 0; i < PHASE_FIELDS; i++)
        qhm_text_print(out, "\"%s\": %" PRIu64 ", ", phase_fields[i].name,
                       read_field(&phase_fields[i], counts));
    qhm_text_append(out, "\"by_gate\": {");
    const char *separator = "";
    for (size_t gate = 0; gate < QHM_GATE_COUNT; gate++) {
        if (counts->by_gate[gate] == 0)
            continue;
        qhm_text_print(out, "%s\"%s\": %" PRIu64, separator,
                       qhm_gate_information((qhm_gate)gate)->name, counts->by_gate[gate]);
        separator = ", ";
    }
    qhm_text_append(out, "}}");
}

qhm_status qhm_ledger_print_json(const qhm_ledger *ledger, char **text)
{
    QHM_REQUIRE(ledger && text, "a ledger is printed to a place, and one of them is NULL");
    static const char *const keys[QHM_PHASE_COUNT] = {"encode", "execute", "read_out"};
    qhm_text out = {0};
    qhm_text_append(&out, "{");
    for (size_t i = 0; i < WHOLE_FIELDS; i++)
        qhm_text_print(&out, "\"%s\": %" PRIu64 ", ", whole_fields[i].name,
                       read_field(&whole_fields[i], ledger));
    for (size_t phase = 0; phase < QHM_PHASE_COUNT; phase++) {
        qhm_text_print(&out, "%s\"%s\": ", phase > 0 ? ", " : "", keys[phase]);
        print_phase_json(&out, &ledger->phases[phase]);
    }
    qhm_text_append(&out, "}");
    return qhm_text_take(&out, text);
}
