// Gate calls and barriers: reading them, and what can be wrong with them.
#include "base/memory.h"
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static qhm_status fail_no_gate(qasm_reader *reader, qasm_token token)
{
    enum { MOST = 4096 };
    qasm_name *name = qhm_qasm_name_of(reader, token);
    if (name->is_reported)
        return QHM_ERROR_BAD_INPUT;
    name->is_reported = true;
    const char **names;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, MOST, sizeof *names, &names));
    size_t count = 0;
    for (size_t i = 0; !reader->options.strict && i < qhm_qasm_built_in_count(); i++)
        names[count++] = qhm_qasm_built_in_name(i);
    for (size_t i = 1; i < reader->names.count && count < MOST; i++)
        if (reader->names.names[i].gate || reader->names.names[i].subroutine)
            names[count++] = reader->names.names[i].text;
    const char *nearest = name->length < 64 ? qhm_nearest_name(name->text, names, count) : NULL;
    char hint[160];
    snprintf(hint, sizeof hint, "did you mean \"%.100s\"?", nearest ? nearest : "");
    return qhm_qasm_fail(reader, token, nearest ? hint : NULL, "there is no gate \"%s\"",
                         qhm_qasm_text(reader, token));
}

// A built-in gate may be used if a file that has it is included; otherwise that is told.
static qhm_status check_included(qasm_reader *reader, qasm_token token, const qasm_gate *gate)
{
    if (!gate->is_built_in || reader->is_in_built_in || (gate->libraries & reader->libraries))
        return QHM_OK;
    const char *file = reader->version == 2                 ? "qelib1.inc"
                       : gate->libraries & QASM_IN_STDGATES ? "stdgates.inc"
                                                            : NULL;
    char hint[80] = "define it";
    if (file && (reader->version == 3 || (gate->libraries & QASM_IN_QELIB1)))
        snprintf(hint, sizeof hint, "include \"%s\";", file);
    if (reader->options.strict)
        return qhm_qasm_fail(reader, token, hint, "no included file defines the gate \"%s\"",
                             gate->name);
    qasm_name *name = qhm_qasm_name_of(reader, token);
    if (name->is_reported)
        return QHM_OK;
    name->is_reported = true;
    return qhm_qasm_warn(reader, token, hint,
                         "no included file defines the gate \"%s\"; QHM's own is taken",
                         gate->name);
}

static qhm_status find_gate(qasm_reader *reader, qasm_token token, const qasm_gate **gate)
{
    qasm_name *name = qhm_qasm_name_of(reader, token);
    if (name->gate && !reader->is_in_built_in) {
        *gate = name->gate;
    } else {
        QHM_TRY(qhm_qasm_built_in(reader, name->text, gate));
        name = qhm_qasm_name_of(reader, token); // the table may have moved
        if (*gate && !name->gate)
            name->gate = (qasm_gate *)*gate;
    }
    if (reader->defining && *gate == reader->defining)
        return qhm_qasm_fail(reader, token, NULL, "gate \"%s\" calls itself", (*gate)->name);
    if (!*gate && reader->defining && strcmp(reader->defining->name, name->text) == 0)
        return qhm_qasm_fail(reader, token, NULL, "gate \"%s\" calls itself", name->text);
    if (!*gate)
        return fail_no_gate(reader, token);
    if ((*gate)->meaning == QASM_GATE_OPAQUE)
        return qhm_qasm_fail(reader, token, NULL, "gate \"%s\" is opaque: it has no definition",
                             (*gate)->name);
    return check_included(reader, token, *gate);
}

