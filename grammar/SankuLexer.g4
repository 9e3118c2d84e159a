// The words of Sanku, each in both spellings: `'when' | '如果'` is one token. A file may mix them.
//
// Read with SankuParser.g4. The one reader of the generated code is compiler/ast/from_parse_tree.cpp; compiler/ast/words.h holds the
// same words for messages and for the formatter, and tests/unit/compiler/parse_test.cpp proves that the two agree.
// Full-width forms mean their ASCII twins outside strings. 的 is a token, so it can be part of no identifier. An identifier is
// everything up to a space or punctuation: `且患者` is one identifier, never split.
lexer grammar SankuLexer;

tokens { UNCLOSED_STRING }

@lexer::members {
  // The end of the line on which a string's braces were last found not to match; there, later strings are read without holes.
  size_t plainUntil_ = 0;

  static size_t closerOf(size_t opener) {
    return opener == 0x201C ? 0x201D : opener == 0x300C ? 0x300D : opener == '"' || opener == 0xFF02 ? opener : 0;
  }

  bool atLineEnd() { return _input->LA(1) == antlr4::IntStream::EOF || _input->LA(1) == '\n' || _input->LA(1) == '\r'; }

  // Moves behind the closing quote. Own quotes nest, and in a hole `{…}` any string may stand. A string ends on its line.
  bool scanString(size_t opener, bool holes) {
    std::vector<size_t> closers{closerOf(opener)};
    while (!atLineEnd()) {
      const size_t c = _input->LA(1);
      const size_t closer = closers.back();
      _input->consume();
      if (c == closer) {
        closers.pop_back();
        if (closers.empty()) return true;
      } else if (closer == '}') {
        if (c == '{') closers.push_back('}');
        else if (closerOf(c) != 0) closers.push_back(closerOf(c));
      } else if (holes && c == '{') {
        if (_input->LA(1) == '{') _input->consume();
        else closers.push_back('}');
      } else if (closerOf(c) == closer) {
        closers.push_back(closer);
      }
    }
    return false;
  }

  // The opening quote is consumed. What is not closed on its line becomes one UNCLOSED_STRING up to the line's end.
  void takeString() {
    const size_t first = _input->index();
    const size_t opener = _input->LA(-1);
    if (first >= plainUntil_) {
      if (scanString(opener, true)) return;
      plainUntil_ = _input->index();
      _input->seek(first);
    }
    if (scanString(opener, false)) return;
    setType(UNCLOSED_STRING);
  }
}

// ---- declarations

RULE         : 'rule' | '规则' ;
KNOWLEDGE    : 'knowledge' | '知识' ;
SOURCE       : 'source' | '来源' ;
TEST         : 'test' | '测试' ;
SCHEMA       : 'schema' | '结构' ;
CODE         : 'code' | '编码' ;
ENUM         : 'enum' | '枚举' ;
RECORD       : 'record' | '记录' ;
SET          : 'set' | '集合' ;
PARAM        : 'param' | '参数' ;
DEFINE       : 'define' | '定义' ;
DECIDE       : 'decide' | '决策' ;
MODEL        : 'model' | '模型' ;
OVERLAY      : 'overlay' | '地方化' ;

// ---- parts of declarations

EDITION      : 'edition' | '版本' ;
FORM         : 'form' | '形式' ;
FROM         : 'from' | '自' ;
UNTIL        : 'until' | '至' ;
HIERARCHICAL : 'hierarchical' | '分级' ;
CLOSED       : 'closed' | '封闭' ;
ORDERED      : 'ordered' | '有序' ;
MISSING      : 'missing' | '缺失' ;
WIRE         : 'wire' | '报文' ;
ROLE         : 'role' | '用途' ;
IDENTITY     : 'identity' | '身份' ;
NONEMPTY     : 'nonempty' | '非空' ;
EACH         : 'each' | '每个' ;
LIST_OF      : 'list' GAP 'of' | '列表' ;
SET_OF       : 'set' GAP 'of' | '一组' ;
RANGE_OF     : 'range' GAP 'of' | '区间' ;
KEY          : 'key' | '键' ;
PREFIX       : 'prefix' | '前缀' ;
LONGEST      : 'longest' | '最长' ;
UP_TO        : 'up' GAP 'to' | '至多' ;
REPLACES     : 'replaces' | '取代' ;
BASED_ON     : '基于' ;                   // English writes `on`
DISABLE      : 'disable' | '停用' ;
SEVERITY     : 'severity' | '程度' ;
BECAUSE      : 'because' | '因为' ;
ADDITION     : '增加' ;                   // English writes `add`
REMOVE       : 'remove' | '删除' ;
BETWEEN      : 'between' | '介于' ;
HIT          : 'hit' | '命中' ;
SCORECARD    : 'scorecard' | '评分卡' ;
FORMAT       : 'format' | '格式' ;
ADD          : 'add' | '加分' ;
ISSUED       : 'issued' | '发布' ;
URL          : 'url' | '网址' ;

