// Diagnostics at tokens, and the stream of tokens.
#include "base/diagnostics_internal.h"
#include "base/memory.h"
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

enum { MESSAGE_BYTES = 400, WORD_BYTES = 48 };

static qhm_status note(qasm_reader *reader, bool is_error, qasm_token token, const char *hint,
                       const char *message)
{
    const qasm_source *source = &reader->sources[token.source];
    return qhm_diagnostics_add(reader->diagnostics, is_error, source->name, source->bytes,
                               source->length, token.offset, message, hint);
}

qhm_status qhm_qasm_fail(qasm_reader *reader, qasm_token token, const char *hint,
                         const char *format, ...)
{
    if (reader->failure != QHM_OK) // that is why a token is missing
        return reader->failure;
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(message, sizeof message, format, arguments);
    va_end(arguments);
    if (reader->sources[token.source].name ==
        NULL) // inside a built-in definition: the call's fault
        token = reader->call;
    QHM_TRY(note(reader, true, token, hint, message));
    if (qhm_diagnostics_error_count(reader->diagnostics) < reader->options.max_errors)
        return QHM_ERROR_BAD_INPUT;
    reader->failure = QHM_ERROR_CANCELLED;
    return QHM_ERROR_CANCELLED;
}

qhm_status qhm_qasm_warn(qasm_reader *reader, qasm_token token, const char *hint,
                         const char *format, ...)
{
    enum { MOST_WARNINGS = 100 };
    if (qhm_diagnostics_count(reader->diagnostics) -
            qhm_diagnostics_error_count(reader->diagnostics) >=
        MOST_WARNINGS)
        return QHM_OK;
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(message, sizeof message, format, arguments);
    va_end(arguments);
    return note(reader, false, token, hint, message);
}

const char *qhm_qasm_bytes(const qasm_reader *reader, qasm_token token)
{
    return reader->sources[token.source].bytes + token.offset;
}

const char *qhm_qasm_text(const qasm_reader *reader, qasm_token token)
{
    static _Thread_local char words[4][WORD_BYTES];
    static _Thread_local unsigned turn;
    if (token.kind == QASM_END_OF_TEXT)
        return "the end of the text";
    char *word = words[turn++ % 4];
    size_t length = token.length < WORD_BYTES - 4 ? token.length : WORD_BYTES - 4;
    const char *bytes = qhm_qasm_bytes(reader, token);
    while (length < token.length && length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80)
        length--;
    memcpy(word, bytes, length);
    memcpy(word + length, token.length > length ? "..." : "", token.length > length ? 4 : 1);
    return word;
}

void qhm_qasm_stream_release(qasm_stream *stream)
{
    if (stream->lexer)
        qhm_release(stream->tokens);
}

// One more token of the lexer into the window.
static qhm_status read_token(qasm_reader *reader, qasm_stream *stream, uint8_t *kind)
{
    QHM_TRY(
        qhm_reserve(stream->count + 1, &stream->capacity, sizeof *stream->tokens, &stream->tokens));
    qasm_token *token = &stream->tokens[stream->count];
    QHM_TRY(qhm_qasm_lexer_next(stream->lexer, token));
    stream->count++;
    *kind = token->kind;
    if (!stream->lexer->problem.message)
        return QHM_OK;
    qasm_token place = {.offset = (uint32_t)stream->lexer->problem.offset,
                        .source = stream->lexer->source};
    qhm_status status = qhm_qasm_fail(reader, place, NULL, "%s", stream->lexer->problem.message);
    stream->lexer->problem.message = NULL;
    return status == QHM_ERROR_BAD_INPUT ? QHM_OK : status;
}

// More tokens, to the end of a statement; false at the end of a stored block.
static bool read_more(qasm_reader *reader, qasm_stream *stream)
{
    if (!stream->lexer)
        return false;
    uint8_t kind = QASM_COMMA;
    while (reader->failure == QHM_OK && kind != QASM_SEMICOLON && kind != QASM_END_OF_TEXT &&
           kind != QASM_LBRACE && kind != QASM_RBRACE && kind != QASM_ANNOTATION)
        reader->failure = read_token(reader, stream, &kind);
    return reader->failure == QHM_OK;
}

