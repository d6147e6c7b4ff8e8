// The lexer: bytes to tokens, one at a time, without looking back.
#include "circuit/qasm/qasm_lexer.h"

#include "base/text.h"

#include <string.h>

// One table lookup a byte: what may stand in a name, in a number.
enum { LETTER = 1, DIGIT = 2, SPACE = 4, HIGH = 8 };

static unsigned class_of(char byte)
{
    unsigned char c = (unsigned char)byte;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
        return LETTER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v')
        return SPACE;
    return c >= 0x80 ? HIGH : 0;
}

static char at(const qasm_lexer *lexer, size_t offset)
{
    return offset < lexer->length ? lexer->bytes[offset] : '\0';
}

static void complain(qasm_lexer *lexer, const char *message, size_t offset)
{
    if (!lexer->problem.message)
        lexer->problem = (qasm_lexer_problem){message, offset};
}

// Bytes of the UTF-8 character at `offset`; 0 if it is malformed.
static size_t character_length(const qasm_lexer *lexer, size_t offset, uint32_t *code_point)
{
    char bytes[5] = {0};
    size_t available = lexer->length - offset < 4 ? lexer->length - offset : 4;
    memcpy(bytes, lexer->bytes + offset, available);
    const char *cursor = bytes;
    *code_point = qhm_utf8_next(&cursor);
    size_t length = (size_t)(cursor - bytes);
    bool is_malformed = *code_point == 0xFFFD && !(length == 3 && bytes[0] == '\xEF');
    return is_malformed ? 0 : length;
}

// Letters beyond ASCII. All of them rather than a table of Unicode's classes, but no spaces,
// punctuation, signs or private characters.
static bool is_letter(uint32_t c)
{
    if (c < 0xAA || c == 0xAB || c == 0xBB || c == 0xBF || c == 0xD7 || c == 0xF7)
        return false;
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    if ((c >= 0x2000 && c <= 0x206F) || (c >= 0x20A0 && c <= 0x20FF) ||
        (c >= 0x2190 && c <= 0x2BFF) || (c >= 0x2E00 && c <= 0x2E7F) ||
        (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020))
        return false;
    return !(c >= 0xE000 && c <= 0xF8FF) && !(c >= 0xFE00 && c <= 0xFE6F) &&
           !(c >= 0xFF00 && c <= 0xFF20) && c < 0xE0000 && c != 0xFEFF && c != 0xFFFD;
}

static void skip_bad_bytes(qasm_lexer *lexer)
{
    uint32_t code_point;
    while (lexer->offset < lexer->length && class_of(lexer->bytes[lexer->offset]) == HIGH) {
        size_t length = character_length(lexer, lexer->offset, &code_point);
        if (length > 0 && is_letter(code_point))
            return;
        bool is_byte_order_mark = length > 0 && code_point == 0xFEFF && lexer->offset == 0;
        if (!is_byte_order_mark)
            complain(lexer,
                     length > 0 ? "this character has no meaning here" : "this byte is not UTF-8",
                     lexer->offset);
        lexer->offset += length > 0 ? length : 1;
    }
}

// Skips spaces and comments.
static void skip_blanks(qasm_lexer *lexer)
{
    while (lexer->offset < lexer->length) {
        const char *here = lexer->bytes + lexer->offset;
        size_t left = lexer->length - lexer->offset;
        if (class_of(*here) == SPACE) {
            lexer->offset++;
        } else if (left >= 2 && here[0] == '/' && here[1] == '/') {
            const char *end = memchr(here, '\n', left);
            lexer->offset = end ? (size_t)(end - lexer->bytes) : lexer->length;
        } else if (left >= 2 && here[0] == '/' && here[1] == '*') {
            const char *end = memmem(here + 2, left - 2, "*/", 2);
            if (!end)
                complain(lexer, "this comment has no end", lexer->offset);
            lexer->offset = end ? (size_t)(end - lexer->bytes) + 2 : lexer->length;
        } else {
            return;
        }
    }
}

static size_t name_end(const qasm_lexer *lexer, size_t offset)
{
    for (;;) {
        unsigned class = class_of(at(lexer, offset));
        if (offset < lexer->length && (class & (LETTER | DIGIT))) {
            offset++;
        } else if (offset < lexer->length && class == HIGH) {
            uint32_t code_point;
            size_t length = character_length(lexer, offset, &code_point);
            if (length == 0 || !is_letter(code_point))
                return offset;
            offset += length;
        } else {
            return offset;
        }
    }
}

static size_t line_end(const qasm_lexer *lexer, size_t offset)
{
    const char *end = memchr(lexer->bytes + offset, '\n', lexer->length - offset);
    size_t found = end ? (size_t)(end - lexer->bytes) : lexer->length;
    while (found > offset && class_of(lexer->bytes[found - 1]) == SPACE)
        found--;
    return found;
}

