// Conditions as a person reads them (book.h): English names by their Chinese ones.
#include "compiler/ast/print.h"
#include "compiler/builtins/builtin.h"
#include "tools/handbook/book.h"

namespace sanku::handbook {
namespace {

using Names = std::map<std::string, std::string, std::less<>>;

// A name that stands for several things under different Chinese names stays as it is.
void add(Names& names, const std::string& en, const std::string& zh) {
  const auto [at, added] = names.try_emplace(en, zh);
  if (!added && at->second != zh)
    at->second.clear();
}
void add(Names& names, const ast::Names& both, const std::string& before_en = {},
         const std::string& before_zh = {}) {
  if (both.second)
    add(names, before_en + both.first.text, before_zh + both.second->text);
}

void add_schema(const schema::Schema& schema, Names& names) {
  add(names, "settlement", schema.names.zh.empty() ? "结算单" : schema.names.zh);
  for (const schema::Relation& relation : schema.relations) {
    const bool child = relation.kind == schema::RelationKind::child;
    if (child) {
      add(names, relation.names.en, relation.names.zh);
      add(names, relation.each.en, relation.each.zh);
    }
    for (const schema::Column& column : relation.columns) {
      add(names, child ? relation.each.en + "." + column.path.en : column.path.en,
          child ? relation.each.zh + "." + column.path.zh : column.path.zh);
      if (!child && column.path.en.find('.') == std::string::npos)
        add(names, "settlement." + column.path.en, column.path.zh);
    }
  }
  for (const schema::EnumType& type : schema.enums)
    for (const schema::EnumMember& member : type.members) {
      add(names, type.names.en + "." + member.names.en, member.names.zh);
      add(names, "." + member.names.en, member.names.zh);
    }
}

void add_declared(const ast::File& file, Names& names) {
  for (const ast::Decl& decl : file.decls) {
    if (const auto* param = std::get_if<ast::Param>(&decl))
      add(names, param->names);
    else if (const auto* set = std::get_if<ast::SetDecl>(&decl))
      add(names, set->names);
    else if (const auto* define = std::get_if<ast::Define>(&decl))
      add(names, define->names);
    else if (const auto* decide = std::get_if<ast::Decide>(&decl))
      add(names, decide->names);
    else if (const auto* model = std::get_if<ast::ModelDecl>(&decl))
      add(names, model->names);
    else if (const auto* table = std::get_if<ast::Knowledge>(&decl)) {
      add(names, table->names);
      for (const ast::Column& column : table->columns)
        add(names, column.names, ".", ".");
    } else if (const auto* record = std::get_if<ast::Record>(&decl))
      for (const ast::Field& field : record->fields)
        add(names, field.names, ".", ".");
  }
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

// `patient.sex` whole, else as much of its beginning as there is a name for, then field by field.
std::string translated(const Names& names, const std::string& chain, bool call) {
  const auto known = [&](const std::string& text) -> const std::string* {
    const auto found = names.find(text);
    return found == names.end() || found->second.empty() ? nullptr : &found->second;
  };
  if (call && chain.find('.') == std::string::npos)
    if (const std::string* function = known(chain + "("))
      return function->substr(0, function->size() - 1);
  for (std::size_t end = chain.size(); end != std::string::npos && end != 0;
       end = chain.rfind('.', end - 1)) {
    const std::string* begin = known(chain.substr(0, end));
    const bool first_only = chain.find('.') >= end;
    if (begin == nullptr && !first_only)
      continue;
    std::string out = begin != nullptr ? *begin : chain.substr(0, end);
    while (end < chain.size()) {
      const std::size_t next = std::min(chain.find('.', end + 1), chain.size());
      const std::string field = chain.substr(end, next - end);
      const std::string* word = known(field);
      out += word == nullptr ? field : word->starts_with('.') ? *word : "." + *word;
      end = next;
    }
    return out;
  }
  return chain;
}

} // namespace

Names chinese_names(const engine::Rules& rules) {
  Names names;
  add_schema(engine::program(rules).schema, names);
  for (const auto& file : rules.checked->files)
    add_declared(*file, names);
  for (const builtins::Builtin& each : builtins::rows())
    if (each.callable)
      names.emplace(std::string(each.name) + "(", std::string(each.name_zh) + "(");
  return names;
}

std::string in_words(const Book& book, const ast::Expr& expr) {
  const std::string text = ast::print(expr, book.zh() ? ast::Spelling::zh : ast::Spelling::en);
  if (!book.zh())
    return text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    // Texts stay as they are.
    if (text.compare(at, 3, "“") == 0 || text[at] == '"') {
      const std::string_view close = text[at] == '"' ? "\"" : "”";
      const std::size_t end = text.find(close, at + 1);
      const std::size_t stop = end == std::string::npos ? text.size() : end + close.size();
      out += text.substr(at, stop - at);
      at = stop;
      continue;
    }
    if (!is_letter(text[at]) || (text[at] >= '0' && text[at] <= '9')) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() &&
           (is_letter(text[end]) ||
            (text[end] == '.' && end + 1 < text.size() && is_letter(text[end + 1]))))
      ++end;
    out +=
        translated(book.chinese, text.substr(at, end - at), end < text.size() && text[end] == '(');
    at = end;
  }
  return out;
}

} // namespace sanku::handbook
