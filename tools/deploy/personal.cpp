// See personal.h.
#include "tools/deploy/personal.h"

#include "compiler/source/nfkc.h"
#include "compiler/source/utf8.h"
#include "runtime/types/match.h"
#include "runtime/types/utf8.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace sanku::deploy {
namespace {

using diag::report;
using diag::Words;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
int digit(char c) { return c - '0'; }

bool is_date(std::string_view year, std::string_view month_and_day) {
  const int month = digit(month_and_day[0]) * 10 + digit(month_and_day[1]);
  const int day = digit(month_and_day[2]) * 10 + digit(month_and_day[3]);
  const bool century = year.size() == 2 || year.starts_with("19") || year.starts_with("20");
  return century && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Provinces of GB/T 2260, by their first digit.
bool is_region(std::string_view text) { return text[0] >= '1' && text[0] <= '9'; }

bool is_identity_number(std::string_view word) {
  constexpr std::array<int, 17> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view last = "10X98765432";
  const auto digits = [&](std::size_t count) {
    return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(count), is_digit);
  };
  if (word.size() == 15)
    return digits(15) && is_region(word) && is_date(word.substr(6, 2), word.substr(8, 4));
  if (word.size() != 18 || !digits(17) || !is_region(word) ||
      !is_date(word.substr(6, 4), word.substr(10, 4)))
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    sum += digit(word[i]) * weights[i];
  return (word[17] == 'x' ? 'X' : word[17]) == last[static_cast<std::size_t>(sum % 11)];
}

// Behind the prefix of the country, `86` or `0086`.
bool is_mobile(std::string_view digits) {
  if (digits.starts_with("00"))
    digits.remove_prefix(2);
  if (digits.size() == 13 && digits.starts_with("86"))
    digits.remove_prefix(2);
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' &&
         std::ranges::all_of(digits, is_digit);
}

// Area code and number: 010 12345678, 0571-1234567.
bool is_fixed_line(std::string_view area, std::string_view number) {
  return (area.size() == 3 || area.size() == 4) && area[0] == '0' &&
         (number.size() == 7 || number.size() == 8) && std::ranges::all_of(area, is_digit) &&
         std::ranges::all_of(number, is_digit);
}

// Digits that stand together, the last of an identity number included where it is an X.
struct Group {
  std::string_view digits;
  bool after_letter = false, before_letter = false;
  bool after_one = false; // letter by itself: M13812345678
  bool is_joined = false; // to the group before: only separators, two at most, stand between
};

bool is_separator(std::string_view between) {
  return between.size() <= 2 && between.find_first_not_of(" .-()/_") == between.npos;
}

std::vector<Group> groups_of(std::string_view text) {
  std::vector<Group> groups;
  std::size_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = text.find_first_not_of("0123456789", at);
    end = end == text.npos ? text.size() : end;
    const auto is_letter = [&](std::size_t i) { return i < text.size() && is_word(text[i]); };
    if (end < text.size() && (text[end] == 'X' || text[end] == 'x') && !is_letter(end + 1))
      ++end;
    groups.push_back(
        {.digits = text.substr(at, end - at),
         .after_letter = at > 0 && is_word(text[at - 1]),
         .before_letter = is_letter(end),
         .after_one = at > 0 && is_word(text[at - 1]) && (at == 1 || !is_word(text[at - 2])),
         .is_joined = !groups.empty() && is_separator(text.substr(before, at - before))});
    before = at = end;
  }
  return groups;
}