// ---- clauses of a rule

CATEGORY     : 'category' | '类别' ;
BASIS        : 'basis' | '依据' ;
BEHAVIOUR    : 'behaviour' | '行为' ;
STAGE        : 'stage' | '环节' ;
EFFECTIVE    : 'effective' | '生效' ;
TRIAL        : 'trial' | '试运行' ;
MANDATORY    : 'mandatory' | '强制' ;
REGION       : 'region' | '地区' ;
WAS          : 'was' | '原为' ;
BREAKS_SPLIT : 'breaks' GAP 'split' | '拆分有别' ;
EVEN_SELF_PAID : 'even' GAP 'self_paid' | '含自费' ;
ON           : 'on' | '对象' ;
LINES        : '违规项' ;                 // English writes `on`
BY           : 'by' | '按' ;
LET          : 'let' | '设' ;
WITH         : 'with' | '另有' ;
PROVIDED     : 'provided' | '前提' ;
UNLESS       : 'unless' | '除非' ;
WHEN         : 'when' | '如果' ;
REPORT       : 'report' | '判为' ;
INVOLVING    : 'involving' | '涉及项' ;
AMOUNT       : 'amount' | '金额' ;
UNKNOWN      : 'unknown' | '不明' ;
PENDING      : '待核' ;                   // of an amount; English writes `unknown`
ALL          : 'all' | '全体' ;

// ---- expressions

AND          : 'and' | '且' ;
OR           : 'or' | '或' ;
NOT          : 'not' | '非' ;
IN           : 'in' ;                     // both of the next two
BINDS        : '于' ;                     // x 于 list
MEMBER       : '属于' ;                   // x 属于 table
UNDER        : 'under' | '隶属' ;
MEETS        : 'meets' | '符合' ;
WHERE        : 'where' | '其中' ;
TAKE         : 'take' | '取' ;
HAS          : 'has' | '都' ;
THOSE        : 'those' | '选出' ;
COUNT        : 'count' | '计数' ;
SUM          : 'sum' | '求和' ;
MIN          : 'min' | '最小值' ;
MAX          : 'max' | '最大值' ;
ANY          : 'any' | '存在' ;
NONE         : 'none' | '不存在' ;
EVERY        : 'every' | '全部' ;
DISTINCT     : 'distinct' | '去重' ;
COVERED      : 'covered' | '覆盖' ;
RANKED_BY    : 'ranked' GAP 'by' | '排序按' ;
DESCENDING   : 'descending' | '降序' ;
ASCENDING    : 'ascending' | '升序' ;
BEYOND_FIRST : 'beyond' GAP 'first' | '超出前' ;
OF           : 'of' | '之' ;
THEN         : 'then' | '随后' ;
EARLIER      : 'earlier' | '早于' ;
KNOWN        : 'known' | '已知' ;
OTHERWISE    : 'otherwise' | '缺省' ;
ROUNDED_TO   : 'rounded' GAP 'to' | '保留' ;
CONTAINS     : 'contains' | '包含' ;
OVERLAPS     : 'overlaps' | '重叠' ;
ADJACENT     : 'adjacent' | '相接' ;
STARTS_WITH  : 'starts' GAP 'with' | '开头为' ;
CHOOSE       : 'choose' | '择' ;
ASK          : 'ask' | '待证' ;
PERCENTILE   : 'percentile' | '分位' ;
MEAN         : 'mean' | '均值' ;
DEVIATION    : 'deviation' | '标准差' ;
AMONG        : 'among' | '同类按' ;
AT_LEAST     : 'at' GAP 'least' | '至少' ;
AS           : 'as' | '作' ;
AT           : 'at' | '截至' ;
TRUE         : 'true' | '真' ;
FALSE        : 'false' | '假' ;

