// Names of registers, slots and gates in a program: valid, and each only once.
#include "base/memory.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const reserved_both[] = {
    "OPENQASM", "include", "barrier", "gate", "if",  "measure", "reset", "qreg", "creg",
    "opaque",   "U",       "CX",      "pi",   "sin", "cos",     "tan",   "exp",  "ln",
    "sqrt",     "u0",      "u1",      "u2",   "u3",  "id",      "cu",    "cu1",  "cu3",
    "csx",      "dcx",     "rccx",    "rc3x", "c3x", "c3sqrtx", "c4x"};

static const char *const reserved_3[] = {
    "angle",  "annotation", "arccos",  "arcsin", "arctan",   "array",         "bit",
    "bool",   "box",        "break",   "cal",    "case",     "ceiling",       "complex",
    "const",  "continue",   "cphase",  "ctrl",   "def",      "default",       "defcal",
    "delay",  "duration",   "else",    "end",    "euler",    "defcalgrammar", "durationof",
    "extern", "false",      "float",   "floor",  "for",      "gphase",        "im",
    "imag",   "in",         "input",   "int",    "inv",      "let",           "log",
    "mod",    "mutable",    "negctrl", "nop",    "output",   "phase",         "popcount",
    "pow",    "pragma",     "qubit",   "real",   "readonly", "return",        "rotl",
    "rotr",   "sizeof",     "stretch", "switch", "tau",      "true",          "uint",
    "void",   "while",      "π",       "τ",      "ℇ"};

static bool is_listed(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

bool qhm_qasm_name_is_taken(int version, const char *name)
{
    for (unsigned gate = 0; gate < QHM_GATE_UNITARY; gate++)
        if (strcmp(qhm_gate_information((qhm_gate)gate)->name, name) == 0)
            return true;
    return is_listed(name, reserved_both, sizeof reserved_both / sizeof reserved_both[0]) ||
           (version == 3 && is_listed(name, reserved_3, sizeof reserved_3 / sizeof reserved_3[0]));
}

void qhm_qasm_print_names_release(qasm_print_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        qhm_release(names->strings[i]);
    qhm_release(names->strings);
    qhm_release(names->slots);
    *names = (qasm_print_names){0};
}

// The number of "$17"; SIZE_MAX if the register is no physical qubit.
static size_t hardware_number(const qhm_register *named)
{
    const char *digits = named->name + 1;
    char again[16];
    if (named->count != 1 || named->name[0] != '$')
        return SIZE_MAX;
    const unsigned long long number = strtoull(digits, NULL, 10);
    snprintf(again, sizeof again, "%llu", number);
    return number < QHM_CIRCUIT_MAX_QUBITS && strcmp(digits, again) == 0 ? number : SIZE_MAX;
}

size_t qhm_qasm_print_hardware_count(const qhm_register_list *registers, int version)
{
    size_t count = 0, next = SIZE_MAX;
    while (version == 3 && count < registers->count) {
        const size_t number = hardware_number(&registers->items[registers->count - 1 - count]);
        if (number >= next)
            break;
        next = number;
        count++;
    }
    return count;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Letters of the scripts that people name parameters in; version 2 knows ASCII only.
static bool is_name_character(int version, uint32_t c, bool is_first)
{
    if (version == 2 && is_first)
        return c >= 'a' && c <= 'z';
    if (is_letter(c) || c == '_')
        return true;
    if (c >= '0' && c <= '9')
        return !is_first;
    return version == 3 && ((c >= 0xc0 && c <= 0x2af && c != 0xd7 && c != 0xf7) || // Latin
                            (c >= 0x391 && c <= 0x3c9 && c != 0x3a2) ||            // Greek
                            (c >= 0x410 && c <= 0x44f));                           // Cyrillic
}

// The name with everything replaced that the language does not allow.
static qhm_status make_valid(int version, const char *wanted, char **out)
{
    qhm_text text = {0};
    const char *cursor = wanted;
    uint32_t c = qhm_utf8_next(&cursor);
    if (!is_name_character(version, c, true)) {
        const uint32_t lower = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
        const bool is_fine = is_name_character(version, lower, true);
        qhm_text_append_utf8(&text, is_fine ? lower : c == '$' ? 'q' : 'n');
        if (!is_fine && is_name_character(version, c, false))
            qhm_text_append_utf8(&text, c);
    } else {
        qhm_text_append_utf8(&text, c);
    }
    while (c != 0 && (c = qhm_utf8_next(&cursor)) != 0)
        qhm_text_append_utf8(&text, is_name_character(version, c, false) ? c : '_');
    return qhm_text_take(&text, out);
}

static size_t hash_of(const char *string) // FNV-1a
{
    uint64_t hash = 14695981039346656037u;
    for (; *string; string++)
        hash = (hash ^ (unsigned char)*string) * 1099511628211u;
    return (size_t)(hash ^ (hash >> 32));
}

// The slot of a string, or the empty one where it would go.
static size_t slot_of(const qasm_print_names *names, const char *string)
{
    size_t slot = hash_of(string) & (names->slot_count - 1);
    while (names->slots[slot] && strcmp(names->strings[names->slots[slot] - 1], string) != 0)
        slot = (slot + 1) & (names->slot_count - 1);
    return slot;
}

static qhm_status make_room(qasm_print_names *names)
{
    QHM_TRY(
        qhm_reserve(names->count + 1, &names->capacity, sizeof *names->strings, &names->strings));
    if (2 * (names->count + 1) <= names->slot_count)
        return QHM_OK;
    const size_t doubled = names->slot_count ? 2 * names->slot_count : 64;
    uint32_t *slots;
    QHM_TRY(qhm_allocate(doubled, sizeof *slots, &slots));
    qhm_release(names->slots);
    names->slots = slots;
    names->slot_count = doubled;
    for (size_t i = 0; i < names->count; i++)
        names->slots[slot_of(names, names->strings[i])] = (uint32_t)i + 1;
    return QHM_OK;
}

static bool is_free(const qasm_print_names *names, const char *name)
{
    return !qhm_qasm_name_is_taken(names->version, name) && names->slots[slot_of(names, name)] == 0;
}

// The first of name, name_2, name_3, ... that is free. It takes over `name`.
static qhm_status make_unique(const qasm_print_names *names, char **name)
{
    for (size_t number = 2; !is_free(names, *name); number++) {
        const char *last = strrchr(*name, '_');
        const size_t stem = number > 2 && last ? (size_t)(last - *name) : strlen(*name);
        qhm_text text = {0};
        qhm_text_append_bytes(&text, *name, stem);
        qhm_text_print(&text, "_%zu", number);
        qhm_release(*name);
        *name = NULL;
        QHM_TRY(qhm_text_take(&text, name));
    }
    return QHM_OK;
}

qhm_status qhm_qasm_print_name(qasm_print_names *names, const char *wanted, const char *fallback,
                               const char **name)
{
    QHM_TRY(make_room(names));
    char *made = NULL;
    QHM_TRY(make_valid(names->version, wanted ? wanted : fallback, &made));
    qhm_status status = make_unique(names, &made);
    if (status != QHM_OK) {
        qhm_release(made);
        return status;
    }
    names->slots[slot_of(names, made)] = (uint32_t)names->count + 1;
    names->strings[names->count++] = made;
    *name = made;
    return QHM_OK;
}
