// The table of built-ins: names in both languages, the kernel, the typing rule, one sentence of
// documentation. A name may have several rows; resolve picks by argument types.
#include "compiler/builtins/builtin.h"
#include "runtime/types/check.h"

#include <array>
#include <map>
#include <string>

namespace sanku::builtins {
namespace {

struct Row {
  std::string_view name, name_zh, symbol;
  bool callable;
  std::string_view kernel;
  Typing typing;
  std::string_view doc_en, doc_zh;
  bool of_code_set = false;
};

constexpr std::string_view equal_en = "whether both are the same; unknown if either is unknown";
constexpr std::string_view equal_zh = "两者是否相同；任一不明则不明";
constexpr std::string_view order_en = "order; unknown if either is unknown";
constexpr std::string_view order_zh = "大小比较；任一不明则不明";
constexpr std::string_view known_en = "whether the value is known";
constexpr std::string_view known_zh = "值是否已知";
constexpr std::string_view otherwise_en = "the first value if it is known, else the second";
constexpr std::string_view otherwise_zh = "前者已知取前者，否则取后者";
constexpr std::string_view smaller_en = "the smaller of two values";
constexpr std::string_view smaller_zh = "两者中较小的";
constexpr std::string_view larger_en = "the larger of two values";
constexpr std::string_view larger_zh = "两者中较大的";

constexpr std::string_view in_set_en = "whether the value is one of the set's";
constexpr std::string_view in_set_zh = "值是否在集合之内";
constexpr std::string_view in_unit_en = "how many whole units it holds, as a number";
constexpr std::string_view in_unit_zh = "含多少个整单位，为一个数";

constexpr auto table = std::to_array<Row>({
    {"and", "且", "and", false, "and", Typing::plain, "true if both are; false if either is false",
     "两者都成立；任一不成立即不成立"},
    {"or", "或", "or", false, "or", Typing::plain, "true if either is; false if both are false",
     "任一成立；两者都不成立才不成立"},
    {"not", "非", "not", false, "not", Typing::plain, "the opposite; unknown stays unknown",
     "取反；不明仍不明"},

    {"equal", "等于", "=", false, "equal_bool", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_code", Typing::same, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_enum", Typing::same, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_integer", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_decimal", Typing::compared, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_score", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_date", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_datetime", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_span", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_age", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_count", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_count_integer", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_integer_count", Typing::plain, equal_en, equal_zh},
    {"equal", "等于", "=", false, "equal_text", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_bool", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_code", Typing::same, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_enum", Typing::same, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_integer", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_decimal", Typing::compared, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_score", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_date", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_datetime", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_span", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_age", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_count", Typing::plain, equal_en, equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_count_integer", Typing::plain, equal_en,
     equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_integer_count", Typing::plain, equal_en,
     equal_zh},
    {"not_equal", "不等于", "!=", false, "not_equal_text", Typing::plain, equal_en, equal_zh},

#define ORDERED(NAME, ZH, SYMBOL)                                                                  \
  {NAME, ZH, SYMBOL, false, NAME "_integer", Typing::plain, order_en, order_zh},                   \
      {NAME, ZH, SYMBOL, false, NAME "_decimal", Typing::compared, order_en, order_zh},            \
      {NAME, ZH, SYMBOL, false, NAME "_score", Typing::plain, order_en, order_zh},                 \
      {NAME, ZH, SYMBOL, false, NAME "_date", Typing::plain, order_en, order_zh},                  \
      {NAME, ZH, SYMBOL, false, NAME "_datetime", Typing::plain, order_en, order_zh},              \
      {NAME, ZH, SYMBOL, false, NAME "_span", Typing::plain, order_en, order_zh},                  \
      {NAME, ZH, SYMBOL, false, NAME "_age", Typing::plain, order_en, order_zh},                   \
      {NAME, ZH, SYMBOL, false, NAME "_enum", Typing::ordered, order_en, order_zh},                \
      {NAME, ZH, SYMBOL, false, NAME "_count", Typing::plain, order_en, order_zh},                 \
      {NAME, ZH, SYMBOL, false, NAME "_count_integer", Typing::plain, order_en, order_zh}, {       \
    NAME, ZH, SYMBOL, false, NAME "_integer_count", Typing::plain, order_en, order_zh              \
  }
    ORDERED("less", "小于", "<"),
    ORDERED("less_equal", "不大于", "<="),
    ORDERED("greater", "大于", ">"),
    ORDERED("greater_equal", "不小于", ">="),
#undef ORDERED

#define EVERY_TYPE(NAME, ZH, SYMBOL, TYPING, EN, DOC_ZH)                                           \
  {NAME, ZH, SYMBOL, false, NAME "_bool", TYPING, EN, DOC_ZH},                                     \
      {NAME, ZH, SYMBOL, false, NAME "_integer", TYPING, EN, DOC_ZH},                              \
      {NAME,                                                                                       \
       ZH,                                                                                         \
       SYMBOL,                                                                                     \
       false,                                                                                      \
       NAME "_decimal",                                                                            \
       TYPING == Typing::same ? Typing::aligned : TYPING,                                          \
       EN,                                                                                         \
       DOC_ZH},                                                                                    \
      {NAME, ZH, SYMBOL, false, NAME "_date", TYPING, EN, DOC_ZH},                                 \
      {NAME, ZH, SYMBOL, false, NAME "_datetime", TYPING, EN, DOC_ZH},                             \
      {NAME, ZH, SYMBOL, false, NAME "_span", TYPING, EN, DOC_ZH},                                 \
      {NAME, ZH, SYMBOL, false, NAME "_window", TYPING, EN, DOC_ZH},                               \
      {NAME, ZH, SYMBOL, false, NAME "_age", TYPING, EN, DOC_ZH},                                  \
      {NAME, ZH, SYMBOL, false, NAME "_code", TYPING, EN, DOC_ZH},                                 \
      {NAME, ZH, SYMBOL, false, NAME "_enum", TYPING, EN, DOC_ZH},                                 \
      {NAME, ZH, SYMBOL, false, NAME "_text", TYPING, EN, DOC_ZH}, {                               \
    NAME, ZH, SYMBOL, false, NAME "_score", TYPING, EN, DOC_ZH                                     \
  }
    EVERY_TYPE("known", "已知", "known", Typing::plain, known_en, known_zh),
    EVERY_TYPE("otherwise", "缺省", "otherwise", Typing::same, otherwise_en, otherwise_zh),
    EVERY_TYPE("pick", "择", "choose", Typing::choice,
               "the first value if the condition holds, else the second",
               "条件成立取前者，不成立取后者；不明则不明"),
#undef EVERY_TYPE

    {"contains", "包含", "contains", false, "contains", Typing::plain,
     "whether the text contains the other, full-width forms read as half-width",
     "文本是否包含另一文本，全角视同半角"},
    {"starts_with", "开头是", "starts with", false, "starts_with", Typing::plain,
     "whether the text starts with the other, full-width forms read as half-width",
     "文本是否以另一文本开头，全角视同半角"},

    {"add", "加", "+", false, "add_integer", Typing::plain, "sum; unknown if it does not fit",
     "和；超出范围则不明"},
    {"add", "加", "+", false, "add_decimal", Typing::aligned,
     "exact sum; unknown if it does not fit", "精确的和；超出范围则不明"},
    {"add", "加", "+", false, "add_date", Typing::plain,
     "the date so much later; month arithmetic clamps to the month's end",
     "之后若干时长的日期；按月计算不越过月末"},
    {"add", "加", "+", false, "add_datetime", Typing::plain,
     "the instant so much later: days, months and years keep the time of day; unknown for hours "
     "behind a bare date",
     "之后若干时长的时刻：按天、月、年计时刻不变；只到日期而加小时则不明"},
    {"subtract", "减", "-", false, "subtract_integer", Typing::plain,
     "difference; unknown if it does not fit", "差；超出范围则不明"},
    {"subtract", "减", "-", false, "subtract_decimal", Typing::aligned,
     "exact difference; unknown if it does not fit", "精确的差；超出范围则不明"},
    {"subtract", "减", "-", false, "difference_date", Typing::plain,
     "days from the second date to the first", "后一日期到前一日期的天数"},
    {"subtract", "减", "-", false, "difference_datetime", Typing::plain,
     "minutes between two instants; whole days when either is a bare date",
     "两个时刻相差的分钟；任一只到日期则为天数"},
    {"subtract", "减", "-", false, "subtract_date", Typing::plain, "the date so much earlier",
     "之前若干时长的日期"},
    {"subtract", "减", "-", false, "subtract_datetime", Typing::plain,
     "the instant so much earlier: days, months and years keep the time of day; unknown for hours "
     "before a bare date",
     "之前若干时长的时刻：按天、月、年计时刻不变；只到日期而减小时则不明"},
    {"multiply", "乘", "*", false, "multiply_integer", Typing::plain,
     "product; unknown if it does not fit", "积；超出范围则不明"},
    {"multiply", "乘", "*", false, "multiply_decimal", Typing::product,
     "exact product; unknown if it does not fit", "精确的积；超出范围则不明"},
    {"divide", "除", "/", false, "divide", Typing::quotient,
     "quotient to 10 places, half away from zero; unknown for a divisor of zero",
     "商，保留10位，四舍五入；除数为零则不明"},
    {"negate", "负", "-", false, "negate_integer", Typing::plain, "the negative", "相反数"},
    {"negate", "负", "-", false, "negate_decimal", Typing::first, "the negative", "相反数"},
    {"round", "保留", "rounded to", false, "round", Typing::first,
     "rounded half away from zero to so many places", "四舍五入保留若干位"},

    {"smaller", "较小者", "", true, "smaller_integer", Typing::plain, smaller_en, smaller_zh},
    {"smaller", "较小者", "", true, "smaller_decimal", Typing::aligned, smaller_en, smaller_zh},
    {"smaller", "较小者", "", true, "smaller_date", Typing::plain, smaller_en, smaller_zh},
    {"smaller", "较小者", "", true, "smaller_datetime", Typing::plain, smaller_en, smaller_zh},
    {"larger", "较大者", "", true, "larger_integer", Typing::plain, larger_en, larger_zh},
    {"larger", "较大者", "", true, "larger_decimal", Typing::aligned, larger_en, larger_zh},
    {"larger", "较大者", "", true, "larger_date", Typing::plain, larger_en, larger_zh},
    {"larger", "较大者", "", true, "larger_datetime", Typing::plain, larger_en, larger_zh},

    {"within", "同期", "", true, "within", Typing::plain,
     "whether two elements lie in one window; unknown when only a date is known and the dates do "
     "not decide",
     "两个要素是否在同一时间窗内；只知日期而日期不能判断时不明"},
    {"begins_before", "", "", false, "begins_before", Typing::plain,
     "whether one visit begins before another; unknown on one day without times (inserted by the "
     "checker)",
     "一次就诊是否先于另一次开始；同日而无时刻时不明（编译时插入）"},
    {"reaches_back", "", "", false, "reaches_back_span", Typing::plain,
     "whether a visit that ends then reaches into the window before a beginning (inserted by the "
     "checker)",
     "一次就诊是否延续到某起始之前的时间窗内（编译时插入）"},
    {"reaches_back", "", "", false, "reaches_back_window", Typing::plain,
     "whether a visit that ends then reaches into the window before a beginning (inserted by the "
     "checker)",
     "一次就诊是否延续到某起始之前的时间窗内（编译时插入）"},
    {"reaches_on", "", "", false, "reaches_on_span", Typing::plain,
     "whether a visit begins no later than an end and the window (inserted by the checker)",
     "一次就诊是否在某结束之后的时间窗内开始（编译时插入）"},
    {"reaches_on", "", "", false, "reaches_on_window", Typing::plain,
     "whether a visit begins no later than an end and the window (inserted by the checker)",
     "一次就诊是否在某结束之后的时间窗内开始（编译时插入）"},
    {"known_since", "", "", false, "known_since_span", Typing::plain,
     "whether who knows all visits since then knows the whole window before a beginning (inserted "
     "by the checker)",
     "自某日起完整的资料是否覆盖某起始之前的整个时间窗（编译时插入）"},
    {"known_since", "", "", false, "known_since_window", Typing::plain,
     "whether who knows all visits since then knows the whole window before a beginning (inserted "
     "by the checker)",
     "自某日起完整的资料是否覆盖某起始之前的整个时间窗（编译时插入）"},
    {"known_until", "", "", false, "known_until_span", Typing::plain,
     "whether who knows all visits until then knows the whole window behind an end (inserted by "
     "the checker)",
     "至某日为止完整的资料是否覆盖某结束之后的整个时间窗（编译时插入）"},
    {"known_until", "", "", false, "known_until_window", Typing::plain,
     "whether who knows all visits until then knows the whole window behind an end (inserted by "
     "the checker)",
     "至某日为止完整的资料是否覆盖某结束之后的整个时间窗（编译时插入）"},
    {"reaches_beyond", "", "", false, "reaches_beyond", Typing::plain,
     "whether a window may hold what is of other visits (inserted by the checker)",
     "时间窗是否可能包含其他就诊的内容（编译时插入）"},
    {"insured_window", "", "", false, "insured_window", Typing::plain,
     "a window in which an insurance year begins when the insured area says (inserted by the "
     "checker)",
     "按参保地规定的起始日解释医保年度的时间窗（编译时插入）"},
    {"packed_period", "", "", false, "packed_period", Typing::plain,
     "a period as one number, by its first and last day (inserted by the checker)",
     "时段作为一个数，由其首日与末日组成（编译时插入）"},
    {"month", "自然月", "", true, "month_of", Typing::plain,
     "the calendar month of a day, as its first day", "一天所在的自然月，以其首日表示"},
    {"date_of", "日期", "", true, "date_of", Typing::plain, "the calendar day of an instant",
     "时刻所在的自然日"},
    {"age_at", "年龄", "", true, "age_at", Typing::plain,
     "the age of someone born on a date, on the date of the element in scope",
     "某日出生的人在所看要素日期的年龄"},

    {"as_count", "", "", false, "as_count", Typing::plain,
     "1 if the condition holds, 0 if not (inserted by the checker)",
     "成立计 1，不成立计 0（编译时插入）"},
    {"add_counts", "", "", false, "add_counts", Typing::plain,
     "how many hold in both together (inserted by the checker)", "两个计数之和（编译时插入）"},
    {"in_set", "属于", "in", false, "integer_in_set", Typing::plain, in_set_en, in_set_zh},
    {"in_set", "属于", "in", false, "enum_in_set", Typing::plain, in_set_en, in_set_zh},
    {"in_set", "属于", "in", false, "code_in_set", Typing::plain, in_set_en, in_set_zh, true},
    {"in_days", "", "in days", false, "age_in_days", Typing::plain, in_unit_en, in_unit_zh},
    {"in_months", "", "in months", false, "age_in_months", Typing::plain, in_unit_en, in_unit_zh},
    {"in_years", "", "in years", false, "age_in_years", Typing::plain, in_unit_en, in_unit_zh},
    {"in_days", "", "in days", false, "span_in_days", Typing::plain, in_unit_en, in_unit_zh},
    {"in_months", "", "in months", false, "span_in_months", Typing::plain, in_unit_en, in_unit_zh},
    {"in_years", "", "in years", false, "span_in_years", Typing::plain, in_unit_en, in_unit_zh},
    {"in_hours", "", "in hours", false, "span_in_hours", Typing::plain, in_unit_en, in_unit_zh},
    {"in_minutes", "", "in minutes", false, "span_in_minutes", Typing::plain, in_unit_en,
     in_unit_zh},

    {"rescale", "", "", false, "rescale", Typing::plain,
     "more digits after the point (inserted by the checker)", "增加小数位（编译时插入）"},
    {"widen_integer", "", "", false, "widen_integer", Typing::plain,
     "an integer as a number (inserted by the checker)", "整数作为数（编译时插入）"},
    {"number_to_score", "", "", false, "number_to_score", Typing::plain,
     "a number as a score, the nearest there is (inserted by the checker)",
     "数作为评分，取最接近的（编译时插入）"},
    {"truth_to_score", "", "", false, "truth_to_score", Typing::plain,
     "1 if it holds, 0 if not, as a model reads it (inserted by the checker)",
     "成立为 1，不成立为 0，供模型读取（编译时插入）"},
    {"exact_count", "", "", false, "exact_count", Typing::plain,
     "a count as a number, unknown while it is uncertain (inserted by the checker)",
     "计数作为数，不确定时不明（编译时插入）"},
    {"start_of_day", "", "", false, "start_of_day", Typing::plain,
     "a date as an instant of day precision (inserted by the checker)",
     "日期作为只到天的时刻（编译时插入）"},
    {"zone_of", "", "", false, "zone_of", Typing::plain,
     "the region of the overlays that a place lies in (inserted by the checker)",
     "地点所属的地方化地区（编译时插入）"},
    {"moment", "", "", false, "moment", Typing::plain,
     "when and where rows of a table are read (inserted by the checker)",
     "按何日何地读取知识行（编译时插入）"},
    {"in_zones", "", "", false, "in_zones", Typing::plain,
     "whether a row counts in a region (inserted by the checker)",
     "知识行在该地区是否有效（编译时插入）"},
    {"span_to_window", "", "", false, "span_to_window", Typing::plain,
     "a length of time as a window (inserted by the checker)", "时长作为时间窗（编译时插入）"},
});

const kernels::KernelRow& kernel(std::string_view name) {
  for (std::uint32_t i = 0; i < sanku_kernel_count; ++i)
    if (name == sanku_kernels[i].name)
      return sanku_kernels[i];
  unreachable("a built-in names a kernel that does not exist");
}

std::vector<Builtin> build() {
  std::vector<Builtin> built;
  built.reserve(table.size());
  for (const Row& row : table)
    built.push_back({row.name, row.name_zh, row.symbol, row.callable, &kernel(row.kernel),
                     row.typing, row.doc_en, row.doc_zh, row.of_code_set});
  return built;
}

} // namespace

std::span<const Builtin> rows() {
  static const std::vector<Builtin> built = build();
  return built;
}

const Builtin* find(std::string_view internal_name) {
  for (const Builtin& row : rows())
    if (row.name == internal_name)
      return &row;
  return nullptr;
}

std::vector<const Builtin*> candidates(std::string_view name) {
  std::vector<const Builtin*> found;
  for (const Builtin& row : rows())
    if (row.name == name || (!row.name_zh.empty() && row.name_zh == name))
      found.push_back(&row);
  return found;
}

const Builtin& conversion_row(Conversion conversion) {
  switch (conversion) {
  case Conversion::none:
    break;
  case Conversion::widen_integer:
    return *find("widen_integer");
  case Conversion::rescale:
    return *find("rescale");
  case Conversion::exact_count:
    return *find("exact_count");
  case Conversion::number_to_score:
    return *find("number_to_score");
  case Conversion::truth_to_score:
    return *find("truth_to_score");
  case Conversion::start_of_day:
    return *find("start_of_day");
  case Conversion::span_to_window:
    return *find("span_to_window");
  }
  unreachable("no conversion to look up");
}

} // namespace sanku::builtins