// What the groups from `first` on come to, however they are divided: 110105 19491231 002X,
// 138.0013.8000, (010)62345678.
std::optional<Personal> number_from(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t most_groups = 6, most_digits = 18;
  std::string digits;
  for (std::size_t i = first; i < groups.size() && i < first + most_groups; ++i) {
    if (i > first && !groups[i].is_joined)
      break;
    digits += groups[i].digits;
    if (digits.size() > most_digits)
      break;
    // Fifteen digits have no digit that proves them: only as one, or divided as such numbers are.
    const bool is_whole = digits.size() != 15 || i == first || i == first + 2;
    if (is_whole && is_identity_number(digits))
      return Personal::identity_number;
    // Numbers of rules and of settlements have letters before so many digits; one letter hides
    // nothing.
    const std::string_view area = groups[first].digits;
    if (i == first && groups[i].after_one && !groups[i].before_letter && digits.size() == 11 &&
        is_mobile(digits))
      return Personal::telephone;
    if (!groups[first].after_letter && !groups[i].before_letter &&
        (is_mobile(digits) || is_fixed_line(area, std::string_view(digits).substr(area.size()))))
      return Personal::telephone;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 206> surnames = {
    "王",   "李",  "张", "刘",   "陈",   "杨",   "黄",   "赵",   "周",   "吴",   "徐",   "孙",
    "朱",   "马",  "胡", "郭",   "林",   "何",   "高",   "梁",   "郑",   "罗",   "宋",   "谢",
    "唐",   "韩",  "曹", "许",   "邓",   "萧",   "冯",   "曾",   "程",   "蔡",   "彭",   "潘",
    "袁",   "于",  "董", "余",   "苏",   "叶",   "吕",   "魏",   "蒋",   "田",   "杜",   "丁",
    "沈",   "姜",  "范", "江",   "傅",   "钟",   "卢",   "汪",   "戴",   "崔",   "任",   "陆",
    "廖",   "姚",  "方", "金",   "邱",   "夏",   "谭",   "韦",   "贾",   "邹",   "石",   "熊",
    "孟",   "秦",  "阎", "薛",   "侯",   "雷",   "白",   "龙",   "段",   "郝",   "孔",   "邵",
    "史",   "毛",  "常", "万",   "顾",   "赖",   "武",   "康",   "贺",   "严",   "尹",   "钱",
    "施",   "牛",  "洪", "龚",   "汤",   "陶",   "黎",   "温",   "莫",   "易",   "樊",   "乔",
    "文",   "安",  "殷", "颜",   "庄",   "章",   "鲁",   "倪",   "庞",   "邢",   "俞",   "翟",
    "蓝",   "聂",  "齐", "向",   "申",   "葛",   "柴",   "伍",   "覃",   "骆",   "关",   "焦",
    "柳",   "欧",  "祝", "纪",   "尚",   "毕",   "耿",   "芦",   "左",   "季",   "管",   "符",
    "辛",   "苗",  "詹", "曲",   "欧阳", "靳",   "祁",   "路",   "涂",   "兰",   "甘",   "裴",
    "梅",   "童",  "翁", "霍",   "游",   "阮",   "尤",   "岳",   "柯",   "牟",   "滕",   "谷",
    "舒",   "卜",  "成", "饶",   "宁",   "凌",   "盛",   "查",   "单",   "冉",   "鲍",   "华",
    "包",   "屈",  "房", "喻",   "解",   "蒲",   "卫",   "简",   "时",   "连",   "付",   "闫",
    "代",   "仇",  "肖", "司马", "诸葛", "慕容", "上官", "东方", "皇甫", "尉迟", "公孙", "令狐",
    "司徒", "夏侯"};
// Who is called so is nobody; and what may stand behind, to tell them apart.
constexpr std::array<std::string_view, 17> nobodies = {
    "患者",     "病人", "参保人", "参保人员", "某",   "某某", "某某某", "测试", "测试患者",
    "测试人员", "虚构", "示例",   "样例",     "匿名", "无名", "无名氏", "甲"};
constexpr std::array<std::string_view, 4> placeholders = {"张三", "李四", "王五", "赵六"};
constexpr std::array<std::string_view, 10> ordinals = {"甲", "乙", "丙", "丁", "戊",
                                                       "己", "庚", "辛", "壬", "癸"};
constexpr std::array<std::string_view, 4> plain_nobodies = {"test", "patient", "person",
                                                            "anonymous"};

// Nothing, 甲, A, 12.
bool is_ordinal(std::string_view text) {
  return text.empty() || std::ranges::find(ordinals, text) != ordinals.end() ||
         (text.size() == 1 && is_word(text[0])) ||
         (text.size() <= 4 && std::ranges::all_of(text, is_digit));
}

// 张某, 张某某, 张某甲.
bool is_somebody(std::string_view text) {
  constexpr std::string_view some = "某";
  return std::ranges::any_of(surnames, [&](std::string_view surname) {
    if (!text.starts_with(surname))
      return false;
    std::string_view rest = text.substr(surname.size());
    if (!rest.starts_with(some))
      return false;
    rest.remove_prefix(some.size());
    return rest == some || is_ordinal(rest);
  });
}

// test, patient 1, P1, A.
bool is_plain_nobody(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  for (const std::string_view nobody : plain_nobodies)
    if (small.starts_with(nobody)) {
      std::string_view rest = std::string_view(small).substr(nobody.size());
      if (rest.starts_with(' ') || rest.starts_with('-') || rest.starts_with('_'))
        rest.remove_prefix(1);
      return is_ordinal(rest);
    }
  const bool is_letter = !small.empty() && small[0] >= 'a' && small[0] <= 'z';
  return is_letter && small.size() <= 5 && std::all_of(small.begin() + 1, small.end(), is_digit);
}

// The bytes of the character before `end`; 0: there is none of three bytes, as Han characters are.
std::size_t han_before(std::string_view text, std::size_t end) {
  return end >= 3 && utf8_length(text.substr(end - 3)) == 3 ? 3 : 0;
}

Words named(Personal what) {
  switch (what) {
  case Personal::identity_number:
    return {"证件号码", "an identity number"};
  case Personal::telephone:
    return {"电话号码", "a telephone number"};
  case Personal::name:
    return {"姓名", "a person's name"};
  }
  return {};
}

bool is_called(const schema::Names& names, const std::vector<std::string>& wire,
               std::string_view name) {
  return names.zh == name || names.en == name || std::ranges::find(wire, name) != wire.end();
}

// `patient` of `patient.name`.
std::string_view parent_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

// The claims of a test: names of persons stand in identity fields only.
struct PersonNames {
  const schema::Schema& schema;
  diag::Diagnostics& diagnostics;

  struct Where {
    std::uint32_t relation = 0;
    std::string_view record; // the field it is the value of
  };

  [[nodiscard]] bool is_name_field(const Where& where, std::string_view field) const {
    return std::ranges::any_of(
        schema.relations[where.relation].columns, [&](const schema::Column& column) {
          return is_name_column(column) && is_called(column.names, column.wire, field) &&
                 (where.record.empty() || parent_of(column.path.en) == where.record ||
                  parent_of(column.path.zh) == where.record);
        });
  }
  [[nodiscard]] std::uint32_t relation_of(const Where& where, std::string_view field) const {
    for (std::uint32_t i = 1; i < schema.relations.size(); ++i)
      if (is_called(schema.relations[i].names, schema.relations[i].wire, field))
        return i;
    return where.relation;
  }

  void record(const ast::DataRecord& fields, const Where& where) const {
    for (const ast::DataField& field : fields.fields)
      std::visit(match{
                     [&](const ast::ExprPtr& expr) {
                       const auto* text = std::get_if<ast::TextLiteral>(&expr->form);
                       if (text != nullptr && !is_invented_name(text->text) &&
                           is_name_field(where, field.name.text))
                         tell_personal(Personal::name, expr->span, diagnostics);
                     },
                     [&](const ast::DataRecord& nested) {
                       record(nested, {.relation = where.relation, .record = field.name.text});
                     },
                     [&](const ast::DataList& list) {
                       for (const ast::DataValue& each : list.values)
                         if (const auto* row = std::get_if<ast::DataRecord>(&each.form))
                           record(*row,
                                  {.relation = relation_of(where, field.name.text), .record = {}});
                     },
                 },
                 field.value->form);
  }
  void given(const ast::Test& test) const {
    for (const auto& each : test.given) {
      if (const auto* claim = std::get_if<ast::GivenClaim>(&each))
        record(claim->claim, {});
      if (const auto* history = std::get_if<ast::GivenHistory>(&each))
        for (const ast::DataValue& visit : history->visits)
          if (const auto* of = std::get_if<ast::DataRecord>(&visit.form))
            record(*of, {});
    }
  }
};

// What stands there, line by line.
void look_through(const source::SourceMap& map, source::Span whole,
                  diag::Diagnostics& diagnostics) {
  const std::string_view text = source::text_of(map, whole);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const source::Span place{.file = whole.file,
                             .begin = whole.begin + static_cast<std::uint32_t>(at),
                             .end = whole.begin + static_cast<std::uint32_t>(end)};
    if (const auto found = personal_number(line))
      tell_personal(*found, place, diagnostics);
    if (is_addressed(line))
      tell_personal(Personal::name, place, diagnostics);
    at = end + 1;
  }
}

// A digit as it is written in words.
std::optional<char> digit_in_words(std::string_view character) {
  constexpr std::array<std::string_view, 12> words = {"〇", "一", "二", "三", "四", "五",
                                                      "六", "七", "八", "九", "零", "幺"};
  constexpr std::string_view digits = "012345678901";
  const auto found = std::ranges::find(words, character);
  return found == words.end()
             ? std::nullopt
             : std::optional(digits[static_cast<std::size_t>(found - words.begin())]);
}

// 一三八 … as digits where so many stand together that they are a number and no words.
std::string with_plain_digits(std::string_view text) {
  constexpr std::size_t han = 3, least = 7;
  std::string out;
  while (!text.empty()) {
    std::string digits;
    while (const auto digit = digit_in_words(text.substr(digits.size() * han, han)))
      digits += *digit;
    const std::size_t taken =
        digits.empty() ? std::max<std::size_t>(utf8_length(text), 1) : digits.size() * han;
    out += digits.size() >= least ? digits : std::string(text.substr(0, taken));
    text.remove_prefix(std::min(taken, text.size()));
  }
  return out;
}

} // namespace

