// What pages share (book.h).
#include "tools/handbook/book.h"

#include "compiler/ast/choices.h"
#include "compiler/evaluate/trace.h"
#include "compiler/source/utf8.h"
#include "runtime/types/match.h"
#include "tools/engine/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace sanku::handbook {

const std::string_view style = R"(
nav{font-size:13px;color:var(--soft);margin-bottom:18px;display:flex;gap:14px;flex-wrap:wrap}nav .other{margin-left:auto}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.tags{margin:10px 0}.tag{margin-right:6px}.tag.bad,.tag.good{font-weight:600}
.sum{border-left:3px solid var(--accent);background:var(--wash);padding:10px 16px;margin:18px 0;border-radius:0 6px 6px 0}
.sum p{margin:4px 0}.hole{background:#eaf1f8;border-radius:3px;padding:0 3px;color:var(--accent)}
.example{border:1px solid var(--line);border-radius:6px;padding:10px 14px;margin:12px 0;break-inside:avoid}
.example h3{margin:0 0 6px}.example table{font-size:13px}.example dl{margin:4px 0}
.plain{list-style:none;padding:0}.plain li{margin:4px 0}li{margin:3px 0}
input[type=search]{width:100%;max-width:640px;font:inherit;padding:9px 12px;border:1px solid #c8d0d8;border-radius:6px}
.hit{border-bottom:1px solid var(--line);padding:8px 0}.hit b{font-weight:600}.hit ul{margin:4px 0 4px 18px;padding:0}
.family td:first-child{white-space:nowrap;width:9.5em}.family td:nth-child(2){width:19em}
.count{color:var(--soft);font-weight:400;font-size:14px}
pre{white-space:pre-wrap}
)";

std::string Book::value(const Value& value, const Type& type) const {
  return is_known(value) ? evaluate::printed(value, type, program.schema, language) : std::string();
}

std::vector<std::string> page_names(const hir::Program& program) {
  std::vector<std::string> names;
  std::map<std::string, int> taken; // by name without case
  for (const hir::Rule& rule : program.rules) {
    std::string name, small;
    for (const char c : rule.id) {
      const auto byte = static_cast<unsigned char>(c);
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9') || c == '-' || c == '_')
        name += c;
      else
        name += fmt::format("~{:02x}", byte);
    }
    for (const char c : name)
      small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (const int before = taken[small]++; before != 0)
      name += fmt::format("~{}", before + 1);
    names.push_back(name + ".html");
  }
  return names;
}

std::string path_of(const Book& book, ColumnRef column, Language language) {
  const schema::Relation& relation = hir::relation(book.program, column.relation);
  const schema::Column& found = relation.columns[column.column];
  const auto of = [&](const schema::Names& names) -> const std::string& {
    return language == Language::zh ? names.zh : names.en;
  };
  return relation.kind == schema::RelationKind::child ? of(relation.each) + "." + of(found.path)
                                                      : of(found.path);
}

std::string type_of(const Book& book, const Type& type) {
  const schema::Schema& schema = book.program.schema;
  if (type.kind == Kind::code && type.domain < schema.systems.size())
    return book.of(schema.systems[type.domain].names);
  if (type.kind == Kind::enumeration && type.domain < schema.enums.size())
    return book.of(schema.enums[type.domain].names);
  const KindInfo& kind = info(type.kind);
  return std::string(book.pick(kind.zh, kind.en));
}

std::string type_of(const Book& book, const knowledge::TableShape& shape, std::uint32_t column) {
  if (shape.sets[column])
    return fmt::format(fmt::runtime(book.pick("{}的集合", "set of {}")),
                       type_of(book, *shape.sets[column]));
  return type_of(book, shape.relation.columns[column].type);
}

std::string subject_of(const Book& book, const hir::Rule& rule, Language language) {
  const bool zh = language == Language::zh;
  const hir::Subject& subject = rule.subject;
  const schema::Relation& relation = book.program.schema.relations[subject.relation];
  if (subject.kind == hir::SubjectKind::settlement)
    return zh ? "每张结算单" : "each settlement";
  if (subject.kind == hir::SubjectKind::element)
    return zh ? fmt::format("每条{}", relation.each.zh) : fmt::format("each {}", relation.each.en);
  std::string keys;
  for (const hir::GroupKey& key : subject.keys)
    keys += fmt::format("{}{}",
                        keys.empty() ? ""
                        : zh         ? "、"
                                     : ", ",
                        zh ? key.name_zh : key.name_en);
  const std::string names = zh ? relation.names.zh : relation.names.en;
  const bool visits = subject.relation == 0;
  if (zh)
    return fmt::format("{}按{}归在一起的每组{}", subject.across ? "全部数据中" : "", keys,
                       visits ? std::string("结算单") : names);
  return fmt::format("each group of {} by {}{}", visits ? std::string("settlements") : names, keys,
                     subject.across ? ", over all data" : "");
}

std::string layer_of(const Book& book, hir::LayerId layer) {
  const hir::Layer& of = book.program.layers[layer];
  const std::string where =
      of.region.empty() ? std::string(book.pick("全国", "everywhere")) : of.region;
  return fmt::format("{} ({})", of.name, where);
}

std::string severities_of(const Book& book, const hir::Rule& rule) {
  std::string text;
  for (const ast::Severity each : rule.written)
    text += fmt::format("{}{}", text.empty() ? "" : book.pick("、", ", "),
                        ast::word_for(ast::severities, each, book.zh()));
  return text;
}

std::string stages_of(const Book& book, const hir::Rule& rule) {
  std::string text;
  for (const ast::Stage each : rule.stages)
    text += fmt::format("{}{}", text.empty() ? "" : book.pick("、", ", "),
                        ast::word_for(ast::stages, each, book.zh()));
  return text;
}

std::string category_of(const Book& book, const hir::Rule& rule) {
  return std::string(ast::word_for(ast::categories, rule.category, book.zh()));
}

std::string message_of(const Book& book, const hir::Rule& rule, const hir::Report& report,
                       Language language) {
  std::string out;
  const auto hole = [&](const hir::Expr& value) -> std::string {
    if (const auto* field = std::get_if<hir::FieldOf>(&value.form))
      return path_of(book, {field->relation, field->column}, language);
    if (const auto* let = std::get_if<hir::LetOf>(&value.form))
      return rule.lets[let->let].name;
    return std::string(source::text_of(book.rules.map, value.span));
  };
  for (const hir::MessagePart& part : report.message)
    std::visit(match{[&](const std::string& text) { out += text; },
                     [&](const hir::Hole& each) { out += fmt::format("‹{}›", hole(each.value)); },
                     [&](const hir::MissingHole&) {
                       out += language == Language::zh ? "‹缺少的信息›" : "‹what is missing›";
                     }},
               part);
  return out;
}

// ---- the sentence

namespace {

bool is_chinese(std::string_view line) {
  std::size_t han = 0, all = 0;
  for (std::size_t at = 0; at < line.size();) {
    const source::Decoded found = source::decode(line, at);
    at += found.size;
    all += found.code_point > ' ' ? 1 : 0;
    han += source::is_han(found.code_point) ? 1 : 0;
  }
  return han * 3 > all;
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" /");
  const std::size_t end = text.find_last_not_of(' ');
  return begin == std::string_view::npos ? std::string()
                                         : std::string(text.substr(begin, end - begin + 1));
}

// The first sentence, and the rest.
std::pair<std::string, std::string> first_sentence(const std::string& text, bool zh) {
  const std::string_view stop = zh ? "。" : ". ";
  const std::size_t at = text.find(stop);
  if (at == std::string::npos)
    return {text, {}};
  const std::size_t end = at + (zh ? stop.size() : 1);
  return {text.substr(0, end), trimmed(std::string_view(text).substr(end))};
}

} // namespace

