// OpenQASM programs to circuits: sources, includes, the version, and the whole of a reading.
#include "base/diagnostics_internal.h"
#include "base/files.h"
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <qhm/qasm.h>
#include <string.h>

enum { DEFAULT_ERRORS = 20, DEFAULT_INSTRUCTIONS = 100000000 };

#define MOST_BYTES ((size_t)UINT32_MAX - 16)

qhm_status qhm_qasm_source_add(qasm_reader *reader, const char *name, const char *path,
                               const char *bytes, size_t length, uint16_t *source)
{
    if (reader->source_count > UINT16_MAX - 1)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "more than %d files", UINT16_MAX - 1);
    QHM_TRY(qhm_reserve(reader->source_count + 1, &reader->source_capacity, sizeof *reader->sources,
                        &reader->sources));
    *source = (uint16_t)reader->source_count;
    reader->sources[reader->source_count++] =
        (qasm_source){.name = name, .path = path, .bytes = bytes, .length = length};
    return QHM_OK;
}

// True for a token that is this word.
static bool is_word(const qasm_lexer *lexer, qasm_token token, const char *word)
{
    return token.kind == QASM_NAME && token.length == strlen(word) &&
           memcmp(lexer->bytes + token.offset, word, token.length) == 0;
}

// What the version line says; without one, 2 if the declarations or the library of OpenQASM 2 come
// first. The lexer stands at the beginning.
static qhm_status find_version(qasm_lexer *lexer, unsigned *version)
{
    enum { MOST_TOKENS = 2000 };
    *version = 3;
    bool is_said = false;
    for (int i = 0; i < MOST_TOKENS; i++) {
        qasm_token token;
        QHM_TRY(qhm_qasm_lexer_next(lexer, &token));
        const char *bytes = lexer->bytes + token.offset;
        if (i == 0 && is_word(lexer, token, "OPENQASM")) {
            is_said = true;
            continue;
        }
        bool is_old = is_word(lexer, token, "qreg") || is_word(lexer, token, "creg") ||
                      (token.kind == QASM_STRING && memmem(bytes, token.length, "qelib1", 6));
        if (is_said || is_old)
            *version = is_old || bytes[0] == '2' ? 2 : 3;
        if (is_said || is_old || token.kind == QASM_STRING || token.kind == QASM_END_OF_TEXT ||
            is_word(lexer, token, "qubit") || is_word(lexer, token, "bit"))
            return QHM_OK;
    }
    return QHM_OK;
}

unsigned qhm_qasm_version(const char *text, size_t length)
{
    unsigned version = 3;
    qasm_arena arena = {0};
    qasm_names names = {0};
    qasm_lexer lexer = {.bytes = text, .length = length, .names = &names};
    if (length <= MOST_BYTES && qhm_qasm_names_create(&names, &arena) == QHM_OK &&
        find_version(&lexer, &version) != QHM_OK)
        version = 3; // whoever reads on is told that there is no memory
    qhm_qasm_names_release(&names);
    qhm_qasm_arena_release(&arena);
    return version;
}

// "OPENQASM 3.0;" at the beginning.
static qhm_status read_version(qasm_reader *reader, bool is_main)
{
    qasm_token first = qhm_qasm_peek(reader);
    if (first.kind == QASM_NAME && qhm_qasm_name_of(reader, first)->keyword == QASM_KEY_OPENQASM) {
        qhm_qasm_take(reader);
        qasm_token number = qhm_qasm_take(reader);
        const char *digits = qhm_qasm_bytes(reader, number);
        bool is_number = number.kind == QASM_INTEGER || number.kind == QASM_FLOAT;
        bool is_known = is_number && (digits[0] == '2' || digits[0] == '3') &&
                        (number.length == 1 || digits[1] == '.');
        if (!is_known)
            return qhm_qasm_fail(reader, number, NULL, "OpenQASM \"%s\" is not version 2 or 3",
                                 qhm_qasm_text(reader, number));
        if (is_main)
            reader->version = digits[0] - '0';
        return qhm_qasm_expect(reader, QASM_SEMICOLON, "after the version");
    }
    if (!is_main)
        return QHM_OK;
    qasm_lexer lexer = {.bytes = reader->sources[0].bytes,
                        .length = reader->sources[0].length,
                        .names = &reader->names};
    unsigned version;
    QHM_TRY(find_version(&lexer, &version));
    reader->version = (int)version;
    if (reader->options.strict)
        return qhm_qasm_fail(reader, first, "OPENQASM 3.0; or OPENQASM 2.0;",
                             "a program begins with its version");
    return qhm_qasm_warn(reader, first, NULL, "no version line: taken for OpenQASM %d",
                         reader->version);
}

