// The words of refusals (reasons.h).
#include "runtime/io/reasons.h"

#include "runtime/types/check.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

namespace sanku::io {
namespace {

Error words(std::string en, std::string zh) {
  return Error{.en = std::move(en), .zh = std::move(zh)};
}

// What a cell of that type looks like.
Error form_of(const Type& type) {
  switch (type.kind) {
  case Kind::boolean:
    return words("yes or no (1, 0, true, false, Y, N)",
                 "是否标志（1、0、true、false、Y、N、是、否）");
  case Kind::integer:
    return words("a whole number", "整数");
  case Kind::decimal:
  case Kind::money: {
    const unsigned digits = type.digits == 0 || type.digits > 18 ? 18u : type.digits;
    return words(fmt::format("a number of at most {} digits, {} of them after the point", digits,
                             type.scale),
                 fmt::format("不超过 {} 位、其中小数不超过 {} 位的数", digits, type.scale));
  }
  case Kind::date:
    return words("a date such as 2026-03-05", "日期（如 2026-03-05）");
  case Kind::datetime:
    return words("a time such as 2026-03-05 09:30:00", "时间（如 2026-03-05 09:30:00）");
  case Kind::span:
    return words("a length of time such as 14 days", "时长（如 14天）");
  case Kind::window:
    return words("a window such as 6 hours", "时间窗（如 6小时）");
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  case Kind::code:
    return words("a code", "编码");
  case Kind::enumeration:
    return words("a listed code", "字典值");
  case Kind::text:
    return words("text", "文本");
  }
  unreachable("every kind of cell has a form");
}

Error name_of(const FieldPlace& place) {
  if (place.element == 0) {
    return words(fmt::format("`{}` ({})", place.wire, place.column.path.en),
                 fmt::format("{}（{}）", place.column.path.zh, place.wire));
  }
  return words(fmt::format("`{}` ({} of {} {})", place.wire, place.column.path.en,
                           place.relation.each.en, place.element),
               fmt::format("第 {} 条{}的{}（{}）", place.element, place.relation.each.zh,
                           place.column.path.zh, place.wire));
}

Error kind_name(NodeKind kind) {
  switch (kind) {
  case NodeKind::null:
    return words("null", "空值");
  case NodeKind::boolean:
    return words("true or false", "真假值");
  case NodeKind::number:
    return words("a number", "数");
  case NodeKind::text:
    return words("a text", "文本");
  case NodeKind::object:
    return words("an object", "对象");
  case NodeKind::list:
    return words("a list", "列表");
  }
  unreachable("every kind of node has a name");
}

} // namespace

Error unreadable_json(JsonFault fault) {
  switch (fault) {
  case JsonFault::not_utf8:
    return words("the line is not UTF-8; export it as UTF-8",
                 "该行不是 UTF-8 编码，请按 UTF-8 导出");
  case JsonFault::incomplete:
    return words("the JSON ends before it is complete; the line was cut off",
                 "JSON 不完整，该行被截断");
  case JsonFault::malformed:
    return words("the line is not JSON; expected one object", "该行不是 JSON，应为一个对象");
  case JsonFault::not_an_object:
    return words("the line is JSON but no object; expected one `data` node",
                 "该行不是 JSON 对象，应为一个 data 节点");
  case JsonFault::too_deep:
    return words(fmt::format("the JSON is nested more than {} levels deep", max_json_depth),
                 fmt::format("JSON 嵌套超过 {} 层", max_json_depth));
  case JsonFault::too_large:
    return words("the JSON does not fit in memory", "JSON 过大，内存不足");
  case JsonFault::none:
    break;
  }
  unreachable("a fault has words");
}

Error line_too_long() {
  return words("the line is too long; one request a line is expected",
               "该行过长，每行应为一个请求");
}

Error wrong_cell(const FieldPlace& place, std::string_view found) {
  const Error name = name_of(place), form = form_of(place.column.type);
  if (place.column.identity) {
    return words(fmt::format("{}: found something other than {} (not shown)", name.en, form.en),
                 fmt::format("{}：内容不是{}（不予显示）", name.zh, form.zh));
  }
  const std::string shown = excerpt(found);
  return words(fmt::format("{}: found `{}`, expected {}", name.en, shown, form.en),
               fmt::format("{}：“{}”不是{}", name.zh, shown, form.zh));
}

Error not_a_value(const FieldPlace& place, NodeKind found) {
  const Error name = name_of(place), kind = kind_name(found);
  return words(fmt::format("{}: found {}, expected a single value", name.en, kind.en),
               fmt::format("{}：应为单个值，实为{}", name.zh, kind.zh));
}

Error missing_field(const FieldPlace& place) {
  const Error name = name_of(place);
  return words(fmt::format("{}: missing, but needed", name.en),
               fmt::format("{}：缺失，此项必填", name.zh));
}

Error not_a_node(std::string_view key, NodeKind found) {
  const Error kind = kind_name(found);
  return words(fmt::format("`{}`: found {}, expected an object or a list of objects", key, kind.en),
               fmt::format("{}：应为对象或对象列表，实为{}", key, kind.zh));
}

Error no_visit() {
  return words("no visit found; expected `patient_dtos` with `fsi_encounter_dtos`",
               "未找到就诊信息，应有 patient_dtos 及其 fsi_encounter_dtos");
}

Error no_current_visit() {
  return words("no visit has the number given by `curr_mdtrt_id`",
               "没有就诊与 curr_mdtrt_id 指明的就诊号一致");
}

Error field_twice(std::string_view key) {
  return words(
      fmt::format("`{}` stands twice in one object with different content; send it once", key),
      fmt::format("{} 在同一对象中出现两次且内容不同，应只出现一次", key));
}

Error unusable_row(RowFault fault) {
  switch (fault) {
  case RowFault::malformed:
    return words(
        "the line is no row of CSV: a quote inside a bare field, behind a closing quote, or "
        "left open; write quotes inside a field twice and the field in quotes",
        "该行不符合 CSV 格式：引号出现在未加引号的字段中、在结束引号之后，或没有结束；"
        "字段内的引号应写两个，并将整个字段放入引号");
  case RowFault::too_long:
    return words(fmt::format("the row is longer than {} bytes", max_row_bytes),
                 fmt::format("该行超过 {} 字节", max_row_bytes));
  case RowFault::wrong_encoding:
    return words(
        "the row is not of the file's encoding; export the file as UTF-8 or GB18030, or name "
        "its encoding",
        "该行与文件的编码不符，请按 UTF-8 或 GB18030 导出，或指明编码");
  case RowFault::wrong_width:
    return words("the row has more or fewer fields than the header", "该行的字段数与表头不同");
  case RowFault::no_key:
    return words("the row has no visit number (mdtrt_id), so it belongs to no settlement",
                 "该行没有就诊号（mdtrt_id），不属于任何结算单");
  case RowFault::no_match:
    return words("no row of settlements has this row's visit and settlement number",
                 "结算文件中没有与该行的就诊号和结算号一致的行");
  case RowFault::none:
    break;
  }
  unreachable("a fault has words");
}

Error left_out_with(const Error& why, std::string_view visit, std::uint64_t rows) {
  const std::string number = excerpt(visit);
  return words(fmt::format("{}; the settlement of visit `{}` is left out with its {} rows", why.en,
                           number, rows),
               fmt::format("{}；就诊“{}”的结算单连同其 {} 行未予审核", why.zh, number, rows));
}

} // namespace sanku::io
