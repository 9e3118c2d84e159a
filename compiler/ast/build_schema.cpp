// Schemas, knowledge tables and sources.
#include "compiler/ast/build.h"
#include "compiler/ast/build_choice.h"
#include "compiler/source/nfkc.h"

namespace sanku::ast {

namespace {

// The names after WORD in `wire a, b` and the like.
std::vector<Name> names_after(const Builder& build, const Node& node) {
  std::vector<Name> out;
  for (const Node& each : node.children) {
    if (each.is("word"_f))
      out.push_back(build_name(build, each));
  }
  return out;
}

std::uint32_t digits_in(std::string_view text) {
  if (text.empty() || text.size() > 2 || text.find('.') != std::string_view::npos)
    return 99;
  return static_cast<std::uint32_t>(std::stoi(std::string(text)));
}

} // namespace

ColumnType build_type(Builder& build, const Node& type) {
  ColumnType out{};
  const Node& word = *type.child("word"_f);
  out.name = build_name(build, word);
  out.optional = type.token("question"_w) != nullptr;
  out.span = type.span;
  if (type.token("set_of"_w) != nullptr)
    out.of = ColumnType::Of::set;
  if (type.token("range_of"_w) != nullptr)
    out.of = ColumnType::Of::range;
  if (type.token("open_paren"_w) == nullptr)
    return out;
  std::vector<std::uint32_t> numbers;
  for (const Node& each : type.children) {
    if (each.is("number"_w))
      numbers.push_back(digits_in(source::nfkc(build.text_of(each))));
  }
  const bool decimal = out.name.text == "decimal", money = out.name.text == "money";
  if ((!decimal && !money) || numbers[0] > 38 || numbers[0] == 0 || numbers[1] > numbers[0]) {
    diag::report<"type_shape">(build.diags, type.span, out.name.text);
    return out;
  }
  out.form = decimal ? ColumnType::Form::decimal : ColumnType::Form::money;
  out.digits = numbers[0];
  out.scale = numbers[1];
  return out;
}

namespace {

// A part of a declaration that may be given once; true the first time.
bool once(Builder& build, bool& given, const Node& node) {
  if (given)
    diag::report<"repeated_clause">(build.diags, node.span, build.text_of(node));
  return !std::exchange(given, true);
}

Field build_field(Builder& build, const Node& node) {
  Field out{};
  out.names = build_names(build, node.children.front());
  const Node& type = *node.child("type"_f);
  out.type = build_type(build, type);
  out.list = type.token("list_of"_w) != nullptr;
  out.span = node.span;
  bool nonempty = false, each = false, wire = false, role = false, identity = false,
       derived = false;
  for (const Node& attribute : node.children) {
    if (!attribute.is("field_attribute"_f))
      continue;
    const Node& word = attribute.children.front();
    if (word.is("nonempty"_w))
      out.nonempty = once(build, nonempty, word);
    if (word.is("identity"_w))
      out.identity = once(build, identity, word);
    if (word.is("each"_w) && once(build, each, word))
      out.each = build_names(build, attribute.children[1]);
    if (word.is("wire"_w) && once(build, wire, word))
      out.wire = names_after(build, attribute);
    if (word.is("role"_w) && once(build, role, word))
      out.role = build_name(build, attribute.children[1]);
    if (word.is("equal"_w) && once(build, derived, word))
      out.derived = build_expression(build, attribute.children[1]);
  }
  return out;
}

// `from "age_min", "age_max"`
void from_headers(const Builder& build, const Node& attribute, Column& column) {
  column.from = unquoted(build, attribute.children[1]);
  if (attribute.children.size() > 2)
    column.to = unquoted(build, attribute.children[3]);
}

// `replaces rows (predecessor)`
std::optional<Replaces> build_replaces(Builder& build, const Node& node) {
  const auto what = chosen<ReplacesWhat>(build, node.children[1], replaced,
                                         {"取代的范围", "what a publication replaces"});
  if (!what)
    return std::nullopt;
  Replaces out{.what = *what, .column = std::nullopt, .of = std::nullopt, .span = node.span};
  if (node.children.size() > 2)
    out.column = build_name(build, node.children[3]);
  if (node.token("of"_w) != nullptr)
    out.of = build_name(build, node.children[5]);
  return out;
}

Column build_column(Builder& build, const Node& node) {
  Column out{};
  out.names = build_names(build, node.children.front());
  const Node& type = *node.child("type"_f);
  out.type = build_type(build, type);
  if (const Node* list = type.token("list_of"_w))
    report_not_yet(build, list->span, {"列表", "list of"});
  out.span = node.span;
  bool key = false, from = false, up_to = false, replaces = false;
  for (const Node& attribute : node.children) {
    if (!attribute.is("column_attribute"_f))
      continue;
    const Node& word = attribute.children.front();
    if (word.is("replaces"_f) && once(build, replaces, word))
      out.replaces = build_replaces(build, word);
    if (word.is("prefix"_w)) {
      out.prefix = once(build, out.prefix, word);
      out.longest = attribute.token("longest"_w) != nullptr;
      out.all = attribute.token("all"_w) != nullptr;
    }
    if (word.is("up_to"_w) && once(build, up_to, word))
      out.up_to = build_number(build, attribute.children[1]);
    if (word.is("key"_w))
      out.key = once(build, key, word);
    if (word.is("from"_w) && once(build, from, word))
      from_headers(build, attribute, out);
  }
  return out;
}

} // namespace

Decl build_schema_head(Builder& build, const Node& node) {
  return SchemaHead{.names = build_names(build, *node.child("names"_f)),
                    .edition = unquoted(build, node.children.back()),
                    .span = node.span};
}

Decl build_code(Builder& build, const Node& node) {
  CodeSystem out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  bool form = false, from = false, hierarchical = false, members = false;
  for (const Node& attribute : node.children) {
    if (!attribute.is("code_attribute"_f))
      continue;
    const Node& word = attribute.children.front();
    if (word.is("form"_w) && once(build, form, word))
      out.form = unquoted(build, attribute.children[1]);
    if (word.is("from"_w) && once(build, from, word))
      out.file = unquoted(build, attribute.children[1]);
    if (word.is("hierarchical"_w))
      out.hierarchical = once(build, hierarchical, word);
    if (word.is("equal"_w) && once(build, members, word))
      out.members = names_after(build, attribute);
  }
  return out;
}

Decl build_enum(Builder& build, const Node& node) {
  EnumDecl out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  for (const Node& each : node.children) {
    if (each.is("enum_flag"_f)) {
      const Node& word = each.children.front();
      static_cast<void>(once(build, word.is("closed"_w) ? out.closed : out.ordered, word));
    } else if (each.is("enum_missing"_f)) {
      for (const Node& code : each.children) {
        if (code.is("string"_w))
          out.missing.push_back(unquoted(build, code));
      }
    } else if (each.is("enum_member"_f)) {
      EnumMember member{
          .names = {.first = build_name(build, each.children.front()), .second = std::nullopt},
          .codes = {},
          .span = each.span};
      for (std::size_t i = 1; i < each.children.size(); ++i) {
        if (each.children[i].is("string"_w))
          member.codes.push_back(unquoted(build, each.children[i]));
        if (each.children[i].is("word"_f))
          member.names.second = build_name(build, each.children[i]);
      }
      out.members.push_back(std::move(member));
    }
  }
  return out;
}

Decl build_record(Builder& build, const Node& node) {
  Record out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  for (const Node& each : node.children) {
    if (each.is("field"_f))
      out.fields.push_back(build_field(build, each));
  }
  return out;
}

Decl build_knowledge(Builder& build, const Node& node) {
  Knowledge out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& each = node.children[i];
    if (each.is("from"_w)) {
      out.file_span = node.children[++i].span;
      out.file = unquoted(build, node.children[i]);
    } else if (each.is("string"_w)) {
      out.title = unquoted(build, each);
    } else if (each.is("region"_f)) {
      out.region = build_region(build, each);
    } else if (each.is("column"_f)) {
      out.columns.push_back(build_column(build, each));
    }
  }
  return out;
}

Decl build_source(Builder& build, const Node& node) {
  Source out{};
  out.names = build_names(build, *node.child("names"_f));
  out.title = unquoted(build, *node.token("string"_w));
  out.span = node.span;
  bool issued = false, url = false;
  for (const Node& attribute : node.children) {
    if (!attribute.is("source_attribute"_f))
      continue;
    const Node& word = attribute.children.front();
    if (word.is("issued"_w) && once(build, issued, word))
      out.issued = build_date(build, attribute.children[1]);
    if (word.is("url"_w) && once(build, url, word))
      out.url = unquoted(build, attribute.children[1]);
  }
  return out;
}

} // namespace sanku::ast