static qhm_status run_statements(qasm_reader *reader)
{
    qasm_stream *stream = reader->stream;
    while (reader->flow == QASM_FLOW_ON && qhm_qasm_peek(reader).kind != QASM_END_OF_TEXT) {
        qhm_status status = QHM_OK;
        if (qhm_qasm_peek(reader).kind == QASM_RBRACE) {
            status =
                qhm_qasm_fail(reader, qhm_qasm_take(reader), NULL, "this \"}\" closes nothing");
        } else {
            status = qhm_qasm_statement(reader);
            if (status == QHM_ERROR_BAD_INPUT) {
                stream->position = 0;
                qhm_qasm_skip_statement(reader);
            }
        }
        if (reader->failure != QHM_OK)
            return reader->failure;
        if (status != QHM_OK && status != QHM_ERROR_BAD_INPUT)
            return status;
        // What was read is done with.
        stream->count -= stream->position;
        memmove(stream->tokens, stream->tokens + stream->position,
                stream->count * sizeof *stream->tokens);
        stream->position = 0;
        if (reader->include_depth == 0)
            qhm_qasm_arena_reset(&reader->scratch);
    }
    return reader->failure;
}

qhm_status qhm_qasm_run_source(qasm_reader *reader, uint16_t source)
{
    qasm_lexer lexer = {.bytes = reader->sources[source].bytes,
                        .length = reader->sources[source].length,
                        .source = source,
                        .names = &reader->names};
    qasm_stream stream = {.lexer = &lexer}, *outer = reader->stream;
    reader->stream = &stream;
    qhm_status status = read_version(reader, reader->include_depth == 0);
    if (reader->include_depth == 0)
        reader->libraries |= reader->version == 2 ? QASM_ALWAYS_2 : QASM_ALWAYS_3;
    if (status == QHM_ERROR_BAD_INPUT) {
        qhm_qasm_skip_statement(reader);
        status = QHM_OK;
    }
    stream.count -= stream.position;
    if (stream.count > 0)
        memmove(stream.tokens, stream.tokens + stream.position,
                stream.count * sizeof *stream.tokens);
    stream.position = 0;
    if (status == QHM_OK && reader->failure == QHM_OK)
        status = run_statements(reader);
    qhm_qasm_stream_release(&stream);
    reader->stream = outer;
    return reader->failure != QHM_OK ? reader->failure : status;
}

static bool token_is(const qasm_reader *reader, qasm_token token, const char *text)
{
    size_t length = strlen(text);
    return token.length == length + 2 && // quotes
           memcmp(qhm_qasm_bytes(reader, token) + 1, text, length) == 0;
}

// The path of an included file: from the folder of the file that includes it.
static qhm_status find_file(qasm_reader *reader, qasm_token token, char **path)
{
    const char *from = reader->sources[token.source].path;
    char *name, *folder;
    size_t length = token.length >= 2 ? token.length - 2 : 0;
    QHM_TRY(qhm_qasm_arena_take(&reader->kept, length + 1, 1, &name));
    memcpy(name, qhm_qasm_bytes(reader, token) + 1, length);
    name[length] = '\0';
    if (!from || name[0] == '/')
        return qhm_copy_text(name, path);
    QHM_TRY(qhm_path_folder(from, &folder));
    qhm_status status =
        strcmp(folder, ".") == 0 ? qhm_copy_text(name, path) : qhm_path_join(folder, name, path);
    qhm_release(folder);
    return status;
}

static qhm_status read_included(qasm_reader *reader, qasm_token token, char *path)
{
    for (size_t i = 0; i < reader->source_count; i++)
        if (reader->sources[i].path && reader->sources[i].is_open &&
            strcmp(reader->sources[i].path, path) == 0)
            return qhm_qasm_fail(reader, token, NULL, "%s includes itself", path);
    if (reader->include_depth >= QASM_MOST_INCLUDE_DEPTH)
        return qhm_qasm_fail(reader, token, NULL, "files include each other deeper than %d",
                             QASM_MOST_INCLUDE_DEPTH);
    char *bytes;
    size_t length;
    qhm_status status = qhm_file_read(path, MOST_BYTES, &bytes, &length);
    if (status == QHM_ERROR_OUT_OF_MEMORY)
        return status;
    if (status != QHM_OK)
        return qhm_qasm_fail(reader, token, NULL, "%s", qhm_error_message());
    uint16_t source;
    const char *kept;
    status = qhm_qasm_arena_copy(&reader->kept, path, strlen(path) + 1, 1, &kept);
    if (status == QHM_OK)
        status = qhm_qasm_source_add(reader, kept, kept, bytes, length, &source);
    if (status != QHM_OK) {
        qhm_release(bytes);
        return status;
    }
    reader->sources[source].owned = bytes;
    reader->sources[source].is_open = true;
    reader->include_depth++;
    status = qhm_qasm_run_source(reader, source);
    reader->include_depth--;
    reader->sources[source].is_open = false;
    return status;
}