qasm_token qhm_qasm_peek_far(qasm_reader *reader, size_t ahead)
{
    qasm_stream *stream = reader->stream;
    while (stream->position + ahead >= stream->count)
        if (reader->failure != QHM_OK || !read_more(reader, stream)) {
            qasm_token end = reader->last;
            if (stream->count > 0)
                end = stream->tokens[stream->count - 1];
            end.offset += end.length;
            end.length = 0;
            end.kind = QASM_END_OF_TEXT;
            return end;
        }
    return stream->tokens[stream->position + ahead];
}

qasm_token qhm_qasm_take(qasm_reader *reader)
{
    qasm_token token = qhm_qasm_peek_at(reader, 0);
    if (token.kind != QASM_END_OF_TEXT)
        reader->stream->position++;
    reader->last = token;
    return token;
}

bool qhm_qasm_accept(qasm_reader *reader, qasm_token_kind kind)
{
    if (qhm_qasm_peek(reader).kind != kind)
        return false;
    qhm_qasm_take(reader);
    return true;
}

static const char *kind_text(qasm_token_kind kind)
{
    switch ((int)kind) {
    case QASM_LPAREN:
        return "\"(\"";
    case QASM_RPAREN:
        return "\")\"";
    case QASM_LBRACKET:
        return "\"[\"";
    case QASM_RBRACKET:
        return "\"]\"";
    case QASM_LBRACE:
        return "\"{\"";
    case QASM_RBRACE:
        return "\"}\"";
    case QASM_SEMICOLON:
        return "\";\"";
    case QASM_AT:
        return "\"@\"";
    case QASM_ASSIGN:
        return "\"=\"";
    case QASM_ARROW:
        return "\"->\"";
    case QASM_STRING:
        return "a name in quotes";
    default:
        return "a name";
    }
}

qhm_status qhm_qasm_expect(qasm_reader *reader, qasm_token_kind kind, const char *where)
{
    qasm_token token = qhm_qasm_peek(reader);
    if (token.kind == kind) {
        qhm_qasm_take(reader);
        return QHM_OK;
    }
    return qhm_qasm_fail(reader, token, NULL, "expected %s %s, not %s%s%s", kind_text(kind), where,
                         token.kind == QASM_END_OF_TEXT ? "" : "\"", qhm_qasm_text(reader, token),
                         token.kind == QASM_END_OF_TEXT ? "" : "\"");
}

qhm_status qhm_qasm_expect_name(qasm_reader *reader, const char *what, qasm_token *token)
{
    *token = qhm_qasm_peek(reader);
    if (token->kind == QASM_NAME && qhm_qasm_keyword_of(reader, *token) == QASM_KEY_NONE) {
        qhm_qasm_take(reader);
        return QHM_OK;
    }
    if (token->kind == QASM_NAME)
        return qhm_qasm_fail(reader, *token, NULL, "\"%s\" is a word of OpenQASM %d, not %s",
                             qhm_qasm_text(reader, *token), reader->version, what);
    bool is_end = token->kind == QASM_END_OF_TEXT;
    return qhm_qasm_fail(reader, *token, NULL, "expected %s, not %s%s%s", what, is_end ? "" : "\"",
                         qhm_qasm_text(reader, *token), is_end ? "" : "\"");
}

qasm_keyword qhm_qasm_keyword_of(const qasm_reader *reader, qasm_token token)
{
    if (token.kind != QASM_NAME)
        return QASM_KEY_NONE;
    qasm_keyword keyword = reader->names.names[token.name].keyword;
    return keyword >= QASM_KEY_FIRST_OF_3 && reader->version == 2 ? QASM_KEY_NONE : keyword;
}

bool qhm_qasm_accept_keyword(qasm_reader *reader, qasm_keyword keyword)
{
    if (qhm_qasm_keyword_of(reader, qhm_qasm_peek(reader)) != keyword)
        return false;
    qhm_qasm_take(reader);
    return true;
}

