// The sentences of Sanku: one declaration, or one hole of a message. A file is cut into declarations before it comes here
// (compiler/ast/split.cpp), so that one broken declaration hides no other's mistakes.
//
// Constructs of later editions that are cheap to recognise have rules named later_…; the Ast's builder reports them by name.
// Chains are loops rather than recursion, so a long one costs no stack.
parser grammar SankuParser;

options { tokenVocab = SankuLexer; }

declaration
  : ( schema_decl | code_decl | enum_decl | record_decl | knowledge_decl | source_decl | rule_decl | test_decl ) END? EOF
  ;

hole : expression as_percent? EOF ;
as_percent : AS PERCENT ;

// ---- schema

schema_decl : SCHEMA names EDITION COLON? STRING ;

code_decl      : CODE names code_attribute* ;
code_attribute
  : FORM STRING
  | FROM STRING
  | HIERARCHICAL
  | EQUAL word ( COMMA word )*
  ;

enum_decl    : ENUM names enum_flag* OPEN_BRACE ( enum_missing | enum_member )* CLOSE_BRACE ;
enum_flag    : CLOSED | ORDERED ;
enum_missing : MISSING STRING+ COMMA? ;
enum_member  : word STRING+ word? COMMA? ;

record_decl     : RECORD names OPEN_BRACE field* CLOSE_BRACE ;
field           : names COLON type field_attribute* END? ;
field_attribute
  : NONEMPTY
  | EACH names
  | WIRE word ( COMMA word )*
  | ROLE word
  | IDENTITY
  | EQUAL expression
  ;
type : ( LIST_OF | SET_OF | RANGE_OF )? word ( OPEN_PAREN NUMBER COMMA NUMBER CLOSE_PAREN )? QUESTION? ;

// ---- knowledge and sources

knowledge_decl   : KNOWLEDGE names STRING? FROM STRING OPEN_BRACE column* CLOSE_BRACE ;
column           : names COLON type column_attribute* END? ;
column_attribute : KEY | FROM STRING | PREFIX ;

source_decl      : SOURCE names STRING source_attribute* ;
source_attribute : ISSUED DATE | URL STRING ;

// ---- rules

rule_decl : RULE word STRING ( SLASH STRING )? OPEN_BRACE rule_item* CLOSE_BRACE ;
rule_item
  : ( category | basis | behaviour | stage | later_clause | subject | let_clause | with_clause | provided | unless | branch ) END?
  ;

category  : CATEGORY COLON? word ;
basis     : BASIS COLON? word STRING? ;
behaviour : BEHAVIOUR COLON? word ;
stage     : STAGE COLON? word ( COMMA word )* ;

later_clause : ( EFFECTIVE | TRIAL | MANDATORY | REGION ) COLON? ( NAME | DATE | STRING | NUMBER | FROM | UNTIL | TRIAL | COMMA )* ;

subject : ON COLON? ALL? word ( BY COLON? group_key ( COMMA group_key )* )? ;
group_key : ( word EQUAL )? operand ;

let_clause  : LET COLON? word EQUAL expression ;
with_clause : WITH COLON? word binds operand ( WHERE expression )? later_entering? ;
later_entering : BY COLON? group_key ( COMMA group_key )* ;
provided    : PROVIDED COLON? expression ;
unless      : UNLESS COLON? expression STRING? ;

branch       : ( WHEN COLON? ( UNKNOWN | expression ) COMMA? )? report ;
report       : REPORT COLON? word ( report_lines | involving | amount )* STRING ;
report_lines : ( ON | LINES ) COLON? ( word binds )? operand ;
involving    : INVOLVING COLON? operand ;
amount       : AMOUNT COLON? ( UNKNOWN | PENDING | expression ) ;

// ---- tests

test_decl : TEST STRING ( OF word ( COMMA word )* )? OPEN_BRACE ( ( given | expect ) END? )* CLOSE_BRACE ;
given
  : GIVEN COLON? ( data_record | FILE STRING | KNOWLEDGE word ( data_list | data_record ) | HISTORY data_list )
  ;
data_record : OPEN_BRACE ( data_field ( COMMA | END )? )* CLOSE_BRACE ;
data_field  : word COLON? ( data_record | data_list | literal ) ;
data_list   : OPEN_BRACKET ( ( data_record | data_list | literal ) COMMA? )* CLOSE_BRACKET ;
literal     : MINUS? number | DATE | STRING | TRUE | FALSE | window | name ( DOT word )? ;

expect          : EXPECT COLON? ( NOTHING | word outcome? expected_amount? expected_missing? ) ;
outcome         : NAME | NOT_APPLICABLE ;
expected_amount : AMOUNT COLON? ( UNKNOWN | PENDING | NUMBER YUAN? ) ;
expected_missing : MISSING COLON? operand ( COMMA operand )* ;

