// The sentences of Sanku: one declaration, or one hole of a message. A file is cut into declarations before it comes here
// (compiler/ast/split.cpp), so that one broken declaration hides no other's mistakes.
//
// Constructs of later editions that are cheap to recognise have words that the Ast's builder reports.
// Chains are loops rather than recursion, so a long one costs no stack.
parser grammar SankuParser;

options { tokenVocab = SankuLexer; }

declaration
  : ( schema_decl | code_decl | enum_decl | record_decl | knowledge_decl | source_decl
    | set_decl | param_decl | define_decl | decide_decl | model_decl | rule_decl | test_decl | overlay_decl ) END? EOF
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

knowledge_decl   : KNOWLEDGE names STRING? region? FROM STRING OPEN_BRACE column* CLOSE_BRACE ;
column           : names COLON type column_attribute* END? ;
column_attribute
  : KEY
  | FROM STRING ( COMMA STRING )?
  | PREFIX ( LONGEST | ALL )?
  | UP_TO number
  | replaces
  ;
replaces : REPLACES word ( OPEN_PAREN word ( OF word )? CLOSE_PAREN )? ;

source_decl      : SOURCE names STRING source_attribute* ;
source_attribute : ISSUED DATE | URL STRING ;

// ---- names for values: sets, parameters, definitions, decision tables

set_decl : SET names COLON type EQUAL set_literal ;

param_decl   : PARAM names ( COLON type )? EQUAL param_value ( COMMA param_value )* param_bounds? ;
param_value  : sum ( FROM DATE )? ;
param_bounds : BETWEEN sum AND sum ;

define_decl : DEFINE names OPEN_PAREN ( parameter ( COMMA parameter )* )? CLOSE_PAREN ( COLON type )? EQUAL expression ;
parameter   : word COLON type ;

decide_decl
  : DECIDE names OPEN_PAREN parameter ( COMMA parameter )* CLOSE_PAREN COLON type HIT word ( FROM STRING | decide_rows )
  ;
decide_rows : OPEN_BRACE arm+ last_arm? CLOSE_BRACE ;

// ---- models

model_decl
  : MODEL names ( OPEN_PAREN parameter CLOSE_PAREN )? STRING? ( SCORECARD OPEN_BRACE points+ CLOSE_BRACE
    | FROM STRING ( FORMAT word )? OPEN_BRACE model_input+ CLOSE_BRACE )
  ;
// `add 20 when p otherwise 5`: what stands behind the last `otherwise` are points, not a part of the condition.
points      : ADD COLON? sum STRING? WHEN COLON? expression END? ;
model_input : names ( FROM STRING )? EQUAL expression END? ;

// ---- rules

rule_decl : RULE word STRING ( SLASH STRING )? OPEN_BRACE rule_item* CLOSE_BRACE ;
rule_item
  : ( category | basis | behaviour | stage | effective | trial | mandatory | region | was | breaks_split | even_self_paid
    | subject | let_clause | with_clause | provided | unless | branch ) END?
  ;

category  : CATEGORY COLON? word ;
basis     : BASIS COLON? word STRING? ;
behaviour : BEHAVIOUR COLON? word ;
stage     : STAGE COLON? word ( COMMA word )* ;

effective      : EFFECTIVE COLON? ( FROM? DATE )? ( UNTIL DATE )? ;
trial          : TRIAL COLON? UNTIL DATE ;
mandatory      : MANDATORY ;
region         : REGION COLON? word ;
was            : WAS COLON? word ( COMMA word )* ;
breaks_split   : BREAKS_SPLIT COLON? STRING ;
even_self_paid : EVEN_SELF_PAID ;

subject  : ON COLON? ALL? word ( entering? BY COLON? group_key ( COMMA group_key )* )? ;
entering : WITH COLON? word binds operand ;
group_key : ( word EQUAL )? operand ;

let_clause  : LET COLON? word EQUAL expression ;
with_clause : WITH COLON? word binds operand ( WHERE expression )? ;
provided    : PROVIDED COLON? expression ;
unless      : UNLESS COLON? expression STRING? ;

branch       : ( WHEN COLON? ( UNKNOWN | expression ) COMMA? )? report ;
// An indicator says a value: `report indicator share "…"`.
report       : REPORT COLON? word ( report_lines | involving | amount | report_value )* STRING ;
report_value : operand ;
report_lines : ( ON | LINES ) COLON? ( word binds )? operand ;
involving    : INVOLVING COLON? operand ;
amount       : AMOUNT COLON? ( UNKNOWN | PENDING | expression ) ;

// ---- overlays: what a region changes, and declarations of its own

overlay_decl : OVERLAY pack_name ( ON | BASED_ON ) pack_name REGION COLON? STRING OPEN_BRACE overlay_item* CLOSE_BRACE ;
pack_name    : word ( DOT word )* | STRING ;
overlay_item
  : ( new_value | disable | severity | row_change | code_change
    | rule_decl | knowledge_decl | set_decl | define_decl | source_decl | test_decl ) END?
  ;
new_value   : PARAM word EQUAL param_value ( COMMA param_value )* ;
disable     : DISABLE COLON? word days_of because? ;
severity    : SEVERITY COLON? word word days_of because? ;
days_of     : ( FROM DATE )? ( UNTIL DATE )? ;
because     : BECAUSE COLON? STRING ;
row_change  : KNOWLEDGE word ( ( ADD | ADDITION ) FROM STRING | REMOVE set_literal )+ ;
code_change : ENUM word ( ( ADD | ADDITION ) STRING AS word )+ ;

// ---- tests

