// Scopes: what names stand for, until a block ends.
#include "base/memory.h"
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <stdio.h>
#include <string.h>

qhm_status qhm_qasm_scope_open(qasm_reader *reader, qasm_symbol **outer)
{
    *outer = reader->symbols;
    reader->symbols = NULL;
    reader->scope_depth++;
    if (++reader->nesting > QASM_MOST_NESTING) {
        reader->nesting--;
        reader->scope_depth--;
        reader->symbols = *outer;
        return qhm_qasm_fail(reader, reader->last, NULL,
                             "blocks and calls inside each other are deeper than %d",
                             QASM_MOST_NESTING);
    }
    return QHM_OK;
}

void qhm_qasm_scope_close(qasm_reader *reader, qasm_symbol *outer)
{
    for (qasm_symbol *symbol = reader->symbols, *before; symbol; symbol = before) {
        before = symbol->before;
        reader->names.names[symbol->name].symbol = symbol->hidden;
        if (symbol->owned_count > 0) {
            qhm_status status =
                qhm_qasm_free_bits(reader, symbol->owned_first, symbol->owned_count);
            if (status != QHM_OK)
                reader->failure = status;
        }
        symbol->before = reader->unused_symbols;
        reader->unused_symbols = symbol;
    }
    reader->symbols = outer;
    reader->scope_depth--;
    reader->nesting--;
}

qhm_status qhm_qasm_keep(qasm_reader *reader, qasm_value *value)
{
    if (value->form == QASM_SYMBOLIC) {
        size_t bytes = sizeof *value->sum + value->sum->count * sizeof value->sum->terms[0];
        return qhm_qasm_arena_copy(&reader->kept, value->sum, bytes, 1, &value->sum);
    }
    bool is_list = (value->kind == QASM_QUBITS || value->form == QASM_BIT_LIST) && value->list;
    if (is_list)
        return qhm_qasm_arena_copy(&reader->kept, value->list, value->width, sizeof *value->list,
                                   &value->list);
    if (value->kind != QASM_LIST && value->kind != QASM_RANGE)
        return QHM_OK;
    qasm_value *items;
    QHM_TRY(qhm_qasm_arena_copy(&reader->kept, value->items, value->width, sizeof *items, &items));
    value->items = items;
    for (uint32_t i = 0; i < value->width; i++) {
        if (items[i].kind == QASM_LIST || items[i].kind == QASM_RANGE)
            return qhm_qasm_fail(reader, reader->last, NULL,
                                 "arrays of more than one dimension are not supported");
        QHM_TRY(qhm_qasm_keep(reader, &items[i]));
    }
    return QHM_OK;
}

qhm_status qhm_qasm_declare(qasm_reader *reader, qasm_token token, qasm_symbol_kind kind,
                            qasm_value value, qasm_symbol **declared)
{
    qasm_name *name = qhm_qasm_name_of(reader, token);
    for (qasm_symbol *other = name->symbol ? reader->symbols : NULL; other; other = other->before)
        if (other == name->symbol)
            return qhm_qasm_fail(reader, token, "a name can be declared once in a block",
                                 "\"%s\" is declared already", qhm_qasm_text(reader, token));
    QHM_TRY(qhm_qasm_keep(reader, &value));
    qasm_symbol *symbol = reader->unused_symbols;
    if (symbol)
        reader->unused_symbols = symbol->before;
    else
        QHM_TRY(qhm_qasm_arena_take(&reader->kept, 1, sizeof *symbol, &symbol));
    *symbol = (qasm_symbol){.kind = kind,
                            .name = token.name,
                            .token = token,
                            .value = value,
                            .run_time_depth = reader->run_time_depth,
                            .scope_depth = reader->scope_depth,
                            .hidden = name->symbol,
                            .before = reader->symbols};
    name->symbol = symbol;
    reader->symbols = symbol;
    if (declared)
        *declared = symbol;
    return QHM_OK;
}

qasm_symbol *qhm_qasm_symbol_of(const qasm_reader *reader, qasm_token token)
{
    if (token.kind != QASM_NAME)
        return NULL;
    qasm_symbol *symbol = reader->names.names[token.name].symbol;
    while (symbol && symbol->scope_depth > 0 && symbol->scope_depth < reader->subroutine_scope)
        symbol = symbol->hidden;
    return symbol;
}

qhm_status qhm_qasm_fail_undeclared(qasm_reader *reader, qasm_token token)
{
    enum { MOST = 4096 };
    qasm_name *name = qhm_qasm_name_of(reader, token);
    if (name->is_reported)
        return QHM_ERROR_BAD_INPUT;
    name->is_reported = true;
    const char **names;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, MOST, sizeof *names, &names));
    size_t count = 0;
    for (size_t i = 1; i < reader->names.count && count < MOST; i++)
        if (reader->names.names[i].symbol)
            names[count++] = reader->names.names[i].text;
    const char *nearest = name->length < 64 ? qhm_nearest_name(name->text, names, count) : NULL;
    char hint[160];
    snprintf(hint, sizeof hint, "did you mean \"%.100s\"?", nearest ? nearest : "");
    return qhm_qasm_fail(reader, token, nearest ? hint : NULL, "\"%s\" is not declared",
                         qhm_qasm_text(reader, token));
}