// A register, an element, a slice: whatever gives qubits.
qhm_status qhm_qasm_read_operand(qasm_reader *reader, qasm_operand *operand)
{
    qasm_token token = operand->token = qhm_qasm_peek(reader);
    qasm_symbol *symbol = qhm_qasm_symbol_of(reader, token);
    uint8_t next = qhm_qasm_peek_at(reader, 1).kind;
    if (reader->defining) {
        if (!symbol || symbol->kind != QASM_SYMBOL_FORMAL || next == QASM_LBRACKET) {
            if (token.kind == QASM_NAME && !symbol)
                return qhm_qasm_fail_undeclared(reader, token);
            return qhm_qasm_fail(reader, token, NULL, "a gate acts on its own qubits only");
        }
        qhm_qasm_take(reader);
        operand->value = symbol->value;
        return QHM_OK;
    }
    // The most frequent forms first: q and q[7].
    bool is_register = symbol && symbol->value.kind == QASM_QUBITS && !symbol->value.list;
    if (is_register && (next == QASM_COMMA || next == QASM_SEMICOLON)) {
        qhm_qasm_take(reader);
        operand->value = symbol->value;
        return QHM_OK;
    }
    if (is_register && next == QASM_LBRACKET && !symbol->value.is_single &&
        qhm_qasm_peek_at(reader, 2).kind == QASM_INTEGER &&
        qhm_qasm_peek_at(reader, 3).kind == QASM_RBRACKET &&
        qhm_qasm_peek_at(reader, 4).kind != QASM_CONCAT) {
        qasm_value index;
        qasm_token place = qhm_qasm_peek_at(reader, 2);
        reader->stream->position += 4;
        reader->last = place;
        QHM_TRY(qhm_qasm_literal(reader, place, &index));
        if (index.form == QASM_CONSTANT && index.integer < symbol->value.width) {
            operand->value = (qasm_value){.kind = QASM_QUBITS,
                                          .is_single = true,
                                          .width = 1,
                                          .first = symbol->value.first + (uint32_t)index.integer};
            return QHM_OK;
        }
        return qhm_qasm_index(reader, place, &symbol->value, &index, &operand->value);
    }
    QHM_TRY(qhm_qasm_read_value(reader, &operand->value, &operand->token));
    if (operand->value.kind != QASM_QUBITS)
        return qhm_qasm_fail(reader, token, NULL, "expected qubits, not %s",
                             qhm_qasm_kind_text((qasm_kind)operand->value.kind));
    return QHM_OK;
}

static qhm_status push_operand(qasm_reader *reader)
{
    qasm_operand operand;
    QHM_TRY(qhm_qasm_read_operand(reader, &operand));
    QHM_TRY(qhm_reserve(reader->operand_count + 1, &reader->operand_capacity,
                        sizeof *reader->operands, &reader->operands));
    reader->operands[reader->operand_count++] = operand;
    return QHM_OK;
}

// Operands up to the semicolon.
static qhm_status read_operands(qasm_reader *reader)
{
    if (qhm_qasm_peek(reader).kind != QASM_SEMICOLON)
        do
            QHM_TRY(push_operand(reader));
        while (qhm_qasm_accept(reader, QASM_COMMA) &&
               (qhm_qasm_peek(reader).kind != QASM_SEMICOLON ||
                (reader->options.strict && reader->version == 2)));
    return qhm_qasm_expect(reader, QASM_SEMICOLON, "after the qubits");
}

// Keeps codes: evaluated now unless they need the parameters of the gate being defined.
static qhm_status take_codes(qasm_reader *reader, size_t first, qasm_codes *codes)
{
    size_t count = reader->code_count - first;
    qasm_arena *arena = reader->defining ? &reader->kept : &reader->scratch;
    qhm_status status;
    if (reader->defining && qhm_qasm_codes_use_parameters(reader->codes + first, count)) {
        status = qhm_qasm_arena_copy(arena, reader->codes + first, count, sizeof *codes->codes,
                                     &codes->codes);
        codes->count = count;
    } else {
        qasm_code code = qhm_qasm_code_constant(reader->codes[first].token, (qasm_value){0});
        status = qhm_qasm_evaluate(reader, reader->codes + first, count, &code.value);
        if (status == QHM_OK && reader->defining)
            status = qhm_qasm_keep(reader, &code.value);
        if (status == QHM_OK)
            status = qhm_qasm_arena_copy(arena, &code, 1, sizeof code, &codes->codes);
        codes->count = 1;
    }
    reader->code_count = first;
    return status;
}

static qhm_status read_codes(qasm_reader *reader, qasm_codes *codes)
{
    size_t first;
    QHM_TRY(qhm_qasm_compile(reader, &first));
    return take_codes(reader, first, codes);
}

