// See forms.h. Reads only what generate has written, so what does not fit is our own fault.
#include "tools/generate/forms.h"

#include "runtime/io/csv_text.h"
#include "runtime/io/json_text.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace sanku::generate {
namespace {

using io::Node;
using io::NodeKind;
using Nodes = std::span<const Node>;

constexpr std::uint32_t nothing = 0;

// The value of that key in an object; `nothing` when it has none.
std::uint32_t member(Nodes nodes, std::uint32_t object, std::string_view key) {
  for (std::uint32_t at = object + 1; at < nodes[object].next; at = nodes[at].next)
    if (nodes[at].key == key)
      return at;
  return nothing;
}

std::string_view text_of(Nodes nodes, std::uint32_t object, std::string_view key) {
  const std::uint32_t at = member(nodes, object, key);
  return at == nothing ? std::string_view() : nodes[at].text;
}

// The one element of a list that generate writes with one.
std::uint32_t only(Nodes nodes, std::uint32_t object, std::string_view key) {
  const std::uint32_t list = member(nodes, object, key);
  check(list != nothing && nodes[list].next > list + 1, "a generated request has one of each");
  return list + 1;
}

bool is_number(std::string_view key) {
  constexpr std::array<std::string_view, 10> keys = {
      "cnt",         "pric",        "sumamt",      "ownpay_amt",    "selfpay_amt",
      "hilist_pric", "hifp_payamt", "acct_payamt", "medfee_sumamt", "setl_totlnum"};
  return std::ranges::find(keys, key) != keys.end();
}

struct JsonStyle {
  bool numbers = false;        // as numbers
  bool single_objects = false; // lists of one as the object
  bool scalars_only = false;   // of the outermost object
};

void append_node(std::string& out, Nodes nodes, std::uint32_t at, JsonStyle style);

void append_members(std::string& out, Nodes nodes, std::uint32_t object, JsonStyle style) {
  const JsonStyle inner{.numbers = style.numbers, .single_objects = style.single_objects};
  for (std::uint32_t at = object + 1; at < nodes[object].next; at = nodes[at].next) {
    if (style.scalars_only && nodes[at].kind != NodeKind::text)
      continue;
    if (out.back() != '{')
      out += ',';
    io::append_json_string(out, nodes[at].key);
    out += ':';
    append_node(out, nodes, at, inner);
  }
}

void append_list(std::string& out, Nodes nodes, std::uint32_t list, JsonStyle style) {
  const std::uint32_t first = list + 1;
  if (style.single_objects && first < nodes[list].next && nodes[first].next == nodes[list].next) {
    append_node(out, nodes, first, style);
    return;
  }
  out += '[';
  for (std::uint32_t at = first; at < nodes[list].next; at = nodes[at].next) {
    if (at != first)
      out += ',';
    append_node(out, nodes, at, style);
  }
  out += ']';
}

void append_node(std::string& out, Nodes nodes, std::uint32_t at, JsonStyle style) {
  switch (nodes[at].kind) {
  case NodeKind::object:
    out += '{';
    append_members(out, nodes, at, style);
    out += '}';
    return;
  case NodeKind::list:
    append_list(out, nodes, at, style);
    return;
  case NodeKind::text:
    if (style.numbers && is_number(nodes[at].key))
      out += nodes[at].text;
    else
      io::append_json_string(out, nodes[at].text);
    return;
  case NodeKind::null:
  case NodeKind::boolean:
  case NodeKind::number:
    break;
  }
  unreachable("generate writes objects, lists and texts");
}

constexpr std::array<std::string_view, 3> lists = {"fsi_order_dtos", "fsi_operation_dtos",
                                                   "fsi_diagnose_dtos"};

void append_flat(std::string& out, Nodes nodes) {
  const JsonStyle style{.numbers = true, .single_objects = true};
  const JsonStyle head{.numbers = true, .single_objects = true, .scalars_only = true};
  const std::uint32_t patient = only(nodes, 0, "patient_dtos"),
                      visit = only(nodes, patient, "fsi_encounter_dtos");
  out += '{';
  for (const std::string_view list : lists) {
    io::append_json_string(out, list);
    out += ':';
    append_node(out, nodes, member(nodes, visit, list), style);
    out += ',';
  }
  out += "\"fsi_encounter_dtos\":{";
  append_members(out, nodes, visit, head);
  out += "},\"patient_dtos\":{";
  append_members(out, nodes, patient, head);
  out += "},\"data\":{";
  append_members(out, nodes, 0, head);
  out += "}}\n";
}

void append_envelope(std::string& out, Nodes nodes) {
  const std::uint32_t patient = only(nodes, 0, "patient_dtos"),
                      visit = only(nodes, patient, "fsi_encounter_dtos");
  fmt::format_to(std::back_inserter(out),
                 R"({{"infno":"3101","msgid":"{}","mdtrtarea_admvs":"{}","insuplc_admdvs":"{}",)"
                 R"("recer_sys_code":"MBS_LOCAL","infver":"V1.0","opter_type":"1","opter":"01",)"
                 R"("sign_no":null,"input":{{"data":)",
                 text_of(nodes, 0, "task_id").substr(0, 30), text_of(nodes, visit, "medins_admdvs"),
                 text_of(nodes, patient, "poolarea"));
  append_node(out, nodes, 0, {});
  out += "}}\n";
}

// A column of a CSV file: the settlement tables' name, and the audit interface's.
struct FormColumn {
  std::string_view name, key;
};
constexpr std::array settlement_columns = {
    FormColumn{"setl_id", "setl_id"},
    FormColumn{"mdtrt_id", "mdtrt_id"},
    FormColumn{"psn_no", "patn_id"},
    FormColumn{"psn_name", "patn_name"},
    FormColumn{"gend", "gend"},
    FormColumn{"brdy", "brdy"},
    FormColumn{"insu_admdvs", "poolarea"},
    FormColumn{"insutype", "insutype"},
    FormColumn{"fixmedins_code", "medins_id"},
    FormColumn{"fixmedins_name", "medins_name"},
    FormColumn{"fix_blng_admdvs", "medins_admdvs"},
    FormColumn{"hosp_lv", "medins_lv"},
    FormColumn{"med_mdtrt_type", "med_mdtrt_type"},
    FormColumn{"med_type", "med_type"},
    FormColumn{"adm_time", "adm_date"},
    FormColumn{"dscg_time", "dscg_date"},
    FormColumn{"setl_time", "setl_time"},
    FormColumn{"dscg_dept_codg", "dscg_dept_codg"},
    FormColumn{"dscg_dept_name", "dscg_dept_name"},
    FormColumn{"dscg_main_dise_codg", "dscg_main_dise_codg"},
    FormColumn{"atddr_no", "dr_codg"},
    FormColumn{"medfee_sumamt", "medfee_sumamt"},
    FormColumn{"fulamt_ownpay_amt", "ownpay_amt"},
    FormColumn{"hifp_pay", "hifp_payamt"},
    FormColumn{"acct_pay", "acct_payamt"},
    FormColumn{"ttp_pay_flag", "ttp_pay_flag"},
    FormColumn{"matn_type", "matn_type"},
    FormColumn{"fetus_cnt", "fetus_cnt"},
    FormColumn{"birctrl_alwn_days", "birctrl_alwn_days"},
};
// Numbers of the visit and the settlement are those of the visit's node.
constexpr std::array diagnosis_columns = {
    FormColumn{"mdtrt_id", "mdtrt_id"},           FormColumn{"diag_info_id", "dise_id"},
    FormColumn{"diag_code", "dise_codg"},         FormColumn{"diag_name", "dise_name"},
    FormColumn{"maindiag_flag", "maindise_flag"}, FormColumn{"diag_srt_no", "dias_srt_no"},
    FormColumn{"diag_time", "dise_date"},
};
constexpr std::array operation_columns = {
    FormColumn{"mdtrt_id", "mdtrt_id"},
    FormColumn{"setl_list_oprn_id", "setl_list_oprn_id"},
    FormColumn{"oprn_oprt_code", "oprn_code"},
    FormColumn{"oprn_oprt_name", "oprn_name"},
    FormColumn{"main_oprn_flag", "main_oprn_flag"},
    FormColumn{"oprn_oprt_begntime", "oprn_date"},
};
constexpr std::array item_columns = {
    FormColumn{"feedetl_sn", "rx_id"},
    FormColumn{"mdtrt_id", "mdtrt_id"},
    FormColumn{"setl_id", "setl_id"},
    FormColumn{"rx_drord_no", "rxno"},
    FormColumn{"list_type", "hilist_type"},
    FormColumn{"med_chrgitm_type", "chrg_type"},
    FormColumn{"hilist_code", "hilist_code"},
    FormColumn{"hilist_name", "hilist_name"},
    FormColumn{"medins_list_codg", "hosplist_code"},
    FormColumn{"medins_list_name", "hosplist_name"},
    FormColumn{"chrgitm_lv", "hilist_lv"},
    FormColumn{"fee_ocur_time", "drord_begn_date"},
    FormColumn{"cnt", "cnt"},
    FormColumn{"pric", "pric"},
    FormColumn{"pric_uplmt_amt", "hilist_pric"},
    FormColumn{"det_item_fee_sumamt", "sumamt"},
    FormColumn{"spec", "spec"},
    FormColumn{"spec_unt", "spec_unt"},
    FormColumn{"bilg_dept_codg", "drord_dept_codg"},
    FormColumn{"bilg_dr_codg", "drord_dr_codg"},
    FormColumn{"fulamt_ownpay_amt", "ownpay_amt"},
    FormColumn{"prd_days", "prd_days"},
    FormColumn{"drug_trac_codg", "drug_trac_codg"},
    FormColumn{"crte_time", "crte_time"},
};

struct FormFile {
  std::span<const FormColumn> columns;
  std::string_view list; // empty: the visit itself
};
constexpr std::array<FormFile, 4> files = {{{settlement_columns, ""},
                                            {diagnosis_columns, "fsi_diagnose_dtos"},
                                            {operation_columns, "fsi_operation_dtos"},
                                            {item_columns, "fsi_order_dtos"}}};

} // namespace

