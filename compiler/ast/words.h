// The words of the language, both spellings, as messages and the formatter show them. Twin of
// grammar/SankuLexer.g4, token by token; tests/unit/compiler/parse_test.cpp lexes every spelling
// here and expects its row. A Word is an index into the table, named in code by its row:
// `"when"_w`, checked when compiled.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace sanku::ast {

enum class WordGroup : std::uint8_t { declaration, part, clause, expression, unit, sign, rest };

struct WordRow {
  std::string_view symbol; // the lexer's name of the token, in lower case
  std::string_view en, zh; // the spelling to print; empty for names, numbers, strings
  WordGroup group;
};

namespace words_impl {
using enum WordGroup;
// clang-format off
inline constexpr WordRow rows[] = {
    // ---- declarations
    {"rule", "rule", "规则", declaration},
    {"knowledge", "knowledge", "知识", declaration},
    {"source", "source", "来源", declaration},
    {"test", "test", "测试", declaration},
    {"schema", "schema", "结构", declaration},
    {"code", "code", "编码", declaration},
    {"enum", "enum", "枚举", declaration},
    {"record", "record", "记录", declaration},
    {"set", "set", "集合", declaration},
    {"param", "param", "参数", declaration},
    {"define", "define", "定义", declaration},
    {"decide", "decide", "决策", declaration},
    {"model", "model", "模型", declaration},
    {"overlay", "overlay", "地方化", declaration},
    // ---- parts of declarations
    {"edition", "edition", "版本", part},
    {"form", "form", "形式", part},
    {"from", "from", "自", part},
    {"until", "until", "至", part},
    {"hierarchical", "hierarchical", "分级", part},
    {"closed", "closed", "封闭", part},
    {"ordered", "ordered", "有序", part},
    {"missing", "missing", "缺失", part},
    {"wire", "wire", "报文", part},
    {"role", "role", "用途", part},
    {"identity", "identity", "身份", part},
    {"nonempty", "nonempty", "非空", part},
    {"each", "each", "每个", part},
    {"list_of", "list of", "列表", part},
    {"set_of", "set of", "一组", part},
    {"range_of", "range of", "区间", part},
    {"key", "key", "键", part},
    {"prefix", "prefix", "前缀", part},
    {"longest", "longest", "最长", part},
    {"up_to", "up to", "至多", part},
    {"replaces", "replaces", "取代", part},
    {"based_on", "on", "基于", part},
    {"disable", "disable", "停用", part},
    {"severity", "severity", "程度", part},
    {"because", "because", "因为", part},
    {"addition", "add", "增加", part},
    {"remove", "remove", "删除", part},
    {"between", "between", "介于", part},
    {"hit", "hit", "命中", part},
    {"scorecard", "scorecard", "评分卡", part},
    {"format", "format", "格式", part},
    {"add", "add", "加分", part},
    {"issued", "issued", "发布", part},
    {"url", "url", "网址", part},
    // ---- clauses of a rule
    {"category", "category", "类别", clause},
    {"basis", "basis", "依据", clause},
    {"behaviour", "behaviour", "行为", clause},
    {"stage", "stage", "环节", clause},
    {"effective", "effective", "生效", clause},
    {"trial", "trial", "试运行", clause},
    {"mandatory", "mandatory", "强制", clause},
    {"region", "region", "地区", clause},
    {"was", "was", "原为", clause},
    {"breaks_split", "breaks split", "拆分有别", clause},
    {"even_self_paid", "even self_paid", "含自费", clause},
    {"on", "on", "对象", clause},
    {"lines", "on", "违规项", clause},
    {"by", "by", "按", clause},
    {"let", "let", "设", clause},
    {"with", "with", "另有", clause},
    {"provided", "provided", "前提", clause},
    {"unless", "unless", "除非", clause},
    {"when", "when", "如果", clause},
    {"report", "report", "判为", clause},
    {"involving", "involving", "涉及项", clause},
    {"amount", "amount", "金额", clause},
    {"unknown", "unknown", "不明", clause},
    {"pending", "unknown", "待核", clause},
    {"all", "all", "全体", clause},
    // ---- expressions
    {"and", "and", "且", expression},
    {"or", "or", "或", expression},
    {"not", "not", "非", expression},
    {"in", "in", "属于", expression},
    {"binds", "in", "于", expression},
    {"member", "in", "属于", expression},
    {"under", "under", "隶属", expression},
    {"meets", "meets", "符合", expression},
    {"where", "where", "其中", expression},
    {"take", "take", "取", expression},
    {"has", "has", "都", expression},
    {"those", "those", "选出", expression},
    {"count", "count", "计数", expression},
    {"sum", "sum", "求和", expression},
    {"min", "min", "最小值", expression},
    {"max", "max", "最大值", expression},
    {"any", "any", "存在", expression},
    {"none", "none", "不存在", expression},
    {"every", "every", "全部", expression},
    {"distinct", "distinct", "去重", expression},
    {"covered", "covered", "覆盖", expression},
    {"ranked_by", "ranked by", "排序按", expression},
    {"descending", "descending", "降序", expression},
    {"ascending", "ascending", "升序", expression},
    {"beyond_first", "beyond first", "超出前", expression},
    {"of", "of", "之", expression},
    {"then", "then", "随后", expression},
    {"earlier", "earlier", "早于", expression},
    {"known", "known", "已知", expression},
    {"otherwise", "otherwise", "缺省", expression},
    {"rounded_to", "rounded to", "保留", expression},
    {"contains", "contains", "包含", expression},
    {"overlaps", "overlaps", "重叠", expression},
    {"adjacent", "adjacent", "相接", expression},
    {"starts_with", "starts with", "开头为", expression},
    {"choose", "choose", "择", expression},
    {"ask", "ask", "待证", expression},
    {"percentile", "percentile", "分位", expression},
    {"mean", "mean", "均值", expression},
    {"deviation", "deviation", "标准差", expression},
    {"among", "among", "同类按", expression},
    {"at_least", "at least", "至少", expression},
    {"as", "as", "作", expression},
    {"at", "at", "截至", expression},
    {"true", "true", "真", expression},
    {"false", "false", "假", expression},
    // ---- units and windows
    {"days", "days", "天", unit},
    {"weeks", "weeks", "周", unit},
    {"months", "months", "个月", unit},
    {"years", "years", "年", unit},
    {"years_old", "years old", "岁", unit},
    {"hours", "hours", "小时", unit},
    {"minutes", "minutes", "分钟", unit},
    {"yuan", "yuan", "元", unit},
    {"same_day", "same day", "同一天", unit},
    {"same_visit", "same visit", "当次就诊", unit},
    {"same_hour", "same hour", "同一小时", unit},
    {"month", "month", "自然月", unit},
    {"quarter", "quarter", "季度", unit},
    {"calendar_year", "calendar year", "自然年", unit},
    {"insurance_year", "insurance year", "医保年度", unit},
    {"lifetime", "lifetime", "终身", unit},
    // ---- tests
    {"given", "given", "给定", part},
    {"expect", "expect", "预期", part},
    {"file", "file", "文件", part},
    {"history", "history", "既往", part},
    {"answer", "answer", "答复", part},
    {"line_ids", "lines", "明细行", part},
    {"nothing", "nothing", "无", part},
    {"not_applicable", "not applicable", "不适用", part},
    // ---- punctuation
    {"open_brace", "{", "{", sign},
    {"close_brace", "}", "}", sign},
    {"open_paren", "(", "(", sign},
    {"close_paren", ")", ")", sign},
    {"open_bracket", "[", "[", sign},
    {"close_bracket", "]", "]", sign},
    {"comma", ",", "，", sign},
    {"colon", ":", "：", sign},
    {"end", ";", ";", sign},
    {"range", "..", "..", sign},
    {"dot", ".", "的", sign},
    {"question", "?", "?", sign},
    {"equal", "=", "=", sign},
    {"not_equal", "!=", "≠", sign},
    {"less", "<", "<", sign},
    {"less_equal", "<=", "≤", sign},
    {"greater", ">", ">", sign},
    {"greater_equal", ">=", "≥", sign},
    {"plus", "+", "+", sign},
    {"minus", "-", "-", sign},
    {"times", "*", "*", sign},
    {"slash", "/", "/", sign},
    {"divide", "÷", "÷", sign},
    {"percent", "%", "%", sign},
    // ---- the rest
    {"foreign", "", "", rest},
    {"date", "", "", rest},
    {"number", "", "", rest},
    {"name", "", "", rest},
    {"string", "", "", rest},
    {"comment", "", "", rest},
    {"stray", "", "", rest},
    {"unclosed_string", "", "", rest},
    {"eof", "", "", rest},
};
// clang-format on
} // namespace words_impl

inline constexpr auto& word_rows = words_impl::rows;

enum class Word : std::uint8_t {};

constexpr const WordRow& row_of(Word word) { return word_rows[static_cast<std::size_t>(word)]; }

consteval Word operator""_w(const char* symbol, std::size_t size) {
  for (std::size_t i = 0; i < std::size(word_rows); ++i) {
    if (word_rows[i].symbol == std::string_view(symbol, size))
      return static_cast<Word>(i);
  }
  throw "no word of the language has this symbol";
}

} // namespace sanku::ast