// An angle must be a number by now, if it is known.
static qhm_status check_angle(qasm_reader *reader, qasm_token gate, const qasm_codes *codes)
{
    if (codes->count != 1 || qhm_qasm_codes_use_parameters(codes->codes, 1))
        return QHM_OK;
    const qasm_value *value = &codes->codes[0].value;
    if (qhm_qasm_is_number(value) || value->form == QASM_SYMBOLIC)
        return QHM_OK;
    bool is_run_time = value->form == QASM_BIT_LIST || value->form == QASM_CONDITIONAL;
    return qhm_qasm_fail(reader, codes->codes[0].token, NULL, "an angle of %s is %s",
                         qhm_qasm_text(reader, gate),
                         is_run_time ? "bits, which are known at run time only"
                                     : qhm_qasm_kind_text((qasm_kind)value->kind));
}

static qhm_status read_angles(qasm_reader *reader, qasm_token name, qasm_step *step)
{
    const qasm_gate *gate = step->gate;
    qasm_arena *arena = reader->defining ? &reader->kept : &reader->scratch;
    QHM_TRY(qhm_qasm_arena_take(arena, gate->parameter_count, sizeof *step->angles, &step->angles));
    size_t count = 0;
    qasm_token place = name;
    if (qhm_qasm_accept(reader, QASM_LPAREN)) {
        place = reader->last;
        while (qhm_qasm_peek(reader).kind != QASM_RPAREN) {
            qasm_codes codes;
            QHM_TRY(read_codes(reader, &codes));
            QHM_TRY(check_angle(reader, name, &codes));
            if (count < gate->parameter_count)
                step->angles[count] = codes;
            count++;
            if (!qhm_qasm_accept(reader, QASM_COMMA))
                break;
        }
        QHM_TRY(qhm_qasm_expect(reader, QASM_RPAREN, "after the angles"));
    }
    if (count == gate->parameter_count)
        return QHM_OK;
    return qhm_qasm_fail(reader, place, NULL, "%s takes %u angle%s, not %zu", gate->name,
                         gate->parameter_count, gate->parameter_count == 1 ? "" : "s", count);
}

static qhm_status read_modifier(qasm_reader *reader, qasm_keyword keyword, qasm_modifier *modifier)
{
    qasm_token token = qhm_qasm_take(reader);
    *modifier =
        (qasm_modifier){.kind = keyword == QASM_KEY_CTRL      ? QASM_MODIFIER_CONTROL
                                : keyword == QASM_KEY_NEGCTRL ? QASM_MODIFIER_NEGATIVE_CONTROL
                                : keyword == QASM_KEY_INV     ? QASM_MODIFIER_INVERSE
                                                              : QASM_MODIFIER_POWER,
                        .count = 1};
    bool has_value = keyword != QASM_KEY_INV && qhm_qasm_accept(reader, QASM_LPAREN);
    if (keyword == QASM_KEY_POW && !has_value)
        return qhm_qasm_fail(reader, token, NULL, "pow needs its exponent: pow(2) @");
    if (has_value && keyword == QASM_KEY_POW) {
        QHM_TRY(read_codes(reader, &modifier->power));
        QHM_TRY(check_angle(reader, token, &modifier->power));
    } else if (has_value) {
        int64_t count;
        QHM_TRY(qhm_qasm_read_integer(reader, "the number of controls", 1, QHM_CIRCUIT_MAX_QUBITS,
                                      &count));
        modifier->count = (size_t)count;
    }
    if (has_value)
        QHM_TRY(qhm_qasm_expect(reader, QASM_RPAREN, "after the modifier's value"));
    return qhm_qasm_expect(reader, QASM_AT, "after a gate modifier");
}

static bool is_modifier(qasm_keyword keyword)
{
    return keyword == QASM_KEY_CTRL || keyword == QASM_KEY_NEGCTRL || keyword == QASM_KEY_INV ||
           keyword == QASM_KEY_POW;
}

