// Tokens of OpenQASM 2 and 3, and the table of names.
#ifndef QHM_CIRCUIT_QASM_LEXER_H
#define QHM_CIRCUIT_QASM_LEXER_H

#include "circuit/qasm/qasm_arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum qasm_token_kind {
    QASM_END_OF_TEXT = 0,
    QASM_NAME, // also keywords
    QASM_INTEGER,
    QASM_FLOAT,
    QASM_TIMING,
    QASM_STRING,   // with its quotes
    QASM_HARDWARE, // $0
    QASM_ANNOTATION,
    QASM_PRAGMA,
    QASM_LPAREN,
    QASM_RPAREN,
    QASM_LBRACKET,
    QASM_RBRACKET,
    QASM_LBRACE,
    QASM_RBRACE,
    QASM_COLON,
    QASM_SEMICOLON,
    QASM_COMMA,
    QASM_AT,
    QASM_ARROW,
    QASM_ASSIGN,
    QASM_ASSIGN_OP, // +=: operation is QASM_PLUS
    // operators
    QASM_PLUS,
    QASM_MINUS,
    QASM_TILDE,
    QASM_BANG,
    QASM_STAR,
    QASM_SLASH,
    QASM_PERCENT,
    QASM_POWER,
    QASM_CONCAT,
    QASM_EQUAL,
    QASM_NOT_EQUAL,
    QASM_LESS,
    QASM_LESS_EQUAL,
    QASM_GREATER,
    QASM_GREATER_EQUAL,
    QASM_AND_AND,
    QASM_OR_OR,
    QASM_AND,
    QASM_OR,
    QASM_CARET,
    QASM_SHIFT_LEFT,
    QASM_SHIFT_RIGHT,
} qasm_token_kind;

typedef struct qasm_token {
    uint32_t offset, length; // bytes of the source
    uint32_t name;           // QASM_NAME: its number in the table of names
    uint8_t kind;
    uint8_t operation; // QASM_ASSIGN_OP
    uint16_t source;
} qasm_token;

// Words with a meaning of their own. The order is that of the table in qasm_names.c.
typedef enum qasm_keyword {
    QASM_KEY_NONE = 0,
    QASM_KEY_OPENQASM,
    QASM_KEY_INCLUDE,
    QASM_KEY_QREG,
    QASM_KEY_CREG,
    QASM_KEY_GATE,
    QASM_KEY_OPAQUE,
    QASM_KEY_MEASURE,
    QASM_KEY_RESET,
    QASM_KEY_BARRIER,
    QASM_KEY_IF,
    QASM_KEY_FIRST_OF_3, // words from here on are names in OpenQASM 2
    QASM_KEY_ELSE = QASM_KEY_FIRST_OF_3,
    QASM_KEY_QUBIT,
    QASM_KEY_BIT,
    QASM_KEY_BOOL,
    QASM_KEY_INT,
    QASM_KEY_UINT,
    QASM_KEY_FLOAT,
    QASM_KEY_ANGLE,
    QASM_KEY_COMPLEX,
    QASM_KEY_ARRAY,
    QASM_KEY_DURATION,
    QASM_KEY_STRETCH,
    QASM_KEY_VOID,
    QASM_KEY_CONST,
    QASM_KEY_LET,
    QASM_KEY_INPUT,
    QASM_KEY_OUTPUT,
    QASM_KEY_READONLY,
    QASM_KEY_MUTABLE,
    QASM_KEY_DEF,
    QASM_KEY_RETURN,
    QASM_KEY_EXTERN,
    QASM_KEY_FOR,
    QASM_KEY_WHILE,
    QASM_KEY_IN,
    QASM_KEY_BREAK,
    QASM_KEY_CONTINUE,
    QASM_KEY_END,
    QASM_KEY_SWITCH,
    QASM_KEY_CASE,
    QASM_KEY_DEFAULT,
    QASM_KEY_CTRL,
    QASM_KEY_NEGCTRL,
    QASM_KEY_INV,
    QASM_KEY_POW,
    QASM_KEY_GPHASE,
    QASM_KEY_BOX,
    QASM_KEY_DELAY,
    QASM_KEY_NOP,
    QASM_KEY_CAL,
    QASM_KEY_DEFCAL,
    QASM_KEY_DEFCALGRAMMAR,
    QASM_KEY_DURATIONOF,
    QASM_KEY_TRUE,
    QASM_KEY_FALSE,
    QASM_KEY_PORT,
    QASM_KEY_FRAME,
    QASM_KEY_WAVEFORM,
    QASM_KEY_COUNT
} qasm_keyword;

struct qasm_symbol;
struct qasm_gate;
struct qasm_subroutine;

// What a name stands for now. Names are numbered, so that a lookup is an index.
typedef struct qasm_name {
    const char *text; // NUL-terminated
    uint32_t length, hash;
    qasm_keyword keyword;
    bool is_reported; // as undeclared
    struct qasm_symbol *symbol;
    struct qasm_gate *gate;
    struct qasm_subroutine *subroutine;
} qasm_name;

typedef struct qasm_names {
    qasm_arena *arena; // of the texts
    qasm_name *names;  // number 0 is no name
    uint32_t *slots;   // open addressing; 0 is empty
    size_t count, capacity, slot_count, slot_capacity;
} qasm_names;

QHM_MUST_CHECK qhm_status qhm_qasm_names_create(qasm_names *names, qasm_arena *arena);
void qhm_qasm_names_release(qasm_names *names);
QHM_MUST_CHECK qhm_status qhm_qasm_names_find(qasm_names *names, const char *text, size_t length,
                                              uint32_t *number);
// How a keyword is written.
const char *qhm_qasm_keyword_text(qasm_keyword keyword);

// What the lexer stumbled over; the text is skipped.
typedef struct qasm_lexer_problem {
    const char *message; // NULL: none
    size_t offset;
} qasm_lexer_problem;

typedef struct qasm_lexer {
    const char *bytes;
    size_t length, offset;
    uint16_t source;
    qasm_names *names;
    qasm_lexer_problem problem; // the first since it was last cleared
} qasm_lexer;

// The next token; QASM_END_OF_TEXT at the end, for ever.
QHM_MUST_CHECK qhm_status qhm_qasm_lexer_next(qasm_lexer *lexer, qasm_token *token);

#endif