// ---- expressions, from the loosest to the tightest

expression : negation ( ( AND | OR ) negation )* ;
negation   : NOT* comparison ;
comparison : operand ( comparator operand )* ;
comparator
  : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
  | IN | MEMBER | CONTAINS | STARTS_WITH | EARLIER | UNDER | MEETS
  ;
operand : sum ( otherwise | rounded | beyond | later_ranked | later_range )* ;
otherwise    : OTHERWISE sum ;
rounded      : ROUNDED_TO NUMBER ;
beyond       : BEYOND_FIRST sum OF word ;
later_ranked : RANKED_BY word NAME? ;
later_range  : RANGE sum ;

sum     : product ( ( PLUS | MINUS ) product )* ;
product : prefix ( ( TIMES | SLASH | DIVIDE ) prefix )* ;
prefix  : ( MINUS | KNOWN )* postfix ;
postfix : primary ( member | lookup )* ;
member  : DOT word ;
lookup  : OPEN_BRACKET expression CLOSE_BRACKET later_at? ;
later_at : AT DATE ;

primary
  : number
  | DATE
  | STRING
  | TRUE
  | FALSE
  | fold
  | those
  | call
  | window
  | name
  | paren
  | later_set
  | later_choose
  | later_count_of
  ;
paren  : OPEN_PAREN expression CLOSE_PAREN ;
number : NUMBER unit? ;
unit   : DAYS | WEEKS | MONTHS | MONTH | YEARS | YEARS_OLD | HOURS | MINUTES | YUAN | PERCENT ;
window : SAME_DAY | SAME_VISIT | SAME_HOUR | MONTH | QUARTER | CALENDAR_YEAR | LIFETIME ;

fold      : fold_word OPEN_PAREN binder ( COMMA binder )* ( WHERE expression )? ( TAKE expression )? ( HAS expression )? CLOSE_PAREN ;
fold_word : COUNT | SUM | MIN | MAX | ANY | NONE | EVERY | DISTINCT ;
those     : THOSE OPEN_PAREN binder ( COMMA binder )* ( WHERE expression )? CLOSE_PAREN ;
binder    : ( word later_then? binds )? operand ;
later_then : THEN word ;
binds     : IN | BINDS ;

call : callee OPEN_PAREN ( expression ( COMMA expression )* )? CLOSE_PAREN ;

later_set      : OPEN_BRACE ( STRING ( RANGE STRING )? COMMA? )* CLOSE_BRACE ;
// Its parts are not parsed: an `otherwise` that may also end a branch would make every other `otherwise` ambiguous.
later_choose   : CHOOSE OPEN_BRACE ~( OPEN_BRACE | CLOSE_BRACE )* CLOSE_BRACE ;
later_count_of : COUNT OF OPEN_PAREN expression ( COMMA expression )* CLOSE_PAREN ;

// ---- names. Words of the language are names wherever only a name can stand, and, but for those that begin or join clauses, at the
// beginning of an expression too: fields are called `date`, `amount`, `class`, `code`, `kind`, `key`, `max`, `count`.

names  : word ( SLASH word )? ;
word   : NAME | soft_word | fold_word | window_word | hard_word ;
name   : NAME | soft_word | fold_word ;
callee : NAME | soft_word | MONTH | QUARTER ;

window_word : MONTH | QUARTER | LIFETIME ;
soft_word
  : RULE | KNOWLEDGE | SOURCE | TEST | SCHEMA | CODE | ENUM | RECORD
  | SET | PARAM | DEFINE | MODEL | OVERLAY | DECIDE
  | EDITION | FORM | FROM | UNTIL | HIERARCHICAL | CLOSED | ORDERED | MISSING | WIRE | ROLE | IDENTITY | NONEMPTY | EACH
  | KEY | PREFIX | ISSUED | URL
  | CATEGORY | BASIS | BEHAVIOUR | STAGE | EFFECTIVE | TRIAL | MANDATORY | REGION
  | INVOLVING | AMOUNT | PENDING | ALL | LINES
  | CHOOSE | AS | AT | THEN | OF | UNDER | MEETS | CONTAINS | EARLIER
  | DAYS | WEEKS | MONTHS | YEARS | HOURS | MINUTES | YUAN
  | GIVEN | EXPECT | FILE | HISTORY | NOTHING
  ;
hard_word
  : ON | BY | LET | WITH | PROVIDED | UNLESS | WHEN | REPORT | UNKNOWN
  | AND | OR | NOT | IN | BINDS | MEMBER | WHERE | TAKE | HAS | THOSE | KNOWN | OTHERWISE | TRUE | FALSE
  ;