static qhm_status read_modifiers(qasm_reader *reader, qasm_step *step)
{
    qasm_arena *arena = reader->defining ? &reader->kept : &reader->scratch;
    size_t capacity = 0;
    for (;;) {
        qasm_keyword keyword = qhm_qasm_keyword_of(reader, qhm_qasm_peek(reader));
        if (!is_modifier(keyword))
            return QHM_OK;
        if (step->modifier_count == capacity) {
            qasm_modifier *grown;
            capacity = capacity > 0 ? 2 * capacity : 4;
            QHM_TRY(qhm_qasm_arena_take(arena, capacity, sizeof *grown, &grown));
            if (step->modifier_count > 0)
                memcpy(grown, step->modifiers, step->modifier_count * sizeof *grown);
            step->modifiers = grown;
        }
        QHM_TRY(read_modifier(reader, keyword, &step->modifiers[step->modifier_count]));
        step->modifier_count++;
    }
}

static size_t control_count(const qasm_step *step)
{
    size_t count = 0;
    for (size_t i = 0; i < step->modifier_count; i++)
        if (step->modifiers[i].kind <= QASM_MODIFIER_NEGATIVE_CONTROL)
            count += step->modifiers[i].count;
    return count;
}

// No qubit twice among the operands of one application.
static qhm_status check_distinct(qasm_reader *reader, const qasm_step *step, const uint32_t *qubits,
                                 size_t count, size_t base)
{
    bool *seen = NULL;
    if (count > 16) {
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch,
                                    qhm_circuit_qubit_count(reader->circuit) + count, sizeof *seen,
                                    &seen));
        memset(seen, 0, (qhm_circuit_qubit_count(reader->circuit) + count) * sizeof *seen);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_repeated = false;
        if (seen && !reader->defining) {
            is_repeated = seen[qubits[i]];
            seen[qubits[i]] = true;
        } else {
            for (size_t j = 0; j < i && !is_repeated; j++)
                is_repeated = qubits[i] == qubits[j];
        }
        if (is_repeated)
            return qhm_qasm_fail(reader, reader->operands[base + i].token, NULL,
                                 "%s uses the same qubit twice",
                                 step->gate ? step->gate->name : "barrier");
    }
    return QHM_OK;
}

static qhm_status record(qasm_reader *reader, const qasm_step *step)
{
    qasm_gate *gate = reader->defining;
    size_t depth = step->gate ? step->gate->depth + 1 : 0;
    if (depth > QASM_MOST_GATE_DEPTH)
        return qhm_qasm_fail(reader, step->token, NULL,
                             "definitions that use definitions are deeper than %d",
                             QASM_MOST_GATE_DEPTH);
    gate->depth = depth > gate->depth ? depth : gate->depth;
    QHM_TRY(qhm_qasm_count_step(reader));
    QHM_TRY(qhm_reserve(reader->recorded_count + 1, &reader->recorded_capacity,
                        sizeof *reader->recorded, &reader->recorded));
    qasm_step kept = *step;
    QHM_TRY(qhm_qasm_arena_copy(&reader->kept, step->qubits, step->qubit_count,
                                sizeof *step->qubits, &kept.qubits));
    reader->recorded[reader->recorded_count++] = kept;
    return QHM_OK;
}

// Registers of one length are worked through element by element, single qubits stay.
static qhm_status broadcast(qasm_reader *reader, qasm_step *step, size_t base)
{
    size_t count = reader->operand_count - base;
    uint32_t length = 1, *qubits;
    bool has_register = false;
    for (size_t i = 0; i < count; i++) {
        const qasm_operand *operand = &reader->operands[base + i];
        if (operand->value.is_single)
            continue;
        if (has_register && operand->value.width != length)
            return qhm_qasm_fail(reader, operand->token, NULL,
                                 "a register of %u qubits beside one of %u", operand->value.width,
                                 length);
        has_register = true;
        length = operand->value.width;
    }
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *qubits, &qubits));
    step->qubits = qubits;
    step->qubit_count = count;
    for (uint32_t k = 0; k < length; k++) {
        for (size_t i = 0; i < count; i++) {
            const qasm_value *value = &reader->operands[base + i].value;
            uint32_t at = value->is_single ? 0 : k;
            qubits[i] = value->list ? value->list[at] : value->first + at;
        }
        QHM_TRY(check_distinct(reader, step, qubits, count, base));
        if (reader->defining)
            QHM_TRY(record(reader, step));
        else
            QHM_TRY(qhm_qasm_apply(reader, step, qubits));
    }
    return QHM_OK;
}