// The libraries of the language are built in; other files are read.
qhm_status qhm_qasm_include(qasm_reader *reader)
{
    qhm_qasm_take(reader);
    qasm_token token = qhm_qasm_peek(reader);
    QHM_TRY(qhm_qasm_expect(reader, QASM_STRING, "after include"));
    if (reader->scope_depth > 0)
        return qhm_qasm_fail(reader, token, NULL, "include outside of blocks");
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after include"));
    static const struct {
        const char *name;
        unsigned libraries;
    } built_in[] = {{"qelib1.inc", QASM_IN_QELIB1},
                    {"stdgates.inc", QASM_IN_STDGATES},
                    {"hqslib1.inc", QASM_IN_HQSLIB1 | QASM_IN_QELIB1},
                    {"hqslib1_dev.inc", QASM_IN_HQSLIB1 | QASM_IN_QELIB1}};
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++)
        if (token_is(reader, token, built_in[i].name)) {
            reader->libraries |= built_in[i].libraries;
            return QHM_OK;
        }
    char *path = NULL;
    qhm_status status = find_file(reader, token, &path);
    if (status == QHM_OK)
        status = read_included(reader, token, path);
    qhm_release(path);
    return status;
}

static void release(qasm_reader *reader)
{
    for (size_t i = 0; i < reader->source_count; i++)
        qhm_release(reader->sources[i].owned);
    qhm_release(reader->sources);
    qhm_qasm_names_release(&reader->names);
    qhm_qasm_arena_release(&reader->kept);
    qhm_qasm_arena_release(&reader->scratch);
    qhm_release(reader->codes);
    qhm_release(reader->pending);
    qhm_release(reader->values);
    qhm_release(reader->recorded);
    qhm_release(reader->operands);
    qhm_release(reader->free_bits);
    qhm_release(reader->hardware);
    qhm_release(reader->temporaries);
    qhm_release(reader->values_used);
}

static qhm_status check_values(const qasm_reader *reader)
{
    for (size_t i = 0; i < reader->options.value_count; i++)
        if (!reader->values_used[i])
            return QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s: no input is named \"%s\"",
                            reader->sources[0].name, reader->options.values[i].name);
    return QHM_OK;
}

static qhm_status read_program(qasm_reader *reader, const char *text, size_t length)
{
    uint16_t source;
    const char *path = reader->options.file_name;
    QHM_TRY(qhm_qasm_names_create(&reader->names, &reader->kept));
    QHM_TRY(qhm_allocate(reader->options.value_count, sizeof *reader->values_used,
                         &reader->values_used));
    QHM_TRY(qhm_circuit_create(0, 0, &reader->circuit));
    QHM_TRY(qhm_qasm_source_add(reader, path ? path : "<input>", path, text, length, &source));
    reader->sources[source].is_open = true;
    qhm_status status = qhm_qasm_run_source(reader, source);
    bool has_errors = qhm_diagnostics_error_count(reader->diagnostics) > 0;
    if (has_errors &&
        (status == QHM_OK || status == QHM_ERROR_CANCELLED || status == QHM_ERROR_BAD_INPUT))
        return qhm_diagnostics_status(reader->diagnostics);
    QHM_TRY(status);
    return check_values(reader);
}

static qhm_status check_options(const qhm_qasm_options *options)
{
    QHM_REQUIRE(options->values || options->value_count == 0, "value_count is %zu without values",
                options->value_count);
    for (size_t i = 0; i < options->value_count; i++)
        QHM_REQUIRE(options->values[i].name && isfinite(options->values[i].value),
                    "value %zu needs a name and a finite number", i);
    return QHM_OK;
}

qhm_status qhm_qasm_parse(const char *text, size_t length, const qhm_qasm_options *options,
                          qhm_circuit **circuit, qhm_diagnostics **diagnostics)
{
    if (diagnostics)
        *diagnostics = NULL;
    QHM_REQUIRE((text || length == 0) && circuit,
                "qhm_qasm_parse needs a text and a place for the circuit");
    qasm_reader reader = {0};
    if (options) {
        QHM_TRY(check_options(options));
        reader.options = *options;
    }
    if (reader.options.max_errors == 0)
        reader.options.max_errors = DEFAULT_ERRORS;
    if (reader.options.max_instructions == 0)
        reader.options.max_instructions = DEFAULT_INSTRUCTIONS;
    if (length > MOST_BYTES)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the program has %zu bytes, more than %zu",
                        length, MOST_BYTES);
    QHM_TRY(qhm_diagnostics_create(&reader.diagnostics));
    qhm_status status = read_program(&reader, text ? text : "", length);
    release(&reader);
    if (status == QHM_OK)
        *circuit = reader.circuit;
    else
        qhm_circuit_destroy(reader.circuit);
    if (diagnostics)
        *diagnostics = reader.diagnostics;
    else
        qhm_diagnostics_destroy(reader.diagnostics);
    return status;
}

qhm_status qhm_qasm_load(const char *path, const qhm_qasm_options *options, qhm_circuit **circuit,
                         qhm_diagnostics **diagnostics)
{
    if (diagnostics)
        *diagnostics = NULL;
    QHM_REQUIRE(path && circuit, "qhm_qasm_load needs a path and a place for the circuit");
    qhm_qasm_options with_name = options ? *options : (qhm_qasm_options){0};
    char *bytes;
    size_t length;
    QHM_TRY(qhm_file_read(path, MOST_BYTES, &bytes, &length));
    if (!with_name.file_name)
        with_name.file_name = path;
    qhm_status status = qhm_qasm_parse(bytes, length, &with_name, circuit, diagnostics);
    qhm_release(bytes);
    return status;
}