std::optional<Form> form_named(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Form>, 5> names = {
      {{"nested", Form::nested},
       {"flat", Form::flat},
       {"envelope", Form::envelope},
       {"csv", Form::csv},
       {"csv-gb18030", Form::csv_gb18030}}};
  for (const auto& [known, form] : names)
    if (known == name)
      return form;
  return std::nullopt;
}

FormWriter::FormWriter(Form form, std::optional<io::Converter> to_gb18030)
    : form_(form), to_gb18030_(std::move(to_gb18030)) {
  check((form == Form::csv_gb18030) == to_gb18030_.has_value(), "only GB18030 needs a converter");
}

Result<std::unique_ptr<FormWriter>> FormWriter::create(Form form) {
  std::optional<io::Converter> converter;
  if (form == Form::csv_gb18030) {
    auto opened = io::Converter::to_gb18030();
    if (!opened)
      return tl::unexpected(opened.error());
    converter.emplace(std::move(*opened));
  }
  return std::make_unique<FormWriter>(form, std::move(converter));
}

void FormWriter::begin(FormTexts& out) {
  if (!is_folder(form_))
    return;
  for (std::size_t file = 0; file < files.size(); ++file) {
    for (const FormColumn& column : files[file].columns) {
      if (&column != files[file].columns.data())
        out[file] += ',';
      out[file] += column.name;
    }
    out[file] += "\r\n";
  }
}