static qhm_status read_call(qasm_reader *reader, size_t base)
{
    qasm_step step = {.token = qhm_qasm_peek(reader)};
    QHM_TRY(read_modifiers(reader, &step));
    qasm_token name = qhm_qasm_peek(reader);
    if (qhm_qasm_keyword_of(reader, name) == QASM_KEY_GPHASE)
        qhm_qasm_take(reader);
    else
        QHM_TRY(qhm_qasm_expect_name(reader, "a gate", &name));
    if (!reader->is_in_built_in)
        reader->call = name;
    QHM_TRY(find_gate(reader, name, &step.gate));
    QHM_TRY(read_angles(reader, name, &step));
    if (qhm_qasm_accept(reader, QASM_LBRACKET)) { // how long the gate takes
        qasm_value ignored;
        qasm_token token;
        QHM_TRY(qhm_qasm_read_value(reader, &ignored, &token));
        QHM_TRY(qhm_qasm_expect(reader, QASM_RBRACKET, "after the duration"));
        QHM_TRY(qhm_qasm_warn(reader, token, NULL, "durations are left out"));
    }
    QHM_TRY(read_operands(reader));
    size_t count = reader->operand_count - base, controls = control_count(&step);
    size_t expected = step.gate->qubit_count + controls;
    if (count != expected) {
        char under[64] = "";
        if (controls > 0)
            snprintf(under, sizeof under, " under %zu control%s", controls,
                     controls == 1 ? "" : "s");
        return qhm_qasm_fail(reader, name, NULL, "%s%s takes %zu qubit%s, not %zu", step.gate->name,
                             under, expected, expected == 1 ? "" : "s", count);
    }
    return broadcast(reader, &step, base);
}

qhm_status qhm_qasm_gate_call(qasm_reader *reader)
{
    size_t base = reader->operand_count;
    qhm_status status = read_call(reader, base);
    reader->operand_count = base;
    return status;
}

qhm_status qhm_qasm_barrier(qasm_reader *reader)
{
    size_t base = reader->operand_count, count = 0;
    qasm_step step = {.token = qhm_qasm_take(reader)};
    if (!reader->is_in_built_in)
        reader->call = step.token;
    qhm_status status = read_operands(reader);
    uint32_t *qubits = NULL;
    for (size_t i = base; i < reader->operand_count; i++)
        count += reader->operands[i].value.width;
    if (status == QHM_OK)
        status = qhm_qasm_arena_take(&reader->scratch, count, sizeof *qubits, &qubits);
    bool *seen = NULL;
    size_t width =
        reader->defining ? reader->defining->qubit_count : qhm_circuit_qubit_count(reader->circuit);
    if (status == QHM_OK)
        status = qhm_qasm_arena_take(&reader->scratch, width, sizeof *seen, &seen);
    if (status == QHM_OK)
        memset(seen, 0, width * sizeof *seen);
    for (size_t i = base; i < reader->operand_count && status == QHM_OK; i++) {
        const qasm_value *value = &reader->operands[i].value;
        for (uint32_t k = 0; k < value->width; k++) {
            uint32_t qubit = value->list ? value->list[k] : value->first + k;
            if (!seen[qubit]) // a barrier over a qubit twice is one over it once
                qubits[step.qubit_count++] = qubit;
            seen[qubit] = true;
        }
    }
    bool is_everywhere = reader->operand_count == base;
    reader->operand_count = base;
    step.qubits = qubits;
    if (status != QHM_OK || width == 0)
        return status;
    if (reader->defining) {
        for (uint32_t i = 0; i < width && is_everywhere; i++)
            seen[i] = true;
        if (is_everywhere) {
            QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *qubits, &qubits));
            for (uint32_t i = 0; i < width; i++)
                qubits[i] = i;
            step.qubits = qubits;
            step.qubit_count = width;
        }
        return record(reader, &step);
    }
    if (is_everywhere)
        return qhm_qasm_emit(reader, (qhm_instruction){.gate = QHM_GATE_BARRIER});
    return qhm_qasm_apply(reader, &step, qubits);
}