static qhm_status read_name(qasm_lexer *lexer, qasm_token *token)
{
    size_t end = name_end(lexer, lexer->offset);
    token->kind = QASM_NAME;
    const char *text = lexer->bytes + lexer->offset;
    if (end - lexer->offset == 6 && memcmp(text, "pragma", 6) == 0) {
        end = line_end(lexer, end);
        token->kind = QASM_PRAGMA;
    } else {
        QHM_TRY(qhm_qasm_names_find(lexer->names, text, end - lexer->offset, &token->name));
    }
    token->length = (uint32_t)(end - lexer->offset);
    return QHM_OK;
}

static size_t digits_end(const qasm_lexer *lexer, size_t offset)
{
    while (class_of(at(lexer, offset)) == DIGIT || at(lexer, offset) == '_')
        offset++;
    return offset;
}

// Digits after 0x, 0b or 0o, checked where the value is taken; else decimal, with point, exponent
// and unit of time.
static void read_number(qasm_lexer *lexer, qasm_token *token)
{
    size_t end = lexer->offset;
    char second = at(lexer, end + 1);
    token->kind = QASM_INTEGER;
    if (at(lexer, end) == '0' && (second == 'x' || second == 'X' || second == 'b' ||
                                  second == 'B' || second == 'o' || second == 'O')) {
        end = name_end(lexer, end + 2);
        token->length = (uint32_t)(end - lexer->offset);
        return;
    }
    end = digits_end(lexer, end);
    if (at(lexer, end) == '.') {
        token->kind = QASM_FLOAT;
        end = digits_end(lexer, end + 1);
    }
    if (at(lexer, end) == 'e' || at(lexer, end) == 'E') {
        size_t exponent = end + 1;
        if (at(lexer, exponent) == '+' || at(lexer, exponent) == '-')
            exponent++;
        if (class_of(at(lexer, exponent)) == DIGIT) {
            token->kind = QASM_FLOAT;
            end = digits_end(lexer, exponent);
        }
    }
    size_t unit = name_end(lexer, end);
    if (unit > end) {
        static const char *const units[] = {"ns", "us", "\xC2\xB5s", "\xCE\xBCs", "ms", "s", "dt"};
        bool is_known = false;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
            is_known = is_known || (strlen(units[i]) == unit - end &&
                                    memcmp(units[i], lexer->bytes + end, unit - end) == 0);
        if (is_known) {
            token->kind = QASM_TIMING;
            end = unit;
        }
    }
    token->length = (uint32_t)(end - lexer->offset);
}

// The closing quote must be on the same line.
static void read_string(qasm_lexer *lexer, qasm_token *token)
{
    char quote = lexer->bytes[lexer->offset];
    size_t end = lexer->offset + 1;
    while (end < lexer->length && lexer->bytes[end] != quote && lexer->bytes[end] != '\n')
        end++;
    token->kind = QASM_STRING;
    if (at(lexer, end) == quote)
        end++;
    else
        complain(lexer, "this string has no end", lexer->offset);
    token->length = (uint32_t)(end - lexer->offset);
}

typedef struct spelling {
    char text[4];
    uint8_t kind, operation;
} spelling;

// Longest first.
static const spelling spellings[] = {
    {"**=", QASM_ASSIGN_OP, QASM_POWER},
    {"<<=", QASM_ASSIGN_OP, QASM_SHIFT_LEFT},
    {">>=", QASM_ASSIGN_OP, QASM_SHIFT_RIGHT},
    {"->", QASM_ARROW, 0},
    {"++", QASM_CONCAT, 0},
    {"**", QASM_POWER, 0},
    {"==", QASM_EQUAL, 0},
    {"!=", QASM_NOT_EQUAL, 0},
    {"<=", QASM_LESS_EQUAL, 0},
    {">=", QASM_GREATER_EQUAL, 0},
    {"&&", QASM_AND_AND, 0},
    {"||", QASM_OR_OR, 0},
    {"<<", QASM_SHIFT_LEFT, 0},
    {">>", QASM_SHIFT_RIGHT, 0},
    {"+=", QASM_ASSIGN_OP, QASM_PLUS},
    {"-=", QASM_ASSIGN_OP, QASM_MINUS},
    {"*=", QASM_ASSIGN_OP, QASM_STAR},
    {"/=", QASM_ASSIGN_OP, QASM_SLASH},
    {"%=", QASM_ASSIGN_OP, QASM_PERCENT},
    {"&=", QASM_ASSIGN_OP, QASM_AND},
    {"|=", QASM_ASSIGN_OP, QASM_OR},
    {"^=", QASM_ASSIGN_OP, QASM_CARET},
    {"~=", QASM_ASSIGN_OP, QASM_TILDE},
    {"(", QASM_LPAREN, 0},
    {")", QASM_RPAREN, 0},
    {"[", QASM_LBRACKET, 0},
    {"]", QASM_RBRACKET, 0},
    {"{", QASM_LBRACE, 0},
    {"}", QASM_RBRACE, 0},
    {":", QASM_COLON, 0},
    {";", QASM_SEMICOLON, 0},
    {",", QASM_COMMA, 0},
    {"=", QASM_ASSIGN, 0},
    {"+", QASM_PLUS, 0},
    {"-", QASM_MINUS, 0},
    {"~", QASM_TILDE, 0},
    {"!", QASM_BANG, 0},
    {"*", QASM_STAR, 0},
    {"/", QASM_SLASH, 0},
    {"%", QASM_PERCENT, 0},
    {"<", QASM_LESS, 0},
    {">", QASM_GREATER, 0},
    {"&", QASM_AND, 0},
    {"|", QASM_OR, 0},
    {"^", QASM_CARET, 0},
};