// From an opening bracket past the one that closes it.
static void skip_brackets(qasm_reader *reader, qasm_token_kind open, qasm_token_kind close)
{
    size_t depth = 0;
    for (;;) {
        if (open != QASM_LBRACE && qhm_qasm_peek(reader).kind == QASM_SEMICOLON)
            return; // one is missing
        qasm_token token = qhm_qasm_take(reader);
        if (token.kind == QASM_END_OF_TEXT)
            return;
        depth += token.kind == (uint8_t)open;
        if (token.kind == (uint8_t)close && --depth == 0)
            return;
    }
}

// To the semicolon, past it; a brace that closes the block around ends the statement too.
static void skip_simple(qasm_reader *reader)
{
    for (;;) {
        uint8_t kind = qhm_qasm_peek(reader).kind;
        if (kind == QASM_END_OF_TEXT || kind == QASM_RBRACE)
            return;
        if (kind == QASM_LBRACE)
            skip_brackets(reader, QASM_LBRACE, QASM_RBRACE);
        else
            qhm_qasm_take(reader);
        if (kind == QASM_SEMICOLON)
            return;
    }
}

// To the braces of a definition, past them; or to a semicolon.
static void skip_definition(qasm_reader *reader)
{
    for (;;) {
        uint8_t kind = qhm_qasm_peek(reader).kind;
        if (kind == QASM_LBRACE) {
            skip_brackets(reader, QASM_LBRACE, QASM_RBRACE);
            return;
        }
        if (kind == QASM_END_OF_TEXT || kind == QASM_RBRACE)
            return;
        qhm_qasm_take(reader);
        if (kind == QASM_SEMICOLON)
            return;
    }
}

// From "for" to its body.
static void skip_for_head(qasm_reader *reader)
{
    for (;;) {
        qasm_token token = qhm_qasm_peek(reader);
        if (token.kind == QASM_END_OF_TEXT || token.kind == QASM_LBRACE ||
            token.kind == QASM_SEMICOLON)
            return;
        qhm_qasm_take(reader);
        if (qhm_qasm_keyword_of(reader, token) != QASM_KEY_IN)
            continue;
        uint8_t kind = qhm_qasm_peek(reader).kind;
        if (kind == QASM_LBRACE)
            skip_brackets(reader, QASM_LBRACE, QASM_RBRACE);
        else if (kind == QASM_LBRACKET)
            skip_brackets(reader, QASM_LBRACKET, QASM_RBRACKET);
        else
            qhm_qasm_take(reader);
        return;
    }
}

void qhm_qasm_skip_statement(qasm_reader *reader)
{
    size_t open_ifs = 0;
    for (;;) {
        qasm_token token = qhm_qasm_peek(reader);
        qasm_keyword keyword = qhm_qasm_keyword_of(reader, token);
        if (token.kind == QASM_ANNOTATION || token.kind == QASM_PRAGMA) {
            qhm_qasm_take(reader);
            if (token.kind == QASM_ANNOTATION)
                continue;
        } else if (keyword == QASM_KEY_FOR) {
            skip_for_head(reader);
            continue;
        } else if (keyword == QASM_KEY_IF || keyword == QASM_KEY_WHILE) {
            qhm_qasm_take(reader);
            if (qhm_qasm_peek(reader).kind == QASM_LPAREN)
                skip_brackets(reader, QASM_LPAREN, QASM_RPAREN);
            open_ifs += keyword == QASM_KEY_IF;
            continue;
        } else if (token.kind == QASM_LBRACE) {
            skip_brackets(reader, QASM_LBRACE, QASM_RBRACE);
        } else if (keyword == QASM_KEY_GATE || keyword == QASM_KEY_DEF || keyword == QASM_KEY_BOX ||
                   keyword == QASM_KEY_SWITCH || keyword == QASM_KEY_CAL ||
                   keyword == QASM_KEY_DEFCAL) {
            skip_definition(reader);
        } else {
            skip_simple(reader);
        }
        if (open_ifs == 0 || !qhm_qasm_accept_keyword(reader, QASM_KEY_ELSE))
            return;
        open_ifs--;
    }
}

qhm_status qhm_qasm_count_step(qasm_reader *reader)
{
    if (++reader->steps <= reader->options.max_instructions)
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "the program makes more than %zu instructions or steps of a loop",
                    reader->options.max_instructions);
}
