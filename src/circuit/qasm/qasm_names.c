// Names by number: one hash lookup where a name is read, none where it is used.
#include "base/memory.h"
#include "circuit/qasm/qasm_lexer.h"

#include <assert.h>
#include <string.h>

static const char *const keywords[QASM_KEY_COUNT] = {
    [QASM_KEY_OPENQASM] = "OPENQASM",
    [QASM_KEY_INCLUDE] = "include",
    [QASM_KEY_QREG] = "qreg",
    [QASM_KEY_CREG] = "creg",
    [QASM_KEY_GATE] = "gate",
    [QASM_KEY_OPAQUE] = "opaque",
    [QASM_KEY_MEASURE] = "measure",
    [QASM_KEY_RESET] = "reset",
    [QASM_KEY_BARRIER] = "barrier",
    [QASM_KEY_IF] = "if",
    [QASM_KEY_ELSE] = "else",
    [QASM_KEY_QUBIT] = "qubit",
    [QASM_KEY_BIT] = "bit",
    [QASM_KEY_BOOL] = "bool",
    [QASM_KEY_INT] = "int",
    [QASM_KEY_UINT] = "uint",
    [QASM_KEY_FLOAT] = "float",
    [QASM_KEY_ANGLE] = "angle",
    [QASM_KEY_COMPLEX] = "complex",
    [QASM_KEY_ARRAY] = "array",
    [QASM_KEY_DURATION] = "duration",
    [QASM_KEY_STRETCH] = "stretch",
    [QASM_KEY_VOID] = "void",
    [QASM_KEY_CONST] = "const",
    [QASM_KEY_LET] = "let",
    [QASM_KEY_INPUT] = "input",
    [QASM_KEY_OUTPUT] = "output",
    [QASM_KEY_READONLY] = "readonly",
    [QASM_KEY_MUTABLE] = "mutable",
    [QASM_KEY_DEF] = "def",
    [QASM_KEY_RETURN] = "return",
    [QASM_KEY_EXTERN] = "extern",
    [QASM_KEY_FOR] = "for",
    [QASM_KEY_WHILE] = "while",
    [QASM_KEY_IN] = "in",
    [QASM_KEY_BREAK] = "break",
    [QASM_KEY_CONTINUE] = "continue",
    [QASM_KEY_END] = "end",
    [QASM_KEY_SWITCH] = "switch",
    [QASM_KEY_CASE] = "case",
    [QASM_KEY_DEFAULT] = "default",
    [QASM_KEY_CTRL] = "ctrl",
    [QASM_KEY_NEGCTRL] = "negctrl",
    [QASM_KEY_INV] = "inv",
    [QASM_KEY_POW] = "pow",
    [QASM_KEY_GPHASE] = "gphase",
    [QASM_KEY_BOX] = "box",
    [QASM_KEY_DELAY] = "delay",
    [QASM_KEY_NOP] = "nop",
    [QASM_KEY_CAL] = "cal",
    [QASM_KEY_DEFCAL] = "defcal",
    [QASM_KEY_DEFCALGRAMMAR] = "defcalgrammar",
    [QASM_KEY_DURATIONOF] = "durationof",
    [QASM_KEY_TRUE] = "true",
    [QASM_KEY_FALSE] = "false",
    [QASM_KEY_PORT] = "port",
    [QASM_KEY_FRAME] = "frame",
    [QASM_KEY_WAVEFORM] = "waveform",
};

const char *qhm_qasm_keyword_text(qasm_keyword keyword)
{
    return keywords[keyword];
}

static uint32_t hash_of(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static void put(qasm_names *names, uint32_t number)
{
    size_t slot = names->names[number].hash & (names->slot_count - 1);
    while (names->slots[slot] != 0)
        slot = (slot + 1) & (names->slot_count - 1);
    names->slots[slot] = number;
}

static qhm_status grow_slots(qasm_names *names)
{
    uint32_t *slots;
    size_t count = names->slot_count > 0 ? 2 * names->slot_count : 512;
    QHM_TRY(qhm_allocate(count, sizeof *slots, &slots));
    qhm_release(names->slots);
    names->slots = slots;
    names->slot_count = count;
    for (uint32_t i = 1; i < names->count; i++)
        put(names, i);
    return QHM_OK;
}

qhm_status qhm_qasm_names_find(qasm_names *names, const char *text, size_t length, uint32_t *number)
{
    uint32_t hash = hash_of(text, length);
    size_t slot = hash & (names->slot_count - 1);
    for (; names->slots[slot] != 0; slot = (slot + 1) & (names->slot_count - 1)) {
        const qasm_name *name = &names->names[names->slots[slot]];
        if (name->hash == hash && name->length == length && memcmp(name->text, text, length) == 0) {
            *number = names->slots[slot];
            return QHM_OK;
        }
    }
    if (2 * (names->count + 1) > names->slot_count)
        QHM_TRY(grow_slots(names));
    QHM_TRY(qhm_reserve(names->count + 1, &names->capacity, sizeof *names->names, &names->names));
    char *copy;
    QHM_TRY(qhm_qasm_arena_take(names->arena, length + 1, 1, &copy));
    memcpy(copy, text, length);
    copy[length] = '\0';
    uint32_t added = (uint32_t)names->count++;
    names->names[added] = (qasm_name){.text = copy, .length = (uint32_t)length, .hash = hash};
    put(names, added);
    *number = added;
    return QHM_OK;
}

qhm_status qhm_qasm_names_create(qasm_names *names, qasm_arena *arena)
{
    *names = (qasm_names){.arena = arena};
    QHM_TRY(grow_slots(names));
    QHM_TRY(qhm_reserve(256, &names->capacity, sizeof *names->names, &names->names));
    names->count = 1;
    for (int i = 1; i < QASM_KEY_COUNT; i++) {
        uint32_t number;
        QHM_TRY(qhm_qasm_names_find(names, keywords[i], strlen(keywords[i]), &number));
        names->names[number].keyword = (qasm_keyword)i;
    }
    return QHM_OK;
}

void qhm_qasm_names_release(qasm_names *names)
{
    qhm_release(names->names);
    qhm_release(names->slots);
}