Summary summary_of(const Book& book, std::size_t number) {
  const hir::Rule& rule = book.program.rules[number];
  std::string zh, en;
  for (const std::string& line : book.facts[number].written->comments) {
    const std::string text = trimmed(line);
    std::string& to = is_chinese(text) ? zh : en;
    to += (to.empty() || &to == &zh ? "" : " ") + text;
  }
  Summary made;
  if (zh.empty())
    made.more_en = en;
  else {
    std::tie(made.zh, made.more_zh) = first_sentence(zh, true);
    std::tie(made.en, made.more_en) = first_sentence(en, false);
  }
  const hir::Report* report = rule.branches.empty() ? nullptr : &rule.branches.front().report;
  if (made.zh.empty())
    made.zh =
        fmt::format("在{}中查找“{}”{}。", subject_of(book, rule, Language::zh), rule.title_zh,
                    report ? "：" + message_of(book, rule, *report, Language::zh) : std::string());
  if (made.en.empty())
    made.en = fmt::format("Looks at {} for: {}.", subject_of(book, rule, Language::en),
                          engine::title_of(rule, Language::en));
  return made;
}

// ---- families

namespace {

struct FolderName {
  std::string_view folder, zh, en;
};
// Folders that a pack may use for its families; others are called as they are.
constexpr std::array folder_names{
    FolderName{"policy", "政策类", "Policy"},
    FolderName{"management", "管理类", "Management"},
    FolderName{"medical", "医疗类", "Medical"},
    FolderName{"problem", "问题清单与行为", "Problem list and behaviours"},
    FolderName{"handling", "经办场景", "Handling scenes"},
    FolderName{"model", "模型", "Models"},
};

std::string folder_name(const Book& book, const std::string& folder) {
  for (const FolderName& each : folder_names)
    if (each.folder == folder)
      return std::string(book.pick(each.zh, each.en));
  return folder;
}

} // namespace