static bool read_spelling(qasm_lexer *lexer, qasm_token *token)
{
    static const char single[] = "()[]{};,:"; // the most frequent: they begin nothing longer
    static const uint8_t kinds[] = {QASM_LPAREN,    QASM_RPAREN, QASM_LBRACKET,
                                    QASM_RBRACKET,  QASM_LBRACE, QASM_RBRACE,
                                    QASM_SEMICOLON, QASM_COMMA,  QASM_COLON};
    char first = lexer->bytes[lexer->offset];
    const char *found = first ? strchr(single, first) : NULL;
    if (found) {
        token->kind = kinds[found - single];
        token->length = 1;
        return true;
    }
    size_t left = lexer->length - lexer->offset;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (spellings[i].text[0] != first)
            continue;
        size_t length = strlen(spellings[i].text);
        if (length <= left &&
            memcmp(spellings[i].text, lexer->bytes + lexer->offset, length) == 0) {
            token->kind = spellings[i].kind;
            token->operation = spellings[i].operation;
            token->length = (uint32_t)length;
            return true;
        }
    }
    return false;
}

// "@" before a word and nothing else on the line before it is an annotation; after a gate
// modifier it is the operator.
static bool begins_annotation(const qasm_lexer *lexer)
{
    size_t before = lexer->offset;
    while (before > 0 && class_of(lexer->bytes[before - 1]) == SPACE &&
           lexer->bytes[before - 1] != '\n')
        before--;
    unsigned next = class_of(at(lexer, lexer->offset + 1));
    return (before == 0 || lexer->bytes[before - 1] == '\n' || lexer->bytes[before - 1] == ';' ||
            lexer->bytes[before - 1] == '{' || lexer->bytes[before - 1] == '}') &&
           (next == LETTER || next == HIGH);
}

static bool read_rest(qasm_lexer *lexer, qasm_token *token)
{
    size_t here = lexer->offset;
    switch (lexer->bytes[here]) {
    case '"':
    case '\'':
        read_string(lexer, token);
        return true;
    case '$': {
        size_t end = here + 1;
        while (class_of(at(lexer, end)) == DIGIT)
            end++;
        token->kind = QASM_HARDWARE;
        token->length = (uint32_t)(end - here);
        return end > here + 1;
    }
    case '@':
        token->kind = QASM_AT;
        token->length = 1;
        if (begins_annotation(lexer)) {
            token->kind = QASM_ANNOTATION;
            token->length = (uint32_t)(line_end(lexer, here) - here);
        }
        return true;
    case '#':
        token->kind = QASM_PRAGMA;
        token->length = (uint32_t)(line_end(lexer, here) - here);
        return token->length >= 7 && memcmp(lexer->bytes + here, "#pragma", 7) == 0;
    default:
        return read_spelling(lexer, token);
    }
}

qhm_status qhm_qasm_lexer_next(qasm_lexer *lexer, qasm_token *token)
{
    for (;;) {
        skip_blanks(lexer);
        *token = (qasm_token){.offset = (uint32_t)lexer->offset, .source = lexer->source};
        if (lexer->offset >= lexer->length)
            return QHM_OK;
        char byte = lexer->bytes[lexer->offset];
        unsigned class = class_of(byte);
        if (class == HIGH) {
            skip_bad_bytes(lexer);
            if (lexer->offset != token->offset)
                continue;
            class = LETTER;
        }
        if (class == LETTER) {
            QHM_TRY(read_name(lexer, token));
        } else if (class == DIGIT ||
                   (byte == '.' && class_of(at(lexer, lexer->offset + 1)) == DIGIT)) {
            read_number(lexer, token);
        } else if (!read_rest(lexer, token)) {
            complain(lexer,
                     byte == '\0' ? "a NUL byte has no meaning here"
                                  : "this character has no meaning here",
                     lexer->offset++);
            continue;
        }
        lexer->offset += token->length;
        return QHM_OK;
    }
}