bool is_addressed(std::string_view text) {
  for (const std::string_view title : {"先生", "女士"})
    for (std::size_t at = text.find(title); at != text.npos; at = text.find(title, at + 1)) {
      std::size_t begin = at;
      for (int i = 0; i < 3 && han_before(text, begin) != 0; ++i) {
        begin -= han_before(text, begin);
        const std::string_view name = text.substr(begin, at - begin);
        if (has_surname(name) && !is_invented_name(name))
          return true;
      }
    }
  return false;
}

bool has_surname(std::string_view name) {
  return std::ranges::any_of(surnames,
                             [&](std::string_view surname) { return name.starts_with(surname); });
}

bool is_name_column(const schema::Column& column) {
  return column.identity && (column.names.zh.find("名") != std::string::npos ||
                             column.names.en.find("name") != std::string::npos);
}

void tell_personal(Personal what, source::Span place, diag::Diagnostics& diagnostics) {
  auto& told = report<"personal_data">(diagnostics, place, named(what));
  if (what == Personal::name)
    told.help("姓名须一望而知是虚构的：患者甲、张某、某某、测试1、张三、P1",
              "a name has to be seen to be invented: 患者甲, 张某, 某某, 测试1, 张三, test 1, P1");
}

std::optional<Personal> personal_number(std::string_view written) {
  const std::string text = with_plain_digits(source::nfkc(written));
  const std::vector<Group> groups = groups_of(text);
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (const auto found = number_from(groups, i))
      return found;
  return std::nullopt;
}