test_decl : TEST STRING ( OF word ( COMMA word )* )? OPEN_BRACE ( ( given | expect ) END? )* CLOSE_BRACE ;
given
  : GIVEN COLON? ( data_record | FILE STRING | KNOWLEDGE word ( data_list | data_record ) | ANSWER STRING ( TRUE | FALSE )
    | HISTORY data_list | REGION STRING )
  ;
data_record : OPEN_BRACE ( data_field ( COMMA | END )? )* CLOSE_BRACE ;
data_field  : word COLON? ( data_record | data_list | literal ) ;
data_list   : OPEN_BRACKET ( ( data_record | data_list | literal ) COMMA? )* CLOSE_BRACKET ;
literal     : MINUS? number | DATE | STRING | TRUE | FALSE | window | name ( DOT word )? ;

expect          : EXPECT COLON? ( NOTHING | word outcome? expected_amount? expected_lines? expected_missing? ) ;
outcome         : NAME | NOT_APPLICABLE STRING? ;
expected_lines  : LINE_IDS COLON? STRING ( COMMA STRING )* ;
expected_amount : AMOUNT COLON? ( UNKNOWN | PENDING | NUMBER YUAN? ) ;
expected_missing : MISSING COLON? operand ( COMMA operand )* ;

// ---- expressions, from the loosest to the tightest

expression : negation ( ( AND | OR ) negation )* ;
negation   : NOT* comparison ;
comparison : operand ( comparator operand )* ;
comparator
  : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
  | IN | MEMBER | CONTAINS | STARTS_WITH | EARLIER | UNDER | MEETS | OVERLAPS | ADJACENT
  ;
operand : sum ( otherwise | rounded | beyond | ranked | period | in_unit )* ;
otherwise    : OTHERWISE sum ;
rounded      : ROUNDED_TO NUMBER ;
beyond       : BEYOND_FIRST sum OF word ;
ranked       : RANKED_BY word ( DESCENDING | ASCENDING )? ;
period       : RANGE sum ;
in_unit      : IN ( DAYS | MONTHS | YEARS | HOURS | MINUTES ) ;

sum     : product ( ( PLUS | MINUS ) product )* ;
product : prefix ( ( TIMES | SLASH | DIVIDE ) prefix )* ;
prefix  : ( MINUS | KNOWN )* postfix ;
postfix : primary ( member | lookup )* ;
member  : DOT word ;
lookup  : OPEN_BRACKET expression CLOSE_BRACKET ( AT postfix )? ;

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
  | set_literal
  | choose
  | count_of
  | peers
  ;
paren  : OPEN_PAREN expression CLOSE_PAREN ;
number : NUMBER unit? ;
unit   : DAYS | WEEKS | MONTHS | MONTH | YEARS | YEARS_OLD | HOURS | MINUTES | YUAN | PERCENT ;
window : SAME_DAY | SAME_VISIT | SAME_HOUR | MONTH | QUARTER | CALENDAR_YEAR | INSURANCE_YEAR | LIFETIME ;

fold      : fold_word OPEN_PAREN binder ( COMMA binder )* ( WHERE expression )? ( TAKE expression )? ( HAS expression )? CLOSE_PAREN ;
fold_word : COUNT | SUM | MIN | MAX | ANY | NONE | EVERY | DISTINCT | COVERED ;
those     : THOSE OPEN_PAREN binder ( COMMA binder )* ( WHERE expression )? CLOSE_PAREN ;
binder    : ( word then? binds )? operand ;
then      : THEN word ;
binds     : IN | BINDS ;

// A question that is one text needs no parentheses: `ask "HER2阳性"`.
call : callee OPEN_PAREN ( expression ( COMMA expression )* )? CLOSE_PAREN | ASK STRING ;

set_literal : OPEN_BRACE ( set_element ( COMMA set_element )* COMMA? )? CLOSE_BRACE ;
set_element : sum ( RANGE sum )? ;
// An arm takes a sum, so that the `otherwise` behind the last arm is the choice's; what is looser stands in parentheses.
choose   : CHOOSE OPEN_BRACE arm+ last_arm? CLOSE_BRACE ;
arm      : WHEN COLON? expression TAKE sum END? ;
last_arm : OTHERWISE sum END? ;
count_of : COUNT OF OPEN_PAREN expression ( COMMA expression )* CLOSE_PAREN ;

// A group beside its peers: `percentile(95 of share) among provider.level, month at least 10`. A name is that of a parameter.
peers     : peer_word OPEN_PAREN ( ( NUMBER | peer_rank ) OF )? expression CLOSE_PAREN AMONG operand ( COMMA operand )* ( AT_LEAST NUMBER )? ;
peer_word : PERCENTILE | MEAN | DEVIATION ;
peer_rank : NAME | soft_word ;

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
  | CHOOSE | ASK | AS | AT | THEN | OF | UNDER | MEETS | CONTAINS | EARLIER | OVERLAPS | ADJACENT
  | WAS | HIT | SCORECARD | FORMAT | ADD | BETWEEN | LONGEST | REPLACES | BASED_ON | DISABLE | SEVERITY | BECAUSE | ADDITION | REMOVE
  | DESCENDING | ASCENDING | LINE_IDS | ANSWER
  | DAYS | WEEKS | MONTHS | YEARS | HOURS | MINUTES | YUAN
  | GIVEN | EXPECT | FILE | HISTORY | NOTHING
  | PERCENTILE | MEAN | DEVIATION | AMONG
  ;
hard_word
  : ON | BY | LET | WITH | PROVIDED | UNLESS | WHEN | REPORT | UNKNOWN
  | AND | OR | NOT | IN | BINDS | MEMBER | WHERE | TAKE | HAS | THOSE | KNOWN | OTHERWISE | TRUE | FALSE
  ;