// ---- units and windows

DAYS          : 'days' | 'day' | '天' ;
WEEKS         : 'weeks' | 'week' | '周' ;
MONTHS        : 'months' | '个月' ;
YEARS         : 'years' | 'year' | '年' ;
YEARS_OLD     : ('years' | 'year') GAP 'old' | '岁' | '周岁' ;
HOURS         : 'hours' | 'hour' | '小时' ;
MINUTES       : 'minutes' | 'minute' | '分钟' ;
YUAN          : 'yuan' | '元' ;
SAME_DAY      : 'same' GAP 'day' | '同一天' | '单日' ;
SAME_VISIT    : 'same' GAP 'visit' | '当次就诊' | '同次就诊' ;
SAME_HOUR     : 'same' GAP 'hour' | '同一小时' ;
MONTH         : 'month' | '自然月' ;      // `1 month` as well
QUARTER       : 'quarter' | '季度' ;
CALENDAR_YEAR : 'calendar' GAP 'year' | '自然年' ;
INSURANCE_YEAR : 'insurance' GAP 'year' | '医保年度' ;
LIFETIME      : 'lifetime' | '终身' ;

// ---- tests

GIVEN          : 'given' | '给定' ;
EXPECT         : 'expect' | '预期' ;
FILE           : 'file' | '文件' ;
HISTORY        : 'history' | '既往' ;
ANSWER         : 'answer' | '答复' ;
LINE_IDS       : 'lines' | '明细行' ;
NOTHING        : 'nothing' | '无' ;
NOT_APPLICABLE : 'not' GAP 'applicable' | '不适用' ;

// ---- punctuation

OPEN_BRACE    : [{｛] ;
CLOSE_BRACE   : [}｝] ;
OPEN_PAREN    : [(（] ;
CLOSE_PAREN   : [)）] ;
OPEN_BRACKET  : [[［] ;
CLOSE_BRACKET : [\]］] ;
COMMA         : [,，、] ;
COLON         : [:：] ;
END           : [;；。] ;
RANGE         : '..' ;
DOT           : [.．] | '的' ;
QUESTION      : [?？] ;
EQUAL         : [=＝] ;
NOT_EQUAL     : [!！] [=＝] | '≠' ;
LESS          : [<＜] ;
LESS_EQUAL    : [<＜] [=＝] | '≤' ;
GREATER       : [>＞] ;
GREATER_EQUAL : [>＞] [=＝] | '≥' ;
PLUS          : [+＋] ;
MINUS         : [\-－−] ;
TIMES         : [*＊×] ;
SLASH         : [/／] ;                   // division, and between two names
DIVIDE        : '÷' ;
PERCENT       : [%％] ;

// What other languages write; reported with the word to use.
FOREIGN : '==' | '＝＝' | '<>' | '&&' | '||' | [!！] ;

// ---- the rest

DATE   : DIGIT DIGIT DIGIT DIGIT HYPHEN DIGIT DIGIT HYPHEN DIGIT DIGIT ;
NUMBER : DIGIT+ ([.．] DIGIT+)? ;
NAME   : LETTER (LETTER | DIGIT)* ;
STRING : ["＂“「] { takeString(); } ;

COMMENT : [/／] [/／] ~[\r\n]* -> channel(HIDDEN) ;
SPACE   : [ \t\r\n\u00A0\u3000]+ -> skip ;
STRAY   : . ;

fragment GAP    : [ \t\u3000]+ ;
fragment HYPHEN : [\-－] ;
fragment DIGIT  : [0-9０-９] ;
// ASCII, full-width ASCII, Greek, Han with radicals and compatibility forms; 的 (U+7684) is left out.
fragment LETTER
  : [A-Za-z_Ａ-Ｚａ-ｚ＿]
  | [\u0391-\u03A1\u03A3-\u03A9\u03B1-\u03C9]
  | [\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007]
  | [\u3400-\u4DBF\u4E00-\u7683\u7685-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9]
  | [\u{20000}-\u{2A6DF}\u{2A700}-\u{2EBE0}\u{2F800}-\u{2FA1D}\u{30000}-\u{3134A}]
  ;