void FormWriter::write_cell(std::string& out, std::string_view cell) {
  if (!to_gb18030_) {
    io::append_csv_cell(out, cell);
    return;
  }
  std::string text;
  io::append_csv_cell(text, cell);
  check(to_gb18030_->append(text, out), "GB18030 has every character");
}

void FormWriter::add_rows(FormTexts& out) {
  const Nodes nodes = tape_.nodes();
  const std::uint32_t patient = only(nodes, 0, "patient_dtos"),
                      visit = only(nodes, patient, "fsi_encounter_dtos");
  const auto row = [&](std::size_t file, std::initializer_list<std::uint32_t> objects) {
    for (const FormColumn& column : files[file].columns) {
      if (&column != files[file].columns.data())
        out[file] += ',';
      // The first of the objects that has it; of the visit a list takes its numbers only, because
      // names of other fields are used twice.
      const bool number = column.key == "mdtrt_id" || column.key == "setl_id";
      for (const std::uint32_t object : objects)
        if ((file == 0 || object != visit || number) &&
            member(nodes, object, column.key) != nothing) {
          write_cell(out[file], text_of(nodes, object, column.key));
          break;
        }
    }
    out[file] += "\r\n";
  };
  row(0, {visit, patient});
  for (std::size_t file = 1; file < files.size(); ++file) {
    const std::uint32_t list = member(nodes, visit, files[file].list);
    for (std::uint32_t at = list + 1; at < nodes[list].next; at = nodes[at].next)
      row(file, {at, visit});
  }
}

void FormWriter::add_line(std::string_view line, FormTexts& out) {
  check(tape_.parse(line, 0) == io::JsonFault::none, "generate writes JSON");
  switch (form_) {
  case Form::nested:
    out[0] += line;
    out[0] += '\n';
    return;
  case Form::flat:
    append_flat(out[0], tape_.nodes());
    return;
  case Form::envelope:
    append_envelope(out[0], tape_.nodes());
    return;
  case Form::csv:
  case Form::csv_gb18030:
    add_rows(out);
    return;
  }
}

void FormWriter::add(std::string_view lines, FormTexts& out) {
  if (form_ == Form::nested) {
    out[0] += lines;
    return;
  }
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    check(end != std::string_view::npos, "generate gives whole lines");
    add_line(lines.substr(0, end), out);
    lines.remove_prefix(end + 1);
  }
}

} // namespace sanku::generate