std::vector<std::pair<Family, std::vector<Family>>> families_of(const Book& book) {
  // By layer, folder (those that have a name of their own first), file.
  std::map<std::tuple<hir::LayerId, std::size_t, std::string, std::string>,
           std::vector<std::size_t>>
      sorted;
  for (std::size_t i = 0; i < book.program.rules.size(); ++i) {
    const hir::Rule& rule = book.program.rules[i];
    const std::filesystem::path path = book.rules.map.files[rule.span.file].path;
    const std::filesystem::path inside =
        path.lexically_relative(book.rules.layers[rule.layer].folder);
    const std::string folder = inside.has_parent_path() ? inside.begin()->string() : std::string();
    const auto known =
        std::ranges::find(folder_names, std::string_view(folder), &FolderName::folder);
    sorted[{rule.layer, static_cast<std::size_t>(known - folder_names.begin()),
            folder == ".." ? std::string() : folder, path.stem().string()}]
        .push_back(i);
  }
  std::vector<std::pair<Family, std::vector<Family>>> families;
  std::pair<hir::LayerId, std::string> last{UINT32_MAX, {}};
  for (const auto& [place, rules] : sorted) {
    const auto& [layer, rank, folder, file] = place;
    if (std::exchange(last, std::pair(layer, folder)) != std::pair(layer, folder) ||
        families.empty()) {
      std::string name =
          folder.empty() ? book.program.layers[layer].name : folder_name(book, folder);
      if (layer != 0)
        name = folder.empty() ? layer_of(book, layer)
                              : fmt::format("{} · {}", layer_of(book, layer), name);
      families.push_back({Family{.name = name, .file = {}, .rules = {}}, {}});
    }
    auto& [family, files] = families.back();
    family.rules.insert(family.rules.end(), rules.begin(), rules.end());
    files.push_back({.name = file, .file = file, .rules = rules});
  }
  return families;
}

// ---- pieces of HTML

std::string link(const std::string& to, std::string_view text) {
  return fmt::format("<a href=\"{}\">{}</a>", html::escaped(to), html::escaped(text));
}

std::string tag(std::string_view text, std::string_view tone) {
  return fmt::format("<span class=\"tag{}{}\">{}</span>", tone.empty() ? "" : " ", tone,
                     html::escaped(text));
}

std::string_view tone_of(ast::Severity severity) {
  switch (severity) {
  case ast::Severity::violation:
    return "bad";
  case ast::Severity::suspected:
  case ast::Severity::reminder:
  case ast::Severity::lead:
  case ast::Severity::indicator:
    return "quiet";
  }
  return "quiet";
}

std::string nav(const Book& book, const Frame& frame) {
  std::string out = "<nav>";
  for (const auto& [text, to] : frame.crumbs)
    out += to.empty() ? fmt::format("<span>{}</span>", html::escaped(text)) : link(to, text);
  if (!book.other.empty())
    out += fmt::format("<span class=\"other\">{}</span>",
                       link(frame.up + book.other + frame.here, book.pick("English", "中文")));
  return out + "</nav>\n";
}

} // namespace sanku::handbook
