// See personal.h.
#include "tools/deploy/personal.h"

#include "compiler/source/nfkc.h"
#include "runtime/types/match.h"
#include "runtime/types/utf8.h"

#include <algorithm>
#include <array>
#include <set>
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

bool is_mobile(std::string_view word) {
  if (word.size() == 13 && word.starts_with("86"))
    word.remove_prefix(2);
  return word.size() == 11 && std::ranges::all_of(word, is_digit) && word[0] == '1' &&
         word[1] >= '3';
}

// `010-12345678`, `0571-1234567`; `word` ends before the hyphen.
bool is_fixed_line(std::string_view word, std::string_view rest) {
  const bool area = (word.size() == 3 || word.size() == 4) && word[0] == '0' &&
                    std::ranges::all_of(word, is_digit);
  if (!area || !rest.starts_with('-'))
    return false;
  std::size_t digits = 0;
  while (digits + 1 < rest.size() && is_digit(rest[digits + 1]))
    ++digits;
  return digits == 7 || digits == 8;
}

// Blanks and hyphens within a mobile number: 138 0013 8000.
bool is_spaced_mobile(std::string_view text) {
  std::string digits;
  std::size_t at = 0;
  for (; at < text.size() && digits.size() < 11; ++at) {
    if (is_digit(text[at]))
      digits += text[at];
    else if ((text[at] != ' ' && text[at] != '-') || (digits.size() != 3 && digits.size() != 7))
      return false;
  }
  return is_mobile(digits) && (at == text.size() || !is_word(text[at]));
}

constexpr std::array<std::string_view, 190> surnames = {
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "朱", "马",   "胡",
    "郭", "林", "何", "高", "梁", "郑", "罗", "宋", "谢", "唐", "韩", "曹", "许", "邓",   "萧",
    "冯", "曾", "程", "蔡", "彭", "潘", "袁", "于", "董", "余", "苏", "叶", "吕", "魏",   "蒋",
    "田", "杜", "丁", "沈", "姜", "范", "江", "傅", "钟", "卢", "汪", "戴", "崔", "任",   "陆",
    "廖", "姚", "方", "金", "邱", "夏", "谭", "韦", "贾", "邹", "石", "熊", "孟", "秦",   "阎",
    "薛", "侯", "雷", "白", "龙", "段", "郝", "孔", "邵", "史", "毛", "常", "万", "顾",   "赖",
    "武", "康", "贺", "严", "尹", "钱", "施", "牛", "洪", "龚", "汤", "陶", "黎", "温",   "莫",
    "易", "樊", "乔", "文", "安", "殷", "颜", "庄", "章", "鲁", "倪", "庞", "邢", "俞",   "翟",
    "蓝", "聂", "齐", "向", "申", "葛", "柴", "伍", "覃", "骆", "关", "焦", "柳", "欧",   "祝",
    "纪", "尚", "毕", "耿", "芦", "左", "季", "管", "符", "辛", "苗", "詹", "曲", "欧阳", "靳",
    "祁", "路", "涂", "兰", "甘", "裴", "梅", "童", "翁", "霍", "游", "阮", "尤", "岳",   "柯",
    "牟", "滕", "谷", "舒", "卜", "成", "饶", "宁", "凌", "盛", "查", "单", "冉", "鲍",   "华",
    "包", "屈", "房", "喻", "解", "蒲", "卫", "简", "时", "连"};
// Who says so is nobody.
constexpr std::array<std::string_view, 16> invented = {
    "某",   "测试", "甲",   "乙",   "丙",   "丁",   "张三", "李四",
    "王五", "赵六", "无名", "匿名", "患者", "虚构", "示例", "样例"};

// Characters of a text that is all Han; none otherwise.
std::vector<std::string_view> han(std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    // Three bytes from U+4E00 to U+9FFF.
    if (length != 3 || text.substr(0, 3) < "\xE4\xB8\x80" || text.substr(0, 3) > "\xE9\xBF\xBF")
      return {};
    characters.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return characters;
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

void tell(Personal what, source::Span place, diag::Diagnostics& diagnostics) {
  report<"personal_data">(diagnostics, place, named(what));
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

  [[nodiscard]] bool is_identity(const Where& where, std::string_view field) const {
    return std::ranges::any_of(
        schema.relations[where.relation].columns, [&](const schema::Column& column) {
          return column.identity && is_called(column.names, column.wire, field) &&
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
                       if (text != nullptr && is_personal_name(text->text) &&
                           is_identity(where, field.name.text))
                         tell(Personal::name, expr->span, diagnostics);
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
};

} // namespace

std::optional<Personal> personal_number(std::string_view written) {
  const std::string text = source::nfkc(written);
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end]))
      ++end;
    const std::string_view word = std::string_view(text).substr(at, end - at);
    if (is_identity_number(word))
      return Personal::identity_number;
    if (is_mobile(word) || is_fixed_line(word, std::string_view(text).substr(end)) ||
        is_spaced_mobile(std::string_view(text).substr(at)))
      return Personal::telephone;
    at = end;
  }
  return std::nullopt;
}

bool is_personal_name(std::string_view text) {
  const auto characters = han(text);
  if (characters.size() < 2 || characters.size() > 4)
    return false;
  for (const std::string_view word : invented)
    if (text.find(word) != std::string_view::npos)
      return false;
  return std::ranges::any_of(surnames,
                             [&](std::string_view surname) { return text.starts_with(surname); });
}

void personal_in_tests(const engine::Rules& rules, diag::Diagnostics& diagnostics) {
  const hir::Program& program = engine::program(rules);
  const PersonNames names{.schema = program.schema, .diagnostics = diagnostics};
  for (const hir::Test& test : program.tests) {
    if (!engine::is_named(rules, test.layer))
      continue;
    const source::Span whole = test.ast->span;
    const std::string_view text = source::text_of(rules.map, whole);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      if (const auto found = personal_number(text.substr(at, end - at)))
        tell(*found,
             {.file = whole.file,
              .begin = whole.begin + static_cast<std::uint32_t>(at),
              .end = whole.begin + static_cast<std::uint32_t>(end)},
             diagnostics);
      at = end + 1;
    }
    for (const auto& given : test.ast->given)
      if (const auto* claim = std::get_if<ast::GivenClaim>(&given))
        names.record(claim->claim, {});
  }
}

void personal_in_file(std::string_view text, const schema::Schema& schema, source::Span place,
                      diag::Diagnostics& diagnostics) {
  if (const auto found = personal_number(text))
    tell(*found, place, diagnostics);
  std::set<std::string> fields;
  for (const schema::Relation& relation : schema.relations)
    for (const schema::Column& column : relation.columns)
      if (column.identity)
        fields.insert(column.wire.begin(), column.wire.end());
  // `"psn_name": "…"`, by every name that senders give it.
  for (const std::string& field : fields)
    for (std::size_t at = 0; (at = text.find('"' + field + '"', at)) != std::string_view::npos;) {
      at += field.size() + 2;
      std::size_t value = text.find_first_not_of(" \t\r\n:", at);
      if (value == std::string_view::npos || text[value] != '"')
        continue;
      ++value;
      const std::size_t end = text.find('"', value);
      if (end != std::string_view::npos && is_personal_name(text.substr(value, end - value)))
        tell(Personal::name, place, diagnostics);
    }
}

} // namespace sanku::deploy