bool is_invented_name(std::string_view written) {
  const std::string text = source::nfkc(written);
  const std::string_view name = text;
  if (name.empty() || std::ranges::find(placeholders, name) != placeholders.end() ||
      is_ordinal(name) || is_somebody(name) || is_plain_nobody(name))
    return true;
  return std::ranges::any_of(nobodies, [&](std::string_view nobody) {
    return name.starts_with(nobody) && is_ordinal(name.substr(nobody.size()));
  });
}

void personal_in_tests(const engine::Rules& rules, diag::Diagnostics& diagnostics) {
  const hir::Program& program = engine::program(rules);
  const PersonNames names{.schema = program.schema, .diagnostics = diagnostics};
  std::vector<source::Span> tests;
  for (const hir::Test& test : program.tests) {
    if (!engine::is_named(rules, test.layer))
      continue;
    tests.push_back(test.ast->span);
    look_through(rules.map, test.ast->span, diagnostics);
    names.given(*test.ast);
  }
  // Comments above tests and between them are none of their text.
  for (const auto& file : rules.checked->files) {
    if (std::ranges::find(tests, file->source, &source::Span::file) == tests.end())
      continue;
    for (const ast::Comment& comment : file->comments)
      if (std::ranges::none_of(tests, [&](source::Span test) {
            return test.file == comment.span.file && test.begin <= comment.span.begin &&
                   comment.span.end <= test.end;
          }))
        look_through(rules.map, comment.span, diagnostics);
  }
}

} // namespace sanku::deploy
